//! What assistive technology, eyes and fingers get: names, descriptions, announcements, contrast, sizes, a quiet page.

use std::time::Duration;

use serde_json::{Value, json};

use crate::contrast;
use crate::device::Device;
use crate::driver::{Browser, Element};
use crate::gate::Weather;
use crate::page::{Means, Page};
use crate::person::CONTENT;
use crate::scene::Scene;
use crate::{shift, states};

/// Every state on this device: nothing too pale, too small, or wider than the screen.
fn nothing_is_too_pale_or_too_small(device: &Device) {
    let (mut faults, mut states) = (Vec::new(), 0);
    states::walk(&Scene::new(), device, |state, page| {
        let (found, count) = contrast::look_at(page);
        assert!(count > 0, "nothing to look at in {state}");
        faults.extend(found.into_iter().map(|fault| format!("{state}: {fault}")));
        let overflow = page.run(
            "return document.documentElement.scrollWidth - innerWidth",
            &[],
        );
        if overflow.as_f64().is_some_and(|pixels| pixels > 0.0) {
            faults.push(format!("{state}: {overflow} px wider than the screen"));
        }
        states += 1;
    });
    assert!(states >= 13, "only {states} states were seen");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn everything_is_readable_and_big_enough_on_a_small_phone_in_english() {
    nothing_is_too_pale_or_too_small(&Device::small_phone());
}

#[test]
fn everything_is_readable_and_big_enough_on_a_dark_phone_in_chinese() {
    nothing_is_too_pale_or_too_small(&Device::phone().dark().speaking("zh-CN"));
}

#[test]
fn everything_is_readable_and_big_enough_on_a_laptop() {
    nothing_is_too_pale_or_too_small(&Device::laptop());
}

/// Role and name as the browser tells them.
pub(crate) fn heard(page: &Page<'_>, element: Option<Element>) -> (String, String) {
    let element = element.expect("an element to listen to");
    (page.browser.role(&element), page.browser.label(&element))
}

pub(crate) fn said(role: &str, name: &str) -> (String, String) {
    (role.to_owned(), name.to_owned())
}

#[test]
fn every_control_says_what_it_is() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::laptop());
    let page = scene.visit(&browser);
    assert_eq!(heard(&page, page.find("section")), said("region", "Survey"));
    let group = heard(&page, page.find("[data-question=overall] fieldset"));
    assert_eq!(
        group,
        said(
            "radiogroup",
            "How satisfied are you with this delivery overall?"
        )
    );
    assert_eq!(
        heard(&page, page.find_choice("overall", 2)),
        said("radio", "Neither satisfied nor dissatisfied")
    );
    assert_eq!(
        heard(&page, page.find("[part~=primary]")),
        said("button", "Next")
    );
    assert_eq!(
        heard(&page, page.find("[part~=language]")),
        said("button", "中文")
    );
    let language = page.run("return shadow.querySelector('[part~=language]').lang", &[]);
    assert_eq!(
        language,
        json!("zh-CN"),
        "a screen reader must change its voice for this word"
    );
    page.act_choose("overall", 0, Means::Mouse);
    page.act_forward(Means::Mouse);
    page.expect_questions(&["dissatisfied"]);
    let field = page
        .find("textarea")
        .expect("a field for the customer's words");
    let (role, name) = heard(&page, Some(field.clone()));
    assert_eq!(role, "textbox");
    assert!(
        name.starts_with("Where are you most dissatisfied with us?"),
        "{name}"
    );
    assert!(
        browser
            .description(&field)
            .starts_with("In your own words."),
        "{}",
        browser.description(&field)
    );
    page.act_forward(Means::Mouse);
    page.expect_questions(&["why"]);
    assert_eq!(
        heard(&page, page.find_choice("why", 6)),
        said("checkbox", "It was late")
    );
    let group = page.find("[data-question=why] fieldset").expect("a group");
    assert_eq!(browser.description(&group), "Choose up to 3");
    assert_eq!(
        heard(&page, page.find("[part~=back]")),
        said("button", "Back")
    );
    page.act_forward(Means::Mouse);
    page.expect_questions(&["ease"]);
    assert_eq!(
        heard(&page, page.find_choice("ease", 0)),
        said("radio", "1 of 7: Strongly disagree")
    );
    assert_eq!(
        heard(&page, page.find_choice("ease", 3)),
        said("radio", "4 of 7")
    );
    page.act_choose("ease", 0, Means::Mouse);
    page.act_forward(Means::Mouse);
    page.expect_receipt();
    page.expect_focus("h2");
    assert_eq!(heard(&page, page.find("h2")), said("heading", "Thank you"));
}

