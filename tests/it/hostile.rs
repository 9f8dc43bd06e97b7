//! Malformed and malicious requests: refused in words that name the field, nothing stored, the endpoint stays up.

use std::io::Read;
use std::time::{Duration, Instant};

use qingting::api::{ProblemCode, limits};
use qingting::endpoint::store::{
    Outcome, ReadSqlite, Reader, Sheet, Sqlite, Store, StoreError, SurveyState, SurveyVersion,
};
use qingting::survey::Value;

use crate::support::{Connection, Folder, TestServer, request, rows, sheet, sheet_of};

/// Texts that are no JSON, after the `n_` cases of JSONTestSuite; each is tried as a body and as an answer within one.
const NOT_JSON: &[&str] = &[
    "",
    " ",
    "[1 true]",
    "[a",
    "[\"\": 1]",
    "[\"\"],",
    "[,1]",
    "[1,,2]",
    "[\"x\",,]",
    "[\"x\"]]",
    "[\"\",]",
    "[\"x\"",
    "[x",
    "[3[4]]",
    "[1:2]",
    "[,",
    "[-]",
    "[   , \"\"]",
    "[1,",
    "[1,\n1\n,1",
    "[*]",
    "[\"\"",
    "[1,]",
    "[{}",
    "[fals]",
    "[nul]",
    "[tru]",
    "[true",
    "123\0",
    "[++1234]",
    "[+1]",
    "[+Inf]",
    "[-01]",
    "[-1.0.]",
    "[-2.]",
    "[-NaN]",
    "[.-1]",
    "[.2e-3]",
    "[0.1.2]",
    "[0.3e+]",
    "[0.3e]",
    "[0.e1]",
    "[0E+]",
    "[0E]",
    "[0e+]",
    "[0e]",
    "[1.0e+]",
    "[1.0e-]",
    "[1.0e]",
    "[1 000.0]",
    "[1eE2]",
    "[2.e+3]",
    "[2.e-3]",
    "[2.e3]",
    "[9.e+]",
    "[Inf]",
    "[NaN]",
    "[１]",
    "[1+2]",
    "[0x1]",
    "[0x42]",
    "[Infinity]",
    "[0e+-1]",
    "[-123.123foo]",
    "[-Infinity]",
    "[-foo]",
    "[- 1]",
    "[-012]",
    "[-.123]",
    "[-1x]",
    "[1ea]",
    "[1.]",
    "[.123]",
    "[1.2a-3]",
    "[1.8011670033376514H-308]",
    "[012]",
    "[1e400]",
    "[\"x\", truth]",
    "{[: \"x\"}\n",
    "{\"x\", null}",
    "{\"x\"::\"b\"}",
    "{🇨🇭}",
    "{\"a\":\"a\" 123}",
    "{key: 'value'}",
    "{\"id\":0,}",
    "{\"a\":1,\"a\":1}",
    "{\"a\":{\"b\":1,\"b\":2}}",
    "{\"a\" b}",
    "{:\"b\"}",
    "{\"a\" \"b\"}",
    "{\"a\":",
    "{\"a\"",
    "{1:1}",
    "{9999E9999:1}",
    "{null:null,null:null}",
    "{\"id\":0,,,,,}",
    "{'a':0}",
    "{\"a\":\"b\",,\"c\":\"d\"}",
    "{a: \"b\"}",
    "{\"a\":\"a",
    "{ \"foo\" : \"bar\", \"a\" }",
    "{\"a\":\"b\"}#",
    "{\"a\":\"b\"}/**/",
    "{\"a\":\"b\"}//",
    "{\"a\":\"b\"}/",
    " \"\" \"\"",
    "[\"\\uD800\\\"]",
    "[\"\\uD800\\u1\"]",
    "[\"\\uD800\\u1x\"]",
    "[\"\\uD800\\uD800\\n\"]",
    "[\"\\uDC00\"]",
    "[é]",
    "[\"\\x00\"]",
    "[\"\\\\\\\"]",
    "[\"\\\t\"]",
    "[\"\\🌀\"]",
    "[\"\\\"]",
    "[\"\\u00A\"]",
    "[\"\\uD834\\uDd\"]",
    "[\"\\a\"]",
    "[\"\\uqqqq\"]",
    "[\\u0020\"asd\"]",
    "[\\n]",
    "\"",
    "['single quote']",
    "abc",
    "[\"\\",
    "[\"new\nline\"]",
    "[\"\t\"]",
    "\"\\UA66D\"",
    "\"\"x",
    "<.>",
    "[<null>]",
    "[1]x",
    "[1]]",
    "[\"asd]",
    "aå",
    "[True]",
    "1]",
    "{\"x\": true,",
    "[][]",
    "]",
    "{]",
    "{}}",
    "{\"\":",
    "{\"a\":/*comment*/\"b\"}",
    "{\"a\": true} \"x\"",
    "['",
    "[\"a",
    "[\"a\",",
    "[,",
    "{",
    "{[",
    "{,",
    "{'a'",
    "[\"\\{[\"\\{[\"\\{[\"\\{",
    "*",
    "#{\"a\":\"b\"}",
    "[\\u000A\"\"]",
    "[1",
    "[ false, nul",
    "[ true, fals",
    "{\"asd\":\"asd\"",
    "\u{feff}{}",
    "\u{2060}",
    "\u{c}[]",
    "[\u{a0}]",
];

