//! Every type of question at 375 px: answered, changed and cleared by finger, mouse and keyboard, left and gone back to.
//! After each step what is stored on the device equals what survey-core stores (`tests/fixtures/kinds.json`, made by
//! `tests/oracle/kinds.mjs`), and so does what arrives.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::a11y::heard;
use crate::device::Device;
use crate::driver::{Browser, Key};
use crate::endpoint::{Portal, snippet};
use crate::hosts::HostPage;
use crate::page::{Means, Page};

const FIXTURE: &str = include_str!("../fixtures/kinds.json");

/// What the newest sheet on this device says was answered.
const STORED: &str = r#"
    return new Promise((resolve) => {
      const request = indexedDB.open("qingting");
      request.onerror = () => resolve(null);
      request.onsuccess = () => {
        const all = request.result.transaction("sheets").objectStore("sheets").getAll();
        all.onsuccess = () => {
          request.result.close();
          resolve(all.result.sort((a, b) => b.savedAt - a.savedAt)[0]?.sheet.answers ?? null);
        };
      };
    });"#;

/// What every control of the page shows.
const SHOWN: &str = r#"
    return [...shadow.querySelectorAll(".page :is(input:not([type=search]), textarea, select, li .words)")].map((control) =>
      control.matches("[type=radio], [type=checkbox]") ? control.checked : control.value ?? control.innerText);"#;

macro_rules! kinds {
    ($($test:ident: $id:literal),* $(,)?) => {
        $(#[test]
        fn $test() {
            Walk::through($id);
        })*

        #[test]
        fn every_kind_of_the_fixture_has_its_test() {
            let tested = BTreeSet::from([$($id),*]);
            let all = fixture();
            let all: BTreeSet<_> = all.iter().filter_map(|kind| kind["id"].as_str()).collect();
            assert_eq!(tested, all);
        }
    };
}

kinds! {
    one_line_of_words_a_number_and_a_day: "text",
    lines_for_addresses_colours_and_ranges: "text-lines",
    times_weeks_and_months: "text-times",
    lines_with_a_mask: "masks",
    a_comment: "comment",
    one_choice_of_several: "radiogroup",
    several_choices: "checkbox",
    a_dropdown: "dropdown",
    a_dropdown_that_is_searched: "dropdown-long",
    a_tagbox: "tagbox",
    scales_of_numbers: "rating",
    stars_faces_words_and_a_scale_that_opens: "rating-looks",
    yes_or_no: "boolean",
    a_box_to_tick: "boolean-box",
    a_ranking: "ranking",
    a_ranking_of_what_is_picked: "ranking-pick",
    pictures: "imagepicker",
    rows_and_columns: "matrix",
    several_lines: "multipletext",
    numbers_and_ranges_on_a_line: "slider",
    words_pictures_and_computed_values_between_questions: "display",
    panels_that_open_and_close: "panels",
    rules_between_questions_and_a_comment_beside: "rules",
}

fn fixture() -> Vec<Value> {
    let fixture: Value = serde_json::from_str(FIXTURE).expect("the fixture is JSON");
    fixture["kinds"].as_array().cloned().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn whole(value: &Value) -> usize {
    value
        .as_u64()
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or_default()
}

/// One kind's question on a page, and the person before it.
struct Walk<'b> {
    page: Page<'b>,
    means: Means,
    id: &'b str,
}

impl<'b> Walk<'b> {
    fn through(id: &'b str) {
        let all = fixture();
        let kind = all.iter().find(|kind| kind["id"] == id).expect("the kind");
        let portal = portal(&kind["elements"]);
        let browser = Browser::open(&Device::phone().still());
        browser.goto(&portal.hosts.url("/"));
        let page = Page::of(&browser);
        page.expect_state("asking");
        page.expect_ready();
        let mut walk = Walk {
            page,
            means: Means::Touch,
            id,
        };
        walk.listen(list(&kind["hears"]));
        walk.show("empty");
        for means in list(&kind["means"]) {
            walk.take_up(word(means));
            for step in list(&kind["steps"]) {
                walk.step(step);
            }
        }
        walk.step(&kind["end"]);
        walk.show("answered");
        walk.turn_and_return();
        walk.page.act_forward(walk.means);
        walk.page.expect_receipt();
        assert_eq!(
            portal.endpoint.complete_rows()[0]["answers"],
            kind["sent"],
            "what arrived"
        );
    }

