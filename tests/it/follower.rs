//! What follows from what is on disk: call-backs after low scores, and who is told of what; each thing once, whenever the
//! program ends.

use std::collections::BTreeMap;
use std::time::Duration;

use qingting::api::{Intake, SubmissionId};
use qingting::complaint::notice::Notice;
use qingting::complaint::{Role, StaffId};
use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::cases::Cases;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::follower::Follower;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::publish::publish;
use qingting::endpoint::store::{
    Backlog, CallBack, CallBackChange, Channel, Derived, Ending, Lateness, OutboxRow, OutboxState,
    ReadSqlite, Sheet, Sqlite, Store, database_path,
};
use qingting::survey::Value;
use rusqlite::Connection;
use serde_json::json;

use crate::support::{Folder, NOW, TestServer, sheet_of};

const BUSY: Duration = Duration::from_secs(5);
const HOUR: i64 = 3_600_000;
/// One rating of each measure, and one whose author says what is low.
const SURVEY: &str = r#"{"pages": [{"name": "p", "elements": [
    {"type": "rating", "name": "recommend", "metric": "nps", "rateMin": 0, "rateMax": 10},
    {"type": "rating", "name": "overall", "metric": "csat", "rateMin": 1, "rateMax": 5},
    {"type": "rating", "name": "effort", "metric": "ces", "rateMin": 1, "rateMax": 7},
    {"type": "rating", "name": "speed", "valueName": "pace", "complaintBelow": 2, "rateMin": 1, "rateMax": 5},
    {"type": "comment", "name": "words"}
]}]}"#;

struct Desk {
    folder: Folder,
    store: Sqlite,
    reader: ReadSqlite,
    follower: Follower,
    manager: StaffId,
}

fn follower(folder: &Folder) -> Follower {
    Follower::new(
        Sqlite::open(folder.path(), BUSY).unwrap(),
        ReadSqlite::open(folder.path(), BUSY).unwrap(),
        Calendar::usual(),
    )
}

impl Desk {
    fn new() -> Self {
        let folder = Folder::new();
        publish(folder.path(), "delivery", SURVEY, BUSY, Timestamp(NOW)).unwrap();
        let mut store = Sqlite::open(folder.path(), BUSY).unwrap();
        let add = |store: &mut Sqlite, key: u8, role| {
            let name = format!("person {key}");
            store
                .add_staff(&name, role, [key; 32], Timestamp(NOW))
                .unwrap()
                .unwrap()
        };
        let manager = add(&mut store, 1, Role::CaseManager);
        add(&mut store, 2, Role::Executive);
        // Nothing is sent from here: what would be is only looked at.
        store
            .add_receiver(
                "erp",
                "https://erp.example.com/",
                Channel::Webhook,
                Timestamp(NOW),
            )
            .unwrap();
        let reader = ReadSqlite::open(folder.path(), BUSY).unwrap();
        let follower = follower(&folder);
        Self {
            folder,
            store,
            reader,
            follower,
            manager,
        }
    }

    fn take(&mut self, n: u128, revision: u32, complete: bool, answers: &serde_json::Value) {
        self.take_at(n, revision, complete, answers, (NOW, false));
    }

    fn take_at(
        &mut self,
        n: u128,
        revision: u32,
        complete: bool,
        answers: &serde_json::Value,
        (at, test): (i64, bool),
    ) {
        let sheet = Sheet {
            id: SubmissionId::from_bytes(n.to_be_bytes()),
            survey: "delivery".to_owned(),
            version: 1,
            revision,
            complete,
            page: None,
            locale: "zh-CN".to_owned(),
            started_at: "2026-11-23T10:00:00.000Z".to_owned(),
            elapsed_ms: 41_200,
            received_at: Timestamp(at),
            channel: "embed".to_owned(),
            delivery: None,
            account: Some("A-7".to_owned()),
            contact: None,
            verified: false,
            invitation: None,
            once: false,
            test,
            suspect: false,
            fields: "{}".to_owned(),
            answers: answers.to_string(),
            lateness: Lateness::Current,
            receipt: "7K3M-9XPD".to_owned(),
            photos: Vec::new(),
            digest: [u8::try_from(revision).unwrap(); 32],
        };
        self.store.commit(&[sheet]).unwrap();
    }

