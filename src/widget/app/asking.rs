//! The pages of the survey: progress, questions, the way forward and back.

use std::sync::Arc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use leptos::ev::SubmitEvent;
use leptos::html::Form as FormElement;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::super::client::Client;
use super::super::question::{Asked, question};
use super::super::strings::Strings;
use super::{Interview, other_language, switch_language};
use crate::messages::Message;
use crate::survey::session::{Action, Outcome};

/// After so long without another answer the draft is saved.
const DRAFT_AFTER_MS: u32 = 400;

/// The survey while it is being answered.
#[component]
pub(super) fn Asking(
    /// The survey.
    interview: Interview,
    /// The languages this build has.
    languages: Vec<String>,
    /// The language that is shown.
    locale: RwSignal<String>,
    /// Its texts.
    strings: RwSignal<Strings>,
    /// Where other languages come from.
    client: Client,
) -> impl IntoView {
    let form = interview.form;
    let form_element = NodeRef::<FormElement>::new();
    let page = Memo::new(move |_| form.session.read().progress());
    let announcement = RwSignal::new(String::new());

    let go = move |action: Action| {
        if interview.is_sending.get_untracked() {
            return;
        }
        let outcome = form.session.try_update(|session| session.apply(action)).unwrap_or(Outcome::Stayed);
        match outcome {
            Outcome::Turned => {
                interview.send_partial();
                announcement.set(progress_text(interview));
                focus_soon(form_element, "[data-title]");
            }
            Outcome::Completed => interview.deliver(),
            Outcome::Refused => {
                announcement.set(form.text(Message::ErrorsOnPage));
                focus_first_invalid(interview, form_element);
            }
            Outcome::Answered | Outcome::Stayed => {}
        }
    };
    save_while_answering(interview);
    send_when_leaving(interview);

    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        go(Action::Next);
    };
    let questions = move || {
        page.track();
        let session = form.session.read_untracked();
        let of_page = session.page().map(|page| page.questions.clone()).unwrap_or_default();
        let asked = of_page.into_iter().enumerate().map(|(place, of)| Asked { question: Arc::new(of), place });
        asked.map(|asked| question(form, asked)).collect_view()
    };
    auto_advance(interview, form_element, move || go(Action::Next));

    let definition = form.session.with_untracked(|session| session.definition().clone());
    let shows_progress = definition.shows_progress;
    let other = move || other_language(&definition, &languages, &locale.read());
    let is_last = move || form.session.read().is_last_page();
    let next_text = move || {
        let session = form.session.read();
        let own = &session.definition().complete_text;
        match session.is_last_page() {
            true if !own.is_empty() => form.resolve(own),
            true => form.text(Message::Submit),
            false => form.text(Message::Next),
        }
    };
    let notice = move || {
        form.answered.track();
        if !interview.is_durable && form.answered.get() > 0 {
            Some(("memory", Message::SavedInMemory))
        } else if interview.is_resumed && form.answered.get() == 0 {
            Some(("resumed", Message::DraftRestored))
        } else {
            None
        }
    };
    view! {
        <form novalidate class="asking" node_ref=form_element on:submit=on_submit>
            {shows_progress.then(|| view! {
                <div class="progress" part="progress" aria-hidden="true">
                    <div class="bar" style:width=move || { let (at, of) = page.get(); format!("{}%", at * 100 / of) }></div>
                </div>
            })}
            <div class="top">
                <span class="step">{move || shows_progress.then(|| progress_text(interview))}</span>
                {move || other().map(|language| {
                    let client = client.clone();
                    let (shown, tag) = (language_name(&language), language.clone());
                    view! {
                        <button
                            type="button"
                            class="quiet"
                            part="language"
                            lang=tag
                            on:click=move |_| switch_language(client.clone(), language.clone(), locale, strings)
                        >
                            {shown}
                        </button>
                    }
                })}
            </div>
            <div class="page">{questions}</div>
            <p class="notice" part="notice" role="status" data-notice=move || notice().map(|(name, _)| name)>
                {move || notice().map(|(_, message)| form.text(message))}
            </p>
            <div class="actions">
                <button
                    type="button"
                    class="quiet"
                    part="back"
                    prop:hidden=move || !form.session.read().can_go_back()
                    on:click=move |_| go(Action::Back)
                >
                    {move || form.text(Message::Back)}
                </button>
                <button
                    type="submit"
                    class="primary"
                    part="primary"
                    class:busy=move || interview.is_sending.get()
                    aria-disabled=move || interview.is_sending.get().to_string()
                    data-last=move || is_last().to_string()
                >
                    <span class="label">{next_text}</span>
                    <span class="spinner" aria-hidden="true"></span>
                </button>
            </div>
            <p class="silent" role="status" aria-live="polite" aria-atomic="true">{announcement}</p>
        </form>
    }
}

