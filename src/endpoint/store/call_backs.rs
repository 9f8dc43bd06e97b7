//! Call-backs after low scores: one for a sheet, however often the sheet comes.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::{About, Channel, OutboxRow, ReadSqlite, Sqlite, StoreError, outbox};
use crate::complaint::StaffId;
use crate::complaint::notice::Notice;

/// A customer who is to be called back, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct CallBack {
    /// The sheet.
    pub response: [u8; 16],
    /// Its survey.
    pub survey: String,
    /// The question with the lowest answer, measured against what it should be.
    pub question: String,
    /// That answer.
    pub score: f64,
    /// The account that the sheet names.
    pub account: Option<String>,
    /// The person that the sheet names.
    pub contact: Option<String>,
    /// Who calls back; nobody works here yet where it is 0.
    pub owner: StaffId,
    /// When the score came in.
    pub created_at: i64,
    /// By when somebody calls.
    pub due_at: i64,
    /// When that was missed.
    pub missed_at: Option<i64>,
    /// When and how it ended.
    pub ended: Option<(i64, Ending)>,
    /// What was said.
    pub note: Option<String>,
    /// The version that a change is made on.
    pub version: u32,
}

/// How a call-back ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A person spoke with the customer.
    Reached,
    /// The customer could not be reached.
    NotReached,
    /// A later revision of the sheet says that it was not so bad.
    Corrected,
    /// The customer made a complaint of it: the case goes on.
    Complaint,
}

impl Ending {
    /// The word for it in the database and on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NotReached => "not-reached",
            Self::Corrected => "corrected",
            Self::Complaint => "complaint",
        }
    }

    /// The ending with this word.
    pub fn of(code: &str) -> Option<Self> {
        let all = [
            Self::Reached,
            Self::NotReached,
            Self::Corrected,
            Self::Complaint,
        ];
        all.into_iter().find(|ending| ending.code() == code)
    }
}

/// What a sheet means for its call-back.
#[derive(Clone, Debug, PartialEq)]
pub enum CallBackChange {
    /// Its score is low.
    Low(CallBack),
    /// It is not, or no more.
    Fine {
        /// The sheet.
        response: [u8; 16],
        /// When that revision came in.
        at: i64,
    },
    /// Its customer made a complaint of it.
    Carried {
        /// The sheet.
        response: [u8; 16],
        /// The case.
        case: [u8; 16],
        /// When.
        at: i64,
    },
}

