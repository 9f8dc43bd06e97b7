//! Deliveries over HTTP and from tables, short links, the way out, and honest response rates.

use std::time::Duration;

use qingting::api::ProblemCode;
use qingting::complaint::Role;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::deliveries::table;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::links::Link;
use qingting::endpoint::store::{ReadSqlite, Scope, Sqlite, SystemRow};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::support::{Answer, Folder, NOW, TestServer, qingting, sheet};

const BUSY: Duration = Duration::from_secs(5);
const KEY: &str = "qtk_of_the_test";
const STAFF: &str = "qts_of_the_test";

/// An endpoint with a system that may tell of everything, and a case manager.
pub fn supplied(server: TestServer) -> TestServer {
    let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
    let system = SystemRow {
        name: "shop".to_owned(),
        scopes: Scope::ALL.to_vec(),
    };
    store
        .add_system(&system, Sha256::digest(KEY).into(), Timestamp(NOW))
        .unwrap();
    store
        .add_staff(
            "Li Wei",
            Role::CaseManager,
            Sha256::digest(STAFF).into(),
            Timestamp(NOW),
        )
        .unwrap();
    server
}

pub fn call(
    server: &TestServer,
    method: &str,
    path: &str,
    key: &str,
    body: &Json,
    status: u16,
) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    server.call(method, path, &headers, body.as_bytes(), status)
}

pub fn tell(server: &TestServer, body: &Json, status: u16) -> Answer {
    call(server, "POST", "/v1/deliveries", KEY, body, status)
}

pub fn bounce(server: &TestServer, body: &Json) {
    call(server, "POST", "/v1/bounces", KEY, body, 200);
}

/// The waves of a survey as staff read them.
pub fn waves(server: &TestServer) -> Vec<Json> {
    let answer = call(
        server,
        "GET",
        "/v1/staff/waves?survey=delivery",
        STAFF,
        &Json::Null,
        200,
    );
    let body: Json = serde_json::from_slice(&answer.body).unwrap();
    body["waves"].as_array().unwrap().clone()
}

pub fn delivery(n: u32) -> Json {
    json!({
        "delivery": format!("SO-{n}"), "contact": format!("c-{n}"), "account": "A-7", "mail": format!("c{n}@example.com"),
        "delivered_at": Timestamp(NOW).to_string(), "language": if n.is_multiple_of(2) { "zh-CN" } else { "en" }
    })
}

#[test]
fn delivery_is_told_once_by_a_system_that_may() {
    let server = supplied(TestServer::start());
    let first = tell(&server, &delivery(1), 201);
    let body: Json = serde_json::from_slice(&first.body).unwrap();
    assert_eq!(body["told"], "new");
    let again: Json = serde_json::from_slice(&tell(&server, &delivery(1), 200).body).unwrap();
    assert_eq!(
        (&again["told"], &again["link"]),
        (&json!("known"), &body["link"])
    );
    let mut moved = delivery(1);
    moved["mail"] = json!("new.address@example.com");
    let moved: Json = serde_json::from_slice(&tell(&server, &moved, 200).body).unwrap();
    assert_eq!(moved["told"], "changed");
    // Who has no key, a wrong one, one of staff, or one for something else.
    let path = "/v1/deliveries";
    server.call(
        "POST",
        path,
        &[("content-type", "application/json")],
        b"{}",
        401,
    );
    call(&server, "POST", path, "qtk_wrong", &delivery(2), 401);
    call(&server, "POST", path, STAFF, &delivery(2), 401);
    let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
    let system = SystemRow {
        name: "post".to_owned(),
        scopes: vec![Scope::Bounces],
    };
    store
        .add_system(&system, Sha256::digest("other").into(), Timestamp(NOW))
        .unwrap();
    call(&server, "POST", path, "other", &delivery(2), 403);
    store.remove_system("post").unwrap();
    call(&server, "POST", path, "other", &delivery(2), 401);
}

