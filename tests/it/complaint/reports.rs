//! Reports over fixtures: skipped steps, time in each state, ageing, shares, misses to sign, approvals.

use super::*;
use proptest::prelude::*;
use qingting::complaint::policy::Thresholds;
use qingting::complaint::report::{
    ApprovalKind, Record, Step as Kind, approvals, contacts, declines, mix, queue, slips, stages,
    stays, times, undecided, unsigned, wants_problem,
};
use qingting::complaint::{Change, DAY, State, clock::ClockKind};

fn record<'a>(number: &'a str, desk: &'a Desk) -> Record<'a> {
    Record {
        number,
        case: &desk.case,
        events: &desk.log,
        policy: &desk.policy,
        calendar: &desk.calendar,
        has_cause: false,
    }
}

fn open() -> Desk {
    Desk::new(Urgency::Soon, false)
}

#[test]
fn a_case_with_three_skipped_steps_lists_three() {
    // Nobody writes in time; the customer takes it back; no manager looks at the miss; nobody follows the cause.
    let mut desk = Desk::begun(Severity::Major);
    let known = record("QT-1", &desk);
    assert_eq!(slips(&known, desk.now), []);
    // The assessment wrote to the customer, so that only the decision and the update can be missed from here.
    desk.now += 3 * DAY;
    desk.run();
    desk.must(
        Actor::Customer,
        &Action::Withdraw {
            text: "forget it".to_owned(),
        },
    );
    let missed: Vec<_> = desk.case.misses.iter().map(|(clock, _)| *clock).collect();
    assert_eq!(missed, [ClockKind::Update]);
    let withdrawn = desk.now;
    // Before the manager's time is over, the clock alone is skipped.
    let skipped = |desk: &Desk, now: i64| {
        let slips = slips(&record("QT-1", desk), now).into_iter();
        let skipped = slips.filter(|slip| slip.made_up_at.is_none());
        skipped.map(|slip| slip.step).collect::<Vec<_>>()
    };
    assert_eq!(skipped(&desk, withdrawn), [Kind::Clock(ClockKind::Update)]);
    let later = withdrawn + 200 * DAY;
    assert_eq!(
        skipped(&desk, later),
        [
            Kind::Clock(ClockKind::Update),
            Kind::SignMiss,
            Kind::FollowCause
        ]
    );
    // The control: the same case with the miss signed and the cause followed lists one.
    desk.must(
        MANAGER,
        &Action::ReviewMiss {
            miss: 1,
            text: "two people were ill; the stand-in was not told".to_owned(),
        },
    );
    let followed = Record {
        has_cause: true,
        ..record("QT-1", &desk)
    };
    assert_eq!(slips(&followed, later).len(), 1);
    // Written after all: late, not skipped.
    let mut late = Desk::begun(Severity::Minor);
    late.now += 5 * DAY;
    late.run();
    late.must(
        SR,
        &Action::Message {
            text: "sorry for the silence, the part is here tomorrow".to_owned(),
        },
    );
    let slip = slips(&record("QT-2", &late), late.now).remove(0);
    assert_eq!(
        (slip.step, slip.made_up_at),
        (Kind::Clock(ClockKind::Update), Some(late.now))
    );
}

#[test]
fn durations_in_each_state_sum_to_the_total_and_name_the_bottleneck() {
    let mut desk = open();
    desk.now += 2 * HOUR;
    desk.must(AR, &assess(Severity::Minor));
    desk.now += 6 * HOUR;
    desk.must(SR, &Action::Begin);
    desk.now += 2 * DAY;
    let reply_by = desk.now + 3 * DAY;
    desk.must(
        SR,
        &Action::Ask {
            text: "which firmware is it?".to_owned(),
            reply_by,
        },
    );
    desk.now += DAY;
    desk.must(
        Actor::Customer,
        &Action::Write {
            text: "7.2 i think".to_owned(),
        },
    );
    let until = desk.now + HOUR;
    let known = record("QT-1", &desk);
    let spans = stays(&known, until);
    let states: Vec<_> = spans.iter().map(|(state, ..)| *state).collect();
    assert_eq!(
        states,
        [
            State::Received,
            State::Acknowledged,
            State::Assessed,
            State::Investigating,
            State::AwaitingCustomer,
            State::Investigating
        ]
    );
    let total: i64 = spans.iter().map(|(_, from, to)| to - from).sum();
    assert_eq!(total, until - MONDAY);
    let (rows, bottleneck) = stages(&[known], until);
    let all: i64 = rows.iter().map(|row| row.total_ms).sum();
    assert_eq!(all, until - MONDAY);
    assert_eq!(bottleneck, Some(State::Investigating));
    let of = |state| rows.iter().find(|row| row.state == state).unwrap();
    let working = of(State::Investigating);
    assert_eq!((working.visits, working.total_ms), (2, 2 * DAY + HOUR));
    // Monday 12:00 to 18:00 has five hours of business.
    assert_eq!(of(State::Assessed).business_ms, 5 * HOUR);
    let minutes = of(State::AwaitingCustomer).minutes.unwrap();
    assert!((minutes.median - 1_440.0).abs() < 1e-9);
}

