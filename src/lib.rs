//! Qingting (倾听, "to listen closely"): a customer-satisfaction survey widget and the endpoint that keeps every answer.
//!
//! One crate, two targets. In the browser (wasm32) it is the widget; natively it is the endpoint and the command line.
//! The rooms, each one depending only on those above it:
//!
//! - [`survey`], [`measures`], [`complaint`]: the pure model. No I/O, no DOM, no clock, no randomness; they know only std and serde.
//! - [`api`], [`messages`]: what both sides share: the wire contract, and every text a person reads.
//! - [`widget`] and [`console`] (browser) and `endpoint` (native): the shells. They never import each other.
//!
//! What must always hold:
//!
//! - An acknowledgement is sent only after the row is on disk; nothing acknowledged is lost or stored twice.
//! - The same [`survey`] code validates in the browser and at the endpoint.
//! - Nothing from outside can make this code panic.

/// The wire contract: routes, bodies, problems and limits.
pub mod api;
/// Complaints: cases, their rules, clocks and what the customer sees.
pub mod complaint;
/// What people of staff see in their browser.
pub mod console;
/// The HTTP endpoint: routes, guards, the store and the command line's work. Native only.
#[cfg(not(target_arch = "wasm32"))]
pub mod endpoint;
/// NPS, CSAT and CES with their intervals.
pub mod measures;
/// Every text a person reads, one file for each language.
pub mod messages;
/// Survey definitions, expressions, sessions and validation.
pub mod survey;
/// The Leptos app inside `<qing-ting>`: element, questions, queue.
pub mod widget;
