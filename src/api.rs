//! The wire contract both sides share: routes, bodies, problems and limits of version 1.
//!
//! Bodies are read from and written to [`Value`](crate::survey::Value) by hand: the browser has a JSON parser of its own, and a second one would be
//! a quarter of the widget's bytes.

/// What customers bring forward.
pub mod complaint;
/// Deliveries and bounces, as a supplier's systems tell of them.
pub mod delivery;
/// Fields of a body.
mod fields;
/// What may be how large.
pub mod limits;
/// Errors as RFC 9457 problems.
pub mod problem;
/// Paths.
pub mod route;
/// Scores for staff.
pub mod scores;
/// Answer sheets and their receipts.
pub mod submission;

pub use complaint::{Intake, Intent};
pub use fields::is_trapped;
pub use problem::{FieldError, Problem, ProblemCode};
pub use submission::{Context, Receipt, Submission, SubmissionId};
