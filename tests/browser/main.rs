//! Browser tests: the built widget in a real Chromium, driven as a person would, against the real endpoint.
//!
//! They need a bundle (`make bundle`), Chromium and its driver (`make setup`); what is missing fails with the line to run.
//! `QINGTING_SITE` names another bundle; `QINGTING_SCREENS` a folder that gets a screenshot of each state.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

/// What assistive technology, eyes and fingers get.
mod a11y;
/// A customer answers; the row says what the customer said.
mod answering;
/// The complaint form and the case page as eyes, fingers and keyboards meet them.
mod case_page;
/// Surveys that are closed.
mod closed;
/// Complaints, and the cases they become.
mod complaints;
/// Sheets and computed cases for tests of scores.
#[path = "../it/computed.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the rest is for the tests without a browser"
)]
mod computed;
/// The console, from the first admin's link to a figure.
mod console;
/// Contrast and target sizes, computed from what is rendered.
mod contrast;
/// Screens, fingers, languages and looks.
mod device;
/// The WebDriver client.
mod driver;
/// A guest on somebody else's page.
mod embedding;
/// The product: the real binary and its demo portal.
mod endpoint;
/// Photos as answers.
mod files;
/// The network between a customer and the endpoint.
mod gate;
/// The harness, tried on a stand-in.
mod harness;
/// Pages that would rather not have a guest.
mod hostile_page;
/// Other people's pages, on origins of their own.
mod hosts;
/// The link of a mail, answered once.
mod invitation;
/// Every type of question.
mod kinds;
/// Markup in the author's texts.
mod markup;
/// The network fails, the endpoint stops, the browser closes: nothing is lost, nothing is stored twice.
mod offline;
/// The page object.
mod page;
/// From page to page.
mod pages;
/// Lazy parts.
mod parts;
/// Customers and their opinions.
mod person;
/// Processes, folders and turns.
mod process;
/// The usual stage: portal, network, endpoint.
mod scene;
/// Every state looks different, and screenshots of all of them.
mod screens;
/// Layout shift.
mod shift;
/// A mail server.
#[path = "../it/sink.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    missing_debug_implementations,
    reason = "the rest is for the tests without a browser"
)]
mod sink;
/// Budgets.
mod size;
/// One answer in a large survey, beside survey-core.
mod speed;
/// A walk through every state the widget can be in.
mod states;
/// The field that no person sees.
mod trap;
/// One person's whole path, step by step.
mod whole_path;
