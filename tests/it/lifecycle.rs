//! The life of a published survey: dates, limits, withdrawal, rollback, tests, what is shown of it.

use std::sync::Barrier;

use qingting::api::ProblemCode;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::store::database_path;
use qingting::survey::Value;
use rusqlite::Connection;

use crate::support::{Folder, NOW, SURVEY, TestServer, qingting, sheet, sheet_of};

const GET: &str = "/v1/surveys/delivery";

/// Runs a command that must succeed: its output.
fn run(server: &TestServer, arguments: &[&str]) -> String {
    let (code, out, said) = qingting(arguments, server.folder.path());
    assert_eq!(code, Some(0), "{said}");
    out
}

/// The code of the one field that a refusal names.
fn field(answer: &crate::support::Answer) -> (ProblemCode, String) {
    let problem = answer.problem();
    (problem.code, problem.errors[0].code.clone())
}

/// A sheet of test mode.
fn test_sheet(n: u64) -> Value {
    let mut body = sheet(n);
    let mut context = body.get("context").unwrap().clone();
    context.set("test", Value::Bool(true));
    body.set("context", context);
    body
}

#[test]
fn withdrawn_survey_is_closed_in_words_and_still_takes_sheets_for_30_days() {
    let server = TestServer::start();
    // The 30 days begin with the command, which has no clock but the machine's.
    server.keep_the_machines_time();
    server.post(&sheet_of(1, 1, false, &[]), 201);
    let withdraw = ["survey", "withdraw", "delivery"];
    assert_eq!(run(&server, &withdraw), "withdrew delivery version 1\n");
    assert!(run(&server, &withdraw).starts_with("unchanged"));
    let answer = server.get(GET, 404);
    assert_eq!(
        field(&answer),
        (ProblemCode::SurveyClosed, "withdrawn".to_owned())
    );
    let words = answer.problem().message;
    assert!(
        words
            .iter()
            .any(|(tag, text)| tag == "en" && text.contains("closed"))
    );
    assert!(
        words
            .iter()
            .any(|(tag, text)| tag == "zh-CN" && text.contains("已结束"))
    );
    assert!(server.get("/s/delivery", 404).text().contains("已结束"));
    // What waited on a device, begun before or not by its own clock, is taken.
    server.post(&sheet(1), 422);
    server.post(
        &sheet_of(1, 2, true, &[("overall", Value::Number(4.0))]),
        200,
    );
    server.post(&sheet(2), 201);
    assert!(server.folder.rows().iter().all(|row| row.late));
    server.pass(32 * DAY_MS);
    assert_eq!(
        field(&server.post(&sheet(3), 404)),
        (ProblemCode::SurveyClosed, "withdrawn".to_owned())
    );
    server.post(&sheet(2), 200);
    let back = run(&server, &["survey", "rollback", "delivery", "--to", "1"]);
    assert_eq!(back, "published delivery version 1\n");
    server.get(GET, 200);
    server.post(&sheet(3), 201);
}

#[test]
fn rollback_shows_the_older_version_under_its_own_number_and_once() {
    let server = TestServer::start();
    let file = server.folder.path().join("delivery.json");
    std::fs::write(&file, SURVEY.replace("paperwork", "papers")).unwrap();
    run(&server, &["survey", "publish", file.to_str().unwrap()]);
    let version = || server.get(GET, 200).json().get("version").cloned();
    assert_eq!(version(), Some(Value::Number(2.0)));
    for said in [
        "published delivery version 1\n",
        "unchanged: delivery version 1\n",
    ] {
        assert_eq!(run(&server, &["survey", "rollback", "delivery"]), said);
        assert_eq!(version(), Some(Value::Number(1.0)));
    }
    let answer = server.post(&sheet(1), 201);
    assert!(!answer.receipt().test);
    assert_eq!(
        (
            server.folder.rows()[0].version,
            server.folder.rows()[0].late
        ),
        (1, false)
    );
    // The same text again is the newest version again, not a third one.
    let said = run(&server, &["survey", "publish", file.to_str().unwrap()]);
    assert_eq!(said, "published delivery version 2\n");
    let (code, _, said) = qingting(
        &["survey", "rollback", "delivery", "--to", "9"],
        server.folder.path(),
    );
    assert!(
        code == Some(1) && said.contains("newest one is 2"),
        "{said}"
    );
}

