//! `/v1/staff/scores`: the counts behind every score, and the same as a table.

use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use super::{blocking, cases};
use crate::api::ProblemCode;
use crate::api::scores::Scores;
use crate::complaint::Role;
use crate::endpoint::App;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::scores::Wanted;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    survey: Option<String>,
    time_zone: Option<String>,
}

/// The counts.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let scores = count(app, actor, uri).await?;
    Ok(cases::respond(StatusCode::OK, &json!(scores)))
}

/// The figures, as a file that a spreadsheet opens.
pub(in crate::endpoint) async fn table(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let scores = count(app, actor, uri).await?;
    let mut bytes = Vec::new();
    crate::endpoint::scores::csv(&scores, &mut bytes).map_err(|_| ProblemCode::Internal)?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_DISPOSITION, "attachment; filename=\"scores.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

/// Whoever has to do with some accounts only has no scores of all; an admin has them without a customer's words.
async fn count(app: App, actor: Actor, uri: Uri) -> Result<Scores, Refusal> {
    let shows_words = match actor.role {
        Role::Analyst | Role::CaseManager | Role::Executive | Role::Auditor => true,
        Role::Admin => false,
        Role::AccountManager | Role::SolutionExpert | Role::DeliveryExpert => {
            return Err(ProblemCode::NotAllowed.into());
        }
    };
    let refused = |field: &str, message: &str| {
        Refusal::of_field(ProblemCode::InvalidBody, field, "unknown", message)
    };
    let Query(asked) = Query::<Asked>::try_from_uri(&uri)
        .map_err(|_| refused("query", "has survey and time_zone, each once"))?;
    let name = asked.time_zone.unwrap_or_else(|| "UTC".to_owned());
    let zone = TimeZone::get(&name).map_err(|_| {
        refused(
            "time_zone",
            "must be an IANA name, for example Asia/Shanghai",
        )
    })?;
    let wanted = Wanted {
        survey: asked.survey,
        zone,
        zone_name: name,
        shows_words,
    };
    let scores = blocking(move || app.scores.scores(&wanted)).await?;
    Ok(scores.map_err(crate::endpoint::cases::CaseError::from)?)
}
