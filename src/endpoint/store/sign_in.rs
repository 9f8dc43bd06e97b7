//! Passwords, sessions and links of people of staff. Of every token there is only the digest.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::{ReadSqlite, Sqlite, StoreError};
use crate::complaint::{Role, StaffId};
use crate::endpoint::clock::Timestamp;

/// Somebody who is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// The name that customers read where this is their contact.
    pub name: String,
    /// The address they sign in with, in small letters.
    pub mail: String,
}

/// Somebody who works here, as seen by an admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The id.
    pub id: StaffId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The address they sign in with, if they do.
    pub mail: Option<String>,
    /// The password's hash, once they have set one.
    pub hash: Option<String>,
    /// Whether the stand-in acts.
    pub is_away: bool,
}

/// A session that has not been ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose.
    pub person: StaffId,
    /// As what.
    pub role: Role,
    /// Since when.
    pub begun_at: i64,
    /// When it was last used, to some minutes.
    pub seen_at: i64,
}

const HAS_ADMIN: &str =
    "SELECT EXISTS (SELECT 1 FROM staff JOIN passwords ON passwords.staff = staff.id
    WHERE staff.role = 'admin' AND staff.ended_at IS NULL AND passwords.hash IS NOT NULL)";

impl Sqlite {
    /// Puts a link for the first admin in the place of earlier ones; false once there is one who can sign in.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add_first_link(
        &mut self,
        digest: [u8; 32],
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        if transaction.query_row(HAS_ADMIN, [], |row| row.get(0))? {
            return Ok(false);
        }
        transaction.execute("DELETE FROM password_links WHERE staff IS NULL", [])?;
        add_link(&transaction, digest, None, until)?;
        transaction.commit()?;
        Ok(true)
    }

    /// A link by which somebody sets a password; earlier ones of the same person open no more.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add_link(
        &mut self,
        digest: [u8; 32],
        person: Option<StaffId>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "DELETE FROM password_links WHERE staff = ?1";
        transaction.execute(sql, [person.map(|id| id.0)])?;
        add_link(&transaction, digest, person, until)?;
        Ok(transaction.commit()?)
    }

    /// The first admin; nothing if the link does not open, or there is an admin.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn set_up(
        &mut self,
        link: [u8; 32],
        person: &NewPerson,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<StaffId>, StoreError> {
        let transaction = self.begin()?;
        let sql = "DELETE FROM password_links WHERE digest = ?1 AND staff IS NULL AND until > ?2";
        let opens = transaction.execute(sql, (link, now.0))? == 1;
        if !opens || transaction.query_row(HAS_ADMIN, [], |row| row.get(0))? {
            return Ok(None);
        }
        let Some(id) = add_person(&transaction, person, Role::Admin, now)? else {
            return Ok(None);
        };
        set_hash(&transaction, id, hash, now)?;
        transaction.execute("DELETE FROM password_links WHERE staff IS NULL", [])?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Adds somebody without a password yet; nothing if name or address are taken. Who has a key by that name, and no
    /// address, gets this one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add_person(
        &mut self,
        person: &NewPerson,
        role: Role,
        now: Timestamp,
    ) -> Result<Option<StaffId>, StoreError> {
        let transaction = self.begin()?;
        let id = add_person(&transaction, person, role, now)?;
        if id.is_some() {
            transaction.commit()?;
        }
        Ok(id)
    }

    /// The person of a link, with a new password; nothing if it does not open.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn use_link(
        &mut self,
        link: [u8; 32],
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<StaffId>, StoreError> {
        let transaction = self.begin()?;
        let id = transaction
            .query_row(
                "DELETE FROM password_links WHERE digest = ?1 AND staff IS NOT NULL AND until > ?2 RETURNING staff",
                (link, now.0),
                |row| row.get(0).map(StaffId),
            )
            .optional()?;
        if let Some(id) = id {
            set_hash(&transaction, id, hash, now)?;
            transaction.commit()?;
        }
        Ok(id)
    }

    /// A new password; every session of the person ends.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn change_password(
        &mut self,
        id: StaffId,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        set_hash(&transaction, id, hash, now)?;
        Ok(transaction.commit()?)
    }

    /// A session begins. Those that ended by themselves long ago are let go.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin_session(
        &mut self,
        digest: [u8; 32],
        id: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let long_ago = now.0 - crate::endpoint::sign_in::LONGEST_MS;
        transaction.execute("DELETE FROM sessions WHERE begun_at < ?1", [long_ago])?;
        transaction.execute(
            "INSERT INTO sessions (digest, staff, begun_at, seen_at) VALUES (?1, ?2, ?3, ?3)",
            (digest, id.0, now.0),
        )?;
        Ok(transaction.commit()?)
    }

    /// A session was used.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn session_seen(&mut self, digest: [u8; 32], now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE sessions SET seen_at = max(seen_at, ?2) WHERE digest = ?1";
        transaction.execute(sql, (digest, now.0))?;
        Ok(transaction.commit()?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end_session(&mut self, digest: [u8; 32]) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        transaction.execute("DELETE FROM sessions WHERE digest = ?1", [digest])?;
        Ok(transaction.commit()?)
    }

    /// Another role; false if there is no such person. Every session of the person ends.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn set_role(&mut self, id: StaffId, role: Role) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE staff SET role = ?2 WHERE id = ?1 AND ended_at IS NULL";
        let changed = transaction.execute(sql, (id.0, role.code()))? == 1;
        transaction.execute("DELETE FROM sessions WHERE staff = ?1", [id.0])?;
        transaction.commit()?;
        Ok(changed)
    }

    /// Somebody leaves; false if there is no such person. Password, links and sessions end with it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn leave(&mut self, id: StaffId, now: Timestamp) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE staff SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL";
        let changed = transaction.execute(sql, (id.0, now.0))? == 1;
        for sql in [
            "DELETE FROM sessions WHERE staff = ?1",
            "DELETE FROM password_links WHERE staff = ?1",
            "DELETE FROM passwords WHERE staff = ?1",
        ] {
            transaction.execute(sql, [id.0])?;
        }
        transaction.commit()?;
        Ok(changed)
    }
}

