//! Briefings and progress reports over HTTP: the customer's words before any figure, one account's data and nobody else's,
//! approved by a second person before it goes out.

use qingting::complaint::briefing::affected;
use qingting::survey::Value;
use serde_json::{Value as Json, json};

use crate::mail::PAYLOADS;
use crate::staffed::{
    answer, case_path, change, code, complain, id_of, look, make, on_case, staffed,
};
use crate::support::{TestServer, sheet_of};

const BRIEFINGS: &str = "/v1/staff/briefings";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const PERIOD: &str = "from=2026-11-01T00:00Z&until=2026-12-01T00:00Z";

fn asked(account: &str, lang: &str) -> Json {
    json!({"account": account, "from": "2026-11-01T00:00Z", "until": "2026-12-01T00:00Z", "lang": lang})
}

fn respond(server: &TestServer, n: u64, account: &str, overall: f64, words: &str) {
    let answers = [
        ("overall", Value::Number(overall)),
        ("words", Value::from(words)),
    ];
    let mut sheet = sheet_of(n, 1, true, &answers[..if words.is_empty() { 1 } else { 2 }]);
    let mut context = sheet.get("context").unwrap().clone();
    context.set("account", Value::from(account));
    sheet.set("context", context);
    server.post(&sheet, 201);
}

/// An account with something of everything in November, and another whose every word is marked.
fn november() -> TestServer {
    let server = staffed();
    let more = json!({"affected": "our own users, about 1,200", "stage": "install"});
    let first = complain(
        &server,
        1,
        "A-7",
        "the rack came without <screws> & nobody knew",
        &more,
    );
    let more = json!({"stage": "install", "affected": "just us"});
    let second = complain(&server, 2, "A-7", "安装拖了两周,产线停着", &more);
    let third = complain(
        &server,
        3,
        "A-7",
        "invoice wrong again",
        &json!({"stage": "billing", "affected": "大概3百人,其实是2千"}),
    );
    complain(
        &server,
        4,
        "A-7",
        "a second key for the cabinet",
        &json!({"intent": "request"}),
    );
    complain(
        &server,
        5,
        "B-2",
        "LEAK-complaint",
        &json!({"name": "LEAK-name", "stage": "delivery", "affected": "99999"}),
    );
    complain(
        &server,
        6,
        "B-2",
        "LEAK-request",
        &json!({"intent": "request"}),
    );
    for n in 10..22 {
        respond(&server, n, "A-7", if n < 19 { 5.0 } else { 2.0 }, "");
    }
    for n in 30..45 {
        respond(&server, n, "B-2", 1.0, "LEAK-comment");
    }
    server.pass(HOUR);
    let assess = json!({
        "action": "assess", "severity": "major", "owner": id_of("delivery"),
        "issues": [{"id": 1, "category": "installation", "stage": "install", "text": "screws"}], "text": ""
    });
    on_case(&server, "account", &first, &assess);
    on_case(&server, "delivery", &first, &json!({"action": "begin"}));
    let draft = json!({
        "action": "draft", "issues": [{"id": 1, "outcome": "upheld"}], "text": "You are right.",
        "fix_summary": "Screws are counted before a rack leaves.", "remedy": "Screws by courier", "remedy_due": "2026-11-27T09:00Z"
    });
    on_case(&server, "delivery", &first, &draft);
    for key in ["account", "solution", "delivery"] {
        on_case(&server, key, &first, &json!({"action": "sign-off"}));
    }
    on_case(&server, "account", &first, &json!({"action": "respond"}));
    // What is said among us is said among us.
    on_case(
        &server,
        "account",
        &first,
        &json!({"action": "note", "text": "LEAK-note of Sara Lind"}),
    );
    let plan = json!({"account": "A-7", "region": "North", "planned_for": "2026-11-24T09:00Z", "purpose": "rack"});
    let visit = make(&server, "account", "/v1/staff/visits", &plan, 201);
    server.pass(DAY);
    let path = format!("/v1/staff/visits/{}", visit["id"]);
    let hold = json!({"action": "hold", "at": "2026-11-24T09:00Z", "attendees": [{"name": "P. Nair", "role": "manager"}]});
    change(&server, "account", &path, &json!(1), &hold, 200);
    let found = json!({"action": "log-finding", "role": "manager", "category": "documentation", "text": "LEAK-finding"});
    assert_eq!(
        change(&server, "account", &path, &json!(2), &found, 422)["code"],
        "invalid-body"
    );
    let found = json!({"action": "log-finding", "role": "manager", "category": "training", "text": "LEAK-finding"});
    change(&server, "account", &path, &json!(2), &found, 200);
    respond(
        &server,
        50,
        "A-7",
        4.0,
        "Better than last year, but the <night shift> still waits & waits",
    );
    server.pass(10 * DAY);
    // The engine writes down what ran over for the two that nobody touched: first answer and update, and the decision of the repeat.
    let begin = std::time::Instant::now();
    let misses = |case: &Json| {
        let inside = look(&server, "manager", &case_path(case), 200);
        inside["misses_to_review"].as_array().unwrap().len()
    };
    while misses(&second) < 3 || misses(&third) < 2 {
        assert!(begin.elapsed().as_secs() < 30, "the engine stands still");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    server
}

/// Numbers are drawn by lot: the golden page has none.
fn without_numbers(page: &str) -> String {
    let mut parts = page.split("QT-");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        plain.push_str("QT-####-####-#");
        plain.push_str(part.get("7K3M-9XPD-C".len()..).unwrap());
    }
    plain
}

