//! What the customer is promised, held against every state: no two states look alike, no end goes untold, whoever hands a case
//! on hands on its dates, and nothing waits for ever.

use std::collections::{BTreeMap, HashSet};

use super::*;
use qingting::complaint::clock::{ClockKind, running};
use qingting::complaint::notice::{Audience, Notice, notices};
use qingting::complaint::view::{Status, status, view};
use qingting::complaint::{Change, Closure, State};

#[test]
fn no_two_states_look_alike_and_nothing_that_waits_is_called_closed() {
    let labels: HashSet<Status> = State::ALL.into_iter().map(status).collect();
    assert_eq!(labels.len(), State::ALL.len());
    for state in State::ALL {
        let is_closed = matches!(status(state), Status::Closed(_));
        assert_eq!(is_closed, !state.is_open(), "{state:?}");
    }
}

#[test]
fn every_end_is_told_and_only_ends_that_are_rated_ask_for_a_rating() {
    let ends = [
        (Change::Confirmed, Some(Notice::Rating)),
        (
            Change::TimedOut(Closure::NoReplyTimeout),
            Some(Notice::Closing),
        ),
        (
            Change::TimedOut(Closure::DeclinedFinal),
            Some(Notice::Closing),
        ),
        (Change::Withdrawn, Some(Notice::Closing)),
        (
            Change::Merged {
                into: "0".repeat(32),
            },
            Some(Notice::Closing),
        ),
        (
            Change::Reclassified {
                into: "request".to_owned(),
            },
            Some(Notice::Closing),
        ),
        // Whoever sends rubbish by the thousand gets no mail for it; the page says what became of it.
        (Change::MarkedSpam, None),
    ];
    let mut closures = HashSet::new();
    for (change, expected) in ends {
        let before = Desk::responded(Severity::Minor, Outcome::Upheld);
        let mut after = before.case.clone();
        after.apply(before.now, Actor::System, &change);
        let State::Closed(closure) = after.state else {
            panic!("{change:?} ends nothing");
        };
        closures.insert(closure);
        let told = |policy: &Policy| {
            let all = notices(Some(&before.case), &after, &change, policy);
            let customers = all.iter().filter(|(to, _)| *to == Audience::Customer);
            let customers: Vec<_> = customers.map(|(_, notice)| *notice).collect();
            assert!(all.contains(&(Audience::Systems, Notice::StateChange)));
            customers
        };
        let policy = Policy::published();
        assert_eq!(
            told(&policy),
            expected.into_iter().collect::<Vec<_>>(),
            "{change:?}"
        );
        // Whether silence is asked for a rating is a setting; what is none of a customer's complaint never is.
        let asking = Policy {
            rate_after_silence: true,
            ..policy
        };
        let is_silence = matches!(change, Change::TimedOut(_));
        if is_silence {
            assert_eq!(told(&asking), [Notice::Rating]);
        }
        if told(&asking).contains(&Notice::Rating) {
            assert!(closure.is_rated(), "{closure:?}");
        }
        // Whoever cannot be written to reads it on the page.
        let mut silent = before.case.clone();
        silent.reachable = false;
        let mut ended = silent.clone();
        ended.apply(before.now, Actor::System, &change);
        let all = notices(Some(&silent), &ended, &change, &Policy::published());
        assert!(all.iter().all(|(to, _)| *to != Audience::Customer));
    }
    assert_eq!(closures.len(), Closure::ALL.len());
}

#[test]
fn a_question_mark_tells_the_owner_once_and_its_answer_goes_back_to_who_asked() {
    let mut desk = Desk::begun(Severity::Minor);
    let mut told = Vec::new();
    let mut act = |desk: &mut Desk, actor, action: &Action| {
        let (before, from) = (desk.case.clone(), desk.log.len());
        let done = desk.act(actor, action);
        for event in &desk.log[from..] {
            told.extend(notices(
                Some(&before),
                &desk.case,
                &event.change,
                &desk.policy,
            ));
        }
        done
    };
    act(&mut desk, EXECUTIVE, &Action::Question).unwrap();
    assert!(act(&mut desk, EXECUTIVE, &Action::Question).is_err());
    let text = "Two cards were lost on the way; the third one is there tomorrow.".to_owned();
    act(&mut desk, SR, &Action::Explain { text }).unwrap();
    // Up the chain first: who asked hears it from the case manager.
    assert!(desk.case.question.is_some() && desk.case.explanation_offered);
    let text = "True, and from today such cards travel in pairs.".to_owned();
    act(&mut desk, MANAGER, &Action::Explain { text }).unwrap();
    assert!(desk.case.question.is_none() && !desk.case.explanation_offered);
    let owner = Audience::Staff(desk.case.owner);
    let asked = Audience::Staff(EXECUTIVE.staff().unwrap());
    assert_eq!(
        told,
        [
            (owner, Notice::ExecutiveQuestion),
            (Audience::All(Role::CaseManager), Notice::Explanation),
            (asked, Notice::Explanation)
        ]
    );
}

