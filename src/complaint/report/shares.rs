//! Shares: settled at first contact, reopened, declined and overturned, minor and "other".

use std::collections::BTreeMap;

use super::Record;
use crate::complaint::event::Change;
use crate::complaint::people::Actor;
use crate::complaint::policy::Thresholds;
use crate::complaint::priority::Severity;
use crate::complaint::routing::Category;
use crate::complaint::state::Outcome;
use crate::measures::Share;

/// Of the cases whose customer was told a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contacts {
    /// Settled with no further contact of the customer, and not reopened.
    pub first_contact: Option<Share>,
    /// Reopened at least once.
    pub reopened: Option<Share>,
}

/// How decisions of one account's team fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declines {
    /// Cases whose first decision declined, of those decided.
    pub declined: Option<Share>,
    /// Second looks that found otherwise, of all second looks.
    pub overturned: Option<Share>,
}

/// What kind of complaints there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// Minor ones, of those that a person has assessed.
    pub minor: Option<Share>,
    /// Those of no category, of all. Much of it says that the categories do not fit.
    pub other: Option<Share>,
}

fn count(what: usize) -> u64 {
    what as u64
}

/// Source: first-contact resolution as Freshservice counts it, without those reopened; the words of the complaint are not a
/// further contact. `thresholds` may be those of another version, to see a figure as it was defined then.
pub fn contacts(records: &[Record<'_>], thresholds: &Thresholds) -> Contacts {
    let is_told = |change: &Change| matches!(change, Change::Responded(_) | Change::Reviewed(_));
    let (mut told, mut at_once, mut reopened) = (0, 0, 0);
    for record in records.iter().filter(|record| record.counts()) {
        if !record.events.iter().any(|event| is_told(&event.change)) {
            continue;
        }
        told += 1;
        if record.case.cycle > 1 {
            reopened += 1;
            continue;
        }
        let further = record.events.iter().skip(1).filter(|event| {
            event.actor == Actor::Customer
                && matches!(
                    event.change,
                    Change::CustomerMessage
                        | Change::Resumed
                        | Change::Escalated { .. }
                        | Change::ReviewBegun { .. }
                )
        });
        let most = usize::try_from(thresholds.first_contact_messages).unwrap_or(usize::MAX);
        at_once += usize::from(further.count() <= most);
    }
    Contacts {
        first_contact: Share::new(count(at_once), count(told)),
        reopened: Share::new(count(reopened), count(told)),
    }
}

/// By account, whose team decided; the cases of no known account together.
pub fn declines(records: &[Record<'_>]) -> BTreeMap<Option<String>, Declines> {
    let mut counts: BTreeMap<Option<String>, [usize; 4]> = BTreeMap::new();
    for record in records.iter().filter(|record| record.counts()) {
        let decision = record.events.iter().find_map(|event| match &event.change {
            Change::Responded(decision) => Some(decision.outcome),
            _ => None,
        });
        let review = record.events.iter().find_map(|event| match &event.change {
            Change::Reviewed(decision) => Some(decision.outcome),
            _ => None,
        });
        let [decided, declined, reviewed, overturned] =
            counts.entry(record.case.account.clone()).or_default();
        if let Some(outcome) = decision {
            *decided += 1;
            *declined += usize::from(outcome == Outcome::Declined);
        }
        if let Some(outcome) = review {
            *reviewed += 1;
            *overturned += usize::from(outcome != Outcome::Declined);
        }
    }
    let shares = counts.into_iter();
    let shares = shares.map(|(account, [decided, declined, reviewed, overturned])| {
        let declines = Declines {
            declined: Share::new(count(declined), count(decided)),
            overturned: Share::new(count(overturned), count(reviewed)),
        };
        (account, declines)
    });
    shares.collect()
}

/// How many are minor, and how many fit no category.
pub fn mix(records: &[Record<'_>]) -> Mix {
    let all = || records.iter().filter(|record| record.counts());
    let assessed = all().filter(|record| record.case.assessed_at.is_some());
    let minor = assessed
        .clone()
        .filter(|record| record.case.severity == Severity::Minor);
    let other = all().filter(|record| {
        let first = record.case.issues.first();
        first.is_none_or(|issue| issue.category == Category::Other)
    });
    Mix {
        minor: Share::new(count(minor.count()), count(assessed.count())),
        other: Share::new(count(other.count()), count(all().count())),
    }
}
