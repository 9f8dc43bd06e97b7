//! `/v1/staff/call-backs`: customers who gave a low score, and what came of calling them.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Path, blocking, cases, staff};
use crate::api::{ProblemCode, SubmissionId};
use crate::complaint::Role;
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::store::{CallBack, Ending};

/// How a call ended: `{"ending":"reached","note":"…"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Called {
    ending: String,
    note: String,
}

/// The open ones that the person sees, the first due first.
pub(in crate::endpoint) async fn list(
    State(app): State<App>,
    actor: Actor,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    let open = blocking(move || app.cases.call_backs()).await??;
    let open = open.iter().filter(|one| sees(actor, one));
    let open: Vec<_> = open.map(answer).collect();
    Ok(cases::respond(
        StatusCode::OK,
        &json!({ "call_backs": open }),
    ))
}

/// The call was made, or tried, on the version that `If-Match` names.
pub(in crate::endpoint) async fn end(
    State(app): State<App>,
    actor: Actor,
    Path(response): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (called, known) = staff::read::<Called>(&app, request).await?;
    let response = SubmissionId::parse(&response).ok_or(ProblemCode::NotFound)?;
    let ending = Ending::of(&called.ending);
    let is_persons = |ending: &Ending| matches!(ending, Ending::Reached | Ending::NotReached);
    let Some(ending) = ending.filter(is_persons) else {
        let message = "must be reached or not-reached";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "ending", "unknown", message));
    };
    if called.note.trim().is_empty() {
        let message = "must say what the customer said, or how it was tried";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "note", "missing", message));
    }
    let now = app.config.clock.now();
    let ended = blocking(move || {
        let cases = &app.cases;
        let Some(found) = cases.call_back(response)? else {
            return Ok(Err(ProblemCode::NotFound));
        };
        if found.owner != actor.id && actor.role != Role::CaseManager {
            return Ok(Err(ProblemCode::NotAllowed));
        }
        let how = (ending, called.note.as_str());
        let is_done = cases.end_call_back(response, known, how, actor.id, now)?;
        let found = cases.call_back(response)?;
        let found = found.filter(|_| is_done).ok_or(ProblemCode::VersionClash);
        Ok::<_, crate::endpoint::cases::CaseError>(found)
    });
    Ok(cases::respond(StatusCode::OK, &answer(&ended.await???)))
}

/// Case managers, executives and auditors see every one, the others their own.
fn sees(actor: Actor, one: &CallBack) -> bool {
    let sees_all = [Role::CaseManager, Role::Executive, Role::Auditor];
    sees_all.contains(&actor.role) || one.owner == actor.id
}

fn answer(one: &CallBack) -> Json {
    let time = |at: i64| Timestamp(at).to_string();
    json!({
        "response": SubmissionId::from_bytes(one.response).to_string(),
        "version": one.version,
        "survey": one.survey,
        "question": one.question,
        "score": one.score,
        "account": one.account,
        "contact": one.contact,
        "owner": one.owner.0,
        "created_at": time(one.created_at),
        "due": time(one.due_at),
        "missed_at": one.missed_at.map(time),
        "ended_at": one.ended.map(|(at, _)| time(at)),
        "ending": one.ended.map(|(_, ending)| ending.code()),
        "note": one.note,
    })
}
