//! The integration tests: one binary, one module for each thing that can be shown without a browser.
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

/// Accounts: the card, cases that are alike, the feed, themes.
mod accounts;
/// Any definition, answered in any way.
mod any_definition;
/// Bodies of the contract and their limits.
mod api;
/// Dependency rule, top level, habits.
mod architecture;
/// Notes of what staff did.
mod audit;
/// Briefings and progress reports.
mod briefings;
/// Disks that are full, fail or were damaged.
mod broken;
/// Opening hours, zones and deadlines.
mod business_time;
/// Complaints over HTTP: intake, the customer's page, the engine, the chain of events.
mod cases;
/// Commands: publishing, keys, export, results.
mod cli;
/// A clock that jumps.
mod clocks;
/// Cases: every action by everybody in every state, clocks, duties, and what the customer sees.
mod complaint;
/// Sheets and computed cases for tests of scores.
mod computed;
/// The contract as an OpenAPI document.
mod contract;
/// Stores that are not to be trusted.
mod controls;
/// The daily chain over all cases.
mod days;
/// Definitions: faults and their places, languages.
mod definition;
/// Deliveries, tables, links, the way out.
mod deliveries;
/// A disk that can be cut off and can fail.
mod disk;
/// Origins, headers, pages, site files.
mod endpoint;
/// What holds for every route, one after the other.
mod every_route;
/// The expression language: names, bounds, any text.
mod expression;
/// Crashes, cuts, races, signals.
mod faults;
/// Requests, suggestions, praise.
mod feedback;
/// Photos as answers.
mod files;
/// Call-backs and the outbox, derived once.
mod follower;
/// Garbled definitions, expressions and sheets.
mod fuzz;
/// Pages, limits, operators, logs, settings.
mod guard;
/// Malformed and malicious requests.
mod hostile;
/// Known incidents.
mod incidents;
/// Whose a complaint is, whom it touches, its language.
mod intake;
/// The programme of a delivery.
mod invitations;
/// What was acknowledged against what is stored: kills, power cuts, lost acknowledgements, races.
mod ledger;
/// Backup, restore, out and in, erasure, retention, migrations.
mod life;
/// Dates, limits, withdrawal, rollback, tests.
mod lifecycle;
/// Mails as they arrive.
mod mail;
/// Who may use which route.
mod matrix;
/// NPS, CSAT and CES against computed cases and properties.
mod measures;
/// Both languages say everything, and say it properly.
mod messages;
/// A month in which nobody does anything.
mod month;
/// What staff wrote about people who are erased.
mod named_by_staff;
/// More than can be stored.
mod overload;
/// Patterns of validators.
mod patterns;
/// Photos at their limits.
mod photo_limits;
/// Photos and what pretends to be one.
mod photos;
/// Policies, calendars, terms of accounts over HTTP.
mod policies;
/// The causes behind complaints, over HTTP.
mod problems;
/// Open at any hour, nothing deleted, nobody missing.
mod promises;
/// What publishing says of a definition.
mod publishing;
/// Reports and Top-N lists over HTTP.
mod reports;
/// Three cases from intake to the words on their page.
mod scenarios;
/// What the Scores page counts.
mod scores;
/// Guesses, wide look-ups, time that tells, lost links.
mod secrets;
/// One respondent's way through a survey.
mod session;
/// Set-up on stand-in machines.
mod setup;
/// How staff sign in.
mod sign_in;
/// A mail server and a receiver of webhooks.
mod sink;
/// Scores by role, by month, beside other suppliers; references.
mod slices;
/// Clients that send or take slowly.
mod slow;
/// Staff and their requests, for the others.
mod staffed;
/// Commits, locks, schemas.
mod store;
/// Servers and clients for the others.
mod support;
/// The sample surveys are read, answered and checked like a customer's.
mod surveys;
/// What looks as if a program had filled it in.
mod suspects;
/// Counts that are kept beside the sheets.
mod tally;
/// Invitations, identities, and who pretends to have one.
mod tokens;
/// The results of the original, case by case.
mod vectors;
/// Visits, findings and campaigns.
mod visits;
/// Messages to the supplier's systems.
mod webhooks;
/// Bodies, ids and revisions as the contract says.
mod wire_http;
