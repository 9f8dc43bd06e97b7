//! Ledgers: what was sent and acknowledged is held against what is stored. lost = acknowledged but not stored, duplicated =
//! stored twice, phantom = stored but never sent. Each way of losing is shown to be noticed by a control that does lose.
//!
//! `QINGTING_SOAK=1` (`make soak`) makes them long.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use qingting::endpoint::store::{Sqlite, StoreError, database_path};

use crate::controls::{self, Forgetful};
use crate::disk::{Chance, Disk, after_cuts, snapshot};
use crate::support::{Answer, Connection, Folder, Process, TestServer, request, sheet};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];
const BUSY: Duration = Duration::from_secs(5);

pub fn is_long() -> bool {
    std::env::var_os("QINGTING_SOAK").is_some()
}

/// Sends sheet `n`; every tenth is a complaint with a photo instead, where `mixed`. The answer is the last one's.
pub fn deliver(connection: &mut Connection, n: u64, mixed: bool) -> std::io::Result<Answer> {
    if !(mixed && n % 10 == 7) {
        let body = serde_json::to_vec(&sheet(n)).unwrap();
        return connection.call("POST", "/v1/responses", &JSON, &body);
    }
    let photo = connection.call(
        "POST",
        &format!("/v1/attachments/{n:032x}"),
        &[("content-type", "image/png")],
        PHOTO,
    )?;
    if !matches!(photo.status, 200 | 201) {
        return Ok(photo);
    }
    let body = format!(
        r#"{{"id":"{n:032x}","text":"第{n}箱又少了两件，打了三次电话没人接!!","stage":"delivery","urgency":"soon","photos":["{n:032x}"]}}"#
    );
    connection.call("POST", "/v1/complaints", &JSON, body.as_bytes())
}

/// One grey pixel.
const PHOTO: &[u8] = include_bytes!("../fixtures/pixel.png");

/// How often each sheet or complaint is stored; a complaint without its photo is not.
pub fn stored(data: &Path) -> BTreeMap<u64, usize> {
    let connection = rusqlite::Connection::open(database_path(data)).unwrap();
    let sql = "SELECT id FROM responses
               UNION ALL SELECT cases.id FROM cases JOIN attachments ON attachments.id = cases.id AND case_id = cases.id";
    let mut statement = connection.prepare(sql).unwrap();
    let ids = statement.query_map([], |row| row.get::<_, [u8; 16]>(0));
    let mut stored = BTreeMap::new();
    for id in ids.unwrap() {
        let n = u128::from_be_bytes(id.unwrap());
        *stored.entry(u64::try_from(n).unwrap()).or_default() += 1;
    }
    stored
}

/// (lost, duplicated, phantom).
pub fn ledger(
    sent: &BTreeSet<u64>,
    acked: &BTreeSet<u64>,
    stored: &BTreeMap<u64, usize>,
) -> (usize, usize, usize) {
    let lost = acked.iter().filter(|n| !stored.contains_key(n)).count();
    let duplicated = stored.values().filter(|count| **count > 1).count();
    let phantom = stored.keys().filter(|n| !sent.contains(n)).count();
    (lost, duplicated, phantom)
}

pub fn assert_sound(data: &Path) {
    let check = rusqlite::Connection::open(database_path(data)).unwrap();
    let integrity = check.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    assert_eq!(integrity.unwrap(), "ok");
    let mut keys = check.prepare("PRAGMA foreign_key_check").unwrap();
    assert!(!keys.exists([]).unwrap(), "every reference leads somewhere");
}

/// Clients that send until their connection ends; `acknowledged` hears of every acknowledgement.
#[derive(Debug, Default)]
struct Clients {
    next: AtomicU64,
    sent: Mutex<BTreeSet<u64>>,
    acked: Mutex<BTreeSet<u64>>,
}

impl Clients {
    fn run(
        &self,
        address: SocketAddr,
        mixed: bool,
        is_over: &AtomicBool,
        acknowledged: &(dyn Fn(u64) + Sync),
    ) {
        let Ok(stream) = TcpStream::connect(address) else {
            return;
        };
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut connection = Connection(std::io::BufReader::new(stream));
        while !is_over.load(Ordering::Relaxed) {
            let n = self.next.fetch_add(1, Ordering::Relaxed) + 1;
            self.sent.lock().unwrap().insert(n);
            match deliver(&mut connection, n, mixed) {
                Ok(answer) if matches!(answer.status, 200 | 201) => {
                    acknowledged(n);
                    self.acked.lock().unwrap().insert(n);
                }
                Ok(answer) => assert!(matches!(answer.status, 503 | 507), "{}", answer.text()),
                Err(_) => break,
            }
        }
    }
}

fn forgetful() -> TestServer {
    TestServer::start_over(
        Folder::new().with_survey(),
        |_| {},
        |store, reader| (Forgetful::new(store), Arc::new(reader)),
    )
}