#[test]
fn malformed_json_is_refused_and_nothing_is_stored() {
    let server = TestServer::start();
    let whole = serde_json::to_string(&sheet(1)).unwrap();
    for text in NOT_JSON {
        let refusal = server.post_text(text, 400).refusal();
        assert_eq!(refusal.0, ProblemCode::InvalidJson, "{text:?}");
        // The same fault deep inside an otherwise good sheet.
        let inside = whole.replace(
            "{\"overall\":4}",
            &format!("{{\"overall\":4,\"words\":{text}}}"),
        );
        assert_ne!(inside, whole);
        let connection = Connection::open(server.address).call(
            "POST",
            "/v1/responses",
            &[("content-type", "application/json")],
            inside.as_bytes(),
        );
        let answer = connection.unwrap();
        assert!((400..500).contains(&answer.status), "{inside}");
        answer.check(answer.status, server.folder.path());
    }
    for bytes in [
        b"[\"\xff\"]".as_slice(),
        b"[\xe5]",
        b"{\"\xb9\":\"0\",}",
        b"[-123\xc3\xa5\xff]",
        b"\xef\xbb",
        b"[\"\xed\xa0\x80\"]",
    ] {
        server.call(
            "POST",
            "/v1/responses",
            &[("content-type", "application/json")],
            bytes,
            400,
        );
    }
    assert!(server.folder.rows().is_empty());
    server.post(&sheet(1), 201);
}

#[test]
fn deep_nesting_is_refused_fast() {
    let server = TestServer::start();
    // Larger than a body may be: refused by size. As deep as a body can be: refused by depth.
    for (depth, status) in [(100_000, 413), (60_000, 400), (200, 400)] {
        for opening in ["[", "{\"a\":"] {
            let text = opening.repeat(depth / opening.len() + 129);
            let begin = Instant::now();
            server.post_text(&text, status);
            assert!(
                begin.elapsed() < Duration::from_millis(500),
                "{:?}",
                begin.elapsed()
            );
        }
    }
}

