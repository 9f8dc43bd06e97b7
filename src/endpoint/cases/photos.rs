//! Photos of cases: kept before the words that name them, given to a case with them, shown to whoever may see the case.

use std::fmt::Write;
use std::sync::PoisonError;

use sha2::{Digest, Sha256};

use super::ledger::erased_until;
use super::{CaseError, Cases, Damage};
use crate::api::SubmissionId;
use crate::complaint::{Actor, Case, Change, Step};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::photo::Photo;
use crate::endpoint::store::{
    CaseRow, EventRow, PhotoRow, PhotoTaken, ReadSqlite, Sender, StoreError,
};

/// So many photos a case holds, whoever sent them: twelve messages with as many as a message may have.
const MOST_OF_CASE: usize = 60;
/// So many bytes all photos take.
pub const MOST_BYTES: u64 = 20 * 1024 * 1024 * 1024;
/// A photo whose words never came is let go after so long, in milliseconds: a device that sends it again, as it does with
/// its words, brings it back.
const WAIT_MS: i64 = 24 * 60 * 60 * 1000;

/// Where a photo comes from, as quotas are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotoFrom {
    /// Who sends it; nobody where a proxy does not say.
    pub sender: Option<Sender>,
    /// The survey whose page it comes from; empty where none that there is was named.
    pub survey: String,
}

impl Cases {
    /// Keeps a photo that was written anew from `sent`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn keep_photo(
        &self,
        id: SubmissionId,
        sent: &[u8],
        photo: Photo,
        from: PhotoFrom,
        now: Timestamp,
    ) -> Result<PhotoTaken, CaseError> {
        let row = PhotoRow {
            id: *id.as_bytes(),
            digest: Sha256::digest(sent).into(),
            image: photo.jpeg,
            received_at: now.0,
            sender: from.sender,
            survey: from.survey,
        };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.keep_photo(&row, self.photo_bytes)?)
    }

    /// A photo of the case with this number, if the secret is its own.
    ///
    /// # Errors
    /// One answer for everything that is not there or not the customer's; or the store fails.
    pub fn see_photo(
        &self,
        keys: &Keys,
        number: &str,
        secret: &str,
        photo: SubmissionId,
        now: Timestamp,
    ) -> Result<Vec<u8>, CaseError> {
        let case = self.unlock(keys, number, secret, now)?;
        self.photo_of(case, photo)
    }

    /// A photo of a case that `sees` lets through.
    ///
    /// # Errors
    /// As [`Cases::see_photo`].
    pub fn staff_photo(
        &self,
        number: &str,
        photo: SubmissionId,
        sees: impl Fn(&Case) -> bool,
    ) -> Result<Vec<u8>, CaseError> {
        let loaded = self.by_number(number)?;
        if !sees(&loaded.case) {
            return Err(CaseError::NotFound);
        }
        self.photo_of(loaded.row.id, photo)
    }

    fn photo_of(&self, case: [u8; 16], photo: SubmissionId) -> Result<Vec<u8>, CaseError> {
        match self.reader.photo(*photo.as_bytes())? {
            Some((Some(of), image)) if of == case => Ok(image),
            _ => Err(CaseError::NotFound),
        }
    }

    /// The steps that put photos beside the words that name them. What is not there is left out: the words count.
    pub(super) fn attachments(
        &self,
        case: [u8; 16],
        actor: Actor,
        photos: &[SubmissionId],
    ) -> Result<Vec<(Actor, Step)>, CaseError> {
        let mut steps: Vec<(Actor, Step)> = Vec::new();
        if !photos.is_empty() && self.reader.photos_of(case)? + photos.len() > MOST_OF_CASE {
            return Err(CaseError::TooManyPhotos);
        }
        for photo in photos {
            let Some((of, image)) = self.reader.photo(*photo.as_bytes())? else {
                continue;
            };
            if of.is_some_and(|of| of != case) {
                continue;
            }
            let (file, sha256) = (photo.to_string(), sha256(&image));
            let step = Step::plain(Change::Attached { file, sha256 });
            if !steps.iter().any(|(_, other)| *other == step) {
                steps.push((actor, step));
            }
        }
        Ok(steps)
    }

    /// Lets photos go whose words never came.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sweep_photos(&self, now: Timestamp) -> Result<usize, CaseError> {
        let until = now.0 - WAIT_MS;
        if self.reader.photos_to_sweep(until)? == 0 {
            return Ok(0);
        }
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.sweep_photos(until)?)
    }
}

/// The photos that these steps give to a case.
pub(super) fn attached(steps: &[(Actor, Step)]) -> Vec<[u8; 16]> {
    let files = steps.iter().filter_map(|(_, step)| match &step.change {
        Change::Attached { file, .. } => SubmissionId::parse(file),
        _ => None,
    });
    files.map(|file| *file.as_bytes()).collect()
}

/// The first photo of a case that is not as the log says; nothing if all are.
pub(super) fn damage(
    reader: &ReadSqlite,
    row: &CaseRow,
    events: &[EventRow],
) -> Result<Option<Damage>, StoreError> {
    let erased = erased_until(events);
    for event in events.iter().filter(|event| event.seq > erased) {
        let Ok(Change::Attached { file, sha256: told }) = serde_json::from_str(&event.change)
        else {
            continue;
        };
        let id = SubmissionId::parse(&file).map_or([0; 16], |id| *id.as_bytes());
        let kept = reader.photo(id)?;
        let is_whole =
            kept.is_some_and(|(case, image)| case == Some(row.id) && sha256(&image) == told);
        if !is_whole {
            return Ok(Some(Damage::Photo(event.seq)));
        }
    }
    Ok(None)
}

/// The digest as hexadecimal digits.
fn sha256(image: &[u8]) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(image) {
        write!(digits, "{byte:02x}").ok();
    }
    digits
}
