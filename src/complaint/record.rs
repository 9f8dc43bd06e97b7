//! What staff keep beside the cases: small things that their changes make, each by somebody at some time, and what stands in
//! the way of a change.

use super::Moment;
use super::people::{Role, StaffId};

/// Something whose changes make it, as a case's events make a case. Nothing else changes it, so that replaying them gives it
/// again.
pub trait Record: Sized {
    /// What can happen to it.
    type Change;

    /// The thing that a first change makes; nothing if it cannot be the first.
    fn begun(at: Moment, by: StaffId, change: &Self::Change) -> Option<Self>;

    /// Takes one more change. Changes are facts: whether one may happen was asked before.
    fn apply(&mut self, at: Moment, by: StaffId, change: &Self::Change);

    /// The thing that these changes made; nothing if the first makes none.
    fn replay<'a>(
        changes: impl IntoIterator<Item = (Moment, StaffId, &'a Self::Change)>,
    ) -> Option<Self>
    where
        Self::Change: 'a,
    {
        let mut changes = changes.into_iter();
        let (at, by, first) = changes.next()?;
        let mut record = Self::begun(at, by, first)?;
        for (at, by, change) in changes {
            record.apply(at, by, change);
        }
        Some(record)
    }
}

/// What stands between somebody and a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Not in this state, or not before another step.
    WrongState,
    /// Words are missing that it cannot be without.
    WordsMissing,
    /// A date does not lie ahead, or a period does not end after it begins.
    DateNotAhead,
    /// It cannot have happened yet.
    NotYet,
    /// Nobody of the customer's was there.
    NobodyThere,
    /// There is no such attendee.
    UnknownAttendee,
    /// There is no such question in the form.
    UnknownQuestion,
    /// "Where are you most dissatisfied with us?" was not answered by anybody.
    StandingQuestionOpen,
    /// Neither a finding nor a word that there was none.
    NothingFound,
    /// There are findings, and a word that there are none.
    FoundSomething,
    /// Something of it is not finished.
    Unfinished,
    /// The customer was not told: there is no such message or visit after it was verified.
    NotTold,
    /// It belongs to another account.
    OtherAccount,
    /// Whoever wrote it does not approve it.
    ApproverIsAuthor,
    /// The score is not on the scale.
    ScoreOutOfRange,
    /// There is nothing of this name.
    Unknown,
}

impl Obstacle {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::WrongState => "wrong-state",
            Self::WordsMissing => "words-missing",
            Self::DateNotAhead => "date-not-ahead",
            Self::NotYet => "not-yet",
            Self::NobodyThere => "attendees-missing",
            Self::UnknownAttendee => "unknown-attendee",
            Self::UnknownQuestion => "unknown-question",
            Self::StandingQuestionOpen => "standing-question-open",
            Self::NothingFound => "findings-or-none-missing",
            Self::FoundSomething => "has-findings",
            Self::Unfinished => "unfinished",
            Self::NotTold => "customer-not-told",
            Self::OtherAccount => "other-account",
            Self::ApproverIsAuthor => "approver-is-author",
            Self::ScoreOutOfRange => "score-out-of-range",
            Self::Unknown => "unknown",
        }
    }
}

/// Words are there, blanks are none.
pub(super) fn said(text: &str) -> Result<(), Obstacle> {
    if text.trim().is_empty() {
        Err(Obstacle::WordsMissing)
    } else {
        Ok(())
    }
}

/// How far a member of staff sees accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// None of them.
    Nothing,
    /// Those with a place of theirs in the team.
    Accounts(Vec<String>),
    /// Every account.
    Everything,
}

impl Reach {
    /// Case managers, executives and auditors see every account, the three of a team theirs; who makes surveys or sets up
    /// users has no business with any.
    pub fn of(role: Role, own: Vec<String>) -> Self {
        match role {
            Role::CaseManager | Role::Executive | Role::Auditor => Self::Everything,
            Role::AccountManager | Role::SolutionExpert | Role::DeliveryExpert => {
                Self::Accounts(own)
            }
            Role::Analyst | Role::Admin => Self::Nothing,
        }
    }

    /// Whether it goes as far as this account.
    pub fn covers(&self, account: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Accounts(own) => own.iter().any(|known| known == account),
            Self::Everything => true,
        }
    }

    /// As [`Reach::covers`], where the account may be unknown: what belongs to no account is for those who see all.
    pub fn covers_any(&self, account: Option<&str>) -> bool {
        match account {
            Some(account) => self.covers(account),
            None => *self == Self::Everything,
        }
    }
}
