//! The schedule of a survey: when it can be begun, how many may answer it, what is said while it is closed.

use rusqlite::{Connection, OptionalExtension};

use super::surveys::{SurveyError, newest};
use super::{Schedule, Sqlite, StoreError};
use crate::endpoint::clock::Timestamp;

/// One setting of a schedule, as a command gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// As it was.
    #[default]
    Keep,
    /// None from now on.
    Remove,
    /// This from now on.
    Set(T),
}

/// Changes to a schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rescheduled {
    /// The first moment.
    pub opens_at: Setting<Timestamp>,
    /// The first moment no more.
    pub closes_at: Setting<Timestamp>,
    /// The most complete sheets.
    pub most: Setting<u64>,
    /// (language tag, text) of the message; an empty text removes that language's.
    pub message: Vec<(String, String)>,
    /// Whether only those may answer who are invited or known.
    pub invited_only: Option<bool>,
}

impl Sqlite {
    /// Changes the schedule of `survey`, which holds for all its versions; true if anything is different now.
    ///
    /// # Errors
    /// When there is no such survey, it would close before it opens, or it cannot be written.
    pub fn reschedule(&mut self, survey: &str, changes: &Rescheduled) -> Result<bool, SurveyError> {
        let transaction = self.begin()?;
        newest(&transaction, survey)?.ok_or(SurveyError::Unknown)?;
        let is_changed = change(&transaction, survey, changes)?;
        transaction.commit()?;
        Ok(is_changed)
    }
}

/// Changes a schedule; true if it is different now.
pub(super) fn change(
    connection: &Connection,
    survey: &str,
    changes: &Rescheduled,
) -> Result<bool, SurveyError> {
    let old = schedule(connection, survey)?;
    let new = changes.applied_to(&old);
    if let (Some(opens), Some(closes)) = (new.opens_at, new.closes_at)
        && closes <= opens
    {
        return Err(SurveyError::ClosesFirst);
    }
    if new == old {
        return Ok(false);
    }
    let message =
        serde_json::to_string(&new.message).map_err(|_| StoreError::Unreadable("schedule"))?;
    let most = new.most.map(|most| i64::try_from(most).unwrap_or(i64::MAX));
    connection.execute(
        "INSERT OR REPLACE INTO schedules (survey, opens_at, closes_at, most, message, invited_only)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            survey,
            new.opens_at.map(|at| at.0),
            new.closes_at.map(|at| at.0),
            most,
            message,
            new.invited_only,
        ),
    )?;
    Ok(true)
}

impl Rescheduled {
    /// Whether it changes nothing, whatever there is.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn applied_to(&self, old: &Schedule) -> Schedule {
        let mut message = old.message.clone();
        for (tag, text) in &self.message {
            message.retain(|(known, _)| known != tag);
            if !text.is_empty() {
                message.push((tag.clone(), text.clone()));
            }
        }
        message.sort();
        Schedule {
            opens_at: self.opens_at.applied_to(old.opens_at),
            closes_at: self.closes_at.applied_to(old.closes_at),
            most: self.most.applied_to(old.most),
            message,
            invited_only: self.invited_only.unwrap_or(old.invited_only),
        }
    }
}

impl<T: Copy> Setting<T> {
    fn applied_to(&self, old: Option<T>) -> Option<T> {
        match self {
            Self::Keep => old,
            Self::Remove => None,
            Self::Set(new) => Some(*new),
        }
    }
}

/// How many more complete sheets `survey` takes.
pub(super) fn places(connection: &Connection, survey: &str) -> Result<u64, StoreError> {
    let Some(most) = schedule(connection, survey)?.most else {
        return Ok(u64::MAX);
    };
    let sql = "SELECT count(*) FROM responses WHERE survey = ?1 AND complete AND NOT test AND NOT suspect";
    let counted: i64 = connection
        .prepare_cached(sql)?
        .query_row([survey], |row| row.get(0))?;
    Ok(most.saturating_sub(u64::try_from(counted).unwrap_or_default()))
}

pub(super) fn schedule(connection: &Connection, survey: &str) -> Result<Schedule, StoreError> {
    let sql =
        "SELECT opens_at, closes_at, most, message, invited_only FROM schedules WHERE survey = ?1";
    let row = connection
        .prepare_cached(sql)?
        .query_row([survey], |row| {
            let moment = |column| -> rusqlite::Result<_> {
                Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
            };
            let most: Option<i64> = row.get(2)?;
            let message: String = row.get(3)?;
            Ok((moment(0)?, moment(1)?, most, message, row.get(4)?))
        })
        .optional()?;
    let Some((opens_at, closes_at, most, message, invited_only)) = row else {
        return Ok(Schedule::default());
    };
    Ok(Schedule {
        opens_at,
        closes_at,
        most: most.and_then(|most| u64::try_from(most).ok()),
        message: serde_json::from_str(&message).map_err(|_| StoreError::Unreadable("schedule"))?,
        invited_only,
    })
}
