//! The integration tests: one binary, one module for each thing that must hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

/// NPS, CSAT and CES against computed cases and properties.
mod measures;
/// Both languages say everything, and say it properly.
mod messages;
/// The sample surveys are read, answered and checked like a customer's.
mod surveys;
