//! What the engine does by itself: acknowledgements, reminders, warnings, misses, escalations and the end of a case that
//! nobody answers.
//!
//! Everything here is asked of the events: what stands in them already is not due again, so that each thing happens once,
//! also after a time in which nothing ran.

use super::case::Case;
use super::clock::{Calendar, resolution_due, running};
use super::event::{Cause, Change, Step};
use super::people::Actor;
use super::policy::Policy;
use super::priority::{Priority, Severity};
use super::state::{Closure, Outcome, State};
use super::{DAY, Moment};

/// What will be due, and when, as the case stands now; in the order of time.
pub fn pending(case: &Case, policy: &Policy, calendar: &dyn Calendar) -> Vec<(Moment, Step)> {
    let mut pending = Vec::new();
    let mut add = |at: Moment, change: Change| pending.push((at, Step::plain(change)));
    if case.state == State::Received {
        let promised = resolution_due(case, policy, calendar);
        add(
            case.received_at,
            Change::Acknowledged {
                promised: promised.unwrap_or(case.received_at),
            },
        );
    }
    clocks(case, policy, calendar, &mut add);
    ladder(case, policy, &mut add);
    match case.state {
        State::AwaitingCustomer => question(case, &mut add),
        State::Responded => silence(case, policy, calendar, &mut add),
        _ => {}
    }
    pending.sort_by_key(|(at, _)| *at);
    pending
}

/// What is due now, and when to look again; nothing when only a person can move the case. Each step is applied before
/// the next is asked for.
pub fn duties(
    case: &Case,
    policy: &Policy,
    calendar: &dyn Calendar,
    now: Moment,
) -> (Vec<Step>, Option<Moment>) {
    let (mut case, mut steps) = (case.clone(), Vec::new());
    // Each round records what is due and thereby takes it off the list; the bound only guards against a calendar gone mad.
    for _ in 0..200 {
        let mut pending = pending(&case, policy, calendar).into_iter();
        match pending.next() {
            Some((at, step)) if at <= now => {
                case.apply(now, Actor::System, &step.change);
                steps.push(step);
            }
            next => return (steps, next.map(|(at, _)| at)),
        }
    }
    (steps, Some(now + DAY))
}

/// Half, four fifths, over, twice over.
fn clocks(
    case: &Case,
    policy: &Policy,
    calendar: &dyn Calendar,
    add: &mut impl FnMut(Moment, Change),
) {
    for clock in running(case, policy, calendar) {
        let kind = clock.kind;
        let Some(due) = clock.due else { continue };
        for (percent, at) in [(50, clock.half), (80, clock.four_fifths)] {
            let is_known = case.warned.iter().any(|(known, reached, at)| {
                *known == kind && *reached >= percent && *at >= clock.started_at
            });
            if let Some(at) = at.filter(|at| !is_known && !clock.is_missed && *at < due) {
                add(
                    at,
                    Change::Warned {
                        clock: kind,
                        percent,
                        due,
                    },
                );
            }
        }
        if !clock.is_missed {
            add(due, Change::Missed { clock: kind, due });
        }
        if !kind.escalates() {
            continue;
        }
        let levels = [
            (1, clock.four_fifths, Cause::Warning(kind)),
            (2, Some(due), Cause::Breach(kind)),
            (3, clock.twice, Cause::DoubleBreach(kind)),
        ];
        for (level, at, cause) in levels {
            let is_known = case.escalated.iter().any(|(known, of, at)| {
                *known == level && *of == cause && at.is_none_or(|at| at >= clock.started_at)
            });
            if let Some(at) = at.filter(|_| !is_known) {
                add(
                    at,
                    Change::Escalated {
                        level,
                        cause,
                        due: Some(due),
                    },
                );
            }
        }
    }
}

/// What goes to the top without a clock: the second reopening, and a P1 that nobody opens.
fn ladder(case: &Case, policy: &Policy, add: &mut impl FnMut(Moment, Change)) {
    let mut once = |at: Moment, cause: Cause, due: Moment| {
        let is_known = case
            .escalated
            .iter()
            .any(|(_, known, at)| *known == cause && *at == Some(due));
        if !is_known {
            add(
                at,
                Change::Escalated {
                    level: 3,
                    cause,
                    due: Some(due),
                },
            );
        }
    };
    if case.cycle >= 3 && case.state.is_open() {
        once(case.cycle_at, Cause::Reopened, case.cycle_at);
    }
    let is_p1 = case.priority() == Priority::P1;
    if is_p1 && case.opened_at.is_none() && case.state.is_open() {
        let since = case
            .priorities
            .last()
            .map_or(case.received_at, |(at, _)| *at);
        let due = since + policy.unopened_ms;
        once(due, Cause::Unopened, due);
    }
}

/// A question is with the customer: two reminders, then work goes on without the answer.
fn question(case: &Case, add: &mut impl FnMut(Moment, Change)) {
    let (Some(reply_by), Some((asked, None))) = (case.reply_by, case.pauses.last()) else {
        return;
    };
    let window = (reply_by - asked).max(0);
    // After a time without power the reminders still come one after the other, and the customer has time to answer.
    let gap = (window / 10).min(DAY);
    let earliest = case.reminded_at.map_or(*asked, |at| at + gap);
    match case.reminders {
        0 if case.reachable => add(asked + window / 2, Change::Reminded),
        1 if case.reachable => add((asked + window * 4 / 5).max(earliest), Change::Reminded),
        _ => add(reply_by.max(earliest), Change::Resumed),
    }
}

/// The decision is with the customer, who says nothing.
fn silence(
    case: &Case,
    policy: &Policy,
    calendar: &dyn Calendar,
    add: &mut impl FnMut(Moment, Change),
) {
    let Some((decision, told)) = &case.decision else {
        return;
    };
    let needs_person = case.severity != Severity::Minor || !case.reachable;
    let is_reached = case.contact_made_at.is_some_and(|at| at >= *told);
    if needs_person && !is_reached && case.contact_due.is_none() {
        let due = calendar.close_of_day(*told, policy.confirm_days / 2);
        add(
            *told,
            Change::ContactDue {
                due: due.unwrap_or(told + 7 * DAY),
            },
        );
    }
    // What was promised comes first: nobody is asked whether it is solved before it is there.
    let base = match (decision.remedy_due, case.remedy_done_at) {
        (Some(_), None) => return,
        (Some(_), Some(done)) => done.max(*told),
        (None, _) => *told,
    };
    let after = |days: u32| {
        let close = calendar.close_of_day(base, days);
        close.unwrap_or(base + i64::from(days) * DAY)
    };
    let earliest = case.reminded_at.map_or(base, |at| at + DAY);
    let [first, second] = policy.reminder_days;
    match case.reminders {
        0 if case.reachable => add(after(first), Change::Reminded),
        1 if case.reachable => add(after(second).max(earliest), Change::Reminded),
        _ if !needs_person || is_reached => {
            let closure = if decision.outcome == Outcome::Declined {
                Closure::DeclinedFinal
            } else {
                Closure::NoReplyTimeout
            };
            add(
                after(policy.confirm_days).max(earliest),
                Change::TimedOut(closure),
            );
        }
        _ => {}
    }
}

/// When the customer's time to answer a decision is over.
pub fn confirm_by(case: &Case, policy: &Policy, calendar: &dyn Calendar) -> Option<Moment> {
    let (_, told) = case.decision.as_ref()?;
    let base = case.remedy_done_at.map_or(*told, |done| done.max(*told));
    calendar.close_of_day(base, policy.confirm_days)
}
