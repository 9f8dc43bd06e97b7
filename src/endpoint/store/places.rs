//! Places where people come by: what is asked there, and which of them ask no more.

use rusqlite::{OptionalExtension, Row};

use super::{ReadSqlite, Sqlite, StoreError};
use crate::endpoint::clock::Timestamp;

/// A place with a link of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The survey asked there.
    pub survey: String,
    /// Since when it asks no more.
    pub removed_at: Option<i64>,
}

fn place(row: &Row<'_>) -> rusqlite::Result<PlaceRow> {
    Ok(PlaceRow {
        id: row.get(0)?,
        name: row.get(1)?,
        survey: row.get(2)?,
        removed_at: row.get(3)?,
    })
}

impl Sqlite {
    /// The place of this name, made if there is none; its survey is this one from now on. One that was removed asks again,
    /// by the link that still hangs there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn place(&mut self, name: &str, survey: &str, now: Timestamp) -> Result<i64, StoreError> {
        let transaction = self.begin()?;
        let sql = "INSERT INTO places (name, survey, added_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (name) DO UPDATE SET survey = ?2, removed_at = NULL RETURNING id";
        let id = transaction.query_row(sql, (name, survey, now.0), |row| row.get(0))?;
        transaction.commit()?;
        Ok(id)
    }

    /// Nothing is asked there any more; false if nothing was. Its number stays its own: papers with the link hang for years.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn remove_place(&mut self, name: &str, now: Timestamp) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE places SET removed_at = ?2 WHERE name = ?1 AND removed_at IS NULL";
        let removed = transaction.execute(sql, (name, now.0))?;
        transaction.commit()?;
        Ok(removed > 0)
    }
}

impl ReadSqlite {
    /// The places that ask, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn places(&self) -> Result<Vec<PlaceRow>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT id, name, survey, removed_at FROM places WHERE removed_at IS NULL ORDER BY name";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([], place)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// The place with this number, also when it asks no more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn place_of(&self, id: i64) -> Result<Option<PlaceRow>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT id, name, survey, removed_at FROM places WHERE id = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([id], place).optional()?)
        })
    }
}
