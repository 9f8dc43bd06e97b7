//! What stands around every route: origins (CORS), security headers, limits, what is noted of a request, panics, deadlines.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW,
    AUTHORIZATION, CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY, RETRY_AFTER, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::App;
use super::clock::{DAY_MS, Timestamp};
use super::problem::Refusal;

use crate::api::{ProblemCode, route};

/// Members of staff.
mod actor;
/// The supplier's systems.
mod system;

pub(super) use system::System;
/// Where a request comes from.
pub(super) mod client;
/// How much may come in.
pub(super) mod limiter;
/// Which pages may use which survey.
pub(super) mod origins;

pub(super) use actor::{Actor, DEVICE, Peer, SESSION, cookie};
use limiter::Buckets;

use super::config::{Origin, Rates};

/// The buckets of the API.
#[derive(Debug)]
pub(super) struct Limiter {
    address: Buckets,
    survey: Buckets,
    token: Buckets,
    overall: Buckets,
}

impl Limiter {
    pub(super) fn new(rates: &Rates) -> Self {
        Self {
            address: Buckets::new(rates.address),
            survey: Buckets::new(rates.survey),
            token: Buckets::new(rates.token),
            overall: Buckets::new(rates.overall),
        }
    }
}

/// Names addresses in the log so that one client's lines can be put together, for a day, and nobody can be found by them.
#[derive(Debug)]
pub(super) struct Opacity([RandomState; 2]);

impl Opacity {
    pub(super) fn new() -> Self {
        Self([RandomState::new(), RandomState::new()])
    }

    fn name(&self, address: IpAddr, now: Timestamp) -> String {
        let day = now.0.div_euclid(DAY_MS);
        let [one, other] = &self.0;
        // Salted twice, so that half of it tells nothing of the other half's salt.
        let name = other.hash_one((day, one.hash_one((day, address.to_canonical()))));
        format!("{:08x}", name >> 32)
    }
}

/// Lets everybody embed a file of the bundle; no cookie is ever looked at.
const CROSS_ORIGIN: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Puts the guard around `routes`, its 404s and 405s included. One layer for all of it: each layer of its own would copy
/// the service and box a future for every request.
pub(super) fn around(routes: Router, app: App) -> Router {
    routes.layer(from_fn_with_state(app, guarded))
}

/// A request's way in and its answer's way out.
async fn guarded(State(app): State<App>, request: Request, next: Next) -> Response {
    let reach = reach(&app, request.uri().path(), request.headers());
    let is_preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match at_the_door(&app, &request, &reach, is_preflight) {
        Some(response) => response,
        None => observed(&app, request, next).await,
    };
    security_headers(response.headers_mut());
    share(&mut response, reach, is_preflight);
    response
}

/// What is answered without any route being asked.
fn at_the_door(
    app: &App,
    request: &Request,
    reach: &Reach,
    is_preflight: bool,
) -> Option<Response> {
    if matches!(reach, Reach::Refused) {
        return Some(origin_refused(request.headers()));
    }
    if is_preflight {
        return Some(StatusCode::NO_CONTENT.into_response());
    }
    // CONNECT has no path, so that no route could refuse it.
    if request.method() == Method::CONNECT {
        let mut response = Refusal::from(ProblemCode::MethodNotAllowed).into_response();
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET,HEAD,POST,OPTIONS"));
        return Some(response);
    }
    limited(app, request)
}

/// Runs a route, for no longer than its deadline. The text of a panic goes to stderr by Rust's own hook; the client only
/// hears that it may send again.
async fn contained(app: &App, request: Request, next: Next) -> Response {
    let limits = &app.config.limits;
    let is_photo = path_of(&request) == Some(route::ATTACHMENT);
    let deadline = if is_photo {
        limits.photo
    } else {
        limits.request
    };
    let route = actor::staff_only(app, request, next);
    match AssertUnwindSafe(tokio::time::timeout(deadline, route))
        .catch_unwind()
        .await
    {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Refusal::from(ProblemCode::Timeout).into_response(),
        Err(_) => Refusal::from(ProblemCode::Internal).into_response(),
    }
}

/// The route with its places left open.
fn path_of(request: &Request) -> Option<&str> {
    request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str)
}

/// Counts a request and writes a line about it: what was asked for, never by whom or with which words.
async fn observed(app: &App, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let route = path_of(&request).unwrap_or("elsewhere").to_owned();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let client = client(app, &request);
    let response = contained(app, request, next).await;
    let (status, took) = (response.status().as_u16(), begin.elapsed());
    app.metrics.request(&route, status, took);
    if status >= 500 || tracing::enabled!(tracing::Level::DEBUG) {
        let client = client.map(|address| app.opacity.name(address, app.config.clock.now()));
        let client = client.as_deref().unwrap_or("unnamed");
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if status >= 500 {
            tracing::warn!(method, route, status, ms, client, "answered");
        } else {
            tracing::debug!(method, route, status, ms, client, "answered");
        }
    }
    response
}

/// Whom a request counts for; nobody where a proxy does not say.
fn client(app: &App, request: &Request) -> Option<IpAddr> {
    address(app, *request.extensions().get()?, request.headers())
}

/// The same from a request that was taken apart.
pub(super) fn address(app: &App, Peer(peer): Peer, headers: &HeaderMap) -> Option<IpAddr> {
    client::address(peer, headers, &app.config.limits.proxies)
}

