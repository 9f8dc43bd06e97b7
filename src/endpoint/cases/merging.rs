//! Two complaints about one thing become one case: the later one is closed as a duplicate and follows the other.

use super::appending::Beside;
use super::reading::{Inside, Loaded};
use super::{CaseError, Cases};
use crate::api::SubmissionId;
use crate::complaint::view::{self, Choice, View};
use crate::complaint::{Action, Actor, Case, Change, Field, Refusal, Step, decide};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::Appended;

/// A case that follows another may follow a third by that, and so on; so far it is looked.
const MOST_HOPS: usize = 8;

impl Cases {
    /// Closes the case `number`, as it stood after `known` events, as a duplicate of `into`: in one transaction, in which the
    /// survivor inherits the earlier receipt. Both logs tell.
    ///
    /// # Errors
    /// [`CaseError::Clash`] if one of them has moved since; other customers; whatever else the rules refuse; or the store
    /// fails.
    pub fn merge(
        &self,
        keys: &Keys,
        (number, into): (&str, &str),
        actor: Actor,
        known: u32,
        now: Timestamp,
    ) -> Result<Inside, CaseError> {
        let (lost, kept) = (self.by_number(number)?, self.by_number(into)?);
        let hex = |loaded: &Loaded| SubmissionId::from_bytes(loaded.row.id).to_string();
        let action = Action::Merge {
            into: hex(&kept),
            same_customer: is_same_customer(&lost, &kept),
        };
        let people = self.people(lost.case.account.as_deref())?;
        let rules = self.rules_of(&lost.case)?;
        let steps = self.with_setting(now, &people, &rules, |setting| {
            decide(&lost.case, actor, &action, setting)
        });
        // Whoever may not touch the survivor may not change its receipt by this either.
        let people = self.people(kept.case.account.as_deref())?;
        let rules = self.rules_of(&kept.case)?;
        let of_kept = self.with_setting(now, &people, &rules, |setting| {
            decide(&kept.case, actor, &action, setting)
        });
        if matches!(of_kept, Err(Refusal::NotAllowed)) {
            return Err(Refusal::NotAllowed.into());
        }
        if !matches!(steps, Err(Refusal::NotAllowed)) && lost.case.seq != known {
            return Err(CaseError::Clash);
        }
        let steps = steps?.into_iter().map(|step| (actor, step)).collect();
        if lost.row.id == kept.row.id || !kept.case.state.is_open() {
            return Err(Refusal::WrongState(kept.case.state).into());
        }
        let absorbed = Step::plain(Change::Absorbed {
            from: hex(&lost),
            received_at: lost.case.received_at,
        });
        let batches = [
            self.batch(
                keys,
                &lost.row,
                Some(lost.case),
                steps,
                Beside::default(),
                now,
            )?,
            self.batch(
                keys,
                &kept.row,
                Some(kept.case),
                vec![(actor, absorbed)],
                Beside::default(),
                now,
            )?,
        ];
        match self.store(&batches)? {
            Appended::Stored => self.inside(number, now),
            Appended::Clash | Appended::NumberTaken => Err(CaseError::Clash),
        }
    }

    /// The case that a duplicate follows; nothing for a case that is none.
    pub(super) fn survivor(&self, case: &Case) -> Result<Option<Loaded>, CaseError> {
        let mut next = case.merged_into.clone();
        let mut survivor = None;
        for _ in 0..MOST_HOPS {
            let Some(id) = next.as_deref().and_then(SubmissionId::parse) else {
                break;
            };
            let loaded = self.load(*id.as_bytes())?.ok_or(CaseError::Unreadable)?;
            next.clone_from(&loaded.case.merged_into);
            survivor = Some(loaded);
        }
        Ok(survivor)
    }

    /// What the customer of a duplicate sees: the survivor's state, dates and contact beside the own words; never the
    /// survivor's words, messages or files.
    pub(super) fn followed(
        &self,
        own: View,
        case: &Case,
        now: Timestamp,
    ) -> Result<View, CaseError> {
        let Some(Loaded { case, events, .. }) = self.survivor(case)? else {
            return Ok(own);
        };
        let rules = self.rules_of(&case)?;
        let its = view::view(&case, &events, &rules.policy, &*rules.calendar, now.0);
        Ok(View {
            status: its.status,
            contact: its.contact,
            next: its.next,
            promised: its.promised,
            reopened: its.reopened,
            // What is written goes to the survivor; the rest is for whoever has its link.
            options: vec![Choice::Write],
            question: None,
            decision: None,
            ..own
        })
    }
}

/// Whether two complaints come from one customer: the same verified account, or the same mail address or telephone number.
fn is_same_customer(one: &Loaded, other: &Loaded) -> bool {
    let receipt = |loaded: &Loaded| match loaded.events.first().map(|event| &event.change) {
        Some(Change::Received(receipt)) if receipt.verified => receipt.account.clone(),
        _ => None,
    };
    let account = receipt(one);
    if account.is_some() && account == receipt(other) {
        return true;
    }
    let contact = |loaded: &Loaded, field| {
        let words = &loaded.events.first()?.words;
        let text = words.get(field)?.to_lowercase();
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        (!text.is_empty()).then_some(text)
    };
    [Field::Mail, Field::Phone].into_iter().any(|field| {
        let known = contact(one, field);
        known.is_some() && known == contact(other, field)
    })
}
