//! Visits, findings and campaigns over HTTP: no visit ends without what was found, no finding without the customer having heard
//! of it, and whoever asks sees their own accounts only.

use proptest::prelude::*;
use qingting::complaint::finding::{Finding, FindingChange, FindingState, Told};
use qingting::complaint::visit::{Plan, Question, RespondentRole};
use qingting::complaint::{Category, Record, StaffId};
use serde_json::{Value as Json, json};

use crate::staffed::{answer, change, code, complain, id_of, look, make, on_case, staffed};
use crate::support::TestServer;

const VISITS: &str = "/v1/staff/visits";
const FINDINGS: &str = "/v1/staff/findings";
const CAMPAIGNS: &str = "/v1/staff/campaigns";
const DAY: i64 = 86_400_000;

fn path(of: &str, one: &Json) -> String {
    format!("{of}/{}", one["id"])
}

fn planned(account: &str, region: &str) -> Json {
    json!({
        "account": account, "region": region, "planned_for": "2026-11-24T09:00Z", "purpose": "after the second late delivery",
        "questions": ["备件多久能到？"], "team": [id_of("account")]
    })
}

/// Plans a visit and holds it a day later, with these attendees.
fn held(server: &TestServer, key: &str, plan: &Json, attendees: &Json) -> Json {
    let visit = make(server, key, VISITS, plan, 201);
    server.pass(DAY);
    let now = look(server, "manager", &path(VISITS, &visit), 200);
    let at = json!({"action": "hold", "at": "2026-11-23T10:00Z", "attendees": attendees});
    change(
        server,
        key,
        &path(VISITS, &visit),
        &now["version"],
        &at,
        200,
    )
}

fn two() -> Json {
    json!([{"name": "刘工", "role": "front-line"}, {"name": "Priya Nair", "role": "manager"}])
}

fn step(server: &TestServer, key: &str, of: &str, one: &Json, body: &Json, status: u16) -> Json {
    let path = path(of, one);
    let version = look(server, "manager", &path, 200)["version"].clone();
    change(server, key, &path, &version, body, status)
}

#[test]
fn a_visit_stays_open_until_something_was_found_or_somebody_says_that_nothing_was() {
    let server = staffed();
    let visit = held(&server, "account", &planned("A-7", "Jiangsu"), &two());
    assert_eq!(visit["state"], "held");
    // The standing question comes first in the form, in both languages.
    assert_eq!(
        visit["form"][0],
        json!({"en": "Where are you most dissatisfied with us?", "zh-CN": "您对我们最不满意的是哪一点？"})
    );
    assert_eq!(visit["form"][1], "备件多久能到？");
    let act = |body: Json, status| step(&server, "account", VISITS, &visit, &body, status);
    let close = json!({"action": "close"});
    assert_eq!(code(&act(close.clone(), 422)), "standing-question-open");
    let answer = json!({"action": "answer", "question": 0, "attendee": 0, "text": "夜班打电话没人接,每次都要等到早上"});
    act(answer, 200);
    // Answered, and nothing written down of it: open.
    assert_eq!(code(&act(close.clone(), 422)), "findings-or-none-missing");
    for (body, expected) in [
        (
            json!({"action": "answer", "question": 0, "attendee": 7, "text": "x"}),
            "unknown-attendee",
        ),
        (
            json!({"action": "answer", "question": 2, "attendee": 0, "text": "x"}),
            "unknown-question",
        ),
        (
            json!({"action": "answer", "question": 1, "attendee": 1, "text": "x", "score": 11}),
            "score-out-of-range",
        ),
        (
            json!({"action": "answer", "question": 1, "attendee": 1, "text": " "}),
            "words-missing",
        ),
        (
            json!({"action": "nothing-found", "text": ""}),
            "words-missing",
        ),
        (
            json!({"action": "call-off", "text": "too late"}),
            "wrong-state",
        ),
    ] {
        assert_eq!(code(&act(body.clone(), 422)), expected, "{body}");
    }
    let found = json!({
        "action": "log-finding", "role": "front-line", "category": "response-speed", "text": "夜班打电话没人接"
    });
    act(found, 200);
    // Findings and "none" exclude each other.
    assert_eq!(
        code(&act(
            json!({"action": "nothing-found", "text": "all fine"}),
            422
        )),
        "has-findings"
    );
    let closed = act(close.clone(), 200);
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["findings"].as_array().unwrap().len(), 1);
    assert_eq!(code(&act(close.clone(), 422)), "wrong-state");

    // The other way to end.
    let quiet = held(&server, "account", &planned("A-7", "Jiangsu"), &two());
    let act = |body: Json, status| step(&server, "account", VISITS, &quiet, &body, status);
    act(
        json!({"action": "answer", "question": 0, "attendee": 1, "text": "nothing, honestly"}),
        200,
    );
    act(
        json!({"action": "nothing-found", "text": "they are content"}),
        200,
    );
    let late = json!({"action": "log-finding", "role": "other", "category": "other", "text": "x"});
    assert_eq!(code(&act(late, 422)), "findings-or-none-missing");
    assert_eq!(act(close, 200)["nothing_found"], "they are content");
}

