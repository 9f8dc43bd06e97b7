//! The expression language: names, bounds, and texts that nobody meant as an expression.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use qingting::survey::Value;
use qingting::survey::expression::functions::{self, Surroundings};
use qingting::survey::expression::{
    Argument, Expression, ExpressionError, MAX_DEPTH, MAX_LENGTH, Operand, Scope, look_up,
};
use qingting::survey::javascript::{remainder, text_of_number};

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

#[test]
fn what_is_longest_is_read_and_evaluated_at_once() {
    let answers: Value = serde_json::from_str(r#"{"a":[1,2,3],"b":"x"}"#).unwrap();
    let start = Instant::now();
    for piece in [
        "(",
        "[",
        "[1,",
        "[1+",
        "(1+",
        "!",
        "!(",
        "!{a",
        "{",
        "{a}",
        "a",
        "a(",
        "iif(",
        "iif(1,",
        "negate ",
        "1+",
        "1^",
        "1<",
        "{a}+",
        "{b}+",
        "{a} contains ",
        "{a} anyof ",
        "1 and ",
        "1 or !",
        "'",
        "'a'+",
        "\\'",
        "-",
        "--1",
        "0x",
        "9",
        "equals",
        "=>",
        "[1,[1 contains ",
        "(1*(1-",
        "{b.",
        "{a[0]}+",
        "{\"a\":",
        " ",
        "很",
    ] {
        let text = piece.repeat(MAX_LENGTH / piece.len());
        for end in ["", "1", "1)]"] {
            let cut = text.len().min(MAX_LENGTH - end.len());
            let whole = [text.get(..cut).unwrap_or(&text), end].concat();
            if let Ok(expression) = Expression::parse(&whole) {
                expression.evaluate(&|name: &str| look_up(&answers, name));
            }
        }
    }
    // 120 texts, each of them in far less than a tenth of a second, unoptimised.
    assert!(
        start.elapsed() < Duration::from_secs(12),
        "{:?}",
        start.elapsed()
    );
}

/// Every function, in a place of its own.
struct Place(Value);

impl Scope for Place {
    fn look_up(&self, name: &str) -> Value {
        look_up(&self.0, name)
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Operand {
        functions::call(name, arguments, self)
    }
}

impl Surroundings for Place {
    fn now_ms(&self) -> f64 {
        f64::MAX
    }

    fn zone_minutes(&self, _: f64) -> f64 {
        -570.0
    }
}

#[test]
fn the_functions_an_expression_calls_are_named() {
    let expression = Expression::parse("sum({a}, today()) > 2 ^ {b}").unwrap();
    assert_eq!(expression.names(), ["a", "b"]);
    assert_eq!(expression.calls(), ["sum", "today", "^"]);
    assert!(Expression::parse("{a} % 2 = 1").unwrap().calls().is_empty());
}

/// Pieces of expressions, a blank between; most sequences are read.
fn any_expression() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{a}",
        "{b}",
        "{c.a}",
        "{a[0]}",
        "{a[-1].b}",
        "{a.length}",
        "1",
        "-2.5",
        "1e",
        "'x'",
        "'2026-01-15'",
        "'01/02/2020'",
        "true",
        "null",
        "[1, 'x']",
        "(",
        ")",
        "!",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "=",
        "<>",
        "<",
        ">=",
        "contains",
        "anyof",
        "allof",
        "and",
        "or",
        "empty",
        "notempty",
        ",",
        "sum(",
        "min(",
        "avg(",
        "round(",
        "trunc(",
        "iif(",
        "substring(",
        "dateAdd(",
        "dateDiff(",
        "age(",
        "getDate(",
        "today()",
        "year(",
        "sumInArray({a}, 'b',",
        "maxInArray({c}, 'a', 'b', {b} > 1)",
        "'months'",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.join(" "))
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop::num::f64::ANY.prop_map(Value::Number),
        (-3..40_i32).prop_map(|number| Value::Number(number.into())),
        "[0-9a-cTZxe:.,+\"' 很é-]{0,24}".prop_map(Value::Text),
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9])?".prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(("[a-c]", inner), 0..3).prop_map(Value::Object),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[{}a-c0-9.,'\"\\\\\\[\\]()=!<>*/+^% 很é-]{0,40}", values in any_value()) {
        if let Ok(expression) = Expression::parse(&text) {
            expression.evaluate(&Place(values));
        }
    }

    #[test]
    fn any_expression_of_any_values_has_a_value(text in any_expression(), a in any_value(), b in any_value(), c in any_value()) {
        let values = Value::Object(vec![("a".into(), a), ("b".into(), b), ("c".into(), c)]);
        if let Ok(expression) = Expression::parse(&text) {
            expression.evaluate(&Place(values));
        }
    }

    #[test]
    fn what_a_division_leaves_is_exact(a in prop::num::f64::ANY, b in prop::num::f64::ANY, digits in 0..1000_i32) {
        let small = f64::from(digits) / 8.0;
        for (a, b) in [(a, b), (small, 0.1), (-small, 3.0), (a, f64::INFINITY), (5e-324 * 3.0, 5e-324)] {
            let (found, expected) = (remainder(a, b), a % b);
            prop_assert!(found == expected || found.is_nan() && expected.is_nan(), "{a} % {b}: {found}, not {expected}");
        }
    }
}

#[test]
fn large_numbers_are_written_as_javascript_writes_them() {
    for (number, text) in [
        (1e21 + 131_072.0, "1.0000000000000001e+21"),
        (1.2345678901234567e25, "1.2345678901234566e+25"),
        (f64::from(3) * 9_007_199_254_740_992.0, "27021597764222976"),
        (
            1_267_650_600_228_229_401_496_703_205_376.0,
            "1.2676506002282294e+30",
        ),
        (123_456_789_012_345_680_000.0, "123456789012345680000"),
        (1e23, "1e+23"),
    ] {
        assert_eq!(text_of_number(number), text);
    }
}
