//! The programme of a delivery: whom it asks and when, once each, whatever ends in between.

use std::collections::BTreeMap;
use std::time::Duration;

use qingting::api::delivery::Delivery;
use qingting::api::{Intake, SubmissionId};
use qingting::complaint::Role;
use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::cases::Cases;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::deliveries::programme::{
    Circumstances, Facts, Kind, Reason, Step, Wave, Way, decide,
};
use qingting::endpoint::deliveries::{self, Deliveries};
use qingting::endpoint::keys::Keys;
use qingting::endpoint::store::{
    Lateness, OutboxState, ReadSqlite, Sheet, Sqlite, Store, of_subject,
};
use qingting::survey::Value;
use serde_json::json;

use crate::support::{Folder, NOW};

const BUSY: Duration = Duration::from_secs(5);
const HOUR: i64 = 3_600_000;

fn facts(wave: Wave) -> Facts {
    Facts {
        kind: if wave == Wave::Relationship {
            Kind::Relationship
        } else {
            Kind::Delivery
        },
        wave,
        due_at: NOW,
        asked_at: None,
        reminded_at: None,
        is_answered: false,
        has_opted_out: false,
        mail: Some(true),
        phone: None,
        messages: 0,
        asked_elsewhere_at: None,
    }
}

fn open() -> Circumstances {
    Circumstances {
        is_survey_open: true,
        ..Circumstances::default()
    }
}

