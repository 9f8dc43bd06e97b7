//! Deadlines: derived from the case, its policy and a calendar whenever they are asked for, never counted down.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::policy::{Budget, Policy};
use super::priority::Priority;
use super::state::{Closure, State};
use super::{MINUTE, Moment};

/// Times that do not count: from, and until where it has ended.
pub type Pause = (Moment, Option<Moment>);

/// When we work. The endpoint makes it from business calendars and time zones.
pub trait Calendar {
    /// When `ms` milliseconds of business time are over, counted from `start` without the pauses. Nothing: a pause that
    /// has not ended stands before it, or the calendar never opens again.
    fn due(&self, start: Moment, ms: i64, pauses: &[Pause]) -> Option<Moment>;

    /// The business time between two moments, in milliseconds.
    fn open_ms(&self, from: Moment, to: Moment) -> i64;

    /// Close of business on the n-th business day after the day of `start`.
    fn close_of_day(&self, start: Moment, n: u32) -> Option<Moment>;
}

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// Received → first public message of a person.
    FirstResponse,
    /// Last word between us → our next public message.
    Update,
    /// Begin of the cycle, or of the review → decision.
    Resolution,
    /// First receipt → decision or holding response.
    Backstop,
    /// Promise → remedy.
    Remedy,
    /// "?" → explanation.
    Explanation,
    /// Decision → a person reached the customer.
    Contact,
}

impl ClockKind {
    /// Whether running over it escalates.
    pub fn escalates(self) -> bool {
        matches!(self, Self::FirstResponse | Self::Update | Self::Resolution)
    }
}

/// A clock that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What is timed.
    pub kind: ClockKind,
    /// When it began.
    pub started_at: Moment,
    /// When it is over; nothing while it is paused.
    pub due: Option<Moment>,
    /// When half, four fifths, all and twice its budget are used; nothing where a pause stands before, or none applies.
    pub half: Option<Moment>,
    /// Four fifths.
    pub four_fifths: Option<Moment>,
    /// Twice.
    pub twice: Option<Moment>,
    /// Whether it was missed: that stays so, whatever happens later.
    pub is_missed: bool,
}

/// Every clock that runs.
pub fn running(case: &Case, policy: &Policy, calendar: &dyn Calendar) -> Vec<Clock> {
    let rules = Rules(case, policy, calendar);
    let is_worked_on = case.state.is_open() && case.state != State::Responded;
    let mut clocks = Vec::new();
    if is_worked_on && case.first_response_at.is_none() {
        let table = |policy: &Policy, priority| Policy::pick(&policy.first_response, priority);
        clocks.push(rules.clock(ClockKind::FirstResponse, case.received_at, &table, &[]));
    }
    if is_worked_on {
        clocks.push(rules.update());
        clocks.push(rules.resolution());
    }
    let is_held = case.holding.is_some();
    if is_worked_on && case.decision.is_none() && (!is_held || policy.backstop_held.is_some()) {
        let table = |policy: &Policy, _| match policy.backstop_held {
            Some(budget) if is_held => budget,
            _ => policy.backstop,
        };
        clocks.push(rules.clock(ClockKind::Backstop, case.received_at, &table, &[]));
    }
    if let Some((asked, kind)) = case
        .question
        .map(|(_, asked)| (asked, ClockKind::Explanation))
        .filter(|_| case.state.is_open())
    {
        clocks.push(rules.clock(kind, asked, &|policy, _| policy.explanation, &[]));
    }
    clocks.extend(rules.remedy());
    clocks.extend(rules.contact());
    clocks
}

/// When the decision is due; nothing while the customer is asked, or after the decision.
pub fn resolution_due(case: &Case, policy: &Policy, calendar: &dyn Calendar) -> Option<Moment> {
    let rules = Rules(case, policy, calendar);
    rules.resolution().due
}

/// When a budget that begins at `start` is used up, with no pause.
pub fn due_after(budget: Budget, start: Moment, calendar: &dyn Calendar) -> Moment {
    let due = match budget {
        Budget::Elapsed(minutes) => Some(start + minutes * MINUTE),
        Budget::Business(minutes) => calendar.due(start, minutes * MINUTE, &[]),
        Budget::BusinessDays(days) => calendar.close_of_day(start, days),
    };
    // A calendar that never opens again must not leave it without a date.
    due.unwrap_or(start)
}

/// A case under its policy and calendar.
struct Rules<'a>(&'a Case, &'a Policy, &'a dyn Calendar);

