//! A month in which nobody of staff does anything: 500 complaints, 50 ends of the program between two commits, and every
//! acknowledgement, warning, miss and escalation exactly once.

use std::collections::BTreeMap;
use std::time::Duration;

use qingting::api::complaint::URGENCIES;
use qingting::api::{Intake, SubmissionId};
use qingting::complaint::{Actor, Change, Role, State};
use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::cases::{Cases, Inside};
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::follower::Follower;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::store::{Channel, OutboxState, ReadSqlite, Sqlite};
use qingting::survey::Value;
use serde_json::json;

use crate::support::{Folder, NOW};

const HOUR: i64 = 3_600_000;
const COMPLAINTS: usize = 500;
const CRASHES: usize = 50;
/// Sentences of real customers, longer than anything that stands in a name.
const WORDS: [&str; 4] = [
    "third time the technician didnt come. THIRD TIME",
    "发票金额不对,打了三次电话没人管",
    "router ist nach dem update tot, bitte um rückruf",
    "half of the pallets missing + no answer since monday",
];

fn open(folder: &Folder) -> Cases {
    let busy = Duration::from_secs(5);
    Cases::new(
        Sqlite::open(folder.path(), busy).unwrap(),
        ReadSqlite::open(folder.path(), busy).unwrap(),
        Calendar::usual(),
    )
}

fn intake(n: usize) -> Intake {
    let body = json!({
        "id": format!("{:032x}", n + 1), "text": WORDS[n % 4], "stage": "use",
        "urgency": URGENCIES[n % 3], "safety": n.is_multiple_of(7),
        "mail": "li@example.com", "consent": n.is_multiple_of(2), "context": {"channel": "embed"}
    });
    let value: Value = serde_json::from_value(body).unwrap();
    Intake::from_value(&value).unwrap()
}

fn follow(folder: &Folder) -> Follower {
    let busy = Duration::from_secs(5);
    Follower::new(
        Sqlite::open(folder.path(), busy).unwrap(),
        ReadSqlite::open(folder.path(), busy).unwrap(),
        Calendar::usual(),
    )
}

/// The same numbers from the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }
}

/// Runs the month; with crashes, the program ends between two commits and begins again from what is on disk.
fn month(crashes: bool) -> (Folder, Vec<String>, usize) {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    for (key, role) in [(1, Role::CaseManager), (2, Role::Executive)] {
        let name = format!("person {key}");
        store
            .add_staff(&name, role, [key; 32], Timestamp(NOW))
            .unwrap()
            .unwrap();
    }
    // Nothing is sent from here: what would be is only counted.
    store
        .add_receiver(
            "erp",
            "https://erp.example.com/",
            Channel::Webhook,
            Timestamp(NOW),
        )
        .unwrap();
    drop(store);
    let keys = Keys::open(folder.path()).unwrap();
    let (mut cases, mut chance) = (open(&folder), Chance(20_261_124));
    let mut follower = follow(&folder);
    let (mut numbers, mut ended) = (Vec::new(), 0);
    for hour in 0..30 * 24 {
        let now = Timestamp(NOW + hour * HOUR);
        // They come in over the first ten days.
        while numbers.len() < COMPLAINTS && numbers.len() as i64 <= hour * 500 / 240 {
            let taken = cases.take(&keys, &intake(numbers.len()), now).unwrap();
            numbers.push(taken.number);
        }
        let mut crashes_now = crashes && ended < CRASHES && hour > 3 && chance.below(8) == 0;
        loop {
            let most = if crashes_now {
                1 + chance.below(4)
            } else {
                500
            };
            let moved = cases
                .run_due(&keys, now, u32::try_from(most).unwrap())
                .unwrap();
            // What follows is derived meanwhile; an end comes between any two of its commits, too.
            let derived = follower.follow(now, 1 + u32::try_from(most).unwrap() / 2);
            let derived = derived.unwrap();
            if std::mem::take(&mut crashes_now) {
                // Whatever was still to do in this round is done by the next program.
                drop(std::mem::replace(&mut cases, open(&folder)));
                drop(std::mem::replace(&mut follower, follow(&folder)));
                ended += 1;
            } else if moved == 0 && derived == 0 {
                break;
            }
        }
        cases.close_days(&keys, now).unwrap();
    }
    (folder, numbers, ended)
}

/// How often each thing that must happen once has happened.
fn counts(inside: &Inside) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for event in &inside.events {
        let what = match &event.change {
            Change::Acknowledged { .. } => "acknowledged".to_owned(),
            Change::Warned {
                clock,
                percent,
                due,
            } => format!("warned {clock:?} {percent} {due}"),
            Change::Missed { clock, due } => format!("missed {clock:?} {due}"),
            Change::Escalated { level, cause, due } => format!("level {level} {cause:?} {due:?}"),
            _ => continue,
        };
        *counts.entry(what).or_default() += 1;
    }
    counts
}

/// How often each message that must go out once would go out, by the complaint's place.
fn messages(folder: &Folder) -> Vec<BTreeMap<String, usize>> {
    let reader = ReadSqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    let mut messages = vec![BTreeMap::new(); COMPLAINTS];
    for row in reader.outbox(OutboxState::Waiting, 1_000_000).unwrap() {
        let place = usize::try_from(u128::from_be_bytes(row.subject)).unwrap() - 1;
        let what = format!("{} {:?} {} {:?}", row.kind, row.channel, row.seq, row.staff);
        *messages[place].entry(what).or_default() += 1;
    }
    messages
}

