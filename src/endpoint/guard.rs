//! What stands around every route, outermost first: origins (CORS), security headers, panics, the deadline of a request.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW,
    CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use super::App;
use super::problem::Refusal;

use crate::api::ProblemCode;

/// Members of staff.
mod actor;
/// The supplier's systems.
mod system;

pub(super) use actor::{Actor, DEVICE, Peer, SESSION, cookie, staff_only};
pub(super) use system::System;

/// Lets everybody embed a file of the bundle; no cookie is ever looked at.
const CROSS_ORIGIN: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Puts the guard around `routes`, its 404s and 405s included.
pub(super) fn around(routes: Router, app: App) -> Router {
    let deadline = app.config.limits.request;
    routes
        .layer(from_fn(move |request, next: Next| async move {
            tokio::time::timeout(deadline, next.run(request))
                .await
                .unwrap_or_else(|_| Refusal::from(ProblemCode::Timeout).into_response())
        }))
        // The panic's text goes to stderr by Rust's own hook; the client only hears that it may send again.
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::from(ProblemCode::Internal).into_response()
        }))
        .layer(from_fn(refuse_connect))
        .layer(from_fn(security_headers))
        .layer(from_fn_with_state(app, origins))
}

/// CONNECT has no path, so that no route could refuse it.
async fn refuse_connect(request: Request, next: Next) -> Response {
    if request.method() != Method::CONNECT {
        return next.run(request).await;
    }
    let mut response = Refusal::from(ProblemCode::MethodNotAllowed).into_response();
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET,HEAD,POST,OPTIONS"));
    response
}

/// Headers on everything. A route that shows a page sets its own policy, which then stands.
pub(super) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    response
}

/// Who may read an answer.
enum Reach {
    /// Any page: a file of the bundle.
    Anyone,
    /// No page asks.
    NoOrigin,
    /// A listed page, or one of our own.
    Listed(HeaderValue),
    /// A page that is not listed.
    Refused,
}

async fn origins(State(app): State<App>, request: Request, next: Next) -> Response {
    let reach = reach(&app, request.uri().path(), request.headers());
    let is_preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match &reach {
        Reach::Refused => {
            let origin = request
                .headers()
                .get(ORIGIN)
                .map(HeaderValue::as_bytes)
                .unwrap_or_default();
            let shown = String::from_utf8_lossy(origin.get(..200).unwrap_or(origin)).into_owned();
            tracing::warn!(
                "refused a request from the origin {shown:?}; if this is your portal, start with --allow-origin {shown:?} (or QINGTING_ALLOW_ORIGIN)"
            );
            security(Refusal::from(ProblemCode::OriginRefused).into_response())
        }
        Reach::Anyone | Reach::NoOrigin | Reach::Listed(_) if is_preflight => {
            security(StatusCode::NO_CONTENT.into_response())
        }
        Reach::Anyone | Reach::NoOrigin | Reach::Listed(_) => next.run(request).await,
    };
    let headers = response.headers_mut();
    let origin = match reach {
        Reach::Anyone => {
            headers.insert(CROSS_ORIGIN, HeaderValue::from_static("cross-origin"));
            Some(HeaderValue::from_static("*"))
        }
        Reach::Listed(origin) => Some(origin),
        Reach::NoOrigin | Reach::Refused => None,
    };
    // Also where no origin is allowed: a cache must not hand one page's answer to another.
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("retry-after, etag, x-qingting-build"),
        );
        if is_preflight {
            headers.insert(
                ACCESS_CONTROL_ALLOW_METHODS,
                HeaderValue::from_static("GET, POST"),
            );
            headers.insert(
                ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static("content-type, authorization"),
            );
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
        }
    }
    response
}

/// The headers of [`security_headers`] for an answer that is given out here, outside that layer.
fn security(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    response
}

fn reach(app: &App, path: &str, headers: &HeaderMap) -> Reach {
    if super::site::is_site_path(path) {
        return Reach::Anyone;
    }
    let mut given = headers.get_all(ORIGIN).iter();
    let (Some(origin), None) = (given.next(), given.next()) else {
        return if headers.contains_key(ORIGIN) {
            Reach::Refused
        } else {
            Reach::NoOrigin
        };
    };
    let Ok(text) = origin.to_str() else {
        return Reach::Refused;
    };
    let is_listed = app
        .config
        .allow_origins
        .iter()
        .any(|listed| listed.as_str() == text);
    let is_demo = app.demo_origin.as_deref() == Some(text);
    if is_listed || is_demo || actor::is_own_page(text, headers) {
        Reach::Listed(origin.clone())
    } else {
        Reach::Refused
    }
}
