//! A customer answers the delivery survey in the demo portal, and the row is in the database.

use serde_json::json;

use crate::device::Device;
use crate::driver::{Browser, Key};
use crate::endpoint::Endpoint;
use crate::page::{Means, Page};
use crate::person::{ANGRY, ANGRY_CHINESE, CONTENT, Opinion};
use crate::scene::Scene;

/// Opens the demo portal; the widget speaks the device's language.
fn visit<'b>(browser: &'b Browser, endpoint: &Endpoint) -> Page<'b> {
    browser.goto(endpoint.portal());
    let page = Page::of(browser);
    page.expect_state("asking");
    page
}

/// One customer from the order page to the row, with exactly what was said in it.
fn the_row_says_what_the_customer_said(device: &Device, means: Means, opinion: &Opinion) {
    let endpoint = Endpoint::start();
    let browser = Browser::open(device);
    let page = visit(&browser, &endpoint);
    let receipt = opinion.send(&page, means);
    let rows = endpoint.rows();
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!(row["answers"], opinion.answers());
    assert_eq!(row["receipt"], json!(receipt));
    assert_eq!(
        (&row["survey"], &row["version"], &row["complete"]),
        (&json!("delivery"), &json!(1), &json!(true))
    );
    assert_eq!(
        (&row["delivery"], &row["channel"]),
        (&json!("SO-1042"), &json!("embed"))
    );
    let locale = if device.locale.starts_with("zh") {
        "zh-CN"
    } else {
        "en"
    };
    assert_eq!(row["locale"], json!(locale));
    let complaints: Vec<String> = browser
        .console()
        .into_iter()
        .filter(|line| line.starts_with("SEVERE"))
        .collect();
    assert_eq!(complaints, Vec::<String>::new());
}

#[test]
fn by_touch_on_a_small_phone_in_chinese() {
    the_row_says_what_the_customer_said(
        &Device::small_phone().speaking("zh-CN"),
        Means::Touch,
        &ANGRY_CHINESE,
    );
}

#[test]
fn by_touch_on_a_dark_phone_in_english() {
    the_row_says_what_the_customer_said(&Device::phone().dark(), Means::Touch, &CONTENT);
}

#[test]
fn by_mouse_on_a_laptop_in_english() {
    the_row_says_what_the_customer_said(&Device::laptop(), Means::Mouse, &ANGRY);
}

#[test]
fn by_mouse_in_a_narrow_dark_window_in_chinese() {
    let narrow = Device {
        is_touch: false,
        ..Device::phone()
    };
    the_row_says_what_the_customer_said(
        &narrow.dark().speaking("zh-CN"),
        Means::Mouse,
        &ANGRY_CHINESE,
    );
}

#[test]
fn by_keyboard_alone_on_a_dark_laptop_in_chinese() {
    the_row_says_what_the_customer_said(
        &Device::laptop().dark().speaking("zh-CN"),
        Means::Keyboard,
        &ANGRY_CHINESE,
    );
}

#[test]
fn by_keyboard_alone_at_four_hundred_percent_zoom_in_english() {
    // 1280 px at 400 % are 320 CSS px (WCAG 1.4.10).
    let zoomed = Device {
        is_touch: false,
        ..Device::small_phone()
    };
    the_row_says_what_the_customer_said(&zoomed, Means::Keyboard, &ANGRY);
}

#[test]
fn a_question_left_out_says_what_to_do_and_takes_the_focus() {
    let endpoint = Endpoint::start();
    let browser = Browser::open(&Device::phone());
    let page = visit(&browser, &endpoint);
    page.act_forward(Means::Touch);
    assert_eq!(page.expect_error("overall"), "Choose one answer to go on.");
    page.expect_focus("overall field");
    page.act_switch_language(Means::Touch);
    page.wait("the error in Chinese", || {
        Some(page.find_error("overall")).filter(|error| error == "请选择一项再继续。")
    });
    // The same field that has the focus takes the answer, and the error goes.
    page.act_choose("overall", 2, Means::Touch);
    page.expect_no_error("overall");
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    page.expect_focus("dissatisfied title");
    assert!(endpoint.complete_rows().is_empty());
}

#[test]
fn going_back_keeps_what_was_said_and_other_scores_bring_other_reasons() {
    let endpoint = Endpoint::start();
    let browser = Browser::open(&Device::laptop());
    let page = visit(&browser, &endpoint);
    page.act_choose("overall", 4, Means::Mouse);
    page.act_forward(Means::Mouse);
    page.expect_questions(&["dissatisfied"]);
    page.act_forward(Means::Mouse);
    page.expect_questions(&["why"]);
    assert_eq!(
        page.find_choices("why").first().map(String::as_str),
        Some("It came when you said it would")
    );
    page.act_choose("why", 0, Means::Mouse);
    page.act_back(Means::Mouse);
    page.expect_questions(&["dissatisfied"]);
    page.act_back(Means::Mouse);
    page.expect_questions(&["overall"]);
    page.expect_focus("overall title");
    assert_eq!(page.find_chosen("overall"), [4]);
    page.act_choose("overall", 1, Means::Mouse);
    page.act_forward(Means::Mouse);
    page.expect_questions(&["dissatisfied"]);
    page.act_forward(Means::Mouse);
    page.expect_questions(&["why"]);
    assert_eq!(
        page.find_choices("why").first().map(String::as_str),
        Some("It was late")
    );
    page.act_choose("why", 6, Means::Mouse);
    page.act_forward(Means::Mouse);
    page.act_choose("ease", 3, Means::Mouse);
    page.act_forward(Means::Mouse);
    page.expect_receipt();
    // The reason for a good score went with the good score; the open question was left out.
    assert_eq!(
        endpoint.rows()[0]["answers"],
        json!({ "overall": 2, "why": ["late"], "ease": 4 })
    );
}