/// Takes from the buckets of the client, of its key, and of all; the answer where one of them is empty.
fn limited(app: &App, request: &Request) -> Option<Response> {
    if !request.uri().path().starts_with("/v1/") {
        return None;
    }
    let limiter = &app.limiter;
    let key = request.headers().get(AUTHORIZATION);
    let is_post = request.method() == Method::POST;
    let address = client(app, request).map(client::prefix);
    let taken = [
        // Who is not named is limited by the other buckets alone: a proxy that hides its clients must not be one of them.
        (
            "address",
            address.map_or(Ok(()), |address| limiter.address.take(address)),
        ),
        (
            "token",
            key.map_or(Ok(()), |key| limiter.token.take(key.as_bytes())),
        ),
        (
            "overall",
            if is_post {
                limiter.overall.take(())
            } else {
                Ok(())
            },
        ),
    ];
    taken
        .into_iter()
        .find_map(|(which, taken)| Some(too_many(app, which, taken.err()?)))
}

fn too_many(app: &App, which: &'static str, wait: Duration) -> Response {
    app.metrics.limit(which);
    let mut response = Refusal::from(ProblemCode::TooManyRequests).into_response();
    // Whole seconds, and not all at the same moment as the bucket's next drop.
    let seconds = HeaderValue::from(wait.as_secs() + 1);
    response.headers_mut().insert(RETRY_AFTER, seconds);
    response
}

/// Takes from the buckets of a survey and of an invitation.
///
/// # Errors
/// When one of them is empty.
pub(super) fn limit_sheet(app: &App, survey: &str, token: Option<&str>) -> Result<(), ProblemCode> {
    let taken = [
        ("survey", app.limiter.survey.take(survey)),
        (
            "token",
            token.map_or(Ok(()), |token| app.limiter.token.take(token)),
        ),
    ];
    for (which, taken) in taken {
        if taken.is_err() {
            app.metrics.limit(which);
            return Err(ProblemCode::TooManyRequests);
        }
    }
    Ok(())
}

/// Whether the page that asks may use `survey`, which is only known from the body.
///
/// # Errors
/// When it may not.
pub(super) fn admit_page(app: &App, survey: &str, headers: &HeaderMap) -> Result<(), ProblemCode> {
    let Some(origin) = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()) else {
        return Ok(());
    };
    match app.origins.of(survey) {
        Some(own) if !is_ours(app, origin, headers) && !own.iter().any(|one| one == origin) => {
            Err(ProblemCode::OriginRefused)
        }
        _ => Ok(()),
    }
}

/// Lets only whoever runs the endpoint see its figures.
///
/// # Errors
/// For everybody else there is nothing here.
pub(super) fn only_operators(app: &App, request: &Request) -> Result<(), ProblemCode> {
    let peer = request.extensions().get::<Peer>();
    let is_operator = peer.is_some_and(|Peer(peer)| client::is_in(&app.config.operators, *peer));
    if is_operator && client::is_direct(request.headers()) {
        Ok(())
    } else {
        Err(ProblemCode::NotFound)
    }
}

/// Headers on everything. A route that shows a page sets its own policy, which then stands.
pub(super) fn security_headers(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
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

/// The answer to a page that is not listed. The log gets only what can be an origin: what else is sent here may be anything.
fn origin_refused(headers: &HeaderMap) -> Response {
    let origin = headers.get(ORIGIN).map(HeaderValue::as_bytes);
    let origin = std::str::from_utf8(origin.unwrap_or_default()).unwrap_or_default();
    match origin.parse::<Origin>() {
        Ok(origin) => tracing::warn!(
            "refused a request from the origin {origin}; if this is your portal, start with --allow-origin {origin} (or QINGTING_ALLOW_ORIGIN)"
        ),
        Err(_) => tracing::warn!("refused a request from no origin that a browser sends"),
    }
    Refusal::from(ProblemCode::OriginRefused).into_response()
}

/// Says which pages may read an answer.
fn share(response: &mut Response, reach: Reach, is_preflight: bool) {
    // A survey named in a body is known only now.
    let reach = match reach {
        Reach::Listed(_) if response.extensions().get() == Some(&ProblemCode::OriginRefused) => {
            Reach::Refused
        }
        reach => reach,
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
    let is_listed = || {
        let mut listed = app.config.allow_origins.iter();
        listed.any(|listed| listed.as_str() == text)
    };
    let named = survey_of(path).and_then(|survey| app.origins.of(survey));
    let may_use = is_ours(app, text, headers)
        || match named {
            Some(own) => own.iter().any(|listed| listed == text),
            // Which survey it is about stands in the body, or nowhere.
            None if survey_of(path).is_none() => is_listed() || app.origins.any(text),
            None => is_listed(),
        };
    if may_use {
        Reach::Listed(origin.clone())
    } else {
        Reach::Refused
    }
}

/// The survey that a path names.
fn survey_of(path: &str) -> Option<&str> {
    let prefix = route::SURVEY.strip_suffix("{survey}")?;
    path.strip_prefix(prefix)
        .filter(|name| route::is_survey_name(name))
}

/// Our own pages: the browser was sent to this very host, whatever name a proxy gave us; and the demo portal's.
fn is_ours(app: &App, origin: &str, headers: &HeaderMap) -> bool {
    app.demo_origin.as_deref() == Some(origin) || actor::is_own_page(origin, headers)
}
