//! Who is asking, where only staff may: the one place from which a role comes.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::api::ProblemCode;
use crate::complaint::{self, Role, StaffId};
use crate::endpoint::App;
use crate::endpoint::problem::Refusal;
use crate::endpoint::routes::blocking;

/// A member of staff who has shown a key.
#[derive(Clone, Copy, Debug)]
pub(in crate::endpoint) struct Actor {
    /// Who.
    pub(in crate::endpoint) id: StaffId,
    /// As what.
    pub(in crate::endpoint) role: Role,
}

impl From<Actor> for complaint::Actor {
    fn from(actor: Actor) -> Self {
        Self::Staff(actor.id, actor.role)
    }
}

impl FromRequestParts<App> for Actor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let header = parts.headers.get(AUTHORIZATION);
        let text = header.and_then(|header| header.to_str().ok());
        let key = text.and_then(|text| text.strip_prefix("Bearer "));
        let key = key.ok_or(ProblemCode::NotSignedIn)?.to_owned();
        let app = app.clone();
        match blocking(move || app.cases.holder(&key)).await?? {
            Some(complaint::Actor::Staff(id, role)) => Ok(Self { id, role }),
            _ => Err(ProblemCode::NotSignedIn.into()),
        }
    }
}
