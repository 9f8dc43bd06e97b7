//! The case as its customer sees it: a pure function of the real state, so that it cannot say anything else.
//!
//! At any moment four things can be read: what happens now, who, by when, and what the customer can do. Never shown:
//! notes, any name but the contact's, severity and priority, owner, sign-offs, other accounts, root causes.

use super::Moment;
use super::action::Action;
use super::case::Case;
use super::clock::{Calendar, ClockKind, running};
use super::duty::confirm_by;
use super::event::{Affects, Change, Field, Words};
use super::people::{Actor, StaffId, Team};
use super::policy::Policy;
use super::state::{Closure, Outcome, State};
use super::transition::{Setting, decide};

/// What happens now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Stored.
    Received,
    /// The contact has it.
    Acknowledged,
    /// Being looked at.
    Assessed,
    /// Being worked on.
    InProgress,
    /// We need something from the customer.
    NeedsYou,
    /// Being worked on, with a partner.
    WithPartner,
    /// There is a decision.
    Decided,
    /// Looked at again by somebody new.
    UnderReview,
    /// Ended.
    Closed(Closure),
}

/// What a date is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// We write again by then.
    NextUpdate,
    /// We need the answer by then.
    YourReply,
    /// The decision comes by then.
    Decision,
    /// It ends then, if the customer says nothing.
    YourWord,
    /// What was promised is there by then.
    Remedy,
    /// It can be reopened until then.
    Reopen,
    /// It ended then.
    Ended,
}

/// What the customer can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// Write.
    Write,
    /// Say that it is solved.
    Confirm,
    /// Say that it is not.
    NotSolved,
    /// Go on with a closed case.
    Reopen,
    /// Ask somebody higher up.
    Escalate,
    /// Take it back.
    Withdraw,
    /// Ask for a second look.
    Review,
    /// Say how it went.
    Rate,
}

/// One line of the public timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// Whether the customer did it.
    pub by_customer: bool,
    /// What, as a code: that of the change.
    pub kind: &'static str,
    /// The words that go with it.
    pub text: Option<String>,
    /// The photo that came with it.
    pub file: Option<String>,
}

/// A decision as the customer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicDecision {
    /// The outcome of the whole.
    pub outcome: Outcome,
    /// Its words: text, explanation, alternative, review route, remedy, what we changed.
    pub words: Words,
    /// When what was promised will be there.
    pub remedy_due: Option<Moment>,
    /// When it was there.
    pub remedy_done_at: Option<Moment>,
    /// Whether it can still be disputed.
    pub is_final: bool,
}

/// Everything that the customer sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What happens now.
    pub status: Status,
    /// Who: the one face.
    pub contact: StaffId,
    /// By when.
    pub next: (Until, Moment),
    /// When the decision was promised for.
    pub promised: Option<Moment>,
    /// What the customer can do; never empty.
    pub options: Vec<Choice>,
    /// How often it was reopened.
    pub reopened: u16,
    /// The customer's own words.
    pub words: Words,
    /// How many of the customer's own users are affected, as the customer said.
    pub affected_users: Option<u32>,
    /// Whom it touches, as the customer said.
    pub affects: Option<Affects>,
    /// When it came in.
    pub received_at: Moment,
    /// The question that waits for an answer.
    pub question: Option<String>,
    /// The decision that stands.
    pub decision: Option<PublicDecision>,
    /// What happened, the earliest first.
    pub timeline: Vec<Entry>,
    /// The customer's last score of this cycle.
    pub rating: Option<u8>,
}

/// An event with its words; erased words are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: Actor,
    /// What.
    pub change: Change,
    /// Its words.
    pub words: Words,
}

/// What the customer of a case sees of it at `now`.
pub fn view(
    case: &Case,
    events: &[Event],
    policy: &Policy,
    calendar: &dyn Calendar,
    now: Moment,
) -> View {
    let of = |wanted: fn(&Change) -> bool| {
        let last = events.iter().rev().find(|event| wanted(&event.change));
        last.map(|event| &event.words)
    };
    let words = events.first().map(|event| event.words.clone());
    let receipt = events.first().and_then(|event| match &event.change {
        Change::Received(receipt) => Some(receipt),
        _ => None,
    });
    let question = of(|change| matches!(change, Change::Asked { .. }))
        .filter(|_| case.state == State::AwaitingCustomer)
        .and_then(|words| words.get(Field::Text));
    let decided = of(|change| matches!(change, Change::Responded(_) | Change::Reviewed(_)));
    let is_told = matches!(
        case.state,
        State::Responded | State::UnderReview | State::Closed(_)
    );
    let decision = case.decision.as_ref().filter(|_| is_told);
    let rating = case.ratings.iter().find(|(cycle, ..)| *cycle == case.cycle);
    View {
        status: status(case.state),
        contact: case.contact,
        next: next(case, policy, calendar),
        promised: case.promised,
        options: options(case, policy, calendar, now),
        reopened: case.cycle.saturating_sub(1),
        words: words.unwrap_or_default(),
        affected_users: receipt.and_then(|receipt| receipt.affected_users),
        affects: receipt.and_then(|receipt| receipt.affects),
        received_at: case.received_at,
        question: question.map(str::to_owned),
        decision: decision.map(|(decision, _)| PublicDecision {
            outcome: decision.outcome,
            words: decided.cloned().unwrap_or_default(),
            remedy_due: decision.remedy_due,
            remedy_done_at: case.remedy_done_at,
            is_final: case.is_final(),
        }),
        timeline: events.iter().filter_map(entry).collect(),
        rating: rating.map(|(_, score, _)| *score),
    }
}