#[test]
fn kill_under_load_loses_and_duplicates_nothing() {
    if controls::serves() {
        return;
    }
    let rounds = if is_long() { 200 } else { 6 };
    let serve = |data: &Path| Process::serve(data);
    let (acked, found) = kill_under_load(rounds, true, &serve);
    println!("{rounds} kills, {acked} acknowledged: lost, duplicated, phantom {found:?}");
    assert!(acked > 100, "there was a load: {acked}");
    assert_eq!(found, (0, 0, 0), "of {acked} acknowledged");
    let lying = |data: &Path| {
        let test = "ledger::kill_under_load_loses_and_duplicates_nothing";
        Process::start(&mut controls::command(test, "lying", data))
    };
    let (acked, (lost, _, _)) = kill_under_load(2, false, &lying);
    assert!(lost > 0, "the control loses some of {acked}");
}

fn kill_under_load(
    rounds: u64,
    mixed: bool,
    start: &dyn Fn(&Path) -> Process,
) -> (usize, (usize, usize, usize)) {
    let folder = Folder::new().with_survey();
    let clients = Clients::default();
    let mut chance = Chance(1);
    for _ in 0..rounds {
        let begin = Instant::now();
        let mut process = start(folder.path());
        // Two seconds are promised; a machine that compiles beside it may take longer.
        assert!(begin.elapsed() < Duration::from_secs(10), "ready again");
        if is_long() {
            assert_sound(folder.path());
        }
        let address = process.address;
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| clients.run(address, mixed, &is_over, &|_| {}));
            }
            std::thread::sleep(Duration::from_millis(150 + chance.below(350)));
            process.kill();
        });
    }
    // Opened by the endpoint itself first, as after any crash.
    drop(Process::serve(folder.path()));
    assert_sound(folder.path());
    let acked = clients.acked.into_inner().unwrap();
    let sent = clients.sent.into_inner().unwrap();
    (acked.len(), ledger(&sent, &acked, &stored(folder.path())))
}

#[test]
fn power_cuts_lose_nothing_and_without_full_synchronisation_would() {
    if controls::serves() {
        return;
    }
    let (runs, cuts) = if is_long() { (10, 10) } else { (2, 8) };
    let (mut all, mut owed) = (0, 0);
    for run in 0..runs {
        let mut serve = |data: &Path| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
            command.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
            command.arg(data).env_clear();
            command
        };
        for (acked, found) in cut_power(&mut serve, run, cuts, true) {
            assert_eq!(found, (0, 0, 0), "of {acked} acknowledged");
            (all, owed) = (all + 1, owed + acked);
        }
    }
    println!("{all} power cuts, {owed} acknowledged before them: nothing lost");
    assert!(owed > 100, "there was a load: {owed}");
    let test = "ledger::power_cuts_lose_nothing_and_without_full_synchronisation_would";
    let mut normal = |data: &Path| controls::command(test, "normal", data);
    let cuts = cut_power(&mut normal, 99, 10, false);
    let losing = cuts.iter().filter(|(_, (lost, _, _))| *lost > 0).count();
    println!(
        "with synchronous=NORMAL {losing} of {} cuts lose",
        cuts.len()
    );
    assert!(losing >= 9, "the control loses: {cuts:?}");
}

/// Lets clients send for a while, then cuts the power at `cuts` places: half of them anywhere, half right before or after a
/// synchronisation; in the control right after somebody was told that a sheet is stored, because a checkpoint, which
/// synchronises what came before, takes up much of the log and few acknowledgements. For each: how many were acknowledged
/// by then, and the ledger.
fn cut_power(
    command: &mut dyn FnMut(&Path) -> Command,
    seed: u64,
    cuts: usize,
    mixed: bool,
) -> Vec<(usize, (usize, usize, usize))> {
    let folder = Folder::new().with_survey();
    let before = snapshot(folder.path());
    let disk = Disk::under(folder.path());
    let mut command = command(folder.path());
    disk.put_under(&mut command);
    let mut process = Process::start(&mut command);
    let (clients, is_over) = (Clients::default(), AtomicBool::new(false));
    let address = process.address;
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| clients.run(address, mixed, &is_over, &|n| disk.acknowledge(n)));
        }
        std::thread::sleep(Duration::from_millis(700));
        is_over.store(true, Ordering::Relaxed);
    });
    process.kill();
    let log = disk.log();
    let first = log.iter().position(|entry| entry.op == b'A').unwrap();
    let syncs: Vec<_> = (first..log.len())
        .filter(|place| log[*place].op == b'S')
        .collect();
    let acknowledgements: Vec<_> = (first..log.len())
        .filter(|place| log[*place].op == b'A')
        .collect();
    let mut chance = Chance(seed);
    let mut places: Vec<_> = (0..cuts)
        .map(|cut| {
            let below = |chance: &mut Chance, most: usize| chance.below(most as u64) as usize;
            if !mixed {
                acknowledgements[below(&mut chance, acknowledgements.len())] + 1
            } else if cut % 2 == 0 || syncs.is_empty() {
                first + 1 + below(&mut chance, log.len() - first)
            } else {
                syncs[below(&mut chance, syncs.len())] + below(&mut chance, 2)
            }
        })
        .collect();
    places.sort_unstable();
    let sent = clients.sent.into_inner().unwrap();
    let mut outcomes = Vec::new();
    after_cuts(&before, &log, &places, &mut chance, |cut, found| {
        let acked: BTreeSet<_> = log[..cut]
            .iter()
            .filter(|entry| entry.op == b'A')
            .map(|entry| entry.place)
            .collect();
        // A database that says itself that it lost something has lost it all the same.
        let stored = match Sqlite::open(found.path(), BUSY) {
            Ok(_) => {
                assert_sound(found.path());
                stored(found.path())
            }
            Err(StoreError::Behind { .. }) => BTreeMap::new(),
            Err(error) => panic!("{error}"),
        };
        outcomes.push((acked.len(), ledger(&sent, &acked, &stored)));
    });
    outcomes
}

