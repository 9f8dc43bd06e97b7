//! What stands around the questions: progress above or below them, and the way forward and back.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::super::dom::{El, bind, el, texted};
use super::super::environment;
use super::super::form::Form;
use super::super::page;
use super::Interview;
use crate::messages::Message;
use crate::survey::definition::{ButtonTexts, Counted};
use crate::survey::session::Action;
use crate::survey::{LocalizedText, Session};

impl Interview {
    /// The whole form.
    pub(super) fn view(self: &Rc<Self>) -> El {
        let form = self.form;
        let definition = form
            .session
            .with_untracked(|session| session.definition().clone());
        let progress = definition.progress;
        let bar = |_| {
            let width = move || {
                form.turned.get();
                let (at, of, _) = progress_of(form);
                JsValue::from_str(&["width:", &(at * 100 / of.max(1)).to_string(), "%"].concat())
            };
            let bar = el("div").class("bar").bind_prop("style", width);
            el("div")
                .class("progress")
                .attr("part", "progress")
                .attr("aria-hidden", "true")
                .child(bar)
        };
        let step = texted("span", "step", move || {
            if progress.is_above || progress.is_below {
                progress_text(form)
            } else {
                String::new()
            }
        });
        let steps = environment::engine().filter(|_| progress.counted == Counted::Steps);
        let steps = steps.map(|engine| (engine.steps)(form, self.going()));
        let top = self.top.clone().child(step);
        let hint = definition
            .auto_advance
            .then(|| texted("p", "hint", move || form.text(Message::GoesOnByItself)));
        let element = self
            .element
            .clone()
            .children(progress.is_above.then_some(()).map(bar))
            .child(top)
            .children(steps)
            .children(hint)
            .child(self.page());
        let interview = self.clone();
        let on_submit = move |event: &web_sys::Event| {
            event.prevent_default();
            interview.go(Action::Next);
        };
        element
            .child(self.notice.clone())
            .children(progress.is_below.then_some(()).map(bar))
            .child(self.actions())
            .child(self.announced.clone())
            .on("submit", on_submit)
    }

    /// The questions of the page that is shown; their bindings end when the page is turned.
    fn page(self: &Rc<Self>) -> El {
        let form = self.form;
        let go = self.going();
        let page = el("div").class("page");
        let shown = page.clone();
        bind(Box::new(move || {
            if form.turned.get() == 1 {
                // The first page is simply there; from then on pages come in.
                shown.clone().class("page turned");
            }
            let definition = form
                .session
                .with_untracked(|session| session.definition().clone());
            let of = form
                .session
                .with_untracked(|session| session.page().cloned());
            let is_preview = form.session.with_untracked(Session::is_previewing);
            if let Some(engine) = environment::engine().filter(|_| is_preview) {
                shown.show((engine.preview)(form, &definition, &go));
            } else if let Some(of) = of {
                shown.show(page::view(form, &definition, &of));
            }
        }));
        page
    }

    fn actions(self: &Rc<Self>) -> El {
        let form = self.form;
        let interview = self.clone();
        let back = texted("button", "quiet", move || {
            button_text(form, |buttons| &buttons.back, Message::Back)
        })
        .attr("type", "button")
        .attr("part", "back");
        let back = back.bind_flag("hidden", move || !form.look(Session::can_go_back));
        let back = back.on("click", move |_| interview.go(Action::Back));
        let label = texted("span", "label", move || forward_text(form));
        let spinner = el("span").class("spinner").attr("aria-hidden", "true");
        let forward = el("button")
            .attr("type", "submit")
            .attr("part", "primary")
            .child(label)
            .child(spinner);
        // A complete session that is still shown is on its way.
        let class = move || {
            Some(
                if form.look(Session::is_complete) {
                    "primary busy"
                } else {
                    "primary"
                }
                .to_owned(),
            )
        };
        let forward = forward.bind_attr("class", class);
        let forward = forward.bind_attr("aria-disabled", move || {
            form.look(|session| session.is_complete().then(|| "true".to_owned()))
        });
        el("div").class("actions").child(back).child(forward)
    }
}

/// (so far, of how many, and the words for it).
fn progress_of(form: Form) -> (usize, usize, Message) {
    let counted = |session: &Session| {
        matches!(
            session.definition().progress.counted,
            Counted::Questions | Counted::Required
        )
    };
    match environment::engine() {
        Some(engine) if form.look(counted) => {
            let (answered, all) = form.look(engine.answered);
            (answered, all, Message::Answered)
        }
        _ => {
            let (page, pages) = form.look(Session::progress);
            (page, pages, Message::Progress)
        }
    }
}

/// How far the respondent has come, in words.
pub(super) fn progress_text(form: Form) -> String {
    // How many pages there are is not known before.
    if !form.look(Session::is_open) {
        return String::new();
    }
    let (at, of, message) = progress_of(form);
    form.fill(
        message,
        &[("page", &at.to_string()), ("pages", &of.to_string())],
    )
}

fn forward_text(form: Form) -> String {
    if form.look(Session::is_starting) {
        return button_text(form, |buttons| &buttons.start, Message::Start);
    }
    if form.look(Session::leads_to_preview) {
        return button_text(form, |buttons| &buttons.preview, Message::Preview);
    }
    if form.look(Session::is_last_page) {
        return button_text(form, |buttons| &buttons.complete, Message::Submit);
    }
    button_text(form, |buttons| &buttons.next, Message::Next)
}

/// The author's text of a button, or ours.
fn button_text(form: Form, of: fn(&ButtonTexts) -> &LocalizedText, ours: Message) -> String {
    let own = form.look(|session| form.piped(of(&session.definition().buttons)));
    if own.is_empty() { form.text(ours) } else { own }
}
