//! What was found on a visit: followed, verified by us, and finished only when the customer has heard of it.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::people::StaffId;
use super::record::{Obstacle, Record, said};
use super::routing::Category;
use super::visit::RespondentRole;

/// How the customer heard what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// On a return visit.
    Visit(u32),
    /// By a message of ours in a case of theirs: its number, and the event that is the message.
    Message {
        /// The case's number.
        number: String,
        /// The event's number in it.
        event: u32,
    },
}

/// What happens to a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum FindingChange {
    /// It was written down.
    Logged {
        /// The visit.
        visit: u32,
        /// The account.
        account: String,
        /// What whoever said it is.
        role: RespondentRole,
        /// What it is about.
        category: Category,
        /// The customer's words. They stay as they are.
        text: String,
    },
    /// Somebody discussed it.
    Noted {
        /// The words.
        text: String,
    },
    /// Somebody follows it.
    Tracked {
        /// Who.
        owner: StaffId,
        /// By when it is to be verified.
        due: Moment,
        /// What was decided to do.
        text: String,
    },
    /// We have looked ourselves whether it is so, and whether what we did helps.
    Verified {
        /// How, and what came of it.
        text: String,
        /// By when the customer hears of it: the date of the return visit.
        report_by: Moment,
    },
    /// The customer was told.
    ReportedBack {
        /// How.
        told: Told,
    },
}

/// Where a finding stands. The order is the order of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingState {
    /// Written down.
    Logged,
    /// Followed by somebody.
    Tracked,
    /// Verified by us.
    VerifiedInternally,
    /// The customer was told. That is its end.
    ReportedBack,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The visit.
    pub visit: u32,
    /// The account.
    pub account: String,
    /// What whoever said it is.
    pub role: RespondentRole,
    /// What it is about.
    pub category: Category,
    /// The customer's words.
    pub text: String,
    /// Where it stands.
    pub state: FindingState,
    /// When it was written down.
    pub logged_at: Moment,
    /// Who follows it.
    pub owner: Option<StaffId>,
    /// The date of the next step; nothing before somebody follows it and after the end.
    pub due: Option<Moment>,
    /// When it was verified.
    pub verified_at: Option<Moment>,
    /// How the customer heard of it.
    pub told: Option<Told>,
    /// What was said about it among us: when, by whom, what.
    pub notes: Vec<(Moment, StaffId, String)>,
}

impl Finding {
    /// Whether a change may happen now. That the customer was told is looked up before: `told_at` is when.
    ///
    /// # Errors
    /// What stands in its way.
    pub fn allows(
        &self,
        change: &FindingChange,
        told_at: Option<Moment>,
        now: Moment,
    ) -> Result<(), Obstacle> {
        let in_state = |state| {
            if self.state == state {
                Ok(())
            } else {
                Err(Obstacle::WrongState)
            }
        };
        let ahead = |date: Moment| {
            if date > now {
                Ok(())
            } else {
                Err(Obstacle::DateNotAhead)
            }
        };
        match change {
            FindingChange::Logged { .. } => Err(Obstacle::WrongState),
            FindingChange::Noted { text } => said(text),
            FindingChange::Tracked { due, text, .. } => {
                // Another one may take it over, as long as it is not verified.
                in_state(FindingState::Logged).or_else(|_| in_state(FindingState::Tracked))?;
                ahead(*due)?;
                said(text)
            }
            FindingChange::Verified { text, report_by } => {
                in_state(FindingState::Tracked)?;
                ahead(*report_by)?;
                said(text)
            }
            FindingChange::ReportedBack { .. } => {
                in_state(FindingState::VerifiedInternally)?;
                match (told_at, self.verified_at) {
                    (Some(told), Some(verified)) if told >= verified => Ok(()),
                    _ => Err(Obstacle::NotTold),
                }
            }
        }
    }
}

impl Record for Finding {
    type Change = FindingChange;

    fn begun(at: Moment, _: StaffId, change: &FindingChange) -> Option<Self> {
        let FindingChange::Logged {
            visit,
            account,
            role,
            category,
            text,
        } = change
        else {
            return None;
        };
        Some(Self {
            visit: *visit,
            account: account.clone(),
            role: *role,
            category: *category,
            text: text.clone(),
            state: FindingState::Logged,
            logged_at: at,
            owner: None,
            due: None,
            verified_at: None,
            told: None,
            notes: Vec::new(),
        })
    }

    fn apply(&mut self, at: Moment, by: StaffId, change: &FindingChange) {
        match change {
            FindingChange::Logged { .. } => {}
            FindingChange::Noted { text } => self.notes.push((at, by, text.clone())),
            FindingChange::Tracked { owner, due, text } => {
                self.state = FindingState::Tracked;
                self.owner = Some(*owner);
                self.due = Some(*due);
                self.notes.push((at, by, text.clone()));
            }
            FindingChange::Verified { text, report_by } => {
                self.state = FindingState::VerifiedInternally;
                self.verified_at = Some(at);
                self.due = Some(*report_by);
                self.notes.push((at, by, text.clone()));
            }
            FindingChange::ReportedBack { told } => {
                self.state = FindingState::ReportedBack;
                self.due = None;
                self.told = Some(told.clone());
            }
        }
    }
}
