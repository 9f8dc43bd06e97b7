//! JavaScript's own conversions of numbers and texts, which SurveyJS's rules are built on.
//!
//! The standard library's readers and writers of decimal numbers and its tables of letters would be a fifth of the
//! widget. What stands here is exact for what people and surveys write: numbers of up to 15 significant digits, letters
//! of the Latin, Greek and Cyrillic scripts. Browser and endpoint run it alike.

use super::Value;

/// The largest number up to which every whole number is an `f64`.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;
/// Powers of ten up to this exponent are exact.
const MAX_EXACT_POWER: i32 = 22;

/// JavaScript's `Number(text)` for decimal literals; nothing where JavaScript gives NaN. Empty text is nothing, too:
/// no rule of SurveyJS takes it for 0.
///
/// Exact for up to 15 significant digits and exponents up to 22, where one rounding happens (Clinger's fast path); beyond
/// that the last digit may differ. Hexadecimal, octal and binary literals are not answers that a person gives, and are
/// nothing here.
pub fn number_of_text(text: &str) -> Option<f64> {
    let text = text.trim().as_bytes();
    let (is_negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let mut mantissa = 0_u64;
    let mut exponent = 0_i32;
    let mut digits = 0;
    let mut has_point = false;
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                if mantissa < u64::MAX / 100 {
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                    exponent -= i32::from(has_point);
                } else {
                    // Digits beyond what can be held only count for the size.
                    exponent += i32::from(!has_point);
                }
            }
            b'.' if !has_point => has_point = true,
            b'e' | b'E' if digits > 0 => {
                exponent = exponent.saturating_add(exponent_of(rest.as_slice())?);
                break;
            }
            _ => return None,
        }
    }
    let size = scaled(mantissa as f64, exponent);
    (digits > 0).then_some(if is_negative { -size } else { size })
}

fn exponent_of(text: &[u8]) -> Option<i32> {
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Beyond four digits everything is zero or infinite.
    let size = digits.iter().fold(0_i32, |size, digit| {
        (size * 10 + i32::from(digit - b'0')).min(9999)
    });
    Some(if is_negative { -size } else { size })
}

/// `number` × 10^`exponent`.
fn scaled(mut number: f64, exponent: i32) -> f64 {
    let mut left = exponent.unsigned_abs();
    while left > 0 && number != 0.0 && number.is_finite() {
        let step = left.min(MAX_EXACT_POWER.unsigned_abs());
        let power = power_of_ten(step);
        number = if exponent < 0 {
            number / power
        } else {
            number * power
        };
        left -= step;
    }
    number
}

fn power_of_ten(exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// JavaScript's `String(number)` for the numbers that answers are made of: the shortest decimal that reads back the same.
pub fn text_of_number(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let size = number.abs();
    if size.is_infinite() {
        return [sign, "Infinity"].concat();
    }
    if size.trunc() == size && size < MAX_WHOLE {
        return [sign, &(size as u64).to_string()].concat();
    }
    // The fewest decimals that read back as the same number.
    for decimals in 1..=MAX_EXACT_POWER.unsigned_abs() {
        let digits = (size * power_of_ten(decimals)).round();
        if digits < MAX_WHOLE && digits / power_of_ten(decimals) == size {
            let digits = (digits as u64).to_string();
            let decimals = decimals as usize;
            let padded = [
                "0".repeat((decimals + 1).saturating_sub(digits.len())),
                digits,
            ]
            .concat();
            let (whole, fraction) = padded.split_at(padded.len() - decimals);
            return [sign, whole, ".", fraction].concat();
        }
    }
    // Larger or finer than anything a person answers: the first digits, with as many zeros as it takes.
    let (digits, zeros) = if size >= 1.0 { (size, "") } else { (0.0, ".0") };
    [sign, &(digits as u64).to_string(), zeros].concat()
}

/// JavaScript's `%`: the remainder with the sign of the dividend.
pub fn remainder(dividend: f64, divisor: f64) -> f64 {
    dividend - (dividend / divisor).trunc() * divisor
}

/// JavaScript's `**` for whole exponents; NaN for others, which no survey was seen to use.
pub fn power(base: f64, exponent: f64) -> f64 {
    if exponent.trunc() != exponent || exponent.abs() > 1024.0 {
        return f64::NAN;
    }
    let (mut left, mut square, mut power) = (exponent.abs() as u32, base, 1.0);
    while left > 0 {
        if left & 1 == 1 {
            power *= square;
        }
        square *= square;
        left >>= 1;
    }
    if exponent < 0.0 { 1.0 / power } else { power }
}

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