    /// Takes a finger, a mouse or a keyboard, on the same narrow screen.
    fn take_up(&mut self, means: &str) {
        let phone = Device::phone().still();
        let without_touch = Device {
            is_touch: false,
            ..phone.clone()
        };
        let (means, device) = match means {
            "touch" => (Means::Touch, phone),
            "mouse" => (Means::Mouse, without_touch),
            _ => (Means::Keyboard, without_touch),
        };
        self.means = means;
        self.page.browser.become_device(&device);
    }

    /// Roles and names as assistive technology gets them: (selector, role, name).
    fn listen(&self, hears: &[Value]) {
        for hear in hears {
            let selector = word(&hear[0]);
            let element = self.page.wait(&format!("a visible {selector}"), || {
                self.page.find(selector)
            });
            let (role, name) = heard(&self.page, Some(element));
            assert_eq!(
                (role.as_str(), name.trim()),
                (word(&hear[1]), word(&hear[2])),
                "{selector}"
            );
        }
    }

    /// Does what the step says, and waits until the device has stored what survey-core stores.
    fn step(&self, step: &Value) {
        for gesture in list(&step["do"]) {
            self.act(gesture);
        }
        let mut stored = Value::Null;
        let is_stored = crate::process::eventually(crate::page::PATIENCE, || {
            stored = self.page.run(STORED, &[]);
            (stored == step["data"]).then_some(())
        });
        if is_stored.is_none() {
            self.page.fail(&format!(
                "{} to be stored after {} by {:?}, and not {stored}",
                step["data"], step["do"], self.means
            ));
        }
    }

    fn act(&self, gesture: &Value) {
        let (page, means) = (self.page, self.means);
        let browser = page.browser;
        let of = word(&gesture[1]);
        let within = |selector: &str| format!("[data-question=\"{of}\"] {selector}");
        match word(&gesture[0]) {
            "choose" => page.act_choose(of, whole(&gesture[2]), means),
            "unchoose" => page.act_unchoose(of, whole(&gesture[2]), means),
            "clear" => page.act_press(&within("[data-act=clear]"), means),
            "press" if of.is_empty() => page.act_press(word(&gesture[2]), means),
            "press" => page.act_press(&within(word(&gesture[2])), means),
            "write" => {
                self.field(&within(":is(textarea, input.field)"), whole(&gesture[3]));
                browser.select_all();
                browser.press(Key::Backspace);
                browser.type_text(word(&gesture[2]));
                // Who has written goes on; Enter and Escape mean other things.
                browser.press(Key::Tab);
            }
            "type" | "erase" => {
                self.first_part(&within("input.field"));
                match gesture[2].as_str() {
                    Some(keys) => browser.type_text(&keys.replace('→', "\u{E014}")),
                    None => browser.press(Key::Backspace),
                }
            }
            "pick" => self.pick(&within("select"), whole(&gesture[2])),
            "slide" => self.slide(
                &within("input[type=range]"),
                gesture[2].as_f64().unwrap_or_default(),
                whole(&gesture[3]),
            ),
            "move" => self.drag(of, whole(&gesture[2]), whole(&gesture[3])),
            "cell" => {
                let (row, column) = (whole(&gesture[2]) + 1, whole(&gesture[3]) + 1);
                let cell = within(&format!(
                    ".row:nth-child({row}) label:nth-child({column}) input"
                ));
                let cell = page.wait(&cell, || page.find(&cell));
                page.choose_control(&cell, means);
            }
            other => panic!("no gesture is called {other}"),
        }
    }

    /// Puts the cursor into a field.
    fn field(&self, selector: &str, nth: usize) {
        let script = "return [...shadow.querySelectorAll(arguments[1])].filter(isShown)[arguments[2]] ?? null";
        let arguments = [json!(selector), json!(nth)];
        let field = self.page.wait(selector, || {
            crate::driver::Element::from_value(&self.page.run(script, &arguments))
        });
        self.page.reach(&field, self.means);
    }

