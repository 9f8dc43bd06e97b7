//! The rules of every action on a problem: who, then the state, then the guards. The same answer everywhere.

use super::event::{Link, ProblemChange, ProblemStep, RootCause, Section, Texts};
use super::{Problem, ProblemState};
use crate::complaint::Moment;
use crate::complaint::people::{Actor, Role, StaffId};
use crate::complaint::routing::Category;

/// What somebody wants to do with a problem. Texts come beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are those of the change each leads to"
)]
pub enum ProblemAction {
    /// D1.
    SetTeam { owner: StaffId, team: Vec<StaffId> },
    /// D2: [`Section::Is`], [`Section::IsNot`].
    Describe {
        first_seen: Option<Moment>,
        last_seen: Option<Moment>,
    },
    /// D3: [`Section::Containment`].
    Contain { since: Moment, verified: bool },
    /// D4: the next answer, as [`Section::Why`]; perhaps its [`Section::Evidence`].
    AnswerWhy,
    /// D4: its [`Section::Evidence`], if it has none yet, bears it out.
    VerifyWhy { why: u16 },
    /// D4: [`Section::EscapePoint`], [`Section::ManagementCause`], [`Section::TechnicalCause`].
    VerifyCause { cause: RootCause },
    /// D5: the next action, as [`Section::Action`].
    PlanAction { owner: StaffId, due: Moment },
    /// D5: [`Section::Proof`].
    FinishAction { action: u16 },
    /// D6, D7: [`Section::Prevention`], [`Section::AlsoApplies`].
    Implement { check_at: Moment },
    /// It helped.
    Verify,
    /// It did not: [`Section::Text`].
    FindIneffective,
    /// Another complaint shows it.
    LinkCase(Link),
    /// [`Section::ManagementCause`], [`Section::TechnicalCause`], [`Section::Lesson`].
    Reflect,
    /// D8: [`Section::Recognition`].
    Recognise { team: String },
    /// The next [`Section::Scenario`].
    Attempt { tries: u32, hits: u32 },
    /// It cannot be seen: [`Section::Text`].
    ProposeUnreproducible,
    /// Agrees to that.
    ApproveUnreproducible,
    /// No common cause: [`Section::Text`].
    Dismiss,
    /// [`Section::Text`].
    Note,
}

/// Why an action on a problem is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemRefusal {
    /// This actor may not do this to this problem.
    NotAllowed,
    /// Not in this state.
    WrongState(ProblemState),
    /// A text is missing.
    TextMissing(Section),
    /// It comes from complaints.
    NoCase,
    /// That complaint is linked already.
    CaseKnown,
    /// A date must lie ahead.
    DateNotAhead,
    /// A date must have been.
    DateAhead,
    /// There is no such answer, or it is verified already.
    NoSuchWhy,
    /// No answer of the chain has evidence that somebody has looked at.
    EvidenceMissing,
    /// There is no such action, or it is done already.
    NoSuchAction,
    /// Nothing corrects it yet, or it is not done.
    ActionMissing,
    /// The day to look whether it helped has not come.
    TooEarly,
    /// It came back since the action.
    Recurred,
    /// What we learn is not written down.
    ReflectionMissing,
    /// Nobody has written down that they tried, or more hits than tries.
    AttemptsMissing,
    /// It was seen: it can be.
    WasReproduced,
    /// Nobody proposed it, or whoever proposed it approves.
    NotProposed,
}

