//! The page object: one widget on a page in the words of the person before it. `find_*` looks, `act_*` does, `expect_*`
//! waits until something is so, a few seconds at most, and otherwise fails with what stands on the page instead.

/// What a person does with mouse, finger or keyboard.
mod act;
/// What a person waits to see.
mod expect;

use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::{Browser, Element};
use crate::process::eventually;

/// How long a person is made to wait here before the test calls it broken.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);

/// What a person operates a page with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    Mouse,
    Touch,
    Keyboard,
}

/// Where every script starts: the widget's host, its shadow root, and the `<div>` inside.
const PREAMBLE: &str = r#"
const host = document.querySelectorAll("qing-ting")[arguments[0]];
const shadow = host?.shadowRoot;
const root = shadow?.querySelector('[part~="root"]');
const isShown = (node) => Boolean(node?.checkVisibility({ visibilityProperty: true }));
const questionOf = (name) => shadow?.querySelector(`[data-question="${name}"]`);
/** What a person points at: the label around a native control, otherwise the control itself. */
const boxOf = (node) => (node.matches("input[type=radio], input[type=checkbox]") ? node.closest("label") : node) ?? node;
"#;

/// One widget on the page that the browser shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'b> {
    /// The browser it is in.
    pub(crate) browser: &'b Browser,
    nth: usize,
}

impl<'b> Page<'b> {
    /// The first widget on the page.
    pub(crate) fn of(browser: &'b Browser) -> Self {
        Self::nth(browser, 0)
    }

    /// The widget at this place, counted from 0 in the order of the document.
    pub(crate) fn nth(browser: &'b Browser, nth: usize) -> Self {
        Self { browser, nth }
    }

    /// Runs a script in which `host`, `shadow` and `root` are this widget's; `arguments[1]` and on are `args`.
    /// Null while the widget is not there.
    pub(crate) fn run(&self, script: &str, args: &[Value]) -> Value {
        let mut all = vec![json!(self.nth)];
        all.extend_from_slice(args);
        match self.browser.try_run(&[PREAMBLE, script].concat(), &all) {
            Ok(value) => value,
            // The page was just replaced under the script; whoever waits asks again.
            Err(refusal) if refusal.code == "stale element reference" => Value::Null,
            Err(refusal) => panic!("script failed: {refusal}\n{script}"),
        }
    }

    fn text_of(&self, script: &str, args: &[Value]) -> Option<String> {
        self.run(script, args).as_str().map(str::to_owned)
    }

    /// Waits for something, or fails with what is there instead.
    pub(crate) fn wait<T>(&self, what: &str, attempt: impl FnMut() -> Option<T>) -> T {
        match eventually(PATIENCE, attempt) {
            Some(found) => found,
            None => self.fail(what),
        }
    }

    /// Fails with everything that helps to see why.
    pub(crate) fn fail(&self, what: &str) -> ! {
        let state = self.find_state();
        let text = self
            .text_of(
                "return root ? root.innerText : document.body.innerText",
                &[],
            )
            .unwrap_or_default();
        let console = self.browser.console().join("\n");
        panic!(
            "expected {what}\n-- widget {} is {state:?} and shows:\n{text}\n-- console:\n{console}",
            self.nth
        )
    }

    /// `loading`, `asking`, `done`, `unavailable` or `failed`; nothing where there is no app.
    pub(crate) fn find_state(&self) -> Option<String> {
        self.text_of("return root?.dataset.state", &[])
    }

    /// The language that the widget says it speaks.
    pub(crate) fn find_language(&self) -> Option<String> {
        self.text_of("return root?.lang", &[])
    }

