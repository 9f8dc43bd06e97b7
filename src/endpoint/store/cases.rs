//! Cases as rows: the head of each chain, its events, and the words beside them.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::attachments::claim;
use super::feedback::put;
use super::{Facts, FeedbackChange, ReadSqlite, Sqlite, StoreError, facts};

/// The head of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct CaseRow {
    pub id: [u8; 16],
    pub number: String,
    pub secret_epoch: u16,
    pub digest: [u8; 32],
    pub last_seq: u32,
    pub head: [u8; 32],
    pub mac: [u8; 32],
    pub wake_at: Option<i64>,
}

/// One event of a case; its salt and words are gone where they were erased.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the tables, which the schema explains"
)]
pub struct EventRow {
    pub seq: u32,
    pub at: i64,
    pub actor: String,
    pub change: String,
    pub payload: Option<[u8; 32]>,
    pub hash: [u8; 32],
    pub request: Option<[u8; 16]>,
    pub words: Option<([u8; 16], String)>,
}

/// What became of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// They are on disk.
    Stored,
    /// Somebody else was faster: the case has other events by now.
    Clash,
    /// Another case has this number.
    NumberTaken,
}

/// Events at the end of a case that has `known` of them, 0 for a new one; what it was or becomes in place of a complaint,
/// the photos that came with them, and what is known of the case with them.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "explained together")]
pub struct Batch {
    pub row: CaseRow,
    pub known: u32,
    pub events: Vec<EventRow>,
    pub feedback: Option<FeedbackChange>,
    pub photos: Vec<[u8; 16]>,
    pub facts: Facts,
}

const ROW: &str =
    "SELECT id, number, secret_epoch, digest, last_seq, head, mac, wake_at FROM cases";

impl Sqlite {
    /// Puts events at the ends of cases, with all that belongs to them; all of it, on disk, or nothing.
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn append(&mut self, batches: &[Batch]) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        for batch in batches {
            let put = append_one(&transaction, batch)?;
            if put != Appended::Stored {
                return Ok(put);
            }
        }
        transaction.commit()?;
        Ok(Appended::Stored)
    }
}

pub(super) fn append_one(
    transaction: &Transaction<'_>,
    batch: &Batch,
) -> Result<Appended, StoreError> {
    let Batch {
        row,
        known,
        events,
        feedback,
        photos,
        facts,
    } = batch;
    if let Some(change) = feedback {
        let put = put(transaction, change)?;
        if put != Appended::Stored {
            return Ok(put);
        }
    }
    let head = (row.last_seq, row.head, row.mac, row.wake_at);
    let changed = if *known == 0 {
        let has_number = "SELECT (SELECT count(*) FROM cases WHERE number = ?1 AND id <> ?2)
                               + (SELECT count(*) FROM feedback WHERE number = ?1 AND id <> ?2)";
        let taken: i64 =
            transaction.query_row(has_number, (&row.number, row.id), |row| row.get(0))?;
        if taken > 0 {
            return Ok(Appended::NumberTaken);
        }
        transaction.execute(
            "INSERT INTO cases (id, number, secret_epoch, digest, last_seq, head, mac, wake_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING",
            (
                row.id,
                &row.number,
                row.secret_epoch,
                row.digest,
                head.0,
                head.1,
                head.2,
                head.3,
            ),
        )?
    } else {
        transaction.execute(
            "UPDATE cases SET last_seq = ?3, head = ?4, mac = ?5, wake_at = ?6 WHERE id = ?1 AND last_seq = ?2",
            (row.id, known, head.0, head.1, head.2, head.3),
        )?
    };
    if changed == 0 {
        return Ok(Appended::Clash);
    }
    facts::put(transaction, facts)?;
    for event in events {
        transaction
            .prepare_cached(
                "INSERT INTO case_events (id, seq, at, actor, change, payload, hash, request)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                row.id,
                event.seq,
                event.at,
                &event.actor,
                &event.change,
                event.payload,
                event.hash,
                event.request,
            ))?;
        if let Some((salt, words)) = &event.words {
            transaction
                .prepare_cached(
                    "INSERT INTO case_words (id, seq, salt, words) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((row.id, event.seq, salt, words))?;
        }
    }
    for photo in photos {
        let claimed = claim(transaction, row.id, *photo)?;
        if claimed != Appended::Stored {
            return Ok(claimed);
        }
    }
    Ok(Appended::Stored)
}

impl ReadSqlite {
    /// The head of the case with this number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_by_number(&self, number: &str) -> Result<Option<CaseRow>, StoreError> {
        let sql = [ROW, " WHERE number = ?1"].concat();
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row([number], case_row).optional()?)
        })
    }

    /// The case with this id, its head and its events as they stood at one moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case(&self, id: [u8; 16]) -> Result<Option<(CaseRow, Vec<EventRow>)>, StoreError> {
        let sql = [ROW, " WHERE id = ?1"].concat();
        self.with(|connection| {
            // One transaction, so that head and events belong together.
            let transaction = connection.unchecked_transaction()?;
            let row = transaction
                .prepare_cached(&sql)?
                .query_row([id], case_row)
                .optional()?;
            let Some(row) = row else { return Ok(None) };
            let events = events(&transaction, id)?;
            Ok(Some((row, events)))
        })
    }

    /// Every case, in the order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_ids(&self) -> Result<Vec<[u8; 16]>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare("SELECT id FROM cases ORDER BY arrival")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// The cases that the engine has to look at by `now`, the longest due first, at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_to_wake(&self, now: i64, most: u32) -> Result<Vec<[u8; 16]>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM cases WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2",
            )?;
            let ids = statement.query_map((now, most), |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }
}

fn events(connection: &Connection, id: [u8; 16]) -> Result<Vec<EventRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, at, actor, change, payload, hash, request, salt, words
         FROM case_events LEFT JOIN case_words USING (id, seq) WHERE id = ?1 ORDER BY seq",
    )?;
    let events = statement.query_map([id], |row| {
        let salt: Option<[u8; 16]> = row.get(7)?;
        let words: Option<String> = row.get(8)?;
        Ok(EventRow {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            change: row.get(3)?,
            payload: row.get(4)?,
            hash: row.get(5)?,
            request: row.get(6)?,
            words: salt.zip(words),
        })
    })?;
    Ok(events.collect::<Result<_, _>>()?)
}

fn case_row(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    Ok(CaseRow {
        id: row.get(0)?,
        number: row.get(1)?,
        secret_epoch: row.get(2)?,
        digest: row.get(3)?,
        last_seq: row.get(4)?,
        head: row.get(5)?,
        mac: row.get(6)?,
        wake_at: row.get(7)?,
    })
}