#[test]
fn no_more_than_three_reasons_can_be_chosen() {
    let endpoint = Endpoint::start();
    let browser = Browser::open(&Device::phone());
    let page = visit(&browser, &endpoint);
    page.act_choose("overall", 0, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    page.act_forward(Means::Touch);
    page.expect_questions(&["why"]);
    let is_free = |place: usize| {
        let control = page
            .find_choice("why", place)
            .expect("a low score has seven reasons");
        browser.run("return !arguments[0].disabled", &[control.to_value()]) == true
    };
    for place in [6, 7, 8] {
        assert!(is_free(9), "fewer than three are chosen");
        page.act_choose("why", place, Means::Touch);
    }
    page.wait("no fourth reason", || (!is_free(9)).then_some(()));
    page.act_unchoose("why", 7, Means::Touch);
    page.wait("room for another reason", || is_free(9).then_some(()));
    page.act_choose("why", 9, Means::Touch);
    assert_eq!(page.find_chosen("why"), [6, 8, 9]);
}

#[test]
fn changing_the_language_keeps_every_answer() {
    let endpoint = Endpoint::start();
    let browser = Browser::open(&Device::phone());
    let page = visit(&browser, &endpoint);
    ANGRY.fill_in(&page, Means::Touch);
    page.act_switch_language(Means::Touch);
    page.expect_title("ease", "从收货到验收，北风通信让我办得很轻松。");
    assert_eq!(page.find_chosen("ease"), [1]);
    assert_eq!(
        (page.find_step().as_str(), page.find_forward().as_str()),
        ("第 4 步，共 4 步", "提交")
    );
    page.act_back(Means::Touch);
    page.expect_questions(&["why"]);
    page.act_back(Means::Touch);
    page.expect_title("dissatisfied", "您对我们最不满意的地方是什么？");
    assert_eq!(
        page.find_written("dissatisfied").as_deref(),
        Some(ANGRY.words)
    );
    page.act_forward(Means::Touch);
    page.expect_questions(&["why"]);
    page.act_forward(Means::Touch);
    page.expect_questions(&["ease"]);
    page.act_forward(Means::Touch);
    page.expect_receipt();
    let rows = endpoint.rows();
    assert_eq!(
        (rows.len(), &rows[0]["answers"], &rows[0]["locale"]),
        (1, &ANGRY.answers(), &json!("zh-CN"))
    );
}

#[test]
fn something_else_is_said_in_own_words_and_arrives_as_it_was_typed() {
    let words = "=HYPERLINK(\"http://x\") <b>the</b> driver's dog bit me & left 大坑";
    let endpoint = Endpoint::start();
    let browser = Browser::open(&Device::laptop());
    let page = visit(&browser, &endpoint);
    page.act_choose("overall", 0, Means::Keyboard);
    page.act_forward(Means::Keyboard);
    page.expect_questions(&["dissatisfied"]);
    page.act_write(
        "dissatisfied",
        "1. late\n2. wet\n3. nobody cares",
        Means::Keyboard,
    );
    page.act_forward(Means::Keyboard);
    page.expect_questions(&["why"]);
    page.act_choose("why", 13, Means::Keyboard);
    page.act_write("why", words, Means::Keyboard);
    page.act_forward(Means::Keyboard);
    page.act_choose("ease", 0, Means::Keyboard);
    page.act_forward(Means::Keyboard);
    page.expect_receipt();
    let answers = endpoint.rows()[0]["answers"].clone();
    assert_eq!(
        (&answers["why"], &answers["why-Comment"]),
        (&json!(["other"]), &json!(words))
    );
    assert_eq!(
        answers["dissatisfied"],
        json!("1. late\n2. wet\n3. nobody cares")
    );
}

#[test]
fn arrows_look_at_every_point_without_sending_anything() {
    let endpoint = Endpoint::start();
    let browser = Browser::open(&Device::laptop());
    let page = visit(&browser, &endpoint);
    page.act_choose("overall", 0, Means::Keyboard);
    for _ in 0..4 {
        browser.press(Key::Down);
    }
    page.wait("the last point", || {
        (page.find_chosen("overall") == [4]).then_some(())
    });
    assert_eq!(
        (page.find_questions(), endpoint.rows().len()),
        (vec!["overall".to_owned()], 0)
    );
    // Enter in the form is the button's press.
    browser.press(Key::Enter);
    page.expect_questions(&["dissatisfied"]);
}

#[test]
fn a_link_answers_a_question_and_only_the_person_sends_it() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    let address = "/s/delivery?answer-overall=4&answer-nothing=1&answer-%22%3E%3Cscript%3E=1";
    browser.goto(&[&scene.endpoint.origin(), address].concat());
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.wait("the fourth point", || {
        (page.find_chosen("overall") == [3]).then_some(())
    });
    page.expect_ready();
    assert!(scene.endpoint.rows().is_empty(), "a visit stores nothing");
    // Changed, as by somebody who slipped in the mail.
    page.act_choose("overall", 4, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    page.act_forward(Means::Touch);
    page.expect_questions(&["why"]);
    page.act_forward(Means::Touch);
    page.act_choose("ease", 6, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_receipt();
    assert_eq!(scene.endpoint.complete_rows()[0]["answers"]["overall"], 5);
}
