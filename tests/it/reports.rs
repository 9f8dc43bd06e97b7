//! Reports and Top-N lists over HTTP: who may read them, what they hold, and the daily list of what waits for somebody.

use qingting::complaint::Role;
use qingting::endpoint::clock::Timestamp;
use serde_json::{Value as Json, json};

use crate::policies::{ADMIN, MANAGER, complain, read, send, staffed};
use crate::problems::{act, assess, path_of};
use crate::support::{NOW, TestServer};

const EXECUTIVE: &str = "executive-key";
const ANALYST: &str = "analyst-key";
const SPONSOR: &str = "sponsor-key";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 86_400_000;

fn server() -> TestServer {
    staffed(&[
        ("Li Wei", Role::CaseManager, MANAGER),
        ("Anna Roth", Role::Executive, EXECUTIVE),
        ("Jan Nowak", Role::Analyst, ANALYST),
        ("Sofia Marin", Role::Admin, ADMIN),
        ("Tom Berg", Role::SolutionExpert, SPONSOR),
    ])
}

fn report(server: &TestServer, name: &str) -> Json {
    let path = format!("/v1/staff/reports/{name}");
    read(server, MANAGER, &path, 200).0
}

fn time(days: i64) -> String {
    Timestamp(NOW + days * DAY).to_string()
}

