//! Typing a moment: a digit that leads to none within the bounds is not taken.

use super::super::{Edit, Typed, around, length};
use super::entries::Entry;
use super::moment::{Known, Moment, days_of, is_real};
use super::{DatePart, Dates, Field, NOON, number, padded};

impl Dates {
    pub(in super::super) fn typed(&self, edit: &Edit<'_>) -> Typed {
        let (left, right) = around(edit);
        let left = [left, edit.inserted].concat();
        let shown = self.checked(&[&left, right].concat(), true);
        let caret = if edit.inserted.is_empty() && edit.is_backward {
            edit.start
        } else {
            length(&self.checked(&left, false))
        };
        (shown, caret)
    }

    /// A text that is being typed, without digits that lead to no moment.
    fn checked(&self, text: &str, is_whole: bool) -> String {
        let mut entries = self.entries(text);
        let mut known: Known = [None; 6];
        let mut marker = String::new();
        for (part, entry) in self.parts.iter().zip(&mut entries) {
            if entry.text.is_empty() {
                continue;
            }
            match part.place() {
                Some(place) => self.check_number(part, place, entry, &mut known, &marker),
                None => {
                    if self.can_be(&known, &entry.text) {
                        entry.is_complete = true;
                    } else {
                        entry.text.pop();
                    }
                    marker.clone_from(&entry.text);
                }
            }
            entry.is_reached = !entry.text.is_empty();
        }
        self.written(&entries, is_whole)
    }

    fn check_number(
        &self,
        part: &DatePart,
        place: usize,
        entry: &mut Entry,
        known: &mut Known,
        marker: &str,
    ) {
        let with = |value: Option<u32>| {
            let mut tried = *known;
            if let Some(entry) = tried.get_mut(place) {
                *entry = value;
            }
            tried
        };
        let above_zero = |text: &str| number(text).filter(|&number| number > 0);
        if entry.text.len() == part.longest() {
            if self.can_be(&with(number(&self.full_year(part, &entry.text))), marker) {
                entry.is_complete = true;
                *known = with(above_zero(&entry.text));
                return;
            }
            entry.text.pop();
        }
        let value = number(&entry.text);
        let first = entry
            .text
            .chars()
            .next()
            .and_then(|digit| digit.to_digit(10));
        match (part.largest_first(), first) {
            _ if part.field == Field::Year && !self.is_year(value) => {
                entry.text.pop();
            }
            (Some(largest), Some(first)) if first > largest => {
                if self.can_be(&with(value), marker) {
                    entry.is_complete = true;
                } else {
                    entry.text.pop();
                }
            }
            (Some(_), Some(first)) if first != 0 => {
                let seconds = match part.field {
                    Field::Month => 3,
                    Field::Hour if self.is_twelve_hours() => 3,
                    Field::Hour => 5,
                    _ => 10,
                };
                let mut longer = (0..seconds).map(|digit| value.map(|value| value * 10 + digit));
                entry.is_complete = !longer.any(|value| self.can_be(&with(value), marker));
                if entry.is_complete && !self.can_be(&with(value), marker) {
                    entry.text.pop();
                }
            }
            _ => {}
        }
        *known = with(above_zero(&entry.text));
    }

    /// Whether the beginning of a year is one of years within the bounds.
    fn is_year(&self, year: Option<u32>) -> bool {
        let Some(year) = year else { return false };
        let count = year.to_string().len();
        let begin = |bound: Option<Moment>| {
            let text = padded(&bound?[0].to_string(), 4, "0");
            number(text.get(..count)?)
        };
        let (min, max) = self.bounds();
        begin(min).is_some_and(|min| min <= year) && begin(max).is_some_and(|max| year <= max)
    }

    /// Whether what is known can become a moment within the bounds.
    fn can_be(&self, known: &Known, marker: &str) -> bool {
        let with_hour = |hour: Option<u32>| {
            let mut known = *known;
            known[3] = hour;
            self.is_within(&known)
        };
        let hour = known[3];
        if !self.is_twelve_hours() {
            return self.is_within(known);
        }
        if hour.is_some_and(|hour| hour > NOON) {
            return false;
        }
        match marker.chars().next() {
            None => self.is_within(known) || with_hour(hour.map(|hour| hour + NOON)),
            Some('p' | 'P') if hour != Some(NOON) => with_hour(hour.map(|hour| hour + NOON)),
            Some('a' | 'A') if hour == Some(NOON) => with_hour(Some(0)),
            Some(_) => self.is_within(known),
        }
    }

    fn is_within(&self, known: &Known) -> bool {
        let (Some(min), Some(max)) = self.bounds() else {
            return false;
        };
        let (mut first, mut last) = (min[0], max[0]);
        if known[2] == Some(29) && known[1] == Some(2) {
            (first, last) = (first.div_ceil(4) * 4, last / 4 * 4);
            if first > last && known[0].is_none() {
                return false;
            }
        }
        let has_day = self.has_day();
        let whole = |is_latest: bool| {
            let or = |place: usize, earliest: u32, latest: u32| {
                let known = known.get(place).copied().flatten();
                known.unwrap_or(if is_latest { latest } else { earliest })
            };
            let year = or(0, first, last);
            let month = or(1, 1, if has_day { 12 } else { 1 });
            let day = or(2, 1, if has_day { days_of(year, month) } else { 1 });
            [year, month, day, or(3, 0, 23), or(4, 0, 59), or(5, 0, 59)]
        };
        let (earliest, latest) = (whole(false), whole(true));
        is_real(&earliest) && is_real(&latest) && latest >= min && earliest <= max
    }
}