fn add_link(
    transaction: &Transaction<'_>,
    digest: [u8; 32],
    person: Option<StaffId>,
    until: Timestamp,
) -> Result<(), StoreError> {
    transaction.execute(
        "INSERT INTO password_links (digest, staff, until) VALUES (?1, ?2, ?3)",
        (digest, person.map(|id| id.0), until.0),
    )?;
    Ok(())
}

fn add_person(
    transaction: &Transaction<'_>,
    person: &NewPerson,
    role: Role,
    now: Timestamp,
) -> Result<Option<StaffId>, StoreError> {
    let known = transaction
        .query_row(
            "SELECT id FROM staff WHERE name = ?1 AND role = ?2 AND ended_at IS NULL
                 AND NOT EXISTS (SELECT 1 FROM passwords WHERE passwords.staff = staff.id)",
            (&person.name, role.code()),
            |row| row.get(0),
        )
        .optional()?;
    let id: Option<u32> = match known {
        Some(id) => Some(id),
        // A digest that no key has: this person signs in with a password.
        None => transaction
            .query_row(
                "INSERT INTO staff (name, role, key, added_at) VALUES (?1, ?2, randomblob(32), ?3)
                 ON CONFLICT (name) DO NOTHING RETURNING id",
                (&person.name, role.code(), now.0),
                |row| row.get(0),
            )
            .optional()?,
    };
    let Some(id) = id else {
        return Ok(None);
    };
    let added = transaction.execute(
        "INSERT INTO passwords (staff, mail, changed_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        (id, &person.mail, now.0),
    )?;
    Ok((added == 1).then_some(StaffId(id)))
}

fn set_hash(
    transaction: &Transaction<'_>,
    id: StaffId,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE passwords SET hash = ?2, changed_at = ?3 WHERE staff = ?1";
    transaction.execute(sql, (id.0, hash, now.0))?;
    transaction.execute("DELETE FROM sessions WHERE staff = ?1", [id.0])?;
    Ok(())
}

const PEOPLE: &str =
    "SELECT staff.id, staff.name, staff.role, passwords.mail, passwords.hash, staff.away FROM staff
    LEFT JOIN passwords ON passwords.staff = staff.id WHERE ended_at IS NULL";

fn person(row: &Row<'_>) -> rusqlite::Result<(PersonRow, String)> {
    let role: String = row.get(2)?;
    let person = PersonRow {
        id: StaffId(row.get(0)?),
        name: row.get(1)?,
        role: Role::Auditor,
        mail: row.get(3)?,
        hash: row.get(4)?,
        is_away: row.get(5)?,
    };
    Ok((person, role))
}

fn with_role((person, role): (PersonRow, String)) -> Result<PersonRow, StoreError> {
    let role = Role::of(&role).ok_or(StoreError::Unreadable("role"))?;
    Ok(PersonRow { role, ..person })
}

impl ReadSqlite {
    /// Everybody who works here, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn people(&self) -> Result<Vec<PersonRow>, StoreError> {
        self.with(|connection| {
            let sql = [PEOPLE, " ORDER BY staff.id"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement
                .query_map([], person)?
                .collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(with_role).collect()
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn person(&self, id: StaffId) -> Result<Option<PersonRow>, StoreError> {
        self.with(|connection| {
            let sql = [PEOPLE, " AND staff.id = ?1"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement.query_row([id.0], person).optional()?;
            found.map(with_role).transpose()
        })
    }

    /// Who signs in with this address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn person_by_mail(&self, mail: &str) -> Result<Option<PersonRow>, StoreError> {
        self.with(|connection| {
            let sql = [PEOPLE, " AND passwords.mail = ?1"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement.query_row([mail], person).optional()?;
            found.map(with_role).transpose()
        })
    }

    /// The session with this digest, of somebody who still works here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn session(&self, digest: [u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT staff, role, begun_at, seen_at FROM sessions JOIN staff ON staff.id = sessions.staff
                 WHERE digest = ?1 AND ended_at IS NULL",
            )?;
            let found = statement
                .query_row([digest], |row| {
                    let role: String = row.get(1)?;
                    Ok((row.get(0)?, role, row.get(2)?, row.get(3)?))
                })
                .optional()?;
            let Some((id, role, begun_at, seen_at)) = found else {
                return Ok(None);
            };
            Ok(Some(SessionRow {
                person: StaffId(id),
                role: Role::of(&role).ok_or(StoreError::Unreadable("role"))?,
                begun_at,
                seen_at,
            }))
        })
    }
}
