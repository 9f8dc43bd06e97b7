//! What cases say when they are taken together: derived from their events whenever it is asked, never counted up.
//!
//! Nothing here ranks people by how many complaints they get: a complaint that came in is not a fault.

use super::case::Case;
use super::clock::Calendar;
use super::policy::Policy;
use super::state::{Closure, State};
use super::view::Event;

/// Shares: first contact, reopened, declined, minor.
mod shares;
/// Where time goes.
mod stages;
/// Steps that were late or left out.
mod steps;
/// How long things took.
mod times;
/// What waits for somebody.
mod waiting;

pub use shares::{Contacts, Declines, Mix, contacts, declines, mix};
pub use stages::{Stage, stages, stays};
pub use steps::{Slip, Step, slips};
pub use times::{Times, times};
pub use waiting::{
    Approval, ApprovalKind, Undecided, UnsignedMiss, Waiting, approvals, queue, undecided,
    unsigned, wants_problem,
};

/// A case with all that a report needs of it.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// Its number.
    pub number: &'a str,
    /// The snapshot.
    pub case: &'a Case,
    /// The log.
    pub events: &'a [Event],
    /// The rules of time that hold for it.
    pub policy: &'a Policy,
    /// When we work.
    pub calendar: &'a dyn Calendar,
    /// Whether a problem is linked that has a kind of cause and a corrective action.
    pub has_cause: bool,
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Record<'_> {
    /// Whether it stands for a complaint: not spam, no duplicate of another, and not something else; and what looks like a
    /// program's only once a person has assessed it.
    pub fn counts(&self) -> bool {
        !self.case.suspect
            && !matches!(
                self.case.state,
                State::Closed(Closure::Duplicate | Closure::Reclassified | Closure::Spam)
            )
    }
}