pub(super) fn apply(
    transaction: &Transaction<'_>,
    change: &CallBackChange,
) -> Result<(), StoreError> {
    match change {
        CallBackChange::Low(low) => transaction
            .prepare_cached(
                // The clock runs from the first low score; what a person ended stays ended. A sheet that was erased since it
                // was read has nobody to be called.
                "INSERT INTO call_backs (response, survey, question, score, account, contact, owner, created_at, due_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE EXISTS (SELECT 1 FROM responses WHERE id = ?1)
                 ON CONFLICT (response) DO UPDATE SET question = ?3, score = ?4, ended_at = NULL, ending = NULL,
                     version = version + 1
                 WHERE (ended_at IS NULL OR ending = 'corrected')
                     AND (question, score, coalesce(ending, '')) <> (?3, ?4, '')",
            )?
            .execute((
                low.response,
                &low.survey,
                &low.question,
                low.score,
                &low.account,
                &low.contact,
                low.owner.0,
                low.created_at,
                low.due_at,
            ))?,
        CallBackChange::Fine { response, at } => transaction
            .prepare_cached(
                "UPDATE call_backs SET ended_at = ?2, ending = 'corrected', version = version + 1
                 WHERE response = ?1 AND ended_at IS NULL",
            )?
            .execute((response, at))?,
        CallBackChange::Carried { response, case, .. } => transaction
            .prepare_cached(
                "INSERT INTO carried (response, case_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute((response, case))?,
    };
    // Whichever of sheet and complaint came first: with a case there is nobody left to call because of the score alone.
    let (response, at) = match change {
        CallBackChange::Low(low) => (&low.response, low.created_at),
        CallBackChange::Carried { response, at, .. } => (response, *at),
        CallBackChange::Fine { .. } => return Ok(()),
    };
    transaction
        .prepare_cached(
            "UPDATE call_backs SET ended_at = ?2, ending = 'complaint', version = version + 1,
                 case_id = (SELECT case_id FROM carried WHERE response = ?1)
             WHERE response = ?1 AND ended_at IS NULL AND EXISTS (SELECT 1 FROM carried WHERE response = ?1)",
        )?
        .execute((response, at))?;
    Ok(())
}

const ROW: &str = "SELECT response, survey, question, score, account, contact, owner, created_at, due_at, missed_at,
    ended_at, ending, note, version FROM call_backs";

impl Sqlite {
    /// Ends a call-back as it stood in version `known`; false if it has changed since, or ended.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end_call_back(
        &mut self,
        response: [u8; 16],
        known: u32,
        (ending, note): (Ending, &str),
        by: StaffId,
        now: i64,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let changed = transaction.execute(
            "UPDATE call_backs SET ended_at = ?3, ending = ?4, note = ?5, ended_by = ?6, version = version + 1
             WHERE response = ?1 AND version = ?2 AND ended_at IS NULL",
            (response, known, now, ending.code(), note, by.0),
        )?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    /// Records every call-back whose time is over, once, and tells its owner.
    ///
    /// # Errors
    /// When it cannot be written; nothing is recorded then.
    pub fn miss_call_backs(&mut self, now: i64) -> Result<usize, StoreError> {
        let transaction = self.begin()?;
        let missed = {
            let mut statement = transaction.prepare_cached(
                "UPDATE call_backs SET missed_at = due_at, version = version + 1
                 WHERE ended_at IS NULL AND missed_at IS NULL AND due_at <= ?1 RETURNING response, owner",
            )?;
            let rows =
                statement.query_map([now], |row| Ok((row.get(0)?, row.get::<_, u32>(1)?)))?;
            rows.collect::<Result<Vec<([u8; 16], u32)>, _>>()?
        };
        for (response, owner) in &missed {
            let row = OutboxRow {
                id: 0,
                channel: Channel::Mail,
                kind: Notice::Breach.code().to_owned(),
                about: About::Response,
                subject: *response,
                seq: 0,
                staff: Some(StaffId(*owner)).filter(|owner| owner.0 != 0),
                receiver: None,
                created_at: now,
                due_at: now,
                attempts: 0,
                error: None,
            };
            // Nobody works here yet: there is nobody to tell.
            if row.staff.is_some() {
                outbox::put(&transaction, &row)?;
            }
        }
        transaction.commit()?;
        Ok(missed.len())
    }
}

impl ReadSqlite {
    /// Call-backs, the first due first: those that are open, or all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn call_backs(&self, only_open: bool) -> Result<Vec<CallBack>, StoreError> {
        self.with(|connection| {
            let wanted = " WHERE ended_at IS NULL OR NOT ?1 ORDER BY due_at, response";
            let mut statement = connection.prepare_cached(&[ROW, wanted].concat())?;
            let rows = statement.query_map([only_open], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The call-back of a sheet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn call_back(&self, response: [u8; 16]) -> Result<Option<CallBack>, StoreError> {
        self.with(|connection| {
            let sql = [ROW, " WHERE response = ?1"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row([response], read).optional()?)
        })
    }

    /// Whether some call-back's time is over and not recorded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_overdue_call_backs(&self, now: i64) -> Result<bool, StoreError> {
        self.with(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM call_backs
                       WHERE ended_at IS NULL AND missed_at IS NULL AND due_at <= ?1)";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([now], |row| row.get(0))?)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<CallBack> {
    let ended: Option<i64> = row.get(10)?;
    let ending: Option<String> = row.get(11)?;
    Ok(CallBack {
        response: row.get(0)?,
        survey: row.get(1)?,
        question: row.get(2)?,
        score: row.get(3)?,
        account: row.get(4)?,
        contact: row.get(5)?,
        owner: StaffId(row.get(6)?),
        created_at: row.get(7)?,
        due_at: row.get(8)?,
        missed_at: row.get(9)?,
        ended: ended.zip(ending.as_deref().and_then(Ending::of)),
        note: row.get(12)?,
        version: row.get(13)?,
    })
}
