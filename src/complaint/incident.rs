//! A known incident, told before anybody has to ask: what it is, since when, and when more is said. It shows to whoever it
//! concerns, and not a moment longer than it was published for.

use super::Moment;
use super::routing::LifeStage;

/// An incident as it was published last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its number.
    pub id: u32,
    /// Counts from 1; a change is made on a version.
    pub version: u32,
    /// What it concerns; at least one.
    pub stages: Vec<LifeStage>,
    /// What it is: (BCP 47 tag, words); at least one.
    pub text: Vec<(String, String)>,
    /// Since when.
    pub since: Moment,
    /// When more is said.
    pub next_update: Moment,
    /// From then on it is not shown any more.
    pub expires_at: Moment,
}

/// Why an incident is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncidentFault {
    /// It concerns nothing.
    NoStage,
    /// It says nothing.
    NoWords,
    /// It begins in the future.
    NotYet,
    /// The next word on it does not lie ahead, or lies behind its end.
    NextUpdate,
}

impl IncidentFault {
    /// The field, the code and the words for whoever publishes it.
    pub fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NoStage => ("stages", "missing", "must name at least one life stage"),
            Self::NoWords => (
                "text",
                "missing",
                "must say what it is, in at least one language",
            ),
            Self::NotYet => ("since", "not-ahead", "must not lie ahead"),
            Self::NextUpdate => (
                "next_update",
                "date-not-ahead",
                "must lie ahead, and not behind expires_at",
            ),
        }
    }
}

impl Incident {
    /// Whether it may be published at `now`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, now: Moment) -> Result<(), IncidentFault> {
        let has_words = self.text.iter().any(|(_, words)| !words.trim().is_empty());
        if self.stages.is_empty() {
            Err(IncidentFault::NoStage)
        } else if !has_words {
            Err(IncidentFault::NoWords)
        } else if self.since > now {
            Err(IncidentFault::NotYet)
        } else if self.next_update <= now || self.next_update > self.expires_at {
            Err(IncidentFault::NextUpdate)
        } else {
            Ok(())
        }
    }

    /// Whether it is shown at `now`.
    pub fn is_shown(&self, now: Moment) -> bool {
        now < self.expires_at
    }

    /// Whether it concerns one of these.
    pub fn concerns(&self, stages: impl IntoIterator<Item = LifeStage>) -> bool {
        let mut stages = stages.into_iter();
        stages.any(|stage| self.stages.contains(&stage))
    }
}