#[test]
fn a_finding_goes_its_steps_in_order_and_ends_only_when_the_customer_has_heard() {
    let server = staffed();
    let visit = held(&server, "delivery", &planned("A-7", "Jiangsu"), &two());
    let found = json!({
        "action": "log-finding", "role": "manager", "category": "installation", "text": "the crew left the old rack in the aisle"
    });
    let session = step(&server, "delivery", VISITS, &visit, &found, 200);
    let finding = session["findings"][0].clone();
    assert_eq!(finding["state"], "logged");
    let act = |body: Json, status| step(&server, "delivery", FINDINGS, &finding, &body, status);
    let track = json!({"action": "track", "owner": id_of("delivery"), "due": "2026-12-01T09:00Z", "text": "crew lead asked"});
    let verify = json!({"action": "verify", "text": "saw the photos; rule added to the checklist", "report_by": "2026-12-05T09:00Z"});
    let back = |visit: &Json| json!({"action": "report-back", "visit": visit["id"]});
    // Every step out of order, from every state.
    for body in [verify.clone(), back(&visit)] {
        assert_eq!(code(&act(body, 422)), "wrong-state");
    }
    let past = json!({"action": "track", "owner": id_of("delivery"), "due": "2026-11-20T09:00Z", "text": "x"});
    assert_eq!(code(&act(past, 422)), "date-not-ahead");
    let nobody = json!({"action": "track", "owner": 99, "due": "2026-12-01T09:00Z", "text": "x"});
    assert_eq!(code(&act(nobody, 422)), "unknown");
    assert_eq!(act(track.clone(), 200)["state"], "tracked");
    assert_eq!(code(&act(back(&visit), 422)), "wrong-state");
    server.pass(DAY);
    let verified = act(verify.clone(), 200);
    assert_eq!(verified["state"], "verified-internally");
    // The return visit is a task with a date and somebody whose it is.
    assert_eq!(
        (&verified["due"], &verified["owner"]),
        (
            &json!("2026-12-05T09:00:00.000Z"),
            &json!(id_of("delivery"))
        )
    );
    assert_eq!(code(&act(verify, 422)), "wrong-state");
    assert_eq!(code(&act(track, 422)), "wrong-state");
    // The visit on which it was found is no return visit, one that is only planned neither, one to somebody else least.
    assert_eq!(code(&act(back(&visit), 422)), "customer-not-told");
    let mut again = planned("A-7", "Jiangsu");
    again["planned_for"] = "2026-11-27T09:00Z".into();
    again["returns_for"] = json!([finding["id"]]);
    let planned_only = make(&server, "delivery", VISITS, &again, 201);
    assert_eq!(code(&act(back(&planned_only), 422)), "customer-not-told");
    let mut elsewhere = again.clone();
    elsewhere["account"] = "B-2".into();
    assert_eq!(
        code(&make(&server, "manager", VISITS, &elsewhere, 422)),
        "other-account"
    );
    assert_eq!(
        code(&act(json!({"action": "report-back", "visit": 4711}), 422)),
        "customer-not-told"
    );
    server.pass(3 * DAY);
    let hold = json!({"action": "hold", "at": "2026-11-27T09:00Z", "attendees": two()});
    step(&server, "delivery", VISITS, &planned_only, &hold, 200);
    let done = act(back(&planned_only), 200);
    assert_eq!(
        (&done["state"], &done["due"]),
        (&json!("reported-back"), &Json::Null)
    );
    assert_eq!(done["text"], "the crew left the old rack in the aisle");
}

