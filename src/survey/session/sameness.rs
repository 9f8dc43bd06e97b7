//! When two answers are the same, and when one counts as none.

use super::super::javascript::number_in;
use super::super::value::Value;

/// Whether an answer counts as none: what is empty, and blanks.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        value => value.is_empty(),
    }
}

pub(super) fn is_other(value: &Value) -> bool {
    let is = |value: &Value| value.as_text() == Some(super::super::definition::OTHER);
    value
        .as_list()
        .map_or_else(|| is(value), |items| items.iter().any(is))
}

/// Whether two answers are the same, with regard to case, blanks and order: a question's own `isTwoValueEquals`.
pub(super) fn is_same(left: &Value, right: &Value) -> bool {
    are_equal(left, right, false)
}

/// As [`is_same`], but numbers equal the texts that spell them: SurveyJS's `Helpers.isTwoValueEquals`, which finds choices.
pub(super) fn are_alike(left: &Value, right: &Value) -> bool {
    are_equal(left, right, true)
}

fn are_equal(left: &Value, right: &Value, reads_numbers: bool) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Null, other) | (other, Value::Null) => match other {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            _ => false,
        },
        (Value::Number(number), text @ Value::Text(_))
        | (text @ Value::Text(_), Value::Number(number)) => {
            reads_numbers && number_in(text) == Some(*number)
        }
        (Value::Bool(truth), Value::Text(text)) | (Value::Text(text), Value::Bool(truth)) => {
            text.eq_ignore_ascii_case(if *truth { "true" } else { "false" })
        }
        (Value::Number(number), Value::Bool(truth))
        | (Value::Bool(truth), Value::Number(number)) => {
            reads_numbers && *number == f64::from(u8::from(*truth))
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(a, b)| are_equal(a, b, reads_numbers))
        }
        (Value::Object(entries), Value::Object(others)) => {
            entries.len() == others.len()
                && entries.iter().all(|(key, part)| {
                    right
                        .get(key)
                        .is_some_and(|other| are_equal(part, other, reads_numbers))
                })
        }
        _ => false,
    }
}
