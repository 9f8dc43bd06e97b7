//! What somebody wants to do with a case, who may, and in which states.

use super::Moment;
use super::event::{IssueClass, IssueOutcome, Words};
use super::people::{Relation, StaffId};
use super::policy::Policy;
use super::priority::{Flags, Severity};
use super::routing::{Category, LifeStage};
use super::state::{Closure, DeclineReason, State};

/// A decision that somebody wrote: the outcome of each problem, and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The outcome of each problem.
    pub issues: Vec<IssueOutcome>,
    /// Why it is declined, where it is.
    pub reason: Option<DeclineReason>,
    /// When the remedy will be there.
    pub remedy_due: Option<Moment>,
    /// [`Text`](super::Field::Text); declined: also `Explanation`, `Alternative` and `ReviewRoute`.
    pub words: Words,
}

/// What somebody wants to do with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are those of the change each leads to"
)]
pub enum Action {
    /// t2: tell the customer number, contact and date.
    Acknowledge,
    /// t3: say how severe it is, what it is about, and whose it is.
    Assess {
        severity: Severity,
        flags: Flags,
        issues: Vec<IssueClass>,
        owner: Option<StaffId>,
        words: Words,
    },
    /// Say later that it is more or less severe.
    Regrade {
        severity: Severity,
        flags: Flags,
        words: Words,
    },
    /// A problem that the customer had, and nobody had seen.
    FindIssue {
        category: Category,
        stage: LifeStage,
        text: String,
    },
    /// Another version of the rules of time holds from here on.
    AdoptPolicy { policy: Box<Policy>, words: Words },
    /// t4: begin to work.
    Begin,
    /// t5: ask the customer something concrete.
    Ask { text: String, reply_by: Moment },
    /// t6 and every other word of the customer.
    Write { text: String },
    /// t6: go on without the answer.
    Resume,
    /// t7: a partner must act.
    HandToPartner { party: String, expected: Moment },
    /// t7: back from the partner.
    TakeBack,
    /// Write a decision down.
    Draft(Draft),
    /// Agree to it.
    SignOff,
    /// t8: send it, with the words of the draft.
    Respond { words: Words },
    /// The promised remedy is there.
    RemedyDone,
    /// t9: it is solved.
    Confirm,
    /// t10: it is not solved.
    NotSolved { text: String },
    /// t11: end it, nobody answers.
    TimeOut,
    /// t12: go on with it.
    Reopen { text: String },
    /// t13: take it back.
    Withdraw { text: String },
    /// t14: another case carries it on. Whether the two belong to one customer was seen before.
    Merge { into: String, same_customer: bool },
    /// t15: it is a request, a suggestion or praise.
    Reclassify { into: String },
    /// t16 and t20: propose that it is spam, or that it is none.
    ProposeSpam,
    /// t16: close it as spam.
    MarkSpam,
    /// t20: take that back.
    UndoSpam,
    /// t17: ask for a second look.
    AskReview { text: String },
    /// t19: the second decision.
    Review(Draft),
    /// t18: one level up.
    Escalate { text: String },
    /// "?".
    Question,
    /// Explain a "?": the owner to a case manager, who passes it on to whoever asked, in words of their own.
    Explain { text: String },
    /// Write to the customer.
    Message { text: String },
    /// Tell the customer that it takes longer, and when more comes.
    Hold { text: String, next: Moment },
    /// Write something down for us.
    Note { text: String },
    /// Make somebody else accountable.
    HandOff { owner: StaffId, text: String },
    /// Open the case.
    Open,
    /// Reached the customer in person.
    ContactMade { text: String },
    /// A manager looked at a miss.
    ReviewMiss { miss: u16, text: String },
    /// Say how it went.
    Rate { score: u8, text: String },
    /// Follow the root cause there.
    LinkProblem { problem: u32 },
    /// Put a photo beside it, which is kept already.
    Attach { file: String, sha256: String },
}

/// Who may take an action, and in which states.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    /// The relations to the case, any one of them.
    pub who: &'static [Relation],
    /// Whether the state allows it.
    pub state: fn(State) -> bool,
}

fn any(_: State) -> bool {
    true
}

fn open(state: State) -> bool {
    state.is_open()
}

/// Open, and no decision is with the customer or looked at again.
fn undecided(state: State) -> bool {
    state.is_open() && !matches!(state, State::Responded | State::UnderReview)
}

fn responded(state: State) -> bool {
    state == State::Responded
}

