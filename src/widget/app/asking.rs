//! The pages of the survey: progress, questions, the way forward and back.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::super::client::Client;
use super::super::dom::{El, bind, el, keep, soon, texted};
use super::super::element::Settings;
use super::super::form::{Form, Language};
use super::super::question::{Asked, question};
use super::super::strings::Strings;
use super::Interview;
use crate::messages::Message;
use crate::survey::definition::{Definition, Kind};
use crate::survey::session::{Action, Outcome};
use crate::survey::text::language_of;

/// After so long without another answer the draft is saved.
const DRAFT_AFTER_MS: u32 = 400;
/// So long a page that goes on by itself shows what was chosen.
const ADVANCE_AFTER_MS: u32 = 250;

/// The survey while it is being answered.
pub(super) fn view(interview: Interview, settings: &Settings) -> El {
    let form = interview.form;
    let definition = form
        .session
        .with_untracked(|session| session.definition().clone());
    let announcement = RwSignal::new(String::new());
    let element = el("form").class("asking").attr("novalidate", "");
    let go = {
        let element = element.clone();
        Rc::new(move |action| go(interview, &element, announcement, action))
    };
    save_while_answering(interview);
    send_when_leaving(interview);
    let element = if definition.auto_advance {
        auto_advance(form, element, go.clone())
    } else {
        element
    };

    let page = Memo::new(move |_| form.session.read().progress());
    let bar = move || {
        let (page, pages) = page.get();
        Some(["width:", &(page * 100 / pages).to_string(), "%"].concat())
    };
    let progress = definition.shows_progress.then(|| {
        let bar = el("div").class("bar").bind_prop("style", move || {
            JsValue::from_str(&bar().unwrap_or_default())
        });
        el("div")
            .class("progress")
            .attr("part", "progress")
            .attr("aria-hidden", "true")
            .child(bar)
    });
    let step = definition
        .shows_progress
        .then(|| texted("span", "step", move || progress_text(form)));
    let top = el("div")
        .class("top")
        .child(el("span").children(step))
        .children(language_switch(form, &definition, settings));

    let questions = move || {
        page.track();
        let session = form.session.read_untracked();
        let of_page = session
            .page()
            .map(|page| page.questions.clone())
            .unwrap_or_default();
        let asked = of_page.into_iter().enumerate().map(|(place, of)| Asked {
            question: Rc::new(of),
            place,
        });
        asked.map(|asked| question(form, &asked)).collect()
    };
    let advance_hint = definition
        .auto_advance
        .then(|| texted("p", "hint", move || form.text(Message::GoesOnByItself)));
    let page = el("div").class("page").bind_children(questions);

    let notice = move || notice(interview);
    let said = texted("p", "notice", move || {
        notice()
            .map(|(_, message)| form.text(message))
            .unwrap_or_default()
    });
    let said = said.attr("part", "notice").attr("role", "status");
    let said = said.bind_attr("data-notice", move || {
        notice().map(|(name, _)| name.to_owned())
    });

    let on_back = go.clone();
    let back = texted("button", "quiet", move || form.text(Message::Back))
        .attr("type", "button")
        .attr("part", "back");
    let back = back.bind_flag("hidden", move || !form.session.read().can_go_back());
    let back = back.on("click", move |_| on_back(Action::Back));
    let label = texted("span", "label", move || forward_text(form));
    let spinner = el("span").class("spinner").attr("aria-hidden", "true");
    let is_sending = move || interview.is_sending.get();
    let forward = el("button")
        .attr("type", "submit")
        .attr("part", "primary")
        .child(label)
        .child(spinner);
    let forward = forward.bind_attr("class", move || {
        Some(
            if is_sending() {
                "primary busy"
            } else {
                "primary"
            }
            .to_owned(),
        )
    });
    let forward = forward.bind_attr("aria-disabled", move || {
        is_sending().then(|| "true".to_owned())
    });
    let actions = el("div").class("actions").child(back).child(forward);

    let announced = texted("p", "silent", move || announcement.get())
        .attr("role", "status")
        .attr("aria-live", "polite");
    let on_submit = move |event: &web_sys::Event| {
        event.prevent_default();
        go(Action::Next);
    };
    let element = element
        .children(progress)
        .child(top)
        .children(advance_hint)
        .child(page)
        .child(said);
    element
        .child(actions)
        .child(announced)
        .on("submit", on_submit)
}

/// Does what the respondent asks for: turns the page, ends the survey, or shows what is missing.
fn go(interview: Interview, element: &El, announcement: RwSignal<String>, action: Action) {
    let form = interview.form;
    if interview.is_sending.get_untracked() {
        return;
    }
    let outcome = form
        .session
        .try_update(|session| session.apply(action))
        .unwrap_or(Outcome::Stayed);
    match outcome {
        Outcome::Turned => {
            interview.send_partial();
            announcement.set(progress_text(form));
            let element = element.clone();
            // The button that had the focus stays, but what it leads to is the new question.
            soon(move || {
                if let Some(title) = element.find("[data-title]") {
                    title.focus();
                }
            });
        }
        Outcome::Completed => interview.deliver(),
        Outcome::Refused => {
            announcement.set(form.text(Message::ErrorsOnPage));
            focus_first_invalid(form, element);
        }
        Outcome::Answered | Outcome::Stayed => {}
    }
}

