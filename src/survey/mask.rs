//! Input masks: how an answer is written into a field, and which answer a field's text stands for.
//!
//! The rules are those of survey-core 3.1.1 (`InputMaskPattern`, `InputMaskNumeric`, `InputMaskCurrency` and
//! `InputMaskDateTime`); `tests/it/vectors/masks.rs` compares both. Positions in a text count characters.

mod currency;
mod dates;
mod formats;
mod numeric;
mod pattern;

pub(super) use dates::parts;
pub(super) use pattern::symbols;

pub use currency::{Affixes, Currency};
pub use dates::{DatePart, Dates};
pub use formats::Formats;
pub use numeric::Numeric;
pub use pattern::{Class, Symbol};

use super::javascript::text_of_value;
use super::value::Value;

/// A mask over a field for words.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// What it looks like.
    pub form: Form,
    /// Whether an answer is stored as it is shown; expressions see it as it would be stored otherwise.
    pub saves_masked: bool,
}

/// What a mask looks like; SurveyJS's `maskType`.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Letters and digits between fixed signs.
    Pattern(Vec<Symbol>),
    /// A number.
    Numeric(Numeric),
    /// A sum of money.
    Currency(Currency),
    /// A day, a time of day, or both.
    Dates(Dates),
}

/// A change of a field's text, before it is made.
#[derive(Clone, Copy, Debug)]
pub struct Edit<'a> {
    /// The text as it stands.
    pub before: &'a str,
    /// Where what is selected begins.
    pub start: usize,
    /// Where what is selected ends.
    pub end: usize,
    /// What is put in its place; empty where it is deleted.
    pub inserted: &'a str,
    /// Whether it is deleted backwards.
    pub is_backward: bool,
}

/// A field's text and where the caret stands in it.
pub type Typed = (String, usize);

impl Mask {
    /// What a field shows for a stored answer; the empty mask for none.
    pub fn shown(&self, answer: &Value) -> String {
        match answer {
            Value::Text(text) if self.saves_masked && !text.is_empty() => text.clone(),
            answer => self.masked(answer),
        }
    }

    /// The answer that a field's text stands for, as it is stored; nothing while it is not complete.
    pub fn answer(&self, text: &str) -> Value {
        let bare = self.unmasked(text);
        if self.saves_masked && super::javascript::is_truthy(&bare) {
            return Value::Text(self.masked(&bare));
        }
        bare
    }

    /// Whether something was typed that is no answer yet.
    pub fn is_incomplete(&self, text: &str) -> bool {
        !text.is_empty() && text != self.masked(&Value::Null) && self.unmasked(text).is_empty()
    }

    /// What a change of a field's text makes of it.
    pub fn typed(&self, edit: &Edit<'_>) -> Typed {
        match &self.form {
            Form::Pattern(symbols) => pattern::typed(symbols, edit),
            Form::Numeric(numeric) => numeric.typed(edit),
            Form::Currency(currency) => currency.typed(edit),
            Form::Dates(dates) => dates.typed(edit),
        }
    }

    /// The form in which an answer from elsewhere is stored, as a default or a computed one.
    pub fn stored(&self, answer: Value) -> Value {
        if matches!(&answer, Value::Null) || answer.as_text() == Some("") {
            return answer;
        }
        if !self.saves_masked {
            return match (&self.form, answer.as_text()) {
                (Form::Pattern(_), Some(text)) if text == self.masked(&answer) => {
                    self.unmasked(text)
                }
                _ => answer,
            };
        }
        if let Value::Text(text) = &answer {
            let is_whole = |text: &str| super::javascript::is_truthy(&self.unmasked(text));
            let (masked, empty) = (self.masked(&answer), self.masked(&Value::Null));
            if is_whole(text) || masked == empty && *text != empty || !is_whole(&masked) {
                return answer;
            }
        }
        Value::Text(self.masked(&answer))
    }

    /// An answer as expressions see it.
    pub fn bare(&self, answer: &Value) -> Value {
        if self.saves_masked && !answer.is_empty() {
            self.unmasked(&text_of_value(answer))
        } else {
            answer.clone()
        }
    }

    /// A bare answer with the mask over it.
    fn masked(&self, answer: &Value) -> String {
        let text = match answer {
            Value::Null => String::new(),
            answer => text_of_value(answer),
        };
        match &self.form {
            Form::Pattern(symbols) => pattern::masked(symbols, &text, true),
            Form::Numeric(numeric) => numeric.masked(&text),
            Form::Currency(currency) => currency.masked(&text),
            Form::Dates(dates) => dates.masked(&text),
        }
    }

    /// The bare answer under the mask.
    fn unmasked(&self, text: &str) -> Value {
        match &self.form {
            Form::Pattern(symbols) => words(pattern::unmasked(symbols, text)),
            Form::Numeric(numeric) => numeric.number(text),
            Form::Currency(currency) => currency.number(text),
            Form::Dates(dates) => words(dates.unmasked(text)),
        }
    }
}

fn words(text: String) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::Text(text)
    }
}

/// A text without what is selected in it: (before the selection, behind it).
fn around<'a>(edit: &Edit<'a>) -> (&'a str, &'a str) {
    let byte = |place: usize| {
        let at = edit.before.char_indices().nth(place);
        at.map_or(edit.before.len(), |(at, _)| at)
    };
    let (start, end) = (byte(edit.start), byte(edit.end.max(edit.start)));
    (
        edit.before.get(..start).unwrap_or_default(),
        edit.before.get(end..).unwrap_or_default(),
    )
}

fn length(text: &str) -> usize {
    text.chars().count()
}
