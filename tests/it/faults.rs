//! Crashes, cuts, races and signals. A ledger of what was sent and acknowledged is held against what is stored:
//! lost = acknowledged but not stored, duplicated = stored twice, phantom = stored but never sent.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use qingting::endpoint::config::Config;
use qingting::endpoint::server::Endpoint;
use qingting::endpoint::store::{Kept, Outcome, Sheet, Sqlite, Store, StoreError};

use crate::support::{Connection, Folder, Process, TestServer, qingting, request, rows, sheet};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

fn post(connection: &mut Connection, n: u64) -> std::io::Result<crate::support::Answer> {
    connection.call(
        "POST",
        "/v1/responses",
        &JSON,
        &serde_json::to_vec(&sheet(n)).unwrap(),
    )
}

fn stored(data: &Path) -> BTreeMap<u64, usize> {
    let mut stored = BTreeMap::new();
    for row in rows(data) {
        let n = u64::from_str_radix(&row.id.to_string(), 16).unwrap();
        *stored.entry(n).or_default() += 1;
    }
    stored
}

/// Names the sheets (lost, duplicated, phantom).
fn ledger(
    sent: &BTreeSet<u64>,
    acked: &BTreeSet<u64>,
    stored: &BTreeMap<u64, usize>,
) -> (usize, usize, usize) {
    let lost = acked.iter().filter(|n| !stored.contains_key(n)).count();
    let duplicated = stored.values().filter(|count| **count > 1).count();
    let phantom = stored.keys().filter(|n| !sent.contains(n)).count();
    (lost, duplicated, phantom)
}

#[test]
fn kill_under_load_loses_and_duplicates_nothing() {
    let folder = Folder::new().with_survey();
    let (sent, acked) = (Mutex::new(BTreeSet::new()), Mutex::new(BTreeSet::new()));
    let next = AtomicU64::new(1);
    for round in 0..6_u64 {
        let begin = Instant::now();
        let mut process = Process::serve(folder.path());
        assert!(
            begin.elapsed() < Duration::from_secs(2),
            "ready again within 2 s"
        );
        let address = process.address;
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    let mut connection = Connection::open(address);
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        sent.lock().unwrap().insert(n);
                        match post(&mut connection, n) {
                            Ok(answer) if matches!(answer.status, 200 | 201) => {
                                acked.lock().unwrap().insert(n)
                            }
                            Ok(_) => continue,
                            Err(_) => break,
                        };
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(150 + round * 70));
            process.kill();
        });
    }
    let stored = stored(folder.path());
    let acked = acked.into_inner().unwrap();
    assert!(acked.len() > 100, "there was a load: {}", acked.len());
    assert_eq!(
        ledger(&sent.into_inner().unwrap(), &acked, &stored),
        (0, 0, 0),
        "of {} acknowledged",
        acked.len()
    );
    let check = rusqlite::Connection::open(folder.path().join("qingting.db")).unwrap();
    assert_eq!(
        check
            .query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
            .unwrap(),
        "ok"
    );
}

/// Acknowledges first, waits 50 ms, commits then: what must be caught.
#[derive(Debug)]
struct Lying(std::sync::mpsc::Sender<Vec<Sheet>>);

impl Lying {
    fn new(mut honest: Sqlite) -> Self {
        let (later, batches) = std::sync::mpsc::channel::<Vec<Sheet>>();
        std::thread::spawn(move || {
            for batch in batches {
                std::thread::sleep(Duration::from_millis(50));
                let _ = honest.commit(&batch);
            }
        });
        Self(later)
    }
}

impl Store for Lying {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        let _ = self.0.send(batch.to_vec());
        let kept = |sheet: &Sheet| Kept {
            receipt: sheet.receipt.clone(),
            received_at: sheet.received_at,
            revision: sheet.revision,
            complete: sheet.complete,
        };
        Ok(batch
            .iter()
            .map(|sheet| Outcome::Created(kept(sheet)))
            .collect())
    }
}

const LYING_DATA: &str = "QINGTING_TEST_LYING_DATA";

/// Serves with the lying store until it is killed: what this test's own child process does.
fn serve_lying(data: &Path) {
    let config = Config::new("127.0.0.1:0".parse().unwrap(), data.to_owned());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let endpoint = Endpoint::open_with(config, |store, reader| {
            (Lying::new(store), Arc::new(reader) as Arc<_>)
        })
        .await
        .unwrap();
        println!("\nlistening on http://{}", endpoint.address());
        endpoint.run(std::future::pending()).await;
    });
}

#[test]
fn kill_right_after_the_201_loses_nothing() {
    if let Some(data) = std::env::var_os(LYING_DATA) {
        return serve_lying(Path::new(&data));
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
    let lying = |data: &Path| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "faults::kill_right_after_the_201_loses_nothing",
                "--nocapture",
            ])
            .env(LYING_DATA, data);
        Process::start(&mut command)
    };
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
fn answer_cut_off_after_the_commit_is_given_again_on_retry() {
    let server = TestServer::start();
    let whole = {
        let mut connection = Connection::open(server.address);
        let answer = post(&mut connection, 999_999).unwrap();
        answer.body.len()
            + answer
                .headers
                .iter()
                .map(|(name, value)| name.len() + value.len() + 4)
                .sum::<usize>()
            + "HTTP/1.1 201 Created\r\n\r\n".len()
    };
    let mut rounds = 0;
    for n in 1..=60_u64 {
        // Offsets spread over nothing, the headers and the body.
        let offset = (n as usize * 37) % whole;
        let bytes = request(
            server.address,
            "POST",
            "/v1/responses",
            &JSON,
            &serde_json::to_vec(&sheet(n)).unwrap(),
        );
        let got = cut(server.address, &bytes, bytes.len(), offset);
        assert!(got.len() <= offset);
        // The widget sends again until it has a whole receipt.
        let first = post(&mut Connection::open(server.address), n).unwrap();
        let second = post(&mut Connection::open(server.address), n).unwrap();
        assert_eq!((first.receipt(), second.status), (second.receipt(), 200));
        rounds += usize::from(first.status == 200);
    }
    assert!(rounds > 50, "most cuts came after the commit: {rounds}");
    assert_eq!(server.folder.rows().len(), 61);
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
fn same_id_sixteen_times_at_once_gives_one_201_and_one_receipt() {
    let server = TestServer::start();
    let connections: Vec<_> = (0..16)
        .map(|_| Mutex::new(Connection::open(server.address)))
        .collect();
    let barrier = Barrier::new(16);
    let answers = Mutex::new(BTreeMap::<u64, Vec<_>>::new());
    std::thread::scope(|scope| {
        for connection in &connections {
            scope.spawn(|| {
                let mut connection = connection.lock().unwrap();
                for n in 1..=100 {
                    barrier.wait();
                    let answer = post(&mut connection, n).unwrap();
                    answers
                        .lock()
                        .unwrap()
                        .entry(n)
                        .or_default()
                        .push((answer.status, answer.receipt()));
                }
            });
        }
    });
    for (n, answers) in answers.into_inner().unwrap() {
        assert_eq!(
            answers.iter().filter(|(status, _)| *status == 201).count(),
            1,
            "sheet {n}"
        );
        assert!(
            answers
                .iter()
                .all(|(status, receipt)| matches!(status, 200 | 201) && *receipt == answers[0].1),
            "sheet {n}"
        );
    }
    assert_eq!(server.folder.rows().len(), 100);
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
