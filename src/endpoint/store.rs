//! What the endpoint keeps, and what a database must be able to do to keep it.
//!
//! All SQL lives below this module. [`Store`] and [`Reader`] are the seam at which another database joins: a store
//! commits batches, a reader looks things up beside it.

use std::fmt;

use super::clock::{DAY_MS, Timestamp};
use crate::api::SubmissionId;

/// Accounts and what came from them.
mod accounts;
/// Photos.
mod attachments;
/// What staff changed and read.
mod audit;
/// Call-backs after low scores.
mod call_backs;
/// Cases, their events and their words.
mod cases;
/// Everything out and in.
mod copy;
/// The daily chain.
mod days;
/// The rules for ids and revisions.
mod decide;
/// Deliveries, people, invitations.
mod deliveries;
/// Taking out what is no longer to be kept.
mod erasure;
/// What is asked across cases.
mod facts;
/// Requests, suggestions and praise.
mod feedback;
/// Whose turn it is to write.
mod gate;
/// Known incidents.
mod incidents;
/// Invitations and what was done about each.
mod invitations;
/// What was committed, and how far the follower has come.
mod journal;
/// Problems and Top-N lists.
mod logs;
/// How many commits were acknowledged.
mod mark;
/// Which pages may use a survey.
mod origins;
/// What goes out.
mod outbox;
/// Places where people come by.
mod places;
/// Portals that say who is there.
mod portals;
/// Reading beside the writer.
mod read;
/// The supplier's systems that are told.
mod receivers;
/// What staff keep beside the cases.
mod records;
/// Policies, calendars and the terms of accounts.
mod rules;
/// When a survey can be begun, and by how many.
mod schedule;
/// Tables and their forward migrations.
mod schema;
/// What the Scores page counts.
mod scores;
/// Passwords and sessions.
mod sign_in;
/// SQLite as a store.
mod sqlite;
/// Who works here.
mod staff;
/// What stands published of a survey.
mod surveys;
/// The supplier's systems that ask.
mod systems;
/// What customers said.
mod verbatims;
/// Response rates.
mod waves;
/// The one thread that commits.
pub mod writer;

pub use accounts::AccountDelivery;
pub use attachments::{Claimed, PhotoRow, PhotoTaken, Sender};
pub use audit::{AuditDamage, AuditEntry};
pub use call_backs::{CallBack, CallBackChange, Ending};
pub use cases::{Appended, Batch, CaseRow, EventRow};
pub use copy::{CopyError, back_up, digest, hex, load};
pub use days::{DayRow, HeadMark};
pub use deliveries::{DeliveryLink, DeliveryRow, Told};
pub use erasure::{Address, Named};
pub use facts::Facts;
pub use feedback::{FeedbackChange, FeedbackRow};
pub use invitations::{InvitationRow, of_subject, subject};
pub use journal::{About, Derived, Entry, Lag};
pub use logs::{LogBatch, LogKind, LogRow, Rewritten};
pub use outbox::{Backlog, Channel, OutboxRow, OutboxState};
pub use places::PlaceRow;
pub use portals::PortalChange;
pub use read::{Filter, ReadSqlite, StoredResponse};
pub use receivers::{ReceiverChange, ReceiverRow};
pub use records::{RecordChange, RecordName, RecordRow};
pub use rules::{InForce, RuleKind, RuleRow, Terms};
pub use schedule::{Rescheduled, Setting};
pub use scores::{Cell, Tallied, Uncounted};
pub use sign_in::{NewPerson, PersonRow, SessionRow};
pub use sqlite::{Sqlite, Synchronous, database_path};
pub use staff::StaffRow;
pub use surveys::{Changed, SurveyError};
pub use systems::{Scope, SystemRow};
pub use verbatims::{After, SpokenRow};
pub use waves::WaveCount;

/// One answer sheet, checked, on its way to the disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The sheet's id.
    pub id: SubmissionId,
    /// The survey's name.
    pub survey: String,
    /// The survey's version.
    pub version: u32,
    /// The revision, from 1.
    pub revision: u32,
    /// Whether the respondent has finished.
    pub complete: bool,
    /// The page that was reached.
    pub page: Option<String>,
    /// The language it was answered in.
    pub locale: String,
    /// When it was begun, by the browser's clock.
    pub started_at: String,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// When it came in.
    pub received_at: Timestamp,
    /// The channel.
    pub channel: String,
    /// The delivery that the browser claims.
    pub delivery: Option<String>,
    /// The account that the browser claims.
    pub account: Option<String>,
    /// The person that the browser claims.
    pub contact: Option<String>,
    /// Whether account and contact, and with an invitation the delivery, are proved.
    pub verified: bool,
    /// SHA-256 of what the invitation's token signs; the token itself opens things and is not kept.
    pub invitation: Option<[u8; 32]>,
    /// Whether that invitation is answered once.
    pub once: bool,
    /// Whether it only tries the survey out: it is kept and never counts.
    pub test: bool,
    /// Whether it looks as if a program had filled it in: it is kept and not counted.
    pub suspect: bool,
    /// Hidden fields, a JSON object.
    pub fields: String,
    /// The answers, a JSON object.
    pub answers: String,
    /// Whether its version is still taken.
    pub lateness: Lateness,
    /// What the person can quote.
    pub receipt: String,
    /// SHA-256 of the canonical submission without its revision.
    pub digest: [u8; 32],
    /// The photos that its answers name.
    pub photos: Vec<[u8; 16]>,
}

/// How long answers to what is no longer shown are still taken: 30 days, for queues on devices that were switched off.
pub const GRACE_MS: i64 = 30 * DAY_MS;

