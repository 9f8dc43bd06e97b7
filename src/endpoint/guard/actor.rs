//! Who is asking, where only staff may: the one place from which a role comes.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::{ProblemCode, route};
use crate::complaint::{self, Role, StaffId};
use crate::endpoint::App;
use crate::endpoint::problem::Refusal;
use crate::endpoint::routes::blocking;
use crate::endpoint::store::AuditEntry;

/// The cookie of a session. The prefix makes browsers refuse it from a subdomain, or without TLS.
pub(in crate::endpoint) const SESSION: &str = "__Host-qingting";
/// The cookie that tells a device which has signed somebody in before.
pub(in crate::endpoint) const DEVICE: &str = "__Host-qingting-device";

/// Where a connection came from.
#[derive(Clone, Copy, Debug)]
pub(in crate::endpoint) struct Peer(pub(in crate::endpoint) IpAddr);

/// A member of staff who has shown a key, or has a session.
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
        match parts.extensions.get::<Self>() {
            Some(actor) => Ok(*actor),
            None => who(app, &parts.method, &parts.headers).await,
        }
    }
}

/// The value of a cookie; nothing where there is none, or the same name twice.
pub(in crate::endpoint) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter();
    let mut found = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// Whether the page that asks is one of our own: the browser was sent to this very host, whatever name a proxy gave us.
pub(super) fn is_own_page(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let own = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    own.is_some() && own == host
}

/// Whose key or session comes with the request.
async fn who(app: &App, method: &Method, headers: &HeaderMap) -> Result<Actor, Refusal> {
    let found = match headers.get(AUTHORIZATION) {
        Some(header) => {
            let text = header.to_str().ok();
            let key = text.and_then(|text| text.strip_prefix("Bearer "));
            let key = key.ok_or(ProblemCode::NotSignedIn)?.to_owned();
            let app = app.clone();
            match blocking(move || app.cases.holder(&key)).await?? {
                Some(complaint::Actor::Staff(id, role)) => Some((id, role)),
                _ => None,
            }
        }
        None => {
            let token = cookie(headers, SESSION).ok_or(ProblemCode::NotSignedIn)?;
            // A cookie comes with whatever a browser sends. What changes something must say that our own page sent it; a
            // listed portal is not ours.
            let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
            let is_safe = matches!(*method, Method::GET | Method::HEAD);
            if !is_safe && !origin.is_some_and(|origin| is_own_page(origin, headers)) {
                return Err(ProblemCode::OriginRefused.into());
            }
            let (app, token) = (app.clone(), token.to_owned());
            let now = app.config.clock.now();
            blocking(move || app.sign_in.holder(&token, now))
                .await?
                .map_err(|_| ProblemCode::Busy)?
        }
    };
    let (id, role) = found.ok_or(ProblemCode::NotSignedIn)?;
    Ok(Actor { id, role })
}

/// Where nobody needs to be signed in: the ways of becoming it.
const OPEN: [&str; 3] = [route::STAFF_SET_UP, route::STAFF_SESSION, route::STAFF_LINK];
/// What can be read without a note: nothing of a customer's is in it. Every other route counts as contact data, a new one too.
const UNNOTED: [&str; 4] = [
    route::STAFF_SESSION,
    route::STAFF_CASES,
    route::STAFF_PEOPLE,
    route::STAFF_AUDIT,
];

/// Stands before every route of staff, the ones that do not exist included: nobody gets further without being signed in,
/// and whatever was changed, or read of a customer's, is noted before the answer goes out.
pub(super) async fn staff_only(app: &App, mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/v1/staff/") {
        return next.run(request).await;
    }
    let matched = request.extensions().get::<MatchedPath>();
    let template = matched
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let actor = match who(app, &method, request.headers()).await {
        Ok(actor) => {
            request.extensions_mut().insert(actor);
            Some(actor)
        }
        Err(_) if OPEN.contains(&template.as_str()) => None,
        Err(refusal) => return refusal.into_response(),
    };
    let response = next.run(request).await;
    let is_read = matches!(method, Method::GET | Method::HEAD);
    if !response.status().is_success() || (is_read && UNNOTED.contains(&template.as_str())) {
        return response;
    }
    let entry = AuditEntry {
        at: app.config.clock.now().0,
        actor: actor.map(|actor| actor.id),
        action: format!("{method} {template}"),
        object: path.chars().take(200).collect(),
    };
    let app = app.clone();
    match blocking(move || app.sign_in.note(&app.keys, &entry)).await {
        Ok(Ok(())) => response,
        // What was read without a note must not be given out; what was changed is done, and says so when it is read again.
        Ok(Err(error)) => {
            tracing::error!("what staff did could not be noted: {error}");
            Refusal::from(ProblemCode::Busy).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}