#[test]
fn wrong_fields_are_named_and_nothing_is_stored() {
    let server = TestServer::start();
    let text = |text: &str| Value::from(text);
    let long = |n| Value::Text("好".repeat(n));
    let cases: Vec<(&str, Value)> = vec![
        ("id", Value::Null),
        ("id", text("0F8FAD5BD9CB469FA165708677289501")),
        ("id", text("0f8f")),
        ("id", Value::Number(5.0)),
        ("survey", text("../delivery")),
        ("survey", text("Delivery")),
        ("survey", Value::Text("a".repeat(65))),
        ("survey", Value::List(vec![])),
        ("version", Value::Number(0.0)),
        ("version", Value::Number(-1.0)),
        ("version", Value::Number(1.5)),
        ("version", text("1")),
        ("version", Value::Number(4_294_967_296.0)),
        ("revision", Value::Number(0.0)),
        ("revision", Value::Number(1e300)),
        ("complete", text("true")),
        ("complete", Value::Number(1.0)),
        ("locale", long(36)),
        ("started_at", long(41)),
        ("elapsed_ms", Value::Number(-5.0)),
        ("elapsed_ms", Value::Number(1e15)),
        ("page", long(limits::PAGE_CHARS + 1)),
        ("answers", text("none")),
        ("answers", Value::List(vec![])),
        ("context", text("embed")),
    ];
    for (path, value) in cases {
        let mut body = sheet(1);
        body.set(path, value.clone());
        let (code, paths) = server.post(&body, 422).refusal();
        assert_eq!(
            (code, paths.as_slice()),
            (ProblemCode::InvalidBody, [path.to_owned()].as_slice()),
            "{value:?}"
        );
    }
    let in_context = |key: &str, value: Value| {
        let mut body = sheet(1);
        let mut context = body.get("context").unwrap().clone();
        context.set(key, value);
        body.set("context", context);
        body
    };
    for key in ["delivery", "account", "contact"] {
        let refusal = server
            .post(&in_context(key, long(limits::REFERENCE_CHARS + 1)), 422)
            .refusal();
        assert_eq!(refusal.1, [format!("context.{key}")]);
    }
    assert_eq!(
        server
            .post(&in_context("channel", text("fax")), 422)
            .refusal()
            .1,
        ["context.channel"]
    );
    for body in ["[]", "null", "1", "\"x\"", "{}"] {
        assert_eq!(
            server.post_text(body, 422).refusal().0,
            ProblemCode::InvalidBody
        );
    }
    assert!(server.folder.rows().is_empty());
}

#[test]
fn wrong_answers_are_named_and_nothing_is_stored() {
    let server = TestServer::start();
    let number = Value::Number;
    let cases: Vec<(&str, Value, &str)> = vec![
        ("overall", number(0.0), "out-of-range"),
        ("overall", number(6.0), "out-of-range"),
        ("overall", number(3.5), "out-of-range"),
        ("overall", number(-0.1), "out-of-range"),
        ("overall", Value::from("4"), "wrong-type"),
        ("overall", Value::List(vec![number(4.0)]), "wrong-type"),
        ("why", Value::from("late"), "wrong-type"),
        (
            "why",
            Value::List(vec![Value::from("stolen")]),
            "not-a-choice",
        ),
        (
            "why",
            Value::List(
                ["late", "damaged", "paperwork", "friendly"]
                    .map(Value::from)
                    .into(),
            ),
            "too-many",
        ),
        ("words", Value::Text("差".repeat(2_001)), "too-long"),
        ("words", number(1.0), "wrong-type"),
        ("is_admin", Value::Bool(true), "unknown-question"),
    ];
    for (question, answer, fault) in cases {
        let mut answers = vec![("overall", number(4.0))];
        answers.retain(|(name, _)| *name != question);
        answers.push((question, answer));
        let problem = server.post(&sheet_of(1, 1, true, &answers), 422).problem();
        assert_eq!(problem.code, ProblemCode::InvalidAnswers);
        let named: Vec<_> = problem
            .errors
            .iter()
            .map(|error| (error.path.as_str(), error.code.as_str()))
            .collect();
        let path = format!("answers.{question}");
        assert!(
            named.contains(&(path.as_str(), fault)),
            "{named:?} lacks {path} {fault}"
        );
    }
    assert_eq!(
        server.post(&sheet_of(1, 1, true, &[]), 422).refusal().1,
        ["answers.overall"]
    );
    assert!(server.folder.rows().is_empty());
    server.post(&sheet_of(1, 1, false, &[]), 201);
}

