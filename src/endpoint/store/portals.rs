//! Portals whose servers say who is there. No secret is kept: all are derived from the root key.

use rusqlite::{OptionalExtension, Row};

use super::{ReadSqlite, Sqlite, StoreError};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::identity::Portal;

/// What to do with a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalChange {
    /// A new one; one that was removed gets a secret that it never had.
    Add,
    /// A new secret, beside the one before.
    Rotate,
    /// Only the newest secret from now on.
    Settle,
    /// None of its secrets holds any more.
    Remove,
}

const PORTALS: &str = "SELECT name, generation, is_rotating FROM portals WHERE NOT has_ended";

fn portal(row: &Row<'_>) -> rusqlite::Result<Portal> {
    Ok(Portal {
        name: row.get(0)?,
        generation: row.get(1)?,
        is_rotating: row.get(2)?,
    })
}

impl Sqlite {
    /// Changes a portal and says how it stands then; nothing if there is none of this name, or already one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn change_portal(
        &mut self,
        name: &str,
        change: PortalChange,
        now: Timestamp,
    ) -> Result<Option<Portal>, StoreError> {
        let sql = match change {
            PortalChange::Add => {
                "INSERT INTO portals (name, generation, changed_at) VALUES (?1, 1, ?2)
                 ON CONFLICT (name) DO UPDATE
                     SET generation = generation + 1, is_rotating = FALSE, changed_at = ?2, has_ended = FALSE
                     WHERE has_ended
                 RETURNING name, generation, is_rotating"
            }
            PortalChange::Rotate => {
                "UPDATE portals SET generation = generation + 1, is_rotating = TRUE, changed_at = ?2
                 WHERE name = ?1 AND NOT has_ended RETURNING name, generation, is_rotating"
            }
            PortalChange::Settle => {
                "UPDATE portals SET is_rotating = FALSE, changed_at = ?2
                 WHERE name = ?1 AND NOT has_ended RETURNING name, generation, is_rotating"
            }
            PortalChange::Remove => {
                "UPDATE portals SET is_rotating = FALSE, has_ended = TRUE, changed_at = ?2
                 WHERE name = ?1 AND NOT has_ended RETURNING name, generation, is_rotating"
            }
        };
        let transaction = self.begin()?;
        let changed = transaction
            .query_row(sql, (name, now.0), portal)
            .optional()?;
        transaction.commit()?;
        Ok(changed)
    }
}

impl ReadSqlite {
    /// The portals there are, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn portals(&self) -> Result<Vec<Portal>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&[PORTALS, " ORDER BY name"].concat())?;
            let portals = statement.query_map([], portal)?;
            Ok(portals.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// The portal of this name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn portal(&self, name: &str) -> Result<Option<Portal>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&[PORTALS, " AND name = ?1"].concat())?;
            Ok(statement.query_row([name], portal).optional()?)
        })
    }

    /// Whether a sheet for this invitation is complete.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_answered(&self, invitation: [u8; 32]) -> Result<bool, StoreError> {
        self.with(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM responses WHERE invitation = ?1 AND complete AND NOT test)";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([invitation], |row| row.get(0))?)
        })
    }
}