#[test]
fn bad_deliveries_say_which_field_and_store_nothing() {
    let server = supplied(TestServer::start());
    for (field, value) in [
        ("delivery", json!("")),
        ("contact", json!("   ")),
        ("contact", json!("x".repeat(201))),
        ("delivery", json!("SO-1\r\nBcc: everybody@example.com")),
        ("delivered_at", json!("yesterday")),
        ("delivered_at", json!("2026-11-23T10:00")),
        ("delivered_at", json!("1999-01-01")),
        ("mail", json!("nobody")),
        ("mail", json!("a@b@example.com")),
        ("mail", json!("a@example.com, b@example.com")),
        ("mail", json!("Li <li@example.com>")),
        ("mail", json!("li@localhost")),
        ("phone", json!("call me")),
        ("kind", json!("party")),
        ("survey", json!("../delivery")),
    ] {
        let mut body = delivery(1);
        body[field] = value.clone();
        let refusal = tell(&server, &body, 422).refusal();
        assert_eq!(
            refusal,
            (ProblemCode::InvalidBody, vec![field.to_owned()]),
            "{value}"
        );
    }
    let mut unknown = delivery(1);
    unknown["colour"] = json!("red");
    tell(&server, &unknown, 422);
    let mut number = delivery(1);
    number["contact"] = json!(17);
    tell(&server, &number, 422);
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    assert!(reader.wave_counts(None).unwrap().is_empty());
}

/// A table as a spreadsheet in Shanghai saves it: a byte order mark, CRLF, quotes, blank lines, and what people do to cells.
fn sheet_of_deliveries(good: u32) -> String {
    let mut table =
        "\u{feff}Delivery,Contact,Account,Mail,Delivered_At,Language,Region\r\n".to_owned();
    for n in 0..good {
        table.push_str(&format!(
            "SO-{n},\"c-{n}\",华东电力,c{n}@example.com,2026-11-20,zh-CN,\"北,区\"\r\n"
        ));
    }
    table.push_str(",,,,,,\r\n");
    table.push_str("SO-x,c-x,A-1,not a mail,2026-11-20,en,\r\n");
    table.push_str("SO-y,c-y,A-1,y@example.com,20.11.2026,en,\r\n");
    table.push_str(",c-z,A-1,z@example.com,2026-11-20,en,\r\n");
    table.push_str("SO-w,c-w,A-1,w@example.com,2026-11-20,en,x,y,z\r\n");
    table
}

#[test]
fn table_keeps_good_lines_names_bad_ones_and_changes_nothing_twice() {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), BUSY).unwrap();
    let text = sheet_of_deliveries(1_000);
    let first = table::import(&mut store, text.as_bytes(), None, Timestamp(NOW)).unwrap();
    assert_eq!((first.new, first.changed, first.known), (1_000, 0, 0));
    let lines: Vec<_> = first.refused.iter().map(|(line, _)| *line).collect();
    // The first line is 1, a thousand good ones and an empty one follow.
    assert_eq!(lines, [1_003, 1_004, 1_005, 1_006]);
    for (wrong, told) in first.refused.iter().zip([
        "mail \"not a mail\"",
        "delivered_at \"20.11.2026\"",
        "delivery",
        "9 cells",
    ]) {
        assert!(wrong.1.contains(told), "{wrong:?}");
    }
    let second = table::import(&mut store, text.as_bytes(), None, Timestamp(NOW)).unwrap();
    assert_eq!((second.new, second.changed, second.known), (0, 0, 1_000));
    assert_eq!(second.refused, first.refused);
    let gbk = b"delivery,contact,delivered_at\r\nSO-1,\xcd\xf5\xc3\xf4,2026-11-20\r\n";
    let told = table::import(&mut store, gbk, None, Timestamp(NOW)).unwrap();
    assert!(told.refused[0].1.contains("CSV UTF-8"));
    for (header, named) in [
        ("delivery,contact", "delivered_at"),
        ("delivery,contact,delivered_at,colour", "colour"),
        ("delivery,delivery,contact,delivered_at", "twice"),
    ] {
        let error = table::import(&mut store, header.as_bytes(), None, Timestamp(NOW)).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    }
}

