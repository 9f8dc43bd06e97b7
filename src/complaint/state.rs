//! Where a case stands: states, ways to close, outcomes and reasons to decline.

use serde::{Deserialize, Serialize};

/// Where a case stands. Source of the set: ISO 10002's steps as summarised in the design's §2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Stored, with a number.
    Received,
    /// The customer has the number, the contact and the promised date.
    Acknowledged,
    /// Severity, category, issues and owner are set by a person.
    Assessed,
    /// Work in progress.
    Investigating,
    /// A concrete question is with the customer.
    AwaitingCustomer,
    /// A partner must act; what the customer was promised still holds.
    AwaitingThirdParty,
    /// The decision is with the customer.
    Responded,
    /// A declined decision is looked at again by somebody new.
    UnderReview,
    /// Ended.
    Closed(Closure),
}

/// How a case ended. "Not our fault" is not among them: who caused a problem does not end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Closure {
    /// The customer said that it is solved.
    CustomerConfirmed,
    /// The customer did not answer the decision.
    NoReplyTimeout,
    /// Declined, and not disputed or confirmed by a review.
    DeclinedFinal,
    /// The customer took it back.
    Withdrawn,
    /// Another case carries it on.
    Duplicate,
    /// It is a request, a suggestion or praise, and goes on as that.
    Reclassified,
    /// Nobody's complaint.
    Spam,
}

impl Closure {
    /// Every way to close.
    pub const ALL: [Self; 7] = [
        Self::CustomerConfirmed,
        Self::NoReplyTimeout,
        Self::DeclinedFinal,
        Self::Withdrawn,
        Self::Duplicate,
        Self::Reclassified,
        Self::Spam,
    ];

    /// Whether its customer is asked how it went.
    pub fn is_rated(self) -> bool {
        !matches!(self, Self::Duplicate | Self::Reclassified | Self::Spam)
    }
}

impl State {
    /// Every state, each way to close as one.
    pub const ALL: [Self; 15] = [
        Self::Received,
        Self::Acknowledged,
        Self::Assessed,
        Self::Investigating,
        Self::AwaitingCustomer,
        Self::AwaitingThirdParty,
        Self::Responded,
        Self::UnderReview,
        Self::Closed(Closure::CustomerConfirmed),
        Self::Closed(Closure::NoReplyTimeout),
        Self::Closed(Closure::DeclinedFinal),
        Self::Closed(Closure::Withdrawn),
        Self::Closed(Closure::Duplicate),
        Self::Closed(Closure::Reclassified),
        Self::Closed(Closure::Spam),
    ];

    /// Whether the case goes on.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed(_))
    }
}

/// What was decided: accepted in whole or part, offered without admitting, or rejected with reasons (FCA DISP 1.6.2R).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The customer is right.
    Upheld,
    /// The customer is right in part.
    PartlyUpheld,
    /// Something is offered; who is right is left open.
    OfferedWithoutAdmission,
    /// Looked into, and not found so.
    NotUpheld,
    /// We will not do what is asked.
    Declined,
}

impl Outcome {
    /// The outcome of a whole case by those of its issues: the best for the customer, in part where they differ.
    pub fn of_all(outcomes: &[Self]) -> Option<Self> {
        let first = *outcomes.first()?;
        if outcomes.iter().all(|outcome| *outcome == first) {
            return Some(first);
        }
        let is_for_customer = |outcome: &Self| matches!(outcome, Self::Upheld | Self::PartlyUpheld);
        Some(if outcomes.iter().any(is_for_customer) {
            Self::PartlyUpheld
        } else if outcomes.contains(&Self::OfferedWithoutAdmission) {
            Self::OfferedWithoutAdmission
        } else {
            Self::NotUpheld
        })
    }
}

/// Why something is declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclineReason {
    /// Not ours to do.
    OutOfScope,
    /// The contract says otherwise.
    ContractTerms,
    /// It would harm somebody.
    UnsafeOrHarmful,
    /// It cannot be done.
    NotFeasible,
    /// It was decided before.
    AlreadyDecided,
    /// Too little is known, also after asking.
    InsufficientInformation,
}
