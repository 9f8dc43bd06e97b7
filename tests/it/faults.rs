//! Crashes, cuts, races and signals. A ledger of what was sent and acknowledged is held against what is stored:
//! lost = acknowledged but not stored, duplicated = stored twice, phantom = stored but never sent.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::controls;
use crate::ledger::{ledger, stored};
use crate::support::{Connection, Folder, Process, TestServer, qingting, request, sheet};

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