    fn catch_up(&self) {
        while self.follower.follow(Timestamp(NOW), 7).unwrap() > 0 {}
    }

    fn call_back(&self, n: u128) -> Option<CallBack> {
        self.reader.call_back(n.to_be_bytes()).unwrap()
    }

    fn kinds(&self, n: u128) -> Vec<String> {
        let rows = self.reader.outbox(OutboxState::Waiting, 1_000).unwrap();
        let of = rows.into_iter().rev();
        of.filter(|row| row.subject == n.to_be_bytes())
            .map(|row| row.kind)
            .collect()
    }
}

#[test]
fn low_score_is_called_back_within_48_hours_and_one_point_more_is_not() {
    let mut desk = Desk::new();
    let cases = [
        (1, json!({"recommend": 6}), Some(("recommend", 6.0))),
        (2, json!({"recommend": 7}), None),
        (3, json!({"overall": 2}), Some(("overall", 2.0))),
        (4, json!({"overall": 3}), None),
        (5, json!({"effort": 3}), Some(("effort", 3.0))),
        (6, json!({"effort": 4}), None),
        // The author says what is low, and stores the answer under another name.
        (7, json!({"pace": 1}), Some(("speed", 1.0))),
        (8, json!({"pace": 2}), None),
        // Several: the one that is the farthest off.
        (
            9,
            json!({"recommend": 5, "overall": 2, "effort": 1}),
            Some(("effort", 1.0)),
        ),
        (10, json!({"words": "发票又开错了,第三次"}), None),
    ];
    for (n, answers, _) in &cases {
        desk.take(*n, 1, true, answers);
    }
    desk.catch_up();
    for (n, answers, expected) in cases {
        let found = desk.call_back(n);
        let told = found.as_ref().map(|one| (one.question.as_str(), one.score));
        assert_eq!(told, expected, "{answers}");
        let kinds = desk.kinds(n);
        let Some(found) = found else {
            assert_eq!(kinds, ["answer"], "{answers}");
            continue;
        };
        assert_eq!(found.due_at, NOW + 48 * HOUR, "{answers}");
        assert_eq!(
            found.owner, desk.manager,
            "nobody acts for A-7: the stand-in calls"
        );
        assert_eq!(kinds, ["answer", "low-score", "call-back"], "{answers}");
    }
}

#[test]
fn a_sheet_that_comes_in_parts_is_called_back_once_and_a_test_never() {
    let mut desk = Desk::new();
    let low = json!({"recommend": 2});
    // A partial sheet counts where the measure was answered; the clock runs from there.
    desk.take_at(1, 1, false, &low, (NOW, false));
    desk.catch_up();
    let first = desk.call_back(1).unwrap();
    assert_eq!((first.score, first.due_at), (2.0, NOW + 48 * HOUR));
    assert_eq!(desk.kinds(1), ["low-score", "call-back"]);
    desk.take_at(
        1,
        2,
        false,
        &json!({"recommend": 2, "words": "迟到"}),
        (NOW + HOUR, false),
    );
    desk.take_at(
        1,
        3,
        true,
        &json!({"recommend": 2, "words": "迟到三天"}),
        (NOW + 2 * HOUR, false),
    );
    desk.catch_up();
    assert_eq!(desk.call_back(1).unwrap(), first);
    assert_eq!(desk.kinds(1), ["low-score", "call-back", "answer"]);
    // A slip of the finger that the same sheet corrects.
    desk.take(2, 1, false, &json!({"recommend": 0}));
    desk.catch_up();
    desk.take(2, 2, true, &json!({"recommend": 10}));
    desk.catch_up();
    let corrected = desk.call_back(2).unwrap();
    assert_eq!(corrected.ended, Some((NOW, Ending::Corrected)));
    // One that was only typed to see what happens.
    desk.take_at(3, 1, true, &low, (NOW, true));
    desk.catch_up();
    assert_eq!((desk.call_back(3), desk.kinds(3)), (None, Vec::new()));
    // What a person ended is not opened again by a late revision.
    desk.take(4, 1, false, &low);
    desk.catch_up();
    let by = desk.manager;
    let note = (Ending::Reached, "rang her, pallet comes tomorrow");
    let id = 4_u128.to_be_bytes();
    assert!(desk.store.end_call_back(id, 1, note, by, NOW).unwrap());
    assert!(!desk.store.end_call_back(id, 1, note, by, NOW).unwrap());
    desk.take(4, 2, true, &json!({"recommend": 1}));
    desk.catch_up();
    assert_eq!(
        desk.call_back(4).unwrap().ended,
        Some((NOW, Ending::Reached))
    );
}