fn investigating(state: State) -> bool {
    state == State::Investigating
}

fn assessed(state: State) -> bool {
    undecided(state) && !matches!(state, State::Received | State::Acknowledged)
}

impl Action {
    /// Who may, and when: the table of the design's §2.2.
    pub fn permit(&self) -> Permit {
        use Relation::{
            Account, CaseManager, Customer, Delivery, Executive, Owner, Reviewer, Solution, System,
        };
        let (who, state): (&'static [Relation], fn(State) -> bool) = match self {
            Self::Acknowledge => (&[System, Account], |state| state == State::Received),
            Self::Assess { .. } => (&[Account, CaseManager], |state| {
                state == State::Acknowledged
            }),
            Self::Regrade { .. } => (&[Account, CaseManager], assessed),
            Self::FindIssue { .. } => (&[Account, Owner, CaseManager], assessed),
            Self::AdoptPolicy { .. } => (&[CaseManager], undecided),
            Self::Begin => (&[Owner], |state| state == State::Assessed),
            Self::Ask { .. } | Self::HandToPartner { .. } => (&[Owner], investigating),
            Self::Write { .. } => (&[Customer], any),
            Self::Resume => (&[System], |state| state == State::AwaitingCustomer),
            Self::TakeBack => (&[Owner], |state| state == State::AwaitingThirdParty),
            Self::Draft(_) => (&[Owner, Account, Solution, Delivery], investigating),
            Self::SignOff => (
                &[Owner, Account, Solution, Delivery, CaseManager, Executive],
                investigating,
            ),
            Self::Respond { .. } => (&[Account], investigating),
            Self::RemedyDone => (&[Owner, Account], |state| {
                matches!(
                    state,
                    State::Responded
                        | State::Closed(Closure::CustomerConfirmed | Closure::NoReplyTimeout)
                )
            }),
            Self::Confirm => (&[Customer], responded),
            Self::NotSolved { .. } => (&[Customer], responded),
            Self::TimeOut => (&[System], responded),
            Self::Reopen { .. } => (&[Customer, Account, Owner, CaseManager], |state| {
                matches!(
                    state,
                    State::Closed(
                        Closure::CustomerConfirmed
                            | Closure::NoReplyTimeout
                            | Closure::Withdrawn
                            | Closure::DeclinedFinal
                    )
                )
            }),
            Self::Withdraw { .. } => (&[Customer], open),
            Self::Merge { .. } => (&[Account, CaseManager], undecided),
            Self::Reclassify { .. } => (&[Account], |state| {
                matches!(state, State::Received | State::Acknowledged)
            }),
            Self::ProposeSpam => (&[Account], |state| {
                undecided(state) || state == State::Closed(Closure::Spam)
            }),
            Self::MarkSpam => (&[CaseManager], undecided),
            Self::UndoSpam => (&[CaseManager], |state| {
                state == State::Closed(Closure::Spam)
            }),
            Self::AskReview { .. } => (&[Customer], responded),
            Self::Review(_) => (&[Reviewer], |state| state == State::UnderReview),
            Self::Escalate { .. } => (&[Customer, Owner, Executive], open),
            Self::Question => (&[Executive], open),
            Self::Explain { .. } => (&[Owner, CaseManager], open),
            Self::Message { .. } | Self::Hold { .. } => (&[Account, Owner, Reviewer], open),
            Self::Note { .. } => (
                &[
                    Account,
                    Solution,
                    Delivery,
                    Owner,
                    Reviewer,
                    CaseManager,
                    Executive,
                ],
                any,
            ),
            Self::HandOff { .. } => (&[Owner, Account, CaseManager], open),
            Self::Open => (
                &[
                    Account,
                    Solution,
                    Delivery,
                    Owner,
                    Reviewer,
                    CaseManager,
                    Executive,
                ],
                any,
            ),
            Self::ContactMade { .. } => (&[Account, Owner, CaseManager], open),
            Self::ReviewMiss { .. } => (&[CaseManager, Executive], any),
            Self::Rate { .. } => (&[Customer], |state| match state {
                State::Responded => true,
                State::Closed(closure) => closure.is_rated(),
                _ => false,
            }),
            Self::LinkProblem { .. } => (&[Account, Owner, CaseManager], any),
            Self::Attach { .. } => (
                &[Customer, Account, Solution, Delivery, Owner, Reviewer],
                any,
            ),
        };
        Permit { who, state }
    }
}