    /// Puts the cursor into the first part of a day or time, whose parts are Chromium's, in the order of American English. Who
    /// points, points at it. Who comes by keyboard from behind is at the button that opens the calendar, where arrows lead
    /// nowhere, and must go out at the front and in again. Out of the first field of a page that leads to the document, or
    /// round it to the last button: to go in again from there, keys must go on and not back, which only this walk knows.
    fn first_part(&self, selector: &str) {
        let (page, browser) = (self.page, self.page.browser);
        self.field(selector, 0);
        if self.means != Means::Keyboard {
            let script = "const field = [...shadow.querySelectorAll(arguments[1])].find(isShown); const r = field.getBoundingClientRect(); return [r.x + parseFloat(getComputedStyle(field).paddingLeft) + 8, r.y + r.height / 2]";
            let place = page.run(script, &[json!(selector)]);
            let [x, y] = [0_usize, 1].map(|at| place[at].as_f64().unwrap_or_default());
            match self.means {
                Means::Touch => browser.tap((x, y)),
                _ => browser.press_mouse((x, y)),
            }
            return;
        }
        let is_in = || {
            let script = "return shadow.activeElement?.matches(arguments[1]) ?? false";
            page.run(script, &[json!(selector)]) == true
        };
        page.wait("a way out of the field at its front", || {
            if is_in() {
                browser.press_with_shift(Key::Tab);
            }
            (!is_in()).then_some(())
        });
        page.wait("the way into the field from its front", || {
            if !is_in() {
                browser.press(Key::Tab);
            }
            is_in().then_some(())
        });
    }

    /// Takes an option: the list that opens is drawn by the system, which WebDriver stands in for, or keys go through it.
    fn pick(&self, selector: &str, place: usize) {
        let (page, browser) = (self.page, self.page.browser);
        let select = page.wait(selector, || page.find(selector));
        if self.means == Means::Keyboard {
            page.reach(&select, self.means);
            let at = page.run("return arguments[1].selectedIndex", &[select.to_value()]);
            let at = whole(&at);
            let key = if at < place { Key::Down } else { Key::Up };
            (0..at.abs_diff(place)).for_each(|_| browser.press(key));
        } else {
            let option = format!("{selector} option:nth-child({})", place + 1);
            let option = page.run(
                "return shadow.querySelector(arguments[1])",
                &[json!(option)],
            );
            browser.click(&crate::driver::Element::from_value(&option).expect("an option"));
        }
    }

    /// Puts a handle to a number: a touch at its place on the line, or arrow keys from where the handle is.
    fn slide(&self, selector: &str, number: f64, nth: usize) {
        let (page, browser) = (self.page, self.page.browser);
        let script = "const h = [...shadow.querySelectorAll(arguments[1])][arguments[2]]; h.scrollIntoView({ block: 'center' }); const r = h.getBoundingClientRect(); return [Number(h.min), Number(h.max), Number(h.step) || 1, Number(h.value), r.x, r.y + r.height / 2, r.width]";
        let looked = page.run(script, &[json!(selector), json!(nth)]);
        let looked: Vec<f64> = list(&looked).iter().filter_map(Value::as_f64).collect();
        let [min, max, step, at, left, y, width] = looked[..] else {
            page.fail(&format!("a handle of {selector}"));
        };
        // The handle is 28 px wide, and its middle stops short of the ends.
        let x = left + 14.0 + (width - 28.0) * (number - min) / (max - min);
        match self.means {
            Means::Touch => browser.tap((x, y)),
            Means::Mouse => browser.press_mouse((x, y)),
            Means::Keyboard => {
                let handle = page.run(
                    "return [...shadow.querySelectorAll(arguments[1])][arguments[2]]",
                    &[json!(selector), json!(nth)],
                );
                let handle = crate::driver::Element::from_value(&handle).expect("a handle");
                page.reach(&handle, self.means);
                let key = if at < number { Key::Right } else { Key::Left };
                let presses = ((number - at) / step).abs().round() as usize;
                (0..presses).for_each(|_| browser.press(key));
            }
        }
    }

