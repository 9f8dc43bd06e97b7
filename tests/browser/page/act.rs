//! What a person does: point, tap, walk with the keyboard, write. Nothing is set by script.

use serde_json::{Value, json};

use super::{Means, Page, numbers};
use crate::driver::{Element, Key};

/// More key presses than this to reach something is not keyboard access.
const MOST_STEPS: usize = 60;

impl Page<'_> {
    /// Chooses the choice at `place` (counted from 0 among all of the question) of a scale or list.
    pub(crate) fn act_choose(&self, question: &str, place: usize, means: Means) {
        let control = self.wait(&format!("choice {place} of {question}"), || {
            self.find_choice(question, place)
        });
        self.choose_control(&control, means);
        self.wait_until_chosen(question, place);
    }

    /// Takes a chosen checkbox back.
    pub(crate) fn act_unchoose(&self, question: &str, place: usize, means: Means) {
        let control = self.wait(&format!("choice {place} of {question}"), || {
            self.find_choice(question, place)
        });
        self.choose_control(&control, means);
        self.wait(
            &format!("choice {place} of {question} not to be chosen"),
            || (!self.find_chosen(question).contains(&(place as u64))).then_some(()),
        );
    }

    /// Points at a radio button or checkbox, or walks there and presses Space.
    pub(crate) fn choose_control(&self, control: &Element, means: Means) {
        match means {
            Means::Mouse | Means::Touch => self.point(control, means),
            Means::Keyboard => self.walk_and_choose(control),
        }
    }

    /// Writes into the field of a question, after what stands there.
    pub(crate) fn act_write(&self, question: &str, text: &str, means: Means) {
        let selector = format!("[data-question=\"{question}\"] :is(textarea, input.field)");
        let field = self.wait(&format!("a field in {question}"), || self.find(&selector));
        self.reach(&field, means);
        self.browser.type_text(text);
    }

    /// Presses next, or submit on the last page.
    pub(crate) fn act_forward(&self, means: Means) {
        self.act_press("[part~=primary]", means);
    }

    /// Presses back.
    pub(crate) fn act_back(&self, means: Means) {
        self.act_press("[part~=back]", means);
    }

    /// Switches to the other language, and waits until it is shown.
    pub(crate) fn act_switch_language(&self, means: Means) {
        let before = self.find_language();
        self.act_press("[part~=language]", means);
        self.wait("another language", || {
            self.find_language()
                .filter(|now| Some(now) != before.as_ref())
        });
    }

    /// Presses a button or link.
    pub(crate) fn act_press(&self, selector: &str, means: Means) {
        let button = self.wait(&format!("a visible {selector}"), || self.find(selector));
        self.reach(&button, means);
        if means == Means::Keyboard {
            self.browser.press(Key::Enter);
        }
    }

    /// Rests the mouse on something.
    pub(crate) fn act_hover(&self, selector: &str) {
        let element = self.wait(&format!("a visible {selector}"), || self.find(selector));
        let middle = self.middle_of(&element);
        self.browser.move_mouse(middle);
    }

    /// Points at something with mouse or finger, or walks there with the keyboard.
    pub(crate) fn reach(&self, element: &Element, means: Means) {
        match means {
            Means::Mouse | Means::Touch => self.point(element, means),
            Means::Keyboard => self.walk(element, "shadow.activeElement === arguments[1]"),
        }
    }

    /// The native control of a choice, if the choice can be seen.
    pub(crate) fn find_choice(&self, question: &str, place: usize) -> Option<Element> {
        let script = r#"
            const controls = questionOf(arguments[1])?.querySelectorAll("input[type=radio], input[type=checkbox]");
            const control = [...(controls ?? [])].find((c, i) => (c.hasAttribute('value') ? Number(c.value) : i) === arguments[2]);
            return control && isShown(boxOf(control)) ? control : null;"#;
        Element::from_value(&self.run(script, &[json!(question), json!(place)]))
    }

    fn wait_until_chosen(&self, question: &str, place: usize) {
        let next = || {
            // A page that goes on by itself may be gone already.
            let has_gone = !self.find_questions().iter().any(|name| name == question);
            (has_gone || self.find_chosen(question).contains(&(place as u64))).then_some(())
        };
        self.wait(&format!("choice {place} of {question} to be chosen"), next);
    }

    fn point(&self, element: &Element, means: Means) {
        let middle = self.middle_of(element);
        if means == Means::Touch {
            self.browser.tap(middle);
        } else {
            self.browser.press_mouse(middle);
        }
    }

    /// Where to point at: the middle of what is seen of the control. Fails if something else lies on it there.
    fn middle_of(&self, element: &Element) -> (f64, f64) {
        let script = r#"
            const box = boxOf(arguments[1]);
            const look = () => {
              const r = box.getBoundingClientRect();
              const [x, y] = [r.x + r.width / 2, r.y + r.height / 2];
              return [x, y, shadow.elementFromPoint(x, y)];
            };
            const isFree = ([, , hit]) => hit && (box === hit || box.contains(hit));
            let seen = look();
            // Out of sight, or under a bar that stays: a person scrolls.
            if (!isFree(seen)) {
              box.scrollIntoView({ block: "center", behavior: "instant" });
              seen = look();
            }
            const [x, y, hit] = seen;
            return isFree(seen) ? [x, y] : `${hit?.localName ?? "nothing"}.${hit?.className ?? ""}`;"#;
        let is_still = |_: &()| self.is_still();
        self.wait("the page to stand still", || Some(()).filter(is_still));
        let mut last = Value::Null;
        let found = crate::process::eventually(super::PATIENCE, || {
            last = self.run(script, &[element.to_value()]);
            numbers::<2>(&last)
        });
        match found {
            Some([x, y]) => (x, y),
            None => self.fail(&format!(
                "to point at a control, but what lies there is {last}"
            )),
        }
    }

    /// Whether nothing is moving: a person, too, points at what stands still.
    pub(crate) fn is_still(&self) -> bool {
        let script = r#"
            if (!root) return false;
            const moves = (a) => a.playState === "running" && a.effect?.getComputedTiming().endTime !== Infinity;
            return !root.getAnimations({ subtree: true }).some(moves);"#;
        self.run(script, &[]) == true
    }

    /// What has the focus is not hidden behind something else (WCAG 2.4.11).
    fn expect_focus_in_sight(&self) {
        let script = r#"
            const box = boxOf(shadow.activeElement);
            const r = box.getBoundingClientRect();
            const hit = shadow.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
            return hit && (box === hit || box.contains(hit)) ? true : `${hit?.localName}.${hit?.className}`;"#;
        let mut last = Value::Null;
        let is_seen = crate::process::eventually(super::PATIENCE / 4, || {
            last = self.run(script, &[]);
            (last == true).then_some(())
        });
        if is_seen.is_none() {
            self.fail(&format!("to see what has the focus, but {last} lies on it"));
        }
    }

    /// Tab, or Shift and Tab, until `arrived` holds for the element.
    fn walk(&self, element: &Element, arrived: &str) {
        let script = format!(
            r#"if ({arrived}) return "there";
            const at = shadow.activeElement ?? (document.activeElement === document.body ? null : document.activeElement);
            const target = shadow.activeElement ? arguments[1] : host;
            return at && at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING ? "back" : "on";"#
        );
        for _ in 0..MOST_STEPS {
            match self.run(&script, &[element.to_value()]).as_str() {
                Some("there") => return self.expect_focus_in_sight(),
                Some("back") => self.browser.press_with_shift(Key::Tab),
                _ => self.browser.press(Key::Tab),
            }
        }
        self.fail(&format!(
            "to reach a control with {MOST_STEPS} presses of Tab"
        ))
    }

    /// Walks to a radio button or checkbox: Tab to its group, arrows inside it, Space to choose.
    fn walk_and_choose(&self, control: &Element) {
        let is_radio = self.run(
            "return arguments[1].type === 'radio'",
            &[control.to_value()],
        ) == true;
        if !is_radio {
            self.walk(control, "shadow.activeElement === arguments[1]");
            return self.browser.press(Key::Space);
        }
        self.walk(control, "shadow.activeElement?.type === 'radio' && shadow.activeElement.name === arguments[1].name");
        let script = r#"
            const at = shadow.activeElement;
            if (at === arguments[1]) return at.checked ? "chosen" : "there";
            return at.compareDocumentPosition(arguments[1]) & Node.DOCUMENT_POSITION_PRECEDING ? "back" : "on";"#;
        for _ in 0..MOST_STEPS {
            match self.run(script, &[control.to_value()]).as_str() {
                Some("chosen") => return self.expect_focus_in_sight(),
                Some("there") => self.browser.press(Key::Space),
                Some("back") => self.browser.press(Key::Up),
                _ => self.browser.press(Key::Down),
            }
        }
        self.fail("to reach a choice with the arrow keys")
    }
}
