//! Requests, suggestions and praise as rows, and who changed what of them.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::{Appended, ReadSqlite, Sqlite, StoreError};

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct FeedbackRow {
    pub id: [u8; 16],
    pub number: String,
    pub intent: String,
    pub account: Option<String>,
    pub received_at: i64,
    pub digest: [u8; 32],
    pub words: String,
    pub reachable: bool,
    pub destination: Option<String>,
    pub answer_by: Option<i64>,
    pub answered_at: Option<i64>,
    pub answer: Option<String>,
    pub version: u32,
}

/// A row as it is to be, and who made it so: its version is one more than the one it was made on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the tables, which the schema explains"
)]
pub struct FeedbackChange {
    pub row: FeedbackRow,
    pub at: i64,
    pub actor: String,
    pub change: String,
}

const COLUMNS: &str = "id, number, intent, account, received_at, digest, words, destination, answer_by, answered_at, \
                       answer, version, reachable";

impl Sqlite {
    /// Stores a new one, or a change of one that has not moved meanwhile.
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn put_feedback(&mut self, change: &FeedbackChange) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        let put = put(&transaction, change)?;
        if put == Appended::Stored {
            transaction.commit()?;
        }
        Ok(put)
    }
}

/// As [`Sqlite::put_feedback`], within a transaction that does more.
pub(super) fn put(
    transaction: &Transaction<'_>,
    change: &FeedbackChange,
) -> Result<Appended, StoreError> {
    let row = &change.row;
    let taken = "SELECT (SELECT count(*) FROM feedback WHERE number = ?1 AND id <> ?2)
                      + (SELECT count(*) FROM cases WHERE number = ?1 AND id <> ?2)";
    let taken: i64 = transaction.query_row(taken, (&row.number, row.id), |row| row.get(0))?;
    if taken > 0 {
        return Ok(Appended::NumberTaken);
    }
    let sql = [
        "INSERT INTO feedback (",
        COLUMNS,
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET intent = ?3, destination = ?8, answer_by = ?9, answered_at = ?10, answer = ?11,
             version = ?12 WHERE version = ?12 - 1",
    ];
    let changed = transaction.execute(
        &sql.concat(),
        (
            row.id,
            &row.number,
            &row.intent,
            &row.account,
            row.received_at,
            row.digest,
            &row.words,
            &row.destination,
            row.answer_by,
            row.answered_at,
            &row.answer,
            row.version,
            row.reachable,
        ),
    )?;
    if changed == 0 {
        return Ok(Appended::Clash);
    }
    transaction.execute(
        "INSERT INTO feedback_changes (id, version, at, actor, change) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            row.id,
            row.version,
            change.at,
            &change.actor,
            &change.change,
        ),
    )?;
    Ok(Appended::Stored)
}

impl ReadSqlite {
    /// The one with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn feedback(&self, id: [u8; 16]) -> Result<Option<FeedbackRow>, StoreError> {
        let sql = ["SELECT ", COLUMNS, " FROM feedback WHERE id = ?1"].concat();
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row([id], feedback_row).optional()?)
        })
    }

    /// The one with this number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn feedback_by_number(&self, number: &str) -> Result<Option<FeedbackRow>, StoreError> {
        let sql = ["SELECT ", COLUMNS, " FROM feedback WHERE number = ?1"].concat();
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row([number], feedback_row).optional()?)
        })
    }

    /// Those of an intent: first what nobody was named for, then by the date of the answer, then what is answered; within
    /// each the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn feedback_of(&self, intent: &str) -> Result<Vec<FeedbackRow>, StoreError> {
        let sql = [
            "SELECT ",
            COLUMNS,
            " FROM feedback WHERE intent = ?1
             ORDER BY answered_at IS NOT NULL, destination IS NOT NULL, answer_by, arrival",
        ];
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql.concat())?;
            let rows = statement.query_map([intent], feedback_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn feedback_row(row: &Row<'_>) -> rusqlite::Result<FeedbackRow> {
    Ok(FeedbackRow {
        id: row.get(0)?,
        number: row.get(1)?,
        intent: row.get(2)?,
        account: row.get(3)?,
        received_at: row.get(4)?,
        digest: row.get(5)?,
        words: row.get(6)?,
        destination: row.get(7)?,
        answer_by: row.get(8)?,
        answered_at: row.get(9)?,
        answer: row.get(10)?,
        version: row.get(11)?,
        reachable: row.get(12)?,
    })
}
