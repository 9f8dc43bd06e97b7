//! Everything there is, out and in: the database as a copy while it is in use, and every row as a line of JSON.

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OpenFlags, params_from_iter};
use serde_json::{Map, Value as Json, json};

use super::{ReadSqlite, Sqlite, StoreError, database_path, schema};

/// The table that counts commits belongs to one file, not to what is in it.
const OWN: &str = "commits";

/// Why a copy broke off.
#[derive(Debug)]
pub enum CopyError {
    /// The store cannot be read or written.
    Store(StoreError),
    /// The other end cannot.
    Io(io::Error),
    /// A line is not what a copy has there.
    Line(u64, &'static str),
    /// The copy was made by a program of another schema.
    Schema {
        /// The copy's schema.
        found: u32,
        /// The newest one we know.
        known: u32,
    },
    /// There is something already.
    NotEmpty,
}

impl std::fmt::Display for CopyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Line(line, what) => write!(f, "line {line}: {what}"),
            Self::Schema { found, known } => write!(
                f,
                "the copy has schema {found}, but this program knows only up to {known}; read it in with the qingting that made it"
            ),
            Self::NotEmpty => f.write_str(
                "there is a database already; name a data folder that is empty or does not exist yet",
            ),
        }
    }
}

impl std::error::Error for CopyError {}

impl From<StoreError> for CopyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Copies the database of `data` into the folder `to`, on disk when it returns: everything that was committed when it
/// began, beside a running endpoint, without what was deleted.
///
/// # Errors
/// Then there is no copy.
pub fn back_up(data: &Path, to: &Path, busy: Duration) -> Result<(), CopyError> {
    let (copy, fresh) = (database_path(to), to.join("qingting.db.new"));
    if copy.exists() {
        return Err(CopyError::NotEmpty);
    }
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database_path(data), flags)?;
    connection.busy_timeout(busy)?;
    let name = fresh
        .to_str()
        .ok_or(CopyError::Line(0, "the folder's name is no UTF-8"))?;
    connection.execute("VACUUM INTO ?1", [name])?;
    File::open(&fresh)?.sync_all()?;
    std::fs::rename(&fresh, &copy)?;
    Ok(File::open(to)?.sync_all()?)
}

/// A table, and what its rows are ordered by. The tables behind an index of words are copied as they are, so that the index
/// needs no building.
struct Table {
    name: String,
    columns: Vec<String>,
    order: String,
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    ["\"", &name.replace('"', "\"\""), "\""].concat()
}

fn tables(connection: &Connection) -> Result<Vec<Table>, StoreError> {
    let sql = "SELECT name, wr FROM pragma_table_list
               WHERE schema = 'main' AND type IN ('table', 'shadow') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> ?1 ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([OWN], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let names = names.collect::<Result<Vec<(String, bool)>, _>>()?;
    let mut tables = Vec::new();
    for (name, is_without_rowid) in names {
        let sql = "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid";
        let mut statement = connection.prepare(sql)?;
        let columns = statement.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let columns = columns.collect::<Result<Vec<(String, u32)>, _>>()?;
        let mut keys: Vec<_> = columns.iter().filter(|(_, place)| *place > 0).collect();
        keys.sort_by_key(|(_, place)| *place);
        let keys: Vec<_> = keys.into_iter().map(|(name, _)| quoted(name)).collect();
        tables.push(Table {
            order: if is_without_rowid {
                keys.join(", ")
            } else {
                "rowid".to_owned()
            },
            columns: columns.into_iter().map(|(name, _)| name).collect(),
            name,
        });
    }
    Ok(tables)
}

impl ReadSqlite {
    /// Writes every row of every table as it stands at one moment: a line that says what this is, then one line for each
    /// row. The same content gives the same bytes. Says how many rows.
    ///
    /// # Errors
    /// When the store cannot be read or the output fails.
    pub fn dump(&self, out: &mut impl Write) -> Result<u64, CopyError> {
        let mut broken = None;
        let count = self.with(|connection| {
            let transaction = connection.unchecked_transaction()?;
            match dump(&transaction, out) {
                Ok(count) => Ok(count),
                Err(CopyError::Store(error)) => Err(error),
                Err(error) => {
                    broken = Some(error);
                    Ok(0)
                }
            }
        })?;
        broken.map_or(Ok(count), Err)
    }

    /// Where `text` stands anywhere as a whole value or within one: (table, column, rows).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn places_of(&self, text: &str) -> Result<Vec<(String, String, u64)>, StoreError> {
        self.with(|connection| {
            let mut places = Vec::new();
            for table in tables(connection)? {
                for column in &table.columns {
                    let sql = [
                        "SELECT count(*) FROM ",
                        &quoted(&table.name),
                        " WHERE instr(CAST(",
                        &quoted(column),
                        " AS BLOB), CAST(?1 AS BLOB)) > 0",
                    ];
                    let count: i64 =
                        connection.query_row(&sql.concat(), [text], |row| row.get(0))?;
                    if count > 0 {
                        let count = u64::try_from(count).unwrap_or_default();
                        places.push((table.name.clone(), column.clone(), count));
                    }
                }
            }
            Ok(places)
        })
    }
}