#[test]
fn errors_and_steps_are_announced_and_described() {
    let scene = Scene::new();
    let browser = Browser::open(&Device::phone());
    let page = scene.visit(&browser);
    let announced = || {
        page.run("return [...shadow.querySelectorAll('[role=status]')].map((s) => s.innerText.trim()).filter(Boolean)", &[])
    };
    // A region that is there before it speaks is heard; it is empty at first.
    assert_eq!(announced(), json!([]));
    page.run(
        "globalThis.regions = [...shadow.querySelectorAll('[role=status]')]",
        &[],
    );
    page.act_forward(Means::Touch);
    page.expect_error("overall");
    page.wait("an announcement", || {
        (announced() == json!(["Something on this page still needs your answer."])).then_some(())
    });
    let group = page
        .find("[data-question=overall] fieldset")
        .expect("a group");
    assert_eq!(browser.description(&group), "Choose one answer to go on.");
    page.act_choose("overall", 1, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
    page.wait("the step", || {
        (announced() == json!(["2 of 4"])).then_some(())
    });
    let still = page.run(
        "return regions.length > 0 && regions.every((region) => region.isConnected)",
        &[],
    );
    assert_eq!(
        still,
        json!(true),
        "the regions that spoke are the ones that were there at first"
    );
}

#[test]
fn nothing_moves_that_nobody_moved() {
    for device in [Device::phone(), Device::laptop().speaking("zh-CN")] {
        let scene = Scene::new();
        let means = if device.is_touch {
            Means::Touch
        } else {
            Means::Mouse
        };
        let browser = Browser::open(&device);
        let page = scene.visit(&browser);
        shift::watch(&page);
        // Each row's place, as it was and as it is.
        let rows = || {
            page.wait("the page to stand still", || page.is_still().then_some(()));
            page.run("return [...shadow.querySelectorAll('label, [part~=primary]')].filter(isShown).map((l) => { const r = l.getBoundingClientRect(); return [r.x, r.y + scrollY, r.width, r.height]; })", &[])
        };
        let bar = || {
            page.run(
                "return shadow.querySelector('.actions').getBoundingClientRect().top",
                &[],
            )
        };
        let idle = rows();
        // The rows that are there now: an error or an answer must not put others in their place.
        page.run("globalThis.first = shadow.querySelector('label')", &[]);
        page.act_forward(means);
        page.expect_error("overall");
        assert_eq!(rows(), idle, "an error moves nothing");
        assert_eq!(
            page.run("return first.isConnected", &[]),
            json!(true),
            "an error replaces nothing"
        );
        page.act_choose("overall", 4, means);
        page.expect_no_error("overall");
        assert_eq!(rows(), idle, "what is chosen does not move by a pixel");
        let mut places: Vec<Value> = vec![bar()];
        page.act_forward(means);
        page.expect_questions(&["dissatisfied"]);
        places.push(bar());
        page.act_forward(means);
        page.expect_questions(&["why"]);
        places.push(bar());
        let before = rows();
        for place in [0, 1, 2] {
            page.act_choose("why", place, means);
        }
        assert_eq!(rows(), before, "three reasons chosen move nothing");
        page.act_forward(means);
        page.expect_questions(&["ease"]);
        places.push(bar());
        page.act_choose("ease", 4, means);
        assert!(
            places.iter().all(|place| *place == places[0]),
            "the bottom bar jumps: {places:?} at {} px",
            device.width
        );
        assert_eq!(
            shift::seen(&page),
            Vec::<String>::new(),
            "layout shifts at {} px",
            device.width
        );
    }
}

#[test]
fn waiting_shows_a_sign_in_a_button_that_keeps_its_width() {
    for device in [Device::phone(), Device::phone().still()] {
        let scene = Scene::new();
        let browser = Browser::open(&device);
        let page = scene.visit(&browser);
        CONTENT.fill_in(&page, Means::Touch);
        let sign = || {
            page.run("const sign = shadow.querySelector('.spinner'); return sign ? Number(getComputedStyle(sign).opacity) : null", &[]).as_f64()
        };
        let before = page.find_box("[part~=primary]");
        assert_eq!(sign(), Some(0.0), "nothing waits yet");
        scene.gate.set(Weather::Slow(Duration::from_millis(2500)));
        page.act_forward(Means::Touch);
        page.wait("a sign of waiting", || {
            sign().filter(|opacity| *opacity > 0.9)
        });
        assert_eq!(page.find_box("[part~=primary]"), before);
        // A second press changes nothing.
        page.act_forward(Means::Touch);
        page.expect_receipt();
        assert_eq!(scene.expect_exactly_one_row()["answers"], CONTENT.answers());
    }
}

#[test]
fn less_motion_means_none() {
    let scene = Scene::new();
    let motions = |device: &Device| {
        let browser = Browser::open(device);
        browser.before_each_page(
            "globalThis.moved = 0; for (const name of ['animationstart', 'transitionrun']) addEventListener(name, (event) => { if (event.elapsedTime !== undefined) moved++ }, true)",
        );
        let page = scene.visit(&browser);
        page.run("for (const name of ['animationstart', 'transitionrun']) shadow.addEventListener(name, (event) => { const timing = event.target.getAnimations().map((a) => a.effect.getComputedTiming()); if (timing.some((t) => t.activeDuration > 1)) moved++ }, true)", &[]);
        browser.run("moved = 0", &[]);
        page.act_choose("overall", 4, Means::Touch);
        page.act_forward(Means::Touch);
        page.expect_questions(&["dissatisfied"]);
        browser
            .run("return moved", &[])
            .as_u64()
            .unwrap_or_default()
    };
    // Control: without that wish there is motion to be seen.
    assert!(motions(&Device::phone()) > 0);
    assert_eq!(motions(&Device::phone().still()), 0);
}
