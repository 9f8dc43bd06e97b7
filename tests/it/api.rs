//! Bodies of the contract: what is written reads back the same, and what is too large or malformed is named.

use proptest::prelude::*;
use qingting::api::{
    Context, FieldError, Problem, ProblemCode, Receipt, Submission, SubmissionId, limits, route,
};
use qingting::survey::Value;

fn submission() -> Submission {
    Submission {
        id: SubmissionId::from_bytes([7; 16]),
        survey: "delivery".to_owned(),
        version: 3,
        revision: 2,
        complete: false,
        locale: "zh-CN".to_owned(),
        started_at: "2026-11-23T10:00:00.000Z".to_owned(),
        elapsed_ms: 41_200,
        page: Some("why".to_owned()),
        answers: Value::Object(vec![("overall".to_owned(), Value::from(2.0))]),
        context: Context {
            channel: "embed".to_owned(),
            delivery: Some("SO-1042".to_owned()),
            fields: vec![("region".to_owned(), Value::from("华东"))],
            ..Context::default()
        },
    }
}

/// The paths and codes that are named when `path` of a good body has this value.
fn faults(path: &[&str], wrong: Value) -> Vec<(String, String)> {
    let mut body = submission().to_value();
    match path {
        [key] => body.set(key, wrong),
        [outer, key] => {
            let mut inner = body.get(outer).unwrap().clone();
            inner.set(key, wrong);
            body.set(outer, inner);
        }
        _ => panic!("{path:?}"),
    }
    let errors = Submission::from_value(&body).err().unwrap_or_default();
    errors
        .into_iter()
        .map(|error| (error.path, error.code))
        .collect()
}

#[test]
fn every_problem_reads_back_the_same() {
    for code in ProblemCode::ALL {
        let mut problem = Problem::new(*code);
        problem.errors.push(FieldError {
            path: "answers.overall".to_owned(),
            code: "required".to_owned(),
            message: "must be answered".to_owned(),
        });
        assert_eq!(Problem::from_value(&problem.to_value()), Some(problem));
    }
    assert_eq!(
        Problem::from_value(&Value::from("<html>captive portal")),
        None
    );
}

#[test]
fn receipt_reads_back_the_same_and_a_portals_page_is_none() {
    let receipt = Receipt {
        id: SubmissionId::from_bytes([1; 16]),
        receipt: "7K3M-9XPD".to_owned(),
        received_at: "2026-11-23T10:00:00.000Z".to_owned(),
        revision: 1,
        complete: true,
        test: true,
    };
    let body = receipt.to_value();
    assert_eq!(Receipt::from_value(&body), Some(receipt));
    for key in ["id", "receipt", "received_at", "revision", "complete"] {
        let mut without = body.clone();
        without.set(key, Value::Null);
        assert_eq!(Receipt::from_value(&without), None, "{key}");
    }
}

#[test]
fn limits_hold_to_the_last_character() {
    let long = |count: usize| Value::Text("长".repeat(count));
    for (path, most) in [
        (["context", "delivery"], limits::REFERENCE_CHARS),
        (["context", "identity"], limits::TOKEN_CHARS),
    ] {
        assert_eq!(faults(&path, long(most)), []);
        assert_eq!(
            faults(&path, long(most + 1)),
            [(path.join("."), "too-long".to_owned())]
        );
    }
    assert_eq!(faults(&["page"], long(limits::PAGE_CHARS)), []);
    assert_eq!(faults(&["page"], long(limits::PAGE_CHARS + 1)).len(), 1);
    let fields = |count: usize| {
        Value::Object(
            (0..count)
                .map(|name| (name.to_string(), Value::Bool(true)))
                .collect(),
        )
    };
    assert_eq!(faults(&["context", "fields"], fields(limits::FIELDS)), []);
    assert_eq!(
        faults(&["context", "fields"], fields(limits::FIELDS + 1)).len(),
        1
    );
}

#[test]
fn wrong_fields_are_named() {
    for (path, wrong, code) in [
        (&["id"][..], Value::from("ABC"), "malformed"),
        (&["id"], Value::Null, "missing"),
        (&["survey"], Value::from("../etc"), "malformed"),
        (&["version"], Value::from(0.0), "out-of-range"),
        (&["revision"], Value::from(1.5), "wrong-type"),
        (&["complete"], Value::from("true"), "wrong-type"),
        (&["answers"], Value::List(Vec::new()), "wrong-type"),
        (&["elapsed_ms"], Value::from(-1.0), "wrong-type"),
        (&["context", "channel"], Value::from("fax"), "unknown"),
        (&["context", "account"], Value::from(7.0), "wrong-type"),
    ] {
        assert_eq!(faults(path, wrong), [(path.join("."), code.to_owned())]);
    }
    assert_eq!(faults(&["from_a_newer_widget"], Value::from(1.0)), []);
}

#[test]
fn survey_names_are_plain() {
    for name in ["a", "delivery-2026", &"x".repeat(64)] {
        assert!(route::is_survey_name(name));
    }
    for name in ["", "Delivery", "a b", "满意度", "a/b", &"x".repeat(65)] {
        assert!(!route::is_survey_name(name), "{name}");
    }
}

proptest! {
    #[test]
    fn submissions_read_back_the_same(id in any::<[u8; 16]>(), revision in 1..1000_u32, words in ".{1,40}", complete in any::<bool>()) {
        let sent = Submission {
            id: SubmissionId::from_bytes(id),
            revision,
            complete,
            answers: Value::Object(vec![("words".to_owned(), Value::Text(words))]),
            ..submission()
        };
        prop_assert_eq!(SubmissionId::parse(&sent.id.to_string()), Some(sent.id));
        let text = serde_json::to_string(&sent.to_value()).unwrap();
        prop_assert_eq!(Submission::from_value(&serde_json::from_str(&text).unwrap()), Ok(sent));
    }
}
