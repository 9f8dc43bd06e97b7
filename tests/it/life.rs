//! What becomes of the data: backup and restore, everything out and in, a person out, retention, migrations cut off anywhere.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use qingting::endpoint::clock::DAY_MS;
use qingting::endpoint::store::{CopyError, ReadSqlite, Sqlite, database_path, load};
use qingting::survey::Value;
use rusqlite::Connection as Database;
use serde_json::{Value as Json, json};

use crate::disk::{Chance, Disk, after_cuts, snapshot};
use crate::ledger::{assert_sound, deliver, ledger, stored};
use crate::support::{Connection, Folder, Process, TestServer, qingting, sheet, sheet_of};

const BUSY: Duration = Duration::from_secs(5);

fn ran(arguments: &[&str], data: &Path) -> String {
    let (code, out, said) = qingting(arguments, data);
    assert_eq!(code, Some(0), "{arguments:?}: {said}{out}");
    out
}

#[test]
fn backup_under_load_has_everything_acknowledged_before_it_and_the_drill_restores_it() {
    let folder = Folder::new().with_survey();
    let process = Process::serve(folder.path());
    let (is_over, acked) = (AtomicBool::new(false), Mutex::new(BTreeSet::new()));
    let beside = Folder::new();
    let [copy, plain, new] = ["copy", "plain", "new"].map(|name| beside.path().join(name));
    std::fs::create_dir_all(&plain).unwrap();
    let (before, sent) = std::thread::scope(|scope| {
        for client in 0..4_u64 {
            let (is_over, acked, address) = (&is_over, &acked, process.address);
            scope.spawn(move || {
                let mut connection = Connection::open(address);
                let mut n = client * 100_000;
                while !is_over.load(Ordering::Relaxed) {
                    n += 1;
                    let answer = deliver(&mut connection, n, true).unwrap();
                    assert_eq!(answer.status, 201);
                    acked.lock().unwrap().insert(n);
                }
            });
        }
        std::thread::sleep(Duration::from_millis(900));
        let before = acked.lock().unwrap().clone();
        // The control: the file alone, as a careless script would copy it.
        std::fs::copy(database_path(folder.path()), database_path(&plain)).unwrap();
        let said = ran(&["backup", copy.to_str().unwrap()], folder.path());
        assert!(
            said.contains("everything that was acknowledged before 20"),
            "{said}"
        );
        std::thread::sleep(Duration::from_millis(200));
        is_over.store(true, Ordering::Relaxed);
        (before, (1..=400_000).collect::<BTreeSet<u64>>())
    });
    drop(process);
    assert!(before.len() > 20, "there was a load: {}", before.len());
    let (lost, ..) = ledger(&sent, &before, &stored(&plain));
    assert!(lost > 0, "the control loses");
    let restored = Command::new(env!("CARGO_BIN_EXE_qingting"))
        .args([
            "restore",
            copy.to_str().unwrap(),
            "--data",
            new.to_str().unwrap(),
        ])
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&restored.stdout).into_owned();
    assert!(
        restored.status.success() && said.contains("cases as they were written"),
        "{restored:?}"
    );
    assert_sound(&new);
    assert_eq!(ledger(&sent, &before, &stored(&new)), (0, 0, 0));
    // A copy is never written over.
    for arguments in [
        ["backup", copy.to_str().unwrap()],
        ["restore", copy.to_str().unwrap()],
    ] {
        let data = if arguments[0] == "backup" {
            folder.path()
        } else {
            new.as_path()
        };
        let (code, _, said) = qingting(&arguments, data);
        assert!(
            code == Some(1) && said.contains("there is a database already"),
            "{said}"
        );
    }
    // A device that sends again after the restore gets its receipt, and nothing is stored twice.
    let process = Process::serve(&new);
    let n = *before.iter().find(|n| *n % 10 != 7).unwrap();
    let again = deliver(&mut Connection::open(process.address), n, true).unwrap();
    assert_eq!(again.status, 200);
    assert_eq!(stored(&new)[&n], 1);
}

