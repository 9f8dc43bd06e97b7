//! Problems over HTTP: proposed by people and by the engine, worked on in eight disciplines, found again by what was learned.

use std::time::{Duration, Instant};

use qingting::complaint::Role;
use qingting::endpoint::store::database_path;
use rusqlite::Connection as Database;
use serde_json::{Value as Json, json};

use crate::policies::{MANAGER, complain, read, send, staffed};
use crate::support::{TestServer, qingting};

const EXPERT: &str = "expert-key";
const EXECUTIVE: &str = "executive-key";
const ANALYST: &str = "analyst-key";
const AUDITOR: &str = "auditor-key";
const DAY: i64 = 86_400_000;

pub fn server() -> TestServer {
    staffed(&[
        ("Li Wei", Role::CaseManager, MANAGER),
        ("Tom Berg", Role::SolutionExpert, EXPERT),
        ("Anna Roth", Role::Executive, EXECUTIVE),
        ("Jan Nowak", Role::Analyst, ANALYST),
        ("Noor Haddad", Role::Auditor, AUDITOR),
    ])
}

pub fn path_of(taken: &Json) -> String {
    format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap())
}

pub fn version_of(server: &TestServer, path: &str) -> u32 {
    let (inside, _) = read(server, MANAGER, path, 200);
    u32::try_from(inside["version"].as_u64().unwrap()).unwrap()
}

pub fn act(server: &TestServer, key: &str, path: &str, body: &Json) -> Json {
    let version = version_of(server, path);
    send(server, key, path, version, body, 200)
}

pub fn assess(server: &TestServer, taken: &Json, severity: &str, category: &str) {
    let body = json!({
        "action": "assess", "severity": severity, "text": "We look into it.",
        "issues": [{"id": 1, "category": category, "stage": "use", "text": "as the customer wrote"}]
    });
    act(server, MANAGER, &path_of(taken), &body);
}

fn list(server: &TestServer, query: &str) -> Vec<Json> {
    let path = format!("/v1/staff/problems{query}");
    let (all, _) = read(server, MANAGER, &path, 200);
    all["problems"].as_array().unwrap().clone()
}

