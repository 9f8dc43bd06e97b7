//! Who a case goes to: life stage → lead → owner, and the one contact.

use serde::{Deserialize, Serialize};

use super::people::{StaffId, Team};

/// Where in the life of a product the customer met the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LifeStage {
    /// The delivery.
    Delivery,
    /// The installation.
    Install,
    /// The use.
    Use,
    /// The maintenance.
    Maintain,
    /// The bill.
    Billing,
    /// Anything else.
    Other,
}

impl LifeStage {
    /// Every stage, in the order in which they are asked.
    pub const ALL: [Self; 6] = [
        Self::Delivery,
        Self::Install,
        Self::Use,
        Self::Maintain,
        Self::Billing,
        Self::Other,
    ];
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Prices and offers.
    Commercial,
    /// Bills and payments.
    Billing,
    /// The contract.
    Contract,
    /// How we deal with the customer.
    Relationship,
    /// How long we take to answer.
    ResponseSpeed,
    /// The solution as a whole.
    Solution,
    /// What the product does.
    ProductFunction,
    /// How fast or how well it does it.
    Performance,
    /// Working with other products.
    Interoperability,
    /// The date of a delivery.
    DeliveryDate,
    /// Installing.
    Installation,
    /// Teaching.
    Training,
    /// Keeping it running.
    Maintenance,
    /// Replacement parts.
    SpareParts,
    /// None of these.
    Other,
}

/// Which place of the team leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lead {
    /// The account manager (AR).
    Account,
    /// The solution expert (SR).
    Solution,
    /// The delivery expert (FR).
    Delivery,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 15] = [
        Self::Commercial,
        Self::Billing,
        Self::Contract,
        Self::Relationship,
        Self::ResponseSpeed,
        Self::Solution,
        Self::ProductFunction,
        Self::Performance,
        Self::Interoperability,
        Self::DeliveryDate,
        Self::Installation,
        Self::Training,
        Self::Maintenance,
        Self::SpareParts,
        Self::Other,
    ];

    /// Until a person has assessed the case: by the life stage that the customer named.
    pub fn provisional(stage: LifeStage) -> Self {
        match stage {
            LifeStage::Delivery => Self::DeliveryDate,
            LifeStage::Install => Self::Installation,
            LifeStage::Use => Self::ProductFunction,
            LifeStage::Maintain => Self::Maintenance,
            LifeStage::Billing => Self::Billing,
            LifeStage::Other => Self::Other,
        }
    }

    /// The place that leads.
    pub fn lead(self) -> Lead {
        match self {
            Self::Commercial
            | Self::Billing
            | Self::Contract
            | Self::Relationship
            | Self::ResponseSpeed
            | Self::Other => Lead::Account,
            Self::Solution | Self::ProductFunction | Self::Performance | Self::Interoperability => {
                Lead::Solution
            }
            Self::DeliveryDate
            | Self::Installation
            | Self::Training
            | Self::Maintenance
            | Self::SpareParts => Lead::Delivery,
        }
    }
}

/// Owner and contact of a case of this category: the lead place, and always the account manager as the one face. A
/// vacant place falls to `default_owner`.
pub fn route(category: Category, team: &Team, default_owner: StaffId) -> (StaffId, StaffId) {
    let holder = match category.lead() {
        Lead::Account => team.account,
        Lead::Solution => team.solution,
        Lead::Delivery => team.delivery,
    };
    (
        holder.unwrap_or(default_owner),
        team.account.unwrap_or(default_owner),
    )
}
