//! The daily chain over all cases: closing days, and what an alteration of them looks like.

use std::collections::HashMap;
use std::sync::PoisonError;

use sha2::{Digest, Sha256};

use super::{CaseError, Cases, Damage};
use crate::endpoint::clock::{DAY_MS, Timestamp};
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{EventRow, HeadMark, ReadSqlite, StoreError};

/// The most days that are closed one by one after a time in which nothing ran.
const MOST_DAYS: i64 = 4_000;

impl Cases {
    /// Closes every day that is over; says how many.
    ///
    /// # Errors
    /// When the store fails; the days that were closed stay so.
    pub fn close_days(&self, keys: &Keys, now: Timestamp) -> Result<usize, CaseError> {
        let yesterday = now.0.div_euclid(DAY_MS) - 1;
        let first = match self.reader.last_day()? {
            Some(last) if last >= yesterday => return Ok(0),
            Some(last) => (last + 1).max(yesterday - MOST_DAYS),
            None => yesterday,
        };
        let mut closed = 0;
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        for day in first..=yesterday {
            let seal = |before, day, marks: &[HeadMark]| {
                let digest = digest(before, day, marks);
                (digest, keys.day(day, &digest))
            };
            closed += usize::from(store.close_day(day, seal)?);
        }
        Ok(closed)
    }
}

/// Every part has one length, and the marks' number stands before them.
fn digest(before: [u8; 32], day: i64, marks: &[HeadMark]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(before);
    digest.update(day.to_be_bytes());
    digest.update((marks.len() as u64).to_be_bytes());
    for mark in marks {
        digest.update(mark.id);
        digest.update(mark.last_seq.to_be_bytes());
        digest.update(mark.head);
    }
    digest.finalize().into()
}

/// What the days say of each case.
#[derive(Debug, Default)]
pub(super) struct Days {
    marks: HashMap<[u8; 16], Vec<(i64, HeadMark)>>,
}

/// What the days are worth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// The last closed day, as days since 1970-01-01, and its digest: kept elsewhere, it shows also a whole database that
    /// was put back.
    pub last: Option<(i64, [u8; 32])>,
    /// The first day that is not as it was closed, or before which one is missing.
    pub broken: Option<i64>,
}

impl Days {
    /// Reads all days; those behind a broken one say nothing.
    pub(super) fn read(reader: &ReadSqlite, keys: &Keys) -> Result<(Self, Sealed), StoreError> {
        let (mut days, mut sealed) = (Self::default(), Sealed::default());
        let mut before: Option<(i64, [u8; 32])> = None;
        for row in reader.days()? {
            let is_next = before.is_none_or(|(day, _)| day + 1 == row.day);
            let chained = before.map_or([0; 32], |(_, digest)| digest);
            let is_whole = is_next
                && digest(chained, row.day, &row.marks) == row.digest
                && keys.day(row.day, &row.digest) == row.mac;
            if !is_whole {
                sealed.broken = Some(row.day);
                break;
            }
            for mark in row.marks {
                days.marks.entry(mark.id).or_default().push((row.day, mark));
            }
            before = Some((row.day, row.digest));
        }
        sealed.last = before;
        Ok((days, sealed))
    }

    /// The first closed day that knows more of the case, or otherwise, than its log.
    pub(super) fn damage(&self, id: [u8; 16], events: &[EventRow]) -> Option<Damage> {
        let marks = self.marks.get(&id)?.iter();
        let mut unlike = marks.filter(|(_, mark)| {
            let place = usize::try_from(mark.last_seq).ok();
            let event = place.and_then(|seq| events.get(seq.checked_sub(1)?));
            event.is_none_or(|event| event.hash != mark.head)
        });
        let (day, mark) = unlike.next()?;
        Some(Damage::Day(mark.last_seq, *day))
    }

    /// Cases that closed days know and that are not there.
    pub(super) fn missing(&self, known: &[[u8; 16]]) -> Vec<([u8; 16], i64)> {
        let mut missing: Vec<_> = self
            .marks
            .iter()
            .filter(|(id, _)| !known.contains(id))
            .filter_map(|(id, marks)| Some((*id, marks.first()?.0)))
            .collect();
        missing.sort_unstable();
        missing
    }
}
