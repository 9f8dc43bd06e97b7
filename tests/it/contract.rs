//! The contract as an OpenAPI document: every answer that any test gets is held against it, and it against the code.

use qingting::api::SubmissionId;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::contract::openapi;
use serde_json::{Value as Json, json};

use crate::support::{Answer, qingting};

/// Every operation: method, path as a template, what the document says of it.
pub fn operations() -> Vec<(&'static str, &'static str, &'static Json)> {
    let paths = openapi().unwrap()["paths"].as_object().unwrap();
    let mut all = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let method = match method.as_str() {
                "get" => "GET",
                "post" => "POST",
                "delete" => "DELETE",
                other => panic!("{other} is new here"),
            };
            all.push((method, path.as_str(), operation));
        }
    }
    all
}

/// The operation that a request is for; one without open places before one with.
fn operation(method: &str, path: &str) -> Option<(&'static str, &'static Json)> {
    let method = if method == "HEAD" { "GET" } else { method };
    let path = path.split(['?', '#']).next().unwrap();
    let matches = |template: &str| {
        let (mut given, mut wanted) = (path.split('/'), template.split('/'));
        loop {
            match (given.next(), wanted.next()) {
                (None, None) => return true,
                (Some(given), Some(wanted)) => {
                    if given != wanted && (given.is_empty() || !wanted.starts_with('{')) {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    };
    let mut all = operations();
    all.retain(|(_, template, _)| matches(template));
    let nearest = all
        .iter()
        .map(|(_, template, _)| *template)
        .min_by_key(|template| template.matches('{').count())?;
    let mut found = all
        .into_iter()
        .filter(|(_, template, _)| *template == nearest);
    found
        .find(|(known, _, _)| *known == method)
        .map(|(_, template, operation)| (template, operation))
}

/// What of `value` does not fit a shape. Only the words that the table's notation can make are known; an object has nothing beside
/// the fields that it names, so that what an answer has more must be said in the document, too.
fn faults(schema: &Json, value: &Json, at: &str) -> Vec<String> {
    let words = schema.as_object().unwrap().iter();
    words
        .flat_map(|(word, wanted)| faults_of(schema, word, wanted, value, at))
        .collect()
}

fn faults_of(schema: &Json, word: &str, wanted: &Json, value: &Json, at: &str) -> Vec<String> {
    let fault = |what: &str| vec![format!("at {at}: {what}, but it is {value}")];
    let unless = |fits: bool, what: &str| if fits { Vec::new() } else { fault(what) };
    let list = || wanted.as_array().unwrap().iter();
    let fields = || value.as_object().into_iter().flatten();
    let items = || value.as_array().into_iter().flatten();
    match word {
        "$ref" => {
            let name = wanted.as_str().unwrap().rsplit('/').next().unwrap();
            faults(
                &openapi().unwrap()["components"]["schemas"][name],
                value,
                at,
            )
        }
        "allOf" => list().flat_map(|one| faults(one, value, at)).collect(),
        "anyOf" => {
            let kinds = list().map(|one| faults(one, value, at));
            kinds.min_by_key(Vec::len).unwrap()
        }
        "type" => {
            let fits = match wanted.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
                "number" => value.is_number(),
                "boolean" => value.is_boolean(),
                "null" => value.is_null(),
                other => panic!("{other} is no type of the notation"),
            };
            unless(fits, &format!("must be a {wanted}"))
        }
        "const" => unless(value == wanted, &format!("must be {wanted}")),
        "enum" => unless(
            list().any(|one| one == value),
            &format!("must be one of {wanted}"),
        ),
        "minimum" => unless(value.as_f64() >= wanted.as_f64(), "is too small"),
        "maximum" => unless(value.as_f64() <= wanted.as_f64(), "is too large"),
        "maxLength" => {
            let most = usize::try_from(wanted.as_u64().unwrap()).unwrap();
            let length = value.as_str().map_or(0, |text| text.chars().count());
            unless(length <= most, "is too long")
        }
        "pattern" => {
            let text = value.as_str().unwrap_or_default();
            let fits = match wanted.as_str().unwrap() {
                r"\S" => !text.trim().is_empty(),
                "^[0-9a-f]{32}$" => SubmissionId::parse(text).is_some(),
                other => panic!("{other} is no pattern of the notation"),
            };
            unless(fits, &format!("must match {wanted}"))
        }
        "format" => {
            let moment = value.as_str().map(str::parse::<Timestamp>);
            unless(matches!(moment, Some(Ok(_))), "must be a moment")
        }
        "required" => {
            let missing = list().filter(|name| value.get(name.as_str().unwrap()).is_none());
            missing
                .flat_map(|name| fault(&format!("must have {name}")))
                .collect()
        }
        "properties" => {
            let is_whole = schema.get("type").is_some();
            fields()
                .flat_map(|(name, field)| match wanted.get(name) {
                    Some(shape) => faults(shape, field, &format!("{at}.{name}")),
                    None => unless(
                        !is_whole,
                        &format!("has {name}, which the document does not name"),
                    ),
                })
                .collect()
        }
        // Where there is none, "properties" has seen to it.
        "additionalProperties" if wanted.is_boolean() => Vec::new(),
        "additionalProperties" => fields()
            .flat_map(|(name, field)| faults(wanted, field, &format!("{at}.{name}")))
            .collect(),
        "items" => items()
            .flat_map(|item| faults(wanted, item, &format!("{at}[]")))
            .collect(),
        "minItems" | "maxItems" => {
            let length = items().count() as u64;
            unless(Some(length) == wanted.as_u64(), "must be a list of so many")
        }
        other => panic!("{other} is no word of the notation"),
    }
}

/// What an answer has that the document does not name.
fn undeclared(method: &str, path: &str, answer: &Answer) -> Option<String> {
    // The demo's portal has a page there.
    let (_, operation) = operation(method, path).filter(|_| path != "/")?;
    let status = answer.status.to_string();
    // The HTTP library's own word on what is no request at all.
    if answer.status == 400 && answer.header("content-type").is_none() {
        return None;
    }
    let declared = &operation["responses"][&status];
    if declared.is_null() {
        let shown = String::from_utf8_lossy(&answer.body);
        return Some(format!("the status {status}: {shown}"));
    }
    for (name, header) in declared["headers"].as_object().into_iter().flatten() {
        if header["required"] == json!(true) && answer.header(&name.to_lowercase()).is_none() {
            return Some(format!("{status} without {name}"));
        }
    }
    let kind = answer.header("content-type");
    let Some(content) = declared["content"].as_object() else {
        return kind.map(|kind| format!("{status} with a body of {kind}"));
    };
    let kind = kind.unwrap_or("nothing");
    let Some((known, media)) = content
        .iter()
        .find(|(known, _)| *known == kind || *known == "*/*")
    else {
        return Some(format!("{status} with a body of {kind}"));
    };
    if method == "HEAD" || !known.contains("json") || answer.header("content-encoding").is_some() {
        return None;
    }
    let body: Json = match serde_json::from_slice(&answer.body) {
        Ok(body) => body,
        Err(error) => return Some(format!("{status} with a body that is no JSON: {error}")),
    };
    let faults = faults(&media["schema"], &body, "body");
    (!faults.is_empty()).then(|| {
        format!(
            "{status} with a body of another shape: {}",
            faults.join("; ")
        )
    })
}

/// Holds an answer against the document.
pub fn hold(method: &str, path: &str, answer: &Answer) {
    if let Some(what) = undeclared(method, path, answer) {
        panic!(
            "{method} {path} answers what its row in src/endpoint/routes/table does not name: {what}"
        );
    }
}

#[test]
fn the_document_can_be_written_and_printed() {
    let document = openapi().unwrap();
    let folder = crate::support::Folder::new();
    let (code, printed, _) = qingting(&["openapi"], folder.path());
    assert_eq!(code, Some(0));
    assert_eq!(&serde_json::from_str::<Json>(&printed).unwrap(), document);
    let server = crate::support::TestServer::start();
    let served: Json = serde_json::from_slice(&server.get("/v1/openapi.json", 200).body).unwrap();
    assert_eq!(&served, document);
    // Every shape that is named exists.
    let text = document.to_string();
    for named in text.split("\"#/components/schemas/").skip(1) {
        let name = named.split('"').next().unwrap();
        let shape = &document["components"]["schemas"][name];
        assert!(!shape.is_null(), "there is no shape {name}");
    }
    let ids: Vec<_> = operations()
        .iter()
        .map(|(_, _, one)| one["operationId"].to_string())
        .collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(
        ids.len(),
        once.len(),
        "every operation has a name of its own"
    );
}

#[test]
fn every_path_of_the_code_has_a_row() {
    let source = include_str!("../../src/api/route.rs");
    let known: Vec<_> = operations().iter().map(|(_, path, _)| *path).collect();
    let lines = source
        .lines()
        .filter_map(|line| line.split_once("pub const ")?.1.split_once("&str = "));
    let mut seen = 0;
    for (name, path) in lines {
        let path = path.trim_end_matches(';').trim_matches('"');
        assert!(
            known.contains(&path),
            "api/route.rs: {name} ({path}) has no row in src/endpoint/routes/table: say there what it takes, who may use it \
             and what it answers"
        );
        seen += 1;
    }
    assert!(seen > 60, "only {seen} paths were found");
}

#[test]
fn what_no_row_names_is_noticed() {
    let answer = |status: u16, kind: &str, body: &str| Answer {
        status,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: body.as_bytes().to_vec(),
    };
    let look = |answer: Answer| undeclared("GET", "/healthz", &answer);
    assert_eq!(
        look(answer(200, "application/json", r#"{"status":"ok"}"#)),
        None
    );
    for wrong in [
        answer(418, "application/json", "{}"),
        answer(200, "text/html", "ok"),
        answer(200, "application/json", "ok"),
        answer(200, "application/json", "{}"),
        answer(200, "application/json", r#"{"status":"fine"}"#),
        answer(200, "application/json", r#"{"status":"ok","more":1}"#),
        answer(503, "application/problem+json", "{}"),
    ] {
        assert!(look(wrong.clone()).is_some(), "{wrong:?} went by");
    }
}
