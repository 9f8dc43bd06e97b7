//! What routes of staff have in common: reading a period, a query, a number and an id, and answering with a version.

use axum::extract::Query;
use axum::http::header::{ETAG, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{blocking, cases, staff};
use crate::api::{ProblemCode, SubmissionId};
use crate::endpoint::cases::CaseError;
use crate::endpoint::problem::Refusal;

/// What a list is asked for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
}

impl Period {
    /// Its ends; everything where nothing is said.
    pub(super) fn moments(&self) -> Result<(i64, i64), Refusal> {
        let end = |path, text: Option<&String>, open| {
            text.map_or(Ok(open), |text| staff::moment(path, text))
        };
        let from = end("from", self.from.as_ref(), i64::MIN)?;
        let until = end("until", self.until.as_ref(), i64::MAX)?;
        if from < until {
            Ok((from, until))
        } else {
            let message = "must lie after \"from\"";
            let code = ProblemCode::InvalidBody;
            Err(Refusal::of_field(code, "until", "malformed", message))
        }
    }
}

/// What stands behind the `?` of an address.
pub(super) fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Refusal> {
    Query::try_from_uri(uri)
        .map(|Query(read)| read)
        .map_err(|_| {
            let message = "holds something unknown, or something twice";
            Refusal::of_field(ProblemCode::InvalidBody, "?", "malformed", message)
        })
}

/// The number in a path; what is none names nothing.
pub(super) fn number(id: &str) -> Result<u32, Refusal> {
    id.parse().map_err(|_| ProblemCode::NotFound.into())
}

/// An id made where something was first written down, in its one form.
pub(super) fn key(id: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    if SubmissionId::parse(&id).is_none() {
        let message = "must be 32 lower-case hexadecimal digits";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "id", "malformed", message));
    }
    Ok(Some(id))
}

/// Runs the work and answers with what came of it, and its version.
pub(super) async fn answered<T: Send + 'static>(
    status: StatusCode,
    work: impl FnOnce() -> Result<T, CaseError> + Send + 'static,
    answer: impl FnOnce(&T) -> (Json, Option<u32>),
) -> Result<Response, Refusal> {
    let done = staff::done(blocking(work).await?)?;
    let (answer, version) = answer(&done);
    let mut response = cases::respond(status, &answer);
    let tag = version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok());
    if let Some(tag) = tag {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}
