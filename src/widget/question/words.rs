//! The comment field: several lines in the respondent's own words.

use leptos::prelude::*;

use super::super::form::Form;
use super::{Asked, description, error, is_invalid, title};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::TextInput;

/// From so many characters before the end the respondent sees how many are left.
const SHOWN_LEFT: usize = 200;

pub(super) fn view(form: Form, asked: &Asked, input: &TextInput) -> AnyView {
    let question = asked.question.name.clone();
    let most = input.max_length;
    let text = {
        let question = question.clone();
        move || form.session.read().answer(&question).as_text().unwrap_or_default().to_owned()
    };
    let left = {
        let text = text.clone();
        move || {
            let left = most.saturating_sub(text().chars().count());
            (left <= SHOWN_LEFT).then(|| form.fill(Message::CharactersLeft, &[("count", &left.to_string())]))
        }
    };
    let placeholder = input.placeholder.clone();
    let on_input = move |event| form.answer(&question, Value::Text(event_target_value(&event)));
    let described = format!("{} {} {}", asked.id("hint"), asked.id("left"), asked.id("error"));
    view! {
        <label class="title" data-title tabindex="-1" for=asked.id("field")>{title(form, asked)}</label>
        {description(form, asked)}
        <textarea
            class="field"
            id=asked.id("field")
            rows=input.rows.to_string()
            maxlength=most.to_string()
            placeholder=move || form.resolve(&placeholder)
            aria-describedby=described
            aria-invalid=is_invalid(form, asked)
            prop:value=text
            on:input=on_input
        ></textarea>
        <p class="left" id=asked.id("left")>{left}</p>
        {error(form, asked)}
    }
    .into_any()
}
