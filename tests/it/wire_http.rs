//! The wire contract over real sockets: golden bodies in both directions, ids and revisions.

use std::io::Read;
use std::sync::Barrier;

use qingting::api::{ProblemCode, Receipt, Submission};
use qingting::endpoint::clock::DAY_MS;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::identity::Invitation;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::publish::publish;
use qingting::survey::Value;

use crate::support::{Connection, Folder, NOW, SURVEY, TestServer, sheet, sheet_of};

const SUBMISSION: &str = include_str!("../fixtures/wire/submission.json");
const RECEIPT: &str = include_str!("../fixtures/wire/receipt.json");
const PROBLEM: &str = include_str!("../fixtures/wire/problem.json");

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A random-looking key that is the same in every run, so that receipts are.
fn fixed_key() -> Folder {
    let folder = Folder::new();
    std::fs::write(
        folder.path().join("keys"),
        "8f1c5b0a9d3e7264c1f0b8a597d2e36413cafe77b05d9e8842a6f1d03b9c7e55\n",
    )
    .unwrap();
    folder.with_survey()
}

#[test]
fn golden_submission_is_read_and_written_back_the_same() {
    let value = parsed(SUBMISSION);
    assert_eq!(Submission::from_value(&value).unwrap().to_value(), value);
    let receipt = parsed(RECEIPT);
    assert_eq!(Receipt::from_value(&receipt).unwrap().to_value(), receipt);
}

