//! SQLite as a store: one connection that writes, with every commit on disk before it returns.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{
    Connection, OptionalExtension, Row, Transaction, TransactionBehavior, named_params,
};

use super::decide::{Decision, Existing, decide};
use super::{Kept, Lateness, Outcome, Sheet, Store, StoreError, schedule, schema};
use crate::endpoint::clock::Timestamp;

/// Where the database lies in a data folder.
pub fn database_path(data: &Path) -> PathBuf {
    data.join("qingting.db")
}

/// The writing connection.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens the database in the data folder, makes it if there is none, and brings it to the newest schema.
    ///
    /// # Errors
    /// A newer schema, a damaged file and a lock held for longer than `busy` are told apart.
    pub fn open(data: &Path, busy: Duration) -> Result<Self, StoreError> {
        let mut connection = Connection::open(database_path(data))?;
        connection.busy_timeout(busy)?;
        schema::check(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // NORMAL would lose acknowledged commits at a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        schema::migrate(&mut connection)?;
        Ok(Self { connection })
    }

    /// A transaction that may write. Immediate: a deferred one that starts reading gets SQLITE_BUSY at once when it turns
    /// into a writer.
    pub(super) fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        let behavior = TransactionBehavior::Immediate;
        Ok(self.connection.transaction_with_behavior(behavior)?)
    }
}

impl Store for Sqlite {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        let transaction = self.begin()?;
        let mut places = Places::default();
        let outcomes = batch
            .iter()
            .map(|sheet| take(&transaction, &mut places, sheet))
            .collect::<Result<Vec<_>, _>>()?;
        transaction.commit()?;
        Ok(outcomes)
    }
}

/// How many more complete sheets each survey takes, for the time of one transaction. Nobody else writes meanwhile, so
/// that counting once is exact.
#[derive(Debug, Default)]
struct Places(HashMap<String, u64>);

impl Places {
    /// Takes a place for a sheet that will count; false if there is none. A test takes none, and a partial sheet none yet:
    /// it is always kept.
    fn take(&mut self, transaction: &Transaction<'_>, sheet: &Sheet) -> Result<bool, StoreError> {
        if sheet.test || !sheet.complete {
            return Ok(true);
        }
        let left = match self.0.entry(sheet.survey.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(schedule::places(transaction, &sheet.survey)?),
        };
        let has_place = *left > 0;
        *left = left.saturating_sub(1);
        Ok(has_place)
    }
}

fn take(
    transaction: &Transaction<'_>,
    places: &mut Places,
    sheet: &Sheet,
) -> Result<Outcome, StoreError> {
    let existing = transaction
        .prepare_cached("SELECT survey, invitation, digest, receipt, received_at, revision, complete, test FROM responses WHERE id = ?1")?
        .query_row([sheet.id.as_bytes()], existing)
        .optional()?;
    let decision = decide(existing.as_ref(), sheet);
    if matches!(decision, Decision::Insert | Decision::Replace) && is_answered(transaction, sheet)?
    {
        return Ok(Outcome::Answered);
    }
    // What is stored already was decided above: a sheet that counts is never refused for want of a place.
    if matches!(decision, Decision::Insert | Decision::Replace)
        && !places.take(transaction, sheet)?
    {
        return Ok(Outcome::Full);
    }
    if matches!(decision, Decision::Insert | Decision::Replace) {
        supersede(transaction, sheet)?;
    }
    Ok(match (decision, existing) {
        (Decision::Insert, _) => Outcome::Created(insert(transaction, sheet)?),
        (Decision::Replace, Some(existing)) => {
            Outcome::Known(replace(transaction, sheet, existing.kept)?)
        }
        (Decision::Keep, Some(existing)) => Outcome::Known(existing.kept),
        (Decision::Replace | Decision::Keep, None) => return Err(StoreError::Unreadable("sheet")),
        (Decision::RevisionTaken, _) => Outcome::RevisionTaken,
        (Decision::AlreadyComplete, _) => Outcome::AlreadyComplete,
        (Decision::IdTaken, _) => Outcome::IdTaken,
        (Decision::Closed, _) => Outcome::Closed,
        (Decision::Early, _) => Outcome::Early,
    })
}

/// Whether another sheet has answered an invitation that is answered once.
fn is_answered(transaction: &Transaction<'_>, sheet: &Sheet) -> Result<bool, StoreError> {
    let Some(invitation) = sheet.invitation.filter(|_| sheet.once && !sheet.test) else {
        return Ok(false);
    };
    Ok(transaction
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM responses
                 WHERE invitation = ?1 AND once AND NOT superseded AND NOT test AND complete AND id <> ?2)",
        )?
        .query_row((invitation, sheet.id.as_bytes()), |row| row.get(0))?)
}

