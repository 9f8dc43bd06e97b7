//! What waits for somebody: open cases by age, problems of a case without an outcome, misses that nobody signed, causes that
//! nobody follows, and who approved what.

use super::Record;
use crate::complaint::clock::ClockKind;
use crate::complaint::event::{Change, Decision};
use crate::complaint::people::StaffId;
use crate::complaint::policy::{Budget, Policy};
use crate::complaint::priority::Severity;
use crate::complaint::routing::Category;
use crate::complaint::state::{Closure, Outcome, State};
use crate::complaint::view::{Until, next};
use crate::complaint::{DAY, MINUTE, Moment};

/// An open case.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Who is accountable.
    pub owner: StaffId,
    /// When it came in.
    pub received_at: Moment,
    /// How long ago, in milliseconds of business time.
    pub business_ms: i64,
    /// What the customer waits for next, and until when.
    pub next: (Until, Moment),
}

/// One problem of a case that has no outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The case's number.
    pub number: String,
    /// The problem's number in the case.
    pub issue: u16,
    /// What it is about.
    pub category: Category,
    /// Who is accountable.
    pub owner: StaffId,
    /// When the case came in.
    pub received_at: Moment,
}

/// A miss, a reopening or a late find that no manager has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsignedMiss {
    /// Its number in the case, as a manager signs it.
    pub miss: u16,
    /// The clock that ran over; nothing for a reopening or a late find.
    pub clock: Option<ClockKind>,
    /// When it was recorded.
    pub at: Moment,
}

/// What needs two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalKind {
    /// A decision that declines.
    Decline,
    /// Closed as spam.
    Spam,
    /// Taken back that it was spam.
    NoSpam,
}

/// Who proposed, and who agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// To what.
    pub kind: ApprovalKind,
    /// Who proposed it, and when.
    pub proposed: (Option<StaffId>, Moment),
    /// Who agreed, and when; the last made it hold.
    pub agreed: Vec<(StaffId, Moment)>,
    /// When it came to hold; nothing while it waits or where another took its place.
    pub held_at: Option<Moment>,
}

