//! Policies, calendars and terms of accounts over HTTP: versions, who has which, taking back, clear refusals.

use std::time::Duration;

use qingting::complaint::Role;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::store::Sqlite;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::support::{Answer, Folder, NOW, TestServer};

pub const ADMIN: &str = "admin-key";
pub const MANAGER: &str = "manager-key";

pub fn staffed(people: &[(&str, Role, &str)]) -> TestServer {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    for (name, role, key) in people {
        let key = Sha256::digest(key).into();
        store
            .add_staff(name, *role, key, Timestamp(NOW))
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

fn server() -> TestServer {
    staffed(&[
        ("Li Wei", Role::CaseManager, MANAGER),
        ("Sofia Marin", Role::Admin, ADMIN),
    ])
}

pub fn send(
    server: &TestServer,
    key: &str,
    path: &str,
    version: u32,
    body: &Json,
    status: u16,
) -> Json {
    let (bearer, tag) = (format!("Bearer {key}"), format!("\"{version}\""));
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
        ("if-match", tag.as_str()),
    ];
    let body = body.to_string();
    let answer = server.call("POST", path, &headers, body.as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

pub fn read(server: &TestServer, key: &str, path: &str, status: u16) -> (Json, Answer) {
    let bearer = format!("Bearer {key}");
    let answer = server.call("GET", path, &[("authorization", &bearer)], b"", status);
    (serde_json::from_slice(&answer.body).unwrap(), answer)
}

pub fn complain(server: &TestServer, n: u64, account: &str, text: &str) -> Json {
    let body = json!({
        "id": format!("{n:032x}"), "locale": "en", "text": text, "stage": "use", "urgency": "soon",
        "mail": format!("who{n}@example.com"), "consent": true, "context": {"channel": "embed", "account": account}
    });
    let headers = [("content-type", "application/json")];
    let body = body.to_string();
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
    serde_json::from_slice(&answer.body).unwrap()
}

const POLICIES: &str = "/v1/staff/policies";

fn publish(tier: &str, policy: Json) -> Json {
    let mut body =
        json!({"action": "publish", "tier": tier, "note": "agreed with sales on Monday"});
    body["policy"] = policy;
    body
}

fn code(problem: &Json) -> (&str, &str) {
    let error = &problem["errors"][0];
    (
        error["path"].as_str().unwrap(),
        error["code"].as_str().unwrap(),
    )
}

#[test]
fn a_tier_has_shorter_clocks_and_the_same_states() {
    let server = server();
    let gold = publish(
        "gold",
        json!({"resolution": [{"elapsed": 60}, {"business-days": 1}, {"business-days": 2}, {"business-days": 20}]}),
    );
    // Whoever is measured by the clocks does not set them; and nobody sets them on what has moved.
    assert_eq!(
        send(&server, MANAGER, POLICIES, 0, &gold, 403)["code"],
        "not-allowed"
    );
    assert_eq!(
        send(&server, ADMIN, POLICIES, 3, &gold, 412)["code"],
        "version-clash"
    );
    let made = send(&server, ADMIN, POLICIES, 0, &gold, 200);
    assert_eq!(made, json!({"scope": "gold", "version": 2}));
    let terms = "/v1/staff/terms/A-7";
    let wrong = send(&server, ADMIN, terms, 0, &json!({"tier": "platinum"}), 422);
    assert_eq!(code(&wrong).1, "unknown");
    send(&server, ADMIN, terms, 0, &json!({"tier": "gold"}), 200);
    send(&server, ADMIN, terms, 0, &json!({"tier": ""}), 412);

    let plain = complain(&server, 1, "B-1", "third invoice with the wrong VAT number");
    let gold = complain(&server, 2, "A-7", "third invoice with the wrong VAT number");
    assert!(gold["promised"].as_str() < plain["promised"].as_str());
    let inside = |taken: &Json| {
        let path = format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap());
        read(&server, MANAGER, &path, 200).0
    };
    let (plain, gold) = (inside(&plain), inside(&gold));
    assert_eq!((&plain["policy"], &gold["policy"]), (&json!(1), &json!(2)));
    for same in ["state", "priority", "severity", "version"] {
        assert_eq!(plain[same], gold[same], "{same}");
    }
}

#[test]
fn a_policy_is_taken_back_and_cases_keep_what_they_came_in_under() {
    let server = server();
    let slow = publish(
        "",
        json!({"resolution": [{"elapsed": 1440}, {"business-days": 5}, {"business-days": 15}, {"business-days": 30}]}),
    );
    let first = complain(&server, 1, "A-7", "still no engineer on site");
    assert_eq!(send(&server, ADMIN, POLICIES, 0, &slow, 200)["version"], 2);
    let second = complain(&server, 2, "A-8", "still no engineer on site");
    assert!(second["promised"].as_str() > first["promised"].as_str());
    let back = json!({"action": "revert", "to": 1, "note": "customers read the old figures in their contract"});
    send(&server, ADMIN, POLICIES, 1, &back, 412);
    assert_eq!(send(&server, ADMIN, POLICIES, 2, &back, 200)["version"], 1);
    let third = complain(&server, 3, "A-9", "still no engineer on site");
    assert_eq!(third["promised"], first["promised"]);
    let of = |taken: &Json| {
        let path = format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap());
        (read(&server, MANAGER, &path, 200).0, path)
    };
    assert_eq!(of(&second).0["policy"], 2);
    // The case manager moves the second one back; a date that comes sooner needs no words.
    let (case, path) = of(&second);
    let version = u32::try_from(case["version"].as_u64().unwrap()).unwrap();
    let adopt = |policy: u32| json!({"action": "adopt-policy", "policy": policy});
    let unknown = send(&server, MANAGER, &path, version, &adopt(9), 422);
    assert_eq!(code(&unknown).1, "no-such-policy");
    let moved = send(&server, MANAGER, &path, version, &adopt(1), 200);
    assert_eq!(moved["policy"], 1);
    assert_eq!(moved["customer"]["promised"], first["promised"]);
    let later = send(&server, MANAGER, &path, version + 1, &adopt(2), 422);
    assert_eq!(code(&later).1, "later-without-words");
    let (all, _) = read(&server, ADMIN, POLICIES, 200);
    assert_eq!(all["versions"].as_array().unwrap().len(), 2);
    let held: Vec<_> = all["in_force"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["version"].as_u64().unwrap())
        .collect();
    assert_eq!(held, [2, 1]);
}

#[test]
fn what_is_wrong_with_a_policy_is_said_where_it_is_wrong() {
    let server = server();
    let refused = |tier: &str, policy: Json| {
        let problem = send(&server, ADMIN, POLICIES, 0, &publish(tier, policy), 422);
        let (path, code) = code(&problem);
        (path.to_owned(), code.to_owned())
    };
    let is = |found: (String, String), path: &str, code: &str| {
        assert_eq!(found, (path.to_owned(), code.to_owned()));
    };
    is(
        refused("", json!({"review": {"business-days": 0}})),
        "policy.review",
        "out-of-range",
    );
    is(
        refused("gold", json!({"explanation": {"business": 241}})),
        "policy.explanation",
        "longer",
    );
    is(
        refused("", json!({"revue": {"business": 1}})),
        "",
        "malformed",
    );
    is(refused("", json!({"version": 7})), "", "malformed");
    is(refused("Gold!", json!({})), "tier", "malformed");
    // A default that became shorter than a tier would leave the tier the worse off.
    let gold = publish("gold", json!({"explanation": {"business": 200}}));
    send(&server, ADMIN, POLICIES, 0, &gold, 200);
    is(
        refused("", json!({"explanation": {"business": 100}})),
        "policy.explanation",
        "longer",
    );
    let silent = json!({"action": "publish", "policy": {}, "note": " "});
    let problem = send(&server, ADMIN, POLICIES, 0, &silent, 422);
    assert_eq!(code(&problem), ("note", "missing"));
}

#[test]
fn a_region_has_its_own_calendar_from_the_moment_it_was_published() {
    let server = server();
    let path = "/v1/staff/calendars";
    let china = json!({"zone": "Asia/Shanghai", "week": {"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "tue": [["09:00", "12:00"]]}});
    let body = |calendar: &Json| json!({"action": "publish", "region": "cn", "calendar": calendar, "note": "the Shanghai office"});
    let wrong = json!({"zone": "Asia/Shangai", "week": {}});
    let problem = send(&server, ADMIN, path, 0, &body(&wrong), 422);
    assert_eq!(code(&problem), ("calendar", "malformed"));
    assert!(problem.to_string().contains("IANA"), "{problem}");
    let before = complain(&server, 1, "A-7", "交付晚了三周,没人通知我们!!");
    server.pass(1);
    send(&server, ADMIN, path, 0, &body(&china), 200);
    send(
        &server,
        ADMIN,
        "/v1/staff/terms/A-7",
        0,
        &json!({"region": "cn"}),
        200,
    );
    send(
        &server,
        ADMIN,
        "/v1/staff/terms/A-9",
        0,
        &json!({"region": "cn"}),
        200,
    );
    server.pass(1);
    let after = complain(&server, 2, "A-9", "交付晚了三周,没人通知我们!!");
    let elsewhere = complain(&server, 3, "A-8", "three weeks late and nobody told us!!");
    // Two days a week are open in Shanghai: ten business days take five weeks.
    assert!(after["promised"].as_str() > elsewhere["promised"].as_str());
    let day = |taken: &Json| taken["promised"].as_str().unwrap()[..10].to_owned();
    assert_eq!(day(&before), day(&elsewhere));
    // What came in before keeps the calendar that it came in under.
    let number = before["number"].as_str().unwrap();
    let (inside, _) = read(&server, MANAGER, &format!("/v1/staff/cases/{number}"), 200);
    let clocks = inside["clocks"].as_array().unwrap();
    let resolution = clocks.iter().find(|clock| clock["kind"] == "resolution");
    assert_eq!(resolution.unwrap()["due"], before["promised"]);
}
