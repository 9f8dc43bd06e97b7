//! What every question on a page shares: the session, its language and its texts.

use leptos::prelude::*;

use super::dom::{El, bind};
use super::environment;
use super::strings::Strings;
use crate::messages::Message;
use crate::survey::definition::Kind;
use crate::survey::session::{Action, Outcome, ShownChoice, Source};
use crate::survey::validation::{Fault, Violation};
use crate::survey::{LocalizedText, Question, Session, Value};

/// The reactive state of one survey on one page; copies are handles to the same state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// The one state of the survey.
    pub(super) session: RwSignal<Session>,
    /// The language that is shown, and its texts.
    pub(super) language: RwSignal<Language>,
    /// Counts answers, for what happens after one.
    pub(super) answered: RwSignal<u32>,
    /// Counts pages that were turned.
    pub(super) turned: RwSignal<u32>,
}

/// The language that is shown.
#[derive(Clone, Debug)]
pub(super) struct Language {
    /// Its tag.
    pub(super) tag: String,
    /// Its texts.
    pub(super) strings: Strings,
}

/// One of our own texts, in the language that is shown.
pub(super) fn text(language: RwSignal<Language>, message: Message) -> String {
    language.read().strings.text(message)
}

impl Form {
    /// What the session says; followed by whatever asks in a binding.
    pub(super) fn look<T: Default>(self, ask: impl FnOnce(&Session) -> T) -> T {
        let mut said = T::default();
        let mut ask = Some(ask);
        self.visit(&mut |session| {
            if let Some(ask) = ask.take() {
                said = ask(session);
            }
        });
        said
    }

    /// Not generic, so that the signal's machinery stands in the code once.
    #[inline(never)]
    fn visit(self, visitor: &mut dyn FnMut(&Session)) {
        visitor(&self.session.read());
    }

    /// Does what the respondent does.
    pub(super) fn apply(self, action: Action) -> Outcome {
        let engine = environment::engine();
        let outcome = self.session.try_update(|session| match engine {
            Some(engine) if session.is_open() => (engine.apply)(session, action),
            _ => {
                session.note(action);
                Outcome::Stayed
            }
        });
        outcome.unwrap_or(Outcome::Stayed)
    }

    /// One of our own texts, in the language that is shown.
    #[inline(never)]
    pub(super) fn text(self, message: Message) -> String {
        text(self.language, message)
    }

    /// One of our own texts with its placeholders filled.
    pub(super) fn fill(self, message: Message, values: &[(&str, &str)]) -> String {
        crate::messages::fill(&self.text(message), values)
    }

    /// One of the survey's texts as its author wrote it, in the language that is shown.
    #[inline(never)]
    pub(super) fn resolve(self, text: &LocalizedText) -> String {
        text.resolve(&self.language.read().tag).to_owned()
    }

    /// Answers a question.
    #[inline(never)]
    pub(super) fn answer(self, question: &str, value: Value) {
        self.apply(Action::Answer(question.to_owned(), value));
        self.answered.set(self.answered.get_untracked() + 1);
    }

    /// One of the survey's texts without its markup, with answers in the place of `{names}`: for names, buttons, choices
    /// and whatever else shows words alone.
    #[inline(never)]
    pub(super) fn piped(self, text: &LocalizedText) -> String {
        self.pipe(self.plain(self.resolve(text)))
    }

    /// The words of a text of the author's, without its markup.
    fn plain(self, text: String) -> String {
        match environment::engine() {
            Some(engine) if text.contains('<') => (engine.plain)(&text),
            _ => text,
        }
    }

    /// Keeps the words of an element as the survey has them, with answers in the place of `{names}`. Markup is a part's to
    /// show; only the author's is one, not what stands in answers.
    #[inline(never)]
    pub(super) fn words(self, place: El, text: &LocalizedText) -> El {
        let (shown, text) = (place.clone(), text.clone());
        bind(Box::new(move || {
            let own = self.resolve(&text);
            match environment::engine() {
                Some(engine) if own.contains('<') => (engine.mark)(self, shown.clone(), own),
                _ => drop(shown.clone().text(&self.pipe(own))),
            }
        }));
        place
    }

    /// A text with answers in the place of `{names}`.
    pub(super) fn pipe(self, text: String) -> String {
        match environment::engine() {
            Some(engine) if text.contains('{') => {
                let tag = self.language.read().tag.clone();
                self.look(|session| (engine.pipe)(session, &text, &tag))
            }
            _ => text,
        }
    }

    /// The text of a choice.
    pub(super) fn choice_text(self, of: &Question, item: &ShownChoice) -> String {
        let tag = self.language.read().tag.clone();
        let own = self.look(|session| session.choice_text(of, item, &tag));
        match item.source {
            // What a respondent wrote is no markup.
            Source::Words(_) | Source::Custom => own,
            _ if !own.is_empty() => self.pipe(self.plain(own)),
            Source::Other => self.text(Message::Other),
            Source::None => self.text(Message::None),
            Source::Refused => self.text(Message::Refuse),
            Source::DontKnow => self.text(Message::DontKnow),
            Source::All => self.text(Message::SelectAll),
            Source::Choice(..) => own,
        }
    }

    /// What the respondent reads of a violation: what to do about it.
    pub(super) fn violation_text(self, violation: &Violation, of: &Question) -> String {
        let own = self.piped(&violation.text);
        if own.is_empty() {
            self.fault_text(violation.fault, of)
        } else {
            own
        }
    }

    fn fault_text(self, fault: Fault, of: &Question) -> String {
        let count =
            |message, name: &str, number: usize| self.fill(message, &[(name, &number.to_string())]);
        match fault {
            Fault::Required => self.text(match of.kind {
                Kind::Comment(_) | Kind::Text(_) | Kind::Multipletext(_) => Message::RequiredText,
                Kind::Boolean(_) => Message::RequiredYesNo,
                Kind::Matrix(_) => Message::RequiredRow,
                Kind::File(_) => Message::RequiredPhoto,
                ref kind if kind.is_multiple() => Message::RequiredSome,
                _ => Message::RequiredOne,
            }),
            Fault::TooMany(max) => count(Message::TooMany, "max", max),
            Fault::TooFew(min) => count(Message::TooFew, "min", min),
            Fault::TooLong(max) => count(Message::TooLong, "max", max),
            Fault::NotAnEmail => self.text(Message::NotAnEmail),
            Fault::NotANumber => self.text(Message::NotANumber),
            Fault::WordsMissing => self.text(Message::RequiredOther),
            Fault::RowMissing => self.text(Message::RequiredRow),
            Fault::RowTwice => self.text(Message::RowTwice),
            Fault::OutOfRange { .. }
            | Fault::BelowMin
            | Fault::AboveMax
            | Fault::OffStep
            | Fault::Broken
            | Fault::WrongType
            | Fault::NotAChoice
            | Fault::UnknownQuestion => self.text(Message::WrongAnswer),
        }
    }
}
