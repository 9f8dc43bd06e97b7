//! Which rules of time and which calendar hold for a case, and how others are published, taken back and agreed on.
//!
//! A case keeps the policy that it was received under and the calendar that held then for its account's region; a case
//! manager may move it to another policy, which keeps what was used.

use std::sync::{Arc, PoisonError};

use super::{CaseError, Cases};
use crate::complaint::policy::Fault;
use crate::complaint::{Actor, Case, Policy};
use crate::endpoint::calendar::{Calendar, CalendarError};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::rulebook::{PUBLISHED, Rules, policy_in_force};
use crate::endpoint::store::{Appended, InForce, RuleKind, RuleRow, Terms};

/// What is put in force.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleChange {
    /// A new policy, for everybody or for a tier.
    Policy {
        /// The tier; empty for everybody.
        tier: String,
        /// What it says.
        policy: Box<Policy>,
    },
    /// A new calendar, for everybody or for a region.
    Calendar {
        /// The region; empty for everybody.
        region: String,
        /// The calendar as it is written down.
        text: String,
    },
    /// An earlier version again.
    Revert {
        /// Of what.
        kind: RuleKind,
        /// The tier or the region.
        scope: String,
        /// Which.
        to: u32,
    },
}

/// Why a version does not come into force. Nothing is stored then.
#[derive(Debug)]
pub enum RuleError {
    /// Others were faster.
    Clash,
    /// What is wrong, and where.
    Faulty(Vec<(String, Fault)>),
    /// The new default would be shorter than what a tier has: (tier, where).
    TierLonger(String, String),
    /// No calendar.
    Calendar(CalendarError),
    /// There is no such version for this scope.
    Unknown,
    /// Reading or writing failed.
    Failed(CaseError),
}

impl<E: Into<CaseError>> From<E> for RuleError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Every version of a kind, and what has held when.
#[derive(Clone, Debug)]
pub struct Published {
    /// The versions.
    pub versions: Vec<RuleRow>,
    /// What has held from when on, the oldest first.
    pub in_force: Vec<InForce>,
}

impl Cases {
    /// A version of the rules of time.
    ///
    /// # Errors
    /// When the store fails, or what is stored is no policy.
    pub fn policy(&self, version: u32) -> Result<Option<Arc<Policy>>, CaseError> {
        Ok(self.rules.policy(&self.reader, version)?)
    }

    pub(super) fn rules_of(&self, case: &Case) -> Result<Rules, CaseError> {
        Ok(self.rules.of(&self.reader, case)?)
    }

    pub(super) fn rules_now(&self, account: Option<&str>, at: i64) -> Result<Rules, CaseError> {
        Ok(self.rules.at(&self.reader, account, at)?)
    }

    pub(super) fn calendar_of(
        &self,
        account: Option<&str>,
        at: i64,
    ) -> Result<Arc<Calendar>, CaseError> {
        Ok(self.rules.calendar(&self.reader, account, at)?)
    }

    /// Everything that was published of a kind.
    ///
    /// # Errors
    /// When the store fails.
    pub fn published(&self, kind: RuleKind) -> Result<Published, CaseError> {
        Ok(Published {
            versions: self.reader.rules(kind)?,
            in_force: self.reader.rules_in_force(kind)?,
        })
    }

    /// Puts a version in force where `known` held until now (0: nothing of its own); says which one holds.
    ///
    /// # Errors
    /// Names what is wrong and where; or somebody else was faster; or the store fails.
    pub fn put_in_force(
        &self,
        actor: Actor,
        known: u32,
        change: &RuleChange,
        note: &str,
        now: Timestamp,
    ) -> Result<u32, RuleError> {
        let actor = serde_json::to_string(&actor).map_err(|_| CaseError::Unreadable)?;
        let (kind, scope, body) = match change {
            RuleChange::Policy { tier, policy } => {
                self.check_policy(tier, policy, now)?;
                let body = serde_json::to_string(policy).map_err(|_| CaseError::Unreadable)?;
                (RuleKind::Policy, tier, body)
            }
            RuleChange::Calendar { region, text } => {
                Calendar::from_json(text).map_err(RuleError::Calendar)?;
                (RuleKind::Calendar, region, text.clone())
            }
            RuleChange::Revert { kind, scope, to } => {
                self.check_version(*kind, scope, *to, now)?;
                let back = InForce {
                    scope: scope.clone(),
                    version: *to,
                    at: now.0,
                    actor,
                };
                let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
                return match store.revert_rule(*kind, known, &back)? {
                    Appended::Stored => Ok(*to),
                    Appended::Clash | Appended::NumberTaken => Err(RuleError::Clash),
                };
            }
        };
        let last = self.reader.rules(kind)?.last().map(|row| row.version);
        let first = match kind {
            RuleKind::Policy => PUBLISHED,
            RuleKind::Calendar => 0,
        };
        let row = RuleRow {
            version: last.unwrap_or(first) + 1,
            scope: scope.clone(),
            at: now.0,
            actor,
            note: note.to_owned(),
            body,
        };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match store.publish_rule(kind, known, &row)? {
            Appended::Stored => Ok(row.version),
            Appended::Clash | Appended::NumberTaken => Err(RuleError::Clash),
        }
    }

