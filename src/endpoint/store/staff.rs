//! Who works here: names, roles and the digests of their keys.

use rusqlite::OptionalExtension;

use super::{ReadSqlite, Sqlite, StoreError};
use crate::complaint::{Role, StaffId};
use crate::endpoint::clock::Timestamp;

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// The id.
    pub id: StaffId,
    /// The name that customers read where this is their contact.
    pub name: String,
    /// The role.
    pub role: Role,
}

impl Sqlite {
    /// Adds a member of staff; nothing if the name is taken.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add_staff(
        &mut self,
        name: &str,
        role: Role,
        key: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<StaffId>, StoreError> {
        let transaction = self.begin()?;
        let id = transaction
            .query_row(
                "INSERT INTO staff (name, role, key, added_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO NOTHING RETURNING id",
                (name, role.code(), key, now.0),
                |row| row.get(0),
            )
            .optional()?;
        transaction.commit()?;
        Ok(id.map(StaffId))
    }
}

impl ReadSqlite {
    /// Everybody who works here, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn staff(&self) -> Result<Vec<StaffRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, name, role FROM staff WHERE ended_at IS NULL ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?))
            })?;
            let rows = rows.collect::<Result<Vec<(u32, String, String)>, _>>()?;
            let row = |(id, name, role): (u32, String, String)| {
                let role = Role::of(&role).ok_or(StoreError::Unreadable("role"))?;
                let id = StaffId(id);
                Ok(StaffRow { id, name, role })
            };
            rows.into_iter().map(row).collect()
        })
    }
}
