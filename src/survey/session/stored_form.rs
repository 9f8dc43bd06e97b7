//! The form in which an answer of each kind is taken and stored.

use super::super::definition::{Kind, Slider, TextInput};
use super::super::javascript::{
    is_truthy, joined, number_in, number_of_text, number_of_value, text_of_value,
};
use super::super::value::Value;
use super::Session;
use super::sameness::are_alike;

impl Session {
    /// The form in which an answer of this kind is stored.
    pub(super) fn to_stored(&self, place: usize, value: Value) -> Value {
        let Some(question) = self.question(place) else {
            return value;
        };
        match &question.kind {
            Kind::Rating(rating) if rating.is_listed => {
                let point = rating
                    .values
                    .iter()
                    .find(|point| are_alike(&point.value, &value));
                point.map_or(value, |point| point.value.clone())
            }
            // What JavaScript takes for a number is read as one: truth values, too, which then are none.
            Kind::Rating(_) if value != Value::Null && !number_of_value(&value).is_nan() => {
                number_of_text(&text_of_value(&value)).map_or(Value::Null, Value::Number)
            }
            Kind::Imagepicker(_) => value,
            kind if kind.is_multiple() => self.wrapped(place, value),
            Kind::Text(TextInput {
                mask: Some(mask), ..
            }) => mask.stored(value),
            kind if kind.choices().is_some() => match value {
                Value::List(items) => items.into_iter().next().unwrap_or_default(),
                value => value,
            },
            _ => value,
        }
    }
}

/// A computed answer as a line takes it: of an array, its items with commas between them.
pub(super) fn as_line(kind: &Kind, value: Value) -> Value {
    match value {
        Value::List(items) => as_typed(kind, Value::Text(joined(&items, ", "))),
        value => as_typed(kind, value),
    }
}

/// What a field for numbers takes: a number, or nothing.
pub(super) fn as_typed(kind: &Kind, value: Value) -> Value {
    match kind {
        Kind::Text(input) if input.input.is_number() && is_truthy(&value) => {
            number_in(&value).map_or_else(|| Value::from(""), Value::Number)
        }
        _ => value,
    }
}

/// What was given, within the ends of a slider.
pub(super) fn on_slider(slider: &Slider, value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number.max(slider.min).min(slider.max)),
        Value::List(items) => Value::List(
            items
                .into_iter()
                .map(|item| on_slider(slider, item))
                .collect(),
        ),
        value => value,
    }
}

/// A matrix has one column for each row, or a list of them.
pub(super) fn matrix_value(is_multiple: bool, value: Value) -> Value {
    let Value::Object(entries) = value else {
        return value;
    };
    let entries = entries.into_iter().filter_map(|(row, chosen)| {
        let chosen = match chosen {
            Value::List(items) if !is_multiple => items.into_iter().next()?,
            chosen @ Value::List(_) => chosen,
            chosen if is_multiple => Value::List(vec![chosen]),
            chosen => chosen,
        };
        Some((row, chosen))
    });
    Value::Object(entries.collect())
}
