//! What holds after any sequence of actions by anybody, with any time between them.

use proptest::prelude::*;

use super::table::actions;
use super::*;
use qingting::complaint::clock::{ClockKind, running};
use qingting::complaint::view::{Until, view};
use qingting::complaint::{Change, Closure, State};

const ACTORS: [Actor; 9] = [
    Actor::Customer,
    AR,
    SR,
    FR,
    MANAGER,
    EXECUTIVE,
    OWNER,
    ANALYST,
    OTHER,
];

fn check(desk: &Desk) -> Result<(), TestCaseError> {
    let case = &desk.case;
    let log = desk
        .log
        .iter()
        .map(|event| (event.at, event.actor, &event.change));
    let replayed = Case::replay(log);
    prop_assert_eq!(
        replayed.as_ref(),
        Some(case),
        "the events give the case again"
    );
    let seen = view(case, &desk.log, &desk.policy, &desk.calendar, desk.now);
    // What the customer wrote is what the customer wrote.
    prop_assert_eq!(
        seen.words.get(Field::Text),
        Some("router dead AGAIN since friday, nobody answers!!")
    );
    // What, who, by when, what can I do: never empty.
    prop_assert!(!seen.options.is_empty());
    prop_assert_eq!(seen.contact, case.contact);
    let (until, at) = seen.next;
    prop_assert!(at >= case.received_at);
    prop_assert_eq!(
        case.state.is_open(),
        !matches!(until, Until::Ended | Until::Reopen)
            && (case.state.is_open() || until != Until::Remedy)
    );
    // Nothing from inside is seen.
    let told = format!("{seen:?}");
    for inside in [
        "INTERNAL",
        "PARTNER-NAME",
        "Critical",
        "Major",
        "Minor",
        "P1",
        "P2",
        "P3",
        "P4",
    ] {
        prop_assert!(!told.contains(inside), "{inside} in {told}");
    }
    // The timeline is the public part of the log, in its order.
    prop_assert!(
        seen.timeline
            .windows(2)
            .all(|pair| pair[0].at <= pair[1].at)
    );
    let public = desk
        .log
        .iter()
        .filter(|event| event.change.is_public())
        .count();
    prop_assert_eq!(seen.timeline.len(), public);
    // Somebody is accountable from the first word to the last.
    prop_assert!(case.owner.0 > 0 && case.contact.0 > 0);
    // An open case has a clock that runs or a date that waits for the customer.
    if case.state.is_open() {
        let clocks = running(case, &desk.policy, &desk.calendar);
        prop_assert!(
            clocks.iter().any(|clock| clock.due.is_some())
                || matches!(case.state, State::Responded | State::AwaitingCustomer),
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_sequence(
        urgency in prop_oneof![Just(Urgency::Blocking), Just(Urgency::Soon), Just(Urgency::CanWait)],
        safety in any::<bool>(),
        team in prop_oneof![Just(TEAM), Just(Team::default()), Just(Team { solution: None, ..TEAM })],
        moves in prop::collection::vec((0_usize..10_000, 0_usize..9, 0_i64..200), 1..60),
    ) {
        let mut desk = Desk::of_team(urgency, safety, team);
        for (action, actor, hours) in moves {
            desk.now += hours * HOUR / 4;
            desk.run();
            let (was, issues) = (desk.case.clone(), desk.case.issues.len());
            let mut all = actions(desk.now);
            let (name, action) = all.swap_remove(action % all.len());
            let actor = ACTORS[actor];
            let before = running(&desk.case, &desk.policy, &desk.calendar);
            let done = desk.act(actor, &action);
            if done.is_err() {
                prop_assert_eq!(&desk.case, &was, "a refusal changes nothing");
                continue;
            }
            if name == "hand-off" || name == "note" {
                prop_assert_eq!(running(&desk.case, &desk.policy, &desk.calendar), before, "{} moves no clock", name);
            }
            prop_assert!(issues > 0);
            // Staff end nothing that the customer was not answered in, but as duplicate, as reclassified or as spam.
            if let (Some(_), State::Closed(closure)) = (actor.staff(), desk.case.state) && was.state.is_open() {
                prop_assert!(matches!(closure, Closure::Duplicate | Closure::Reclassified | Closure::Spam));
            }
            if desk.case.state == State::Closed(Closure::CustomerConfirmed) && was.state.is_open() {
                prop_assert_eq!(actor, Actor::Customer);
            }
            check(&desk)?;
        }
        // Misses are only ever added, and each deadline is missed once.
        let mut misses: Vec<_> = desk.log.iter().filter_map(|event| match event.change {
            Change::Missed { clock, due } => Some((clock, due)),
            _ => None,
        }).collect();
        prop_assert_eq!(misses.clone(), desk.case.misses.clone());
        let all = misses.len();
        misses.sort();
        misses.dedup();
        prop_assert_eq!(misses.len(), all);
        prop_assert!(misses.iter().all(|(clock, _)| *clock != ClockKind::Explanation || desk.case.seq > 0));
    }
}
