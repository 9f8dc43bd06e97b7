//! Commits, locks and schemas of the store, without HTTP where that is shorter.

use std::time::{Duration, Instant};

use qingting::api::{ProblemCode, SubmissionId};
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::metrics::Metrics;
use qingting::endpoint::store::writer::{WriteError, Writer};
use qingting::endpoint::store::{
    Kept, Lateness, Outcome, Sheet, Sqlite, Store, StoreError, database_path,
};
use rusqlite::Connection;

use crate::ledger::{deliver, is_long};
use crate::support::{Folder, NOW, TestServer, sheet};

const BUSY: Duration = Duration::from_millis(300);

fn row(n: u128) -> Sheet {
    Sheet {
        id: SubmissionId::from_bytes(n.to_be_bytes()),
        survey: "delivery".to_owned(),
        version: 1,
        revision: 1,
        complete: true,
        page: None,
        locale: "zh-CN".to_owned(),
        started_at: "2026-11-23T10:00:00.000Z".to_owned(),
        elapsed_ms: 41_200,
        received_at: Timestamp(NOW),
        channel: "embed".to_owned(),
        delivery: Some("SO-1042".to_owned()),
        account: None,
        contact: None,
        verified: false,
        invitation: None,
        once: false,
        test: false,
        suspect: false,
        fields: "{}".to_owned(),
        answers: format!(
            "{{\"overall\":4,\"words\":\"{}\"}}",
            "一箱少了两件 ".repeat(20)
        ),
        lateness: Lateness::Current,
        receipt: "7K3M-9XPD".to_owned(),
        photos: Vec::new(),
        digest: [7; 32],
    }
}

#[test]
fn database_runs_with_full_synchronisation_in_wal_mode() {
    let folder = Folder::new().with_survey();
    let _store = Sqlite::open(folder.path(), BUSY).unwrap();
    let connection = Connection::open(database_path(folder.path())).unwrap();
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    // `synchronous` belongs to a connection: read where it is set.
    // The power cuts of `ledger` show that it is; this says it in a second.
    let source = include_str!("../../src/endpoint/store/sqlite.rs");
    assert!(source.contains("synchronous: Synchronous::Full,"));
}

#[test]
fn one_batch_is_one_transaction_and_sees_itself() {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), BUSY).unwrap();
    let other = Sheet {
        digest: [8; 32],
        ..row(1)
    };
    let outcomes = store.commit(&[row(1), row(1), other, row(2)]).unwrap();
    assert!(
        matches!(
            outcomes.as_slice(),
            [
                Outcome::Created(_),
                Outcome::Known(_),
                Outcome::AlreadyComplete,
                Outcome::Created(_)
            ]
        ),
        "{outcomes:?}"
    );
    // One sheet that the database refuses takes the whole batch back: nothing of it was acknowledged.
    let homeless = Sheet {
        survey: "no-such-survey".to_owned(),
        ..row(4)
    };
    assert!(store.commit(&[row(3), homeless]).is_err());
    assert_eq!(folder.rows().len(), 2);
}

/// Holds the database for `held` while a sheet comes in: how long that took, and its status.
fn behind_a_lock(server: &TestServer, n: u64, held: Duration) -> (u16, Duration) {
    let other = Connection::open(database_path(server.folder.path())).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let sent = scope.spawn(|| {
            let begin = Instant::now();
            let body = serde_json::to_vec(&sheet(n)).unwrap();
            let headers = [("content-type", "application/json")];
            let answer = crate::support::Connection::open(server.address)
                .call("POST", "/v1/responses", &headers, &body)
                .unwrap();
            answer.check(answer.status, server.folder.path());
            (answer.status, begin.elapsed())
        });
        // Reading goes on meanwhile.
        std::thread::sleep(held / 2);
        server.get("/v1/surveys/delivery", 200);
        std::thread::sleep(held / 2);
        other.execute_batch("COMMIT").unwrap();
        sent.join().unwrap()
    })
}