fn wait(what: &str, done: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn three_minor_complaints_about_one_thing_propose_one_problem_and_the_fourth_joins_it() {
    let server = server();
    let texts = [
        "the packing slip is in the wrong language AGAIN",
        "slip in chinese, our people cant read it",
        "发货单是英文的,仓库看不懂",
        "wrong slip, third time this month!!",
    ];
    let take = |n: u64| {
        let account = format!("A-{n}");
        complain(&server, n, &account, texts[usize::try_from(n % 4).unwrap()])
    };
    let minors: Vec<_> = (1..=3).map(take).collect();
    // What is severe, or about something else, or not looked at yet, is no pattern of small things.
    assess(&server, &take(4), "major", "training");
    assess(&server, &take(5), "minor", "billing");
    take(6);
    assess(&server, &minors[0], "minor", "training");
    assess(&server, &minors[1], "minor", "training");
    // One customer takes it back: that ends the conversation, not the cause.
    let number = minors[1]["number"].as_str().unwrap();
    let bearer = format!("Bearer {}", minors[1]["secret"].as_str().unwrap());
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let body = json!({"id": format!("{:032x}", 77), "text": "never mind"}).to_string();
    let withdraw = format!("/v1/cases/{number}/withdraw");
    server.call("POST", &withdraw, &headers, body.as_bytes(), 200);
    std::thread::sleep(Duration::from_millis(1_200));
    assert_eq!(list(&server, ""), [] as [Json; 0], "two are no pattern");
    assess(&server, &minors[2], "minor", "training");
    wait("a problem is proposed", || !list(&server, "").is_empty());
    let problem = list(&server, "").remove(0);
    assert_eq!(
        (
            &problem["state"],
            &problem["category"],
            &problem["by_engine"]
        ),
        (&json!("proposed"), &json!("training"), &json!(true))
    );
    assert_eq!(problem["cases"].as_array().unwrap().len(), 3);
    let (inside, _) = read(&server, MANAGER, &path_of(&minors[1]), 200);
    assert_eq!(
        (&inside["problem"], &inside["state"]),
        (&json!(1), &json!({"closed": "withdrawn"}))
    );
    // Further ones, also three more, join it while it is open.
    for n in 7..=9 {
        assess(&server, &take(n), "minor", "training");
    }
    wait("they join", || {
        list(&server, "")[0]["cases"].as_array().unwrap().len() == 6
    });
    std::thread::sleep(Duration::from_millis(1_200));
    assert_eq!(list(&server, "").len(), 1);
}

#[test]
fn a_problem_goes_its_way_from_a_complaint_to_thanks_and_back_when_it_returns() {
    let server = server();
    let first = complain(
        &server,
        1,
        "A-7",
        "Router reboots every night at 3, since the update",
    );
    let number = first["number"].as_str().unwrap();
    let body = json!({"title": "Nightly reboots after 7.2", "cases": [number], "owner": 2});
    let all = "/v1/staff/problems";
    send(&server, ANALYST, all, 0, &body, 403);
    let nobody = json!({"title": "x", "cases": ["QT-0000-0000-0"]});
    assert_eq!(
        send(&server, MANAGER, all, 0, &nobody, 422)["errors"][0]["path"],
        "cases"
    );
    let made = send(&server, MANAGER, all, 0, &body, 201);
    assert_eq!((&made["number"], &made["version"]), (&json!(1), &json!(1)));
    let path = "/v1/staff/problems/1";
    let version = std::cell::Cell::new(1_u32);
    let must = |key: &str, body: Json| {
        let answer = send(&server, key, path, version.get(), &body, 200);
        version.set(u32::try_from(answer["version"].as_u64().unwrap()).unwrap());
        answer
    };
    let refused = |key: &str, body: Json, status: u16| {
        let answer = send(&server, key, path, version.get(), &body, status);
        answer["errors"][0]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let time = |days: i64| {
        let at = crate::support::NOW + days * DAY;
        qingting::endpoint::clock::Timestamp(at).to_string()
    };
    let cause = json!({
        "action": "verify-cause", "cause": "communication", "escape_point": "the release notes said nothing of the timer",
        "management_cause": "support learns of a release after the customers", "technical_cause": "a watchdog with the old limit"
    });
    assert_eq!(refused(EXPERT, cause.clone(), 422), "wrong-state");
    must(
        MANAGER,
        json!({"action": "set-team", "owner": 2, "team": [3]}),
    );
    let contain = json!({"action": "contain", "text": "back to 7.1, the net runs as before", "since": time(-1), "verified": true});
    must(EXPERT, contain.clone());
    assert_eq!(refused(EXPERT, cause.clone(), 422), "evidence-missing");
    must(
        EXPERT,
        json!({"action": "answer-why", "answer": "the watchdog fires while the log is rotated"}),
    );
    must(
        EXPERT,
        json!({"action": "verify-why", "why": 1, "evidence": "syslog of three sites, 03:00:00 to 03:00:04"}),
    );
    let known = must(EXPERT, cause);
    assert_eq!(known["state"], "cause-verified");
    assert_eq!(
        known["whys"][0]["evidence"],
        "syslog of three sites, 03:00:00 to 03:00:04"
    );
    must(
        EXPERT,
        json!({"action": "plan-action", "text": "7.2.1 with the longer limit", "owner": 2, "due": time(10)}),
    );
    let implement = json!({"action": "implement", "prevention": "support signs release notes", "also_applies": "the 5000 series", "check_at": time(30)});
    assert_eq!(refused(EXPERT, implement.clone(), 422), "action-missing");
    must(
        EXPERT,
        json!({"action": "finish-action", "number": 1, "proof": "a week without a reboot at 40 sites"}),
    );
    must(EXPERT, implement);
    assert_eq!(
        refused(EXPERT, json!({"action": "verify"}), 422),
        "too-early"
    );
    server.pass(31 * DAY);
    must(
        EXPERT,
        json!({
            "action": "reflect", "management_cause": "nobody owned the release notes", "technical_cause": "one limit for all models",
            "lesson": "Support reads the release notes before the customers do"
        }),
    );
    // An auditor reads; somebody who has read an older version is told.
    assert_eq!(refused(AUDITOR, json!({"action": "verify"}), 403), "");
    read(&server, AUDITOR, path, 200);
    read(&server, ANALYST, path, 403);
    assert_eq!(
        send(&server, EXPERT, path, 2, &json!({"action": "verify"}), 412)["code"],
        "version-clash"
    );
    must(EXPERT, json!({"action": "verify"}));
    let thanked = must(
        MANAGER,
        json!({"action": "recognise", "team": "Field team North", "text": "eleven nights on site"}),
    );
    assert_eq!(thanked["recognised"][0]["team"], "Field team North");
    // What was learned is found by its words, its category and its cause.
    for query in [
        "?lesson=RELEASE%20notes",
        "?category=product-function&cause=communication",
        "?state=verified",
    ] {
        assert_eq!(list(&server, query).len(), 1, "{query}");
    }
    for query in ["?lesson=warehouse", "?category=billing"] {
        assert_eq!(list(&server, query).len(), 0, "{query}");
    }
    read(&server, MANAGER, "/v1/staff/problems?colour=red", 422);
    // It comes back: the same problem, ineffective, with one recurrence.
    server.pass(20 * DAY);
    let again = complain(
        &server,
        2,
        "B-2",
        "rebooting again every night, same as in spring",
    );
    let link = json!({"action": "link-case", "case": again["number"]});
    // Whose complaint it is decides who may say what it comes from: the expert has nothing to do with this one.
    assert_eq!(refused(EXPERT, link.clone(), 403), "");
    let back = must(MANAGER, link.clone());
    assert_eq!(
        (&back["state"], &back["recurrences"]),
        (&json!("ineffective"), &json!(1))
    );
    assert_eq!(back["cases"], json!([number, again["number"]]));
    assert_eq!(refused(MANAGER, link, 422), "case-known");
    let (inside, _) = read(&server, MANAGER, &path_of(&again), 200);
    assert_eq!(inside["problem"], 1);
}

#[test]
fn an_altered_event_of_a_problem_is_named() {
    let mut server = server();
    let first = complain(&server, 1, "A-7", "no manual in the box");
    let body = json!({"title": "Boxes without manual", "cases": [first["number"]]});
    send(&server, MANAGER, "/v1/staff/problems", 0, &body, 201);
    let note = json!({"action": "note", "text": "asked packing"});
    send(&server, MANAGER, "/v1/staff/problems/1", 1, &note, 200);
    server.stop();
    let (code, out, _) = qingting(&["verify"], server.folder.path());
    assert_eq!(code, Some(0));
    assert!(out.contains("1 problems and lists"), "{out}");
    let database = Database::open(database_path(server.folder.path())).unwrap();
    let changed = database
        .execute(
            "UPDATE log_words SET words = replace(words, 'asked', 'told') WHERE seq = 2",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(database);
    let (code, out, _) = qingting(&["verify"], server.folder.path());
    assert_ne!(code, Some(0));
    assert!(out.contains("problem 1: the words of event 2"), "{out}");
}

#[test]
fn what_is_known_across_cases_can_be_made_anew_from_the_events_of_an_older_database() {
    let mut server = server();
    let take = |n: u64, account: &str| {
        complain(&server, n, account, "the lift stops between two floors!!")
    };
    let minor = take(1, "A-1");
    assess(&server, &minor, "minor", "maintenance");
    let graded = take(2, "A-2");
    assess(&server, &graded, "minor", "maintenance");
    let regrade = json!({"action": "regrade", "severity": "critical", "flags": {"safety": true}});
    act(&server, MANAGER, &path_of(&graded), &regrade);
    let spam = take(3, "A-3");
    act(
        &server,
        MANAGER,
        &path_of(&spam),
        &json!({"action": "reclassify", "into": "request"}),
    );
    let linked = take(4, "A-4");
    let body = json!({"title": "Lifts of 2019", "cases": [linked["number"]]});
    send(&server, MANAGER, "/v1/staff/problems", 0, &body, 201);
    server.pass(DAY);
    take(5, "A-4");
    server.stop();
    let database = Database::open(database_path(server.folder.path())).unwrap();
    let facts = || -> Vec<String> {
        let sql = "SELECT hex(id) || json_array(account, category, severity, is_assessed, received_at, counts, problem)
                   FROM case_facts ORDER BY id";
        let mut statement = database.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let known = facts();
    assert_eq!(known.len(), 5);
    // The step of the schema itself, on a table without a row.
    let schema = include_str!("../../src/endpoint/store/schema.rs");
    let begin = schema.find("INSERT INTO case_facts").unwrap();
    let end = begin + schema[begin..].find("FROM cases;").unwrap();
    database.execute("DELETE FROM case_facts", []).unwrap();
    let made = database
        .execute(&[&schema[begin..end], "FROM cases"].concat(), [])
        .unwrap();
    assert_eq!((made, facts()), (5, known));
}
