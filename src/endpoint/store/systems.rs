//! The supplier's systems: their names, what they may do, and the digests of their keys.

use rusqlite::OptionalExtension;

use super::{ReadSqlite, Sqlite, StoreError};
use crate::endpoint::clock::Timestamp;

/// What a system may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Tell of deliveries.
    Deliveries,
    /// Tell of addresses that do not work.
    Bounces,
}

impl Scope {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Deliveries, Self::Bounces];

    /// The word for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Deliveries => "deliveries",
            Self::Bounces => "bounces",
        }
    }
}

/// A system with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemRow {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

fn system((name, scopes): (String, String)) -> SystemRow {
    let mut known = Scope::ALL.to_vec();
    known.retain(|scope| scopes.split(' ').any(|code| code == scope.code()));
    SystemRow {
        name,
        scopes: known,
    }
}

impl Sqlite {
    /// Adds a key; false if the name is taken.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add_system(
        &mut self,
        row: &SystemRow,
        key: [u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let scopes: Vec<_> = row.scopes.iter().map(|scope| scope.code()).collect();
        let transaction = self.begin()?;
        let added = transaction.execute(
            "INSERT INTO api_keys (name, key, scopes, added_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            (&row.name, key, scopes.join(" "), now.0),
        )?;
        transaction.commit()?;
        Ok(added > 0)
    }

    /// Its key opens nothing any more; false if there is no such system.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn remove_system(&mut self, name: &str) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let removed = transaction.execute("DELETE FROM api_keys WHERE name = ?1", [name])?;
        transaction.commit()?;
        Ok(removed > 0)
    }
}

impl ReadSqlite {
    /// Every system, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn systems(&self) -> Result<Vec<SystemRow>, StoreError> {
        self.with(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT name, scopes FROM api_keys ORDER BY name")?;
            let rows = statement.query_map([], |row| Ok(system((row.get(0)?, row.get(1)?))))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// The system whose key has this digest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn system_by_key(&self, digest: [u8; 32]) -> Result<Option<SystemRow>, StoreError> {
        self.with(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT name, scopes FROM api_keys WHERE key = ?1")?;
            let found = statement.query_row([digest], |row| Ok(system((row.get(0)?, row.get(1)?))));
            Ok(found.optional()?)
        })
    }
}
