//! Complaints, from the customer's first word to the customer's "solved": pure rules over an append-only list of events.
//!
//! The way of one action: somebody wants an [`Action`] on a [`Case`] → [`decide`] holds it against role, state and guards
//! → [`Step`]s, each a [`Change`] and perhaps words → the endpoint appends them as events → [`Case::apply`]. Nothing else
//! changes a case, so that replaying the events gives the case again. Clocks ([`clock`]) and what the customer sees
//! ([`view`]) are functions of the case; [`duty`] says what has to happen without anybody remembering it.
//!
//! What must always hold: every open case has an owner, a contact, a priority and a next date from the moment it is
//! stored; what the customer wrote is never changed; no staff decision closes a case that the customer was not answered in,
//! but as duplicate, as reclassified or as spam.

/// What somebody wants to do with a case, and who may.
pub mod action;
/// A briefing for an account's management.
pub mod briefing;
/// Listening after an incident.
pub mod campaign;
/// A case as its events made it.
pub mod case;
/// Deadlines, derived.
pub mod clock;
/// What the engine does by itself, and when.
pub mod duty;
/// What happened.
pub mod event;
/// What was found on a visit.
pub mod finding;
/// What is known to be wrong.
pub mod incident;
/// A "?" on what was said outside a case.
pub mod inquiry;
/// Who is told of what happened.
pub mod notice;
/// Who acts, and what they are to a case.
pub mod people;
/// How long everything may take.
pub mod policy;
/// How urgent a case is.
pub mod priority;
/// The cause behind complaints.
pub mod problem;
/// Top-N lists and their projects.
pub mod project;
/// What staff keep beside the cases.
pub mod record;
/// What cases say when they are taken together.
pub mod report;
/// Who a case goes to.
pub mod routing;
/// How alike two texts are.
pub mod similarity;
/// Where a case stands.
pub mod state;
/// What words are about.
pub mod theme;
/// The rules of every action.
pub mod transition;
/// The case as its customer sees it.
pub mod view;
/// Visits to customers.
pub mod visit;

pub use action::{Action, Draft, Permit};
pub use case::Case;
pub use clock::{Calendar, Clock, ClockKind};
pub use event::{Change, Field, Step, Words};
pub use people::{Actor, Relation, Role, StaffId, Team};
pub use policy::Policy;
pub use priority::{Flags, Priority, Severity, Urgency};
pub use record::{Obstacle, Reach, Record};
pub use routing::{Category, Lead, LifeStage};
pub use state::{Closure, DeclineReason, Outcome, State};
pub use transition::{Refusal, Setting, decide, receive};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
pub type Moment = i64;

/// One minute in milliseconds.
pub const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day of the calendar in milliseconds.
pub const DAY: i64 = 24 * HOUR;
