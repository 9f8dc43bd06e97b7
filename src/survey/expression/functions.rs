//! The functions of SurveyJS expressions, as survey-core 3.1.1 registers them; a part of its own, which only surveys that
//! call one need.
//!
//! Operators on dates and `^` are here, too: dates come from functions only, and powers are rare.

mod arrays;
mod dates;

use super::super::javascript::{
    is_truthy, number_in, number_in_text, number_of_text, number_of_value, text_of_number,
};
use super::evaluation::{binary, sum};
use super::{Argument, Operand, Operator, Value};

/// What functions know beyond their arguments: time, place, and the survey around the expression.
///
/// What has a body here is the answer of a place without a survey.
pub trait Surroundings {
    /// The present moment, in milliseconds since 1970 UTC.
    fn now_ms(&self) -> f64;

    /// How many minutes the local clock is ahead of UTC at a moment (milliseconds since 1970 UTC).
    fn zone_minutes(&self, moment: f64) -> f64;

    /// What an expression's name means outside an array whose items are being asked: `{discount}` beside `{price}`.
    fn look_up(&self, name: &str) -> Option<Value> {
        let _ = name;
        None
    }

    /// How the answer to a question is shown, or how `value` would be.
    fn display_value(&self, question: &str, value: Option<&Value>) -> Option<Value> {
        let _ = (question, value);
        None
    }

    /// A property of a question.
    fn property_value(&self, question: &str, property: &str) -> Option<Value> {
        let _ = (question, property);
        None
    }

    /// The comment to a question, or to one of its choices.
    fn comment(&self, question: &str, choice: Option<&Value>) -> Option<Value> {
        let _ = (question, choice);
        None
    }

    /// Whether nothing is wrong with what is answered on a page or panel, or in the panel of that number of a dynamic one.
    fn is_container_ready(&self, name: &str, panel: Option<f64>) -> bool {
        let _ = (name, panel);
        false
    }

    /// Whether the survey is only shown.
    fn is_display_mode(&self) -> Option<bool> {
        None
    }
}

const NULL: Operand = Operand::Value(Value::Null);

