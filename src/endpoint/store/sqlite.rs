//! SQLite as a store: one connection that writes, with every commit on disk before it returns.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Row, Transaction, TransactionBehavior, named_params,
};

use super::attachments::claim_for_sheet;
use super::decide::{Decision, Existing, decide};
use super::gate::{Gate, Turn};
use super::mark::{self, Mark};
use super::{Kept, Lateness, Outcome, Sheet, Store, StoreError, schedule, schema};
use crate::endpoint::clock::Timestamp;

/// The write-ahead log is cut back to this after it has grown, in bytes.
const WAL_KEPT: i64 = 16 * 1024 * 1024;

/// Where the database lies in a data folder.
pub fn database_path(data: &Path) -> PathBuf {
    data.join("qingting.db")
}

/// How hard a commit is pressed onto the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// Every commit is on disk before it is acknowledged.
    Full,
    /// Commits of the last seconds are lost at a power cut. Nothing that is shipped chooses it: it is here so that the
    /// test of power cuts can show that it would notice.
    Normal,
}

/// The writing connection.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    data: PathBuf,
    busy: Duration,
    synchronous: Synchronous,
    gate: Arc<Gate>,
    mark: Mark,
    /// The failures of the disk before this connection was opened.
    failures: u64,
}

impl Sqlite {
    /// Opens the database in the data folder, makes it if there is none, and brings it to the newest schema.
    ///
    /// # Errors
    /// A newer schema, a damaged file, one that has lost commits and a lock held for longer than `busy` are told apart.
    pub fn open(data: &Path, busy: Duration) -> Result<Self, StoreError> {
        // Before the database: beside a running endpoint it must not be newer than what is read there.
        let noted = mark::noted(data);
        let path = database_path(data);
        if noted > 0 && std::fs::metadata(&path).map_or(0, |file| file.len()) == 0 {
            return Err(StoreError::Behind { found: 0, noted });
        }
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(busy)?;
        schema::check(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // What is deleted is overwritten, so that erasing is more than forgetting where it lies.
        connection.pragma_update(None, "secure_delete", true)?;
        // After a long reader the log shrinks again.
        connection.pragma_update(None, "journal_size_limit", WAL_KEPT)?;
        schema::migrate(&mut connection)?;
        let found = connection.query_row("SELECT commits FROM commits", [], |row| row.get(0))?;
        if found < noted {
            return Err(StoreError::Behind { found, noted });
        }
        let gate = Gate::of(&path);
        let store = Self {
            failures: gate.failures(),
            connection,
            data: data.to_owned(),
            busy,
            synchronous: Synchronous::Full,
            gate,
            mark: Mark::open(data).map_err(|error| StoreError::Disk(error.to_string()))?,
        };
        store.synchronise()?;
        // Several services write, each by a connection of its own: what they read of the schema's steps is not needed again.
        store.connection.execute_batch("PRAGMA shrink_memory")?;
        Ok(store)
    }

    /// The same with another way of pressing commits onto the disk.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn with_synchronous(mut self, synchronous: Synchronous) -> Result<Self, StoreError> {
        self.synchronous = synchronous;
        self.synchronise()?;
        Ok(self)
    }

    fn synchronise(&self) -> Result<(), StoreError> {
        let mode = match self.synchronous {
            // NORMAL would lose acknowledged commits at a power cut.
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
        };
        Ok(self.connection.pragma_update(None, "synchronous", mode)?)
    }

    /// Lets the write-ahead log grow no larger than `most` bytes: while somebody reads an old state of the database, nothing
    /// in the log can be overwritten, and the disk would be full before that ends. Holds for every writer of this process.
    pub fn limit_log(&self, most: u64) {
        self.gate.limit_log(most);
    }

    /// Empties the log where it is as large as it may be.
    ///
    /// # Errors
    /// When somebody reads what stands in it.
    fn make_room_in_log(&self) -> Result<(), StoreError> {
        let size =
            || std::fs::metadata(self.data.join("qingting.db-wal")).map_or(0, |file| file.len());
        if size() <= self.gate.log_most() {
            return Ok(());
        }
        self.connection.busy_timeout(Duration::ZERO)?;
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.connection.query_row(sql, [], |_| Ok(()))?;
        let left = size();
        if left <= self.gate.log_most() {
            return Ok(());
        }
        tracing::error!(
            "nothing can be stored: somebody has been reading the database for so long that its log has grown to {left} bytes; end that process"
        );
        Err(StoreError::Locked)
    }

    /// Looks whether the file holds together; one larger than `most` bytes is not looked at. Content that was altered within
    /// its place cannot be seen.
    ///
    /// # Errors
    /// Names the first damage.
    pub fn check(&self, most: u64) -> Result<(), StoreError> {
        let size = std::fs::metadata(database_path(&self.data)).map_or(0, |file| file.len());
        if size > most {
            return Ok(());
        }
        let sql = "PRAGMA quick_check(1)";
        let found: String = self.connection.query_row(sql, [], |row| row.get(0))?;
        // All of it was read: what the cache holds of it is not needed.
        self.connection.execute_batch("PRAGMA shrink_memory")?;
        if found == "ok" {
            Ok(())
        } else {
            Err(StoreError::Damaged(found))
        }
    }

