//! What goes out by mail and to the supplier's systems: written with what causes it, delivered at least once, given up
//! visibly. A row names what it is about by ids; addresses, words and links are looked up when it is sent.

use rusqlite::{Row, Transaction};

use super::{About, ReadSqlite, Sqlite, StoreError};
use crate::complaint::StaffId;

/// How something goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// By mail: to the customer, or to somebody of staff.
    Mail,
    /// To the supplier's systems.
    Webhook,
    /// To telephones, through a system of the supplier's.
    Gateway,
}

impl Channel {
    /// The word for it in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
            Self::Gateway => "gateway",
        }
    }
}

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxState {
    /// It is to be delivered.
    Waiting,
    /// It was delivered.
    Delivered,
    /// It was given up; a person can have it tried again.
    Dead,
}

impl OutboxState {
    /// The word for it in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }
}

/// One message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number; 0 before it is stored.
    pub id: i64,
    /// How it goes out.
    pub channel: Channel,
    /// What it says: [`Notice::code`](crate::complaint::notice::Notice::code), or the code of another domain's message.
    pub kind: String,
    /// What it is about.
    pub about: About,
    /// The case's or the sheet's id.
    pub subject: [u8; 16],
    /// The event of the case that caused it; 0 where the subject as a whole did.
    pub seq: u32,
    /// Who of staff gets it; nobody: the customer, or the supplier's systems.
    pub staff: Option<StaffId>,
    /// Which of the supplier's systems gets it; nobody yet: it is still to be made into one row for each.
    pub receiver: Option<i64>,
    /// When it was caused, unix milliseconds.
    pub created_at: i64,
    /// When it is tried next.
    pub due_at: i64,
    /// How often it was tried; counted when it is claimed, so that an end of the program counts too.
    pub attempts: u32,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// How much waits, for figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Rows that wait.
    pub waiting: u64,
    /// When the oldest of them was caused.
    pub oldest_at: Option<i64>,
    /// Rows that were given up.
    pub dead: u64,
}

const ROW: &str =
    "id, channel, kind, about, subject, seq, staff, created_at, due_at, attempts, error, receiver";

/// Stores a row unless the same was stored before: whoever derives it twice sends it once.
pub(super) fn put(transaction: &Transaction<'_>, row: &OutboxRow) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO outbox (channel, kind, about, subject, seq, staff, receiver, created_at, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        )?
        .execute((
            row.channel.code(),
            &row.kind,
            row.about.code(),
            row.subject,
            row.seq,
            row.staff.map_or(0, |staff| staff.0),
            row.receiver.unwrap_or_default(),
            row.created_at,
            row.due_at,
        ))?;
    Ok(())
}

impl Sqlite {
    /// Stores a row that something else than the follower causes; the same one again is stored once.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put_outbox(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        put(&transaction, row)?;
        Ok(transaction.commit()?)
    }

    /// Takes at most `most` rows that are due, the longest due first. Each is due again after `lease_ms` unless it is settled
    /// before: whoever claims and dies loses nothing.
    ///
    /// # Errors
    /// When it cannot be written; nothing is claimed then.
    pub fn claim_outbox(
        &mut self,
        channel: Channel,
        now: i64,
        lease_ms: i64,
        most: u32,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let transaction = self.begin()?;
        let sql = [
            "UPDATE outbox SET attempts = attempts + 1, due_at = ?2 + ?3 WHERE id IN (
                 SELECT id FROM outbox WHERE state = 'waiting' AND channel = ?1 AND due_at <= ?2
                     AND (channel = 'mail' OR receiver <> 0)
                 ORDER BY due_at, id LIMIT ?4) RETURNING ",
            ROW,
        ]
        .concat();
        let mut claimed = {
            let mut statement = transaction.prepare_cached(&sql)?;
            let rows = statement.query_map((channel.code(), now, lease_ms, most), read)?;
            rows.map(|row| row?).collect::<Result<Vec<_>, _>>()?
        };
        transaction.commit()?;
        claimed.sort_by_key(|row| row.id);
        Ok(claimed)
    }

    /// It was delivered.
    ///
    /// # Errors
    /// When it cannot be written: it will be delivered once more.
    pub fn settle_outbox(&mut self, id: i64, now: i64) -> Result<(), StoreError> {
        self.mark(id, OutboxState::Delivered, (now, now), None)
    }

    /// It was not delivered, and is tried again at `next`.
    ///
    /// # Errors
    /// When it cannot be written: it is tried again when its lease is over.
    pub fn retry_outbox(&mut self, id: i64, next: i64, error: &str) -> Result<(), StoreError> {
        self.mark(id, OutboxState::Waiting, (next, next), Some(error))
    }

    /// It is given up.
    ///
    /// # Errors
    /// When it cannot be written: it is tried again when its lease is over.
    pub fn bury_outbox(&mut self, id: i64, now: i64, error: &str) -> Result<(), StoreError> {
        self.mark(id, OutboxState::Dead, (now, now), Some(error))
    }

    /// A person wants a row that was given up tried again; false if there is no such row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn replay_outbox(&mut self, id: i64, now: i64) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql =
            "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = ?2, settled_at = NULL
                   WHERE id = ?1 AND state = 'dead'";
        let changed = transaction.execute(sql, (id, now))?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    fn mark(
        &mut self,
        id: i64,
        state: OutboxState,
        (due, settled): (i64, i64),
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        let settled = (state != OutboxState::Waiting).then_some(settled);
        let transaction = self.begin()?;
        // What is settled stays so: a slow second try says nothing about a delivered row.
        transaction.execute(
            "UPDATE outbox SET state = ?2, due_at = ?3, settled_at = ?4, error = ?5
             WHERE id = ?1 AND state = 'waiting'",
            (id, state.code(), due, settled, error),
        )?;
        Ok(transaction.commit()?)
    }
}

