//! From page to page: the page before the first, one question at a time, all on one page, progress in its kinds, the author's
//! own words on the buttons, and the end that fits what was said.

use serde_json::{Value, json};

use crate::a11y::{heard, said};
use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::{Portal, snippet};
use crate::hosts::HostPage;
use crate::page::{Means, Page};

/// A portal with one survey on its page.
fn portal(definition: &Value) -> Portal {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "pages", "");
        HostPage::html(&script, &element)
    });
    portal.endpoint.publish("pages", definition);
    portal
}

fn open(portal: &Portal) -> Browser {
    let browser = Browser::open(&Device::phone().still());
    browser.goto(&portal.hosts.url("/"));
    Page::of(&browser).expect_state("asking");
    browser
}

fn words(page: &Page<'_>, selector: &str) -> String {
    let script = "return [...shadow.querySelectorAll(arguments[1])].filter(isShown)[0]?.innerText.trim() ?? ''";
    let found = page.run(script, &[json!(selector)]);
    found.as_str().unwrap_or_default().to_owned()
}

/// How far each bar of progress that is shown goes, in percent.
fn bars(page: &Page<'_>) -> Value {
    page.run(
        "return [...shadow.querySelectorAll('.bar')].map((bar) => parseFloat(bar.style.width))",
        &[],
    )
}

fn three_pages() -> Value {
    json!([
        { "name": "first", "title": "Delivery", "elements": [{ "type": "radiogroup", "name": "late", "title": "Was it late?", "choices": ["yes", "no"], "isRequired": true }] },
        { "name": "second", "elements": [{ "type": "comment", "name": "more", "title": "Tell us more", "visibleIf": "{late} = 'yes'" }, { "type": "rating", "name": "score", "title": "How was it?" }] },
        { "name": "third", "elements": [{ "type": "text", "name": "who", "title": "Your name" }] }])
}

#[test]
fn a_page_introduces_the_survey_and_buttons_say_what_their_author_wants() {
    let mut pages = three_pages();
    let intro = json!({ "name": "intro", "elements": [{ "type": "html", "name": "why", "html": "It takes <b>a minute</b>." }] });
    pages.as_array_mut().unwrap().insert(0, intro);
    let portal = portal(&json!({
        "firstPageIsStartPage": true, "startSurveyText": "Let's go", "pageNextText": "On we go", "pagePrevText": "One back",
        "completeText": "Send it", "showProgressBar": true, "pages": pages,
        "completedHtml": "<b>Thank you.</b>",
        "completedHtmlOnCondition": [{ "expression": "{late} = 'yes'", "html": "We are <em>sorry</em>." }] }));
    let browser = open(&portal);
    let page = Page::of(&browser);
    page.wait("the button that starts", || {
        (page.find_forward() == "Let's go").then_some(())
    });
    page.act_forward(Means::Touch);
    page.expect_questions(&["late"]);
    assert_eq!(
        (page.find_forward().as_str(), page.find_step().as_str()),
        ("On we go", "1 of 3")
    );
    page.act_choose("late", 0, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["more", "score"]);
    assert_eq!(words(&page, "[part~=back]"), "One back");
    page.act_forward(Means::Touch);
    page.expect_questions(&["who"]);
    assert_eq!(page.find_forward(), "Send it");
    page.act_forward(Means::Touch);
    page.expect_receipt();
    assert_eq!(words(&page, ".thanks em"), "sorry");
}

#[test]
fn one_question_is_asked_at_a_time_or_all_of_them_at_once() {
    let one = portal(
        &json!({ "questionsOnPageMode": "questionPerPage", "showProgressBar": true, "pages": three_pages() }),
    );
    let browser = open(&one);
    let page = Page::of(&browser);
    page.expect_questions(&["late"]);
    page.act_forward(Means::Touch);
    page.expect_error("late");
    page.act_choose("late", 0, Means::Touch);
    for name in ["more", "score", "who"] {
        page.act_forward(Means::Touch);
        page.expect_questions(&[name]);
    }
    page.act_back(Means::Touch);
    page.expect_questions(&["score"]);
    assert_eq!(page.find_step(), "3 of 4");
    drop(browser);
    let all = portal(&json!({ "questionsOnPageMode": "singlePage", "pages": three_pages() }));
    let browser = open(&all);
    let page = Page::of(&browser);
    page.expect_questions(&["late", "score", "who"]);
    page.act_choose("late", 0, Means::Touch);
    page.expect_questions(&["late", "more", "score", "who"]);
    page.act_forward(Means::Touch);
    page.expect_receipt();
    assert_eq!(
        all.endpoint.complete_rows()[0]["answers"],
        json!({ "late": "yes" })
    );
}

