//! JavaScript's own conversions of numbers and texts, which SurveyJS's rules are built on.

use super::Value;

/// JavaScript's `Number(text)` for decimal literals; nothing where JavaScript gives NaN. Empty text is nothing, too:
/// no rule of SurveyJS takes it for 0.
///
/// Hexadecimal, octal and binary literals are not answers that a person gives, and are nothing here.
pub fn number_of_text(text: &str) -> Option<f64> {
    let text = text.trim();
    let first = text
        .strip_prefix(['-', '+'])
        .unwrap_or(text)
        .bytes()
        .next()?;
    // Rust also reads "inf", "nan" and "infinity".
    if first.is_ascii_digit() || first == b'.' {
        text.parse().ok()
    } else {
        None
    }
}

/// JavaScript's `String(number)` for the numbers that answers are made of.
pub fn text_of_number(number: f64) -> String {
    if number.trunc() == number && number.abs() < 9_007_199_254_740_992.0 {
        (number as i64).to_string()
    } else {
        number.to_string()
    }
}

/// JavaScript's `Boolean(value)`.
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::List(_) | Value::Object(_) => true,
    }
}
