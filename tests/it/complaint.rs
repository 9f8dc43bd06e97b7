//! Cases: every action by everybody in every state, clocks, duties, and what the customer sees.

use qingting::complaint::view::Event;
use qingting::complaint::{
    Action, Actor, Case, Category, Draft, Field, Flags, LifeStage, Outcome, Policy, Refusal, Role,
    Setting, Severity, StaffId, Step, Team, Urgency, Words, decide, event, receive,
};
use qingting::endpoint::calendar::Calendar;

/// Budgets, pauses, misses.
mod clocks;
/// What happens by itself.
mod duties;
/// Versions of the rules of time.
mod policies;
/// The causes behind complaints, in eight disciplines.
mod problems;
/// Top-N lists and their projects.
mod projects;
/// What the customer is promised, in every state.
mod promises;
/// What holds after any sequence of actions.
mod properties;
/// What cases say together.
mod reports;
/// State × action × role.
mod table;

const AR: Actor = Actor::Staff(StaffId(1), Role::AccountManager);
const SR: Actor = Actor::Staff(StaffId(2), Role::SolutionExpert);
const FR: Actor = Actor::Staff(StaffId(3), Role::DeliveryExpert);
const OWNER: Actor = Actor::Staff(StaffId(4), Role::SolutionExpert);
const REVIEWER: Actor = Actor::Staff(StaffId(5), Role::SolutionExpert);
const MANAGER: Actor = Actor::Staff(StaffId(6), Role::CaseManager);
const ANALYST: Actor = Actor::Staff(StaffId(7), Role::Analyst);
const EXECUTIVE: Actor = Actor::Staff(StaffId(8), Role::Executive);
const AUDITOR: Actor = Actor::Staff(StaffId(9), Role::Auditor);
const ADMIN: Actor = Actor::Staff(StaffId(10), Role::Admin);
const OTHER: Actor = Actor::Staff(StaffId(11), Role::AccountManager);
const DEFAULT: StaffId = StaffId(12);

/// Monday 26 January 2026, 10:00 UTC.
const MONDAY: i64 = 1_769_421_600_000;
const HOUR: i64 = 3_600_000;

const TEAM: Team = Team {
    account: Some(StaffId(1)),
    solution: Some(StaffId(2)),
    delivery: Some(StaffId(3)),
};

/// A case with its log, on a calendar of Monday to Friday, 9 to 17 o'clock UTC.
struct Desk {
    case: Case,
    log: Vec<Event>,
    now: i64,
    team: Team,
    policy: Policy,
    calendar: Calendar,
    reviewers: Vec<StaffId>,
}

fn receipt(urgency: Urgency, safety: bool) -> event::Receipt {
    event::Receipt {
        channel: "widget".to_owned(),
        account: Some("A-7".to_owned()),
        verified: false,
        urgency,
        safety,
        issues: vec![event::IssueClass {
            id: 1,
            category: Category::provisional(LifeStage::Use),
            stage: LifeStage::Use,
        }],
        owner: DEFAULT,
        contact: DEFAULT,
        reachable: true,
        policy: 0,
        repeat: false,
        affected_users: None,
        affects: None,
        locale: None,
        response: None,
        suspect: false,
    }
}

impl Desk {
    fn new(urgency: Urgency, safety: bool) -> Self {
        Self::of_team(urgency, safety, TEAM)
    }

