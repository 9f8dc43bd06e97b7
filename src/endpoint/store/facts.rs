//! What is asked across cases, beside each one's events: derived from them, and written in the same transaction.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::{ReadSqlite, StoreError};

/// What is known of a case without reading its events.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct Facts {
    pub id: [u8; 16],
    pub account: Option<String>,
    pub category: String,
    pub severity: String,
    pub is_assessed: bool,
    pub received_at: i64,
    pub counts: bool,
    pub problem: Option<u32>,
}

const COLUMNS: &str = "id, account, category, severity, is_assessed, received_at, counts, problem";

pub(super) fn put(transaction: &Transaction<'_>, facts: &Facts) -> Result<(), StoreError> {
    let sql = [
        "INSERT OR REPLACE INTO case_facts (",
        COLUMNS,
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    ];
    transaction.prepare_cached(&sql.concat())?.execute((
        facts.id,
        &facts.account,
        &facts.category,
        &facts.severity,
        facts.is_assessed,
        facts.received_at,
        facts.counts,
        facts.problem,
    ))?;
    Ok(())
}

fn facts(row: &Row<'_>) -> rusqlite::Result<Facts> {
    Ok(Facts {
        id: row.get(0)?,
        account: row.get(1)?,
        category: row.get(2)?,
        severity: row.get(3)?,
        is_assessed: row.get(4)?,
        received_at: row.get(5)?,
        counts: row.get(6)?,
        problem: row.get(7)?,
    })
}

impl ReadSqlite {
    /// The number of the case with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_number(&self, id: [u8; 16]) -> Result<Option<String>, StoreError> {
        self.with(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT number FROM cases WHERE id = ?1")?;
            Ok(statement.query_row([id], |row| row.get(0)).optional()?)
        })
    }

    /// Whether this account has had this category since then, in whatever way that ended but as spam, as a duplicate or as
    /// no complaint.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_complained(
        &self,
        account: &str,
        category: &str,
        since: i64,
    ) -> Result<bool, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM case_facts
                 WHERE account = ?1 AND category = ?2 AND received_at >= ?3 AND counts)",
            )?;
            Ok(statement.query_row((account, category, since), |row| row.get(0))?)
        })
    }

    /// The categories of assessed minor cases without a problem that have come in since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn categories_of_minors(&self, since: i64) -> Result<Vec<String>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT category FROM case_facts
                 WHERE received_at >= ?1 AND counts AND is_assessed AND severity = 'minor' AND problem IS NULL",
            )?;
            let names = statement.query_map([since], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// Those cases, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn minors_of(&self, category: &str, since: i64) -> Result<Vec<Facts>, StoreError> {
        let sql = [
            "SELECT ",
            COLUMNS,
            " FROM case_facts WHERE received_at >= ?1 AND counts AND is_assessed AND severity = 'minor'
                 AND problem IS NULL AND category = ?2 ORDER BY received_at, id",
        ];
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql.concat())?;
            let rows = statement.query_map((since, category), facts)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What came in between two moments, the end excluded, and counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn facts_between(&self, from: i64, to: i64) -> Result<Vec<Facts>, StoreError> {
        let sql = [
            "SELECT ",
            COLUMNS,
            " FROM case_facts WHERE received_at >= ?1 AND received_at < ?2 AND counts ORDER BY received_at, id",
        ];
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql.concat())?;
            let rows = statement.query_map((from, to), facts)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The accounts that answers, cases and other feedback name, and that nobody answers for: no account manager and no
    /// stand-in who works here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts_without_owner(&self) -> Result<Vec<String>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT known.account FROM (
                     SELECT account FROM case_facts UNION SELECT account FROM feedback
                     UNION SELECT account FROM responses WHERE NOT test AND NOT suspect UNION SELECT account FROM teams
                     UNION SELECT account FROM terms) AS known
                 WHERE known.account IS NOT NULL AND NOT EXISTS (
                     SELECT 1 FROM teams LEFT JOIN staff AS holder ON holder.id = teams.holder
                     LEFT JOIN staff AS stand_in ON stand_in.id = teams.stand_in
                     WHERE teams.account = known.account AND place = 'account'
                         AND (holder.ended_at IS NULL OR (stand_in.id IS NOT NULL AND stand_in.ended_at IS NULL)))
                 ORDER BY known.account",
            )?;
            let names = statement.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }
}
