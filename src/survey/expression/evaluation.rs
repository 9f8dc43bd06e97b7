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
        // A branch that cannot change the outcome is not looked at, as in JavaScript.
        Node::Binary(operator @ (Operator::Or | Operator::And), left, right) => {
            let left = evaluate(left, values);
            let decides = *operator == Operator::Or;
            if !left.is_empty() && is_truthy(&left) == decides {
                return left;
            }
            stand_in(evaluate(right, values))
        }
        Node::Binary(operator, left, right) => {
            binary(*operator, &evaluate(left, values), &evaluate(right, values))
        }
        Node::Call(..) => Value::Null,
    }
}

fn binary(operator: Operator, a: &Value, b: &Value) -> Value {
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
            return arithmetic(operator, a, b);
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
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// JavaScript's `Number(value)`, with 0 for all that is empty.
fn to_number(value: &Value) -> f64 {
    match value {
        value if value.is_empty() => 0.0,
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => *number,
        Value::Text(text) if text.trim().is_empty() => 0.0,
        Value::Text(text) => number_of_text(text).unwrap_or(f64::NAN),
        Value::List(_) => to_number(&Value::Text(text_of(value))),
        Value::Null | Value::Object(_) => f64::NAN,
    }
}

/// JavaScript's `String(value)`; objects, which nobody means to read as a text, are empty.
fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => text_of_number(*number),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::List(items) => {
            let mut text = String::new();
            for item in items {
                if !text.is_empty() {
                    text.push_str(", ");
                }
                text.push_str(&text_of(item));
            }
            text
        }
        Value::Null | Value::Object(_) => String::new(),
    }
}

/// Numbers equal the texts that spell them; texts are compared without regard to case and outer blanks, arrays without
/// regard to order.
fn are_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => folded(left) == folded(right),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left.iter().all(|item| has(right, item))
                && right.iter().all(|item| has(left, item))
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

fn has(items: &[Value], item: &Value) -> bool {
    items.iter().any(|other| are_equal(other, item))
}

/// Null is neither less nor greater than anything.
fn is_less(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::Text(_) | Value::List(_), Value::Text(_) | Value::List(_)) => {
            text_of(left) < text_of(right)
        }
        (left, right) => to_number(left) < to_number(right),
    }
}

/// Whether an array has an item (each of them, if asked for several), or a text a part in any case, equals `wanted`.
/// What is empty neither has a part nor lacks one.
fn contains(left: &Value, right: &Value, wanted: bool) -> bool {
    match left {
        Value::List(items) => {
            let found = !items.is_empty()
                && match right {
                    Value::List(several) => several.iter().all(|item| has(items, item)),
                    single => has(items, single),
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

/// The last operand of `or` and `and`: what is empty is 0.
fn stand_in(value: Value) -> Value {
    if value.is_empty() {
        Value::Number(0.0)
    } else {
        value
    }
}

/// Nothing counts as 0; what is no number makes the result none.
fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Value {
    if operator == Operator::Plus {
        match (left, right) {
            (Value::List(items), Value::List(more)) => {
                return Value::List(items.iter().chain(more).cloned().collect());
            }
            // Of an array beside a number, the numbers are added.
            (Value::List(items), number @ Value::Number(_))
            | (number @ Value::Number(_), Value::List(items))
                if !matches!(items.as_slice(), [item] if number_of(item).is_some()) =>
            {
                let numbers = items.iter().filter(|item| item.as_number().is_some());
                return numbers.fold(number.clone(), |sum, item| arithmetic(operator, &sum, item));
            }
            (Value::Text(text), Value::Number(_)) | (Value::Number(_), Value::Text(text))
                if text.is_empty() => {}
            (Value::Text(_) | Value::List(_), _) | (_, Value::Text(_) | Value::List(_)) => {
                return Value::Text([text_of(left), text_of(right)].concat());
            }
            _ => {}
        }
    }
    let (a, b) = (to_number(left), to_number(right));
    let places = (decimals(a), decimals(b));
    Value::Number(match operator {
        Operator::Plus => rounded(a + b, places.0.max(places.1)),
        Operator::Minus => rounded(a - b, places.0.max(places.1)),
        Operator::Times => rounded(a * b, places.0 + places.1),
        Operator::Power if b == 0.5 => a.sqrt(),
        Operator::Power => power(a, b),
        _ if b == 0.0 => return Value::Null,
        Operator::Divide => a / b,
        _ => remainder(a, b),
    })
}

/// How many digits stand behind the point of a number, up to 9.
fn decimals(number: f64) -> u32 {
    let mut places = 0;
    let mut scaled = number;
    while places < 9 && scaled.trunc() != scaled {
        places += 1;
        scaled = number * power(10.0, f64::from(places));
    }
    places
}

/// A sum or product with no more digits behind the point than its operands have: 0.1 + 0.2 is 0.3.
fn rounded(number: f64, decimals: u32) -> f64 {
    let scale = power(10.0, f64::from(decimals));
    let scaled = (number * scale).round();
    if decimals == 0 || !scaled.is_finite() {
        number
    } else {
        scaled / scale
    }
}
