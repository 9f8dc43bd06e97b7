//! What stands open in a path.

use axum::extract::{FromRequestParts, Path as Open};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::api::ProblemCode;
use crate::endpoint::problem::Refusal;

/// As axum's own; but what cannot be read names nothing, and is answered like everything that does not exist.
#[derive(Debug)]
pub(in crate::endpoint) struct Path<T>(pub(in crate::endpoint) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let read = Open::<T>::from_request_parts(parts, state).await;
        read.map(|Open(open)| Self(open))
            .map_err(|_| ProblemCode::NotFound.into())
    }
}
