//! What staff keep beside the cases, read and changed the same way whatever it is: replayed from its changes, and changed only
//! on the version that was read.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cases::{CaseError, Cases};
use super::clock::Timestamp;
use super::guard::Actor;
use super::store::{Appended, RecordChange, RecordName, RecordRow};
use crate::complaint::campaign::Campaign;
use crate::complaint::finding::Finding;
use crate::complaint::visit::Visit;
use crate::complaint::{Moment, Reach, Record, Refusal, Role, StaffId};

/// A record that is kept.
pub(super) trait Kept: Record<Change: Serialize + DeserializeOwned + Clone> {
    /// The word for it in the database.
    const KIND: &'static str;
}

impl Kept for Visit {
    const KIND: &'static str = "visit";
}

impl Kept for Finding {
    const KIND: &'static str = "finding";
}

impl Kept for Campaign {
    const KIND: &'static str = "campaign";
}

/// One that is there.
#[derive(Clone, Debug)]
pub(super) struct Entry<R: Record> {
    /// Its number.
    pub(super) id: u32,
    /// How often it has changed.
    pub(super) version: u32,
    /// What its changes made.
    pub(super) is: R,
    /// The changes, the oldest first.
    pub(super) changes: Vec<(Moment, StaffId, R::Change)>,
}

fn read<R: Kept>(row: &RecordRow) -> Result<Entry<R>, CaseError> {
    let change = |row: &RecordChange| {
        let change = serde_json::from_str(&row.change).ok()?;
        Some((row.at, StaffId(row.by), change))
    };
    let changes: Option<Vec<_>> = row.changes.iter().map(change).collect();
    let changes = changes.ok_or(CaseError::Unreadable)?;
    let replayed = R::replay(changes.iter().map(|(at, by, change)| (*at, *by, change)));
    Ok(Entry {
        id: row.id,
        version: u32::try_from(changes.len()).unwrap_or(u32::MAX),
        is: replayed.ok_or(CaseError::Unreadable)?,
        changes,
    })
}

/// The one with this number.
pub(super) fn one<R: Kept>(cases: &Cases, id: u32) -> Result<Entry<R>, CaseError> {
    let row = cases.reader().record(R::KIND, id)?;
    read(&row.ok_or(CaseError::NotFound)?)
}

/// The one with this key.
pub(super) fn keyed<R: Kept>(cases: &Cases, key: &str) -> Result<Option<Entry<R>>, CaseError> {
    let row = cases.reader().record_by_key(R::KIND, key)?;
    row.map(|row| read(&row)).transpose()
}

/// All of them, the oldest first.
pub(super) fn all<R: Kept>(cases: &Cases) -> Result<Vec<Entry<R>>, CaseError> {
    let rows = cases.reader().records(R::KIND)?;
    rows.iter().map(read).collect()
}

/// Makes a new one; the same key again gives the one there is.
pub(super) fn begin<R: Kept>(
    cases: &Cases,
    (key, account): (Option<&str>, Option<&str>),
    by: StaffId,
    first: &R::Change,
    now: Timestamp,
) -> Result<Entry<R>, CaseError> {
    let name = RecordName {
        kind: R::KIND,
        key,
        account,
    };
    let row = row(by, first, now)?;
    let (id, _) = cases.writing().add_record(name, &row)?;
    one(cases, id)
}

/// Puts a change at the end of one as it was read.
pub(super) fn change<R: Kept>(
    cases: &Cases,
    entry: &Entry<R>,
    by: StaffId,
    change: &R::Change,
    now: Timestamp,
) -> Result<Entry<R>, CaseError> {
    let row = row(by, change, now)?;
    let put = cases
        .writing()
        .change_record(entry.id, entry.version, &row)?;
    match put {
        Appended::Stored => one(cases, entry.id),
        Appended::Clash | Appended::NumberTaken => Err(CaseError::Clash),
    }
}

fn row<C: Serialize>(by: StaffId, change: &C, now: Timestamp) -> Result<RecordChange, CaseError> {
    Ok(RecordChange {
        at: now.0,
        by: by.0,
        change: serde_json::to_string(change).map_err(|_| CaseError::Unreadable)?,
    })
}

/// Whether it is still as somebody has read it.
pub(super) fn is_newest<R: Kept>(entry: &Entry<R>, known: u32) -> Result<(), CaseError> {
    if entry.version == known {
        Ok(())
    } else {
        Err(CaseError::Clash)
    }
}

/// How far somebody sees.
pub(super) fn reach(cases: &Cases, actor: Actor) -> Result<Reach, CaseError> {
    let own = cases.reader().accounts_of(actor.id)?;
    Ok(Reach::of(actor.role, own))
}

/// Whether somebody may read what belongs to an account, or to none.
pub(super) fn reads(cases: &Cases, actor: Actor, account: Option<&str>) -> Result<(), CaseError> {
    if reach(cases, actor)?.covers_any(account) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed.into())
    }
}

/// Whether somebody may change it: as for reading, and auditors change nothing.
pub(super) fn changes(cases: &Cases, actor: Actor, account: Option<&str>) -> Result<(), CaseError> {
    if actor.role == Role::Auditor {
        return Err(Refusal::NotAllowed.into());
    }
    reads(cases, actor, account)
}