#[test]
fn progress_counts_pages_questions_or_what_must_be_answered_above_or_below() {
    let with = |place: &str, kind: &str| {
        portal(
            &json!({ "showProgressBar": place, "progressBarType": kind, "pages": three_pages() }),
        )
    };
    // (kind, where), what is said and how far it goes at first and after an answer.
    let kinds = [
        (("pages", "both"), ("1 of 3", [33, 33]), "1 of 3"),
        (
            ("questions", "both"),
            ("0 of 3 answered", [0, 0]),
            "1 of 4 answered",
        ),
        (
            ("requiredQuestions", "both"),
            ("0 of 1 answered", [0, 0]),
            "1 of 1 answered",
        ),
    ];
    for ((kind, place), (before, bar), after) in kinds {
        let portal = with(place, kind);
        let browser = open(&portal);
        let page = Page::of(&browser);
        page.wait(before, || (page.find_step() == before).then_some(()));
        assert_eq!(bars(&page), json!(bar), "{kind}");
        page.act_choose("late", 0, Means::Touch);
        page.wait(after, || (page.find_step() == after).then_some(()));
    }
    let portal = with("bottom", "pages");
    let browser = open(&portal);
    let page = Page::of(&browser);
    page.wait("its words", || (page.find_step() == "1 of 3").then_some(()));
    let [_, bar, ..] = page.find_box(".progress").expect("a bar");
    let [_, forward, ..] = page.find_box("[part~=primary]").expect("a button");
    let [_, question, ..] = page.find_box("[data-question=late]").expect("a question");
    assert!(
        question < bar && bar < forward,
        "{question} {bar} {forward}"
    );
}

#[test]
fn steps_lead_back_freely_and_on_as_far_as_nothing_is_missing() {
    let portal = portal(
        &json!({ "showProgressBar": true, "progressBarType": "buttons", "pages": three_pages() }),
    );
    let browser = open(&portal);
    let page = Page::of(&browser);
    let step = |at: usize| format!(".steps li:nth-child({at}) button");
    page.expect(&step(3));
    assert_eq!(
        heard(&page, page.find(&step(1))),
        said("button", "Delivery")
    );
    page.act_press(&step(3), Means::Touch);
    page.expect_error("late");
    page.act_choose("late", 1, Means::Touch);
    page.act_press(&step(3), Means::Touch);
    page.expect_questions(&["who"]);
    page.act_press(&step(1), Means::Keyboard);
    page.expect_questions(&["late"]);
    assert_eq!(page.find_chosen("late"), [1]);
    let current = "return shadow.querySelector('[aria-current=step]').innerText";
    page.wait("the first step to be the one", || {
        (page.run(current, &[]) == "Delivery").then_some(())
    });
}

#[test]
fn what_is_missing_in_a_closed_panel_is_shown_and_takes_the_focus() {
    let portal = portal(&json!({ "elements": [
        { "type": "panel", "name": "outer", "title": "About you", "state": "collapsed", "elements": [
            { "type": "panel", "name": "inner", "title": "Your address", "state": "collapsed", "elements": [
                { "type": "text", "name": "street", "title": "Street", "isRequired": true }] }] }] }));
    let browser = open(&portal);
    let page = Page::of(&browser);
    page.expect("details > summary");
    assert!(page.find_questions().is_empty(), "both are closed");
    page.act_forward(Means::Touch);
    page.expect_error("street");
    page.expect_focus("street field");
}

#[test]
fn all_answers_are_shown_once_more_and_can_be_changed_from_there() {
    let mut pages = three_pages();
    let parts = json!({ "type": "matrix", "name": "parts", "columns": ["bad", "fine"], "rows": ["people"] });
    pages[2]["elements"].as_array_mut().unwrap().push(parts);
    let portal = portal(&json!({ "showPreviewBeforeComplete": true, "pages": pages }));
    let browser = open(&portal);
    let page = Page::of(&browser);
    page.act_choose("late", 0, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["more", "score"]);
    page.act_write("more", "2 hrs late!!", Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["who", "parts"]);
    assert_eq!(page.find_forward(), "Check your answers");
    let fine = "[data-question=parts] .row:first-child label:last-child input";
    page.act_press(fine, Means::Touch);
    page.expect("[data-question=parts] [data-act=clear]");
    page.act_forward(Means::Touch);
    page.expect_questions(&["late", "more", "score", "who", "parts"]);
    assert_eq!(page.find_forward(), "Send");
    let focused = "return shadow.activeElement?.innerText";
    page.wait("the heading to have the focus", || {
        (page.run(focused, &[]) == "Is everything as you meant it?").then_some(())
    });
    let locked = "return [...shadow.querySelectorAll('.page :is(input, textarea)')].every((control) => control.disabled)";
    assert_eq!(page.run(locked, &[]), true);
    assert!(
        page.find("[data-act=clear]").is_none(),
        "nothing is cleared here"
    );
    // The second of three: the page with the words.
    page.act_press("section:nth-of-type(2) [data-act=edit]", Means::Keyboard);
    page.expect_questions(&["more", "score"]);
    assert_eq!(page.find_written("more").as_deref(), Some("2 hrs late!!"));
    page.act_choose("score", 1, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["who", "parts"]);
    page.act_forward(Means::Touch);
    page.expect_questions(&["late", "more", "score", "who", "parts"]);
    assert!(
        portal.endpoint.complete_rows().is_empty(),
        "nothing was sent"
    );
    page.act_forward(Means::Touch);
    page.expect_receipt();
    assert_eq!(
        portal.endpoint.complete_rows()[0]["answers"],
        json!({ "late": "yes", "more": "2 hrs late!!", "score": 2, "parts": { "people": "fine" } })
    );
}