impl ReadSqlite {
    /// At most `most` rows in this state, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outbox(&self, state: OutboxState, most: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.with(|connection| {
            let sql = [
                "SELECT ",
                ROW,
                " FROM outbox WHERE state = ?1 ORDER BY id DESC LIMIT ?2",
            ]
            .concat();
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map((state.code(), most), read)?;
            rows.map(|row| row?).collect()
        })
    }

    /// Whether a row of this channel is due.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_outbox_due(&self, channel: Channel, now: i64) -> Result<bool, StoreError> {
        self.with(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'waiting' AND channel = ?1 AND due_at <= ?2
                           AND (channel = 'mail' OR receiver <> 0))";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row((channel.code(), now), |row| row.get(0))?)
        })
    }

    /// How much of a channel waits.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn backlog(&self, channel: Channel) -> Result<Backlog, StoreError> {
        self.with(|connection| {
            let sql = "SELECT count(*) FILTER (WHERE state = 'waiting'),
                           min(created_at) FILTER (WHERE state = 'waiting'),
                           count(*) FILTER (WHERE state = 'dead')
                       FROM outbox WHERE channel = ?1 AND state <> 'delivered'";
            let mut statement = connection.prepare_cached(sql)?;
            let (waiting, oldest_at, dead): (i64, Option<i64>, i64) = statement
                .query_row([channel.code()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            Ok(Backlog {
                waiting: u64::try_from(waiting).unwrap_or_default(),
                oldest_at,
                dead: u64::try_from(dead).unwrap_or_default(),
            })
        })
    }
}

/// A row of [`ROW`]; the outer result is the database's, the inner one says whether it can be understood.
fn read(row: &Row<'_>) -> rusqlite::Result<Result<OutboxRow, StoreError>> {
    let (channel, about): (String, String) = (row.get(1)?, row.get(3)?);
    let staff: u32 = row.get(6)?;
    let channel = match channel.as_str() {
        "mail" => Channel::Mail,
        "webhook" => Channel::Webhook,
        "gateway" => Channel::Gateway,
        _ => return Ok(Err(StoreError::Unreadable("message"))),
    };
    let about = match About::of(&about) {
        Ok(about) => about,
        Err(error) => return Ok(Err(error)),
    };
    Ok(Ok(OutboxRow {
        id: row.get(0)?,
        channel,
        kind: row.get(2)?,
        about,
        subject: row.get(4)?,
        seq: row.get(5)?,
        staff: (staff != 0).then_some(StaffId(staff)),
        created_at: row.get(7)?,
        due_at: row.get(8)?,
        attempts: row.get(9)?,
        error: row.get(10)?,
        receiver: Some(row.get(11)?).filter(|receiver| *receiver != 0),
    }))
}