/// The result of a function; null for one that is not known. Names are as they are written, in the same case.
pub fn call(name: &str, arguments: &[Argument<'_>], surroundings: &dyn Surroundings) -> Operand {
    call_within(name, arguments, surroundings, 0)
}

/// As [`call`], within so many conditions on the items of arrays.
fn call_within(
    name: &str,
    arguments: &[Argument<'_>],
    surroundings: &dyn Surroundings,
    depth: usize,
) -> Operand {
    let first = arguments.first().map(|argument| &argument.value);
    let second = arguments.get(1).map(|argument| &argument.value);
    match name {
        "iif" => choose(arguments),
        "sum" => total(&flat(arguments), surroundings).into(),
        "avg" => {
            let values = flat(arguments);
            let count = values.len().max(1) as f64;
            (number_of_value(&total(&values, surroundings)) / count).into()
        }
        "min" => extreme(arguments, Operator::Less),
        "max" => extreme(arguments, Operator::Greater),
        "count" => (flat(arguments).len() as f64).into(),
        "round" => round(arguments).into(),
        "trunc" => truncate(arguments).into(),
        "substring" => substring(arguments).into(),
        "displayValue" => {
            let chosen = second.map(Operand::value).filter(|value| !value.is_empty());
            let question = first.and_then(|name| name.value().as_text());
            or_undefined(question.and_then(|name| surroundings.display_value(name, chosen)))
        }
        "propertyValue" => match (first.map(Operand::value), second.map(Operand::value)) {
            (Some(Value::Text(question)), Some(Value::Text(property))) if arguments.len() == 2 => {
                or_undefined(surroundings.property_value(question, property))
            }
            _ => Operand::Undefined,
        },
        "getComment" => {
            let choice = second
                .map(Operand::value)
                .filter(|value| **value != Value::Null);
            let question = first.and_then(|name| name.value().as_text());
            or_undefined(question.and_then(|name| surroundings.comment(name, choice)))
        }
        "isContainerReady" => {
            let panel = second.map(|place| number_of_value(place.value()));
            let container = first.and_then(|name| name.value().as_text());
            container
                .is_some_and(|name| surroundings.is_container_ready(name, panel))
                .into()
        }
        "isDisplayMode" => or_undefined(surroundings.is_display_mode().map(Value::Bool)),
        "^" => match (first, second) {
            (Some(base), Some(exponent)) => power(number_of(base), number_of(exponent)).into(),
            _ => NULL,
        },
        _ => arrays::call(name, arguments, surroundings, depth)
            .or_else(|| dates::call(name, arguments, surroundings))
            .unwrap_or(NULL),
    }
}

fn or_undefined(value: Option<Value>) -> Operand {
    value.map_or(Operand::Undefined, Operand::Value)
}

fn choose(arguments: &[Argument<'_>]) -> Operand {
    let [condition, yes, rest @ ..] = arguments else {
        return NULL;
    };
    if condition.value.is_truthy() {
        return yes.value.clone();
    }
    rest.first()
        .map_or(Operand::Undefined, |no| no.value.clone())
}

/// JavaScript's `Number(value)`.
fn number_of(operand: &Operand) -> f64 {
    match operand {
        Operand::Undefined => f64::NAN,
        Operand::Date(date) => date.moment(),
        Operand::Value(value) => number_of_value(value),
    }
}

/// The arguments and the items of those that are arrays, without those that are nothing; texts that spell numbers are
/// numbers.
fn flat(arguments: &[Argument<'_>]) -> Vec<Operand> {
    let mut values = Vec::new();
    for argument in arguments {
        match &argument.value {
            Operand::Undefined => {}
            date @ Operand::Date(_) => values.push(date.clone()),
            Operand::Value(value) => flatten(value, &mut values),
        }
    }
    values
}

fn flatten(value: &Value, values: &mut Vec<Operand>) {
    match value {
        Value::Null => {}
        Value::List(items) => items.iter().for_each(|item| flatten(item, values)),
        value => values.push(match number_in(value) {
            Some(number) => number.into(),
            None => value.clone().into(),
        }),
    }
}

/// JavaScript's `0 + a + b …`: a text in it makes it one.
fn total(values: &[Operand], surroundings: &dyn Surroundings) -> Value {
    let start = Value::Number(0.0);
    values.iter().fold(start, |total, value| match value {
        Operand::Date(date) => sum(
            &total,
            &Value::Text(dates::text_of(date.moment(), surroundings)),
        ),
        value => sum(&total, value.value()),
    })
}

/// The least or the greatest argument, as JavaScript compares.
fn extreme(arguments: &[Argument<'_>], operator: Operator) -> Operand {
    let mut best = Operand::Undefined;
    for value in flat(arguments) {
        let plain = |operand: &Operand| match operand {
            Operand::Date(date) => Value::Number(date.moment()),
            operand => operand.value().clone(),
        };
        let is_better = binary(operator, &plain(&value), &plain(&best)) == Value::Bool(true);
        if best == Operand::Undefined || is_better {
            best = value;
        }
    }
    best
}

/// (the number, the digits asked for) of `round` and `trunc`.
fn number_and_digits(arguments: &[Argument<'_>]) -> Option<(f64, f64)> {
    let values = flat(arguments);
    let number = values.first()?.value().as_number()?;
    let digits = match values.get(1).map(Operand::value) {
        Some(value) if is_truthy(value) => value.as_number()?,
        _ => 0.0,
    };
    (number.is_finite() && digits.is_finite()).then_some((number, digits))
}

/// A half is rounded up, also where it is a little less than one in binary: 2.175 to 2.18.
fn round(arguments: &[Argument<'_>]) -> f64 {
    let Some((number, digits)) = number_and_digits(arguments) else {
        return f64::NAN;
    };
    let scale = power(10.0, digits);
    let scaled = number * scale * (1.0 + f64::EPSILON);
    let below = scaled.floor();
    let nearest = if scaled - below >= 0.5 {
        below + 1.0
    } else {
        below
    };
    nearest / scale
}

/// The digits of a number up to so many behind the point; none if they are not counted by a whole number.
fn truncate(arguments: &[Argument<'_>]) -> f64 {
    let Some((number, digits)) = number_and_digits(arguments) else {
        return f64::NAN;
    };
    let text = text_of_number(number);
    // Of 1e21, with digits asked for, SurveyJS cuts out `1e`.
    let has_places = digits >= 1.0 && digits.trunc() == digits;
    if has_places
        && text
            .split_once('e')
            .is_some_and(|(whole, _)| !whole.contains('.'))
    {
        return f64::NAN;
    }
    let (whole, fraction) = text.split_once(['.', 'e']).unwrap_or((&text, ""));
    let shown = if has_places {
        let decimals = fraction.bytes().take_while(u8::is_ascii_digit).count();
        fraction
            .get(..decimals.min(digits as usize))
            .unwrap_or_default()
    } else {
        ""
    };
    let shown = [whole, ".", shown].concat();
    number_of_text(&shown).unwrap_or(f64::NAN)
}

/// JavaScript's `Math.pow`.
fn power(base: f64, exponent: f64) -> f64 {
    // IEEE 754 says 1 here, JavaScript does not.
    let is_open = base.abs() == 1.0 && exponent.is_infinite();
    if exponent.is_nan() || is_open {
        return f64::NAN;
    }
    base.powf(exponent)
}

/// JavaScript's `text.substring(start, end)`, by UTF-16 units; what is no text has none.
fn substring(arguments: &[Argument<'_>]) -> Value {
    let (text, start, end) = match arguments {
        [text, start, rest @ ..] => (text.value.value(), start.value.value(), rest.first()),
        _ => return Value::from(""),
    };
    let (Some(text), Some(_)) = (text.as_text(), number_in(start)) else {
        return Value::from("");
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    // A number that is none, or below 0, is 0; the cast sees to it.
    let place = |value: &Value| (number_of_value(value) as usize).min(units.len());
    let start = place(start);
    let end = end
        .map(|end| end.value.value())
        .filter(|end| number_in(end).is_some())
        .map_or(units.len(), place);
    let part = units.get(start.min(end)..start.max(end));
    Value::Text(String::from_utf16_lossy(part.unwrap_or_default()))
}

/// A text as SurveyJS's functions take it for a number; nothing if it spells none.
fn converted(value: &Value) -> Value {
    match value {
        Value::Text(text) => number_in_text(text).map_or(Value::Null, Value::Number),
        value => value.clone(),
    }
}
