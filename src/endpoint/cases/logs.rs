//! Logs of what is no case, chained and sealed as cases are.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ledger::{self, Damage, Rewriting};
use super::{ATTEMPTS, CaseError, Cases};
use crate::complaint::Actor;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{
    Appended, Batch, CaseRow, EventRow, LogBatch, LogKind, LogRow, ReadSqlite, StoreError, hex,
};

/// One event as it was read: when, who, what, and the texts beside it.
pub(super) type Logged<C, T> = (i64, Actor, C, T);

/// A log with its events.
pub(super) type Log<C, T> = (LogRow, Vec<Logged<C, T>>);

/// What the chain of a log is sealed under.
fn id(kind: LogKind, number: u32) -> [u8; 16] {
    let mut id = [0; 16];
    let code = kind.code().bytes();
    for (place, byte) in id.iter_mut().zip(code) {
        *place = byte;
    }
    for (place, byte) in id.iter_mut().rev().zip(number.to_le_bytes()) {
        *place = byte;
    }
    id
}

fn json<T: Serialize>(value: &T) -> Result<String, CaseError> {
    serde_json::to_string(value).map_err(|_| CaseError::Unreadable)
}

impl Cases {
    /// A log with its events.
    pub(super) fn log<C: DeserializeOwned, T: DeserializeOwned + Default>(
        &self,
        kind: LogKind,
        number: u32,
    ) -> Result<Option<Log<C, T>>, CaseError> {
        let Some((row, rows)) = self.reader.log(kind, number)? else {
            return Ok(None);
        };
        let read = |row: &EventRow| {
            let texts = match &row.words {
                Some((_, texts)) => serde_json::from_str(texts).ok()?,
                None => T::default(),
            };
            let actor = serde_json::from_str(&row.actor).ok()?;
            let change = serde_json::from_str(&row.change).ok()?;
            Some((row.at, actor, change, texts))
        };
        // That words were written anew changes nothing else.
        let rows = rows.iter().filter(|row| Rewriting::of(row).is_none());
        let events: Option<Vec<_>> = rows.map(read).collect();
        Ok(Some((row, events.ok_or(CaseError::Unreadable)?)))
    }

    /// A log that has no event yet, under the next free number.
    pub(super) fn new_log(&self, kind: LogKind) -> Result<LogRow, CaseError> {
        let last = self.reader.log_numbers(kind)?.last().copied();
        Ok(LogRow {
            kind,
            number: last.unwrap_or(0) + 1,
            last_seq: 0,
            head: [0; 32],
            mac: [0; 32],
        })
    }

    /// Puts events at the end of a log, with what happens to cases by them.
    pub(super) fn append_log<C: Serialize, T: Serialize>(
        &self,
        keys: &Keys,
        row: &LogRow,
        steps: &[(Actor, C, Option<T>)],
        cases: &[Batch],
        now: Timestamp,
    ) -> Result<Appended, CaseError> {
        let (mut next, mut events) = (row.clone(), Vec::new());
        for (actor, change, texts) in steps {
            let words = match texts {
                None => None,
                Some(texts) => {
                    let mut salt = [0; 16];
                    getrandom::fill(&mut salt).map_err(|_| CaseError::NoRandomness)?;
                    Some((salt, json(texts)?))
                }
            };
            next.last_seq += 1;
            let mut event = EventRow {
                seq: next.last_seq,
                at: now.0,
                actor: json(actor)?,
                change: json(change)?,
                payload: words
                    .as_ref()
                    .map(|(salt, words)| ledger::payload(salt, words)),
                hash: [0; 32],
                request: None,
                words,
            };
            event.hash = ledger::hash(next.head, &event);
            next.head = event.hash;
            events.push(event);
        }
        next.mac = keys.case_head(&id(row.kind, row.number), next.last_seq, &next.head);
        let batch = LogBatch {
            row: next,
            known: row.last_seq,
            events,
        };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.append_log(&batch, cases)?)
    }

    /// Writes the words of all logs anew where `without` finds somebody in them, each log with an event that says so; says
    /// how many texts there were.
    ///
    /// # Errors
    /// When the store fails; what was written anew until then stays so.
    pub(in crate::endpoint) fn redact_logs(
        &self,
        keys: &Keys,
        without: impl Fn(&str) -> Option<String>,
        now: Timestamp,
    ) -> Result<usize, CaseError> {
        let mut count = 0;
        for kind in LogKind::ALL {
            for number in self.reader.log_numbers(kind)? {
                count += self.redact_log(keys, (kind, number), &without, now)?;
            }
        }
        Ok(count)
    }

    fn redact_log(
        &self,
        keys: &Keys,
        (kind, number): (LogKind, u32),
        without: &impl Fn(&str) -> Option<String>,
        now: Timestamp,
    ) -> Result<usize, CaseError> {
        for _ in 0..ATTEMPTS {
            let Some((row, events)) = self.reader.log(kind, number)? else {
                return Ok(0);
            };
            let (mut digests, mut words) = (BTreeMap::new(), Vec::new());
            for event in &events {
                let Some(text) = event.words.as_ref().and_then(|(_, text)| without(text)) else {
                    continue;
                };
                let mut salt = [0; 16];
                getrandom::fill(&mut salt).map_err(|_| CaseError::NoRandomness)?;
                digests.insert(event.seq, hex(&ledger::payload(&salt, &text)));
                words.push((event.seq, salt, text));
            }
            if words.is_empty() {
                return Ok(0);
            }
            let mut event = EventRow {
                seq: row.last_seq + 1,
                at: now.0,
                actor: json(&Actor::System)?,
                change: json(&Rewriting::Redacted(digests))?,
                payload: None,
                hash: [0; 32],
                request: None,
                words: None,
            };
            event.hash = ledger::hash(row.head, &event);
            let (known, head) = (row.last_seq, event.hash);
            let row = LogRow {
                last_seq: event.seq,
                head,
                mac: keys.case_head(&id(kind, number), event.seq, &head),
                ..row
            };
            let batch = LogBatch {
                row,
                known,
                events: vec![event],
            };
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            if store.redact_log(&batch, &words)? == Appended::Stored {
                return Ok(words.len());
            }
        }
        Err(CaseError::Clash)
    }

    /// Every log that is not as it was written: its kind with its number, and the first damage.
    ///
    /// # Errors
    /// When the store fails.
    pub fn verify_logs(
        reader: &ReadSqlite,
        keys: &Keys,
    ) -> Result<(usize, Vec<(String, Damage)>), StoreError> {
        let (mut count, mut damaged) = (0, Vec::new());
        for kind in LogKind::ALL {
            for number in reader.log_numbers(kind)? {
                let Some((row, events)) = reader.log(kind, number)? else {
                    continue;
                };
                count += 1;
                let head = CaseRow {
                    id: id(kind, number),
                    number: String::new(),
                    secret_epoch: 0,
                    digest: [0; 32],
                    last_seq: row.last_seq,
                    head: row.head,
                    mac: row.mac,
                    wake_at: None,
                };
                if let Some(damage) = ledger::damage(keys, &head, &events) {
                    damaged.push((format!("{} {number}", kind.code()), damage));
                }
            }
        }
        Ok((count, damaged))
    }
}
