//! What a plain survey does not need is loaded when it is needed, and says so when it cannot be.

use serde_json::{Value, json};

use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::{Portal, snippet};
use crate::hosts::HostPage;
use crate::page::{Means, Page};
use crate::person::{ANGRY, CONTENT};
use crate::process::eventually;
use crate::scene::SOON;

/// Every kind that is a lazy part, on one page.
fn rare_kinds() -> Value {
    json!({ "pages": [{ "name": "all", "elements": [
        { "type": "boolean", "name": "solved", "title": "Was your problem solved?", "isRequired": true },
        { "type": "dropdown", "name": "site", "title": "Which site?", "choices": [
            { "value": "n", "text": "Nanjing" }, { "value": "w", "text": "武汉" }] },
        { "type": "text", "name": "mail", "title": "Your email", "inputType": "email" },
        { "type": "rating", "name": "stars", "title": "The engineers", "rateType": "stars", "rateMax": 5 },
        { "type": "rating", "name": "faces", "title": "How do you feel now?", "rateType": "smileys", "rateMax": 5 }
    ] }] })
}

fn portal() -> Portal {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "rare", "");
        HostPage::html(&script, &element)
    });
    portal.endpoint.publish("rare", &rare_kinds());
    portal
}

#[test]
fn a_part_that_cannot_be_loaded_says_so_and_comes_with_the_next_try() {
    let portal = portal();
    let browser = Browser::open(&Device::phone());
    browser.block(&["*fields*.wasm"]);
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect("[data-question=solved] [data-part=failed]");
    let words = page.run(
        "return shadow.querySelector('[data-part=failed]').innerText",
        &[],
    );
    assert!(
        words.as_str().is_some_and(
            |words| words.contains("could not be loaded") && words.contains("Try again")
        ),
        "{words}"
    );
    // Still blocked: another try fails, too, and the button is still there.
    page.act_press("[data-question=solved] [data-act=retry]", Means::Touch);
    page.expect("[data-question=solved] [data-act=retry]");
    browser.block(&[]);
    page.act_press("[data-question=solved] [data-act=retry]", Means::Touch);
    page.expect("[data-question=solved] label.choice");
    page.act_choose("solved", 0, Means::Touch);
}

/// A portal with the delivery survey, and a browser in which what saves and sends never arrives.
fn without_delivery_part() -> (Portal, Browser) {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "delivery", "");
        HostPage::html(&script, &element)
    });
    let browser = Browser::open(&Device::phone());
    browser.block(&["*/delivery.wasm"]);
    browser.goto(&portal.hosts.url("/"));
    (portal, browser)
}

#[test]
fn answers_wait_for_the_part_that_sends_them() {
    let (portal, browser) = without_delivery_part();
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect("[part~=notice] [data-act=retry]");
    ANGRY.fill_in(&page, Means::Touch);
    page.act_forward(Means::Touch);
    // Control: as long as the part is withheld nothing is sent.
    page.expect("[part~=notice] [data-act=retry]");
    assert_eq!(
        (page.find_state().as_deref(), portal.endpoint.rows().len()),
        (Some("asking"), 0)
    );
    browser.block(&[]);
    page.act_press("[part~=notice] [data-act=retry]", Means::Touch);
    page.expect_receipt();
    let rows = portal.endpoint.rows();
    assert_eq!((rows.len(), &rows[0]["answers"]), (1, &ANGRY.answers()));
}

#[test]
fn what_was_answered_before_the_part_came_is_there_at_the_next_visit() {
    let chosen_at_the_next_visit = |forgets: bool| {
        let (portal, browser) = without_delivery_part();
        let page = Page::of(&browser);
        page.expect_questions(&["overall"]);
        page.act_choose("overall", ANGRY.overall - 1, Means::Touch);
        // Left at once: nothing but the answer itself has been waited for.
        browser.goto("about:blank");
        browser.block(&[]);
        if forgets {
            browser.before_each_page("localStorage.clear()");
        }
        browser.goto(&portal.hosts.url("/"));
        page.expect_state("asking");
        page.expect_ready();
        if forgets {
            page.wait("the page to stand still", || page.is_still().then_some(()));
        } else {
            page.expect_notice("resumed");
            let left = browser.run("return localStorage.length", &[]);
            assert_eq!(left, json!(0), "the first place is empty again");
        }
        page.find_chosen("overall")
    };
    assert_eq!(chosen_at_the_next_visit(false), [0]);
    // Control: where that place is emptied, the answer is gone; so it was that place that kept it.
    assert_eq!(chosen_at_the_next_visit(true), [0; 0]);
}

#[test]
fn an_answer_from_before_the_part_came_is_sent_when_its_page_is_left() {
    let (portal, browser) = without_delivery_part();
    let page = Page::of(&browser);
    page.expect("[part~=notice] [data-act=retry]");
    page.act_choose("overall", ANGRY.overall - 1, Means::Touch);
    browser.block(&[]);
    page.act_press("[part~=notice] [data-act=retry]", Means::Touch);
    page.expect_ready();
    // The part has taken the answer over, so that it is there; and it keeps it to itself.
    page.wait("the answer to be taken over", || {
        (browser.run("return localStorage.length", &[]) == 0).then_some(())
    });
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert!(portal.endpoint.rows().is_empty(), "its page is still shown");
    // Control: left, it is sent.
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    let row = eventually(SOON, || portal.endpoint.rows().pop());
    assert_eq!(
        row.expect("a row")["answers"],
        json!({ "overall": ANGRY.overall })
    );
}

