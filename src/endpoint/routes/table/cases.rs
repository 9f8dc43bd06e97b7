//! Rows of cases, photos, incidents, call-backs and feedback, as staff see them.

use crate::api::{ProblemCode, route};
use crate::complaint::{Closure, DeclineReason, Severity, Urgency};
use crate::complaint::{Outcome, Priority, clock::ClockKind};
use crate::endpoint::contract::{CASES, LEAD, Row, STAFF, Table, WORK, names};
use crate::endpoint::routes::{accounts, call_backs, cases, feedback, incidents, photos, staff};

fn shapes(table: &mut Table) {
    table.shape("Closure", names::<Closure>());
    table.shape(
        "State",
        "'received' | 'acknowledged' | 'assessed' | 'investigating' | 'awaiting-customer' | 'awaiting-third-party' | \
         'responded' | 'under-review' | { closed: Closure }",
    );
    table.shape("Outcome", names::<Outcome>());
    table.shape("Severity", names::<Severity>());
    table.shape("CaseUrgency", names::<Urgency>());
    table.shape("Priority", names::<Priority>());
    table.shape("ClockKind", names::<ClockKind>());
    table.shape("DeclineReason", names::<DeclineReason>());
    table.shape(
        "Flags",
        "{| safety?: bool, security?: bool, legal?: bool, repeat?: bool |}",
    );
    table.shape(
        "Event",
        "{ at: time, by: 'customer' | 'system' | { staff: [uint, Role] }, what: { type: string, with?: any }, words: [any, string][] }",
    );
    table.shape(
        "Case",
        "{ version: uint, state: State, priority: Priority, severity: Severity, urgency: CaseUrgency, owner: uint, \
         contact: uint, escalation: any, question: bool, explanation_offered: bool, suspect: bool, cycle: uint, account: string | null, policy: uint, \
         problem: uint | null, misses_to_review: uint[], \
         clocks: { kind: ClockKind, started_at: time, due: time | null, missed: bool }[], events: Event[], customer: PublicCase }",
    );
    // The fields of a decision, drafted or after a review.
    let decision = "issues: {| id: uint, outcome: Outcome |}[], reason?: DeclineReason | null, remedy_due?: time | null, \
         text: string, explanation?: string | null, alternative?: string | null, review_route?: string | null, \
         remedy?: string | null, fix_summary?: string | null";
    table.shape(
        "CaseChange",
        format!(
            "{{| action: 'acknowledge' |}} | \
             {{| action: 'assess', severity: Severity, flags?: Flags, owner?: uint | null, text?: string, \
                issues: {{| id: uint, category: Category, stage: LifeStage, text: string |}}[] |}} | \
             {{| action: 'regrade', severity: Severity, flags?: Flags, text?: string |}} | \
             {{| action: 'find-issue', category: Category, stage: LifeStage, text: string |}} | \
             {{| action: 'adopt-policy', policy: uint, text?: string |}} | {{| action: 'begin' |}} | \
             {{| action: 'ask', text: string, reply_by: time |}} | \
             {{| action: 'hand-to-partner', party: string, expected: time |}} | {{| action: 'take-back' |}} | \
             {{| action: 'draft', {decision} |}} | {{| action: 'sign-off' |}} | {{| action: 'respond' |}} | \
             {{| action: 'remedy-done' |}} | {{| action: 'reopen', text: string |}} | \
             {{| action: 'reclassify', into: string |}} | {{| action: 'merge', into: string |}} | \
             {{| action: 'propose-spam' |}} | {{| action: 'mark-spam' |}} | {{| action: 'undo-spam' |}} | \
             {{| action: 'review', {decision} |}} | {{| action: 'escalate', text: string |}} | \
             {{| action: 'question' |}} | {{| action: 'explain', text: string |}} | \
             {{| action: 'message', text: string, photos?: id[] |}} | {{| action: 'hold', text: string, next: time |}} | \
             {{| action: 'note', text: string |}} | {{| action: 'hand-off', owner: uint, text: string |}} | \
             {{| action: 'open' |}} | {{| action: 'contact-made', text: string |}} | \
             {{| action: 'review-miss', miss: uint, text: string |}}"
        ),
    );
    table.shape(
        "StaffIncident",
        "{ id: uint, version: uint, stages: LifeStage[], text: Map<string>, since: time, next_update: time, expires_at: time }",
    );
    table.shape(
        "NewIncident",
        "{| stages: LifeStage[], text: Map<string>, since: time, next_update: time, expires_at: time |}",
    );
    table.shape(
        "CallBack",
        "{ response: id, version: uint, survey: string, question: string, score: number, account: string | null, \
         contact: string | null, owner: uint, created_at: time, due: time, missed_at: time | null, ended_at: time | null, \
         ending: string | null, note: string | null }",
    );
    table.shape(
        "Feedback",
        "{ number: string, version: uint, intent: string, text: string | null, name: string | null, mail: string | null, \
         phone: string | null, delivery: string | null, account: string | null, received_at: time, destination: string | null, \
         answer_by: time | null, answered_at: time | null, answer: string | null, missing: 'destination' | null }",
    );
    table.shape(
        "Alike",
        "{ number: string | null, similarity: number, account: string | null, text: string | null, decision: string | null, \
         categories: Category[], state: State, outcome: Outcome | null, fix_summary: string | null, problem: uint | null, \
         root_cause: any, received_at: time, closed_at: time | null }",
    );
}

