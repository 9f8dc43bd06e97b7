//! What comes in, in the terms of the rules: its digest, what routing needs, the customer's words.

use sha2::{Digest, Sha256};

use super::appending::Beside;
use super::reading::Loaded;
use super::{ATTEMPTS, CaseError, Cases, NOBODY, number};
use crate::api::{Intake, Intent};
use crate::complaint::event::Affects;
use crate::complaint::{Actor, Category, Field, LifeStage, Step, Urgency, Words, event, receive};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::identity::Proven;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{Appended, CaseRow};
use crate::endpoint::suspicion;

/// What the customer is told of a complaint that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The number.
    pub number: String,
    /// The secret of its page.
    pub secret: String,
    /// The contact's name; nothing where nobody works here yet.
    pub contact: Option<String>,
    /// When the decision is promised for.
    pub promised: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// Whether it was stored just now.
    pub is_new: bool,
}

/// The steps of an intake: what follows it is the engine's own.
pub(super) fn received_by(actor: Actor, steps: Vec<Step>) -> Vec<(Actor, Step)> {
    let engine = std::iter::repeat(Actor::System);
    std::iter::once(actor).chain(engine).zip(steps).collect()
}

impl Cases {
    /// Takes a complaint in. The same complaint again gives the same answer.
    ///
    /// # Errors
    /// Another complaint under the same id; or the store fails.
    pub fn take(&self, keys: &Keys, intake: &Intake, now: Timestamp) -> Result<Taken, CaseError> {
        self.take_from(keys, intake, Heard::default(), now)
    }

    /// As [`Cases::take`], by whoever wrote it down, from the channel on which it was said; the customer's own says itself.
    ///
    /// # Errors
    /// As [`Cases::take`]; somebody of staff who does not act for the account.
    pub fn take_from(
        &self,
        keys: &Keys,
        intake: &Intake,
        Heard {
            actor,
            channel,
            proven,
        }: Heard<'_>,
        now: Timestamp,
    ) -> Result<Taken, CaseError> {
        let id = *intake.id.as_bytes();
        let digest = digest(intake);
        for _ in 0..ATTEMPTS {
            if let Some(known) = self.load(id)? {
                if known.row.digest != digest {
                    return Err(CaseError::IdTaken);
                }
                return self.taken(keys, &known, false);
            }
            // The same words may have come in as something else.
            if self.reader.feedback(id)?.is_some() {
                return Err(CaseError::IdTaken);
            }
            let mut receipt = receipt(intake);
            let mut words = words(intake);
            if let Some(proven) = proven {
                prove(&mut receipt, &mut words, proven);
            }
            if !channel.is_empty() {
                channel.clone_into(&mut receipt.channel);
            }
            let people = self.people(receipt.account.as_deref())?;
            let rules = self.rules_now(receipt.account.as_deref(), now.0)?;
            receipt.repeat = self.is_repeat(&receipt, &rules.policy, now)?;
            let steps = self.with_setting(now, &people, &rules, |setting| {
                receive(actor, receipt, words, setting)
            })?;
            let mut bits = [0; 8];
            getrandom::fill(&mut bits).map_err(|_| CaseError::NoRandomness)?;
            let row = CaseRow {
                id,
                number: number::of_bits(u64::from_be_bytes(bits)),
                secret_epoch: 1,
                digest,
                last_seq: 0,
                head: [0; 32],
                mac: [0; 32],
                wake_at: None,
            };
            let mut steps = received_by(actor, steps);
            // Right behind the words that name them.
            let photos = self.attachments(id, actor, &intake.photos)?;
            steps.splice(1..1, photos);
            match self.append(keys, &row, None, steps, Beside::default(), now)? {
                Appended::Stored => {
                    let stored = self.load(id)?.ok_or(CaseError::Unreadable)?;
                    return self.taken(keys, &stored, true);
                }
                Appended::Clash | Appended::NumberTaken => {}
            }
        }
        Err(CaseError::Clash)
    }

    pub(super) fn taken(
        &self,
        keys: &Keys,
        loaded: &Loaded,
        is_new: bool,
    ) -> Result<Taken, CaseError> {
        let Loaded { row, case, .. } = loaded;
        Ok(Taken {
            number: row.number.clone(),
            secret: keys.case_secret(&row.id, row.secret_epoch),
            contact: self.name(case.contact)?,
            promised: Timestamp(case.promised.unwrap_or(case.received_at)),
            received_at: Timestamp(case.received_at),
            is_new,
        })
    }
}

/// Who wrote a complaint down, how it was heard, and what is proved of whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// Who wrote it down.
    pub actor: Actor,
    /// The channel on which it was said; the customer's own says itself.
    pub channel: &'a str,
    /// What is proved of the customer.
    pub proven: Option<&'a Proven>,
}