#[test]
fn times_are_medians_by_the_calendar_and_in_business_time() {
    // Vector of §4.8: the mean of these says 82, the median 22.5, nine of ten 60.
    let minutes = [5, 8, 12, 15, 20, 25, 30, 45, 60, 600];
    let desks: Vec<_> = minutes
        .iter()
        .map(|minutes| {
            let mut desk = open();
            desk.now += minutes * 60_000;
            desk.must(AR, &Action::Open);
            // A second look is no second hearing.
            desk.now += HOUR;
            desk.must(MANAGER, &Action::Open);
            desk
        })
        .collect();
    let records: Vec<_> = desks.iter().map(|desk| record("QT", desk)).collect();
    let all = times(&records);
    let of = |name: &str| all.iter().find(|row| row.name == name).unwrap();
    let heard = of("heard").calendar.unwrap();
    assert!((heard.median - 22.5).abs() < 1e-9 && (heard.p90 - 60.0).abs() < 1e-9);
    assert!((heard.max - 600.0).abs() < 1e-9);
    // From 10:00 on, seven hours of that day are open.
    let business = of("heard").business.unwrap();
    assert!((business.max - 420.0).abs() < 1e-9);
    let acknowledged = of("acknowledged").calendar.unwrap();
    assert!(acknowledged.max.abs() < 1e-9);
    assert_eq!((of("decided").calendar, of("decided").waiting), (None, 10));
}

#[test]
fn first_contact_and_reopened_are_shares_of_what_was_decided() {
    let plain = Desk::responded(Severity::Minor, Outcome::Upheld);
    let mut asked = Desk::responded(Severity::Minor, Outcome::Upheld);
    asked.must(
        Actor::Customer,
        &Action::Write {
            text: "and who pays the second trip??".to_owned(),
        },
    );
    let mut reopened = Desk::responded(Severity::Minor, Outcome::Upheld);
    reopened.must(
        Actor::Customer,
        &Action::NotSolved {
            text: "no!".to_owned(),
        },
    );
    let waiting = open();
    let desks = [&plain, &asked, &reopened, &waiting];
    let records: Vec<_> = desks.iter().map(|desk| record("QT", desk)).collect();
    let found = contacts(&records, &Thresholds::default());
    let share = |share: Option<qingting::measures::Share>| share.map(|one| (one.k(), one.n()));
    assert_eq!(share(found.first_contact), Some((1, 3)));
    assert_eq!(share(found.reopened), Some((1, 3)));
    // Under another definition the figure is another one, and under the old one the old one again.
    let looser = Thresholds {
        first_contact_messages: 1,
        ..Thresholds::default()
    };
    assert_eq!(
        share(contacts(&records, &looser).first_contact),
        Some((2, 3))
    );
    assert_eq!(contacts(&records, &Thresholds::default()), found);
}

#[test]
fn declined_and_overturned_are_shares_by_team() {
    let upheld = Desk::responded(Severity::Minor, Outcome::Upheld);
    let declined = Desk::responded(Severity::Minor, Outcome::Declined);
    let review = |outcome| {
        let mut desk = Desk::responded(Severity::Minor, Outcome::Declined);
        let text = "you have not read my mail".to_owned();
        desk.must(Actor::Customer, &Action::AskReview { text });
        desk.must(MANAGER, &Action::Review(draft(outcome)));
        desk
    };
    let (kept, overturned) = (review(Outcome::Declined), review(Outcome::Upheld));
    let desks = [&upheld, &declined, &kept, &overturned];
    let records: Vec<_> = desks.iter().map(|desk| record("QT", desk)).collect();
    let rows = declines(&records);
    let row = rows[&Some("A-7".to_owned())];
    let share = |share: Option<qingting::measures::Share>| share.map(|one| (one.k(), one.n()));
    assert_eq!(share(row.declined), Some((3, 4)));
    assert_eq!(share(row.overturned), Some((1, 2)));
}

