//! Crashes, cuts, races and signals. A ledger of what was sent and acknowledged is held against what is stored:
//! lost = acknowledged but not stored, duplicated = stored twice, phantom = stored but never sent.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use qingting::endpoint::clock::{Clock, Timestamp};

use crate::controls;
use crate::ledger::{ledger, stored};
use crate::staffed::staffed_over;
use crate::support::{Connection, Folder, NOW, Process, TestServer, qingting, request, sheet};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

fn post(connection: &mut Connection, n: u64) -> std::io::Result<crate::support::Answer> {
    connection.call(
        "POST",
        "/v1/responses",
        &JSON,
        &serde_json::to_vec(&sheet(n)).unwrap(),
    )
}

#[test]
fn kill_right_after_the_201_loses_nothing() {
    if controls::serves() {
        return;
    }
    const ROUNDS: usize = 20;
    let lost = |start: &dyn Fn(&Path) -> Process| {
        let folder = Folder::new().with_survey();
        let mut lost = 0;
        for n in 1..=ROUNDS as u64 {
            let mut process = start(folder.path());
            let answer = post(&mut Connection::open(process.address), n).unwrap();
            process.kill();
            assert_eq!(answer.status, 201);
            lost += usize::from(!stored(folder.path()).contains_key(&n));
        }
        lost
    };
    assert_eq!(lost(&|data| Process::serve(data)), 0);
    // The control: the same test must catch a store that acknowledges 50 ms too early, every time.
    let test = "faults::kill_right_after_the_201_loses_nothing";
    let lying = |data: &Path| Process::start(&mut controls::command(test, "lying", data));
    assert_eq!(lost(&lying), ROUNDS);
}

/// A proxy that lets `request` bytes through to the server and `answer` bytes back, then cuts both ways.
fn cut(server: SocketAddr, bytes: &[u8], request: usize, answer: usize) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let proxy = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut upstream = TcpStream::connect(server).unwrap();
        let mut taken = vec![0; request];
        client.read_exact(&mut taken).unwrap();
        upstream.write_all(&taken).unwrap();
        let mut back = vec![0; answer];
        upstream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        if answer > 0 && upstream.read_exact(&mut back).is_ok() {
            let _ = client.write_all(&back);
        }
        // Both connections end here.
    });
    let mut client = TcpStream::connect(address).unwrap();
    client.write_all(bytes).unwrap();
    let mut got = Vec::new();
    let _ = client.read_to_end(&mut got);
    proxy.join().unwrap();
    got
}

#[test]
fn request_cut_off_in_the_middle_stores_nothing_and_a_retry_works() {
    let server = TestServer::start();
    let bytes = |n| {
        request(
            server.address,
            "POST",
            "/v1/responses",
            &JSON,
            &serde_json::to_vec(&sheet(n)).unwrap(),
        )
    };
    let length = bytes(1).len();
    let offsets: Vec<usize> = (0..length).step_by(11).chain([length - 1]).collect();
    for (n, offset) in (1_u64..).zip(&offsets) {
        cut(server.address, &bytes(n), *offset, 0);
    }
    std::thread::sleep(Duration::from_millis(200));
    assert!(server.folder.rows().is_empty());
    // The control: the same with no byte missing is stored.
    cut(server.address, &bytes(1), length, 100);
    assert_eq!(server.folder.rows().len(), 1);
    for n in 2..=offsets.len() as u64 {
        assert_eq!(
            post(&mut Connection::open(server.address), n)
                .unwrap()
                .status,
            201
        );
    }
}

#[test]
fn second_serve_on_one_data_folder_is_refused_and_other_commands_work_beside_it() {
    let folder = Folder::new().with_survey();
    let process = Process::serve(folder.path());
    let (code, out, said) = qingting(&["serve", "--listen", "127.0.0.1:0"], folder.path());
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(
        said.contains("another `qingting serve` uses the data folder"),
        "{said}"
    );
    assert_eq!(
        post(&mut Connection::open(process.address), 1)
            .unwrap()
            .status,
        201
    );
    for command in [
        ["export", "responses", "--format", "csv"].as_slice(),
        &["results"],
        &["survey", "list"],
    ] {
        assert_eq!(qingting(command, folder.path()).0, Some(0), "{command:?}");
    }
    // The control: once the first has ended, even by force, the folder is free.
    drop(process);
    drop(Process::serve(folder.path()));
}