#[test]
fn what_was_sent_before_the_part_came_arrives_once_at_the_next_visit() {
    let (portal, browser) = without_delivery_part();
    let page = Page::of(&browser);
    ANGRY.fill_in(&page, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect("[part~=notice] [data-act=retry]");
    browser.goto("about:blank");
    browser.block(&[]);
    // Control: nobody has sent it yet.
    assert_eq!(portal.endpoint.rows().len(), 0);
    browser.goto(&portal.hosts.url("/"));
    page.expect_state("asking");
    let sent = eventually(SOON, || {
        Some(portal.endpoint.complete_rows()).filter(|rows| !rows.is_empty())
    });
    assert_eq!(sent.expect("a row")[0]["answers"], ANGRY.answers());
    browser.reload();
    page.expect_state("asking");
    page.expect_ready();
    assert_eq!(portal.endpoint.rows().len(), 1);
}

#[test]
fn the_part_comes_by_itself_when_the_network_returns_or_the_page_is_turned() {
    let (portal, browser) = without_delivery_part();
    let page = Page::of(&browser);
    page.expect("[part~=notice] [data-act=retry]");
    browser.set_offline(true);
    browser.block(&[]);
    // Control: without a network pressing on brings nothing.
    page.act_choose("overall", ANGRY.overall - 1, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    page.expect("[part~=notice] [data-act=retry]");
    browser.set_offline(false);
    page.expect_ready();
    page.wait("the notice to go", || {
        page.find("[part~=notice] [data-act=retry]")
            .is_none()
            .then_some(())
    });

    browser.block(&["*/delivery.wasm"]);
    browser.reload();
    page.expect("[part~=notice] [data-act=retry]");
    browser.block(&[]);
    page.act_choose("overall", CONTENT.overall - 1, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_ready();
    let reached = eventually(SOON, || {
        let rows = portal.endpoint.rows();
        rows.into_iter()
            .find(|row| row["answers"]["overall"] == json!(CONTENT.overall))
    });
    assert!(reached.is_some(), "the partial sheet was sent");
}

#[test]
fn rare_kinds_are_answered_by_keyboard() {
    let portal = portal();
    let browser = Browser::open(&Device::laptop());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect("[data-question=faces] label.point");
    page.act_choose("solved", 1, Means::Keyboard);
    let site = page
        .find("[data-question=site] select")
        .expect("a dropdown");
    page.reach(&site, Means::Keyboard);
    browser.type_text("武");
    page.wait("the second site", || {
        (page.run(
            "return questionOf('site').querySelector('select').selectedOptions[0].innerText",
            &[],
        ) == "武汉")
            .then_some(())
    });
    page.act_write("mail", "zhang.wei@example.com", Means::Keyboard);
    page.act_choose("stars", 3, Means::Keyboard);
    page.act_choose("faces", 0, Means::Keyboard);
    page.act_forward(Means::Keyboard);
    page.expect_receipt();
    let answers = &portal.endpoint.complete_rows()[0]["answers"];
    assert_eq!(
        *answers,
        json!({ "solved": false, "site": "w", "mail": "zhang.wei@example.com", "stars": 4, "faces": 1 })
    );
}

#[test]
fn rare_kinds_are_answered_by_touch_and_a_wrong_address_is_told() {
    let portal = portal();
    let browser = Browser::open(&Device::small_phone());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect("[data-question=faces] label.point");
    page.act_write("mail", "zhang.wei@", Means::Touch);
    page.act_choose("faces", 4, Means::Touch);
    page.act_choose("stars", 0, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_error("solved");
    assert_eq!(
        page.expect_error("mail"),
        "Check this email address. It should look like name@example.com."
    );
    page.expect_focus("solved field");
    page.act_choose("solved", 0, Means::Touch);
    page.act_write("mail", "example.com", Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_receipt();
    let answers = &portal.endpoint.complete_rows()[0]["answers"];
    assert_eq!(
        *answers,
        json!({ "solved": true, "mail": "zhang.wei@example.com", "stars": 1, "faces": 5 })
    );
}

#[test]
fn a_plain_survey_loads_no_part_it_does_not_need() {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "delivery", "");
        HostPage::html(&script, &element)
    });
    portal.endpoint.publish("rare", &rare_kinds());
    let browser = Browser::open(&Device::phone());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    let loaded = || {
        let names = browser.run(
            "return performance.getEntriesByType('resource').map((r) => r.name.split('/').pop())",
            &[],
        );
        names
            .as_array()
            .expect("a list of names")
            .iter()
            .filter(|name| name.as_str().is_some_and(|name| name.contains("fields")))
            .count()
    };
    page.act_choose("overall", 3, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    assert_eq!(loaded(), 0);
    // Control: a survey with such a question loads it.
    browser.run("document.querySelector('qing-ting').remove(); const next = document.createElement('qing-ting'); next.setAttribute('survey', 'rare'); document.body.append(next)", &[]);
    page.expect("[data-question=faces] label.point");
    assert!(loaded() > 0);
}
