//! The rules of time as they hold for a case: which policy, and which calendar, of all that were published.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::calendar::Calendar;
use super::store::{ReadSqlite, RuleKind, StoreError, Terms};
use crate::complaint::{Case, Policy};

/// The policy that is built in.
pub(super) const PUBLISHED: u32 = 1;

const UNREADABLE: StoreError = StoreError::Unreadable("policy or calendar");

/// What holds for whom. Versions that were read are kept: they never change.
#[derive(Debug)]
pub(super) struct RuleBook {
    /// Where no calendar was published.
    usual: Arc<Calendar>,
    policies: Mutex<BTreeMap<u32, Arc<Policy>>>,
    calendars: Mutex<BTreeMap<u32, Arc<Calendar>>>,
}

/// What holds for a case.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) policy: Policy,
    pub(super) calendar: Arc<Calendar>,
}

impl RuleBook {
    /// Over the calendar that the endpoint was started with.
    pub(super) fn new(usual: Calendar) -> Self {
        Self {
            usual: Arc::new(usual),
            policies: Mutex::default(),
            calendars: Mutex::default(),
        }
    }

    /// A version of the rules of time.
    pub(super) fn policy(
        &self,
        reader: &ReadSqlite,
        version: u32,
    ) -> Result<Option<Arc<Policy>>, StoreError> {
        // 0 is what cases had before there were versions.
        if version <= PUBLISHED {
            return Ok(Some(Arc::new(Policy::published())));
        }
        let mut read = self.policies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(policy) = read.get(&version) {
            return Ok(Some(Arc::clone(policy)));
        }
        let Some(row) = reader.rule(RuleKind::Policy, version)? else {
            return Ok(None);
        };
        let policy: Policy = serde_json::from_str(&row.body).map_err(|_| UNREADABLE)?;
        let policy = Arc::new(Policy { version, ..policy });
        read.insert(version, Arc::clone(&policy));
        Ok(Some(policy))
    }

    /// What holds for a case: its own policy, with those it had before, and its calendar.
    pub(super) fn of(&self, reader: &ReadSqlite, case: &Case) -> Result<Rules, StoreError> {
        let mut held: Option<Policy> = None;
        for (since, version) in &case.policies {
            let next = self.policy(reader, *version)?.ok_or(UNREADABLE)?;
            held = Some(match held {
                None => (*next).clone(),
                Some(former) => next.after(&former, *since),
            });
        }
        let since = case.policies.first();
        let since = since.map_or(case.received_at, |(at, _)| *at);
        Ok(Rules {
            policy: held.unwrap_or_default(),
            calendar: self.calendar(reader, case.account.as_deref(), since)?,
        })
    }

    /// What holds at a moment for whoever comes in then.
    pub(super) fn at(
        &self,
        reader: &ReadSqlite,
        account: Option<&str>,
        at: i64,
    ) -> Result<Rules, StoreError> {
        let tier = terms_of(reader, account, at)?.tier;
        let version = policy_in_force(reader, &tier, at)?;
        let policy = self.policy(reader, version)?.ok_or(UNREADABLE)?;
        Ok(Rules {
            policy: (*policy).clone(),
            calendar: self.calendar(reader, account, at)?,
        })
    }

    /// The calendar that held for an account's region at a moment.
    pub(super) fn calendar(
        &self,
        reader: &ReadSqlite,
        account: Option<&str>,
        at: i64,
    ) -> Result<Arc<Calendar>, StoreError> {
        let region = terms_of(reader, account, at)?.region;
        let own = reader.rule_in_force(RuleKind::Calendar, &region, at)?;
        let version = match own {
            None if !region.is_empty() => reader.rule_in_force(RuleKind::Calendar, "", at)?,
            own => own,
        };
        let Some(version) = version.filter(|version| *version > 0) else {
            return Ok(Arc::clone(&self.usual));
        };
        let mut read = self
            .calendars
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(calendar) = read.get(&version) {
            return Ok(Arc::clone(calendar));
        }
        let row = reader
            .rule(RuleKind::Calendar, version)?
            .ok_or(UNREADABLE)?;
        let calendar = Calendar::from_json(&row.body).map_err(|_| UNREADABLE)?;
        let calendar = Arc::new(calendar);
        read.insert(version, Arc::clone(&calendar));
        Ok(calendar)
    }
}

fn terms_of(reader: &ReadSqlite, account: Option<&str>, at: i64) -> Result<Terms, StoreError> {
    let terms = account.map(|account| reader.terms(account, at));
    Ok(terms.transpose()?.unwrap_or_default())
}

/// A tier without a policy of its own has everybody's.
pub(super) fn policy_in_force(reader: &ReadSqlite, tier: &str, at: i64) -> Result<u32, StoreError> {
    let own = reader.rule_in_force(RuleKind::Policy, tier, at)?;
    let version = match own {
        None if !tier.is_empty() => reader.rule_in_force(RuleKind::Policy, "", at)?,
        own => own,
    };
    Ok(version.unwrap_or(PUBLISHED))
}
