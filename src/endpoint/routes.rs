//! The routes: which path leads where, and what the rest gets.

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::header::{ALLOW, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::problem::Refusal;
use super::{App, guard, site};
use crate::api::ProblemCode;

/// Accounts, and cases that are alike.
mod accounts;
/// Reading a body within its limits.
mod body;
/// Briefings and progress reports.
mod briefings;
/// Customers who wait for a call.
mod call_backs;
/// Complaints and cases.
mod cases;
/// What routes of staff have in common.
mod common;
/// The console's page.
mod console;
/// Deliveries, bounces, and what staff see of them.
mod deliveries;
/// What customers said, and what is asked about it.
mod feed;
/// Requests, suggestions and praise.
mod feedback;
/// What is known to be wrong.
mod incidents;
/// Invitations, as their pages ask for them.
mod invitations;
/// Short links and the way out.
mod links;
/// Top-N lists and their projects.
mod lists;
/// Figures and readiness.
mod operation;
/// What was given up.
mod outbox;
/// The survey's own page.
mod page;
/// What stands open in a path.
mod path;
/// Who works here.
mod people;
/// Customers' photos.
mod photos;
/// Policies, calendars, terms of accounts.
mod policies;
/// The causes behind complaints.
mod problems;
/// What cases say together.
mod reports;
/// Taking answer sheets.
mod responses;
/// What customers' answers add up to.
mod scores;
/// How staff sign in.
mod sign_in;
/// Scores looked at from one side.
mod slices;
/// What staff see and do.
mod staff;
/// Giving out definitions.
mod surveys;
/// All routes.
pub(super) mod table;
/// Visits, findings and campaigns.
mod visits;

pub(super) use body::discard;
pub(super) use path::Path;
pub(super) use surveys::is_known;

/// All routes behind the guard.
pub(super) fn all(app: App) -> Router {
    let routes = table::all()
        .router()
        .fallback(elsewhere)
        .method_not_allowed_fallback(async || Refusal::from(ProblemCode::MethodNotAllowed))
        .with_state(app.clone());
    guard::around(routes, app)
}

/// What is answered while too many connections are open: the same everywhere, within the same guard.
pub(super) fn overloaded(app: App) -> Router {
    guard::around(
        Router::new().fallback(async || Refusal::from(ProblemCode::Busy)),
        app,
    )
}

/// The address without a path is nobody's; with the demo it leads to the portal.
async fn root(State(app): State<App>) -> Response {
    match &app.demo_origin {
        Some(origin) => (
            StatusCode::TEMPORARY_REDIRECT,
            [(LOCATION, format!("{origin}/"))],
        )
            .into_response(),
        None => Refusal::from(ProblemCode::NotFound).into_response(),
    }
}

/// No route's path: a loader pinned by its hash, or nothing.
async fn elsewhere(
    app: State<App>,
    uri: OriginalUri,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if site::is_site_path(uri.path()) && method != Method::GET && method != Method::HEAD {
        return Ok((
            [(ALLOW, "GET,HEAD")],
            Refusal::from(ProblemCode::MethodNotAllowed),
        )
            .into_response());
    }
    site::give(app, uri, headers).await
}

/// Runs something that blocks on the disk. A panic in it goes on here, where the guard catches it.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is going down.
        Err(_) => Err(ProblemCode::Busy.into()),
    }
}
