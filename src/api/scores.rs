//! Scores on the wire: how often each point was chosen, by period and by slice. The reader computes the figures.

use serde::{Deserialize, Serialize};

use crate::measures::{Ces, Change, Csat, Histogram, Nps, Reading, Scale, Share};

/// `GET /v1/staff/scores`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// The IANA zone in which periods begin.
    pub time_zone: String,
    /// Sheets that came in and are not counted yet; 0 but under the greatest load.
    #[serde(default)]
    pub waiting: u64,
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
    /// Sheets that were left before the first answer.
    #[serde(default)]
    pub left_at_once: u64,
    /// What became of the invitations of each wave, in the order of the waves.
    #[serde(default)]
    pub waves: Vec<Wave>,
    /// The newest words of customers, the newest first; none for who may not read them.
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

impl Counts {
    /// How many answers they are.
    pub fn n(&self) -> u64 {
        self.points.iter().sum()
    }
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
    /// Unfinished sheets whose last answer this is: where people stop.
    #[serde(default)]
    pub left: u64,
}

/// What became of the invitations of one wave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// `hand-over`, `in-use`, `later` or `relationship`.
    pub wave: String,
    /// Planned.
    pub planned: u64,
    /// Taken by a mail server or gateway.
    pub sent: u64,
    /// Of these, came back.
    pub bounced: u64,
    /// Of these, arrived: what the response rate is of.
    pub delivered: u64,
    /// Of the delivered ones, answered to the end.
    pub answered: u64,
    /// Of the delivered ones, begun and not finished.
    pub begun: u64,
    /// Not sent: (reason, how many).
    pub not_sent: Vec<(String, u64)>,
}

impl Wave {
    /// The response rate in percent, with its interval; counts only below ten delivered ones.
    pub fn rate(&self) -> Option<Reading> {
        Share::new(self.answered, self.delivered).map(Share::reading)
    }
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

    /// What may be shown of some counts: value and interval from ten answers on. Nothing if they do not fit the scale, or
    /// the metric has no meaning on it.
    pub fn reading(&self, counts: &Counts) -> Option<Reading> {
        let histogram = self.histogram(counts)?;
        match self.metric.as_str() {
            "nps" => Nps::of(&histogram).map(Nps::reading),
            "csat" => Csat::of(&histogram).map(Csat::reading),
            _ => Ces::of(&histogram).map(Ces::reading),
        }
    }

    /// The newest month beside the one before it, and how the figure changed. Nothing where there is one month only.
    pub fn newest_change(&self) -> Option<(&Named, &Named, Option<Change>)> {
        let [.., before, after] = self.periods.as_slice() else {
            return None;
        };
        let both = self
            .histogram(&before.counts)
            .zip(self.histogram(&after.counts));
        let change = both.and_then(|(before, after)| match self.metric.as_str() {
            "nps" => Change::of_nps(&before, &after),
            "csat" => Change::of_csat(&before, &after),
            _ => Change::of_ces(&before, &after),
        });
        Some((before, after, change))
    }
}