#[test]
fn dates_open_and_close_a_survey_in_the_suppliers_words() {
    let server = TestServer::start();
    let at = |ms: i64| Timestamp(NOW + ms).to_string();
    let schedule = [
        "survey",
        "schedule",
        "delivery",
        "--opens",
        &at(60_000),
        "--closes",
        &at(120_000),
        "--closed-message",
        "en=See you in spring & soon.",
        "--closed-message",
        "zh-cn=明年春天见。",
    ];
    let first = run(&server, &schedule);
    assert!(first.starts_with("scheduled delivery"), "{first}");
    assert!(run(&server, &schedule).starts_with("unchanged"));
    assert_eq!(
        field(&server.get(GET, 404)),
        (ProblemCode::SurveyNotOpen, "early".to_owned())
    );
    assert_eq!(
        field(&server.post(&sheet(1), 404)).0,
        ProblemCode::SurveyNotOpen
    );
    server.pass(60_000);
    let open = server.get(GET, 200);
    let kept = open.header("cache-control");
    assert_eq!(kept, Some("max-age=60, stale-while-revalidate=0"));
    server.post(&sheet(1), 201);
    server.pass(60_000);
    let closed = server.get(GET, 404);
    assert_eq!(
        field(&closed),
        (ProblemCode::SurveyClosed, "ended".to_owned())
    );
    let words = closed.problem().message;
    assert_eq!(words[0].1, "See you in spring & soon.");
    assert_eq!((words[1].0.as_str(), words.len()), ("zh-CN", 2));
    assert!(
        server
            .get("/s/delivery", 404)
            .text()
            .contains("spring &amp; soon")
    );
    server.post(&sheet(2), 201);
    let late: Vec<_> = server.folder.rows().iter().map(|row| row.late).collect();
    assert_eq!(late, [false, true]);
    run(
        &server,
        &["survey", "schedule", "delivery", "--closes", "none"],
    );
    server.get(GET, 200);
    let (code, _, said) = qingting(
        &[
            "survey",
            "schedule",
            "delivery",
            "--closes",
            "2020-01-01T00:00Z",
        ],
        server.folder.path(),
    );
    assert!(
        code == Some(1) && said.contains("before it opens"),
        "{said}"
    );
}

