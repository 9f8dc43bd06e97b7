//! Messages to the supplier's systems: signatures, faults of receivers, and addresses that are none of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::config::Config;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::outgoing::{DELAYS_MS, secrets};
use qingting::endpoint::store::{Channel, OutboxState, ReadSqlite, ReceiverChange, Sqlite};
use qingting::endpoint::webhooks::{self, AddressError, Reach, Sender, Undelivered, is_public};
use serde_json::{Value as Json, json};

use crate::deliveries::{call, supplied, tell};
use crate::sink::{Does, Hook, HookSink, wait};
use crate::support::{Folder, NOW, TestServer, qingting, sheet};

const BUSY: Duration = Duration::from_secs(5);

/// Lets messages reach this machine, without TLS.
fn reaching(config: &mut Config) {
    config.reach.networks = vec!["127.0.0.1/32".parse().unwrap()];
    config.reach.plain = true;
}

fn store(folder: &Folder) -> Sqlite {
    Sqlite::open(folder.path(), BUSY).unwrap()
}

fn receive(folder: &Folder, name: &str, address: &str) {
    let added = store(folder).add_receiver(name, address, Channel::Webhook, Timestamp(NOW));
    added.unwrap().unwrap();
}

/// Whether one of these secrets signed it, as a receiver checks it: by the specification's words, not by our code.
fn is_signed(hook: &Hook, secret: &[u8]) -> bool {
    use hmac::{Hmac, KeyInit, Mac};
    let [id, timestamp] = ["webhook-id", "webhook-timestamp"].map(|name| &hook.headers[name]);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{id}.{timestamp}.{}", hook.body).as_bytes());
    let expected = format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()));
    hook.headers["webhook-signature"]
        .split(' ')
        .any(|signature| signature == expected)
}

