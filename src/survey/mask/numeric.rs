//! Masks of numbers: `1,234.56`.

use super::super::javascript::number_of_text;
use super::super::value::Value;
use super::{Edit, Typed, around, length};

/// The largest whole number up to which all are exact: what stands for no bound.
const MAX_WHOLE: f64 = 9_007_199_254_740_991.0;

/// How a number is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeric {
    /// What stands before the fraction.
    pub point: String,
    /// What stands between thousands; empty for nothing.
    pub thousands: String,
    /// At most so many digits behind the point.
    pub digits: usize,
    /// Whether it may be below zero.
    pub allows_negative: bool,
    /// The least that can be typed.
    pub min: Option<f64>,
    /// The most that can be typed.
    pub max: Option<f64>,
}

/// A number as it is typed.
#[derive(Debug, Default)]
struct Parts {
    whole: String,
    fraction: String,
    has_point: bool,
    is_negative: bool,
}

impl Parts {
    fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }
}

impl Numeric {
    /// A number, or the text of one, as it is shown.
    pub(super) fn masked(&self, text: &str) -> String {
        let text = text.replacen('.', &self.point, 1);
        let parts = self.parts(&text);
        if self.is_allowed(&parts, true) {
            self.written(&parts, true, true)
        } else {
            String::new()
        }
    }

    pub(super) fn number(&self, text: &str) -> Value {
        let parts = self.parts(text);
        if parts.is_empty() {
            return Value::Null;
        }
        self.value(&parts).map_or(Value::Null, Value::Number)
    }

    pub(super) fn typed(&self, edit: &Edit<'_>) -> Typed {
        let (left, right) = around(edit);
        let left = [left, edit.inserted].concat();
        let parts = self.parts(&[&left, right].concat());
        if !self.is_allowed(&parts, false) {
            return (edit.before.to_owned(), edit.end);
        }
        let shown = self.written(&parts, true, false);
        let caret = self.caret(&left, edit, &shown);
        (shown, caret)
    }

    /// As many signs behind the beginning as before, but for those between thousands.
    fn caret(&self, left: &str, edit: &Edit<'_>, shown: &str) -> usize {
        let before = if left.is_empty() {
            0
        } else {
            length(&self.written(&self.parts(left), false, false))
        };
        let deletes_forward = edit.inserted.is_empty() && !edit.is_backward;
        let wanted = before + usize::from(deletes_forward);
        let mut count = 0;
        for (at, letter) in shown.chars().enumerate() {
            if !is_sign(&self.thousands, letter) {
                count += 1;
            }
            if count == wanted {
                return at + usize::from(!deletes_forward);
            }
        }
        edit.start
    }

    fn parts(&self, text: &str) -> Parts {
        let mut parts = Parts::default();
        for letter in text.chars() {
            if letter == '-' {
                let is_allowed = self.allows_negative && self.min.is_none_or(|min| min < 0.0);
                parts.is_negative ^= is_allowed;
            } else if is_sign(&self.point, letter) {
                parts.has_point |= self.digits > 0;
            } else if is_sign(&self.thousands, letter) {
            } else if letter.is_ascii_digit() {
                if parts.has_point {
                    parts.fraction.push(letter);
                } else {
                    parts.whole.push(letter);
                }
            }
        }
        if parts.whole.len() > 1 && parts.whole.starts_with('0') {
            parts.whole.remove(0);
        }
        parts
    }

    fn written(&self, parts: &Parts, has_thousands: bool, is_whole: bool) -> String {
        let mut whole = parts.whole.clone();
        if has_thousands && !self.thousands.is_empty() && self.thousands != self.point {
            let count = whole.len();
            let mut grouped = String::new();
            for (at, digit) in whole.chars().enumerate() {
                if at > 0 && (count - at).is_multiple_of(3) {
                    grouped.push_str(&self.thousands);
                }
                grouped.push(digit);
            }
            whole = grouped;
        }
        let minus = if parts.is_negative { "-" } else { "" };
        if !parts.fraction.is_empty() {
            let whole = if whole.is_empty() { "0" } else { &whole };
            return [minus, whole, &self.point, self.kept(parts)].concat();
        }
        if is_whole {
            let minus = if whole.is_empty() || whole == "0" {
                ""
            } else {
                minus
            };
            return [minus, &whole].concat();
        }
        let point = if parts.has_point { &self.point } else { "" };
        let text = [&whole, point].concat();
        let minus = if text == "0" { "" } else { minus };
        [minus, &text].concat()
    }

    /// The digits behind the point that count.
    fn kept<'a>(&self, parts: &'a Parts) -> &'a str {
        let end = self.digits.min(parts.fraction.len());
        parts.fraction.get(..end).unwrap_or_default()
    }

    fn value(&self, parts: &Parts) -> Option<f64> {
        let minus = if parts.is_negative { "-" } else { "" };
        if parts.fraction.is_empty() {
            return number_of_text(&[minus, &parts.whole].concat());
        }
        let whole = if parts.whole.is_empty() {
            "0"
        } else {
            &parts.whole
        };
        number_of_text(&[minus, whole, ".", self.kept(parts)].concat())
    }

    /// Whether a number is within its bounds, or, while it is typed, can get there.
    fn is_allowed(&self, parts: &Parts, is_whole: bool) -> bool {
        if parts.is_empty() || self.min.is_none() && self.max.is_none() {
            return true;
        }
        let min = self.min.filter(|&min| min != 0.0).unwrap_or(-MAX_WHOLE);
        let max = self.max.filter(|&max| max != 0.0).unwrap_or(MAX_WHOLE);
        let Some(value) = self.value(parts) else {
            return true;
        };
        if value >= min && value <= max {
            return true;
        }
        if is_whole {
            return false;
        }
        if parts.has_point || value == 0.0 {
            let delta = parts.fraction.chars().fold(1.0, |delta, _| delta * 0.1);
            return if value >= 0.0 {
                value + delta > min && value <= max
            } else {
                value >= min && value - delta < max
            };
        }
        // With more digits it may come between the bounds.
        if value > 0.0 {
            (value + 1.0 > min && value <= max) || can_reach(value, min, max)
        } else {
            (value >= min && value - 1.0 < max) || can_reach(-value, -max, -min)
        }
    }
}

/// Whether digits behind a number above zero make it one above `min` that began at most at `max`.
fn can_reach(number: f64, min: f64, max: f64) -> bool {
    let (mut low, mut high) = (number, number);
    loop {
        high = high * 10.0 + 9.0;
        low *= 10.0;
        if low > max || !low.is_finite() {
            return false;
        }
        if high > min {
            return true;
        }
    }
}

fn is_sign(sign: &str, letter: char) -> bool {
    let mut letters = sign.chars();
    letters.next() == Some(letter) && letters.next().is_none()
}
