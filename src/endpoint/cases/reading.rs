//! Reading cases: a log replayed, and what of it the customer, the staff and the reports see.

use super::{CaseError, Cases, number};
use crate::complaint::clock::running;
use crate::complaint::incident::Incident;
use crate::complaint::view::{Event, View};
use crate::complaint::{Case, Clock, StaffId, Words, view};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{CaseRow, EventRow};

/// A case as it was read.
pub(super) struct Loaded {
    pub(super) row: CaseRow,
    pub(super) rows: Vec<EventRow>,
    pub(super) case: Case,
    pub(super) events: Vec<Event>,
}

/// What a customer sees of a case, with the contact's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The number.
    pub number: String,
    /// Everything else.
    pub view: View,
    /// The contact's name; nothing where nobody works here yet.
    pub contact: Option<String>,
    /// What is known to be wrong with what the case is about, while it is open.
    pub incidents: Vec<Incident>,
}

/// A case with all that staff see of it, beside what its customer sees.
#[derive(Clone, Debug)]
pub struct Inside {
    /// The snapshot.
    pub case: Case,
    /// The log.
    pub events: Vec<Event>,
    /// Every clock that runs.
    pub clocks: Vec<Clock>,
    /// What the customer sees.
    pub seen: Seen,
}

/// A case with its log.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The number.
    pub number: String,
    /// The snapshot.
    pub case: Case,
    /// Every clock that runs.
    pub clocks: Vec<Clock>,
    /// The log.
    pub events: Vec<Event>,
}

/// An open case in the queue.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The number.
    pub number: String,
    /// The earliest deadline of its clocks; nothing while all stand still.
    pub due: Option<i64>,
    /// The snapshot.
    pub case: Case,
}

impl Cases {
    /// The case with this number, if the secret is its own.
    ///
    /// # Errors
    /// One answer for an unknown number and a wrong secret; or the store fails.
    pub fn see(
        &self,
        keys: &Keys,
        number: &str,
        secret: &str,
        now: Timestamp,
    ) -> Result<Seen, CaseError> {
        let id = self.unlock(keys, number, secret, now)?;
        let loaded = self.load(id)?.ok_or(CaseError::NotFound)?;
        self.seen(&loaded, now)
    }

    /// A case with all that staff see of it.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub fn inside(&self, number: &str, now: Timestamp) -> Result<Inside, CaseError> {
        let loaded = self.by_number(number)?;
        let rules = self.rules_of(&loaded.case)?;
        Ok(Inside {
            seen: self.seen(&loaded, now)?,
            clocks: running(&loaded.case, &rules.policy, &*rules.calendar),
            case: loaded.case,
            events: loaded.events,
        })
    }

    /// Every open case that `sees` lets through, in the order in which to work on them: an unanswered "?" first, then by
    /// the earliest deadline, so that nothing waits for ever.
    ///
    /// # Errors
    /// When the store fails.
    pub fn queue(&self, sees: impl Fn(&Case) -> bool) -> Result<Vec<Waiting>, CaseError> {
        let mut waiting = Vec::new();
        for id in self.reader.case_ids()? {
            let Some(Loaded { row, case, .. }) = self.load(id)? else {
                continue;
            };
            if case.state.is_open() && sees(&case) {
                let rules = self.rules_of(&case)?;
                let clocks = running(&case, &rules.policy, &*rules.calendar);
                waiting.push(Waiting {
                    number: row.number,
                    due: clocks.iter().filter_map(|clock| clock.due).min(),
                    case,
                });
            }
        }
        waiting.sort_by_key(|one| {
            let due = one.due.unwrap_or(i64::MAX);
            (one.case.question.is_none(), due, one.case.received_at)
        });
        Ok(waiting)
    }

    /// The cases with these ids, each with its log.
    ///
    /// # Errors
    /// When the store fails.
    pub fn whole(&self, ids: &[[u8; 16]]) -> Result<Vec<Whole>, CaseError> {
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let loaded = self.load(*id)?;
            let Some(loaded) = loaded else {
                continue;
            };
            let rules = self.rules_of(&loaded.case)?;
            all.push(Whole {
                number: loaded.row.number,
                clocks: running(&loaded.case, &rules.policy, &*rules.calendar),
                case: loaded.case,
                events: loaded.events,
            });
        }
        Ok(all)
    }

    pub(super) fn by_number(&self, number: &str) -> Result<Loaded, CaseError> {
        let number = number::read(number).ok_or(CaseError::NotFound)?;
        let row = self.reader.case_by_number(&number)?;
        let id = row.ok_or(CaseError::NotFound)?.id;
        self.load(id)?.ok_or(CaseError::NotFound)
    }

    /// The case's id. An unknown number takes the same way as a known one, so that neither answer nor time tells them apart.
    pub(super) fn unlock(
        &self,
        keys: &Keys,
        number: &str,
        secret: &str,
        now: Timestamp,
    ) -> Result<[u8; 16], CaseError> {
        let number = number::read(number).unwrap_or_default();
        let row = self.reader.case_by_number(&number)?;
        let (id, epoch) = row
            .as_ref()
            .map_or(([0; 16], 0), |row| (row.id, row.secret_epoch));
        let expected = keys.case_secret(&id, epoch);
        // Every symbol is looked at, whichever is wrong.
        let differs = expected.len() != secret.len()
            || expected
                .bytes()
                .zip(secret.bytes())
                .fold(0, |differs, (one, other)| differs | (one ^ other))
                != 0;
        match row {
            // The right one opens whatever strangers have tried: 128 bits are not found by trying.
            Some(row) if !differs => Ok(row.id),
            // What is no number is nobody's: it is not counted against anybody.
            _ if !number.is_empty() && self.attempts.wrong(&number, now) => {
                Err(CaseError::TooManyWrong)
            }
            _ => Err(CaseError::NotFound),
        }
    }

    pub(super) fn load(&self, id: [u8; 16]) -> Result<Option<Loaded>, CaseError> {
        let Some((row, rows)) = self.reader.case(id)? else {
            return Ok(None);
        };
        let read = |row: &EventRow| {
            let words = row.words.as_ref().map_or("[]", |(_, words)| words);
            Some(Event {
                at: row.at,
                actor: serde_json::from_str(&row.actor).ok()?,
                change: serde_json::from_str(&row.change).ok()?,
                words: Words(serde_json::from_str(words).ok()?),
            })
        };
        let events: Option<Vec<_>> = rows.iter().map(read).collect();
        let events = events.ok_or(CaseError::Unreadable)?;
        let log = events
            .iter()
            .map(|event| (event.at, event.actor, &event.change));
        let case = Case::replay(log).ok_or(CaseError::Unreadable)?;
        Ok(Some(Loaded {
            row,
            rows,
            case,
            events,
        }))
    }

    pub(super) fn name(&self, id: StaffId) -> Result<Option<String>, CaseError> {
        let mut staff = self.reader.staff()?.into_iter();
        Ok(staff.find(|row| row.id == id).map(|row| row.name))
    }

    pub(super) fn seen(&self, loaded: &Loaded, now: Timestamp) -> Result<Seen, CaseError> {
        let Loaded {
            row, case, events, ..
        } = loaded;
        let rules = self.rules_of(case)?;
        let view = view::view(case, events, &rules.policy, &*rules.calendar, now.0);
        let view = self.followed(view, case, now)?;
        Ok(Seen {
            number: row.number.clone(),
            contact: self.name(view.contact)?,
            incidents: self.incidents_of(case, now)?,
            view,
        })
    }
}
