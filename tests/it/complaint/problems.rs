//! Problems in eight disciplines: who may what in which state, what each step needs, and what holds after any sequence.

use proptest::prelude::*;
use qingting::complaint::problem::{
    Link, Problem, ProblemAction as Do, ProblemChange, ProblemRefusal as No, ProblemState as In,
    ProblemStep, RootCause, Section, Texts, decide, propose,
};
use qingting::complaint::{Actor, Category, DAY, Policy, Priority, Role, Severity, StaffId};

const OWNER: Actor = Actor::Staff(StaffId(1), Role::SolutionExpert);
const MEMBER: Actor = Actor::Staff(StaffId(2), Role::DeliveryExpert);
const MANAGER: Actor = Actor::Staff(StaffId(3), Role::CaseManager);
const EXECUTIVE: Actor = Actor::Staff(StaffId(4), Role::Executive);
const OTHER: Actor = Actor::Staff(StaffId(5), Role::AccountManager);
const ANALYST: Actor = Actor::Staff(StaffId(1), Role::Analyst);
const AUDITOR: Actor = Actor::Staff(StaffId(2), Role::Auditor);
const ADMIN: Actor = Actor::Staff(StaffId(1), Role::Admin);
const MONDAY: i64 = 1_769_421_600_000;

fn link(n: u64, at: i64) -> Link {
    Link {
        case: format!("{n:032x}"),
        received_at: at,
        severity: Severity::Minor,
        priority: Priority::P3,
    }
}

fn texts(sections: &[Section]) -> Texts {
    let text = "nobody told the warehouse that the hotel closes at 4";
    Texts(
        sections
            .iter()
            .map(|section| (*section, text.to_owned()))
            .collect(),
    )
}

struct Bench {
    problem: Problem,
    log: Vec<(i64, Actor, ProblemStep)>,
    now: i64,
}

impl Bench {
    fn new() -> Self {
        let cases = vec![link(1, MONDAY - DAY)];
        let title = texts(&[Section::Title]);
        let step = propose(OWNER, Category::DeliveryDate, StaffId(1), cases, title).unwrap();
        let mut bench = Self {
            problem: Problem::proposed(MONDAY, OWNER, &step).unwrap(),
            log: vec![(MONDAY, OWNER, step)],
            now: MONDAY,
        };
        bench.must(
            OWNER,
            &Do::SetTeam {
                owner: StaffId(1),
                team: vec![StaffId(2)],
            },
            &[],
        );
        bench
    }

    fn act(&mut self, actor: Actor, action: &Do, sections: &[Section]) -> Result<(), No> {
        let steps = decide(&self.problem, actor, action, texts(sections), self.now)?;
        for step in steps {
            self.problem.apply(self.now, actor, &step);
            self.log.push((self.now, actor, step));
        }
        Ok(())
    }

    #[track_caller]
    fn must(&mut self, actor: Actor, action: &Do, sections: &[Section]) {
        let state = self.problem.state;
        if let Err(refusal) = self.act(actor, action, sections) {
            panic!("{action:?} in {state:?}: {refusal:?}");
        }
    }

    fn to(state: In) -> Self {
        let mut bench = Self::new();
        if state == In::Proposed {
            return bench;
        }
        if state == In::Dismissed {
            bench.must(MANAGER, &Do::Dismiss, &[Section::Text]);
            return bench;
        }
        bench.must(OWNER, &contain(), &[Section::Containment]);
        if state == In::Contained {
            return bench;
        }
        if state == In::NotReproduced {
            bench.must(
                OWNER,
                &Do::Attempt {
                    tries: 600,
                    hits: 0,
                },
                &[Section::Scenario(1)],
            );
            bench.must(OWNER, &Do::ProposeUnreproducible, &[Section::Text]);
            bench.must(MANAGER, &Do::ApproveUnreproducible, &[]);
            return bench;
        }
        bench.find_cause(1);
        if state == In::CauseVerified {
            return bench;
        }
        bench.implement(1);
        if state == In::ActionImplemented {
            return bench;
        }
        if state == In::Ineffective {
            bench.must(OWNER, &Do::FindIneffective, &[Section::Text]);
            return bench;
        }
        bench.now += 31 * DAY;
        bench.must(OWNER, &Do::Reflect, &REFLECTION);
        bench.must(OWNER, &Do::Verify, &[]);
        bench
    }