/// One case of the table: how things stand, and what follows.
type Row = (&'static str, fn(&mut Facts, &mut Circumstances), Step);

#[test]
fn rules_of_the_programme_one_by_one() {
    let ask = |next| Step::Ask(Way::Mail, next);
    let week = Some(NOW + 7 * DAY_MS);
    let rows: &[Row] = &[
        ("as usual", |_, _| {}, ask(week)),
        (
            "only a telephone",
            |f, _| (f.mail, f.phone) = (None, Some(true)),
            Step::Ask(Way::Gateway, week),
        ),
        (
            "a dead mailbox and a telephone",
            |f, _| (f.mail, f.phone) = (Some(false), Some(true)),
            Step::Ask(Way::Gateway, week),
        ),
        (
            "a dead mailbox",
            |f, _| f.mail = Some(false),
            Step::Skip(Reason::Bounced),
        ),
        (
            "no address",
            |f, _| f.mail = None,
            Step::Skip(Reason::NoAddress),
        ),
        (
            "opted out",
            |f, _| f.has_opted_out = true,
            Step::Skip(Reason::OptedOut),
        ),
        (
            "answered in the portal",
            |f, _| f.is_answered = true,
            Step::Rest,
        ),
        (
            "survey closed",
            |_, c| c.is_survey_open = false,
            Step::Skip(Reason::SurveyClosed),
        ),
        (
            "14 days late",
            |f, _| f.due_at = NOW - 14 * DAY_MS,
            ask(week),
        ),
        (
            "more than 14 days late",
            |f, _| f.due_at = NOW - 14 * DAY_MS - 1,
            Step::Skip(Reason::TooLate),
        ),
        (
            "asked 89 days ago",
            |f, _| f.asked_elsewhere_at = Some(NOW - 89 * DAY_MS),
            Step::Skip(Reason::AskedRecently),
        ),
        (
            "asked 90 days ago",
            |f, _| f.asked_elsewhere_at = Some(NOW - 90 * DAY_MS),
            ask(week),
        ),
        (
            "asked elsewhere, but this programme has begun",
            |f, _| {
                (f.wave, f.messages, f.asked_elsewhere_at) = (Wave::InUse, 1, Some(NOW - DAY_MS));
            },
            ask(None),
        ),
        (
            "three messages",
            |f, _| (f.wave, f.messages) = (Wave::InUse, 3),
            Step::Skip(Reason::CapReached),
        ),
        (
            "two messages",
            |f, _| (f.wave, f.messages) = (Wave::InUse, 2),
            ask(None),
        ),
        (
            "D+90 and all was well",
            |f, _| f.wave = Wave::Later,
            Step::Skip(Reason::NotNeeded),
        ),
        (
            "D+90 and it was low",
            |f, c| (f.wave, c.was_low) = (Wave::Later, true),
            ask(None),
        ),
        (
            "D+90 and a case is open",
            |f, c| (f.wave, c.has_open_complaint) = (Wave::Later, true),
            ask(None),
        ),
        (
            "a case is open at hand-over",
            |_, c| c.has_open_complaint = true,
            ask(week),
        ),
        (
            "at night",
            |_, c| c.quiet_until = Some(NOW + HOUR),
            Step::Wait(NOW + HOUR),
        ),
        (
            "reminder",
            |f, _| (f.asked_at, f.messages) = (Some(NOW - 7 * DAY_MS), 1),
            Step::Remind(Way::Mail),
        ),
        (
            "reminder at night",
            |f, c| {
                (f.asked_at, f.messages, c.quiet_until) =
                    (Some(NOW - 7 * DAY_MS), 1, Some(NOW + HOUR));
            },
            Step::Wait(NOW + HOUR),
        ),
        (
            "answered before the reminder",
            |f, _| (f.asked_at, f.is_answered) = (Some(NOW - 7 * DAY_MS), true),
            Step::Rest,
        ),
        (
            "came back before the reminder",
            |f, _| (f.asked_at, f.mail) = (Some(NOW - 7 * DAY_MS), Some(false)),
            Step::Skip(Reason::Bounced),
        ),
        (
            "reminded",
            |f, _| (f.asked_at, f.reminded_at) = (Some(NOW - 9 * DAY_MS), Some(NOW)),
            Step::Rest,
        ),
        (
            "no reminder after D+30",
            |f, _| (f.wave, f.asked_at) = (Wave::InUse, Some(NOW - 7 * DAY_MS)),
            Step::Rest,
        ),
    ];
    for (name, change, expected) in rows {
        let (mut facts, mut around) = (facts(Wave::HandOver), open());
        change(&mut facts, &mut around);
        assert_eq!(decide(&facts, &around, NOW), *expected, "{name}");
    }
    let relationship: &[Row] = &[
        ("as usual", |_, _| {}, ask(week)),
        (
            "asked 179 days ago",
            |f, _| f.asked_elsewhere_at = Some(NOW - 179 * DAY_MS),
            Step::Skip(Reason::AskedRecently),
        ),
        (
            "asked 180 days ago",
            |f, _| f.asked_elsewhere_at = Some(NOW - 180 * DAY_MS),
            ask(week),
        ),
        (
            "a complaint is open",
            |_, c| c.has_open_complaint = true,
            Step::Wait(NOW + DAY_MS),
        ),
        (
            "a complaint was open for too long",
            |f, c| {
                (f.due_at, c.has_open_complaint) = (NOW - 15 * DAY_MS, true);
            },
            Step::Skip(Reason::ComplaintOpen),
        ),
    ];
    for (name, change, expected) in relationship {
        let (mut facts, mut around) = (facts(Wave::Relationship), open());
        change(&mut facts, &mut around);
        assert_eq!(
            decide(&facts, &around, NOW),
            *expected,
            "relationship, {name}"
        );
    }
}

fn engine(folder: &Folder) -> (Deliveries, Cases) {
    let store = || Sqlite::open(folder.path(), BUSY).unwrap();
    let reader = || ReadSqlite::open(folder.path(), BUSY).unwrap();
    let calendar =
        Calendar::from_json(r#"{"zone":"Asia/Shanghai","week":{"mon":[["09:00","18:00"]]}}"#)
            .unwrap();
    (
        Deliveries::new(store(), reader(), calendar.clone()),
        Cases::new(store(), reader(), calendar),
    )
}

fn told(delivery: &str, contact: &str, at: i64) -> Delivery {
    Delivery {
        delivery: delivery.to_owned(),
        contact: contact.to_owned(),
        delivered_at: Timestamp(at).to_string(),
        account: Some(format!("A-{contact}")),
        mail: Some(format!("{contact}@example.com")),
        ..Delivery::default()
    }
}

/// What goes out so far: (delivery, kind, when) of each message, in order.
fn sent(folder: &Folder) -> Vec<(String, String, i64)> {
    let reader = ReadSqlite::open(folder.path(), BUSY).unwrap();
    let mut sent: Vec<_> = reader
        .outbox(OutboxState::Waiting, 10_000)
        .unwrap()
        .into_iter()
        .filter(|row| row.kind.starts_with("invitation"))
        .map(|row| {
            let invitation = of_subject(row.subject).unwrap();
            let invitation = reader.invitation(invitation).unwrap().unwrap();
            (invitation.delivery, row.kind, row.created_at)
        })
        .collect();
    sent.sort_by(|one, other| (one.2, &one.0, &one.1).cmp(&(other.2, &other.0, &other.1)));
    sent
}

fn answer(folder: &Folder, delivery: &str, wave: Wave, score: u32, at: i64, n: u128) {
    let reader = ReadSqlite::open(folder.path(), BUSY).unwrap();
    let invitations = reader.invitations_of(delivery).unwrap();
    let row = invitations
        .iter()
        .find(|row| row.facts.wave == wave)
        .unwrap();
    let sheet = Sheet {
        id: SubmissionId::from_bytes(n.to_be_bytes()),
        survey: "delivery".to_owned(),
        version: 1,
        revision: 1,
        complete: true,
        page: None,
        locale: "en".to_owned(),
        started_at: String::new(),
        elapsed_ms: 0,
        received_at: Timestamp(at),
        channel: "mail".to_owned(),
        delivery: None,
        account: None,
        contact: None,
        verified: true,
        invitation: row.invitation().digest(),
        once: true,
        test: false,
        suspect: false,
        fields: "{}".to_owned(),
        answers: format!("{{\"overall\":{score}}}"),
        lateness: Lateness::Current,
        receipt: String::new(),
        photos: Vec::new(),
        digest: [0; 32],
    };
    Sqlite::open(folder.path(), BUSY)
        .unwrap()
        .commit(&[sheet])
        .unwrap();
}

fn complain(cases: &Cases, folder: &Folder, account: &str, at: i64) {
    let body = json!({
        "id": format!("{:032x}", 7_000), "text": "水泵又停了，没人来修", "stage": "use", "urgency": "blocking",
        "context": {"channel": "embed", "account": account}
    });
    let value: Value = serde_json::from_value(body).unwrap();
    let keys = Keys::open(folder.path()).unwrap();
    cases
        .take(&keys, &Intake::from_value(&value).unwrap(), Timestamp(at))
        .unwrap();
}

/// Runs so many days hour by hour; the program ends between any two commits when `crashes`.
fn run(folder: &Folder, days: i64, crashes: bool, mut each: impl FnMut(i64, &Deliveries, &Cases)) {
    let (mut deliveries, mut cases) = engine(folder);
    let mut turn = 0_u32;
    for hour in 0..days * 24 {
        let now = NOW + hour * HOUR;
        each(hour, &deliveries, &cases);
        loop {
            turn += 1;
            let most = if crashes { 1 + turn % 3 } else { 500 };
            let done = deliveries.run_due(&cases, Timestamp(now), most).unwrap();
            if done == 0 {
                break;
            }
            if crashes && turn.is_multiple_of(2) {
                (deliveries, cases) = engine(folder);
            }
        }
    }
}

#[test]
fn a_hundred_days_ask_each_person_what_the_programme_says_once() {
    let months = [false, true].map(|crashes| {
        let folder = Folder::new().with_survey();
        let mut store = Sqlite::open(folder.path(), BUSY).unwrap();
        store
            .add_staff("Li Wei", Role::CaseManager, [1; 32], Timestamp(NOW))
            .unwrap();
        drop(store);
        run(&folder, 100, crashes, |hour, deliveries, cases| {
            let now = NOW + hour * HOUR;
            let tell = |told: Delivery| {
                let row = deliveries::read(&told, Timestamp(now)).unwrap();
                deliveries.take(row, Timestamp(now)).unwrap();
            };
            match hour {
                0 => {
                    for n in 0..6 {
                        tell(told(&format!("SO-{n}"), &format!("c{n}"), NOW));
                        // Told twice: as systems do.
                        tell(told(&format!("SO-{n}"), &format!("c{n}"), NOW));
                    }
                    // Delivered late at night in Shanghai, and long ago.
                    tell(told("SO-night", "night", NOW + 4 * HOUR));
                    tell(told("SO-old", "old", NOW - 40 * DAY_MS));
                }
                // Soon after, a second delivery to the same person.
                240 => tell(told("SO-again", "c0", now)),
                // One answers at once, one late and badly, one well.
                1 => answer(&folder, "SO-1", Wave::HandOver, 5, now, 1),
                745 => {
                    answer(&folder, "SO-1", Wave::InUse, 1, now, 2);
                    answer(&folder, "SO-2", Wave::InUse, 5, now, 3);
                }
                2_000 => complain(cases, &folder, "A-c3", now),
                _ => {}
            }
        });
        sent(&folder)
    });
    assert_eq!(months[0], months[1], "the program may end at any moment");
    let mut of: BTreeMap<&str, Vec<(&str, i64)>> = BTreeMap::new();
    for (delivery, kind, at) in &months[0] {
        let day = (at - NOW) / DAY_MS;
        of.entry(delivery).or_default().push((kind, day));
    }
    let (ask, remind) = ("invitation", "invitation-reminder");
    // Nobody answers: D+0, the reminder, D+30; D+90 would be the fourth.
    assert_eq!(of["SO-0"], [(ask, 0), (remind, 7), (ask, 30)]);
    // Answered at once: no reminder. D+30 was low: D+90.
    assert_eq!(of["SO-1"], [(ask, 0), (ask, 30), (ask, 90)]);
    assert_eq!(of["SO-2"], [(ask, 0), (remind, 7), (ask, 30)]);
    // A case is open, but three messages are out.
    assert_eq!(of["SO-3"], [(ask, 0), (remind, 7), (ask, 30)]);
    // Another delivery ten days later asks nothing within ninety days of the first.
    assert!(!of.contains_key("SO-again"));
    // An old delivery was in use 30 days ten days ago: only that is asked.
    assert_eq!(of["SO-old"], [(ask, 0)]);
    // 14:00 UTC is 22:00 in Shanghai: it waits for the morning, 8:00.
    let (_, _, at) = months[0]
        .iter()
        .find(|(delivery, ..)| delivery == "SO-night")
        .unwrap();
    assert_eq!(Timestamp(*at).to_string().get(..13), Some("2026-11-24T00"));
    for (delivery, messages) in &of {
        assert!(messages.len() <= 3, "{delivery}");
    }
    for (_, _, at) in &months[0] {
        let hour = ((at + 8 * HOUR) / HOUR) % 24;
        assert!(
            (8..20).contains(&hour),
            "nobody is disturbed at {hour} o'clock"
        );
    }
}

#[test]
fn whoever_is_not_asked_is_logged_with_the_reason() {
    let folder = Folder::new().with_survey();
    let (deliveries, cases) = engine(&folder);
    let tell = |told: Delivery| {
        let row = deliveries::read(&told, Timestamp(NOW)).unwrap();
        deliveries.take(row, Timestamp(NOW)).unwrap();
    };
    tell(told("SO-1", "c1", NOW));
    tell(told("SO-2", "c1", NOW));
    tell(Delivery {
        mail: None,
        ..told("SO-3", "c3", NOW)
    });
    tell(Delivery {
        survey: Some("withdrawn-long-ago".to_owned()),
        ..told("SO-4", "c4", NOW)
    });
    tell(told("SO-5", "c5", NOW - 20 * DAY_MS));
    deliveries.run_due(&cases, Timestamp(NOW), 100).unwrap();
    let database = rusqlite::Connection::open(folder.path().join("qingting.db")).unwrap();
    let mut statement = database
        .prepare(
            "SELECT deliveries.delivery, what, detail FROM invitation_log
             JOIN invitations ON invitations.id = invitation JOIN deliveries ON deliveries.id = invitations.delivery
             ORDER BY deliveries.delivery",
        )
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    let log: Vec<(String, String, Option<String>)> = rows.map(Result::unwrap).collect();
    let expected = [
        ("SO-1", "asked", None),
        ("SO-2", "suppressed", Some("asked-recently")),
        ("SO-3", "suppressed", Some("no-address")),
        ("SO-4", "suppressed", Some("survey-closed")),
        ("SO-5", "suppressed", Some("too-late")),
    ];
    let log: Vec<_> = log
        .iter()
        .map(|(one, two, three)| (one.as_str(), two.as_str(), three.as_deref()))
        .collect();
    assert_eq!(log, expected);
}

#[test]
fn quiet_hours_are_those_of_the_calendars_zone() {
    let calendar = |zone: &str| {
        Calendar::from_json(&format!(
            r#"{{"zone":"{zone}","week":{{"mon":[["09:00","17:00"]]}}}}"#
        ))
        .unwrap()
    };
    let at = |text: &str| text.parse::<Timestamp>().unwrap().0;
    for (zone, when, until) in [
        ("Asia/Shanghai", "2026-11-23T00:00Z", None),
        ("Asia/Shanghai", "2026-11-23T11:59Z", None),
        (
            "Asia/Shanghai",
            "2026-11-23T12:00Z",
            Some("2026-11-24T00:00Z"),
        ),
        (
            "Asia/Shanghai",
            "2026-11-23T20:00Z",
            Some("2026-11-24T00:00Z"),
        ),
        ("Europe/Berlin", "2026-11-23T07:30Z", None),
        // The night in which the clocks go forward.
        (
            "Europe/Berlin",
            "2027-03-27T20:00Z",
            Some("2027-03-28T06:00Z"),
        ),
        (
            "Europe/Berlin",
            "2027-03-28T18:00Z",
            Some("2027-03-29T06:00Z"),
        ),
    ] {
        assert_eq!(
            calendar(zone).quiet_until(at(when)),
            until.map(at),
            "{zone} {when}"
        );
    }
}