#[test]
fn terminated_endpoint_finishes_what_is_under_way_and_takes_nothing_new() {
    let folder = Folder::new().with_survey();
    let mut process = Process::serve(folder.path());
    let bytes = request(
        process.address,
        "POST",
        "/v1/responses",
        &JSON,
        &serde_json::to_vec(&sheet(1)).unwrap(),
    );
    let (most, last) = bytes.split_at(bytes.len() - 1);
    let mut connection = Connection::open(process.address);
    connection.send(most).unwrap();
    let mut idle = Connection::open(process.address);
    idle.call("GET", "/healthz", &[], b"").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    process.terminate();
    let begin = Instant::now();
    while TcpStream::connect(process.address).is_ok() {
        assert!(
            begin.elapsed() < Duration::from_secs(3),
            "new connections are refused"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(
        idle.ends_within(Duration::from_secs(3)).is_some(),
        "an idle connection is closed"
    );
    connection.send(last).unwrap();
    assert_eq!(connection.answer("POST").unwrap().status, 201);
    let status = process.child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert_eq!(stored(folder.path()).len(), 1);
}

#[test]
fn restarts_under_load_fail_no_client_that_sends_again() {
    let folder = Folder::new().with_survey();
    let address = Mutex::new(None::<SocketAddr>);
    let is_over = AtomicBool::new(false);
    let (next, acked) = (AtomicU64::new(1), Mutex::new(BTreeSet::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let begin = Instant::now();
                    // As the widget: the same id until there is a receipt.
                    loop {
                        assert!(
                            begin.elapsed() < Duration::from_secs(15),
                            "sheet {n} found no way in"
                        );
                        let Some(address) = *address.lock().unwrap() else {
                            continue;
                        };
                        let Ok(stream) = TcpStream::connect(address) else {
                            continue;
                        };
                        stream
                            .set_read_timeout(Some(Duration::from_secs(5)))
                            .unwrap();
                        let mut connection = Connection(std::io::BufReader::new(stream));
                        match post(&mut connection, n) {
                            Ok(answer) if matches!(answer.status, 200 | 201) => break,
                            Ok(answer) => assert_eq!(answer.status, 503),
                            Err(_) => {}
                        }
                    }
                    acked.lock().unwrap().insert(n);
                }
            });
        }
        for _ in 0..10 {
            let mut process = Process::serve(folder.path());
            *address.lock().unwrap() = Some(process.address);
            std::thread::sleep(Duration::from_millis(150));
            process.terminate();
            assert_eq!(process.child.wait().unwrap().code(), Some(0));
        }
        let process = Process::serve(folder.path());
        *address.lock().unwrap() = Some(process.address);
        is_over.store(true, Ordering::Relaxed);
        while acked.lock().unwrap().len() as u64 + 1 < next.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let (acked, stored) = (acked.into_inner().unwrap(), stored(folder.path()));
    let sent = (1..next.into_inner()).collect();
    assert_eq!(ledger(&sent, &acked, &stored), (0, 0, 0));
    assert_eq!(acked, sent, "every sheet was acknowledged in the end");
}

/// Every route there is, out of the list of routes itself, with its places filled in.
fn paths() -> BTreeSet<String> {
    let source = include_str!("../../src/api/route.rs");
    let quoted = source.split('"').filter(|text| text.starts_with('/'));
    quoted
        .map(|route| {
            let mut path = route.to_owned();
            for (place, value) in [
                ("{survey}", "delivery"),
                ("{action}", "messages"),
                ("{account}", "A-7"),
            ] {
                path = path.replace(place, value);
            }
            while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
                path.replace_range(from..=to, "1");
            }
            path
        })
        .collect()
}

#[test]
fn a_panic_in_any_handler_fails_one_request_and_nothing_else() {
    // Which look at the clock panics, counted in the threads that answer requests; 0: none.
    let (looks, panics_at) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (looks_here, panics_here) = (Arc::clone(&looks), Arc::clone(&panics_at));
    let server = staffed_over(Folder::new().with_survey(), move |config| {
        config.clock = Clock::from_fn(move || {
            let thread = std::thread::current();
            if thread.name().is_some_and(|name| name.starts_with("tokio")) {
                let look = looks_here.fetch_add(1, Ordering::SeqCst) + 1;
                assert_ne!(look, panics_here.load(Ordering::SeqCst), "as told");
            }
            Timestamp(NOW)
        });
    });
    let ask = |method: &str, path: &str, body: &[u8]| {
        let headers = [JSON[0], ("authorization", "Bearer manager")];
        let headers = if path.starts_with("/v1/staff/") {
            &headers[..]
        } else {
            &headers[..1]
        };
        Connection::open(server.address)
            .call(method, path, headers, body)
            .unwrap()
            .status
    };
    let sheet_body = serde_json::to_vec(&sheet(1)).unwrap();
    let complaint = r#"{"id":"00000000000000000000000000000009","text":"又漏水了，没人管!!","stage":"use","urgency":"soon"}"#;
    let mut requests: Vec<(&str, String, Vec<u8>)> = paths()
        .into_iter()
        .flat_map(|path| {
            [
                ("GET", path.clone(), Vec::new()),
                ("POST", path, b"{}".to_vec()),
            ]
        })
        .collect();
    requests.push(("POST", "/v1/responses".to_owned(), sheet_body));
    requests.push(("POST", "/v1/complaints".to_owned(), complaint.into()));
    // A kept connection of somebody else's, beside all of it.
    let mut other = Connection::open(server.address);
    let (mut failed, mut places) = (0, BTreeSet::new());
    for (method, path, body) in &requests {
        for look in 1..=3 {
            looks.store(0, Ordering::SeqCst);
            panics_at.store(look, Ordering::SeqCst);
            let status = ask(method, path, body);
            panics_at.store(0, Ordering::SeqCst);
            if looks.load(Ordering::SeqCst) < look {
                break;
            }
            assert_eq!(status, 500, "{method} {path}, look {look}");
            failed += 1;
            places.insert(path.clone());
            let answer = other.call("GET", "/healthz", &[], b"").unwrap();
            assert_eq!(answer.status, 200);
        }
    }
    println!("{failed} panics in handlers of {} paths", places.len());
    assert!(places.len() > 20, "{places:?}");
    // Nothing is poisoned: each answers as on an endpoint where nothing ever panicked.
    let fresh = staffed_over(Folder::new().with_survey(), |_| {});
    for (method, path, body) in &requests {
        let headers = [JSON[0], ("authorization", "Bearer manager")];
        let headers = if path.starts_with("/v1/staff/") {
            &headers[..]
        } else {
            &headers[..1]
        };
        let elsewhere = Connection::open(fresh.address)
            .call(method, path, headers, body)
            .unwrap();
        let here = ask(method, path, body);
        // What was stored before its answer failed is known now.
        let is_same = here == elsewhere.status || (here, elsewhere.status) == (200, 201);
        assert!(is_same, "{method} {path}: {here} and {}", elsewhere.status);
    }
}
