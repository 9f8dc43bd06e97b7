//! A problem: the cause behind complaints, worked on in the eight disciplines (8D). Only [`Problem::apply`] changes one.
//!
//! What ends a complaint and what ends its problem are two things: a customer can be content while prevention is still
//! open, and one who takes the complaint back has not taken back the cause.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Moment;
use super::people::{Actor, StaffId};
use super::policy::{Budget, Policy};
use super::priority::Priority;
use super::routing::Category;

/// What happens to a problem.
pub mod event;
/// The rules of every action on a problem.
pub mod rules;

pub use event::{Link, ProblemChange, ProblemStep, RootCause, Section, Texts};
pub use rules::{ProblemAction, ProblemRefusal, decide, propose};

/// Where a problem stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemState {
    /// Complaints seem to have one cause.
    Proposed,
    /// Customers are spared the worst.
    Contained,
    /// The root cause is known, with evidence.
    CauseVerified,
    /// What corrects it is in place.
    ActionImplemented,
    /// It helped.
    Verified,
    /// It did not help: back to the cause.
    Ineffective,
    /// It cannot be seen, after attempts that are written down.
    NotReproduced,
    /// No common cause.
    Dismissed,
}

impl ProblemState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Proposed,
        Self::Contained,
        Self::CauseVerified,
        Self::ActionImplemented,
        Self::Verified,
        Self::Ineffective,
        Self::NotReproduced,
        Self::Dismissed,
    ];

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Verified | Self::NotReproduced | Self::Dismissed)
    }
}

/// One answer of the chain of whys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// When its evidence was borne out.
    pub verified_at: Option<Moment>,
    /// Whether it has evidence.
    pub has_evidence: bool,
}

/// A corrective action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectiveAction {
    /// Who does it.
    pub owner: StaffId,
    /// By when.
    pub due: Moment,
    /// When it was done.
    pub done_at: Option<Moment>,
}

/// A snapshot: what the events say, taken together. Texts stand in the event that `said` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How many events there are; a change names the number it was made on.
    pub seq: u32,
    /// Where it stands.
    pub state: ProblemState,
    /// What its complaints are about.
    pub category: Category,
    /// Whether the engine proposed it.
    pub is_by_engine: bool,
    /// When it was opened.
    pub opened_at: Moment,
    /// When the clock for corrective action began: opened, or found ineffective.
    pub clock_at: Moment,
    /// Who is accountable.
    pub owner: StaffId,
    /// D1: who else works on it.
    pub team: BTreeSet<StaffId>,
    /// The complaints.
    pub cases: Vec<Link>,
    /// D2: first and last seen.
    pub seen: (Option<Moment>, Option<Moment>),
    /// D3: since when, and whether that was looked at.
    pub containment: Option<(Moment, bool)>,
    /// D4: the chain of whys.
    pub whys: Vec<Why>,
    /// D4: the kind of root cause.
    pub cause: Option<RootCause>,
    /// D5: corrective actions.
    pub actions: Vec<CorrectiveAction>,
    /// How many of them belong to causes that turned out ineffective.
    pub former_actions: usize,
    /// D6: when all was in place.
    pub implemented_at: Option<Moment>,
    /// When to look whether it helped.
    pub check_at: Option<Moment>,
    /// When it came back after the action, each time.
    pub recurrences: Vec<Moment>,
    /// When what we learn was written down.
    pub reflected_at: Option<Moment>,
    /// D8: who was thanked, and when.
    pub recognised: Vec<(String, Moment)>,
    /// (tries, hits) of each attempt to see it.
    pub attempts: Vec<(u32, u32)>,
    /// Who proposed to end it because it cannot be seen.
    pub unreproducible_by: Option<StaffId>,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// The event in which each text stands that holds now.
    pub said: BTreeMap<Section, u32>,
}

impl Problem {
    /// The problem of a first event; nothing if it is not a proposal.
    pub fn proposed(at: Moment, actor: Actor, step: &ProblemStep) -> Option<Self> {
        let ProblemChange::Proposed {
            category,
            owner,
            cases,
        } = &step.change
        else {
            return None;
        };
        let mut problem = Self {
            seq: 1,
            state: ProblemState::Proposed,
            category: *category,
            is_by_engine: actor == Actor::System,
            opened_at: at,
            clock_at: at,
            owner: *owner,
            team: BTreeSet::new(),
            cases: cases.clone(),
            seen: (None, None),
            containment: None,
            whys: Vec::new(),
            cause: None,
            actions: Vec::new(),
            former_actions: 0,
            implemented_at: None,
            check_at: None,
            recurrences: Vec::new(),
            reflected_at: None,
            recognised: Vec::new(),
            attempts: Vec::new(),
            unreproducible_by: None,
            ended_at: None,
            said: BTreeMap::new(),
        };
        problem.hear(&step.texts);
        Some(problem)
    }

    /// The problem that these events made; nothing if they do not begin with a proposal.
    pub fn replay<'a>(
        events: impl IntoIterator<Item = (Moment, Actor, &'a ProblemStep)>,
    ) -> Option<Self> {
        let mut events = events.into_iter();
        let (at, actor, first) = events.next()?;
        let mut problem = Self::proposed(at, actor, first)?;
        for (at, actor, step) in events {
            problem.apply(at, actor, step);
        }
        Some(problem)
    }

