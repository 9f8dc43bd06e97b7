//! Survey definitions in SurveyJS JSON, the session that answers one, and the rules both sides check answers by.
//!
//! Everything here is a pure function of its arguments: no clock, no randomness, no I/O. The browser and the endpoint
//! run the same code, so that what one accepts the other accepts.

/// What a survey asks: pages, questions, choices, parsed from SurveyJS JSON.
pub mod definition;
/// The expression language of `visibleIf`: parser and evaluation.
pub mod expression;
/// JavaScript's own conversions of numbers and texts, which SurveyJS's rules are built on.
pub mod javascript;
/// Which answers are low scores.
mod low_score;
/// The little markup that texts may have.
pub mod markup;
/// How answers are written into fields with a mask.
pub mod mask;
/// One respondent's way through a survey: a reducer over answers, page and violations.
pub mod session;
/// Texts in several languages.
pub mod text;
/// What may be answered.
pub mod validation;
/// A JSON value with its objects in order.
pub mod value;

pub use definition::{Definition, Question};
pub use session::Session;
pub use text::LocalizedText;
pub use validation::{Violation, validate};
pub use value::Value;
