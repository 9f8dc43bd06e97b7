//! `/v1/staff/people` and `/v1/staff/audit`: who works here, and what they did.

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Path, blocking, cases, sign_in};
use crate::api::ProblemCode;
use crate::complaint::{Role, StaffId};
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::sign_in::SignInError;
use crate::endpoint::store::NewPerson;

/// Notes in one answer.
const NOTES: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    name: String,
    mail: String,
    role: Role,
}

/// What an admin does with somebody: `{"action":"role","role":"executive"}`.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Wanted {
    Role { role: Role },
    Link {},
    Leave {},
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    before: Option<i64>,
}

fn only(actor: Actor, roles: &[Role]) -> Result<(), Refusal> {
    if roles.contains(&actor.role) {
        Ok(())
    } else {
        Err(ProblemCode::NotAllowed.into())
    }
}

/// Everybody, with id, name and role; for admins with the address they sign in with, too.
pub(in crate::endpoint) async fn list(
    State(app): State<App>,
    actor: Actor,
) -> Result<Response, Refusal> {
    let people = blocking(move || app.sign_in.people()).await?;
    let people = people.map_err(SignInError::from)?;
    let is_admin = actor.role == Role::Admin;
    let rows = people.iter().map(|row| {
        let mut one =
            json!({"id": row.id.0, "name": row.name, "role": row.role, "away": row.is_away});
        if is_admin && let Some(one) = one.as_object_mut() {
            one.insert("mail".to_owned(), json!(row.mail));
            one.insert("signs_in".to_owned(), json!(row.hash.is_some()));
        }
        one
    });
    let rows: Vec<_> = rows.collect();
    Ok(cases::respond(StatusCode::OK, &json!({ "people": rows })))
}

/// Adds somebody: the answer's link is theirs, once.
pub(in crate::endpoint) async fn add(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    only(actor, &[Role::Admin])?;
    let (_, added) = sign_in::read::<Added>(&app, request).await?;
    let now = app.config.clock.now();
    let person = NewPerson {
        name: added.name,
        mail: added.mail,
    };
    let (id, link) = blocking(move || app.sign_in.add(&person, added.role, now)).await??;
    let answer = json!({ "id": id.0, "link": path(&link) });
    Ok(cases::respond(StatusCode::CREATED, &answer))
}

/// Another role, another link, or the end.
pub(in crate::endpoint) async fn act(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    only(actor, &[Role::Admin])?;
    let id = StaffId(id.parse().map_err(|_| ProblemCode::NotFound)?);
    let (_, wanted) = sign_in::read::<Wanted>(&app, request).await?;
    let now = app.config.clock.now();
    let done = blocking(move || match wanted {
        Wanted::Role { role } => app.sign_in.set_role(id, role).map(|()| json!({})),
        Wanted::Link {} => {
            let link = app.sign_in.link(id, now)?;
            Ok(json!({ "link": path(&link) }))
        }
        Wanted::Leave {} => app.sign_in.leave(id, now).map(|()| json!({})),
    });
    Ok(cases::respond(StatusCode::OK, &done.await??))
}

/// The newest notes; `?before=N` goes on.
pub(in crate::endpoint) async fn audit(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    only(actor, &[Role::Auditor, Role::Admin])?;
    let asked = Query::<Before>::try_from_uri(&uri).map_err(|_| {
        let message = "is the number of a note";
        Refusal::of_field(ProblemCode::InvalidBody, "before", "malformed", message)
    })?;
    let before = asked.before.unwrap_or(i64::MAX);
    let notes = blocking(move || app.sign_in.notes(before, NOTES)).await?;
    let notes = notes.map_err(SignInError::from)?;
    let rows = notes.iter().map(|(seq, note)| {
        json!({
            "seq": seq,
            "at": Timestamp(note.at).to_string(),
            "by": note.actor.map(|id| id.0),
            "action": note.action,
            "object": note.object,
        })
    });
    let rows: Vec<_> = rows.collect();
    Ok(cases::respond(StatusCode::OK, &json!({ "notes": rows })))
}

/// Where a link leads; the token stays in the fragment, which browsers keep to themselves.
fn path(link: &str) -> String {
    ["/console#password=", link].concat()
}
