//! Rows of visits, findings and campaigns of listening.

use crate::api::{ProblemCode, route};
use crate::complaint::finding::FindingState;
use crate::complaint::visit::{RespondentRole, VisitState};
use crate::endpoint::contract::{CASES, LEAD, Row, Table, WORK, names};
use crate::endpoint::routes::visits;

fn shapes(table: &mut Table) {
    table.shape("RespondentRole", names::<RespondentRole>());
    table.shape("VisitState", names::<VisitState>());
    table.shape("FindingState", names::<FindingState>());
    table.shape(
        "Visit",
        "{ id: uint, version: uint, state: VisitState, account: string, region: string, planned_for: time, purpose: string, \
         team: uint[], campaign: uint | null, returns_for: uint[], form: (string | Map<string>)[], held_at: time | null, \
         attendees: { name: string, role: RespondentRole }[], \
         answers: { question: uint, attendee: uint, text: string, score: uint | null }[], findings: Finding[], \
         nothing_found: string | null, log: { at: time, by: uint, what: { type: string, with?: any } }[] }",
    );
    let plan = "account: string, region: string, planned_for: time, purpose: string, team?: uint[], questions?: string[], \
         campaign?: uint | null, returns_for?: uint[]";
    table.shape("NewVisit", format!("{{| id?: id | null, {plan} |}}"));
    table.shape(
        "VisitChange",
        format!(
            "{{| action: 'plan', id?: id | null, {plan} |}} | \
             {{| action: 'hold', at: time, attendees: {{| name: string, role: RespondentRole |}}[] |}} | \
             {{| action: 'answer', question: uint, attendee: uint, text: string, score?: int(0..10) | null |}} | \
             {{| action: 'log-finding', role: RespondentRole, category: Category, text: string |}} | \
             {{| action: 'nothing-found', text: string |}} | {{| action: 'close' |}} | {{| action: 'call-off', text: string |}}"
        ),
    );
    table.shape(
        "Finding",
        "{ id: uint, version: uint, visit: uint, account: string, role: RespondentRole, category: Category, text: string, \
         state: FindingState, logged_at: time, owner: uint | null, due: time | null, \
         told: { visit: uint } | { message: { number: string, event: uint } } | null, \
         notes: { at: time, by: uint, text: string }[] }",
    );
    table.shape(
        "Campaign",
        "{ id: uint, version: uint, title: string, purpose: string, since: time, team: uint[], sessions: any, findings: any, \
         conclusion: string | null, report: any }",
    );
}

pub(super) fn rows(table: &mut Table) {
    table.chapter("Visits");
    shapes(table);
    table.add(
        Row::get(route::STAFF_VISITS, visits::list)
            .says("The visits that one sees.")
            .team(CASES)
            .gives(200, "{ visits: Visit[] }"),
    );
    table.add(
        Row::post(route::STAFF_VISITS, visits::plan)
            .says("Plans a visit; the same id plans nothing twice.")
            .team(WORK)
            .takes("NewVisit")
            .gives_version(201, "Visit")
            .refuses(&[
                ProblemCode::ActionRefused,
                ProblemCode::IdTaken,
                ProblemCode::NotFound,
                ProblemCode::VersionClash,
            ]),
    );
    table.add(
        Row::get(route::STAFF_VISIT, visits::show)
            .says("A visit with its form, answers and findings.")
            .team(CASES)
            .gives_version(200, "Visit"),
    );
    table.add(
        Row::post(route::STAFF_VISIT, visits::act)
            .says("Plans it anew, holds it, writes down what was said, closes it.")
            .team(WORK)
            .versioned()
            .takes("VisitChange")
            .gives_version(200, "Visit")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_COVERAGE, visits::coverage)
            .says("How far the visits of a period have reached, and where customers are most dissatisfied.")
            .team(CASES)
            .asks("from", "time")
            .asks("until", "time")
            .gives(
                200,
                "{ visits: any, regions: { region: string, visits: any }[], attendances: any, people: any, \
                 accounts: { visited: any, all: any }, answers: uint, \
                 by_role: { role: RespondentRole, attendances: any, most_dissatisfied: any[] }[] }",
            ),
    );
    table.add(
        Row::get(route::STAFF_FINDINGS, visits::findings)
            .says("Findings, by the date of their next step.")
            .team(CASES)
            .gives(200, "{ findings: Finding[] }"),
    );
    table.add(
        Row::get(route::STAFF_FINDING, visits::finding)
            .says("One of them.")
            .team(CASES)
            .gives_version(200, "Finding"),
    );
    table.add(
        Row::post(route::STAFF_FINDING, visits::act_on_finding)
            .says("Its next step, until the customer was told.")
            .team(WORK)
            .versioned()
            .takes(
                "{| action: 'note', text: string |} | {| action: 'track', owner: uint, due: time, text: string |} | \
                 {| action: 'verify', text: string, report_by: time |} | \
                 {| action: 'report-back', visit?: uint | null, case?: string | null, event?: uint | null |}",
            )
            .gives_version(200, "Finding")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_CAMPAIGNS, visits::campaigns)
            .says("Campaigns of listening, those that one leads or listens in.")
            .team(CASES)
            .gives(200, "{ campaigns: Campaign[] }"),
    );
    table.add(
        Row::post(route::STAFF_CAMPAIGNS, visits::begin)
            .says("Begins one.")
            .staff(LEAD)
            .takes(
                "{| id?: id | null, title: string, purpose: string, since: time, team: uint[] |}",
            )
            .gives_version(201, "Campaign")
            .refuses(&[
                ProblemCode::ActionRefused,
                ProblemCode::IdTaken,
                ProblemCode::NotFound,
                ProblemCode::VersionClash,
            ]),
    );
    table.add(
        Row::get(route::STAFF_CAMPAIGN, visits::campaign)
            .says("One of them with its report.")
            .team(CASES)
            .gives_version(200, "Campaign"),
    );
    table.add(
        Row::post(route::STAFF_CAMPAIGN, visits::act_on_campaign)
            .says("Who listens in it, or its end.")
            .staff(LEAD)
            .versioned()
            .takes("{| action: 'staff', team: uint[] |} | {| action: 'close', text: string |}")
            .gives_version(200, "Campaign")
            .refuses(&[ProblemCode::ActionRefused]),
    );
}
