//! The daily chain: what was cut off or put back shows, today and on every later day.

use std::time::Duration;

use qingting::api::Intake;
use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::cases::{Cases, Damage, Verified};
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::store::{ReadSqlite, Sqlite, database_path};
use rusqlite::Connection;
use serde_json::json;

use crate::support::{Folder, NOW};

const DAY: i64 = 86_400_000;
const BUSY: Duration = Duration::from_secs(5);

struct Desk {
    folder: Folder,
    keys: Keys,
    cases: Cases,
}

impl Desk {
    fn new() -> Self {
        let folder = Folder::new();
        let store = Sqlite::open(folder.path(), BUSY).unwrap();
        let reader = ReadSqlite::open(folder.path(), BUSY).unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let cases = Cases::new(store, reader, Calendar::usual());
        Self {
            folder,
            keys,
            cases,
        }
    }

    fn complain(&self, n: u64, day: i64) -> String {
        let body = json!({"id": format!("{n:032x}"), "text": "pump leaks again. 3rd time!!", "safety": true});
        let body = serde_json::from_value(body).unwrap();
        let intake = Intake::from_value(&body).unwrap();
        let now = Timestamp(NOW + day * DAY);
        self.cases.take(&self.keys, &intake, now).unwrap().number
    }

    /// Lets days pass, each with what is due on it, and its end.
    fn pass(&self, days: std::ops::Range<i64>) -> usize {
        days.map(|day| {
            let now = Timestamp(NOW + day * DAY);
            while self.cases.run_due(&self.keys, now, 100).unwrap() > 0 {}
            self.cases.close_days(&self.keys, now).unwrap()
        })
        .sum()
    }

    fn verify(&self) -> Verified {
        let reader = ReadSqlite::open(self.folder.path(), BUSY).unwrap();
        Cases::verify(&reader, &self.keys).unwrap()
    }

    fn sql(&self, sql: &str) {
        let database = Connection::open(database_path(self.folder.path())).unwrap();
        database
            .execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}"))
            .unwrap();
    }
}

#[test]
fn every_day_closes_once_also_after_days_without_power() {
    let desk = Desk::new();
    desk.complain(1, 0);
    assert_eq!(desk.pass(1..2), 1);
    assert_eq!(desk.pass(1..2), 0, "a day closes once");
    assert_eq!(desk.pass(4..5), 3, "the days in between are not left out");
    let verified = desk.verify();
    assert_eq!((verified.cases, verified.damaged.len()), (1, 0));
    let (last, _) = verified.sealed.last.unwrap();
    assert_eq!(last, (NOW + 4 * DAY) / DAY - 1);
    assert_eq!(verified.sealed.broken, None);
}

#[test]
fn an_old_head_that_is_put_back_is_named_with_the_day_that_knew_better() {
    let desk = Desk::new();
    let number = desk.complain(1, 0);
    desk.complain(2, 0);
    desk.pass(1..2);
    // Somebody keeps the case as it was, seal and all, lets it go on, and puts the old end back.
    desk.sql("CREATE TABLE kept AS SELECT * FROM cases WHERE arrival = 1");
    desk.pass(2..5);
    assert_eq!(desk.verify().damaged, []);
    desk.sql(
        "DELETE FROM case_events WHERE id = (SELECT id FROM kept) AND seq > (SELECT last_seq FROM kept);
         UPDATE cases SET (last_seq, head, mac) = (SELECT last_seq, head, mac FROM kept) WHERE arrival = 1;
         DROP TABLE kept",
    );
    let verified = desk.verify();
    let [(named, Damage::Day(..))] = verified.damaged.as_slice() else {
        panic!("{verified:?}");
    };
    assert_eq!(*named, number);
    // The control: without the days nobody would know.
    desk.sql("DELETE FROM day_heads; DELETE FROM days");
    assert_eq!(desk.verify().damaged, []);
}

#[test]
fn a_case_that_is_taken_away_and_a_day_that_is_altered_are_named() {
    let desk = Desk::new();
    desk.complain(1, 0);
    desk.complain(2, 0);
    desk.pass(1..4);
    desk.sql("DELETE FROM case_events WHERE id = (SELECT id FROM cases WHERE arrival = 1); DELETE FROM cases WHERE arrival = 1");
    let verified = desk.verify();
    assert_eq!(verified.damaged.len(), 1);
    assert!(matches!(verified.damaged[0].1, Damage::Missing(_)));
    assert!(verified.damaged[0].1.to_string().contains("2026-11-23"));

    for sql in [
        "UPDATE days SET digest = zeroblob(32) WHERE day = (SELECT min(day) FROM days)",
        "UPDATE days SET mac = zeroblob(32) WHERE day = (SELECT max(day) FROM days)",
        "DELETE FROM day_heads WHERE day = (SELECT min(day) FROM days)",
        "DELETE FROM days WHERE day = (SELECT min(day) + 1 FROM days)",
        "UPDATE day_heads SET last_seq = last_seq - 1",
    ] {
        let desk = Desk::new();
        desk.complain(1, 0);
        desk.pass(1..4);
        assert_eq!(desk.verify().sealed.broken, None);
        desk.sql(sql);
        assert!(desk.verify().sealed.broken.is_some(), "{sql}");
    }
}
