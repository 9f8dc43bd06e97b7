//! Masks of letters and digits between fixed signs: `+9 (999)-aaa`.

use super::{Edit, Typed, around};

/// What stands at one place of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// Something that is typed.
    Typed(Class),
    /// A letter or digit that is always there, and part of the answer.
    Fixed(char),
    /// A sign that is always there, and no part of the answer.
    Sign(char),
}

/// What may be typed at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `9`.
    Digit,
    /// `a`.
    Letter,
    /// `#`.
    LetterOrDigit,
}

/// What stands where something is not yet typed.
const EMPTY: char = '_';

impl Class {
    fn takes(self, letter: char) -> bool {
        match self {
            Self::Digit => letter.is_ascii_digit(),
            Self::Letter => letter.is_ascii_alphabetic(),
            Self::LetterOrDigit => letter.is_ascii_alphanumeric(),
        }
    }
}

/// The symbols of a mask; `\` takes the meaning from the one behind it.
pub(in super::super) fn symbols(pattern: &str) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut is_escaped = false;
    for letter in pattern.chars() {
        let symbol = match letter {
            '\\' => {
                is_escaped = true;
                continue;
            }
            letter if std::mem::take(&mut is_escaped) => Symbol::Fixed(letter),
            '9' => Symbol::Typed(Class::Digit),
            'a' => Symbol::Typed(Class::Letter),
            '#' => Symbol::Typed(Class::LetterOrDigit),
            letter if letter.is_ascii_alphanumeric() => Symbol::Fixed(letter),
            letter => Symbol::Sign(letter),
        };
        symbols.push(symbol);
    }
    symbols
}

pub(super) fn masked(symbols: &[Symbol], text: &str, is_whole: bool) -> String {
    let mut rest = text.chars().peekable();
    let mut masked = String::new();
    for symbol in symbols {
        match *symbol {
            Symbol::Typed(class) => match rest.by_ref().find(|&letter| class.takes(letter)) {
                Some(letter) => masked.push(letter),
                None if is_whole => masked.push(EMPTY),
                None => return masked,
            },
            Symbol::Fixed(letter) | Symbol::Sign(letter) => {
                masked.push(letter);
                rest.next_if_eq(&letter);
            }
        }
    }
    masked
}

/// What was typed, with the fixed letters and digits; empty unless all is there.
pub(super) fn unmasked(symbols: &[Symbol], text: &str) -> String {
    taken(symbols, text, true).unwrap_or_default()
}

/// What was typed up to the first place where something is missing; nothing there if all of it is wanted.
fn taken(symbols: &[Symbol], text: &str, keeps_fixed: bool) -> Option<String> {
    let (found, is_whole) = beginning(symbols, text, keeps_fixed);
    (is_whole && !text.is_empty()).then_some(found)
}

fn beginning(symbols: &[Symbol], text: &str, keeps_fixed: bool) -> (String, bool) {
    let mut found = String::new();
    let mut letters = text.chars();
    for symbol in symbols {
        let letter = letters.next();
        match *symbol {
            Symbol::Fixed(fixed) if keeps_fixed => found.push(fixed),
            Symbol::Fixed(_) | Symbol::Sign(_) => {}
            Symbol::Typed(class) => match letter.filter(|&letter| class.takes(letter)) {
                Some(letter) => found.push(letter),
                None => return (found, false),
            },
        }
    }
    (found, true)
}

pub(super) fn typed(symbols: &[Symbol], edit: &Edit<'_>) -> Typed {
    if edit.inserted.is_empty() && edit.start == edit.end {
        return (edit.before.to_owned(), edit.end);
    }
    let (left, right) = around(edit);
    let before = symbols
        .get(..edit.start.min(symbols.len()))
        .unwrap_or_default();
    let behind = symbols.get(edit.end..).unwrap_or_default();
    let part = |symbols: &[Symbol], text: &str, keeps_fixed: bool| {
        if text.is_empty() {
            String::new()
        } else {
            beginning(symbols, text, keeps_fixed).0
        }
    };
    let all = [
        &part(before, left, true),
        edit.inserted,
        &part(behind, right, false),
    ]
    .concat();
    let caret = if edit.inserted.is_empty() && edit.is_backward {
        edit.start
    } else {
        super::length(&masked(symbols, &[left, edit.inserted].concat(), false))
    };
    (masked(symbols, &all, true), caret)
}
