//! The rules for ids and revisions, decided inside the write transaction.

use super::{Kept, Lateness, Sheet};

/// What is stored under an id, as far as the rules need it.
#[derive(Debug)]
pub(super) struct Existing {
    pub(super) survey: String,
    pub(super) invitation: Option<Vec<u8>>,
    pub(super) test: bool,
    pub(super) digest: Vec<u8>,
    pub(super) kept: Kept,
}

/// What to do with a sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is new.
    Insert,
    /// It is a later revision of a partial sheet.
    Replace,
    /// The stored receipt answers it; nothing changes.
    Keep,
    /// The same revision with other content.
    RevisionTaken,
    /// The stored sheet is complete.
    AlreadyComplete,
    /// The id is another sheet's.
    IdTaken,
    /// Too late for something new.
    Closed,
    /// Too early for something new.
    Early,
}

/// Decides by what is stored. The order of the arms is the contract's:
/// a lower revision is always answered with the stored receipt, because a queued partial may come after the complete sheet.
pub(super) fn decide(existing: Option<&Existing>, sheet: &Sheet) -> Decision {
    let Some(existing) = existing else {
        return match sheet.lateness {
            Lateness::Early => Decision::Early,
            Lateness::Current | Lateness::Late => Decision::Insert,
            Lateness::Closed => Decision::Closed,
        };
    };
    // A test must not turn into an answer that counts, nor the other way round.
    let is_same_sheet = existing.survey == sheet.survey
        && existing.test == sheet.test
        && existing.invitation.as_deref() == sheet.invitation.as_ref().map(<[u8; 32]>::as_slice);
    let is_same_content = existing.digest == sheet.digest;
    if !is_same_sheet {
        Decision::IdTaken
    } else if sheet.revision < existing.kept.revision {
        Decision::Keep
    } else if existing.kept.complete {
        if is_same_content {
            Decision::Keep
        } else {
            Decision::AlreadyComplete
        }
    } else if sheet.revision > existing.kept.revision {
        if sheet.lateness == Lateness::Closed {
            Decision::Closed
        } else {
            Decision::Replace
        }
    } else if is_same_content {
        Decision::Keep
    } else {
        Decision::RevisionTaken
    }
}
