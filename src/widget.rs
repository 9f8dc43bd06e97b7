//! The Leptos app inside `<qing-ting>`: one survey, asked on somebody else's page.
//!
//! The loader (`embed.js`) opens the shadow root, adopts the stylesheet and calls [`element::mount`] on a `<div>` inside it:
//! never on the shadow root itself, because Leptos finds insertion points among elements and a shadow root is none.

/// The app: which view is shown, and what becomes of an answer.
mod app;
/// Requests to the endpoint.
mod client;
/// One sheet's way from the session to the queue and the endpoint.
mod courier;
/// Elements, bound to signals.
mod dom;
/// The element's attributes and events, mounting and unmounting.
pub mod element;
/// What every question on a page shares: the session, its language, its texts.
mod form;
/// Conversions between JavaScript's values and ours.
mod js;
/// Parts that are loaded when they are needed.
mod part;
/// Question kinds.
mod question;
/// Answer sheets that wait on the device until the endpoint has them.
mod queue;
/// The browser's database, which may be missing or refuse.
mod storage;
/// The texts of the language that is shown.
mod strings;