#[test]
fn sheet_that_comes_again_after_thirty_days_is_known() {
    let server = TestServer::start();
    let first = server.post(&sheet(1), 201).receipt();
    server.pass(45 * DAY_MS);
    assert_eq!(server.post(&sheet(1), 200).receipt(), first);
    assert_eq!(server.folder.rows().len(), 1);
}

/// Twelve texts of one person, in every place where one can be.
const MARKERS: [&str; 12] = [
    "wang.min@erased.example",
    "+49 170 5550123",
    "c-1700-erased",
    "Wang Min 王敏 erased",
    "the pallet stood in the rain, erased",
    "a field that names me, erased",
    "my own words in the survey, erased",
    "what I would like to have, erased",
    "everybody on my floor, erased",
    "another message of mine, erased",
    "a suggestion of mine, erased",
    "SO-1042-erased",
];

/// One person's sheet, complaint with a photo and a message, and suggestion; beside them somebody else's.
fn written(server: &TestServer) -> (String, String) {
    let mut mine = sheet_of(
        1,
        1,
        true,
        &[
            ("overall", Value::Number(2.0)),
            ("words", Value::from(MARKERS[6])),
        ],
    );
    let mut context = mine.get("context").unwrap().clone();
    context.set("contact", Value::from(MARKERS[2]));
    context.set("delivery", Value::from(MARKERS[11]));
    context.set(
        "fields",
        serde_json::from_value(json!({"note": MARKERS[5]})).unwrap(),
    );
    mine.set("context", context);
    server.post(&mine, 201);
    // Replaced once: what stood there before is overwritten, too.
    server.post(
        &sheet_of(3, 1, false, &[("words", Value::from(MARKERS[0]))]),
        201,
    );
    server.post(
        &sheet_of(
            3,
            2,
            true,
            &[
                ("overall", Value::Number(1.0)),
                ("words", Value::from(MARKERS[0])),
            ],
        ),
        200,
    );
    server.post(
        &sheet_of(
            2,
            1,
            true,
            &[
                ("overall", Value::Number(5.0)),
                ("words", Value::from("somebody else's words")),
            ],
        ),
        201,
    );
    let post = |path: &str, secret: &str, body: Json, status| {
        let bearer = format!("Bearer {secret}");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", bearer.as_str()),
        ];
        let answer = server.call("POST", path, &headers, body.to_string().as_bytes(), status);
        serde_json::from_slice::<Json>(&answer.body).unwrap()
    };
    let id = |n: u32| format!("{n:032x}");
    server.call(
        "POST",
        &format!("/v1/attachments/{}", id(9)),
        &[("content-type", "image/png")],
        include_bytes!("../fixtures/pixel.png"),
        201,
    );
    let case = post(
        "/v1/complaints",
        "",
        json!({
            "id": id(4), "text": MARKERS[4], "stage": "delivery", "urgency": "soon", "remedy_sought": MARKERS[7], "affected": MARKERS[8],
            "name": MARKERS[3], "mail": MARKERS[0], "phone": MARKERS[1], "consent": true, "photos": [id(9)],
            "context": {"delivery": MARKERS[11]},
        }),
        201,
    );
    let of = |key: &str| case[key].as_str().unwrap().to_owned();
    let (number, secret) = (of("number"), of("secret"));
    post(
        &format!("/v1/cases/{number}/messages"),
        &secret,
        json!({"id": id(5), "text": MARKERS[9]}),
        200,
    );
    post(
        "/v1/complaints",
        "",
        json!({"id": id(6), "intent": "suggestion", "text": MARKERS[10], "mail": "Wang.Min@Erased.example", "consent": true}),
        201,
    );
    post(
        "/v1/complaints",
        "",
        json!({"id": id(7), "text": "somebody else's complaint", "mail": "li@other.example", "consent": true}),
        201,
    );
    (number, secret)
}