#[test]
fn locked_database_is_waited_for_and_then_refused_with_retry_after() {
    // As promised in the long form, a tenth of it otherwise.
    let tenth = |seconds| Duration::from_millis(if is_long() { 1_000 } else { 100 }) * seconds;
    let patient = |busy| TestServer::start_with(move |config| config.limits.busy = busy);
    let server = patient(tenth(5));
    let (status, took) = behind_a_lock(&server, 1, tenth(3));
    assert_eq!(status, 201);
    assert!(took >= tenth(2), "{took:?}");
    let (status, took) = behind_a_lock(&server, 2, tenth(30));
    assert_eq!(status, 503);
    assert!(took >= tenth(4) && took < tenth(9), "{took:?}");
    // It recovers by itself.
    server.post(&sheet(2), 201);
    assert_eq!(server.folder.rows().len(), 2);
    // The control: who waits for nobody refuses what would have been stored.
    let hasty = patient(Duration::from_millis(1));
    assert_eq!(behind_a_lock(&hasty, 1, tenth(3)).0, 503);
}

#[test]
fn log_stays_within_its_limit_beside_whoever_reads_on_and_on() {
    const MOST: u64 = 2 << 20;
    let seconds = if is_long() { 600 } else { 3 };
    let read_on = |most: u64, seconds| {
        let server = TestServer::start_with(move |config| config.limits.log = most);
        let log = || {
            let path = server.folder.path().join("qingting.db-wal");
            std::fs::metadata(path).unwrap().len()
        };
        let reader = Connection::open(database_path(server.folder.path())).unwrap();
        reader
            .execute_batch("BEGIN; SELECT count(*) FROM responses")
            .unwrap();
        let (mut taken, mut refused, mut largest) = (0, 0, 0);
        let mut connection = crate::support::Connection::open(server.address);
        let begin = Instant::now();
        let mut n = 0;
        while begin.elapsed() < Duration::from_secs(seconds) {
            n += 1;
            match deliver(&mut connection, n, false).unwrap().status {
                201 => taken += 1,
                503 => {
                    refused += 1;
                    std::thread::sleep(Duration::from_millis(20));
                }
                other => panic!("{other}"),
            }
            largest = largest.max(log());
        }
        server.get("/v1/surveys/delivery", 200);
        reader.execute_batch("COMMIT").unwrap();
        // It ends, and everything goes on.
        server.post(&sheet(1_000_000), 201);
        assert_eq!(server.folder.rows().len(), taken + 1, "none lost");
        (taken, refused, largest, log())
    };
    let (taken, refused, largest, after) = read_on(MOST, seconds);
    println!(
        "beside a reader of {seconds} s: {taken} taken, {refused} refused, a log of {largest}, then {after} bytes"
    );
    assert!(taken > 50 && refused > 0);
    // What one transaction adds comes on top.
    assert!(
        largest < MOST + (1 << 20) && after < MOST,
        "{largest} {after}"
    );
    // The control: without a limit it grows on.
    let (_, refused, grown, _) = read_on(u64::MAX, 3);
    assert!(refused == 0 && grown > 2 * MOST, "{grown}");
}

#[test]
fn database_without_space_answers_507_and_recovers_by_itself() {
    /// Lets the database grow no further while told so: SQLite then reports a full disk.
    #[derive(Debug)]
    struct Narrow(std::path::PathBuf, Option<Sqlite>);
    impl Store for Narrow {
        fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
            if self.0.join("full").exists() {
                let connection = Connection::open(database_path(&self.0))?;
                connection.pragma_update(None, "max_page_count", 1)?;
                connection.execute_batch(
                    "BEGIN IMMEDIATE; CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(1000000)); ROLLBACK",
                )?;
            }
            self.1.as_mut().unwrap().commit(batch)
        }
    }
    let folder = Folder::new().with_survey();
    let path = folder.path().to_owned();
    let server = TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (Narrow(path, Some(store)), std::sync::Arc::new(reader)),
    );
    let flag = server.folder.path().join("full");
    std::fs::write(&flag, "").unwrap();
    assert_eq!(
        server.post(&sheet(1), 507).refusal().0,
        ProblemCode::StorageFull
    );
    server.get("/v1/surveys/delivery", 200);
    std::fs::remove_file(flag).unwrap();
    server.post(&sheet(1), 201);
    assert_eq!(server.folder.rows().len(), 1);
}

