//! Known incidents: shown to whoever they concern, for as long as they were published for, and changed on a version.

use serde_json::{Value as Json, json};

use crate::cases::hire;
use crate::support::{Folder, TestServer};

const HOUR: i64 = 3_600_000;

fn at(hours: i64) -> String {
    qingting::endpoint::clock::Timestamp(crate::support::NOW + hours * HOUR).to_string()
}

fn post(
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
    let answer = server.call("POST", path, &headers, body.to_string().as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

fn shown(server: &TestServer) -> Vec<Json> {
    let answer = server.get("/v1/incidents", 200);
    let answer: Json = serde_json::from_slice(&answer.body).unwrap();
    answer["incidents"].as_array().unwrap().clone()
}

fn on_page(server: &TestServer, taken: &Json) -> usize {
    let bearer = format!("Bearer {}", taken["secret"].as_str().unwrap());
    let path = format!("/v1/cases/{}", taken["number"].as_str().unwrap());
    let answer = server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
    let case: Json = serde_json::from_slice(&answer.body).unwrap();
    case["incidents"].as_array().unwrap().len()
}

#[test]
fn known_incident_is_told_to_whoever_it_concerns_until_it_is_over() {
    let folder = Folder::new().with_survey();
    let manager = hire(folder.path(), "Li Wei", "case-manager");
    let analyst = hire(folder.path(), "Ute Berg", "analyst");
    let server = TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    );
    let complain = |n: u64, stage: &str| {
        let body = json!({"id": format!("{n:032x}"), "text": "又断网了", "stage": stage});
        post(&server, "", "/v1/complaints", 0, &body, 201)
    };
    let (using, billing) = (complain(1, "use"), complain(2, "billing"));
    let outage = json!({
        "stages": ["use", "maintain"],
        "text": {"en": "The network in Pudong is down since the storm.", "zh-CN": "受暴雨影响,浦东部分区域网络中断。"},
        "since": at(-2), "next_update": at(3), "expires_at": at(24)
    });
    let incidents = "/v1/staff/incidents";
    post(&server, &analyst, incidents, 0, &outage, 403);
    post(&server, "wrong", incidents, 0, &outage, 401);
    for (field, value, path) in [
        ("stages", json!([]), "stages"),
        ("text", json!({}), "text"),
        ("text", json!({"en": "  "}), "text"),
        ("since", json!(at(1)), "since"),
        ("next_update", json!(at(-1)), "next_update"),
        ("next_update", json!(at(25)), "next_update"),
        ("expires_at", json!("soon"), "expires_at"),
    ] {
        let mut wrong = outage.clone();
        wrong[field] = value;
        let refused = post(&server, &manager, incidents, 0, &wrong, 422);
        assert_eq!(refused["errors"][0]["path"], path);
    }
    assert_eq!((shown(&server).len(), on_page(&server, &using)), (0, 0));
    let published = post(&server, &manager, incidents, 0, &outage, 200);
    assert_eq!(
        (&published["id"], &published["version"]),
        (&json!(1), &json!(1))
    );
    let told = shown(&server);
    assert_eq!(
        told[0]["text"]["zh-CN"],
        "受暴雨影响,浦东部分区域网络中断。"
    );
    // Neither number, version nor author goes out.
    assert_eq!(told[0].as_object().unwrap().len(), 4);
    assert_eq!(
        (on_page(&server, &using), on_page(&server, &billing)),
        (1, 0)
    );
    // More is known; a change on what somebody else has changed is a clash.
    let mut next = outage.clone();
    next["next_update"] = json!(at(5));
    let one = "/v1/staff/incidents/1";
    post(&server, &manager, one, 0, &next, 412);
    assert_eq!(post(&server, &manager, one, 1, &next, 200)["version"], 2);
    post(&server, &manager, one, 1, &next, 412);
    assert_eq!(shown(&server)[0]["next_update"], json!(at(5)));
    // It ends by itself.
    server.pass(24 * HOUR - 1);
    assert_eq!((shown(&server).len(), on_page(&server, &using)), (1, 1));
    server.pass(1);
    assert_eq!((shown(&server).len(), on_page(&server, &using)), (0, 0));
    // And by hand, without the promise of another word.
    let mut second = outage;
    second["next_update"] = json!(at(30));
    second["expires_at"] = json!(at(48));
    assert_eq!(post(&server, &manager, incidents, 0, &second, 200)["id"], 2);
    second["expires_at"] = json!(at(24));
    post(&server, &manager, "/v1/staff/incidents/2", 1, &second, 200);
    assert!(shown(&server).is_empty());
}