/// Which of the markers stand anywhere in the folder's files. Copied by another process: a file of the database that this
/// one closes would take the endpoint's locks with it.
fn found(data: &Path) -> Vec<&'static str> {
    let copy = Folder::new();
    let mut command = Command::new("cp");
    let command = command.arg("-r").arg(data.join(".")).arg(copy.path());
    assert!(command.status().unwrap().success());
    let files = snapshot(copy.path());
    let holds = |marker: &&str| {
        files.values().any(|bytes| {
            bytes
                .windows(marker.len())
                .any(|window| window == marker.as_bytes())
        })
    };
    MARKERS.into_iter().filter(holds).collect()
}

const WHO: [&str; 6] = [
    "--contact",
    MARKERS[2],
    "--mail",
    "WANG.MIN@erased.example",
    "--phone",
    "+491705550123",
];

#[test]
fn erased_person_is_in_no_byte_and_does_not_come_back_with_a_backup() {
    let server = TestServer::start();
    let (number, secret) = written(&server);
    let data = server.folder.path();
    assert_eq!(found(data).len(), 12, "the control: all are there");
    let beside = Folder::new();
    let at = |name: &str| beside.path().join(name).display().to_string();
    ran(&["backup", &at("copy")], data);
    let mine = ran(&[&["export", "person"], &WHO[..]].concat(), data);
    for marker in MARKERS.iter().filter(|marker| **marker != MARKERS[2]) {
        assert!(mine.contains(marker), "{marker} is handed out: {mine}");
    }
    assert!(
        !mine.contains("somebody else") && mine.contains("\"photos\":[\"ffd8ff"),
        "{mine}"
    );
    let said = ran(&[&["erase"], &WHO[..]].concat(), data);
    assert!(
        said.contains("erased 2 answer sheets, 1 cases, 1 requests, suggestions and praise")
            && said.contains("none is left"),
        "{said}"
    );
    assert_eq!(found(data), Vec::<&str>::new());
    let said = ran(&["verify"], data);
    assert!(said.contains("2 cases are as they were written"), "{said}");
    // Once more changes nothing; the others are still there; the case goes on without words.
    let said = ran(&[&["erase"], &WHO[..]].concat(), data);
    assert!(
        said.contains("erased 0 answer sheets, 0 cases, 0"),
        "{said}"
    );
    assert_eq!(server.folder.rows().len(), 1);
    let headers = [("authorization", format!("Bearer {secret}"))];
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let seen = server.call("GET", &format!("/v1/cases/{number}"), &headers, b"", 200);
    assert!(!seen.text().contains("erased"), "{}", seen.text());
    server.call(
        "GET",
        &format!("/v1/cases/{number}/photos/{:032x}", 9),
        &headers,
        b"",
        404,
    );
    // The control of `verify`: words that go without the event are missed.
    let database = Database::open(database_path(data)).unwrap();
    database.execute("DELETE FROM case_words", []).unwrap();
    drop(database);
    let (code, out, _) = qingting(&["verify"], data);
    assert!(
        code == Some(1) && out.contains("the words of event 1"),
        "{out}"
    );
    // The backup still has them; restored with the list of those who were erased it has not.
    let restore = |to: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
        let output = command
            .args(["restore", &at("copy"), "--data", to])
            .args(more)
            .env_clear()
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    restore(&at("without"), &[]);
    assert_eq!(
        found(&beside.path().join("without")).len(),
        12,
        "the control: they come back"
    );
    let list = data.join("erased").display().to_string();
    let said = restore(&at("with"), &["--erased", &list]);
    assert!(!said.contains(" 0 records of erased people"), "{said}");
    let with = beside.path().join("with");
    let reader = ReadSqlite::open(&with, BUSY).unwrap();
    for marker in MARKERS {
        assert_eq!(reader.places_of(marker).unwrap(), [], "{marker}");
    }
    ran(&["verify"], &with);
}

