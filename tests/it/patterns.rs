//! Patterns of validators: found as browsers find them, and unable to keep the endpoint from anybody else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::environment::of_endpoint;
use qingting::endpoint::publish::publish;
use qingting::endpoint::store::{Rescheduled, Sqlite};
use qingting::survey::Value;

use crate::support::{Connection, Folder, NOW, TestServer, sheet_of};

/// A pattern that some texts take years, as no author may publish it.
const EVIL: &str = r#"{"elements":[{"type":"text","name":"code","validators":[{"type":"regex","regex":"^(a+)+$"}]}]}"#;
const PATIENCE: Duration = Duration::from_millis(400);

/// A text that the pattern is looked for in for about three seconds on this machine.
fn evil_text() -> String {
    let find = of_endpoint().find;
    for length in 16.. {
        let text = ["a".repeat(length), "!".to_owned()].concat();
        let begin = Instant::now();
        assert!(!find("^(a+)+$", false, &text));
        if begin.elapsed() > Duration::from_millis(180) {
            // Every letter more doubles the time.
            return ["aaaa", &text].concat();
        }
    }
    unreachable!("some length takes long")
}

fn sheet(n: u64, text: &str) -> String {
    let mut body = sheet_of(n, 1, true, &[("code", Value::from(text))]);
    body.set("survey", Value::from("evil"));
    serde_json::to_string(&body).unwrap()
}

fn post(server: &TestServer, body: &str) -> (u16, Option<String>) {
    let json = [("content-type", "application/json")];
    let mut connection = Connection::open(server.address);
    let answer = connection.call("POST", "/v1/responses", &json, body.as_bytes());
    let answer = answer.unwrap();
    (
        answer.status,
        answer.header("retry-after").map(str::to_owned),
    )
}

/// The longest that anybody else waits while evil sheets are sent, and what those are answered.
fn under_attack(threads: usize) -> (Duration, Vec<(u16, Option<String>)>) {
    let folder = Folder::new().with_survey();
    // Past publishing: straight into the store.
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    store
        .publish("evil", EVIL, &Rescheduled::default(), Timestamp(NOW))
        .unwrap();
    drop(store);
    let settings = move |config: &mut qingting::endpoint::config::Config| {
        config.limits.matching_threads = threads;
        config.limits.matching_queue = 4;
        config.limits.matching = PATIENCE;
    };
    let plain = |store, reader| {
        (
            store,
            Arc::new(reader) as Arc<dyn qingting::endpoint::store::Reader>,
        )
    };
    let server = TestServer::start_narrow(folder, 4, settings, plain);
    assert_eq!(post(&server, &sheet(99, "aaaa")).0, 201);
    let text = evil_text();
    let mut longest = Duration::ZERO;
    let answers = std::thread::scope(|scope| {
        let attack = |n| {
            let (server, text) = (&server, &text);
            scope.spawn(move || post(server, &sheet(n, text)))
        };
        let attacks: Vec<_> = (0..8).map(attack).collect();
        std::thread::sleep(Duration::from_millis(200));
        let end = Instant::now() + Duration::from_millis(1_500);
        let mut n = 1_000;
        while Instant::now() < end {
            let begin = Instant::now();
            server.get("/v1/surveys/delivery", 200);
            server.post(&crate::support::sheet(n), 201);
            longest = longest.max(begin.elapsed());
            n += 1;
        }
        attacks
            .into_iter()
            .map(|attack| attack.join().unwrap())
            .collect()
    });
    (longest, answers)
}

#[test]
fn an_evil_pattern_that_got_past_publishing_holds_up_nobody_else() {
    let refused = publish(
        Folder::new().path(),
        "evil",
        EVIL,
        Duration::from_secs(5),
        Timestamp(NOW),
    );
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("repetition within repetition")
    );
    let (longest, answers) = under_attack(1);
    println!("with threads of their own: others wait {longest:?} at most");
    assert!(longest < Duration::from_millis(900), "{longest:?}");
    for (status, retry_after) in answers {
        assert!(
            status == 503 && retry_after.is_some(),
            "{status} {retry_after:?}"
        );
    }
    // The control: on the threads of all others, the same sheets keep everybody waiting until they are through.
    let (longest, answers) = under_attack(0);
    println!("without: {longest:?}");
    assert!(longest > Duration::from_millis(1_200), "{longest:?}");
    assert!(
        answers.iter().all(|(status, _)| *status == 422),
        "{answers:?}"
    );
}

#[test]
fn patterns_are_found_as_browsers_find_them() {
    let find = of_endpoint().find;
    // What a browser's `new RegExp(pattern, flags).test(text)` says.
    for (pattern, ignores_case, text, expected) in [
        ("^.$", false, "好", true),
        // Two code units without the flag u.
        ("^.$", false, "😀", false),
        ("^..$", false, "😀", true),
        ("^[一-龥]{2,4}$", false, "王小明", true),
        ("straße", true, "STRASSE", false),
        ("^so-\\d+$", true, "SO-1042", true),
        ("^so-\\d+$", false, "SO-1042", false),
        ("^\\d+$", false, "١٢٣", false),
        ("\\bok\\b", false, "it is ok.", true),
        ("(?<=#)\\d+", false, "#12", true),
        ("(?<=#)\\d+", false, "12", false),
        ("(\\w)\\1", false, "hello", true),
        ("^\\s$", false, "\u{3000}", true),
        ("a{,2}", false, "a{,2}", true),
        ("\\u4f60", false, "你", true),
        ("", false, "", true),
    ] {
        assert_eq!(
            find(pattern, ignores_case, text),
            expected,
            "{pattern} {text}"
        );
    }
}

#[test]
fn both_sides_look_at_the_first_thousand_characters() {
    use qingting::survey::{Definition, validate};
    let text = r#"{"elements":[{"type":"comment","name":"c","validators":[{"type":"regex","regex":"^好*$"}]}]}"#;
    let definition =
        Arc::new(Definition::from_value(&serde_json::from_str(text).unwrap()).unwrap());
    let faults = |end: usize| {
        let mut answers = Value::default();
        answers.set(
            "c",
            Value::from(["好".repeat(end), "x".to_owned()].concat()),
        );
        validate(&definition, of_endpoint(), &answers, true).len()
    };
    assert_eq!((faults(999), faults(1_000)), (1, 0));
}