/// Holds a page against the one that was looked at. `QINGTING_GOLDEN=1` writes it anew.
fn golden(name: &str, page: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    let page = without_numbers(page);
    if std::env::var_os("QINGTING_GOLDEN").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(page, std::fs::read_to_string(path).unwrap(), "{name}");
}

fn progress(server: &TestServer, key: &str, account: &str, lang: &str, status: u16) -> String {
    let path = format!("/v1/staff/progress?account={account}&{PERIOD}&lang={lang}");
    answer(server, key, &path, status).text().to_owned()
}

#[test]
fn pages_are_as_they_were_looked_at() {
    let server = november();
    for (lang, name) in [("en", "briefing.en.html"), ("zh-CN", "briefing.zh-CN.html")] {
        let briefing = make(&server, "account", BRIEFINGS, &asked("A-7", lang), 201);
        golden(name, briefing["page"].as_str().unwrap());
    }
    golden(
        "progress.en.html",
        &progress(&server, "account", "A-7", "en", 200),
    );
    golden(
        "progress.zh-CN.html",
        &progress(&server, "account", "A-7", "zh-CN", 200),
    );
}

#[test]
fn a_customers_words_stand_before_any_figure_and_where_there_are_none_it_says_so() {
    let server = november();
    let page = progress(&server, "account", "A-7", "en", 200);
    let (before, after) = page.split_once("<blockquote>").unwrap();
    assert!(
        !before.contains("<table") && !before.contains("<li"),
        "{before}"
    );
    // The newest of the period, raw and harmless.
    assert!(after.starts_with(
        "Better than last year, but the &lt;night shift&gt; still waits &amp; waits</blockquote>"
    ));
    let path =
        "/v1/staff/progress?account=A-7&from=2026-10-01T00:00Z&until=2026-11-01T00:00Z&lang=en";
    let october = answer(&server, "account", path, 200).text().to_owned();
    assert!(!october.contains("<blockquote>"));
    let empty = october
        .find("Nobody of yours wrote to us in this period.")
        .unwrap();
    assert!(empty < october.find("In figures").unwrap());
    // What happened in November has not happened in October.
    assert!(
        october.contains("Came in: 0") && october.contains("Open at the end: 0"),
        "{october}"
    );
}

#[test]
fn nothing_of_another_account_and_nothing_said_among_us_leaves_with_it() {
    let server = november();
    let own = make(&server, "account", BRIEFINGS, &asked("A-7", "en"), 201);
    let pages = [
        own["page"].as_str().unwrap().to_owned(),
        progress(&server, "account", "A-7", "en", 200),
    ];
    for page in &pages {
        assert!(
            !page.contains("LEAK") && !page.contains("B-2") && !page.contains("99999"),
            "{page}"
        );
        // Nobody's name: neither ours nor theirs.
        for name in [
            "Sara Lind",
            "Wu Jun",
            "Li Wei",
            "Aoife",
            "Nair",
            "@example.com",
        ] {
            assert!(!page.contains(name), "{name}: {page}");
        }
        assert!(!page.contains("<script") && !page.contains("<screws>"));
    }
    // The control: the other account's own page has its words and its figures.
    let other = make(
        &server,
        "other-account",
        BRIEFINGS,
        &asked("B-2", "en"),
        201,
    );
    let page = other["page"].as_str().unwrap();
    assert!(page.contains("LEAK-") && page.contains("99999") && !page.contains("Screws"));
    for (key, status) in [("other-account", 403), ("analyst", 403), ("nobody", 401)] {
        make(&server, key, BRIEFINGS, &asked("A-7", "en"), status);
        answer(
            &server,
            key,
            &format!("{BRIEFINGS}/{}/page", own["id"]),
            status,
        );
        answer(
            &server,
            key,
            &format!("/v1/staff/progress?account=A-7&{PERIOD}"),
            status,
        );
    }
    let seen = look(&server, "other-account", BRIEFINGS, 200);
    assert_eq!(seen["briefings"].as_array().unwrap().len(), 1);
}