#[test]
fn everything_out_and_in_again_is_the_same() {
    let server = TestServer::start();
    written(&server);
    let data = server.folder.path();
    let all = ran(&["export", "all"], data);
    assert_eq!(
        all,
        ran(&["export", "all"], data),
        "the same content gives the same bytes"
    );
    for table in [
        "surveys",
        "publications",
        "responses",
        "cases",
        "case_events",
        "case_words",
        "attachments",
        "feedback",
    ] {
        assert!(
            all.contains("{\"row\":{") && all.contains(&format!("\"table\":\"{table}\"")),
            "{table}"
        );
    }
    let beside = Folder::new();
    let file = beside.path().join("all.jsonl");
    let import = |text: &str, data: &Path| {
        std::fs::write(&file, text).unwrap();
        qingting(&["import", "data", file.to_str().unwrap()], data)
    };
    let new = beside.path().join("new");
    let (code, said, error) = import(&all, &new);
    assert!(
        code == Some(0) && said.contains(&format!("{} rows", all.lines().count() - 1)),
        "{said}{error}"
    );
    assert_eq!(ran(&["export", "all"], &new), all);
    std::fs::copy(data.join("keys"), new.join("keys")).unwrap();
    ran(&["verify"], &new);
    assert_sound(&new);
    let rows = crate::support::rows(&new);
    assert_eq!(rows, server.folder.rows());
    // Nothing is written over, and what is broken names its line and leaves nothing.
    assert!(import(&all, &new).2.contains("there is a database already"));
    let lines: Vec<_> = all.lines().collect();
    let broken = [
        ("", "line 1"),
        ("{}", "line 1"),
        (&lines[1..].join("\n"), "line 1"),
        (&all[..all.len() - 20], "this is no JSON"),
        (
            &all.replacen("\"table\":\"cases\"", "\"table\":\"case\"", 1),
            "no such table",
        ),
        (
            &all.replacen("\"receipt\"", "\"reciept\"", 1),
            "a value cannot be read",
        ),
        (
            &all.replacen("\"schema\":", "\"schema\":9", 1),
            "knows only up to",
        ),
    ];
    for (text, words) in broken {
        let other = Folder::new();
        let (code, _, said) = import(text, other.path());
        assert!(code == Some(1) && said.contains(words), "{words}: {said}");
        assert!(!database_path(other.path()).exists());
    }
    // A row that leads nowhere is no row.
    let orphan = all
        .lines()
        .filter(|line| !line.contains("\"table\":\"surveys\""))
        .collect::<Vec<_>>()
        .join("\n");
    let other = Folder::new();
    let error = load(other.path(), orphan.as_bytes(), BUSY);
    assert!(matches!(error, Err(CopyError::Store(_))), "{error:?}");
}