#[test]
fn commands_import_and_give_keys_and_links() {
    let folder = Folder::new().with_survey();
    let file = folder.path().join("deliveries.csv");
    std::fs::write(&file, sheet_of_deliveries(3)).unwrap();
    let import = || {
        qingting(
            &["import", "deliveries", file.to_str().unwrap()],
            folder.path(),
        )
    };
    let (code, out, err) = import();
    assert_eq!(code, Some(1), "{err}");
    assert!(
        out.starts_with("3 new, 0 ") && out.trim_end().ends_with("4 refused"),
        "{out}"
    );
    assert!(
        err.contains("line 6: mail \"not a mail\" is no mail address"),
        "{err}"
    );
    assert!(
        import()
            .1
            .starts_with("0 new, 0 with another address or language, 3 known")
    );
    let svg = folder.path().join("note.svg");
    let words = ["link", "--delivery", "SO-1", "--qr", svg.to_str().unwrap()];
    let (_, link, _) = qingting(&words, folder.path());
    let keys = Keys::open(folder.path()).unwrap();
    let code = link.trim_end().rsplit('/').next().unwrap();
    assert!(
        matches!(Link::read(&keys, code), Some(Link::Delivery(_))),
        "{link}"
    );
    assert!(std::fs::read_to_string(&svg).unwrap().contains("<svg"));
    assert_eq!(
        qingting(&["link", "--delivery", "SO-99"], folder.path()).0,
        Some(1)
    );
    let place = ["link", "--place", "Counter 3", "--survey", "delivery"];
    assert_eq!(
        qingting(&place, folder.path()).1,
        qingting(&place, folder.path()).1
    );
    let (_, key, _) = qingting(
        &[
            "key",
            "add",
            "shop",
            "--scope",
            "deliveries",
            "--scope",
            "bounces",
        ],
        folder.path(),
    );
    assert!(key.starts_with("qtk_") && key.trim_end().len() == 68);
    assert_eq!(
        qingting(&["key", "list"], folder.path()).1,
        "shop\tdeliveries bounces\n"
    );
    assert_eq!(
        qingting(&["key", "add", "shop", "--scope", "bounces"], folder.path()).0,
        Some(1)
    );
    assert_eq!(
        qingting(&["key", "remove", "shop"], folder.path()).0,
        Some(0)
    );
}

#[test]
fn short_links_lead_to_their_survey_and_nobody_guesses_the_next() {
    let server = supplied(TestServer::start());
    let body: Json = serde_json::from_slice(&tell(&server, &delivery(1), 201).body).unwrap();
    let link = body["link"].as_str().unwrap();
    let path = &link[link.find("/l/").unwrap()..];
    let answer = server.get(path, 302);
    let to = answer.header("location").unwrap();
    let (page, token) = to.split_once('#').unwrap();
    assert_eq!(page, "/s/delivery?channel=qr");
    server.get(page, 200);
    // Everybody at the customer's may answer, each for the delivery.
    for n in 1..=2 {
        let mut sheet = sheet(n);
        let mut context = sheet.get("context").unwrap().clone();
        context.set("invitation", qingting::survey::Value::from(token));
        sheet.set("context", context);
        server.post(&sheet, 201);
    }
    let rows = server.folder.rows();
    assert!(rows.iter().all(|row| row.verified
        && row.delivery.as_deref() == Some("SO-1")
        && row.contact.is_none()));
    let qr = server.get(&format!("{path}/qr.svg"), 200);
    assert_eq!(qr.header("content-type"), Some("image/svg+xml"));
    assert!(qr.text().contains("<svg") && !qr.text().contains("<script"));
    // In small letters, as it is typed; and whatever is changed leads nowhere.
    server.get(&path.replace("/l/D", "/l/d"), 302);
    let code = path.strip_prefix("/l/").unwrap();
    let keys = Keys::open(server.folder.path()).unwrap();
    for (place, symbol) in code.char_indices() {
        let other = if symbol == 'A' { 'B' } else { 'A' };
        let mut changed = code.to_owned();
        changed.replace_range(place..=place, &other.to_string());
        assert_eq!(Link::read(&keys, &changed), None, "{changed}");
    }
    for wrong in [
        "",
        "D",
        "D1",
        "D01",
        &format!("D0{}", &code[1..]),
        &code[1..],
        &format!("Z{}", &code[1..]),
    ] {
        assert_eq!(Link::read(&keys, wrong), None, "{wrong}");
    }
    for number in [0, 1, 31, 32, 1_000_000, i64::MAX] {
        for link in [
            Link::Delivery(number),
            Link::Invitation(number),
            Link::Place(number),
            Link::OptOut(number),
        ] {
            assert_eq!(Link::read(&keys, &link.code(&keys)), Some(link));
        }
    }
    // A place's name arrives as a field.
    let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
    let place = store
        .place("三号柜台 \"A\"", "delivery", Timestamp(NOW))
        .unwrap();
    let answer = server.get(&format!("/l/{}", Link::Place(place).code(&keys)), 302);
    let page = server.get(answer.header("location").unwrap(), 200);
    assert!(
        page.text()
            .contains("context-place=\"三号柜台 &quot;A&quot;\""),
        "{}",
        page.text()
    );
}

