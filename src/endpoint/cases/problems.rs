//! Problems at the endpoint: proposing them, working on them, and the engine's eye for small things that come again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::appending::Beside;
use super::logs::Logged;
use super::reading::Loaded;
use super::{CaseError, Cases, number};
use crate::api::SubmissionId;
use crate::complaint::problem::{
    self, Link, Problem, ProblemAction, ProblemChange, ProblemRefusal, ProblemStep, Section, Texts,
};
use crate::complaint::{
    Action, Actor, Case, Category, Change, Closure, DAY, Policy, StaffId, State, Step, decide,
    event::Receipt,
};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{Appended, Batch, Facts, LogKind, LogRow};

/// How often the engine tries again where somebody was faster.
const ATTEMPTS: u32 = 5;

/// The minor cases of each category as they were when the engine looked at them last: it looks again only where there are
/// others. Nothing is lost with it, only a look repeated.
#[derive(Debug, Default)]
pub(super) struct Patterns(Mutex<BTreeMap<String, Vec<[u8; 16]>>>);

impl Patterns {
    fn is_known(&self, look: &str, minors: &[Facts]) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = minors.iter().map(|one| one.id);
        known
            .get(look)
            .is_some_and(|known| ids.eq(known.iter().copied()))
    }

    fn know(&self, look: &str, minors: &[Facts]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = minors.iter().map(|one| one.id);
        known.insert(look.to_owned(), ids.collect());
    }
}

/// Why something did not happen to a problem. Nothing is stored then.
#[derive(Debug)]
pub enum ProblemError {
    /// There is no such problem.
    NotFound,
    /// The rules refuse it.
    Refused(ProblemRefusal),
    /// There is no such case, or nobody of that number works here: where it was named.
    Unknown(&'static str),
    /// A case refuses it, or the store fails.
    Case(CaseError),
}

impl<E: Into<CaseError>> From<E> for ProblemError {
    fn from(error: E) -> Self {
        Self::Case(error.into())
    }
}

/// A problem with its log, the texts that hold now, and the numbers of its cases.
#[derive(Clone, Debug)]
pub struct KnownProblem {
    /// Its number.
    pub number: u32,
    /// What a change names: how many events its log has.
    pub version: u32,
    /// The snapshot.
    pub problem: Problem,
    /// What happened: when, who, what and the texts.
    pub events: Vec<Logged<ProblemChange, Texts>>,
    /// The numbers of its cases, in their order.
    pub cases: Vec<String>,
    /// When corrective action has to be in place.
    pub correct_by: Option<i64>,
}

impl KnownProblem {
    /// The text of a section that holds now.
    pub fn text(&self, section: Section) -> Option<&str> {
        let seq = self.problem.said.get(&section)?;
        let place = usize::try_from(*seq).ok()?.checked_sub(1)?;
        let (.., texts) = self.events.get(place)?;
        texts.get(section)
    }
}

/// The name of a value that is written as a text.
pub(super) fn code<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value);
    let text = value
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned));
    text.unwrap_or_default()
}

/// What is asked of a case without reading its events.
pub(super) fn facts(id: [u8; 16], case: &Case) -> Facts {
    let category = case.issues.first().map(|issue| issue.category);
    Facts {
        id,
        account: case.account.clone(),
        category: code(&category.unwrap_or(Category::Other)),
        severity: code(&case.severity),
        is_assessed: case.assessed_at.is_some(),
        received_at: case.received_at,
        counts: !matches!(
            case.state,
            State::Closed(Closure::Duplicate | Closure::Reclassified | Closure::Spam)
        ),
        problem: case.problem,
    }
}

fn link(loaded: &Loaded) -> Link {
    Link {
        case: SubmissionId::from_bytes(loaded.row.id).to_string(),
        received_at: loaded.case.received_at,
        severity: loaded.case.severity,
        priority: loaded.case.priority(),
    }
}

