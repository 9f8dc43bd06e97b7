//! Refusals as responses: RFC 9457 bodies that say what is wrong and nothing about the inside.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::identity::ProofError;
use super::store::StoreError;
use super::store::writer::WriteError;
use crate::api::{FieldError, Problem, ProblemCode};

/// A refused request.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) Problem);

/// After so many seconds wrong secrets are answered again: [`limits::WRONG_SECRETS_MINUTES`].
const WRONG_SECRETS_AGAIN: &str = "600";

impl Refusal {
    /// A refusal that lies in one field.
    pub(super) fn of_field(code: ProblemCode, path: &str, field_code: &str, message: &str) -> Self {
        let error = FieldError {
            path: path.to_owned(),
            code: field_code.to_owned(),
            message: message.to_owned(),
        };
        Self(Problem {
            errors: vec![error],
            ..Problem::new(code)
        })
    }
}

impl From<ProblemCode> for Refusal {
    fn from(code: ProblemCode) -> Self {
        Self(Problem::new(code))
    }
}

impl From<ProofError> for Refusal {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::NotProven => ProblemCode::InvitationRefused.into(),
            ProofError::Store(error) => {
                tracing::error!("a respondent's token could not be looked at: {error}");
                ProblemCode::Busy.into()
            }
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!("the store failed: {error}");
        match error {
            StoreError::Full => ProblemCode::StorageFull.into(),
            _ => ProblemCode::Busy.into(),
        }
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Busy | WriteError::Failed => ProblemCode::Busy.into(),
            WriteError::Full => ProblemCode::StorageFull.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let code = self.0.code;
        let body = serde_json::to_vec(&self.0.to_value()).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Seconds. A full disk needs a person, everything else passes by itself.
        let again = match code {
            ProblemCode::StorageFull => Some("60"),
            ProblemCode::TooManySecrets => Some(WRONG_SECRETS_AGAIN),
            ProblemCode::Busy | ProblemCode::TooManyRequests => Some("5"),
            _ => None,
        };
        if let Some(seconds) = again {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        // So that the guard knows why without reading the body.
        response.extensions_mut().insert(code);
        response
    }
}
