//! Who acts, and what they are to a case.

use serde::{Deserialize, Serialize};

use super::case::Case;

/// A member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StaffId(pub u32);

/// What a member of staff is in the whole product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Speaks with the customers of some accounts.
    AccountManager,
    /// Knows what the product should do.
    SolutionExpert,
    /// Knows how it is delivered, installed and maintained.
    DeliveryExpert,
    /// Sees to it that cases go on.
    CaseManager,
    /// Makes surveys and reads results; touches no case.
    Analyst,
    /// Asks "?".
    Executive,
    /// Reads everything, changes nothing.
    Auditor,
    /// Users and settings; touches no case.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::AccountManager,
        Self::SolutionExpert,
        Self::DeliveryExpert,
        Self::CaseManager,
        Self::Analyst,
        Self::Executive,
        Self::Auditor,
        Self::Admin,
    ];

    /// The name on the wire and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::AccountManager => "account-manager",
            Self::SolutionExpert => "solution-expert",
            Self::DeliveryExpert => "delivery-expert",
            Self::CaseManager => "case-manager",
            Self::Analyst => "analyst",
            Self::Executive => "executive",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// The role of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The customer, who has the case's secret.
    Customer,
    /// The engine itself.
    System,
    /// A member of staff.
    Staff(StaffId, Role),
}

impl Actor {
    /// The member of staff, if it is one.
    pub fn staff(self) -> Option<StaffId> {
        match self {
            Self::Staff(id, _) => Some(id),
            Self::Customer | Self::System => None,
        }
    }
}

/// Who acts for an account at this moment: the holder of each place, or the stand-in while the holder is away. An empty
/// place is vacant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// The account manager (AR).
    pub account: Option<StaffId>,
    /// The solution expert (SR).
    pub solution: Option<StaffId>,
    /// The delivery expert (FR).
    pub delivery: Option<StaffId>,
}

/// What somebody is to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Its customer.
    Customer,
    /// The engine.
    System,
    /// Acts as the account manager (AR): in the account's team or, where that place is vacant, the case's contact.
    Account,
    /// Acts as the solution expert (SR).
    Solution,
    /// Acts as the delivery expert (FR).
    Delivery,
    /// Its owner.
    Owner,
    /// Appointed to look at it again.
    Reviewer,
    /// Any case manager.
    CaseManager,
    /// Any executive.
    Executive,
    /// Any auditor.
    Auditor,
}

/// Whether `actor` is that to the case.
pub fn is(actor: Actor, relation: Relation, case: &Case, team: &Team) -> bool {
    let (id, role) = match actor {
        Actor::Customer => return relation == Relation::Customer,
        Actor::System => return relation == Relation::System,
        Actor::Staff(id, role) => (id, role),
    };
    // Whoever makes surveys, sets up users or audits touches no case, whatever place a team gives them.
    let acts = !matches!(role, Role::Analyst | Role::Auditor | Role::Admin);
    match relation {
        Relation::Customer | Relation::System => false,
        Relation::Account => acts && team.account.unwrap_or(case.contact) == id,
        Relation::Solution => acts && team.solution == Some(id),
        Relation::Delivery => acts && team.delivery == Some(id),
        Relation::Owner => acts && case.owner == id,
        Relation::Reviewer => acts && case.reviewer == Some(id),
        Relation::CaseManager => role == Role::CaseManager,
        Relation::Executive => role == Role::Executive,
        Relation::Auditor => role == Role::Auditor,
    }
}