#[test]
fn five_hand_offs_and_a_partner_move_neither_dates_nor_the_customers_contact() {
    let mut desk = Desk::begun(Severity::Major);
    let told = |desk: &Desk| {
        let clocks = running(&desk.case, &desk.policy, &desk.calendar);
        let due: BTreeMap<_, _> = clocks.iter().map(|clock| (clock.kind, clock.due)).collect();
        (due, desk.case.contact, desk.case.promised)
    };
    let before = told(&desk);
    assert!(before.0.contains_key(&ClockKind::Resolution));
    for owner in [3, 2, 4, 3, 2] {
        desk.now += HOUR / 4;
        let text = "yours".to_owned();
        let owner = StaffId(owner);
        desk.must(AR, &Action::HandOff { owner, text });
        assert_eq!(told(&desk), before);
        let seen = view(
            &desk.case,
            &desk.log,
            &desk.policy,
            &desk.calendar,
            desk.now,
        );
        assert_eq!(seen.contact, before.1);
    }
    let expected = desk.now + 9 * HOUR;
    let party = "Harbour Cables Ltd".to_owned();
    desk.must(SR, &Action::HandToPartner { party, expected });
    assert_eq!(told(&desk), before, "whose fault it is moves no date");
    let seen = view(
        &desk.case,
        &desk.log,
        &desk.policy,
        &desk.calendar,
        desk.now,
    );
    assert!(!format!("{seen:?}").contains("Harbour"));
}

#[test]
fn nothing_waits_for_ever_however_many_urgent_ones_come() {
    // One person, two cases an hour; every hour two that must be seen at once come in beside one that can wait.
    let (policy, calendar) = (Policy::published(), Calendar::usual());
    let mut waiting: Vec<Case> = Vec::new();
    let mut longest: BTreeMap<_, i64> = BTreeMap::new();
    let case = |at: i64, is_urgent: bool| {
        let urgency = if is_urgent {
            Urgency::Blocking
        } else {
            Urgency::CanWait
        };
        let mut case = Case::received(at, Actor::Customer, &receipt(urgency, is_urgent));
        if !is_urgent {
            let change = Change::Regraded {
                severity: Severity::Minor,
                flags: Flags::default(),
                promised: at,
            };
            case.apply(at, Actor::System, &change);
        }
        case
    };
    let first_due = |case: &Case| {
        let clocks = running(case, &policy, &calendar);
        clocks.iter().filter_map(|clock| clock.due).min().unwrap()
    };
    for hour in 0..24 * 40_i64 {
        let now = MONDAY + hour * HOUR;
        waiting.extend([case(now, true), case(now, true)]);
        // What can wait comes in for ten days, one every four hours.
        if hour < 240 && hour % 4 == 0 {
            waiting.push(case(now, false));
        }
        waiting.sort_by_key(|one| (one.question.is_none(), first_due(one), one.received_at));
        for done in waiting.drain(..2) {
            let waited = now - done.received_at;
            let most = longest.entry(done.priority()).or_default();
            *most = waited.max(*most);
        }
    }
    // The queue is always full of urgent ones; those that can wait are done all the same.
    let left = waiting
        .iter()
        .filter(|one| one.received_at < MONDAY + 240 * HOUR);
    let urgent_left = left.filter(|one| one.urgency == Urgency::CanWait).count();
    assert_eq!(urgent_left, 0, "{} still wait", waiting.len());
    let most = longest.values().max().copied().unwrap();
    assert!(most < 14 * 24 * HOUR, "{longest:?}");
}

#[test]
fn a_rating_is_taken_for_thirty_days_and_can_be_changed_for_twelve_hours() {
    let mut desk = Desk::responded(Severity::Minor, Outcome::Upheld);
    desk.must(Actor::Customer, &Action::Confirm);
    let rate = |score| Action::Rate {
        score,
        text: String::new(),
    };
    let closed = desk.now;
    desk.now = closed + 29 * 24 * HOUR;
    desk.must(Actor::Customer, &rate(2));
    desk.now += 12 * HOUR;
    desk.must(Actor::Customer, &rate(4));
    // The last word counts, the first one stays in the log.
    assert_eq!(desk.case.ratings.len(), 1);
    assert_eq!(desk.case.ratings[0].1, 4);
    let rated = desk
        .log
        .iter()
        .filter(|event| matches!(event.change, Change::Rated { .. }));
    assert_eq!(rated.count(), 2);
    desk.now += 1;
    assert_eq!(desk.act(Actor::Customer, &rate(5)), Err(Refusal::TooLate));
    let mut late = Desk::responded(Severity::Minor, Outcome::Upheld);
    late.must(Actor::Customer, &Action::Confirm);
    late.now += 30 * 24 * HOUR + 1;
    assert_eq!(late.act(Actor::Customer, &rate(5)), Err(Refusal::TooLate));
    for staff in [AR, SR, MANAGER, EXECUTIVE] {
        assert_eq!(
            late.act(staff, &rate(5)),
            Err(Refusal::NotAllowed),
            "nobody rates their own work"
        );
    }
}
