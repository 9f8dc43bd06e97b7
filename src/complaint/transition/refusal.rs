//! Why an action is refused, with a code for each reason.

use super::super::event::Field;
use super::super::state::State;

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This actor may not do this to this case.
    NotAllowed,
    /// Not in this state.
    WrongState(State),
    /// A text is missing.
    WordsMissing(Field),
    /// A date must lie ahead.
    DateNotAhead,
    /// A case has at least one problem, and each has words.
    NoIssues,
    /// A problem has no outcome.
    OutcomeMissing(u16),
    /// The case has no such problem.
    UnknownIssue(u16),
    /// A declined decision says why by a code.
    ReasonMissing,
    /// There is no draft of a decision.
    NoDraft,
    /// Not everybody who must has agreed.
    SignOffsMissing,
    /// Whoever wrote a declining decision cannot be the only one who agreed.
    ApproverIsAuthor,
    /// A declined decision is not reopened, but looked at again.
    AskForReview,
    /// It was looked at again already.
    AlreadyReviewed,
    /// Only a declined decision is looked at again.
    NotDeclined,
    /// The time for it is over.
    TooLate,
    /// Once a day.
    TooSoon,
    /// The two cases belong to different customers.
    OtherCustomer,
    /// The account manager has not proposed it, or proposes and approves in one.
    NotProposed,
    /// The "?" stands already.
    AlreadyAsked,
    /// There is no "?".
    NothingAsked,
    /// There is no such miss, or it was looked at.
    NoSuchMiss,
    /// Not on the scale.
    ScoreOutOfRange,
    /// A promised date moves back only with words to the customer.
    LaterWithoutWords,
    /// No remedy was promised, or it is there.
    NoRemedy,
    /// The customer can still answer.
    NotYet,
    /// The decision is final for the customer; staff may still go on with it.
    Final,
    /// There is no such version of the rules of time, or the case has it already.
    NoSuchPolicy,
}

impl Refusal {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "not-allowed",
            Self::WrongState(_) => "wrong-state",
            Self::WordsMissing(_) => "words-missing",
            Self::DateNotAhead => "date-not-ahead",
            Self::NoIssues => "issues-missing",
            Self::OutcomeMissing(_) => "outcome-missing",
            Self::UnknownIssue(_) => "unknown-issue",
            Self::ReasonMissing => "reason-missing",
            Self::NoDraft => "draft-missing",
            Self::SignOffsMissing => "sign-offs-missing",
            Self::ApproverIsAuthor => "approver-is-author",
            Self::AskForReview => "ask-for-review",
            Self::AlreadyReviewed => "already-reviewed",
            Self::NotDeclined => "not-declined",
            Self::TooLate => "too-late",
            Self::TooSoon => "too-soon",
            Self::OtherCustomer => "other-customer",
            Self::NotProposed => "not-proposed",
            Self::AlreadyAsked => "already-asked",
            Self::NothingAsked => "nothing-asked",
            Self::NoSuchMiss => "no-such-miss",
            Self::ScoreOutOfRange => "score-out-of-range",
            Self::LaterWithoutWords => "later-without-words",
            Self::NoRemedy => "no-remedy",
            Self::NotYet => "not-yet",
            Self::Final => "final",
            Self::NoSuchPolicy => "no-such-policy",
        }
    }
}