#[test]
fn a_call_back_that_nobody_makes_is_missed_once_and_its_owner_hears_of_it() {
    let mut desk = Desk::new();
    desk.take(1, 1, true, &json!({"recommend": 3}));
    desk.catch_up();
    let due = NOW + 48 * HOUR;
    assert_eq!(
        desk.follower.miss_call_backs(Timestamp(due - 1)).unwrap(),
        0
    );
    assert_eq!(desk.follower.miss_call_backs(Timestamp(due)).unwrap(), 1);
    assert_eq!(
        desk.follower
            .miss_call_backs(Timestamp(due + HOUR))
            .unwrap(),
        0
    );
    assert_eq!(desk.call_back(1).unwrap().missed_at, Some(due));
    assert_eq!(
        desk.kinds(1),
        ["answer", "low-score", "call-back", "breach"]
    );
}

fn complaint(n: usize) -> Intake {
    let body = json!({
        "id": format!("{:032x}", 1_000 + n), "text": "第三次了,还是没人来", "stage": "use", "urgency": "soon",
        "mail": "li@example.com", "consent": n.is_multiple_of(2), "context": {"channel": "embed"}
    });
    let value: Value = serde_json::from_value(body).unwrap();
    Intake::from_value(&value).unwrap()
}

#[test]
fn whoever_has_to_know_of_a_case_is_told_and_whoever_did_not_agree_is_not() {
    let desk = Desk::new();
    let keys = Keys::open(desk.folder.path()).unwrap();
    let cases = Cases::new(
        Sqlite::open(desk.folder.path(), BUSY).unwrap(),
        ReadSqlite::open(desk.folder.path(), BUSY).unwrap(),
        Calendar::usual(),
    );
    for n in 0..2 {
        cases.take(&keys, &complaint(n), Timestamp(NOW)).unwrap();
    }
    desk.catch_up();
    let agreed = desk.kinds(1_000);
    assert_eq!(
        agreed,
        ["assignment", "complaint", "acknowledgement", "state-change"]
    );
    assert_eq!(
        desk.kinds(1_001),
        ["assignment", "complaint", "state-change"]
    );
    // Nothing in it names the customer, opens the case or can be read as a word of theirs.
    let connection = Connection::open(database_path(desk.folder.path())).unwrap();
    let all: String = connection
        .query_row(
            "SELECT group_concat(channel || kind || about || hex(subject) || seq || staff || coalesce(error, '')) FROM outbox",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let secret = keys.case_secret(&1_000_u128.to_be_bytes(), 1);
    assert!(!all.contains("li@") && !all.contains(&secret) && !all.contains("第三次"));
    for notice in Notice::ALL {
        assert_eq!(Notice::of(notice.code()), Some(notice));
    }
}

#[test]
fn sheet_that_is_erased_while_it_is_followed_leaves_nobody_to_call() {
    let mut desk = Desk::new();
    for n in 1..=2 {
        desk.take(n, 1, true, &json!({"recommend": 1}));
    }
    let (from, entries) = desk.reader.journal(9).unwrap();
    let low = |n: u128| {
        CallBackChange::Low(CallBack {
            response: n.to_be_bytes(),
            survey: "delivery".to_owned(),
            question: "recommend".to_owned(),
            score: 1.0,
            account: None,
            contact: Some("c-17".to_owned()),
            owner: desk.manager,
            created_at: NOW,
            due_at: NOW + 1,
            missed_at: None,
            ended: None,
            note: None,
            version: 1,
        })
    };
    let derived = Derived {
        from,
        to: entries.last().unwrap().n,
        outbox: Vec::new(),
        call_backs: vec![low(1), low(2)],
    };
    // Read, and only then erased.
    let erased = SubmissionId::from_bytes(1_u128.to_be_bytes());
    desk.store.erase_responses(&[erased], &[], NOW).unwrap();
    assert!(desk.store.derive(&derived).unwrap());
    assert_eq!(desk.call_back(1), None);
    // The control: the other sheet is there, and its customer is called.
    assert!(desk.call_back(2).is_some());
}

/// Everything that was derived, without numbers that depend on when.
fn derived(reader: &ReadSqlite) -> BTreeMap<String, usize> {
    let mut derived = BTreeMap::new();
    for row in reader.outbox(OutboxState::Waiting, 100_000).unwrap() {
        let OutboxRow {
            channel,
            kind,
            subject,
            seq,
            staff,
            ..
        } = row;
        let what = format!("{channel:?} {kind} {subject:?} {seq} {staff:?}");
        *derived.entry(what).or_default() += 1;
    }
    for one in reader.call_backs(false).unwrap() {
        *derived.entry(format!("call back {one:?}")).or_default() += 1;
    }
    derived
}

#[test]
fn ends_at_every_boundary_derive_nothing_twice_and_leave_nothing_out() {
    let fill = |desk: &mut Desk| {
        for n in 0..60_u32 {
            let answers = json!({"recommend": n % 11});
            desk.take(u128::from(n) + 1, 1, n % 3 == 0, &answers);
            if n % 3 != 0 {
                desk.take(
                    u128::from(n) + 1,
                    2,
                    true,
                    &json!({"recommend": n % 11, "words": "."}),
                );
            }
        }
        let keys = Keys::open(desk.folder.path()).unwrap();
        let cases = Cases::new(
            Sqlite::open(desk.folder.path(), BUSY).unwrap(),
            ReadSqlite::open(desk.folder.path(), BUSY).unwrap(),
            Calendar::usual(),
        );
        for n in 0..20 {
            cases.take(&keys, &complaint(n), Timestamp(NOW)).unwrap();
        }
    };
    let mut calm = Desk::new();
    fill(&mut calm);
    calm.catch_up();
    let expected = derived(&calm.reader);
    assert!(expected.len() > 150, "only {}", expected.len());
    assert!(expected.values().all(|count| *count == 1));

    // The program ends after each commit, and between reading and writing: whatever it had derived is gone with it.
    let mut crashed = Desk::new();
    fill(&mut crashed);
    let mut rounds = 0;
    loop {
        let program = follower(&crashed.folder);
        let most = 1 + rounds % 5;
        let moved = program.follow(Timestamp(NOW), most).unwrap();
        // Two programs that read the same entries: the slower one stores nothing.
        let (mark, entries) = crashed.reader.journal(3).unwrap();
        if let Some(last) = entries.last() {
            let stale = qingting::endpoint::store::Derived {
                from: mark - 1,
                to: last.n,
                ..Default::default()
            };
            assert!(!crashed.store.derive(&stale).unwrap());
        }
        rounds += 1;
        if moved == 0 {
            break;
        }
    }
    assert!(rounds > 40, "only {rounds} rounds");
    assert_eq!(derived(&crashed.reader), expected);
    assert_eq!(crashed.follower.lag(Timestamp(NOW)).unwrap().waiting, 0);

    // The control: a follower that moves its mark in a transaction of its own, before or after, loses or repeats.
    let mut careless = Desk::new();
    fill(&mut careless);
    let connection = Connection::open(database_path(careless.folder.path())).unwrap();
    let (mark, entries) = careless.reader.journal(1_000).unwrap();
    let half = entries[entries.len() / 2].n;
    connection
        .execute(
            "UPDATE follower SET mark = ?2 WHERE mark = ?1",
            (mark, half),
        )
        .unwrap();
    careless.catch_up();
    assert!(derived(&careless.reader).len() < expected.len());
}

#[test]
fn killed_endpoint_goes_on_where_it_was() {
    let mut server = TestServer::start();
    for n in 1..=30 {
        let score = Value::Number((1 + n % 5) as f64);
        server.post(&sheet_of(n, 1, true, &[("overall", score)]), 201);
    }
    server.stop();
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    let follower = follower(&server.folder);
    while follower.follow(Timestamp(NOW), 200).unwrap() > 0 {}
    // 1 and 2 of 5 are low.
    assert_eq!(reader.call_backs(true).unwrap().len(), 12);
    assert_eq!(follower.lag(Timestamp(NOW)).unwrap().waiting, 0);
    // No system listens here: nothing is written down for any.
    assert_eq!(
        reader.backlog(Channel::Webhook).unwrap(),
        Backlog::default()
    );
}

#[test]
fn outbox_is_claimed_once_at_a_time_tried_again_given_up_and_replayed() {
    let mut desk = Desk::new();
    for n in 1..=3 {
        desk.take(n, 1, true, &json!({"recommend": 9}));
    }
    desk.catch_up();
    let mut other = Sqlite::open(desk.folder.path(), BUSY).unwrap();
    desk.store.fan_out(NOW).unwrap();
    let minute = 60_000;
    let first = desk
        .store
        .claim_outbox(Channel::Webhook, NOW, minute, 2)
        .unwrap();
    let second = other
        .claim_outbox(Channel::Webhook, NOW, minute, 9)
        .unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    assert!(
        desk.store
            .claim_outbox(Channel::Mail, NOW, minute, 9)
            .unwrap()
            .is_empty()
    );
    // One is delivered, one fails, the third one's program dies.
    desk.store.settle_outbox(first[0].id, NOW).unwrap();
    desk.store
        .retry_outbox(first[1].id, NOW + 5 * minute, "503")
        .unwrap();
    let next = other
        .claim_outbox(Channel::Webhook, NOW + minute, minute, 9)
        .unwrap();
    let ids: Vec<_> = next.iter().map(|row| (row.id, row.attempts)).collect();
    assert_eq!(ids, [(second[0].id, 2)]);
    other.settle_outbox(second[0].id, NOW + minute).unwrap();
    let next = other
        .claim_outbox(Channel::Webhook, NOW + 5 * minute, minute, 9)
        .unwrap();
    assert_eq!(next.len(), 1);
    assert_eq!(
        (next[0].attempts, next[0].error.as_deref()),
        (2, Some("503"))
    );
    desk.store.bury_outbox(next[0].id, NOW, "410").unwrap();
    // What a slow try says later changes nothing.
    desk.store.settle_outbox(next[0].id, NOW).unwrap();
    let backlog = desk.reader.backlog(Channel::Webhook).unwrap();
    assert_eq!(
        backlog,
        Backlog {
            waiting: 0,
            oldest_at: None,
            dead: 1
        }
    );
    assert_eq!(desk.reader.outbox(OutboxState::Dead, 9).unwrap().len(), 1);
    assert!(desk.store.replay_outbox(next[0].id, NOW).unwrap());
    assert!(!desk.store.replay_outbox(next[0].id, NOW).unwrap());
    let again = desk
        .store
        .claim_outbox(Channel::Webhook, NOW, minute, 9)
        .unwrap();
    assert_eq!((again.len(), again[0].attempts), (1, 1));
}
