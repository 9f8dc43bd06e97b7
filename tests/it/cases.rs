//! Complaints over HTTP: intake, what the customer sees and does, what happens by itself, and the chain of events.

use std::process::Command;
use std::time::{Duration, Instant};

use qingting::complaint::Role;
use qingting::endpoint::cases::number;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::store::{Sqlite, database_path};
use rusqlite::Connection as Database;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Folder, NOW, TestServer};

const HOUR: i64 = 3_600_000;

fn complaint(n: u64) -> Json {
    json!({
        "id": format!("{n:032x}"), "locale": "zh-CN", "text": "交付晚了三周,没人通知我们!!",
        "stage": "delivery", "urgency": "blocking", "safety": false, "remedy_sought": "给个准确的日期",
        "name": "王敏", "mail": "wang.min@example.com", "consent": true,
        "context": {"channel": "embed", "delivery": "SO-1042", "account": "A-7"}
    })
}

fn staffed() -> TestServer {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    for (place, (name, role)) in [
        ("Li Wei", Role::CaseManager),
        ("Anna Roth", Role::Executive),
    ]
    .into_iter()
    .enumerate()
    {
        let key = [u8::try_from(place).unwrap() + 1; 32];
        store
            .add_staff(name, role, key, Timestamp(NOW))
            .unwrap()
            .unwrap();
    }
    drop(store);
    TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    )
}