#[test]
fn refusal_of_a_body_of_nothing_but_faults_stays_small() {
    let server = TestServer::start();
    let answers: Vec<_> = (0..3_000)
        .map(|n| (format!("q{n}"), Value::Bool(true)))
        .collect();
    let answers: Vec<_> = answers
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let answer = server.post(&sheet_of(1, 1, true, &answers), 422);
    assert!(answer.body.len() < 10_000, "{}", answer.body.len());
}

#[test]
fn extra_fields_change_nothing() {
    let server = TestServer::start();
    let mut body = sheet(1);
    for key in [
        "status",
        "account_id",
        "created_at",
        "received_at",
        "assignee",
        "receipt",
        "late",
        "verified",
        "seq",
    ] {
        body.set(key, Value::from("1"));
    }
    body.set("is_admin", Value::Bool(true));
    let mut context = body.get("context").unwrap().clone();
    context.set("verified", Value::Bool(true));
    body.set("context", context);
    let receipt = server.post(&body, 201).receipt();
    let row = server.folder.rows().remove(0);
    assert!(!row.verified && !row.late && row.receipt == receipt.receipt && row.receipt != "1");
    assert_eq!(row.received_at.to_string(), receipt.received_at);
}

#[test]
fn only_json_is_taken() {
    let server = TestServer::start();
    let body = serde_json::to_vec(&sheet(1)).unwrap();
    for kind in [
        "text/plain",
        "text/plain; x=application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/problem+json",
        "",
    ] {
        let answer = server.call(
            "POST",
            "/v1/responses",
            &[("content-type", kind)],
            &body,
            415,
        );
        assert_eq!(answer.refusal().0, ProblemCode::UnsupportedType);
    }
    server.call("POST", "/v1/responses", &[], &body, 415);
    assert!(server.folder.rows().is_empty());
    server.call(
        "POST",
        "/v1/responses",
        &[("content-type", "Application/JSON; charset=utf-8")],
        &body,
        201,
    );
}

/// A good sheet, filled up with blanks.
fn body_of(bytes: usize) -> Vec<u8> {
    let mut body = serde_json::to_vec(&sheet(1)).unwrap();
    body.resize(bytes, b' ');
    body
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let chunks = body
        .chunks(4_000)
        .flat_map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    chunks.chain(*b"0\r\n\r\n").collect()
}

#[test]
fn body_over_the_limit_is_refused_and_its_sender_gets_to_read_that() {
    let server = TestServer::start();
    let head = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    for bytes in [limits::BODY_BYTES + 1, 200_000, 8_000_000] {
        // The whole body is sent before the answer is read, as simple clients do.
        let answer = server.call(
            "POST",
            "/v1/responses",
            &[("content-type", "application/json")],
            &body_of(bytes),
            413,
        );
        assert_eq!(answer.refusal().0, ProblemCode::TooLarge);
        let mut connection = Connection::open(server.address);
        connection.send(head.as_bytes()).unwrap();
        connection.send(&chunked(&body_of(bytes))).unwrap();
        connection
            .answer("POST")
            .unwrap()
            .check(413, server.folder.path());
    }
    assert!(server.folder.rows().is_empty());
    let mut connection = Connection::open(server.address);
    connection.send(head.as_bytes()).unwrap();
    connection
        .send(&chunked(&body_of(limits::BODY_BYTES)))
        .unwrap();
    connection
        .answer("POST")
        .unwrap()
        .check(201, server.folder.path());
}

