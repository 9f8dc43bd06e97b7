//! A walk through every state that a customer can see, with a look at each.

use std::thread;
use std::time::Duration;

use crate::device::Device;
use crate::driver::{Browser, Key};
use crate::gate::Weather;
use crate::page::{Means, Page};
use crate::scene::Scene;

/// Longer than the 200 ms after which waiting is shown.
const SLOW: Duration = Duration::from_millis(2500);

/// Walks through all states on a device, and calls `look` in each with its name.
pub(crate) fn walk(scene: &Scene, device: &Device, mut look: impl FnMut(&str, &Page<'_>)) {
    let means = if device.is_touch {
        Means::Touch
    } else {
        Means::Mouse
    };
    let words = if device.locale.starts_with("zh") {
        "送货那天没人通知，等了一下午。"
    } else {
        "Nobody told us the truck was comming, we waited all afternoon!"
    };
    let browser = Browser::open(device);
    let page = scene.visit(&browser);
    look("idle", &page);
    page.act_forward(means);
    page.expect_error("overall");
    look("error", &page);
    // The mouse leaves the button, and the keyboard is in the list.
    browser.move_mouse((1.0, 1.0));
    page.act_choose("overall", 3, Means::Keyboard);
    look("focus", &page);
    browser.press(Key::Up);
    page.act_choose("overall", 0, means);
    page.run("shadow.activeElement?.blur()", &[]);
    look("chosen", &page);
    if !device.is_touch {
        page.act_hover("[data-question=overall] label:nth-of-type(3)");
        look("hover", &page);
    }
    page.act_forward(means);
    page.expect_questions(&["dissatisfied"]);
    look("empty", &page);
    page.act_write("dissatisfied", words, means);
    look("written", &page);
    page.act_forward(means);
    page.expect_questions(&["why"]);
    for place in [6, 7, 8] {
        page.act_choose("why", place, means);
    }
    look("full", &page);
    page.act_forward(means);
    page.expect_questions(&["ease"]);
    page.act_choose("ease", 2, means);
    look("scale", &page);
    scene.gate.set(Weather::Slow(SLOW));
    page.act_forward(means);
    thread::sleep(Duration::from_millis(400));
    look("sending", &page);
    page.expect_receipt();
    scene.gate.set(Weather::Clear);
    look("done", &page);

    let page = scene.visit(&browser);
    page.act_choose("overall", 4, means);
    page.act_forward(means);
    page.expect_questions(&["dissatisfied"]);
    page.act_forward(means);
    page.expect_questions(&["why"]);
    page.act_forward(means);
    page.act_choose("ease", 6, means);
    scene.gate.set(Weather::Down);
    page.act_forward(means);
    page.expect_notice("waiting");
    look("waiting", &page);
    browser.set_offline(true);
    page.expect_notice("offline");
    look("offline", &page);
    browser.set_offline(false);
    scene.gate.set(Weather::Clear);
    page.wait("a receipt", || page.find_receipt());

    browser.goto(&scene.hosts.url("/relationship"));
    page.expect_state("asking");
    look("eleven", &page);
    page.act_choose("recommend", 8, means);
    look("eleven-chosen", &page);
    browser.goto(&scene.hosts.url("/unknown"));
    page.expect_state("unavailable");
    look("unavailable", &page);

    // Bringing something forward: the form, what is missing, on its way, taken, the case, an action, finding a case.
    browser.goto(&[&scene.endpoint.origin(), "/c?delivery=SO-1042"].concat());
    page.expect_state("complaint");
    look("complaint", &page);
    page.act_forward(means);
    page.wait("what is missing", || page.find("[data-error]:not(:empty)"));
    look("complaint-error", &page);
    let field = page.find("[data-field=text]");
    page.reach(&field.expect("a field for the words"), means);
    browser.type_text(words);
    browser.set_offline(true);
    page.act_forward(means);
    page.expect_state("waiting");
    look("complaint-waiting", &page);
    browser.set_offline(false);
    page.expect_state("taken");
    look("complaint-taken", &page);
    let link = page.run("return shadow.querySelector('[data-act=follow]').href", &[]);
    browser.goto(link.as_str().expect("a link to the case"));
    page.expect_state("case");
    look("case", &page);
    page.act_press("[data-act=escalate]", means);
    page.wait("the action", || page.find("[data-doing] textarea"));
    look("case-action", &page);
    browser.goto(&[&scene.endpoint.origin(), "/c/QT-7K3M-9XPD-C"].concat());
    page.expect_state("lookup");
    look("lookup", &page);
}