#[test]
fn a_message_in_the_customers_own_case_closes_a_finding_and_a_note_does_not() {
    let server = staffed();
    let taken = complain(&server, 1, "A-7", "nobody answers at night", &json!({}));
    let foreign = complain(&server, 2, "B-2", "wrong cable", &json!({}));
    let visit = held(&server, "account", &planned("A-7", "Jiangsu"), &two());
    let found = json!({"action": "log-finding", "role": "front-line", "category": "response-speed", "text": "night line dead"});
    let session = step(&server, "account", VISITS, &visit, &found, 200);
    let finding = session["findings"][0].clone();
    let early = on_case(
        &server,
        "account",
        &taken,
        &json!({"action": "message", "text": "we look into it"}),
    );
    let act = |body: Json, status| step(&server, "account", FINDINGS, &finding, &body, status);
    server.pass(1_000);
    act(
        json!({"action": "track", "owner": id_of("account"), "due": "2026-12-01T09:00Z", "text": "ask the desk"}),
        200,
    );
    act(
        json!({"action": "verify", "text": "called at 3 a.m.: rings through now", "report_by": "2026-12-05T09:00Z"}),
        200,
    );
    let back = |case: &Json, event: &Json| json!({"action": "report-back", "case": case["number"], "event": event});
    // Said before it was verified.
    assert_eq!(
        code(&act(back(&taken, &early["version"]), 422)),
        "customer-not-told"
    );
    server.pass(1_000);
    let note = on_case(
        &server,
        "account",
        &taken,
        &json!({"action": "note", "text": "tell them"}),
    );
    assert_eq!(
        code(&act(back(&taken, &note["version"]), 422)),
        "customer-not-told"
    );
    let theirs = on_case(
        &server,
        "other-account",
        &foreign,
        &json!({"action": "message", "text": "the night line works"}),
    );
    assert_eq!(
        code(&act(back(&foreign, &theirs["version"]), 422)),
        "other-account"
    );
    let told = on_case(
        &server,
        "account",
        &taken,
        &json!({"action": "message", "text": "the night line works, we tried it"}),
    );
    let both = json!({"action": "report-back", "visit": 1, "case": taken["number"], "event": told["version"]});
    assert_eq!(act(both, 422)["code"], "invalid-body");
    assert_eq!(
        act(back(&taken, &told["version"]), 200)["state"],
        "reported-back"
    );
}

