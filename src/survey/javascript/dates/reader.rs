//! Reads the texts of dates as V8 does.
//!
//! The rules of ISO texts are ECMA-262's (21.4.1.32); those of other texts are no standard's, but what V8 accepts and
//! surveys were written against.

use super::Civil;

/// (moment in its own zone, that zone's minutes ahead of UTC) of the text of a date; no minutes where it does not say its
/// zone, nothing for a text that is none.
pub fn date_of_text(text: &str) -> Option<(f64, Option<f64>)> {
    Reader::new(text).read()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    /// (value, digits written)
    Number(f64, usize),
    /// The first three letters, in small ones, and how long the word is.
    Word([char; 3], usize),
    Sign(char),
    Space,
    End,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Zones by their hours ahead of UTC.
const ZONES: [(&str, f64); 12] = [
    ("ut", 0.0),
    ("utc", 0.0),
    ("z", 0.0),
    ("gmt", 0.0),
    ("cdt", -5.0),
    ("cst", -6.0),
    ("edt", -4.0),
    ("est", -5.0),
    ("mdt", -6.0),
    ("mst", -7.0),
    ("pdt", -7.0),
    ("pst", -8.0),
];

struct Reader<'a> {
    rest: &'a str,
    next: Token,
    /// Year, month and day, in whatever order they stand.
    date: Vec<f64>,
    /// Hour, minute, second, millisecond.
    time: Vec<f64>,
    is_iso: bool,
    month: Option<f64>,
    /// Noon for `pm`, midnight for `am`.
    half_day: Option<f64>,
    /// (sign, hour, minute)
    zone: (f64, Option<f64>, Option<f64>),
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let mut reader = Self {
            rest: text,
            next: Token::End,
            date: Vec::new(),
            time: Vec::new(),
            is_iso: false,
            month: None,
            half_day: None,
            zone: (1.0, None, None),
        };
        reader.take();
        reader
    }

    /// The next token; the one behind it is read ahead.
    fn take(&mut self) -> Token {
        let taken = self.next;
        let rest = self.rest;
        let run = |belongs: fn(char) -> bool| {
            let end = rest.find(|letter| !belongs(letter));
            rest.split_at(end.unwrap_or(rest.len()))
        };
        (self.next, self.rest) = match rest.chars().next() {
            None => (Token::End, ""),
            Some('0'..='9') => {
                let (digits, rest) = run(|letter| letter.is_ascii_digit());
                // More than nine digits are cut off, as V8 does.
                let shown = digits.trim_start_matches('0').bytes().take(9);
                let value = shown.fold(0.0, |value, digit| value * 10.0 + f64::from(digit - b'0'));
                (Token::Number(value, digits.len()), rest)
            }
            Some(
                ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{feff}' | '\u{2028}'
                | '\u{2029}',
            ) => {
                let (_, rest) = run(char::is_whitespace);
                (Token::Space, rest.trim_start_matches('\u{feff}'))
            }
            Some('(') => {
                let mut depth = 0;
                let end = rest.find(|letter| {
                    depth += i32::from(letter == '(') - i32::from(letter == ')');
                    depth == 0
                });
                (
                    Token::Space,
                    end.and_then(|end| rest.get(end + 1..)).unwrap_or_default(),
                )
            }
            Some('A'..) => {
                let (word, rest) = run(|letter| letter >= 'A' && !letter.is_whitespace());
                let mut letters = word.chars().map(|letter| letter.to_ascii_lowercase());
                let first = [(); 3].map(|()| letters.next().unwrap_or(' '));
                (Token::Word(first, word.chars().count()), rest)
            }
            Some(sign) => (
                Token::Sign(sign),
                rest.get(sign.len_utf8()..).unwrap_or_default(),
            ),
        };
        taken
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let found = self.next == Token::Sign(sign);
        if found {
            self.take();
        }
        found
    }

    /// A number of so many digits, from `least` to `most`.
    fn take_fixed(&mut self, length: usize, least: f64, most: f64) -> Option<f64> {
        match self.next {
            Token::Number(number, digits)
                if digits == length && (least..=most).contains(&number) =>
            {
                self.take();
                Some(number)
            }
            _ => None,
        }
    }

    fn read(mut self) -> Option<(f64, Option<f64>)> {
        let mut token = self.read_iso()?;
        let mut has_number = !self.date.is_empty();
        while token != Token::End {
            match token {
                Token::Number(number, _) => {
                    has_number = true;
                    self.add_number(number)?;
                }
                Token::Word(first, length) => self.add_word(first, length, has_number)?,
                Token::Sign(sign @ ('+' | '-')) if is_utc(self.zone) || !self.time.is_empty() => {
                    has_number = true;
                    self.add_zone(sign)?;
                }
                Token::Sign('+' | '-' | ')') if has_number => return None,
                Token::Sign(_) | Token::Space | Token::End => {}
            }
            token = self.take();
        }
        self.result()
    }

    /// Reads as much as is an ISO date; the token at which it is none any more. Nothing where no rule goes on.
    fn read_iso(&mut self) -> Option<Token> {
        if let Token::Sign(sign @ ('+' | '-')) = self.next {
            self.take();
            let Token::Number(year, 6) = self.next else {
                return Some(Token::Sign(sign));
            };
            if sign == '-' && year == 0.0 {
                return Some(Token::Sign(sign));
            }
            self.take();
            self.date.push(if sign == '-' { -year } else { year });
        } else if let Some(year) = self.take_fixed(4, 0.0, 9999.0) {
            self.date.push(year);
        } else {
            return Some(self.take());
        }
        for most in [12.0, 31.0] {
            if !self.take_sign('-') {
                break;
            }
            let Some(part) = self.take_fixed(2, 1.0, most) else {
                return Some(self.take());
            };
            self.date.push(part);
        }
        if !matches!(self.next, Token::Word(['t', ..], 1)) {
            if self.next != Token::End {
                return Some(self.take());
            }
            self.zone = (1.0, Some(0.0), Some(0.0));
        } else {
            self.take();
            self.read_iso_time()?;
        }
        self.is_iso = true;
        Some(Token::End)
    }

    fn read_iso_time(&mut self) -> Option<()> {
        let hour = self.take_fixed(2, 0.0, 24.0)?;
        let most = if hour == 24.0 { 0.0 } else { 59.0 };
        self.time.push(hour);
        self.take_sign(':').then_some(())?;
        let minute = self.take_fixed(2, 0.0, most)?;
        self.time.push(minute);
        if self.take_sign(':') {
            let second = self.take_fixed(2, 0.0, most)?;
            self.time.push(second);
            if self.take_sign('.') {
                let Token::Number(number, digits) = self.take() else {
                    return None;
                };
                self.time.push(milliseconds(number, digits));
            }
        }
        match self.next {
            Token::Word(['z', ..], 1) => {
                self.take();
                self.zone = (1.0, Some(0.0), Some(0.0));
            }
            Token::Sign(sign @ ('+' | '-')) => {
                self.take();
                let (hour, minute) = if let Some(both) = self.take_fixed(4, 0.0, 2359.0) {
                    ((both / 100.0).floor(), both % 100.0)
                } else {
                    let hour = self.take_fixed(2, 0.0, 23.0)?;
                    self.take_sign(':').then_some(())?;
                    (hour, self.take_fixed(2, 0.0, 59.0)?)
                };
                self.zone = (
                    if sign == '-' { -1.0 } else { 1.0 },
                    Some(hour),
                    Some(minute),
                );
            }
            _ => {}
        }
        (self.next == Token::End).then_some(())
    }

    fn add_number(&mut self, number: f64) -> Option<()> {
        let limit = match self.time.len() {
            1 | 2 => Some(59.0),
            3 => Some(999.0),
            _ => None,
        };
        let continues_time = limit.is_some_and(|limit| number <= limit);
        if self.take_sign(':') {
            if self.take_sign(':') {
                self.time.is_empty().then_some(())?;
                self.time.extend([number, 0.0]);
            } else {
                (self.time.len() < 4).then_some(())?;
                self.time.push(number);
                self.take_sign('.');
            }
            return Some(());
        }
        if self.take_sign('.') && continues_time {
            self.time.push(number);
            let Token::Number(number, digits) = self.next else {
                return None;
            };
            self.take();
            self.time.push(milliseconds(number, digits));
            self.time.resize(4, 0.0);
        } else if self.zone.1.is_some() && self.zone.2.is_none() && number <= 59.0 {
            self.zone.2 = Some(number);
        } else if continues_time {
            self.time.push(number);
            self.time.resize(4, 0.0);
            let ends = matches!(
                self.next,
                Token::End | Token::Space | Token::Word(['z', ..], 1) | Token::Sign('+' | '-')
            );
            ends.then_some(())?;
        } else {
            (self.date.len() < 3).then_some(())?;
            self.date.push(number);
            self.take_sign('-');
        }
        Some(())
    }

    fn add_word(&mut self, first: [char; 3], length: usize, has_number: bool) -> Option<()> {
        let first: String = first.into_iter().filter(|&letter| letter != ' ').collect();
        let zone = ZONES.iter().find(|(name, _)| *name == first && length <= 3);
        let month = MONTHS.iter().position(|month| *month == first);
        if matches!(first.as_str(), "am" | "pm") && length == 2 && !self.time.is_empty() {
            self.half_day = Some(if first == "pm" { 12.0 } else { 0.0 });
        } else if let Some(month) = month {
            self.month = Some(month as f64 + 1.0);
            self.take_sign('-');
        } else if let (Some((_, hours)), true) = (zone, has_number) {
            let sign = if *hours < 0.0 { -1.0 } else { 1.0 };
            self.zone = (sign, Some(hours.abs()), Some(0.0));
        } else if has_number || matches!(self.next, Token::Number(..)) {
            // Other words stand before the first number, and apart from it.
            return None;
        }
        Some(())
    }

    fn add_zone(&mut self, sign: char) -> Option<()> {
        let (mut number, mut length) = (0.0, 0);
        if let Token::Number(value, digits) = self.next {
            self.take();
            (number, length) = (value, digits);
        }
        let sign = if sign == '-' { -1.0 } else { 1.0 };
        self.zone = match length {
            _ if self.next == Token::Sign(':') => (sign, Some(number), None),
            1 | 2 => (sign, Some(number), Some(0.0)),
            3 | 4 => (sign, Some((number / 100.0).floor()), Some(number % 100.0)),
            _ => return None,
        };
        Some(())
    }

    fn result(mut self) -> Option<(f64, Option<f64>)> {
        (!self.date.is_empty()).then_some(())?;
        // Without a year it is 2001, as in V8.
        self.date.resize(3, 1.0);
        self.time.resize(4, 0.0);
        let (&[a, b, c], &[mut hour, minute, second, millisecond]) =
            (self.date.as_slice(), self.time.as_slice())
        else {
            return None;
        };
        let is_day = |number: f64| (1.0..=31.0).contains(&number);
        let (mut year, month, day) = match self.month {
            None if self.is_iso || !is_day(a) => (a, b, c),
            None => (c, a, b),
            Some(month) if !is_day(a) => (a, month, b),
            Some(month) => (b, month, a),
        };
        if !self.is_iso && (0.0..100.0).contains(&year) {
            year += if year < 50.0 { 2000.0 } else { 1900.0 };
        }
        ((1.0..=12.0).contains(&month) && is_day(day)).then_some(())?;
        if let Some(half_day) = self.half_day {
            (0.0..=12.0).contains(&hour).then_some(())?;
            hour = hour % 12.0 + half_day;
        }
        let is_time = hour < 24.0 && minute < 60.0 && second < 60.0 && millisecond < 1000.0;
        let is_midnight = hour == 24.0 && minute + second + millisecond == 0.0;
        (is_time || is_midnight).then_some(())?;
        let civil = Civil {
            year,
            month: month - 1.0,
            day,
            hour,
            minute,
            second,
            millisecond,
            weekday: 0.0,
        };
        let (sign, hours, minutes) = self.zone;
        let zone = hours.map(|hours| sign * (hours * 60.0 + minutes.unwrap_or(0.0)));
        Some((civil.moment(), zone))
    }
}

fn is_utc((_, hour, minute): (f64, Option<f64>, Option<f64>)) -> bool {
    hour == Some(0.0) && minute == Some(0.0)
}

fn milliseconds(number: f64, digits: usize) -> f64 {
    match digits {
        1 => number * 100.0,
        2 => number * 10.0,
        3 => number,
        // Nine digits are kept; the rest was cut off.
        digits => {
            let cut = digits.min(9) as u32 - 3;
            (number / f64::from(10_u32.pow(cut))).floor()
        }
    }
}
