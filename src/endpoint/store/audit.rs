//! Who of staff changed or read what: rows that are only added, each chained to the one before, the last one sealed.
//!
//! A row names people and things by their ids and numbers; no word of a customer stands in it.

use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use super::{ReadSqlite, Sqlite, StoreError};
use crate::complaint::StaffId;
use crate::endpoint::keys::Keys;

/// One note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, in UTC milliseconds.
    pub at: i64,
    /// Who; nobody where it was tried without being signed in.
    pub actor: Option<StaffId>,
    /// What: method and route, as `POST /v1/staff/cases/{number}`.
    pub action: String,
    /// On what: the route's own names, as `QT-7K3M-9XPD-C`.
    pub object: String,
}

/// What is wrong with the notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditDamage {
    /// This one was changed, or one before it is missing.
    Altered(i64),
    /// Some are missing at the end.
    CutOff,
}

impl std::fmt::Display for AuditDamage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Altered(seq) => write!(f, "note {seq} was changed, or one before it is missing"),
            Self::CutOff => f.write_str("notes are missing at the end"),
        }
    }
}

const START: [u8; 32] = [0; 32];

/// SHA-256 over the hash before and every field with its length.
fn hash(before: &[u8; 32], seq: i64, entry: &AuditEntry) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(before);
    digest.update(seq.to_be_bytes());
    digest.update(entry.at.to_be_bytes());
    digest.update(entry.actor.map_or(0, |id| id.0).to_be_bytes());
    for text in [&entry.action, &entry.object] {
        digest.update(u64::try_from(text.len()).unwrap_or_default().to_be_bytes());
        digest.update(text);
    }
    digest.finalize().into()
}

impl Sqlite {
    /// Adds a note.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(&mut self, keys: &Keys, entry: &AuditEntry) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
        let last: Option<(i64, [u8; 32])> = transaction
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (seq, before) = last.map_or((1, START), |(seq, hash)| (seq + 1, hash));
        let hash = hash(&before, seq, entry);
        transaction.execute(
            "INSERT INTO audit (seq, at, actor, action, object, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (seq, entry.at, entry.actor.map(|id| id.0), &entry.action, &entry.object, hash),
        )?;
        transaction.execute(
            "INSERT INTO audit_head (one, seq, mac) VALUES (1, ?1, ?2)
             ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, mac = excluded.mac",
            (seq, keys.audit_head(seq, &hash)),
        )?;
        Ok(transaction.commit()?)
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<(i64, AuditEntry, [u8; 32])> {
    let actor: Option<u32> = row.get(2)?;
    let entry = AuditEntry {
        at: row.get(1)?,
        actor: actor.map(StaffId),
        action: row.get(3)?,
        object: row.get(4)?,
    };
    Ok((row.get(0)?, entry, row.get(5)?))
}

impl ReadSqlite {
    /// The newest notes numbered below `before`, at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn audit(&self, before: i64, most: u32) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT seq, at, actor, action, object, hash FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
            )?;
            let rows = statement.query_map((before, most), entry)?;
            rows.map(|row| row.map(|(seq, entry, _)| (seq, entry)))
                .collect::<Result<_, _>>()
                .map_err(StoreError::from)
        })
    }

    /// Looks whether every note is as it was written: how many there are, and what is wrong.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn verify_audit(&self, keys: &Keys) -> Result<(i64, Option<AuditDamage>), StoreError> {
        self.with(|connection| verify(connection, keys))
    }
}

fn verify(connection: &Connection, keys: &Keys) -> Result<(i64, Option<AuditDamage>), StoreError> {
    let sql = "SELECT seq, at, actor, action, object, hash FROM audit ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let (mut count, mut before) = (0, START);
    while let Some(row) = rows.next()? {
        let (seq, entry, found) = entry(row)?;
        if seq != count + 1 || found != hash(&before, seq, &entry) {
            return Ok((count, Some(AuditDamage::Altered(seq))));
        }
        (count, before) = (seq, found);
    }
    let head: Option<(i64, [u8; 32])> = connection
        .query_row("SELECT seq, mac FROM audit_head", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let is_whole = match head {
        None => count == 0,
        Some((seq, mac)) => seq == count && mac == keys.audit_head(seq, &before),
    };
    Ok((count, (!is_whole).then_some(AuditDamage::CutOff)))
}