    /// Whether a version was published for this scope, and can hold beside the others.
    fn check_version(
        &self,
        kind: RuleKind,
        scope: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<(), RuleError> {
        let is_first = match kind {
            RuleKind::Policy => version == PUBLISHED,
            RuleKind::Calendar => version == 0,
        };
        if !(is_first && scope.is_empty()) {
            let row = self.reader.rule(kind, version)?;
            row.filter(|row| row.scope == scope)
                .ok_or(RuleError::Unknown)?;
        }
        if kind == RuleKind::Policy {
            let policy = self.policy(version)?.ok_or(RuleError::Unknown)?;
            self.check_policy(scope, &policy, now)?;
        }
        Ok(())
    }

    /// A tier must not have longer than everybody; so everybody's must not become shorter than a tier's.
    fn check_policy(&self, tier: &str, policy: &Policy, now: Timestamp) -> Result<(), RuleError> {
        let faults = policy.faults();
        if !faults.is_empty() {
            return Err(RuleError::Faulty(faults));
        }
        let of = |scope: &str| -> Result<Arc<Policy>, CaseError> {
            let version = policy_in_force(&self.reader, scope, now.0)?;
            self.policy(version)?.ok_or(CaseError::Unreadable)
        };
        if !tier.is_empty() {
            let longer = policy.longer_than(&*of("")?);
            return if longer.is_empty() {
                Ok(())
            } else {
                Err(RuleError::Faulty(longer))
            };
        }
        let in_force = self.reader.rules_in_force(RuleKind::Policy)?;
        let mut tiers: Vec<String> = in_force.into_iter().map(|row| row.scope).collect();
        tiers.sort();
        tiers.dedup();
        for tier in tiers.into_iter().filter(|tier| !tier.is_empty()) {
            let longer = of(&tier)?.longer_than(policy);
            if let Some((path, _)) = longer.into_iter().next() {
                return Err(RuleError::TierLonger(tier, path));
            }
        }
        Ok(())
    }

    /// What was agreed with an account.
    ///
    /// # Errors
    /// When the store fails.
    pub fn terms(&self, account: &str, now: Timestamp) -> Result<Terms, CaseError> {
        Ok(self.reader.terms(account, now.0)?)
    }

    /// Puts down what was agreed with an account; a tier and a region exist where something was published for them.
    ///
    /// # Errors
    /// [`RuleError::Unknown`] for a tier or a region that has nothing; somebody was faster; or the store fails.
    pub fn agree(
        &self,
        actor: Actor,
        account: &str,
        terms: &Terms,
        now: Timestamp,
    ) -> Result<(), RuleError> {
        let scopes = [
            (RuleKind::Policy, &terms.tier),
            (RuleKind::Calendar, &terms.region),
        ];
        for (kind, scope) in scopes {
            let has_own = self.reader.rule_in_force(kind, scope, now.0)?.is_some();
            if !scope.is_empty() && !has_own {
                return Err(RuleError::Unknown);
            }
        }
        let actor = serde_json::to_string(&actor).map_err(|_| CaseError::Unreadable)?;
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match store.set_terms(account, terms, now.0, &actor)? {
            Appended::Stored => Ok(()),
            Appended::Clash | Appended::NumberTaken => Err(RuleError::Clash),
        }
    }
}
