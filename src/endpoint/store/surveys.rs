//! What stands published of a survey: its versions, and which one is shown.
//!
//! Versions are immutable and numbered; which one is shown is a log to which rows are only added. A rollback shows an older
//! version again under its own number, so that answers always name the words they were given to.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, Row};

use super::schedule::{self, Rescheduled, places, schedule};
use super::{Sqlite, StoreError, SurveyState, SurveyVersion};
use crate::endpoint::clock::Timestamp;

/// The result of publishing, withdrawing or rolling back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The version it is about.
    pub version: u32,
    /// Whether it was not as it is now.
    pub is_new: bool,
    /// Whether the schedule was changed, too.
    pub is_rescheduled: bool,
}

/// Why a survey's standing does not change. Nothing is stored then.
#[derive(Debug)]
pub enum SurveyError {
    /// There is no survey of this name.
    Unknown,
    /// It has no such version; the newest one it has.
    NoVersion(u32),
    /// Only one version exists, so that there is nothing to go back to.
    OnlyVersion,
    /// It is withdrawn: which version to show again must be said.
    Withdrawn,
    /// It would close before it opens.
    ClosesFirst,
    /// The store failed.
    Store(StoreError),
}

impl fmt::Display for SurveyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str(
                "there is no survey of this name; `qingting survey list` shows those there are",
            ),
            Self::NoVersion(newest) => {
                write!(f, "there is no such version; the newest one is {newest}")
            }
            Self::OnlyVersion => {
                f.write_str("there is only one version, so there is none to go back to")
            }
            Self::Withdrawn => f.write_str(
                "the survey is withdrawn; say with --to which version is to be shown again",
            ),
            Self::ClosesFirst => {
                f.write_str("the survey would close before it opens; change --opens or --closes")
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SurveyError {}

impl From<StoreError> for SurveyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for SurveyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Sqlite {
    /// Shows a definition: as the version that has this very text if that is the current or the newest one, otherwise as
    /// the next version.
    ///
    /// # Errors
    /// When the survey would close before it opens, or it cannot be written; then nothing is stored.
    pub fn publish(
        &mut self,
        survey: &str,
        definition: &str,
        changes: &Rescheduled,
        now: Timestamp,
    ) -> Result<Changed, SurveyError> {
        let transaction = self.begin()?;
        // In one transaction: nobody sees a survey that is to open later before it does.
        let is_rescheduled = schedule::change(&transaction, survey, changes)?;
        let shown = shown(&transaction, survey)?;
        let newest = newest(&transaction, survey)?;
        for known in [shown, newest].into_iter().flatten() {
            let sql = "SELECT definition = ?3 FROM surveys WHERE survey = ?1 AND version = ?2";
            if transaction.query_row(sql, (survey, known, definition), |row| row.get(0))? {
                let is_new = shown != Some(known);
                if is_new {
                    show(&transaction, survey, Some(known), now)?;
                }
                transaction.commit()?;
                return Ok(Changed {
                    version: known,
                    is_new,
                    is_rescheduled,
                });
            }
        }
        let version = newest.map_or(1, |newest| newest.saturating_add(1));
        transaction.execute(
            "INSERT INTO surveys (survey, version, definition, published_at) VALUES (?1, ?2, ?3, ?4)",
            (survey, version, definition, now.0),
        )?;
        show(&transaction, survey, Some(version), now)?;
        transaction.commit()?;
        Ok(Changed {
            version,
            is_new: true,
            is_rescheduled,
        })
    }

    /// Shows no version of `survey` any more.
    ///
    /// # Errors
    /// When there is no such survey, or it cannot be written.
    pub fn withdraw(&mut self, survey: &str, now: Timestamp) -> Result<Changed, SurveyError> {
        let transaction = self.begin()?;
        let newest = newest(&transaction, survey)?.ok_or(SurveyError::Unknown)?;
        let shown = shown(&transaction, survey)?;
        if shown.is_some() {
            show(&transaction, survey, None, now)?;
            transaction.commit()?;
        }
        Ok(Changed {
            version: shown.unwrap_or(newest),
            is_new: shown.is_some(),
            is_rescheduled: false,
        })
    }

    /// Shows an older version of `survey` again: `to`, or the one before the newest. Not the one before the current: a
    /// second run would go back further.
    ///
    /// # Errors
    /// When there is no such survey or version, or it cannot be written.
    pub fn roll_back(
        &mut self,
        survey: &str,
        to: Option<u32>,
        now: Timestamp,
    ) -> Result<Changed, SurveyError> {
        let transaction = self.begin()?;
        let newest = newest(&transaction, survey)?.ok_or(SurveyError::Unknown)?;
        let shown = shown(&transaction, survey)?;
        let version = match to {
            Some(version) if !(1..=newest).contains(&version) => {
                return Err(SurveyError::NoVersion(newest));
            }
            Some(version) => version,
            None if shown.is_none() => return Err(SurveyError::Withdrawn),
            None if newest == 1 => return Err(SurveyError::OnlyVersion),
            None => newest - 1,
        };
        let is_new = shown != Some(version);
        if is_new {
            show(&transaction, survey, Some(version), now)?;
            transaction.commit()?;
        }
        Ok(Changed {
            version,
            is_new,
            is_rescheduled: false,
        })
    }

    /// Whether any version of `survey` has this very text.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_definition(&mut self, survey: &str, definition: &str) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let text = "SELECT EXISTS (SELECT 1 FROM surveys WHERE survey = ?1 AND definition = ?2)";
        Ok(transaction.query_row(text, (survey, definition), |row| row.get(0))?)
    }
}

