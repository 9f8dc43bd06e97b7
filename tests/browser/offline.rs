//! The network fails, the endpoint stops, the browser closes or may not store: nothing is lost, nothing is stored twice,
//! and the customer is told in words.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::snippet;
use crate::gate::Weather;
use crate::hosts::{HostPage, Hosts};
use crate::page::{Means, Page};
use crate::person::{ANGRY, ANGRY_CHINESE, CONTENT};
use crate::process::{Folder, eventually};
use crate::scene::{SOON, Scene};

#[test]
fn an_endpoint_that_stops_while_a_customer_answers_costs_nothing() {
    let device = Device::phone();
    let rows_after_return = |returns_with_same_storage: bool| {
        let mut scene = Scene::new();
        let profile = Folder::new("profile");
        let browser = Browser::open_again(&device, profile.path());
        let page = scene.visit(&browser);
        page.act_choose("overall", ANGRY.overall - 1, Means::Touch);
        scene.endpoint.stop();
        ANGRY.fill_in(&page, Means::Touch);
        page.act_forward(Means::Touch);
        page.expect_state("done");
        assert_eq!(
            page.expect_notice("waiting"),
            "Saved on this device. Our server is not answering; we send it as soon as it does."
        );
        assert_eq!(page.find_receipt(), None, "a receipt without an endpoint");
        drop(browser);
        // The customer comes back while the endpoint is still down, and once more when it is up.
        let other = Folder::new("profile");
        let second = if returns_with_same_storage {
            profile.path()
        } else {
            other.path()
        };
        let browser = Browser::open_again(&device, second);
        browser.goto(&scene.hosts.url("/"));
        scene.endpoint.start_again();
        browser.reload();
        Page::of(&browser).expect_state("asking");
        if returns_with_same_storage {
            let row = scene.expect_exactly_one_row();
            assert_eq!(row["answers"], ANGRY.answers());
        } else {
            thread::sleep(Duration::from_secs(4));
        }
        scene.endpoint.complete_rows().len()
    };
    assert_eq!(rows_after_return(true), 1);
    // Control: where the device's storage is gone, nothing comes; so it was the device that kept the answers.
    assert_eq!(rows_after_return(false), 0);
}

#[test]
fn an_answer_that_got_lost_on_the_way_back_does_not_make_a_second_row() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    let page = scene.visit(&browser);
    CONTENT.fill_in(&page, Means::Touch);
    scene.gate.set(Weather::LosesAnswers);
    let before = scene.gate.posts();
    page.act_forward(Means::Touch);
    page.expect_notice("waiting");
    let stored = eventually(SOON, || {
        Some(scene.endpoint.complete_rows()).filter(|rows| rows.len() == 1)
    });
    assert!(
        stored.is_some(),
        "the endpoint did not get the sheet whose answer was lost"
    );
    scene.gate.set(Weather::Clear);
    page.wait("a receipt after another try", || page.find_receipt());
    assert!(
        scene.gate.posts() >= before + 2,
        "the sheet was sent once only"
    );
    assert_eq!(scene.expect_exactly_one_row()["answers"], CONTENT.answers());
    // Control: the same answers under another id are another row, so that the count above could have been two.
    let mut sheet = json!({ "id": "0123456789abcdef0123456789abcdef", "survey": "delivery", "version": 1, "revision": 1,
        "complete": true, "locale": "en", "started_at": "2026-11-23T10:00:00.000Z", "elapsed_ms": 41_200,
        "context": { "channel": "embed" } });
    sheet["answers"] = CONTENT.answers();
    let sent = ureq::post(format!("{}/v1/responses", scene.endpoint.origin())).send_json(&sheet);
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(scene.endpoint.complete_rows().len(), 2);
}

#[test]
fn a_captive_portals_welcome_is_no_receipt() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone().speaking("zh-CN"));
    let page = scene.visit(&browser);
    browser.run(
        "addEventListener('qing-submitted', () => (globalThis.submitted = true))",
        &[],
    );
    ANGRY_CHINESE.fill_in(&page, Means::Touch);
    scene.gate.set(Weather::CaptivePortal);
    page.act_forward(Means::Touch);
    assert_eq!(
        page.expect_notice("waiting"),
        "已保存在这台设备上。暂时连不上我们的服务器，连上后会自动提交。"
    );
    assert_eq!(
        browser.run("return globalThis.submitted ?? false", &[]),
        json!(false)
    );
    assert_eq!(
        (page.find_receipt(), scene.endpoint.complete_rows().len()),
        (None, 0)
    );
    scene.gate.set(Weather::Clear);
    page.wait("a receipt of the real endpoint", || page.find_receipt());
    assert_eq!(browser.run("return globalThis.submitted", &[]), json!(true));
    assert_eq!(
        scene.expect_exactly_one_row()["answers"],
        ANGRY_CHINESE.answers()
    );
}

