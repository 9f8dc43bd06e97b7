//! What happened to a case: changes with all that replay needs, and the words that lie beside them.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::clock::ClockKind;
use super::people::StaffId;
use super::priority::{Flags, Severity, Urgency};
use super::routing::{Category, LifeStage};
use super::state::{Closure, DeclineReason, Outcome};

/// One problem of a case, without its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueClass {
    /// Its number inside the case, from 1. Its words stand at [`Field::Issue`].
    pub id: u16,
    /// What it is about.
    pub category: Category,
    /// Where in the product's life it was met.
    pub stage: LifeStage,
}

/// What was decided of one problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueOutcome {
    /// Its number inside the case.
    pub id: u16,
    /// The decision.
    pub outcome: Outcome,
}

/// A decision, without its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The outcome of each problem.
    pub issues: Vec<IssueOutcome>,
    /// The outcome of the whole.
    pub outcome: Outcome,
    /// Why it is declined, where it is.
    pub reason: Option<DeclineReason>,
    /// When the remedy will be there, where one is promised.
    pub remedy_due: Option<Moment>,
}

/// Whom it touches, as the customer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Affects {
    /// The customer's own people alone.
    Us,
    /// The customer's own users, too.
    Users,
}

impl Affects {
    /// Whom this word of the wire names.
    pub fn of(code: &str) -> Option<Self> {
        let mut all = [Self::Us, Self::Users].into_iter();
        all.find(|one| one.code() == code)
    }

    /// The word for it on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Users => "users",
        }
    }
}

/// What was known of a case when it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// How it came: `widget`, `survey`, `phone`, `visit`, `email`, `meeting`, `api`.
    pub channel: String,
    /// The customer's account, where it is known.
    pub account: Option<String>,
    /// Whether that was proved.
    pub verified: bool,
    /// How urgent the customer says it is.
    pub urgency: Urgency,
    /// Whether the customer ticked safety, emergency calls or a full outage.
    pub safety: bool,
    /// Its problems; at least one.
    pub issues: Vec<IssueClass>,
    /// Who is accountable.
    pub owner: StaffId,
    /// Whom the customer knows.
    pub contact: StaffId,
    /// Whether the customer can be written to, and agreed to it.
    pub reachable: bool,
    /// The version of the rules of time.
    pub policy: u32,
    /// Whether the same account had the same category within 90 days.
    pub repeat: bool,
    /// How many of the customer's own users are affected, as the customer says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected_users: Option<u32>,
    /// Whom it touches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affects: Option<Affects>,
    /// The language in which the customer complained, a BCP 47 tag: we write back in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The answer sheet that it came from, 32 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// Whether it looks as if a program had filled in the form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
}

/// Why a case was escalated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The customer, the owner or an executive asked.
    Asked,
    /// Four fifths of a clock are over.
    Warning(ClockKind),
    /// A clock was missed.
    Breach(ClockKind),
    /// A clock was missed by as much again.
    DoubleBreach(ClockKind),
    /// Reopened for the second time.
    Reopened,
    /// A P1 that no person has opened.
    Unopened,
    /// No case manager or executive is left who was not involved.
    NoReviewer,
}

