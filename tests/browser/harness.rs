//! The harness itself, tried on a stand-in of the widget: it sees what is there, and it sees what is broken on purpose.

use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::contrast;
use crate::device::Device;
use crate::driver::{Browser, Key};
use crate::gate::{Gate, Weather};
use crate::hosts::{self, HostPage, Hosts};
use crate::page::{Means, Page};
use crate::process::Folder;
use crate::shift;

fn stand_in() -> Hosts {
    Hosts::serve(vec![(
        "/",
        HostPage::html("", include_str!("stand_in.html")),
    )])
}

fn answer_with(means: Means, device: &Device) {
    let (hosts, browser) = (stand_in(), Browser::open(device));
    browser.goto(&hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect_title("overall", "How satisfied");
    page.act_forward(means);
    assert_eq!(page.expect_error("overall"), "Choose one answer to go on.");
    page.expect_focus("overall field");
    page.act_choose("overall", 3, means);
    page.act_switch_language(means);
    page.expect_title("overall", "总体上满意吗");
    assert_eq!(page.find_chosen("overall"), [3]);
    page.act_forward(means);
    page.expect_focus("worst title");
    assert_eq!(page.find_step(), "第 2 步，共 2 步");
    page.act_write("worst", "箱子是湿的, nobody called back!!", means);
    assert_eq!(
        page.find_written("worst").as_deref(),
        Some("箱子是湿的, nobody called back!!")
    );
    page.act_back(means);
    page.expect_questions(&["overall"]);
    page.act_forward(means);
    page.expect_questions(&["worst"]);
    page.act_forward(means);
    assert_eq!(page.expect_receipt(), "7K3M-9XPD");
    assert_eq!(page.expect_notice("offline"), "Saved on this device.");
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn a_survey_is_answered_by_mouse() {
    answer_with(Means::Mouse, &Device::laptop());
}

#[test]
fn a_survey_is_answered_by_touch() {
    answer_with(Means::Touch, &Device::small_phone());
}

#[test]
fn a_survey_is_answered_by_keyboard_alone() {
    answer_with(Means::Keyboard, &Device::laptop());
}

#[test]
fn devices_differ_as_asked() {
    let hosts = stand_in();
    let browser = Browser::open(&Device::phone().dark().still().speaking("zh-CN"));
    browser.goto(&hosts.url("/"));
    let looks = r#"
        // Not `maxTouchPoints`: on a busy machine Chromium does not tell a new page of them. Not `hover`: a machine without a
        // mouse has none.
        const has = (query) => matchMedia(query).matches;
        return [innerWidth, has("(prefers-color-scheme: dark)"), has("(prefers-reduced-motion: reduce)"), has("(forced-colors: active)"),
                has("(pointer: coarse)"), navigator.language];"#;
    assert_eq!(
        browser.run(looks, &[]),
        json!([375, true, true, false, true, "zh-CN"])
    );
    browser.become_device(&Device::laptop().in_forced_colours());
    browser.goto(&hosts.url("/"));
    assert_eq!(
        browser.run(looks, &[]),
        json!([1280, false, false, true, false, "en-GB"])
    );
    assert!(
        browser.screenshot().starts_with(b"\x89PNG"),
        "a screenshot is a PNG"
    );
}

#[test]
fn roles_and_names_are_those_assistive_technology_hears() {
    let (hosts, browser) = (stand_in(), Browser::open(&Device::laptop()));
    browser.goto(&hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.act_forward(Means::Mouse);
    page.expect_error("overall");
    let point = page
        .find_choice("overall", 4)
        .expect("there are five points");
    assert_eq!(
        (browser.role(&point), browser.label(&point)),
        ("radio".to_owned(), "5 of 5".to_owned())
    );
    let group = page.find("fieldset").expect("the scale is a group");
    assert_eq!(browser.role(&group), "radiogroup");
    assert_eq!(browser.description(&group), "Choose one answer to go on.");
    page.browser.press(Key::Right);
    assert!(
        browser
            .run("return heard", &[])
            .as_str()
            .is_some_and(|keys| keys.contains("ArrowRight")),
        "the host hears keys of the stand-in, which has no fence"
    );
}

#[test]
fn pale_words_and_small_targets_are_found() {
    let (hosts, browser) = (stand_in(), Browser::open(&Device::small_phone()));
    let look_at = |broken: &str| {
        browser.goto(&hosts.url(&format!("/?broken={broken}")));
        let page = Page::of(&browser);
        page.expect_state("asking");
        contrast::look_at(&page)
    };
    let (faults, count) = look_at("nothing");
    assert_eq!(faults, Vec::<String>::new());
    assert!(count > 12, "looked at {count} things only");
    let (faults, _) = look_at("pale");
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("words \"SO-1042\"")),
        "{faults:?}"
    );
    let (faults, _) = look_at("tiny");
    assert_eq!(
        faults
            .iter()
            .filter(|fault| fault.contains("target \"label.point"))
            .count(),
        5,
        "{faults:?}"
    );
    let black = [0.0, 0.0, 0.0, 1.0];
    let white = [255.0, 255.0, 255.0, 1.0];
    assert!(
        (contrast::ratio(black, white) - 21.0).abs() < 1e-9,
        "WCAG's own example"
    );
}

#[test]
fn a_covered_button_cannot_be_pressed() {
    let (hosts, browser) = (stand_in(), Browser::open(&Device::phone()));
    let press = |broken: &str| {
        browser.goto(&hosts.url(&format!("/?broken={broken}")));
        let page = Page::of(&browser);
        page.expect_state("asking");
        catch_unwind(AssertUnwindSafe(|| page.act_forward(Means::Touch)))
    };
    assert!(press("nothing").is_ok());
    assert!(press("cover").is_err(), "the covered button was pressed");
}

#[test]
fn a_jumping_bar_is_a_layout_shift() {
    let (hosts, browser) = (stand_in(), Browser::open(&Device::phone()));
    let shifts = |broken: &str| {
        browser.goto(&hosts.url(&format!("/?broken={broken}")));
        let page = Page::of(&browser);
        page.expect_state("asking");
        shift::watch(&page);
        let before = page.find_box("[part~=primary]");
        page.act_choose("overall", 2, Means::Touch);
        page.act_forward(Means::Touch);
        page.expect_questions(&["worst"]);
        let (before, after) = (
            before.map(|[_, top, ..]| top),
            page.find_box("[part~=primary]").map(|[_, top, ..]| top),
        );
        (before == after, shift::seen(&page))
    };
    assert_eq!(shifts("nothing"), (true, Vec::new()));
    // The stand-in draws everything anew, so that its boxes do not shift but are others: the place tells.
    assert!(!shifts("jump").0, "the bar did not jump");
}

#[test]
fn storage_outlives_the_browser_in_a_kept_profile_only() {
    let (hosts, kept) = (stand_in(), Folder::new("profile"));
    let write = "localStorage.setItem('answer', '3')";
    let read = "return localStorage.getItem('answer')";
    let browser = Browser::open_again(&Device::phone(), kept.path());
    browser.goto(&hosts.url("/"));
    browser.run(write, &[]);
    drop(browser);
    let browser = Browser::open_again(&Device::phone(), kept.path());
    browser.goto(&hosts.url("/"));
    assert_eq!(browser.run(read, &[]), json!("3"));
    drop(browser);
    let browser = Browser::open(&Device::phone());
    browser.goto(&hosts.url("/"));
    assert_eq!(browser.run(read, &[]), json!(null));
}

#[test]
fn the_gate_makes_weather() {
    let page = HostPage::html("", "open").with("access-control-allow-origin", "*");
    let hosts = Hosts::serve(vec![("/", page)]);
    let endpoint = hosts
        .origin()
        .trim_start_matches("http://")
        .parse()
        .expect("an origin of loopback");
    let gate = Gate::before(endpoint, hosts::listen());
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(3)))
        .build()
        .into();
    let get = || {
        agent
            .get(gate.origin())
            .call()
            .and_then(|mut answer| answer.body_mut().read_to_string())
    };
    let post = || {
        agent
            .post(gate.origin())
            .send("{}")
            .and_then(|mut answer| answer.body_mut().read_to_string())
    };
    assert!(get().is_ok_and(|body| body.contains("open")));
    assert!(post().is_ok_and(|body| body.contains("open")));
    gate.set(Weather::Down);
    assert!(get().is_err());
    gate.set(Weather::CaptivePortal);
    assert!(post().is_ok_and(|body| body.contains("Airport")));
    gate.set(Weather::LosesAnswers);
    assert!(get().is_ok() && post().is_err());
    assert_eq!(
        gate.posts(),
        2,
        "the endpoint got the sheet whose answer was lost"
    );
    gate.set(Weather::Slow(Duration::from_millis(300)));
    let begun = Instant::now();
    assert!(get().is_ok());
    assert!(begun.elapsed() >= Duration::from_millis(300));
    let address = gate.origin().trim_start_matches("http://").to_owned();
    drop(gate);
    std::thread::sleep(Duration::from_millis(50));
    assert!(
        TcpStream::connect(address).is_err(),
        "a dropped gate frees its address"
    );
}

