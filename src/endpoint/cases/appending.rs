//! Putting events at the end of a case: chained, sealed, with the moment at which to look at it again.

use std::sync::PoisonError;

use super::{CaseError, Cases, ledger, photos, problems};
use crate::complaint::{Actor, Case, Change, Step, duty};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{Appended, Batch, CaseRow, EventRow, FeedbackChange};

/// What is stored with events.
#[derive(Default)]
pub(super) struct Beside {
    /// What the customer's device calls it.
    pub(super) request: Option<[u8; 16]>,
    /// What the case was, or becomes, in place of a complaint.
    pub(super) feedback: Option<FeedbackChange>,
    /// When the words came in, where that was before.
    pub(super) received_at: Option<i64>,
}

impl Cases {
    /// Puts steps at the end of a case and sets when to look at it again.
    pub(super) fn append(
        &self,
        keys: &Keys,
        row: &CaseRow,
        case: Option<Case>,
        steps: Vec<(Actor, Step)>,
        beside: Beside,
        now: Timestamp,
    ) -> Result<Appended, CaseError> {
        let batch = self.batch(keys, row, case, steps, beside, now)?;
        self.store(&[batch])
    }

    pub(super) fn store(&self, batches: &[Batch]) -> Result<Appended, CaseError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.append(batches)?)
    }

    pub(super) fn batch(
        &self,
        keys: &Keys,
        row: &CaseRow,
        case: Option<Case>,
        steps: Vec<(Actor, Step)>,
        mut beside: Beside,
        now: Timestamp,
    ) -> Result<Batch, CaseError> {
        let photos = photos::attached(&steps);
        let (known, mut next) = (row.last_seq, row.clone());
        let (mut case, mut rows) = (case, Vec::new());
        for (actor, step) in steps {
            let mut at = now.0;
            match (&mut case, &step.change) {
                (Some(case), change) => case.apply(at, actor, change),
                (None, Change::Received(receipt)) => {
                    at = beside.received_at.unwrap_or(at);
                    case = Some(Case::received(at, actor, receipt));
                }
                (None, _) => return Err(CaseError::Unreadable),
            }
            let json =
                |text: Result<String, serde_json::Error>| text.map_err(|_| CaseError::Unreadable);
            let words = if step.words.0.is_empty() {
                None
            } else {
                let mut salt = [0; 16];
                getrandom::fill(&mut salt).map_err(|_| CaseError::NoRandomness)?;
                Some((salt, json(serde_json::to_string(&step.words.0))?))
            };
            next.last_seq += 1;
            let mut event = EventRow {
                seq: next.last_seq,
                at,
                actor: json(serde_json::to_string(&actor))?,
                change: json(serde_json::to_string(&step.change))?,
                payload: words
                    .as_ref()
                    .map(|(salt, words)| ledger::payload(salt, words)),
                hash: [0; 32],
                request: beside.request.take(),
                words,
            };
            event.hash = ledger::hash(next.head, &event);
            next.head = event.hash;
            rows.push(event);
        }
        let case = case.ok_or(CaseError::Unreadable)?;
        let rules = self.rules_of(&case)?;
        let (_, wake_at) = duty::duties(&case, &rules.policy, &*rules.calendar, i64::MIN);
        next.wake_at = wake_at;
        next.mac = keys.case_head(&next.id, next.last_seq, &next.head);
        Ok(Batch {
            row: next,
            known,
            events: rows,
            feedback: beside.feedback,
            photos,
            facts: problems::facts(row.id, &case),
        })
    }
}
