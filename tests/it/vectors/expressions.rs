//! Expressions beside survey-core 3.1.1: what they evaluate to, and which texts are none.

use std::fmt::Write;

use qingting::survey::Value;
use qingting::survey::expression::functions::{self, Surroundings};
use qingting::survey::expression::{Argument, Expression, Operand, Scope, look_up};
use serde_json::Value as Json;

/// (expression, what of survey-core we believe wrong there); such a case need not agree.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// The day the vectors were made: noon of 23 November 2026, a Monday. Some ask for the year or day of nothing, which is
/// today's.
pub(super) const NOW_MS: f64 = 1_795_435_200_000.0;

/// A survey's answers, in UTC.
struct Answers(Value);

impl Scope for Answers {
    fn look_up(&self, name: &str) -> Value {
        look_up(&self.0, name)
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Operand {
        functions::call(name, arguments, self)
    }
}

impl Surroundings for Answers {
    fn now_ms(&self) -> f64 {
        NOW_MS
    }

    fn zone_minutes(&self, _: f64) -> f64 {
        0.0
    }
}

/// JSON has no NaN, no infinity, no undefined and no dates; the vectors spell them, and so does this.
fn encoded(operand: &Operand) -> Json {
    match operand {
        Operand::Undefined => serde_json::json!({"$": "undefined"}),
        Operand::Date(_) => match operand.clone().into_value() {
            Value::Text(text) => serde_json::json!({ "$date": text }),
            _ => serde_json::json!({"$date": "invalid"}),
        },
        Operand::Value(Value::Number(number)) if number.is_nan() => serde_json::json!({"$": "NaN"}),
        Operand::Value(Value::Number(number)) if number.is_infinite() => {
            serde_json::json!({"$": if *number > 0.0 { "Infinity" } else { "-Infinity" }})
        }
        Operand::Value(value) => serde_json::to_value(value).unwrap(),
    }
}

/// Whether both are the same; 4 and 4.0 are one number. The reader of JSON rounds numbers of 16 digits and more to one of
/// the two nearest, so that they may differ in the last bit.
fn is_same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            (left - right).abs() <= left.abs() * f64::EPSILON
        }
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| is_same(a, b))
        }
        (left, right) => left == right,
    }
}

#[test]
fn expressions_give_what_the_original_gives() {
    let Some(set) = super::vectors("expressions.json") else {
        return;
    };
    let (mut right, mut all) = (0, 0);
    let mut wrong = String::new();
    let mut note = |agrees: bool, expression: &str, fault: String| {
        all += 1;
        right += usize::from(agrees);
        if !agrees && !EXCEPTIONS.iter().any(|(known, _)| *known == expression) {
            writeln!(wrong, "{expression}: {fault}").unwrap();
        }
    };
    for case in set["vectors"].as_array().unwrap() {
        let text = case["expression"].as_str().unwrap();
        let answers = serde_json::from_value(case["values"].clone()).unwrap();
        let found = Expression::parse(text)
            .map(|expression| encoded(&expression.operand(&Answers(answers))));
        let agrees = found
            .as_ref()
            .is_ok_and(|found| is_same(found, &case["result"]));
        note(
            agrees,
            text,
            format!("{} gives {found:?}, not {}", case["values"], case["result"]),
        );
    }
    for case in set["invalid"].as_array().unwrap() {
        let text = case["expression"].as_str().unwrap();
        note(Expression::parse(text).is_err(), text, "is read".to_owned());
    }
    println!("expressions {right} of {all}");
    assert!(all > 0 && EXCEPTIONS.len() <= 3);
    assert!(wrong.is_empty(), "{wrong}");
}
