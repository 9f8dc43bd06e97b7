//! The kinds that few surveys have: dropdown, one line of text, yes or no, stars and faces. Loaded as a part.

use leptos::prelude::*;

use super::super::form::Form;
use super::{Asked, choice, description, error, group, is_invalid, scale, title};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::{Boolean, Choice, Choices, InputType, Kind, OTHER, Rating, RatingLook, TextInput};
use crate::survey::javascript::{number_of_text, text_of_number};

/// The view of a question of one of these kinds.
pub(in super::super) fn view(form: Form, asked: Asked) -> AnyView {
    match &asked.question.kind {
        Kind::Dropdown(choices) => dropdown(form, &asked, choices),
        Kind::Text(input) => text(form, &asked, input),
        Kind::Boolean(boolean) => yes_no(form, &asked, boolean),
        Kind::Rating(rating) => icons(form, &asked, rating),
        // These are in the main part.
        Kind::Radiogroup(_) | Kind::Checkbox(_) | Kind::Comment(_) => ().into_any(),
    }
}

fn labelled(form: Form, asked: &Asked, input: AnyView) -> AnyView {
    view! {
        <label class="title" data-title tabindex="-1" for=asked.id("field")>{title(form, asked)}</label>
        {description(form, asked)}
        {input}
        {error(form, asked)}
    }
    .into_any()
}

fn dropdown(form: Form, asked: &Asked, choices: &Choices) -> AnyView {
    let question = asked.question.name.clone();
    let other = choices.other.clone().map(|text| Choice { value: Value::from(OTHER), text, visible_if: None });
    let all: Vec<Choice> = choices.choices.iter().cloned().chain(other).collect();
    let options = all.iter().enumerate().map(|(place, option)| {
        let (value, text) = (option.value.clone(), option.text.clone());
        let is_chosen = {
            let (question, value) = (question.clone(), value.clone());
            move || *form.session.read().answer(&question) == value
        };
        view! {
            <option value=place.to_string() prop:selected=is_chosen>{move || choice::choice_text(form, &value, &text)}</option>
        }
    });
    let options = options.collect_view();
    let is_empty = {
        let question = question.clone();
        move || form.session.read().answer(&question).is_empty()
    };
    let on_change = move |event| {
        let place: Option<usize> = event_target_value(&event).parse().ok();
        let chosen = place.and_then(|place| all.get(place)).map(|choice| choice.value.clone());
        form.answer(&question, chosen.unwrap_or_default());
    };
    let described = format!("{} {}", asked.id("hint"), asked.id("error"));
    let select = view! {
        <select
            class="field"
            id=asked.id("field")
            aria-describedby=described
            aria-invalid=is_invalid(form, asked)
            on:change=on_change
        >
            <option value="" prop:selected=is_empty>{move || form.text(Message::ChoosePlaceholder)}</option>
            {options}
        </select>
    };
    labelled(form, asked, select.into_any())
}

fn text(form: Form, asked: &Asked, input: &TextInput) -> AnyView {
    let question = asked.question.name.clone();
    let is_number = input.input == InputType::Number;
    let (kind, mode) = match input.input {
        // The browser's own number field eats what it does not understand; the keyboard is all we want of it.
        InputType::Number => ("text", Some("decimal")),
        InputType::Text => ("text", None),
        InputType::Email => ("email", None),
        InputType::Telephone => ("tel", None),
        InputType::Url => ("url", None),
        InputType::Date => ("date", None),
    };
    let shown = {
        let question = question.clone();
        move || match form.session.read().answer(&question) {
            Value::Text(text) => text.clone(),
            Value::Number(number) => text_of_number(*number),
            _ => String::new(),
        }
    };
    let on_change = move |event| {
        let text = event_target_value(&event);
        let number = number_of_text(&text).filter(|_| is_number);
        form.answer(&question, number.map_or(Value::Text(text), Value::Number));
    };
    let placeholder = input.placeholder.clone();
    let described = format!("{} {}", asked.id("hint"), asked.id("error"));
    let field = view! {
        <input
            class="field"
            id=asked.id("field")
            type=kind
            inputmode=mode
            maxlength=input.max_length.to_string()
            placeholder=move || form.resolve(&placeholder)
            aria-describedby=described
            aria-invalid=is_invalid(form, asked)
            prop:value=shown
            on:change=on_change.clone()
        />
    };
    labelled(form, asked, field.into_any())
}

fn yes_no(form: Form, asked: &Asked, boolean: &Boolean) -> AnyView {
    let yes = Choice { value: Value::Bool(true), text: boolean.true_label.clone(), visible_if: None };
    let no = Choice { value: Value::Bool(false), text: boolean.false_label.clone(), visible_if: None };
    let rows = [choice::row(form, asked, &yes, 0, false), choice::row(form, asked, &no, 1, false)].collect_view();
    group(form, asked, Some("radiogroup"), view! { <div class="list pair">{rows}</div> }.into_any())
}

/// Stars fill up to the chosen one; faces stand for themselves. All of one size and weight.
fn icons(form: Form, asked: &Asked, rating: &Rating) -> AnyView {
    let is_stars = rating.look == RatingLook::Stars;
    let last = rating.values.len().saturating_sub(1);
    let points = rating.values.iter().enumerate().map(|(place, value)| {
        let name = move || {
            form.fill(Message::RatingPoint, &[("value", &(place + 1).to_string()), ("max", &(last + 1).to_string())])
        };
        let question = asked.question.clone();
        let is_filled = move || {
            let Kind::Rating(rating) = &question.kind else { return false };
            let session = form.session.read();
            let chosen = rating.values.iter().position(|point| point.value == *session.answer(&question.name));
            chosen.is_some_and(|chosen| if is_stars { place <= chosen } else { place == chosen })
        };
        let icon = if is_stars { star() } else { face(place, last) };
        let mark = view! { <span class="icon" class:filled=is_filled>{icon}</span> }.into_any();
        scale::point(form, asked, value, place, name, mark)
    });
    let points = points.collect_view();
    let (low, high) = (rating.low_label.clone(), rating.high_label.clone());
    let ends = view! {
        <div class="ends" aria-hidden="true">
            <span>{move || form.resolve(&low)}</span>
            <span>{move || form.resolve(&high)}</span>
        </div>
    };
    group(form, asked, Some("radiogroup"), view! { <div class="scale icons">{points}</div> {ends} }.into_any())
}

fn star() -> AnyView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z" />
        </svg>
    }
    .into_any()
}

/// A face whose mouth goes from a frown to a smile of the same size.
fn face(place: usize, last: usize) -> AnyView {
    let mood = if last == 0 { 0.5 } else { place as f64 / last as f64 };
    let mouth = ["M8 15.5q4 ", &text_of_number(((mood - 0.5) * 7.0).round()), " 8 0"].concat();
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="9.2" />
            <path d="M9 9.4v.8M15 9.4v.8" />
            <path d=mouth />
        </svg>
    }
    .into_any()
}