#[test]
fn colours_follow_the_system_while_somebody_answers() {
    let portal = portal(&json!({ "pages": three_pages() }));
    let browser = open(&portal);
    let page = Page::of(&browser);
    page.act_choose("late", 1, Means::Touch);
    let ground = "return [root.dataset.theme, getComputedStyle(shadow.querySelector('.card')).backgroundColor]";
    assert_eq!(
        page.run(ground, &[]),
        json!(["light", "rgb(255, 255, 255)"])
    );
    browser.become_device(&Device::phone().still().dark());
    page.wait("dark colours", || {
        (page.run(ground, &[]) == json!(["dark", "rgb(20, 23, 27)"])).then_some(())
    });
    assert_eq!(page.find_chosen("late"), [1]);
}

#[test]
fn buttons_are_left_out_where_an_answer_leads_on_and_only_there() {
    let portal = portal(&json!({
        "autoAdvanceEnabled": true, "showNavigationButtons": false, "pages": [
            { "name": "one", "elements": [{ "type": "rating", "name": "overall", "isRequired": true }] },
            { "name": "two", "elements": [{ "type": "radiogroup", "name": "why", "choices": ["late", "broken"] }] },
            { "name": "three", "showNavigationButtons": true, "elements": [{ "type": "rating", "name": "ease", "isRequired": true }] },
            { "name": "four", "elements": [{ "type": "comment", "name": "words" }] }] }));
    {
        let browser = open(&portal);
        let page = Page::of(&browser);
        page.expect_ready();
        let expect_bar = |opacity: &str| {
            page.wait(&format!("buttons with the opacity {opacity}"), || {
                let shown = page.run(
                    "return getComputedStyle(shadow.querySelector('.actions')).opacity",
                    &[],
                );
                (shown == opacity).then_some(())
            });
        };
        expect_bar("0");
        // A finger chooses, and the page goes on; that the next answer may be left out needs a button.
        page.act_choose("overall", 1, Means::Touch);
        page.expect_questions(&["why"]);
        expect_bar("1");
        // Who comes back can go on with what was said.
        page.act_back(Means::Touch);
        page.expect_questions(&["overall"]);
        expect_bar("1");
        page.act_forward(Means::Touch);
        page.expect_questions(&["why"]);
        page.act_forward(Means::Touch);
        page.expect_questions(&["ease"]);
        expect_bar("1");
        page.act_choose("ease", 0, Means::Touch);
        // Its author wants none here, either, but nobody could send anything.
        page.expect_questions(&["words"]);
        expect_bar("1");
        page.act_forward(Means::Touch);
        page.expect_receipt();
    }

    // By keyboard nothing goes on by itself, and the button is where it always is.
    let browser = open(&portal);
    let page = Page::of(&browser);
    page.expect_ready();
    let button = page.wait("the way forward", || page.find("[part~=primary]"));
    let (role, _) = heard(&page, Some(button));
    assert_eq!(role, "button");
    page.act_forward(Means::Keyboard);
    page.expect_error("overall");
    let opacity = "return getComputedStyle(shadow.querySelector('.actions')).opacity";
    page.act_choose("overall", 4, Means::Keyboard);
    page.act_forward(Means::Keyboard);
    page.expect_questions(&["why"]);
    assert_eq!(page.run(opacity, &[]), "1");
}

#[test]
fn what_is_wrong_is_not_said_under_the_bar() {
    let portal = portal(&json!({ "pages": [{ "name": "one", "elements": [
        { "type": "rating", "name": "score" },
        { "type": "comment", "name": "words", "title": "What happened?", "isRequired": true, "rows": 11 },
        { "type": "radiogroup", "name": "why", "isRequired": true, "choices": (0..14).collect::<Vec<_>>() }] }] }));
    let browser = open(&portal);
    let page = Page::of(&browser);
    page.expect_ready();
    let seen = r"
        const error = questionOf(arguments[1]).querySelector(arguments[2]);
        const r = error.getBoundingClientRect();
        const hit = shadow.elementFromPoint(r.x + 8, r.y + r.height / 2);
        return hit === error || error.contains(hit) || hit?.closest('label')?.contains(error) === true;";
    page.act_forward(Means::Touch);
    page.expect_error("words");
    page.wait("the error beside the field to be seen", || {
        let sees = |part: &str| page.run(seen, &[json!("words"), json!(part)]) == true;
        (sees("[data-error]") && sees("textarea")).then_some(())
    });
    // Where both do not find room, the first choice is seen, which has the focus.
    page.act_press("[data-question=words] textarea", Means::Touch);
    browser.type_text("it never came");
    page.act_forward(Means::Touch);
    page.expect_focus("why field");
    page.wait("the first choice to be seen", || {
        (page.run(seen, &[json!("why"), json!("label input")]) == true).then_some(())
    });
}