impl Rules<'_> {
    fn resolution(&self) -> Clock {
        let Self(case, ..) = self;
        match case.review_at {
            Some(began) if case.state == State::UnderReview => {
                let table = |policy: &Policy, _| policy.review;
                self.clock(ClockKind::Resolution, began, &table, &[])
            }
            _ => {
                let table = |policy: &Policy, priority| Policy::pick(&policy.resolution, priority);
                self.clock(ClockKind::Resolution, case.cycle_at, &table, &self.pauses())
            }
        }
    }

    /// Tied to the last word between us. A holding response names the date itself.
    fn update(&self) -> Clock {
        let Self(case, ..) = self;
        let table = |policy: &Policy, priority| Policy::pick(&policy.update, priority);
        let start = case.last_contact_at;
        match case.holding {
            Some((told, next)) if told == start => self.fixed(ClockKind::Update, told, next),
            _ => self.clock(ClockKind::Update, start, &table, &self.pauses()),
        }
    }

    fn remedy(&self) -> Option<Clock> {
        let Self(case, ..) = self;
        let is_owed = matches!(
            case.state,
            State::Responded | State::Closed(Closure::CustomerConfirmed | Closure::NoReplyTimeout)
        );
        let (decision, told) = case.decision.as_ref()?;
        let due = decision.remedy_due?;
        (is_owed && case.remedy_done_at.is_none())
            .then(|| self.fixed(ClockKind::Remedy, *told, due))
    }

    fn contact(&self) -> Option<Clock> {
        let Self(case, ..) = self;
        let (_, told) = case.decision.as_ref()?;
        let due = case.contact_due?;
        Some(self.fixed(ClockKind::Contact, *told, due))
    }

    fn pauses(&self) -> Vec<Pause> {
        self.0.pauses.clone()
    }

    /// Whether a miss of this clock was recorded since it began, and of which deadline.
    fn missed(&self, kind: ClockKind, start: Moment) -> Option<Moment> {
        let mut misses = self.0.misses.iter().rev();
        let found = misses.find(|(known, due)| *known == kind && *due >= start)?;
        Some(found.1)
    }

    fn fixed(&self, kind: ClockKind, start: Moment, due: Moment) -> Clock {
        let missed = self.missed(kind, start);
        Clock {
            kind,
            started_at: start,
            due: Some(missed.unwrap_or(due)),
            half: None,
            four_fifths: None,
            twice: None,
            is_missed: missed.is_some(),
        }
    }

    fn clock(
        &self,
        kind: ClockKind,
        start: Moment,
        table: &dyn Fn(&Policy, Priority) -> Budget,
        pauses: &[Pause],
    ) -> Clock {
        let at = |percent| self.point(start, table, pauses, percent);
        let missed = self.missed(kind, start);
        Clock {
            kind,
            started_at: start,
            due: missed.or_else(|| at(100)),
            half: at(50),
            four_fifths: at(80),
            twice: at(200),
            is_missed: missed.is_some(),
        }
    }

    /// When so many percent of the budget are used. A change of priority or policy keeps what was used and what was
    /// paused; the rest is what the new budget leaves, counted from the change on.
    fn point(
        &self,
        start: Moment,
        table: &dyn Fn(&Policy, Priority) -> Budget,
        pauses: &[Pause],
        percent: i64,
    ) -> Option<Moment> {
        let Self(case, policy, calendar) = self;
        let graded = |at: Moment| {
            let last = case.priorities.iter().rev().find(|(since, _)| *since <= at);
            last.or(case.priorities.first())
                .map(|(_, priority)| *priority)
        };
        let budget_at = |at: Moment| Some(table(policy.at(at), graded(at)?));
        let mut turns: Vec<Moment> = case.priorities.iter().map(|(at, _)| *at).collect();
        turns.extend(policy.former.iter().map(|(until, _)| *until));
        turns.retain(|at| *at > start);
        turns.sort_unstable();
        let (mut from, mut used, mut budget) = (start, 0, budget_at(start)?);
        for at in turns {
            used += self.used(budget, from, at, pauses);
            (from, budget) = (at, budget_at(at)?);
        }
        let whole = match budget {
            Budget::Elapsed(minutes) | Budget::Business(minutes) => minutes * MINUTE,
            Budget::BusinessDays(days) => {
                let close = calendar.close_of_day(start, days)?;
                // From the day's close itself, so that no rounding moves what the customer was promised.
                if percent == 100 && from == start && pauses.iter().all(|(at, _)| *at >= close) {
                    return Some(close);
                }
                calendar.open_ms(start, close)
            }
        };
        let left = whole * percent / 100 - used;
        if left <= 0 {
            return Some(from);
        }
        match budget {
            Budget::Elapsed(_) => elapsed_due(from, left, pauses),
            Budget::Business(_) | Budget::BusinessDays(_) => calendar.due(from, left, pauses),
        }
    }

    /// What of a budget's time lies between two moments and in no pause.
    fn used(&self, budget: Budget, from: Moment, to: Moment, pauses: &[Pause]) -> i64 {
        let measure = |from: Moment, to: Moment| match budget {
            Budget::Elapsed(_) => (to - from).max(0),
            Budget::Business(_) | Budget::BusinessDays(_) => self.2.open_ms(from, to.max(from)),
        };
        let paused = pauses.iter().map(|(begin, end)| {
            let (begin, end) = ((*begin).max(from), end.unwrap_or(to).min(to));
            if begin < end { measure(begin, end) } else { 0 }
        });
        measure(from, to) - paused.sum::<i64>()
    }
}

/// [`Calendar::due`] where every hour counts.
fn elapsed_due(start: Moment, ms: i64, pauses: &[Pause]) -> Option<Moment> {
    let mut due = start + ms;
    for (begin, end) in pauses {
        let begin = (*begin).max(start);
        if begin >= due {
            continue;
        }
        match end {
            Some(end) => due += (*end - begin).max(0),
            None => return None,
        }
    }
    Some(due)
}
