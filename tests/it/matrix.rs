//! Who may use which route: every operation of the OpenAPI document, asked for by everybody there is, against what its row says.

use std::time::{Duration, Instant};

use qingting::complaint::Role;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::config::Allowed;
use qingting::endpoint::identity::Invitation;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::store::{Scope, Sqlite, SystemRow};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::contract::operations;
use crate::photos::jpeg;
use crate::staffed::{PEOPLE, complain, id_of, look, make, staffed_over};
use crate::support::{Answer, Connection, Folder, NOW, TestServer, sheet_of};

/// Everybody of staff by key, as what, and whether they are in the team of A-7.
const MEMBERS: [(&str, Role, bool); 9] = [
    ("manager", Role::CaseManager, true),
    ("account", Role::AccountManager, true),
    ("solution", Role::SolutionExpert, true),
    ("delivery", Role::DeliveryExpert, true),
    ("other-account", Role::AccountManager, false),
    ("executive", Role::Executive, true),
    ("auditor", Role::Auditor, true),
    ("analyst", Role::Analyst, true),
    ("admin", Role::Admin, true),
];

/// One thing of account A-7 of each kind, and keys of all kinds.
pub struct World {
    pub server: TestServer,
    /// What stands in the open places of paths: (beginning of the path, words in their order).
    places: Vec<(&'static str, Vec<String>)>,
    pub number: String,
    /// Who is to call the customer.
    caller: &'static str,
    secret: String,
    other_secret: String,
    invitation: String,
}

fn hire(server: &TestServer, key: &str, role: Role) {
    let mut store = Sqlite::open(server.folder.path(), Duration::from_secs(5)).unwrap();
    let digest = Sha256::digest(key).into();
    store.add_staff(key, role, digest, Timestamp(NOW)).unwrap();
    for scope in Scope::ALL {
        let row = SystemRow {
            name: scope.code().to_owned(),
            scopes: vec![scope],
        };
        let digest = Sha256::digest(scope.code()).into();
        store.add_system(&row, digest, Timestamp(NOW)).unwrap();
    }
}

fn text(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Waits for what the engine does beside the answers.
fn first(server: &TestServer, path: &str, list: &str) -> Json {
    let begin = Instant::now();
    loop {
        let found = look(server, "manager", path, 200)[list][0].clone();
        if !found.is_null() {
            return found;
        }
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "nothing came at {path}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl World {
    pub fn new() -> Self {
        // More questions than a person asks: the limits are tested elsewhere.
        let server = staffed_over(Folder::new().with_survey(), |config| {
            let enough = Allowed::rate(1_000_000, 1_000_000);
            config.rates.address = enough;
            config.rates.token = enough;
            config.rates.overall = enough;
        });
        hire(&server, "admin", Role::Admin);
        let photo = format!("{:032x}", 77);
        let headers = [("content-type", "image/jpeg")];
        server.call(
            "POST",
            &format!("/v1/attachments/{photo}"),
            &headers,
            &jpeg(60, 30),
            201,
        );
        let taken = complain(
            &server,
            1,
            "A-7",
            "机柜送错了,第二次了",
            &json!({"photos": [photo]}),
        );
        let other = complain(&server, 2, "B-2", "wrong invoice AGAIN", &json!({}));
        let praise = complain(
            &server,
            3,
            "A-7",
            "your fitter was great",
            &json!({"intent": "praise"}),
        );
        // A low score, which somebody calls about.
        let answers = [("overall", 1.0.into()), ("words", "谁来管管?".into())];
        let mut low = sheet_of(9, 1, true, &answers);
        let mut context = low.get("context").unwrap().clone();
        context.set("account", "A-7".into());
        low.set("context", context);
        server.post(&low, 201);
        let call_back = first(&server, "/v1/staff/call-backs", "call_backs");
        let key = format!("response-{:032x}", 9);
        let asked = make(
            &server,
            "executive",
            &format!("/v1/staff/feed/{key}/question"),
            &json!({}),
            200,
        );
        let inquiry = &asked["inquiry"];
        let plan = json!({
            "account": "A-7", "region": "Jiangsu", "planned_for": "2026-11-24T09:00Z", "purpose": "after the second late delivery",
            "team": [id_of("account")]
        });
        let visit = make(&server, "account", "/v1/staff/visits", &plan, 201);
        let team = ["account", "solution", "delivery"].map(id_of);
        let begun = json!({
            "title": "Outage", "purpose": "how it was lived through", "since": "2026-11-20T02:00Z",
            "team": team
        });
        let campaign = make(&server, "executive", "/v1/staff/campaigns", &begun, 201);
        let briefing =
            json!({"account": "A-7", "from": "2026-11-01T00:00Z", "until": "2026-11-20T00:00Z"});
        let briefing = make(&server, "account", "/v1/staff/briefings", &briefing, 201);
        let invitation = Invitation {
            number: 17,
            survey: "delivery".to_owned(),
            delivery: None,
            account: None,
            contact: None,
            from: NOW,
            until: NOW + 9 * DAY_MS,
            once: false,
        };
        let keys = Keys::open(server.folder.path()).unwrap();
        let number = text(&taken["number"]);
        let places = vec![
            ("/v1/staff/cases/", vec![number.clone(), photo.clone()]),
            ("/v1/cases/{number}/photos/", vec![number.clone(), photo]),
            (
                "/v1/cases/{number}/{action}",
                vec![number.clone(), "messages".to_owned()],
            ),
            ("/v1/cases/", vec![number.clone()]),
            ("/v1/staff/call-backs/", vec![text(&call_back["response"])]),
            ("/v1/staff/feedback/", vec![text(&praise["number"])]),
            ("/v1/staff/inquiries/", vec![text(&inquiry["id"])]),
            ("/v1/staff/visits/", vec![text(&visit["id"])]),
            ("/v1/staff/campaigns/", vec![text(&campaign["id"])]),
            ("/v1/staff/briefings/", vec![text(&briefing["id"])]),
            ("/v1/staff/accounts/", vec!["A-7".to_owned()]),
            ("/v1/staff/terms/", vec!["A-7".to_owned()]),
            ("/v1/staff/feed/", vec![key]),
            ("/v1/staff/reports/", vec!["times".to_owned()]),
            // Where nothing belongs to an account, what there is not is as good.
            ("/v1/staff/findings/", vec![finding(&server, &visit)]),
            ("/v1/staff/incidents/", vec!["1".to_owned()]),
            ("/v1/staff/people/", vec!["999".to_owned()]),
            ("/v1/staff/problems/", vec!["1".to_owned()]),
            ("/v1/staff/top-lists/", vec!["1".to_owned()]),
            ("/v1/staff/deliveries/", vec!["SO-1".to_owned()]),
            (
                "/v1/staff/responses/",
                vec![format!("{:032x}", 9), format!("{:032x}", 79)],
            ),
            ("/v1/attachments/", vec![format!("{:032x}", 78)]),
            ("/v1/surveys/", vec!["delivery".to_owned()]),
            ("/s/", vec!["delivery".to_owned()]),
            ("/c/", vec![number.clone()]),
            ("/l/", vec!["nothing".to_owned()]),
            ("/u/", vec!["nothing".to_owned()]),
            ("/b/", vec!["0000".to_owned(), "start.js".to_owned()]),
        ];
        Self {
            places,
            caller: PEOPLE[call_back["owner"]
                .as_u64()
                .and_then(|id| usize::try_from(id).ok())
                .unwrap()
                - 1]
            .2,
            secret: text(&taken["secret"]),
            other_secret: text(&other["secret"]),
            invitation: invitation.token(&keys).unwrap(),
            number,
            server,
        }
    }

    /// A path of a template; an error that says what to do where the test knows none.
    pub fn path(&self, template: &str, operation: &Json) -> Result<String, String> {
        let mut path = template.to_owned();
        if template.contains('{') {
            let known = self
                .places
                .iter()
                .find(|(begin, _)| template.starts_with(begin));
            let (_, words) = known.ok_or_else(|| {
                format!(
                    "{template} is new: say in tests/it/matrix.rs what stands in its open places"
                )
            })?;
            for word in words {
                let (Some(from), Some(to)) = (path.find('{'), path.find('}')) else {
                    break;
                };
                path.replace_range(from..=to, word);
            }
        }
        let mut asked = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] != "query" {
                continue;
            }
            let value = match parameter["name"].as_str().unwrap() {
                "account" => "A-7",
                "intent" => "praise",
                "from" if parameter["required"] == json!(true) => "2026-11-01T00:00Z",
                "until" if parameter["required"] == json!(true) => "2026-11-20T00:00Z",
                _ if parameter["required"] == json!(false) => continue,
                name => {
                    return Err(format!(
                        "{template} needs {name}: say in tests/it/matrix.rs what it can be"
                    ));
                }
            };
            asked.push(format!("{}={value}", parameter["name"].as_str().unwrap()));
        }
        if !asked.is_empty() {
            path = format!("{path}?{}", asked.join("&"));
        }
        Ok(path)
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Json) -> Answer {
        let mut all = vec![("if-match", "\"987654321\"")];
        all.extend_from_slice(headers);
        let body = if method == "POST" {
            all.push((
                "content-type",
                if path.starts_with("/v1/attachments") {
                    "image/png"
                } else {
                    "application/json"
                },
            ));
            body.to_string()
        } else {
            String::new()
        };
        let mut connection = Connection::open(self.server.address);
        let answer = connection
            .call(method, path, &all, body.as_bytes())
            .unwrap();
        answer.check(answer.status, self.server.folder.path());
        answer
    }

    pub fn ask_as(&self, key: &str, method: &str, path: &str, body: &Json) -> Answer {
        let bearer = format!("Bearer {key}");
        self.ask(method, path, &[("authorization", &bearer)], body)
    }
}

impl World {
    /// A key of somebody who may use an operation.
    pub fn key_for(&self, operation: &Json) -> String {
        let who = &operation["x-who"];
        match who["is"].as_str().unwrap() {
            "staff" => {
                let is_in = |role: Role| {
                    who["roles"]
                        .as_array()
                        .unwrap()
                        .contains(&json!(role.code()))
                };
                let found = MEMBERS.iter().find(|(_, role, _)| is_in(*role));
                found.unwrap().0.to_owned()
            }
            "system" => text(&who["scope"]),
            "customer" => self.secret.clone(),
            "invited" => self.invitation.clone(),
            _ => String::new(),
        }
    }
}

fn finding(server: &TestServer, visit: &Json) -> String {
    server.pass(DAY_MS);
    let path = format!("/v1/staff/visits/{}", visit["id"]);
    let attendees = json!([{"name": "刘工", "role": "front-line"}]);
    let held = json!({"action": "hold", "at": "2026-11-23T10:00Z", "attendees": attendees});
    crate::staffed::insist(server, "account", &path, &held);
    let found = json!({"action": "log-finding", "role": "front-line", "category": "billing", "text": "发票总是晚到"});
    let visit = crate::staffed::insist(server, "account", &path, &found);
    text(&visit["findings"][0]["id"])
}

/// A body that gets as far as the question whose account it is, and who alone may do it by what they are to the thing: its
/// owner, mostly. Where none is known, `{}` says nothing about an account.
fn example(world: &World, method: &str, template: &str) -> (Json, Option<[&'static str; 2]>) {
    let words = json!({"action": "note", "text": "looked at it"});
    let body = match (method, template) {
        ("POST", "/v1/staff/cases/{number}" | "/v1/staff/findings/{id}") => words,
        ("POST", "/v1/staff/call-backs/{response}") => {
            let called = json!({"ending": "reached", "note": "he was glad that somebody called"});
            return (called, Some(["manager", world.caller]));
        }
        ("POST", "/v1/staff/inquiries/{id}") => {
            let explained = json!({"action": "explain", "text": "the lorry broke down"});
            return (explained, Some(["manager", "account"]));
        }
        ("POST", "/v1/staff/feedback/{number}") => json!({"action": "answer", "text": "谢谢!"}),
        ("POST", "/v1/staff/visits") => json!({
            "account": "A-7", "region": "Jiangsu", "planned_for": "2026-11-24T09:00Z", "purpose": "asked for"
        }),
        ("POST", "/v1/staff/visits/{id}") => json!({"action": "close"}),
        ("POST", "/v1/staff/briefings") => {
            json!({"account": "A-7", "from": "2026-11-01T00:00Z", "until": "2026-11-20T00:00Z"})
        }
        ("POST", "/v1/staff/briefings/{id}") => {
            json!({"action": "reject", "text": "no figures please"})
        }
        ("POST", "/v1/cases/{number}/{action}") => {
            json!({"id": format!("{:032x}", 5000), "text": "any news??"})
        }
        _ => json!({}),
    };
    (body, None)
}

/// Whether an answer says that it is not for whoever asks.
fn is_closed(answer: &Answer) -> bool {
    matches!(answer.status, 401 | 403)
}

#[test]
fn everybody_gets_what_the_rows_say_and_nothing_else() {
    let world = World::new();
    let (mut asked, mut refused) = (0_u32, 0_u32);
    let mut wrong = Vec::new();
    for (method, template, operation) in operations() {
        let who = &operation["x-who"];
        let path = world.path(template, operation).unwrap();
        let (body, by_relation) = example(&world, method, template);
        let mut expect = |as_whom: &str, answer: &Answer, is_right: bool| {
            asked += 1;
            refused += u32::from(is_closed(answer) || answer.status == 404);
            if !is_right {
                let shown = String::from_utf8_lossy(&answer.body);
                let shown: String = shown.chars().take(200).collect();
                wrong.push(format!(
                    "{method} {path} as {as_whom}: {} {shown}",
                    answer.status
                ));
            }
        };
        let strangers = [
            ("nobody", world.ask(method, &path, &[], &body)),
            (
                "a made-up key",
                world.ask_as("qt_made_up", method, &path, &body),
            ),
            (
                "another case's customer",
                world.ask_as(&world.other_secret, method, &path, &body),
            ),
        ];
        match who["is"].as_str().unwrap() {
            "staff" => {
                for (as_whom, answer) in &strangers {
                    expect(as_whom, answer, answer.status == 401);
                }
                for key in [
                    "deliveries",
                    "bounces",
                    world.secret.as_str(),
                    world.invitation.as_str(),
                ] {
                    let answer = world.ask_as(key, method, &path, &body);
                    expect(
                        "whoever has another kind of key",
                        &answer,
                        answer.status == 401,
                    );
                }
                let roles = who["roles"].as_array().unwrap();
                // Whether a body or a path names what is A-7's.
                let is_a7s = who["own_accounts"] == json!(true)
                    && (template.contains('{')
                        || body != json!({})
                        || path.contains("account=A-7"));
                for (key, role, is_in_team) in MEMBERS {
                    let answer = world.ask_as(key, method, &path, &body);
                    let is_right = if !roles.contains(&json!(role.code())) {
                        answer.status == 403
                    } else if is_a7s && !is_in_team {
                        matches!(answer.status, 403 | 404)
                    } else if by_relation.is_some_and(|alone| !alone.contains(&key)) {
                        answer.status == 403
                    } else {
                        !is_closed(&answer)
                    };
                    expect(key, &answer, is_right);
                    if who["own_accounts"] == json!(true) && !is_in_team {
                        let shown = String::from_utf8_lossy(&answer.body);
                        let leaks = shown.contains(&world.number) || shown.contains("\"A-7\"");
                        expect(
                            "somebody of another account, who must not read of A-7",
                            &answer,
                            !leaks,
                        );
                    }
                }
                // A session's cookie comes with whatever a browser sends: only our own page may change something with it.
                if method != "GET" {
                    for origin in [None, Some("https://evil.test")] {
                        let mut headers = vec![("cookie", "__Host-qingting=anything")];
                        headers.extend(origin.map(|origin| ("origin", origin)));
                        let answer = world.ask(method, &path, &headers, &body);
                        expect(
                            "a session from another site's page",
                            &answer,
                            answer.status == 403,
                        );
                    }
                }
            }
            "system" => {
                for (as_whom, answer) in &strangers {
                    expect(as_whom, answer, answer.status == 401);
                }
                for (key, ..) in MEMBERS {
                    let answer = world.ask_as(key, method, &path, &body);
                    expect(key, &answer, answer.status == 401);
                }
                for scope in Scope::ALL {
                    let answer = world.ask_as(scope.code(), method, &path, &body);
                    let is_for_it = who["scope"] == json!(scope.code());
                    let is_right = if is_for_it {
                        !is_closed(&answer)
                    } else {
                        answer.status == 403
                    };
                    expect(scope.code(), &answer, is_right);
                }
            }
            "customer" => {
                // Wrong secrets are forgotten after ten minutes.
                world.server.pass(11 * 60 * 1000);
                let unknown = path.replace(&world.number, "QT-7K3M-9XPD-C");
                let no_case = world.ask_as(&world.secret, method, &unknown, &body);
                for (as_whom, answer) in &strangers {
                    let is_same = (answer.status, &answer.body) == (404, &no_case.body);
                    expect(as_whom, answer, is_same);
                }
                for key in ["manager", "admin", "deliveries"] {
                    let answer = world.ask_as(key, method, &path, &body);
                    expect(key, &answer, answer.status == 404);
                }
                let answer = world.ask_as(&world.secret, method, &path, &body);
                expect("its customer", &answer, answer.status == 200);
            }
            "invited" => {
                for (as_whom, answer) in &strangers {
                    expect(as_whom, answer, answer.status == 422);
                }
                let answer = world.ask_as(&world.invitation, method, &path, &body);
                expect("whoever is invited", &answer, answer.status == 200);
            }
            "operators" => {
                let answer = world.ask(method, &path, &[], &body);
                expect("an operator", &answer, answer.status == 200);
                let answer = world.ask(method, &path, &[("x-forwarded-for", "203.0.113.9")], &body);
                expect("somebody behind a proxy", &answer, answer.status == 404);
            }
            "anyone" | "newcomer" => {
                for (as_whom, answer) in &strangers {
                    expect(as_whom, answer, !is_closed(answer));
                }
            }
            other => {
                panic!("{method} {template} is for {other}, whom tests/it/matrix.rs does not know")
            }
        }
    }
    println!(
        "matrix: {} operations, {asked} questions, {refused} of them closed",
        operations().len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {asked}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(asked > 1_000 && refused > 500, "{asked} {refused}");
    assert_eq!(MEMBERS.len(), PEOPLE.len() + 1);
}

#[test]
fn a_route_that_the_matrix_does_not_know_fails_it() {
    let world = World::new();
    let said = world
        .path("/v1/staff/escalators/{id}", &json!({}))
        .unwrap_err();
    assert!(said.contains("tests/it/matrix.rs"), "{said}");
    let needed = json!({"parameters": [{"name": "floor", "in": "query", "required": true}]});
    assert!(world.path("/v1/staff/people", &needed).is_err());
}