    fn find_cause(&mut self, why: u16) {
        self.must(MEMBER, &Do::AnswerWhy, &[Section::Why(why)]);
        self.must(MEMBER, &Do::VerifyWhy { why }, &[Section::Evidence(why)]);
        self.must(
            OWNER,
            &Do::VerifyCause {
                cause: RootCause::Communication,
            },
            &CAUSE,
        );
    }

    fn implement(&mut self, action: u16) {
        let due = self.now + 5 * DAY;
        let plan = Do::PlanAction {
            owner: StaffId(2),
            due,
        };
        self.must(OWNER, &plan, &[Section::Action(action)]);
        self.must(
            MEMBER,
            &Do::FinishAction { action },
            &[Section::Proof(action)],
        );
        let check_at = self.now + 30 * DAY;
        self.must(OWNER, &Do::Implement { check_at }, &PREVENTION);
    }
}

const CAUSE: [Section; 3] = [
    Section::EscapePoint,
    Section::ManagementCause,
    Section::TechnicalCause,
];
const REFLECTION: [Section; 3] = [
    Section::ManagementCause,
    Section::TechnicalCause,
    Section::Lesson,
];
const PREVENTION: [Section; 2] = [Section::Prevention, Section::AlsoApplies];

fn contain() -> Do {
    Do::Contain {
        since: MONDAY,
        verified: true,
    }
}

/// Action | who | states; `o` is every open one, `*` all.
const TABLE: &str = "
set-team         | Ow Mg       | o
describe         | Ow Me Mg    | Pr Co In
contain          | Ow Me Mg    | o
answer-why       | Ow Me Mg    | Pr Co In
verify-why       | Ow Me Mg    | Pr Co In
verify-cause     | Ow Mg       | Co In
plan-action      | Ow Mg       | Ca
finish-action    | Ow Me Mg    | Ca
implement        | Ow Mg       | Ca
verify           | Ow Mg Ex    | Ai
find-ineffective | Ow Mg Ex    | Ai Ve
link-case        | Ow Me Mg Sy | Pr Co Ca Ai Ve In
reflect          | Ow Me Mg Ex | Ca Ai Ve
recognise        | Ow Mg Ex    | Ve
attempt          | Ow Me Mg    | Pr Co In
propose-unrepr   | Ow Me       | Pr Co In
approve-unrepr   | Mg Ex       | Pr Co In
dismiss          | Mg Ex       | Pr
note             | Ow Me Mg Ex | *
";

const STATES: [(&str, In); 8] = [
    ("Pr", In::Proposed),
    ("Co", In::Contained),
    ("Ca", In::CauseVerified),
    ("Ai", In::ActionImplemented),
    ("Ve", In::Verified),
    ("In", In::Ineffective),
    ("No", In::NotReproduced),
    ("Di", In::Dismissed),
];

const ACTORS: [(&str, Actor); 10] = [
    ("Cu", Actor::Customer),
    ("Sy", Actor::System),
    ("Ow", OWNER),
    ("Me", MEMBER),
    ("Mg", MANAGER),
    ("Ex", EXECUTIVE),
    ("another", OTHER),
    ("An", ANALYST),
    ("Au", AUDITOR),
    ("Ad", ADMIN),
];

fn actions(now: i64) -> Vec<Do> {
    vec![
        Do::SetTeam {
            owner: StaffId(1),
            team: vec![StaffId(2)],
        },
        Do::Describe {
            first_seen: Some(MONDAY),
            last_seen: None,
        },
        contain(),
        Do::AnswerWhy,
        Do::VerifyWhy { why: 1 },
        Do::VerifyCause {
            cause: RootCause::Process,
        },
        Do::PlanAction {
            owner: StaffId(2),
            due: now + DAY,
        },
        Do::FinishAction { action: 1 },
        Do::Implement {
            check_at: now + 30 * DAY,
        },
        Do::Verify,
        Do::FindIneffective,
        Do::LinkCase(link(u64::try_from(now).unwrap(), now)),
        Do::Reflect,
        Do::Recognise {
            team: "Night shift, hall 4".to_owned(),
        },
        Do::Attempt {
            tries: 600,
            hits: 0,
        },
        Do::ProposeUnreproducible,
        Do::ApproveUnreproducible,
        Do::Dismiss,
        Do::Note,
    ]
}