impl Cases {
    /// Whether the same account had the same category not long ago.
    pub(super) fn is_repeat(
        &self,
        receipt: &Receipt,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<bool, CaseError> {
        let category = receipt.issues.first().map(|issue| issue.category);
        let (Some(account), Some(category)) = (&receipt.account, category) else {
            return Ok(false);
        };
        let since = now.0 - i64::from(policy.thresholds.repeat_days) * DAY;
        let found = self
            .reader
            .has_complained(account, &code(&category), since)?;
        Ok(found)
    }

    /// A problem.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub fn problem(&self, number: u32) -> Result<KnownProblem, ProblemError> {
        let (_, known) = self.load_problem(number)?;
        Ok(known)
    }

    /// Every problem, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn problems(&self) -> Result<Vec<KnownProblem>, ProblemError> {
        let numbers = self.reader.log_numbers(LogKind::Problem)?;
        let numbers = numbers.into_iter().rev();
        numbers.map(|number| self.problem(number)).collect()
    }

    fn load_problem(&self, number: u32) -> Result<(LogRow, KnownProblem), ProblemError> {
        let found = self.log::<ProblemChange, Texts>(LogKind::Problem, number)?;
        let (row, events) = found.ok_or(ProblemError::NotFound)?;
        let steps: Vec<_> = events
            .iter()
            .map(|(at, actor, change, texts)| {
                let step = ProblemStep {
                    change: change.clone(),
                    texts: texts.clone(),
                };
                (*at, *actor, step)
            })
            .collect();
        let log = steps.iter().map(|(at, actor, step)| (*at, *actor, step));
        let problem = Problem::replay(log).ok_or(CaseError::Unreadable)?;
        let mut cases = Vec::new();
        for link in &problem.cases {
            let id = SubmissionId::parse(&link.case).ok_or(CaseError::Unreadable)?;
            let number = self.reader.case_number(*id.as_bytes())?;
            cases.push(number.ok_or(CaseError::Unreadable)?);
        }
        // The clock belongs to what everybody was promised when the problem was opened.
        let policy = self.rules_now(None, problem.opened_at)?.policy;
        let known = KnownProblem {
            number,
            version: row.last_seq,
            correct_by: problem.correct_by(&policy),
            problem,
            events,
            cases,
        };
        Ok((row, known))
    }

    /// A person says that complaints have one cause.
    ///
    /// # Errors
    /// What the rules of problems and of each case refuse, or the store fails.
    pub fn propose_problem(
        &self,
        keys: &Keys,
        actor: Actor,
        (numbers, category, owner): (&[String], Option<Category>, Option<StaffId>),
        title: &str,
        now: Timestamp,
    ) -> Result<KnownProblem, ProblemError> {
        let mut cases = Vec::new();
        for number in numbers {
            cases.push(self.case_named(number)?);
        }
        let first = cases
            .first()
            .ok_or(ProblemError::Refused(ProblemRefusal::NoCase))?;
        let own = first.case.issues.first().map(|issue| issue.category);
        let category = category.or(own).unwrap_or(Category::Other);
        let owner = owner.unwrap_or(first.case.owner);
        self.works_here(&[owner])?;
        let links = cases.iter().map(link).collect();
        let texts = Texts(vec![(Section::Title, title.to_owned())]);
        let step = problem::propose(actor, category, owner, links, texts)
            .map_err(ProblemError::Refused)?;
        self.begin_problem(keys, actor, step, cases, now)
    }

    /// Lets somebody act on a problem as it stood after `known` events. A text whose number is 0 belongs to what comes next.
    ///
    /// # Errors
    /// [`CaseError::Clash`] if it has moved since; what the rules refuse; or the store fails.
    pub fn problem_act(
        &self,
        keys: &Keys,
        number: u32,
        actor: Actor,
        known: u32,
        wish: (ProblemAction, Texts),
        now: Timestamp,
    ) -> Result<KnownProblem, ProblemError> {
        let (row, before) = self.load_problem(number)?;
        let problem = &before.problem;
        let (action, mut texts) = wish;
        let next = |count: usize| u16::try_from(count + 1).unwrap_or(u16::MAX);
        for (section, _) in &mut texts.0 {
            *section = match &*section {
                Section::Why(0) => Section::Why(next(problem.whys.len())),
                Section::Evidence(0) => Section::Evidence(next(problem.whys.len())),
                Section::Action(0) => Section::Action(next(problem.actions.len())),
                Section::Scenario(0) => Section::Scenario(next(problem.attempts.len())),
                known => *known,
            };
        }
        let steps = problem::decide(problem, actor, &action, texts, now.0);
        // Who may not hears that first: that somebody was faster is none of their business.
        if !matches!(steps, Err(ProblemRefusal::NotAllowed)) && row.last_seq != known {
            return Err(CaseError::Clash.into());
        }
        let steps = steps.map_err(ProblemError::Refused)?;
        match &action {
            ProblemAction::SetTeam { owner, team } => {
                self.works_here(&[*owner])?;
                self.works_here(team)?;
            }
            ProblemAction::PlanAction { owner, .. } => self.works_here(&[*owner])?,
            _ => {}
        }
        self.put_problem(keys, &row, actor, steps, Vec::new(), now)
    }

    /// Another complaint shows it.
    ///
    /// # Errors
    /// As [`Cases::problem_act`], and what the rules of the case refuse.
    pub fn problem_link(
        &self,
        keys: &Keys,
        (number, case): (u32, &str),
        actor: Actor,
        known: u32,
        now: Timestamp,
    ) -> Result<KnownProblem, ProblemError> {
        let (row, before) = self.load_problem(number)?;
        let loaded = self.case_named(case)?;
        let action = ProblemAction::LinkCase(link(&loaded));
        let steps = problem::decide(&before.problem, actor, &action, Texts::default(), now.0);
        if !matches!(steps, Err(ProblemRefusal::NotAllowed)) && row.last_seq != known {
            return Err(CaseError::Clash.into());
        }
        let steps = steps.map_err(ProblemError::Refused)?;
        self.put_problem(keys, &row, actor, steps, vec![loaded], now)
    }

    fn case_named(&self, text: &str) -> Result<Loaded, ProblemError> {
        let unknown = || ProblemError::Unknown("cases");
        let number = number::read(text).ok_or_else(unknown)?;
        match self.by_number(&number) {
            Err(CaseError::NotFound) => Err(unknown()),
            found => Ok(found?),
        }
    }

    fn works_here(&self, people: &[StaffId]) -> Result<(), ProblemError> {
        let staff = self.reader.staff()?;
        let is_known = |person: &StaffId| staff.iter().any(|row| row.id == *person);
        if people.iter().all(is_known) {
            Ok(())
        } else {
            Err(ProblemError::Unknown("owner"))
        }
    }

    fn begin_problem(
        &self,
        keys: &Keys,
        actor: Actor,
        step: ProblemStep,
        cases: Vec<Loaded>,
        now: Timestamp,
    ) -> Result<KnownProblem, ProblemError> {
        let row = self.new_log(LogKind::Problem)?;
        self.put_problem(keys, &row, actor, vec![step], cases, now)
    }

    /// Puts steps at the end of a problem, and the link at the end of each case.
    fn put_problem(
        &self,
        keys: &Keys,
        row: &LogRow,
        actor: Actor,
        steps: Vec<ProblemStep>,
        cases: Vec<Loaded>,
        now: Timestamp,
    ) -> Result<KnownProblem, ProblemError> {
        let problem = row.number;
        let batches: Result<Vec<Batch>, ProblemError> = cases
            .into_iter()
            .map(|loaded| {
                if actor != Actor::System {
                    let people = self.people(loaded.case.account.as_deref())?;
                    let rules = self.rules_of(&loaded.case)?;
                    let action = Action::LinkProblem { problem };
                    self.with_setting(now, &people, &rules, |setting| {
                        decide(&loaded.case, actor, &action, setting)
                    })?;
                }
                let linked = Step::plain(Change::ProblemLinked { problem });
                let (row, case) = (loaded.row, loaded.case);
                let beside = Beside::default();
                Ok(self.batch(keys, &row, Some(case), vec![(actor, linked)], beside, now)?)
            })
            .collect();
        let steps: Vec<_> = steps
            .into_iter()
            .map(|step| {
                let texts = Some(step.texts).filter(|texts| !texts.0.is_empty());
                (actor, step.change, texts)
            })
            .collect();
        match self.append_log(keys, row, &steps, &batches?, now)? {
            Appended::Stored => self.problem(problem),
            Appended::Clash | Appended::NumberTaken => Err(CaseError::Clash.into()),
        }
    }

    /// Proposes a problem where several minor complaints about one thing came in within some weeks; those that follow go to
    /// the same one while it is open. What was linked is not counted again, so that each pattern is proposed once.
    ///
    /// # Errors
    /// When the store fails.
    pub fn propose_problems(&self, keys: &Keys, now: Timestamp) -> Result<usize, CaseError> {
        let mut proposed = 0;
        let thresholds = self.rules_now(None, now.0)?.policy.thresholds;
        let window = i64::from(thresholds.minor_days) * DAY;
        // After a time in which nothing ran, what lay within the window then is still seen.
        let since = now.0 - 2 * window;
        for name in self.reader.categories_of_minors(since)? {
            let minors = self.reader.minors_of(&name, since)?;
            // Other thresholds see other patterns.
            let look = format!("{name} {} {}", thresholds.minors, thresholds.minor_days);
            if self.patterns.is_known(&look, &minors) {
                continue;
            }
            for _ in 0..ATTEMPTS {
                let least = thresholds.minors.max(1);
                let done = self.propose_from(keys, &name, (since, window, least), now);
                match done {
                    Ok(is_new) => {
                        proposed += usize::from(is_new);
                        self.patterns.know(&look, &minors);
                        break;
                    }
                    Err(ProblemError::Case(CaseError::Clash)) => {}
                    Err(ProblemError::Case(error)) => return Err(error),
                    Err(_) => return Err(CaseError::Unreadable),
                }
            }
        }
        Ok(proposed)
    }

    /// True where a new problem was proposed.
    fn propose_from(
        &self,
        keys: &Keys,
        name: &str,
        (since, window, least): (i64, i64, u32),
        now: Timestamp,
    ) -> Result<bool, ProblemError> {
        let minors = self.reader.minors_of(name, since)?;
        let load = |facts: &[Facts]| -> Result<Vec<Loaded>, ProblemError> {
            let loaded = facts.iter().map(|facts| {
                let loaded = self.load(facts.id)?;
                loaded.ok_or(ProblemError::Case(CaseError::Unreadable))
            });
            loaded.collect()
        };
        let mut open = None;
        for number in self.reader.log_numbers(LogKind::Problem)? {
            let (row, known) = self.load_problem(number)?;
            let problem = &known.problem;
            let is_same = code(&problem.category) == name && problem.is_by_engine;
            if is_same && problem.state.is_open() {
                open = Some(row);
            }
        }
        if let Some(row) = open {
            let cases = load(&minors)?;
            let steps = cases.iter().map(|loaded| ProblemStep {
                change: ProblemChange::Linked(link(loaded)),
                texts: Texts::default(),
            });
            let steps: Vec<_> = steps.collect();
            if !steps.is_empty() {
                self.put_problem(keys, &row, Actor::System, steps, cases, now)?;
            }
            return Ok(false);
        }
        let least = usize::try_from(least).unwrap_or(usize::MAX);
        let pattern = minors.windows(least).find(|run| match run {
            [first, .., last] => last.received_at - first.received_at <= window,
            run => !run.is_empty(),
        });
        let Some(first) = pattern.and_then(<[Facts]>::first) else {
            return Ok(false);
        };
        let end = first.received_at + window;
        let within: Vec<_> = minors
            .iter()
            .filter(|one| (first.received_at..=end).contains(&one.received_at))
            .cloned()
            .collect();
        let cases = load(&within)?;
        let category = cases.first().and_then(|loaded| loaded.case.issues.first());
        let category = category.map_or(Category::Other, |issue| issue.category);
        let owner = self.people(None)?.default_owner;
        let links = cases.iter().map(link).collect();
        let step = problem::propose(Actor::System, category, owner, links, Texts::default())
            .map_err(ProblemError::Refused)?;
        self.begin_problem(keys, Actor::System, step, cases, now)?;
        Ok(true)
    }
}