impl ProblemRefusal {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "not-allowed",
            Self::WrongState(_) => "wrong-state",
            Self::TextMissing(_) => "words-missing",
            Self::NoCase => "case-missing",
            Self::CaseKnown => "case-known",
            Self::DateNotAhead => "date-not-ahead",
            Self::DateAhead => "date-ahead",
            Self::NoSuchWhy => "no-such-why",
            Self::EvidenceMissing => "evidence-missing",
            Self::NoSuchAction => "no-such-action",
            Self::ActionMissing => "action-missing",
            Self::TooEarly => "too-early",
            Self::Recurred => "recurred",
            Self::ReflectionMissing => "reflection-missing",
            Self::AttemptsMissing => "attempts-missing",
            Self::WasReproduced => "was-reproduced",
            Self::NotProposed => "not-proposed",
        }
    }

    /// What is missing and what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::NotAllowed => "you may not do this",
            Self::WrongState(_) => "the problem does not take this where it stands; read it again",
            Self::TextMissing(_) => "a text that belongs to this is missing",
            Self::NoCase => "a problem comes from at least one complaint; name its number",
            Self::CaseKnown => "this complaint is linked to a problem already",
            Self::DateNotAhead => "the date must lie ahead",
            Self::DateAhead => "the date must not lie ahead",
            Self::NoSuchWhy => "there is no such answer, or it is verified already",
            Self::EvidenceMissing => {
                "no answer of the chain of whys has evidence that was verified; verify one first"
            }
            Self::NoSuchAction => "there is no such action, or it is done already",
            Self::ActionMissing => {
                "plan at least one corrective action for this cause and finish all of them first"
            }
            Self::TooEarly => "the day of the effectiveness check has not come",
            Self::Recurred => "it came back since the action; find it ineffective instead",
            Self::ReflectionMissing => {
                "write down first what we learn, for management and technically"
            }
            Self::AttemptsMissing => {
                "write down first what was tried and how often; hits cannot be more than tries"
            }
            Self::WasReproduced => "an attempt has shown it",
            Self::NotProposed => "somebody else must have proposed this first",
        }
    }
}

/// What somebody is to a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Accountable.
    Owner,
    /// Works on it.
    Member,
    /// Any case manager.
    CaseManager,
    /// Any executive.
    Executive,
    /// The engine.
    System,
}

impl Problem {
    fn is(&self, actor: Actor, part: Part) -> bool {
        let (id, role) = match actor {
            Actor::Customer => return false,
            Actor::System => return part == Part::System,
            Actor::Staff(id, role) => (id, role),
        };
        // Whoever makes surveys, sets up users or audits works on no problem, whatever team they stand in.
        let acts = !matches!(role, Role::Analyst | Role::Auditor | Role::Admin);
        match part {
            Part::Owner => acts && self.owner == id,
            Part::Member => acts && self.team.contains(&id),
            Part::CaseManager => role == Role::CaseManager,
            Part::Executive => role == Role::Executive,
            Part::System => false,
        }
    }
}

fn works(state: ProblemState) -> bool {
    state.is_open()
}

fn at_the_cause(state: ProblemState) -> bool {
    matches!(state, ProblemState::Contained | ProblemState::Ineffective)
}

fn before_the_cause(state: ProblemState) -> bool {
    matches!(state, ProblemState::Proposed) || at_the_cause(state)
}

impl ProblemAction {
    /// Who may, and where.
    fn permit(&self) -> (&'static [Part], fn(ProblemState) -> bool) {
        use Part::{CaseManager, Executive, Member, Owner, System};
        use ProblemState as In;
        match self {
            Self::SetTeam { .. } => (&[Owner, CaseManager], works),
            Self::Describe { .. } => (&[Owner, Member, CaseManager], before_the_cause),
            Self::Contain { .. } => (&[Owner, Member, CaseManager], works),
            Self::AnswerWhy | Self::VerifyWhy { .. } => {
                (&[Owner, Member, CaseManager], before_the_cause)
            }
            Self::VerifyCause { .. } => (&[Owner, CaseManager], at_the_cause),
            Self::PlanAction { .. } | Self::Implement { .. } => {
                (&[Owner, CaseManager], |state| state == In::CauseVerified)
            }
            Self::FinishAction { .. } => (&[Owner, Member, CaseManager], |state| {
                state == In::CauseVerified
            }),
            Self::Verify => (&[Owner, CaseManager, Executive], |state| {
                state == In::ActionImplemented
            }),
            Self::FindIneffective => (&[Owner, CaseManager, Executive], |state| {
                matches!(state, In::ActionImplemented | In::Verified)
            }),
            Self::LinkCase(_) => (&[Owner, Member, CaseManager, System], |state| {
                !matches!(state, In::NotReproduced | In::Dismissed)
            }),
            Self::Reflect => (&[Owner, Member, CaseManager, Executive], |state| {
                matches!(
                    state,
                    In::CauseVerified | In::ActionImplemented | In::Verified
                )
            }),
            Self::Recognise { .. } => (&[Owner, CaseManager, Executive], |state| {
                state == In::Verified
            }),
            Self::Attempt { .. } => (&[Owner, Member, CaseManager], before_the_cause),
            Self::ProposeUnreproducible => (&[Owner, Member], before_the_cause),
            Self::ApproveUnreproducible => (&[CaseManager, Executive], before_the_cause),
            Self::Dismiss => (&[CaseManager, Executive], |state| state == In::Proposed),
            Self::Note => (&[Owner, Member, CaseManager, Executive], |_| true),
        }
    }
}

