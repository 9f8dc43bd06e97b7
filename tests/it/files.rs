//! SurveyJS's file question for photos: published where it takes photos alone, sent by the way of a complaint's photos, kept and
//! let go with its sheet.

use std::time::Duration;

use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::publish::publish;
use qingting::endpoint::store::database_path;
use qingting::survey::Definition;
use rusqlite::Connection as Database;
use serde_json::{Value as Json, json};

use crate::photos::jpeg;
use crate::staffed::{answer, staffed};
use crate::support::{NOW, TestServer, qingting};

const BUSY: Duration = Duration::from_secs(5);

fn definition(more: &Json) -> Json {
    let mut question = json!({"type": "file", "name": "damage", "title": "Show us what is broken", "acceptedTypes": "image/*"});
    for (key, value) in more.as_object().into_iter().flatten() {
        question[key] = value.clone();
    }
    json!({"pages": [{"name": "p", "elements": [
        {"type": "rating", "name": "overall", "rateMin": 1, "rateMax": 5}, question
    ]}]})
}

fn faults(more: &Json) -> Vec<String> {
    let value = serde_json::from_value(definition(more)).unwrap();
    match Definition::from_value(&value) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

fn id(n: u64) -> String {
    format!("{n:032x}")
}

fn photo(n: u64) -> Json {
    json!({"name": "IMG_2231.jpg", "type": "image/jpeg", "content": id(n)})
}

fn upload(server: &TestServer, n: u64) {
    let path = format!("/v1/attachments/{}?survey=damage", id(n));
    let headers = [("content-type", "image/jpeg")];
    server.call("POST", &path, &headers, &jpeg(60, 40), 201);
}

fn sheet(n: u64, revision: u32, complete: bool, photos: &Json) -> Json {
    json!({
        "id": id(n), "survey": "damage", "version": 1, "revision": revision, "complete": complete, "locale": "en",
        "started_at": "2026-11-23T10:00:00.000Z", "elapsed_ms": 41_200, "answers": {"overall": 1, "damage": photos},
        "context": {"channel": "embed", "account": "A-7"}
    })
}

fn post(server: &TestServer, body: &Json, status: u16) -> Json {
    let headers = [("content-type", "application/json")];
    let body = body.to_string();
    let answer = server.call("POST", "/v1/responses", &headers, body.as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

/// How many photos are kept.
fn photos(server: &TestServer) -> i64 {
    let database = Database::open(database_path(server.folder.path())).unwrap();
    let sql = "SELECT count(*) FROM attachments";
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn surveyed() -> TestServer {
    let server = staffed();
    let text = definition(&json!({"allowMultiple": true, "maxFiles": 3})).to_string();
    publish(server.folder.path(), "damage", &text, BUSY, Timestamp(NOW)).unwrap();
    server
}

#[test]
fn file_question_is_published_where_it_takes_photos_alone() {
    for types in ["image/*", "image/png, image/jpeg", ".jpg,.PNG,.heic"] {
        assert_eq!(
            faults(&json!({ "acceptedTypes": types })),
            [""; 0],
            "{types}"
        );
    }
    let by_category = json!({"acceptedTypes": "", "acceptedCategories": ["image"]});
    assert_eq!(faults(&by_category), [""; 0]);
    for types in [
        "",
        "image/*,application/pdf",
        ".pdf",
        "*/*",
        "image/svg+xml",
        "video/*",
    ] {
        let told = faults(&json!({ "acceptedTypes": types }));
        assert!(
            told.len() == 1
                && told[0].contains("acceptedTypes")
                && told[0].contains("photos alone"),
            "{types}: {told:?}"
        );
    }
}

#[test]
fn photo_of_a_sheet_is_kept_with_it_seen_by_staff_and_gone_with_it() {
    let server = surveyed();
    for n in 1..=3 {
        upload(&server, n);
    }
    // The page that closed was faster with its sheet than with its photos.
    post(
        &server,
        &sheet(10, 1, false, &json!([photo(1), photo(9)])),
        201,
    );
    upload(&server, 9);
    post(
        &server,
        &sheet(10, 1, false, &json!([photo(1), photo(9)])),
        200,
    );
    post(
        &server,
        &sheet(10, 2, true, &json!([photo(1), photo(9)])),
        200,
    );
    // A day later what no sheet names is swept; a sheet's photos stay.
    server.pass(25 * 3_600_000);
    let path =
        |sheet: u64, photo: u64| format!("/v1/staff/responses/{}/photos/{}", id(sheet), id(photo));
    let until = std::time::Instant::now() + Duration::from_secs(20);
    while photos(&server) != 2 {
        assert!(
            std::time::Instant::now() < until,
            "photos 2 and 3 are swept"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    for n in [1, 9] {
        let image = answer(&server, "account", &path(10, n), 200);
        assert!(image.body.starts_with(b"\xff\xd8\xff"));
        assert_eq!(
            image.header("content-disposition"),
            Some("attachment; filename=\"photo.jpg\"")
        );
    }
    // Who is not of the account, names another sheet, or a photo that is not its, sees nothing.
    answer(&server, "other-account", &path(10, 1), 403);
    answer(&server, "manager", &path(10, 2), 404);
    answer(&server, "manager", &path(11, 1), 404);
    // Nor can another sheet, or a complaint, take it.
    post(&server, &sheet(11, 1, true, &json!([photo(1)])), 201);
    answer(&server, "manager", &path(11, 1), 404);
    let body = json!({"id": id(12), "text": "mine?", "photos": [id(1)]}).to_string();
    let headers = [("content-type", "application/json")];
    server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
    answer(&server, "manager", &path(10, 1), 200);
}

#[test]
fn answer_that_is_no_list_of_photos_is_refused_by_name() {
    let server = surveyed();
    let of = |key: &str, value: Json| {
        let mut photo = photo(1);
        photo[key] = value;
        json!([photo])
    };
    for (what, code) in [
        (json!("data:image/png;base64,AAAA"), "wrong-type"),
        (photo(1), "wrong-type"),
        (
            of("content", json!("data:image/jpeg;base64,/9j/4AAQ")),
            "wrong-type",
        ),
        (of("content", json!("../../etc/passwd")), "wrong-type"),
        (of("type", json!("image/svg+xml")), "wrong-type"),
        (of("name", json!("a".repeat(256))), "too-long"),
        (json!([photo(1), photo(2), photo(3), photo(4)]), "too-many"),
    ] {
        let refused = post(&server, &sheet(20, 1, true, &what), 422);
        assert_eq!(refused["errors"][0]["path"], "answers.damage", "{what}");
        assert_eq!(refused["errors"][0]["code"], code, "{what}");
    }
    // What was swept or refused is no fault of the answers.
    post(&server, &sheet(20, 1, true, &json!([photo(77)])), 201);
}

#[test]
fn erased_sheet_takes_its_photos_along_and_the_person_gets_them_first() {
    let server = surveyed();
    upload(&server, 1);
    let mut mine = sheet(30, 1, true, &json!([photo(1)]));
    mine["context"]["contact"] = json!("c-1700-photo");
    post(&server, &mine, 201);
    let data = server.folder.path();
    let who = ["--contact", "c-1700-photo"];
    let (code, out, said) = qingting(&[&["export", "person"], &who[..]].concat(), data);
    assert_eq!(code, Some(0), "{said}");
    assert!(out.contains("\"photos\":[\"ffd8ff"), "{out}");
    let (code, out, said) = qingting(&[&["erase"], &who[..]].concat(), data);
    assert_eq!(code, Some(0), "{out}{said}");
    assert_eq!(photos(&server), 0);
}