    /// Moves a row of a ranking: by its grip, or with its buttons, on which the focus stays.
    fn drag(&self, of: &str, from: usize, to: usize) {
        let (page, browser) = (self.page, self.page.browser);
        let row = |at: usize| format!("[data-question=\"{of}\"] li:nth-child({})", at + 1);
        if self.means == Means::Keyboard {
            let sign = if to < from { "↑" } else { "↓" };
            let script = "return [...shadow.querySelectorAll(arguments[1])].find((b) => b.innerText === arguments[2])";
            let buttons = format!("{} button", row(from));
            let button = page.run(script, &[json!(buttons), json!(sign)]);
            let button = crate::driver::Element::from_value(&button).expect("a button");
            page.reach(&button, self.means);
            let focused = "return shadow.activeElement?.closest('li')?.matches(arguments[1])";
            for at in 0..from.abs_diff(to) {
                browser.press(Key::Enter);
                let now = if to < from {
                    from - at - 1
                } else {
                    from + at + 1
                };
                page.wait("the focus on the moved row", || {
                    (page.run(focused, &[json!(format!(":nth-child({})", now + 1))]) == true)
                        .then_some(())
                });
            }
            return;
        }
        let middle = |at: usize| {
            let [left, top, width, height] = page
                .find_box(&format!("{} .grip", row(at)))
                .expect("a grip");
            (left + width / 2.0, top + height / 2.0)
        };
        match self.means {
            Means::Touch => browser.drag_finger(middle(from), middle(to)),
            _ => browser.drag_mouse(middle(from), middle(to)),
        }
    }

    /// To the next page and back: what was answered is shown again. Ends on the next page.
    fn turn_and_return(&self) {
        let page = self.page;
        let before = page.run(SHOWN, &[]);
        page.act_forward(self.means);
        page.expect_questions(&["words"]);
        page.act_back(self.means);
        page.wait("what was answered", || {
            (page.run(SHOWN, &[]) == before).then_some(())
        });
        page.act_forward(self.means);
        page.expect_questions(&["words"]);
    }

    /// Nothing is wider than the screen; where screenshots are asked for, one in light and one in dark.
    fn show(&self, state: &str) {
        let width = self.page.run(
            "return document.documentElement.scrollWidth - innerWidth",
            &[],
        );
        let is_within = width.as_f64().is_some_and(|more| more <= 0.0);
        assert!(is_within, "{} is {width} px too wide", self.id);
        if let Some(folder) = std::env::var_os("QINGTING_SCREENS") {
            std::fs::create_dir_all(&folder).unwrap();
            let phone = Device::phone().still();
            for (look, device) in [("dark", phone.clone().dark()), ("light", phone)] {
                self.page.browser.become_device(&device);
                std::thread::sleep(std::time::Duration::from_millis(300));
                let name = format!("kind-{}-{state}-{look}.png", self.id);
                let file = std::path::Path::new(&folder).join(name);
                std::fs::write(file, self.page.browser.screenshot_of_page()).unwrap();
            }
        }
    }
}

/// A portal whose survey has these elements on one page, with a question of its own behind.
pub(crate) fn portal(elements: &Value) -> Portal {
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

#[test]
fn a_row_that_is_missing_is_told_and_so_is_each_line_that_is_wrong() {
    let portal = portal(&json!([
        { "type": "matrix", "name": "parts", "title": "How were …", "eachRowRequired": true, "columns": ["Bad", "Fine"], "rows": ["People", "Time"] },
        { "type": "multipletext", "name": "you", "title": "How can we reach you?", "items": [
            { "name": "name", "title": "Your name", "isRequired": true }, { "name": "mail", "title": "Email", "validators": [{ "type": "email" }] }] }]));
    let browser = Browser::open(&Device::phone());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect("[data-question=parts] label.choice");
    page.act_press("[data-question=parts] .row:first-child input", Means::Touch);
    let mail = "[data-question=you] .list > div:nth-child(2) input";
    page.act_press(mail, Means::Touch);
    browser.type_text("fang@");
    page.act_forward(Means::Touch);
    assert_eq!(
        page.expect_error("parts"),
        "Please answer every row to go on."
    );
    page.expect_focus("parts field");
    let errors = "return [...questionOf('you').querySelectorAll('.list .error')].map((error) => error.innerText)";
    page.wait("what is wrong with each line", || {
        let errors = page.run(errors, &[]);
        let says = |at: usize, part: &str| word(&errors[at]).contains(part);
        (!word(&errors[0]).is_empty() && says(1, "name@example.com")).then_some(())
    });
    // Nothing that an author wrote between the questions can run; see also `words_pictures_and_…`.
    assert_eq!(browser.run("return window.ran ?? null", &[]), Value::Null);
}
