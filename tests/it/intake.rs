//! What is known of a complaint beside its words: whose it is, where that is proved; whom it touches; in which language it is
//! answered.

use std::time::Duration;

use qingting::complaint::notice::Notice;
use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::cases::Cases;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::identity::{self, Invitation};
use qingting::endpoint::keys::Keys;
use qingting::endpoint::store::{OutboxState, PortalChange, ReadSqlite, Sqlite};
use serde_json::{Value as Json, json};

use crate::staffed::{complain, look, on_case, staffed};
use crate::support::{NOW, TestServer};

const BUSY: Duration = Duration::from_secs(5);

fn portal_identity(server: &TestServer, account: &str, until: i64) -> String {
    let keys = Keys::open(server.folder.path()).unwrap();
    let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
    let add = store.change_portal("customers", PortalChange::Add, Timestamp(NOW));
    let rotated = || {
        let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
        let rotate = store.change_portal("customers", PortalChange::Rotate, Timestamp(NOW));
        rotate.unwrap().unwrap()
    };
    let portal = add.unwrap().unwrap_or_else(rotated);
    let audience = format!("http://{}", server.address);
    let times = (NOW / 1_000, until / 1_000);
    let secret = &portal.secrets(&keys)[0];
    identity::identity(secret, &audience, "customers", ("c-17", account), times).unwrap()
}

fn receipt(server: &TestServer, taken: &Json) -> Json {
    let path = format!("/v1/staff/cases/{}", taken["number"].as_str().unwrap());
    look(server, "manager", &path, 200)["events"][0]["what"]["with"].clone()
}

#[test]
fn signed_token_proves_whose_complaint_it_is_and_a_bad_one_stands_in_nobodys_way() {
    let server = staffed();
    let keys = Keys::open(server.folder.path()).unwrap();
    let identity = portal_identity(&server, "A-7", NOW + DAY_MS);
    let context = |key: &str, token: &str| json!({"context": {"channel": "embed", "account": "B-2", "delivery": "SO-9", key: token}});
    let more = context("identity", &identity);
    let proved = complain(&server, 1, "B-2", "again no invoice!!", &more);
    let is = receipt(&server, &proved);
    assert_eq!(
        (&is["account"], &is["verified"]),
        (&json!("A-7"), &json!(true))
    );

    let invitation = Invitation {
        number: 17,
        survey: "delivery".to_owned(),
        delivery: Some("SO-2077".to_owned()),
        account: Some("A-7".to_owned()),
        contact: Some("王敏".to_owned()),
        from: NOW,
        until: NOW + DAY_MS,
        once: true,
    };
    let token = invitation.token(&keys).unwrap();
    let more = context("invitation", &token);
    let invited = complain(&server, 2, "B-2", "no invoice, third mail about it", &more);
    let is = receipt(&server, &invited);
    assert_eq!(
        (&is["account"], &is["verified"]),
        (&json!("A-7"), &json!(true))
    );
    let path = format!("/v1/cases/{}", invited["number"].as_str().unwrap());
    let bearer = format!("Bearer {}", invited["secret"].as_str().unwrap());
    let seen = server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
    let seen: Json = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(seen["words"]["delivery"], "SO-2077");

    // A claim is one, and so is what shows a forgery: the words go through all the same.
    let claimed = complain(&server, 3, "B-2", "my line is dead", &json!({}));
    let mut forged = token.clone();
    forged.replace_range(30..31, if &token[30..31] == "A" { "B" } else { "A" });
    let more = context("invitation", &forged);
    let shown = complain(&server, 4, "B-2", "my line is dead as well", &more);
    for taken in [&claimed, &shown] {
        let is = receipt(&server, taken);
        assert_eq!(
            (&is["account"], &is["verified"]),
            (&json!("B-2"), &json!(false))
        );
    }

    // One proved account is one customer, whatever address each of its people left; a claimed one is not.
    let into = |kept: &Json| json!({"action": "merge", "into": kept["number"]});
    let refused = {
        let path = format!("/v1/staff/cases/{}", shown["number"].as_str().unwrap());
        let version = look(&server, "manager", &path, 200)["version"].clone();
        crate::staffed::change(&server, "manager", &path, &version, &into(&claimed), 422)
    };
    assert_eq!(refused["errors"][0]["code"], "other-customer", "{refused}");
    let merged = on_case(&server, "manager", &invited, &into(&proved));
    assert!(
        merged["state"].to_string().contains("duplicate"),
        "{merged}"
    );
}

