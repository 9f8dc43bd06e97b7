//! Lists of choices: one of several, or any of several, with a field for "other".

use leptos::prelude::*;

use super::super::form::Form;
use super::{Asked, group};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::{COMMENT_SUFFIX, Choice, Choices, MAX_TEXT_CHARS, OTHER};
use crate::survey::javascript::text_of_number;
use crate::survey::session::is_visible;

pub(super) fn view(form: Form, asked: &Asked, choices: &Choices, several: bool) -> AnyView {
    let rows = choices.choices.iter().enumerate().map(|(place, choice)| row(form, asked, choice, place, several)).collect_view();
    let other = choices.other.clone().map(|text| {
        let choice = Choice { value: Value::from(OTHER), text, visible_if: None };
        let row = row(form, asked, &choice, choices.choices.len(), several);
        view! { {row} {other_words(form, asked)} }
    });
    let role = (!several).then_some("radiogroup");
    group(form, asked, role, view! { <div class="list">{rows} {other}</div> }.into_any())
}

/// One choice: a native radio button or checkbox and its words, the whole row a target.
pub(super) fn row(form: Form, asked: &Asked, choice: &Choice, place: usize, several: bool) -> AnyView {
    let question = asked.question.clone();
    let (chosen, text, condition) = (choice.value.clone(), choice.text.clone(), choice.visible_if.clone());
    let is_chosen = {
        let (name, chosen) = (question.name.clone(), chosen.clone());
        move || has_chosen(form.session.read().answer(&name), &chosen)
    };
    let is_hidden = move || !is_visible(condition.as_ref(), &form.session.read().sheet());
    // As many as may be chosen are chosen: what is left cannot be.
    let is_full = {
        let (question, is_chosen) = (question.clone(), is_chosen.clone());
        Memo::new(move |_| match question.kind.choices().and_then(|choices| choices.max_selected) {
            Some(most) if several => chosen_count(form, &question.name) >= most && !is_chosen(),
            _ => false,
        })
    };
    let label = {
        let chosen = chosen.clone();
        move || choice_text(form, &chosen, &text)
    };
    let on_change = move |_| {
        let answer = form.session.with_untracked(|session| session.answer(&question.name).clone());
        form.answer(&question.name, if several { toggled(&answer, &chosen) } else { chosen.clone() });
    };
    view! {
        <label class="choice" class:full=is_full prop:hidden=is_hidden>
            <input
                type=if several { "checkbox" } else { "radio" }
                class="native"
                name=asked.id("choice")
                value=place.to_string()
                prop:checked=is_chosen
                prop:disabled=is_full
                on:change=on_change
            />
            <span class=if several { "tick box" } else { "tick" }></span>
            <span class="words">{label}</span>
        </label>
    }
    .into_any()
}

/// The respondent's own words for "other", shown while it is chosen.
fn other_words(form: Form, asked: &Asked) -> AnyView {
    let question = asked.question.name.clone();
    let comment = [&question, COMMENT_SUFFIX].concat();
    let is_hidden = move || !has_chosen(form.session.read().answer(&question), &Value::from(OTHER));
    let text = {
        let comment = comment.clone();
        move || form.session.read().answer(&comment).as_text().unwrap_or_default().to_owned()
    };
    let on_input = move |event| form.answer(&comment, Value::Text(event_target_value(&event)));
    view! {
        <input
            type="text"
            class="field"
            maxlength=MAX_TEXT_CHARS.to_string()
            aria-label=move || form.text(Message::OtherLabel)
            placeholder=move || form.text(Message::OtherLabel)
            prop:hidden=is_hidden
            prop:value=text
            on:input=on_input
        />
    }
    .into_any()
}

/// The words of a choice; its value where the author gave none.
pub(super) fn choice_text(form: Form, value: &Value, text: &crate::survey::LocalizedText) -> String {
    let text = form.resolve(text);
    match value {
        _ if !text.is_empty() => text,
        Value::Text(value) if value == OTHER => form.text(Message::Other),
        Value::Text(value) => value.clone(),
        Value::Number(number) => text_of_number(*number),
        Value::Bool(true) => form.text(Message::Yes),
        Value::Bool(false) => form.text(Message::No),
        Value::Null | Value::List(_) | Value::Object(_) => text,
    }
}

/// How many of the visible choices are chosen.
fn chosen_count(form: Form, question: &str) -> usize {
    form.session.read().sheet().get(question).and_then(Value::as_list).map_or(0, <[Value]>::len)
}

fn has_chosen(answer: &Value, choice: &Value) -> bool {
    match answer {
        Value::List(chosen) => chosen.contains(choice),
        answer => answer == choice,
    }
}

fn toggled(answer: &Value, choice: &Value) -> Value {
    let mut chosen = answer.as_list().unwrap_or_default().to_vec();
    match chosen.iter().position(|other| other == choice) {
        Some(place) => drop(chosen.remove(place)),
        None => chosen.push(choice.clone()),
    }
    Value::List(chosen)
}
