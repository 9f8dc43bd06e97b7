//! The table of all routes, a file for each kind: what is not in it does not exist.

use crate::endpoint::contract::Table;

/// Accounts, what customers said, briefings.
mod accounts;
/// Cases and feedback, as staff see them.
mod cases;
/// What a customer's browser asks for.
mod customers;
/// Pages, files, and what operators look at.
mod pages;
/// Who works here, and how they sign in.
mod people;
/// Causes, Top-N lists, reports.
mod problems;
/// Policies, calendars, terms.
mod rules;
/// Scores.
mod scores;
/// Deliveries, bounces, what goes out.
mod systems;
/// Visits, findings, campaigns.
mod visits;

/// Every row.
pub(in crate::endpoint) fn all() -> Table {
    let mut table = Table::default();
    for chapter in [
        pages::rows,
        customers::rows,
        systems::rows,
        people::rows,
        cases::rows,
        problems::rows,
        rules::rows,
        visits::rows,
        accounts::rows,
        scores::rows,
    ] {
        chapter(&mut table);
    }
    table
}