/// Every text that any action needs.
fn everything(problem: &Problem) -> Vec<Section> {
    let next = |count: usize| u16::try_from(count + 1).unwrap();
    let mut all = vec![
        Section::Is,
        Section::IsNot,
        Section::Containment,
        Section::Why(next(problem.whys.len())),
        Section::Evidence(1),
        Section::Action(next(problem.actions.len())),
        Section::Proof(1),
        Section::Scenario(next(problem.attempts.len())),
        Section::Recognition,
        Section::Text,
    ];
    all.extend(CAUSE);
    all.extend(PREVENTION);
    all.push(Section::Lesson);
    all
}

#[test]
fn who_may_do_what_in_which_state_is_as_the_table_says() {
    let rows: Vec<Vec<&str>> = TABLE
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), actions(MONDAY).len());
    let mut checked = 0;
    for (code, state) in STATES {
        let bench = Bench::to(state);
        assert_eq!(bench.problem.state, state);
        for (row, action) in rows.iter().zip(actions(bench.now)) {
            let in_state = match row[2] {
                "*" => true,
                "o" => state.is_open(),
                list => list.split(' ').any(|known| known == code),
            };
            for (name, actor) in ACTORS {
                let may = row[1].split(' ').any(|known| known == name);
                let said = texts(&everything(&bench.problem));
                let done = decide(&bench.problem, actor, &action, said, bench.now);
                match done {
                    Err(No::NotAllowed) => assert!(!may, "{} by {name} in {state:?}", row[0]),
                    Err(No::WrongState(_)) => {
                        assert!(may && !in_state, "{} by {name} in {state:?}", row[0]);
                    }
                    Ok(_) | Err(_) => {
                        assert!(may && in_state, "{} by {name} in {state:?}", row[0]);
                    }
                }
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 8 * 19 * 10);
}

#[test]
fn no_cause_is_verified_without_evidence_that_somebody_looked_at() {
    let mut bench = Bench::to(In::Contained);
    let cause = Do::VerifyCause {
        cause: RootCause::People,
    };
    assert_eq!(bench.act(OWNER, &cause, &CAUSE), Err(No::EvidenceMissing));
    for why in 1..=5 {
        bench.must(MEMBER, &Do::AnswerWhy, &[Section::Why(why)]);
    }
    assert_eq!(bench.act(OWNER, &cause, &CAUSE), Err(No::EvidenceMissing));
    let verify = Do::VerifyWhy { why: 5 };
    assert_eq!(
        bench.act(MEMBER, &verify, &[]),
        Err(No::TextMissing(Section::Evidence(5)))
    );
    assert_eq!(
        bench.act(MEMBER, &Do::VerifyWhy { why: 6 }, &[Section::Evidence(6)]),
        Err(No::NoSuchWhy)
    );
    bench.must(MEMBER, &verify, &[Section::Evidence(5)]);
    // Both sides of the cause are asked for: management and technology.
    assert_eq!(
        bench.act(
            OWNER,
            &cause,
            &[Section::EscapePoint, Section::TechnicalCause]
        ),
        Err(No::TextMissing(Section::ManagementCause))
    );
    bench.must(OWNER, &cause, &CAUSE);
    // Found ineffective: what bore out the former cause bears out nothing any more.
    bench.implement(1);
    bench.now += DAY;
    bench.must(MANAGER, &Do::FindIneffective, &[Section::Text]);
    assert_eq!(bench.act(OWNER, &cause, &CAUSE), Err(No::EvidenceMissing));
    bench.find_cause(6);
    assert_eq!(bench.problem.cause, Some(RootCause::Communication));
    // Its actions are new ones, too.
    let implement = Do::Implement {
        check_at: bench.now + DAY,
    };
    assert_eq!(
        bench.act(OWNER, &implement, &PREVENTION),
        Err(No::ActionMissing)
    );
}

#[test]
fn the_taxonomy_of_causes_is_not_only_technical() {
    let codes: Vec<_> = RootCause::ALL
        .iter()
        .map(|cause| serde_json::to_string(cause).unwrap())
        .collect();
    for needed in ["communication", "process", "people"] {
        assert!(codes.contains(&format!("\"{needed}\"")), "{codes:?}");
    }
}

#[test]
fn nothing_is_verified_before_its_day_after_a_recurrence_or_without_what_was_learned() {
    let mut bench = Bench::to(In::ActionImplemented);
    assert_eq!(bench.act(OWNER, &Do::Verify, &[]), Err(No::TooEarly));
    bench.now += 30 * DAY;
    assert_eq!(
        bench.act(OWNER, &Do::Verify, &[]),
        Err(No::ReflectionMissing)
    );
    for missing in 0..3 {
        let mut sections = REFLECTION.to_vec();
        let section = sections.remove(missing);
        assert_eq!(
            bench.act(OWNER, &Do::Reflect, &sections),
            Err(No::TextMissing(section))
        );
    }
    bench.must(OWNER, &Do::Reflect, &REFLECTION);
    let mut control = Bench {
        problem: bench.problem.clone(),
        log: Vec::new(),
        now: bench.now,
    };
    control.must(OWNER, &Do::Verify, &[]);
    // A complaint from before the action says nothing about it; one from after does.
    let before = link(2, MONDAY - 3 * DAY);
    bench.must(OWNER, &Do::LinkCase(before), &[]);
    assert_eq!(bench.problem.recurrences_now(), 0);
    let again = link(3, bench.now - DAY);
    bench.must(OWNER, &Do::LinkCase(again.clone()), &[]);
    assert_eq!(bench.act(OWNER, &Do::Verify, &[]), Err(No::Recurred));
    assert_eq!(
        bench.act(OWNER, &Do::LinkCase(again), &[]),
        Err(No::CaseKnown)
    );
}

#[test]
fn a_recurrence_after_the_check_makes_it_ineffective_and_its_clock_begins_anew() {
    let mut bench = Bench::to(In::Verified);
    let policy = Policy::published();
    assert_eq!(bench.problem.correct_by(&policy), None);
    bench.now += 100 * DAY;
    let actor = Actor::System;
    bench.must(actor, &Do::LinkCase(link(9, bench.now - DAY)), &[]);
    assert_eq!(bench.problem.state, In::Ineffective);
    assert_eq!(bench.problem.recurrences.len(), 1);
    // P3: 180 days; one P1 complaint makes it 30.
    assert_eq!(
        bench.problem.correct_by(&policy),
        Some(bench.now + 180 * DAY)
    );
    let severe = Link {
        priority: Priority::P1,
        severity: Severity::Critical,
        ..link(10, bench.now)
    };
    bench.must(OWNER, &Do::LinkCase(severe), &[]);
    assert_eq!(
        bench.problem.correct_by(&policy),
        Some(bench.now + 30 * DAY)
    );
}

#[test]
fn what_cannot_be_seen_ends_only_after_attempts_and_by_two_people() {
    let mut bench = Bench::to(In::Contained);
    let propose = Do::ProposeUnreproducible;
    assert_eq!(
        bench.act(OWNER, &propose, &[Section::Text]),
        Err(No::AttemptsMissing)
    );
    let attempt = |tries, hits| Do::Attempt { tries, hits };
    assert_eq!(
        bench.act(OWNER, &attempt(0, 0), &[Section::Scenario(1)]),
        Err(No::AttemptsMissing)
    );
    bench.must(OWNER, &attempt(600, 0), &[Section::Scenario(1)]);
    assert_eq!(
        bench.act(MANAGER, &Do::ApproveUnreproducible, &[]),
        Err(No::NotProposed)
    );
    bench.must(OWNER, &propose, &[Section::Text]);
    let mut seen = Bench {
        problem: bench.problem.clone(),
        log: Vec::new(),
        now: bench.now,
    };
    seen.must(MEMBER, &attempt(20, 1), &[Section::Scenario(2)]);
    assert_eq!(
        seen.act(MANAGER, &Do::ApproveUnreproducible, &[]),
        Err(No::WasReproduced)
    );
    bench.must(MANAGER, &Do::ApproveUnreproducible, &[]);
    assert_eq!(bench.problem.state, In::NotReproduced);
    // Whoever proposes cannot approve, also with both roles.
    let both = Actor::Staff(StaffId(1), Role::CaseManager);
    let mut alone = Bench::to(In::Contained);
    alone.must(both, &attempt(5, 0), &[Section::Scenario(1)]);
    alone.must(both, &propose, &[Section::Text]);
    assert_eq!(
        alone.act(both, &Do::ApproveUnreproducible, &[]),
        Err(No::NotProposed)
    );
}

#[test]
fn a_problem_comes_from_a_complaint_and_has_a_name() {
    let propose = |actor, cases: Vec<Link>, said: &[Section]| {
        propose(actor, Category::Billing, StaffId(1), cases, texts(said)).map(|_| ())
    };
    let one = vec![link(1, MONDAY)];
    assert_eq!(
        propose(OTHER, Vec::new(), &[Section::Title]),
        Err(No::NoCase)
    );
    assert_eq!(
        propose(
            OTHER,
            vec![link(1, MONDAY), link(1, MONDAY)],
            &[Section::Title]
        ),
        Err(No::CaseKnown)
    );
    assert_eq!(
        propose(OTHER, one.clone(), &[]),
        Err(No::TextMissing(Section::Title))
    );
    for actor in [ANALYST, AUDITOR, ADMIN, Actor::Customer] {
        assert_eq!(
            propose(actor, one.clone(), &[Section::Title]),
            Err(No::NotAllowed)
        );
    }
    assert_eq!(propose(OTHER, one, &[Section::Title]), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_sequence(moves in prop::collection::vec((0_usize..19, 0_usize..10, 0_i64..40), 1..80)) {
        let mut bench = Bench::new();
        for (place, actor, days) in moves {
            bench.now += days * DAY;
            let was = bench.problem.clone();
            let action = actions(bench.now).swap_remove(place);
            // Now and then the newest answer or action is meant.
            let action = match action {
                Do::VerifyWhy { .. } => Do::VerifyWhy { why: u16::try_from(was.whys.len()).unwrap() },
                Do::FinishAction { .. } => Do::FinishAction { action: u16::try_from(was.actions.len()).unwrap() },
                action => action,
            };
            let mut sections = everything(&bench.problem);
            sections.extend([
                Section::Evidence(u16::try_from(was.whys.len()).unwrap()),
                Section::Proof(u16::try_from(was.actions.len()).unwrap()),
            ]);
            let done = bench.act(ACTORS[actor].1, &action, &sections);
            if done.is_err() {
                prop_assert_eq!(&bench.problem, &was, "a refusal changes nothing");
                continue;
            }
            let problem = &bench.problem;
            let log = bench.log.iter().map(|(at, actor, step)| (*at, *actor, step));
            let replayed = Problem::replay(log);
            prop_assert_eq!(replayed.as_ref(), Some(problem), "the events give the problem again");
            prop_assert!(!problem.cases.is_empty());
            match problem.state {
                In::CauseVerified | In::ActionImplemented | In::Verified => {
                    prop_assert!(problem.whys.iter().any(|why| why.verified_at.is_some() && why.has_evidence));
                    prop_assert!(problem.cause.is_some());
                }
                In::NotReproduced => prop_assert!(!problem.attempts.is_empty()),
                _ => {}
            }
            if problem.state == In::Verified {
                prop_assert_eq!(problem.recurrences_now(), 0);
                prop_assert!(problem.check_at.is_some_and(|at| at <= bench.now));
                prop_assert!(problem.reflected_at.is_some() && problem.answers());
            }
            prop_assert_eq!(problem.state.is_open(), problem.ended_at.is_none());
            // What happened to somebody else's complaint is never taken away.
            prop_assert!(problem.cases.len() >= was.cases.len());
            prop_assert!(problem.recurrences.len() >= was.recurrences.len());
        }
        let linked = bench.log.iter().filter(|(_, _, step)| matches!(step.change, ProblemChange::Linked(_))).count();
        prop_assert_eq!(bench.problem.cases.len(), linked + 1);
    }
}