#[test]
fn the_queue_is_by_age_and_every_line_has_a_next_date() {
    let mut desks = [
        open(),
        Desk::begun(Severity::Major),
        Desk::responded(Severity::Minor, Outcome::Upheld),
    ];
    desks[0].case.received_at += DAY;
    desks[1].case.received_at -= DAY;
    let records: Vec<_> = desks.iter().map(|desk| record("QT", desk)).collect();
    let rows = queue(&records, MONDAY + DAY);
    let ages: Vec<_> = rows.iter().map(|row| row.received_at).collect();
    assert_eq!(ages, [MONDAY - DAY, MONDAY, MONDAY + DAY]);
    assert!(rows.iter().all(|row| row.next.1 >= row.received_at));
    // Three open, one of them decided: its problem has an outcome.
    let waits = undecided(&records);
    assert_eq!(waits.len(), 2);
    assert_eq!(waits[0].received_at, MONDAY - DAY);
}

#[test]
fn misses_and_reopenings_are_signed_by_the_number_under_which_they_stand() {
    let mut desk = Desk::responded(Severity::Minor, Outcome::Upheld);
    let text = || "again!!".to_owned();
    desk.must(Actor::Customer, &Action::NotSolved { text: text() });
    desk.now += 30 * DAY;
    desk.run();
    let found = unsigned(&record("QT", &desk), desk.now);
    assert_eq!(u16::try_from(found.len()), Ok(desk.case.miss_reviews()));
    assert_eq!((found[0].miss, found[0].clock), (1, None));
    // A problem that nobody had seen is looked at, too, and needs an outcome of its own.
    desk.must(SR, &Action::Draft(draft(Outcome::Upheld)));
    let find = Action::FindIssue {
        category: Category::Billing,
        stage: LifeStage::Billing,
        text: "the invoice was wrong, too: it stood in the second line".to_owned(),
    };
    desk.must(SR, &find);
    let (before, found) = (found, unsigned(&record("QT", &desk), desk.now));
    assert_eq!(found.len(), before.len() + 1);
    assert_eq!(u16::try_from(found.len()), Ok(desk.case.miss_reviews()));
    let words = draft(Outcome::Upheld).words;
    assert_eq!(
        desk.act(AR, &Action::Respond { words }),
        Err(Refusal::NoDraft),
        "what was agreed on says nothing of it"
    );
    assert_eq!(
        desk.act(SR, &Action::Draft(draft(Outcome::Upheld))),
        Err(Refusal::OutcomeMissing(2))
    );
    for miss in &found {
        desk.must(
            MANAGER,
            &Action::ReviewMiss {
                miss: miss.miss,
                text: text(),
            },
        );
    }
    assert_eq!(unsigned(&record("QT", &desk), desk.now), []);
}

#[test]
fn what_was_severe_or_came_again_wants_its_cause_followed_and_holds_up_nobody() {
    let major = Desk::responded(Severity::Major, Outcome::Upheld);
    let minor = Desk::responded(Severity::Minor, Outcome::Upheld);
    let mut repeat = Desk::responded(Severity::Minor, Outcome::Upheld);
    repeat.case.flags.repeat = true;
    assert_eq!(
        wants_problem(&record("QT", &major)),
        Some(MONDAY + 180 * DAY)
    );
    assert_eq!(wants_problem(&record("QT", &minor)), None);
    assert!(wants_problem(&record("QT", &repeat)).is_some());
    let followed = Record {
        has_cause: true,
        ..record("QT", &major)
    };
    assert_eq!(wants_problem(&followed), None);
    // The customer's "solved" ends the case all the same.
    let mut confirmed = Desk::responded(Severity::Major, Outcome::Upheld);
    confirmed.must(Actor::Customer, &Action::Confirm);
    assert!(!confirmed.case.state.is_open());
    assert!(wants_problem(&record("QT", &confirmed)).is_some());
}

