//! `/v1/incidents` and `/v1/staff/incidents`: what is known to be wrong, told before anybody has to ask.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Path, blocking, cases, staff};
use crate::api::ProblemCode;
use crate::complaint::incident::Incident;
use crate::complaint::{LifeStage, Role};
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;

/// An incident as it is written:
/// `{"stages":["use"],"text":{"en":"…","zh-CN":"…"},"since":"…","next_update":"…","expires_at":"…"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    stages: Vec<LifeStage>,
    text: BTreeMap<String, String>,
    since: String,
    next_update: String,
    expires_at: String,
}

/// What is shown now, to everybody.
pub(in crate::endpoint) async fn list(State(app): State<App>) -> Result<Response, Refusal> {
    let now = app.config.clock.now();
    let shown = blocking(move || app.cases.incidents(now)).await??;
    let shown: Vec<_> = shown.iter().map(answer).collect();
    Ok(cases::respond(
        StatusCode::OK,
        &json!({ "incidents": shown }),
    ))
}

/// As [`list`], with numbers and versions.
pub(in crate::endpoint) async fn staff_list(
    State(app): State<App>,
    _: Actor,
) -> Result<Response, Refusal> {
    let now = app.config.clock.now();
    let shown = blocking(move || app.cases.incidents(now)).await??;
    let shown: Vec<_> = shown.iter().map(inside).collect();
    Ok(cases::respond(
        StatusCode::OK,
        &json!({ "incidents": shown }),
    ))
}

/// A new one; `If-Match: "0"`.
pub(in crate::endpoint) async fn publish(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    put(app, actor, 0, request).await
}

/// Its next version, on the one that `If-Match` names: more is known, it takes longer, or it is over (`expires_at` is now).
pub(in crate::endpoint) async fn change(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let id = id.parse().ok().filter(|id| *id > 0);
    put(app, actor, id.ok_or(ProblemCode::NotFound)?, request).await
}

async fn put(app: App, actor: Actor, id: u32, request: Request) -> Result<Response, Refusal> {
    let (written, known) = staff::read::<Written>(&app, request).await?;
    if !matches!(actor.role, Role::CaseManager | Role::Executive) {
        return Err(ProblemCode::NotAllowed.into());
    }
    let now = app.config.clock.now();
    let mut incident = Incident {
        id,
        version: known.saturating_add(1),
        stages: written.stages,
        text: written.text.into_iter().collect(),
        since: staff::moment("since", &written.since)?,
        next_update: staff::moment("next_update", &written.next_update)?,
        expires_at: staff::moment("expires_at", &written.expires_at)?,
    };
    // Ending one needs no promise of another word.
    if id == 0 || incident.is_shown(now.0) {
        incident.check(now.0).map_err(|fault| {
            let (path, code, message) = fault.told();
            Refusal::of_field(ProblemCode::InvalidBody, path, code, message)
        })?;
    }
    let stored = blocking(move || {
        let put = app.cases.publish_incident(&incident, actor.id, now)?;
        incident.id = put.unwrap_or(0);
        Ok::<_, crate::endpoint::cases::CaseError>((put.is_some(), incident))
    });
    match stored.await?? {
        (true, incident) => Ok(cases::respond(StatusCode::OK, &inside(&incident))),
        (false, _) => Err(ProblemCode::VersionClash.into()),
    }
}

fn inside(incident: &Incident) -> Json {
    let mut answer = answer(incident);
    if let Some(object) = answer.as_object_mut() {
        object.insert("id".to_owned(), incident.id.into());
        object.insert("version".to_owned(), incident.version.into());
        let end = Timestamp(incident.expires_at).to_string();
        object.insert("expires_at".to_owned(), end.into());
    }
    answer
}

/// What a customer reads of it.
pub(super) fn answer(incident: &Incident) -> Json {
    let text: BTreeMap<_, _> = incident.text.iter().cloned().collect();
    json!({
        "stages": incident.stages,
        "text": text,
        "since": Timestamp(incident.since).to_string(),
        "next_update": Timestamp(incident.next_update).to_string(),
    })
}
