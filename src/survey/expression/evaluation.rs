//! Evaluates a parsed expression with SurveyJS's own rules of comparison and arithmetic.

use super::super::javascript::{
    contains_text, is_truthy, lower_case, number_of_text, power, remainder, text_of_number,
};
use super::{Node, Operator, Value};

pub(super) fn evaluate(node: &Node, values: &dyn Fn(&str) -> Value) -> Value {
    match node {
        Node::Constant(value) => value.clone(),
        Node::Variable(name) => match name.as_bytes() {
            // Keeps the answer from being taken for a number or a truth value.
            [b'#', ..] => values(name.get(1..).unwrap_or_default()),
            // A property of an element of the survey, not an answer; there are none here.
            [b'$', ..] => Value::Null,
            _ => converted(values(name)),
        },
        Node::List(items) => Value::List(items.iter().map(|item| evaluate(item, values)).collect()),
        Node::Negate(inner) => Value::Bool(!is_truthy(&evaluate(inner, values))),
        Node::Empty(inner, wanted) => Value::Bool(evaluate(inner, values).is_empty() == *wanted),
        Node::Binary(operator @ (Operator::Or | Operator::And), left, right) => {
            let left = evaluate(left, values);
            let decides = *operator == Operator::Or;
            // A branch that cannot change the outcome is not looked at, as in JavaScript.
            if !left.is_empty() && is_truthy(&left) == decides {
                return left;
            }
            let right = evaluate(right, values);
            let left = stand_in(left, &right);
            if is_truthy(&left) == decides {
                return left;
            }
            stand_in(right, &left)
        }
        Node::Binary(operator, left, right) => {
            binary(*operator, evaluate(left, values), evaluate(right, values))
        }
        Node::Call(..) => Value::Null,
    }
}

fn binary(operator: Operator, left: Value, right: Value) -> Value {
    let (a, b) = (&left, &right);
    Value::Bool(match operator {
        Operator::Equal => are_equal(a, b),
        Operator::NotEqual => !are_equal(a, b),
        Operator::Less => is_less(a, b),
        Operator::LessOrEqual => are_equal(a, b) || is_less(a, b),
        Operator::Greater => is_less(b, a),
        Operator::GreaterOrEqual => are_equal(a, b) || is_less(b, a),
        Operator::Contains => contains(a, b, true),
        Operator::NotContains => !is_truthy(a) && !b.is_empty() || contains(a, b, false),
        Operator::AnyOf => any_of(a, b),
        Operator::NoneOf => !any_of(a, b),
        Operator::AllOf => all_of(a, b),
        Operator::Or
        | Operator::And
        | Operator::Plus
        | Operator::Minus
        | Operator::Times
        | Operator::Divide
        | Operator::Remainder
        | Operator::Power => {
            let left = stand_in(left, &right);
            let right = stand_in(right, &left);
            return arithmetic(operator, left, right);
        }
    })
}

/// An answer as an expression sees it: a text that spells a number or a truth value is one. A number that begins with a
/// zero is a code (`007`) and stays a text.
fn converted(answer: Value) -> Value {
    let Value::Text(text) = &answer else {
        return answer;
    };
    for (word, truth) in [("true", true), ("false", false)] {
        if text.eq_ignore_ascii_case(word) {
            return Value::Bool(truth);
        }
    }
    let is_code = matches!(text.as_bytes(), [b'0', next, ..] if !matches!(next, b'.' | b','))
        || matches!(text.as_bytes(), [b'0', _]);
    match number_of(&answer) {
        Some(number) if !is_code => Value::Number(number),
        _ => answer,
    }
}

/// The number that a value is, or that a text spells with a point or a comma; more than 15 digits are a code.
fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.is_finite().then_some(*number),
        Value::Text(text) => {
            let text = text.trim();
            if text.len() > 15 && text.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            match text.split_once(',') {
                Some((whole, fraction)) => number_of_text(&[whole, ".", fraction].concat()),
                None => number_of_text(text),
            }
        }
        Value::List(_) => number_of_text(&text_of(value)),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

/// JavaScript's `Number(value)`.
fn to_number(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => *number,
        Value::Text(text) if text.trim().is_empty() => 0.0,
        Value::Text(text) => number_of_text(text).unwrap_or(f64::NAN),
        Value::List(_) => to_number(&Value::Text(text_of(value))),
        Value::Object(_) => f64::NAN,
    }
}

/// JavaScript's `String(value)`.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => (if *truth { "true" } else { "false" }).to_owned(),
        Value::Number(number) => text_of_number(*number),
        Value::Text(text) => text.clone(),
        Value::List(items) => joined(items, ","),
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

fn joined(items: &[Value], separator: &str) -> String {
    let texts = items.iter().map(|item| match item {
        Value::Null => String::new(),
        item => text_of(item),
    });
    texts.collect::<Vec<_>>().join(separator)
}

/// Numbers equal the texts that spell them; texts are compared without regard to case and outer blanks, arrays without
/// regard to order.
fn are_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => folded(left) == folded(right),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && sorted(left)
                    .iter()
                    .zip(sorted(right))
                    .all(|(left, right)| are_equal(left, right))
        }
        (Value::Object(left), Value::Object(entries)) => {
            left.len() == entries.len()
                && left
                    .iter()
                    .all(|(key, part)| right.get(key).is_some_and(|other| are_equal(part, other)))
        }
        (Value::Bool(truth), Value::Text(text)) | (Value::Text(text), Value::Bool(truth)) => {
            text.eq_ignore_ascii_case(if *truth { "true" } else { "false" })
        }
        (Value::Null, Value::Null) => true,
        (Value::Null, Value::Text(text)) | (Value::Text(text), Value::Null) => text.is_empty(),
        (Value::Null | Value::List(_) | Value::Object(_), _)
        | (_, Value::Null | Value::List(_) | Value::Object(_)) => false,
        (left, right) => left.is_empty() == right.is_empty() && to_number(left) == to_number(right),
    }
}

