//! The supplier's systems that are told: where they are, and which secret they hold.

use rusqlite::{OptionalExtension, Row};

use super::outbox::Channel;
use super::{ReadSqlite, Sqlite, StoreError};
use crate::endpoint::clock::Timestamp;

/// One receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiverRow {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// What it gets: events, or what goes to telephones.
    pub channel: Channel,
    /// The newest secret's generation, from 1.
    pub generation: u32,
    /// Whether the one before it signs, too.
    pub is_rotating: bool,
}

/// What to do with a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverChange {
    /// A new secret, beside the one before.
    Rotate,
    /// Only the newest secret from now on.
    Settle,
    /// It is told nothing more; what waited for it is given up.
    Remove,
}

const RECEIVERS: &str =
    "SELECT id, name, address, channel, generation, is_rotating FROM receivers WHERE NOT has_ended";

fn receiver(row: &Row<'_>) -> rusqlite::Result<ReceiverRow> {
    let channel: String = row.get(3)?;
    Ok(ReceiverRow {
        id: row.get(0)?,
        name: row.get(1)?,
        address: row.get(2)?,
        channel: if channel == Channel::Gateway.code() {
            Channel::Gateway
        } else {
            Channel::Webhook
        },
        generation: row.get(4)?,
        is_rotating: row.get(5)?,
    })
}

impl Sqlite {
    /// Adds a receiver; nothing if there is one of this name. One that was removed gets a secret that it never had.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add_receiver(
        &mut self,
        name: &str,
        address: &str,
        channel: Channel,
        now: Timestamp,
    ) -> Result<Option<ReceiverRow>, StoreError> {
        let transaction = self.begin()?;
        let added = transaction
            .query_row(
                "INSERT INTO receivers (name, address, channel, generation, changed_at) VALUES (?1, ?2, ?3, 1, ?4)
                 ON CONFLICT (name) DO UPDATE SET address = ?2, channel = ?3, generation = generation + 1,
                     is_rotating = FALSE, has_ended = FALSE, changed_at = ?4
                     WHERE has_ended
                 RETURNING id, name, address, channel, generation, is_rotating",
                (name, address, channel.code(), now.0),
                receiver,
            )
            .optional()?;
        transaction.commit()?;
        Ok(added)
    }

    /// Changes a receiver and says how it stands then; nothing if there is none of this name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn change_receiver(
        &mut self,
        name: &str,
        change: ReceiverChange,
        now: Timestamp,
    ) -> Result<Option<ReceiverRow>, StoreError> {
        let set = match change {
            ReceiverChange::Rotate => "generation = generation + 1, is_rotating = TRUE",
            ReceiverChange::Settle => "is_rotating = FALSE",
            ReceiverChange::Remove => "is_rotating = FALSE, has_ended = TRUE",
        };
        let sql = [
            "UPDATE receivers SET ",
            set,
            ", changed_at = ?2 WHERE name = ?1 AND NOT has_ended
             RETURNING id, name, address, channel, generation, is_rotating",
        ]
        .concat();
        let transaction = self.begin()?;
        let changed = transaction
            .query_row(&sql, (name, now.0), receiver)
            .optional()?;
        if let (Some(row), ReceiverChange::Remove) = (&changed, change) {
            transaction.execute(
                "UPDATE outbox SET state = 'dead', settled_at = ?2, error = 'the receiver was removed'
                 WHERE receiver = ?1 AND state = 'waiting'",
                (row.id, now.0),
            )?;
        }
        transaction.commit()?;
        Ok(changed)
    }

    /// Makes of each message to the systems one for each receiver, once. A message that nobody wants is done with; one to a
    /// telephone waits for a gateway.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn fan_out(&mut self, now: i64) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        transaction.execute(
            "INSERT INTO outbox (channel, kind, about, subject, seq, staff, receiver, created_at, due_at)
             SELECT outbox.channel, kind, about, subject, seq, staff, receivers.id, created_at, ?1
             FROM outbox JOIN receivers ON receivers.channel = outbox.channel AND NOT has_ended
             WHERE state = 'waiting' AND receiver = 0 AND outbox.channel <> 'mail' AND due_at <= ?1
             ON CONFLICT DO NOTHING",
            [now],
        )?;
        transaction.execute(
            "UPDATE outbox SET state = 'delivered', settled_at = ?1
             WHERE state = 'waiting' AND receiver = 0 AND channel <> 'mail' AND due_at <= ?1
                 AND (channel = 'webhook' OR EXISTS (SELECT 1 FROM receivers WHERE channel = 'gateway' AND NOT has_ended))",
            [now],
        )?;
        Ok(transaction.commit()?)
    }
}

impl ReadSqlite {
    /// The receivers there are, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn receivers(&self) -> Result<Vec<ReceiverRow>, StoreError> {
        self.with(|connection| {
            let mut statement =
                connection.prepare_cached(&[RECEIVERS, " ORDER BY name"].concat())?;
            let rows = statement.query_map([], receiver)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// Whether any system of the supplier's listens.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_hooks(&self) -> Result<bool, StoreError> {
        self.with(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM receivers WHERE channel = 'webhook' AND NOT has_ended)";
            Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
        })
    }

    /// Whether anything waits to be made into one message for each receiver.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_to_fan_out(&self, now: i64) -> Result<bool, StoreError> {
        self.with(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM outbox
                       WHERE state = 'waiting' AND receiver = 0 AND due_at <= ?1 AND (channel = 'webhook'
                           OR channel = 'gateway' AND EXISTS (SELECT 1 FROM receivers WHERE channel = 'gateway' AND NOT has_ended)))";
            Ok(connection.prepare_cached(sql)?.query_row([now], |row| row.get(0))?)
        })
    }
}
