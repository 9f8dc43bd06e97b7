//! Requests, suggestions and praise over HTTP: each in its list, requests with a destination and a date, and the way between
//! them and a case.

use std::time::Duration;

use qingting::complaint::Role;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::store::Sqlite;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::support::{Folder, NOW, TestServer};

const MANAGER: &str = "manager-key";
const AUDITOR: &str = "auditor-key";
const ANALYST: &str = "analyst-key";
const ACCOUNT: &str = "account-key";

fn staffed() -> TestServer {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    for (name, role, key) in [
        ("Li Wei", Role::CaseManager, MANAGER),
        ("Noor Haddad", Role::Auditor, AUDITOR),
        ("Jan Nowak", Role::Analyst, ANALYST),
    ] {
        let key = Sha256::digest(key).into();
        store
            .add_staff(name, role, key, Timestamp(NOW))
            .unwrap()
            .unwrap();
    }
    let key = Sha256::digest(ACCOUNT).into();
    let zhao = store
        .add_staff("Zhao Min", Role::AccountManager, key, Timestamp(NOW))
        .unwrap()
        .unwrap();
    let place = qingting::complaint::Lead::Account;
    store.fill_place("A-7", place, Some((zhao, None))).unwrap();
    drop(store);
    TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    )
}

fn intake(n: u64, intent: &str, text: &str) -> Json {
    json!({
        "id": format!("{n:032x}"), "locale": "en", "intent": intent, "text": text, "name": "Aoife Byrne",
        "mail": "aoife@example.com", "consent": true, "context": {"channel": "embed", "account": "A-7"}
    })
}

