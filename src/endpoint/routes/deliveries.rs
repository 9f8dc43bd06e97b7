//! `/v1/deliveries`, `/v1/bounces`, and what staff see of invitations.

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::{Path, blocking, body, cases, responses, staff};
use crate::api::delivery::{Bounce, Delivery};
use crate::api::{ProblemCode, limits};
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::deliveries;
use crate::endpoint::guard::{Actor, System};
use crate::endpoint::links::Link;
use crate::endpoint::problem::Refusal;
use crate::endpoint::results;
use crate::endpoint::store::{InvitationRow, Scope, Told};

/// A delivery took place. The answer has the short link for its papers.
pub(in crate::endpoint) async fn take(
    State(app): State<App>,
    system: System,
    request: Request,
) -> Result<Response, Refusal> {
    system.may(Scope::Deliveries)?;
    let told: Delivery = read(&app, request).await?;
    let now = app.config.clock.now();
    let row = deliveries::read(&told, now)
        .map_err(|errors| responses::refused(ProblemCode::InvalidBody, errors.into_iter()))?;
    blocking(move || {
        let (delivery, contact) = (row.delivery.clone(), row.contact.clone());
        let told = app.deliveries.take(row, now)?;
        let (status, what) = match told {
            Told::New(_) => (StatusCode::CREATED, "new"),
            Told::Changed(_) => (StatusCode::OK, "changed"),
            Told::Known(_) => (StatusCode::OK, "known"),
        };
        let code = Link::Delivery(told.number()).code(&app.keys);
        let link = format!("{}/l/{code}", app.origin);
        let body = json!({"delivery": delivery, "contact": contact, "told": what, "link": link});
        Ok(cases::respond(status, &body))
    })
    .await?
}

/// An address does not work.
pub(in crate::endpoint) async fn bounce(
    State(app): State<App>,
    system: System,
    request: Request,
) -> Result<Response, Refusal> {
    system.may(Scope::Bounces)?;
    let told: Bounce = read(&app, request).await?;
    let address = told.address.trim().to_lowercase();
    let address = deliveries::digits(&address).unwrap_or(address);
    if address.is_empty() || address.chars().nth(limits::CONTACT_CHARS).is_some() {
        let message = "must be a mail address or a telephone number";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "address", "malformed", message));
    }
    let now = app.config.clock.now().0;
    blocking(move || {
        app.deliveries
            .with_store(|store| store.bounce(&address, told.permanent, now))?;
        Ok(cases::respond(
            StatusCode::OK,
            &json!({"suppressed": told.permanent}),
        ))
    })
    .await?
}

pub(super) async fn read<T: DeserializeOwned>(app: &App, request: Request) -> Result<T, Refusal> {
    let (parts, body) = request.into_parts();
    if !body::is_json(&parts) {
        body::discard(&parts, body);
        return Err(ProblemCode::UnsupportedType.into());
    }
    let idle = app.config.limits.body_idle;
    let bytes = body::read(&parts, body, limits::BODY_BYTES, idle).await?;
    let value: Json =
        serde_json::from_slice(&bytes).map_err(|error| responses::malformed(&error))?;
    serde_json::from_value(value).map_err(|error| {
        let message = error.to_string();
        Refusal::of_field(ProblemCode::InvalidBody, "", "malformed", &message)
    })
}

/// Everything that was planned and done about a delivery.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(delivery): Path<String>,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    blocking(move || {
        let reader = &app.deliveries.reader;
        let number = reader.delivery_number(&delivery)?;
        let number = number.ok_or(ProblemCode::NotFound)?;
        let invitations = reader.invitations_of(&delivery)?;
        let code = Link::Delivery(number).code(&app.keys);
        let body = json!({
            "delivery": delivery,
            "link": format!("{}/l/{code}", app.origin),
            "qr": format!("{}/l/{code}/qr.svg", app.origin),
            "invitations": invitations.iter().map(invitation).collect::<Vec<_>>(),
        });
        Ok(cases::respond(StatusCode::OK, &body))
    })
    .await?
}

fn invitation(row: &InvitationRow) -> Json {
    let time = |at: Option<i64>| at.map(|at| Timestamp(at).to_string());
    let facts = &row.facts;
    json!({
        "contact": row.contact, "account": row.account, "survey": row.survey, "wave": facts.wave.code(),
        "due_at": time(Some(facts.due_at)), "asked_at": time(facts.asked_at), "reminded_at": time(facts.reminded_at),
        "sent_at": time(row.sent_at), "bounced_at": time(row.bounced_at), "answered": facts.is_answered,
        "not_sent": row.suppressed, "next_at": time(row.wake_at),
    })
}

/// Which survey's.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    survey: Option<String>,
}

/// The response rate of each wave, and what it is made of. Counts name nobody: everybody who works here reads them.
pub(in crate::endpoint) async fn rates(
    State(app): State<App>,
    _: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let asked = Query::<Asked>::try_from_uri(&uri).map_err(|_| ProblemCode::BadRequest)?;
    blocking(move || {
        let counts = app.deliveries.reader.wave_counts(asked.survey.as_deref())?;
        let waves = results::waves_value(&counts);
        Ok(cases::respond(StatusCode::OK, &json!({ "waves": waves })))
    })
    .await?
}
