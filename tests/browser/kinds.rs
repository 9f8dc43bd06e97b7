//! The rare question kinds: each is answered, changed and taken back by touch, mouse and keyboard, and what arrives is
//! what SurveyJS would have stored.

use serde_json::{Value, json};

use crate::a11y::{heard, said};
use crate::device::Device;
use crate::driver::{Browser, Key};
use crate::endpoint::{Portal, snippet};
use crate::hosts::HostPage;
use crate::page::{Means, Page};

/// A portal whose survey has these elements on one page, with a question of its own behind.
fn portal(elements: &Value) -> Portal {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "kinds", "");
        HostPage::html(&script, &element)
    });
    let pages = json!({ "showProgressBar": true, "pages": [
        { "name": "kind", "elements": elements },
        { "name": "end", "elements": [{ "type": "comment", "name": "words" }] },
    ] });
    portal.endpoint.publish("kinds", &pages);
    portal
}

fn open(portal: &Portal, device: &Device) -> Browser {
    let browser = Browser::open(device);
    browser.goto(&portal.hosts.url("/"));
    Page::of(&browser).expect_state("asking");
    browser
}

/// To the next page and back: what was answered is still there. Then to the end; gives what arrived.
fn sent(portal: &Portal, page: &Page<'_>, means: Means, shown: &str) -> Value {
    let look = || page.run(shown, &[]);
    let before = look();
    page.act_forward(means);
    page.expect_questions(&["words"]);
    page.act_back(means);
    page.wait("what was answered", || (look() == before).then_some(()));
    page.act_forward(means);
    page.expect_questions(&["words"]);
    page.act_forward(means);
    page.expect_receipt();
    portal.endpoint.complete_rows()[0]["answers"].clone()
}

