//! Opening hours, zones and deadlines: the worked table, days on which clocks change, and what holds for any calendar.

use proptest::prelude::*;
use qingting::endpoint::calendar::{Calendar, CalendarError};
use qingting::endpoint::clock::Timestamp;

const MINUTE: i64 = 60_000;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().0
}

fn shown(at: Option<i64>) -> String {
    at.map_or_else(|| "never".to_owned(), |at| Timestamp(at).to_string())
}

fn office(zone: &str) -> Calendar {
    let day = r#"[["09:00","17:00"]]"#;
    Calendar::from_json(&format!(
        r#"{{"zone":"{zone}","week":{{"mon":{day},"tue":{day},"wed":{day},"thu":{day},"fri":{day}}}}}"#
    ))
    .unwrap()
}

fn china() -> Calendar {
    let day = r#"[["09:00","12:00"],["13:30","18:00"]]"#;
    Calendar::from_json(&format!(
        r#"{{"zone":"Asia/Shanghai","week":{{"mon":{day},"tue":{day},"wed":{day},"thu":{day},"fri":{day}}},
            "closed":["2026-10-01","2026-10-02","2026-10-05","2026-10-06","2026-10-07"],"extra":{{"2026-10-10":{day}}}}}"#
    ))
    .unwrap()
}

fn always(zone: &str) -> Calendar {
    let day = r#"[["00:00","24:00"]]"#;
    let week =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|name| format!("\"{name}\":{day}"));
    Calendar::from_json(&format!(
        r#"{{"zone":"{zone}","week":{{{}}}}}"#,
        week.join(",")
    ))
    .unwrap()
}

/// From, and until where it has ended.
type Pause = (&'static str, Option<&'static str>);
/// Name, calendar, start, minutes, pauses, due.
type Row = (
    &'static str,
    Calendar,
    &'static str,
    i64,
    &'static [Pause],
    &'static str,
);

/// The design's §4.5.
#[test]
fn the_worked_table_holds() {
    let utc = || office("UTC");
    let rows: [Row; 19] = [
        (
            "B1",
            utc(),
            "2026-01-28T10:00Z",
            120,
            &[],
            "2026-01-28T12:00Z",
        ),
        (
            "B2",
            utc(),
            "2026-01-28T07:00Z",
            120,
            &[],
            "2026-01-28T11:00Z",
        ),
        (
            "B3",
            utc(),
            "2026-01-30T16:30Z",
            60,
            &[],
            "2026-02-02T09:30Z",
        ),
        (
            "B5",
            utc(),
            "2026-01-31T12:00Z",
            1_440,
            &[],
            "2026-02-04T17:00Z",
        ),
        (
            "B6",
            utc(),
            "2026-01-30T16:00Z",
            480,
            &[],
            "2026-02-02T16:00Z",
        ),
        (
            "B7",
            utc(),
            "2026-01-30T16:00Z",
            120,
            &[],
            "2026-02-02T10:00Z",
        ),
        (
            "B8",
            utc(),
            "2026-01-26T09:00Z",
            960,
            &[],
            "2026-01-27T17:00Z",
        ),
        (
            "B9",
            utc(),
            "2026-01-26T17:00Z",
            1,
            &[],
            "2026-01-27T09:01Z",
        ),
        (
            "B10",
            utc(),
            "2026-01-26T09:00Z",
            480,
            &[],
            "2026-01-26T17:00Z",
        ),
        (
            "four hours at four o'clock",
            utc(),
            "2026-01-26T16:00Z",
            240,
            &[],
            "2026-01-27T12:00Z",
        ),
        (
            "C1",
            china(),
            "2026-09-29T11:30+08:00",
            60,
            &[],
            "2026-09-29T14:00+08:00",
        ),
        (
            "C2",
            china(),
            "2026-09-29T12:15+08:00",
            30,
            &[],
            "2026-09-29T14:00+08:00",
        ),
        (
            "C3",
            china(),
            "2026-09-30T17:00+08:00",
            450,
            &[],
            "2026-10-08T17:00+08:00",
        ),
        (
            "C4",
            china(),
            "2026-10-09T17:30+08:00",
            60,
            &[],
            "2026-10-10T09:30+08:00",
        ),
        (
            "D1",
            always("Europe/Berlin"),
            "2026-10-24T12:00+02:00",
            1_440,
            &[],
            "2026-10-25T11:00+01:00",
        ),
        (
            "D2",
            always("Europe/Berlin"),
            "2026-03-28T12:00+01:00",
            1_440,
            &[],
            "2026-03-29T13:00+02:00",
        ),
        (
            "D3",
            office("Europe/Berlin"),
            "2026-10-23T16:00+02:00",
            120,
            &[],
            "2026-10-26T10:00+01:00",
        ),
        (
            "P1",
            utc(),
            "2026-01-26T10:00Z",
            480,
            &[("2026-01-26T14:00Z", Some("2026-01-27T11:00Z"))],
            "2026-01-27T15:00Z",
        ),
        (
            "P2",
            utc(),
            "2026-01-26T10:00Z",
            480,
            &[("2026-01-26T16:00Z", Some("2026-01-26T20:00Z"))],
            "2026-01-27T11:00Z",
        ),
    ];
    for (name, calendar, start, minutes, pauses, expected) in rows {
        let pause = |(from, to): &Pause| (at(from), to.map(at));
        let pauses: Vec<_> = pauses.iter().map(pause).collect();
        let due = calendar.due(at(start), minutes * MINUTE, &pauses);
        assert_eq!(shown(due), shown(Some(at(expected))), "{name}");
    }
    // P4: over before the pause begins, and so it stays.
    let due = utc().due(
        at("2026-01-26T09:00Z"),
        120 * MINUTE,
        &[(at("2026-01-26T13:00Z"), None)],
    );
    assert_eq!(shown(due), shown(Some(at("2026-01-26T11:00Z"))));
    // The control: the same pause an hour after the start does stop it.
    let due = utc().due(
        at("2026-01-26T09:00Z"),
        120 * MINUTE,
        &[(at("2026-01-26T10:00Z"), None)],
    );
    assert_eq!(shown(due), "never");
}

