//! What stands before the routes: which pages may use what, how much of it, who sees the figures, and what a log tells.

use std::net::Ipv4Addr;
use std::process::Command;
use std::time::{Duration, Instant};

use qingting::api::{ProblemCode, route};
use qingting::endpoint::config::{Allowed, Config};
use qingting::endpoint::store::{Sqlite, database_path};
use qingting::survey::Value;

use crate::contract::operations;
use crate::support::{Answer, Connection, Folder, Process, TestServer, qingting, sheet};

const PORTAL: &str = "https://portal.example";
const JSON: (&str, &str) = ("content-type", "application/json");

/// Origins that look like the listed one, and some that do not.
pub const OTHERS: [&str; 12] = [
    "https://portal.example.evil.test",
    "https://evilportal.example",
    "https://portal.example:8443",
    "http://portal.example",
    "https://portal.example.",
    "https://PORTAL.example",
    "https://sub.portal.example",
    "https://portal.example/",
    "https://portal.exampl",
    "null",
    "*",
    "file://",
];

/// A path of the route.
fn path(route: &str) -> String {
    let named = route
        .replace("{survey}", "delivery")
        .replace("{number}", "QT-7K3M-9XPD-C")
        .replace("{action}", "messages")
        .replace("{id}", &"0".repeat(32));
    let parts = named.split('/');
    let parts: Vec<_> = parts
        .map(|part| if part.starts_with('{') { "1" } else { part })
        .collect();
    parts.join("/")
}

/// Every operation of the contract but the bundle's files, which any page may use.
fn api() -> Vec<(&'static str, &'static str)> {
    let files = [route::LOADER, route::MAIN_PART, route::BUILD_FILE];
    let all = operations()
        .into_iter()
        .map(|(method, path, _)| (method, path));
    all.filter(|(_, path)| !files.contains(path)).collect()
}

/// Any answer, checked.
fn ask(server: &TestServer, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut connection = Connection::open(server.address);
    let answer = connection.call(method, path, headers, b"").unwrap();
    answer.check(answer.status, server.folder.path());
    answer
}

