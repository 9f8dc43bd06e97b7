//! Deliveries, the people they name, and who wants nothing more.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::invitations::{invitation, log};
use super::{ReadSqlite, Sqlite, StoreError};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::deliveries::programme::{HOLDS_MS, Kind, Reason};

/// A delivery that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are those of `api::delivery::Delivery`"
)]
pub struct DeliveryRow {
    pub kind: Kind,
    pub delivery: String,
    pub contact: String,
    pub account: Option<String>,
    pub mail: Option<String>,
    pub phone: Option<String>,
    pub language: Option<String>,
    pub survey: String,
    pub delivered_at: i64,
    pub team: Option<String>,
    pub region: Option<String>,
    pub product: Option<String>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is new, with this number.
    New(i64),
    /// It was known; the person's address or language is another.
    Changed(i64),
    /// Nothing is new.
    Known(i64),
}

impl Told {
    /// The delivery's number.
    pub fn number(self) -> i64 {
        match self {
            Self::New(number) | Self::Changed(number) | Self::Known(number) => number,
        }
    }
}

/// Why an address gets nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suppression {
    /// Its person wants that.
    OptedOut,
    /// It does not work.
    Bounced,
}

impl Sqlite {
    /// Takes deliveries in, all in one transaction; says what became of each.
    ///
    /// # Errors
    /// When it cannot be written; then nothing of them is stored.
    pub fn take_deliveries(
        &mut self,
        rows: &[DeliveryRow],
        now: Timestamp,
    ) -> Result<Vec<Told>, StoreError> {
        let transaction = self.begin()?;
        let told = rows.iter().map(|row| take(&transaction, row, now));
        let told = told.collect::<Result<Vec<_>, _>>()?;
        transaction.commit()?;
        Ok(told)
    }

    /// Says that an address does not work: the youngest invitation sent there came back; for good, nothing more is sent there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn bounce(&mut self, address: &str, permanent: bool, now: i64) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let youngest: Option<i64> = transaction
            .query_row(
                "SELECT invitations.id FROM invitations
                 JOIN deliveries ON deliveries.id = invitations.delivery
                 JOIN contacts ON contacts.id = deliveries.contact
                 WHERE ?1 IN (contacts.mail, contacts.phone) AND invitations.asked_at IS NOT NULL
                 ORDER BY coalesce(invitations.reminded_at, invitations.asked_at) DESC, invitations.id DESC LIMIT 1",
                [address],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(id) = youngest {
            let sql = "UPDATE invitations SET bounced_at = coalesce(bounced_at, ?2) WHERE id = ?1";
            transaction.execute(sql, (id, now))?;
            log(
                &transaction,
                id,
                now,
                "bounced",
                Some(if permanent { "permanent" } else { "passing" }),
            )?;
        }
        if permanent {
            suppress(&transaction, address, Suppression::Bounced, now)?;
        }
        Ok(transaction.commit()?)
    }

    /// A person wants nothing more: neither at the addresses we know nor at ones that come later.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn opt_out(&mut self, contact: i64, now: i64) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE contacts SET opted_out_at = coalesce(opted_out_at, ?2) WHERE id = ?1 RETURNING mail, phone";
        let addresses: Option<(Option<String>, Option<String>)> = transaction
            .query_row(sql, (contact, now), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (mail, phone) = addresses.unwrap_or_default();
        for address in [mail, phone].into_iter().flatten() {
            suppress(&transaction, &address, Suppression::OptedOut, now)?;
        }
        Ok(transaction.commit()?)
    }
}

