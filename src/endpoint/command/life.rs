//! What becomes of the data: `qingting backup | restore | export all | export person | import data | erase`.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;

use super::{BUSY, CommandError, DataFolder, open};
use crate::endpoint::calendar::Calendar;
use crate::endpoint::cases::Cases;
use crate::endpoint::clock::{Clock, Timestamp};
use crate::endpoint::keys::Keys;
use crate::endpoint::person::{self, Person};
use crate::endpoint::store::{self, CopyError, ReadSqlite, Sqlite, database_path, hex};

/// Who was erased, by digests: a copy of it is kept apart from the data folder.
const ERASED: &str = "erased";

/// Copies the data while it is in use.
#[derive(Args, Debug)]
pub(super) struct Backup {
    #[command(flatten)]
    folder: DataFolder,
    /// A folder for this copy, which has no database yet
    to: PathBuf,
    /// Leave the keys out: links to cases and receipts made by them then die with the original
    #[arg(long)]
    without_keys: bool,
}

/// Makes a data folder of a backup, looks whether it is whole, and takes out who was erased since.
#[derive(Args, Debug)]
pub(super) struct Restore {
    /// The folder of the backup
    from: PathBuf,
    /// The new data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The newest `erased` file there is: whom it names by digest does not come back
    #[arg(long, value_name = "FILE")]
    erased: Option<PathBuf>,
}

/// By what somebody is found.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(super) struct Who {
    /// The reference that you gave to the person
    #[arg(long)]
    contact: Option<String>,
    /// A mail address
    #[arg(long)]
    mail: Option<String>,
    /// A telephone number
    #[arg(long)]
    phone: Option<String>,
}

/// Takes out everything of a person, and shows that nothing is left.
#[derive(Args, Debug)]
pub(super) struct Erase {
    #[command(flatten)]
    folder: DataFolder,
    #[command(flatten)]
    who: Who,
}

impl From<Who> for Person {
    fn from(who: Who) -> Self {
        Self {
            contact: who.contact,
            mail: who.mail,
            phone: who.phone,
        }
    }
}

/// Reads and writes cases from a command, beside a running endpoint.
fn cases(data: &Path) -> Result<Cases, CommandError> {
    let (store, reader) = (Sqlite::open(data, BUSY)?, ReadSqlite::open(data, BUSY)?);
    // No date is promised by what is done here.
    Ok(Cases::new(store, reader, Calendar::usual()))
}

pub(super) fn back_up(settings: &Backup) -> Result<(), CommandError> {
    let (data, to) = (&settings.folder.data, &settings.to);
    open(data)?;
    std::fs::create_dir_all(to)?;
    let moment = Clock::system().now();
    store::back_up(data, to, BUSY)?;
    if settings.without_keys {
        writeln!(
            io::stderr(),
            "without keys: links to cases will die if the data folder is lost"
        )?;
    } else {
        copy_keys(data, to)?;
    }
    let erased = ReadSqlite::open(to, BUSY)?.erased()?;
    write_erased(to, &erased)?;
    let mut out = io::stdout();
    writeln!(
        out,
        "{}: everything that was acknowledged before {moment}",
        to.display()
    )?;
    Ok(out.flush()?)
}

/// Readable by their owner only, on disk when it returns.
fn copy_keys(from: &Path, to: &Path) -> Result<(), CommandError> {
    let keys = std::fs::read(from.join("keys"))?;
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to.join("keys"))?;
    file.write_all(&keys)?;
    file.sync_all()?;
    Ok(File::open(to)?.sync_all()?)
}

fn write_erased(folder: &Path, erased: &[[u8; 32]]) -> io::Result<()> {
    let lines: String = erased.iter().map(|digest| hex(digest) + "\n").collect();
    let fresh = folder.join("erased.new");
    let mut file = File::create(&fresh)?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(fresh, folder.join(ERASED))
}

