//! Rows of scores, whole and from one side.

use crate::api::route;
use crate::complaint::Role;
use crate::endpoint::contract::{CASES, Row, Table};
use crate::endpoint::routes::{scores, slices};

/// Whoever works with results, and the three of a team for their accounts.
const RESULTS: &[Role] = &[
    Role::AccountManager,
    Role::SolutionExpert,
    Role::DeliveryExpert,
    Role::CaseManager,
    Role::Executive,
    Role::Auditor,
    Role::Analyst,
];
/// Whoever has to do with all accounts; an admin reads them without a customer's words.
const OVERALL: &[Role] = &[
    Role::CaseManager,
    Role::Executive,
    Role::Auditor,
    Role::Analyst,
    Role::Admin,
];

fn shapes(table: &mut Table) {
    table.shape(
        "Results",
        "{ surveys: { survey: string, complete: int, partial: int, metrics: { question: string, metric: string, \
         scale: [number, number], complete: int, partial: int, histogram: Map<int>, sample: string | null, n?: int, value?: number, \
         interval?: [number, number], agree?: { sample: string | null, n?: int, value?: number, interval?: [number, number] } }[] }[] }",
    );
    table.shape("Counts", "{ points: int[], complete: int }");
    table.shape("NamedCounts", "{ name: string, counts: Counts }");
    table.shape(
        "Scores",
        "{ time_zone: string, waiting: int, surveys: { survey: string, title: [string, string][], complete: int, partial: int, left_at_once: int, \
         waves: { wave: string, planned: int, sent: int, bounced: int, delivered: int, answered: int, begun: int, \
           not_sent: [string, int][] }[], \
         metrics: { question: string, title: [string, string][], metric: string, low: int, high: int, all: Counts, \
           periods: NamedCounts[], slices: { by: string, found: NamedCounts[] }[] }[], \
         answered: { question: string, title: [string, string][], sheets: int, left: int }[], \
         words: { at: time, question: string, text: string, locale: string, score: [string, number] | null }[] }[] }",
    );
}

pub(super) fn rows(table: &mut Table) {
    table.chapter("Scores");
    shapes(table);
    table.add(
        Row::get(route::STAFF_SCORES, scores::show)
            .says("The counts behind every score; the reader computes the figures.")
            .staff(OVERALL)
            .asks("survey", "string")
            .asks("time_zone", "string")
            .gives(200, "Scores"),
    );
    table.add(
        Row::get(route::STAFF_SCORES_TABLE, scores::table)
            .says("The figures as a table for spreadsheets.")
            .staff(OVERALL)
            .asks("survey", "string")
            .asks("time_zone", "string")
            .gives_other(200, "text/csv; charset=utf-8"),
    );
    let slice = |row: Row| {
        row.team(RESULTS)
            .asks("survey", "string")
            .asks("account", "string")
            .asks("from", "time")
            .asks("until", "time")
    };
    table.add(
        slice(Row::get(route::STAFF_ROLES, slices::roles))
            .says("Scores by what the respondents are.")
            .gives(
                200,
                "{ all: Results, by_role: { role: RespondentRole, scores: Results }[] }",
            ),
    );
    table.add(
        slice(Row::get(route::STAFF_TREND, slices::trend))
            .says("Scores month by month, with control limits.")
            .gives(
                200,
                "{ trends: { survey: string, question: string, metric: string, usual_percent: number | null, \
                 months: { month: string, n: int, unhappy: int, percent: number | null, limits: [number, number] | null, \
                   signal: bool }[] }[] }",
            ),
    );
    table.add(
        slice(Row::get(route::STAFF_COMPARED, slices::compared))
            .says("Our scores beside those of the respondents' other suppliers.")
            .gives(
                200,
                "{ surveys: { survey: string, n: int, difference: { mean: number, interval: [number, number], \
                 verdict: 'better' | 'worse' | 'not-shown', sample: 'full' | 'small' } | null }[] }",
            ),
    );
    table.add(
        Row::get(route::STAFF_REFERENCES, slices::references)
            .says("Promoters who agreed to be named.")
            .team(CASES)
            .gives(
                200,
                "{ references: { survey: string, account: string | null, contact: string | null, verified: bool, score: number, \
                 at: time }[] }",
            ),
    );
}