fn take(
    transaction: &Transaction<'_>,
    row: &DeliveryRow,
    now: Timestamp,
) -> Result<Told, StoreError> {
    let changed = transaction
        .prepare_cached(
            "INSERT INTO contacts (contact, account, mail, phone, language) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (contact) DO UPDATE SET account = coalesce(?2, account), mail = coalesce(?3, mail),
                 phone = coalesce(?4, phone), language = coalesce(?5, language)
             WHERE account IS NOT coalesce(?2, account) OR mail IS NOT coalesce(?3, mail)
                 OR phone IS NOT coalesce(?4, phone) OR language IS NOT coalesce(?5, language)",
        )?
        .execute((&row.contact, &row.account, &row.mail, &row.phone, &row.language))?;
    let contact: i64 = transaction
        .prepare_cached("SELECT id FROM contacts WHERE contact = ?1")?
        .query_row([&row.contact], |row| row.get(0))?;
    let added: Option<i64> = transaction
        .prepare_cached(
            "INSERT INTO deliveries (kind, delivery, contact, account, survey, delivered_at, received_at, team, region, product)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING RETURNING id",
        )?
        .query_row(
            (
                row.kind.code(),
                &row.delivery,
                contact,
                &row.account,
                &row.survey,
                row.delivered_at,
                now.0,
                &row.team,
                &row.region,
                &row.product,
            ),
            |row| row.get(0),
        )
        .optional()?;
    let Some(delivery) = added else {
        let sql = "SELECT id FROM deliveries WHERE delivery = ?1 AND contact = ?2";
        let number = transaction.query_row(sql, (&row.delivery, contact), |row| row.get(0))?;
        return Ok(if changed > 0 {
            Told::Changed(number)
        } else {
            Told::Known(number)
        });
    };
    for wave in row.kind.waves() {
        let due = wave.due_at(row.delivered_at);
        let until = due.saturating_add(HOLDS_MS);
        // The digest stands for the number, too: it is known only when the row is there.
        let id: i64 = transaction
            .prepare_cached(
                "INSERT INTO invitations (delivery, wave, due_at, expires_at, digest, wake_at)
                 VALUES (?1, ?2, ?3, ?4, randomblob(32), ?3) RETURNING id",
            )?
            .query_row((delivery, wave.code(), due, until), |row| row.get(0))?;
        let invitation = invitation(
            id,
            until,
            &row.survey,
            &row.delivery,
            &row.account,
            &row.contact,
        );
        let digest = invitation
            .digest()
            .ok_or(StoreError::Unreadable("invitation"))?;
        transaction
            .prepare_cached("UPDATE invitations SET digest = ?2 WHERE id = ?1")?
            .execute((id, digest))?;
    }
    Ok(Told::New(delivery))
}

fn suppress(
    transaction: &Transaction<'_>,
    address: &str,
    why: Suppression,
    now: i64,
) -> Result<(), StoreError> {
    let reason = match why {
        Suppression::OptedOut => Reason::OptedOut,
        Suppression::Bounced => Reason::Bounced,
    };
    let sql =
        "INSERT INTO suppressions (address, reason, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    transaction.execute(sql, (address, reason.code(), now))?;
    Ok(())
}

impl ReadSqlite {
    /// Of a delivery by its number: reference, account, survey, and when it was handed over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn delivery(&self, number: i64) -> Result<Option<DeliveryLink>, StoreError> {
        self.with(|connection| {
            let sql =
                "SELECT delivery, account, survey, delivered_at FROM deliveries WHERE id = ?1";
            let link = |row: &Row<'_>| {
                Ok(DeliveryLink {
                    delivery: row.get(0)?,
                    account: row.get(1)?,
                    survey: row.get(2)?,
                    delivered_at: row.get(3)?,
                })
            };
            Ok(connection
                .prepare_cached(sql)?
                .query_row([number], link)
                .optional()?)
        })
    }

    /// The number of some delivery with this reference.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn delivery_number(&self, delivery: &str) -> Result<Option<i64>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT min(id) FROM deliveries WHERE delivery = ?1";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([delivery], |row| row.get(0))?)
        })
    }

    /// Whether there is such a person, and the language to speak with them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn contact_language(&self, contact: i64) -> Result<Option<Option<String>>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT language FROM contacts WHERE id = ?1";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([contact], |row| row.get(0))
                .optional()?)
        })
    }
}

/// Where the link of a delivery leads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are those of `api::delivery::Delivery`"
)]
pub struct DeliveryLink {
    pub delivery: String,
    pub account: Option<String>,
    pub survey: String,
    pub delivered_at: i64,
}