#[test]
fn nobody_does_anything_for_a_month_and_everything_happens_exactly_once() {
    let (calm, numbers, ended) = month(false);
    assert_eq!((numbers.len(), ended), (COMPLAINTS, 0));
    let (crashed, same, ended) = month(true);
    assert_eq!((same.len(), ended), (COMPLAINTS, CRASHES));
    let (undisturbed, restarted) = (open(&calm), open(&crashed));
    let end = Timestamp(NOW + 30 * 24 * HOUR);
    let (mut reminders, mut all) = (0, 0);
    for (n, (number, same)) in numbers.iter().zip(&same).enumerate() {
        let one = undisturbed.inside(number, end).unwrap();
        let other = restarted.inside(same, end).unwrap();
        // What happened, and when, is what happens without any crash.
        let log = |inside: &Inside| -> Vec<_> {
            let events = inside.events.iter();
            events
                .map(|event| (event.at, event.actor, event.change.clone()))
                .collect()
        };
        assert_eq!(log(&one), log(&other), "case {n}");
        let counts = counts(&other);
        assert!(
            counts.values().all(|count| *count == 1),
            "case {n}: {counts:?}"
        );
        assert_eq!(counts["acknowledged"], 1);
        let of = |start: &str| counts.keys().filter(|what| what.starts_with(start)).count();
        // First answer, next update, decision: each is warned of twice, missed, and climbs three levels.
        for clock in ["FirstResponse", "Update", "Resolution"] {
            assert_eq!(of(&format!("missed {clock}")), 1, "case {n}: {counts:?}");
            for level in 1..=2 {
                let climbed = counts
                    .keys()
                    .filter(|what| {
                        what.starts_with(&format!("level {level}")) && what.contains(clock)
                    })
                    .count();
                assert_eq!(climbed, 1, "case {n}, {clock}, level {level}: {counts:?}");
            }
        }
        assert!(of("warned") >= 3);
        // Each miss is somebody's to look at; nobody has.
        assert_eq!(usize::from(other.case.miss_reviews()), of("missed"));
        assert!(other.case.reviewed_misses.is_empty());
        // It has an owner, a contact and a date, and nobody closed it over the customer's head.
        assert!(other.case.owner.0 > 0 && other.case.contact.0 > 0);
        assert!(other.case.promised.is_some());
        assert_eq!(other.case.state, State::Acknowledged);
        assert!(
            other
                .events
                .iter()
                .all(|event| matches!(event.actor, Actor::Customer | Actor::System))
        );
        reminders += other
            .events
            .iter()
            .filter(|event| event.change == Change::Reminded)
            .count();
        all += other.events.len();
    }
    // Mail and webhooks: each once, the same as without any crash, and no mail to whoever did not agree to it.
    let told = messages(&crashed);
    assert_eq!(told, messages(&calm));
    for (n, told) in told.iter().enumerate() {
        assert!(told.values().all(|count| *count == 1), "case {n}: {told:?}");
        let of = |start: &str| told.keys().filter(|what| what.starts_with(start)).count();
        assert_eq!(of("acknowledgement "), usize::from(n.is_multiple_of(2)));
        assert_eq!((of("complaint "), of("assignment ")), (1, 1));
        let inside = restarted.inside(&same[n], end).unwrap();
        let counts = counts(&inside);
        let happened = |start: &str| counts.keys().filter(|what| what.starts_with(start)).count();
        assert_eq!(of("breach "), happened("missed"), "case {n}");
        assert_eq!(of("warning "), happened("warned"), "case {n}");
        // One case manager and one executive are there to hear of it.
        assert_eq!(of("escalation "), happened("level"), "case {n}");
    }
    // Nothing waits for a customer, so that none is reminded.
    assert_eq!(reminders, 0);
    assert!(all > COMPLAINTS * 15, "only {all} events");
    // The chain of events is whole after all the crashes.
    let keys = Keys::open(crashed.path()).unwrap();
    let reader = ReadSqlite::open(crashed.path(), Duration::from_secs(5)).unwrap();
    let verified = Cases::verify(&reader, &keys).unwrap();
    assert_eq!((verified.cases, verified.damaged), (COMPLAINTS, Vec::new()));
    assert_eq!(verified.sealed.broken, None);
    // Every day but the one that is not over is closed.
    let (last, _) = verified.sealed.last.unwrap();
    assert_eq!(last, (NOW + (30 * 24 - 1) * HOUR) / (24 * HOUR) - 1);
    // The control: an engine that forgets what it did in its last round does it twice, and the counts tell.
    let mut twice = restarted.inside(&same[0], end).unwrap();
    let last = twice
        .events
        .iter()
        .rev()
        .find(|event| matches!(event.change, Change::Missed { .. }));
    let last = last.unwrap().clone();
    twice.events.push(last);
    assert!(counts(&twice).values().any(|count| *count == 2));
    // And a device that sends its complaint once more after all that gets the same number.
    let again = restarted.take(&keys, &intake(3), end).unwrap();
    assert_eq!((&again.number, again.is_new), (&same[3], false));
    assert_eq!(
        SubmissionId::parse(&format!("{:032x}", 4)).unwrap(),
        intake(3).id
    );
}