#[test]
fn no_route_of_the_api_answers_a_page_that_is_not_listed() {
    let server =
        TestServer::start_with(|config| config.allow_origins = vec![PORTAL.parse().unwrap()]);
    for (method, route) in api() {
        let path = path(route);
        for origin in OTHERS {
            for method in [method, "OPTIONS"] {
                let headers = [
                    ("origin", origin),
                    ("access-control-request-method", "POST"),
                    JSON,
                ];
                let answer = ask(&server, method, &path, &headers);
                assert_eq!(answer.status, 403, "{method} {path} {origin}");
                assert_eq!(answer.header("access-control-allow-origin"), None);
                assert_eq!(answer.header("access-control-allow-credentials"), None);
                assert!(answer.header("vary").unwrap().contains("origin"));
            }
        }
        // The control: the listed one may read whatever is answered.
        let answer = ask(&server, method, &path, &[("origin", PORTAL), JSON]);
        assert_ne!(answer.status, 403, "{method} {path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(PORTAL));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}

#[test]
fn survey_with_pages_of_its_own_is_used_by_these_alone() {
    let server =
        TestServer::start_with(|config| config.allow_origins = vec![PORTAL.parse().unwrap()]);
    let own = "https://press.example";
    let get = |origin| {
        ask(
            &server,
            "GET",
            "/v1/surveys/delivery",
            &[("origin", origin)],
        )
    };
    let post = |origin: &str, n| {
        let body = serde_json::to_vec(&sheet(n)).unwrap();
        let mut connection = Connection::open(server.address);
        let headers = [("origin", origin), JSON];
        let answer = connection
            .call("POST", "/v1/responses", &headers, &body)
            .unwrap();
        answer.check(answer.status, server.folder.path());
        answer
    };
    let set = |origins: &[&str]| {
        let arguments = [&["survey", "origins", "delivery"], origins].concat();
        let (code, out, said) = qingting(&arguments, server.folder.path());
        assert_eq!(code, Some(0), "{said}");
        out
    };
    assert_eq!((get(PORTAL).status, get(own).status), (200, 403));
    assert!(set(&[own]).contains(own));
    let begin = Instant::now();
    while get(own).status != 200 {
        assert!(begin.elapsed() < Duration::from_secs(5), "it is noticed");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(get(PORTAL).status, 403);
    // The survey is known only from the body: refused all the same, unreadable, and nothing stored.
    let refused = post(PORTAL, 1);
    assert_eq!(refused.refusal().0, ProblemCode::OriginRefused);
    assert_eq!(refused.header("access-control-allow-origin"), None);
    assert!(server.folder.rows().is_empty());
    let taken = post(own, 1);
    assert_eq!(
        (taken.status, taken.header("access-control-allow-origin")),
        (201, Some(own))
    );
    let policy = server.get("/s/delivery", 200);
    let policy = policy.header("content-security-policy").unwrap();
    assert!(
        policy.ends_with("frame-ancestors https://press.example"),
        "{policy}"
    );
    // Back to the list for all.
    set(&[]);
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!((get(PORTAL).status, get(own).status), (200, 403));
    let (code, _, said) = qingting(
        &["survey", "origins", "delivery", "https://*"],
        server.folder.path(),
    );
    assert!(
        code == Some(2) && said.contains("is not an origin"),
        "{said}"
    );
}

#[test]
fn what_a_browser_sends_without_asking_first_is_not_taken() {
    let server = TestServer::start();
    let complaint = br#"{"id":"0123456789abcdef0123456789abcdef","text":"Nobody answers!!"}"#;
    let sheet = serde_json::to_vec(&sheet(1)).unwrap();
    let bodies: [(&str, &[u8]); 2] = [("/v1/responses", &sheet), ("/v1/complaints", complaint)];
    let simple = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ];
    for (path, body) in bodies {
        for kind in simple {
            server.call("POST", path, &[("content-type", kind)], body, 415);
        }
    }
    for (method, route) in api().into_iter().filter(|(method, _)| *method == "POST") {
        for kind in simple {
            let answer = ask(&server, method, &path(route), &[("content-type", kind)]);
            assert!(
                (400..500).contains(&answer.status),
                "{route} {kind} {}",
                answer.status
            );
        }
    }
    let database = rusqlite::Connection::open(database_path(server.folder.path())).unwrap();
    let sql = "SELECT (SELECT count(*) FROM responses) + (SELECT count(*) FROM cases) + (SELECT count(*) FROM feedback)";
    assert_eq!(
        database
            .query_row(sql, [], |row| row.get::<_, u32>(0))
            .unwrap(),
        0
    );
    // The control.
    for (path, body) in bodies {
        server.call("POST", path, &[JSON], body, 201);
    }
}

/// How many of `times` requests get through.
fn passed(
    server: &TestServer,
    times: u32,
    headers: impl Fn(u32) -> Vec<(&'static str, String)>,
) -> u32 {
    let mut connection = Connection::open(server.address);
    let mut count = 0;
    for turn in 0..times {
        let headers = headers(turn);
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = connection
            .call("GET", "/v1/surveys/delivery", &headers, b"")
            .unwrap();
        match answer.status {
            200 => count += 1,
            _ => {
                answer.check(429, server.folder.path());
                assert_eq!(answer.refusal().0, ProblemCode::TooManyRequests);
                let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=2).contains(&wait));
            }
        }
    }
    count
}

fn limited(change: impl FnOnce(&mut Config)) -> TestServer {
    TestServer::start_with(|config| {
        config.rates.address = Allowed::rate(1, 20);
        config.allow_origins = vec![PORTAL.parse().unwrap()];
        change(config);
    })
}

/// Twenty at once and one a second; a slow machine takes a few seconds for it.
fn is_limit(count: u32) -> bool {
    (20..30).contains(&count)
}

#[test]
fn invented_addresses_do_not_get_around_the_limit() {
    let forged = |turn: u32| {
        let address = Ipv4Addr::from(0x0102_0304 + turn);
        vec![
            ("x-forwarded-for", address.to_string()),
            ("origin", PORTAL.to_owned()),
        ]
    };
    let direct = || limited(|config| config.limits.proxies = Vec::new());
    let (plain, rotated) = (
        passed(&direct(), 200, |_| vec![]),
        passed(&direct(), 1_000, forged),
    );
    assert!(is_limit(plain) && is_limit(rotated), "{plain} {rotated}");
    // Behind a trusted proxy the address that it wrote counts, whatever stands left of it; two clients have two buckets.
    let server = limited(|_| {});
    let client = |last: &'static str| {
        move |turn| {
            vec![(
                "x-forwarded-for",
                format!("{}, {last}", Ipv4Addr::from(turn)),
            )]
        }
    };
    let counts = [
        passed(&server, 200, client("203.0.113.1")),
        passed(&server, 200, client("203.0.113.2")),
        passed(&server, 200, client("2001:db8::1")),
    ];
    assert!(counts.into_iter().all(is_limit), "{counts:?}");
    // One line of IPv6 is one client, however many addresses it has.
    let of_the_same_line = |turn| vec![("x-forwarded-for", format!("2001:db8::{turn:x}"))];
    assert!(passed(&server, 100, of_the_same_line) < 10);
    // The control: a proxy that is believed about what the client sent would let everything through.
    assert_eq!(passed(&server, 200, forged), 200);
}

#[test]
fn survey_invitation_and_everything_together_have_limits() {
    let post = |server: &TestServer, n: u64, token: Option<&str>| {
        let mut body = sheet(n);
        let mut context = body.get("context").unwrap().clone();
        context.set("invitation", token.map_or(Value::Null, Value::from));
        body.set("context", context);
        let body = serde_json::to_vec(&body).unwrap();
        let mut connection = Connection::open(server.address);
        let answer = connection
            .call("POST", "/v1/responses", &[JSON], &body)
            .unwrap();
        answer.check(answer.status, server.folder.path());
        answer.status
    };
    let count = |server: &TestServer, token: Option<&str>| {
        let answers = (1..=50).map(|n| post(server, n, token));
        answers.filter(|status| *status != 429).count() as u32
    };
    let survey = TestServer::start_with(|config| config.rates.survey = Allowed::rate(1, 20));
    assert!(is_limit(count(&survey, None)));
    let overall = TestServer::start_with(|config| config.rates.overall = Allowed::rate(1, 20));
    assert!(is_limit(count(&overall, None)));
    overall.get("/v1/surveys/delivery", 200);
    let token = TestServer::start_with(|config| config.rates.token = Allowed::rate(1, 20));
    assert!(is_limit(count(&token, Some("one"))));
    // The controls: another invitation, none at all, and no limit.
    assert_ne!(post(&token, 100, Some("another")), 429);
    assert_eq!(post(&token, 101, None), 201);
    assert_eq!(count(&TestServer::start(), None), 50);
}

#[test]
fn figures_are_for_operators() {
    let server = TestServer::start();
    server.post(&sheet(1), 201);
    server.get("/v1/cases/QT-7K3M-9XPD-C", 404);
    let metrics = server.get("/metrics", 200);
    for line in [
        "qingting_sheets_stored_total 1",
        "qingting_requests_total{route=\"/v1/responses\",status=\"201\"} 1",
        "qingting_requests_total{route=\"/v1/cases/{number}\",status=\"404\"} 1",
        "qingting_engine_lag_seconds 0",
        "qingting_connections 1",
        "# EOF",
    ] {
        assert!(
            metrics.text().contains(line),
            "{line} in\n{}",
            metrics.text()
        );
    }
    assert!(!metrics.text().contains("7K3M"), "no label names a case");
    assert_eq!(server.get("/readyz", 200).text(), r#"{"status":"ready"}"#);
    for path in ["/metrics", "/readyz"] {
        // Somebody behind the proxy of this machine.
        server.call("GET", path, &[("x-forwarded-for", "203.0.113.1")], b"", 404);
        server.call("GET", path, &[("via", "1.1 proxy")], b"", 404);
    }
    let closed = TestServer::start_with(|config| config.operators = Vec::new());
    closed.get("/metrics", 404);
    closed.get("/readyz", 404);
    // Not ready while somebody else holds the database.
    let other = rusqlite::Connection::open(database_path(server.folder.path())).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    server.get("/readyz", 503);
    other.execute_batch("COMMIT").unwrap();
    server.get("/readyz", 200);
}

#[test]
fn log_and_figures_name_nobody_even_at_their_most_talkative() {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    store.set_origins("delivery", &[PORTAL.to_owned()]).unwrap();
    drop(store);
    let log = folder.path().join("log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .env_clear()
        .env("QINGTING_LOG", "trace");
    let process = Process::start_logging(&mut command, std::fs::File::create(&log).unwrap().into());
    const MARK: &str = "mARKer";
    let call = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        Connection::open(process.address)
            .call(method, path, headers, body.as_bytes())
            .unwrap()
    };
    let marked = [
        JSON,
        ("authorization", "Bearer mARKer"),
        ("cookie", "a=mARKer"),
        ("user-agent", "mARKer"),
        ("referer", "https://mARKer.example/mARKer"),
        ("x-forwarded-for", "mARKer"),
        ("accept-language", "mARKer"),
        ("if-none-match", "mARKer"),
        ("x-mARKer", "mARKer\tforged=line"),
    ];
    let whole = serde_json::to_string(&sheet(1)).unwrap();
    let broken = whole.replace("\"context\":{", "\"mARKer\":\"mARKer\",\"context\":{\"contact\":\"mARKer\",\"delivery\":\"mARKer\",\"x\":\"mARKer\\r\\n2026 forged\",");
    let bad = whole.replace("{\"overall\":4}", "{\"overall\":\"mARKer\",\"mARKer\":1}");
    let complaint = r#"{"id":"0123456789abcdef0123456789abcdef","text":"mARKer\r\n2026 forged","name":"mARKer","mail":"mARKer@example.com","phone":"mARKer","context":{"contact":"mARKer"}}"#;
    for body in [
        whole.as_str(),
        &broken,
        &bad,
        "{\"mARKer",
        "mARKer",
        complaint,
    ] {
        for path in [
            "/v1/responses",
            "/v1/complaints",
            "/v1/cases/QT-mARKer/messages",
            "/v1/staff/cases",
            "/mARKer?mARKer=mARKer",
        ] {
            call("POST", path, &marked, body);
        }
    }
    for path in [
        "/v1/surveys/mARKer",
        "/s/mARKer",
        "/s/delivery?answer-words=mARKer",
        "/c/mARKer",
        "/c?delivery=mARKer",
        "/v1/cases/mARKer",
        "/b/mARKer/mARKer.js",
        "/embed-mARKer.js",
    ] {
        call("GET", path, &marked, "");
        call("GET", path, &[("origin", "mARKer"), ("host", "mARKer")], "");
    }
    call(
        "POST",
        "/v1/attachments/mARKer",
        &[("content-type", "image/png")],
        "mARKer",
    );
    call("BREW", "/mARKer", &marked, "");
    let figures = call("GET", "/metrics", &[], "");
    assert_eq!(figures.status, 200);
    drop(process);
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.lines().count() > 30 && log.contains("route=\"/v1/responses\""),
        "{log}"
    );
    for text in [&log, figures.text()] {
        let found: Vec<_> = text
            .lines()
            .filter(|line| line.to_lowercase().contains(&MARK.to_lowercase()))
            .collect();
        assert!(found.is_empty(), "{found:#?}");
        assert!(!text.lines().any(|line| line.starts_with("2026 forged")));
    }
    assert!(
        !log.contains("127.0.0.1:") || log.matches("127.0.0.1").count() < 3,
        "no client's address"
    );
}

/// Parts of addresses that lists against trackers and nuisances stop anywhere: after the general rules of EasyPrivacy and
/// Fanboy's Annoyance List.
const STOPPED: [&str; 44] = [
    "/ads/",
    "/adserver",
    "/analytics",
    "/api/stats",
    "/beacon",
    "/click?",
    "/clicks",
    "/collect?",
    "/collector",
    "/counter",
    "/event?",
    "/events?",
    "/feedback.js",
    "/feedback/",
    "/feedback-",
    "/feedback?",
    "/fingerprint",
    "/hit?",
    "/impression",
    "/insight",
    "/log?",
    "/logger",
    "/metric?",
    "/metrics?",
    "/page_view",
    "/pageview",
    "/ping?",
    "/pixel",
    "/popup",
    "/rum?",
    "/session?",
    "/stat?",
    "/stats",
    "/survey.js",
    "/survey-",
    "/survey_",
    "/telemetry",
    "/tracker",
    "/tracking",
    "/track/",
    "/track?",
    "/visit?",
    "/visitor",
    "_tracking",
];

#[test]
fn paths_that_browsers_load_are_not_what_blockers_stop() {
    let loaded = [
        route::RESPONSES,
        route::COMPLAINTS,
        route::ATTACHMENT,
        route::CASE_PHOTO,
        route::CASE,
        route::CASE_ACTION,
        route::SURVEY,
        route::SURVEY_PAGE,
        route::COMPLAINT_PAGE,
        route::CASE_PAGE,
        route::LOADER,
        route::MAIN_PART,
    ];
    for route in loaded {
        // As they are asked for: with the names that surveys have, and a query.
        let path = [&path(route), "?answer-overall=4"].concat();
        for stopped in STOPPED {
            assert!(!path.contains(stopped), "{path} is stopped by {stopped}");
        }
    }
}

#[test]
fn every_setting_is_shown_and_a_file_gives_way_to_environment_and_flags() {
    let folder = Folder::new();
    let file = folder.path().join("settings.toml");
    let config = |environment: &[(&str, &str)], flags: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
        command
            .arg("config")
            .args(flags)
            .env_clear()
            .envs(environment.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (code, all, _) = config(&[], &[]);
    assert_eq!(code, Some(0));
    for line in [
        "listen = \"127.0.0.1:8080\"",
        "data = \"./data\"",
        "connections = 4096",
        "queue = 1024",
        "log-mib = 1024",
        "rate-address = \"10:300\"",
        "keep-responses = 730",
        "keep-cases = 1095",
        "demo = false",
        "trusted-proxy = [\"127.0.0.1/32\", \"::1/128\"]",
        "# --queue, QINGTING_QUEUE; default",
    ] {
        assert!(all.lines().any(|have| have == line), "{line} in\n{all}");
    }
    // What is shown is a file that sets just that.
    std::fs::write(&file, &all).unwrap();
    let named = ["--config", file.to_str().unwrap()];
    let settings = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (code, again, said) = config(&[], &named);
    assert_eq!(
        (code, settings(&again)),
        (Some(0), settings(&all)),
        "{said}"
    );
    std::fs::write(
        &file,
        "queue = 7\nconnections = 9\nrate-token = \"off\"\ntrusted-proxy = [\"10.0.0.0/8\"]\n",
    )
    .unwrap();
    let flags = [&named[..], &["--connections", "11"]].concat();
    let (_, mixed, said) = config(&[("QINGTING_QUEUE", "8")], &flags);
    for line in [
        "queue = 8",
        "connections = 11",
        "rate-token = \"off\"",
        "trusted-proxy = [\"10.0.0.0/8\"]",
    ] {
        assert!(
            mixed.lines().any(|have| have == line),
            "{line} in\n{mixed}{said}"
        );
    }
    for (text, words) in [
        ("quue = 7", "no setting \"quue\""),
        ("queue = ", "is no TOML"),
        ("queue = 1.5", "must be a text"),
        ("queue = \"many\"", "invalid value"),
    ] {
        std::fs::write(&file, text).unwrap();
        let (code, _, said) = config(&[], &named);
        assert!(code != Some(0) && said.contains(words), "{text}: {said}");
    }
}

/// Texts that would mean something to a database that is given them as part of a command.
const INJECTED: [&str; 10] = [
    "' OR '1'='1",
    "delivery' --",
    "delivery'; DROP TABLE responses; --",
    "delivery\" OR \"\"=\"",
    "%",
    "_elivery",
    "delivery' UNION SELECT key FROM staff --",
    "1 OR 1=1",
    "delivery\0",
    "'||(SELECT group_concat(words) FROM case_words)||'",
];

#[test]
fn texts_are_values_and_never_part_of_a_command_to_the_database() {
    let server = TestServer::start();
    server.post(&sheet(1), 201);
    let encoded =
        |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02x}")).collect() };
    for text in INJECTED {
        for path in [
            "/v1/surveys/",
            "/s/",
            "/v1/cases/",
            "/c/",
            "/v1/attachments/",
            "/v1/staff/cases/",
        ] {
            let answer = ask(&server, "GET", &[path, &encoded(text)].concat(), &[]);
            assert!(
                matches!(answer.status, 200 | 400 | 401 | 404 | 405),
                "{path}{text}: {}",
                answer.status
            );
        }
        for field in ["survey", "id", "locale", "started_at", "page"] {
            let mut body = sheet(2);
            body.set(field, Value::from(text));
            let body = serde_json::to_vec(&body).unwrap();
            let mut connection = Connection::open(server.address);
            let answer = connection
                .call("POST", "/v1/responses", &[JSON], &body)
                .unwrap();
            answer.check(answer.status, server.folder.path());
            assert!(
                matches!(answer.status, 200 | 201 | 404 | 422),
                "{field} {text}: {}",
                answer.text()
            );
        }
        if !text.contains('\0') {
            for arguments in [
                ["export", "responses", "--format", "jsonl", "--survey", text].as_slice(),
                &["results", "--survey", text],
                &["export", "person", "--mail", text],
            ] {
                let (code, out, said) = qingting(arguments, server.folder.path());
                assert!(
                    code == Some(0) && !out.contains("7K3M"),
                    "{arguments:?} {said}{out}"
                );
            }
        }
    }
    assert!(server.folder.rows().len() <= 2);
    // The control: what is there is found by its own name.
    let (_, out, _) = qingting(
        &[
            "export",
            "responses",
            "--format",
            "jsonl",
            "--survey",
            "delivery",
        ],
        server.folder.path(),
    );
    assert!(out.contains("\"survey\":\"delivery\""));
}
