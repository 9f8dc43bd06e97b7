//! A clock that jumps: nothing is lost, named twice, shut out or let go of because of it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::store::database_path;
use rusqlite::Connection as Database;

use crate::ledger::{assert_sound, deliver, is_long, ledger, stored};
use crate::sign_in::{PASSWORD, is_in, session, set_up_over, sign_in};
use crate::support::{Connection, NOW, TestServer, qingting, sheet};

fn count(server: &TestServer, sql: &str) -> i64 {
    let database = Database::open(database_path(server.folder.path())).unwrap();
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn jumps_under_load_lose_nothing_and_name_no_case_twice() {
    // The last second of winter time in the calendar's zone.
    let spring = "2027-03-28T00:59:59.000Z".parse::<Timestamp>().unwrap().0;
    let calendar = r#"{"zone": "Europe/Berlin", "week": {"mon": [["09:00", "17:00"]], "sun": [["00:00", "24:00"]]}}"#;
    let calendar = Calendar::from_json(calendar).unwrap();
    let (mut server, first) = set_up_over(|config| config.calendar = calendar);
    let first = session(&first);
    let (next, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let [sent, acked] = [(); 2].map(|()| Mutex::new(BTreeSet::new()));
    let numbers = Mutex::new(Vec::new());
    let second = std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let mut connection = Connection::open(server.address);
                while !is_over.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed) + 1;
                    sent.lock().unwrap().insert(n);
                    let answer = deliver(&mut connection, n, true).unwrap();
                    assert_eq!(answer.status, 201, "{}", answer.text());
                    acked.lock().unwrap().insert(n);
                    if let Some(number) = answer.json().get("number") {
                        let number = number.as_text().unwrap().to_owned();
                        numbers.lock().unwrap().push(number);
                    }
                }
            });
        }
        let pause = || {
            std::thread::sleep(Duration::from_millis(if is_long() { 5_000 } else { 700 }));
        };
        pause();
        assert!(is_in(&server, &first));
        server.pass(DAY_MS);
        pause();
        // Signed in while the clock is wrong.
        let second = session(&crate::sign_in::cookies(&sign_in(&server, PASSWORD, 200)));
        server.pass(-DAY_MS);
        pause();
        for session in [&first, &second] {
            assert!(
                is_in(&server, session),
                "nobody is sent away by a jump back"
            );
        }
        server.pass(-DAY_MS);
        pause();
        server.pass(DAY_MS);
        // A leap second that is played twice.
        server.pass(-1_000);
        pause();
        server.pass(spring - NOW);
        pause();
        is_over.store(true, Ordering::Relaxed);
        second
    });
    drop(second);
    let (sent, acked) = (sent.into_inner().unwrap(), acked.into_inner().unwrap());
    let found = ledger(&sent, &acked, &stored(server.folder.path()));
    assert_eq!(found, (0, 0, 0), "of {}", acked.len());
    let numbers = numbers.into_inner().unwrap();
    let distinct: BTreeSet<_> = numbers.iter().collect();
    println!(
        "{} acknowledged, {} cases, while the clock jumped",
        acked.len(),
        numbers.len()
    );
    assert!(numbers.len() > 10, "there were cases: {}", numbers.len());
    assert_eq!(distinct.len(), numbers.len());
    server.stop();
    assert_sound(server.folder.path());
    let (code, said, _) = qingting(&["verify"], server.folder.path());
    assert_eq!(code, Some(0), "{said}");
}

/// Lets the clock be wrong by ten years for a second: how many sheets are left of one.
fn after_a_jump(steady: Duration) -> i64 {
    let server = TestServer::start_with(move |config| config.limits.steady = steady);
    server.post(&sheet(1), 201);
    server.pass(3_653 * DAY_MS);
    std::thread::sleep(Duration::from_millis(1_500));
    server.pass(-3_653 * DAY_MS);
    std::thread::sleep(Duration::from_millis(700));
    count(&server, "SELECT count(*) FROM responses")
}

#[test]
fn clock_that_is_wrong_for_a_while_lets_go_of_nothing() {
    assert_eq!(after_a_jump(Duration::from_secs(3_600)), 1);
    // The control: who believes every clock lets go of everything.
    assert_eq!(after_a_jump(Duration::ZERO), 0);
    // A clock that stays where it is is believed after a while.
    let steady = Duration::from_millis(1_200);
    let server = TestServer::start_with(move |config| config.limits.steady = steady);
    server.post(&sheet(1), 201);
    server.pass(731 * DAY_MS);
    let begin = Instant::now();
    while count(&server, "SELECT count(*) FROM responses") > 0 {
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "it goes at its time"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(begin.elapsed() >= Duration::from_millis(600));
}

#[test]
fn whoever_was_limited_is_not_shut_out_by_a_clock_that_goes_back() {
    let (server, _) = set_up_over(|_| {});
    server.pass(DAY_MS);
    for _ in 0..10 {
        sign_in(&server, "not the password at all", 401);
    }
    sign_in(&server, PASSWORD, 429);
    server.pass(-DAY_MS);
    sign_in(&server, PASSWORD, 200);
}