#[test]
fn signature_is_the_published_one() {
    // The example that the specification's reference libraries are tested with.
    let secret = BASE64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
    let made = webhooks::signature(&secret, id, 1_614_265_330, body);
    assert_eq!(made, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    for (id, at, body) in [
        ("msg_p5jXN8AQM9LWM0D4loKWxJel", 1_614_265_330, body),
        (id, 1_614_265_331, body),
        (id, 1_614_265_330, r#"{"test": 2432232315}"#),
    ] {
        assert_ne!(webhooks::signature(&secret, id, at, body), made);
    }
    assert_ne!(
        webhooks::signature(&secret[1..], id, 1_614_265_330, body),
        made
    );
}

#[test]
fn events_arrive_signed_once_and_a_rotation_loses_none() {
    let sink = HookSink::start(|_, _| Does::Status(204, ""));
    let server = supplied(TestServer::start_with(reaching));
    receive(
        &server.folder,
        "erp",
        &format!("http://{}/erp", sink.address),
    );
    receive(
        &server.folder,
        "wall",
        &format!("http://{}/wall", sink.address),
    );
    let keys = Keys::open(server.folder.path()).unwrap();
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    let secret = |place: usize| secrets(&keys, &reader.receivers().unwrap()[0])[place];
    let first = secret(0);
    server.post(&sheet(1), 201);
    wait("both receivers", || {
        sink.at("/erp").len() == 1 && sink.at("/wall").len() == 1
    });
    let hook = &sink.at("/erp")[0];
    assert!(is_signed(hook, &first));
    assert!(
        !is_signed(&sink.at("/wall")[0], &first),
        "each receiver has a secret of its own"
    );
    let body: Json = serde_json::from_str(&hook.body).unwrap();
    assert_eq!(body["type"], "response.answer");
    assert_eq!(body["data"]["answers"]["overall"].as_f64(), Some(4.0));
    for (change, body) in [
        ("body", format!("{} ", hook.body)),
        ("nothing", hook.body.clone()),
    ] {
        let changed = Hook {
            body,
            ..hook.clone()
        };
        assert_eq!(is_signed(&changed, &first), change == "nothing");
    }
    store(&server.folder)
        .change_receiver("erp", ReceiverChange::Rotate, Timestamp(NOW))
        .unwrap();
    let second = secret(0);
    assert_eq!(secret(1), first);
    server.post(&sheet(2), 201);
    wait("the second", || sink.at("/erp").len() == 2);
    let hook = &sink.at("/erp")[1];
    assert!(is_signed(hook, &first) && is_signed(hook, &second));
    store(&server.folder)
        .change_receiver("erp", ReceiverChange::Settle, Timestamp(NOW))
        .unwrap();
    server.post(&sheet(3), 201);
    wait("the third", || {
        sink.at("/erp").len() == 3 && sink.at("/wall").len() == 3
    });
    let hook = &sink.at("/erp")[2];
    assert!(!is_signed(hook, &first) && is_signed(hook, &second));
    let ids: BTreeSet<_> = sink
        .hooks()
        .iter()
        .map(|hook| hook.headers["webhook-id"].clone())
        .collect();
    assert_eq!(ids.len(), 6, "each message to each receiver has its own id");
    // A complaint and its states are told, too, without its words.
    let complaint = json!({"id": format!("{:032x}", 9), "text": "水泵又停了", "stage": "use", "urgency": "blocking", "context": {"channel": "embed"}});
    let headers = [("content-type", "application/json")];
    server.call(
        "POST",
        "/v1/complaints",
        &headers,
        complaint.to_string().as_bytes(),
        201,
    );
    wait("the complaint", || {
        sink.at("/wall")
            .iter()
            .any(|hook| hook.body.contains("case.complaint"))
    });
    assert!(sink.hooks().iter().all(|hook| !hook.body.contains("水泵")));
}

#[test]
fn telephone_is_reached_through_a_gateway_by_a_short_link() {
    let sink = HookSink::start(|_, _| Does::Status(200, ""));
    let server = supplied(TestServer::start_with(reaching));
    let body = json!({
        "delivery": "SO-1", "contact": "c-1", "phone": "+86 138 0013-8000", "language": "zh-CN",
        "delivered_at": Timestamp(NOW).to_string()
    });
    tell(&server, &body, 201);
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    wait("the invitation", || {
        !reader.outbox(OutboxState::Waiting, 9).unwrap().is_empty()
    });
    // It waits until there is a gateway.
    std::thread::sleep(Duration::from_millis(700));
    let address = format!("http://{}/sms", sink.address);
    store(&server.folder)
        .add_receiver("sms", &address, Channel::Gateway, Timestamp(NOW))
        .unwrap();
    wait("the gateway", || sink.at("/sms").len() == 1);
    let told: Json = serde_json::from_str(&sink.at("/sms")[0].body).unwrap();
    let data = &told["data"];
    assert_eq!(
        (&data["to"], &data["language"]),
        (&json!("+8613800138000"), &json!("zh-CN"))
    );
    let link = data["link"].as_str().unwrap();
    assert!(
        data["text"].as_str().unwrap().ends_with(link) && link.len() < 60,
        "{link}"
    );
    let to = server.get(&link[link.find("/l/").unwrap()..], 302);
    assert!(to.header("location").unwrap().starts_with("/s/delivery#"));
    // Answers are no business of a gateway.
    server.post(&sheet(1), 201);
    std::thread::sleep(Duration::from_millis(900));
    assert_eq!(sink.hooks().len(), 1);
}

/// What a receiver does at its first tries; later it is well.
fn faults() -> Vec<(&'static str, Does, usize)> {
    let kinds = [
        ("reset", Does::Resets),
        ("500", Does::Status(500, "")),
        ("410", Does::Status(410, "")),
        ("429", Does::Status(429, "retry-after: 60")),
        (
            "503 and a date",
            Does::Status(503, "retry-after: Fri, 31 Dec 2027 23:59:59 GMT"),
        ),
        ("302", Does::Status(302, "location: http://127.0.0.2:1/")),
        ("404", Does::Status(404, "")),
        ("no HTTP", Does::Babbles),
        ("100 MB", Does::Floods),
    ];
    let mut faults: Vec<_> = [1, 2, 9]
        .into_iter()
        .flat_map(|times| {
            kinds
                .iter()
                .map(move |(name, does)| (*name, does.clone(), times))
        })
        .collect();
    faults.push(("hangs", Does::Hangs, 1));
    faults.push(("for ever", Does::Status(500, ""), 99));
    faults
}

#[test]
fn thirty_faults_delay_a_message_by_the_schedule_and_lose_none() {
    let faults = Arc::new(faults());
    let script = Arc::clone(&faults);
    let sink = HookSink::start(move |path, n| {
        let place: usize = path.trim_start_matches('/').parse().unwrap();
        match &script[place] {
            (_, does, times) if n <= *times => does.clone(),
            _ => Does::Status(200, ""),
        }
    });
    let server = supplied(TestServer::start_with(reaching));
    for place in 0..faults.len() {
        receive(
            &server.folder,
            &format!("{place:02}"),
            &format!("http://{}/{place}", sink.address),
        );
    }
    // The thirtieth: nobody listens there. And one that wants TLS where there is none.
    let closed = {
        TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
    };
    receive(&server.folder, "refused", &format!("http://{closed}/"));
    receive(
        &server.folder,
        "tls",
        &format!("https://{}/0", sink.address),
    );
    let all = faults.len() + 2;
    assert!(all >= 30);
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    let state = |state| reader.outbox(state, 1_000).unwrap();
    server.post(&sheet(1), 201);
    // When each try was made, by the endpoint's clock: after each round, what waits says when it is due.
    let mut delays: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut clock = NOW;
    for round in 0..10_u32 {
        let settled = || {
            let waiting = state(OutboxState::Waiting);
            let done = state(OutboxState::Delivered)
                .iter()
                .filter(|row| row.receiver.is_some())
                .count();
            let dead = state(OutboxState::Dead).len();
            // A row that is just being tried is leased for a minute; what failed before comes back later than that.
            let tried = waiting.iter().all(|row| {
                let least = if round == 0 { 0 } else { 60_000 };
                row.attempts == round + 1 && row.due_at - clock > least && row.error.is_some()
            });
            tried && waiting.len() + done + dead == all
        };
        wait("every try of a round", settled);
        let waiting = state(OutboxState::Waiting);
        for row in &waiting {
            delays.entry(row.id).or_default().push(row.due_at - clock);
        }
        // While receivers fail and hang, answers are taken as ever.
        let begin = Instant::now();
        let mut connection = crate::support::Connection::open(server.address);
        let test = {
            let mut sheet = sheet(1_000 + u64::from(round));
            let mut context = sheet.get("context").unwrap().clone();
            context.set("test", qingting::survey::Value::Bool(true));
            sheet.set("context", context);
            serde_json::to_vec(&sheet).unwrap()
        };
        connection
            .call(
                "POST",
                "/v1/responses",
                &[("content-type", "application/json")],
                &test,
            )
            .unwrap();
        assert!(begin.elapsed() < Duration::from_secs(1));
        let Some(latest) = waiting.iter().map(|row| row.due_at).max() else {
            break;
        };
        server.pass(latest - clock);
        clock = latest;
    }
    let dead: Vec<_> = state(OutboxState::Dead);
    let name = |row: &qingting::endpoint::store::OutboxRow| {
        let receivers = reader.receivers().unwrap();
        let receiver = receivers
            .iter()
            .find(|known| Some(known.id) == row.receiver)
            .unwrap();
        receiver
            .name
            .parse::<usize>()
            .map_or(receiver.name.clone(), |place| faults[place].0.to_owned())
    };
    let mut given_up: Vec<_> = dead.iter().map(|row| (name(row), row.attempts)).collect();
    given_up.sort();
    let gone = ("410".to_owned(), 1);
    let expected = [
        gone.clone(),
        gone.clone(),
        gone,
        ("for ever".to_owned(), 10),
        ("refused".to_owned(), 10),
        ("tls".to_owned(), 10),
    ];
    assert_eq!(given_up, expected);
    assert!(state(OutboxState::Waiting).is_empty());
    // Within a fifth of the schedule, in all tries of all; 429 as long as it asked for.
    for row in [dead.clone(), state(OutboxState::Delivered)].concat() {
        if row.receiver.is_none() {
            continue;
        }
        for (place, delay) in delays.get(&row.id).into_iter().flatten().enumerate() {
            let least = if name(&row) == "429" { 60_000 } else { 0 };
            let planned = DELAYS_MS[place].max(least) as f64;
            assert!(
                (0.8..=1.2).contains(&(*delay as f64 / planned)),
                "try {place}: {delay} of {planned}"
            );
        }
    }
    let whole: i64 = DELAYS_MS.iter().sum();
    assert_eq!(whole / 60_000, 75 * 60 + 35);
    // The same id and body in every try, and signed in each.
    let keys = Keys::open(server.folder.path()).unwrap();
    for (place, (name, does, times)) in faults.iter().enumerate() {
        let hooks = sink.at(&format!("/{place}"));
        let expected = match does {
            // 200 is 200, whatever follows; 410 is the end.
            Does::Floods | Does::Status(410, _) => 1,
            _ => (times + 1).min(10),
        };
        assert_eq!(hooks.len(), expected, "{name}, {times} times");
        let ids: BTreeSet<_> = hooks
            .iter()
            .map(|hook| (&hook.headers["webhook-id"], &hook.body))
            .collect();
        assert_eq!(ids.len(), 1, "{name}");
        let receivers = reader.receivers().unwrap();
        let receiver = receivers
            .iter()
            .find(|known| known.name == format!("{place:02}"))
            .unwrap();
        assert!(
            hooks
                .iter()
                .all(|hook| is_signed(hook, &secrets(&keys, receiver)[0]))
        );
    }
    // What was given up is seen and tried again, by a person or by a command.
    let answer = call(
        &server,
        "GET",
        "/v1/staff/outbox",
        "qts_of_the_test",
        &Json::Null,
        200,
    );
    let seen: Json = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(seen["rows"].as_array().unwrap().len(), 6);
    assert_eq!(seen["backlog"]["webhook"]["dead"], 6);
    let for_ever = dead.iter().find(|row| name(row) == "for ever").unwrap();
    call(
        &server,
        "POST",
        "/v1/staff/outbox",
        "qts_of_the_test",
        &json!({"replay": [for_ever.id]}),
        200,
    );
    let path = format!("/{}", faults.len() - 1);
    wait("the replay", || sink.at(&path).len() == 11);
    let (_, listed, _) = qingting(&["outbox", "list"], server.folder.path());
    assert!(
        listed.lines().count() >= 5 && listed.contains("webhook"),
        "{listed}"
    );
}

#[test]
fn who_claims_and_dies_loses_nothing() {
    let folder = Folder::new().with_survey();
    let mut first = store(&folder);
    let sink = HookSink::start(|_, _| Does::Status(200, ""));
    receive(&folder, "erp", &format!("http://{}/", sink.address));
    let mut row = qingting::endpoint::store::OutboxRow {
        id: 0,
        channel: Channel::Webhook,
        kind: "answer".to_owned(),
        about: qingting::endpoint::store::About::Response,
        subject: [0; 16],
        seq: 0,
        staff: None,
        receiver: None,
        created_at: NOW,
        due_at: NOW,
        attempts: 0,
        error: None,
    };
    first.put_outbox(&row).unwrap();
    row.due_at = NOW + 1;
    first.put_outbox(&row).unwrap();
    first.fan_out(NOW).unwrap();
    first.fan_out(NOW).unwrap();
    let claim = |store: &mut Sqlite, now| {
        store
            .claim_outbox(Channel::Webhook, now, 60_000, 9)
            .unwrap()
    };
    let claimed = claim(&mut first, NOW);
    assert_eq!(claimed.len(), 1, "put twice, made into rows twice, one row");
    drop(first);
    // The program was killed before it said what came of it.
    let mut second = store(&folder);
    assert!(
        claim(&mut second, NOW + 59_999).is_empty(),
        "somebody may still be at it"
    );
    let again = claim(&mut second, NOW + 60_000);
    assert_eq!((again[0].id, again[0].attempts), (claimed[0].id, 2));
    second.settle_outbox(again[0].id, NOW).unwrap();
    assert!(claim(&mut second, NOW + 10_000_000).is_empty());
}

/// Counts who connects.
struct Canary {
    address: SocketAddr,
    met: Arc<AtomicUsize>,
}

impl Canary {
    fn start(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let (address, met) = (
            listener.local_addr().unwrap(),
            Arc::new(AtomicUsize::new(0)),
        );
        let count = Arc::clone(&met);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                drop(stream);
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { address, met }
    }

    fn met(&self) -> usize {
        std::thread::sleep(Duration::from_millis(50));
        self.met.load(Ordering::SeqCst)
    }
}

#[test]
fn no_message_reaches_this_machine_or_a_private_network() {
    let canary = Canary::start("127.0.0.1:0");
    let port = canary.address.port();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "0.0.0.0",
        "0",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "127.0.0.1.",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00::1]",
        "[fe80::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
    ];
    let sender = Sender::new(Reach::default());
    let plain = Sender::new(Reach {
        plain: true,
        ..Reach::default()
    });
    for host in hosts {
        let address = format!("https://{host}:{port}/");
        // Where it is told.
        let refused = Reach::default().check(&address).unwrap_err();
        assert!(
            matches!(
                refused,
                AddressError::NotPublic | AddressError::NoSuchHost | AddressError::Malformed
            ),
            "{host}: {refused:?}"
        );
        // And where it goes out, should it stand in the database all the same.
        assert!(
            sender.send(&address, "msg_1", 0, "{}", &[[0; 32]]).is_err(),
            "{host}"
        );
        let address = format!("http://{host}:{port}/");
        assert!(
            plain.send(&address, "msg_1", 0, "{}", &[[0; 32]]).is_err(),
            "{host}"
        );
    }
    for address in [
        format!("http://127.0.0.1:{port}/"),
        format!("ftp://127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        format!("https://example.com@127.0.0.1:{port}/"),
        "https://".to_owned(),
        "example.com".to_owned(),
        String::new(),
        format!("gopher://127.0.0.1:{port}/_"),
        "https://a b/".to_owned(),
        "javascript:alert(1)".to_owned(),
    ] {
        assert!(Reach::default().check(&address).is_err(), "{address}");
        assert!(
            sender.send(&address, "msg_1", 0, "{}", &[[0; 32]]).is_err(),
            "{address}"
        );
    }
    assert_eq!(canary.met(), 0);
    // The control: where the network is allowed, the canary is met.
    let allowed = Reach {
        networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..Reach::default()
    };
    let _ = Sender::new(allowed).send(
        &format!("https://127.0.0.1:{port}/"),
        "msg_1",
        0,
        "{}",
        &[[0; 32]],
    );
    assert!(canary.met() > 0);
}

#[test]
fn a_name_that_says_one_thing_first_and_another_then_leads_nowhere() {
    let canary = Canary::start("127.0.0.1:0");
    let port = canary.address.port();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // Public when it is told, this machine from then on: every second answer, as rebinding servers do.
    let lookup = move |_: &str, port: u16| {
        let turn = count.fetch_add(1, Ordering::SeqCst);
        let address = if turn == 0 {
            "93.184.216.34"
        } else {
            "127.0.0.1"
        };
        Ok(vec![SocketAddr::new(address.parse().unwrap(), port)])
    };
    let reach = Reach {
        lookup: Arc::new(lookup),
        plain: true,
        ..Reach::default()
    };
    let address = format!("http://rebind.example:{port}/");
    assert_eq!(reach.check(&address), Ok(()));
    let before = asked.load(Ordering::SeqCst);
    let failed = Sender::new(reach).send(&address, "msg_1", 0, "{}", &[[0; 32]]);
    assert!(
        matches!(failed, Err(Undelivered::Passing(..))),
        "{failed:?}"
    );
    assert_eq!(
        asked.load(Ordering::SeqCst),
        before + 1,
        "asked once: what was judged is what is connected to"
    );
    // One of several addresses spoils the others.
    let both = |_: &str, port: u16| {
        let address = |text: &str| SocketAddr::new(text.parse().unwrap(), port);
        Ok(vec![address("93.184.216.34"), address("127.0.0.1")])
    };
    let reach = Reach {
        lookup: Arc::new(both),
        plain: true,
        ..Reach::default()
    };
    assert_eq!(reach.check(&address), Err(AddressError::NotPublic));
    assert_eq!(canary.met(), 0);
}

#[test]
fn a_redirect_is_no_way_in() {
    let canary = Canary::start("127.0.0.2:0");
    let to = canary.address;
    let header: &'static str = Box::leak(format!("location: http://{to}/").into_boxed_str());
    let sink = HookSink::start(move |_, n| Does::Status([301, 302, 303, 307, 308][n - 1], header));
    let networks = vec!["127.0.0.1/32".parse().unwrap()];
    let sender = Sender::new(Reach {
        networks,
        plain: true,
        ..Reach::default()
    });
    for _ in 0..5 {
        let failed = sender.send(
            &format!("http://{}/", sink.address),
            "msg_1",
            0,
            "{}",
            &[[0; 32]],
        );
        assert!(
            matches!(failed, Err(Undelivered::Passing(..))),
            "{failed:?}"
        );
    }
    assert_eq!((sink.hooks().len(), canary.met()), (5, 0));
    // The control: a client that follows does reach it.
    let control = HookSink::start(move |_, _| Does::Status(302, header));
    let _ = ureq::get(format!("http://{}/", control.address)).call();
    assert!(canary.met() > 0);
}

#[test]
fn public_is_what_the_registries_leave() {
    for public in [
        "8.8.8.8",
        "93.184.216.34",
        "172.15.255.255",
        "172.32.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "192.0.1.1",
        "223.255.255.255",
        "2606:2800:220:1::",
        "2400:3200::1",
        "::ffff:8.8.8.8",
    ] {
        assert!(is_public(public.parse::<IpAddr>().unwrap()), "{public}");
    }
    for special in [
        "172.16.0.0",
        "172.31.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "192.0.2.1",
        "198.51.100.7",
        "203.0.113.9",
        "192.88.99.1",
        "2001:db8::1",
        "2001::1",
        "2002:808:808::",
        "3fff::1",
        "fc00::1",
        "ff02::1",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::808:808",
    ] {
        assert!(!is_public(special.parse::<IpAddr>().unwrap()), "{special}");
    }
}

#[test]
fn commands_add_rotate_and_remove_receivers() {
    let folder = Folder::new().with_survey();
    let hook = |words: &[&str]| qingting(&[&["hook"][..], words].concat(), folder.path());
    for wrong in [
        "http://8.8.8.8/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "erp",
    ] {
        let (code, _, told) = hook(&["add", "erp", wrong]);
        assert!(code == Some(1) && !told.is_empty(), "{wrong}: {told}");
    }
    let (code, secret, told) = hook(&["add", "erp", "https://8.8.8.8/hooks"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        secret.starts_with("whsec_")
            && BASE64
                .decode(secret.trim_end().trim_start_matches("whsec_"))
                .unwrap()
                .len()
                == 32
    );
    let (code, ..) = hook(&[
        "add",
        "sms",
        "https://10.1.2.3/",
        "--gateway",
        "--hook-network",
        "10.1.0.0/16",
    ]);
    assert_eq!(code, Some(0));
    assert_ne!(hook(&["rotate", "erp"]).1, secret);
    assert_eq!(
        hook(&["list"]).1,
        "erp\twebhook\thttps://8.8.8.8/hooks\tsecret 2\trotating\nsms\tgateway\thttps://10.1.2.3/\tsecret 1\n"
    );
    assert_eq!(hook(&["settle", "erp"]).0, Some(0));
    assert_eq!(hook(&["remove", "erp"]).0, Some(0));
    assert_eq!(hook(&["remove", "erp"]).0, Some(1));
    assert_eq!(
        qingting(&["outbox", "list"], folder.path()),
        (Some(0), String::new(), String::new())
    );
}