#[test]
fn retention_lets_go_at_its_time_and_not_before() {
    let server = TestServer::start_with(|config| {
        config.retention.responses = 730;
        config.retention.cases = 1_095;
    });
    let (number, secret) = written(&server);
    let bearer = format!("Bearer {secret}");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let body = json!({"id": format!("{:032x}", 8), "text": "It was our own mistake."}).to_string();
    server.call(
        "POST",
        &format!("/v1/cases/{number}/withdraw"),
        &headers,
        body.as_bytes(),
        200,
    );
    let database = Database::open(database_path(server.folder.path())).unwrap();
    let count = |sql: &str| {
        database
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let sheets = || count("SELECT count(*) FROM responses");
    let words = || count("SELECT count(*) FROM case_words JOIN cases USING (id) WHERE arrival = 1");
    let suggestions = || count("SELECT count(*) FROM feedback WHERE words <> '[]'");
    let photos = || count("SELECT count(*) FROM attachments WHERE case_id IS NOT NULL");
    let settle = |is_there: &dyn Fn() -> bool| {
        let begin = Instant::now();
        while !is_there() {
            assert!(
                begin.elapsed() < Duration::from_secs(10),
                "it is done at its time"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    // Two rounds of the scheduler, in which nothing may go.
    let rounds = || std::thread::sleep(Duration::from_millis(1_300));
    server.pass(730 * DAY_MS - 1);
    rounds();
    assert_eq!(sheets(), 3);
    server.pass(3_600_000);
    settle(&|| sheets() == 0);
    assert!(words() > 0 && suggestions() == 1 && photos() == 1);
    server.pass(365 * DAY_MS - 3_600_000 - DAY_MS);
    rounds();
    assert!(words() > 0 && suggestions() == 1 && photos() == 1);
    // The withdrawn case came to rest with the engine's last step at the latest.
    server.pass(40 * DAY_MS);
    settle(&|| words() == 0 && suggestions() == 0 && photos() == 0);
    // The open one keeps its words, and all of it is as it was written.
    let open = "SELECT count(*) FROM case_words JOIN cases USING (id) WHERE arrival = 2";
    assert!(count(open) > 0);
    ran(&["verify"], server.folder.path());
    // A clock that goes back lets go of nothing that came in by it.
    server.post(&sheet(50), 201);
    server.pass(-400 * DAY_MS);
    rounds();
    assert_eq!(sheets(), 1);
}

#[test]
fn migration_that_is_cut_off_anywhere_is_taken_up_again() {
    let folder = Folder::new();
    let database = Database::open(database_path(folder.path())).unwrap();
    database.pragma_update(None, "journal_mode", "WAL").unwrap();
    for sql in [
        include_str!("../fixtures/schema/1.sql"),
        include_str!("../fixtures/schema/1.rows.sql"),
    ] {
        database.execute_batch(sql).unwrap();
    }
    drop(database);
    let before = snapshot(folder.path());
    let disk = Disk::under(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
    command
        .args(["survey", "list", "--data"])
        .arg(folder.path())
        .env_clear();
    disk.put_under(&mut command);
    assert!(command.output().unwrap().status.success());
    let log = disk.log();
    // Between any two things that the disk was told; a long log is cut at some of them.
    let step = log.len() / 150 + 1;
    let cuts: Vec<_> = (0..=log.len()).step_by(step).collect();
    let newest = |data: &Path| {
        let database = Database::open(database_path(data)).unwrap();
        database
            .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))
            .unwrap()
    };
    let whole = newest(folder.path());
    let mut halfway = BTreeSet::new();
    after_cuts(&before, &log, &cuts, &mut Chance(33), |cut, found| {
        halfway.insert(newest(found.path()));
        Sqlite::open(found.path(), BUSY).unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        assert_sound(found.path());
        assert_eq!(newest(found.path()), whole, "cut at {cut}");
        let rows = crate::support::rows(found.path());
        assert_eq!(rows.len(), 3, "cut at {cut}");
        assert_eq!(
            rows[0].answers,
            "{\"overall\":4,\"words\":\"一箱少了两件\"}"
        );
    });
    println!(
        "{} cuts of a migration, found at the schemas {halfway:?}",
        cuts.len()
    );
    assert!(
        halfway.len() > 2,
        "some cuts came between two steps: {halfway:?}"
    );
}

#[test]
fn export_that_nobody_reads_on_does_not_hold_the_log_back() {
    let server = TestServer::start();
    let mut connection = Connection::open(server.address);
    let mut post = |from: u64, to: u64| {
        for n in from..to {
            assert_eq!(deliver(&mut connection, n, false).unwrap().status, 201);
        }
    };
    let log = || {
        std::fs::metadata(server.folder.path().join("qingting.db-wal"))
            .unwrap()
            .len()
    };
    post(1, 600);
    let mut export = Command::new(env!("CARGO_BIN_EXE_qingting"))
        .args(["export", "responses", "--format", "jsonl", "--data"])
        .arg(server.folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::with_capacity(64, export.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    post(600, 1_600);
    let beside = log();
    // It ends with what there was when it began.
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(1 + rest.lines().count(), 599);
    assert!(export.wait().unwrap().success());
    // The control: a read that stays open.
    let reader = Database::open(database_path(server.folder.path())).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM responses")
        .unwrap();
    post(1_600, 3_000);
    let held = log();
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    println!("log beside a stuck export {beside}, beside a long read {held} bytes");
    assert!(beside < 8 << 20, "{beside}");
    assert!(held > beside + (2 << 20), "the control grows: {held}");
    post(3_000, 3_010);
}
