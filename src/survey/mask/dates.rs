//! Masks of days and times: `dd.mm.yyyy`, `hh:MM tt`.

mod entries;
mod moment;
mod typing;

use self::entries::{Entry, marker};
use self::moment::{Known, iso};
use super::super::javascript::number_of_text;
use super::length;

/// How a moment is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Dates {
    /// Its parts, and what stands between them.
    pub parts: Vec<DatePart>,
    /// The earliest that can be typed, as it is stored.
    pub min: Option<String>,
    /// The latest.
    pub max: Option<String>,
}

/// A part of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatePart {
    field: Field,
    letter: char,
    count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Marker,
    Between,
}

/// A year below this is one of this century.
const TURN_OF_CENTURY: u32 = 68;
const NOON: u32 = 12;

/// The parts of a pattern.
pub(in super::super) fn parts(pattern: &str) -> Vec<DatePart> {
    let mut parts: Vec<DatePart> = Vec::new();
    for letter in pattern.chars() {
        let field = match letter {
            'm' => Field::Month,
            'd' => Field::Day,
            'y' => Field::Year,
            'h' | 'H' => Field::Hour,
            'M' => Field::Minute,
            's' => Field::Second,
            't' | 'T' => Field::Marker,
            _ => Field::Between,
        };
        match parts.last_mut() {
            Some(last) if last.field == field && field != Field::Between => last.count += 1,
            _ => parts.push(DatePart {
                field,
                letter,
                count: 1,
            }),
        }
    }
    parts
}

impl DatePart {
    /// At most so many characters.
    fn longest(&self) -> usize {
        match self.field {
            Field::Year | Field::Marker => self.count,
            Field::Between => 1,
            _ => 2,
        }
    }

    fn is_upper(&self) -> bool {
        self.letter.is_ascii_uppercase()
    }

    /// The place of its number in a moment.
    fn place(&self) -> Option<usize> {
        match self.field {
            Field::Year => Some(0),
            Field::Month => Some(1),
            Field::Day => Some(2),
            Field::Hour => Some(3),
            Field::Minute => Some(4),
            Field::Second => Some(5),
            Field::Marker | Field::Between => None,
        }
    }

    /// The largest digit that a number of two can begin with.
    fn largest_first(&self) -> Option<u32> {
        match self.field {
            Field::Hour if self.is_upper() => Some(2),
            Field::Hour | Field::Month => Some(1),
            Field::Minute | Field::Second => Some(5),
            Field::Day => Some(3),
            _ => None,
        }
    }
}

fn number(text: &str) -> Option<u32> {
    number_of_text(text).map(|number| number as u32)
}

/// `text` behind as many of `sign` as it lacks to `count`.
fn padded(text: &str, count: usize, sign: &str) -> String {
    [&sign.repeat(count.saturating_sub(length(text))), text].concat()
}

impl Dates {
    fn has(&self, fields: &[Field]) -> bool {
        self.parts.iter().any(|part| fields.contains(&part.field))
    }

    fn has_day(&self) -> bool {
        self.has(&[Field::Year, Field::Month, Field::Day])
    }

    fn has_time(&self) -> bool {
        self.has(&[Field::Hour, Field::Minute, Field::Second])
    }

    fn is_twelve_hours(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| part.field == Field::Hour && !part.is_upper())
    }

    /// A stored answer as it is shown; the empty mask for what is none.
    pub(super) fn masked(&self, text: &str) -> String {
        let moment = self.moment(text);
        let entry = |part: &DatePart| {
            let Some(moment) = moment else {
                return Entry::default();
            };
            let hour = moment[3];
            let text = match part.field {
                Field::Marker => marker(hour >= NOON, part.is_upper()).to_owned(),
                Field::Hour if self.is_twelve_hours() => ((hour + NOON - 1) % NOON + 1).to_string(),
                Field::Year if part.count == 2 => (moment[0] % 100).to_string(),
                _ => {
                    let number = part.place().and_then(|place| moment.get(place));
                    number.map(u32::to_string).unwrap_or_default()
                }
            };
            Entry {
                text,
                is_reached: true,
                is_complete: true,
            }
        };
        let entries: Vec<Entry> = self.parts.iter().map(entry).collect();
        self.written(&entries, true)
    }

    /// The answer that a text stands for, in ISO 8601; empty unless all parts are there.
    pub(super) fn unmasked(&self, text: &str) -> String {
        let entries = self.entries(text);
        let typed = self.parts.iter().zip(&entries);
        let marker = typed
            .clone()
            .find(|(part, _)| part.field == Field::Marker)
            .and_then(|(_, entry)| entry.text.chars().next());
        let mut known: Known = [None; 6];
        for (part, entry) in typed {
            let Some(place) = part.place() else { continue };
            if entry.text.len() < part.count.max(1) {
                return String::new();
            }
            let mut value = number(&self.full_year(part, &entry.text));
            if part.field == Field::Hour {
                value = value.map(|hour| match marker {
                    Some('p' | 'P') if hour != NOON => hour + NOON,
                    Some('a' | 'A') if hour == NOON => 0,
                    _ => hour,
                });
            }
            if let Some(entry) = known.get_mut(place) {
                *entry = value;
            }
        }
        iso(&known)
    }

    /// A year of two digits with its century.
    fn full_year(&self, part: &DatePart, text: &str) -> String {
        if part.field != Field::Year || part.count > 2 || text.is_empty() {
            return text.to_owned();
        }
        let max = self.max.as_deref().and_then(|max| max.get(2..4));
        let turn = max.and_then(number).unwrap_or(TURN_OF_CENTURY);
        let is_last = number(text).is_some_and(|year| year > turn);
        [if is_last { "19" } else { "20" }, text].concat()
    }
}
