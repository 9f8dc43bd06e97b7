//! Evaluates a parsed expression with SurveyJS's own rules of comparison and arithmetic.

use super::super::javascript::{
    contains_text, is_truthy, lower_case, number_of_text, power, remainder, text_of_number,
};
use super::{Node, Operator, Value};

pub(super) fn evaluate(node: &Node, values: &dyn Fn(&str) -> Value) -> Value {
    match node {
        Node::Constant(value) => value.clone(),
        Node::Variable(name) => values(name),
        Node::List(items) => Value::List(items.iter().map(|item| evaluate(item, values)).collect()),
        Node::Negate(inner) => Value::Bool(!is_truthy(&evaluate(inner, values))),
        Node::Empty(inner, wanted) => Value::Bool(evaluate(inner, values).is_empty() == *wanted),
        // A branch that cannot change the outcome is not looked at, as in JavaScript.
        Node::Binary(Operator::Or, left, right) => {
            Value::Bool(is_truthy(&evaluate(left, values)) || is_truthy(&evaluate(right, values)))
        }
        Node::Binary(Operator::And, left, right) => {
            Value::Bool(is_truthy(&evaluate(left, values)) && is_truthy(&evaluate(right, values)))
        }
        Node::Binary(operator, left, right) => {
            binary(*operator, &evaluate(left, values), &evaluate(right, values))
        }
        Node::Call(..) => Value::Null,
    }
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Value {
    match operator {
        Operator::Or | Operator::And => Value::Bool(false),
        Operator::Equal => Value::Bool(are_equal(left, right)),
        Operator::NotEqual => Value::Bool(!are_equal(left, right)),
        Operator::Less => Value::Bool(is_less(left, right, false)),
        Operator::LessOrEqual => Value::Bool(is_less(left, right, true)),
        Operator::Greater => Value::Bool(is_less(right, left, false)),
        Operator::GreaterOrEqual => Value::Bool(is_less(right, left, true)),
        Operator::Contains => Value::Bool(contains(left, right)),
        Operator::NotContains => Value::Bool(!contains(left, right)),
        Operator::AnyOf => Value::Bool(any_of(left, right)),
        Operator::NoneOf => Value::Bool(!any_of(left, right)),
        Operator::AllOf => Value::Bool(all_of(left, right)),
        Operator::Plus => plus(left, right),
        Operator::Minus => arithmetic(left, right, |a, b| a - b),
        Operator::Times => arithmetic(left, right, |a, b| a * b),
        Operator::Divide => arithmetic(left, right, |a, b| a / b),
        Operator::Remainder => arithmetic(left, right, remainder),
        Operator::Power => arithmetic(left, right, power),
    }
}

/// SurveyJS's equality: a number equals the text that spells it, texts are compared without regard to case and outer
/// blanks, arrays without regard to order, and nothing equals only nothing.
pub(crate) fn are_equal(left: &Value, right: &Value) -> bool {
    if left.is_empty() || right.is_empty() {
        return left.is_empty() && right.is_empty();
    }
    if let (Value::Bool(truth), other) | (other, Value::Bool(truth)) = (left, right) {
        return match other {
            Value::Bool(other) => truth == other,
            Value::Text(text) => text.eq_ignore_ascii_case(if *truth { "true" } else { "false" }),
            Value::Number(number) => *number == f64::from(u8::from(*truth)),
            Value::Null | Value::List(_) | Value::Object(_) => false,
        };
    }
    if let (Some(left), Some(right)) = (number_of(left), number_of(right)) {
        return left == right;
    }
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => folded(left) == folded(right),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|item| right.iter().any(|other| are_equal(item, other)))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| {
                    right
                        .iter()
                        .any(|(other_key, other)| key == other_key && are_equal(value, other))
                })
        }
        _ => false,
    }
}

fn folded(text: &str) -> String {
    lower_case(text.trim())
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => number_of_text(text),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// Nothing is neither less nor greater than anything.
fn is_less(left: &Value, right: &Value, or_equal: bool) -> bool {
    if left.is_empty() || right.is_empty() {
        return or_equal && are_equal(left, right);
    }
    if let (Some(left), Some(right)) = (number_of(left), number_of(right)) {
        return left < right || or_equal && left == right;
    }
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => left < right || or_equal && left == right,
        _ => or_equal && are_equal(left, right),
    }
}

/// A text contains its parts, an array its items (each of them, if asked for several), in any case.
fn contains(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(items), Value::List(wanted)) => wanted
            .iter()
            .all(|item| items.iter().any(|other| are_equal(item, other))),
        (Value::List(items), wanted) => items.iter().any(|item| are_equal(item, wanted)),
        (Value::Null, _) | (_, Value::Null) => false,
        (left, right) => match (text_of(left), text_of(right)) {
            (Some(left), Some(right)) => contains_text(&lower_case(&left), &lower_case(&right)),
            _ => false,
        },
    }
}

fn any_of(left: &Value, right: &Value) -> bool {
    if left.is_empty() && right.is_empty() {
        return true;
    }
    match (left, right) {
        _ if left.is_empty() => false,
        (Value::List(items), Value::List(_)) => items.iter().any(|item| contains(right, item)),
        (Value::List(_), single) => contains(left, single),
        (single, Value::List(_)) => contains(right, single),
        (left, right) => contains(left, right),
    }
}

fn all_of(left: &Value, right: &Value) -> bool {
    if left.is_empty() && !right.is_empty() {
        return false;
    }
    match (left, right) {
        (Value::List(_), Value::List(_)) => contains(left, right),
        _ => are_equal(left, right),
    }
}

fn plus(left: &Value, right: &Value) -> Value {
    if let (Some(left), Some(right)) = (number_of(left), number_of(right)) {
        return Value::Number(left + right);
    }
    match (left, right) {
        (Value::Null, Value::Null) => Value::Null,
        (Value::Null, value) | (value, Value::Null) => value.clone(),
        (left, right) => match (text_of(left), text_of(right)) {
            (Some(left), Some(right)) => Value::Text(left + &right),
            _ => Value::Null,
        },
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(text_of_number(*number)),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::List(_) | Value::Object(_) => None,
    }
}

/// Nothing counts as 0; what is not a number, and a division by zero, give nothing.
fn arithmetic(left: &Value, right: &Value, operation: fn(f64, f64) -> f64) -> Value {
    let operand = |value: &Value| {
        if value.is_empty() {
            Some(0.0)
        } else {
            number_of(value)
        }
    };
    match (operand(left), operand(right)) {
        (Some(left), Some(right)) => {
            let result = operation(left, right);
            if result.is_finite() {
                Value::Number(result)
            } else {
                Value::Null
            }
        }
        _ => Value::Null,
    }
}
