//! `/v1/staff/outbox`: what goes out, what was given up, and having it tried again.

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{blocking, cases, deliveries};
use crate::api::ProblemCode;
use crate::complaint::Role;
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::store::{Channel, OutboxRow, OutboxState};

/// As many as a person looks through.
const SHOWN: u32 = 200;

/// Which rows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default = "dead")]
    state: String,
}

fn dead() -> String {
    OutboxState::Dead.code().to_owned()
}

/// Which are tried again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    replay: Vec<i64>,
}

/// Rows of one state, the newest first, and how much waits in each channel. Errors may name hosts: only for those who run it.
pub(in crate::endpoint) async fn list(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    may(actor, &[Role::Admin, Role::CaseManager, Role::Auditor])?;
    let asked = Query::<Asked>::try_from_uri(&uri).map_err(|_| ProblemCode::BadRequest)?;
    let states = [
        OutboxState::Waiting,
        OutboxState::Delivered,
        OutboxState::Dead,
    ];
    let state = states.into_iter().find(|state| state.code() == asked.state);
    let state = state.ok_or_else(|| {
        let message = "must be waiting, delivered or dead";
        Refusal::of_field(ProblemCode::InvalidBody, "state", "unknown", message)
    })?;
    blocking(move || {
        let reader = &app.deliveries.reader;
        let rows = reader.outbox(state, SHOWN)?;
        let mut backlog = serde_json::Map::new();
        for channel in [Channel::Mail, Channel::Webhook, Channel::Gateway] {
            let one = reader.backlog(channel)?;
            let oldest = one.oldest_at.map(|at| Timestamp(at).to_string());
            let one = json!({"waiting": one.waiting, "oldest_at": oldest, "dead": one.dead});
            backlog.insert(channel.code().to_owned(), one);
        }
        let rows: Vec<_> = rows.iter().map(row).collect();
        let body = json!({"rows": rows, "backlog": backlog});
        Ok(cases::respond(StatusCode::OK, &body))
    })
    .await?
}

fn row(row: &OutboxRow) -> Json {
    json!({
        "id": row.id, "channel": row.channel.code(), "about": row.about.code(), "kind": row.kind,
        "created_at": Timestamp(row.created_at).to_string(), "due_at": Timestamp(row.due_at).to_string(),
        "tries": row.attempts, "error": row.error,
    })
}

/// Has rows that were given up tried again, from the first try on: `{"replay":[17,18]}`.
pub(in crate::endpoint) async fn replay(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    may(actor, &[Role::Admin, Role::CaseManager])?;
    let again: Again = deliveries::read(&app, request).await?;
    let now = app.config.clock.now().0;
    blocking(move || {
        let replayed = app.deliveries.with_store(|store| {
            let mut replayed = 0;
            for id in again.replay.iter().take(1_000) {
                replayed += u32::from(store.replay_outbox(*id, now)?);
            }
            Ok(replayed)
        })?;
        Ok(cases::respond(
            StatusCode::OK,
            &json!({ "replayed": replayed }),
        ))
    })
    .await?
}

fn may(actor: Actor, roles: &[Role]) -> Result<(), Refusal> {
    if roles.contains(&actor.role) {
        Ok(())
    } else {
        Err(ProblemCode::NotAllowed.into())
    }
}
