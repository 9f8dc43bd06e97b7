//! Deliveries as a supplier's systems tell of them: what was delivered to whom, and when.

use serde::{Deserialize, Serialize};

/// The body of `POST /v1/deliveries`, and a line of a table with these columns. Every field is a text; unknown ones are
/// refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delivery {
    /// The supplier's reference, or a name for a round of a relationship survey.
    pub delivery: String,
    /// The supplier's reference of the person.
    pub contact: String,
    /// When it was handed over: RFC 3339, or a date alone, which counts as noon UTC.
    pub delivered_at: String,
    /// `delivery` (the usual) or `relationship`.
    pub kind: Option<String>,
    /// The customer's account.
    pub account: Option<String>,
    /// The person's mail address.
    pub mail: Option<String>,
    /// The person's telephone number, for a gateway.
    pub phone: Option<String>,
    /// The language to write in, a BCP 47 tag.
    pub language: Option<String>,
    /// The survey; otherwise the one of the same name as the kind.
    pub survey: Option<String>,
    /// Who delivered.
    pub team: Option<String>,
    /// Where.
    pub region: Option<String>,
    /// What.
    pub product: Option<String>,
}

/// The columns of a table of deliveries.
pub const COLUMNS: [&str; 12] = [
    "delivery",
    "contact",
    "delivered_at",
    "kind",
    "account",
    "mail",
    "phone",
    "language",
    "survey",
    "team",
    "region",
    "product",
];

/// The body of `POST /v1/bounces`: an address that does not work.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounce {
    /// A mail address or telephone number.
    pub address: String,
    /// Whether it will never work: nothing is sent there any more.
    #[serde(default = "usual")]
    pub permanent: bool,
}

fn usual() -> bool {
    true
}
