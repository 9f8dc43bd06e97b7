//! The Leptos app inside `<qing-ting>`: one survey, asked on somebody else's page.
//!
//! The loader (`embed.js`) opens the shadow root, adopts the stylesheet and calls [`element::mount`] on a `<div>` inside it:
//! never on the shadow root itself, because Leptos finds insertion points among elements and a shadow root is none.
//!
//! What the first question needs is the main part. Saving, sending and the end of the survey are the part `delivery`,
//! which is fetched while the respondent reads; rare question kinds are the part `fields`.

/// The app: which view is shown.
mod app;
/// The pages of the survey.
mod asking;
/// How choices in random order are shuffled.
mod chance;
/// Requests to the endpoint.
mod client;
/// Complaining and following a case. A part.
mod complaint;
/// What becomes of the answers: drafts, queue, sending, the end. A part.
mod delivery;
/// Elements, bound to signals.
mod dom;
/// The element's attributes and events, mounting and unmounting.
pub mod element;
/// What the browser gives a session.
mod environment;
/// What every question on a page shares: the session and its language.
mod form;
/// Conversions between JavaScript's values and ours.
mod js;
/// The button to the next language.
mod languages;
/// One page: heading, panels, questions.
mod page;
/// Parts that are loaded when they are needed.
mod part;
/// Photos made small on the device.
mod photo;
/// Question kinds.
mod question;
/// The answer sheet as it is written, and the first place where it is kept.
mod sheet;
/// The texts of the language that is shown.
mod strings;
/// A field that no person sees.
mod trap;
