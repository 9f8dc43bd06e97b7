//! Scores on the wire: how often each point was chosen, by period and by slice. The reader computes the figures.

use serde::{Deserialize, Serialize};

use crate::measures::{Histogram, Scale};

/// `GET /v1/staff/scores`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// The IANA zone in which periods begin.
    pub time_zone: String,
    /// Every survey with its answers, by name.
    pub surveys: Vec<SurveyScores>,
}

/// What one survey's sheets add up to. Tests are never among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SurveyScores {
    /// The survey's name.
    pub survey: String,
    /// Its title: (BCP 47 tag, text).
    pub title: Vec<(String, String)>,
    /// Complete sheets.
    pub complete: u64,
    /// Sheets that were left half way.
    pub partial: u64,
    /// Each question that measures something.
    pub metrics: Vec<MetricScores>,
    /// How many sheets answer each question, in the order of the survey.
    pub answered: Vec<Answered>,
    /// The newest words of customers; none for who may not read them.
    pub words: Vec<CustomerWords>,
}

/// One question that measures something, on one scale.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricScores {
    /// The question's name.
    pub question: String,
    /// Its title: (BCP 47 tag, text).
    pub title: Vec<(String, String)>,
    /// `nps`, `csat` or `ces`.
    pub metric: String,
    /// The lowest point.
    pub low: i32,
    /// The highest point.
    pub high: i32,
    /// All answers.
    pub all: Counts,
    /// The same by month, oldest first; a month without answers is not there.
    pub periods: Vec<Named>,
    /// The same by what a sheet says of itself.
    pub slices: Vec<Slice>,
}

/// How often each point was chosen, the lowest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// One count for each point.
    pub points: Vec<u64>,
    /// How many of them come from complete sheets.
    pub complete: u64,
}

/// Counts with the name of what they belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// A month (`2026-11`), an account, a language, a channel.
    pub name: String,
    /// Its counts.
    pub counts: Counts,
}

/// One way of telling sheets apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// By what: `account`, `team`, `region`, `language` or `channel`.
    pub by: String,
    /// What was found, the most frequent first, at most [`MOST_SLICES`].
    pub found: Vec<Named>,
}

/// Names in one slice; the rest is left out.
pub const MOST_SLICES: usize = 50;

/// How many sheets answer a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The question's name.
    pub question: String,
    /// Its title: (BCP 47 tag, text).
    pub title: Vec<(String, String)>,
    /// Sheets with an answer to it.
    pub sheets: u64,
}

/// What a customer wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerWords {
    /// When it came in: RFC 3339, UTC.
    pub at: String,
    /// The question under which it stands.
    pub question: String,
    /// The words as they were typed.
    pub text: String,
    /// The language of the sheet.
    pub locale: String,
    /// The first score on the same sheet: (question, points).
    pub score: Option<(String, f64)>,
}

impl MetricScores {
    /// Counts as a histogram of this question's scale; nothing if they do not fit it.
    pub fn histogram(&self, counts: &Counts) -> Option<Histogram> {
        Histogram::from_counts(Scale::new(self.low, self.high)?, counts.points.clone())
    }
}