#[test]
fn place_that_asks_no_more_says_so_until_it_asks_again() {
    let server = supplied(TestServer::start());
    let data = server.folder.path();
    let add = |survey: &str| {
        let words = ["link", "--place", "Counter 3", "--survey", survey];
        let (code, link, said) = qingting(&words, data);
        assert_eq!(code, Some(0), "{said}");
        link.trim_end()[link.find("/l/").unwrap()..].to_owned()
    };
    let path = add("delivery");
    let place = |words: &[&str]| qingting(&[&["place"][..], words].concat(), data);
    assert_eq!(place(&["list"]).1, format!("Counter 3\tdelivery\t{path}\n"));
    server.get(&path, 302);
    assert_eq!(place(&["remove", "Counter 3"]).0, Some(0));
    let (code, _, said) = place(&["remove", "Counter 3"]);
    assert!(code == Some(1) && said.contains("place list"), "{said}");
    assert_eq!(place(&["list"]).1, "");
    for (language, first) in [("zh-CN", "zh-CN"), ("de", "en")] {
        let headers = [("accept-language", language)];
        let gone = server.call("GET", &path, &headers, b"", 410);
        let text = gone.text();
        assert!(
            text.contains(&format!("<main><section lang=\"{first}\"")),
            "{text}"
        );
        assert!(text.contains("这里的问卷已经结束") && text.contains("href=\"/c\""));
    }
    // The paper on the wall leads on again.
    assert_eq!(add("delivery"), path);
    server.get(&path, 302);
}

#[test]
fn looking_at_the_way_out_changes_nothing_and_one_post_stops_all() {
    let server = supplied(TestServer::start());
    tell(&server, &delivery(1), 201);
    let keys = Keys::open(server.folder.path()).unwrap();
    let path = format!("/u/{}", Link::OptOut(1).code(&keys));
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    let is_out = || reader.invitation(1).unwrap().unwrap().facts.has_opted_out;
    for method in ["GET", "HEAD"] {
        server.call(method, &path, &[], b"", 200);
    }
    let page = server.get(&path, 200);
    assert!(page.text().contains("<form method=\"post\"") && page.text().contains("不再接收问卷"));
    assert!(!is_out(), "a scanner of links stops nobody's mail");
    // As mail programs post it (RFC 8058), twice.
    for _ in 0..2 {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        server.call("POST", &path, &headers, b"List-Unsubscribe=One-Click", 200);
    }
    assert!(is_out());
    server.call("POST", "/u/Z1000000000000000", &[], b"", 404);
    server.get(&format!("/u/{}", Link::OptOut(99).code(&keys)), 404);
    server.get(&format!("/l/{}", Link::OptOut(1).code(&keys)), 404);
    // Also at another address of the same person, and for another person at the same address.
    let mut later = delivery(2);
    later["contact"] = json!("c-1");
    later["mail"] = json!("c1.private@example.com");
    tell(&server, &later, 201);
    let mut other = delivery(3);
    other["mail"] = json!("C1@example.com");
    tell(&server, &other, 201);
    let facts = |delivery: &str| reader.invitations_of(delivery).unwrap()[0].facts.clone();
    assert!(facts("SO-2").has_opted_out);
    assert_eq!(facts("SO-3").mail, Some(false));
}
