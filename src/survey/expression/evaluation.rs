//! Evaluates a parsed expression with SurveyJS's own rules of arithmetic.

use super::super::javascript::{
    contains_text, is_truthy, joined, lower_case, number_in, number_of_value, remainder, rounded,
    text_of_number, text_of_value,
};
use super::comparison::{are_equal, are_equal_in_order, equals_undefined, is_less};
use super::{Argument, Node, Operand, Operator, Scope, Value};

pub(super) fn evaluate(node: &Node, scope: &dyn Scope) -> Operand {
    Operand::Value(match node {
        Node::Constant(value) => value.clone(),
        Node::Variable(variable) => match (scope.look_up(&variable.name), &variable.object) {
            (Value::Null, Some(object)) => object.clone(),
            (Value::Null, None) if scope.is_undefined(&variable.name) => {
                return Operand::Undefined;
            }
            (value, _) if variable.is_raw => value,
            (value, _) => converted(value),
        },
        Node::List(items) => {
            let values = items.iter().map(|item| evaluate(item, scope).into_value());
            Value::List(values.collect())
        }
        Node::Negate(inner) => Value::Bool(!evaluate(inner, scope).is_truthy()),
        Node::Empty(inner, wanted) => Value::Bool(evaluate(inner, scope).is_empty() == *wanted),
        Node::Chain(head, rest) => {
            let is_ordered =
                |node: &Node| matches!(node, Node::Variable(name) if scope.is_ordered(&name.name));
            let mut ordered = is_ordered(head);
            return rest
                .iter()
                .fold(evaluate(head, scope), |left, (operator, right)| {
                    ordered |= is_ordered(right);
                    apply(*operator, left, right, ordered, scope)
                });
        }
        Node::Call(name, arguments) => {
            let arguments: Vec<_> = arguments
                .iter()
                .map(|node| Argument {
                    value: evaluate(node, scope),
                    node: Some(node),
                })
                .collect();
            return scope.call(name, &arguments);
        }
    })
}

/// `left operator right`; a branch that cannot change the outcome is not looked at.
fn apply(
    operator: Operator,
    left: Operand,
    right: &Node,
    is_ordered: bool,
    scope: &dyn Scope,
) -> Operand {
    if matches!(operator, Operator::Or | Operator::And) {
        let decides = operator == Operator::Or;
        if !left.is_empty() && left.is_truthy() == decides {
            return left;
        }
        let right = evaluate(right, scope);
        let left = stand_in(left, &right);
        return if left.is_truthy() == decides {
            left
        } else {
            stand_in(right, &left)
        };
    }
    let mut right = evaluate(right, scope);
    let mut left = left;
    if operator.is_arithmetic() {
        left = stand_in(left, &right);
        right = stand_in(right, &left);
    }
    let has_date = matches!(left, Operand::Date(_)) || matches!(right, Operand::Date(_));
    if has_date || operator == Operator::Power {
        return scope.call(operator.sign(), &[left, right].map(Argument::new));
    }
    let is_equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    if is_ordered && is_equality {
        let equal = are_equal_in_order(left.value(), right.value());
        return (equal == (operator == Operator::Equal)).into();
    }
    // Undefined differs from null only in that it equals an empty array.
    let may_be_equal =
        is_equality || matches!(operator, Operator::LessOrEqual | Operator::GreaterOrEqual);
    match (&left, &right) {
        (Operand::Undefined, other) | (other, Operand::Undefined) if may_be_equal => {
            let equal = equals_undefined(other.value());
            (equal == (operator != Operator::NotEqual)).into()
        }
        (left, right) => binary(operator, left.value(), right.value()).into(),
    }
}

/// What an operator other than `and`, `or` and `^` gives; of arithmetic, nothing stands for itself any more.
pub(super) fn binary(operator: Operator, a: &Value, b: &Value) -> Value {
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
        Operator::Plus => return plus(a, b),
        Operator::Or
        | Operator::And
        | Operator::Power
        | Operator::Minus
        | Operator::Times
        | Operator::Divide
        | Operator::Remainder => return arithmetic(operator, a, b),
    })
}