/// The plain state. Nothing that waits is called closed.
pub fn status(state: State) -> Status {
    match state {
        State::Received => Status::Received,
        State::Acknowledged => Status::Acknowledged,
        State::Assessed => Status::Assessed,
        State::Investigating => Status::InProgress,
        State::AwaitingCustomer => Status::NeedsYou,
        State::AwaitingThirdParty => Status::WithPartner,
        State::Responded => Status::Decided,
        State::UnderReview => Status::UnderReview,
        // Whom it concerns learns that it ended; that we took it for no complaint is said plainly, not as a verdict.
        State::Closed(closure) => Status::Closed(closure),
    }
}

/// The date that the customer waits for.
pub fn next(case: &Case, policy: &Policy, calendar: &dyn Calendar) -> (Until, Moment) {
    let clocks = running(case, policy, calendar);
    let due = |kind| {
        let clock = clocks.iter().find(|clock| clock.kind == kind);
        clock.and_then(|clock| clock.due)
    };
    if let Some(closed) = case.closed_at {
        let can_reopen = matches!(
            case.state,
            State::Closed(
                Closure::CustomerConfirmed | Closure::NoReplyTimeout | Closure::Withdrawn
            )
        );
        return match due(ClockKind::Remedy) {
            Some(due) => (Until::Remedy, due),
            None if can_reopen => (Until::Reopen, closed + policy.reopen_ms),
            None => (Until::Ended, closed),
        };
    }
    match case.state {
        State::AwaitingCustomer => {
            let reply_by = case.reply_by.unwrap_or(case.last_contact_at);
            (Until::YourReply, reply_by)
        }
        State::Responded => match due(ClockKind::Remedy) {
            Some(due) => (Until::Remedy, due),
            None => {
                let by = confirm_by(case, policy, calendar);
                (Until::YourWord, by.unwrap_or(case.last_contact_at))
            }
        },
        _ => {
            let decision = due(ClockKind::Resolution).or(case.promised);
            match (due(ClockKind::Update), decision) {
                (Some(update), Some(decision)) if decision <= update => (Until::Decision, decision),
                (Some(update), _) => (Until::NextUpdate, update),
                (None, decision) => (Until::Decision, decision.unwrap_or(case.received_at)),
            }
        }
    }
}

/// What the customer can do now: what the rules would take.
pub fn options(case: &Case, policy: &Policy, calendar: &dyn Calendar, now: Moment) -> Vec<Choice> {
    let setting = Setting {
        now,
        team: Team::default(),
        default_owner: case.owner,
        policy,
        calendar,
        reviewers: &[],
    };
    let text = || "…".to_owned();
    let offers = [
        (Choice::Confirm, Action::Confirm),
        (Choice::NotSolved, Action::NotSolved { text: text() }),
        (Choice::Review, Action::AskReview { text: text() }),
        (Choice::Write, Action::Write { text: text() }),
        (Choice::Reopen, Action::Reopen { text: text() }),
        (
            Choice::Rate,
            Action::Rate {
                score: 1,
                text: text(),
            },
        ),
        (Choice::Escalate, Action::Escalate { text: text() }),
        (Choice::Withdraw, Action::Withdraw { text: text() }),
    ];
    let offers = offers.into_iter();
    offers
        .filter(|(_, action)| decide(case, Actor::Customer, action, &setting).is_ok())
        .map(|(option, _)| option)
        .collect()
}

fn entry(event: &Event) -> Option<Entry> {
    if !event.change.is_public() {
        return None;
    }
    let kind = match &event.change {
        Change::Received(_) => "received",
        Change::Acknowledged { .. } => "acknowledged",
        Change::Assessed { .. } => "assessed",
        Change::Begun => "begun",
        Change::Asked { .. } => "asked",
        Change::Resumed if event.actor == Actor::Customer => "answered",
        Change::Resumed => "resumed",
        Change::HandedToPartner { .. } => "handed-to-partner",
        Change::TakenBack => "taken-back",
        Change::Responded(_) => "responded",
        Change::RemedyDone => "remedy-done",
        Change::Confirmed => "confirmed",
        Change::NotSolved => "not-solved",
        Change::TimedOut(_) => "timed-out",
        Change::Reopened => "reopened",
        Change::Withdrawn => "withdrawn",
        Change::Merged { .. } => "merged",
        Change::Reclassified { .. } => "reclassified",
        Change::ReviewBegun { .. } => "review-begun",
        Change::Reviewed(_) => "reviewed",
        Change::CustomerMessage => "customer-message",
        Change::StaffMessage => "staff-message",
        Change::HoldingResponse { .. } => "holding-response",
        Change::Reminded => "reminded",
        Change::Rated { .. } => "rated",
        Change::Escalated { .. } => "escalated",
        Change::Attached { .. } => "attached",
        _ => return None,
    };
    let file = match &event.change {
        Change::Attached { file, .. } => Some(file.clone()),
        _ => None,
    };
    // The partner's name, and why staff reopened or escalated, stay inside.
    let is_shown = event.actor == Actor::Customer
        || matches!(
            event.change,
            Change::Asked { .. }
                | Change::Responded(_)
                | Change::Reviewed(_)
                | Change::StaffMessage
                | Change::HoldingResponse { .. }
        );
    let text = event.words.get(Field::Text).filter(|_| is_shown);
    Some(Entry {
        at: event.at,
        by_customer: event.actor == Actor::Customer,
        kind,
        text: text.map(str::to_owned),
        file,
    })
}