#[test]
fn answers_are_sent_by_themselves_when_the_network_returns() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    let page = scene.visit(&browser);
    browser.set_offline(true);
    CONTENT.fill_in(&page, Means::Touch);
    page.act_forward(Means::Touch);
    assert_eq!(
        page.expect_notice("offline"),
        "Saved on this device. We send it when you are back online."
    );
    browser.set_offline(false);
    page.wait("a receipt", || page.find_receipt());
    assert_eq!(
        page.find_notice(),
        None,
        "the notice is gone with its reason"
    );
    assert_eq!(scene.expect_exactly_one_row()["answers"], CONTENT.answers());
}

#[test]
fn a_sheet_that_is_left_half_way_still_counts() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    // Control: who looks and says nothing leaves no row.
    scene.visit(&browser);
    browser.goto(&scene.hosts.url("/invoices"));
    thread::sleep(Duration::from_millis(1000));
    assert_eq!(scene.endpoint.rows(), Vec::<serde_json::Value>::new());
    let page = scene.visit(&browser);
    page.act_choose("overall", 0, Means::Touch);
    browser.goto(&scene.hosts.url("/invoices"));
    let rows = eventually(SOON, || {
        Some(scene.endpoint.rows()).filter(|rows| !rows.is_empty())
    });
    let rows = rows.expect("what was said before the page was left");
    assert_eq!(
        (rows.len(), &rows[0]["complete"], &rows[0]["answers"]),
        (1, &json!(false), &json!({ "overall": 1 }))
    );
    // Back on the page the same sheet goes on, and stays one row.
    let page = scene.visit(&browser);
    page.expect_notice("resumed");
    assert_eq!(page.find_chosen("overall"), [0]);
    ANGRY.send(&page, Means::Touch);
    assert_eq!(scene.expect_exactly_one_row()["answers"], ANGRY.answers());
}

#[test]
fn a_browser_that_is_killed_gives_the_answers_back() {
    let scene = Scene::new();
    let profile = Folder::new("profile");
    let device = Device::phone();
    let browser = Browser::open_again(&device, profile.path());
    let page = scene.visit(&browser);
    CONTENT.fill_in(&page, Means::Touch);
    // The draft is saved a moment after the last letter.
    thread::sleep(Duration::from_millis(1000));
    browser.kill();
    let browser = Browser::open_again(&device, profile.path());
    let page = scene.visit(&browser);
    page.expect_questions(&["ease"]);
    assert_eq!(
        page.expect_notice("resumed"),
        "We kept what you had already answered."
    );
    assert_eq!(page.find_chosen("ease"), [CONTENT.ease as u64 - 1]);
    page.act_forward(Means::Touch);
    page.expect_receipt();
    assert_eq!(scene.expect_exactly_one_row()["answers"], CONTENT.answers());
}

#[test]
fn where_nothing_may_be_stored_the_answers_stay_in_memory_and_the_customer_knows() {
    let scene = Scene::new();
    let browser = Browser::open_without_storage(&Device::phone());
    let page = scene.visit(&browser);
    let refusal = browser.run("try { return String(indexedDB.open('x')) && 'opened' } catch (error) { return error.name }", &[]);
    page.act_choose("overall", CONTENT.overall - 1, Means::Touch);
    let words = page.expect_notice("memory");
    assert!(
        words.starts_with("This browser does not let us save your answers."),
        "{words} ({refusal})"
    );
    scene.gate.set(Weather::Down);
    CONTENT.fill_in(&page, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_state("done");
    page.expect_notice("memory");
    scene.gate.set(Weather::Clear);
    page.wait("a receipt", || page.find_receipt());
    assert_eq!(scene.expect_exactly_one_row()["answers"], CONTENT.answers());
}

#[test]
fn where_storage_may_be_used_there_is_no_such_notice() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    let page = scene.visit(&browser);
    page.act_choose("overall", 2, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    assert_eq!(page.find_notice(), None);
}

#[test]
fn a_portal_that_is_not_listed_is_told_so_in_words() {
    let scene = Scene::new();
    let foreign = {
        let (script, element) = snippet(&scene.gate.origin(), "delivery", "");
        Hosts::serve(vec![("/", HostPage::html(&script, &element))])
    };
    let browser = Browser::open(&Device::phone());
    // Control: the listed portal shows the survey.
    scene.visit(&browser);
    browser.goto(&foreign.url("/"));
    let page = Page::of(&browser);
    page.expect_state("unavailable");
    page.wait("words about this site", || page.find("[role=alert]"));
    let log = scene.endpoint.log();
    assert!(
        log.contains(&foreign.origin()) && log.contains("allow-origin"),
        "the log names origin and setting: {log}"
    );
}

#[test]
fn a_portal_that_is_struck_off_while_a_customer_answers_loses_no_answer() {
    let mut scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    let page = scene.visit(&browser);
    ANGRY.fill_in(&page, Means::Touch);
    let listed = scene.hosts.origin();
    scene.endpoint.set_origins(&[]);
    scene.endpoint.stop();
    scene.endpoint.start_again();
    page.act_forward(Means::Touch);
    let words = page.expect_notice("refused-origin");
    assert!(words.contains("Your answers are kept."), "{words}");
    scene.endpoint.set_origins(&[listed]);
    scene.endpoint.stop();
    scene.endpoint.start_again();
    page.wait("a receipt", || page.find_receipt());
    assert_eq!(scene.expect_exactly_one_row()["answers"], ANGRY.answers());
}