#[test]
fn every_report_reads_what_happened_and_only_for_whom_it_is() {
    let server = server();
    let first = complain(
        &server,
        1,
        "A-1",
        "ticket open since monday and NOBODY calls",
    );
    server.pass(1_000);
    let second = complain(&server, 2, "A-2", "wrong cable in the box, again");
    assess(&server, &first, "major", "performance");
    let path = path_of(&first);
    server.pass(HOUR);
    act(&server, MANAGER, &path, &json!({"action": "begin"}));
    server.pass(2 * DAY);
    // The engine records what nobody did.
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while report(&server, "misses")["unsigned"]
        .as_array()
        .unwrap()
        .is_empty()
    {
        assert!(std::time::Instant::now() < until, "a miss is recorded");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let queue = report(&server, "queue");
    let rows = queue["queue"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["number"], first["number"]);
    assert!(rows.iter().all(|row| row["next"]["at"].is_string()));
    assert_eq!(rows[0]["days"], 2);
    let undecided = report(&server, "undecided");
    assert_eq!(undecided["undecided"].as_array().unwrap().len(), 2);
    let stages = report(&server, "stages");
    assert_eq!(stages["bottleneck"], "acknowledged");
    let total: i64 = stages["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["total_ms"].as_i64().unwrap())
        .sum();
    assert_eq!(total, 4 * DAY + 2 * HOUR + 1_000);
    let times = report(&server, "times");
    assert_eq!(times["acknowledged"]["minutes"]["n"], 2);
    assert_eq!(times["heard"]["waiting"], 1);
    let steps = report(&server, "steps");
    assert!(!steps["skipped"].as_array().unwrap().is_empty(), "{steps}");
    // Two answers carry no percentage.
    let mix = report(&server, "mix");
    assert_eq!(mix["minor"], json!({"count": 0, "of": 1}));
    let contacts = report(&server, "contacts");
    assert_eq!(contacts["definition"]["policy"], 1);
    for empty in ["declines", "approvals", "causes"] {
        report(&server, empty);
    }
    // Only what came in within the period.
    let path = format!("queue?from={}&to={}", time(1), time(2));
    assert_eq!(report(&server, &path)["queue"], json!([]));
    // Figures are for whoever reads results; what names a case is not, and settings read neither.
    for (name, status) in [
        ("stages", 200),
        ("times", 200),
        ("queue", 403),
        ("attention", 403),
    ] {
        read(
            &server,
            ANALYST,
            &format!("/v1/staff/reports/{name}"),
            status,
        );
    }
    read(&server, ADMIN, "/v1/staff/reports/stages", 403);
    // An expert with nothing to do with a case reads of none.
    let (own, _) = read(&server, SPONSOR, "/v1/staff/reports/queue", 200);
    assert_eq!(own["queue"], json!([]));
    read(&server, MANAGER, "/v1/staff/reports/gossip", 404);
    read(&server, MANAGER, "/v1/staff/reports/queue?who=me", 422);
    read(
        &server,
        MANAGER,
        "/v1/staff/reports/queue?from=yesterday",
        422,
    );
    read(&server, MANAGER, "/v1/staff/reports/contacts?policy=9", 422);
    drop(second);
}

#[test]
fn a_figure_under_an_older_definition_is_the_old_figure_again() {
    let server = server();
    let taken = complain(&server, 1, "A-1", "the lift is still not connected");
    assess(&server, &taken, "minor", "installation");
    let path = path_of(&taken);
    act(&server, MANAGER, &path, &json!({"action": "begin"}));
    let number = taken["number"].as_str().unwrap();
    let bearer = format!("Bearer {}", taken["secret"].as_str().unwrap());
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let body = json!({"id": format!("{:032x}", 5), "text": "and when??"}).to_string();
    let messages = format!("/v1/cases/{number}/messages");
    server.call("POST", &messages, &headers, body.as_bytes(), 200);
    let decision = json!({"action": "draft", "issues": [{"id": 1, "outcome": "upheld"}], "text": "It is connected since noon."});
    act(&server, MANAGER, &path, &decision);
    act(&server, MANAGER, &path, &json!({"action": "sign-off"}));
    act(&server, MANAGER, &path, &json!({"action": "respond"}));
    let old = report(&server, "contacts");
    assert_eq!(old["first_contact"], json!({"count": 0, "of": 1}));
    let body = json!({"action": "publish", "policy": {"thresholds": {"first_contact_messages": 1}}, "note": "one question is no second contact"});
    send(&server, ADMIN, "/v1/staff/policies", 0, &body, 200);
    let new = report(&server, "contacts");
    assert_eq!(new["first_contact"], json!({"count": 1, "of": 1}));
    assert_eq!(new["definition"]["policy"], 2);
    assert_eq!(report(&server, "contacts?policy=1"), old);
}

#[test]
fn the_daily_list_names_what_no_clock_of_a_case_shows() {
    let server = server();
    let request = json!({
        "id": format!("{:032x}", 40), "locale": "en", "intent": "request", "text": "a second key for the cabinet pls",
        "mail": "aoife@example.com", "consent": true, "context": {"channel": "embed", "account": "B-9"}
    });
    let headers = [("content-type", "application/json")];
    let body = request.to_string();
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
    let request: Json = serde_json::from_slice(&answer.body).unwrap();
    let taken = complain(&server, 1, "A-1", "whole site down for four hours");
    assess(&server, &taken, "major", "performance");
    let path = path_of(&taken);
    act(&server, MANAGER, &path, &json!({"action": "begin"}));
    let decision = json!({"action": "draft", "issues": [{"id": 1, "outcome": "upheld"}], "text": "A breaker; it is replaced."});
    act(&server, MANAGER, &path, &decision);
    act(&server, EXECUTIVE, &path, &json!({"action": "sign-off"}));
    let list = report(&server, "attention");
    assert_eq!(list["causes_to_follow"], json!([]));
    act(&server, MANAGER, &path, &json!({"action": "respond"}));
    let list = report(&server, "attention");
    assert_eq!(
        list["requests_without_destination"][0]["number"],
        request["number"]
    );
    assert_eq!(list["accounts_without_owner"], json!(["A-1", "B-9"]));
    let follow = &list["causes_to_follow"][0];
    assert_eq!(
        (&follow["number"], &follow["owner"], &follow["overdue"]),
        (&taken["number"], &json!(1), &json!(false))
    );
    // A problem alone is not enough: it needs a kind of cause and something that corrects it.
    let body = json!({"title": "Breakers of batch 7", "cases": [taken["number"]]});
    send(&server, MANAGER, "/v1/staff/problems", 0, &body, 201);
    assert_eq!(
        report(&server, "attention")["causes_to_follow"][0]["problem"],
        1
    );
    let steps = [
        json!({"action": "contain", "text": "a technician carries one", "since": time(-1), "verified": true}),
        json!({"action": "answer-why", "answer": "the batch trips at 40 degrees", "evidence": "climate chamber, 12 of 12"}),
        json!({"action": "verify-why", "why": 1}),
        json!({"action": "verify-cause", "cause": "supplier", "escape_point": "tested at 20 degrees only",
            "management_cause": "no incoming test is asked for", "technical_cause": "another alloy"}),
        json!({"action": "plan-action", "text": "swap all 64 of the batch", "owner": 1, "due": time(20)}),
    ];
    for (version, body) in (1..).zip(steps) {
        send(
            &server,
            MANAGER,
            "/v1/staff/problems/1",
            version,
            &body,
            200,
        );
    }
    assert_eq!(report(&server, "attention")["causes_to_follow"], json!([]));
    server.pass(181 * DAY);
    let list = report(&server, "attention");
    assert_eq!(list["problems_to_correct"], json!([1]), "P3: 180 days");
    let causes = report(&server, "causes");
    assert_eq!(
        (
            &causes["causes"][0]["cause"],
            &causes["causes"][0]["days_since_last"]
        ),
        (&json!("supplier"), &json!(181))
    );
}

#[test]
fn a_frozen_list_is_answered_entry_by_entry_and_customers_read_the_projects() {
    let server = server();
    let mut n = 0;
    let mut take = |category: &str, count: u32| {
        for _ in 0..count {
            n += 1;
            let taken = complain(
                &server,
                n,
                &format!("C-{n}"),
                "same as last month, and the month before",
            );
            assess(&server, &taken, "major", category);
        }
    };
    take("delivery-date", 4);
    take("training", 2);
    take("billing", 1);
    let lists = "/v1/staff/top-lists";
    let period = json!({"from": time(-1), "to": time(1)});
    assert_eq!(
        send(&server, MANAGER, lists, 0, &period, 422)["errors"][0]["code"],
        "period-open"
    );
    server.pass(2 * DAY);
    assert_eq!(
        send(&server, ANALYST, lists, 0, &period, 403)["code"],
        "not-allowed"
    );
    let made = send(&server, MANAGER, lists, 0, &period, 201);
    let first: Vec<_> = made["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["category"].as_str().unwrap())
        .collect();
    assert_eq!(first, ["delivery-date", "training"]);
    assert_eq!(made["rows"][0]["count"], 4);
    assert_eq!(made["unanswered"], json!(["delivery-date", "training"]));
    // What is assessed otherwise afterwards changes no frozen list.
    take("training", 9);
    let path = "/v1/staff/top-lists/1";
    assert_eq!(read(&server, MANAGER, path, 200).0["rows"], made["rows"]);
    let project = json!({
        "action": "open-project", "entry": 1, "name": "Dates that hold", "sponsor": 5,
        "milestones": [{"name": "one calendar for warehouse and sales", "due": time(40)}],
        "public": "From March on you get one date, and we keep it."
    });
    assert_eq!(
        send(&server, MANAGER, path, 7, &project, 412)["code"],
        "version-clash"
    );
    let nobody = json!({"action": "open-project", "entry": 1, "name": "x", "sponsor": 99, "public": "y",
        "milestones": [{"name": "z", "due": time(40)}]});
    assert_eq!(
        send(&server, MANAGER, path, 1, &nobody, 422)["errors"][0]["path"],
        "sponsor"
    );
    send(&server, MANAGER, path, 1, &project, 200);
    let attention = report(&server, "attention");
    assert_eq!(
        attention["top_lists_unanswered"],
        json!([{"list": 1, "categories": ["training"]}])
    );
    let excuse = json!({"action": "excuse", "entry": 2, "reason": "the new manual of January answers it; measured again in June"});
    send(&server, EXECUTIVE, path, 2, &excuse, 200);
    let reach = json!({"action": "reach-milestone", "entry": 1, "milestone": 1});
    send(&server, SPONSOR, path, 3, &reach, 200);
    let done = json!({"action": "set-status", "entry": 1, "status": "done", "public": "One date, kept since March."});
    let ended = send(&server, SPONSOR, path, 4, &done, 200);
    assert_eq!(ended["unanswered"], json!([]));
    assert_eq!(
        report(&server, "attention")["top_lists_unanswered"],
        json!([])
    );
    // Without a login: what was written for customers, and nothing else.
    let public = server.get("/v1/projects", 200);
    let text = public.text().to_owned();
    assert!(text.contains("One date, kept since March.") && text.contains("done"));
    for inside in ["sponsor", "manual of January", "count", "Tom Berg"] {
        assert!(!text.contains(inside), "{inside} in {text}");
    }
}

#[test]
fn praise_that_names_a_team_reaches_it() {
    let server = server();
    let praise = json!({
        "id": format!("{:032x}", 50), "locale": "zh-CN", "intent": "praise", "text": "北区的师傅冒雨把货搬上三楼,非常感谢!",
        "context": {"channel": "embed", "account": "A-1"}
    });
    let headers = [("content-type", "application/json")];
    let body = praise.to_string();
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
    let taken: Json = serde_json::from_slice(&answer.body).unwrap();
    let path = format!("/v1/staff/feedback/{}", taken["number"].as_str().unwrap());
    let place = json!({"action": "place", "destination": "North"});
    send(&server, MANAGER, &path, 1, &place, 200);
    let north = report(&server, "recognition?team=North");
    assert_eq!(
        north["praise"][0]["text"],
        "北区的师傅冒雨把货搬上三楼,非常感谢!"
    );
    assert_eq!(
        report(&server, "recognition?team=South")["praise"],
        json!([])
    );
}
