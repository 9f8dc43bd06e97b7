//! `GET /v1/invitation`: what the survey's page asks before it shows a question.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::blocking;
use crate::api::{ProblemCode, limits};
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::problem::Refusal;

/// Answers `{"survey":…,"answered":…,"until":…}`, or the one refusal that every token gets that is not good.
pub(in crate::endpoint) async fn look(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let header = headers.get(AUTHORIZATION);
    let text = header.and_then(|header| header.to_str().ok());
    let token = text.and_then(|text| text.strip_prefix("Bearer "));
    let token = token.filter(|token| token.len() <= limits::TOKEN_CHARS);
    let token = token.ok_or(ProblemCode::InvitationRefused)?.to_owned();
    blocking(move || {
        let now = app.config.clock.now();
        let (invitation, is_answered) = app.proofs.look(&app.keys, &token, now)?;
        let body = json!({
            "survey": invitation.survey, "answered": is_answered,
            "until": Timestamp(invitation.until).to_string(),
        });
        Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
    })
    .await?
}
