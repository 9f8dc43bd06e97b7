//! What holds for every route of the OpenAPI document, one after the other: types of bodies, their sizes, their fields, headers,
//! and words that mean something to a database.

use qingting::endpoint::contract::openapi;
use serde_json::{Map, Value as Json, json};

use crate::contract::operations;
use crate::matrix::World;
use crate::support::{Answer, Connection};

const JSON: &str = "application/json";

/// The shape of an operation's JSON body.
fn body_of(operation: &Json) -> Option<&Json> {
    let schema = &operation["requestBody"]["content"][JSON]["schema"];
    (!schema.is_null()).then(|| resolved(schema))
}

fn resolved(schema: &Json) -> &Json {
    match schema["$ref"].as_str() {
        Some(name) => {
            let name = name.rsplit('/').next().unwrap();
            resolved(&openapi().unwrap()["components"]["schemas"][name])
        }
        None => schema,
    }
}

/// The kinds of body that a shape has: one, or one for each action.
fn kinds(schema: &Json) -> Vec<&Json> {
    match schema["anyOf"].as_array() {
        Some(kinds) => kinds.iter().map(resolved).collect(),
        None => vec![schema],
    }
}

/// Something of a shape, with every field.
fn example(schema: &Json) -> Json {
    let schema = resolved(schema);
    if let Some(one) = schema["const"].as_str() {
        return json!(one);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    if let Some(kinds) = schema["anyOf"].as_array() {
        return example(&kinds[0]);
    }
    match schema["type"].as_str() {
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let fields = fields.map(|(name, shape)| (name.clone(), example(shape)));
            Json::Object(fields.collect())
        }
        Some("array") => json!([example(&schema["items"])]),
        Some("string") if schema["format"] == "date-time" => json!("2026-11-24T09:00:00.000Z"),
        Some("string")
            if schema["pattern"]
                .as_str()
                .is_some_and(|known| known.contains("32")) =>
        {
            json!("0123456789abcdef0123456789abcdef")
        }
        Some("string") => json!("x1"),
        Some("integer") => json!(schema["minimum"].as_u64().unwrap_or(0).max(1)),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        _ => json!({}),
    }
}

/// The one message of a refused body that could not be read at all; nothing if it was read.
fn misread(answer: &Answer) -> Option<String> {
    if answer.status != 422 {
        return None;
    }
    let body: Json = serde_json::from_slice(&answer.body).unwrap();
    let error = &body["errors"][0];
    let is_unread =
        body["code"] == "invalid-body" && error["code"] == "malformed" && error["path"] == "";
    is_unread.then(|| error["message"].as_str().unwrap().to_owned())
}

/// Every operation with a closed JSON body: those of staff and of systems.
fn closed() -> Vec<(&'static str, &'static Json, &'static Json)> {
    let all = operations().into_iter();
    let all = all.filter_map(|(_, path, operation)| Some((path, operation, body_of(operation)?)));
    all.filter(|(_, _, schema)| kinds(schema)[0]["additionalProperties"] == json!(false))
        .collect()
}

#[test]
fn bodies_are_read_as_the_document_says_and_take_nothing_that_is_not_theirs() {
    let world = World::new();
    let (mut bodies, mut wrong) = (0, Vec::new());
    for (template, operation, schema) in closed() {
        let path = world.path(template, operation).unwrap();
        let key = world.key_for(operation);
        let ask = |body: &Json| {
            let answer = world.ask_as(&key, "POST", &path, body);
            misread(&answer)
        };
        let mut expect = |what: &str, body: &Json, is_right: bool, said: Option<String>| {
            if !is_right {
                wrong.push(format!("POST {template} {what}: {body} → {said:?}"));
            }
        };
        let mut actions = Vec::new();
        for kind in kinds(schema) {
            bodies += 1;
            let whole = example(kind);
            actions.extend(whole["action"].as_str().map(str::to_owned));
            let said = ask(&whole);
            expect("as it should be", &whole, said.is_none(), said);
            // Nobody makes themselves an admin, or a thing another's, by saying so.
            for field in ["status", "account_id", "created_at", "assignee", "is_admin"] {
                // Of a project the status is its own.
                if !whole[field].is_null() {
                    continue;
                }
                let mut more = whole.clone();
                more[field] = json!("1");
                let said = ask(&more);
                let is_right = said.as_ref().is_some_and(|said| said.contains(field));
                expect("with a field too many", &more, is_right, said);
            }
            for name in kind["properties"].as_object().unwrap().keys() {
                let is_required = kind["required"]
                    .as_array()
                    .is_some_and(|all| all.contains(&json!(name)));
                let mut less: Map<_, _> = whole.as_object().unwrap().clone();
                less.remove(name);
                let less = Json::Object(less);
                let answer = world.ask_as(&key, "POST", &path, &less);
                let said = misread(&answer);
                // Where a table can have it empty, too, the field is named instead.
                let is_missed = said.is_some()
                    || (answer.status == 422
                        && answer.text().contains(&format!("\"path\":\"{name}\"")));
                if is_required {
                    expect("without what it needs", &less, is_missed, said);
                } else {
                    expect(
                        "without what it may do without",
                        &less,
                        said.is_none(),
                        said,
                    );
                }
                let mut other = whole.clone();
                other[name] = json!([{"$ne": null}, "%"]);
                let is_open = resolved(&kind["properties"][name])["type"].is_null()
                    && resolved(&kind["properties"][name])["anyOf"].is_null()
                    && resolved(&kind["properties"][name])["enum"].is_null()
                    && resolved(&kind["properties"][name])["const"].is_null();
                let answer = world.ask_as(&key, "POST", &path, &other);
                let is_refused = matches!(answer.status, 400..500);
                expect(
                    "with an operator for a value",
                    &other,
                    is_refused || is_open,
                    misread(&answer),
                );
            }
        }
        // No action is left out of the document.
        if !actions.is_empty() {
            let said = ask(&json!({"action": "no-such-action"})).unwrap_or_default();
            let mut known: Vec<_> = said
                .split('`')
                .skip(3)
                .step_by(2)
                .map(str::to_owned)
                .collect();
            known.sort();
            actions.sort();
            let shown = json!(actions);
            expect(
                "with other actions than the code's",
                &shown,
                known == actions,
                Some(said),
            );
        }
    }
    println!("bodies: {bodies} kinds");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(bodies > 90, "{bodies}");
}

