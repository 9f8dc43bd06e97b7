//! What was typed into which part of a moment, and how it is written.

use super::{DatePart, Dates, Field, number, padded};

impl Dates {
    /// What of a text was typed into which part.
    pub(super) fn entries(&self, text: &str) -> Vec<Entry> {
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

    pub(super) fn written(&self, entries: &[Entry], is_whole: bool) -> String {
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

/// What was typed into a part.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub text: String,
    /// Whether the text that was typed goes so far; what is wrong there is not there.
    pub is_reached: bool,
    pub is_complete: bool,
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// What was typed into a part, with the letters of the mask where something is missing.
pub(super) fn shown(part: &DatePart, entry: &Entry, is_whole: bool) -> String {
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

pub(super) fn marker(is_afternoon: bool, is_upper: bool) -> &'static str {
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
