//! What comes in, in the terms of the rules: its digest, what routing needs, the customer's words.

use sha2::{Digest, Sha256};

use super::NOBODY;
use crate::api::{Intake, Intent};
use crate::complaint::{Category, Field, LifeStage, Urgency, Words, event};

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
        response: intake.response.map(|response| response.to_string()),
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
