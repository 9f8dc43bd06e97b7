//! Reports at the endpoint: every case that somebody sees, read with its rules of time and what became of its cause.

use std::collections::BTreeSet;

use super::problems::ProblemError;
use super::{CaseError, Cases};
use crate::complaint::policy::Thresholds;
use crate::complaint::problem::{Problem, ProblemState};
use crate::complaint::report::Record;
use crate::complaint::view::Event;
use crate::complaint::{Case, DAY};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::rulebook::Rules;

/// A case as it was read for a report.
#[derive(Clone, Debug)]
pub struct Reported {
    number: String,
    case: Case,
    events: Vec<Event>,
    rules: Rules,
    has_cause: bool,
}

impl Reported {
    /// As the pure rules take it.
    pub fn record(&self) -> Record<'_> {
        Record {
            number: &self.number,
            case: &self.case,
            events: &self.events,
            policy: &self.rules.policy,
            calendar: &*self.rules.calendar,
            has_cause: self.has_cause,
        }
    }
}

/// How often a kind of cause comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseRow {
    /// The kind of cause, or nothing where none is known yet.
    pub cause: Option<crate::complaint::problem::RootCause>,
    /// Its problems.
    pub problems: u32,
    /// How many of them are open.
    pub open: u32,
    /// How many complaints they have.
    pub cases: u32,
    /// How often one came back after it was corrected.
    pub recurrences: u32,
    /// Whole days since the last complaint of it.
    pub days_since_last: i64,
    /// Problems whose corrective action is overdue.
    pub overdue: Vec<u32>,
    /// Problems whose effectiveness can be looked at.
    pub to_check: Vec<u32>,
}

impl Cases {
    /// Every case that `sees` lets through and that came in within the period, as reports take it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn reported(
        &self,
        period: (i64, i64),
        sees: impl Fn(&Case) -> bool,
    ) -> Result<Vec<Reported>, CaseError> {
        let answered: BTreeSet<u32> = self
            .known_problems()?
            .into_iter()
            .filter(|(_, problem)| problem.answers())
            .map(|(number, _)| number)
            .collect();
        let mut reported = Vec::new();
        for id in self.reader.case_ids()? {
            let Some(loaded) = self.load(id)? else {
                continue;
            };
            let received = loaded.case.received_at;
            if !(period.0..period.1).contains(&received) || !sees(&loaded.case) {
                continue;
            }
            let problem = loaded.case.problem;
            reported.push(Reported {
                number: loaded.row.number,
                rules: self.rules_of(&loaded.case)?,
                case: loaded.case,
                events: loaded.events,
                has_cause: problem.is_some_and(|problem| answered.contains(&problem)),
            });
        }
        Ok(reported)
    }

    fn known_problems(&self) -> Result<Vec<(u32, Problem)>, CaseError> {
        let problems = self.problems().map_err(|error| match error {
            ProblemError::Case(error) => error,
            _ => CaseError::Unreadable,
        })?;
        let problems = problems.into_iter();
        Ok(problems
            .map(|known| (known.number, known.problem))
            .collect())
    }

    /// What counts as a pattern in a version of the policy; nothing where there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn thresholds(
        &self,
        version: Option<u32>,
        now: Timestamp,
    ) -> Result<Option<(u32, Thresholds)>, CaseError> {
        let policy = match version {
            Some(version) => match self.policy(version)? {
                Some(policy) => (*policy).clone(),
                None => return Ok(None),
            },
            None => self.rules_now(None, now.0)?.policy,
        };
        Ok(Some((policy.version, policy.thresholds)))
    }

    /// Kinds of cause, those first that came up last.
    ///
    /// # Errors
    /// When the store fails.
    pub fn causes(&self, now: Timestamp) -> Result<Vec<CauseRow>, CaseError> {
        let mut rows: Vec<CauseRow> = Vec::new();
        for (number, problem) in self.known_problems()? {
            if problem.state == ProblemState::Dismissed {
                continue;
            }
            let last = problem.cases.iter().map(|link| link.received_at).max();
            let days = (now.0 - last.unwrap_or(problem.opened_at)).max(0) / DAY;
            let place = rows.iter().position(|row| row.cause == problem.cause);
            let place = place.unwrap_or(rows.len());
            if place == rows.len() {
                rows.push(CauseRow {
                    cause: problem.cause,
                    problems: 0,
                    open: 0,
                    cases: 0,
                    recurrences: 0,
                    days_since_last: days,
                    overdue: Vec::new(),
                    to_check: Vec::new(),
                });
            }
            let policy = self.rules_now(None, problem.opened_at)?.policy;
            let Some(row) = rows.get_mut(place) else {
                continue;
            };
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            row.problems += 1;
            row.open += u32::from(problem.state.is_open());
            row.cases += count(problem.cases.len());
            row.recurrences += count(problem.recurrences.len());
            row.days_since_last = row.days_since_last.min(days);
            let is_over = problem.correct_by(&policy).is_some_and(|by| by <= now.0);
            row.overdue.extend(is_over.then_some(number));
            let waits = problem.state == ProblemState::ActionImplemented;
            let is_due = waits && problem.check_at.is_some_and(|at| at <= now.0);
            row.to_check.extend(is_due.then_some(number));
        }
        rows.sort_by_key(|row| row.days_since_last);
        Ok(rows)
    }

    /// The accounts that nobody answers for.
    ///
    /// # Errors
    /// When the store fails.
    pub fn accounts_without_owner(&self) -> Result<Vec<String>, CaseError> {
        Ok(self.reader.accounts_without_owner()?)
    }
}