/// One thing that happened. The texts that belong to it are [`Words`] beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum Change {
    /// t1: it came in.
    Received(Receipt),
    /// t2: the customer has number, contact and promised date.
    Acknowledged {
        /// When the decision is promised for.
        promised: Moment,
    },
    /// t3: a person has looked at it.
    Assessed {
        /// How severe.
        severity: Severity,
        /// What lifts it.
        flags: Flags,
        /// Its problems, split and named.
        issues: Vec<IssueClass>,
        /// Who is accountable from here.
        owner: StaffId,
        /// When the decision is promised for.
        promised: Moment,
    },
    /// Severity or flags were seen otherwise later.
    Regraded {
        /// How severe.
        severity: Severity,
        /// What lifts it.
        flags: Flags,
        /// When the decision is promised for.
        promised: Moment,
    },
    /// One more problem of the customer's was found, late: it was there, and nobody had seen it.
    IssueFound(IssueClass),
    /// Another version of the rules of time holds from here on; what was used stays used.
    PolicyAdopted {
        /// Which.
        policy: u32,
        /// When the decision is promised for.
        promised: Moment,
    },
    /// t4: work began.
    Begun,
    /// t5: a question is with the customer.
    Asked {
        /// When an answer is needed.
        reply_by: Moment,
    },
    /// t6: the question was answered, or its time is over.
    Resumed,
    /// t7: a partner must act.
    HandedToPartner {
        /// When it is expected.
        expected: Moment,
    },
    /// t7: back from the partner.
    TakenBack,
    /// A decision was written down; former sign-offs fall.
    Drafted(Decision),
    /// Somebody agreed to the draft.
    SignedOff,
    /// t8: the decision is with the customer.
    Responded(Decision),
    /// The promised remedy is there.
    RemedyDone,
    /// t9: the customer says it is solved.
    Confirmed,
    /// t10: the customer says it is not solved.
    NotSolved,
    /// t11: the customer did not answer.
    TimedOut(Closure),
    /// t12: it goes on.
    Reopened,
    /// t13: the customer took it back.
    Withdrawn,
    /// t14: another case carries it on.
    Merged {
        /// That case's id, 32 hexadecimal digits.
        into: String,
    },
    /// This case carries on another one's; the earlier receipt counts.
    Absorbed {
        /// The other case's id.
        from: String,
        /// When the other came in.
        received_at: Moment,
    },
    /// t15: it is no complaint.
    Reclassified {
        /// The record that carries it on.
        into: String,
    },
    /// t16, t20: the account manager proposes to close it as spam, or to take that back.
    SpamProposed,
    /// t16: closed as spam.
    MarkedSpam,
    /// t20: no spam after all.
    SpamUndone,
    /// t17: a declined decision is looked at again.
    ReviewBegun {
        /// By whom; nobody was free.
        reviewer: Option<StaffId>,
    },
    /// A reviewer was found later.
    ReviewerAppointed {
        /// Who.
        reviewer: StaffId,
    },
    /// t19: the second decision.
    Reviewed(Decision),
    /// t18: one level up.
    Escalated {
        /// The level reached, 1 to 3.
        level: u8,
        /// Why.
        cause: Cause,
        /// When the deadline was that caused it; makes each cause count once.
        due: Option<Moment>,
    },
    /// An executive pressed "?".
    Questioned {
        /// Who.
        by: StaffId,
    },
    /// The owner has explained; a case manager looks at it before it goes to who asked.
    ExplanationOffered,
    /// The "?" was explained.
    Explained,
    /// The customer wrote.
    CustomerMessage,
    /// A person of ours wrote to the customer.
    StaffMessage,
    /// We told the customer by ourselves that the date moved.
    HoldingResponse {
        /// When the customer hears more.
        next: Moment,
    },
    /// Only for us.
    Note,
    /// Somebody else is accountable now.
    HandedOff {
        /// Who.
        owner: StaffId,
    },
    /// A person opened the case for the first time.
    Opened,
    /// A person reached the customer.
    ContactMade,
    /// A person has to reach the customer before the case can end.
    ContactDue {
        /// By when.
        due: Moment,
    },
    /// The customer was reminded.
    Reminded,
    /// Half or four fifths of a clock are over.
    Warned {
        /// Which.
        clock: ClockKind,
        /// 50 or 80.
        percent: u8,
        /// Its deadline.
        due: Moment,
    },
    /// A clock ran over. It stays so.
    Missed {
        /// Which.
        clock: ClockKind,
        /// Its deadline.
        due: Moment,
    },
    /// A manager has looked at a miss: what we learn from it stands beside.
    MissReviewed {
        /// Which miss, reopening or late find, counted from 1 in the order they were recorded.
        miss: u16,
    },
    /// The customer said how it went.
    Rated {
        /// 1 to 5.
        score: u8,
    },
    /// The root cause is followed there.
    ProblemLinked {
        /// The problem's number.
        problem: u32,
    },
    /// All words and photos of the events before this one were taken out: the customer wished it, or their time was over.
    Erased,
    /// A file was added.
    Attached {
        /// The file's id, 32 hexadecimal digits.
        file: String,
        /// The SHA-256 of what is kept, in hexadecimal digits.
        sha256: String,
    },
}