pub(super) fn restore(settings: &Restore) -> Result<(), CommandError> {
    let (from, data) = (&settings.from, &settings.data);
    open(from)?;
    if database_path(data).exists() {
        return Err(CopyError::NotEmpty.into());
    }
    std::fs::create_dir_all(data)?;
    let fresh = data.join("qingting.db.new");
    std::fs::copy(database_path(from), &fresh)?;
    File::open(&fresh)?.sync_all()?;
    std::fs::rename(&fresh, database_path(data))?;
    if from.join("keys").exists() {
        copy_keys(from, data)?;
    }
    let mut store = Sqlite::open(data, BUSY)?;
    store.check(u64::MAX)?;
    let (reader, keys) = (ReadSqlite::open(data, BUSY)?, Keys::open(data)?);
    let mut erased = reader.erased()?;
    if let Some(path) = &settings.erased {
        let digest = |line: &str| store::digest(line.trim());
        erased.extend(std::fs::read_to_string(path)?.lines().filter_map(digest));
        erased.sort_unstable();
        erased.dedup();
    }
    let cases = cases(data)?;
    let now = Clock::system().now();
    let found = person::replay(&reader, &mut store, &cases, &keys, &erased, now)?;
    write_erased(data, &erased)?;
    let verified = Cases::verify(&reader, &keys)?;
    if !verified.damaged.is_empty() {
        return Err(CommandError::Damaged(verified.damaged.len()));
    }
    let all = verified.cases;
    let sheets: u64 = reader
        .counts()?
        .iter()
        .map(|(_, whole, part)| whole + part)
        .sum();
    let mut out = io::stdout();
    writeln!(
        out,
        "{}: {sheets} answer sheets, {all} cases as they were written, {found} records of erased people taken out",
        data.display()
    )?;
    Ok(out.flush()?)
}

pub(super) fn export_all(data: &Path) -> Result<(), CommandError> {
    let mut out = BufWriter::new(io::stdout().lock());
    open(data)?.dump(&mut out)?;
    Ok(out.flush()?)
}

pub(super) fn import_all(data: &Path, file: &Path) -> Result<(), CommandError> {
    std::fs::create_dir_all(data)?;
    let lines = BufReader::new(File::open(file)?);
    let count = store::load(data, lines, BUSY)?;
    let mut out = io::stdout();
    writeln!(
        out,
        "{}: {count} rows; put the file `keys` of the original there, too, or links to cases die",
        data.display()
    )?;
    Ok(out.flush()?)
}

pub(super) fn export_person(data: &Path, who: Who) -> Result<(), CommandError> {
    let reader = open(data)?;
    let cases = cases(data)?;
    let found = Person::from(who).find(&reader, &cases)?;
    let mut out = BufWriter::new(io::stdout().lock());
    Ok(found.write(&cases, &mut out)?)
}

pub(super) fn erase(settings: Erase) -> Result<(), CommandError> {
    let data = settings.folder.data;
    let (reader, mut store) = (open(&data)?, Sqlite::open(&data, BUSY)?);
    let (cases, keys) = (cases(&data)?, Keys::open(&data)?);
    let person = Person::from(settings.who);
    let found = person.find(&reader, &cases)?;
    let people = person.digests(&keys);
    let now: Timestamp = Clock::system().now();
    let markers = found.markers(&person);
    let named = found.erase(&mut store, &cases, (&keys, &people), &markers, now)?;
    store.erase_contacts(person.named(), now.0)?;
    write_erased(&data, &reader.erased()?)?;
    let open: Vec<_> = found.cases.iter().filter(|case| case.is_open).collect();
    for case in open {
        writeln!(
            io::stderr(),
            "{} is still open, without words from now on",
            case.number
        )?;
    }
    let mut out = io::stdout();
    writeln!(
        out,
        "erased {} answer sheets, {} cases, {} requests, suggestions and praise; {named} texts of staff name them no more",
        found.responses.len(),
        found.cases.len(),
        found.feedback.len()
    )?;
    // A process that closes a file of the database loses its locks on it: nothing of it is open while bytes are read.
    drop((reader, store, cases));
    prove(&data, &markers)?;
    writeln!(
        out,
        "looked through every byte of {} for {} texts of theirs: none is left. Backups keep them until they are let go; \
         `restore --erased` takes them out",
        data.display(),
        markers.len()
    )?;
    Ok(out.flush()?)
}

/// Shows that nothing is left.
fn prove(data: &Path, markers: &[String]) -> Result<(), CommandError> {
    let begin = Instant::now();
    loop {
        let is_settled = Sqlite::open(data, BUSY)?.settle()?;
        let files = person::remains(data, markers)?;
        if files.is_empty() {
            return Ok(());
        }
        let reader = open(data)?;
        let mut places = Vec::new();
        for marker in markers {
            places.extend(reader.places_of(marker)?);
        }
        if !places.is_empty() || begin.elapsed() > 4 * BUSY {
            places.sort();
            places.dedup();
            let columns = places.iter();
            let columns = columns.map(|(table, column, rows)| format!("{table}.{column} ({rows})"));
            return Err(CommandError::Remains(
                files.into_iter().chain(columns).collect(),
            ));
        }
        // Only between the rows: where they once were, or where somebody still reads them.
        if is_settled {
            Sqlite::open(data, BUSY)?.compact()?;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
