//! Rows of the causes behind complaints, of Top-N lists and of reports.

use crate::api::{ProblemCode, route};
use crate::complaint::Role;
use crate::complaint::problem::{ProblemState, RootCause};
use crate::complaint::project::ProjectStatus;
use crate::endpoint::contract::{CASES, LEAD, Row, STAFF, Table, WORK, names};
use crate::endpoint::routes::{lists, problems, reports};

/// Whoever reads results; what names a case only those who see cases.
const RESULTS: &[Role] = &[
    Role::AccountManager,
    Role::SolutionExpert,
    Role::DeliveryExpert,
    Role::CaseManager,
    Role::Executive,
    Role::Auditor,
    Role::Analyst,
];

fn shapes(table: &mut Table) {
    table.shape("RootCause", names::<RootCause>());
    table.shape("ProblemState", names::<ProblemState>());
    table.shape("ProjectStatus", names::<ProjectStatus>());
    let summary = "number: uint, version: uint, title: string | null, state: ProblemState, category: Category, \
         cause: RootCause | null, by_engine: bool, owner: uint, cases: string[], opened_at: time, correct_by: time | null, \
         check_at: time | null, recurrences: uint, lesson: string | null";
    table.shape("ProblemSummary", format!("{{ {summary} }}"));
    table.shape(
        "Cause",
        format!(
            "{{ {summary}, team: uint[], is: string | null, is_not: string | null, first_seen: time | null, \
             last_seen: time | null, containment: {{ text: string | null, since: time, verified: bool }} | null, \
             whys: {{ why: uint, answer: string | null, evidence: string | null, verified_at: time | null }}[], \
             escape_point: string | null, management_cause: string | null, technical_cause: string | null, \
             actions: {{ number: uint, text: string | null, proof: string | null, owner: uint, due: time, done_at: time | null, \
               former: bool }}[], \
             implemented_at: time | null, prevention: string | null, also_applies: string | null, recurred_at: time[], \
             attempts: {{ scenario: string | null, tries: uint, hits: uint }}[], \
             recognised: {{ team: string, at: time, text: string | null }}[], ended_at: time | null, \
             events: {{ at: time, by: any, what: {{ type: string, with?: any }}, texts: any }}[] }}"
        ),
    );
    table.shape(
        "CauseChange",
        "{| action: 'set-team', owner: uint, team: uint[] |} | \
         {| action: 'describe', is: string, is_not: string, first_seen?: time | null, last_seen?: time | null |} | \
         {| action: 'contain', text: string, since: time, verified: bool |} | \
         {| action: 'answer-why', answer: string, evidence?: string | null |} | \
         {| action: 'verify-why', why: uint, evidence?: string | null |} | \
         {| action: 'verify-cause', cause: RootCause, escape_point: string, management_cause: string, technical_cause: string |} | \
         {| action: 'plan-action', text: string, owner: uint, due: time |} | \
         {| action: 'finish-action', number: uint, proof: string |} | \
         {| action: 'implement', prevention: string, also_applies: string, check_at: time |} | {| action: 'verify' |} | \
         {| action: 'find-ineffective', text: string |} | {| action: 'link-case', case: string |} | \
         {| action: 'reflect', management_cause: string, technical_cause: string, lesson: string |} | \
         {| action: 'recognise', team: string, text: string |} | \
         {| action: 'attempt', scenario: string, tries: uint, hits: uint |} | \
         {| action: 'propose-unreproducible', text: string |} | {| action: 'approve-unreproducible' |} | \
         {| action: 'dismiss', text: string |} | {| action: 'note', text: string |}",
    );
    table.shape(
        "TopList",
        "{ number: uint, version: uint, from: time, to: time, frozen_at: time, \
         rows: { category: string, critical: int, major: int, minor: int, count: int, weight: number, percent: number, \
           cumulative: number }[], \
         by_weight: string[] | null, vital_few: uint | null, recategorise: bool, unanswered: any[], \
         entries: { entry: uint, category: string, reason: string | null, project: { name: string | null, sponsor: uint, \
           status: ProjectStatus, public: string | null, milestones: Milestone[] } | null }[] }",
    );
}

pub(super) fn rows(table: &mut Table) {
    table.chapter("Problems");
    shapes(table);
    table.add(
        Row::get(route::STAFF_PROBLEMS, problems::list)
            .says("The causes behind complaints, the newest first.")
            .staff(CASES)
            .asks("category", "Category")
            .asks("cause", "RootCause")
            .asks("state", "ProblemState")
            .asks("lesson", "string")
            .gives(200, "{ problems: ProblemSummary[] }"),
    );
    table.add(
        Row::post(route::STAFF_PROBLEMS, problems::propose)
            .says("Somebody says that complaints have one cause.")
            .staff(WORK)
            .takes("{| title: string, cases: string[], category?: Category | null, owner?: uint | null |}")
            .gives_version(201, "Cause")
            .refuses(&[ProblemCode::ActionRefused, ProblemCode::NotFound, ProblemCode::VersionClash]),
    );
    table.add(
        Row::get(route::STAFF_PROBLEM, problems::show)
            .says("One of them with all that is known of it.")
            .staff(CASES)
            .gives_version(200, "Cause"),
    );
    table.add(
        Row::post(route::STAFF_PROBLEM, problems::act)
            .says("An action on it, in the order of the eight disciplines.")
            .staff(WORK)
            .versioned()
            .takes("CauseChange")
            .gives_version(200, "Cause")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.chapter("Top-N lists");
    table.add(
        Row::get(route::STAFF_LISTS, lists::list)
            .says("Frozen lists of what customers complain about most, the newest first.")
            .staff(STAFF)
            .gives(200, "{ lists: TopList[] }"),
    );
    table.add(
        Row::post(route::STAFF_LISTS, lists::freeze)
            .says("Freezes the list of a period.")
            .staff(LEAD)
            .takes("{| from: time, to: time, top?: uint | null |}")
            .gives_version(201, "TopList")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_LIST, lists::show)
            .says("One list.")
            .staff(STAFF)
            .gives_version(200, "TopList"),
    );
    table.add(
        Row::post(route::STAFF_LIST, lists::act)
            .says("A project for an entry, its progress, or why there is none.")
            .staff(WORK)
            .versioned()
            .takes(
                "{| action: 'open-project', entry: uint, name: string, sponsor: uint, public: string, \
                    milestones: {| name: string, due: time |}[] |} | \
                 {| action: 'reach-milestone', entry: uint, milestone: uint |} | \
                 {| action: 'set-status', entry: uint, status: ProjectStatus, public: string |} | \
                 {| action: 'excuse', entry: uint, reason: string |}",
            )
            .gives_version(200, "TopList")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.chapter("Reports");
    table.add(
        Row::get(route::STAFF_REPORT, reports::show)
            .says("What cases say together, of those that one sees: queue, undecided, steps, stages, times, contacts, declines, \
                   mix, misses, approvals, causes, recognition, attention.")
            .staff(RESULTS)
            .asks("from", "time")
            .asks("to", "time")
            .asks("policy", "uint")
            .asks("team", "string")
            .gives(200, "Map<any>"),
    );
}