impl Default for Heard<'_> {
    /// By the customer, who proves nothing.
    fn default() -> Self {
        Self {
            actor: Actor::Customer,
            channel: "",
            proven: None,
        }
    }
}

/// Puts what is proved in the place of what was claimed. The digest stays that of what was sent: a retry after the token's
/// time is the same complaint.
fn prove(receipt: &mut event::Receipt, words: &mut Words, proven: &Proven) {
    receipt.verified = proven.account.is_some();
    // Whoever has shown who they are is no program.
    receipt.suspect = false;
    if proven.account.is_some() {
        receipt.account.clone_from(&proven.account);
    }
    if let Some(delivery) = &proven.delivery {
        words.0.retain(|(field, _)| *field != Field::Delivery);
        words.0.push((Field::Delivery, delivery.clone()));
    }
}

/// An intake without its id: two that differ in nothing else are one.
pub(super) fn digest(intake: &Intake) -> [u8; 32] {
    let mut digest = Sha256::new();
    let texts = [
        Some(&intake.text),
        Some(&intake.stage),
        Some(&intake.urgency),
        intake.remedy_sought.as_ref(),
        intake.affected.as_ref(),
        intake.name.as_ref(),
        intake.mail.as_ref(),
        intake.phone.as_ref(),
        intake.context.delivery.as_ref(),
        intake.context.account.as_ref(),
        intake.context.contact.as_ref(),
    ];
    for text in texts {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        digest.update(length.to_be_bytes());
        digest.update(text.map_or("", String::as_str));
    }
    // What was not asked before leaves the digest as it was.
    if let Some(count) = intake.affected_users {
        digest.update([b'n']);
        digest.update(count.to_be_bytes());
    }
    if let Some(affects) = &intake.affects {
        digest.update([b'a']);
        digest.update(affects);
    }
    if let Some(response) = &intake.response {
        digest.update([b'r']);
        digest.update(response.as_bytes());
    }
    digest.update([u8::from(intake.safety), u8::from(intake.consent)]);
    // A complaint has the digest that it had before there was anything else.
    if intake.intent != Intent::Complaint {
        digest.update(intake.intent.code());
    }
    digest.finalize().into()
}

/// How it came: a complaint out of a low score came with the survey.
fn channel(intake: &Intake) -> &'static str {
    if intake.response.is_some() {
        "survey"
    } else {
        "widget"
    }
}

/// What of a complaint the rules need.
pub(super) fn receipt(intake: &Intake) -> event::Receipt {
    let stage = match intake.stage.as_str() {
        "delivery" => LifeStage::Delivery,
        "install" => LifeStage::Install,
        "use" => LifeStage::Use,
        "maintain" => LifeStage::Maintain,
        "billing" => LifeStage::Billing,
        _ => LifeStage::Other,
    };
    let urgency = match intake.urgency.as_str() {
        "blocking" => Urgency::Blocking,
        "can-wait" => Urgency::CanWait,
        _ => Urgency::Soon,
    };
    event::Receipt {
        channel: channel(intake).to_owned(),
        account: intake.context.account.clone(),
        verified: false,
        urgency,
        safety: intake.safety,
        issues: vec![event::IssueClass {
            id: 1,
            category: Category::provisional(stage),
            stage,
        }],
        owner: NOBODY,
        contact: NOBODY,
        reachable: is_reachable(intake),
        policy: 0,
        repeat: false,
        affected_users: intake.affected_users,
        affects: intake.affects.as_deref().and_then(Affects::of),
        locale: intake.locale.clone(),
        response: intake.response.map(|response| response.to_string()),
        suspect: suspicion::of_intake(intake),
    }
}

/// Whether the customer may be written to, and left an address for it.
pub(super) fn is_reachable(intake: &Intake) -> bool {
    intake.consent && (intake.mail.is_some() || intake.phone.is_some())
}

/// The customer's words, each under what it answers.
pub(super) fn words(intake: &Intake) -> Words {
    let fields = [
        (Field::Text, Some(&intake.text)),
        (Field::RemedySought, intake.remedy_sought.as_ref()),
        (Field::Affected, intake.affected.as_ref()),
        (Field::Name, intake.name.as_ref()),
        (Field::Mail, intake.mail.as_ref()),
        (Field::Phone, intake.phone.as_ref()),
        (Field::Delivery, intake.context.delivery.as_ref()),
    ];
    let words = fields.into_iter();
    let words = words.filter_map(|(field, text)| Some((field, text?.clone())));
    Words(words.collect())
}