/// Waits before each commit, and counts them.
#[derive(Debug)]
struct Slow(std::sync::Arc<std::sync::Mutex<Vec<usize>>>);

impl Store for Slow {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        std::thread::sleep(Duration::from_millis(150));
        self.0.lock().unwrap().push(batch.len());
        let kept = |sheet: &Sheet| Kept {
            receipt: String::new(),
            received_at: sheet.received_at,
            revision: 1,
            complete: true,
        };
        Ok(batch
            .iter()
            .map(|sheet| Outcome::Created(kept(sheet)))
            .collect())
    }
}

#[tokio::test]
async fn waiting_sheets_are_gathered_into_one_commit_and_a_full_queue_is_told_at_once() {
    let commits = std::sync::Arc::default();
    let (writer, thread) = Writer::start(
        Slow(std::sync::Arc::clone(&commits)),
        20,
        256,
        BUSY,
        Metrics::new(),
    )
    .unwrap();
    let store = |n| {
        let writer = writer.clone();
        tokio::spawn(async move { writer.store(row(n)).await })
    };
    let first = store(0);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let waiting: Vec<_> = (1..=20).map(store).collect();
    tokio::time::sleep(Duration::from_millis(30)).await;
    let begin = Instant::now();
    assert_eq!(store(21).await.unwrap(), Err(WriteError::Busy));
    assert!(begin.elapsed() < Duration::from_millis(50));
    assert!(first.await.unwrap().is_ok());
    for waiting in waiting {
        assert!(waiting.await.unwrap().is_ok());
    }
    drop(writer);
    thread.join().unwrap();
    assert_eq!(*commits.lock().unwrap(), [1, 20]);
}

#[test]
fn newer_schema_is_refused_and_left_alone() {
    let folder = Folder::new().with_survey();
    let connection = Connection::open(database_path(folder.path())).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    let error = Sqlite::open(folder.path(), BUSY).unwrap_err();
    assert!(matches!(error, StoreError::NewerSchema { found: 99, .. }));
    assert!(error.to_string().contains("newer qingting"));
    assert_eq!(
        connection
            .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))
            .unwrap(),
        99
    );
}

#[test]
fn file_that_is_no_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    let text = "Dear customer, this is a letter and no database at all. ".repeat(100);
    std::fs::write(database_path(folder.path()), &text).unwrap();
    assert!(matches!(
        Sqlite::open(folder.path(), BUSY),
        Err(StoreError::Damaged(_))
    ));
    assert_eq!(
        std::fs::read_to_string(database_path(folder.path())).unwrap(),
        text
    );
}

/// A figure, not a race: the ratio of one run, printed with `--nocapture`. The bound is far below what was measured.
#[test]
fn group_commit_is_faster_than_one_commit_each() {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    let mut next = 0_u128;
    let mut rate = |batch: usize, commits: usize| {
        let begin = Instant::now();
        for _ in 0..commits {
            let sheets: Vec<_> = (0..batch)
                .map(|_| {
                    next += 1;
                    row(next.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
                })
                .collect();
            store.commit(&sheets).unwrap();
        }
        (batch * commits) as f64 / begin.elapsed().as_secs_f64()
    };
    let (single, group, large) = (rate(1, 300), rate(16, 60), rate(64, 30));
    println!("rows/s with 1, 16 and 64 rows in a commit: {single:.0}, {group:.0}, {large:.0}");
    assert!(
        group > single && large > single,
        "{single:.0} {group:.0} {large:.0}"
    );
}