/// Complaints seem to have one cause. Whoever acts on cases, or the engine, says so.
///
/// # Errors
/// Without a complaint and a title there is no problem.
pub fn propose(
    actor: Actor,
    category: Category,
    owner: StaffId,
    cases: Vec<Link>,
    texts: Texts,
) -> Result<ProblemStep, ProblemRefusal> {
    let may = match actor {
        Actor::Customer => false,
        Actor::System => true,
        Actor::Staff(_, role) => !matches!(role, Role::Analyst | Role::Auditor | Role::Admin),
    };
    require(may, ProblemRefusal::NotAllowed)?;
    require(!cases.is_empty(), ProblemRefusal::NoCase)?;
    for (place, link) in cases.iter().enumerate() {
        let first = cases.iter().position(|other| other.case == link.case);
        require(first == Some(place), ProblemRefusal::CaseKnown)?;
    }
    if actor != Actor::System {
        require(
            texts.has(Section::Title),
            ProblemRefusal::TextMissing(Section::Title),
        )?;
    }
    Ok(ProblemStep {
        change: ProblemChange::Proposed {
            category,
            owner,
            cases,
        },
        texts,
    })
}

/// What an action leads to.
///
/// # Errors
/// Who may not hears that first, then what the state forbids, then what is missing. Nothing has changed then.
pub fn decide(
    problem: &Problem,
    actor: Actor,
    action: &ProblemAction,
    texts: Texts,
    now: Moment,
) -> Result<Vec<ProblemStep>, ProblemRefusal> {
    let (parts, state) = action.permit();
    let may = parts.iter().any(|part| problem.is(actor, *part));
    require(may, ProblemRefusal::NotAllowed)?;
    require(
        state(problem.state),
        ProblemRefusal::WrongState(problem.state),
    )?;
    let needs =
        |section: Section| require(texts.has(section), ProblemRefusal::TextMissing(section));
    let ahead = |date: Moment| require(date > now, ProblemRefusal::DateNotAhead);
    let past = |date: Moment| require(date <= now, ProblemRefusal::DateAhead);
    let next = |count: usize| u16::try_from(count + 1).unwrap_or(u16::MAX);
    let mut also = None;
    let change = match action {
        ProblemAction::SetTeam { owner, team } => ProblemChange::TeamSet {
            owner: *owner,
            team: team.clone(),
        },
        ProblemAction::Describe {
            first_seen,
            last_seen,
        } => {
            needs(Section::Is)?;
            needs(Section::IsNot)?;
            for seen in [first_seen, last_seen].into_iter().flatten() {
                past(*seen)?;
            }
            ProblemChange::Described {
                first_seen: *first_seen,
                last_seen: *last_seen,
            }
        }
        ProblemAction::Contain { since, verified } => {
            needs(Section::Containment)?;
            past(*since)?;
            ProblemChange::Contained {
                since: *since,
                verified: *verified,
            }
        }
        ProblemAction::AnswerWhy => {
            needs(Section::Why(next(problem.whys.len())))?;
            ProblemChange::WhyAnswered
        }
        ProblemAction::VerifyWhy { why } => {
            let place = usize::from(*why).checked_sub(1);
            let known = place.and_then(|place| problem.whys.get(place));
            let known = known.filter(|known| known.verified_at.is_none());
            let known = known.ok_or(ProblemRefusal::NoSuchWhy)?;
            if !known.has_evidence {
                needs(Section::Evidence(*why))?;
            }
            ProblemChange::WhyVerified { why: *why }
        }
        ProblemAction::VerifyCause { cause } => {
            // What was borne out before it turned out ineffective bears nothing out any more.
            let since = match problem.state {
                ProblemState::Ineffective => problem.clock_at,
                _ => problem.opened_at,
            };
            let is_borne_out = |why: &super::Why| why.verified_at.is_some_and(|at| at >= since);
            let is_verified = problem.whys.iter().any(is_borne_out);
            require(is_verified, ProblemRefusal::EvidenceMissing)?;
            needs(Section::EscapePoint)?;
            needs(Section::ManagementCause)?;
            needs(Section::TechnicalCause)?;
            ProblemChange::CauseVerified { cause: *cause }
        }
        ProblemAction::PlanAction { owner, due } => {
            needs(Section::Action(next(problem.actions.len())))?;
            ahead(*due)?;
            ProblemChange::ActionPlanned {
                owner: *owner,
                due: *due,
            }
        }
        ProblemAction::FinishAction { action } => {
            let place = usize::from(*action).checked_sub(1);
            let known = place.and_then(|place| problem.actions.get(place));
            let is_open = known.is_some_and(|known| known.done_at.is_none());
            require(is_open, ProblemRefusal::NoSuchAction)?;
            needs(Section::Proof(*action))?;
            ProblemChange::ActionDone { action: *action }
        }
        ProblemAction::Implement { check_at } => {
            let actions = problem.current_actions();
            let is_done =
                !actions.is_empty() && actions.iter().all(|action| action.done_at.is_some());
            require(is_done, ProblemRefusal::ActionMissing)?;
            needs(Section::Prevention)?;
            needs(Section::AlsoApplies)?;
            ahead(*check_at)?;
            ProblemChange::Implemented {
                check_at: *check_at,
            }
        }
        ProblemAction::Verify => {
            let is_due = problem.check_at.is_some_and(|check_at| check_at <= now);
            require(is_due, ProblemRefusal::TooEarly)?;
            require(problem.recurrences_now() == 0, ProblemRefusal::Recurred)?;
            let is_reflected = problem.reflected_at.is_some();
            require(is_reflected, ProblemRefusal::ReflectionMissing)?;
            ProblemChange::Verified
        }
        ProblemAction::FindIneffective => {
            needs(Section::Text)?;
            ProblemChange::Ineffective
        }
        ProblemAction::LinkCase(link) => {
            let is_new = problem.cases.iter().all(|known| known.case != link.case);
            require(is_new, ProblemRefusal::CaseKnown)?;
            let is_recurrence = problem
                .implemented_at
                .is_some_and(|done| link.received_at >= done);
            if problem.state == ProblemState::Verified && is_recurrence {
                also = Some(ProblemChange::Ineffective);
            }
            ProblemChange::Linked(link.clone())
        }
        ProblemAction::Reflect => {
            for section in [
                Section::ManagementCause,
                Section::TechnicalCause,
                Section::Lesson,
            ] {
                needs(section)?;
            }
            ProblemChange::Reflected
        }
        ProblemAction::Recognise { team } => {
            require(
                !team.trim().is_empty(),
                ProblemRefusal::TextMissing(Section::Recognition),
            )?;
            needs(Section::Recognition)?;
            ProblemChange::Recognised { team: team.clone() }
        }
        ProblemAction::Attempt { tries, hits } => {
            needs(Section::Scenario(next(problem.attempts.len())))?;
            let is_sound = *tries > 0 && hits <= tries;
            require(is_sound, ProblemRefusal::AttemptsMissing)?;
            ProblemChange::Attempted {
                tries: *tries,
                hits: *hits,
            }
        }
        ProblemAction::ProposeUnreproducible => {
            needs(Section::Text)?;
            unreproduced(problem)?;
            ProblemChange::UnreproducibleProposed
        }
        ProblemAction::ApproveUnreproducible => {
            unreproduced(problem)?;
            let by = problem.unreproducible_by;
            let is_by_other = by.is_some() && by != actor.staff();
            require(is_by_other, ProblemRefusal::NotProposed)?;
            ProblemChange::Unreproducible
        }
        ProblemAction::Dismiss => {
            needs(Section::Text)?;
            ProblemChange::Dismissed
        }
        ProblemAction::Note => {
            needs(Section::Text)?;
            ProblemChange::Noted
        }
    };
    let steps = std::iter::once(ProblemStep { change, texts });
    let also = also.map(|change| ProblemStep {
        change,
        texts: Texts::default(),
    });
    Ok(steps.chain(also).collect())
}

/// Somebody has tried, and nobody has seen it: 「在不同情景下拨了600个电话后」.
fn unreproduced(problem: &Problem) -> Result<(), ProblemRefusal> {
    require(
        !problem.attempts.is_empty(),
        ProblemRefusal::AttemptsMissing,
    )?;
    let was_seen = problem.attempts.iter().any(|(_, hits)| *hits > 0);
    require(!was_seen, ProblemRefusal::WasReproduced)
}

fn require(holds: bool, refusal: ProblemRefusal) -> Result<(), ProblemRefusal> {
    if holds { Ok(()) } else { Err(refusal) }
}
