//! Who works here: names, roles and the digests of their keys.

use rusqlite::{OptionalExtension, Row};

use super::{ReadSqlite, Sqlite, StoreError};
use crate::complaint::{Lead, Role, StaffId, Team};
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

    /// Says whether a person is away; false if there is no such person.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn set_away(&mut self, name: &str, away: bool) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE staff SET away = ?2 WHERE name = ?1 AND ended_at IS NULL";
        let changed = transaction.execute(sql, (name, away))?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    /// Says where a person gets mail; nowhere, if that is empty. False if there is no such person.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn set_staff_mail(&mut self, name: &str, address: &str) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE staff SET mail = nullif(?2, '') WHERE name = ?1 AND ended_at IS NULL";
        let changed = transaction.execute(sql, (name, address))?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    /// Fills a place of an account's team, or empties it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn fill_place(
        &mut self,
        account: &str,
        place: Lead,
        holder: Option<(StaffId, Option<StaffId>)>,
    ) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        transaction.execute(
            "DELETE FROM teams WHERE account = ?1 AND place = ?2",
            (account, code(place)),
        )?;
        if let Some((holder, stand_in)) = holder {
            transaction.execute(
                "INSERT INTO teams (account, place, holder, stand_in) VALUES (?1, ?2, ?3, ?4)",
                (account, code(place), holder.0, stand_in.map(|id| id.0)),
            )?;
        }
        Ok(transaction.commit()?)
    }
}

fn code(place: Lead) -> &'static str {
    match place {
        Lead::Account => "account",
        Lead::Solution => "solution",
        Lead::Delivery => "delivery",
    }
}

const STAFF: &str = "SELECT id, name, role FROM staff WHERE ended_at IS NULL";

/// A row whose role is not read yet.
fn row(row: &Row<'_>) -> rusqlite::Result<(u32, String, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn staff((id, name, role): (u32, String, String)) -> Result<StaffRow, StoreError> {
    Ok(StaffRow {
        id: StaffId(id),
        name,
        role: Role::of(&role).ok_or(StoreError::Unreadable("role"))?,
    })
}

impl ReadSqlite {
    /// Everybody who works here, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn staff(&self) -> Result<Vec<StaffRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&[STAFF, " ORDER BY id"].concat())?;
            let rows = statement
                .query_map([], row)?
                .collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(staff).collect()
        })
    }

    /// Where a person who works here gets mail: at the address that was set for it, otherwise at the one they sign in with.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn staff_mail(&self, id: StaffId) -> Result<Option<String>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT coalesce(staff.mail, passwords.mail) FROM staff
                       LEFT JOIN passwords ON passwords.staff = staff.id
                       WHERE staff.id = ?1 AND ended_at IS NULL";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row([id.0], |row| row.get(0)).optional()?;
            Ok(found.flatten())
        })
    }

    /// Who has the key with this digest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn staff_by_key(&self, digest: [u8; 32]) -> Result<Option<StaffRow>, StoreError> {
        self.with(|connection| {
            let sql = [STAFF, " AND key = ?1"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement.query_row([digest], row).optional()?;
            found.map(staff).transpose()
        })
    }

    /// Who acts for an account now: the holder of each place, or the stand-in of one who is away or gone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn team(&self, account: &str) -> Result<Team, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT place, coalesce(holder.id, stand_in.id) FROM teams
                 LEFT JOIN staff AS holder ON holder.id = teams.holder AND NOT holder.away AND holder.ended_at IS NULL
                 LEFT JOIN staff AS stand_in
                     ON stand_in.id = teams.stand_in AND NOT stand_in.away AND stand_in.ended_at IS NULL
                 WHERE account = ?1",
            )?;
            let mut team = Team::default();
            let mut rows = statement.query([account])?;
            while let Some(row) = rows.next()? {
                let (place, person): (String, Option<u32>) = (row.get(0)?, row.get(1)?);
                let person = person.map(StaffId);
                match place.as_str() {
                    "account" => team.account = person,
                    "solution" => team.solution = person,
                    _ => team.delivery = person,
                }
            }
            Ok(team)
        })
    }
}