fn folded(text: &str) -> String {
    lower_case(text.trim())
}

/// In the order of JavaScript's `sort()`.
fn sorted(items: &[Value]) -> Vec<&Value> {
    let mut texts: Vec<(String, &Value)> = items.iter().map(|item| (text_of(item), item)).collect();
    // Insertion sort: the lists are short, and the library's sort is large.
    for end in 1..texts.len() {
        for place in (1..=end).rev() {
            let [.., before, after] = texts.get(..=place).unwrap_or_default() else {
                break;
            };
            if before.0 <= after.0 {
                break;
            }
            texts.swap(place - 1, place);
        }
    }
    texts.into_iter().map(|(_, item)| item).collect()
}

/// Null is neither less nor greater than anything.
fn is_less(left: &Value, right: &Value) -> bool {
    let is_text =
        |value: &Value| matches!(value, Value::Text(_) | Value::List(_) | Value::Object(_));
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => false,
        (left, right) if is_text(left) && is_text(right) => text_of(left) < text_of(right),
        (left, right) => to_number(left) < to_number(right),
    }
}

/// Whether an array has an item (each of them, if asked for several), or a text a part in any case, equals `wanted`.
/// What is empty neither has a part nor lacks one.
fn contains(left: &Value, right: &Value, wanted: bool) -> bool {
    match left {
        Value::List(items) => {
            let has = |item: &Value| items.iter().any(|other| are_equal(other, item));
            let found = !items.is_empty()
                && match right {
                    Value::List(several) => several.iter().all(has),
                    single => has(single),
                };
            found == wanted
        }
        left if left.is_empty() || !is_truthy(right) => false,
        left => {
            let (left, right) = (lower_case(&text_of(left)), lower_case(&text_of(right)));
            contains_text(&left, &right) == wanted
        }
    }
}

fn any_of(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (left, right) if left.is_empty() || right.is_empty() => right.is_empty(),
        (Value::List(_), Value::List(several)) => {
            several.iter().any(|item| contains(left, item, true))
        }
        (Value::List(_), single) => contains(left, single, true),
        (single, right) => contains(right, single, true),
    }
}

fn all_of(left: &Value, right: &Value) -> bool {
    match right {
        right if !is_truthy(left) && !right.is_empty() => false,
        Value::List(several) => several.iter().all(|item| contains(left, item, true)),
        single => contains(left, single, true),
    }
}

/// What stands in for an empty operand beside `other`.
fn stand_in(value: Value, other: &Value) -> Value {
    match (&value, other) {
        (value, _) if !value.is_empty() => {}
        (_, Value::Number(_)) => return Value::Number(0.0),
        (Value::Text(_), _) => {}
        (_, Value::Text(_)) => return Value::Text(String::new()),
        (_, Value::List(_)) => return Value::List(Vec::new()),
        _ => return Value::Number(0.0),
    }
    value
}

fn arithmetic(operator: Operator, left: Value, right: Value) -> Value {
    let (a, b) = (to_number(&left), to_number(&right));
    let (a_places, b_places) = (decimals(&left), decimals(&right));
    Value::Number(match operator {
        Operator::Plus => return plus(left, right),
        Operator::Minus => rounded(a - b, a_places.max(b_places)),
        Operator::Times => rounded(a * b, a_places + b_places),
        Operator::Power => power(a, b),
        _ if !is_truthy(&right) => return Value::Null,
        Operator::Divide => a / b,
        _ => remainder(a, b),
    })
}

/// Numbers are added, arrays and texts put together.
fn plus(left: Value, right: Value) -> Value {
    let are_numbers = number_of(&left).is_some() && number_of(&right).is_some();
    match (left, right) {
        (Value::List(mut left), Value::List(right)) if !are_numbers => {
            left.extend(right);
            Value::List(left)
        }
        (Value::List(items), Value::Text(text)) if !are_numbers => {
            Value::Text([joined(&items, ", "), text].concat())
        }
        (Value::Text(text), Value::List(items)) if !are_numbers => {
            Value::Text([text, joined(&items, ", ")].concat())
        }
        (Value::List(items), number @ Value::Number(_))
        | (number @ Value::Number(_), Value::List(items))
            if !are_numbers =>
        {
            let numbers = items.into_iter().filter(|item| item.as_number().is_some());
            numbers.chain([number]).fold(Value::Number(0.0), plus)
        }
        (
            left @ (Value::Null | Value::Bool(_) | Value::Number(_)),
            right @ (Value::Null | Value::Bool(_) | Value::Number(_)),
        ) => Value::Number(rounded(
            to_number(&left) + to_number(&right),
            decimals(&left).max(decimals(&right)),
        )),
        (left, right) => Value::Text([text_of(&left), text_of(&right)].concat()),
    }
}

/// How many digits stand behind the point of a number.
fn decimals(value: &Value) -> usize {
    if number_of(value).is_none() {
        return 0;
    }
    text_of(value)
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len())
}

/// A sum or product with no more digits behind the point than its operands have: 0.1 + 0.2 is 0.3.
fn rounded(number: f64, decimals: usize) -> f64 {
    let scale = power(10.0, decimals as f64);
    let scaled = (number * scale).round();
    if decimals == 0 || !scaled.is_finite() {
        number
    } else {
        scaled / scale
    }
}