    /// The connection, outside any transaction.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether it can be written now; nothing is.
    ///
    /// # Errors
    /// Why not.
    pub fn probe(&mut self) -> Result<(), StoreError> {
        self.begin().map(drop)
    }

    /// A transaction that may write. Immediate: a deferred one that starts reading gets SQLITE_BUSY at once when it turns
    /// into a writer.
    pub(super) fn begin(&mut self) -> Result<Writing<'_>, StoreError> {
        let begin = Instant::now();
        let turn = loop {
            if self.failures != self.gate.failures() {
                let fresh = Self::open(&self.data, self.busy)?;
                *self = fresh.with_synchronous(self.synchronous)?;
                tracing::warn!("the database was opened anew after the disk had failed");
            }
            let left = self.busy.saturating_sub(begin.elapsed());
            let turn = self.gate.enter(left).ok_or(StoreError::Locked)?;
            // The disk may have failed while this one waited for its turn.
            if self.failures == self.gate.failures() {
                break turn;
            }
        };
        self.make_room_in_log()?;
        // Waiting for one's turn and for other processes together takes no longer than promised.
        let left = self.busy.saturating_sub(begin.elapsed());
        self.connection.busy_timeout(left)?;
        let behavior = TransactionBehavior::Immediate;
        Ok(Writing {
            transaction: self.connection.transaction_with_behavior(behavior)?,
            gate: &self.gate,
            mark: &self.mark,
            _turn: turn,
        })
    }
}

/// A transaction that may write, in its turn. Dropping it takes everything back.
#[derive(Debug)]
pub(super) struct Writing<'a> {
    // Dropped in this order: rolled back before the next one's turn.
    transaction: Transaction<'a>,
    gate: &'a Gate,
    mark: &'a Mark,
    _turn: Turn,
}

impl<'a> Deref for Writing<'a> {
    type Target = Transaction<'a>;

    fn deref(&self) -> &Transaction<'a> {
        &self.transaction
    }
}

impl Writing<'_> {
    /// Returns when everything is on disk.
    ///
    /// # Errors
    /// Then nothing may be acknowledged. After a fault of the disk the database is opened anew before it takes more.
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        let Self {
            transaction,
            gate,
            mark,
            _turn,
        } = self;
        let sql = "UPDATE commits SET commits = commits + 1 RETURNING commits";
        let commits = transaction
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        let done = transaction.commit();
        match &done {
            Ok(()) => mark.note(commits),
            Err(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull) => {
                }
                _ => gate.failed(),
            },
        }
        done
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
        if sheet.test || sheet.suspect || !sheet.complete {
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
    let outcome = match (decision, existing) {
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
    };
    // A sheet that the closing page sent may have been faster than its photos.
    if matches!(outcome, Outcome::Created(_) | Outcome::Known(_)) && !sheet.photos.is_empty() {
        claim_for_sheet(transaction, *sheet.id.as_bytes(), &sheet.photos)?;
    }
    Ok(outcome)
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
                 updated_at, channel, delivery, account, contact, verified, invitation, once, fields, answers, late, receipt, digest, test, suspect)
             VALUES (:id, :survey, :version, :revision, :complete, :page, :locale, :started_at, :elapsed_ms, :received_at,
                 :received_at, :channel, :delivery, :account, :contact, :verified, :invitation, :once, :fields, :answers, :late, :receipt, :digest, :test, :suspect)",
        )?
        .execute(named_params! {
            ":id": sheet.id.as_bytes(), ":survey": sheet.survey, ":version": sheet.version, ":revision": sheet.revision,
            ":complete": sheet.complete, ":page": sheet.page, ":locale": sheet.locale, ":started_at": sheet.started_at,
            ":elapsed_ms": elapsed(sheet), ":received_at": sheet.received_at.0, ":channel": sheet.channel,
            ":delivery": sheet.delivery, ":account": sheet.account, ":contact": sheet.contact,
            ":verified": sheet.verified, ":invitation": sheet.invitation, ":once": sheet.once, ":fields": sheet.fields, ":answers": sheet.answers,
            ":late": sheet.lateness != Lateness::Current, ":receipt": sheet.receipt, ":digest": sheet.digest, ":test": sheet.test,
            ":suspect": sheet.suspect,
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
                 fields = :fields, answers = :answers, late = :late, digest = :digest, suspect = :suspect
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": sheet.id.as_bytes(), ":version": sheet.version, ":revision": sheet.revision, ":complete": sheet.complete,
            ":page": sheet.page, ":locale": sheet.locale, ":started_at": sheet.started_at, ":elapsed_ms": elapsed(sheet),
            ":updated_at": sheet.received_at.0, ":channel": sheet.channel, ":delivery": sheet.delivery,
            ":account": sheet.account, ":contact": sheet.contact, ":verified": sheet.verified, ":fields": sheet.fields,
            ":answers": sheet.answers, ":late": sheet.lateness != Lateness::Current, ":digest": sheet.digest, ":suspect": sheet.suspect,
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
            Some(Code::SystemIoFailure | Code::CannotOpen | Code::ReadOnly) => {
                Self::Disk(error.to_string())
            }
            _ => Self::Database(error.to_string()),
        }
    }
}
