//! The expression language: names, bounds, and texts that nobody meant as an expression.

use qingting::survey::Value;
use qingting::survey::expression::{Expression, ExpressionError, MAX_DEPTH, MAX_LENGTH, look_up};

fn value_of(expression: &str, answers: &Value) -> Result<Value, ExpressionError> {
    Ok(Expression::parse(expression)?.evaluate(&|name: &str| look_up(answers, name)))
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
            expression.evaluate(&|name: &str| look_up(&answers, name));
        }
    }
}