#[test]
fn whatever_a_customer_writes_is_text_on_paper() {
    for (n, payload) in (1..).zip(PAYLOADS) {
        // Alone, so that it is the words that stand on the page.
        let server = staffed();
        let more = json!({"affected": payload, "name": payload, "stage": "install"});
        complain(&server, n, "A-7", payload, &more);
        respond(&server, n, "A-7", 2.0, payload);
        // A page is of a period that is over.
        server.pass(10 * DAY);
        let briefing = make(&server, "account", BRIEFINGS, &asked("A-7", "en"), 201);
        let page = progress(&server, "account", "A-7", "en", 200);
        for page in [briefing["page"].as_str().unwrap(), &page] {
            let shown = page
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            assert!(shown.contains(payload), "{payload} in {page}");
            for live in ["<script", "<img", "\" onmouseover", "root:", "49${"] {
                assert!(!page.contains(live), "{live}: {page}");
            }
        }
    }
}

#[test]
fn what_goes_out_was_read_and_approved_by_somebody_else() {
    let server = november();
    let drafted = make(&server, "account", BRIEFINGS, &asked("A-7", "en"), 201);
    let path = format!("{BRIEFINGS}/{}", drafted["id"]);
    let approve = |page: &Json| json!({"action": "approve", "digest": page["digest"]});
    let sent = json!({"action": "sent", "text": "to Ms Nair, by mail"});
    let act = |key: &str, version: u32, body: &Json, status| {
        change(&server, key, &path, &json!(version), body, status)
    };
    assert_eq!(code(&act("account", 1, &sent, 422)), "wrong-state");
    assert_eq!(
        code(&act("account", 1, &approve(&drafted), 422)),
        "approver-is-author"
    );
    act("solution", 1, &approve(&drafted), 403);
    act("auditor", 1, &approve(&drafted), 403);
    // A message that came in since: the page is another one, and is read again before it is approved.
    let late = json!({"affected": "7 people"});
    complain(&server, 90, "A-7", "later words", &late);
    let unchanged = look(&server, "manager", &path, 200);
    assert_eq!(
        unchanged["digest"], drafted["digest"],
        "what came after the period does not change it"
    );
    act(
        "manager",
        1,
        &json!({"action": "approve", "digest": "0"}),
        412,
    );
    let approved = act("manager", 1, &approve(&unchanged), 200);
    assert_eq!(
        (&approved["state"], &approved["approver"]),
        (&json!("approved"), &json!(id_of("manager")))
    );
    act("manager", 1, &sent, 412);
    assert_eq!(
        code(&act(
            "account",
            2,
            &json!({"action": "sent", "text": " "}),
            422
        )),
        "words-missing"
    );
    // Sent back, it is a draft again, and needs a second person again.
    assert_eq!(
        act(
            "executive",
            2,
            &json!({"action": "reject", "text": "not before the call"}),
            200
        )["state"],
        "draft"
    );
    assert_eq!(code(&act("account", 3, &sent, 422)), "wrong-state");
    let again = look(&server, "executive", &path, 200);
    act("executive", 3, &approve(&again), 200);
    let done = act("account", 4, &sent, 200);
    assert_eq!(
        (&done["state"], &done["page"]),
        (&json!("sent"), &again["page"])
    );
    assert_eq!(
        code(&act(
            "manager",
            5,
            &json!({"action": "reject", "text": "x"}),
            422
        )),
        "wrong-state"
    );
    let page = answer(&server, "account", &format!("{path}/page"), 200);
    assert_eq!(page.text(), again["page"].as_str().unwrap());
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    // A period that is not over, none at all, a language we do not write, an account that is none.
    for (what, value, expected) in [
        ("until", "2027-01-01T00:00Z", "not-yet"),
        ("until", "2026-10-01T00:00Z", "date-not-ahead"),
        ("lang", "tlh", "unknown"),
    ] {
        let mut body = asked("A-7", "en");
        body[what] = value.into();
        assert_eq!(
            code(&make(&server, "account", BRIEFINGS, &body, 422)),
            expected
        );
    }
    make(&server, "manager", BRIEFINGS, &asked("Z-9", "en"), 404);
}

#[test]
fn how_many_are_affected_is_read_from_what_customers_write() {
    for (words, expected) in [
        ("just us", None),
        ("about 40 people", Some(40)),
        ("our own users, about 1,200", Some(1_200)),
        ("20, 30 maybe", Some(30)),
        ("大概3千用户", Some(3_000)),
        ("全省2 万多用户", Some(20_000)),
        ("5k subscribers", Some(5_000)),
        ("99999999999999999999999", Some(u64::MAX)),
        ("", None),
    ] {
        assert_eq!(affected(words), expected, "{words}");
    }
}
