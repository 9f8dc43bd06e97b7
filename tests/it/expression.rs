//! The expression language against the results of SurveyJS itself, and against texts that are no expressions.

use qingting::survey::Value;
use qingting::survey::expression::{Expression, ExpressionError, MAX_DEPTH, MAX_LENGTH, look_up};

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/expressions.json")).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap()
}

/// JSON has no NaN, no infinity and no undefined; the fixture spells them.
fn decoded(value: &Value) -> Value {
    match value.get("$").and_then(Value::as_text) {
        Some("undefined") => Value::Null,
        Some("NaN") => Value::Number(f64::NAN),
        Some("Infinity") => Value::Number(f64::INFINITY),
        Some(other) => panic!("{other}"),
        None => match value {
            Value::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, part)| (key.clone(), decoded(part)));
                Value::Object(entries.collect())
            }
            Value::List(items) => Value::List(items.iter().map(decoded).collect()),
            other => other.clone(),
        },
    }
}

fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.is_nan() && right.is_nan()
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| is_same(a, b))
        }
        (left, right) => left == right,
    }
}

fn value_of(expression: &str, answers: &Value) -> Result<Value, ExpressionError> {
    Ok(Expression::parse(expression)?.evaluate(&|name| look_up(answers, name)))
}

#[test]
fn expressions_give_what_the_original_gives() {
    let fixture = fixture();
    let (mut cases, mut right) = (0, 0);
    for row in list(&fixture, "expressions") {
        let expression = text(row, "expression");
        for case in list(row, "cases") {
            let [answers, expected] = case.as_list().unwrap() else {
                panic!("{case:?}")
            };
            let (answers, expected) = (decoded(answers), decoded(expected));
            let found = value_of(expression, &answers);
            cases += 1;
            if found.as_ref().is_ok_and(|found| is_same(found, &expected)) {
                right += 1;
            } else {
                println!("{expression} with {answers:?}: {found:?}, not {expected:?}");
            }
        }
    }
    println!("expressions {right} of {cases}");
    assert!(cases > 3_000);
    assert!(right * 1000 >= cases * 980, "{right} of {cases}");
}

#[test]
fn what_the_original_does_not_read_is_refused() {
    let fixture = fixture();
    let invalid = list(&fixture, "invalid");
    let taken: Vec<&str> = invalid
        .iter()
        .map(|row| text(row, "expression"))
        .filter(|expression| Expression::parse(expression).is_ok())
        .collect();
    println!(
        "refused {} of {}: {taken:?}",
        invalid.len() - taken.len(),
        invalid.len()
    );
    assert!(invalid.len() > 30 && taken.is_empty(), "{taken:?}");
}

#[test]
fn names_find_parts_of_answers() {
    let answers: Value = serde_json::from_str(
        r#"{"Site":{"floor.no":3,"tags":["leak","noise"]},"visits":[{"late":true},{"late":false}],"code":"007","n":" 7 "}"#,
    )
    .unwrap();
    for (expression, expected) in [
        ("{site.floor.no}", Value::Number(3.0)),
        ("{site.tags[1]}", Value::from("noise")),
        ("{visits[-1].late}", Value::Bool(false)),
        ("{visits[2].late}", Value::Null),
        ("{visits.length}", Value::Number(2.0)),
        ("{nobody.length}", Value::Number(0.0)),
        ("{visits[", Value::Null),
        ("{code}", Value::from("007")),
        ("{n}", Value::Number(7.0)),
        ("{#n}", Value::from(" 7 ")),
        ("{visits[]}", Value::Null),
        ("{.}", Value::Null),
    ] {
        let found = value_of(expression, &answers);
        if expression.ends_with('}') {
            assert_eq!(found, Ok(expected), "{expression}");
        } else {
            assert_eq!(found, Err(ExpressionError::Unexpected(1)), "{expression}");
        }
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Expression::parse(&nested(MAX_DEPTH / 2)).is_ok());
    assert_eq!(
        Expression::parse(&nested(MAX_DEPTH + 1)),
        Err(ExpressionError::TooDeep)
    );
    assert_eq!(
        Expression::parse(&"!".repeat(MAX_LENGTH)),
        Err(ExpressionError::TooDeep)
    );
    assert_eq!(
        Expression::parse(&" ".repeat(MAX_LENGTH + 1)),
        Err(ExpressionError::TooLong)
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[{}a-c0-9.,'\"\\\\\\[\\]()=!<>*/+^% 很é-]{0,40}") {
        if let Ok(expression) = Expression::parse(&text) {
            let answers = serde_json::from_str::<Value>(r#"{"a":[1,{"b":"x"}],"b":"2","c":{"a":null}}"#).unwrap();
            expression.evaluate(&|name| look_up(&answers, name));
        }
    }
}
