//! Clients that send or take slowly: each is closed or answered in time, and a plain `axum::serve` is not that good.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use qingting::endpoint::config::Limits;

use crate::ledger::is_long;
use crate::support::{Connection, TestServer, sheet};

const HEAD: &str = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/// A way of being slow: what is sent at once, and what is dripped after it.
struct Case {
    name: &'static str,
    first: String,
    drip: Option<&'static str>,
    reads_first: bool,
}

fn cases() -> Vec<Case> {
    let case = |name, first: String, drip| Case {
        name,
        first,
        drip,
        reads_first: false,
    };
    vec![
        case("half a header", format!("{HEAD}x-a: "), None),
        case(
            "half a body",
            format!("{HEAD}content-length: 100\r\n\r\nabc"),
            None,
        ),
        case("nothing sent", String::new(), None),
        Case {
            name: "idle keep-alive",
            first: "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
            drip: None,
            reads_first: true,
        },
        case(
            "dripped body",
            format!("{HEAD}content-length: 100\r\n\r\n"),
            Some("a"),
        ),
        case("dripped header", format!("{HEAD}x-a: "), Some("a")),
    ]
}

/// How long the server bears it; nothing if longer than `patience`.
fn endured(address: SocketAddr, case: &Case, patience: Duration) -> Option<Duration> {
    let mut connection = Connection::open(address);
    connection.send(case.first.as_bytes()).unwrap();
    if case.reads_first {
        connection.answer("GET").unwrap();
    }
    let begin = Instant::now();
    while begin.elapsed() < patience {
        if connection.ends_within(Duration::from_millis(100)).is_some() {
            return Some(begin.elapsed());
        }
        if case
            .drip
            .is_some_and(|drip| connection.send(drip.as_bytes()).is_err())
        {
            return Some(begin.elapsed());
        }
    }
    None
}

fn all_endured(address: SocketAddr, patience: Duration) -> Vec<(&'static str, Option<Duration>)> {
    let cases = cases();
    std::thread::scope(|scope| {
        let threads: Vec<_> = cases
            .iter()
            .map(|case| {
                (
                    case.name,
                    scope.spawn(move || endured(address, case, patience)),
                )
            })
            .collect();
        threads
            .into_iter()
            .map(|(name, thread)| (name, thread.join().unwrap()))
            .collect()
    })
}

fn short() -> Limits {
    Limits {
        head: Duration::from_millis(600),
        body_idle: Duration::from_millis(600),
        request: Duration::from_millis(1_500),
        ..Limits::default()
    }
}

#[test]
fn slow_clients_are_closed_in_time_and_axum_serve_would_keep_them() {
    let server = TestServer::start_with(|config| config.limits = short());
    for (name, ended) in all_endured(server.address, Duration::from_millis(3_000)) {
        assert!(ended.is_some(), "{name} is still open");
    }
    // The control: the usual server has no limit on a connection at all.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new()
        .route("/healthz", axum::routing::get(async || "ok"))
        .route(
            "/v1/responses",
            axum::routing::post(async |body: String| body),
        );
    let control = runtime.spawn(async { axum::serve(listener, router).await });
    let open = all_endured(address, Duration::from_millis(3_000))
        .iter()
        .filter(|(_, ended)| ended.is_none())
        .count();
    control.abort();
    assert_eq!(open, 6, "the control keeps all of them");
}

#[test]
fn promised_limits_are_ten_seconds_and_one_minute() {
    let limits = Limits::default();
    assert_eq!(
        [
            limits.head,
            limits.body_idle,
            limits.write_idle,
            limits.grace
        ],
        [Duration::from_secs(10); 4]
    );
    assert_eq!(
        (limits.request, limits.busy),
        (Duration::from_secs(60), Duration::from_secs(5))
    );
}

#[test]
fn client_that_does_not_take_its_answer_is_closed() {
    let server =
        TestServer::start_with(|config| config.limits.write_idle = Duration::from_millis(500));
    let mut connection = Connection::open(server.address);
    connection
        .0
        .get_ref()
        .set_write_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    // Requests without end, none of whose answers is read: at some point the endpoint's answers no longer fit anywhere.
    let request = "GET /v1/surveys/delivery HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    let begin = Instant::now();
    let closed = loop {
        match connection.send(request.as_bytes()) {
            Err(error)
                if !matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) =>
            {
                break true;
            }
            Ok(()) | Err(_) if begin.elapsed() > Duration::from_secs(15) => break false,
            Ok(()) | Err(_) => {}
        }
    };
    assert!(closed, "it is still open after 15 s");
}

