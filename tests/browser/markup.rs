//! Markup in the author's texts is shown as elements; what a respondent types stays words wherever it is put.

use serde_json::json;

use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::{Portal, snippet};
use crate::hosts::HostPage;
use crate::page::{Means, Page};

#[test]
fn titles_and_hints_have_the_authors_markup_and_nobody_elses() {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "markup", "");
        HostPage::html(&script, &element)
    });
    portal.endpoint.publish(
        "markup",
        &json!({ "pages": [
            { "name": "one", "title": "Your <b>order</b>", "elements": [
                { "type": "comment", "name": "firm", "title": "Which <em>firm</em> are you from?",
                  "description": "As on the <a href=\"https://example.com/order\">order</a>;<br>plain <script>alert(1)</script>words" }] },
            { "name": "two", "elements": [
                { "type": "comment", "name": "why", "title": "<strong>{firm}</strong>: what went wrong?" }] },
        ] }),
    );
    let browser = Browser::open(&Device::phone());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect("[data-question=firm] [data-title] em");
    let shown = |script: &str| page.run(script, &[]);
    assert_eq!(
        shown("return shadow.querySelector('h2').innerHTML.includes('<strong>')"),
        true
    );
    assert_eq!(
        shown("return questionOf('firm').querySelector('.hint a').href"),
        "https://example.com/order"
    );
    assert_eq!(
        shown("return questionOf('firm').querySelector('.hint').innerText"),
        "As on the order;\nplain words"
    );
    assert_eq!(shown("return shadow.querySelectorAll('script').length"), 0);
    // The name of the field is the words alone.
    let firm = "<img src=https://example.com/x.png>Müller & Söhne <b>";
    page.act_write("firm", firm, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["why"]);
    page.expect("[data-question=why] [data-title] strong");
    assert_eq!(
        shown("return questionOf('why').querySelector('[data-title] strong').innerText"),
        firm
    );
    assert_eq!(shown("return shadow.querySelectorAll('img').length"), 0);
}
