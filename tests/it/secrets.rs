//! Whoever has a case's number has nothing yet: guesses at the secret, look-ups that try to widen themselves, time that could
//! tell, and the way back for whoever lost the link.

use std::time::{Duration, Instant};

use qingting::api::ProblemCode;
use qingting::complaint::Role;
use qingting::endpoint::cases::number;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::store::{OutboxState, ReadSqlite, Sqlite};
use serde_json::{Value as Json, json};

use crate::support::{Answer, Connection, Folder, NOW, TestServer};

const MINUTE: i64 = 60_000;

fn server() -> TestServer {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    store
        .add_staff("Li Wei", Role::CaseManager, [1; 32], Timestamp(NOW))
        .unwrap()
        .unwrap();
    drop(store);
    TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    )
}

fn complain(server: &TestServer, n: u64, consent: bool) -> (String, String) {
    let body = json!({
        "id": format!("{n:032x}"), "text": "两箱货少了一箱,没人接电话", "mail": "wang.min@example.com", "consent": consent
    });
    let headers = [("content-type", "application/json")];
    let body = body.to_string();
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
    let taken: Json = serde_json::from_slice(&answer.body).unwrap();
    let word = |key: &str| taken[key].as_str().unwrap().to_owned();
    (word("number"), word("secret"))
}

/// One look at a case, from an address that the sender claims.
fn look(connection: &mut Connection, number: &str, secret: &str, from: &str) -> Answer {
    let bearer = format!("Bearer {secret}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("x-forwarded-for", from),
    ];
    let path = format!("/v1/cases/{number}");
    connection.call("GET", &path, &headers, b"").unwrap()
}

#[test]
fn a_thousand_guesses_are_not_answered_and_the_right_secret_opens_throughout() {
    let server = server();
    let (number, secret) = complain(&server, 1, true);
    let unknown = "QT-0000-0000-0";
    let mut answered = [0, 0];
    for (place, (number_of, guesses)) in [(number.as_str(), 1_000_u32), (unknown, 100)]
        .into_iter()
        .enumerate()
    {
        let mut connection = Connection::open(server.address);
        for n in 0..guesses {
            let from = format!("10.{}.{}.7", n / 250, n % 250);
            let guess = format!("{n:026}");
            let answer = look(&mut connection, number_of, &guess, &from);
            match answer.status {
                404 => answered[place] += 1,
                status => {
                    assert_eq!(status, 429, "{}", answer.text());
                    // The truth, and when to come back: what nobody may do by waiting is said as well.
                    assert_eq!(answer.refusal().0, ProblemCode::TooManySecrets);
                    assert_eq!(answer.header("retry-after"), Some("600"));
                }
            }
            if n % 100 == 0 {
                let right = look(&mut connection, &number, &secret, &from);
                assert_eq!(right.status, 200, "locked out by somebody else's guesses");
            }
        }
    }
    // What is there and what is not are counted alike, so that the limit tells nothing either.
    assert_eq!(answered, [20, 20]);
    // Other numbers are not touched by it, and after a quiet while neither is this one.
    let (other, _) = complain(&server, 2, true);
    let mut connection = Connection::open(server.address);
    assert_eq!(look(&mut connection, &other, "no", "10.9.9.9").status, 404);
    server.pass(10 * MINUTE);
    assert_eq!(look(&mut connection, &number, "no", "10.9.9.9").status, 404);
}

#[test]
fn no_look_up_can_be_widened() {
    let server = server();
    let (number, secret) = complain(&server, 1, true);
    let wild = [
        "%25",
        "_",
        "*",
        ".*",
        "%27%20OR%201=1",
        "QT-%25",
        "QT-____-____-_",
        "%5B%5D",
        "%7B%22$ne%22:null%7D",
        "..%2f",
        "%00",
        "QT-*",
    ];
    for wild in wild {
        let bearer = format!("Bearer {secret}");
        let headers = [("authorization", bearer.as_str())];
        server.call("GET", &format!("/v1/cases/{wild}"), &headers, b"", 404);
        let photo = format!("/v1/cases/{number}/photos/{wild}");
        server.call("GET", &photo, &headers, b"", 404);
        let bearer = format!("Bearer {wild}");
        let headers = [("authorization", bearer.as_str())];
        server.call("GET", &format!("/v1/cases/{number}"), &headers, b"", 404);
        server.call("GET", "/v1/staff/cases", &headers, b"", 401);
    }
    let headers = [("content-type", "application/json")];
    for number in [json!({"$ne": null}), json!([number]), json!(null), json!(7)] {
        let body = json!({ "number": number }).to_string();
        server.call("POST", "/v1/cases/link", &headers, body.as_bytes(), 422);
    }
    // The control: exactly the number with exactly its secret.
    let bearer = format!("Bearer {secret}");
    let path = format!("/v1/cases/{number}");
    server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
}