/// How the version of a sheet stands at the moment it comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lateness {
    /// The survey has not opened yet: only what is already stored goes on.
    Early,
    /// The published one.
    Current,
    /// Replaced, withdrawn or closed within [`GRACE_MS`]: taken and marked. When the sheet was begun is not asked: only
    /// the device's clock could tell, and one that is wrong would cost a customer an answer that was already given.
    Late,
    /// Longer ago than that: only what is already stored is still acknowledged.
    Closed,
}

impl Lateness {
    /// How it stands when what it belongs to ended at `ended`, or goes on.
    pub fn after(ended: Option<Timestamp>, now: Timestamp) -> Self {
        match ended {
            Some(ended) if now.since(ended) > GRACE_MS => Self::Closed,
            Some(_) => Self::Late,
            None => Self::Current,
        }
    }
}

/// What became of one sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored for the first time.
    Created(Kept),
    /// It, or a later revision of it, was stored before, or it has replaced an earlier revision.
    Known(Kept),
    /// The same revision is stored with other content.
    RevisionTaken,
    /// The stored sheet is complete and differs.
    AlreadyComplete,
    /// The id belongs to another survey or invitation.
    IdTaken,
    /// Its invitation was answered before, by another sheet.
    Answered,
    /// Its version is no longer taken and nothing of it is stored.
    Closed,
    /// Its survey has not opened yet and nothing of it is stored.
    Early,
    /// Its survey has as many complete sheets as it takes.
    Full,
}

/// What the store has of a sheet: the words of its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the person can quote.
    pub receipt: String,
    /// When the sheet was first stored.
    pub received_at: Timestamp,
    /// The revision that is stored.
    pub revision: u32,
    /// Whether it is complete.
    pub complete: bool,
}

/// One version of a survey and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyVersion {
    /// The survey's name.
    pub survey: String,
    /// Counts from 1.
    pub version: u32,
    /// When it was published.
    pub published_at: Timestamp,
    /// When another version or a withdrawal ended it.
    pub ended_at: Option<Timestamp>,
}

/// When a survey can be begun, how many may answer it, and what is said while it is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The first moment.
    pub opens_at: Option<Timestamp>,
    /// The first moment no more.
    pub closes_at: Option<Timestamp>,
    /// The most complete sheets, tests aside.
    pub most: Option<u64>,
    /// What respondents read while it is closed, instead of our own words: (BCP 47 tag, text).
    pub message: Vec<(String, String)>,
    /// Whether only those may answer who have an invitation, or an identity from a portal.
    pub invited_only: bool,
}

/// How a survey stands, whatever the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyState {
    /// The version that is shown; nothing while the survey is withdrawn.
    pub current: Option<SurveyVersion>,
    /// Its schedule.
    pub schedule: Schedule,
    /// Whether it has as many complete sheets as it takes.
    pub is_full: bool,
}

/// Why the store could not do what it was asked.
#[derive(Debug)]
pub enum StoreError {
    /// Another process holds the database for longer than we wait.
    Locked,
    /// The disk is full.
    Full,
    /// The database was made by a newer program.
    NewerSchema {
        /// The database's schema.
        found: u32,
        /// The newest one we know.
        known: u32,
    },
    /// The file is not a database, or damaged.
    Damaged(String),
    /// It has fewer commits than were acknowledged.
    Behind {
        /// The commits it has.
        found: i64,
        /// The commits that were acknowledged.
        noted: i64,
    },
    /// The disk failed.
    Disk(String),
    /// Anything else the database reports.
    Database(String),
    /// A stored row cannot be understood.
    Unreadable(&'static str),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked => {
                f.write_str("another process holds the database; try again in a moment")
            }
            Self::Full => f.write_str("the disk of the data folder is full; free some space"),
            Self::NewerSchema { found, known } => write!(
                f,
                "the database has schema {found}, but this program knows only up to {known}; it was made by a newer qingting, run that one"
            ),
            Self::Damaged(text) => write!(
                f,
                "the database is damaged or no database: {text}; restore a backup"
            ),
            Self::Behind { found, noted } => write!(
                f,
                "the database has {found} of {noted} commits that were acknowledged: its end (qingting.db-wal) was cut off or removed, or it is an older copy. Put the newest files back; if you restored a backup on purpose, remove the file `mark` beside it and start again"
            ),
            Self::Disk(text) => write!(f, "the disk of the data folder failed: {text}"),
            Self::Database(text) => write!(f, "the database reports: {text}"),
            Self::Unreadable(what) => write!(f, "a stored {what} cannot be read; restore a backup"),
        }
    }
}

impl std::error::Error for StoreError {}

/// The writing side. It belongs to one thread.
pub trait Store: Send + 'static {
    /// Takes the sheets in order, all in one transaction, and returns what became of each once all of it is on disk.
    ///
    /// # Errors
    /// Then nothing of the batch is stored.
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError>;
}

/// The reading side, shared by all requests. Calls may block on the disk.
pub trait Reader: Send + Sync + 'static {
    /// How `survey` stands; nothing if there is none.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn survey(&self, survey: &str) -> Result<Option<SurveyState>, StoreError>;

    /// A number that is another one after every commit, by whatever process; nothing where there is none.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn stamp(&self) -> Result<Option<i64>, StoreError> {
        Ok(None)
    }

    /// A certain version of `survey`.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn version(&self, survey: &str, version: u32) -> Result<Option<SurveyVersion>, StoreError>;

    /// The text of a version as its author uploaded it.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn definition(&self, survey: &str, version: u32) -> Result<Option<String>, StoreError>;
}