/// An answer as an expression sees it: a text that spells a number or a truth value is one, quotes around a text are left
/// out. A number that begins with a zero is a code (`007`) and stays a text.
fn converted(answer: Value) -> Value {
    let Value::Text(text) = &answer else {
        return answer;
    };
    for (word, truth) in [("true", true), ("false", false)] {
        if text.eq_ignore_ascii_case(word) {
            return Value::Bool(truth);
        }
    }
    if let [b'\'' | b'"', .., b'\'' | b'"'] = text.as_bytes() {
        let inner = text.get(1..text.len() - 1);
        return Value::Text(inner.unwrap_or_default().to_owned());
    }
    let is_code = match text.as_bytes() {
        [b'0', b'x', ..] => false,
        [b'0', next, ..] => !matches!(next, b'.' | b','),
        _ => false,
    };
    match number_in(&answer) {
        Some(number) if !is_code => Value::Number(number),
        _ => answer,
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
        Value::Null => false,
        Value::Text(text) if text.is_empty() => false,
        Value::Number(number) if number.is_nan() => false,
        _ if !is_truthy(right) => false,
        left => {
            let (left, right) = (
                lower_case(&text_of_value(left)),
                lower_case(&text_of_value(right)),
            );
            contains_text(&left, &right) == wanted
        }
    }
}

fn any_of(left: &Value, right: &Value) -> bool {
    match (left, right) {
        // Nothing is among nothing, and anything is where nothing is asked for.
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

/// What stands for an operand that is empty: 0, or the nothing of the other operand's kind.
fn stand_in(operand: Operand, other: &Operand) -> Operand {
    if !operand.is_empty() {
        return operand;
    }
    Operand::Value(match (operand.value(), other.value()) {
        (_, Value::Number(_)) => Value::Number(0.0),
        (Value::Text(_), _) | (_, Value::Text(_)) => Value::Text(String::new()),
        (_, Value::List(_)) => Value::List(Vec::new()),
        _ => Value::Number(0.0),
    })
}

fn plus(a: &Value, b: &Value) -> Value {
    if number_in(a).is_some() && number_in(b).is_some() {
        return sum(a, b);
    }
    match (a, b) {
        (Value::List(items), Value::List(more)) => {
            Value::List(items.iter().chain(more).cloned().collect())
        }
        (Value::List(items), Value::Text(text)) => {
            Value::Text([&joined(items, ", "), text.as_str()].concat())
        }
        (Value::Text(text), Value::List(items)) => {
            Value::Text([text.as_str(), &joined(items, ", ")].concat())
        }
        // Of an array beside a number, the numbers are added.
        (Value::List(items), number @ Value::Number(_))
        | (number @ Value::Number(_), Value::List(items)) => {
            let numbers = items.iter().filter(|item| item.as_number().is_some());
            let total = numbers.fold(Value::Number(0.0), |total, item| sum(&total, item));
            sum(&total, number)
        }
        _ => sum(a, b),
    }
}

/// JavaScript's `a + b`; a number has no more digits behind the point than its operands: 0.1 + 0.2 is 0.3.
pub(super) fn sum(a: &Value, b: &Value) -> Value {
    let is_text =
        |value: &Value| matches!(value, Value::Text(_) | Value::List(_) | Value::Object(_));
    if is_text(a) || is_text(b) {
        return Value::Text([text_of_value(a), text_of_value(b)].concat());
    }
    let total = number_of_value(a) + number_of_value(b);
    Value::Number(rounded(total, decimals(a).max(decimals(b))))
}

fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Value {
    let (a, b) = (number_of_value(left), number_of_value(right));
    let places = (decimals(left), decimals(right));
    Value::Number(match operator {
        Operator::Minus => rounded(a - b, places.0.max(places.1)),
        Operator::Times => rounded(a * b, places.0 + places.1),
        _ if !is_truthy(right) => return Value::Null,
        Operator::Divide => a / b,
        _ => remainder(a, b),
    })
}

/// How many digits stand behind the point of a number or of a text that spells one.
fn decimals(value: &Value) -> usize {
    if number_in(value).is_none() {
        return 0;
    }
    let text = match value {
        Value::Number(number) => text_of_number(*number),
        value => text_of_value(value),
    };
    let point = text.bytes().position(|byte| byte == b'.');
    point.map_or(0, |point| text.len() - point - 1)
}
