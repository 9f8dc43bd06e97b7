//! Reading beside the writer: lookups for requests, and everything for export and results.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};

use super::{
    Reader, Sqlite, StoreError, SurveyState, SurveyVersion, database_path, schema, surveys,
};
use crate::api::SubmissionId;
use crate::endpoint::clock::Timestamp;

/// Connections that are kept when nobody needs them.
const KEPT: usize = 16;

/// Connections that only read. One is opened whenever none is free, and kept; clones share them, since each connection
/// holds the whole schema in memory.
#[derive(Clone, Debug)]
pub struct ReadSqlite(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    busy: Duration,
    free: Mutex<Vec<Connection>>,
    /// The connection by which commits are noticed: SQLite counts those of the others for each.
    watch: Mutex<Option<Connection>>,
}

/// Which responses are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Only this survey's.
    pub survey: Option<&'a str>,
    /// Also those that only try a survey out.
    pub tests: bool,
    /// Also those that look as if a program had filled them in.
    pub suspects: bool,
    /// Only those that name this account.
    pub account: Option<&'a str>,
    /// Only those that came in from the first moment on and before the second, Unix milliseconds.
    pub period: Option<(i64, i64)>,
}

/// A stored response, for export and results.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct StoredResponse {
    pub id: SubmissionId,
    pub survey: String,
    pub version: u32,
    pub revision: u32,
    pub complete: bool,
    pub page: Option<String>,
    pub locale: String,
    pub started_at: String,
    pub elapsed_ms: i64,
    pub received_at: Timestamp,
    pub updated_at: Timestamp,
    pub channel: String,
    pub delivery: Option<String>,
    pub account: Option<String>,
    pub contact: Option<String>,
    pub verified: bool,
    pub fields: String,
    pub answers: String,
    pub late: bool,
    pub test: bool,
    pub suspect: bool,
    pub receipt: String,
    pub superseded: bool,
}

impl ReadSqlite {
    /// Opens the database in a data folder for reading; one of a former schema is brought up to date first.
    ///
    /// # Errors
    /// When there is none, or it is of a newer schema.
    pub fn open(data: &Path, busy: Duration) -> Result<Self, StoreError> {
        let reader = Self(Arc::new(Pool {
            path: database_path(data),
            busy,
            free: Mutex::new(Vec::new()),
            watch: Mutex::new(None),
        }));
        if !reader.with(schema::check)? {
            Sqlite::open(data, busy)?;
        }
        Ok(reader)
    }

    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let pool = &*self.0;
        let free = pool
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = match free {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let result = read(&connection);
        let mut free = pool.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT {
            free.push(connection);
        }
        result
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        // Not read-only: the last reader of a WAL database must be able to make its shared memory.
        let connection = Connection::open_with_flags(
            &self.0.path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(self.0.busy)?;
        connection.pragma_update(None, "query_only", true)?;
        // Of KiB: many connections may read at once, and the system keeps the file in memory anyway.
        connection.pragma_update(None, "cache_size", -512)?;
        Ok(connection)
    }

    /// Every version of every survey, by name and number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn surveys(&self) -> Result<Vec<SurveyVersion>, StoreError> {
        self.with(|connection| {
            let mut statement =
                connection.prepare(&[surveys::VERSION, " ORDER BY survey, version"].concat())?;
            let versions = statement
                .query_map([], surveys::version)?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(versions)
        })
    }

    /// Since when the longest due step of a case has been due, whether it is by now or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn longest_due(&self) -> Result<Option<i64>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT min(wake_at) FROM cases WHERE wake_at IS NOT NULL";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([], |row| row.get(0))?)
        })
    }

    /// How many responses each survey has, tests and what looks like a program's aside: (survey, complete, partial), by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn counts(&self) -> Result<Vec<(String, u64, u64)>, StoreError> {
        self.with(|connection| {
            let mut statement =
                connection.prepare("SELECT survey, sum(complete), sum(NOT complete) FROM responses WHERE NOT test AND NOT suspect AND NOT superseded GROUP BY survey ORDER BY survey")?;
            let count = |row: &Row<'_>, column| row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or_default());
            let counts = statement.query_map([], |row| Ok((row.get(0)?, count(row, 1)?, count(row, 2)?)))?.collect::<Result<Vec<_>, _>>()?;
            Ok(counts)
        })
    }

    /// How many responses look as if a program had filled them in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn suspects(&self, survey: Option<&str>) -> Result<u64, StoreError> {
        self.with(|connection| {
            let sql =
                "SELECT count(*) FROM responses WHERE suspect AND (?1 IS NULL OR survey = ?1)";
            let mut statement = connection.prepare(sql)?;
            let n: i64 = statement.query_row([survey], |row| row.get(0))?;
            Ok(u64::try_from(n).unwrap_or_default())
        })
    }

    /// Every name that answers are stored under, in no certain order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn answer_names(&self, filter: Filter<'_>) -> Result<Vec<String>, StoreError> {
        self.with(|connection| {
            let mut statement = connection
                .prepare("SELECT DISTINCT answer.key FROM responses, json_each(responses.answers) AS answer WHERE (?1 IS NULL OR survey = ?1) AND (?2 OR NOT test) AND (?3 OR NOT suspect)")?;
            let names = statement.query_map((filter.survey, filter.tests, filter.suspects), |row| row.get(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok(names)
        })
    }

    /// The response with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn response(&self, id: SubmissionId) -> Result<Option<StoredResponse>, StoreError> {
        self.with(|connection| {
            let sql = [RESPONSE, " WHERE id = ?1"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query([id.as_bytes()])?;
            rows.next()?.map(response).transpose()
        })
    }

    /// Hands every response to `each`, in the order of arrival, without holding them all. What comes in meanwhile is not
    /// seen. Read in pages: one long read would keep the write-ahead log from being emptied for as long as it takes.
    ///
    /// # Errors
    /// When the database cannot be read, or the first error of `each`.
    pub fn for_each_response<E: From<StoreError>>(
        &self,
        filter: Filter<'_>,
        mut each: impl FnMut(StoredResponse) -> Result<(), E>,
    ) -> Result<(), E> {
        let last: Option<i64> = self.with(|connection| {
            Ok(connection.query_row("SELECT max(seq) FROM responses", [], |row| row.get(0))?)
        })?;
        let mut after = i64::MIN;
        while let Some(last) = last {
            let page = self.with(|connection| page(connection, filter, (after, last)))?;
            let Some((seq, _)) = page.last() else { break };
            after = *seq;
            for (_, response) in page {
                each(response)?;
            }
        }
        Ok(())
    }
}

