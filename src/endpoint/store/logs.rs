//! The logs of what is no case: problems and Top-N lists, each with the head of its chain, its events and the texts beside
//! them.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::cases::append_one;
use super::{Appended, Batch, EventRow, ReadSqlite, Sqlite, StoreError};

/// What a log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogKind {
    /// A problem.
    Problem,
    /// A frozen Top-N list and its projects.
    List,
}

impl LogKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Problem, Self::List];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::List => "list",
        }
    }
}

/// The head of a log. Its number counts from 1 within its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct LogRow {
    pub kind: LogKind,
    pub number: u32,
    pub last_seq: u32,
    pub head: [u8; 32],
    pub mac: [u8; 32],
}

/// Events at the end of a log that has `known` of them, 0 for a new one.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "explained together")]
pub struct LogBatch {
    pub row: LogRow,
    pub known: u32,
    pub events: Vec<EventRow>,
}

impl Sqlite {
    /// Puts events at the end of a log, and at the ends of the cases that they concern; all of it, on disk, or nothing.
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn append_log(
        &mut self,
        batch: &LogBatch,
        cases: &[Batch],
    ) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        if !append(&transaction, batch)? {
            return Ok(Appended::Clash);
        }
        for case in cases {
            let put = append_one(&transaction, case)?;
            if put != Appended::Stored {
                return Ok(put);
            }
        }
        transaction.commit()?;
        Ok(Appended::Stored)
    }
}

/// False if somebody else was faster.
/// Words as they are from now on: number of the event, salt, text.
pub type Rewritten = (u32, [u8; 16], String);

impl Sqlite {
    /// Writes words of a log anew, with the event that says so.
    ///
    /// # Errors
    /// Then nothing is written.
    pub fn redact_log(
        &mut self,
        batch: &LogBatch,
        words: &[Rewritten],
    ) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        if !append(&transaction, batch)? {
            return Ok(Appended::Clash);
        }
        let (kind, number) = (batch.row.kind.code(), batch.row.number);
        for (seq, salt, text) in words {
            transaction.execute(
                "UPDATE log_words SET salt = ?4, words = ?5 WHERE kind = ?1 AND number = ?2 AND seq = ?3",
                (kind, number, seq, salt, text),
            )?;
        }
        transaction.commit()?;
        Ok(Appended::Stored)
    }
}

fn append(transaction: &Transaction<'_>, batch: &LogBatch) -> Result<bool, StoreError> {
    let LogBatch { row, known, events } = batch;
    let kind = row.kind.code();
    let changed = if *known == 0 {
        transaction.execute(
            "INSERT INTO logs (kind, number, last_seq, head, mac) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (kind, number) DO NOTHING",
            (kind, row.number, row.last_seq, row.head, row.mac),
        )?
    } else {
        transaction.execute(
            "UPDATE logs SET last_seq = ?4, head = ?5, mac = ?6 WHERE kind = ?1 AND number = ?2 AND last_seq = ?3",
            (kind, row.number, known, row.last_seq, row.head, row.mac),
        )?
    };
    if changed == 0 {
        return Ok(false);
    }
    for event in events {
        transaction.execute(
            "INSERT INTO log_events (kind, number, seq, at, actor, change, payload, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                kind,
                row.number,
                event.seq,
                event.at,
                &event.actor,
                &event.change,
                event.payload,
                event.hash,
            ),
        )?;
        if let Some((salt, words)) = &event.words {
            transaction.execute(
                "INSERT INTO log_words (kind, number, seq, salt, words) VALUES (?1, ?2, ?3, ?4, ?5)",
                (kind, row.number, event.seq, salt, words),
            )?;
        }
    }
    Ok(true)
}

impl ReadSqlite {
    /// A log, its head and its events as they stood at one moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn log(
        &self,
        kind: LogKind,
        number: u32,
    ) -> Result<Option<(LogRow, Vec<EventRow>)>, StoreError> {
        self.with(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let row = transaction
                .prepare_cached(
                    "SELECT last_seq, head, mac FROM logs WHERE kind = ?1 AND number = ?2",
                )?
                .query_row((kind.code(), number), |row| {
                    Ok(LogRow {
                        kind,
                        number,
                        last_seq: row.get(0)?,
                        head: row.get(1)?,
                        mac: row.get(2)?,
                    })
                })
                .optional()?;
            let Some(row) = row else { return Ok(None) };
            let events = events(&transaction, kind, number)?;
            Ok(Some((row, events)))
        })
    }

    /// The numbers of all logs of a kind, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn log_numbers(&self, kind: LogKind) -> Result<Vec<u32>, StoreError> {
        self.with(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT number FROM logs WHERE kind = ?1 ORDER BY number")?;
            let numbers = statement.query_map([kind.code()], |row| row.get(0))?;
            Ok(numbers.collect::<Result<_, _>>()?)
        })
    }
}

fn events(
    connection: &Connection,
    kind: LogKind,
    number: u32,
) -> Result<Vec<EventRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, at, actor, change, payload, hash, salt, words
         FROM log_events LEFT JOIN log_words USING (kind, number, seq)
         WHERE kind = ?1 AND number = ?2 ORDER BY seq",
    )?;
    let events = statement.query_map((kind.code(), number), |row| {
        let salt: Option<[u8; 16]> = row.get(6)?;
        let words: Option<String> = row.get(7)?;
        Ok(EventRow {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            change: row.get(3)?,
            payload: row.get(4)?,
            hash: row.get(5)?,
            request: None,
            words: salt.zip(words),
        })
    })?;
    Ok(events.collect::<Result<_, _>>()?)
}