/// Moves the focus to the first question that has a violation: to its field, or to its first choice.
fn focus_first_invalid(form: Form, element: &El) {
    let session = form.session.read_untracked();
    let Some(name) = session
        .violations()
        .first()
        .map(|violation| violation.question.as_str())
    else {
        return;
    };
    let place = session
        .page()
        .and_then(|page| page.questions.iter().position(|of| of.name == name))
        .unwrap_or_default();
    let question = element.find_all("[data-question]").into_iter().nth(place);
    if let Some(field) =
        question.and_then(|question| question.find("input:not([disabled]),textarea,select,button"))
    {
        field.focus();
    }
}

fn progress_text(form: Form) -> String {
    let (page, pages) = form.session.read().progress();
    form.fill(
        Message::Progress,
        &[("page", &page.to_string()), ("pages", &pages.to_string())],
    )
}

fn forward_text(form: Form) -> String {
    let session = form.session.read();
    let own = form.resolve(&session.definition().complete_text);
    match session.is_last_page() {
        true if !own.is_empty() => own,
        true => form.text(Message::Submit),
        false => form.text(Message::Next),
    }
}

/// What is said below the questions: that nothing can be saved here, or that an earlier visit goes on.
fn notice(interview: Interview) -> Option<(&'static str, Message)> {
    match interview.form.answered.get() {
        1.. if !interview.is_durable => Some(("memory", Message::SavedInMemory)),
        0 if interview.is_resumed => Some(("resumed", Message::DraftRestored)),
        _ => None,
    }
}

/// The button to the next of the languages that both the survey and this build have, if there is another.
fn language_switch(form: Form, definition: &Definition, settings: &Settings) -> Option<El> {
    let offered = definition.languages();
    let is_offered = |tag: &&String| {
        offered
            .iter()
            .any(|offer| language_of(offer) == language_of(tag))
    };
    let usable: Vec<String> = settings
        .languages
        .iter()
        .filter(is_offered)
        .cloned()
        .collect();
    if usable.len() < 2 {
        return None;
    }
    let client = settings.client.clone();
    let usable = Rc::new(usable);
    let next = move || {
        let current = form.language.locale.get();
        let place = usable
            .iter()
            .position(|tag| language_of(tag) == language_of(&current));
        usable
            .get(place.map_or(0, |place| (place + 1) % usable.len()))
            .cloned()
            .unwrap_or_default()
    };
    let shown = next.clone();
    let switch = texted("button", "quiet", move || {
        language_name(&shown()).to_owned()
    })
    .attr("type", "button");
    let tagged = next.clone();
    let switch = switch
        .attr("part", "language")
        .bind_attr("lang", move || Some(tagged()));
    Some(switch.on("click", move |_| {
        switch_language(client.clone(), next(), form.language)
    }))
}

/// The name of a language in itself.
fn language_name(tag: &str) -> &'static str {
    crate::messages::Language::from_tag(tag)
        .unwrap_or_default()
        .own_name()
}

/// Loads another language's texts and shows them; the answers stay.
fn switch_language(client: Client, tag: String, language: Language) {
    spawn_local(async move {
        // Without a network the language that is shown stays.
        if let Ok(array) = client.strings(&tag).await {
            language.strings.try_set(Strings::from_array(&array));
            language.locale.try_set(tag);
        }
    });
}

/// Saves the draft a moment after the last answer.
fn save_while_answering(interview: Interview) {
    let timer = StoredValue::new_local(None::<Timeout>);
    bind(Box::new(move || {
        if interview.form.answered.get() > 0 {
            // A timer that is dropped does not fire.
            timer.set_value(Some(Timeout::new(DRAFT_AFTER_MS, move || {
                interview.save_draft()
            })));
        }
    }));
}

/// Sends what is not sent yet when the page is left, and lets the sheet go when the widget is removed.
fn send_when_leaving(interview: Interview) {
    let Some(window) = web_sys::window() else {
        return;
    };
    keep(EventListener::new(&window, "pagehide", move |_| {
        let (session, locale) = interview.snapshot();
        interview
            .courier
            .with_value(|courier| courier.send_last(&session, &locale));
    }));
    keep(LetGo(interview.courier.get_value()));
}

/// Lets the sheet go when it is dropped, unless it is on its way: then nobody else may send it.
struct LetGo(super::Courier);

impl Drop for LetGo {
    fn drop(&mut self) {
        if !self.0.is_delivering() {
            self.0.drop_in_hand();
        }
    }
}

/// Where the survey says so, a page with one question goes on when a real pointer has chosen; keyboards and switches
/// arrive as clicks, too, and must be able to look at every point.
fn auto_advance(form: Form, element: El, go: Rc<impl Fn(Action) + 'static>) -> El {
    let was_pointer = StoredValue::new(false);
    let timer = StoredValue::new_local(None::<Timeout>);
    bind(Box::new(move || {
        let is_answered = form.answered.get() > 0;
        let session = form.session.read_untracked();
        let mut questions = session.questions();
        let is_choice = questions
            .next()
            .is_some_and(|of| matches!(of.kind, Kind::Rating(_) | Kind::Radiogroup(_)));
        if is_answered
            && is_choice
            && questions.next().is_none()
            && was_pointer.get_value()
            && !session.is_last_page()
        {
            was_pointer.set_value(false);
            let go = go.clone();
            timer.set_value(Some(Timeout::new(ADVANCE_AFTER_MS, move || {
                go(Action::Next)
            })));
        }
    }));
    let element = element.on("pointerup", move |_| was_pointer.set_value(true));
    element.on("keydown", move |_| was_pointer.set_value(false))
}
