//! Tables of deliveries, as spreadsheets save them: good lines are kept, bad ones are told by their numbers.

use std::collections::HashMap;
use std::fmt;
use std::io;

use crate::api::delivery::{COLUMNS, Delivery};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::store::{DeliveryRow, Sqlite, StoreError, Told};

/// Lines in one transaction: other writers wait no longer than it takes.
const AT_ONCE: usize = 200;
/// The byte order mark that spreadsheets put first.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a table cannot be read at all.
#[derive(Debug)]
pub enum TableError {
    /// The first line names a column that there is not.
    UnknownColumn(String),
    /// The first line lacks a column that is needed.
    NoColumn(&'static str),
    /// The first line names a column twice.
    ColumnTwice(String),
    /// It is no table.
    Malformed(csv::Error),
    /// The store failed; the lines before are kept, and the same table again goes on.
    Store(StoreError),
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownColumn(name) => write!(
                f,
                "the first line names a column {name:?}; there are {}",
                COLUMNS.join(", ")
            ),
            Self::NoColumn(name) => write!(
                f,
                "the first line has no column {name:?}; delivery, contact and delivered_at are needed"
            ),
            Self::ColumnTwice(name) => write!(f, "the first line names {name:?} twice"),
            Self::Malformed(error) => write!(f, "the table cannot be read: {error}"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TableError {}

impl From<StoreError> for TableError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What became of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New deliveries.
    pub new: u64,
    /// Known ones whose person has another address or language now.
    pub changed: u64,
    /// Known ones with nothing new.
    pub known: u64,
    /// Lines that were not taken: (number as a spreadsheet shows it, what is wrong).
    pub refused: Vec<(u64, String)>,
}

/// Reads a table and keeps what is good.
///
/// # Errors
/// When nothing of it can be read, or the store fails.
pub fn import(
    store: &mut Sqlite,
    table: &[u8],
    survey: Option<&str>,
    now: Timestamp,
) -> Result<Imported, TableError> {
    let table = table.strip_prefix(MARK).unwrap_or(table);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(true)
        .from_reader(table);
    let headers = reader
        .byte_headers()
        .map_err(TableError::Malformed)?
        .clone();
    let columns = columns(&headers)?;
    let mut imported = Imported::default();
    let mut waiting = Vec::new();
    let mut lines = Lines::default();
    let mut record = csv::ByteRecord::new();
    loop {
        let more = reader
            .read_byte_record(&mut record)
            .map_err(TableError::Malformed)?;
        if waiting.len() >= AT_ONCE || !more {
            keep(store, &mut waiting, &mut imported, now)?;
        }
        if !more {
            imported.refused.sort();
            return Ok(imported);
        }
        let number = lines.at(table, record.position().map_or(0, csv::Position::byte));
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        match line(&record, &columns, survey, now) {
            Ok(row) => waiting.push(row),
            Err(wrong) => imported.refused.push((number, wrong)),
        }
    }
}

/// Counts lines as spreadsheets do. The parser's own count is one behind where lines end in CR LF: it leaves the LF to the next
/// line.
struct Lines {
    place: usize,
    line: u64,
}

impl Default for Lines {
    fn default() -> Self {
        Self { place: 0, line: 1 }
    }
}

impl Lines {
    /// The number of the line that begins at `byte` or, where that is the end of the line before, behind it.
    fn at(&mut self, table: &[u8], byte: u64) -> u64 {
        let mut end = usize::try_from(byte).unwrap_or(usize::MAX).min(table.len());
        let rest = table.get(end..).unwrap_or_default();
        end += rest
            .iter()
            .take_while(|byte| b"\r\n".contains(byte))
            .count();
        let passed = table.get(self.place..end).unwrap_or_default();
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line += u64::try_from(ends).unwrap_or_default();
        self.place = end;
        self.line
    }
}

fn columns(headers: &csv::ByteRecord) -> Result<Vec<&'static str>, TableError> {
    let mut columns = Vec::new();
    for header in headers {
        let name = String::from_utf8_lossy(header).trim().to_lowercase();
        let known = COLUMNS.into_iter().find(|column| *column == name);
        let column = known.ok_or_else(|| TableError::UnknownColumn(name.clone()))?;
        if columns.contains(&column) {
            return Err(TableError::ColumnTwice(name));
        }
        columns.push(column);
    }
    let needed = ["delivery", "contact", "delivered_at"];
    match needed.into_iter().find(|column| !columns.contains(column)) {
        Some(lacking) => Err(TableError::NoColumn(lacking)),
        None => Ok(columns),
    }
}

fn line(
    record: &csv::ByteRecord,
    columns: &[&'static str],
    survey: Option<&str>,
    now: Timestamp,
) -> Result<DeliveryRow, String> {
    if record.len() > columns.len() {
        return Err(format!(
            "has {} cells, the first line has {}",
            record.len(),
            columns.len()
        ));
    }
    let mut cells = HashMap::new();
    for (column, cell) in columns.iter().zip(record) {
        let text = std::str::from_utf8(cell)
            .map_err(|_| format!("{column}: is not UTF-8; save the table as \"CSV UTF-8\""))?;
        cells.insert(*column, text);
    }
    let text = |column: &str| cells.get(column).map(|text| (*text).to_owned());
    let told = Delivery {
        delivery: text("delivery").unwrap_or_default(),
        contact: text("contact").unwrap_or_default(),
        delivered_at: text("delivered_at").unwrap_or_default(),
        kind: text("kind"),
        account: text("account"),
        mail: text("mail"),
        phone: text("phone"),
        language: text("language"),
        survey: text("survey")
            .filter(|name| !name.trim().is_empty())
            .or_else(|| survey.map(str::to_owned)),
        team: text("team"),
        region: text("region"),
        product: text("product"),
    };
    super::read(&told, now).map_err(|errors| {
        let said = errors.iter().map(|error| {
            let cell = cells.get(error.path.as_str()).copied().unwrap_or_default();
            let shown: String = cell.chars().take(60).collect();
            format!("{} {shown:?} {}", error.path, error.message)
        });
        said.collect::<Vec<_>>().join("; ")
    })
}

fn keep(
    store: &mut Sqlite,
    waiting: &mut Vec<DeliveryRow>,
    imported: &mut Imported,
    now: Timestamp,
) -> Result<(), TableError> {
    for told in store.take_deliveries(waiting, now)? {
        match told {
            Told::New(_) => imported.new += 1,
            Told::Changed(_) => imported.changed += 1,
            Told::Known(_) => imported.known += 1,
        }
    }
    waiting.clear();
    Ok(())
}

impl From<io::Error> for TableError {
    fn from(error: io::Error) -> Self {
        Self::Malformed(error.into())
    }
}
