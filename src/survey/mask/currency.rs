//! Masks of sums of money: a number with its currency before or behind it.

use super::super::value::Value;
use super::{Edit, Numeric, Typed, length};

/// How a sum is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Currency {
    /// How its number is.
    pub numeric: Numeric,
    /// What stands before and behind a sum.
    pub positive: Affixes,
    /// What stands before and behind one below zero.
    pub negative: Affixes,
}

/// What stands around a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Affixes {
    before: String,
    behind: String,
    /// Whether the minus is among them, and not at the number.
    has_sign: bool,
    /// Where the minus stands in the part that has it.
    sign_at: usize,
    is_sign_behind: bool,
}

impl Affixes {
    /// Reads a pattern: `#` for the number, `@` for the currency, `-` for the minus.
    pub(in super::super) fn of(pattern: &str, symbol: &str, is_negative: bool) -> Self {
        let has_symbol = pattern.contains('@');
        if pattern.is_empty() || has_symbol && symbol.is_empty() {
            return Self::default();
        }
        let template = match (is_negative, pattern.contains('-')) {
            (false, _) => pattern.replace('-', ""),
            (true, true) => pattern.to_owned(),
            (true, false) => ["-", pattern].concat(),
        };
        let (before, behind) = template.split_once('#').unwrap_or((&template, ""));
        let with_symbol = |text: &str| text.replace('@', symbol);
        let is_sign_behind = !before.contains('-');
        let signed = if is_sign_behind { behind } else { before };
        let sign = signed.split_once('-').map(|(start, _)| start);
        Self {
            before: with_symbol(before),
            behind: with_symbol(behind),
            has_sign: true,
            sign_at: sign.map_or(0, |start| length(&with_symbol(start))),
            is_sign_behind,
        }
    }

    fn surround(&self, text: &str) -> bool {
        text.starts_with(&self.before) && text.ends_with(&self.behind)
    }

    /// A text without them, and how much was before it.
    fn taken_from<'a>(&self, text: &'a str) -> (&'a str, usize) {
        let (mut rest, mut count) = (text, 0);
        if let Some(inner) = rest.strip_prefix(&self.before) {
            (rest, count) = (inner, length(&self.before));
        }
        (rest.strip_suffix(&self.behind).unwrap_or(rest), count)
    }
}

impl Currency {
    pub(super) fn masked(&self, text: &str) -> String {
        self.wrapped(self.numeric.masked(text))
    }

    pub(super) fn number(&self, text: &str) -> Value {
        self.numeric.number(&self.bare(text).0)
    }

    fn wrapped(&self, text: String) -> String {
        if text.is_empty() {
            return text;
        }
        let unsigned = text.strip_prefix('-');
        let affixes = match unsigned {
            Some(_) => &self.negative,
            None => &self.positive,
        };
        let text = unsigned.filter(|_| affixes.has_sign).unwrap_or(&text);
        [&affixes.before, text, &affixes.behind].concat()
    }

    /// The number of a sum, with its own minus again; how much stood before it; where the minus stood.
    fn bare(&self, text: &str) -> (String, usize, Option<usize>) {
        let negative = &self.negative;
        if negative.has_sign && !text.is_empty() && negative.surround(text) {
            let (inner, count) = negative.taken_from(text);
            let behind = length(text).saturating_sub(length(&negative.behind));
            let sign = if negative.is_sign_behind { behind } else { 0 } + negative.sign_at;
            return (["-", inner].concat(), count, Some(sign));
        }
        let (inner, count) = self.positive.taken_from(text);
        (inner.to_owned(), count, None)
    }

    pub(super) fn typed(&self, edit: &Edit<'_>) -> Typed {
        let is_whole_sum = [&self.negative, &self.positive].into_iter().any(|affixes| {
            let around = length(&affixes.before) + length(&affixes.behind);
            around > 0 && length(edit.inserted) > around && affixes.surround(edit.inserted)
        });
        let inserted = if is_whole_sum {
            self.bare(edit.inserted).0
        } else {
            edit.inserted.to_owned()
        };
        let (before, start, end) = self.inside(edit);
        let inner = Edit {
            before: &before,
            start,
            end,
            inserted: &inserted,
            is_backward: edit.is_backward,
        };
        let (text, mut caret) = self.numeric.typed(&inner);
        if !text.is_empty() {
            let is_negative = text.starts_with('-');
            let affixes = if is_negative {
                &self.negative
            } else {
                &self.positive
            };
            let sign = usize::from(is_negative && affixes.has_sign);
            caret = caret.saturating_sub(sign) + length(&affixes.before);
        }
        (self.wrapped(text), caret)
    }

    /// The number that is typed into, and what is selected in it.
    fn inside(&self, edit: &Edit<'_>) -> (String, usize, usize) {
        if edit.before.is_empty() {
            return (String::new(), edit.start, edit.end);
        }
        let (mut number, count, sign) = self.bare(edit.before);
        let Some(sign) = sign else {
            return (
                number,
                edit.start.saturating_sub(count),
                edit.end.saturating_sub(count),
            );
        };
        let removes_sign = edit.start <= sign && edit.end > sign;
        if removes_sign {
            number.remove(0);
        }
        let kept = usize::from(!removes_sign);
        let longest = length(&number);
        let place = |at: usize| (at.saturating_sub(count) + kept).min(longest);
        let (start, end) = (place(edit.start), place(edit.end));
        (number, start, end)
    }
}