pub(super) fn rows(table: &mut Table) {
    table.chapter("Cases");
    shapes(table);
    table.add(
        Row::get(route::STAFF_CASES, staff::queue)
            .says("The open cases that one sees, in the order in which to work on them.")
            .team(CASES)
            .gives(
                200,
                "{ cases: { number: string, version: uint, state: State, priority: Priority, due: time | null, question: bool, suspect: bool, \
                 owner: uint, received_at: time }[] }",
            ),
    );
    table.add(
        Row::post(route::STAFF_CASES, cases::take_on_behalf)
            .says("A complaint that a customer has told one of us.")
            .staff(WORK)
            .takes(
                "{ id: id, channel: 'phone' | 'visit' | 'mail' | 'letter', locale?: text(35) | null, text: text(10000), \
                 stage?: Stage | null, urgency?: Urgency | null, safety?: bool | null, remedy_sought?: string | null, \
                 affected?: string | null, affects?: 'us' | 'users' | null, affected_users?: uint | null, response?: id | null, name?: string | null, \
                 mail?: string | null, phone?: string | null, consent?: bool | null, photos?: id[] | null, context?: Context | null, \
                 intent?: 'complaint' | null }",
            )
            .gives(201, "Taken")
            .gives(200, "Taken")
            .refuses(&[ProblemCode::IdTaken, ProblemCode::NotFound, ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_CASE, staff::show)
            .says("A case with all that staff see of it.")
            .team(CASES)
            .gives_version(200, "Case"),
    );
    table.add(
        Row::post(route::STAFF_CASE, staff::act)
            .says("An action on a case; which ones one may depends on the case.")
            .team(WORK)
            .versioned()
            .takes("CaseChange")
            .gives_version(200, "Case")
            .refuses(&[ProblemCode::ActionRefused, ProblemCode::IdTaken]),
    );
    table.add(
        Row::get(route::STAFF_PHOTO, photos::staff_show)
            .says("A photo of a case.")
            .team(CASES)
            .gives_other(200, "image/jpeg"),
    );
    table.add(
        Row::get(route::STAFF_SHEET_PHOTO, photos::of_sheet)
            .says("A photo that an answer sheet names.")
            .team(CASES)
            .gives_other(200, "image/jpeg"),
    );
    table.add(
        Row::get(route::STAFF_SIMILAR, accounts::similar)
            .says("Past cases like this one, and open ones that may be the same.")
            .team(CASES)
            .gives(200, "{ past: Alike[], duplicates: Alike[] }"),
    );
    table.chapter("Incidents");
    table.add(
        Row::get(route::STAFF_INCIDENTS, incidents::staff_list)
            .says("What is known to be wrong, with numbers and versions.")
            .staff(STAFF)
            .gives(200, "{ incidents: StaffIncident[] }"),
    );
    table.add(
        Row::post(route::STAFF_INCIDENTS, incidents::publish)
            .says("A new incident; `If-Match: \"0\"`.")
            .staff(LEAD)
            .versioned()
            .takes("NewIncident")
            .gives(200, "StaffIncident"),
    );
    table.add(
        Row::post(route::STAFF_INCIDENT, incidents::change)
            .says("Its next version: more is known, it takes longer, or it is over.")
            .staff(LEAD)
            .versioned()
            .takes("NewIncident")
            .gives(200, "StaffIncident"),
    );
    table.chapter("Call-backs and feedback");
    table.add(
        Row::get(route::STAFF_CALL_BACKS, call_backs::list)
            .says("Customers who gave a low score and wait for a call.")
            .team(CASES)
            .gives(200, "{ call_backs: CallBack[] }"),
    );
    table.add(
        Row::post(route::STAFF_CALL_BACK, call_backs::end)
            .says("What came of a call; its owner and case managers say so.")
            .team(WORK)
            .versioned()
            .takes("{| ending: 'reached' | 'not-reached', note: string |}")
            .gives(200, "CallBack"),
    );
    table.add(
        Row::get(route::STAFF_FEEDBACK, feedback::list)
            .says("Requests, suggestions or praise, those first that wait for somebody.")
            .team(CASES)
            .needs("intent", "Intent")
            .gives(200, "{ feedback: Feedback[] }"),
    );
    table.add(
        Row::post(route::STAFF_FEEDBACK_ITEM, feedback::act)
            .says("Places it, answers it, or says what it is.")
            .team(WORK)
            .versioned()
            .takes(
                "{| action: 'place', destination: string, answer_by?: time | null |} | {| action: 'answer', text: string |} | \
                 {| action: 'reclassify', into: Intent |}",
            )
            .gives_version(200, "Feedback")
            .refuses(&[ProblemCode::ActionRefused]),
    );
}