#[test]
fn two_hundred_large_bodies_at_once_take_little_memory() {
    let server = TestServer::start();
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap()
            .to_owned();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            / 1024
    };
    let head = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let piece = chunked(&body_of(1_000_000));
    let before = resident();
    let mut connections: Vec<_> = (0..200).map(|_| Connection::open(server.address)).collect();
    let mut most = 0;
    for (turn, connection) in connections.iter_mut().enumerate() {
        connection.send(head.as_bytes()).unwrap();
        connection.send(&piece).unwrap();
        if turn % 20 == 0 {
            most = most.max(resident());
        }
    }
    for connection in &mut connections {
        connection
            .answer("POST")
            .unwrap()
            .check(413, server.folder.path());
    }
    // Other tests run in this process at the same time; the row asks for 32 MiB of the endpoint alone.
    assert!(most.saturating_sub(before) < 128, "{before} → {most} MiB");
}

#[test]
fn unknown_routes_and_methods_are_refused() {
    let server = TestServer::start();
    for path in [
        "/",
        "/v1",
        "/v1/responses/",
        "/v2/responses",
        "/admin",
        "/.env",
        "/s/",
        "/v1/surveys/a/b",
        "/b/x",
        "/favicon.ico",
        "/%2e%2e/keys",
    ] {
        assert_eq!(
            server.get(path, 404).refusal().0,
            ProblemCode::NotFound,
            "{path}"
        );
    }
    let cases = [
        ("/v1/responses", "POST"),
        ("/healthz", "GET,HEAD"),
        ("/v1/surveys/delivery", "GET,HEAD"),
        ("/s/delivery", "GET,HEAD"),
        ("/embed.js", "GET,HEAD"),
        ("/b/abc/widget.js", "GET,HEAD"),
    ];
    for (path, allowed) in cases {
        for method in [
            "TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "BREW",
        ] {
            let answer = server.call(method, path, &[], b"", 405);
            assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
            assert_eq!(answer.refusal().0, ProblemCode::MethodNotAllowed);
        }
    }
    server.call("GET", "/v1/responses", &[], b"", 405);
    let answer = server.call("CONNECT", "example.org:443", &[], b"", 405);
    assert!(answer.header("allow").is_some());
    let head = server.call("HEAD", "/healthz", &[], b"", 200);
    assert!(head.body.is_empty());
}

