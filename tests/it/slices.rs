//! Scores looked at from one side, over HTTP: the parts add up to the whole, a real change raises a signal and chance does not,
//! nobody is said to be better than others for want of answers, and a reference is who gave a 9 or 10 and said yes.

use std::time::Duration;

use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::publish::publish;
use qingting::survey::Value;
use serde_json::{Value as Json, json};

use crate::staffed::{look, staffed, staffed_over};
use crate::support::{Folder, NOW, TestServer, qingting, sheet, sheet_of};

const DAY: i64 = 86_400_000;

/// A survey of the whole relationship.
fn relationship() -> Json {
    json!({"pages": [{"elements": [
        {"type": "rating", "name": "recommend", "metric": "nps", "rateMin": 0, "rateMax": 10, "title": "Would you recommend us?"},
        {"type": "rating", "name": "others", "aspect": "other-suppliers", "metric": "none", "rateMin": 0, "rateMax": 10,
         "title": "And your other suppliers?"},
        {"type": "boolean", "name": "named", "consent": "reference", "visibleIf": "{recommend} >= 9",
         "title": "May we name you as a reference?"},
        {"type": "comment", "name": "worst", "title": "Where are you most dissatisfied with us?"}
    ]}]})
}

fn asking() -> TestServer {
    let folder = Folder::new().with_survey();
    let text = relationship().to_string();
    publish(
        folder.path(),
        "relationship",
        &text,
        Duration::from_secs(5),
        Timestamp(NOW),
    )
    .unwrap();
    staffed_over(folder, |_| {})
}

/// Answers the relationship survey.
fn respond(
    server: &TestServer,
    n: u64,
    account: &str,
    answers: &[(&str, Value)],
    role: Option<&str>,
) {
    let mut sheet = sheet_of(n, 1, true, answers);
    sheet.set("survey", Value::from("relationship"));
    sheet.set("page", Value::Null);
    let mut context = sheet.get("context").unwrap().clone();
    context.set("account", Value::from(account));
    let fields = role.map(|role| ("role".to_owned(), Value::from(role)));
    context.set("fields", Value::Object(fields.into_iter().collect()));
    sheet.set("context", context);
    server.post(&sheet, 201);
}

fn score(value: f64) -> (&'static str, Value) {
    ("recommend", Value::Number(value))
}