#[test]
fn customers_bodies_take_more_and_mean_nothing_by_it() {
    let world = World::new();
    let mut body = json!({"id": format!("{:032x}", 400), "text": "again!!", "number": "QT-0000-0000-0", "status": "closed"});
    for field in [
        "account_id",
        "created_at",
        "assignee",
        "is_admin",
        "owner",
        "priority",
        "verified",
    ] {
        body[field] = json!("1");
    }
    let taken = world.ask("POST", "/v1/complaints", &[], &body);
    assert_eq!(taken.status, 201);
    let taken: Json = serde_json::from_slice(&taken.body).unwrap();
    let path = crate::staffed::case_path(&taken);
    let case = crate::staffed::look(&world.server, "manager", &path, 200);
    assert_eq!(
        (&case["account"], &case["priority"]),
        (&Json::Null, &json!("P3"))
    );
    assert_ne!(taken["number"], "QT-0000-0000-0");
}

#[test]
fn fields_and_bodies_have_an_end_on_every_route() {
    let world = World::new();
    let (mut fields, mut bodies) = (0, 0);
    for (method, template, operation) in operations() {
        let Some(schema) = body_of(operation) else {
            continue;
        };
        let path = world.path(template, operation).unwrap();
        let key = world.key_for(operation);
        let bearer = format!("Bearer {key}");
        // A character too many.
        for kind in kinds(schema) {
            let whole = example(kind);
            for (name, shape) in kind["properties"].as_object().unwrap() {
                let shapes: Vec<_> = kinds(resolved(shape));
                let Some(most) = shapes.iter().find_map(|shape| shape["maxLength"].as_u64()) else {
                    continue;
                };
                let mut long = whole.clone();
                long[name] = json!("长".repeat(usize::try_from(most).unwrap() + 1));
                let answer = world.ask_as(&key, method, &path, &long);
                assert_eq!(answer.status, 422, "{path} {name}: {}", answer.text());
                fields += 1;
            }
        }
        // A body too long, announced, in pieces, and made small.
        let long = json!({"text": "x".repeat(70_000)}).to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: {bearer}\r\nif-match: \"1\"\r\ncontent-type: {JSON}\r\n",
            world.server.address
        );
        let pieces: String = long
            .as_bytes()
            .chunks(8_000)
            .map(|piece| {
                format!(
                    "{:x}\r\n{}\r\n",
                    piece.len(),
                    String::from_utf8_lossy(piece)
                )
            })
            .collect();
        for (what, rest, status) in [
            (
                "announced",
                format!("content-length: {}\r\n\r\n{long}", long.len()),
                413,
            ),
            (
                "in pieces",
                format!("transfer-encoding: chunked\r\n\r\n{pieces}0\r\n\r\n"),
                413,
            ),
            (
                "made small",
                "content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
                415,
            ),
        ] {
            let mut connection = Connection::open(world.server.address);
            connection
                .send([head.as_bytes(), rest.as_bytes()].concat().as_slice())
                .unwrap();
            let answer = connection.answer("POST").unwrap();
            answer.check(status, world.server.folder.path());
            bodies += 1;
            let _ = what;
        }
    }
    println!("ends: {fields} fields, {bodies} bodies");
    assert!(fields > 15 && bodies > 100, "{fields} {bodies}");
}