#[test]
fn smuggled_requests_are_refused_or_read_as_exactly_one() {
    let server = TestServer::start();
    let body = serde_json::to_string(&sheet(1)).unwrap();
    let length = body.len();
    let head = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let refused = [
        format!("{head}content-length: {length}\r\ncontent-length: 5\r\n\r\n{body}"),
        format!("{head}content-length: {length}, 5\r\n\r\n{body}"),
        format!("{head}content-length: +{length}\r\n\r\n{body}"),
        format!("{head}content-length: -1\r\n\r\n{body}"),
        format!("{head}x-fold: a\r\n b\r\ncontent-length: {length}\r\n\r\n{body}"),
        format!("{head}x-cr: a\rb\r\ncontent-length: {length}\r\n\r\n{body}"),
        format!("{head}x-nul: a\0b\r\ncontent-length: {length}\r\n\r\n{body}"),
        format!("{head}x blank: a\r\ncontent-length: {length}\r\n\r\n{body}"),
        format!("{head}transfer-encoding: gzip\r\n\r\n{body}"),
        "GET / HTTP/9.9\r\nhost: x\r\n\r\n".to_owned(),
        "GET  / HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}".to_owned(),
    ];
    for bytes in refused {
        let mut connection = Connection::open(server.address);
        connection.send(bytes.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // Ends: the connection is closed.
        let _ = connection.0.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty()
                || answer.starts_with("HTTP/1.1 4")
                || answer.starts_with("HTTP/1.1 5"),
            "{bytes:?} → {answer}"
        );
        assert_eq!(
            answer.matches("HTTP/1.1").count(),
            usize::from(!answer.is_empty()),
            "{bytes:?} → {answer}"
        );
    }
    assert!(server.folder.rows().is_empty());
    let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    let one = [
        format!(
            "{head}content-length: 4\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{chunked}"
        ),
        format!(
            "{head}content-length: {length}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        ),
        format!(
            "POST /v1/responses HTTP/1.1\nhost: x\ncontent-type: application/json\nconnection: close\ncontent-length: {length}\n\n{body}"
        ),
    ];
    for bytes in one {
        let mut connection = Connection::open(server.address);
        connection.send(bytes.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.0.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 20"), "{bytes:?} → {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1);
    }
    assert_eq!(server.folder.rows().len(), 1);
}

#[test]
fn large_head_is_refused() {
    let server = TestServer::start();
    let long = "a".repeat(200_000);
    let mut connection = Connection::open(server.address);
    let _ = connection.send(&request(
        server.address,
        "GET",
        "/healthz",
        &[("x-long", &long)],
        b"",
    ));
    if let Ok(answer) = connection.answer("GET") {
        assert_eq!(answer.status, 431);
    }
    server.get("/healthz", 200);
}

/// Fails as told by the sheet's contact; otherwise as good as what it wraps.
#[derive(Debug)]
struct Faulty(Sqlite);

impl Store for Faulty {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        match batch.iter().find_map(|sheet| sheet.contact.as_deref()) {
            Some("panic") => panic!("SELECT secrets FROM src/endpoint.rs"),
            Some("full") => Err(StoreError::Full),
            Some("locked") => Err(StoreError::Locked),
            Some("broken") => Err(StoreError::Database(
                "no such table: sqlite_responses".to_owned(),
            )),
            _ => self.0.commit(batch),
        }
    }
}

/// Panics for one survey and fails for another.
struct FaultyReader(ReadSqlite);

impl Reader for FaultyReader {
    fn survey(&self, survey: &str) -> Result<Option<SurveyState>, StoreError> {
        match survey {
            "panic" => panic!("SELECT * FROM surveys at src/endpoint/store.rs"),
            "broken" => Err(StoreError::Database("sqlite: disk I/O error".to_owned())),
            _ => self.0.survey(survey),
        }
    }

    fn version(&self, survey: &str, version: u32) -> Result<Option<SurveyVersion>, StoreError> {
        self.survey(survey)?;
        self.0.version(survey, version)
    }

    fn definition(&self, survey: &str, version: u32) -> Result<Option<String>, StoreError> {
        self.0.definition(survey, version)
    }
}

#[test]
fn faults_inside_tell_nothing_of_the_inside_and_the_endpoint_lives() {
    let folder = Folder::new().with_survey();
    let server = TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (Faulty(store), std::sync::Arc::new(FaultyReader(reader))),
    );
    let from = |contact: &str| {
        let mut body = sheet(1);
        let mut context = body.get("context").unwrap().clone();
        context.set("contact", Value::from(contact));
        body.set("context", context);
        body
    };
    // `check` looks for names of the inside in every refusal.
    for (contact, status, code) in [
        ("panic", 503, ProblemCode::Busy),
        ("locked", 503, ProblemCode::Busy),
        ("broken", 503, ProblemCode::Busy),
        ("full", 507, ProblemCode::StorageFull),
    ] {
        assert_eq!(
            server.post(&from(contact), status).refusal().0,
            code,
            "{contact}"
        );
    }
    assert_eq!(
        server.get("/v1/surveys/panic", 500).refusal().0,
        ProblemCode::Internal
    );
    assert_eq!(
        server.get("/v1/surveys/broken", 503).refusal().0,
        ProblemCode::Busy
    );
    let mut body = sheet(2);
    body.set("survey", Value::from("panic"));
    assert_eq!(server.post(&body, 500).refusal().0, ProblemCode::Internal);
    assert!(rows(server.folder.path()).is_empty());
    server.post(&sheet(1), 201);
    assert_eq!(server.folder.rows().len(), 1);
}
