//! What every question on a page shares: the session, its language and its texts.

use leptos::prelude::*;

use super::strings::Strings;
use crate::messages::Message;
use crate::survey::session::Action;
use crate::survey::validation::Fault;
use crate::survey::{LocalizedText, Session, Value};

/// The reactive state of one survey on one page; copies are handles to the same state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// The one state of the survey.
    pub(super) session: RwSignal<Session>,
    /// The language that is shown.
    pub(super) language: Language,
    /// Counts answers, for what happens after one.
    pub(super) answered: RwSignal<u32>,
}

/// The language that is shown and its texts; copies are handles to the same state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Language {
    /// Its tag.
    pub(super) locale: RwSignal<String>,
    /// Its texts.
    pub(super) strings: RwSignal<Strings>,
}

impl Form {
    /// One of our own texts, in the language that is shown.
    pub(super) fn text(self, message: Message) -> String {
        self.language.strings.read().text(message)
    }

    /// One of our own texts with its placeholders filled.
    pub(super) fn fill(self, message: Message, values: &[(&str, &str)]) -> String {
        self.language.strings.read().fill(message, values)
    }

    /// One of the survey's texts, in the language that is shown.
    pub(super) fn resolve(self, text: &LocalizedText) -> String {
        text.resolve(&self.language.locale.read()).to_owned()
    }

    /// Answers a question.
    pub(super) fn answer(self, question: &str, value: Value) {
        self.session.update(|session| {
            session.apply(Action::Answer(question.to_owned(), value));
        });
        self.answered.update(|count| *count += 1);
    }

    /// What the respondent reads of a fault: what to do about it.
    pub(super) fn fault_text(self, fault: Fault, of: &crate::survey::Question) -> String {
        use crate::survey::definition::Kind;
        let count =
            |message, name: &str, number: usize| self.fill(message, &[(name, &number.to_string())]);
        match fault {
            Fault::Required if !of.required_error.is_empty() => self.resolve(&of.required_error),
            Fault::Required => self.text(match of.kind {
                Kind::Rating(_) | Kind::Radiogroup(_) | Kind::Dropdown(_) => Message::RequiredOne,
                Kind::Checkbox(_) => Message::RequiredSome,
                Kind::Boolean(_) => Message::RequiredYesNo,
                Kind::Comment(_) | Kind::Text(_) => Message::RequiredText,
            }),
            Fault::TooMany(max) => count(Message::TooMany, "max", max),
            Fault::TooFew(min) => count(Message::TooFew, "min", min),
            Fault::TooLong(max) => count(Message::TooLong, "max", max),
            Fault::NotAnEmail => self.text(Message::NotAnEmail),
            Fault::NotANumber => self.text(Message::NotANumber),
            Fault::OutOfRange { .. }
            | Fault::WrongType
            | Fault::NotAChoice
            | Fault::UnknownQuestion => self.text(Message::WrongAnswer),
        }
    }
}
