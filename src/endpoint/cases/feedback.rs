//! What is no complaint: requests with a destination and a date for the answer, suggestions and praise; and the way between
//! them and a case, which takes words, number and time of receipt along.

use std::sync::PoisonError;

use serde_json::{Value as Json, json};

use super::appending::Beside;
use super::intake::received_by;
use super::reading::Loaded;
use super::{ATTEMPTS, CaseError, Cases, intake, number};
use crate::api::{Intake, Intent};
use crate::complaint::{
    Actor, Category, Field, LifeStage, Refusal, Urgency, Words, event, receive,
};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{Appended, CaseRow, FeedbackChange, FeedbackRow};

/// A request is answered by close of business on so many business days after the day it came in, unless somebody names
/// another date: the resolution budget of a P3 complaint.
const ANSWER_DAYS: u32 = 10;

/// What staff do with one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedbackAction {
    /// Says who answers it, and by when.
    Place {
        /// Whose it is: a unit or a person.
        destination: String,
        /// Unix milliseconds; the date that it has where nothing is said.
        answer_by: Option<i64>,
    },
    /// What the customer was answered.
    Answer {
        /// The words.
        text: String,
    },
    /// It is something else.
    Reclassify {
        /// What.
        into: Intent,
    },
}

/// One of them, with the customer's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// The row.
    pub row: FeedbackRow,
    /// The words.
    pub words: Words,
    /// Whether it was stored just now.
    pub is_new: bool,
}

impl Feedback {
    pub(super) fn read(row: FeedbackRow, is_new: bool) -> Result<Self, CaseError> {
        let words = serde_json::from_str(&row.words).map_err(|_| CaseError::Unreadable)?;
        Ok(Self {
            row,
            words: Words(words),
            is_new,
        })
    }

    /// Whether nobody was named for a request.
    pub fn lacks_destination(&self) -> bool {
        self.row.intent == Intent::Request.code()
            && self.row.destination.is_none()
            && self.row.answered_at.is_none()
    }
}

impl Cases {
    /// Takes in what is no complaint. The same again gives the same answer.
    ///
    /// # Errors
    /// Something else under the same id; or the store fails.
    pub fn take_feedback(&self, intake: &Intake, now: Timestamp) -> Result<Feedback, CaseError> {
        let id = *intake.id.as_bytes();
        let digest = intake::digest(intake);
        for _ in 0..ATTEMPTS {
            if let Some(known) = self.reader.feedback(id)? {
                if known.digest != digest {
                    return Err(CaseError::IdTaken);
                }
                return Feedback::read(known, false);
            }
            if self.reader.case(id)?.is_some() {
                return Err(CaseError::IdTaken);
            }
            let mut bits = [0; 8];
            getrandom::fill(&mut bits).map_err(|_| CaseError::NoRandomness)?;
            let row = FeedbackRow {
                id,
                number: number::of_bits(u64::from_be_bytes(bits)),
                intent: intake.intent.code().to_owned(),
                account: intake.context.account.clone(),
                received_at: now.0,
                digest,
                words: text_of(&intake::words(intake))?,
                reachable: intake::is_reachable(intake),
                destination: None,
                answer_by: self.answer_by(
                    intake.intent,
                    intake.context.account.as_deref(),
                    now.0,
                )?,
                answered_at: None,
                answer: None,
                version: 1,
            };
            let change = change(row.clone(), Actor::Customer, &json!("received"), now)?;
            if self.put(&change)? == Appended::Stored {
                return Feedback::read(row, true);
            }
        }
        Err(CaseError::Clash)
    }

    /// Those of an intent, those first that wait for somebody.
    ///
    /// # Errors
    /// When the store fails.
    pub fn feedback(&self, intent: Intent) -> Result<Vec<Feedback>, CaseError> {
        let rows = self.reader.feedback_of(intent.code())?.into_iter();
        rows.map(|row| Feedback::read(row, false)).collect()
    }

    /// Lets a member of staff act on one as it stood in version `known`.
    ///
    /// # Errors
    /// [`CaseError::Clash`] if it has changed since; what makes no sense for it; or the store fails.
    pub fn feedback_act(
        &self,
        keys: &Keys,
        number: &str,
        actor: Actor,
        known: u32,
        action: FeedbackAction,
        now: Timestamp,
    ) -> Result<Feedback, CaseError> {
        let number = number::read(number).ok_or(CaseError::NotFound)?;
        let found = self.reader.feedback_by_number(&number)?;
        let before = found.ok_or(CaseError::NotFound)?;
        if before.version != known {
            return Err(CaseError::Clash);
        }
        if before.intent == Intent::Complaint.code() {
            return Err(CaseError::OtherIntent);
        }
        let mut row = before.clone();
        row.version += 1;
        let mut becomes_case = false;
        let what = match action {
            FeedbackAction::Place {
                destination,
                answer_by,
            } => {
                if destination.trim().is_empty() {
                    return Err(Refusal::WordsMissing(Field::Text).into());
                }
                let what = json!({"placed": {"destination": destination, "answer_by": answer_by}});
                row.destination = Some(destination);
                row.answer_by = answer_by.or(row.answer_by);
                what
            }
            FeedbackAction::Answer { text } => {
                if text.trim().is_empty() {
                    return Err(Refusal::WordsMissing(Field::Text).into());
                }
                row.answered_at = Some(now.0);
                row.answer = Some(text);
                json!("answered")
            }
            FeedbackAction::Reclassify { into } => {
                if into.code() == row.intent {
                    return Err(CaseError::OtherIntent);
                }
                becomes_case = into == Intent::Complaint;
                let what = json!({"reclassified": {"from": row.intent, "into": into.code()}});
                into.code().clone_into(&mut row.intent);
                row.answer_by = self.answer_by(into, row.account.as_deref(), row.received_at)?;
                what
            }
        };
        let change = change(row.clone(), actor, &what, now)?;
        let put = if becomes_case {
            self.become_case(keys, change, now)?
        } else {
            self.put(&change)?
        };
        if put == Appended::Stored {
            Feedback::read(row, false)
        } else {
            Err(CaseError::Clash)
        }
    }

