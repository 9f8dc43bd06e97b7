//! JavaScript's own conversions of numbers and texts, which SurveyJS's rules are built on.
//!
//! The standard library's readers and writers of decimal numbers and its tables of letters would be a fifth of the
//! widget. What stands here is exact for what people and surveys write: numbers of up to 15 significant digits, letters
//! of the Latin, Greek and Cyrillic scripts. Browser and endpoint run it alike.

mod dates;
mod numbers;

pub use dates::{Civil, date_of_text, iso_text_of_date, moment_of};
pub use numbers::{
    number_in, number_in_text, number_of_text, number_of_value, remainder, rounded, text_of_number,
};

use std::cmp::Ordering;

use super::Value;

/// JavaScript's `toLowerCase` for letters of the Latin, Greek and Cyrillic scripts; others are left as they are.
pub fn lower_case(text: &str) -> String {
    text.chars().map(lower_letter).collect()
}

fn lower_letter(letter: char) -> char {
    let code = u32::from(letter);
    let lower = match code {
        0x41..=0x5A | 0xC0..=0xD6 | 0xD8..=0xDE | 0x391..=0x3A1 | 0x3A3..=0x3AB | 0x410..=0x42F => {
            code + 32
        }
        0x400..=0x40F => code + 80,
        // Latin Extended-A and -B go in pairs; the pairs change places twice.
        0x100..=0x12F | 0x132..=0x137 | 0x14A..=0x177 | 0x1E00..=0x1E95 | 0x1EA0..=0x1EFF => {
            code | 1
        }
        0x139..=0x148 | 0x179..=0x17E => code + (code & 1),
        0x178 => 0xFF,
        _ => code,
    };
    char::from_u32(lower).unwrap_or(letter)
}

/// Whether `text` has `part` in it.
pub fn contains_text(text: &str, part: &str) -> bool {
    part.is_empty()
        || text
            .as_bytes()
            .windows(part.len())
            .any(|window| window == part.as_bytes())
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

/// JavaScript's `String(value)`.
pub fn text_of_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => text_of_number(*number),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::List(items) => joined(items, ","),
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// JavaScript's `items.join(separator)`: null is nothing.
pub fn joined(items: &[Value], separator: &str) -> String {
    let mut text = String::new();
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push_str(separator);
        }
        if *item != Value::Null {
            text.push_str(&text_of_value(item));
        }
    }
    text
}

/// Whether two texts are the same but for the case of their letters.
pub fn equals_in_any_case(left: &str, right: &str) -> bool {
    left.chars()
        .map(lower_letter)
        .eq(right.chars().map(lower_letter))
}

/// JavaScript's order of texts: by UTF-16 units.
pub fn compare_texts(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}