/// Of several unfinished sheets for one invitation, as from a telephone and then a desk, the latest counts. The unique index
/// `responses_once` holds whatever is asked here.
fn supersede(transaction: &Transaction<'_>, sheet: &Sheet) -> Result<(), StoreError> {
    if let Some(invitation) = sheet.invitation.filter(|_| sheet.once && !sheet.test) {
        transaction
            .prepare_cached(
                "UPDATE responses SET superseded = TRUE
                 WHERE invitation = ?1 AND once AND NOT superseded AND NOT test AND id <> ?2",
            )?
            .execute((invitation, sheet.id.as_bytes()))?;
    }
    Ok(())
}

fn existing(row: &Row<'_>) -> rusqlite::Result<Existing> {
    Ok(Existing {
        survey: row.get(0)?,
        invitation: row.get(1)?,
        digest: row.get(2)?,
        test: row.get(7)?,
        kept: Kept {
            receipt: row.get(3)?,
            received_at: Timestamp(row.get(4)?),
            revision: row.get(5)?,
            complete: row.get(6)?,
        },
    })
}

fn insert(transaction: &Transaction<'_>, sheet: &Sheet) -> Result<Kept, StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO responses (id, survey, version, revision, complete, page, locale, started_at, elapsed_ms, received_at,
                 updated_at, channel, delivery, account, contact, verified, invitation, once, fields, answers, late, receipt, digest, test)
             VALUES (:id, :survey, :version, :revision, :complete, :page, :locale, :started_at, :elapsed_ms, :received_at,
                 :received_at, :channel, :delivery, :account, :contact, :verified, :invitation, :once, :fields, :answers, :late, :receipt, :digest, :test)",
        )?
        .execute(named_params! {
            ":id": sheet.id.as_bytes(), ":survey": sheet.survey, ":version": sheet.version, ":revision": sheet.revision,
            ":complete": sheet.complete, ":page": sheet.page, ":locale": sheet.locale, ":started_at": sheet.started_at,
            ":elapsed_ms": elapsed(sheet), ":received_at": sheet.received_at.0, ":channel": sheet.channel,
            ":delivery": sheet.delivery, ":account": sheet.account, ":contact": sheet.contact,
            ":verified": sheet.verified, ":invitation": sheet.invitation, ":once": sheet.once, ":fields": sheet.fields, ":answers": sheet.answers,
            ":late": sheet.lateness != Lateness::Current, ":receipt": sheet.receipt, ":digest": sheet.digest, ":test": sheet.test,
        })?;
    Ok(Kept {
        receipt: sheet.receipt.clone(),
        received_at: sheet.received_at,
        revision: sheet.revision,
        complete: sheet.complete,
    })
}

/// A later revision takes the place of an earlier one; the sheet keeps its receipt and the moment it first came in.
fn replace(transaction: &Transaction<'_>, sheet: &Sheet, stored: Kept) -> Result<Kept, StoreError> {
    transaction
        .prepare_cached(
            "UPDATE responses SET version = :version, revision = :revision, complete = :complete, page = :page, locale = :locale,
                 started_at = :started_at, elapsed_ms = :elapsed_ms, updated_at = :updated_at, channel = :channel,
                 delivery = :delivery, account = :account, contact = :contact, verified = :verified, superseded = FALSE,
                 fields = :fields, answers = :answers, late = :late, digest = :digest
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": sheet.id.as_bytes(), ":version": sheet.version, ":revision": sheet.revision, ":complete": sheet.complete,
            ":page": sheet.page, ":locale": sheet.locale, ":started_at": sheet.started_at, ":elapsed_ms": elapsed(sheet),
            ":updated_at": sheet.received_at.0, ":channel": sheet.channel, ":delivery": sheet.delivery,
            ":account": sheet.account, ":contact": sheet.contact, ":verified": sheet.verified, ":fields": sheet.fields,
            ":answers": sheet.answers, ":late": sheet.lateness != Lateness::Current, ":digest": sheet.digest,
        })?;
    Ok(Kept {
        revision: sheet.revision,
        complete: sheet.complete,
        ..stored
    })
}

/// The contract limits it to 30 days, so that it always fits.
fn elapsed(sheet: &Sheet) -> i64 {
    i64::try_from(sheet.elapsed_ms).unwrap_or(i64::MAX)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Locked,
            Some(Code::DiskFull) => Self::Full,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Database(error.to_string()),
        }
    }
}
