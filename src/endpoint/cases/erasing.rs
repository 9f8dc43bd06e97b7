//! Words and photos of a case go, by an event of its chain: what happened, when and by whom stays, and names nobody.

use std::sync::PoisonError;

use super::appending::Beside;
use super::feedback::Feedback;
use super::ledger::erased_until;
use super::reading::Loaded;
use super::{ATTEMPTS, CaseError, Cases};
use crate::api::{Intent, SubmissionId};
use crate::complaint::{Actor, Change, Step, Words};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{Appended, EventRow};

/// A case that somebody's words are in.
#[derive(Clone, Debug)]
pub struct Involved {
    /// The case.
    pub id: [u8; 16],
    /// Its number.
    pub number: String,
    /// Whether it is still open.
    pub is_open: bool,
    /// All words of it, event by event.
    pub words: Vec<Words>,
}

impl Cases {
    /// The cases in whose words `is_named` finds somebody.
    ///
    /// # Errors
    /// When the store fails.
    pub fn involving(&self, is_named: impl Fn(&Words) -> bool) -> Result<Vec<Involved>, CaseError> {
        let mut found = Vec::new();
        for id in self.reader.case_ids()? {
            let Some(Loaded {
                row, case, events, ..
            }) = self.load(id)?
            else {
                continue;
            };
            if events.iter().any(|event| is_named(&event.words)) {
                found.push(Involved {
                    id,
                    number: row.number,
                    is_open: case.state.is_open(),
                    words: events.into_iter().map(|event| event.words).collect(),
                });
            }
        }
        Ok(found)
    }

    /// Requests, suggestions and praise in whose words `is_named` finds somebody.
    ///
    /// # Errors
    /// When the store fails.
    pub fn feedback_involving(
        &self,
        is_named: impl Fn(&Words) -> bool,
    ) -> Result<Vec<Feedback>, CaseError> {
        let mut found = Vec::new();
        for intent in Intent::ALL {
            for row in self.reader.feedback_of(intent.code())? {
                let one = Feedback::read(row, false)?;
                if is_named(&one.words) {
                    found.push(one);
                }
            }
        }
        Ok(found)
    }

    /// Takes all words and photos out of a case; false where there are none.
    ///
    /// # Errors
    /// When the store fails; then nothing is taken out.
    pub fn erase(&self, keys: &Keys, id: [u8; 16], now: Timestamp) -> Result<bool, CaseError> {
        for _ in 0..ATTEMPTS {
            let Some(Loaded {
                row, rows, case, ..
            }) = self.load(id)?
            else {
                return Ok(false);
            };
            let gone = erased_until(&rows);
            let is_there = |row: &EventRow| {
                let is_photo = matches!(
                    serde_json::from_str(&row.change),
                    Ok(Change::Attached { .. })
                );
                row.words.is_some() || (is_photo && row.seq > gone)
            };
            if !rows.iter().any(is_there) {
                return Ok(false);
            }
            let steps = vec![(Actor::System, Step::plain(Change::Erased))];
            let batch = self.batch(keys, &row, Some(case), steps, Beside::default(), now)?;
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            if store.erase_case(&batch)? == Appended::Stored {
                return Ok(true);
            }
        }
        Err(CaseError::Clash)
    }

    /// The photos of a case.
    ///
    /// # Errors
    /// When the store fails.
    pub fn photos_in(&self, id: [u8; 16]) -> Result<Vec<Vec<u8>>, CaseError> {
        let mut photos = Vec::new();
        for row in self.load(id)?.map(|loaded| loaded.rows).unwrap_or_default() {
            let Ok(Change::Attached { file, .. }) = serde_json::from_str(&row.change) else {
                continue;
            };
            let file = SubmissionId::parse(&file).map_or([0; 16], |file| *file.as_bytes());
            if let Some((Some(of), image)) = self.reader.photo(file)?
                && of == id
            {
                photos.push(image);
            }
        }
        Ok(photos)
    }

    /// Lets go what was kept long enough: sheets that came in until `responses`, and until `cases` the words of feedback
    /// that came in and of cases that came to rest. Says how many of each kind went.
    ///
    /// # Errors
    /// When the store fails; what went until then is gone.
    pub fn expire(
        &self,
        keys: &Keys,
        (responses, cases): (i64, i64),
        now: Timestamp,
    ) -> Result<(usize, usize), CaseError> {
        let mut rows = 0;
        loop {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            match store.expire(responses, cases)? {
                0 => break,
                gone => rows += gone,
            }
        }
        let mut erased = 0;
        for id in self.reader.cases_at_rest(cases)? {
            let is_closed = self
                .load(id)?
                .is_some_and(|loaded| !loaded.case.state.is_open());
            if is_closed && self.erase(keys, id, now)? {
                erased += 1;
            }
        }
        Ok((rows, erased))
    }
}
