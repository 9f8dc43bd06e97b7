//! Moments as far as they are known, their bounds, and how they are stored.

use super::{Dates, number, padded};

/// A moment, as far as it is known: year, month, day, hour, minute, second.
pub(super) type Known = [Option<u32>; 6];

pub(super) type Moment = [u32; 6];

impl Dates {
    /// The earliest and the latest.
    pub(super) fn bounds(&self) -> (Option<Moment>, Option<Moment>) {
        let of = |bound: &Option<String>, otherwise: &str| {
            let text = bound.as_deref().filter(|text| !text.is_empty());
            self.moment(text.unwrap_or(otherwise))
        };
        if self.has_day() {
            (of(&self.min, "0001-01-01"), of(&self.max, "9996-12-31"))
        } else {
            (of(&self.min, "00:00:00"), of(&self.max, "23:59:59"))
        }
    }

    /// Reads a stored answer.
    pub(super) fn moment(&self, text: &str) -> Option<Moment> {
        let (day, time) = match text.split_once('T') {
            Some((day, time)) if self.has_day() && self.has_time() => (day, time),
            Some(_) => return None,
            None if self.has_day() => (text, ""),
            None => ("", text),
        };
        let mut moment = [1970, 1, 1, 0, 0, 0];
        let mut fill = |from: usize, text: &str, between: char| {
            let mut count = 0;
            for piece in text.split(between).filter(|piece| !piece.is_empty()) {
                let is_fraction = piece.contains('.');
                let whole = piece.split(['.', 'Z']).next().unwrap_or_default();
                if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                *moment.get_mut(from + count)? = number(whole)?;
                count += 1;
                if is_fraction {
                    break;
                }
            }
            Some(count)
        };
        let (in_day, in_time) = (fill(0, day, '-')?, fill(3, time, ':')?);
        if day.is_empty() && in_time < 2 || in_day == 0 && self.has_day() || in_time == 1 {
            return None;
        }
        is_real(&moment).then_some(moment)
    }
}

pub(super) fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn is_real(&[year, month, day, hour, minute, second]: &Moment) -> bool {
    year < 10_000
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
}

/// What is known in ISO 8601; a part is left out where what it stands behind is not known.
pub(super) fn iso(&[year, month, day, hour, minute, second]: &Known) -> String {
    let joined = |parts: &[(Option<u32>, usize)], between: &str| {
        let known = parts
            .iter()
            .map_while(|&(part, count)| Some((part?, count)));
        let texts: Vec<String> = known
            .map(|(part, count)| padded(&part.to_string(), count, "0"))
            .collect();
        (texts.len(), texts.join(between))
    };
    let (_, date) = joined(&[(year, 4), (month, 2), (day, 2)], "-");
    let (count, time) = joined(&[(hour, 2), (minute, 2), (second, 2)], ":");
    let time = if count > 1 { time } else { String::new() };
    let between = if date.is_empty() || time.is_empty() {
        ""
    } else {
        "T"
    };
    [&date, between, &time].concat()
}
