//! What staff keep beside the cases, as rows: one for each thing, and its changes in their order.

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::{Appended, ReadSqlite, Sqlite, StoreError};

/// A thing and its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Its number, from 1, among all things of every kind.
    pub id: u32,
    /// The account that it belongs to, if any.
    pub account: Option<String>,
    /// What has happened to it, oldest first; its version is how many there are.
    pub changes: Vec<RecordChange>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// Unix milliseconds.
    pub at: i64,
    /// Who.
    pub by: u32,
    /// What, as JSON.
    pub change: String,
}

/// What a thing is found by.
#[derive(Clone, Copy, Debug)]
pub struct RecordName<'a> {
    /// The kind.
    pub kind: &'a str,
    /// What makes it the only one of its kind; whoever sends it again gets the one there is.
    pub key: Option<&'a str>,
    /// The account that it belongs to.
    pub account: Option<&'a str>,
}

impl Sqlite {
    /// Stores a new thing; says its number, and whether it was not there before.
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn add_record(
        &mut self,
        name: RecordName<'_>,
        first: &RecordChange,
    ) -> Result<(u32, bool), StoreError> {
        let transaction = self.begin()?;
        let added = transaction
            .query_row(
                "INSERT INTO records (kind, key, account, version) VALUES (?1, ?2, ?3, 1)
                 ON CONFLICT (kind, key) DO NOTHING RETURNING id",
                (name.kind, name.key, name.account),
                |row| row.get(0),
            )
            .optional()?;
        let Some(id) = added else {
            let sql = "SELECT id FROM records WHERE kind = ?1 AND key = ?2";
            let known = transaction.query_row(sql, (name.kind, name.key), |row| row.get(0))?;
            return Ok((known, false));
        };
        put(&transaction, id, 1, first)?;
        transaction.commit()?;
        Ok((id, true))
    }

    /// Puts a change at the end of a thing that has `known` of them.
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn change_record(
        &mut self,
        id: u32,
        known: u32,
        change: &RecordChange,
    ) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE records SET version = version + 1 WHERE id = ?1 AND version = ?2";
        if transaction.execute(sql, (id, known))? == 0 {
            return Ok(Appended::Clash);
        }
        put(&transaction, id, known.saturating_add(1), change)?;
        transaction.commit()?;
        Ok(Appended::Stored)
    }
}

fn put(
    connection: &Connection,
    id: u32,
    version: u32,
    change: &RecordChange,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO record_changes (id, version, at, by, change) VALUES (?1, ?2, ?3, ?4, ?5)",
        (id, version, change.at, change.by, &change.change),
    )?;
    Ok(())
}

impl ReadSqlite {
    /// The thing of this kind with this number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record(&self, kind: &str, id: u32) -> Result<Option<RecordRow>, StoreError> {
        let wanted = "kind = ?1 AND id = ?2";
        Ok(self.records_where(wanted, (kind, id))?.pop())
    }

    /// The thing of this kind with this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record_by_key(&self, kind: &str, key: &str) -> Result<Option<RecordRow>, StoreError> {
        let wanted = "kind = ?1 AND key = ?2";
        Ok(self.records_where(wanted, (kind, key))?.pop())
    }

    /// All things of a kind, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn records(&self, kind: &str) -> Result<Vec<RecordRow>, StoreError> {
        self.records_where("kind = ?1", [kind])
    }

    fn records_where(
        &self,
        wanted: &str,
        values: impl Params,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let sql = [
            "SELECT id, account, at, by, change FROM records JOIN record_changes USING (id) WHERE ",
            wanted,
            " ORDER BY id, record_changes.version",
        ];
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql.concat())?;
            let mut rows = statement.query(values)?;
            let mut records: Vec<RecordRow> = Vec::new();
            while let Some(row) = rows.next()? {
                let id = row.get(0)?;
                if records.last().is_none_or(|last| last.id != id) {
                    records.push(RecordRow {
                        id,
                        account: row.get(1)?,
                        changes: Vec::new(),
                    });
                }
                if let Some(record) = records.last_mut() {
                    record.changes.push(change(row)?);
                }
            }
            Ok(records)
        })
    }
}

fn change(row: &Row<'_>) -> rusqlite::Result<RecordChange> {
    Ok(RecordChange {
        at: row.get(2)?,
        by: row.get(3)?,
        change: row.get(4)?,
    })
}