    /// The highest priority of its complaints.
    pub fn priority(&self) -> Priority {
        let priorities = self.cases.iter().map(|link| link.priority);
        priorities.min().unwrap_or(Priority::P4)
    }

    /// When corrective action has to be in place; nothing once it is, or after the end.
    pub fn correct_by(&self, policy: &Policy) -> Option<Moment> {
        let waits = matches!(
            self.state,
            ProblemState::Proposed
                | ProblemState::Contained
                | ProblemState::CauseVerified
                | ProblemState::Ineffective
        );
        match Policy::pick(&policy.corrective, self.priority()) {
            Budget::Elapsed(minutes) if waits => Some(self.clock_at + minutes * super::MINUTE),
            // TL 9000 counts days of the calendar; a policy that counts business time here has no calendar to count in.
            _ => None,
        }
    }

    /// Complaints since the action that is in place.
    pub fn recurrences_now(&self) -> usize {
        let since = self.implemented_at.unwrap_or(Moment::MAX);
        self.recurrences.iter().filter(|at| **at >= since).count()
    }

    /// The actions that are to correct the cause as it is seen now.
    pub fn current_actions(&self) -> &[CorrectiveAction] {
        self.actions.get(self.former_actions..).unwrap_or_default()
    }

    /// Whether a complaint of some weight has its answer in it: a kind of cause and something that corrects it, which may
    /// still be open.
    pub fn answers(&self) -> bool {
        self.cause.is_some() && !self.actions.is_empty()
    }

    /// Takes one more event. Events are facts: whether it may happen was asked before, by [`decide`].
    pub fn apply(&mut self, at: Moment, actor: Actor, step: &ProblemStep) {
        self.seq = self.seq.saturating_add(1);
        match &step.change {
            ProblemChange::Proposed { .. } | ProblemChange::Noted => {}
            ProblemChange::TeamSet { owner, team } => {
                self.owner = *owner;
                self.team = team.iter().copied().collect();
            }
            ProblemChange::Described {
                first_seen,
                last_seen,
            } => self.seen = (*first_seen, *last_seen),
            ProblemChange::Contained { since, verified } => {
                self.containment = Some((*since, *verified));
                if self.state == ProblemState::Proposed {
                    self.state = ProblemState::Contained;
                }
            }
            ProblemChange::WhyAnswered => {
                let next = u16::try_from(self.whys.len() + 1).unwrap_or(u16::MAX);
                self.whys.push(Why {
                    verified_at: None,
                    has_evidence: step.texts.has(Section::Evidence(next)),
                });
            }
            ProblemChange::WhyVerified { why } => {
                if let Some(why) = usize::from(*why)
                    .checked_sub(1)
                    .and_then(|place| self.whys.get_mut(place))
                {
                    why.verified_at = Some(at);
                    why.has_evidence = true;
                }
            }
            ProblemChange::CauseVerified { cause } => {
                self.cause = Some(*cause);
                self.state = ProblemState::CauseVerified;
            }
            ProblemChange::ActionPlanned { owner, due } => self.actions.push(CorrectiveAction {
                owner: *owner,
                due: *due,
                done_at: None,
            }),
            ProblemChange::ActionDone { action } => {
                if let Some(action) = usize::from(*action)
                    .checked_sub(1)
                    .and_then(|place| self.actions.get_mut(place))
                {
                    action.done_at = Some(at);
                }
            }
            ProblemChange::Implemented { check_at } => {
                self.implemented_at = Some(at);
                self.check_at = Some(*check_at);
                self.state = ProblemState::ActionImplemented;
            }
            ProblemChange::Verified => {
                self.ended_at = Some(at);
                self.state = ProblemState::Verified;
            }
            ProblemChange::Ineffective => {
                self.ended_at = None;
                self.clock_at = at;
                self.implemented_at = None;
                self.check_at = None;
                self.former_actions = self.actions.len();
                self.state = ProblemState::Ineffective;
            }
            ProblemChange::Linked(link) => {
                if self
                    .implemented_at
                    .is_some_and(|done| link.received_at >= done)
                {
                    self.recurrences.push(link.received_at);
                }
                self.cases.push(link.clone());
            }
            ProblemChange::Reflected => self.reflected_at = Some(at),
            ProblemChange::Recognised { team } => self.recognised.push((team.clone(), at)),
            ProblemChange::Attempted { tries, hits } => self.attempts.push((*tries, *hits)),
            ProblemChange::UnreproducibleProposed => self.unreproducible_by = actor.staff(),
            ProblemChange::Unreproducible => {
                self.ended_at = Some(at);
                self.state = ProblemState::NotReproduced;
            }
            ProblemChange::Dismissed => {
                self.ended_at = Some(at);
                self.state = ProblemState::Dismissed;
            }
        }
        self.hear(&step.texts);
    }

    fn hear(&mut self, texts: &Texts) {
        for (section, _) in &texts.0 {
            self.said.insert(*section, self.seq);
        }
    }
}
