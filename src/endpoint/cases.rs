//! Cases at the endpoint: taking complaints in, letting people act on them, and doing what is due.
//!
//! A case is read, the rules decide, and the events are put at its end only if nobody else was faster; otherwise it is
//! read and decided again. So no rule of a case stands in the store.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::calendar::Calendar;
use super::rulebook::RuleBook;
use super::store::{ReadSqlite, Sqlite, StoreError};
use crate::complaint::{Actor, Case, Obstacle, Policy, Refusal, StaffId};

/// Acting on a case.
mod acting;
/// Events at the end of a case.
mod appending;
/// Call-backs, incidents, lost links.
mod around;
/// Wrong secrets.
mod attempts;
/// What a message about a case may say.
pub mod brief;
/// The daily chain.
mod days;
/// What is due.
mod due;
/// Taking words and photos out.
pub mod erasing;
/// Requests, suggestions and praise.
pub mod feedback;
/// What comes in.
mod intake;
/// The chain of events.
mod ledger;
/// Top-N lists and their projects.
pub mod lists;
/// Logs of what is no case.
mod logs;
/// Two cases that are one.
mod merging;
/// Case numbers.
pub mod number;
/// Photos.
pub mod photos;
/// Which rules of time hold.
pub mod policies;
/// The causes behind complaints.
pub mod problems;
/// A case as it is read.
mod reading;
/// What cases say together.
pub mod reports;
/// Whether all is as it was written.
mod verifying;

pub use acting::Wish;
pub(super) use acting::team_and_stand_in;
pub use days::Sealed;
pub use intake::{Heard, Taken};
pub use ledger::{Damage, date};
pub use reading::{Inside, Seen, Waiting, Whole};
pub use verifying::Verified;

/// How often a decision is made anew because somebody else was faster.
const ATTEMPTS: u32 = 20;
/// The contact's id where nobody works here yet.
const NOBODY: StaffId = StaffId(0);

/// All cases.
pub struct Cases {
    store: Mutex<Sqlite>,
    reader: ReadSqlite,
    rules: RuleBook,
    patterns: problems::Patterns,
    attempts: attempts::Attempts,
    photo_bytes: u64,
}

impl fmt::Debug for Cases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cases").finish_non_exhaustive()
    }
}

/// Why something did not happen to a case. Nothing is stored then.
#[derive(Debug)]
pub enum CaseError {
    /// There is no such case, or the secret is wrong: which of the two is not told.
    NotFound,
    /// As [`CaseError::NotFound`], after more wrong secrets for this number than are answered.
    TooManyWrong,
    /// The rules refuse it.
    Refused(Refusal),
    /// The case has as many photos as it may.
    TooManyPhotos,
    /// The id belongs to something else.
    IdTaken,
    /// It is something else already, or cannot become that.
    OtherIntent,
    /// Others were faster each time.
    Clash,
    /// The operating system gave no random bytes.
    NoRandomness,
    /// What is stored cannot be understood.
    Unreadable,
    /// Something stands in its way.
    Hindered(Obstacle),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for CaseError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Obstacle> for CaseError {
    fn from(obstacle: Obstacle) -> Self {
        Self::Hindered(obstacle)
    }
}

impl From<Refusal> for CaseError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Cases {
    /// The cases of a data folder.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn new(store: Sqlite, reader: ReadSqlite, calendar: Calendar) -> Self {
        Self {
            store: Mutex::new(store),
            reader,
            rules: RuleBook::new(calendar),
            patterns: problems::Patterns::default(),
            attempts: attempts::Attempts::default(),
            photo_bytes: photos::MOST_BYTES,
        }
    }

    /// The same, with so many bytes for all photos.
    #[must_use]
    pub fn with_photo_bytes(self, photo_bytes: u64) -> Self {
        Self {
            photo_bytes,
            ..self
        }
    }

    /// Reading beside them.
    pub(in crate::endpoint) fn reader(&self) -> &ReadSqlite {
        &self.reader
    }

    /// Writing beside them.
    pub(in crate::endpoint) fn writing(&self) -> MutexGuard<'_, Sqlite> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long everything may take for a case, and its opening hours.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::endpoint) fn times_of(
        &self,
        case: &Case,
    ) -> Result<(Policy, Arc<Calendar>), CaseError> {
        let rules = self.rules_of(case)?;
        Ok((rules.policy, rules.calendar))
    }

    /// The same for whoever comes in at a moment.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::endpoint) fn times_at(
        &self,
        account: Option<&str>,
        at: i64,
    ) -> Result<(Policy, Arc<Calendar>), CaseError> {
        let rules = self.rules_now(account, at)?;
        Ok((rules.policy, rules.calendar))
    }

    /// Who has this key.
    ///
    /// # Errors
    /// When the store fails.
    pub fn holder(&self, key: &str) -> Result<Option<Actor>, CaseError> {
        let row = self.reader.staff_by_key(Sha256::digest(key).into())?;
        Ok(row.map(|row| Actor::Staff(row.id, row.role)))
    }
}