/// The two-sided p of the Mann-Whitney test, by the normal approximation: good for samples as large as ours.
pub fn mann_whitney(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one.iter().map(|value| (*value, true)).collect();
    all.extend(other.iter().map(|value| (*value, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Equal values share the mean of their ranks.
    let mut ranks = 0.0;
    let mut start = 0;
    while start < all.len() {
        let same = all[start..]
            .iter()
            .take_while(|(value, _)| value.total_cmp(&all[start].0).is_eq());
        let end = start + same.count();
        let ours = all[start..end].iter().filter(|(_, is_one)| *is_one).count();
        ranks += ours as f64 * (start + end + 1) as f64 / 2.0;
        start = end;
    }
    let (n, m) = (one.len() as f64, other.len() as f64);
    let u = ranks - n * (n + 1.0) / 2.0;
    let z = (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt();
    // Abramowitz and Stegun 7.1.26.
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let poly = ((((1.061_405_429 * t - 1.453_152_027) * t + 1.421_413_741) * t - 0.284_496_736)
        * t
        + 0.254_829_592)
        * t;
    poly * (-x * x).exp()
}

#[test]
fn the_time_of_the_answer_does_not_tell_whether_there_is_a_case() {
    let server = server();
    // So many numbers that the limit of each is never met; a quiet machine is not to be had, so that three tries are.
    let known: Vec<String> = (1..=50).map(|n| complain(&server, n, true).0).collect();
    let unknown: Vec<String> = (0..2_000_000_u32)
        .map(|n| format!("QT-{:04}-{:04}", n / 10_000, n % 10_000))
        .flat_map(|start| {
            "0123456789"
                .chars()
                .map(move |check| format!("{start}-{check}"))
        })
        .filter_map(|number| number::read(&number))
        .take(50)
        .collect();
    let mut connection = Connection::open(server.address);
    let mut looks = 0_u32;
    let mut time = |number: &str, secret: &str| {
        // From everywhere, so that no address meets its limit in the middle of a pair.
        looks += 1;
        let from = format!("10.{}.{}.7", looks / 250, looks % 250);
        let began = Instant::now();
        let answer = look(&mut connection, number, secret, &from);
        (began.elapsed().as_secs_f64(), answer.status)
    };
    let mut tries = Vec::new();
    for round in 0..3 {
        let (mut ours, mut nobodys) = (Vec::new(), Vec::new());
        for n in 0..500_usize {
            let guess = format!("{round:013}{n:013}");
            let place = n % 50;
            // Each in turn first, so that what warms up warms up for both.
            let pair = if n % 2 == 0 {
                let one = time(&known[place], &guess);
                (one, time(&unknown[place], &guess))
            } else {
                let other = time(&unknown[place], &guess);
                (time(&known[place], &guess), other)
            };
            assert_eq!(pair.0.1, pair.1.1);
            ours.push(pair.0.0);
            nobodys.push(pair.1.0);
        }
        tries.push(mann_whitney(&ours, &nobodys));
        if tries.iter().any(|p| *p > 0.01) {
            break;
        }
        server.pass(20 * MINUTE);
    }
    assert!(tries.iter().any(|p| *p > 0.01), "p {tries:?}");
    // The control: a tenth of a millisecond would have been seen.
    let ours: Vec<f64> = (0..500).map(|n| f64::from(n % 37) * 1e-5).collect();
    let slower: Vec<f64> = ours.iter().map(|time| time + 1e-4).collect();
    assert!(mann_whitney(&ours, &slower) < 0.01);
    assert!(mann_whitney(&ours, &ours) > 0.9);
}

#[test]
fn lost_link_is_mailed_to_the_address_on_file_and_the_answer_says_nothing() {
    let server = server();
    let (number, secret) = complain(&server, 1, true);
    let (silent, _) = complain(&server, 2, false);
    let headers = [("content-type", "application/json")];
    let ask = |number: &str| {
        let body = json!({ "number": number }).to_string();
        let answer = server.call("POST", "/v1/cases/link", &headers, body.as_bytes(), 202);
        let headers = answer.headers.iter().filter(|(name, _)| name != "date");
        (headers.cloned().collect::<Vec<_>>(), answer.body.clone())
    };
    let said = ask(&number);
    // As somebody reads it from a delivery note; an unknown one; one without leave to be written to; nonsense.
    for asked in [
        &number.to_lowercase().replace('-', " "),
        "QT-0000-0000-0",
        &silent,
        "%",
        "",
    ] {
        assert_eq!(ask(asked), said, "{asked}");
    }
    let reader = ReadSqlite::open(server.folder.path(), Duration::from_secs(5)).unwrap();
    let links = || {
        let rows = reader.outbox(OutboxState::Waiting, 1_000).unwrap();
        let links = rows.into_iter().filter(|row| row.kind == "link");
        links.map(|row| row.subject).collect::<Vec<_>>()
    };
    let patience = Instant::now();
    while links().is_empty() && patience.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(200));
    // Once an hour, however often it is asked for, and only for the case whose customer may be written to.
    assert_eq!(links(), [1_u128.to_be_bytes()]);
    assert!(!String::from_utf8_lossy(&said.1).contains(&secret));
    server.pass(60 * MINUTE);
    ask(&number);
    let patience = Instant::now();
    while links().len() < 2 && patience.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(links().len(), 2);
}

#[test]
fn an_address_that_goes_through_numbers_is_not_answered_either() {
    let folder = Folder::new().with_survey();
    let server = TestServer::start_over(
        folder,
        // Nobody speaks for others here.
        |config| config.limits.proxies = Vec::new(),
        |store, reader| (store, std::sync::Arc::new(reader)),
    );
    let (number, secret) = complain(&server, 1, true);
    let mut connection = Connection::open(server.address);
    let mut answered = 0;
    for n in 0..150_u32 {
        let unknown = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
            .chars()
            .find_map(|check| number::read(&format!("QT-{n:04}-0000-{check}")))
            .unwrap();
        // What the sender claims of itself is not looked at.
        match look(&mut connection, &unknown, "no", &format!("10.0.0.{n}")).status {
            404 => answered += 1,
            status => assert_eq!(status, 429),
        }
    }
    assert_eq!(answered, 100);
    assert_eq!(
        look(&mut connection, &number, &secret, "10.0.0.1").status,
        200
    );
}
