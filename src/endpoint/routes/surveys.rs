//! `GET /v1/surveys/{survey}`: the published definition.

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Path, blocking};
use crate::api::{ProblemCode, route};
use crate::endpoint::App;
use crate::endpoint::availability;
use crate::endpoint::catalogue::Shown;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::coding;
use crate::endpoint::problem::Refusal;

/// A definition may be five minutes old, and a day while the new one is fetched. Seconds.
const FRESHNESS: (i64, i64) = (300, 86_400);

pub(in crate::endpoint) async fn give(
    State(app): State<App>,
    Path(survey): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let now = app.config.clock.now();
    let (published, closes_at) = match shown(&app, survey, now).await? {
        Shown::NoSurvey => return Err(availability::unknown()),
        Shown::Closed(closed) => return Err(closed.refusal()),
        Shown::Version(published, closes_at) => (published, closes_at),
    };
    let freshness = freshness(closes_at, now);
    let accepted = coding::accepted(&headers);
    blocking(move || {
        let (body, coding) = published.body(accepted);
        let validators = [
            (ETAG, body.etag.as_str()),
            (CACHE_CONTROL, freshness.as_str()),
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

/// How long a definition may be kept: no longer than the survey is open.
fn freshness(closes_at: Option<Timestamp>, now: Timestamp) -> String {
    let (age, stale) = FRESHNESS;
    let left = closes_at.map_or(i64::MAX, |closes| closes.since(now) / 1_000);
    let age = age.min(left);
    let stale = stale.min(left.saturating_sub(age));
    format!("max-age={age}, stale-while-revalidate={stale}")
}

/// What is shown of `survey` now.
pub(super) async fn shown(app: &App, survey: String, now: Timestamp) -> Result<Shown, Refusal> {
    if !route::is_survey_name(&survey) {
        return Ok(Shown::NoSurvey);
    }
    let shared = app.clone();
    blocking(move || shared.catalogue.shown(&survey, now))
        .await?
        .map_err(|error| {
            tracing::error!("a survey could not be looked up: {error}");
            ProblemCode::Busy.into()
        })
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
