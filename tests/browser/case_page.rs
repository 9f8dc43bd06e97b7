//! The complaint form and the case page as eyes, fingers and keyboards meet them: every state readable and large enough, a
//! complaint as near as praise, known incidents, the lost link, and the same words whatever page they were written on.

use serde_json::json;

use crate::complaints::{
    WORDS, answer, choose, complain, from_phone, link, png, scene, shoot, staff, staff_call, text,
};
use crate::contrast;
use crate::device::Device;
use crate::driver::{Browser, Key};
use crate::endpoint::snippet;
use crate::hosts::HostPage;
use crate::page::{Means, Page};
use crate::person::ANGRY;
use crate::scene::Scene;

/// Looks at what is on the screen: contrast, sizes, width, names.
fn look(page: &Page<'_>, name: &str, state: &str, faults: &mut Vec<String>) {
    let (found, count) = contrast::look_at(page);
    assert!(count > 0, "nothing to look at in {state}");
    faults.extend(found.into_iter().map(|fault| format!("{state}: {fault}")));
    let wide = "return document.documentElement.scrollWidth - innerWidth";
    if page.run(wide, &[]).as_f64().is_some_and(|wide| wide > 0.0) {
        faults.push(format!("{state}: wider than the screen"));
    }
    // What axe checks of names and structure: every control has a name, every id is one, headings do not skip a level
    // downwards, lists hold items, and nothing that can be reached is hidden.
    let script = r"
        const faults = [];
        const name = it => (it.getAttribute('aria-label') || (it.labels && [...it.labels].map(l => l.innerText).join(' '))
            || it.innerText || it.alt || it.title || '').trim();
        for (const it of shadow.querySelectorAll('button,a[href],input,textarea,select')) {
            // What is hidden is there for nobody.
            if (it.hidden) continue;
            if (!name(it)) faults.push('no name: ' + it.outerHTML.slice(0, 120));
            if (it.closest('[aria-hidden=true]')) faults.push('hidden and reachable: ' + it.outerHTML.slice(0, 120));
        }
        const ids = [...shadow.querySelectorAll('[id]')].map(it => it.id);
        for (const id of ids) if (ids.filter(other => other === id).length > 1) faults.push('twice: #' + id);
        for (const attribute of ['for', 'aria-describedby', 'aria-labelledby'])
            for (const it of shadow.querySelectorAll('[' + attribute + ']'))
                for (const id of it.getAttribute(attribute).split(/\s+/))
                    if (id && !ids.includes(id)) faults.push(attribute + ' leads nowhere: ' + id);
        let level = 0;
        for (const it of shadow.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
            const next = Number(it.tagName[1]);
            if (level && next > level + 1) faults.push('h' + level + ' is followed by h' + next);
            level = next;
        }
        for (const it of shadow.querySelectorAll('ol>*,ul>*')) if (it.tagName !== 'LI') faults.push('in a list: ' + it.tagName);
        for (const it of shadow.querySelectorAll('dl')) if (!it.querySelector('dt')) { if (it.children.length) faults.push('dl without dt'); }
        for (const it of shadow.querySelectorAll('fieldset')) if (!it.querySelector('legend')?.innerText.trim()) faults.push('fieldset without legend');
        for (const it of shadow.querySelectorAll('img')) if (!it.hasAttribute('alt')) faults.push('img without alt');
        return faults;";
    let found = page.run(script, &[]);
    let found = found.as_array().unwrap().iter();
    faults.extend(found.map(|fault| format!("{state}: {}", fault.as_str().unwrap())));
    shoot(page, &format!("{name}-{state}"));
}

/// Picks the nth choice of a group, with the keyboard as one does: to the group, then on with the arrows.
fn pick(page: &Page<'_>, group: &str, nth: usize, means: Means) {
    if means != Means::Keyboard {
        return page.act_press(&format!("{group} label:nth-child({nth})"), means);
    }
    let first = page.wait(group, || page.find(&format!("{group} input")));
    page.reach(&first, means);
    page.browser.press(Key::Space);
    for _ in 1..nth {
        page.browser.press(Key::Down);
    }
}

fn grade(scene: &Scene, key: &str, number: &str) {
    let grade = json!({"action": "assess", "severity": "minor", "issues": [{"id": 1, "category": "maintenance", "stage": "use", "text": "Router drops"}], "text": "A technician looks at it on Monday."});
    for action in [grade, json!({"action": "begin"})] {
        staff(scene, key, number, Some(&action));
    }
}