#[test]
fn retry_after_the_tokens_time_is_the_same_complaint() {
    let server = staffed();
    let identity = portal_identity(&server, "A-7", NOW + 3_600_000);
    let body = json!({
        "id": format!("{:032x}", 5), "text": "offline in the basement, sent later", "context": {"account": "A-7", "identity": identity}
    });
    let send = |status| {
        let headers = [("content-type", "application/json")];
        let body = body.to_string();
        let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), status);
        serde_json::from_slice::<Json>(&answer.body).unwrap()
    };
    let first = send(201);
    server.pass(2 * DAY_MS);
    assert_eq!(send(200), first);
    assert_eq!(receipt(&server, &first)["verified"], true);
}

#[test]
fn mails_are_in_the_language_of_the_complaint_and_only_without_one_in_that_of_the_words() {
    let server = staffed();
    let cases = Cases::new(
        Sqlite::open(server.folder.path(), BUSY).unwrap(),
        ReadSqlite::open(server.folder.path(), BUSY).unwrap(),
        Calendar::usual(),
    );
    let keys = Keys::open(server.folder.path()).unwrap();
    for (n, locale, words, is_chinese) in [
        (
            1,
            json!("zh-CN"),
            "router offline since 8:00, pls hurry",
            true,
        ),
        (2, json!("en"), "路由器从早上就断网了", false),
        (3, json!("zh"), "断网", true),
        (4, json!("de-AT"), "Router tot, 宽带", false),
        (5, Json::Null, "路由器从早上就断网了", true),
        (6, Json::Null, "router dead", false),
    ] {
        complain(&server, n, "A-7", words, &json!({ "locale": locale }));
        let id = u128::from(n).to_be_bytes();
        let brief = cases.brief(&keys, id).unwrap().unwrap();
        assert_eq!(brief.is_chinese, is_chinese, "{locale}: {words}");
    }
    // The acknowledgement is one of the mails that ask.
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    let acknowledged = || {
        let rows = reader.outbox(OutboxState::Waiting, 1_000).unwrap();
        let kind = Notice::Acknowledgement.code();
        rows.into_iter().filter(|row| row.kind == kind).count()
    };
    let until = std::time::Instant::now() + Duration::from_secs(20);
    while acknowledged() < 6 {
        assert!(std::time::Instant::now() < until, "{}", acknowledged());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn whether_only_they_or_their_own_users_are_affected_is_kept_and_shown() {
    let server = staffed();
    let more = json!({"affects": "users", "affected_users": 340});
    let taken = complain(&server, 1, "A-7", "two districts without telephone", &more);
    assert_eq!(receipt(&server, &taken)["affects"], "users");
    let path = format!("/v1/cases/{}", taken["number"].as_str().unwrap());
    let bearer = format!("Bearer {}", taken["secret"].as_str().unwrap());
    let seen = server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
    let seen: Json = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(
        (&seen["words"]["affects"], &seen["words"]["affected_users"]),
        (&json!("users"), &json!(340))
    );
    let body = json!({"id": format!("{:032x}", 2), "text": "x", "affects": "everybody"});
    let headers = [("content-type", "application/json")];
    let refused = server.call(
        "POST",
        "/v1/complaints",
        &headers,
        body.to_string().as_bytes(),
        422,
    );
    let refused: Json = serde_json::from_slice(&refused.body).unwrap();
    assert_eq!(refused["errors"][0]["path"], "affects");
}
