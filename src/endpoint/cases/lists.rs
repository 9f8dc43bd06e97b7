//! Top-N lists at the endpoint: counting a period, freezing it, and what becomes of each entry.

use std::collections::BTreeMap;

use super::logs::Logged;
use super::{CaseError, Cases};
use crate::complaint::project::{
    ListAction, ListChange, ListRefusal, ListSection, ListTexts, Tally, TopList, freeze,
};
use crate::complaint::{Actor, StaffId};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{Appended, LogKind, LogRow};

/// Why something did not happen to a list. Nothing is stored then.
#[derive(Debug)]
pub enum ListError {
    /// There is no such list.
    NotFound,
    /// The rules refuse it.
    Refused(ListRefusal),
    /// Nobody of this number works here.
    UnknownSponsor,
    /// Somebody was faster, or the store fails.
    Case(CaseError),
}

impl<E: Into<CaseError>> From<E> for ListError {
    fn from(error: E) -> Self {
        Self::Case(error.into())
    }
}

/// A list with its log.
#[derive(Clone, Debug)]
pub struct KnownList {
    /// Its number.
    pub number: u32,
    /// What a change names: how many events its log has.
    pub version: u32,
    /// The snapshot.
    pub list: TopList,
    /// What happened: when, who, what and the texts.
    pub events: Vec<Logged<ListChange, ListTexts>>,
}

impl KnownList {
    /// The newest text of a section.
    pub fn text(&self, section: ListSection) -> Option<&str> {
        let texts = self.events.iter().rev().flat_map(|(.., texts)| texts);
        let mut own = texts.filter(|(known, _)| *known == section);
        own.next().map(|(_, text)| text.as_str())
    }
}

impl Cases {
    /// Freezes what came in during a period.
    ///
    /// # Errors
    /// What the rules refuse, or the store fails.
    pub fn freeze_list(
        &self,
        keys: &Keys,
        actor: Actor,
        period: (i64, i64),
        top: Option<u32>,
        now: Timestamp,
    ) -> Result<KnownList, ListError> {
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        for facts in self.reader.facts_between(period.0, period.1)? {
            let tally = tallies.entry(facts.category.clone()).or_insert(Tally {
                category: facts.category,
                critical: 0,
                major: 0,
                minor: 0,
            });
            match facts.severity.as_str() {
                "critical" => tally.critical += 1,
                "major" => tally.major += 1,
                _ => tally.minor += 1,
            }
        }
        let tallies = tallies.into_values().collect();
        let frozen = freeze(actor, period, tallies, top, now.0).map_err(ListError::Refused)?;
        let row = self.new_log(LogKind::List)?;
        self.put_list(keys, &row, actor, ListChange::Frozen(frozen), None, now)
    }

    /// A list.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub fn list(&self, number: u32) -> Result<KnownList, ListError> {
        Ok(self.load_list(number)?.1)
    }

    /// Every list, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn lists(&self) -> Result<Vec<KnownList>, ListError> {
        let numbers = self.reader.log_numbers(LogKind::List)?;
        let numbers = numbers.into_iter().rev();
        numbers.map(|number| self.list(number)).collect()
    }

    fn load_list(&self, number: u32) -> Result<(LogRow, KnownList), ListError> {
        let found = self.log::<ListChange, ListTexts>(LogKind::List, number)?;
        let (row, events) = found.ok_or(ListError::NotFound)?;
        let log = events.iter().map(|(at, _, change, _)| (*at, change));
        let list = TopList::replay(log).ok_or(CaseError::Unreadable)?;
        let known = KnownList {
            number,
            version: row.last_seq,
            list,
            events,
        };
        Ok((row, known))
    }

    /// Lets somebody act on a list as it stood after `known` events.
    ///
    /// # Errors
    /// [`CaseError::Clash`] if it has moved since; what the rules refuse; or the store fails.
    pub fn list_act(
        &self,
        keys: &Keys,
        number: u32,
        actor: Actor,
        known: u32,
        (action, texts): (ListAction, ListTexts),
        now: Timestamp,
    ) -> Result<KnownList, ListError> {
        let (row, before) = self.load_list(number)?;
        let change = before.list.decide(actor, &action, &texts, now.0);
        // Who may not hears that first: that somebody was faster is none of their business.
        if !matches!(change, Err(ListRefusal::NotAllowed)) && row.last_seq != known {
            return Err(CaseError::Clash.into());
        }
        let change = change.map_err(ListError::Refused)?;
        if let ListAction::OpenProject { sponsor, .. } = action {
            self.sponsor(sponsor)?;
        }
        let texts = Some(texts).filter(|texts| !texts.is_empty());
        self.put_list(keys, &row, actor, change, texts, now)
    }

    fn sponsor(&self, sponsor: StaffId) -> Result<(), ListError> {
        let staff = self.reader.staff()?;
        let is_known = staff.iter().any(|row| row.id == sponsor);
        is_known.then_some(()).ok_or(ListError::UnknownSponsor)
    }

    fn put_list(
        &self,
        keys: &Keys,
        row: &LogRow,
        actor: Actor,
        change: ListChange,
        texts: Option<ListTexts>,
        now: Timestamp,
    ) -> Result<KnownList, ListError> {
        let steps = [(actor, change, texts)];
        match self.append_log(keys, row, &steps, &[], now)? {
            Appended::Stored => self.list(row.number),
            Appended::Clash | Appended::NumberTaken => Err(CaseError::Clash.into()),
        }
    }
}
