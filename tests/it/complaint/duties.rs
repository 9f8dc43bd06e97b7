//! What happens by itself: each reminder, warning, miss, escalation and end just once, also after a time without power.

use super::*;
use qingting::complaint::clock::ClockKind;
use qingting::complaint::event::Cause;
use qingting::complaint::{Change, Closure, State};

const DAY: i64 = 24 * HOUR;

/// Lets time pass until `end`, waking when the engine asked to be woken, at the latest after `step`.
fn pass(desk: &mut Desk, end: i64, step: i64) {
    while desk.now < end {
        let next = desk.run().unwrap_or(end);
        desk.now = next.clamp(desk.now + 1, desk.now + step).min(end);
    }
    desk.run();
}

fn count(desk: &Desk, wanted: impl Fn(&Change) -> bool) -> usize {
    desk.log
        .iter()
        .filter(|event| wanted(&event.change))
        .count()
}

#[test]
fn a_month_without_any_staff_still_moves() {
    let run = |step: i64| {
        let mut desk = Desk::new(Urgency::Blocking, false);
        pass(&mut desk, MONDAY + 30 * DAY, step);
        desk
    };
    let desk = run(i64::MAX / 4);
    assert_eq!(
        count(&desk, |change| matches!(
            change,
            Change::Acknowledged { .. }
        )),
        1
    );
    for kind in [
        ClockKind::FirstResponse,
        ClockKind::Update,
        ClockKind::Resolution,
    ] {
        for percent in [50, 80] {
            let wanted = |change: &Change| matches!(change, Change::Warned { clock, percent: known, .. } if *clock == kind && *known == percent);
            assert_eq!(count(&desk, wanted), 1, "{kind:?} {percent}");
        }
        assert_eq!(
            count(
                &desk,
                |change| matches!(change, Change::Missed { clock, .. } if *clock == kind)
            ),
            1
        );
        for (level, cause) in [
            (1, Cause::Warning(kind)),
            (2, Cause::Breach(kind)),
            (3, Cause::DoubleBreach(kind)),
        ] {
            let wanted = |change: &Change| matches!(change, Change::Escalated { level: known, cause: why, .. } if *known == level && *why == cause);
            assert_eq!(count(&desk, wanted), 1, "{kind:?} {level}");
        }
    }
    assert_eq!((desk.case.escalation, desk.case.miss_reviews()), (3, 3));
    // Woken each hour, or after ten days without power: the same things happened, each once.
    let kinds = |desk: &Desk| {
        let mut kinds: Vec<_> = desk
            .log
            .iter()
            .map(|event| format!("{:?}", event.change))
            .collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(&run(HOUR)), kinds(&desk));
    let mut late = Desk::new(Urgency::Blocking, false);
    late.now = MONDAY + 10 * DAY;
    pass(&mut late, MONDAY + 30 * DAY, DAY);
    let misses = |desk: &Desk| count(desk, |change| matches!(change, Change::Missed { .. }));
    assert_eq!((misses(&late), late.case.escalation), (misses(&desk), 3));
}

#[test]
fn a_first_priority_that_nobody_opens_goes_to_the_top_after_a_quarter_of_an_hour() {
    let unopened = |change: &Change| {
        matches!(
            change,
            Change::Escalated {
                cause: Cause::Unopened,
                level: 3,
                ..
            }
        )
    };
    let mut desk = Desk::new(Urgency::Blocking, true);
    pass(&mut desk, MONDAY + 15 * 60_000, HOUR);
    assert_eq!(count(&desk, unopened), 1);
    let mut opened = Desk::new(Urgency::Blocking, true);
    opened.must(AR, &Action::Open);
    pass(&mut opened, MONDAY + HOUR, HOUR);
    assert_eq!(count(&opened, unopened), 0);
}

#[test]
fn a_question_is_repeated_twice_and_then_work_goes_on() {
    let mut desk = Desk::begun(Severity::Minor);
    desk.must(
        SR,
        &Action::Ask {
            text: "Which port?".to_owned(),
            reply_by: MONDAY + 4 * DAY,
        },
    );
    pass(&mut desk, MONDAY + 5 * DAY, HOUR);
    assert_eq!(count(&desk, |change| matches!(change, Change::Reminded)), 2);
    assert_eq!(desk.case.state, State::Investigating);
    let ended = |desk: &Desk| {
        desk.case
            .pauses
            .last()
            .is_some_and(|(_, end)| end.is_some())
    };
    assert!(ended(&desk));
}

