//! Rows of accounts, of what customers said, and of briefings for their management.

use crate::api::{ProblemCode, route};
use crate::complaint::Role;
use crate::complaint::briefing::BriefingState;
use crate::complaint::theme::Theme;
use crate::endpoint::contract::{CASES, LISTEN, Row, Table, WORK, names};
use crate::endpoint::routes::{accounts, briefings, feed};

fn shapes(table: &mut Table) {
    table.shape("Theme", names::<Theme>());
    table.shape("BriefingState", names::<BriefingState>());
    table.shape(
        "Account",
        "{ account: string, owner: uint | null, open_cases: uint, missing: 'owner' | null }",
    );
    table.shape(
        "AccountCase",
        "{ number: string, state: State, priority: Priority, received_at: time, closed_at: time | null, due: time | null, \
         delivery: string | null, text: string | null, outcome: Outcome | null }",
    );
    table.shape(
        "AccountCard",
        "{ account: Account, team: { account: uint | null, solution: uint | null, delivery: uint | null }, \
         deliveries: { reference: string, responses: uint, complaints: uint, last_heard_at: time }[], \
         open_cases: AccountCase[], past_cases: AccountCase[], \
         feedback: { number: string, intent: string, text: string | null, received_at: time, destination: string | null, \
           answered_at: time | null }[], \
         scores: Results, visits: { open: uint, all: uint }, findings: { open: uint, all: uint } }",
    );
    table.shape(
        "Coding",
        "{ themes: Theme[], version: uint, by_hand: bool }",
    );
    table.shape("Reader", "{ staff: uint, at: time }");
    table.shape(
        "Inquiry",
        "{ id: uint, version: uint, verbatim: string, account: string | null, by: uint, asked_at: time, owner: uint, due: time, \
         explained_at: time | null, explanation: string | null, offered: string | null }",
    );
    table.shape(
        "Verbatim",
        "{ key: string, at: time, account: string | null, source: string, words: { question: string | null, text: string }[], \
         coding: Coding, read_by: Reader[], inquiry: Inquiry | null }",
    );
    let briefing = "id: uint, version: uint, state: BriefingState, account: string, from: time, until: time, lang: string, \
         author: uint, approver: uint | null";
    table.shape("Briefing", format!("{{ {briefing} }}"));
    table.shape(
        "WrittenBriefing",
        format!("{{ {briefing}, page: string, digest: string }}"),
    );
}

pub(super) fn rows(table: &mut Table) {
    table.chapter("Accounts");
    shapes(table);
    table.add(
        Row::get(route::STAFF_ACCOUNTS, accounts::list)
            .says("The accounts that one sees, first those that nobody answers for.")
            .team(CASES)
            .gives(200, "{ accounts: Account[] }"),
    );
    table.add(
        Row::get(route::STAFF_ACCOUNT, accounts::show)
            .says("One of them from all sides.")
            .team(CASES)
            .gives(200, "AccountCard"),
    );
    table.chapter("What customers said");
    table.add(
        Row::get(route::STAFF_FEED, feed::feed)
            .says("What customers said, newest first; `next` of a page is `after` of the following one.")
            .staff(LISTEN)
            .asks("after", "string")
            .gives(200, "{ verbatims: Verbatim[], next: string | null }"),
    );
    table.add(
        Row::post(route::STAFF_FEED_READ, feed::read)
            .says("It was read.")
            .staff(LISTEN)
            .takes("{| |}")
            .gives(200, "{ read_by: Reader[] }"),
    );
    table.add(
        Row::post(route::STAFF_FEED_QUESTION, feed::question)
            .says("An executive asks \"?\": the case holds it, or somebody owes an explanation.")
            .staff(&[Role::Executive])
            .takes("{| |}")
            .gives(200, "{ case: string | null, inquiry: Inquiry | null }")
            .refuses(&[ProblemCode::ActionRefused, ProblemCode::VersionClash]),
    );
    table.add(
        Row::post(route::STAFF_FEED_THEMES, feed::themes)
            .says("What it is about; from then on its words propose nothing.")
            .staff(&[Role::Analyst, Role::CaseManager])
            .versioned()
            .takes("{| themes: Theme[] |}")
            .gives_version(200, "Coding"),
    );
    table.add(
        Row::get(route::STAFF_INQUIRIES, feed::inquiries)
            .says("Every \"?\" outside cases that one sees.")
            .team(CASES)
            .gives(200, "{ inquiries: Inquiry[] }"),
    );
    table.add(
        Row::post(route::STAFF_INQUIRY, feed::act_on_inquiry)
            .says("Its explanation, or who owes it; its owner and case managers do.")
            .team(WORK)
            .versioned()
            .takes("{| action: 'explain', text: string |} | {| action: 'hand-off', owner: uint, text: string |}")
            .gives_version(200, "Inquiry")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.chapter("Briefings");
    table.add(
        Row::get(route::STAFF_BRIEFINGS, briefings::list)
            .says("Briefings for an account's management, the newest first.")
            .team(CASES)
            .gives(200, "{ briefings: Briefing[] }"),
    );
    table.add(
        Row::post(route::STAFF_BRIEFINGS, briefings::draft)
            .says("Drafts one.")
            .team(WORK)
            .takes("{| id?: id | null, account: string, from: time, until: time, lang?: 'en' | 'zh-CN' |}")
            .gives_version(201, "WrittenBriefing")
            .refuses(&[ProblemCode::ActionRefused, ProblemCode::IdTaken, ProblemCode::NotFound, ProblemCode::VersionClash]),
    );
    table.add(
        Row::get(route::STAFF_BRIEFING, briefings::show)
            .says("One of them with its page.")
            .team(CASES)
            .gives_version(200, "WrittenBriefing"),
    );
    table.add(
        Row::post(route::STAFF_BRIEFING, briefings::act)
            .says("Approval of the page that was read, rejection, or that it was sent.")
            .team(WORK)
            .versioned()
            .takes(
                "{| action: 'approve', digest: string |} | {| action: 'reject', text: string |} | {| action: 'sent', text: string |}",
            )
            .gives_version(200, "WrittenBriefing")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_BRIEFING_PAGE, briefings::page)
            .says("The page alone, as it would go out.")
            .team(CASES)
            .gives_other(200, "text/html; charset=utf-8"),
    );
    table.add(
        Row::get(route::STAFF_PROGRESS, briefings::progress)
            .says("What became of what an account said, for its management.")
            .team(CASES)
            .needs("account", "string")
            .needs("from", "time")
            .needs("until", "time")
            .asks("lang", "'en' | 'zh-CN'")
            .asks("id", "id")
            .gives_other(200, "text/html; charset=utf-8")
            .refuses(&[ProblemCode::NotFound, ProblemCode::ActionRefused]),
    );
}
