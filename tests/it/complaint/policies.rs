//! Versions of the rules of time: what may be published, what a tier may shorten, and what a change keeps.

use super::*;
use qingting::complaint::clock::{ClockKind, running};
use qingting::complaint::policy::{Budget, Fault};
use qingting::complaint::{Change, DAY, Flags};

fn due(desk: &Desk, kind: ClockKind) -> Option<i64> {
    let clocks = running(&desk.case, &desk.policy, &desk.calendar);
    clocks.into_iter().find(|clock| clock.kind == kind)?.due
}

#[test]
fn a_change_of_policy_keeps_what_was_used_and_what_was_paused() {
    // Vector P3: Monday 09:00, 16 h, paused Monday 11:00 to Wednesday 11:00, 8 h from Wednesday 12:00 on: 3 h are used.
    let sixteen = Policy {
        version: 7,
        resolution: [Budget::Business(16 * 60); 4],
        ..Policy::published()
    };
    let eight = Policy {
        version: 8,
        resolution: [Budget::Business(8 * 60); 4],
        ..Policy::published()
    };
    let mut desk = Desk::new(Urgency::Soon, false);
    let mut known = receipt(Urgency::Soon, false);
    known.policy = 7;
    desk.policy = sixteen;
    desk.case = Case::received(MONDAY - HOUR, Actor::Customer, &known);
    let at = |desk: &mut Desk, hours: i64, change: Change| {
        desk.case.apply(MONDAY + hours * HOUR, MANAGER, &change);
    };
    let promised = MONDAY;
    at(&mut desk, 0, Change::Acknowledged { promised });
    let issues = desk.case.issues.clone();
    at(
        &mut desk,
        0,
        Change::Assessed {
            severity: Severity::Major,
            flags: Flags::default(),
            issues,
            owner: StaffId(4),
            promised,
        },
    );
    at(&mut desk, 0, Change::Begun);
    let reply_by = MONDAY + 72 * HOUR;
    at(&mut desk, 1, Change::Asked { reply_by });
    at(&mut desk, 49, Change::Resumed);
    assert_eq!(
        due(&desk, ClockKind::Resolution),
        Some(MONDAY + 3 * DAY + 7 * HOUR)
    );
    desk.now = MONDAY + 50 * HOUR;
    let adopt = Action::AdoptPolicy {
        policy: Box::new(eight.clone()),
        words: Words::of(Field::Text, "From now on we are twice as fast."),
    };
    desk.must(MANAGER, &adopt);
    assert_eq!(desk.case.policies.last(), Some(&(desk.now, 8)));
    let wednesday_five = MONDAY + 2 * DAY + 7 * HOUR;
    assert_eq!(due(&desk, ClockKind::Resolution), Some(wednesday_five));
    assert_eq!(desk.case.promised, Some(wednesday_five));
    // The control: a clock that begins anew at the change has its whole budget, and is over on Thursday at noon.
    let mut anew = Desk::new(Urgency::Soon, false);
    anew.case = desk.case.clone();
    anew.case.cycle_at = desk.now;
    anew.policy = eight;
    assert_eq!(
        due(&anew, ClockKind::Resolution),
        Some(MONDAY + 3 * DAY + 2 * HOUR)
    );
    assert_eq!(
        desk.act(MANAGER, &adopt),
        Err(Refusal::NoSuchPolicy),
        "it has that one"
    );
}

#[test]
fn a_later_date_by_another_policy_is_told_to_the_customer() {
    let slow = Policy {
        version: 2,
        resolution: [Budget::BusinessDays(30); 4],
        ..Policy::published()
    };
    let mut desk = Desk::begun(Severity::Major);
    let adopt = |text: &str| Action::AdoptPolicy {
        policy: Box::new(slow.clone()),
        words: Words::of(Field::Text, text),
    };
    assert_eq!(
        desk.act(MANAGER, &adopt(" ")),
        Err(Refusal::LaterWithoutWords)
    );
    assert_eq!(desk.act(AR, &adopt("x")), Err(Refusal::NotAllowed));
    desk.must(
        MANAGER,
        &adopt("The part comes by ship; it takes until March."),
    );
    let told = desk
        .log
        .iter()
        .any(|event| event.change == Change::StaffMessage);
    assert!(told && desk.case.promised == due(&desk, ClockKind::Resolution));
}

