//! Acting on a case: it is read, the rules decide with whoever works here now, and the events are put at its end.

use super::appending::Beside;
use super::reading::{Inside, Loaded, Seen};
use super::{ATTEMPTS, CaseError, Cases, NOBODY};
use crate::api::SubmissionId;
use crate::complaint::{Action, Actor, Policy, Refusal, Role, Setting, StaffId, Team, decide};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::rulebook::Rules;
use crate::endpoint::store::{Appended, ReadSqlite, StoreError};

/// Who acts now.
pub(super) struct People {
    pub(super) team: Team,
    pub(super) default_owner: StaffId,
    pub(super) reviewers: Vec<StaffId>,
}

/// What somebody does, and the photos that go with it.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What.
    pub action: Action,
    /// The photos that came before it.
    pub photos: Vec<SubmissionId>,
}

/// Who acts for an account now, and the case manager who stands in for every vacant place.
///
/// # Errors
/// When the database cannot be read.
pub(in crate::endpoint) fn team_and_stand_in(
    reader: &ReadSqlite,
    account: Option<&str>,
) -> Result<(Team, StaffId), StoreError> {
    let team = account.map(|account| reader.team(account)).transpose()?;
    let mut staff = reader.staff()?.into_iter();
    let stand_in = staff.find(|row| row.role == Role::CaseManager);
    let stand_in = stand_in.map_or(NOBODY, |row| row.id);
    Ok((team.unwrap_or_default(), stand_in))
}

impl Cases {
    /// Lets the customer act. A request that is stored already is not stored again.
    ///
    /// # Errors
    /// As [`Cases::see`], and whatever the rules refuse.
    pub fn act(
        &self,
        keys: &Keys,
        number: &str,
        secret: &str,
        request: [u8; 16],
        wish: &Wish,
        now: Timestamp,
    ) -> Result<Seen, CaseError> {
        let id = self.unlock(keys, number, secret, now)?;
        for _ in 0..ATTEMPTS {
            let own = self.load(id)?.ok_or(CaseError::NotFound)?;
            // What the customer of a duplicate writes goes where it is read.
            let loaded = match wish.action {
                Action::Write { .. } => self.survivor(&own.case)?.unwrap_or(own),
                _ => own,
            };
            let id = loaded.row.id;
            if loaded.rows.iter().any(|row| row.request == Some(request)) {
                return self.seen(&self.by_number(number)?, now);
            }
            let people = self.people(loaded.case.account.as_deref())?;
            let customer = Actor::Customer;
            let rules = self.rules_of(&loaded.case)?;
            let steps = self.with_setting(now, &people, &rules, |setting| {
                decide(&loaded.case, customer, &wish.action, setting)
            })?;
            let mut steps: Vec<_> = steps.into_iter().map(|step| (customer, step)).collect();
            steps.extend(self.attachments(id, customer, &wish.photos)?);
            let Loaded { row, case, .. } = loaded;
            let beside = Beside {
                request: Some(request),
                ..Beside::default()
            };
            if self.append(keys, &row, Some(case), steps, beside, now)? == Appended::Stored {
                return self.seen(&self.by_number(number)?, now);
            }
        }
        Err(CaseError::Clash)
    }

    /// Lets a member of staff act on the case as it stood after `known` events.
    ///
    /// # Errors
    /// [`CaseError::Clash`] if it has moved since; whatever the rules refuse; or the store fails.
    pub fn staff_act(
        &self,
        keys: &Keys,
        number: &str,
        actor: Actor,
        known: u32,
        wish: Wish,
        now: Timestamp,
    ) -> Result<Inside, CaseError> {
        let loaded = self.by_number(number)?;
        let Wish { action, photos } = wish;
        let action = match action {
            // What goes out are the words that everybody agreed to.
            Action::Respond { .. } => {
                let draft = usize::try_from(loaded.case.draft_seq).ok();
                let event = draft.and_then(|seq| loaded.events.get(seq.checked_sub(1)?));
                let words = event.map(|event| event.words.clone());
                Action::Respond {
                    words: words.unwrap_or_default(),
                }
            }
            // The route knows only its number; one that nobody published is refused as the one that the case has.
            Action::AdoptPolicy { policy, words } => {
                let found = self.policy(policy.version)?;
                let none = || loaded.case.policy;
                let version = found.as_ref().map_or_else(none, |policy| policy.version);
                let policy = found.map(|policy| (*policy).clone()).unwrap_or_default();
                Action::AdoptPolicy {
                    policy: Box::new(Policy { version, ..policy }),
                    words,
                }
            }
            action => action,
        };
        let people = self.people(loaded.case.account.as_deref())?;
        let rules = self.rules_of(&loaded.case)?;
        let steps = self.with_setting(now, &people, &rules, |setting| {
            decide(&loaded.case, actor, &action, setting)
        });
        // Who may not hears that first: that somebody was faster is none of their business.
        if matches!(steps, Err(Refusal::NotAllowed)) || loaded.case.seq == known {
            let mut steps: Vec<_> = steps?.into_iter().map(|step| (actor, step)).collect();
            steps.extend(self.attachments(loaded.row.id, actor, &photos)?);
            let feedback = match &action {
                Action::Reclassify { into } => Some(self.moved_out(&loaded, actor, into, now)?),
                _ => None,
            };
            let Loaded { row, case, .. } = loaded;
            let beside = Beside {
                feedback,
                ..Beside::default()
            };
            if self.append(keys, &row, Some(case), steps, beside, now)? == Appended::Stored {
                return self.inside(number, now);
            }
        }
        Err(CaseError::Clash)
    }

    pub(super) fn people(&self, account: Option<&str>) -> Result<People, CaseError> {
        let staff = self.reader.staff()?;
        let of = |role| {
            let has_role = staff.iter().filter(move |row| row.role == role);
            has_role.map(|row| row.id)
        };
        let (team, default_owner) = team_and_stand_in(&self.reader, account)?;
        Ok(People {
            team,
            default_owner,
            reviewers: of(Role::CaseManager).chain(of(Role::Executive)).collect(),
        })
    }

    pub(super) fn with_setting<T>(
        &self,
        now: Timestamp,
        people: &People,
        rules: &Rules,
        decide: impl FnOnce(&Setting<'_>) -> T,
    ) -> T {
        decide(&Setting {
            now: now.0,
            team: people.team,
            default_owner: people.default_owner,
            policy: &rules.policy,
            calendar: &*rules.calendar,
            reviewers: &people.reviewers,
        })
    }
}