/// A text beside an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The words themselves: the complaint, a message, a note, a decision.
    Text,
    /// The words of one problem.
    Issue(u16),
    /// Why it is declined, plainly.
    Explanation,
    /// What would help instead.
    Alternative,
    /// How to disagree.
    ReviewRoute,
    /// What we do about it.
    Remedy,
    /// What the customer would like to have.
    RemedySought,
    /// What we changed so that it does not happen again.
    FixSummary,
    /// The partner's name.
    Party,
    /// The customer's name.
    Name,
    /// The customer's mail address.
    Mail,
    /// The customer's telephone number.
    Phone,
    /// The reference of the delivery.
    Delivery,
    /// Who is affected.
    Affected,
}

/// The texts beside an event. They are kept apart from it, so that they can be erased on request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words(pub Vec<(Field, String)>);

impl Words {
    /// One text.
    pub fn of(field: Field, text: &str) -> Self {
        Self(vec![(field, text.to_owned())])
    }

    /// The text of a field.
    pub fn get(&self, field: Field) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == field);
        found.map(|(_, text)| text.as_str())
    }

    /// Whether a field has more than blanks.
    pub fn has(&self, field: Field) -> bool {
        self.get(field).is_some_and(|text| !text.trim().is_empty())
    }
}

/// What one action leads to: the change, and the words beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happened.
    pub change: Change,
    /// Its texts; often none.
    pub words: Words,
}

impl Step {
    /// A change without words.
    pub fn plain(change: Change) -> Self {
        Self {
            change,
            words: Words::default(),
        }
    }
}

impl Change {
    /// Whether the customer's timeline shows it.
    pub fn is_public(&self) -> bool {
        match self {
            Self::Received(_)
            | Self::Acknowledged { .. }
            | Self::Assessed { .. }
            | Self::Begun
            | Self::Asked { .. }
            | Self::Resumed
            | Self::HandedToPartner { .. }
            | Self::TakenBack
            | Self::Responded(_)
            | Self::RemedyDone
            | Self::Confirmed
            | Self::NotSolved
            | Self::TimedOut(_)
            | Self::Reopened
            | Self::Withdrawn
            | Self::Merged { .. }
            | Self::Reclassified { .. }
            | Self::ReviewBegun { .. }
            | Self::Reviewed(_)
            | Self::CustomerMessage
            | Self::StaffMessage
            | Self::HoldingResponse { .. }
            | Self::Reminded
            | Self::Rated { .. }
            | Self::Attached { .. } => true,
            Self::Escalated { cause, .. } => *cause == Cause::Asked,
            Self::Regraded { .. }
            | Self::IssueFound(_)
            | Self::PolicyAdopted { .. }
            | Self::Drafted(_)
            | Self::SignedOff
            | Self::Absorbed { .. }
            | Self::SpamProposed
            | Self::MarkedSpam
            | Self::SpamUndone
            | Self::ReviewerAppointed { .. }
            | Self::Questioned { .. }
            | Self::ExplanationOffered
            | Self::Explained
            | Self::Note
            | Self::HandedOff { .. }
            | Self::Opened
            | Self::ContactMade
            | Self::ContactDue { .. }
            | Self::Warned { .. }
            | Self::Missed { .. }
            | Self::MissReviewed { .. }
            | Self::ProblemLinked { .. }
            | Self::Erased => false,
        }
    }
}