#[test]
fn limit_is_exact_when_everybody_sends_at_once() {
    let server = TestServer::start();
    run(&server, &["survey", "schedule", "delivery", "--limit", "7"]);
    server.post(&sheet_of(900, 1, false, &[]), 201);
    server.post(&test_sheet(901), 201);
    let barrier = Barrier::new(24);
    let taken: Vec<_> = std::thread::scope(|scope| {
        let send = |n| {
            let (server, barrier) = (&server, &barrier);
            scope.spawn(move || {
                barrier.wait();
                let body = serde_json::to_string(&sheet(n)).unwrap();
                let json = [("content-type", "application/json")];
                let answer = crate::support::Connection::open(server.address)
                    .call("POST", "/v1/responses", &json, body.as_bytes())
                    .unwrap();
                (answer.status == 201).then_some(n)
            })
        };
        let threads: Vec<_> = (1..=24).map(send).collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(taken.len(), 7);
    let complete = || {
        server
            .folder
            .rows()
            .iter()
            .filter(|row| row.complete)
            .count()
    };
    assert_eq!(complete(), 7);
    assert_eq!(field(&server.get(GET, 404)).1, "full");
    // What counts already is acknowledged again; what was half answered is kept and goes on, but cannot be completed.
    server.post(&sheet(taken[0]), 200);
    server.post(
        &sheet_of(900, 2, false, &[("overall", Value::Number(2.0))]),
        200,
    );
    let over = sheet_of(900, 3, true, &[("overall", Value::Number(2.0))]);
    assert_eq!(
        field(&server.post(&over, 404)),
        (ProblemCode::SurveyClosed, "full".to_owned())
    );
    server.post(&test_sheet(902), 201);
    run(&server, &["survey", "schedule", "delivery", "--limit", "8"]);
    server.post(&over, 200);
    assert_eq!(complete(), 8);
}

#[test]
fn tests_are_kept_apart_and_their_receipt_says_so() {
    let server = TestServer::start();
    let receipt = server.post(&test_sheet(1), 201).receipt();
    assert!(
        receipt.test && receipt.receipt.starts_with("TEST-"),
        "{receipt:?}"
    );
    server.post(&sheet(2), 201);
    // A test does not become an answer, nor an answer a test.
    for body in [sheet(1), test_sheet(2)] {
        assert_eq!(server.post(&body, 422).refusal().0, ProblemCode::IdTaken);
    }
    let export = ["export", "responses", "--format", "jsonl"];
    assert_eq!(run(&server, &export).lines().count(), 1);
    let all = run(&server, &[&export[..], &["--tests"]].concat());
    assert!(
        all.lines().count() == 2 && all.contains("\"test\":true"),
        "{all}"
    );
    assert!(run(&server, &["results"]).contains("1 complete"));
    assert!(run(&server, &["results", "--tests"]).contains("2 complete"));
    assert!(
        server
            .get("/s/delivery?test", 200)
            .text()
            .contains("channel=\"page\" test>")
    );
    assert!(
        !server
            .get("/s/delivery?tests=1", 200)
            .text()
            .contains(" test>")
    );
}

#[test]
fn check_says_what_publishing_would_and_publishes_nothing() {
    let folder = Folder::new();
    let file = folder.path().join("after.json");
    let check_as = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_qingting"))
            .args(["survey", "check", file.to_str().unwrap()])
            .args(more)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let check = |text: &str| check_as(text, &[]);
    let check_as_json = |text: &str| check_as(text, &["--format", "json"]);
    let (code, out, said) = check(&SURVEY.replace("\"isRequired\"", "\"isRequird\""));
    assert!(
        code == Some(0) && out.contains("can be published as after"),
        "{out}"
    );
    assert!(said.contains("pages[0].elements[0].isRequird") && said.contains("\"isRequired\""));
    let (code, _, said) = check(r#"{"elements":[{"type":"ratin","name":"a"}]}"#);
    assert!(
        code == Some(1) && said.contains("elements[0]") && said.contains("\"rating\""),
        "{said}"
    );
    assert!(!folder.path().join("qingting.db").exists());
    let (code, out, _) = check_as_json(
        r#"{"elements":[{"type":"text","name":"a","visibleIf":"{aa} = 1","width":"9em"}]}"#,
    );
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, report.get("publishable")),
        (Some(1), Some(&Value::Bool(false)))
    );
    let all = report.get("findings").and_then(Value::as_list).unwrap();
    let word = |place: usize, key: &str| {
        all[place]
            .get(key)
            .and_then(Value::as_text)
            .unwrap()
            .to_owned()
    };
    assert_eq!(all.len(), 2, "{out}");
    for (key, first, second) in [
        ("severity", "refused", "note"),
        ("code", "dangling-reference", "no-effect"),
        ("path", "elements[0].visibleIf", "elements[0].width"),
        ("found", "aa", "width"),
    ] {
        assert_eq!(
            (word(0, key), word(1, key)),
            (first.to_owned(), second.to_owned())
        );
    }
    let (code, out, said) = check_as_json(r#"{"elements":[{"type":"text","name":"a"}]}"#);
    assert!(
        code == Some(0) && said.is_empty() && out.contains("\"publishable\": true"),
        "{out}{said}"
    );
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_qingting"))
        .args(["survey", "check", "--list"])
        .output()
        .unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    for line in [
        "  run      boolean checkbox",
        "  refused  buttongroup",
        "rating: as every question, and",
        " maxSelectedChoices",
        "showOtherItem|hasOther",
        " contentMode (but auto, image)",
    ] {
        assert!(list.contains(line), "{line}: {list}");
    }
}

#[test]
fn solutions_and_notes_do_not_reach_respondents() {
    let server = TestServer::start();
    let file = server.folder.path().join("delivery.json");
    let quiz = SURVEY.replace(
        "\"name\": \"overall\",",
        "\"name\": \"overall\", \"correctAnswer\": 5, \"note\": \"ask Li\",",
    );
    std::fs::write(&file, quiz).unwrap();
    run(&server, &["survey", "publish", file.to_str().unwrap()]);
    let shown = server.get(GET, 200);
    assert!(!shown.text().contains("correctAnswer") && !shown.text().contains("ask Li"));
    assert!(shown.text().contains("\"overall\""));
}

#[test]
fn database_of_the_former_schema_is_brought_up_to_date_by_any_command() {
    let folder = Folder::new();
    let connection = Connection::open(database_path(folder.path())).unwrap();
    connection
        .execute_batch(include_str!("../fixtures/schema/1.sql"))
        .unwrap();
    for (survey, version, published, withdrawn) in [
        ("delivery", 1, NOW, None),
        ("delivery", 2, NOW + 9, None),
        ("gone", 1, NOW, Some(NOW + 5)),
    ] {
        let row = (survey, version, SURVEY, published, withdrawn);
        connection
            .execute("INSERT INTO surveys VALUES (?1, ?2, ?3, ?4, ?5)", row)
            .unwrap();
    }
    let (code, listed, said) = qingting(&["survey", "list"], folder.path());
    assert_eq!(code, Some(0), "{said}");
    let lines: Vec<_> = listed.lines().collect();
    assert!(
        lines[0].contains("delivery\tversion 1") && lines[0].contains("until "),
        "{listed}"
    );
    assert!(
        lines[1].contains("delivery\tversion 2") && lines[1].ends_with("current"),
        "{listed}"
    );
    assert!(
        lines[2].contains("gone\tversion 1") && lines[2].contains("until "),
        "{listed}"
    );
    assert_eq!(qingting(&["results"], folder.path()).0, Some(0));
}
