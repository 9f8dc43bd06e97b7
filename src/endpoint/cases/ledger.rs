//! The chain of a case's events: what is hashed, and what an alteration looks like.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::complaint::Change;
use crate::endpoint::clock::{DAY_MS, Timestamp};
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{CaseRow, EventRow, hex};

/// The digest of an event that follows one with the digest `before`. Every part has its length before it, so that no two
/// events have the same bytes.
pub(super) fn hash(before: [u8; 32], event: &EventRow) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(before);
    digest.update(event.seq.to_be_bytes());
    digest.update(event.at.to_be_bytes());
    for text in [&event.actor, &event.change] {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    }
    digest.update([u8::from(event.payload.is_some())]);
    digest.update(event.payload.unwrap_or_default());
    digest.finalize().into()
}

/// The digest of words with their salt.
pub(super) fn payload(salt: &[u8; 16], words: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(salt);
    digest.update(words.as_bytes());
    digest.finalize().into()
}

/// What of a case is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// An event was altered, or one is missing before it.
    Event(u32),
    /// The words beside an event were altered or taken away.
    Words(u32),
    /// The photo of an event was altered or taken away.
    Photo(u32),
    /// Events are missing at the end, or the head was altered.
    Head(u32),
    /// When that day closed, this event was there, and was another one.
    Day(u32, i64),
    /// When that day closed, the case was there.
    Missing(i64),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(seq) => write!(
                f,
                "event {seq} was altered, or the one before it is missing"
            ),
            Self::Words(seq) => write!(f, "the words of event {seq} were altered or removed"),
            Self::Photo(seq) => write!(f, "the photo of event {seq} was altered or removed"),
            Self::Head(seq) => write!(
                f,
                "the last event should be {seq}: the end was cut off or altered"
            ),
            Self::Day(seq, day) => write!(
                f,
                "event {seq}, which was there when {} closed, was cut off or altered",
                date(*day)
            ),
            Self::Missing(day) => write!(
                f,
                "the whole case is missing; it was there when {} closed",
                date(*day)
            ),
        }
    }
}

/// The last event that took out all words and photos before it; 0 if there is none.
pub(super) fn erased_until(events: &[EventRow]) -> u32 {
    let erased = events
        .iter()
        .rev()
        .find(|event| matches!(serde_json::from_str(&event.change), Ok(Change::Erased)));
    erased.map_or(0, |event| event.seq)
}

/// A change of any log that says which words were written anew, without somebody who was erased: for each event the digest
/// of the words as they are since, as hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub(super) enum Rewriting {
    /// The digests by number of the event.
    Redacted(BTreeMap<u32, String>),
}

impl Rewriting {
    /// The rewriting that an event tells of, where it tells of one.
    pub(super) fn of(event: &EventRow) -> Option<BTreeMap<u32, String>> {
        let Self::Redacted(digests) = serde_json::from_str(&event.change).ok()?;
        Some(digests)
    }
}

/// A day of the calendar, in UTC.
pub fn date(day: i64) -> String {
    let mut text = Timestamp(day.saturating_mul(DAY_MS)).to_string();
    text.truncate(10);
    text
}

/// The first damage of a case; nothing if all is as it was written.
pub(super) fn damage(keys: &Keys, row: &CaseRow, events: &[EventRow]) -> Option<Damage> {
    let mut before = [0; 32];
    let erased = erased_until(events);
    let mut rewritten = BTreeMap::new();
    for digests in events.iter().filter_map(Rewriting::of) {
        rewritten.extend(digests);
    }
    for (seq, event) in (1_u32..).zip(events) {
        if event.seq != seq || hash(before, event) != event.hash {
            return Some(Damage::Event(seq));
        }
        let found = event
            .words
            .as_ref()
            .map(|(salt, words)| payload(salt, words));
        let is_erased = event.seq < erased && found.is_none();
        let is_rewritten = found.is_some_and(|found| rewritten.get(&seq) == Some(&hex(&found)));
        if found != event.payload && !is_erased && !is_rewritten {
            return Some(Damage::Words(seq));
        }
        before = event.hash;
    }
    let last = events.last().map_or(0, |event| event.seq);
    let mac = keys.case_head(&row.id, row.last_seq, &row.head);
    let is_whole = last == row.last_seq && before == row.head && mac == row.mac;
    (!is_whole).then_some(Damage::Head(row.last_seq))
}
