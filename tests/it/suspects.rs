//! What looks as if a program had filled it in: acknowledged and kept like everything else, marked, and held out of the figures;
//! and what a person sends is not.

use qingting::endpoint::clock::DAY_MS;
use qingting::endpoint::identity::Invitation;
use qingting::endpoint::keys::Keys;
use qingting::survey::Value;
use serde_json::{Value as Json, json};

use crate::staffed::{case_path, complain, look, on_case, staffed};
use crate::support::{NOW, TestServer, qingting, sheet, sheet_of};

/// Complete sheets that count, and how many are held out.
fn results(server: &TestServer, more: &[&str]) -> (Option<f64>, Option<f64>) {
    let arguments = [
        &["results", "--survey", "delivery", "--format", "json"],
        more,
    ]
    .concat();
    let (code, printed, said) = qingting(&arguments, server.folder.path());
    assert_eq!(code, Some(0), "{said}");
    let printed: Json = serde_json::from_str(&printed).unwrap();
    (
        printed["surveys"][0]["complete"].as_f64(),
        printed["held_out"].as_f64(),
    )
}

fn with_context(mut sheet: Value, key: &str, value: &str) -> Value {
    let mut context = sheet.get("context").unwrap().clone();
    context.set(key, Value::from(value));
    sheet.set("context", context);
    sheet
}

fn within(mut sheet: Value, ms: f64) -> Value {
    sheet.set("elapsed_ms", Value::Number(ms));
    sheet
}

#[test]
fn a_sheet_of_a_program_is_kept_and_held_out_of_the_figures() {
    let server = TestServer::start();
    // A survey that takes three answers: programs take nobody's place.
    let (code, _, said) = qingting(
        &["survey", "schedule", "delivery", "--limit", "3"],
        server.folder.path(),
    );
    assert_eq!(code, Some(0), "{said}");
    let trapped = with_context(sheet(1), "website", "https://cheap-pills.example");
    let receipt = server.post(&trapped, 201).receipt();
    server.post(&within(sheet(2), 120.0), 201);
    server.post(&within(sheet(3), 0.0), 201);
    // The controls: a person in a hurry, a field that was sent empty, a sheet that is not finished, somebody who is known.
    server.post(&within(sheet(4), 800.0), 201);
    server.post(&with_context(sheet(5), "website", ""), 201);
    server.post(
        &within(sheet_of(6, 1, false, &[("overall", 4.0.into())]), 90.0),
        201,
    );
    let keys = Keys::open(server.folder.path()).unwrap();
    let invitation = Invitation {
        number: 17,
        survey: "delivery".to_owned(),
        delivery: None,
        account: None,
        contact: None,
        from: NOW,
        until: NOW + DAY_MS,
        once: true,
    };
    let token = invitation.token(&keys).unwrap();
    server.post(
        &within(with_context(sheet(7), "invitation", &token), 90.0),
        201,
    );
    // Whoever sends sees no difference, also the second time.
    assert_eq!(server.post(&trapped, 200).receipt(), receipt);
    assert_eq!(results(&server, &[]), (Some(3.0), Some(3.0)));
    assert_eq!(results(&server, &["--suspects"]).0, Some(6.0));
    // All three places are taken, by people.
    assert_eq!(
        server.post(&sheet(8), 404).problem().code.code(),
        "survey-closed"
    );
    let suspects: Vec<_> = server.folder.rows().iter().map(|row| row.suspect).collect();
    assert_eq!(
        suspects, [false; 4],
        "what is read out has none unless it is asked for"
    );
    let export = |more: &[&str]| {
        let arguments = [&["export", "responses", "--format", "jsonl"], more].concat();
        let (code, printed, _) = qingting(&arguments, server.folder.path());
        assert_eq!(code, Some(0));
        printed
            .lines()
            .filter(|line| line.contains("\"suspect\":true"))
            .count()
    };
    assert_eq!((export(&[]), export(&["--suspects"])), (0, 3));
}

#[test]
fn a_sheet_is_marked_by_how_it_was_finished() {
    let server = TestServer::start();
    server.post(&sheet_of(1, 1, false, &[("overall", 4.0.into())]), 201);
    let finished = with_context(
        sheet_of(1, 2, true, &[("overall", 4.0.into())]),
        "website",
        "x",
    );
    server.post(&finished, 200);
    assert_eq!(results(&server, &[]), (Some(0.0), Some(1.0)));
}

#[test]
fn a_complaint_of_a_program_is_a_case_that_counts_once_somebody_has_looked() {
    let server = staffed();
    let person = complain(
        &server,
        1,
        "A-7",
        "zu spät, und keiner ruft an",
        &json!({"elapsed_ms": 41_000}),
    );
    let context =
        json!({"context": {"channel": "embed", "account": "A-7", "website": "http://x.example"}});
    let trapped = complain(&server, 2, "A-7", "BEST CRYPTO http://x.example", &context);
    let rushed = complain(&server, 3, "A-7", "asdf asdf", &json!({"elapsed_ms": 40}));
    // Number, secret and date are promised to everybody.
    for taken in [&person, &trapped, &rushed] {
        assert!(
            taken["number"].is_string() && taken["promised"].is_string(),
            "{taken}"
        );
    }
    let suspect =
        |taken: &Json| look(&server, "manager", &case_path(taken), 200)["suspect"].clone();
    assert_eq!(
        [&person, &trapped, &rushed].map(suspect),
        [json!(false), json!(true), json!(true)]
    );
    let queue = look(&server, "manager", "/v1/staff/cases", 200);
    let marked = queue["cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["suspect"] == json!(true));
    assert_eq!(marked.count(), 2, "they stand in the queue like the others");
    let counted = || {
        let mix = look(&server, "manager", "/v1/staff/reports/mix", 200);
        mix["other"]["of"].clone()
    };
    assert_eq!(counted(), json!(1));
    let assess = json!({"action": "assess", "severity": "minor", "text": "he really has no heating",
        "issues": [{"id": 1, "category": "billing", "stage": "billing", "text": "asdf"}]});
    on_case(&server, "manager", &rushed, &assess);
    assert_eq!(suspect(&rushed), json!(false));
    assert_eq!(counted(), json!(2));
    let (code, said, _) = qingting(&["verify"], server.folder.path());
    assert_eq!(code, Some(0), "{said}");
}
