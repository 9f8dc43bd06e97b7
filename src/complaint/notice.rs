//! Who is told of an event: the customer, somebody of staff, the supplier's systems. One table, so that what goes out by
//! mail and what goes out as webhook cannot drift apart.

use super::case::Case;
use super::event::Change;
use super::people::{Role, StaffId};
use super::policy::Policy;

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// To the customer: number, contact and promised date.
    Acknowledgement,
    /// To the customer: something is asked.
    Question,
    /// To the customer: an answer is waited for.
    Reminder,
    /// To the customer: the decision with its reasons.
    Decision,
    /// To the customer: a person wrote, or told that it takes longer.
    Message,
    /// To the customer: it has ended; how did it go?
    Rating,
    /// To the customer: it has ended, and nobody asks how it went.
    Closing,
    /// To the customer: the way back to the case page.
    Link,
    /// To staff: this is yours now.
    Assignment,
    /// To staff: the customer wrote, or is not content.
    CustomerWrote,
    /// To staff: somebody has to speak with the customer in person.
    CallBack,
    /// To staff: a second look is yours.
    Review,
    /// To staff: half or four fifths of a clock are over.
    Warning,
    /// To staff: a clock ran over.
    Breach,
    /// To staff: it climbs.
    Escalation,
    /// To staff: an executive asks "?".
    ExecutiveQuestion,
    /// To the executive: the answer to the "?".
    Explanation,
    /// To the systems: an answer sheet is complete.
    Answer,
    /// To the systems: a score is low.
    LowScore,
    /// To the systems: a complaint came in.
    Complaint,
    /// To the systems: a case is in another state.
    StateChange,
}

impl Notice {
    /// Every one.
    pub const ALL: [Self; 21] = [
        Self::Acknowledgement,
        Self::Question,
        Self::Reminder,
        Self::Decision,
        Self::Message,
        Self::Rating,
        Self::Closing,
        Self::Link,
        Self::Assignment,
        Self::CustomerWrote,
        Self::CallBack,
        Self::Review,
        Self::Warning,
        Self::Breach,
        Self::Escalation,
        Self::ExecutiveQuestion,
        Self::Explanation,
        Self::Answer,
        Self::LowScore,
        Self::Complaint,
        Self::StateChange,
    ];

    /// The word for it in the database and on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Question => "question",
            Self::Reminder => "reminder",
            Self::Decision => "decision",
            Self::Message => "message",
            Self::Rating => "rating",
            Self::Closing => "closing",
            Self::Link => "link",
            Self::Assignment => "assignment",
            Self::CustomerWrote => "customer-wrote",
            Self::CallBack => "call-back",
            Self::Review => "review",
            Self::Warning => "warning",
            Self::Breach => "breach",
            Self::Escalation => "escalation",
            Self::ExecutiveQuestion => "executive-question",
            Self::Explanation => "explanation",
            Self::Answer => "answer",
            Self::LowScore => "low-score",
            Self::Complaint => "complaint",
            Self::StateChange => "state-change",
        }
    }

    /// The notice with this word.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }
}

/// Who gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The customer, by the address on file.
    Customer,
    /// One of staff.
    Staff(StaffId),
    /// Everybody with a role.
    All(Role),
    /// The supplier's systems.
    Systems,
}

/// Who is told what of the event that made `after` of `before`. A customer who left no address, or did not agree to be
/// written to, is told on the case page alone.
pub fn notices(
    before: Option<&Case>,
    after: &Case,
    change: &Change,
    policy: &Policy,
) -> Vec<(Audience, Notice)> {
    let mut notices = Vec::new();
    let customer = match change {
        Change::Acknowledged { .. } => Some(Notice::Acknowledgement),
        Change::Asked { .. } => Some(Notice::Question),
        Change::Reminded => Some(Notice::Reminder),
        Change::Responded(_) | Change::Reviewed(_) => Some(Notice::Decision),
        Change::StaffMessage | Change::HoldingResponse { .. } => Some(Notice::Message),
        Change::Confirmed => Some(Notice::Rating),
        Change::TimedOut(_) if policy.rate_after_silence => Some(Notice::Rating),
        Change::TimedOut(_)
        | Change::Withdrawn
        | Change::Merged { .. }
        | Change::Reclassified { .. } => Some(Notice::Closing),
        _ => None,
    };
    if let Some(notice) = customer.filter(|_| after.reachable) {
        notices.push((Audience::Customer, notice));
    }
    let staff = match change {
        Change::CustomerMessage | Change::NotSolved | Change::Reopened | Change::Withdrawn => {
            Some((Audience::Staff(after.owner), Notice::CustomerWrote))
        }
        Change::ContactDue { .. } => Some((Audience::Staff(after.contact), Notice::CallBack)),
        Change::ReviewBegun {
            reviewer: Some(reviewer),
        }
        | Change::ReviewerAppointed { reviewer } => {
            Some((Audience::Staff(*reviewer), Notice::Review))
        }
        Change::Warned { .. } => Some((Audience::Staff(after.owner), Notice::Warning)),
        Change::Missed { .. } => Some((Audience::Staff(after.owner), Notice::Breach)),
        Change::Escalated { level: 1, .. } => {
            Some((Audience::All(Role::CaseManager), Notice::Escalation))
        }
        Change::Escalated { .. } => Some((Audience::All(Role::Executive), Notice::Escalation)),
        Change::Questioned { .. } => {
            Some((Audience::Staff(after.owner), Notice::ExecutiveQuestion))
        }
        Change::ExplanationOffered => Some((Audience::All(Role::CaseManager), Notice::Explanation)),
        Change::Explained => before
            .and_then(|before| before.question)
            .map(|(by, _)| (Audience::Staff(by), Notice::Explanation)),
        _ => None,
    };
    notices.extend(staff);
    if before.is_none_or(|before| before.owner != after.owner) {
        notices.push((Audience::Staff(after.owner), Notice::Assignment));
    }
    match before {
        None => notices.push((Audience::Systems, Notice::Complaint)),
        Some(before) if before.state != after.state => {
            notices.push((Audience::Systems, Notice::StateChange));
        }
        Some(_) => {}
    }
    notices
}
