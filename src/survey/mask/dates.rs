//! Masks of days and times: `dd.mm.yyyy`, `hh:MM tt`.

use super::super::javascript::number_of_text;
use super::{Edit, Typed, around, length};

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

/// What was typed into a part.
#[derive(Clone, Debug, Default)]
struct Entry {
    text: String,
    /// Whether the text that was typed goes so far; what is wrong there is not there.
    is_reached: bool,
    is_complete: bool,
}

/// A moment, as far as it is known: year, month, day, hour, minute, second.
type Known = [Option<u32>; 6];
type Moment = [u32; 6];

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

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
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

    /// The earliest and the latest.
    fn bounds(&self) -> (Option<Moment>, Option<Moment>) {
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
    fn moment(&self, text: &str) -> Option<Moment> {
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

    /// What of a text was typed into which part.
    fn entries(&self, text: &str) -> Vec<Entry> {
        let mut pieces = self.pieces(text).into_iter();
        let entry = |part: &DatePart| {
            if part.field == Field::Between {
                return Entry::default();
            }
            let Some(piece) = pieces.next() else {
                return Entry::default();
            };
            let text = if part.field == Field::Marker {
                clean_marker(&piece, part.is_upper())
            } else {
                digits(&piece)
            };
            Entry {
                text: text.chars().take(part.longest()).collect(),
                is_reached: true,
                is_complete: false,
            }
        };
        self.parts.iter().map(entry).collect()
    }

    /// A text cut where its parts end.
    fn pieces(&self, text: &str) -> Vec<String> {
        let between = |part: &&DatePart| part.field == Field::Between;
        let wanted: Vec<&DatePart> = self.parts.iter().filter(|part| !between(part)).collect();
        let signs: Vec<char> = self
            .parts
            .iter()
            .filter(between)
            .map(|it| it.letter)
            .collect();
        let mut lengths = vec![0_usize; wanted.len()];
        let mut behind = None;
        for part in &self.parts {
            if part.field != Field::Between {
                behind = Some(behind.map_or(0, |place: usize| place + 1));
            } else if let Some(length) = behind.and_then(|place| lengths.get_mut(place)) {
                *length += 1;
            }
        }
        let (mut pieces, mut piece) = (Vec::new(), String::new());
        let (mut in_signs, mut in_others, mut left) = (false, false, 0_usize);
        for letter in text.chars() {
            let Some(part) = wanted.get(pieces.len()) else {
                in_signs = false;
                break;
            };
            if letter.is_ascii_digit() || letter == part.letter || part.field == Field::Marker {
                (in_signs, in_others) = (false, false);
                piece.push(letter);
            } else if signs.contains(&letter) {
                if in_others {
                } else if in_signs && left > 0 {
                    left -= 1;
                } else {
                    in_signs = true;
                    let count = lengths.get(pieces.len()).copied().unwrap_or_default();
                    left = count.max(1) - 1;
                    pieces.push(std::mem::take(&mut piece));
                }
            } else if !in_signs {
                in_others = true;
                pieces.push(std::mem::take(&mut piece));
            }
        }
        if wanted.len() <= pieces.len() {
            in_signs = false;
        }
        if !piece.is_empty() || in_signs {
            pieces.push(piece);
        }
        pieces
    }

    pub(super) fn typed(&self, edit: &Edit<'_>) -> Typed {
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

    fn written(&self, entries: &[Entry], is_whole: bool) -> String {
        let last = if is_whole {
            entries.len()
        } else {
            let typed = entries.iter().rposition(|entry| !entry.text.is_empty());
            typed.unwrap_or_default()
        };
        let (mut text, mut between, mut was_complete) = (String::new(), String::new(), false);
        for (at, (part, entry)) in self.parts.iter().zip(entries).enumerate() {
            if part.field == Field::Between {
                between.push(part.letter);
                continue;
            }
            if !entry.is_reached && !is_whole {
                if was_complete {
                    text.push_str(&between);
                }
                return text;
            }
            text.push_str(&std::mem::take(&mut between));
            text.push_str(&shown(part, entry, is_whole || last > at));
            was_complete = entry.is_complete;
        }
        text
    }
}

/// What was typed into a part, with the letters of the mask where something is missing.
fn shown(part: &DatePart, entry: &Entry, is_whole: bool) -> String {
    let with_letters = |text: &str| {
        let missing = part.count.saturating_sub(text.len());
        let letters = part
            .letter
            .to_string()
            .repeat(if is_whole { missing } else { 0 });
        [text, &letters].concat()
    };
    if part.field == Field::Marker {
        return with_letters(&entry.text);
    }
    if entry.is_complete
        && let Some(number) = number(&entry.text)
    {
        return padded(&number.to_string(), part.count, "0");
    }
    let is_short = part.count < part.longest() && matches!(part.field, Field::Day | Field::Month);
    let text = entry.text.strip_prefix('0').filter(|_| is_short);
    with_letters(text.unwrap_or(&entry.text))
}

fn marker(is_afternoon: bool, is_upper: bool) -> &'static str {
    match (is_afternoon, is_upper) {
        (false, false) => "am",
        (false, true) => "AM",
        (true, false) => "pm",
        (true, true) => "PM",
    }
}

/// What of a text is a, p, am or pm.
fn clean_marker(text: &str, is_upper: bool) -> String {
    let mut marker = String::new();
    for letter in text.chars().map(|letter| letter.to_ascii_uppercase()) {
        if matches!(letter, 'A' | 'P') && marker.is_empty() || letter == 'M' && !marker.is_empty() {
            marker.push(letter);
        }
    }
    if is_upper {
        marker
    } else {
        marker.to_ascii_lowercase()
    }
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_real(&[year, month, day, hour, minute, second]: &Moment) -> bool {
    year < 10_000
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
}

/// What is known in ISO 8601; a part is left out where what it stands behind is not known.
fn iso(&[year, month, day, hour, minute, second]: &Known) -> String {
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
