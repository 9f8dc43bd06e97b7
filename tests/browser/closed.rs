//! A survey that is closed: its supplier's words are read wherever it stood, and what waits on the device is still sent.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::{Portal, snippet};
use crate::gate::Weather;
use crate::hosts::HostPage;
use crate::page::{Means, Page};
use crate::person::ANGRY;
use crate::process::Folder;
use crate::scene::Scene;

const WORDS: &str = "The delivery survey ended in autumn. Call us: 0800 1042.";
const WORDS_CHINESE: &str = "交付问卷秋天已结束，有事请拨 0800 1042。";

/// What the widget says instead of a survey.
fn said(page: &Page<'_>) -> String {
    page.expect_state("unavailable");
    let said = page.run("return shadow.querySelector('[role=alert]').innerText", &[]);
    said.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_closed_survey_speaks_in_its_suppliers_words_and_sends_what_waits() {
    let device = Device::phone();
    let scene = Scene::new();
    let profile = Folder::new("profile");
    let browser = Browser::open_again(&device, profile.path());
    let page = scene.visit(&browser);
    ANGRY.fill_in(&page, Means::Touch);
    scene.gate.set(Weather::Down);
    page.act_forward(Means::Touch);
    page.expect_notice("waiting");
    drop(browser);
    let endpoint = &scene.endpoint;
    let (english, chinese) = (format!("en={WORDS}"), format!("zh-CN={WORDS_CHINESE}"));
    let words = ["--closed-message", &english, "--closed-message", &chinese];
    endpoint.command(&[&["survey", "schedule", "delivery"][..], &words].concat());
    endpoint.command(&["survey", "withdraw", "delivery"]);
    scene.gate.set(Weather::Clear);
    thread::sleep(Duration::from_secs(2));
    // The control: nothing sends it while no page is open.
    assert_eq!(endpoint.complete_rows().len(), 0);
    let browser = Browser::open_again(&device, profile.path());
    browser.goto(&scene.hosts.url("/"));
    assert_eq!(said(&Page::of(&browser)), WORDS);
    let row = scene.expect_exactly_one_row();
    assert_eq!(row["answers"], ANGRY.answers());
    assert_eq!(row["late"], true);
    drop(browser);
    // The survey's own page says it, too, in the reader's language.
    let browser = Browser::open(&Device::phone().speaking("zh-CN"));
    browser.goto(&[&endpoint.origin(), "/s/delivery"].concat());
    assert_eq!(said(&Page::of(&browser)), WORDS_CHINESE);
    if let Some(folder) = std::env::var_os("QINGTING_SCREENS") {
        let file = std::path::Path::new(&folder).join("closed.png");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(file, browser.screenshot()).unwrap();
    }
}

#[test]
fn a_survey_that_is_only_tried_out_counts_nowhere_and_becomes_no_case() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    let answered = |address: &str| {
        browser.goto(&[&scene.endpoint.origin(), address].concat());
        let page = Page::of(&browser);
        page.expect_state("asking");
        ANGRY.fill_in(&page, Means::Touch);
        page.act_forward(Means::Touch);
        let receipt = page.expect_receipt();
        // The offer comes with a part of its own.
        thread::sleep(Duration::from_secs(2));
        (receipt.starts_with("TEST-"), page.find(".offer").is_some())
    };
    assert_eq!(answered("/s/delivery?test"), (true, false));
    assert_eq!(scene.endpoint.complete_rows().len(), 0);
    // The control: the same low scores, in earnest.
    assert_eq!(answered("/s/delivery"), (false, true));
    assert_eq!(scene.endpoint.complete_rows().len(), 1);
    let results = scene.endpoint.command(&["results", "--survey", "delivery"]);
    assert!(results.contains("1 complete"), "{results}");
}

#[test]
fn a_survey_leads_on_when_its_answers_are_sent_and_not_before() {
    let portal = Portal::with(|origin| {
        let (script, element) = snippet(origin, "onward", "");
        HostPage::html(&script, &element)
    });
    portal.endpoint.publish(
        "onward",
        &json!({ "navigateToUrl": "https://example.com/thanks?firm={firm}", "elements": [
            { "type": "comment", "name": "firm" },
            { "type": "rating", "name": "score", "metric": "csat" }] }),
    );
    let browser = Browser::open(&Device::phone());
    let answered = |score: usize| {
        browser.goto(&portal.hosts.url("/"));
        let page = Page::of(&browser);
        page.expect_state("asking");
        // The test stays on the page and looks where it would have gone.
        browser.run(
            "navigation.addEventListener('navigate', (event) => { globalThis.went = event.destination.url; event.preventDefault() })",
            &[],
        );
        page.act_write("firm", "Müller & Co", Means::Touch);
        page.act_choose("score", score, Means::Touch);
        page.act_forward(Means::Touch);
        page.expect_receipt();
        thread::sleep(Duration::from_millis(500));
        browser.run("return globalThis.went ?? null", &[])
    };
    assert_eq!(
        answered(4),
        "https://example.com/thanks?firm=M%C3%BCller%20&%20Co"
    );
    // Whoever is asked whether it shall be a complaint is not led away.
    assert_eq!(answered(0), Value::Null);
    assert_eq!(portal.endpoint.complete_rows().len(), 2);
}
