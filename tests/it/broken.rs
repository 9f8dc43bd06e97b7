//! Disks that are full or fail, and databases that were damaged: no acknowledgement that is not true, no empty start.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::controls;
use crate::disk::{Disk, Fault, snapshot};
use crate::ledger::{assert_sound, deliver, is_long, ledger, stored};
use crate::support::{Answer, Connection, Folder, Process};

fn serve(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(data).env_clear();
    command
}

/// An endpoint over a disk that can fail, one client, and its ledger.
struct Rig {
    folder: Folder,
    disk: Disk,
    process: Process,
    connection: Connection,
    sent: BTreeSet<u64>,
    acked: BTreeSet<u64>,
}

impl Rig {
    fn start(command: impl FnOnce(&Path) -> Command) -> Self {
        let folder = Folder::new().with_survey();
        let disk = Disk::under(folder.path());
        let mut command = command(folder.path());
        disk.put_under(&mut command);
        let process = Process::start(&mut command);
        let connection = Connection::open(process.address);
        let (sent, acked) = Default::default();
        Self {
            folder,
            disk,
            process,
            connection,
            sent,
            acked,
        }
    }

    fn post(&mut self) -> Answer {
        let n = self.sent.len() as u64 + 1;
        self.sent.insert(n);
        let answer = deliver(&mut self.connection, n, true).unwrap();
        if matches!(answer.status, 200 | 201) {
            self.disk.acknowledge(n);
            self.acked.insert(n);
        }
        answer
    }

    /// Posts until it is refused; nothing if it never is.
    fn refused(&mut self) -> Option<Answer> {
        let answers = std::iter::repeat_with(|| self.post());
        let mut refused = answers.take(300).filter(|answer| answer.status >= 400);
        refused.next()
    }

    fn end(mut self) -> (usize, usize, usize) {
        self.process.kill();
        drop(Process::serve(self.folder.path()));
        assert_sound(self.folder.path());
        ledger(&self.sent, &self.acked, &stored(self.folder.path()))
    }
}

#[test]
fn full_disk_is_told_reading_goes_on_and_it_recovers_by_itself() {
    if controls::serves() {
        return;
    }
    let mut rig = Rig::start(serve);
    for _ in 0..20 {
        assert_eq!(rig.post().status, 201);
    }
    rig.disk.fail(Fault::NoSpace, 0);
    for _ in 0..30 {
        // What still fits into the files as they are is stored.
        if let Some(answer) = rig.refused() {
            answer.check(507, rig.folder.path());
        }
    }
    for path in ["/v1/surveys/delivery", "/s/delivery", "/healthz"] {
        let answer = rig.connection.call("GET", path, &[], b"").unwrap();
        answer.check(200, rig.folder.path());
    }
    rig.disk.fail(Fault::Nothing, 0);
    for _ in 0..20 {
        assert_eq!(rig.post().status, 201);
    }
    assert_eq!(rig.end(), (0, 0, 0));
    let test = "broken::full_disk_is_told_reading_goes_on_and_it_recovers_by_itself";
    let mut careless = Rig::start(|data| controls::command(test, "careless", data));
    careless.disk.fail(Fault::NoSpace, 0);
    (0..6).for_each(|_| drop(careless.post()));
    let (lost, _, _) = careless.end();
    assert!(lost > 0, "the control loses");
}

#[test]
fn failing_disk_is_never_acknowledged_and_the_file_is_opened_anew() {
    if controls::serves() {
        return;
    }
    let rounds = if is_long() { 50 } else { 6 };
    for fault in [Fault::Sync, Fault::Write] {
        let mut rig = Rig::start(serve);
        for k in 0..rounds {
            rig.disk.fail(fault, k);
            let answer = rig.refused();
            let answer = answer.unwrap_or_else(|| panic!("{fault:?} {k} is noticed"));
            answer.check(503, rig.folder.path());
            rig.disk.fail(Fault::Nothing, 0);
            let begin = Instant::now();
            while rig.post().status != 201 {
                assert!(begin.elapsed() < Duration::from_secs(10), "it recovers");
            }
        }
        // After a failed synchronisation nothing is acknowledged before the database was opened again.
        let (mut is_in_doubt, mut is_unsafe, mut failures) = (false, false, 0);
        for entry in rig.disk.log() {
            match (entry.op, entry.name.as_str()) {
                (b'F', "qingting.db-wal" | "qingting.db") => {
                    (is_in_doubt, failures) = (true, failures + 1);
                }
                // What a commit synchronises is the log. The file of the database itself SQLite keeps open for its locks.
                (b'O', "qingting.db-wal") => (is_in_doubt, is_unsafe) = (false, false),
                // An acknowledgement is heard of a moment later: what counts is the commit before it.
                (b'S', "qingting.db-wal") => is_unsafe |= is_in_doubt,
                (b'A', _) => assert!(!is_unsafe, "acknowledged after a failed synchronisation"),
                _ => {}
            }
        }
        assert!(
            failures >= rounds || matches!(fault, Fault::Write),
            "{failures}"
        );
        assert_eq!(rig.end(), (0, 0, 0), "{fault:?}");
    }
    let test = "broken::failing_disk_is_never_acknowledged_and_the_file_is_opened_anew";
    let mut careless = Rig::start(|data| controls::command(test, "careless", data));
    careless.disk.fail(Fault::Write, 0);
    (0..6).for_each(|_| drop(careless.post()));
    careless.disk.fail(Fault::Nothing, 0);
    let (lost, _, _) = careless.end();
    assert!(lost > 0, "the control loses");
}

