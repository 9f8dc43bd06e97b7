//! Question kinds: one view for each, behind one exhaustive dispatch.

/// Lists of choices: radiogroup and checkbox.
mod choice;
/// The kinds that few surveys have, loaded as a part.
pub(super) mod fields;
/// Rating scales.
mod scale;
/// The comment field.
mod words;

use std::sync::Arc;

use leptos::prelude::*;

use super::form::Form;
use super::part::lazy_question;
use crate::messages::Message;
use crate::survey::Question;
use crate::survey::definition::{Kind, RatingLook};
use crate::survey::session::is_visible;

/// One question on the page, and its place, which its ids are made of.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub(super) question: Arc<Question>,
    /// Unique within the widget.
    pub(super) place: usize,
}

impl Asked {
    fn id(&self, of: &str) -> String {
        format!("q{}-{of}", self.place)
    }
}

/// The view of one question, hidden while its condition is false.
pub(super) fn question(form: Form, asked: Asked) -> AnyView {
    let of = asked.question.clone();
    let is_hidden = move || {
        let session = form.session.read();
        !is_visible(of.visible_if.as_ref(), &session.sheet())
    };
    let view = match &asked.question.kind {
        Kind::Rating(rating) if rating.look == RatingLook::Labels => scale::view(form, &asked, rating),
        Kind::Radiogroup(choices) => choice::view(form, &asked, choices, false),
        Kind::Checkbox(choices) => choice::view(form, &asked, choices, true),
        Kind::Comment(input) => words::view(form, &asked, input),
        Kind::Rating(_) | Kind::Boolean(_) | Kind::Dropdown(_) | Kind::Text(_) => lazy_question(form, asked.clone()),
    };
    view! { <div class="question" data-question=asked.question.name.clone() prop:hidden=is_hidden>{view}</div> }.into_any()
}

/// A group of inputs with the question as its name.
fn group(form: Form, asked: &Asked, role: Option<&'static str>, inputs: AnyView) -> AnyView {
    let hint = asked.id("hint");
    let described = format!("{hint} {}", asked.id("error"));
    view! {
        <fieldset class="group" role=role aria-describedby=described>
            <legend class="title" data-title tabindex="-1">{title(form, asked)}</legend>
            {description(form, asked)}
            {inputs}
            {error(form, asked)}
        </fieldset>
    }
    .into_any()
}

/// The question's words, and that it may be left out.
fn title(form: Form, asked: &Asked) -> AnyView {
    let of = asked.question.clone();
    let optional = (!of.is_required).then(|| {
        view! { <span class="optional">{move || form.text(Message::Optional)}</span> }
    });
    view! { {move || form.resolve(&of.title)} {optional} }.into_any()
}

/// The hint under the question; with the most that may be chosen, if there is one.
fn description(form: Form, asked: &Asked) -> AnyView {
    let of = asked.question.clone();
    let most = match &of.kind {
        Kind::Checkbox(choices) => choices.max_selected,
        _ => None,
    };
    if of.description.is_empty() && most.is_none() {
        return ().into_any();
    }
    let text = move || match most {
        Some(most) if of.description.is_empty() => form.fill(Message::ChooseUpTo, &[("max", &most.to_string())]),
        _ => form.resolve(&of.description),
    };
    view! { <p class="hint" id=asked.id("hint")>{text}</p> }.into_any()
}

/// What is wrong with the answer; always there and mostly empty, so that nothing moves when it is filled.
fn error(form: Form, asked: &Asked) -> AnyView {
    let of = asked.question.clone();
    let text = move || {
        let fault = form.session.read().violation(&of.name);
        fault.map(|fault| form.fault_text(fault, &of))
    };
    view! { <p class="error" data-error id=asked.id("error")>{text}</p> }.into_any()
}

/// Whether the question has a violation, for `aria-invalid`.
fn is_invalid(form: Form, asked: &Asked) -> impl Fn() -> &'static str + Clone + Send + Sync + 'static {
    let of = asked.question.clone();
    move || if form.session.read().violation(&of.name).is_some() { "true" } else { "false" }
}
