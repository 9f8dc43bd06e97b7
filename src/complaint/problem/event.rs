//! What happens to a problem: changes with all that replay needs, and the texts that lie beside them.

use serde::{Deserialize, Serialize};

use crate::complaint::Moment;
use crate::complaint::people::StaffId;
use crate::complaint::priority::{Priority, Severity};
use crate::complaint::routing::Category;

/// What lies at the root. Not only the technical: 「最后发现根本原因在于内部沟通出现了问题」.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootCause {
    /// The product itself.
    Product,
    /// How we work.
    Process,
    /// What we told each other, or did not.
    Communication,
    /// Who was there, and what they could do.
    People,
    /// What came from a supplier.
    Supplier,
    /// Where it stands or runs.
    Environment,
    /// What lies with the customer.
    CustomerSide,
}

impl RootCause {
    /// Every cause.
    pub const ALL: [Self; 7] = [
        Self::Product,
        Self::Process,
        Self::Communication,
        Self::People,
        Self::Supplier,
        Self::Environment,
        Self::CustomerSide,
    ];
}

/// A complaint that the problem shows in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The case's id, 32 hexadecimal digits.
    pub case: String,
    /// When it came in.
    pub received_at: Moment,
    /// How severe it was.
    pub severity: Severity,
    /// How urgent it was.
    pub priority: Priority,
}

/// One thing that happened to a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum ProblemChange {
    /// It was seen that complaints have one cause: by a person, or by the engine after several minor ones.
    Proposed {
        /// What the complaints are about.
        category: Category,
        /// Who is accountable.
        owner: StaffId,
        /// The complaints; at least one.
        cases: Vec<Link>,
    },
    /// D1: who works on it.
    TeamSet {
        /// Who is accountable.
        owner: StaffId,
        /// Everybody else.
        team: Vec<StaffId>,
    },
    /// D2: what it is and what it is not.
    Described {
        /// First seen, where it is known.
        first_seen: Option<Moment>,
        /// Last seen.
        last_seen: Option<Moment>,
    },
    /// D3: customers are spared the worst.
    Contained {
        /// Since when.
        since: Moment,
        /// Whether somebody has looked that it holds.
        verified: bool,
    },
    /// D4: one answer of the chain of whys; its evidence may come with it.
    WhyAnswered,
    /// D4: evidence was looked at and bears out the answer.
    WhyVerified {
        /// Which, counted from 1.
        why: u16,
    },
    /// D4: the root cause is known.
    CauseVerified {
        /// What kind it is.
        cause: RootCause,
    },
    /// D5: a corrective action.
    ActionPlanned {
        /// Who does it.
        owner: StaffId,
        /// By when.
        due: Moment,
    },
    /// D5: it is done, and how that was seen is written down.
    ActionDone {
        /// Which, counted from 1.
        action: u16,
    },
    /// D6 and D7: everything is in place, also that it does not come again elsewhere.
    Implemented {
        /// When to look whether it helped.
        check_at: Moment,
    },
    /// It helped: nothing came back until the check.
    Verified,
    /// It did not help.
    Ineffective,
    /// Another complaint shows it; after the action that is a recurrence.
    Linked(Link),
    /// What we learn, for management and technically.
    Reflected,
    /// D8: a team is thanked.
    Recognised {
        /// Which.
        team: String,
    },
    /// Somebody tried to see it.
    Attempted {
        /// How often.
        tries: u32,
        /// How often it showed.
        hits: u32,
    },
    /// It cannot be seen, says the owner.
    UnreproducibleProposed,
    /// Somebody else agrees.
    Unreproducible,
    /// The complaints have no cause in common.
    Dismissed,
    /// Only for us.
    Noted,
}

/// A text beside an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// What it is called.
    Title,
    /// D2: what it is.
    Is,
    /// D2: what it is not.
    IsNot,
    /// D3: what spares customers the worst.
    Containment,
    /// D4: an answer to "why?", counted from 1.
    Why(u16),
    /// D4: what bears it out.
    Evidence(u16),
    /// D4: why it was not caught.
    EscapePoint,
    /// What in management made it possible.
    ManagementCause,
    /// What in the technology made it possible.
    TechnicalCause,
    /// D5: a corrective action, counted from 1.
    Action(u16),
    /// D5: how it was seen that it is done.
    Proof(u16),
    /// D7: what keeps it from coming again.
    Prevention,
    /// D7: where else that holds.
    AlsoApplies,
    /// What to do otherwise next time.
    Lesson,
    /// D8: what for.
    Recognition,
    /// What was tried, counted from 1.
    Scenario(u16),
    /// Why, or a note.
    Text,
}

/// The texts beside an event. They are kept apart from it, so that they can be erased on request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts(pub Vec<(Section, String)>);

impl Texts {
    /// The text of a section.
    pub fn get(&self, section: Section) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == section);
        found.map(|(_, text)| text.as_str())
    }

    /// Whether a section has more than blanks.
    pub fn has(&self, section: Section) -> bool {
        self.get(section)
            .is_some_and(|text| !text.trim().is_empty())
    }
}

/// What an action on a problem leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemStep {
    /// What happened.
    pub change: ProblemChange,
    /// Its texts.
    pub texts: Texts,
}
