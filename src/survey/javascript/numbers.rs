//! JavaScript's numbers: reading, writing and rounding them.

use super::super::Value;
use super::text_of_value;

/// The largest number up to which every whole number is an `f64`.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;
/// Powers of ten up to this exponent are exact.
const MAX_EXACT_POWER: i32 = 22;

/// JavaScript's `Number(text)` for decimal literals; nothing where JavaScript gives NaN. Empty text is nothing, too:
/// no rule of SurveyJS takes it for 0.
///
/// Exact for up to 15 significant digits and exponents up to 22, where one rounding happens (Clinger's fast path); beyond
/// that the last digit may differ. Octal and binary literals are not answers that a person gives, and are nothing here;
/// hexadecimal ones are [`number_in_text`]'s.
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

/// The number a text spells for SurveyJS's own rules (`Helpers.getNumber`): with a point or a comma, or hexadecimal behind
/// `0x`; more than 15 digits are a code, and nothing.
pub fn number_in_text(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x") {
        let digits = digits.chars().map_while(|digit| digit.to_digit(16));
        let number = digits.fold(None, |number, digit| {
            Some(number.unwrap_or(0.0) * 16.0 + f64::from(digit))
        });
        return number.filter(|_| text.len() <= 32);
    }
    if text.len() > 15 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = match text.split_once(',') {
        Some((whole, fraction)) => number_of_text(&[whole, ".", fraction].concat()),
        None => number_of_text(text),
    };
    number.filter(|number| number.is_finite())
}

/// The number a value is or spells for SurveyJS's own rules; an array of one is that one.
pub fn number_in(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.is_finite().then_some(*number),
        Value::Text(text) => number_in_text(text),
        Value::List(_) => number_of_text(&text_of_value(value)).filter(|number| number.is_finite()),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

/// JavaScript's `Number(value)`.
pub fn number_of_value(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => *number,
        Value::Text(text) => match text.trim() {
            "" => 0.0,
            "Infinity" | "+Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            text if text.starts_with("0x") => {
                let is_whole = text.bytes().skip(2).all(|byte| byte.is_ascii_hexdigit());
                number_in_text(text)
                    .filter(|_| is_whole)
                    .unwrap_or(f64::NAN)
            }
            text => number_of_text(text).unwrap_or(f64::NAN),
        },
        Value::List(_) => number_of_value(&Value::Text(text_of_value(value))),
        Value::Object(_) => f64::NAN,
    }
}

/// JavaScript's `String(number)`: the shortest decimal that reads back the same. Exact from 10⁻⁷ to 2¹²⁶; beyond, the last
/// of more than 15 digits may differ.
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
    let (digits, decimals) = shortest(size);
    let digits = digits.to_string();
    let shown = digits.trim_end_matches('0');
    // How many digits stand before the point.
    let point = digits.len() as i32 - decimals;
    let zeros = |count: i32| "0".repeat(count.unsigned_abs() as usize);
    let split = |point: i32| {
        let point = (point.max(0) as usize).min(shown.len());
        (
            shown.get(..point).unwrap_or_default(),
            shown.get(point..).unwrap_or_default(),
        )
    };
    match point {
        -5..=0 => [sign, "0.", &zeros(point), shown].concat(),
        1..=21 if point as usize >= shown.len() => {
            [sign, shown, &zeros(point - shown.len() as i32)].concat()
        }
        1..=21 => {
            let (whole, fraction) = split(point);
            [sign, whole, ".", fraction].concat()
        }
        _ => {
            let (first, others) = split(1);
            let dot = if others.is_empty() { "" } else { "." };
            let e = if point > 0 { "e+" } else { "e-" };
            let exponent = u64::from((point - 1).unsigned_abs()).to_string();
            [sign, first, dot, others, e, &exponent].concat()
        }
    }
}

/// (digits, decimals): the fewest digits for which digits / 10^decimals reads back as `size`, and of these the nearest.
fn shortest(size: f64) -> (u64, i32) {
    let mut point = 0;
    while point < 308 && size >= scaled(1.0, point) {
        point += 1;
    }
    while point > -323 && size < scaled(1.0, point - 1) {
        point -= 1;
    }
    let bits = size.to_bits();
    let exponent = (bits >> 52) as i32 - 1075;
    let mantissa = bits & ((1 << 52) - 1) | (1 << 52);
    let mut found = (0, 0);
    for count in 1..=17 {
        let decimals = count - point;
        let is_exact = (0..=24).contains(&decimals) && (-127..=0).contains(&(exponent + decimals));
        if is_exact {
            // size × 10^decimals = mantissa × 5^decimals ÷ 2^shift, without a remainder lost in 128 bits.
            let shift = (exponent + decimals).unsigned_abs();
            let five = (0..decimals).fold(1_u128, |power, _| power * 5);
            let whole = u128::from(mantissa) * five;
            let half = (1_u128 << shift) >> 1;
            let digits = (whole + half) >> shift;
            let difference = (digits << shift).abs_diff(whole);
            // Half a unit in the last place away, another number is as near; below a power of two, a quarter.
            let is_narrow = mantissa == 1 << 52 && digits << shift < whole;
            let reach = if is_narrow { 4 } else { 2 } * difference;
            found = (digits as u64, decimals);
            if reach < five || reach == five && mantissa & 1 == 0 {
                break;
            }
        } else if (1..=74).contains(&exponent) && (-36..=0).contains(&decimals) {
            // A whole number: digits × 10^-decimals beside mantissa × 2^exponent. The estimate is near; the rest is counted.
            let unit = (decimals..0).fold(1_u128, |power, _| power * 10);
            let whole = u128::from(mantissa) << exponent.unsigned_abs();
            let mut digits = u128::from(scaled(size, decimals).round() as u64);
            while digits * unit > whole + (unit >> 1) {
                digits -= 1;
            }
            while digits * unit + (unit >> 1) < whole {
                digits += 1;
            }
            let difference = (digits * unit).abs_diff(whole);
            let is_narrow = mantissa == 1 << 52 && digits * unit < whole;
            let reach = if is_narrow { 4 } else { 2 } * difference;
            let step = 1_u128 << exponent.unsigned_abs();
            found = (digits as u64, decimals);
            if reach < step || reach == step && mantissa & 1 == 0 {
                break;
            }
        } else {
            let digits = scaled(size, decimals).round();
            found = (digits as u64, decimals);
            if scaled(digits, -decimals) == size {
                break;
            }
        }
    }
    found
}

/// `Number(number.toFixed(decimals))`, for a number that is one of so many decimals but for its rounding.
pub fn rounded(number: f64, decimals: usize) -> f64 {
    let Ok(decimals @ 1..=22) = u32::try_from(decimals) else {
        return number;
    };
    let scale = power_of_ten(decimals);
    let digits = (number * scale).round();
    // With that many digits, no other number is nearer.
    if digits.abs() < MAX_WHOLE {
        digits / scale
    } else {
        number
    }
}

/// JavaScript's `a % b`, exact as IEEE 754's is: what is left of `a` has the sign of `a`. The compiler's own would be seven
/// times as long.
pub fn remainder(a: f64, b: f64) -> f64 {
    let size = b.abs();
    if size == 0.0 || size.is_nan() || !a.is_finite() {
        return f64::NAN;
    }
    let mut left = a.abs();
    while left >= size {
        // The largest doubling of `b` in what is left; the difference is a number without rounding (Sterbenz's lemma).
        let mut step = size;
        while left - step >= step {
            step *= 2.0;
        }
        left -= step;
    }
    left.copysign(a)
}