#[test]
fn whoever_proposed_and_whoever_agreed_stand_in_the_trail() {
    let mut desk = Desk::begun(Severity::Minor);
    desk.must(SR, &Action::Draft(draft(Outcome::Upheld)));
    desk.must(SR, &Action::SignOff);
    assert_eq!(approvals(&record("QT", &desk)), []);
    desk.must(SR, &Action::Draft(draft(Outcome::Declined)));
    for actor in [SR, MANAGER] {
        desk.must(actor, &Action::SignOff);
    }
    let words = draft(Outcome::Declined).words;
    desk.must(AR, &Action::Respond { words });
    let trail = approvals(&record("QT", &desk));
    let agreed: Vec<_> = trail[0].agreed.iter().map(|(by, _)| by.0).collect();
    assert_eq!(
        (trail.len(), trail[0].kind, trail[0].proposed.0),
        (1, ApprovalKind::Decline, Some(StaffId(2)))
    );
    assert_eq!(agreed, [2, 6, 1]);
    assert_eq!(trail[0].held_at, Some(desk.now));

    let mut spam = open();
    spam.must(AR, &Action::ProposeSpam);
    spam.must(MANAGER, &Action::MarkSpam);
    spam.must(AR, &Action::ProposeSpam);
    let trail = approvals(&record("QT", &spam));
    let kinds: Vec<_> = trail
        .iter()
        .map(|one| (one.kind, one.held_at.is_some()))
        .collect();
    assert_eq!(
        kinds,
        [(ApprovalKind::Spam, true), (ApprovalKind::NoSpam, false)]
    );
}

#[test]
fn minor_and_other_are_shares_and_spam_is_none() {
    let minor = Desk::begun(Severity::Minor);
    let major = Desk::begun(Severity::Major);
    let mut other = open();
    other.case.issues[0].category = Category::Other;
    let mut spam = open();
    spam.must(AR, &Action::ProposeSpam);
    spam.must(MANAGER, &Action::MarkSpam);
    let desks = [&minor, &major, &other, &spam];
    let records: Vec<_> = desks.iter().map(|desk| record("QT", desk)).collect();
    let found = mix(&records);
    let share = |share: Option<qingting::measures::Share>| share.map(|one| (one.k(), one.n()));
    assert_eq!(share(found.minor), Some((1, 2)));
    assert_eq!(share(found.other), Some((1, 3)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reports_hold_for_any_sequence(moves in prop::collection::vec((0_usize..10_000, 0_usize..9, 0_i64..200), 1..60)) {
        const WHO: [Actor; 9] = [Actor::Customer, AR, SR, FR, MANAGER, EXECUTIVE, OWNER, ANALYST, OTHER];
        let (mut desk, all, mut refused) = (open(), moves.len(), 0);
        for (action, actor, hours) in moves {
            desk.now += hours * HOUR / 4;
            desk.run();
            let mut all = super::table::actions(desk.now);
            let (_, action) = all.swap_remove(action % all.len());
            refused += usize::from(desk.act(WHO[actor], &action).is_err());
        }
        prop_assert!(refused <= all);
        let known = record("QT", &desk);
        let spans = stays(&known, desk.now);
        let total: i64 = spans.iter().map(|(_, from, to)| to - from).sum();
        prop_assert_eq!(total, desk.now - MONDAY, "nothing of the time is lost or counted twice");
        prop_assert!(spans.windows(2).all(|pair| pair[0].2 == pair[1].1));
        prop_assert_eq!(spans.last().unwrap().0, desk.case.state);
        let signed = desk.case.reviewed_misses.len();
        let open = unsigned(&known, desk.now).len();
        prop_assert_eq!(usize::from(desk.case.miss_reviews()), signed + open);
        let missed = slips(&known, desk.now).into_iter().filter(|slip| matches!(slip.step, Kind::Clock(_))).count();
        prop_assert_eq!(missed, desk.case.misses.len());
        prop_assert_eq!(queue(&[known], desk.now).len(), usize::from(desk.case.state.is_open()));
        let rated = times(&[known]);
        prop_assert!(rated.iter().all(|row| row.calendar.is_none_or(|found| found.n == 1)));
        let has_told = desk.log.iter().any(|event| matches!(event.change, Change::Responded(_) | Change::Reviewed(_)));
        let shares = contacts(&[known], &Thresholds::default());
        if known.counts() {
            prop_assert_eq!(shares.reopened.map(qingting::measures::Share::n), Some(u64::from(has_told)));
        }
    }
}
