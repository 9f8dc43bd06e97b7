//! A disk whose power can be cut and that can fail: a library around one process's file calls, and the folder as it would
//! be found after the cut.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use crate::support::Folder;

/// What fails from now on.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Nothing = 0,
    /// No file grows.
    NoSpace = 1,
    /// Synchronising fails.
    Sync = 2,
    /// Writing fails.
    Write = 3,
}

/// The watch over one data folder.
#[derive(Debug)]
pub struct Disk {
    beside: Folder,
    data: PathBuf,
    acknowledged: Mutex<File>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    pub op: u8,
    pub name: String,
    pub place: u64,
    bytes: Vec<u8>,
}

/// SplitMix64: the same cuts every time.
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }
}

/// The library, built once for this run.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<(Folder, PathBuf)> = OnceLock::new();
    let (_, path) = LIBRARY.get_or_init(|| {
        let folder = Folder::new();
        let path = folder.path().join("disk.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/disk.c");
        let mut command = Command::new("cc");
        command.args(["-Wall", "-Werror", "-shared", "-fPIC", "-O1", "-o"]);
        command.arg(&path).arg(source).args(["-ldl", "-lpthread"]);
        assert!(command.status().unwrap().success(), "cc builds disk.c");
        (folder, path)
    });
    path
}

impl Disk {
    pub fn under(data: &Path) -> Self {
        let beside = Folder::new();
        std::fs::write(beside.path().join("control"), [0; 8]).unwrap();
        let mut options = OpenOptions::new();
        let log = options.append(true).create(true);
        let log = log.open(beside.path().join("log")).unwrap();
        Self {
            beside,
            data: data.to_owned(),
            acknowledged: Mutex::new(log),
        }
    }

    /// Puts the disk under a process that is not started yet.
    pub fn put_under(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", library())
            .env("QINGTING_DISK_FOLDER", &self.data)
            .env("QINGTING_DISK_LOG", self.beside.path().join("log"))
            .env("QINGTING_DISK_CONTROL", self.beside.path().join("control"));
    }

    /// Lets the disk fail after `first` more times in which it works.
    pub fn fail(&self, fault: Fault, first: u32) {
        let control = OpenOptions::new()
            .write(true)
            .open(self.beside.path().join("control"))
            .unwrap();
        control.write_all_at(&first.to_le_bytes(), 4).unwrap();
        control
            .write_all_at(&(fault as u32).to_le_bytes(), 0)
            .unwrap();
    }

    /// Notes that sheet `n` was acknowledged.
    pub fn acknowledge(&self, n: u64) {
        let entry = [&b"A\0"[..], &n.to_le_bytes(), &[0; 4]].concat();
        self.acknowledged.lock().unwrap().write_all(&entry).unwrap();
    }

    /// Everything that happened, in order.
    pub fn log(&self) -> Vec<Entry> {
        let bytes = std::fs::read(self.beside.path().join("log")).unwrap();
        let mut rest = bytes.as_slice();
        let mut take = |count: usize| {
            let (taken, left) = rest.split_at_checked(count)?;
            rest = left;
            Some(taken.to_vec())
        };
        let mut entries = Vec::new();
        while let Some(head) = take(2) {
            // The last entry of a killed process may be cut off.
            let mut read = || {
                let name = take(usize::from(head[1]))?;
                let place = u64::from_le_bytes(take(8)?.try_into().unwrap());
                let length = u32::from_le_bytes(take(4)?.try_into().unwrap());
                Some(Entry {
                    op: head[0],
                    name: String::from_utf8(name).unwrap(),
                    place,
                    bytes: take(length as usize)?,
                })
            };
            let Some(entry) = read() else { break };
            entries.push(entry);
        }
        entries
    }
}

/// A file as the disk has it, and what the kernel still holds back.
#[derive(Clone, Debug, Default)]
struct Kept {
    durable: Option<Vec<u8>>,
    pending: Vec<Entry>,
}

/// The files of a folder.
pub fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    files
        .filter(|file| file.file_type().unwrap().is_file())
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, std::fs::read(file.path()).unwrap())
        })
        .filter(|(name, _)| !name.ends_with("-shm"))
        .collect()
}

/// For each of `cuts`, places in the log in rising order, the folder that is found when the power comes back: every file as
/// of its last synchronisation, and any part of what was written later.
pub fn after_cuts(
    before: &BTreeMap<String, Vec<u8>>,
    log: &[Entry],
    cuts: &[usize],
    chance: &mut Chance,
    mut found: impl FnMut(usize, &Folder),
) {
    let mut files: BTreeMap<String, Kept> = before
        .iter()
        .map(|(name, bytes)| {
            let durable = Some(bytes.clone());
            let pending = Vec::new();
            (name.clone(), Kept { durable, pending })
        })
        .collect();
    let mut cuts = cuts.iter().copied().peekable();
    for (place, entry) in log.iter().enumerate() {
        while let Some(cut) = cuts.next_if(|cut| *cut <= place) {
            found(cut, &rebuilt(&files, chance));
        }
        let file = files.entry(entry.name.clone());
        match entry.op {
            b'W' | b'T' => file.or_default().pending.push(entry.clone()),
            b'O' if entry.place == 1 => {
                let cleared = Entry {
                    op: b'T',
                    place: 0,
                    ..entry.clone()
                };
                file.or_default().pending.push(cleared);
            }
            b'S' => {
                let file = file.or_default();
                let mut durable = file.durable.take().unwrap_or_default();
                file.pending
                    .drain(..)
                    .for_each(|entry| apply(&mut durable, &entry));
                file.durable = Some(durable);
            }
            b'U' => drop(files.remove(&entry.name)),
            b'R' => {
                let moved = files.remove(&entry.name).unwrap_or_default();
                files.insert(String::from_utf8(entry.bytes.clone()).unwrap(), moved);
            }
            _ => {}
        }
    }
    for cut in cuts {
        found(cut, &rebuilt(&files, chance));
    }
}

fn rebuilt(files: &BTreeMap<String, Kept>, chance: &mut Chance) -> Folder {
    let folder = Folder::new();
    for (name, Kept { durable, pending }) in files.iter().filter(|(name, _)| !name.is_empty()) {
        let mut bytes = durable.clone();
        // Nothing of what was not synchronised, a random part of it, or everything but a random part.
        let share = chance.below(4) * 32;
        for entry in pending.iter().filter(|_| chance.below(100) < share) {
            apply(bytes.get_or_insert_default(), entry);
        }
        if let Some(bytes) = bytes {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
    }
    folder
}

fn apply(file: &mut Vec<u8>, entry: &Entry) {
    let place = usize::try_from(entry.place).unwrap();
    if entry.op == b'T' {
        file.resize(place, 0);
        return;
    }
    let end = place + entry.bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[place..end].copy_from_slice(&entry.bytes);
}
