//! Promises of the endpoint as a whole: open at any hour, nothing deleted, no score edited, and whoever is away is stood in for
//! in the same second.

use std::time::Duration;

use qingting::api::route;
use qingting::complaint::{Lead, Role};
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::store::Sqlite;
use serde_json::{Value as Json, json};

use crate::cases::hire;
use crate::support::{Folder, NOW, TestServer, sheet};

const HOUR: i64 = 3_600_000;

fn over(folder: Folder) -> TestServer {
    TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    )
}

fn post(server: &TestServer, path: &str, body: &Json, status: u16) -> Json {
    let headers = [("content-type", "application/json")];
    let answer = server.call("POST", path, &headers, body.to_string().as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn at_three_on_a_sunday_morning_a_complaint_gets_number_contact_and_date() {
    let folder = Folder::new().with_survey();
    hire(folder.path(), "Li Wei", "case-manager");
    let server = over(folder);
    // NOW is a Monday, 10:00 UTC: six days on, at three.
    server.pass(6 * 24 * HOUR - 7 * HOUR);
    let body =
        json!({"id": format!("{:032x}", 1), "text": "凌晨又断电了,机房全黑", "safety": true});
    let taken = post(&server, "/v1/complaints", &body, 201);
    assert!(
        taken["received_at"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-29T03:00")
    );
    assert_eq!(taken["contact"], "Li Wei");
    assert!(taken["promised"].as_str().unwrap() > taken["received_at"].as_str().unwrap());
    let bearer = format!("Bearer {}", taken["secret"].as_str().unwrap());
    let path = format!("/v1/cases/{}", taken["number"].as_str().unwrap());
    let seen = server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
    let seen: Json = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(
        seen["status"], "acknowledged",
        "nobody had to be awake for it"
    );
}

#[test]
fn nothing_is_deleted_and_no_score_or_word_is_changed_by_anybody() {
    let folder = Folder::new().with_survey();
    let key = hire(folder.path(), "Li Wei", "case-manager");
    let server = over(folder);
    server.post(&sheet(1), 201);
    let body = json!({"id": format!("{:032x}", 1), "text": "wrong cable AGAIN"});
    let taken = post(&server, "/v1/complaints", &body, 201);
    let number = taken["number"].as_str().unwrap();
    let before = server.folder.rows();
    let bearer = format!("Bearer {key}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("if-match", "\"2\""),
    ];
    let paths = [
        route::RESPONSES.to_owned(),
        format!("/v1/staff/cases/{number}"),
        format!("/v1/cases/{number}"),
        "/v1/staff/cases".to_owned(),
        "/v1/staff/feedback".to_owned(),
        route::COMPLAINTS.to_owned(),
    ];
    let change = br#"{"answers":{"overall":5},"text":"all fine"}"#;
    for path in &paths {
        for method in ["DELETE", "PATCH", "PUT"] {
            server.call(method, path, &headers, change, 405);
        }
    }
    // No action of staff takes a field that would be the customer's word.
    for field in ["verbatim", "words", "received_at", "score"] {
        let mut body = json!({"action": "note", "text": "x"});
        body[field] = json!("all fine");
        let path = format!("/v1/staff/cases/{number}");
        let answer = server.call("POST", &path, &headers, body.to_string().as_bytes(), 422);
        assert!(answer.text().contains(field), "{}", answer.text());
    }
    assert_eq!(server.folder.rows(), before);
}

#[test]
fn whoever_is_away_is_stood_in_for_in_the_same_second_and_the_log_says_who_acted() {
    let folder = Folder::new().with_survey();
    hire(folder.path(), "Li Wei", "case-manager");
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    let mut add = |name: &str, key: u8| {
        store
            .add_staff(name, Role::AccountManager, [key; 32], Timestamp(NOW))
            .unwrap()
            .unwrap()
    };
    let (holder, stand_in) = (add("Rosa Diaz", 7), add("Ken Mori", 8));
    store
        .fill_place("A-7", Lead::Account, Some((holder, Some(stand_in))))
        .unwrap();
    drop(store);
    let server = over(folder);
    let contact = |n: u64| {
        let body = json!({"id": format!("{n:032x}"), "text": "no reply since may", "stage": "billing", "context": {"channel": "embed", "account": "A-7"}});
        post(&server, "/v1/complaints", &body, 201)["contact"].clone()
    };
    assert_eq!(contact(1), "Rosa Diaz");
    let mut store = Sqlite::open(server.folder.path(), Duration::from_secs(5)).unwrap();
    assert!(store.set_away("Rosa Diaz", true).unwrap());
    assert_eq!(contact(2), "Ken Mori");
    assert!(store.set_away("Ken Mori", true).unwrap());
    assert_eq!(
        contact(3),
        "Li Wei",
        "with both away it falls to the case manager"
    );
    assert!(store.set_away("Rosa Diaz", false).unwrap());
    assert_eq!(contact(4), "Rosa Diaz");
}

/// A value with its kinds in place of what it says; of a list the first item.
fn shape(value: &Json) -> Json {
    match value {
        Json::Null => json!("null"),
        Json::Bool(_) => json!("flag"),
        Json::Number(_) => json!("number"),
        Json::String(_) => json!("text"),
        Json::Array(items) => items.iter().take(1).map(shape).collect(),
        Json::Object(fields) => {
            let fields = fields.iter();
            Json::Object(
                fields
                    .map(|(key, value)| (key.clone(), shape(value)))
                    .collect(),
            )
        }
    }
}

#[test]
fn the_contract_of_complaints_is_the_one_that_was_written_down() {
    let golden: Json =
        serde_json::from_str(include_str!("../fixtures/wire/complaint.json")).unwrap();
    let folder = Folder::new().with_survey();
    hire(folder.path(), "Li Wei", "case-manager");
    let server = over(folder);
    let taken = post(&server, "/v1/complaints", &golden["sent"], 201);
    assert_eq!(shape(&taken), golden["answered"]);
    let bearer = format!("Bearer {}", taken["secret"].as_str().unwrap());
    let path = format!("/v1/cases/{}", taken["number"].as_str().unwrap());
    let seen = server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
    let seen: Json = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(shape(&seen), golden["case"]);
    assert_eq!(seen["words"]["affected_users"], 120);
    // The control: a field more would be noticed.
    let mut more = seen;
    more["owner"] = json!(1);
    assert_ne!(shape(&more), golden["case"]);
    // A newer widget's field is no fault.
    let mut newer = golden["sent"].clone();
    newer["mood"] = json!("angry");
    post(&server, "/v1/complaints", &newer, 200);
    newer["affected_users"] = json!("many");
    let refused = post(&server, "/v1/complaints", &newer, 422);
    assert_eq!(refused["errors"][0]["path"], "affected_users");
}