/// What [`response`] reads of a row, and its place in the order of arrival.
pub(super) const RESPONSE: &str =
    "SELECT id, survey, version, revision, complete, page, locale, started_at, elapsed_ms, received_at, updated_at,
         channel, delivery, account, contact, verified, fields, answers, late, receipt, test, superseded, suspect, seq FROM responses";

/// So many responses are held at once.
const PAGE: u32 = 256;

fn page(
    connection: &Connection,
    filter: Filter<'_>,
    (after, last): (i64, i64),
) -> Result<Vec<(i64, StoredResponse)>, StoreError> {
    let sql = [
        RESPONSE,
        " WHERE (?1 IS NULL OR survey = ?1) AND (?2 OR NOT test) AND (?3 IS NULL OR account = ?3)
             AND (?4 IS NULL OR received_at >= ?4) AND (?5 IS NULL OR received_at < ?5)
             AND seq > ?6 AND seq <= ?7 AND (?8 OR NOT suspect) ORDER BY seq LIMIT ?9",
    ];
    let mut statement = connection.prepare_cached(&sql.concat())?;
    let (from, until) = filter.period.unzip();
    let mut rows = statement.query((
        filter.survey,
        filter.tests,
        filter.account,
        from,
        until,
        after,
        last,
        filter.suspects,
        PAGE,
    ))?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        page.push((row.get("seq")?, response(row)?));
    }
    Ok(page)
}

pub(super) fn response(row: &Row<'_>) -> Result<StoredResponse, StoreError> {
    Ok(StoredResponse {
        id: SubmissionId::from_bytes(row.get(0)?),
        survey: row.get(1)?,
        version: row.get(2)?,
        revision: row.get(3)?,
        complete: row.get(4)?,
        page: row.get(5)?,
        locale: row.get(6)?,
        started_at: row.get(7)?,
        elapsed_ms: row.get(8)?,
        received_at: Timestamp(row.get(9)?),
        updated_at: Timestamp(row.get(10)?),
        channel: row.get(11)?,
        delivery: row.get(12)?,
        account: row.get(13)?,
        contact: row.get(14)?,
        verified: row.get(15)?,
        fields: row.get(16)?,
        answers: row.get(17)?,
        late: row.get(18)?,
        receipt: row.get(19)?,
        test: row.get(20)?,
        superseded: row.get(21)?,
        suspect: row.get(22)?,
    })
}

impl Reader for ReadSqlite {
    fn stamp(&self) -> Result<Option<i64>, StoreError> {
        let mut watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *watch {
            Some(connection) => connection,
            none => none.insert(self.connect()?),
        };
        let mut statement = connection.prepare_cached("PRAGMA data_version")?;
        Ok(Some(statement.query_row([], |row| row.get(0))?))
    }

    fn survey(&self, survey: &str) -> Result<Option<SurveyState>, StoreError> {
        self.with(|connection| surveys::state(connection, survey))
    }

    fn version(&self, survey: &str, version: u32) -> Result<Option<SurveyVersion>, StoreError> {
        self.with(|connection| {
            let sql = [surveys::VERSION, " WHERE survey = ?1 AND version = ?2"].concat();
            Ok(connection
                .prepare_cached(&sql)?
                .query_row((survey, version), surveys::version)
                .optional()?)
        })
    }

    fn definition(&self, survey: &str, version: u32) -> Result<Option<String>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT definition FROM surveys WHERE survey = ?1 AND version = ?2",
            )?;
            Ok(statement
                .query_row((survey, version), |row| row.get(0))
                .optional()?)
        })
    }
}