/// Walks through the form and a case, and looks at every state.
fn every_state_can_be_read(device: &Device, name: &str, words: &str) {
    let scene = scene();
    let key = scene.endpoint.add_staff("Li Wei", "case-manager");
    let means = if device.is_touch {
        Means::Touch
    } else {
        Means::Keyboard
    };
    let browser = Browser::open(device);
    let mut faults = Vec::new();
    browser.goto(&scene.hosts.url("/complain"));
    let page = Page::of(&browser);
    page.expect_state("complaint");
    look(&page, name, "empty", &mut faults);
    page.act_forward(means);
    assert!(!text(&page, "[data-error]").is_empty());
    look(&page, name, "missing", &mut faults);
    let field = page.wait("the field for the words", || page.find("[data-field=text]"));
    page.reach(&field, means);
    browser.type_text(words);
    pick(&page, "[data-field=stage]", 3, means);
    pick(&page, "[data-field=urgency]", 1, means);
    choose(&page, &[("1.jpg", from_phone()), ("2.png", png())]);
    page.run("shadow.activeElement?.blur(); scrollTo(0, 0)", &[]);
    look(&page, name, "written", &mut faults);
    page.run("scrollTo(0, 1200)", &[]);
    shoot(&page, &format!("{name}-written-below"));
    page.act_forward(means);
    page.expect_state("taken");
    look(&page, name, "taken", &mut faults);
    let (number, address) = (text(&page, "[data-number]"), link(&page));
    browser.goto(&address);
    let case = Page::of(&browser);
    case.expect_state("case");
    look(&case, name, "case", &mut faults);
    grade(&scene, &key, &number);
    let question = json!({"action": "ask", "text": "Which lights are on when it drops?", "reply_by": "2099-01-01T09:00Z"});
    staff(&scene, &key, &number, Some(&question));
    browser.reload();
    case.expect("[data-question-asked]");
    case.act_press("[data-act=messages]", means);
    look(&case, name, "question", &mut faults);
    let field = case.wait("the field", || case.find("#doing"));
    case.reach(&field, means);
    browser.type_text("all red");
    case.act_press("[data-doing] [type=submit]", means);
    case.expect("[data-kind=answered]");
    answer(
        &scene,
        &key,
        &number,
        "The router is broken. A new one comes on Monday.",
    );
    browser.reload();
    case.expect("[data-decision]");
    look(&case, name, "decision", &mut faults);
    case.run("scrollTo(0, 600)", &[]);
    shoot(&case, &format!("{name}-decision-below"));
    case.act_press("[data-act=rating]", means);
    look(&case, name, "rating", &mut faults);
    pick(&case, "[data-doing]", 2, means);
    case.act_press("[data-doing] [type=submit]", means);
    case.expect("[data-kind=rated]");
    // Better after all: the second word counts, and both stay in the timeline.
    case.act_press("[data-act=rating]", means);
    pick(&case, "[data-doing]", 5, means);
    case.act_press("[data-doing] [type=submit]", means);
    case.wait("both ratings", || {
        let count = "return shadow.querySelectorAll('[data-kind=rated]').length";
        (case.run(count, &[]) == json!(2)).then_some(())
    });
    case.act_press("[data-act=confirm]", means);
    case.act_press("[data-doing] [type=submit]", means);
    case.expect("[data-status=closed-solved]");
    look(&case, name, "closed", &mut faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn form_and_case_can_be_read_on_a_phone_in_english() {
    every_state_can_be_read(&Device::phone().still(), "375-light-en", ANGRY.words);
}

#[test]
fn form_and_case_can_be_read_on_a_dark_phone_in_chinese() {
    let device = Device::phone().still().dark().speaking("zh-CN");
    every_state_can_be_read(&device, "375-dark-zh", WORDS);
}

#[test]
fn form_and_case_can_be_used_with_the_keyboard_alone() {
    every_state_can_be_read(&Device::laptop().still(), "1280-light-en", ANGRY.words);
}

#[test]
fn a_complaint_is_as_near_as_praise() {
    let scene = scene();
    for device in [Device::phone(), Device::laptop().dark()] {
        let browser = Browser::open(&device.still());
        browser.goto(&scene.hosts.url("/complain"));
        let page = Page::of(&browser);
        page.expect_state("complaint");
        // Neither is chosen in one of two looks, so that what is compared is the offer itself.
        let script = r"
            const looks = value => {
                const label = shadow.querySelector(`label:has([name=intent][value=${value}])`);
                label.querySelector('input').checked = false;
                const { width, height } = label.getBoundingClientRect();
                const style = getComputedStyle(label), words = getComputedStyle(label.querySelector('.words'));
                return [Math.round(width), Math.round(height), style.backgroundColor, style.borderColor, style.borderWidth,
                    words.color, words.fontSize, words.fontWeight, words.opacity].join(' ');
            };
            return [looks('complaint'), looks('praise')];";
        let looks = page.run(script, &[]);
        assert_eq!(looks[0], looks[1], "{looks}");
        assert!(looks[0].as_str().unwrap().len() > 30, "{looks}");
    }
}

/// Publishes an incident for a life stage.
fn publish(scene: &Scene, key: &str, stage: &str) {
    let body = json!({
        "stages": [stage], "text": {"en": "The network in Pudong is down since the storm.", "zh-CN": "受暴雨影响，浦东部分区域网络中断。"},
        "since": "2026-01-01T06:00Z", "next_update": "2098-12-31T12:00Z", "expires_at": "2099-01-01T00:00Z"
    });
    staff_call(
        scene,
        key,
        "/v1/staff/incidents",
        Some(json!(0)),
        Some(&body),
    );
}

#[test]
fn a_known_incident_shows_to_whoever_it_concerns_before_they_have_to_ask() {
    let scene = scene();
    let key = scene.endpoint.add_staff("Li Wei", "case-manager");
    publish(&scene, &key, "use");
    let browser = Browser::open(&Device::phone().still().speaking("zh-CN"));
    browser.goto(&scene.hosts.url("/complain"));
    let page = Page::of(&browser);
    page.expect_state("complaint");
    let stage = |nth: u8| format!("[data-field=stage] label:nth-child({nth})");
    page.act_press(&stage(1), Means::Touch);
    assert!(
        page.find("[data-incident]").is_none(),
        "delivery is not concerned"
    );
    page.act_press(&stage(3), Means::Touch);
    assert!(text(&page, "[data-incident]").contains("浦东部分区域网络中断"));
    shoot(&page, "incident-zh");
    page.act_press(&stage(1), Means::Touch);
    page.wait("no incident", || {
        page.find("[data-incident]").is_none().then_some(())
    });
    // And on the page of a case that is about it.
    complain(&page, WORDS, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_state("taken");
    let address = link(&page);
    browser.goto(&address);
    let case = Page::of(&browser);
    case.expect_state("case");
    let told = text(&case, "[data-incident]");
    assert!(told.contains("浦东") && told.contains("2098"), "{told}");
    shoot(&case, "incident-case-zh");
}

#[test]
fn whoever_lost_the_link_is_told_the_same_whether_there_is_a_case_or_not() {
    let scene = scene();
    let browser = Browser::open(&Device::phone().still());
    let mut said = Vec::new();
    for number in ["QT-7K3M-9XPD-C", "QT-0000-0000-0"] {
        browser.goto(&[&scene.endpoint.origin(), "/c/", number].concat());
        let page = Page::of(&browser);
        page.expect_state("lookup");
        page.act_press("[data-act=lost-link]", Means::Touch);
        said.push(page.wait("the answer", || {
            let told = text(&page, "[data-link-said]");
            (!told.is_empty()).then_some(told)
        }));
        shoot(&page, "lost-link");
    }
    assert_eq!(said[0], said[1]);
    assert!(said[0].contains("on its way"), "{said:?}");
}

#[test]
fn a_complaint_out_of_a_low_score_names_its_sheet_and_nobody_has_to_call_twice() {
    let scene = scene();
    let key = scene.endpoint.add_staff("Li Wei", "case-manager");
    let browser = Browser::open(&Device::phone());
    let page = scene.visit(&browser);
    ANGRY.fill_in(&page, Means::Touch);
    page.act_forward(Means::Touch);
    page.expect_state("done");
    let open = || {
        let list = staff_call(&scene, &key, "/v1/staff/call-backs", None, None);
        list["call_backs"].as_array().unwrap().clone()
    };
    // Whoever only answers is called back.
    let waiting = page.wait("a call-back", || {
        let open = open();
        (open.len() == 1).then(|| open[0].clone())
    });
    assert!(waiting["score"].as_f64().unwrap() < 3.0, "{waiting}");
    page.act_press("[data-act=complain]", Means::Touch);
    page.expect_state("complaint");
    page.act_forward(Means::Touch);
    page.expect_state("taken");
    let number = text(&page, "[data-number]");
    let inside = staff(&scene, &key, &number, None);
    let receipt = &inside["events"][0]["what"]["with"];
    assert_eq!(receipt["channel"], "survey");
    assert_eq!(receipt["response"], waiting["response"]);
    page.wait("no call-back any more", || open().is_empty().then_some(()));
}

#[test]
fn the_same_words_arrive_alike_from_every_portal() {
    // A bare page, and one whose own styles and scripts are in the way of everything they can reach.
    let loud = "<style>*{font-size:7px!important;letter-spacing:9px}label{pointer-events:none}</style>\
                <script>Array.prototype.extra = () => 1;</script>";
    let scene = Scene::with_pages(|origin| {
        let (script, element) = snippet(origin, "", "start=\"complaint\" delivery=\"SO-1042\"");
        vec![
            ("/one", HostPage::html(&script, &element)),
            ("/two", HostPage::html(&[loud, &script].concat(), &element)),
        ]
    });
    let key = scene.endpoint.add_staff("Li Wei", "case-manager");
    let mut receipts = Vec::new();
    for path in ["/one", "/two"] {
        let browser = Browser::open(&Device::phone());
        browser.goto(&scene.hosts.url(path));
        let page = Page::of(&browser);
        complain(&page, WORDS, Means::Touch);
        page.act_forward(Means::Touch);
        page.expect_state("taken");
        let inside = staff(&scene, &key, &text(&page, "[data-number]"), None);
        let first = &inside["events"][0];
        receipts.push((first["what"].clone(), first["words"].clone()));
    }
    assert_eq!(receipts[0], receipts[1]);
    assert_eq!(receipts[0].1[0], json!(["text", WORDS]));
    assert_ne!(receipts[0].0["with"]["owner"], json!(0));
}
