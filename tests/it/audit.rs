//! Notes of what staff did and saw of customers: one for each, and none can be changed unseen.

use std::time::Duration;

use qingting::endpoint::store::{ReadSqlite, database_path};
use rusqlite::Connection as Database;
use serde_json::{Value as Json, json};

use crate::sign_in::{PASSWORD, add, ask, cookies, session, set_up, token_in};
use crate::staffed::complain;
use crate::support::{Connection, Folder, TestServer, qingting};

#[test]
fn every_change_and_every_look_at_a_customer_is_noted_once_and_a_changed_note_is_named() {
    let (mut server, own) = set_up();
    let own = session(&own);
    let reader = |server: &TestServer| {
        ReadSqlite::open(server.folder.path(), Duration::from_secs(5)).unwrap()
    };
    let notes = |server: &TestServer| reader(server).audit(i64::MAX, 1000).unwrap();
    let begin = notes(&server).len();
    let added = json!({"name": "Zhao Min", "mail": "zhao@example.com", "role": "case-manager"});
    let answer = ask(&server, &own, "POST", "people", &added, 201);
    ask(&server, &own, "POST", "people", &added, 422);
    ask(&server, &own, "GET", "people", &Json::Null, 200);
    let found = notes(&server);
    assert_eq!(
        found.len(),
        begin + 1,
        "one for what was done, none for what was refused or names no customer"
    );
    let newest = &found[0].1;
    assert_eq!(
        (newest.action.as_str(), newest.actor.unwrap().0),
        ("POST /v1/staff/people", 1)
    );
    // Looking at a customer's words.
    let linked = json!({"link": token_in(&answer), "password": PASSWORD});
    let zhao = session(&cookies(&ask(&server, "", "POST", "link", &linked, 200)));
    let taken = complain(
        &server,
        5,
        "A-7",
        "third time the router is dead!!",
        &json!({}),
    );
    let number = taken["number"].as_str().unwrap();
    let before = notes(&server).len();
    ask(
        &server,
        &zhao,
        "GET",
        &format!("cases/{number}"),
        &Json::Null,
        200,
    );
    ask(&server, &zhao, "GET", "cases", &Json::Null, 200);
    let found = notes(&server);
    assert_eq!(
        (found.len(), found[0].1.object.ends_with(number)),
        (before + 1, true)
    );
    for (_, note) in &found {
        let text = format!("{} {}", note.action, note.object);
        assert!(
            !text.contains("example.com") && !text.contains("router"),
            "{text}"
        );
    }
    // Staff routes that do not exist are nobody's, too.
    ask(&server, "", "GET", "nothing", &Json::Null, 401);
    ask(&server, &zhao, "GET", "nothing", &Json::Null, 404);
    server.stop();
    let verify = || qingting(&["verify"], server.folder.path());
    let (code, said, _) = verify();
    assert!(
        code == Some(0) && said.contains("notes of what staff did are as they were written"),
        "the control: {said}"
    );
    let damages = [
        (
            "UPDATE audit SET actor = 2 WHERE seq = 1",
            "note 1 was changed",
        ),
        (
            "DELETE FROM audit WHERE seq = 2",
            "note 3 was changed, or one before it is missing",
        ),
        (
            "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
            "missing at the end",
        ),
        (
            "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit); UPDATE audit_head SET seq = seq - 1",
            "missing at the end",
        ),
    ];
    for (sql, expected) in damages {
        let folder = Folder::new();
        for file in std::fs::read_dir(server.folder.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        Database::open(database_path(folder.path()))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let (code, said, _) = qingting(&["verify"], folder.path());
        assert!(code == Some(1) && said.contains(expected), "{sql}: {said}");
    }
}

/// Every route of staff, out of the list of routes itself.
fn staff_routes() -> Vec<&'static str> {
    let source = include_str!("../../src/api/route.rs");
    let quoted = source
        .split('"')
        .filter(|text| text.starts_with("/v1/staff/"));
    let routes: std::collections::BTreeSet<_> = quoted.collect();
    routes.into_iter().collect()
}

#[test]
fn every_look_at_every_route_makes_one_note_and_a_refused_one_none() {
    let (server, own) = set_up();
    let own = session(&own);
    for (name, role) in [
        ("Zhao Min", "case-manager"),
        ("Chen Hao", "executive"),
        ("Noor Haddad", "auditor"),
    ] {
        let mail = format!("{role}@example.com");
        add(&server, &own, name, &mail, role);
    }
    let taken = complain(
        &server,
        5,
        "A-7",
        "发了三次邮件没人回，泵还是漏!!",
        &json!({}),
    );
    let number = taken["number"].as_str().unwrap();
    let reader = ReadSqlite::open(server.folder.path(), Duration::from_secs(5)).unwrap();
    let notes = || reader.audit(i64::MAX, 10_000).unwrap().len();
    // What names no customer.
    let unnoted = [
        "/v1/staff/session",
        "/v1/staff/cases",
        "/v1/staff/people",
        "/v1/staff/audit",
    ];
    let (mut seen, mut looks) = (0, 0);
    for role in ["li.wei", "case-manager", "executive", "auditor"] {
        let body = json!({"mail": format!("{role}@example.com"), "password": PASSWORD});
        let mine = session(&cookies(&ask(&server, "", "POST", "session", &body, 200)));
        for route in staff_routes() {
            let path = route
                .replace("{number}", number)
                .replace("{id}", &format!("{:032x}", 5))
                .replace("{account}", "A-7")
                .replace("{survey}", "delivery");
            let before = notes();
            let answer = Connection::open(server.address)
                .call("GET", &path, &[("cookie", &mine)], b"")
                .unwrap();
            let expected = usize::from(answer.status < 300 && !unnoted.contains(&route));
            assert_eq!(
                notes() - before,
                expected,
                "{role} GET {path}: {}",
                answer.status
            );
            seen += expected;
            looks += 1;
            // What cannot be read or done is refused, and not noted.
            let before = notes();
            let origin = format!("http://{}", server.address);
            let headers = [
                ("cookie", mine.as_str()),
                ("origin", &origin),
                ("content-type", "application/json"),
            ];
            let answer = Connection::open(server.address)
                .call("POST", &path, &headers, b"{\"no such field\": 1}")
                .unwrap();
            let expected = usize::from(answer.status < 300);
            assert_eq!(
                notes() - before,
                expected,
                "{role} POST {path}: {}",
                answer.status
            );
        }
    }
    println!("{looks} looks at staff routes, {seen} of them noted");
    assert!(seen > 30, "{seen}");
}
