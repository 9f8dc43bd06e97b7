//! Rows of what a customer's browser asks for. Unknown fields of these bodies are ignored: an older endpoint takes a newer widget.

use crate::api::{Intent, ProblemCode, complaint, route};
use crate::complaint::{Category, LifeStage};
use crate::endpoint::contract::{Row, Table, names};
use crate::endpoint::routes::{cases, incidents, invitations, lists, photos, responses, surveys};

fn words(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    words.join(" | ")
}

fn shapes(table: &mut Table) {
    table.shape("Category", names::<Category>());
    table.shape("LifeStage", names::<LifeStage>());
    table.shape("Stage", words(&complaint::STAGES));
    table.shape("Urgency", words(&complaint::URGENCIES));
    table.shape("Intent", words(&Intent::ALL.map(Intent::code)));
    table.shape(
        "Context",
        "{ channel?: 'embed' | 'page' | 'mail' | 'qr' | 'frame' | null, delivery?: string(200) | null, account?: string(200) | null, \
         contact?: string(200) | null, invitation?: string(2000) | null, identity?: string(2000) | null, \
         fields?: Map<string(200) | number | bool> | null, test?: bool | null, website?: null }",
    );
    table.shape(
        "Sheet",
        "{ id: id, survey: text(64), version: int(1..4294967295), revision: int(1..1000000), complete: bool, \
         locale: text(35), started_at: string, elapsed_ms: int(0..2592000000), page?: text(200) | null, \
         answers: Map<any>, context: Context }",
    );
    table.shape(
        "Receipt",
        "{ id: id, receipt: string, received_at: time, revision: uint, complete: bool, test?: bool }",
    );
    table.shape(
        "NewComplaint",
        "{ id: id, intent?: Intent | null, locale?: text(35) | null, text: text(10000), stage?: Stage | null, \
         urgency?: Urgency | null, safety?: bool | null, remedy_sought?: string(10000) | null, \
         affected?: string(200) | null, affects?: 'us' | 'users' | null, affected_users?: uint | null, response?: id | null, name?: string(200) | null, \
         mail?: string(200) | null, phone?: string(200) | null, consent?: bool | null, elapsed_ms?: any, photos?: id[] | null, context?: Context | null }",
    );
    table.shape(
        "Taken",
        "{ intent: 'complaint', number: string, secret: string, contact: string | null, promised: time, received_at: time }",
    );
    table.shape(
        "FeedbackTaken",
        "{ intent: Intent, number: string, answer_by: time | null, received_at: time }",
    );
    table.shape(
        "Incident",
        "{ stages: LifeStage[], text: Map<string>, since: time, next_update: time }",
    );
    table.shape(
        "Milestone",
        "{ name: string | null, due: time, reached_at: time | null }",
    );
    table.shape(
        "PublicCase",
        "{ number: string, status: string, contact: string | null, next: { kind: string, at: time }, promised: time | null, \
         actions: CaseAction[], reopened: uint, received_at: time, question: string | null, rating: any, \
         words: { text?: string, remedy_sought?: string, affected?: string, name?: string, mail?: string, phone?: string, \
           affects?: string, delivery?: string, affected_users?: uint }, \
         decision: { outcome: Outcome, remedy_due: time | null, remedy_done_at: time | null, final: bool, words: { text?: string, \
           explanation?: string, alternative?: string, review_route?: string, remedy?: string, fix_summary?: string } } | null, \
         timeline: { at: time, you: bool, kind: string, text: string | null, photo: id | null }[], incidents: Incident[] }",
    );
    table.shape(
        "CaseAction",
        "'messages' | 'confirm' | 'reject' | 'reopen' | 'escalate' | 'withdraw' | 'review' | 'rating'",
    );
}

pub(super) fn rows(table: &mut Table) {
    table.chapter("Surveys and answers");
    shapes(table);
    table.add(
        Row::get(route::SURVEY, surveys::give)
            .says("The published definition, without what respondents must not see.")
            .anyone()
            .gives_version(200, "Map<any>")
            .gives_headers(304, &["ETag"])
            .refuses(&[
                ProblemCode::UnknownSurvey,
                ProblemCode::SurveyClosed,
                ProblemCode::SurveyNotOpen,
            ]),
    );
    table.add(
        Row::post(route::RESPONSES, responses::take)
            .says("A whole or partial answer sheet. The same sheet again gets the same receipt.")
            .anyone()
            .takes("Sheet")
            .gives(201, "Receipt")
            .gives(200, "Receipt")
            .refuses(&[
                ProblemCode::UnknownSurvey,
                ProblemCode::SurveyClosed,
                ProblemCode::SurveyNotOpen,
                ProblemCode::InvalidAnswers,
                ProblemCode::UnknownVersion,
                ProblemCode::RevisionTaken,
                ProblemCode::AlreadyComplete,
                ProblemCode::IdTaken,
                ProblemCode::InvitationRefused,
            ]),
    );
    table.add(
        Row::get(route::INVITATION, invitations::look)
            .says("Whether the invitation holds, and was answered.")
            .invited()
            .gives(200, "{ survey: string, answered: bool, until: time }"),
    );
    table.chapter("Complaints");
    table.add(
        Row::post(route::COMPLAINTS, cases::take)
            .says("A complaint, request, suggestion or praise. A retry gets the same number.")
            .anyone()
            .takes("NewComplaint")
            .gives(201, "Taken | FeedbackTaken")
            .gives(200, "Taken | FeedbackTaken")
            .refuses(&[
                ProblemCode::IdTaken,
                ProblemCode::NotFound,
                ProblemCode::ActionRefused,
            ]),
    );
    table.add(
        Row::post(route::ATTACHMENT, photos::take)
            .says("A photo, before the words that name it.")
            .anyone()
            .asks("survey", "string")
            .takes_photo()
            .gives(201, "{ id: id, width: uint, height: uint, bytes: uint }")
            .gives(200, "{ id: id, width: uint, height: uint, bytes: uint }")
            .refuses(&[ProblemCode::IdTaken]),
    );
    table.add(
        Row::get(route::CASE, cases::show)
            .says("A case as its customer sees it. A wrong secret and an unknown number have the same answer.")
            .customer()
            .gives(200, "PublicCase"),
    );
    table.add(
        Row::post(route::CASE_ACTION, cases::act)
            .says("What its customer does with a case.")
            .customer()
            .takes("{ id: id, text?: string(10000) | null, score?: uint | null, photos?: id[] | null }")
            .gives(200, "PublicCase")
            .refuses(&[ProblemCode::IdTaken]),
    );
    table.add(
        Row::get(route::CASE_PHOTO, photos::show)
            .says("A photo of a case.")
            .customer()
            .gives_other(200, "image/jpeg"),
    );
    table.add(
        Row::post(route::CASE_LINK, cases::link)
            .says("Mails the link of a case to the address on file; the answer is the same either way.")
            .anyone()
            .takes("{ number: string }")
            .gives(202, "{ sent: string }"),
    );
    table.add(
        Row::get(route::INCIDENTS, incidents::list)
            .says("What is known to be wrong.")
            .anyone()
            .gives(200, "{ incidents: Incident[] }"),
    );
    table.add(
        Row::get(route::PROJECTS, lists::projects)
            .says("What customers read of the projects that their complaints led to.")
            .anyone()
            .gives(
                200,
                "{ projects: { category: string, name: string | null, status: ProjectStatus, text: string | null, milestones: Milestone[] }[] }",
            ),
    );
}
