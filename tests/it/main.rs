//! Everything that can be shown without a browser: the endpoint over real sockets, its store, faults, and the shape of the code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(unreachable_pub, reason = "nothing outside a test binary can reach it")]
#![allow(
    clippy::print_stdout,
    reason = "figures and addresses for whoever runs it"
)]

/// Dependency rule, top level, habits.
mod architecture;
/// Commands: publishing, keys, export, results.
mod cli;
/// Origins, headers, pages, site files.
mod endpoint;
/// Crashes, cuts, races, signals.
mod faults;
/// Malformed and malicious requests.
mod hostile;
/// Clients that send or take slowly.
mod slow;
/// Commits, locks, schemas.
mod store;
/// Servers and clients for the others.
mod support;
/// Bodies, ids and revisions as the contract says.
mod wire_http;