    /// The first visible element in the shadow root that fits the selector.
    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        let script =
            "return [...(shadow?.querySelectorAll(arguments[1]) ?? [])].find(isShown) ?? null";
        Element::from_value(&self.run(script, &[json!(selector)]))
    }

    /// The names of the questions that can be seen now.
    pub(crate) fn find_questions(&self) -> Vec<String> {
        let script = "return [...(shadow?.querySelectorAll('[data-question]') ?? [])].filter(isShown).map((q) => q.dataset.question)";
        strings(&self.run(script, &[]))
    }

    /// The words of one question.
    pub(crate) fn find_title(&self, question: &str) -> Option<String> {
        self.text_of(
            "return questionOf(arguments[1])?.querySelector('[data-title]')?.innerText.trim()",
            &[json!(question)],
        )
    }

    /// The words of the choices of a question that can be seen, in their order.
    pub(crate) fn find_choices(&self, question: &str) -> Vec<String> {
        let script = "return [...(questionOf(arguments[1])?.querySelectorAll('label.choice, label.point') ?? [])].filter(isShown).map((c) => c.innerText.trim())";
        strings(&self.run(script, &[json!(question)]))
    }

    /// The places of the choices that are chosen, counted from 0 among all that the survey lists for the question.
    pub(crate) fn find_chosen(&self, question: &str) -> Vec<u64> {
        let script = "return [...(questionOf(arguments[1])?.querySelectorAll('input[type=radio], input[type=checkbox]') ?? [])].map((c, i) => (c.checked ? (c.hasAttribute('value') ? Number(c.value) : i) : -1)).filter((i) => i >= 0)";
        let places = self.run(script, &[json!(question)]);
        places
            .as_array()
            .map(|places| places.iter().filter_map(Value::as_u64).collect())
            .unwrap_or_default()
    }

    /// What stands in a text field or dropdown.
    pub(crate) fn find_written(&self, question: &str) -> Option<String> {
        self.text_of("return questionOf(arguments[1])?.querySelector('textarea, select, input.field')?.value", &[json!(question)])
    }

    /// The error under a question, empty if there is none.
    pub(crate) fn find_error(&self, question: &str) -> String {
        self.text_of(
            "return questionOf(arguments[1])?.querySelector('[data-error]')?.innerText.trim()",
            &[json!(question)],
        )
        .unwrap_or_default()
    }

    /// Which page of how many, in words.
    pub(crate) fn find_step(&self) -> String {
        self.text_of(
            "return shadow?.querySelector('.step')?.innerText.trim()",
            &[],
        )
        .unwrap_or_default()
    }

    /// The words on the button that goes forward.
    pub(crate) fn find_forward(&self) -> String {
        self.text_of(
            "return shadow?.querySelector('[part~=primary]')?.innerText.trim()",
            &[],
        )
        .unwrap_or_default()
    }

    /// The notice's name and words, if one is shown.
    pub(crate) fn find_notice(&self) -> Option<(String, String)> {
        let script = "const n = shadow?.querySelector('[part~=notice][data-notice]'); return n && isShown(n) ? [n.dataset.notice, n.innerText.trim()] : null";
        let found = strings(&self.run(script, &[]));
        match <[String; 2]>::try_from(found) {
            Ok([name, words]) => Some((name, words)),
            Err(_) => None,
        }
    }

    /// The receipt's number, once there is one.
    pub(crate) fn find_receipt(&self) -> Option<String> {
        self.text_of(
            "return shadow?.querySelector('[data-receipt]')?.innerText.trim()",
            &[],
        )
    }

    /// What has the focus inside the widget: `QUESTION title`, `QUESTION field`, or the element's part or tag.
    pub(crate) fn find_focus(&self) -> Option<String> {
        let script = r#"
            const focused = shadow?.activeElement;
            if (!focused) return null;
            const question = focused.closest("[data-question]")?.dataset.question;
            if (question) return `${question} ${focused.matches("[data-title]") ? "title" : "field"}`;
            return focused.getAttribute("part") ?? focused.localName;"#;
        self.text_of(script, &[])
    }

    /// Left, top, width and height of the first visible element that fits, in CSS pixels of the viewport.
    pub(crate) fn find_box(&self, selector: &str) -> Option<[f64; 4]> {
        let script = "const e = [...(shadow?.querySelectorAll(arguments[1]) ?? [])].find(isShown); if (!e) return null; const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]";
        numbers(&self.run(script, &[json!(selector)]))
    }
}

fn strings(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn numbers<const N: usize>(value: &Value) -> Option<[f64; N]> {
    let numbers: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_f64).collect();
    numbers.try_into().ok()
}