fn post(server: &TestServer, path: &str, secret: &str, body: &Json, status: u16) -> Json {
    let bearer = format!("Bearer {secret}");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let answer = server.call("POST", path, &headers, body.to_string().as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

fn raw(server: &TestServer, number: &str, secret: &str, status: u16) -> Answer {
    let bearer = format!("Bearer {secret}");
    let path = format!("/v1/cases/{number}");
    server.call("GET", &path, &[("authorization", &bearer)], b"", status)
}

fn see(server: &TestServer, taken: &Json) -> Json {
    let answer = raw(server, text(taken, "number"), text(taken, "secret"), 200);
    serde_json::from_slice(&answer.body).unwrap()
}

fn text<'a>(value: &'a Json, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

fn act(server: &TestServer, taken: &Json, action: &str, body: &Json, status: u16) -> Json {
    let path = format!("/v1/cases/{}/{action}", text(taken, "number"));
    post(server, &path, text(taken, "secret"), body, status)
}

fn id(n: u64) -> String {
    format!("{n:032x}")
}

#[test]
fn a_complaint_gets_number_secret_contact_and_date_once_however_often_it_is_sent() {
    let mut server = staffed();
    let taken = post(&server, "/v1/complaints", "", &complaint(1), 201);
    assert_eq!(text(&taken, "contact"), "Li Wei");
    assert!(text(&taken, "promised") > text(&taken, "received_at"));
    assert_eq!(text(&taken, "secret").len(), 26);
    assert_eq!(
        number::read(text(&taken, "number")).as_deref(),
        Some(text(&taken, "number"))
    );
    server.pass(HOUR);
    for _ in 0..3 {
        assert_eq!(
            post(&server, "/v1/complaints", "", &complaint(1), 200),
            taken
        );
    }
    // Another complaint under the same id is not taken for it.
    let mut other = complaint(1);
    other["text"] = "something else".into();
    assert_eq!(
        post(&server, "/v1/complaints", "", &other, 422)["code"],
        "id-taken"
    );
    let seen = see(&server, &taken);
    assert_eq!(seen["words"]["text"], complaint(1)["text"]);
    assert_eq!(
        (text(&seen, "status"), text(&seen, "contact")),
        ("acknowledged", "Li Wei")
    );
    // Sixteen at once are one, and a restart changes nothing.
    let answers: Vec<Json> = std::thread::scope(|scope| {
        let send = || {
            scope.spawn(|| {
                let body = complaint(2).to_string();
                let headers = [("content-type", "application/json")];
                let mut connection = crate::support::Connection::open(server.address);
                let answer = connection
                    .call("POST", "/v1/complaints", &headers, body.as_bytes())
                    .unwrap();
                assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                serde_json::from_slice(&answer.body).unwrap()
            })
        };
        let threads: Vec<_> = (0..16).map(|_| send()).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    server.stop();
    let database = Database::open(database_path(server.folder.path())).unwrap();
    let cases: i64 = database
        .query_row("SELECT count(*) FROM cases", [], |row| row.get(0))
        .unwrap();
    assert_eq!(cases, 2);
}

#[test]
fn bad_complaints_say_what_is_wrong_and_store_nothing() {
    let server = TestServer::start();
    let refused = |change: &dyn Fn(&mut Json)| {
        let mut body = complaint(1);
        change(&mut body);
        let problem = post(&server, "/v1/complaints", "", &body, 422);
        assert_eq!(problem["code"], "invalid-body");
        problem["errors"][0]["path"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(&|body| body["id"] = "7".into()), "id");
    assert_eq!(refused(&|body| body["text"] = "  \n ".into()), "text");
    assert_eq!(
        refused(&|body| body["text"] = "啊".repeat(10_001).into()),
        "text"
    );
    assert_eq!(refused(&|body| body["stage"] = "moon".into()), "stage");
    assert_eq!(
        refused(&|body| body["urgency"] = json!({"$ne": null})),
        "urgency"
    );
    assert_eq!(refused(&|body| body["consent"] = "yes".into()), "consent");
    assert_eq!(
        refused(&|body| body["context"]["channel"] = "%".into()),
        "context.channel"
    );
    // Words alone are a complaint: nothing may stand between them and the case. Nobody works here yet, and it is still taken.
    let bare = json!({"id": id(2), "text": "nobody answers the phone"});
    let taken = post(&server, "/v1/complaints", "", &bare, 201);
    assert_eq!(taken["contact"], Json::Null);
    assert_eq!(text(&see(&server, &taken), "status"), "acknowledged");
}

#[test]
fn a_wrong_secret_and_an_unknown_number_are_answered_with_the_same_bytes() {
    let server = staffed();
    let taken = post(&server, "/v1/complaints", "", &complaint(1), 201);
    let (number, secret) = (text(&taken, "number"), text(&taken, "secret"));
    let wrong = raw(&server, number, &secret.replace(|_| true, "0"), 404);
    let unknown = "QT-0000-0000-0";
    assert_eq!(number::read(unknown).as_deref(), Some(unknown));
    for (number, secret) in [
        (unknown, secret),
        ("QT-%25_-*.*", secret),
        ("%27%20OR%201=1", secret),
        (number, ""),
        (number, "%"),
        (number, &secret[1..]),
        (number, &secret.to_lowercase()),
    ] {
        let answer = raw(&server, number, secret, 404);
        // All but the second in which it was said.
        let said = |answer: &Answer| {
            let headers = answer.headers.iter().filter(|(name, _)| name != "date");
            (headers.cloned().collect::<Vec<_>>(), answer.body.clone())
        };
        assert_eq!(said(&answer), said(&wrong), "{number} {secret}");
    }
    // The control: the right one, also as somebody reads it over the telephone.
    raw(
        &server,
        &number.to_lowercase().replace('-', ""),
        secret,
        200,
    );
    let body = json!({"id": id(9), "text": "hello"});
    let path = format!("/v1/cases/{number}/messages");
    assert_eq!(
        post(&server, &path, "wrong", &body, 404)["code"],
        "not-found"
    );
}

#[test]
fn the_customer_writes_takes_back_and_goes_on_each_once() {
    let server = staffed();
    let taken = post(&server, "/v1/complaints", "", &complaint(1), 201);
    let more = json!({"id": id(10), "text": "still waiting. photos follow"});
    for _ in 0..3 {
        let seen = act(&server, &taken, "messages", &more, 200);
        let count = |kind: &str| {
            seen["timeline"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|entry| entry["kind"] == kind)
                .count()
        };
        assert_eq!(count("customer-message"), 1);
    }
    assert_eq!(
        act(&server, &taken, "confirm", &json!({"id": id(11)}), 422)["errors"][0]["code"],
        "wrong-state"
    );
    assert_eq!(
        act(
            &server,
            &taken,
            "messages",
            &json!({"id": id(12), "text": " "}),
            422
        )["errors"][0]["path"],
        "text"
    );
    assert_eq!(
        act(&server, &taken, "explode", &json!({"id": id(12)}), 404)["code"],
        "not-found"
    );
    act(
        &server,
        &taken,
        "escalate",
        &json!({"id": id(13), "text": "I want your boss"}),
        200,
    );
    act(&server, &taken, "escalate", &json!({"id": id(14)}), 429);
    let seen = act(
        &server,
        &taken,
        "withdraw",
        &json!({"id": id(15), "text": "solved it myself"}),
        200,
    );
    assert_eq!(text(&seen, "status"), "closed-withdrawn");
    assert!(
        seen["actions"]
            .as_array()
            .unwrap()
            .contains(&"reopen".into())
    );
    let seen = act(
        &server,
        &taken,
        "rating",
        &json!({"id": id(16), "score": 2}),
        200,
    );
    assert_eq!(seen["rating"], 2);
    assert_eq!(
        act(
            &server,
            &taken,
            "rating",
            &json!({"id": id(17), "score": 6}),
            422
        )["errors"][0]["path"],
        "score"
    );
    let seen = act(
        &server,
        &taken,
        "reopen",
        &json!({"id": id(18), "text": "it is back"}),
        200,
    );
    assert_eq!(
        (text(&seen, "status"), &seen["reopened"]),
        ("acknowledged", &json!(1))
    );
    assert_eq!(
        seen["words"]["text"],
        complaint(1)["text"],
        "the first words stay as they were"
    );
}

#[test]
fn what_is_due_happens_by_itself_and_once() {
    let server = staffed();
    let taken = post(&server, "/v1/complaints", "", &complaint(1), 201);
    let events = || {
        let database = Database::open(database_path(server.folder.path())).unwrap();
        let mut statement = database
            .prepare("SELECT change FROM case_events ORDER BY seq")
            .unwrap();
        let rows = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>()
    };
    let count = |kind: &str| {
        events()
            .iter()
            .filter(|change| change.contains(kind))
            .count()
    };
    assert_eq!(count("missed"), 0, "the control: not yet");
    // Three weeks in which nobody looks: three clocks are missed, and each climbs three steps.
    server.pass(21 * 24 * HOUR);
    let begin = Instant::now();
    while count("\"missed\"") < 3 || count("double-breach") < 3 {
        assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", events());
        std::thread::sleep(Duration::from_millis(50));
    }
    let before = events();
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(events(), before, "nothing happens twice");
    assert_eq!(count("\"missed\""), 3);
    assert_eq!(count("\"acknowledged\""), 1);
    // Nothing of it is the customer's business: the page says what comes next.
    let seen = see(&server, &taken).to_string();
    assert!(
        !seen.contains("missed") && !seen.contains("escalated"),
        "{seen}"
    );
}

fn verify(server: &TestServer) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_qingting"))
        .args(["verify", "--data"])
        .arg(server.folder.path())
        .env_clear()
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn an_altered_a_missing_and_a_cut_off_event_are_named() {
    let damages: [(&str, &str); 6] = [
        (
            "UPDATE case_events SET at = at - 1 WHERE seq = 2",
            "event 2 was altered",
        ),
        (
            "UPDATE case_events SET actor = '\"system\"' WHERE seq = 1",
            "event 1 was altered",
        ),
        (
            "UPDATE case_words SET words = replace(words, '晚', '早') WHERE seq = 1",
            "words of event 1",
        ),
        ("DELETE FROM case_words WHERE seq = 3", "words of event 3"),
        (
            "DELETE FROM case_words WHERE seq = 3; DELETE FROM case_events WHERE seq = 3",
            "last event should be 3",
        ),
        (
            "DELETE FROM case_words WHERE seq = 3; DELETE FROM case_events WHERE seq = 3;
             UPDATE cases SET last_seq = 2, head = (SELECT hash FROM case_events WHERE seq = 2)",
            "last event should be 2",
        ),
    ];
    for (sql, expected) in damages {
        let mut server = staffed();
        let taken = post(&server, "/v1/complaints", "", &complaint(1), 201);
        act(
            &server,
            &taken,
            "messages",
            &json!({"id": id(2), "text": "hello?"}),
            200,
        );
        server.stop();
        let (is_whole, said) = verify(&server);
        assert!(
            is_whole && said.contains("1 cases are as they were written"),
            "the control: {said}"
        );
        let database = Database::open(database_path(server.folder.path())).unwrap();
        database
            .execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}"))
            .unwrap();
        let (is_whole, said) = verify(&server);
        assert!(
            !is_whole && said.contains(expected) && said.contains(text(&taken, "number")),
            "{sql}: {said}"
        );
    }
}

#[test]
fn numbers_are_read_as_people_write_them_and_notice_a_wrong_symbol() {
    let number = number::read("qt 7k3m 9xpd 0").or_else(|| {
        (0..32).find_map(|place| {
            let symbol = char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[place]);
            number::read(&format!("QT-7K3M-9XPD-{symbol}"))
        })
    });
    let number = number.unwrap();
    assert_eq!(
        number::read(&number.to_lowercase().replace('-', " ")),
        Some(number.clone())
    );
    let symbols: Vec<char> = number.chars().collect();
    let mut noticed = 0;
    for place in (3..symbols.len()).filter(|place| symbols[*place] != '-') {
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
            .chars()
            .filter(|c| *c != symbols[place])
        {
            let mut wrong = symbols.clone();
            wrong[place] = other;
            assert_eq!(number::read(&wrong.iter().collect::<String>()), None);
            noticed += 1;
        }
    }
    assert_eq!(noticed, 9 * 31);
    for none in [
        "",
        "QT",
        "QT-7K3M-9XPD",
        "%",
        "_________",
        &"1".repeat(1_000_000),
    ] {
        assert_eq!(number::read(none), None);
    }
}

#[test]
fn numbers_tell_nobody_how_many_there_are() {
    // Chi-square with 31 degrees of freedom exceeds 90 by chance about once in ten million runs; an adjacency gives thousands.
    let server = TestServer::start();
    let mut counts = [0_u32; 32];
    let mut connection = crate::support::Connection::open(server.address);
    for n in 0..150 {
        let body = json!({"id": id(n + 1), "text": "slow"}).to_string();
        let headers = [("content-type", "application/json")];
        let answer = connection
            .call("POST", "/v1/complaints", &headers, body.as_bytes())
            .unwrap();
        let taken: Json = serde_json::from_slice(&answer.body).unwrap();
        let digits = text(&taken, "number")[3..12].replace('-', "");
        for symbol in digits.chars() {
            counts["0123456789ABCDEFGHJKMNPQRSTVWXYZ".find(symbol).unwrap()] += 1;
        }
    }
    let expected = 150.0 * 8.0 / 32.0;
    let chi: f64 = counts
        .iter()
        .map(|count| (f64::from(*count) - expected).powi(2) / expected)
        .sum();
    assert!(chi < 90.0, "chi² {chi} of {counts:?}");
}

/// A key as `qingting staff add` prints it.
pub fn hire(folder: &std::path::Path, name: &str, role: &str) -> String {
    let (ok, key) = qingting(folder, &["staff", "add", name, "--role", role]);
    assert!(ok, "{name}");
    key.trim().to_owned()
}

fn qingting(folder: &std::path::Path, words: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_qingting"))
        .args(words)
        .arg("--data")
        .arg(folder)
        .env_clear()
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

/// An action of staff on the version that was read.
fn staff(
    server: &TestServer,
    key: &str,
    number: &str,
    version: &Json,
    body: &Json,
    status: u16,
) -> Json {
    let (bearer, tag) = (format!("Bearer {key}"), format!("\"{version}\""));
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
        ("if-match", tag.as_str()),
    ];
    let path = format!("/v1/staff/cases/{number}");
    let answer = server.call("POST", &path, &headers, body.to_string().as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

fn inside(server: &TestServer, key: &str, path: &str, status: u16) -> Json {
    let bearer = format!("Bearer {key}");
    let answer = server.call("GET", path, &[("authorization", &bearer)], b"", status);
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn a_case_goes_from_the_first_word_to_the_customers_solved() {
    let server = TestServer::start();
    let data = server.folder.path();
    let manager = hire(data, "Li Wei", "case-manager");
    let account = hire(data, "Anna Roth", "account-manager");
    let delivery = hire(data, "Chen Jun", "delivery-expert");
    let stranger = hire(data, "Tom Berg", "account-manager");
    let auditor = hire(data, "Eva Lind", "auditor");
    let analyst = hire(data, "Max Orth", "analyst");
    assert!(
        !qingting(data, &["staff", "add", "Li Wei", "--role", "admin"]).0,
        "the name is taken"
    );
    for (place, holder) in [("account", "Anna Roth"), ("delivery", "Chen Jun")] {
        assert!(
            qingting(
                data,
                &[
                    "staff", "place", "A-7", "--place", place, "--holder", holder
                ]
            )
            .0
        );
    }
    let taken = post(&server, "/v1/complaints", "", &complaint(1), 201);
    assert_eq!(
        text(&taken, "contact"),
        "Anna Roth",
        "the one face is the account manager"
    );
    let number = text(&taken, "number");
    let path = format!("/v1/staff/cases/{number}");

    // Who is asking decides, everywhere the same.
    assert_eq!(
        inside(&server, "qts_nobody", &path, 401)["code"],
        "not-signed-in"
    );
    assert_eq!(
        server.get(&path, 401).problem().code.code(),
        "not-signed-in"
    );
    assert_eq!(inside(&server, &analyst, &path, 403)["code"], "not-allowed");
    assert_eq!(
        inside(&server, &stranger, &path, 403)["code"],
        "not-allowed"
    );
    assert_eq!(
        inside(&server, &stranger, "/v1/staff/cases", 200)["cases"],
        json!([])
    );
    assert_eq!(
        inside(&server, &auditor, "/v1/staff/cases", 200)["cases"][0]["number"],
        number
    );
    let case = inside(&server, &delivery, &path, 200);
    assert_eq!(case["owner"], 3, "a late delivery is the delivery expert's");
    let version = &case["version"];
    let assess = json!({"action": "assess", "severity": "minor", "text": "We have your order and call you today.",
        "issues": [{"id": 1, "category": "delivery-date", "stage": "delivery", "text": "three weeks late"}]});
    assert_eq!(
        staff(&server, &auditor, number, version, &assess, 403)["code"],
        "not-allowed"
    );
    assert_eq!(
        staff(&server, &stranger, number, version, &assess, 403)["code"],
        "not-allowed"
    );
    assert_eq!(
        staff(&server, &account, number, &json!(99), &assess, 412)["code"],
        "version-clash"
    );
    let wrong = json!({"action": "sign-off", "role": "admin"});
    assert_eq!(
        staff(&server, &account, number, version, &wrong, 422)["code"],
        "invalid-body"
    );
    let case = staff(&server, &account, number, version, &assess, 200);
    // What was read before is old now.
    assert_eq!(
        staff(
            &server,
            &account,
            number,
            version,
            &json!({"action": "open"}),
            412
        )["code"],
        "version-clash"
    );
    let refused = staff(
        &server,
        &account,
        number,
        &case["version"],
        &json!({"action": "respond"}),
        422,
    );
    assert_eq!(
        (&refused["code"], &refused["errors"][0]["code"]),
        (&json!("action-refused"), &json!("wrong-state"))
    );

    let case = staff(
        &server,
        &delivery,
        number,
        &case["version"],
        &json!({"action": "begin"}),
        200,
    );
    let ask = json!({"action": "ask", "text": "Which gate shall the lorry use?", "reply_by": "2031-01-01T09:00Z"});
    let case = staff(&server, &delivery, number, &case["version"], &ask, 200);
    assert_eq!(
        (text(&see(&server, &taken), "question"), &case["state"]),
        (
            "Which gate shall the lorry use?",
            &json!("awaiting-customer")
        )
    );
    act(
        &server,
        &taken,
        "messages",
        &json!({"id": id(2), "text": "南门"}),
        200,
    );
    let case = inside(&server, &delivery, &path, 200);
    let note = json!({"action": "note", "text": "the forwarder lost the papers"});
    let case = staff(&server, &delivery, number, &case["version"], &note, 200);
    let draft = json!({"action": "draft", "issues": [{"id": 1, "outcome": "upheld"}], "remedy": "Delivered on Friday, freight refunded.",
        "text": "You are right: the papers were lost with our forwarder."});
    let case = staff(&server, &delivery, number, &case["version"], &draft, 200);
    let early = staff(
        &server,
        &account,
        number,
        &case["version"],
        &json!({"action": "respond"}),
        422,
    );
    assert_eq!(early["errors"][0]["code"], "sign-offs-missing");
    let case = staff(
        &server,
        &delivery,
        number,
        &case["version"],
        &json!({"action": "sign-off"}),
        200,
    );
    let case = staff(
        &server,
        &account,
        number,
        &case["version"],
        &json!({"action": "respond"}),
        200,
    );
    assert_eq!(
        case["customer"],
        see(&server, &taken),
        "staff see the case exactly as its customer does"
    );
    let seen = see(&server, &taken);
    assert_eq!(
        text(&seen["decision"]["words"], "text"),
        "You are right: the papers were lost with our forwarder."
    );
    // By chance a number can have a priority's letters in it.
    let mut rest = seen.clone();
    rest["number"] = Json::Null;
    for inside in ["Chen Jun", "Li Wei", "forwarder lost", "minor", "P3", "P4"] {
        assert!(!rest.to_string().contains(inside), "{inside}");
    }
    // Not solved, decided again, confirmed: only the customer can say so.
    act(
        &server,
        &taken,
        "reject",
        &json!({"id": id(3), "text": "half of it is missing"}),
        200,
    );
    let case = inside(&server, &delivery, &path, 200);
    let case = staff(&server, &delivery, number, &case["version"], &draft, 200);
    let case = staff(
        &server,
        &delivery,
        number,
        &case["version"],
        &json!({"action": "sign-off"}),
        200,
    );
    staff(
        &server,
        &account,
        number,
        &case["version"],
        &json!({"action": "respond"}),
        200,
    );
    let seen = act(&server, &taken, "confirm", &json!({"id": id(4)}), 200);
    assert_eq!(
        (text(&seen, "status"), &seen["reopened"]),
        ("closed-solved", &json!(1))
    );
    assert_eq!(
        inside(&server, &manager, "/v1/staff/cases", 200)["cases"],
        json!([])
    );
    // While the account manager is away the stand-in is the face of new cases.
    for words in [
        &[
            "staff",
            "place",
            "A-7",
            "--place",
            "account",
            "--holder",
            "Anna Roth",
            "--stand-in",
            "Tom Berg",
        ][..],
        &["staff", "away", "Anna Roth"],
    ] {
        assert!(qingting(data, words).0, "{words:?}");
    }
    assert_eq!(
        text(
            &post(&server, "/v1/complaints", "", &complaint(2), 201),
            "contact"
        ),
        "Tom Berg"
    );
    assert!(qingting(data, &["staff", "away", "Anna Roth", "--back"]).0);
    assert_eq!(
        text(
            &post(&server, "/v1/complaints", "", &complaint(3), 201),
            "contact"
        ),
        "Anna Roth"
    );
    assert!(!qingting(data, &["staff", "away", "Nobody"]).0);
}

#[test]
fn two_complaints_of_one_customer_become_one_case_and_both_links_go_on() {
    let server = TestServer::start();
    let manager = hire(server.folder.path(), "Li Wei", "case-manager");
    let first = post(&server, "/v1/complaints", "", &complaint(1), 201);
    server.pass(HOUR);
    let mut again = complaint(2);
    again["text"] = "wo ist meine lieferung?? 2. versuch".into();
    again["mail"] = "Wang.Min@example.com ".into();
    let second = post(&server, "/v1/complaints", "", &again, 201);
    let mut other = complaint(3);
    other["mail"] = "somebody.else@example.com".into();
    let stranger = post(&server, "/v1/complaints", "", &other, 201);
    let version = |taken: &Json| {
        let path = format!("/v1/staff/cases/{}", text(taken, "number"));
        inside(&server, &manager, &path, 200)["version"].clone()
    };
    let into = |taken: &Json| json!({"action": "merge", "into": taken["number"]});
    // Not into another customer's case, not into itself, not on an old version, not into a number that nobody has.
    let number = text(&first, "number");
    let now = version(&first);
    assert_eq!(
        staff(&server, &manager, number, &now, &into(&stranger), 422)["errors"][0]["code"],
        "other-customer"
    );
    staff(&server, &manager, number, &now, &into(&first), 422);
    staff(&server, &manager, number, &json!(1), &into(&second), 412);
    let nowhere = json!({"action": "merge", "into": "QT-0000-0000-0"});
    staff(&server, &manager, number, &now, &nowhere, 404);
    // The account manager of one account does not reach into another's case, whoever wrote.
    let account = hire(server.folder.path(), "Anna Roth", "account-manager");
    let placed = [
        "staff",
        "place",
        "A-7",
        "--place",
        "account",
        "--holder",
        "Anna Roth",
    ];
    assert!(qingting(server.folder.path(), &placed).0);
    let mut elsewhere = complaint(4);
    elsewhere["context"]["account"] = "B-9".into();
    let elsewhere = post(&server, "/v1/complaints", "", &elsewhere, 201);
    staff(&server, &account, number, &now, &into(&elsewhere), 403);
    // The control: before it, the second case counts from its own receipt.
    assert!(
        text(&see(&server, &second), "received_at") > text(&see(&server, &first), "received_at")
    );
    let merged = staff(&server, &manager, number, &now, &into(&second), 200);
    assert_eq!(merged["state"], json!({"closed": "duplicate"}));
    let survivor = see(&server, &second);
    assert_eq!(
        survivor["received_at"],
        see(&server, &first)["received_at"],
        "the earlier receipt counts"
    );
    // The old link shows the survivor's state, date and contact, beside its own words and nobody else's.
    post(
        &server,
        &format!("/v1/cases/{}/messages", text(&second, "number")),
        text(&second, "secret"),
        &json!({"id": id(20), "text": "SECOND-WORDS"}),
        200,
    );
    let (old, new) = (see(&server, &first), see(&server, &second));
    for key in ["status", "next", "contact", "promised"] {
        assert_eq!(old[key], new[key], "{key}");
    }
    assert_eq!(old["words"]["text"], complaint(1)["text"]);
    // What is written there goes to the case that is worked on.
    assert_eq!(old["actions"], json!(["messages"]));
    let late = json!({"id": id(21), "text": "any news?"});
    for _ in 0..2 {
        act(&server, &first, "messages", &late, 200);
    }
    let heard = see(&server, &second);
    let heard = heard["timeline"].as_array().unwrap().iter();
    assert_eq!(
        heard.filter(|entry| entry["text"] == "any news?").count(),
        1
    );
    for words in ["SECOND-WORDS", "2. versuch"] {
        assert!(!old.to_string().contains(words), "{words}");
    }
    // Both logs tell, both chains are whole, and the queue has the survivor and the two others.
    let queue = inside(&server, &manager, "/v1/staff/cases", 200);
    assert_eq!(queue["cases"].as_array().unwrap().len(), 3);
    let (is_whole, said) = verify(&server);
    assert!(is_whole, "{said}");
}

#[test]
fn what_was_said_on_the_telephone_is_a_case_like_any_other() {
    let server = TestServer::start();
    let data = server.folder.path();
    let manager = hire(data, "Li Wei", "case-manager");
    let analyst = hire(data, "Max Orth", "analyst");
    let stranger = hire(data, "Tom Berg", "account-manager");
    let send = |key: &str, body: &Json, status: u16| -> Json {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", bearer.as_str()),
        ];
        let answer = server.call(
            "POST",
            "/v1/staff/cases",
            &headers,
            body.to_string().as_bytes(),
            status,
        );
        serde_json::from_slice(&answer.body).unwrap()
    };
    let mut said = complaint(1);
    assert_eq!(send(&manager, &said, 422)["errors"][0]["path"], "channel");
    said["channel"] = "phone".into();
    let mut praise = said.clone();
    praise["intent"] = "praise".into();
    assert_eq!(send(&manager, &praise, 422)["errors"][0]["path"], "intent");
    assert_eq!(send(&analyst, &said, 403)["code"], "not-allowed");
    assert_eq!(send(&stranger, &said, 403)["code"], "not-allowed");
    assert_eq!(send("nobody", &said, 401)["code"], "not-signed-in");
    let taken = send(&manager, &said, 201);
    assert_eq!(send(&manager, &said, 200), taken);
    // From another account: the same from one is a repeat, and comes sooner.
    let mut again = complaint(2);
    again["context"]["account"] = "A-8".into();
    let written = post(&server, "/v1/complaints", "", &again, 201);
    // Owner, contact, dates and what the customer can do are the same; who wrote it down is not hidden.
    assert_eq!(
        (&taken["contact"], &taken["promised"]),
        (&written["contact"], &written["promised"])
    );
    let (told, own) = (see(&server, &taken), see(&server, &written));
    for key in ["status", "next", "actions", "words"] {
        assert_eq!(told[key], own[key], "{key}");
    }
    assert_eq!(
        (&told["timeline"][0]["you"], &own["timeline"][0]["you"]),
        (&json!(false), &json!(true))
    );
    act(
        &server,
        &taken,
        "messages",
        &json!({"id": id(30), "text": "thx for calling back"}),
        200,
    );
}