#[test]
fn golden_submission_gets_the_golden_receipt() {
    let server = TestServer::start_over(
        fixed_key(),
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    );
    let answer = server.post_text(SUBMISSION, 201);
    assert_eq!(answer.text(), RECEIPT.trim_end());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn golden_problem_names_the_field() {
    let server = TestServer::start();
    let answer = server.post(
        &sheet_of(1, 1, true, &[("overall", Value::Number(9.0))]),
        422,
    );
    assert_eq!(answer.json(), parsed(PROBLEM));
    assert!(server.folder.rows().is_empty());
}

#[test]
fn stored_row_holds_every_word_as_it_was_sent() {
    let server = TestServer::start();
    server.post_text(SUBMISSION, 201);
    let rows = server.folder.rows();
    let [row] = rows.as_slice() else {
        panic!("one row, not {rows:?}")
    };
    let sent = parsed(SUBMISSION);
    assert_eq!(parsed(&row.answers), *sent.get("answers").unwrap());
    assert_eq!(
        parsed(&row.fields),
        *sent.get("context").unwrap().get("fields").unwrap()
    );
    assert_eq!(
        (
            row.delivery.as_deref(),
            row.account.as_deref(),
            row.contact.as_deref()
        ),
        (Some("SO-1042"), Some("A-7"), Some("c-17"))
    );
    assert!(!row.verified, "without a signature these are claims");
    assert_eq!(
        (
            row.locale.as_str(),
            row.channel.as_str(),
            row.page.as_deref()
        ),
        ("zh-CN", "embed", Some("why"))
    );
    assert_eq!((row.received_at, row.late), (Timestamp(NOW), false));
}

#[test]
fn first_storing_is_201_and_the_same_again_200_with_the_same_receipt() {
    let server = TestServer::start();
    let first = server.post(&sheet(1), 201).receipt();
    server.pass(5_000);
    let again = server.post(&sheet(1), 200).receipt();
    let last = server.post(&sheet(1), 200).receipt();
    assert_eq!((&first, &first), (&again, &last));
    assert_eq!(server.folder.rows().len(), 1);
    assert!(
        first.receipt.len() == 9 && first.receipt.chars().nth(4) == Some('-'),
        "{}",
        first.receipt
    );
}

#[test]
fn key_order_does_not_make_another_body() {
    let server = TestServer::start();
    server.post_text(SUBMISSION, 201);
    let Value::Object(mut entries) = parsed(SUBMISSION) else {
        panic!("an object")
    };
    entries.reverse();
    server.post(&Value::Object(entries), 200);
}

#[test]
fn same_submission_three_times_at_once_leaves_one_row_and_one_receipt() {
    let server = TestServer::start();
    for n in 0..10 {
        let barrier = Barrier::new(3);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let post = || {
                let mut connection = Connection::open(server.address);
                let body = serde_json::to_vec(&sheet(n)).unwrap();
                barrier.wait();
                connection
                    .call(
                        "POST",
                        "/v1/responses",
                        &[("content-type", "application/json")],
                        &body,
                    )
                    .unwrap()
            };
            let threads: Vec<_> = (0..3).map(|_| scope.spawn(post)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let created = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(created, 1);
        assert!(
            answers
                .iter()
                .all(|answer| matches!(answer.status, 200 | 201)
                    && answer.receipt() == answers[0].receipt())
        );
    }
    assert_eq!(server.folder.rows().len(), 10);
}

fn words(text: &str) -> [(&'static str, Value); 2] {
    [
        ("overall", Value::Number(2.0)),
        ("words", Value::from(text)),
    ]
}

#[test]
fn higher_revision_replaces_a_partial_and_keeps_its_receipt() {
    let server = TestServer::start();
    let first = server
        .post(&sheet_of(1, 1, false, &words("the box was op")), 201)
        .receipt();
    server.pass(60_000);
    let second = server
        .post(&sheet_of(1, 2, true, &words("the box was open AGAIN")), 200)
        .receipt();
    assert_eq!(
        (&second.receipt, &second.received_at),
        (&first.receipt, &first.received_at)
    );
    assert_eq!(
        (
            first.revision,
            first.complete,
            second.revision,
            second.complete
        ),
        (1, false, 2, true)
    );
    let rows = server.folder.rows();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].answers.contains("AGAIN") && rows[0].complete);
    assert_eq!(rows[0].updated_at.since(rows[0].received_at), 60_000);
}

#[test]
fn lower_revision_is_answered_with_the_stored_receipt_and_changes_nothing() {
    let server = TestServer::start();
    server.post(&sheet_of(1, 3, false, &words("third")), 201);
    let answer = server
        .post(&sheet_of(1, 2, false, &words("second, late")), 200)
        .receipt();
    assert_eq!(answer.revision, 3);
    server.post(&sheet_of(1, 4, true, &words("done")), 200);
    let answer = server
        .post(&sheet_of(1, 2, false, &words("second, later still")), 200)
        .receipt();
    assert_eq!((answer.revision, answer.complete), (4, true));
    assert!(server.folder.rows()[0].answers.contains("done"));
}

#[test]
fn same_revision_with_other_content_is_refused_as_taken() {
    let server = TestServer::start();
    server.post(&sheet_of(1, 1, false, &words("one")), 201);
    let refusal = server
        .post(&sheet_of(1, 1, false, &words("other")), 422)
        .refusal();
    assert_eq!(
        refusal,
        (ProblemCode::RevisionTaken, vec!["revision".to_owned()])
    );
    assert!(server.folder.rows()[0].answers.contains("one"));
}

#[test]
fn complete_sheet_refuses_other_content_at_the_same_or_a_higher_revision() {
    let server = TestServer::start();
    server.post(&sheet_of(1, 2, true, &words("final")), 201);
    for revision in [2, 3, 900_000] {
        for complete in [true, false] {
            let refusal = server
                .post(
                    &sheet_of(1, revision, complete, &words("changed my mind")),
                    422,
                )
                .refusal();
            assert_eq!(refusal.0, ProblemCode::AlreadyComplete);
        }
    }
    let row = &server.folder.rows()[0];
    assert!(row.answers.contains("final") && row.revision == 2);
}

#[test]
fn id_of_another_survey_or_invitation_is_taken() {
    let server = TestServer::start();
    publish(
        server.folder.path(),
        "relationship",
        SURVEY,
        std::time::Duration::from_secs(5),
        Timestamp(NOW),
    )
    .unwrap();
    server.post(&sheet(1), 201);
    let mut other = sheet(1);
    other.set("survey", Value::from("relationship"));
    assert_eq!(server.post(&other, 422).refusal().0, ProblemCode::IdTaken);
    let mut invited = sheet(1);
    let mut context = invited.get("context").unwrap().clone();
    let another = Invitation {
        survey: "delivery".to_owned(),
        until: NOW + 1,
        ..Invitation::default()
    };
    let keys = Keys::open(server.folder.path()).unwrap();
    context.set("invitation", Value::Text(another.token(&keys).unwrap()));
    invited.set("context", context);
    assert_eq!(server.post(&invited, 422).refusal().0, ProblemCode::IdTaken);
    assert_eq!(server.folder.rows().len(), 1);
    // Who knows an id hears nothing of what was answered under it, whatever they send.
    let mine = sheet_of(2, 1, true, &words("泵又漏了，电话也没人接"));
    server.post(&mine, 201);
    for (guess, status) in [
        (mine, 200),
        (sheet_of(2, 1, true, &words("x")), 422),
        (sheet_of(2, 9, false, &words("x")), 422),
        (sheet(2), 422),
    ] {
        let told = server.post(&guess, status);
        assert!(!told.text().contains("泵又漏了"), "{}", told.text());
    }
}

#[test]
fn random_pairs_of_revisions_obey_the_contract() {
    let server = TestServer::start();
    let mut connection = Connection::open(server.address);
    let mut seed = 0x9e37_79b9_u64;
    let mut random = |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for n in 0..1_000 {
        let (first, second) = (random(3) as u32 + 1, random(3) as u32 + 1);
        let (complete, same) = (random(2) == 0, random(3) == 0);
        let mut post = |revision, text: &str| {
            let body = serde_json::to_vec(&sheet_of(n, revision, complete, &words(text))).unwrap();
            let answer = connection
                .call(
                    "POST",
                    "/v1/responses",
                    &[("content-type", "application/json")],
                    &body,
                )
                .unwrap();
            (
                answer.status,
                answer.header("content-type") == Some("application/problem+json"),
                answer,
            )
        };
        assert_eq!(post(first, "a").0, 201);
        let (status, is_problem, answer) = post(second, if same { "a" } else { "b" });
        let expected = match second.cmp(&first) {
            std::cmp::Ordering::Less => Ok(first),
            std::cmp::Ordering::Equal if same => Ok(first),
            std::cmp::Ordering::Equal if complete => Err(ProblemCode::AlreadyComplete),
            std::cmp::Ordering::Equal => Err(ProblemCode::RevisionTaken),
            std::cmp::Ordering::Greater if complete && same => Ok(first),
            std::cmp::Ordering::Greater if complete => Err(ProblemCode::AlreadyComplete),
            std::cmp::Ordering::Greater => Ok(second),
        };
        match expected {
            Ok(revision) => assert_eq!((status, answer.receipt().revision), (200, revision)),
            Err(code) => assert_eq!((is_problem, answer.refusal().0), (true, code)),
        }
    }
    assert_eq!(server.folder.rows().len(), 1_000);
}

#[test]
fn replaced_version_is_taken_for_30_days_and_marked_late() {
    let server = TestServer::start();
    server.post(&sheet(1), 201);
    let newer = SURVEY.replace("How did the delivery go?", "How was the delivery?");
    let published = publish(
        server.folder.path(),
        "delivery",
        &newer,
        std::time::Duration::from_secs(5),
        Timestamp(NOW),
    )
    .unwrap();
    assert_eq!(published.version, 2);
    assert_eq!(
        server
            .get("/v1/surveys/delivery", 200)
            .json()
            .get("version"),
        Some(&Value::Number(2.0)),
        "a running serve notices"
    );
    server.pass(30 * DAY_MS);
    server.post(&sheet(2), 201);
    server.pass(1);
    assert_eq!(
        server.post(&sheet(3), 422).refusal(),
        (ProblemCode::UnknownVersion, vec!["version".to_owned()])
    );
    server.post(&sheet(1), 200);
    let late: Vec<_> = server.folder.rows().iter().map(|row| row.late).collect();
    assert_eq!(late, [false, true]);
}

#[test]
fn unknown_survey_and_version_are_named() {
    let server = TestServer::start();
    let mut body = sheet(1);
    body.set("survey", Value::from("delivvery"));
    assert_eq!(
        server.post(&body, 404).refusal(),
        (ProblemCode::UnknownSurvey, vec!["survey".to_owned()])
    );
    let mut body = sheet(1);
    body.set("version", Value::Number(7.0));
    assert_eq!(
        server.post(&body, 422).refusal(),
        (ProblemCode::UnknownVersion, vec!["version".to_owned()])
    );
    assert!(server.folder.rows().is_empty());
}

#[test]
fn survey_is_given_with_a_strong_tag_and_not_twice() {
    let server = TestServer::start();
    let answer = server.get("/v1/surveys/delivery", 200);
    let body = answer.json();
    assert_eq!(body.get("survey"), Some(&Value::from("delivery")));
    assert_eq!(body.get("definition"), Some(&parsed(SURVEY)));
    assert_eq!(
        answer.header("cache-control"),
        Some("max-age=300, stale-while-revalidate=86400")
    );
    let tag = answer.header("etag").unwrap();
    assert!(tag.starts_with('"'), "strong: {tag}");
    for known in [
        tag.to_owned(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let answer = server.call(
            "GET",
            "/v1/surveys/delivery",
            &[("if-none-match", &known)],
            b"",
            304,
        );
        assert_eq!(answer.header("etag"), Some(tag));
    }
    server.call(
        "GET",
        "/v1/surveys/delivery",
        &[("if-none-match", "\"other\"")],
        b"",
        200,
    );
    assert_eq!(
        server.get("/v1/surveys/nothing", 404).refusal(),
        (ProblemCode::UnknownSurvey, vec!["survey".to_owned()])
    );
}

#[test]
fn survey_is_compressed_for_those_who_take_it_with_a_tag_for_each_coding() {
    let server = TestServer::start();
    let path = "/v1/surveys/delivery";
    let plain = server.get(path, 200);
    assert_eq!(plain.header("content-encoding"), None);
    let mut tags = vec![plain.header("etag").unwrap().to_owned()];
    for (accepted, coding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
    ] {
        let headers = [("accept-encoding", accepted)];
        let answer = server.call("GET", path, &headers, b"", 200);
        assert_eq!(answer.header("content-encoding"), Some(coding));
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert!(answer.body.len() < plain.body.len(), "{accepted}");
        let mut unpacked = Vec::new();
        let mut packed = answer.body.as_slice();
        match coding {
            "br" => brotli::BrotliDecompress(&mut packed, &mut unpacked).unwrap(),
            _ => drop(
                flate2::read::GzDecoder::new(packed)
                    .read_to_end(&mut unpacked)
                    .unwrap(),
            ),
        }
        assert_eq!(unpacked, plain.body);
        let tag = answer.header("etag").unwrap().to_owned();
        let again = [
            ("accept-encoding", accepted),
            ("if-none-match", tag.as_str()),
        ];
        server.call("GET", path, &again, b"", 304);
        // The control: the tag of another coding is not this body's.
        let other = [
            ("accept-encoding", accepted),
            ("if-none-match", tags[0].as_str()),
        ];
        server.call("GET", path, &other, b"", 200);
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3);
    let refused = [("accept-encoding", "identity, br;q=0")];
    let answer = server.call("GET", path, &refused, b"", 200);
    assert_eq!(answer.body, plain.body);
}
