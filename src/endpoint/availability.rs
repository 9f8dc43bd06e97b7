//! Whether a survey can be begun, and what is said where it cannot.
//!
//! A closed survey is not given out any more. Sheets of it are still taken for [`GRACE_MS`](super::store::GRACE_MS), as those
//! of a replaced version are: whoever was shown the questions has given an answer, and it may be waiting on a device that was
//! switched off. Only the limit of complete sheets is exact, and whoever is refused by it is told.

use super::clock::Timestamp;
use super::problem::Refusal;
use super::store::SurveyState;
use crate::api::{FieldError, Problem, ProblemCode};
use crate::messages::{self, Language, PageText};

/// Why a survey cannot be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closure {
    /// No version is shown.
    Withdrawn,
    /// Its time is over.
    Ended,
    /// It has as many complete sheets as it takes.
    Full,
    /// It opens at this moment.
    NotOpen(Timestamp),
}

/// A closure and the supplier's own words on it: (language tag, text), often none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Why.
    pub closure: Closure,
    /// What the supplier says.
    pub message: Vec<(String, String)>,
}

impl Closure {
    /// Why a survey cannot be begun at `now`; nothing if it can.
    pub fn of(state: &SurveyState, now: Timestamp) -> Option<Self> {
        let schedule = &state.schedule;
        if state.current.is_none() {
            Some(Self::Withdrawn)
        } else if schedule.closes_at.is_some_and(|closes| now >= closes) {
            Some(Self::Ended)
        } else if state.is_full {
            Some(Self::Full)
        } else {
            schedule
                .opens_at
                .filter(|opens| now < *opens)
                .map(Self::NotOpen)
        }
    }

    fn problem(self) -> ProblemCode {
        match self {
            Self::Withdrawn | Self::Ended | Self::Full => ProblemCode::SurveyClosed,
            Self::NotOpen(_) => ProblemCode::SurveyNotOpen,
        }
    }

    fn field(self) -> (&'static str, String) {
        match self {
            Self::Withdrawn => ("withdrawn", "the survey was withdrawn".to_owned()),
            Self::Ended => ("ended", "the survey's time is over".to_owned()),
            Self::Full => (
                "full",
                "the survey has as many answers as it takes".to_owned(),
            ),
            Self::NotOpen(opens) => ("early", format!("the survey opens at {opens}")),
        }
    }
}

impl Closed {
    /// What a respondent reads, in every language there is: the supplier's words; where these are none in one of our
    /// languages, ours.
    pub fn words(&self) -> Vec<(String, String)> {
        let own = match self.closure {
            Closure::Withdrawn | Closure::Ended | Closure::Full => PageText::SurveyClosed,
            Closure::NotOpen(_) => PageText::SurveyNotOpen,
        };
        let mut words = self.message.clone();
        for (tag, text) in in_our_languages(own) {
            let is_same = |known: &str| Language::from_tag(known) == Language::from_tag(&tag);
            if !words.iter().any(|(known, _)| is_same(known)) {
                words.push((tag, text));
            }
        }
        words
    }

    /// The refusal of a request for the survey, or of a sheet of it.
    pub(super) fn refusal(&self) -> Refusal {
        let (code, message) = self.closure.field();
        Refusal(Problem {
            code: self.closure.problem(),
            errors: vec![FieldError {
                path: "survey".to_owned(),
                code: code.to_owned(),
                message,
            }],
            message: self.words(),
        })
    }
}

/// The refusal of a request for a survey that there is not.
pub(super) fn unknown() -> Refusal {
    let code = ProblemCode::UnknownSurvey;
    let mut refusal =
        Refusal::of_field(code, "survey", "unknown", "there is no survey of this name");
    refusal.0.message = in_our_languages(PageText::NoSurveyHere);
    refusal
}

fn in_our_languages(text: PageText) -> Vec<(String, String)> {
    let entry = |language: Language| {
        let text = messages::page_text(language, text);
        (language.tag().to_owned(), text.to_owned())
    };
    Language::ALL.map(entry).to_vec()
}