#[test]
fn who_may_and_on_which_version() {
    let server = staffed();
    let plan = planned("A-7", "Jiangsu");
    for (key, status) in [
        ("other-account", 403),
        ("auditor", 403),
        ("analyst", 403),
        ("nobody", 401),
    ] {
        make(&server, key, VISITS, &plan, status);
    }
    let mut keyed = plan.clone();
    keyed["id"] = "0123456789abcdef0123456789abcdef".into();
    let visit = make(&server, "account", VISITS, &keyed, 201);
    // A retry after a lost answer plans nothing twice.
    assert_eq!(
        make(&server, "account", VISITS, &keyed, 201)["id"],
        visit["id"]
    );
    keyed["id"] = "ABC".into();
    assert_eq!(
        make(&server, "account", VISITS, &keyed, 422)["code"],
        "invalid-body"
    );
    let count = |key: &str| {
        look(&server, key, VISITS, 200)["visits"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(
        [
            "account",
            "solution",
            "manager",
            "executive",
            "auditor",
            "other-account"
        ]
        .map(count),
        [1, 1, 1, 1, 1, 0]
    );
    look(&server, "analyst", VISITS, 403);
    look(&server, "other-account", &path(VISITS, &visit), 403);
    look(&server, "account", "/v1/staff/visits/4711", 404);
    for path in [
        VISITS,
        FINDINGS,
        "/v1/staff/feed",
        "/v1/staff/briefings",
        "/v1/staff/trend",
    ] {
        assert_eq!(
            server
                .call(
                    "DELETE",
                    path,
                    &[("authorization", "Bearer manager")],
                    b"",
                    405
                )
                .refusal()
                .0
                .code(),
            "method-not-allowed"
        );
    }
    look(&server, "account", "/v1/staff/visits/x", 404);
    let off = json!({"action": "call-off", "text": "they asked for January"});
    // Who may not hears that first; then the version.
    assert_eq!(
        change(
            &server,
            "auditor",
            &path(VISITS, &visit),
            &json!(9),
            &off,
            403
        )["code"],
        "not-allowed"
    );
    assert_eq!(
        change(
            &server,
            "account",
            &path(VISITS, &visit),
            &json!(9),
            &off,
            412
        )["code"],
        "version-clash"
    );
    let bearer = [
        ("authorization", "Bearer account"),
        ("content-type", "application/json"),
    ];
    let bare = server.call(
        "POST",
        &path(VISITS, &visit),
        &bearer,
        off.to_string().as_bytes(),
        422,
    );
    assert_eq!(bare.refusal().1, ["If-Match"]);
    let unknown = json!({"action": "call-off", "text": "x", "colour": "red"});
    assert_eq!(
        change(
            &server,
            "account",
            &path(VISITS, &visit),
            &json!(1),
            &unknown,
            422
        )["code"],
        "invalid-body"
    );
    let done = change(
        &server,
        "account",
        &path(VISITS, &visit),
        &json!(1),
        &off,
        200,
    );
    assert_eq!(done["state"], "called-off");
    assert_eq!(
        answer(&server, "account", &path(VISITS, &visit), 200).header("etag"),
        Some("\"2\"")
    );
    assert_eq!(done["log"].as_array().unwrap().len(), 2);
}

#[test]
fn coverage_counts_regions_people_and_accounts_and_the_parts_add_up() {
    let server = staffed();
    complain(&server, 1, "C-3", "no visit here yet", &json!({}));
    let say = |visit: &Json, attendee: u32, text: &str| {
        let body = json!({"action": "answer", "question": 0, "attendee": attendee, "text": text});
        step(&server, "manager", VISITS, visit, &body, 200);
    };
    let first = held(&server, "manager", &planned("A-7", "Jiangsu"), &two());
    say(&first, 0, "备件太慢");
    say(&first, 1, "the invoices, always the invoices");
    let second = held(
        &server,
        "manager",
        &planned("A-7", "Jiangsu"),
        &json!([{"name": "刘工", "role": "front-line"}]),
    );
    say(&second, 0, "还是备件");
    let third =
        json!([{"name": "G. Rossi", "role": "executive"}, {"name": "someone", "role": "other"}]);
    held(&server, "manager", &planned("B-2", "Lombardia"), &third);
    make(
        &server,
        "manager",
        VISITS,
        &{
            let mut ahead = planned("C-3", "Anhui");
            ahead["planned_for"] = "2026-12-24T09:00Z".into();
            ahead
        },
        201,
    );
    let seen = look(&server, "manager", "/v1/staff/coverage", 200);
    assert_eq!(seen["visits"], 3);
    assert_eq!(
        seen["regions"],
        json!([{"region": "Jiangsu", "visits": 2}, {"region": "Lombardia", "visits": 1}])
    );
    // Five attendances of four people: one came twice.
    assert_eq!(
        (&seen["attendances"], &seen["people"]),
        (&json!(5), &json!(4))
    );
    assert_eq!(
        seen["accounts"],
        json!({"visited": ["A-7", "B-2"], "all": 3})
    );
    let by_role = seen["by_role"].as_array().unwrap();
    let sum: u64 = by_role
        .iter()
        .map(|role| role["attendances"].as_u64().unwrap())
        .sum();
    assert_eq!(sum, 5);
    let said: usize = by_role
        .iter()
        .map(|role| role["most_dissatisfied"].as_array().unwrap().len())
        .sum();
    assert_eq!((said, &seen["answers"]), (3, &json!(3)));
    assert_eq!(
        by_role[0]["most_dissatisfied"],
        json!(["备件太慢", "还是备件"])
    );
    // Only their own accounts.
    let own = look(&server, "other-account", "/v1/staff/coverage", 200);
    assert_eq!(
        (&own["visits"], &own["accounts"]),
        (&json!(1), &json!({"visited": ["B-2"], "all": 1}))
    );
    let none = look(
        &server,
        "manager",
        "/v1/staff/coverage?from=2026-12-01T00:00Z",
        200,
    );
    assert_eq!(none["visits"], 0);
    look(
        &server,
        "manager",
        "/v1/staff/coverage?from=2026-12-01T00:00Z&until=2026-11-01T00:00Z",
        422,
    );
    look(&server, "manager", "/v1/staff/coverage?since=2026", 422);
}

#[test]
fn a_campaign_reports_its_own_findings_and_no_others() {
    let server = staffed();
    let begun = json!({
        "title": "Outage of 20 November", "purpose": "how those concerned lived through it", "since": "2026-11-20T02:00Z",
        "team": [id_of("solution")]
    });
    make(&server, "account", CAMPAIGNS, &begun, 403);
    let campaign = make(&server, "executive", CAMPAIGNS, &begun, 201);
    let close = json!({"action": "close", "text": "the status page came too late"});
    let act = |body: &Json, status| step(&server, "executive", CAMPAIGNS, &campaign, body, status);
    assert_eq!(code(&act(&close, 422)), "unfinished");
    let mut session = planned("B-2", "Lombardia");
    session["campaign"] = campaign["id"].clone();
    session["team"] = json!([id_of("solution")]);
    let session = held(&server, "manager", &session, &two());
    // Whom the campaign sends writes down what they hear, though the account is not theirs.
    let hear = |visit: &Json, key: &str, category: &str| {
        let body = json!({"action": "log-finding", "role": "manager", "category": category, "text": "we heard it from the news"});
        step(&server, key, VISITS, visit, &body, 200)
    };
    hear(&session, "solution", "relationship");
    let found = hear(&session, "solution", "relationship");
    let elsewhere = held(&server, "account", &planned("A-7", "Jiangsu"), &two());
    hear(&elsewhere, "account", "billing");
    let answer =
        json!({"action": "answer", "question": 0, "attendee": 0, "text": "that you said nothing"});
    step(&server, "solution", VISITS, &session, &answer, 200);
    step(
        &server,
        "solution",
        VISITS,
        &session,
        &json!({"action": "close"}),
        200,
    );
    // Two findings that nobody follows yet.
    assert_eq!(code(&act(&close, 422)), "unfinished");
    for finding in found["findings"].as_array().unwrap() {
        let track = json!({"action": "track", "owner": id_of("solution"), "due": "2026-12-09T09:00Z", "text": "status page"});
        step(&server, "manager", FINDINGS, finding, &track, 200);
    }
    let closed = act(&close, 200);
    let report = &closed["report"];
    assert_eq!(
        (&report["sessions"], &report["findings"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(report["by_category"], json!([["relationship", 2]]));
    assert_eq!(report["accounts"], json!(["B-2"]));
    // What happens later does not change the report.
    let verify =
        json!({"action": "verify", "text": "new page tried", "report_by": "2026-12-12T09:00Z"});
    step(
        &server,
        "manager",
        FINDINGS,
        &found["findings"][0],
        &verify,
        200,
    );
    assert_eq!(
        &look(&server, "solution", &path(CAMPAIGNS, &campaign), 200)["report"],
        report
    );
    look(&server, "account", &path(CAMPAIGNS, &campaign), 403);
    assert_eq!(code(&act(&close, 422)), "wrong-state");
}

proptest! {
    #[test]
    fn every_form_begins_with_the_standing_question(questions in proptest::collection::vec(".{0,20}", 0..12)) {
        let plan = Plan {
            account: "A-7".into(), region: "N".into(), planned_for: 0, purpose: "x".into(), team: Vec::new(),
            questions: questions.clone(), campaign: None, returns_for: Vec::new(),
        };
        let form = plan.form();
        prop_assert_eq!(form.first(), Some(&Question::Standing));
        prop_assert_eq!(form.len(), questions.len() + 1);
    }

    /// Whatever is tried in whatever order: one step at a time, never back, and at the end the customer was told after it was
    /// verified. What was allowed, replayed, is the same finding.
    #[test]
    fn no_order_of_changes_skips_a_step_of_a_finding(tried in proptest::collection::vec((0_u8..4, 0_i64..60, proptest::option::of(0_i64..60)), 1..40)) {
        let logged = FindingChange::Logged {
            visit: 1, account: "A-7".into(), role: RespondentRole::Other, category: Category::Other, text: "说了三遍".into(),
        };
        let mut log = vec![(0, StaffId(1), logged)];
        let mut finding = Finding::begun(0, StaffId(1), &log[0].2).unwrap();
        for (now, (kind, date, told_at)) in (1..).zip(tried) {
            let change = match kind {
                0 => FindingChange::Tracked { owner: StaffId(2), due: date, text: "x".into() },
                1 => FindingChange::Verified { text: "x".into(), report_by: date },
                2 => FindingChange::ReportedBack { told: Told::Visit(2) },
                _ => FindingChange::Noted { text: "x".into() },
            };
            if finding.allows(&change, told_at, now).is_err() {
                continue;
            }
            let before = finding.state;
            finding.apply(now, StaffId(2), &change);
            prop_assert!(finding.state as u8 == before as u8 || finding.state as u8 == before as u8 + 1);
            if finding.state == FindingState::ReportedBack && before != FindingState::ReportedBack {
                prop_assert!(told_at >= finding.verified_at && told_at.is_some());
            }
            // Whoever follows it has a date until it is finished.
            prop_assert_eq!(finding.due.is_some(), matches!(finding.state, FindingState::Tracked | FindingState::VerifiedInternally));
            log.push((now, StaffId(2), change));
        }
        let replayed = Finding::replay(log.iter().map(|(at, by, change)| (*at, *by, change)));
        prop_assert_eq!(replayed, Some(finding));
    }
}