/// Nothing is wider than the screen, and the screenshot goes where the others go.
fn look_at(page: &Page<'_>, name: &str) {
    let width = page.run(
        "return document.documentElement.scrollWidth - innerWidth",
        &[],
    );
    assert!(
        width.as_f64().is_some_and(|more| more <= 0.0),
        "{name} is {width} px too wide"
    );
    if let Some(folder) = std::env::var_os("QINGTING_SCREENS") {
        let file = std::path::Path::new(&folder).join(format!("kind-{name}.png"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(file, page.browser.screenshot()).unwrap();
    }
}

fn ranking() -> Value {
    json!([{ "type": "ranking", "name": "rank", "title": "What matters most to you?", "choices": [
        { "value": "speed", "text": "Speed" }, { "value": "people", "text": "Friendly people" }, { "value": "price", "text": "价格" }] }])
}

const RANKS: &str = "return [...questionOf('rank').querySelectorAll('li')].map((row) => row.innerText.replace(/[\\n⠿↑↓+]/g, ' ').trim())";

#[test]
fn a_ranking_is_made_by_touch_and_taken_back() {
    let portal = portal(&ranking());
    let browser = open(&portal, &Device::phone());
    let page = Page::of(&browser);
    page.expect("[data-question=rank] li");
    look_at(&page, "ranking");
    let down = "[data-question=rank] li:first-child button:last-child";
    assert_eq!(
        heard(&page, page.find(down)),
        said("button", "Move Speed down")
    );
    page.act_press(down, Means::Touch);
    page.wait("the other order", || {
        let rows = page.run(RANKS, &[]);
        let first = rows[0].as_str().unwrap_or_default().to_owned();
        (first.starts_with('1') && first.contains("Friendly")).then_some(())
    });
    look_at(&page, "ranking-ranked");
    // Taken back, nothing has a place.
    page.act_press("[data-question=rank] fieldset > .quiet", Means::Touch);
    page.wait("no order", || {
        let rows = page.run(RANKS, &[]);
        (rows[0] == "Speed").then_some(())
    });
    page.act_press(down, Means::Touch);
    assert_eq!(
        sent(&portal, &page, Means::Touch, RANKS),
        json!({ "rank": ["people", "speed", "price"] })
    );
}

#[test]
fn a_ranking_is_made_by_keyboard_and_the_focus_goes_along() {
    let portal = portal(&ranking());
    let browser = open(&portal, &Device::laptop().dark());
    let page = Page::of(&browser);
    page.expect("[data-question=rank] li");
    let last = page
        .find("[data-question=rank] li:last-child button:not([disabled])")
        .unwrap();
    page.reach(&last, Means::Keyboard);
    browser.press(Key::Enter);
    let focused = "return shadow.activeElement?.getAttribute('aria-label')";
    page.wait("the focus on the moved row", || {
        (page.run(focused, &[]) == "Move 价格 up").then_some(())
    });
    browser.press(Key::Enter);
    let said = "return questionOf('rank').querySelector('[role=status]').innerText";
    page.wait("its place", || {
        (page.run(said, &[]) == "价格: place 1 of 3").then_some(())
    });
    look_at(&page, "ranking-dark");
    assert_eq!(
        sent(&portal, &page, Means::Keyboard, RANKS),
        json!({ "rank": ["price", "speed", "people"] })
    );
}

#[test]
fn a_ranking_is_dragged_by_mouse() {
    let portal = portal(&ranking());
    let browser = open(&portal, &Device::laptop());
    let page = Page::of(&browser);
    page.expect("[data-question=rank] li");
    let middle = |nth: usize| {
        let selector = format!("[data-question=rank] li:nth-child({nth}) .grip");
        let [left, top, width, height] = page.find_box(&selector).expect("a grip");
        (left + width / 2.0, top + height / 2.0)
    };
    let (from, to) = (middle(1), middle(3));
    browser.drag_mouse(from, to);
    page.wait("the dragged order", || {
        let rows = page.run(RANKS, &[]);
        rows[2]
            .as_str()
            .is_some_and(|last| last.contains("Speed"))
            .then_some(())
    });
    assert_eq!(
        sent(&portal, &page, Means::Mouse, RANKS),
        json!({ "rank": ["people", "price", "speed"] })
    );
}

#[test]
fn a_tagbox_is_searched_and_its_tags_are_taken_off() {
    let towns = [
        "Nanjing", "Suzhou", "Wuhan", "Chengdu", "上海", "Wuxi", "Hangzhou", "Xiamen", "Beijing",
    ];
    let portal = portal(
        &json!([{ "type": "tagbox", "name": "sites", "title": "Which sites?", "choices": towns }]),
    );
    let browser = open(&portal, &Device::phone());
    let page = Page::of(&browser);
    page.expect("[data-question=sites] label.choice");
    page.act_press("[data-question=sites] input[type=search]", Means::Touch);
    browser.type_text("wu");
    page.wait("the towns that fit", || {
        (page.find_choices("sites") == ["Wuhan", "Wuxi"]).then_some(())
    });
    page.act_choose("sites", 2, Means::Touch);
    page.act_choose("sites", 5, Means::Touch);
    look_at(&page, "tagbox");
    assert_eq!(
        heard(&page, page.find("[data-question=sites] .tags button")),
        said("button", "Remove Wuhan")
    );
    page.act_press("[data-question=sites] .tags button", Means::Touch);
    let tags = "return [...questionOf('sites').querySelectorAll('.tags button')].map((tag) => tag.innerText)";
    page.wait("one tag", || {
        (page.run(tags, &[]) == json!(["Wuxi"])).then_some(())
    });
    assert_eq!(
        sent(&portal, &page, Means::Touch, tags),
        json!({ "sites": ["Wuxi"] })
    );
}

#[test]
fn a_matrix_is_answered_row_by_row_and_a_missing_row_is_told() {
    let elements = json!([{ "type": "matrix", "name": "parts", "title": "How were …", "eachRowRequired": true,
        "columns": [{ "value": 1, "text": "Bad" }, { "value": 2, "text": "Fine" }, { "value": 3, "text": "Great" }],
        "rows": [{ "value": "people", "text": "Our people" }, { "value": "time", "text": "准时" }] }]);
    let portal = portal(&elements);
    for (device, means, name) in [
        (Device::phone(), Means::Touch, "matrix"),
        (Device::laptop().dark(), Means::Keyboard, "matrix-wide-dark"),
    ] {
        let browser = open(&portal, &device);
        let page = Page::of(&browser);
        page.expect("[data-question=parts] label.choice");
        let row = page.find("[data-question=parts] [role=radiogroup]:nth-child(2)");
        assert_eq!(heard(&page, row), said("radiogroup", "准时"));
        let cell = |row: usize, column: usize| {
            format!("[data-question=parts] .row:nth-child({row}) label:nth-child({column}) input")
        };
        let choose = |row: usize, column: usize| {
            let is_typed = means == Means::Keyboard;
            // Keys reach a group of radio buttons at its first one.
            let at = if is_typed { 1 } else { column };
            let input = page.find(&cell(row, at)).expect("a cell");
            page.reach(&input, means);
            if is_typed {
                browser.press(Key::Space);
                (1..column).for_each(|_| browser.press(Key::Right));
            }
        };
        choose(1, 3);
        page.act_forward(means);
        assert_eq!(
            page.expect_error("parts"),
            "Please answer every row to go on."
        );
        look_at(&page, name);
        choose(2, 1);
        let chosen = "return [...questionOf('parts').querySelectorAll('input:checked')].map((input) => input.value)";
        page.wait("both rows", || {
            (page.run(chosen, &[]) == json!(["3", "1"])).then_some(())
        });
        let answers = json!({ "parts": { "people": 3, "time": 1 } });
        assert_eq!(sent(&portal, &page, means, chosen), answers);
    }
}

#[test]
fn several_lines_are_written_and_each_says_what_is_wrong_with_it() {
    let elements = json!([{ "type": "multipletext", "name": "you", "title": "How can we reach you?", "items": [
        { "name": "name", "title": "Your name", "isRequired": true },
        { "name": "mail", "title": "Email", "validators": [{ "type": "email" }] },
        { "name": "visits", "title": "Visits", "inputType": "number" }] }]);
    let portal = portal(&elements);
    let browser = open(&portal, &Device::phone());
    let page = Page::of(&browser);
    page.expect("[data-question=you] input");
    let write = |nth: usize, text: &str| {
        let selector = format!("[data-question=you] .list > div:nth-child({nth}) input");
        let field = page.find(&selector).expect("a line");
        page.reach(&field, Means::Touch);
        browser.type_text(text);
        browser.press(Key::Tab);
    };
    write(2, "not an address");
    write(3, "3");
    page.act_forward(Means::Touch);
    let errors = "return [...questionOf('you').querySelectorAll('.list .error')].map((error) => error.innerText)";
    page.wait("what is wrong", || {
        let errors = page.run(errors, &[]);
        (errors[0] != ""
            && errors[1]
                .as_str()
                .is_some_and(|error| error.contains("name@example.com")))
        .then_some(())
    });
    look_at(&page, "lines");
    page.run(
        "questionOf('you').querySelectorAll('input')[1].select()",
        &[],
    );
    write(1, "王芳");
    page.run("const field = questionOf('you').querySelectorAll('input')[1]; field.focus(); field.select()", &[]);
    browser.type_text("fang@example.cn");
    browser.press(Key::Tab);
    let written =
        "return [...questionOf('you').querySelectorAll('input')].map((field) => field.value)";
    assert_eq!(
        sent(&portal, &page, Means::Touch, written),
        json!({ "you": { "name": "王芳", "mail": "fang@example.cn", "visits": 3 } })
    );
}

#[test]
fn a_slider_is_unanswered_until_it_is_moved_and_can_be_taken_back() {
    let elements = json!([
        { "type": "slider", "name": "share", "title": "How much of it works?", "min": 0, "max": 10, "step": 1 },
        { "type": "slider", "sliderType": "range", "name": "hours", "title": "When may we call?", "min": 8, "max": 20, "step": 2 }]);
    let portal = portal(&elements);
    let browser = open(&portal, &Device::laptop());
    let page = Page::of(&browser);
    page.expect("[data-question=hours] input");
    let shown = "return ['share', 'hours'].map((name) => questionOf(name).querySelector('output').innerText)";
    assert_eq!(page.run(shown, &[]), json!(["", ""]));
    let handle = page.find("[data-question=share] input");
    assert_eq!(
        heard(&page, handle),
        said("slider", "How much of it works?")
    );
    let press = |selector: &str, keys: &[Key]| {
        let handle = page.find(selector).expect("a handle");
        page.reach(&handle, Means::Keyboard);
        for key in keys {
            browser.press(*key);
        }
    };
    press(
        "[data-question=share] input",
        &[Key::Right, Key::Right, Key::Left],
    );
    page.wait("the number", || {
        (page.run(shown, &[])[0] == "1").then_some(())
    });
    page.act_press("[data-question=share] .quiet", Means::Mouse);
    page.wait("no number", || {
        (page.run(shown, &[])[0] == "").then_some(())
    });
    press(
        "[data-question=share] input",
        &[Key::Right, Key::Right, Key::Right],
    );
    press("[data-question=hours] input:nth-of-type(1)", &[Key::Right]);
    press("[data-question=hours] input:nth-of-type(2)", &[Key::Left]);
    look_at(&page, "slider");
    assert_eq!(
        sent(&portal, &page, Means::Keyboard, shown),
        json!({ "share": 3, "hours": [10, 18] })
    );
}

#[test]
fn pictures_are_chosen_and_taken_back() {
    let dot = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";
    let elements = json!([{ "type": "imagepicker", "name": "device", "title": "Which one broke?", "multiSelect": true, "choices": [
        { "value": "ap", "text": "Access point", "imageLink": dot }, { "value": "switch", "text": "交换机", "imageLink": dot }] }]);
    let portal = portal(&elements);
    let browser = open(&portal, &Device::phone());
    let page = Page::of(&browser);
    page.expect("[data-question=device] img");
    let tile = page.find_choice("device", 1);
    assert_eq!(heard(&page, tile), said("checkbox", "交换机"));
    page.act_choose("device", 0, Means::Touch);
    page.act_choose("device", 1, Means::Touch);
    page.act_unchoose("device", 0, Means::Touch);
    look_at(&page, "pictures");
    let chosen =
        "return [...questionOf('device').querySelectorAll('input')].map((tile) => tile.checked)";
    assert_eq!(
        sent(&portal, &page, Means::Touch, chosen),
        json!({ "device": ["switch"] })
    );
}

#[test]
fn words_between_questions_cannot_run_and_computed_values_follow() {
    let elements = json!([
        { "type": "html", "name": "note", "html": "<p>Order <b>SO-1042</b></p><script>window.ran = 1</script><img src=x onerror='window.ran = 1'><a href='javascript:window.ran=1'>here</a> <a href='https://example.com/help'>help</a>" },
        { "type": "text", "name": "visits", "inputType": "number", "title": "Visits" },
        { "type": "expression", "name": "cost", "title": "Cost of {visits} visits", "expression": "{visits} * 50" }]);
    let portal = portal(&elements);
    let browser = open(&portal, &Device::phone());
    let page = Page::of(&browser);
    page.expect("[data-question=note] strong");
    assert_eq!(browser.run("return window.ran ?? null", &[]), Value::Null);
    let links = "return [...questionOf('note').querySelectorAll('a')].map((link) => link.href)";
    assert_eq!(page.run(links, &[]), json!(["https://example.com/help"]));
    page.act_write("visits", "3", Means::Touch);
    browser.press(Key::Tab);
    let shown = "return [questionOf('cost').querySelector('output').innerText, questionOf('cost').querySelector('[data-title]').innerText.trim()]";
    page.wait("the cost", || {
        (page.run(shown, &[]) == json!(["150", "Cost of 3 visits"])).then_some(())
    });
    look_at(&page, "words");
    assert_eq!(
        sent(&portal, &page, Means::Touch, shown),
        json!({ "visits": 3, "cost": 150 })
    );
}

#[test]
fn panels_and_conditions_follow_the_answers() {
    let elements = json!([
        { "type": "boolean", "name": "broken", "title": "Is anything broken?" },
        { "type": "panel", "name": "what", "title": "What is broken", "visibleIf": "{broken} = true", "state": "expanded", "elements": [
            { "type": "checkbox", "name": "parts", "title": "Which parts?", "choices": ["Cable", "Router"], "showNoneItem": true, "showSelectAllItem": true, "isRequired": true }] }]);
    let portal = portal(&elements);
    let browser = open(&portal, &Device::phone());
    let page = Page::of(&browser);
    page.expect("[data-question=broken] label.choice");
    page.expect_questions(&["broken"]);
    page.act_choose("broken", 0, Means::Touch);
    page.expect_questions(&["broken", "parts"]);
    page.act_choose("parts", 0, Means::Touch);
    // None stands alone.
    page.act_choose("parts", 3, Means::Touch);
    page.wait("none alone", || {
        (page.find_chosen("parts") == [3]).then_some(())
    });
    page.act_choose("parts", 1, Means::Touch);
    page.wait("no none", || {
        (page.find_chosen("parts") == [1]).then_some(())
    });
    look_at(&page, "panel");
    let chosen = "return [...questionOf('parts').querySelectorAll('input:checked')].map((input) => input.value)";
    assert_eq!(
        sent(&portal, &page, Means::Touch, chosen),
        json!({ "broken": true, "parts": ["Router"] })
    );
}

#[test]
fn one_choice_of_several_is_taken_back_and_the_focus_stays_in_the_question() {
    let choices = json!([
        { "type": "radiogroup", "name": "why", "title": "What went wrong?", "choices": ["late", "broken"] },
        { "type": "rating", "name": "score", "title": "How was it?", "isRequired": true }]);
    let portal = portal(&choices);
    let browser = open(&portal, &Device::phone());
    let page = Page::of(&browser);
    let clear = "[data-question=why] [data-act=clear]";
    page.act_choose("why", 1, Means::Touch);
    page.expect(clear);
    assert_eq!(
        heard(&page, page.find(clear)),
        said("button", "Remove What went wrong?")
    );
    look_at(&page, "radio-chosen");
    page.act_press(clear, Means::Touch);
    page.wait("no choice", || {
        page.find_chosen("why").is_empty().then_some(())
    });
    assert!(page.find(clear).is_none());
    let focused = "return shadow.activeElement?.closest('[data-question]')?.dataset.question";
    assert_eq!(page.run(focused, &[]), json!("why"));
    // Chosen again and cleared by keyboard; what must be answered can only be changed.
    page.act_choose("why", 0, Means::Keyboard);
    page.act_press(clear, Means::Keyboard);
    page.wait("no choice", || {
        page.find_chosen("why").is_empty().then_some(())
    });
    page.act_choose("score", 3, Means::Touch);
    assert!(
        page.find("[data-question=score] [data-act=clear]")
            .is_none()
    );
    assert_eq!(
        sent(&portal, &page, Means::Touch, "return 1"),
        json!({ "score": 4 })
    );
}
