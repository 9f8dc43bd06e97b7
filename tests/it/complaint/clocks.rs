//! Clocks: budgets of each priority, pauses, changes of priority, misses that stay, and dates that only words move back.

use super::*;
use qingting::complaint::clock::{Clock, ClockKind, running};
use qingting::complaint::{Change, Priority};
use qingting::endpoint::clock::Timestamp;

fn clock(desk: &Desk, kind: ClockKind) -> Clock {
    let clocks = running(&desk.case, &desk.policy, &desk.calendar);
    clocks.into_iter().find(|clock| clock.kind == kind).unwrap()
}

fn due(desk: &Desk, kind: ClockKind) -> String {
    let due = clock(desk, kind).due;
    due.map_or_else(
        || "stands still".to_owned(),
        |due| Timestamp(due).to_string(),
    )
}

#[test]
fn each_priority_has_its_budgets() {
    use ClockKind::{Backstop, FirstResponse, Resolution, Update};
    // Received on Monday at 10:00; an n-business-day clock ends at the close of the n-th day after.
    let rows = [
        (
            Urgency::Soon,
            true,
            Priority::P1,
            ["26T10:30", "26T14:00", "27T10:00"],
        ),
        (
            Urgency::CanWait,
            true,
            Priority::P2,
            ["26T14:00", "27T10:00", "29T17:00"],
        ),
        (
            Urgency::Blocking,
            false,
            Priority::P2,
            ["26T14:00", "27T10:00", "29T17:00"],
        ),
    ];
    for (urgency, safety, priority, expected) in rows {
        let desk = Desk::new(urgency, safety);
        assert_eq!(desk.case.priority(), priority);
        for (kind, expected) in [FirstResponse, Update, Resolution]
            .into_iter()
            .zip(expected)
        {
            assert_eq!(
                due(&desk, kind),
                format!("2026-01-{expected}:00.000Z"),
                "{priority:?} {kind:?}"
            );
        }
        assert_eq!(due(&desk, Backstop), "2026-03-23T10:00:00.000Z");
    }
    let desk = Desk::new(Urgency::Soon, false);
    assert_eq!(desk.case.priority(), Priority::P3);
    assert_eq!(
        due(&desk, ClockKind::Resolution),
        "2026-02-09T17:00:00.000Z"
    );
    assert_eq!(desk.case.promised, clock(&desk, ClockKind::Resolution).due);
}

#[test]
fn what_was_used_and_paused_survives_a_change_of_priority() {
    let mut desk = Desk::new(Urgency::Soon, true);
    // Twelve of 24 hours at any hour are used when it turns out to be minor: P4, 20 business days of 8 hours.
    desk.now += 12 * HOUR;
    desk.must(AR, &assess(Severity::Minor));
    assert_eq!(desk.case.priority(), Priority::P4);
    let close = desk.calendar.close_of_day(MONDAY, 20).unwrap();
    let budget = desk.calendar.between(MONDAY, close, &[]);
    let expected = desk.calendar.due(desk.now, budget - 12 * HOUR, &[]);
    assert_eq!(clock(&desk, ClockKind::Resolution).due, expected);
    // The control: a clock that began anew would end later.
    assert!(desk.calendar.due(desk.now, budget, &[]) > expected);
}

#[test]
fn asking_the_customer_pauses_and_a_breach_is_not_revived() {
    let mut desk = Desk::begun(Severity::Major);
    let before = clock(&desk, ClockKind::Resolution).due.unwrap();
    desk.now += HOUR;
    desk.must(
        SR,
        &Action::Ask {
            text: "Which serial number?".to_owned(),
            reply_by: desk.now + 72 * HOUR,
        },
    );
    assert_eq!(due(&desk, ClockKind::Resolution), "stands still");
    // A working day and a night later the answer comes, by whatever way.
    desk.now += 24 * HOUR;
    desk.must(
        Actor::Customer,
        &Action::Write {
            text: "SN 4711, its on the back".to_owned(),
        },
    );
    let after = clock(&desk, ClockKind::Resolution).due.unwrap();
    assert_eq!(
        desk.calendar.between(before, after, &[]),
        8 * HOUR,
        "business time only"
    );

    // Missed first, then asked: the miss stays at its date.
    desk.now = after + HOUR;
    desk.run();
    assert!(clock(&desk, ClockKind::Resolution).is_missed);
    desk.must(
        SR,
        &Action::Ask {
            text: "And the firmware?".to_owned(),
            reply_by: desk.now + 72 * HOUR,
        },
    );
    let frozen = clock(&desk, ClockKind::Resolution);
    assert_eq!((frozen.is_missed, frozen.due), (true, Some(after)));
}

#[test]
fn only_a_persons_public_word_answers_the_customer() {
    let mut desk = Desk::new(Urgency::Soon, false);
    let first = clock(&desk, ClockKind::FirstResponse);
    desk.must(
        AR,
        &Action::Note {
            text: "called twice".to_owned(),
        },
    );
    for _ in 0..5 {
        let owner = desk.case.owner;
        desk.must(
            AR,
            &Action::HandOff {
                owner,
                text: "back and forth".to_owned(),
            },
        );
    }
    assert_eq!(
        clock(&desk, ClockKind::FirstResponse),
        first,
        "neither note nor hand-off moves it"
    );
    desk.now += HOUR;
    desk.must(
        AR,
        &Action::Message {
            text: "I am on it.".to_owned(),
        },
    );
    let clocks = running(&desk.case, &desk.policy, &desk.calendar);
    assert!(
        clocks
            .iter()
            .all(|clock| clock.kind != ClockKind::FirstResponse)
    );
    assert_eq!(clock(&desk, ClockKind::Update).started_at, desk.now);
}

#[test]
fn all_clocks_stop_at_the_decision_and_a_reopened_case_gets_a_new_one() {
    let mut desk = Desk::responded(Severity::Minor, Outcome::Upheld);
    assert_eq!(running(&desk.case, &desk.policy, &desk.calendar), []);
    desk.must(
        Actor::Customer,
        &Action::Write {
            text: "hello??".to_owned(),
        },
    );
    assert_eq!(
        running(&desk.case, &desk.policy, &desk.calendar),
        [],
        "although the customer wrote last"
    );
    desk.now += 48 * HOUR;
    desk.must(
        Actor::Customer,
        &Action::NotSolved {
            text: "no it isnt".to_owned(),
        },
    );
    assert_eq!(clock(&desk, ClockKind::Resolution).started_at, desk.now);
    assert_eq!(
        desk.case.received_at, MONDAY,
        "what counts from the first receipt still does"
    );
}

#[test]
fn a_promised_date_moves_back_only_with_words() {
    let mut desk = Desk::new(Urgency::Blocking, false);
    let later = |words| Action::Assess {
        severity: Severity::Minor,
        flags: Flags::default(),
        issues: desk_issue(),
        owner: None,
        words,
    };
    let silent = Words::of(Field::Issue(1), "slow");
    assert_eq!(
        desk.act(AR, &later(silent.clone())),
        Err(Refusal::LaterWithoutWords)
    );
    let mut said = silent;
    said.0.push((
        Field::Text,
        "It takes until February: a part comes from abroad.".to_owned(),
    ));
    let told = desk.case.promised;
    desk.must(AR, &later(said));
    assert!(desk.case.promised > told);
    assert!(
        desk.log
            .iter()
            .any(|event| event.change == Change::StaffMessage)
    );
}

fn desk_issue() -> Vec<event::IssueClass> {
    vec![event::IssueClass {
        id: 1,
        category: Category::Performance,
        stage: LifeStage::Use,
    }]
}