/// The name of a language in itself.
fn language_name(tag: &str) -> &'static str {
    crate::messages::Language::from_tag(tag).unwrap_or_default().own_name()
}

fn progress_text(interview: Interview) -> String {
    let (page, pages) = interview.form.session.read().progress();
    interview.form.fill(Message::Progress, &[("page", &page.to_string()), ("pages", &pages.to_string())])
}

/// Saves the draft a moment after the last answer.
fn save_while_answering(interview: Interview) {
    let timer = StoredValue::new_local(None::<Timeout>);
    Effect::new(move || {
        if interview.form.answered.get() > 0 {
            // A timer that is dropped does not fire.
            timer.set_value(Some(Timeout::new(DRAFT_AFTER_MS, move || interview.save_draft())));
        }
    });
}

/// Sends what is not sent yet when the page is left, and lets the sheet go when the widget is removed.
fn send_when_leaving(interview: Interview) {
    let Some(window) = web_sys::window() else { return };
    let leaving = EventListener::new(&window, "pagehide", move |_| {
        let (session, locale) = interview.snapshot();
        interview.courier.with_value(|courier| courier.send_last(&session, &locale));
    });
    let leaving = StoredValue::new_local(leaving);
    let courier = interview.courier.get_value();
    let courier = send_wrapper::SendWrapper::new(courier);
    on_cleanup(move || {
        leaving.dispose();
        if !courier.is_delivering() {
            courier.drop_in_hand();
        }
    });
}

/// Where the survey says so, a page with one question goes on when a real pointer has chosen; keyboards and switches
/// arrive as clicks, too, and must be able to look at every point.
fn auto_advance(interview: Interview, element: NodeRef<FormElement>, go_on: impl Fn() + Copy + 'static) {
    let form = interview.form;
    if !form.session.with_untracked(|session| session.definition().auto_advance) {
        return;
    }
    let was_pointer = StoredValue::new(false);
    let timer = StoredValue::new_local(None::<Timeout>);
    let listeners = StoredValue::new_local(Vec::<EventListener>::new());
    Effect::new(move || {
        let Some(element) = element.get() else { return };
        let pointed = EventListener::new(&element, "pointerup", move |_| was_pointer.set_value(true));
        let typed = EventListener::new(&element, "keydown", move |_| was_pointer.set_value(false));
        listeners.set_value(vec![pointed, typed]);
    });
    Effect::new(move || {
        let is_answered = form.answered.get() > 0;
        let session = form.session.read_untracked();
        let mut questions = session.questions();
        let is_single = questions.next().is_some_and(|of| {
            matches!(of.kind, crate::survey::definition::Kind::Rating(_) | crate::survey::definition::Kind::Radiogroup(_))
        }) && questions.next().is_none();
        if is_answered && is_single && was_pointer.get_value() && !session.is_last_page() {
            was_pointer.set_value(false);
            timer.set_value(Some(Timeout::new(250, go_on)));
        }
    });
}

/// Moves the focus when the new page is in its place: a branch swap drops it to the host's body.
fn focus_soon(element: NodeRef<FormElement>, selector: &'static str) {
    request_animation_frame(move || {
        let found = element.get_untracked().and_then(|form| form.query_selector(selector).ok().flatten());
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // An element that is not shown any more takes no focus.
            found.focus().ok();
        }
    });
}

/// Moves the focus to the first question that has a violation: to its field, or to its first choice.
fn focus_first_invalid(interview: Interview, element: NodeRef<FormElement>) {
    let session = interview.form.session.read_untracked();
    let Some(name) = session.violations().first().map(|violation| violation.question.clone()) else { return };
    let place = session.page().and_then(|page| page.questions.iter().position(|of| of.name == name)).unwrap_or_default();
    request_animation_frame(move || {
        let Some(form) = element.get_untracked() else { return };
        let selector = "input:not([disabled]), textarea, select, button";
        let questions = form.query_selector_all("[data-question]").ok();
        let found = questions.and_then(|questions| questions.get(place as u32)).and_then(|question| {
            question.unchecked_into::<web_sys::Element>().query_selector(selector).ok().flatten()
        });
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            found.focus().ok();
        }
    });
}