    fn of_team(urgency: Urgency, safety: bool, team: Team) -> Self {
        let (policy, calendar) = (Policy::published(), Calendar::usual());
        let reviewers = vec![StaffId(6), StaffId(8)];
        let setting = Setting {
            now: MONDAY,
            team,
            default_owner: DEFAULT,
            policy: &policy,
            calendar: &calendar,
            reviewers: &reviewers,
        };
        let words = Words::of(
            Field::Text,
            "router dead AGAIN since friday, nobody answers!!",
        );
        let receipt = receipt(urgency, safety);
        let steps = receive(Actor::Customer, receipt, words, &setting).unwrap();
        let event::Change::Received(stored) = &steps[0].change else {
            panic!("{steps:?}")
        };
        let mut desk = Self {
            case: Case::received(MONDAY, Actor::Customer, stored),
            log: Vec::new(),
            now: MONDAY,
            team,
            policy,
            calendar,
            reviewers,
        };
        for (place, step) in steps.into_iter().enumerate() {
            let actor = if place == 0 {
                Actor::Customer
            } else {
                Actor::System
            };
            if place > 0 {
                desk.case.apply(MONDAY, actor, &step.change);
            }
            desk.log.push(Event {
                at: MONDAY,
                actor,
                change: step.change,
                words: step.words,
            });
        }
        desk
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            now: self.now,
            team: self.team,
            default_owner: DEFAULT,
            policy: &self.policy,
            calendar: &self.calendar,
            reviewers: &self.reviewers,
        }
    }

    fn take(&mut self, actor: Actor, steps: Vec<Step>) {
        for step in steps {
            self.case.apply(self.now, actor, &step.change);
            self.log.push(Event {
                at: self.now,
                actor,
                change: step.change,
                words: step.words,
            });
        }
    }

    fn act(&mut self, actor: Actor, action: &Action) -> Result<(), Refusal> {
        let steps = decide(&self.case, actor, action, &self.setting())?;
        self.take(actor, steps);
        if let Action::AdoptPolicy { policy, .. } = action {
            self.policy = policy.after(&self.policy, self.now);
        }
        Ok(())
    }

    #[track_caller]
    fn must(&mut self, actor: Actor, action: &Action) {
        let state = self.case.state;
        if let Err(refusal) = self.act(actor, action) {
            panic!("{action:?} by {actor:?} in {state:?}: {refusal:?}");
        }
    }

    /// Lets the engine do what is due now.
    fn run(&mut self) -> Option<i64> {
        let (steps, next) =
            qingting::complaint::duty::duties(&self.case, &self.policy, &self.calendar, self.now);
        self.take(Actor::System, steps);
        next
    }

    /// Assessed as that, and work has begun; the owner is the solution expert of the team.
    fn begun(severity: Severity) -> Self {
        let mut desk = Self::new(Urgency::Soon, false);
        desk.must(AR, &assess(severity));
        desk.must(SR, &Action::Begin);
        desk
    }

    /// The decision is with the customer.
    fn responded(severity: Severity, outcome: Outcome) -> Self {
        let mut desk = Self::begun(severity);
        desk.must(SR, &Action::Draft(draft(outcome)));
        for actor in [SR, FR] {
            desk.must(actor, &Action::SignOff);
        }
        let words = draft(outcome).words;
        desk.must(AR, &Action::Respond { words });
        desk
    }
}

fn assess(severity: Severity) -> Action {
    Action::Assess {
        severity,
        flags: Flags::default(),
        issues: vec![event::IssueClass {
            id: 1,
            category: Category::Performance,
            stage: LifeStage::Use,
        }],
        owner: None,
        words: Words(vec![
            (Field::Issue(1), "router drops every link".to_owned()),
            (Field::Text, "We look into it.".to_owned()),
        ]),
    }
}

fn draft(outcome: Outcome) -> Draft {
    let declined = outcome == Outcome::Declined;
    let mut words = vec![(
        Field::Text,
        "The line card was faulty; we have replaced it.".to_owned(),
    )];
    if declined {
        words.extend([
            (
                Field::Explanation,
                "The contract covers the device, not the building's wiring.".to_owned(),
            ),
            (
                Field::Alternative,
                "A local electrician can do it in a day; we send the plan.".to_owned(),
            ),
            (
                Field::ReviewRoute,
                "Ask for a second look on this page.".to_owned(),
            ),
        ]);
    }
    Draft {
        issues: vec![event::IssueOutcome { id: 1, outcome }],
        reason: declined.then_some(qingting::complaint::DeclineReason::ContractTerms),
        remedy_due: None,
        words: Words(words),
    }
}