    /// What a case is from now on, in place of a complaint.
    pub(super) fn moved_out(
        &self,
        loaded: &Loaded,
        actor: Actor,
        into: &str,
        now: Timestamp,
    ) -> Result<FeedbackChange, CaseError> {
        let intent = Intent::of(into).filter(|intent| *intent != Intent::Complaint);
        let intent = intent.ok_or(CaseError::OtherIntent)?;
        let Loaded {
            row: head,
            case,
            events,
            ..
        } = loaded;
        let first = events.first().ok_or(CaseError::Unreadable)?;
        let known = self.reader.feedback(head.id)?;
        let row = FeedbackRow {
            id: head.id,
            number: head.number.clone(),
            intent: intent.code().to_owned(),
            account: case.account.clone(),
            received_at: case.received_at,
            digest: head.digest,
            words: text_of(&first.words)?,
            reachable: case.reachable,
            destination: None,
            answer_by: self.answer_by(intent, case.account.as_deref(), case.received_at)?,
            answered_at: None,
            answer: None,
            version: known.map_or(1, |known| known.version + 1),
        };
        let what =
            json!({"reclassified": {"from": Intent::Complaint.code(), "into": intent.code()}});
        change(row, actor, &what, now)
    }

    /// It was a complaint after all: a case of the same id, number and time of receipt.
    fn become_case(
        &self,
        keys: &Keys,
        change: FeedbackChange,
        now: Timestamp,
    ) -> Result<Appended, CaseError> {
        let before = &change.row;
        // The case that it was once goes on by being opened again, not by a second one.
        if self.reader.case(before.id)?.is_some() {
            return Err(CaseError::OtherIntent);
        }
        let words = Feedback::read(before.clone(), false)?.words;
        let receipt = event::Receipt {
            channel: "widget".to_owned(),
            account: before.account.clone(),
            verified: false,
            urgency: Urgency::Soon,
            safety: false,
            issues: vec![event::IssueClass {
                id: 1,
                category: Category::provisional(LifeStage::Other),
                stage: LifeStage::Other,
            }],
            owner: super::NOBODY,
            contact: super::NOBODY,
            reachable: before.reachable,
            policy: 0,
            repeat: false,
            affected_users: None,
            affects: None,
            locale: None,
            response: None,
            suspect: false,
        };
        let row = CaseRow {
            id: before.id,
            number: before.number.clone(),
            secret_epoch: 1,
            digest: before.digest,
            last_seq: 0,
            head: [0; 32],
            mac: [0; 32],
            wake_at: None,
        };
        let people = self.people(before.account.as_deref())?;
        let rules = self.rules_now(before.account.as_deref(), before.received_at)?;
        let steps = self.with_setting(now, &people, &rules, |setting| {
            receive(Actor::Customer, receipt, words, setting)
        })?;
        let beside = Beside {
            received_at: Some(before.received_at),
            feedback: Some(change),
            ..Beside::default()
        };
        let steps = received_by(Actor::Customer, steps);
        self.append(keys, &row, None, steps, beside, now)
    }

    /// Requests are promised an answer; the others are read.
    fn answer_by(
        &self,
        intent: Intent,
        account: Option<&str>,
        received_at: i64,
    ) -> Result<Option<i64>, CaseError> {
        if intent != Intent::Request {
            return Ok(None);
        }
        let calendar = self.calendar_of(account, received_at)?;
        Ok(calendar.close_of_day(received_at, ANSWER_DAYS))
    }

    fn put(&self, change: &FeedbackChange) -> Result<Appended, CaseError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.put_feedback(change)?)
    }
}

fn text_of(words: &Words) -> Result<String, CaseError> {
    serde_json::to_string(&words.0).map_err(|_| CaseError::Unreadable)
}

fn change(
    row: FeedbackRow,
    actor: Actor,
    what: &Json,
    now: Timestamp,
) -> Result<FeedbackChange, CaseError> {
    Ok(FeedbackChange {
        row,
        at: now.0,
        actor: serde_json::to_string(&actor).map_err(|_| CaseError::Unreadable)?,
        change: what.to_string(),
    })
}