#[test]
fn the_network_can_be_cut_and_single_files_withheld() {
    let script = HostPage::html("", "part");
    let hosts = Hosts::serve(vec![
        ("/", HostPage::html("", "home")),
        ("/part.html", script),
    ]);
    let browser = Browser::open(&Device::laptop());
    browser.goto(&hosts.url("/"));
    let load = || {
        browser.run(
            "return fetch(arguments[0]).then((r) => r.ok, () => false)",
            &[json!(hosts.url("/part.html"))],
        )
    };
    assert_eq!(load(), true);
    browser.set_offline(true);
    assert_eq!(load(), false);
    browser.set_offline(false);
    assert_eq!(load(), true);
    browser.block(&["*part.html"]);
    assert_eq!(load(), false);
    browser.block(&[]);
    assert_eq!(load(), true);
}

#[test]
fn a_browser_ends_with_its_test() {
    let hosts = stand_in();
    let pid = catch_unwind(|| {
        let browser = Browser::open(&Device::phone());
        browser.goto(&hosts.url("/"));
        std::panic::panic_any(browser.process_id());
    });
    let pid = pid
        .err()
        .and_then(|thrown| thrown.downcast::<u32>().ok())
        .expect("the browser has a process id");
    let is_gone = crate::process::eventually(Duration::from_secs(5), || {
        (!std::path::Path::new(&format!("/proc/{pid}")).exists()).then_some(())
    });
    assert!(is_gone.is_some(), "Chromium {pid} still runs");
}