fn dump(connection: &Connection, out: &mut impl Write) -> Result<u64, CopyError> {
    let head = json!({"qingting": "everything", "schema": schema::version(connection)?});
    writeln!(out, "{head}")?;
    let mut count = 0;
    for table in tables(connection)? {
        let columns: Vec<_> = table.columns.iter().map(|name| quoted(name)).collect();
        let sql = [
            "SELECT ",
            &columns.join(", "),
            " FROM ",
            &quoted(&table.name),
            " ORDER BY ",
            &table.order,
        ];
        let mut statement = connection.prepare(&sql.concat())?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut line = Map::new();
            for (place, column) in table.columns.iter().enumerate() {
                line.insert(column.clone(), written(row.get_ref(place)?)?);
            }
            writeln!(out, "{}", json!({"table": table.name, "row": line}))?;
            count += 1;
        }
    }
    out.flush()?;
    Ok(count)
}

/// Bytes are `{"hex":…}`, which no text is.
fn written(value: ValueRef<'_>) -> Result<Json, StoreError> {
    let unreadable = || StoreError::Unreadable("row");
    Ok(match value {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(number),
        ValueRef::Text(text) => json!(std::str::from_utf8(text).map_err(|_| unreadable())?),
        ValueRef::Blob(bytes) => json!({"hex": hex(bytes)}),
    })
}

/// Two digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// A digest of 64 hexadecimal digits.
pub fn digest(text: &str) -> Option<[u8; 32]> {
    bytes(text)?.try_into().ok()
}

fn read(value: &Json) -> Option<Value> {
    Some(match value {
        Json::Null => Value::Null,
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Real(number.as_f64()?),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(object) => Value::Blob(bytes(object.get("hex")?.as_str()?)?),
        Json::Bool(_) | Json::Array(_) => return None,
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16)?).ok())
        .collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    let pair = |pair: &[u8]| pair.iter().fold(0, |byte, digit| byte << 4 | digit);
    Some(digits.chunks(2).map(pair).collect())
}

/// Makes a database in `data` of what [`ReadSqlite::dump`] wrote, all of it or nothing; says how many rows. A copy of an
/// older schema is brought up to date.
///
/// # Errors
/// Names the line that cannot be taken.
pub fn load(data: &Path, lines: impl BufRead, busy: Duration) -> Result<u64, CopyError> {
    let path = database_path(data);
    if path.exists() {
        return Err(CopyError::NotEmpty);
    }
    let fresh = data.join("qingting.db.new");
    let loaded = load_into(&fresh, lines);
    let close = |result: Result<u64, CopyError>| {
        if result.is_err() {
            let _ = std::fs::remove_file(&fresh);
        }
        result
    };
    let count = close(loaded)?;
    File::open(&fresh)?.sync_all()?;
    std::fs::rename(&fresh, &path)?;
    File::open(data)?.sync_all()?;
    Sqlite::open(data, busy)?;
    Ok(count)
}

fn load_into(path: &Path, lines: impl BufRead) -> Result<u64, CopyError> {
    let mut lines = (1_u64..).zip(lines.lines());
    let (_, head) = lines
        .next()
        .ok_or(CopyError::Line(1, "the file is empty"))?;
    let head: Json = serde_json::from_str(&head?).unwrap_or_default();
    let schema = head.get("schema").and_then(Json::as_u64);
    let schema = schema.filter(|_| head.get("qingting").is_some());
    let schema = schema.and_then(|schema| u32::try_from(schema).ok());
    let found = schema.ok_or(CopyError::Line(
        1,
        "this is no copy that `qingting export all` made",
    ))?;
    if found > schema::known() {
        let known = schema::known();
        return Err(CopyError::Schema { found, known });
    }
    let mut connection = Connection::open(path)?;
    schema::migrate_to(&mut connection, found)?;
    // What triggers once wrote is in the copy, too.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let transaction = connection.transaction()?;
    transaction.pragma_update(None, "defer_foreign_keys", true)?;
    let tables = tables(&transaction)?;
    for table in &tables {
        transaction.execute(&["DELETE FROM ", &quoted(&table.name)].concat(), [])?;
    }
    let mut count = 0;
    for (number, line) in lines {
        let line: Json =
            serde_json::from_str(&line?).map_err(|_| CopyError::Line(number, "this is no JSON"))?;
        let name = line.get("table").and_then(Json::as_str).unwrap_or_default();
        let table = tables.iter().find(|table| table.name == name);
        let table = table.ok_or(CopyError::Line(number, "there is no such table"))?;
        let row = line.get("row").and_then(Json::as_object);
        let row = row.filter(|row| row.len() == table.columns.len());
        let row = row.ok_or(CopyError::Line(
            number,
            "the row has other columns than its table",
        ))?;
        let values = table.columns.iter().map(|column| read(row.get(column)?));
        let values: Option<Vec<_>> = values.collect();
        let values = values.ok_or(CopyError::Line(number, "a value cannot be read"))?;
        let columns: Vec<_> = table.columns.iter().map(|name| quoted(name)).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let sql = [
            "INSERT INTO ",
            &quoted(&table.name),
            " (",
            &columns.join(", "),
            ") VALUES (",
            &places,
            ")",
        ];
        transaction
            .prepare_cached(&sql.concat())?
            .execute(params_from_iter(values))?;
        count += 1;
    }
    transaction.commit()?;
    Ok(count)
}
