//! SurveyJS's rules of when two values are equal, and JavaScript's of which is less.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::javascript::{compare_texts, lower_case, number_of_value, text_of_value};
use super::Value;

/// Numbers equal the texts that spell them; texts are compared without regard to case and outer blanks, arrays without
/// regard to order.
pub(super) fn are_equal(left: &Value, right: &Value) -> bool {
    let is_undefined = |value: &Value| value.as_text() == Some("undefined");
    if is_undefined(left) {
        equals_undefined(right)
    } else if is_undefined(right) {
        equals_undefined(left)
    } else {
        are_same(left, right, false)
    }
}

/// As [`are_equal`], with the order of arrays.
pub(super) fn are_equal_in_order(left: &Value, right: &Value) -> bool {
    are_same(left, right, true)
}

pub(super) fn equals_undefined(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty() || text == "undefined",
        Value::List(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

fn are_same(left: &Value, right: &Value, is_ordered: bool) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => folded(left) == folded(right),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && if is_ordered {
                    left.iter()
                        .zip(right)
                        .all(|(left, right)| are_same(left, right, true))
                } else {
                    let mut pairs = sorted(left).zip(sorted(right));
                    pairs.all(|(left, right)| are_same(left, right, false))
                }
        }
        (Value::Object(entries), Value::Object(others)) => {
            let is_in = |(key, part): &(String, Value)| {
                right
                    .get(key)
                    .is_some_and(|other| are_same(part, other, is_ordered))
            };
            entries.len() == others.len() && entries.iter().all(is_in)
        }
        (Value::List(items), Value::Object(entries))
        | (Value::Object(entries), Value::List(items)) => items.is_empty() && entries.is_empty(),
        (Value::Bool(truth), Value::Text(text)) | (Value::Text(text), Value::Bool(truth)) => {
            lower_case(text) == if *truth { "true" } else { "false" }
        }
        (Value::Null, Value::Null) => true,
        (Value::Null, Value::Text(text)) | (Value::Text(text), Value::Null) => text.is_empty(),
        (Value::Null | Value::List(_) | Value::Object(_), _)
        | (_, Value::Null | Value::List(_) | Value::Object(_)) => false,
        (left, right) => {
            left.is_empty() == right.is_empty() && number_of_value(left) == number_of_value(right)
        }
    }
}

/// The items in the order of JavaScript's `sort`: by their texts.
fn sorted(items: &[Value]) -> impl Iterator<Item = &Value> + use<'_> {
    let keys = items.iter().enumerate();
    let heap: BinaryHeap<(Vec<u16>, usize)> = keys
        .map(|(place, item)| (text_of_value(item).encode_utf16().collect(), place))
        .collect();
    let order = heap.into_sorted_vec().into_iter();
    order.filter_map(|(_, place)| items.get(place))
}

fn folded(text: &str) -> String {
    lower_case(text.trim())
}

/// Null is neither less nor greater than anything.
pub(super) fn is_less(left: &Value, right: &Value) -> bool {
    let is_text =
        |value: &Value| matches!(value, Value::Text(_) | Value::List(_) | Value::Object(_));
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => false,
        (left, right) if is_text(left) && is_text(right) => {
            compare_texts(&text_of_value(left), &text_of_value(right)) == Ordering::Less
        }
        (left, right) => number_of_value(left) < number_of_value(right),
    }
}