#[test]
fn silence_ends_a_minor_case_after_two_reminders_and_a_major_one_only_after_a_person_called() {
    let mut minor = Desk::responded(Severity::Minor, Outcome::Upheld);
    pass(&mut minor, MONDAY + 30 * DAY, DAY);
    assert_eq!(minor.case.state, State::Closed(Closure::NoReplyTimeout));
    assert_eq!(
        count(&minor, |change| matches!(change, Change::Reminded)),
        2
    );
    assert_eq!(
        minor.case.closed_at.map(|at| (at - MONDAY) / DAY),
        Some(14),
        "ten business days"
    );

    let mut declined = Desk::responded(Severity::Minor, Outcome::Declined);
    pass(&mut declined, MONDAY + 30 * DAY, DAY);
    assert_eq!(declined.case.state, State::Closed(Closure::DeclinedFinal));

    let mut major = Desk::responded(Severity::Major, Outcome::Upheld);
    pass(&mut major, MONDAY + 60 * DAY, DAY);
    assert_eq!(major.case.state, State::Responded, "never without a person");
    assert_eq!(
        count(&major, |change| matches!(change, Change::ContactDue { .. })),
        1
    );
    assert_eq!(
        count(&major, |change| matches!(
            change,
            Change::Missed {
                clock: ClockKind::Contact,
                ..
            }
        )),
        1
    );
    major.must(
        AR,
        &Action::ContactMade {
            text: "reached her, all fine".to_owned(),
        },
    );
    pass(&mut major, MONDAY + 61 * DAY, DAY);
    assert_eq!(major.case.state, State::Closed(Closure::NoReplyTimeout));
}

#[test]
fn nobody_is_asked_whether_it_is_solved_before_the_remedy_is_there() {
    let mut desk = Desk::begun(Severity::Minor);
    let mut promised = draft(Outcome::Upheld);
    promised.remedy_due = Some(MONDAY + 20 * DAY);
    promised
        .words
        .0
        .push((Field::Remedy, "A new card, fitted by us.".to_owned()));
    let words = promised.words.clone();
    desk.must(SR, &Action::Draft(promised));
    desk.must(SR, &Action::SignOff);
    desk.must(AR, &Action::Respond { words });
    pass(&mut desk, MONDAY + 40 * DAY, DAY);
    assert_eq!(
        (desk.case.state, desk.case.reminders),
        (State::Responded, 0)
    );
    assert_eq!(
        count(&desk, |change| matches!(
            change,
            Change::Missed {
                clock: ClockKind::Remedy,
                ..
            }
        )),
        1
    );
    desk.must(SR, &Action::RemedyDone);
    pass(&mut desk, MONDAY + 70 * DAY, DAY);
    assert_eq!(desk.case.state, State::Closed(Closure::NoReplyTimeout));
}

#[test]
fn the_second_reopening_goes_to_the_top() {
    let mut desk = Desk::responded(Severity::Minor, Outcome::Upheld);
    let top = |desk: &Desk| {
        count(desk, |change| {
            matches!(
                change,
                Change::Escalated {
                    cause: Cause::Reopened,
                    level: 3,
                    ..
                }
            )
        })
    };
    for round in 1..=2 {
        desk.now += DAY;
        desk.must(
            Actor::Customer,
            &Action::NotSolved {
                text: "still the same".to_owned(),
            },
        );
        desk.run();
        assert_eq!(top(&desk), round - 1);
        desk.must(SR, &Action::Draft(draft(Outcome::Upheld)));
        desk.must(SR, &Action::SignOff);
        desk.must(
            AR,
            &Action::Respond {
                words: draft(Outcome::Upheld).words,
            },
        );
    }
    // Each reopening is one miss that a manager signs, once.
    assert_eq!(desk.case.miss_reviews(), 2);
    let sign = |miss| Action::ReviewMiss {
        miss,
        text: "we tested the wrong port".to_owned(),
    };
    desk.must(MANAGER, &sign(1));
    assert_eq!(desk.act(MANAGER, &sign(1)), Err(Refusal::NoSuchMiss));
    assert_eq!(desk.act(MANAGER, &sign(3)), Err(Refusal::NoSuchMiss));
}