#[test]
fn a_policy_with_a_fault_is_named_by_its_path() {
    let published = Policy::published();
    assert_eq!(published.faults(), []);
    let first = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::published();
        change(&mut policy);
        policy
            .faults()
            .first()
            .map(|(path, fault)| (path.clone(), *fault))
    };
    let is = |found: Option<(String, Fault)>, path: &str, fault: Fault| {
        assert_eq!(found, Some((path.to_owned(), fault)));
    };
    is(
        first(&|p| p.update[2] = Budget::Business(0)),
        "update.2",
        Fault::OutOfRange,
    );
    is(
        first(&|p| p.review = Budget::Elapsed(i64::MAX)),
        "review",
        Fault::OutOfRange,
    );
    is(
        first(&|p| p.resolution[3] = Budget::BusinessDays(2)),
        "resolution.3",
        Fault::LessForLower,
    );
    is(
        first(&|p| p.reminder_days = [7, 3]),
        "reminder_days",
        Fault::RemindersDisordered,
    );
    is(first(&|p| p.reopen_ms = -1), "reopen_ms", Fault::OutOfRange);
    is(
        first(&|p| p.thresholds.minors = 0),
        "thresholds.minors",
        Fault::OutOfRange,
    );
}

#[test]
fn a_tier_shortens_and_never_lengthens() {
    let default = Policy::published();
    let longer = |change: &dyn Fn(&mut Policy)| {
        let mut tier = Policy::published();
        change(&mut tier);
        tier.longer_than(&default)
    };
    assert_eq!(longer(&|_| ()), []);
    assert_eq!(
        longer(&|tier| {
            tier.update = [Budget::Elapsed(60); 4];
            tier.resolution[1] = Budget::BusinessDays(1);
            // Two days at any hour are over before the tenth business day closes.
            tier.resolution[2] = Budget::Elapsed(48 * 60);
        }),
        []
    );
    let one = |change: &dyn Fn(&mut Policy)| longer(change).pop().unwrap();
    assert_eq!(
        one(&|tier| tier.first_response[3] = Budget::Business(481)),
        ("first_response.3".to_owned(), Fault::Longer)
    );
    // Sixty hours may be over before or after the third business day closes.
    assert_eq!(
        one(&|tier| tier.resolution[1] = Budget::Elapsed(60 * 60)),
        ("resolution.1".to_owned(), Fault::OtherUnit)
    );
    assert_eq!(
        one(&|tier| tier.reopen_ms -= 1),
        ("reopen_ms".to_owned(), Fault::LessTime)
    );
    assert_eq!(
        one(&|tier| tier.escalate_every_ms += 1),
        ("escalate_every_ms".to_owned(), Fault::Longer)
    );
    assert_eq!(
        one(&|tier| tier.partner_pauses = true),
        ("partner_pauses".to_owned(), Fault::Longer)
    );
}

#[test]
fn the_payment_services_profile_is_a_file_of_fifteen_and_thirty_five_business_days() {
    let text = include_str!("../../../public/policies/payment-services.json");
    let policy: Policy = serde_json::from_str(text).unwrap();
    assert_eq!(policy.faults(), []);
    // Received Thursday 15 January 2026, open 9 to 17 UTC: the 15th business day is 5 February, the 35th 5 March.
    let thursday = MONDAY - 11 * DAY;
    let mut desk = Desk::new(Urgency::Soon, false);
    desk.policy = policy;
    desk.case = Case::received(thursday, Actor::Customer, &receipt(Urgency::Soon, false));
    assert_eq!(
        due(&desk, ClockKind::Backstop),
        Some(MONDAY + 10 * DAY + 7 * HOUR)
    );
    let next = MONDAY + 30 * DAY;
    desk.case
        .apply(MONDAY, AR, &Change::HoldingResponse { next });
    assert_eq!(
        due(&desk, ClockKind::Backstop),
        Some(MONDAY + 38 * DAY + 7 * HOUR)
    );
    // By default the holding response names its own date, and nothing else runs.
    desk.policy = Policy::published();
    assert_eq!(due(&desk, ClockKind::Backstop), None);
}
