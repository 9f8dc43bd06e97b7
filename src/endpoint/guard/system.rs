//! Which of the supplier's systems is asking, by its key.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};

use crate::api::ProblemCode;
use crate::endpoint::App;
use crate::endpoint::problem::Refusal;
use crate::endpoint::routes::blocking;
use crate::endpoint::store::{Scope, SystemRow};

/// A system that has shown a key.
#[derive(Clone, Debug)]
pub(in crate::endpoint) struct System(SystemRow);

impl System {
    /// Refuses what its key is not for.
    pub(in crate::endpoint) fn may(&self, scope: Scope) -> Result<(), Refusal> {
        if self.0.scopes.contains(&scope) {
            Ok(())
        } else {
            Err(ProblemCode::NotAllowed.into())
        }
    }
}

impl FromRequestParts<App> for System {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let header = parts.headers.get(AUTHORIZATION);
        let text = header.and_then(|header| header.to_str().ok());
        let key = text.and_then(|text| text.strip_prefix("Bearer "));
        let digest = Sha256::digest(key.ok_or(ProblemCode::NotSignedIn)?).into();
        let app = app.clone();
        let found = blocking(move || app.deliveries.reader.system_by_key(digest)).await?;
        match found? {
            Some(system) => Ok(Self(system)),
            None => Err(ProblemCode::NotSignedIn.into()),
        }
    }
}