#[test]
fn only_json_is_taken_on_every_route_that_takes_a_body() {
    let world = World::new();
    let count = || {
        let database = qingting::endpoint::store::database_path(world.server.folder.path());
        let database = rusqlite::Connection::open(database).unwrap();
        let sql = "SELECT (SELECT count(*) FROM responses) + (SELECT count(*) FROM cases) + (SELECT count(*) FROM feedback) \
             + (SELECT count(*) FROM staff) + (SELECT count(*) FROM records)";
        database
            .query_row(sql, [], |row| row.get::<_, u32>(0))
            .unwrap()
    };
    let (before, mut asked) = (count(), 0);
    for (method, template, operation) in operations() {
        let Some(schema) = body_of(operation) else {
            continue;
        };
        let path = world.path(template, operation).unwrap();
        let bearer = format!("Bearer {}", world.key_for(operation));
        let body = example(kinds(schema)[0]).to_string();
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "",
        ] {
            let headers = [
                ("authorization", bearer.as_str()),
                ("content-type", kind),
                ("if-match", "\"1\""),
            ];
            world
                .server
                .call(method, &path, &headers, body.as_bytes(), 415);
            asked += 1;
        }
    }
    assert!(asked > 140, "{asked}");
    assert_eq!(count(), before, "something was stored");
}

#[test]
fn every_answer_is_framed_by_nobody_and_runs_nothing() {
    let world = World::new();
    let look = |what: &str, answer: &Answer| {
        let policy = answer.header("content-security-policy").unwrap();
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{what}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{what}"
        );
        assert_eq!(
            answer.header("access-control-allow-credentials"),
            None,
            "{what}"
        );
        let varies = answer.headers.iter().filter(|(name, _)| name == "vary");
        let mut varies = varies.map(|(_, value)| value.to_lowercase());
        assert!(varies.any(|value| value.contains("origin")), "{what}");
        assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{what}: {policy}"
        );
        assert!(!policy.contains("'unsafe-eval'"), "{what}: {policy}");
        // Only the briefings' own looks, on pages where no script runs at all.
        let is_inline = policy.contains("'unsafe-inline'");
        assert!(
            !is_inline || (policy.contains("sandbox") && !policy.contains("script-src")),
            "{what}: {policy}"
        );
        for wild in ["script-src *", "script-src https:", "data: 'self' *", " * "] {
            assert!(!policy.contains(wild), "{what}: {policy}");
        }
    };
    let mut seen = 0;
    for (method, template, operation) in operations() {
        let path = world.path(template, operation).unwrap();
        let key = world.key_for(operation);
        look(template, &world.ask_as(&key, method, &path, &json!({})));
        look(template, &world.ask(method, &path, &[], &json!({})));
        look(template, &world.ask("PATCH", &path, &[], &json!({})));
        look(
            template,
            &world.ask(
                method,
                &path,
                &[("origin", "https://evil.test")],
                &json!({}),
            ),
        );
        seen += 4;
    }
    for nowhere in [
        "/nowhere",
        "/v1/nowhere",
        "/v1/staff/nowhere",
        "/s/%FF",
        "/v1/staff/problems/x",
        "/v1/cases/%FF%00/confirm",
    ] {
        look(nowhere, &world.ask("GET", nowhere, &[], &json!({})));
        look(
            nowhere,
            &world.ask_as("manager", "GET", nowhere, &json!({})),
        );
        seen += 2;
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn no_look_up_is_widened_by_a_word_that_databases_know() {
    let world = World::new();
    let words = [
        "%25",
        "_",
        "*",
        ".*",
        "%27%20OR%201%3D1--",
        "%7B%22%24ne%22%3Anull%7D",
        "A-%25",
        "QT-%25",
        "..%2F..%2Fx",
    ];
    let (mut asked, mut open) = (0, Vec::new());
    for (method, template, operation) in operations() {
        if method != "GET" || !template.starts_with("/v1/") {
            continue;
        }
        let key = world.key_for(operation);
        let good = world.path(template, operation).unwrap();
        let (path, query) = good.split_once('?').unwrap_or((&good, ""));
        let mut tried = Vec::new();
        for word in words {
            if template.contains('{') {
                let parts = template.split('/').zip(path.split('/'));
                let parts =
                    parts.map(|(known, given)| if known.starts_with('{') { word } else { given });
                tried.push(format!("{}?{query}", parts.collect::<Vec<_>>().join("/")));
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                if parameter["in"] == "query" {
                    let name = parameter["name"].as_str().unwrap();
                    let kept = query
                        .split('&')
                        .filter(|pair| !pair.starts_with(&format!("{name}=")) && !pair.is_empty());
                    let kept: String = kept.map(|pair| format!("&{pair}")).collect();
                    tried.push(format!("{path}?{name}={word}{kept}"));
                    tried.push(format!("{path}?{name}[]={word}{kept}"));
                }
            }
        }
        for path in tried {
            let answer = world.ask_as(&key, "GET", &path, &json!({}));
            asked += 1;
            let shown = String::from_utf8_lossy(&answer.body);
            let is_wide = shown.contains(&world.number) || shown.contains("\"A-7\"");
            if answer.status >= 500 || is_wide {
                open.push(format!("{path}: {} {shown:.200}", answer.status));
            }
        }
    }
    assert!(
        open.is_empty(),
        "{} of {asked}:\n{}",
        open.len(),
        open.join("\n")
    );
    assert!(asked > 300, "{asked}");
}