/// A proxy that hands the request on and `answer` bytes back, then cuts both ways.
fn answer_cut(server: SocketAddr, bytes: &[u8], answer: usize) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut inside, _) = listener.accept().unwrap();
    client.write_all(bytes).unwrap();
    let mut taken = vec![0; bytes.len()];
    inside.read_exact(&mut taken).unwrap();
    let mut upstream = TcpStream::connect(server).unwrap();
    upstream.set_read_timeout(Some(BUSY)).unwrap();
    upstream.write_all(&taken).unwrap();
    let mut back = vec![0; answer];
    // Nothing of the answer is waited for where nothing is handed on.
    if answer > 0 && upstream.read_exact(&mut back).is_ok() {
        inside.write_all(&back).unwrap();
    }
    drop((inside, upstream));
    let mut got = Vec::new();
    let _ = client.read_to_end(&mut got);
    assert!(got.len() <= answer);
}

/// Sends each of `rounds` sheets, loses its acknowledgement, and sends it again until there is a receipt: how many first
/// tries had been stored.
fn lose_acknowledgements(server: &TestServer, rounds: u64) -> usize {
    let body = |n| serde_json::to_vec(&sheet(n)).unwrap();
    let whole = {
        let mut connection = Connection::open(server.address);
        let answer = deliver(&mut connection, 999_999, false).unwrap();
        let headers = answer.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.len() + value.len() + 4)
            .sum();
        answer.body.len() + headers + "HTTP/1.1 201 Created\r\n\r\n".len()
    };
    let (mut chance, mut known) = (Chance(4), 0);
    for n in 1..=rounds {
        let bytes = request(server.address, "POST", "/v1/responses", &JSON, &body(n));
        let offset = chance.below(whole as u64) as usize;
        answer_cut(server.address, &bytes, offset);
        // The widget sends again until it has a whole receipt.
        let first = deliver(&mut Connection::open(server.address), n, false).unwrap();
        let second = deliver(&mut Connection::open(server.address), n, false).unwrap();
        assert_eq!(first.receipt().receipt, second.receipt().receipt);
        known += usize::from(first.status == 200);
    }
    known
}

#[test]
fn acknowledgement_that_is_lost_anywhere_is_given_again_on_retry() {
    let rounds = if is_long() { 1_000 } else { 60 };
    let server = TestServer::start();
    let known = lose_acknowledgements(&server, rounds);
    println!("{rounds} acknowledgements lost, {known} of them after the commit");
    assert!(
        known * 10 > rounds as usize * 8,
        "most cuts came after the commit: {known}"
    );
    let (stored, sent) = (
        stored(server.folder.path()),
        (1..=rounds).chain([999_999]).collect(),
    );
    assert_eq!(ledger(&sent, &sent, &stored), (0, 0, 0));
    let control = forgetful();
    lose_acknowledgements(&control, 5);
    assert!(control.folder.rows().len() > 6, "the control stores twice");
}

/// Sends each of `rounds` sheets sixteen times at once; how many answers said that it was new.
fn at_once(server: &TestServer, rounds: u64) -> usize {
    let connections: Vec<_> = (0..16)
        .map(|_| Mutex::new(Connection::open(server.address)))
        .collect();
    let barrier = Barrier::new(16);
    let answers = Mutex::new(BTreeMap::<u64, Vec<_>>::new());
    std::thread::scope(|scope| {
        for connection in &connections {
            scope.spawn(|| {
                let mut connection = connection.lock().unwrap();
                for n in 1..=rounds {
                    barrier.wait();
                    let answer = deliver(&mut connection, n, false).unwrap();
                    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                    let mut answers = answers.lock().unwrap();
                    answers.entry(n).or_default().push(answer);
                }
            });
        }
    });
    let answers = answers.into_inner().unwrap();
    for (n, answers) in &answers {
        let receipt = answers[0].receipt().receipt;
        let same = |answer: &Answer| answer.receipt().receipt == receipt;
        assert!(answers.iter().all(same), "sheet {n}");
    }
    let all = answers.values().flatten();
    all.filter(|answer| answer.status == 201).count()
}

#[test]
fn same_id_sixteen_times_at_once_gives_one_201_and_one_receipt() {
    let server = TestServer::start();
    assert_eq!(at_once(&server, 100), 100);
    assert_eq!(server.folder.rows().len(), 100);
    let control = forgetful();
    assert!(at_once(&control, 3) > 3, "the control takes each for new");
}