/// A version of a survey, for [`version`]. It ends with the first change after it was last shown.
pub(super) const VERSION: &str = "SELECT survey, version, published_at, \
    (SELECT at FROM publications AS next WHERE next.survey = surveys.survey AND next.seq > \
        (SELECT max(seq) FROM publications AS own WHERE own.survey = surveys.survey AND own.version = surveys.version) \
        ORDER BY next.seq LIMIT 1) \
    FROM surveys";

pub(super) fn version(row: &Row<'_>) -> rusqlite::Result<SurveyVersion> {
    Ok(SurveyVersion {
        survey: row.get(0)?,
        version: row.get(1)?,
        published_at: Timestamp(row.get(2)?),
        ended_at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
    })
}

/// How `survey` stands; nothing if there is none.
pub(super) fn state(
    connection: &Connection,
    survey: &str,
) -> Result<Option<SurveyState>, StoreError> {
    if newest(connection, survey)?.is_none() {
        return Ok(None);
    }
    let current = match shown(connection, survey)? {
        Some(shown) => {
            let sql = [VERSION, " WHERE survey = ?1 AND version = ?2"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            Some(statement.query_row((survey, shown), version)?)
        }
        None => None,
    };
    let schedule = schedule(connection, survey)?;
    Ok(Some(SurveyState {
        current,
        is_full: schedule.most.is_some() && places(connection, survey)? == 0,
        schedule,
    }))
}

/// The version that is shown.
fn shown(connection: &Connection, survey: &str) -> Result<Option<u32>, StoreError> {
    let sql = "SELECT version FROM publications WHERE survey = ?1 ORDER BY seq DESC LIMIT 1";
    let shown = connection
        .prepare_cached(sql)?
        .query_row([survey], |row| row.get(0))
        .optional()?;
    Ok(shown.flatten())
}

/// The version with the highest number.
pub(super) fn newest(connection: &Connection, survey: &str) -> Result<Option<u32>, StoreError> {
    let sql = "SELECT max(version) FROM surveys WHERE survey = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([survey], |row| row.get(0))?)
}

fn show(
    connection: &Connection,
    survey: &str,
    version: Option<u32>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO publications (survey, version, at) VALUES (?1, ?2, ?3)";
    connection.execute(sql, (survey, version, now.0))?;
    Ok(())
}
