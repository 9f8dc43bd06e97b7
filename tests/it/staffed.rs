//! An endpoint where people work, and their requests, for tests of what staff see and do.

use std::time::Duration;

use qingting::complaint::{Lead, Role, StaffId};
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::config::Config;
use qingting::endpoint::store::Sqlite;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::support::{Answer, Connection, Folder, NOW, TestServer};

/// Everybody's name, role and key, in the order of their ids from 1.
pub const PEOPLE: [(&str, Role, &str); 8] = [
    ("Li Wei", Role::CaseManager, "manager"),
    ("Zhao Min", Role::AccountManager, "account"),
    ("Sara Lind", Role::SolutionExpert, "solution"),
    ("Wu Jun", Role::DeliveryExpert, "delivery"),
    ("Omar Aziz", Role::AccountManager, "other-account"),
    ("Chen Hao", Role::Executive, "executive"),
    ("Noor Haddad", Role::Auditor, "auditor"),
    ("Jan Nowak", Role::Analyst, "analyst"),
];

/// The people's ids.
pub fn id_of(key: &str) -> u32 {
    let place = PEOPLE.iter().position(|(_, _, known)| *known == key);
    u32::try_from(place.unwrap()).unwrap() + 1
}

/// An endpoint with the survey `delivery`; account A-7 has a whole team, B-2 another account manager.
pub fn staffed() -> TestServer {
    staffed_over(Folder::new().with_survey(), |_| {})
}

/// As [`staffed`], over a folder and with other settings.
pub fn staffed_over(folder: Folder, change: impl FnOnce(&mut Config)) -> TestServer {
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    for (name, role, key) in PEOPLE {
        let digest = Sha256::digest(key).into();
        let id = store.add_staff(name, role, digest, Timestamp(NOW)).unwrap();
        assert_eq!(id, Some(StaffId(id_of(key))));
    }
    for (account, place, key) in [
        ("A-7", Lead::Account, "account"),
        ("A-7", Lead::Solution, "solution"),
        ("A-7", Lead::Delivery, "delivery"),
        ("B-2", Lead::Account, "other-account"),
    ] {
        let holder = Some((StaffId(id_of(key)), None));
        store.fill_place(account, place, holder).unwrap();
    }
    drop(store);
    TestServer::start_over(folder, change, |store, reader| {
        (store, std::sync::Arc::new(reader))
    })
}

/// GET as somebody.
pub fn look(server: &TestServer, key: &str, path: &str, status: u16) -> Json {
    serde_json::from_slice(&answer(server, key, path, status).body).unwrap()
}

/// GET as somebody, with headers and all.
pub fn answer(server: &TestServer, key: &str, path: &str, status: u16) -> Answer {
    let bearer = format!("Bearer {key}");
    server.call("GET", path, &[("authorization", &bearer)], b"", status)
}

/// POST as somebody, of something new.
pub fn make(server: &TestServer, key: &str, path: &str, body: &Json, status: u16) -> Json {
    send(server, key, path, None, body, status)
}

/// POST as somebody, on a version.
pub fn change(
    server: &TestServer,
    key: &str,
    path: &str,
    version: &Json,
    body: &Json,
    status: u16,
) -> Json {
    send(
        server,
        key,
        path,
        Some(version.as_u64().unwrap()),
        body,
        status,
    )
}

fn send(
    server: &TestServer,
    key: &str,
    path: &str,
    version: Option<u64>,
    body: &Json,
    status: u16,
) -> Json {
    let bearer = format!("Bearer {key}");
    let tag = version.map(|version| format!("\"{version}\""));
    let mut headers = vec![
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    headers.extend(tag.as_deref().map(|tag| ("if-match", tag)));
    let body = body.to_string();
    let answer = server.call("POST", path, &headers, body.as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

/// The code of what stood in the way.
pub fn code(refused: &Json) -> &str {
    refused["errors"][0]["code"]
        .as_str()
        .unwrap_or_else(|| refused["code"].as_str().unwrap())
}

/// A customer's complaint; `n` makes its id.
pub fn complain(server: &TestServer, n: u64, account: &str, text: &str, more: &Json) -> Json {
    let mut body = json!({
        "id": format!("{n:032x}"), "locale": "en", "text": text, "name": "Aoife Byrne", "mail": format!("c{n}@example.com"),
        "consent": true, "context": {"channel": "embed", "account": account}
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    let headers = [("content-type", "application/json")];
    let body = body.to_string();
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
    serde_json::from_slice(&answer.body).unwrap()
}

/// `/v1/staff/cases/{number}` of a case.
pub fn case_path(taken: &Json) -> String {
    format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap())
}

/// Lets somebody act on a case as it stands.
pub fn on_case(server: &TestServer, key: &str, taken: &Json, action: &Json) -> Json {
    insist(server, key, &case_path(taken), action)
}

/// Lets somebody change something as it stands; where the engine was faster it is read again.
pub fn insist(server: &TestServer, key: &str, path: &str, action: &Json) -> Json {
    let bearer = format!("Bearer {key}");
    let body = action.to_string();
    for _ in 0..20 {
        let version = look(server, "manager", path, 200)["version"].clone();
        let tag = format!("\"{version}\"");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", bearer.as_str()),
            ("if-match", tag.as_str()),
        ];
        let mut connection = Connection::open(server.address);
        let answer = connection
            .call("POST", path, &headers, body.as_bytes())
            .unwrap();
        if answer.status != 412 {
            answer.check(200, server.folder.path());
            return serde_json::from_slice(&answer.body).unwrap();
        }
    }
    panic!("somebody else was faster each time: {path}");
}
