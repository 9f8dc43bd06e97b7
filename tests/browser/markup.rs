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

#[test]
fn choices_labels_and_errors_have_the_words_of_the_markup_and_not_its_marks() {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "marks", "");
        HostPage::html(&script, &element)
    });
    portal.endpoint.publish(
        "marks",
        &json!({ "pageNextText": "<b>Go on</b>", "pages": [{ "name": "one", "elements": [
            { "type": "radiogroup", "name": "why", "isRequired": true, "title": "What went <b>wrong</b>?",
              "requiredErrorText": "Please <b>choose</b> one &ndash; or say &lt;none&gt;.",
              "choices": [{ "value": 1, "text": "<b>Late</b> by a day" }, { "value": 2, "text": "< 3 parts came" }], "showOtherItem": true },
            { "type": "rating", "name": "score", "minRateDescription": "Not <i>at all</i>", "maxRateDescription": "<img src=x onerror=alert(1)>Completely" },
            { "type": "boolean", "name": "call", "labelTrue": "<u>Yes</u>, call me" },
            { "type": "comment", "name": "words", "placeholder": "<em>In your words</em>" }] },
            { "name": "two", "elements": [
            { "type": "checkbox", "name": "again", "choicesFromQuestion": "why", "choicesFromQuestionMode": "selected" }] }] }),
    );
    let browser = Browser::open(&Device::phone());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.wait("choices without marks", || {
        let choices = page.find_choices("why");
        (choices
            .first()
            .is_some_and(|first| first == "Late by a day"))
        .then_some(())
    });
    assert_eq!(page.find_choices("why")[1], "< 3 parts came");
    assert_eq!(page.find_forward(), "Go on");
    let shown = |script: &str| page.run(script, &[]);
    assert_eq!(
        shown(
            "return questionOf('score').querySelector('.ends').innerText.split('\\n').map((end) => end.trim()).filter(Boolean)"
        ),
        json!(["Not at all", "Completely"])
    );
    assert_eq!(
        shown("return questionOf('score').querySelector('label input').ariaLabel"),
        "1 of 5: Not at all"
    );
    assert_eq!(page.find_choices("call")[0], "Yes, call me");
    assert_eq!(
        shown("return questionOf('words').querySelector('textarea').placeholder"),
        "In your words"
    );
    page.act_forward(Means::Touch);
    assert_eq!(
        page.expect_error("why"),
        "Please choose one &ndash; or say <none>."
    );
    // What a respondent writes stays as it is, also where it becomes a choice.
    page.act_choose("why", 2, Means::Touch);
    page.act_press("[data-question=why] input.field", Means::Touch);
    browser.type_text("the <b>box</b> {score}");
    page.act_forward(Means::Touch);
    page.expect_questions(&["again"]);
    assert_eq!(page.find_choices("again"), ["the <b>box</b> {score}"]);
    assert_eq!(shown("return shadow.querySelectorAll('img').length"), 0);
}
