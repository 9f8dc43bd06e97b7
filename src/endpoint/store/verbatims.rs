//! What customers said, wherever they said it, newest first: and who of staff has read it, and how it was coded.

use rusqlite::{OptionalExtension, Row};

use super::{ReadSqlite, Sqlite, StoreError};
use crate::api::SubmissionId;
use crate::complaint::StaffId;

/// Something of a customer's that may hold words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenRow {
    /// When it came in, or was last added to, Unix milliseconds.
    pub at: i64,
    /// Its name: `response-…`, `case-…` or `feedback-…`, ids in hexadecimal digits, and for a case `-` and the event.
    pub key: String,
    /// The account that it names.
    pub account: Option<String>,
    /// The survey and its version; the case's or the feedback's number.
    pub source: String,
    /// The survey's version; 0 elsewhere.
    pub version: u32,
    /// The answers; or the words, as a list of (field, text).
    pub words: String,
}

/// Where a page of them begins: after what stands at this place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Its moment.
    pub at: i64,
    /// Its name.
    pub key: String,
}

/// Every arm is cut by itself, so that each runs along its own index.
const SPOKEN: &str = "
    SELECT * FROM (
        SELECT updated_at AS at, 'response-' || lower(hex(id)) AS key, account, survey, version, answers
        FROM responses WHERE NOT test AND updated_at <= ?1 AND (updated_at < ?1 OR 'response-' || lower(hex(id)) > ?2)
        ORDER BY updated_at DESC, id LIMIT ?3)
    UNION ALL SELECT * FROM (
        SELECT event.at, 'case-' || lower(hex(event.id)) || '-' || event.seq AS key,
            (SELECT change ->> '$.with.account' FROM case_events AS first WHERE first.id = event.id AND first.seq = 1),
            (SELECT number FROM cases WHERE cases.id = event.id), 0, words
        FROM case_events AS event JOIN case_words USING (id, seq)
        WHERE (event.actor = '\"customer\"' OR event.seq = 1) AND event.at <= ?1
            AND (event.at < ?1 OR 'case-' || lower(hex(event.id)) || '-' || event.seq > ?2)
        ORDER BY event.at DESC, key LIMIT ?3)
    UNION ALL SELECT * FROM (
        SELECT received_at, 'feedback-' || lower(hex(id)) AS key, account, number, 0, words
        FROM feedback WHERE intent <> 'complaint' AND received_at <= ?1
            AND (received_at < ?1 OR 'feedback-' || lower(hex(id)) > ?2)
        ORDER BY received_at DESC, id LIMIT ?3)
    ORDER BY at DESC, key LIMIT ?3";

/// The same for one name, in the parts of the name.
const RESPONSE: &str = "SELECT updated_at, ?3, account, survey, version, answers FROM responses
    WHERE id = ?1 AND ?2 = 0 AND NOT test";
const CASE: &str = "SELECT event.at, ?3,
        (SELECT change ->> '$.with.account' FROM case_events AS first WHERE first.id = event.id AND first.seq = 1),
        (SELECT number FROM cases WHERE cases.id = event.id), 0, words
    FROM case_events AS event JOIN case_words USING (id, seq)
    WHERE event.id = ?1 AND event.seq = ?2 AND (event.actor = '\"customer\"' OR event.seq = 1)";
const FEEDBACK: &str = "SELECT received_at, ?3, account, number, 0, words FROM feedback
    WHERE id = ?1 AND ?2 = 0 AND intent <> 'complaint'";

/// The parts of a name: where to look, the id, and a case's event.
fn named(key: &str) -> Option<(&'static str, [u8; 16], u32)> {
    let mut parts = key.split('-');
    let (kind, id, seq) = (parts.next()?, parts.next()?, parts.next());
    let id = SubmissionId::parse(id)?;
    let id = *id.as_bytes();
    match (kind, seq, parts.next()) {
        ("response", None, None) => Some((RESPONSE, id, 0)),
        ("feedback", None, None) => Some((FEEDBACK, id, 0)),
        ("case", Some(seq), None) => Some((CASE, id, seq.parse().ok()?)),
        _ => None,
    }
}

impl ReadSqlite {
    /// What customers said, the newest first, behind `after`. No score, state or channel is asked for: everything is there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn spoken(&self, after: &After, most: u32) -> Result<Vec<SpokenRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(SPOKEN)?;
            let rows = statement.query_map((after.at, &after.key, most), spoken)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The one of this name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn spoken_one(&self, key: &str) -> Result<Option<SpokenRow>, StoreError> {
        let Some((arm, id, seq)) = named(key) else {
            return Ok(None);
        };
        self.with(|connection| {
            let mut statement = connection.prepare_cached(arm)?;
            let found = statement.query_row((id, seq, key), spoken);
            Ok(found.optional()?)
        })
    }

    /// Who has read it, and when, the first first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn readers_of(&self, verbatim: &str) -> Result<Vec<(StaffId, i64)>, StoreError> {
        self.with(|connection| {
            let sql =
                "SELECT reader, at FROM verbatim_reads WHERE verbatim = ?1 ORDER BY at, reader";
            let mut statement = connection.prepare_cached(sql)?;
            let rows =
                statement.query_map([verbatim], |row| Ok((StaffId(row.get(0)?), row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// How somebody coded it: version, and the themes as JSON.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn coding(&self, verbatim: &str) -> Result<Option<(u32, String)>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT version, themes FROM verbatim_codings WHERE verbatim = ?1 ORDER BY version DESC LIMIT 1";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row([verbatim], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(found.optional()?)
        })
    }
}

impl Sqlite {
    /// Notes that somebody has read it; the first time counts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn read_verbatim(
        &mut self,
        verbatim: &str,
        reader: StaffId,
        at: i64,
    ) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        transaction.execute(
            "INSERT INTO verbatim_reads (verbatim, reader, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            (verbatim, reader.0, at),
        )?;
        Ok(transaction.commit()?)
    }

    /// Notes how somebody codes it, over version `known` of that, 0 for the first; false if somebody was faster.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn code_verbatim(
        &mut self,
        verbatim: &str,
        known: u32,
        themes: &str,
        by: StaffId,
        at: i64,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "SELECT coalesce(max(version), 0) FROM verbatim_codings WHERE verbatim = ?1";
        let newest: u32 = transaction.query_row(sql, [verbatim], |row| row.get(0))?;
        if newest != known {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO verbatim_codings (verbatim, version, at, by, themes) VALUES (?1, ?2, ?3, ?4, ?5)",
            (verbatim, known.saturating_add(1), at, by.0, themes),
        )?;
        transaction.commit()?;
        Ok(true)
    }
}

fn spoken(row: &Row<'_>) -> rusqlite::Result<SpokenRow> {
    Ok(SpokenRow {
        at: row.get(0)?,
        key: row.get(1)?,
        account: row.get(2)?,
        source: row.get(3)?,
        version: row.get(4)?,
        words: row.get(5)?,
    })
}
