//! `GET /v1/surveys/{survey}`: the published definition.

use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::blocking;
use crate::api::{ProblemCode, route};
use crate::endpoint::App;
use crate::endpoint::catalogue::Published;
use crate::endpoint::coding;
use crate::endpoint::problem::Refusal;

/// A definition may be five minutes old, and a day while the new one is fetched.
const FRESHNESS: &str = "max-age=300, stale-while-revalidate=86400";

pub(in crate::endpoint) async fn give(
    State(app): State<App>,
    Path(survey): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let published = current(&app, survey).await?.ok_or_else(unknown)?;
    let accepted = coding::accepted(&headers);
    blocking(move || {
        let (body, coding) = published.body(accepted);
        let validators = [
            (ETAG, body.etag.as_str()),
            (CACHE_CONTROL, FRESHNESS),
            (VARY, "accept-encoding"),
        ];
        if is_known(&headers, &body.etag) {
            return (StatusCode::NOT_MODIFIED, validators).into_response();
        }
        let kind = [(CONTENT_TYPE, "application/json")];
        let mut response = (validators, kind, body.bytes.clone()).into_response();
        if let Some(coding) = coding {
            let coding = HeaderValue::from_static(coding);
            response.headers_mut().insert(CONTENT_ENCODING, coding);
        }
        response
    })
    .await
}

/// The version of `survey` that is shown now.
pub(super) async fn current(
    app: &App,
    survey: String,
) -> Result<Option<std::sync::Arc<Published>>, Refusal> {
    if !route::is_survey_name(&survey) {
        return Ok(None);
    }
    let shared = app.clone();
    blocking(move || shared.catalogue.current(&survey))
        .await?
        .map_err(|error| {
            tracing::error!("a survey could not be looked up: {error}");
            ProblemCode::Busy.into()
        })
}

fn unknown() -> Refusal {
    Refusal::of_field(
        ProblemCode::UnknownSurvey,
        "survey",
        "unknown",
        "there is no survey of this name",
    )
}

/// Whether the client has the entity `etag` already (RFC 9110 §13.1.2: weak comparison, a list, or `*`).
pub(in crate::endpoint) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let tags = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|tags| tags.to_str().ok());
    tags.flat_map(|tags| tags.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