#[test]
fn damaged_files_start_whole_or_not_at_all() {
    let folder = Folder::new().with_survey();
    let mut process = Process::serve(folder.path());
    let mut connection = Connection::open(process.address);
    for n in 1..=150 {
        assert_eq!(deliver(&mut connection, n, true).unwrap().status, 201);
    }
    process.kill();
    // Half of it in the database, half of it in the log.
    assert_eq!(stored(folder.path()).len(), 150);
    let mut process = Process::serve(folder.path());
    let mut connection = Connection::open(process.address);
    for n in 151..=300 {
        assert_eq!(deliver(&mut connection, n, true).unwrap().status, 201);
    }
    process.kill();
    let files = snapshot(folder.path());
    // The same with everything in the database, as after an orderly end.
    assert_eq!(stored(folder.path()).len(), 300);
    let mut closed = snapshot(folder.path());
    closed.remove("qingting.db-wal");
    let db = &closed["qingting.db"];
    let (_, wal) = (&files["qingting.db"], &files["qingting.db-wal"]);
    assert!(db.len() > 8 * 4096 && wal.len() > 8 * 4096);
    let page = |n: usize, byte: u8| {
        let mut bytes = db.clone();
        bytes[n * 4096..(n + 1) * 4096].fill(byte);
        bytes
    };
    let flipped = |bytes: &[u8], place: usize| {
        let mut bytes = bytes.to_vec();
        bytes[place] ^= 0x5a;
        bytes
    };
    let last = db.len() / 4096 - 1;
    let mut cases = vec![
        ("a page of ones", "qingting.db", Some(page(last / 2, 0xff))),
        ("a page of zeros", "qingting.db", Some(page(last / 3, 0))),
        ("the last page", "qingting.db", Some(page(last, 0xaa))),
        ("the header", "qingting.db", Some(flipped(db, 3))),
        (
            "half the database",
            "qingting.db",
            Some(db[..db.len() / 2].to_vec()),
        ),
        ("an empty database", "qingting.db", Some(Vec::new())),
        ("no database", "qingting.db", None),
        (
            "half the log",
            "qingting.db-wal",
            Some(wal[..wal.len() / 2].to_vec()),
        ),
        ("an empty log", "qingting.db-wal", Some(Vec::new())),
        ("no log", "qingting.db-wal", None),
        (
            "the log's header",
            "qingting.db-wal",
            Some(flipped(wal, 20)),
        ),
        (
            "a byte of the log",
            "qingting.db-wal",
            Some(flipped(wal, wal.len() / 2)),
        ),
        (
            "strange shared memory",
            "qingting.db-shm",
            Some(vec![7; 32768]),
        ),
        ("nothing", "none", None),
    ];
    cases.reverse();
    let mut refused = 0;
    let whole: BTreeSet<u64> = (1..=300).collect();
    for (name, file, bytes) in cases {
        let damaged = Folder::new();
        let files = if file == "qingting.db" {
            &closed
        } else {
            &files
        };
        for (name, bytes) in files {
            std::fs::write(damaged.path().join(name), bytes).unwrap();
        }
        let path = damaged.path().join(file);
        match bytes {
            Some(bytes) => std::fs::write(path, bytes).unwrap(),
            None if file != "none" => std::fs::remove_file(path).unwrap(),
            None => {}
        }
        let (code, said) = starts(damaged.path());
        match code {
            // Ended by us: it had started.
            None => assert_eq!(
                ledger(&whole, &whole, &stored(damaged.path())),
                (0, 0, 0),
                "{name}: it starts and lacks something"
            ),
            Some(code) => {
                assert_ne!(name, "nothing", "the control starts: {said}");
                assert_eq!(code, 1, "{name}: {said}");
                let is_clear =
                    said.contains("restore") || said.contains("put the newest files back");
                assert!(is_clear && said.contains("database"), "{name}: {said}");
            }
        }
        refused += usize::from(code.is_some());
        println!(
            "{name}: {}",
            if code.is_none() {
                "recovered"
            } else {
                "refused"
            }
        );
    }
    assert!(refused >= 10, "{refused}");
}

/// Starts an endpoint: its exit code and words if it ends by itself, nothing if it listens.
fn starts(data: &Path) -> (Option<i32>, String) {
    let mut child = serve(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let out = child.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).unwrap();
    let is_listening = line.contains("listening on");
    if is_listening {
        child.kill().unwrap();
    }
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).to_lowercase();
    (ended.status.code().filter(|_| !is_listening), said)
}