#[test]
fn too_many_connections_are_told_to_come_again_and_the_others_are_served() {
    let server = TestServer::start_with(|config| {
        config.limits.connections = 8;
        config.allow_origins = vec!["https://portal.example".parse().unwrap()];
    });
    let mut first: Vec<_> = (0..8).map(|_| Connection::open(server.address)).collect();
    for connection in &mut first {
        connection
            .call("GET", "/healthz", &[], b"")
            .unwrap()
            .check(200, server.folder.path());
    }
    let mut late = Connection::open(server.address);
    let answer = late
        .call(
            "GET",
            "/healthz",
            &[("origin", "https://portal.example")],
            b"",
        )
        .unwrap();
    answer.check(503, server.folder.path());
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://portal.example"),
        "so that the widget can read it"
    );
    let body = serde_json::to_vec(&sheet(1)).unwrap();
    first[3]
        .call(
            "POST",
            "/v1/responses",
            &[("content-type", "application/json")],
            &body,
        )
        .unwrap()
        .check(201, server.folder.path());
    drop(first);
    let begin = Instant::now();
    while Connection::open(server.address)
        .call("GET", "/healthz", &[], b"")
        .is_ok_and(|answer| answer.status != 200)
    {
        assert!(begin.elapsed() < Duration::from_secs(5), "room comes back");
    }
}

#[test]
fn one_address_cannot_take_every_connection_unless_it_is_a_proxy() {
    let with = |proxies: Vec<IpNet>| {
        let server = TestServer::start_with(|config| {
            config.limits.connections_per_address = 3;
            config.limits.proxies = proxies;
        });
        let mut connections: Vec<_> = (0..5).map(|_| Connection::open(server.address)).collect();
        connections
            .iter_mut()
            .map(|connection| connection.call("GET", "/healthz", &[], b"").unwrap().status)
            .collect::<Vec<_>>()
    };
    assert_eq!(with(Vec::new()), [200, 200, 200, 503, 503]);
    assert_eq!(with(vec!["127.0.0.1/32".parse().unwrap()]), [200; 5]);
}

/// How a normal client fares beside so many that hold a place with half a head: answers other than 201, and the longest but
/// one in a hundred.
fn beside_slow_ones(server: &TestServer, many: usize) -> (usize, Duration) {
    let mut slow: Vec<_> = (0..many)
        .map(|_| Connection::open(server.address))
        .collect();
    for connection in &mut slow {
        let _ = connection.send(format!("{HEAD}x-a: ").as_bytes());
    }
    let (mut refused, mut times) = (0, Vec::new());
    for n in 1..=100 {
        let body = serde_json::to_vec(&sheet(n)).unwrap();
        let begin = Instant::now();
        let answer = Connection::open(server.address).call(
            "POST",
            "/v1/responses",
            &[("content-type", "application/json")],
            &body,
        );
        times.push(begin.elapsed());
        refused += usize::from(!answer.is_ok_and(|answer| answer.status == 201));
    }
    times.sort();
    (refused, times[98])
}

#[test]
fn thousands_of_slow_clients_do_not_keep_a_normal_one_waiting() {
    // Five thousand need more places than there are by default.
    let many = if is_long() { 5_000 } else { 1_000 };
    let server = TestServer::start_with(|config| {
        config.limits.head = Duration::from_secs(if is_long() { 10 } else { 5 });
        config.limits.connections = if is_long() { 8_192 } else { 4_096 };
    });
    let (refused, longest) = beside_slow_ones(&server, many);
    println!("beside {many} slow clients: {refused} of 100 refused, p99 {longest:?}");
    assert_eq!(refused, 0);
    assert!(longest < Duration::from_secs(1), "{longest:?}");
    // The control: fewer places than slow clients, and no end to their slowness.
    let control = TestServer::start_with(|config| {
        config.limits.head = Duration::from_secs(600);
        config.limits.connections = 500;
    });
    let (refused, _) = beside_slow_ones(&control, 1_000);
    assert!(refused > 50, "the control refuses {refused}");
}