fn send(server: &TestServer, body: &Json, status: u16) -> Json {
    let headers = [("content-type", "application/json")];
    let body = body.to_string();
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

fn list(server: &TestServer, key: &str, intent: &str, status: u16) -> Json {
    let bearer = format!("Bearer {key}");
    let path = format!("/v1/staff/feedback?intent={intent}");
    let answer = server.call("GET", &path, &[("authorization", &bearer)], b"", status);
    serde_json::from_slice(&answer.body).unwrap()
}

fn act(server: &TestServer, key: &str, path: &str, version: u32, body: &Json, status: u16) -> Json {
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

fn item(taken: &Json) -> String {
    format!("/v1/staff/feedback/{}", taken["number"].as_str().unwrap())
}

#[test]
fn each_intent_lands_in_its_own_list_once() {
    let server = staffed();
    let texts = [
        (
            "request",
            "Pls send the pallets on mondays, we've nobody here on fridays",
        ),
        ("suggestion", "the slip could be in german too"),
        ("praise", "Your driver helped us carry it up, THANK YOU"),
    ];
    for (n, (intent, text)) in (1..).zip(texts) {
        let taken = send(&server, &intake(n, intent, text), 201);
        assert_eq!(taken["intent"], intent);
        assert!(taken["number"].as_str().unwrap().starts_with("QT-"));
        // Only a request is promised an answer; none has a secret, because it is no case.
        assert_eq!(taken["answer_by"].is_string(), intent == "request");
        assert!(taken.get("secret").is_none());
        // A retry after a lost answer.
        assert_eq!(send(&server, &intake(n, intent, text), 200), taken);
    }
    for (intent, text) in texts {
        let listed = &list(&server, MANAGER, intent, 200)["feedback"];
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            (&listed[0]["text"], &listed[0]["intent"]),
            (&json!(text), &json!(intent))
        );
    }
    assert_eq!(
        list(&server, MANAGER, "complaint", 200)["feedback"],
        json!([])
    );
    // The same id with other words, and as a complaint, is not taken for it.
    let other = intake(1, "request", "something else");
    assert_eq!(send(&server, &other, 422)["code"], "id-taken");
    for path in ["/v1/staff/feedback", "/v1/staff/feedback?intent=rumour"] {
        let bearer = format!("Bearer {MANAGER}");
        let answer = server.call("GET", path, &[("authorization", &bearer)], b"", 422);
        assert_eq!(answer.refusal().1, ["intent"]);
    }
    let other = intake(1, "complaint", texts[0].1);
    assert_eq!(send(&server, &other, 422)["code"], "id-taken");
    assert_eq!(
        send(&server, &intake(9, "rumour", "x"), 422)["code"],
        "invalid-body"
    );
}

#[test]
fn a_request_without_a_destination_is_flagged_until_it_has_one_and_stays_until_it_is_answered() {
    let server = staffed();
    let first = send(
        &server,
        &intake(1, "request", "a second key for the cabinet"),
        201,
    );
    let second = send(
        &server,
        &intake(2, "request", "invoice as a pdf please!!"),
        201,
    );
    let flags = |server: &TestServer| -> Vec<Json> {
        let listed = list(server, MANAGER, "request", 200);
        let listed = listed["feedback"].as_array().unwrap().clone();
        listed
            .into_iter()
            .map(|one| json!([one["number"], one["missing"]]))
            .collect()
    };
    let lacks = |taken: &Json| json!([taken["number"], "destination"]);
    let has = |taken: &Json| json!([taken["number"], null]);
    assert_eq!(flags(&server), [lacks(&first), lacks(&second)]);
    let place =
        json!({"action": "place", "destination": "Warehouse", "answer_by": "2026-12-04T09:00Z"});
    let placed = act(&server, MANAGER, &item(&first), 1, &place, 200);
    assert_eq!(placed["destination"], "Warehouse");
    assert_eq!(placed["answer_by"], "2026-12-04T09:00:00.000Z");
    // What nobody was named for comes first.
    assert_eq!(flags(&server), [lacks(&second), has(&first)]);
    // On the version that was read, or not at all.
    assert_eq!(
        act(&server, MANAGER, &item(&first), 1, &place, 412)["code"],
        "version-clash"
    );
    let empty = json!({"action": "place", "destination": " "});
    assert_eq!(
        act(&server, MANAGER, &item(&first), 2, &empty, 422)["code"],
        "action-refused"
    );
    let answer = json!({"action": "answer", "text": "The key is on its way."});
    let answered = act(&server, MANAGER, &item(&first), 2, &answer, 200);
    assert!(answered["answered_at"].is_string());
    assert_eq!(flags(&server), [lacks(&second), has(&first)]);
    // Who may: those who work on cases; auditors read, analysts do not.
    assert_eq!(
        list(&server, AUDITOR, "request", 200)["feedback"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    act(&server, AUDITOR, &item(&second), 1, &answer, 403);
    list(&server, ANALYST, "request", 403);
    list(&server, "nobody's key", "request", 401);
    act(
        &server,
        MANAGER,
        "/v1/staff/feedback/QT-0000-0000-0",
        1,
        &answer,
        404,
    );
    let unknown = json!({"action": "answer", "text": "x", "colour": "red"});
    assert_eq!(
        act(&server, MANAGER, &item(&second), 1, &unknown, 422)["code"],
        "invalid-body"
    );
}

#[test]
fn what_was_taken_for_something_else_moves_with_its_words_number_and_time_of_receipt() {
    let server = staffed();
    let words = "it leaks since tuesday and nobody comes";
    let taken = send(&server, &intake(1, "request", words), 201);
    server.pass(3_600_000);
    let into = |intent: &str| json!({"action": "reclassify", "into": intent});
    act(&server, MANAGER, &item(&taken), 1, &into("suggestion"), 200);
    assert_eq!(
        list(&server, MANAGER, "request", 200)["feedback"],
        json!([])
    );
    let moved = act(&server, MANAGER, &item(&taken), 2, &into("complaint"), 200);
    assert_eq!(moved["intent"], "complaint");
    let case = format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap());
    let bearer = format!("Bearer {MANAGER}");
    let answer = server.call("GET", &case, &[("authorization", &bearer)], b"", 200);
    let inside: Json = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(inside["customer"]["words"]["text"], words);
    assert_eq!(inside["customer"]["received_at"], taken["received_at"]);
    assert!(inside["owner"].as_u64().unwrap() > 0);
    // Who did not agree to be written to is not written to because of this: the first words said no.
    let mut silent = intake(3, "request", "no mails please, just fix the gate");
    silent["consent"] = false.into();
    let silent = send(&server, &silent, 201);
    act(&server, MANAGER, &item(&silent), 1, &into("complaint"), 200);
    let reachable = |taken: &Json| {
        let path = format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap());
        let bearer = format!("Bearer {MANAGER}");
        let answer = server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
        let inside: Json = serde_json::from_slice(&answer.body).unwrap();
        inside["events"][0]["what"]["with"]["reachable"].clone()
    };
    assert_eq!(
        (reachable(&taken), reachable(&silent)),
        (json!(true), json!(false))
    );
    // Nothing of it is left to act on, and a late retry of the device still gets its number.
    let again = act(&server, MANAGER, &item(&taken), 3, &into("request"), 422);
    assert_eq!(again["code"], "action-refused");
    assert_eq!(
        send(&server, &intake(1, "request", words), 200)["number"],
        taken["number"]
    );

    // And the other way: a complaint that is none.
    let words = "could you deliver before noon?";
    let taken = send(&server, &intake(2, "complaint", words), 201);
    let case = format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap());
    let bearer = format!("Bearer {ACCOUNT}");
    let answer = server.call("GET", &case, &[("authorization", &bearer)], b"", 200);
    let inside: Json = serde_json::from_slice(&answer.body).unwrap();
    let version = u32::try_from(inside["version"].as_u64().unwrap()).unwrap();
    // The account manager alone decides that.
    act(&server, MANAGER, &case, version, &into("request"), 403);
    assert_eq!(
        act(&server, ACCOUNT, &case, version, &into("complaint"), 422)["code"],
        "action-refused"
    );
    let moved = act(&server, ACCOUNT, &case, version, &into("request"), 200);
    assert_eq!(moved["customer"]["status"], "closed-reclassified");
    let listed = &list(&server, MANAGER, "request", 200)["feedback"];
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &listed[0]["number"],
            &listed[0]["text"],
            &listed[0]["received_at"],
            &listed[0]["missing"]
        ),
        (
            &taken["number"],
            &json!(words),
            &taken["received_at"],
            &json!("destination")
        )
    );
    // Its customer still sees it with number and secret, and a retry gets the same.
    assert_eq!(send(&server, &intake(2, "complaint", words), 200), taken);
}
