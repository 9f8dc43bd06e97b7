//! Browser tests: the built widget in a real Chromium, driven as a person would, against the real endpoint.
//!
//! They need a bundle (`make bundle`), Chromium and its driver (`make setup`); what is missing fails with the line to run.
//! `QINGTING_SITE` names another bundle; `QINGTING_SCREENS` a folder that gets a screenshot of each state.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

/// A customer answers; the row says what the customer said.
mod answering;
/// Contrast and target sizes, computed from what is rendered.
mod contrast;
/// Screens, fingers, languages and looks.
mod device;
/// The WebDriver client.
mod driver;
/// The product: the real binary and its demo portal.
mod endpoint;
/// The network between a customer and the endpoint.
mod gate;
/// The harness, tried on a stand-in.
mod harness;
/// The network fails, the endpoint stops, the browser closes: nothing is lost, nothing is stored twice.
mod offline;
/// Other people's pages, on origins of their own.
mod hosts;
/// The page object.
mod page;
/// Customers and their opinions.
mod person;
/// Processes, folders and turns.
mod process;
/// Layout shift.
mod shift;
