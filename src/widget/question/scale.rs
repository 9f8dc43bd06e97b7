//! Rating scales: separate boxes up to seven points, one joined row beyond, a list where every point has words.

use leptos::prelude::*;

use super::super::form::Form;
use super::{Asked, choice, group};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::{Choice, Rating};
use crate::survey::javascript::text_of_number;

/// Up to so many points stand as separate boxes.
const MOST_BOXES: usize = 7;

pub(super) fn view(form: Form, asked: &Asked, rating: &Rating) -> AnyView {
    if rating.is_worded() {
        let rows = rating.values.iter().enumerate().map(|(place, point)| choice::row(form, asked, point, place, false)).collect_view();
        return group(form, asked, Some("radiogroup"), view! { <div class="list">{rows}</div> }.into_any());
    }
    let shape = if rating.values.len() <= MOST_BOXES { "scale boxes" } else { "scale joined" };
    let last = rating.values.len().saturating_sub(1);
    let points = rating.values.iter().enumerate().map(|(place, value)| {
        let label = match place {
            0 => rating.low_label.clone(),
            _ if place == last => rating.high_label.clone(),
            _ => Default::default(),
        };
        let highest = rating.values.last().map(|value| number_text(&value.value)).unwrap_or_default();
        let number = number_text(&value.value);
        let shown = value.clone();
        let text = move || point_text(form, &shown);
        let name = move || {
            let values = [("value", number.as_str()), ("max", highest.as_str())];
            match form.resolve(&label) {
                label if label.is_empty() => form.fill(Message::RatingPoint, &values),
                label => form.fill(Message::RatingPointLabelled, &[values.as_slice(), &[("label", &label)]].concat()),
            }
        };
        point(form, asked, value, place, name, view! { <span class="mark">{text}</span> }.into_any())
    });
    let points = points.collect_view();
    let (low, high) = (rating.low_label.clone(), rating.high_label.clone());
    let ends = (!low.is_empty() || !high.is_empty()).then(move || {
        view! {
            // The ends are in the accessible names of the points already.
            <div class="ends" aria-hidden="true">
                <span>{move || form.resolve(&low)}</span>
                <span>{move || form.resolve(&high)}</span>
            </div>
        }
    });
    group(form, asked, Some("radiogroup"), view! { <div class=shape>{points}</div> {ends} }.into_any())
}

/// One point of a scale: a radio button with a mark of its own look.
pub(super) fn point(
    form: Form,
    asked: &Asked,
    value: &Choice,
    place: usize,
    name: impl Fn() -> String + Send + Sync + 'static,
    mark: AnyView,
) -> AnyView {
    let question = asked.question.name.clone();
    let chosen = value.value.clone();
    let is_chosen = {
        let (question, chosen) = (question.clone(), chosen.clone());
        move || *form.session.read().answer(&question) == chosen
    };
    let on_change = move |_| form.answer(&question, chosen.clone());
    view! {
        <label class="point">
            <input
                type="radio"
                class="native"
                name=asked.id("choice")
                value=place.to_string()
                aria-label=name
                prop:checked=is_chosen
                on:change=on_change
            />
            {mark}
        </label>
    }
    .into_any()
}

fn point_text(form: Form, point: &Choice) -> String {
    let text = form.resolve(&point.text);
    if text.is_empty() { number_text(&point.value) } else { text }
}

fn number_text(value: &Value) -> String {
    match value {
        Value::Number(number) => text_of_number(*number),
        Value::Text(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => String::new(),
    }
}