/// Open cases, the oldest first: 「不要让客户的抱怨持久得不到解决」.
pub fn queue(records: &[Record<'_>], now: Moment) -> Vec<Waiting> {
    let open = records.iter().filter(|record| record.case.state.is_open());
    let mut queue: Vec<_> = open
        .map(|record| {
            let case = record.case;
            Waiting {
                number: record.number.to_owned(),
                state: case.state,
                owner: case.owner,
                received_at: case.received_at,
                business_ms: record.calendar.open_ms(case.received_at, now),
                next: next(case, record.policy, record.calendar),
            }
        })
        .collect();
    queue.sort_by(|one, other| {
        (one.received_at, &one.number).cmp(&(other.received_at, &other.number))
    });
    queue
}

/// Problems of open cases without an outcome, the oldest first: none is lost because another one was answered.
pub fn undecided(records: &[Record<'_>]) -> Vec<Undecided> {
    let waits = records.iter().filter(|record| {
        let state = record.case.state;
        state.is_open() && state != State::Responded
    });
    let mut all: Vec<_> = waits
        .flat_map(|record| {
            let case = record.case;
            case.issues.iter().map(|issue| Undecided {
                number: record.number.to_owned(),
                issue: issue.id,
                category: issue.category,
                owner: case.owner,
                received_at: case.received_at,
            })
        })
        .collect();
    all.sort_by(|one, other| {
        (one.received_at, &one.number, one.issue).cmp(&(
            other.received_at,
            &other.number,
            other.issue,
        ))
    });
    all
}

/// Misses, reopenings and late finds until `now` that no manager has signed, in their order.
pub fn unsigned(record: &Record<'_>, now: Moment) -> Vec<UnsignedMiss> {
    let recorded = record.events.iter().filter(|event| event.at <= now);
    let recorded = recorded.filter_map(|event| match event.change {
        Change::Missed { clock, .. } => Some((Some(clock), event.at)),
        Change::NotSolved | Change::Reopened | Change::IssueFound(_) => Some((None, event.at)),
        _ => None,
    });
    let numbered = (1_u16..).zip(recorded);
    let signed = &record.case.reviewed_misses;
    numbered
        .filter(|(miss, _)| !signed.contains(miss))
        .map(|(miss, (clock, at))| UnsignedMiss { miss, clock, at })
        .collect()
}

/// When the cause of a case has to be followed that was severe or came again, and is not: no problem is linked that has a
/// kind of cause and a corrective action. What ends a case is the customer's word or a time; so this holds up nobody, and
/// becomes a task of the owner once the decision is told, or the customer has taken it back.
pub fn wants_problem(record: &Record<'_>) -> Option<Moment> {
    let case = record.case;
    let is_grave = case.severity != Severity::Minor || case.flags.repeat;
    let is_seen = case.assessed_at.is_some();
    let ended = matches!(
        case.state,
        State::Responded
            | State::UnderReview
            | State::Closed(
                Closure::CustomerConfirmed
                    | Closure::NoReplyTimeout
                    | Closure::DeclinedFinal
                    | Closure::Withdrawn
            )
    );
    if !(is_grave && is_seen && ended) || record.has_cause {
        return None;
    }
    let told = case.decision.as_ref().map(|(_, at)| *at);
    let since = told.or(case.closed_at)?;
    let budget = Policy::pick(&record.policy.corrective, case.priority());
    Some(match budget {
        Budget::Elapsed(minutes) => since + minutes * MINUTE,
        Budget::Business(minutes) => {
            let due = record.calendar.due(since, minutes * MINUTE, &[]);
            due.unwrap_or(since + 30 * DAY)
        }
        Budget::BusinessDays(days) => {
            let due = record.calendar.close_of_day(since, days);
            due.unwrap_or(since + 30 * DAY)
        }
    })
}

/// Everything in a case that needed a second person, the earliest first.
pub fn approvals(record: &Record<'_>) -> Vec<Approval> {
    let declines = |decision: &Decision| {
        let mut issues = decision.issues.iter();
        issues.any(|issue| issue.outcome == Outcome::Declined)
    };
    let mut all: Vec<Approval> = Vec::new();
    let (mut is_spam, mut is_declining) = (false, false);
    for event in record.events {
        let by = event.actor.staff();
        let mut propose = |kind| {
            all.push(Approval {
                kind,
                proposed: (by, event.at),
                agreed: Vec::new(),
                held_at: None,
            });
        };
        match &event.change {
            Change::Drafted(decision) => {
                is_declining = declines(decision);
                if is_declining {
                    propose(ApprovalKind::Decline);
                }
            }
            Change::SpamProposed if is_spam => propose(ApprovalKind::NoSpam),
            Change::SpamProposed => propose(ApprovalKind::Spam),
            Change::SignedOff | Change::Responded(_) | Change::MarkedSpam | Change::SpamUndone => {
                let wanted: &[ApprovalKind] = match event.change {
                    Change::MarkedSpam => &[ApprovalKind::Spam],
                    Change::SpamUndone => &[ApprovalKind::NoSpam],
                    _ => &[ApprovalKind::Decline],
                };
                is_spam = match event.change {
                    Change::MarkedSpam => true,
                    Change::SpamUndone => false,
                    _ => is_spam,
                };
                let holds = !matches!(event.change, Change::SignedOff);
                let open = all
                    .iter_mut()
                    .rev()
                    .find(|one| wanted.contains(&one.kind) && one.held_at.is_none());
                // A sign-off of a decision that accepts belongs to no approval.
                let is_current = match &event.change {
                    Change::Responded(decision) => declines(decision),
                    Change::SignedOff => is_declining,
                    _ => true,
                };
                if let Some(open) = open.filter(|_| is_current) {
                    open.agreed.extend(by.map(|by| (by, event.at)));
                    if holds {
                        open.held_at = Some(event.at);
                    }
                }
            }
            _ => {}
        }
    }
    all
}