#[test]
fn a_calendar_that_is_none_says_where_and_why() {
    let refused = |text: &str| Calendar::from_json(text).unwrap_err();
    let day = |hours: &str| format!(r#"{{"zone":"UTC","week":{{"mon":{hours}}}}}"#);
    assert_eq!(
        refused(r#"{"zone":"Asia/Peking Duck","week":{"mon":[["09:00","17:00"]]}}"#),
        CalendarError::UnknownZone("Asia/Peking Duck".to_owned())
    );
    assert_eq!(
        refused(r#"{"zone":"UTC","week":{"montag":[]}}"#),
        CalendarError::UnknownDay("montag".to_owned())
    );
    assert_eq!(
        refused(&day(r#"[["9:00","17:00"]]"#)),
        CalendarError::NotATime("9:00".to_owned())
    );
    assert_eq!(
        refused(&day(r#"[["09:00","24:30"]]"#)),
        CalendarError::NotATime("24:30".to_owned())
    );
    assert_eq!(
        refused(&day(r#"[["17:00","09:00"]]"#)),
        CalendarError::Disordered("mon".to_owned())
    );
    assert_eq!(
        refused(&day(r#"[["09:00","13:00"],["12:00","17:00"]]"#)),
        CalendarError::Disordered("mon".to_owned())
    );
    assert_eq!(refused(&day("[]")), CalendarError::NeverOpen);
    assert_eq!(
        refused(r#"{"zone":"UTC","week":{"mon":[["09:00","17:00"]]},"closed":["1.10.2026"]}"#),
        CalendarError::NotADate("1.10.2026".to_owned())
    );
    assert!(matches!(refused("{"), CalendarError::Malformed(_)));
    assert!(Calendar::from_json(&day(r#"[["09:00","24:00"]]"#)).is_ok());
}

#[test]
fn a_calendar_that_ends_gives_no_date_and_no_hang() {
    let once = r#"{"zone":"UTC","week":{},"extra":{"2026-01-26":[["09:00","10:00"]]}}"#;
    let once = Calendar::from_json(once).unwrap();
    assert_eq!(
        once.due(at("2026-01-26T09:00Z"), 60 * MINUTE, &[]),
        Some(at("2026-01-26T10:00Z"))
    );
    assert_eq!(once.due(at("2026-01-26T09:00Z"), 61 * MINUTE, &[]), None);
    assert_eq!(once.close_of_day(at("2026-01-26T09:00Z"), 1), None);
}

fn calendars() -> impl Strategy<Value = Calendar> {
    prop_oneof![
        Just(office("UTC")),
        Just(china()),
        Just(office("Europe/Berlin")),
        Just(always("Australia/Lord_Howe")),
        Just(office("America/New_York")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_lies_before_a_deadline_is_its_budget(
        calendar in calendars(),
        start in 1_767_225_600_000_i64..1_830_000_000_000,
        minutes in 1_i64..6_000,
        pause in (0_i64..10_000, 1_i64..5_000),
    ) {
        let begin = start + pause.0 * MINUTE;
        let pauses = [(begin, Some(begin + pause.1 * MINUTE))];
        let due = calendar.due(start, minutes * MINUTE, &pauses).unwrap();
        prop_assert_eq!(calendar.between(start, due, &pauses), minutes * MINUTE);
        // One minute less is earlier, and a pause never brings a deadline forward.
        prop_assert!(calendar.due(start, (minutes - 1) * MINUTE, &pauses).unwrap() < due);
        prop_assert!(calendar.due(start, minutes * MINUTE, &[]).unwrap() <= due);
        // In two halves it takes as long as in one.
        let half = calendar.due(start, minutes / 2 * MINUTE, &[]).unwrap();
        let rest = calendar.due(half, (minutes - minutes / 2) * MINUTE, &[]);
        prop_assert_eq!(rest, calendar.due(start, minutes * MINUTE, &[]));
    }
}