#[test]
fn results_by_role_add_up_to_the_whole() {
    let server = asking();
    let roles = [
        Some("front-line"),
        Some("manager"),
        Some("executive"),
        Some("janitor"),
        None,
    ];
    for n in 0..40 {
        let role = roles[usize::try_from(n).unwrap() % roles.len()];
        respond(&server, n + 1, "A-7", &[score((n % 11) as f64)], role);
    }
    let seen = look(
        &server,
        "analyst",
        "/v1/staff/roles?survey=relationship",
        200,
    );
    let bars = |scores: &Json| -> Vec<f64> {
        let bars = scores["surveys"][0]["metrics"][0]["histogram"]
            .as_object()
            .unwrap()
            .clone();
        (0..=10)
            .map(|point| bars[&point.to_string()].as_f64().unwrap())
            .collect()
    };
    let parts = seen["by_role"].as_array().unwrap();
    let names: Vec<_> = parts
        .iter()
        .map(|part| part["role"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["front-line", "manager", "executive", "other"]);
    let mut sum = vec![0.0; 11];
    for part in parts {
        for (sum, n) in sum.iter_mut().zip(bars(&part["scores"])) {
            *sum += n;
        }
    }
    assert_eq!(sum, bars(&seen["all"]));
    assert_eq!(sum.iter().sum::<f64>(), 40.0);
    // Eight of forty each; whoever did not say, or said something else, is counted all the same.
    assert_eq!(parts[3]["scores"]["surveys"][0]["complete"], 16);
    // The three of a team see their own accounts, nobody else's and not all at once.
    look(&server, "account", "/v1/staff/roles?account=A-7", 200);
    look(&server, "account", "/v1/staff/roles?account=B-2", 403);
    look(&server, "account", "/v1/staff/roles", 403);
    look(&server, "manager", "/v1/staff/roles?colour=red", 422);
}

#[test]
fn a_month_that_is_unlike_the_others_is_a_signal_and_the_usual_ups_and_downs_are_none() {
    let server = staffed();
    let mut n = 0;
    let mut month = |unhappy: u64, of: u64| {
        for place in 0..of {
            n += 1;
            let mut sheet = sheet(n);
            let answers = [(
                "overall".to_owned(),
                Value::Number(if place < unhappy { 1.0 } else { 5.0 }),
            )];
            sheet.set("answers", Value::Object(answers.into()));
            server.post(&sheet, 201);
        }
        server.pass(31 * DAY);
    };
    // 16 % on average, as in the published example, on a tenth of its answers.
    for unhappy in [4, 4, 2, 3, 2, 3, 3, 3, 3, 3] {
        month(unhappy, 20);
    }
    let trend = |server: &TestServer| {
        look(server, "analyst", "/v1/staff/trend?survey=delivery", 200)["trends"][0].clone()
    };
    let signals = |trend: &Json| {
        let months = trend["months"].as_array().unwrap().clone();
        months
            .into_iter()
            .filter(|month| month["signal"] == true)
            .map(|month| month["month"].clone())
            .collect::<Vec<_>>()
    };
    let usual = trend(&server);
    assert_eq!(usual["months"].as_array().unwrap().len(), 10);
    assert_eq!(signals(&usual), Vec::<Json>::new());
    assert!((usual["usual_percent"].as_f64().unwrap() - 15.0).abs() < 1e-9);
    month(14, 20);
    month(3, 9);
    let after = trend(&server);
    assert_eq!(signals(&after), [after["months"][10]["month"].clone()]);
    // Nine answers: counts, no percentage.
    assert_eq!(
        (&after["months"][11]["n"], &after["months"][11]["percent"]),
        (&json!(9), &Json::Null)
    );
    let bars = |place: usize| after["months"][place]["limits"][1].as_f64().unwrap();
    assert!(after["months"][10]["percent"].as_f64().unwrap() > bars(10));
}

#[test]
fn better_than_others_is_said_only_where_the_same_people_show_it() {
    let server = asking();
    // The worked pairs of the design, "not shown to be better" with eight; twice over they are sixteen.
    let (us, them) = ([9, 8, 7, 10, 6, 9, 8, 7], [8, 8, 5, 9, 7, 7, 8, 6]);
    let mut n = 0;
    let mut all = |server: &TestServer, times: u64| {
        for _ in 0..times {
            for (us, them) in us.iter().zip(them) {
                n += 1;
                respond(
                    server,
                    n,
                    "A-7",
                    &[
                        score(f64::from(*us)),
                        ("others", Value::Number(f64::from(them))),
                    ],
                    None,
                );
            }
        }
    };
    let seen = |server: &TestServer| {
        look(server, "executive", "/v1/staff/compared", 200)["surveys"].clone()
    };
    all(&server, 1);
    assert_eq!(
        seen(&server),
        json!([{"survey": "relationship", "n": 8, "difference": null}])
    );
    all(&server, 1);
    let sixteen = seen(&server)[0]["difference"].clone();
    assert!((sixteen["mean"].as_f64().unwrap() - 0.75).abs() < 1e-9);
    assert_eq!(
        (&sixteen["verdict"], &sixteen["sample"]),
        (&json!("better"), &json!("small"))
    );
    assert!(sixteen["interval"][0].as_f64().unwrap() > 0.0);
    // Whoever rated only us says nothing about others.
    for n in 1_000..1_040 {
        respond(&server, n, "A-7", &[score(0.0)], None);
    }
    assert_eq!(seen(&server)[0]["n"], 16);
    for n in 2_000..2_030 {
        respond(
            &server,
            n,
            "A-7",
            &[
                score(if n % 2 == 0 { 7.0 } else { 9.0 }),
                ("others", Value::Number(8.0)),
            ],
            None,
        );
    }
    let many = seen(&server)[0]["difference"].clone();
    assert_eq!(many["verdict"], "not-shown");
}

#[test]
fn a_reference_gave_a_nine_or_ten_and_said_yes() {
    let server = asking();
    let yes = || ("named", Value::Bool(true));
    respond(&server, 1, "A-7", &[score(9.0), yes()], None);
    respond(&server, 2, "A-7", &[score(10.0)], None);
    respond(
        &server,
        3,
        "A-7",
        &[score(10.0), ("named", Value::Bool(false))],
        None,
    );
    respond(&server, 5, "B-2", &[score(10.0), yes()], None);
    let count = |key: &str| {
        look(&server, key, "/v1/staff/references", 200)["references"]
            .as_array()
            .unwrap()
            .clone()
    };
    let all = count("executive");
    let named: Vec<_> = all
        .iter()
        .map(|one| (one["account"].clone(), one["score"].clone()))
        .collect();
    assert_eq!(
        named,
        [(json!("A-7"), json!(9.0)), (json!("B-2"), json!(10.0))]
    );
    assert_eq!(
        (count("account").len(), count("other-account").len()),
        (1, 1)
    );
    look(&server, "analyst", "/v1/staff/references", 403);
}

#[test]
fn a_survey_of_the_relationship_that_does_not_ask_where_it_hurts_is_noted() {
    let folder = Folder::new();
    let checked = |definition: &Json| {
        let path = folder.path().join("survey.json");
        std::fs::write(&path, definition.to_string()).unwrap();
        let path = path.display().to_string();
        let (code, out, said) = qingting(&["survey", "publish", &path], folder.path());
        assert_eq!(code, Some(0), "{said}");
        out + &said
    };
    let note = "Where are you most dissatisfied with us?";
    let mut asked = relationship();
    // With the question in it: nothing to note, neither of it nor of the consent.
    let fine = checked(&asked);
    assert!(
        !fine.contains("most dissatisfied") && !fine.contains("consent"),
        "{fine}"
    );
    asked["pages"][0]["elements"][3]["title"] = "您对我们意见最大的是什么?".into();
    assert!(!checked(&asked).contains(note));
    asked["pages"][0]["elements"][3]["title"] = "Anything else?".into();
    assert!(checked(&asked).contains(note));
    asked["pages"][0]["elements"][0]["metric"] = "none".into();
    assert!(!checked(&asked).contains(note));
}
