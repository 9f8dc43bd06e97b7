//! The routes: which path leads where, and what the rest gets.

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::problem::Refusal;
use super::{App, guard, site};
use crate::api::{ProblemCode, route};

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
/// Visits, findings and campaigns.
mod visits;

pub(super) use surveys::is_known;

/// All routes behind the guard.
pub(super) fn all(app: App) -> Router {
    let routes = Router::new()
        .route("/", get(root))
        .route(
            route::HEALTHZ,
            get(async || ([(CONTENT_TYPE, "application/json")], r#"{"status":"ok"}"#)),
        )
        .route(route::READYZ, get(operation::ready))
        .route(route::METRICS, get(operation::metrics))
        .route(route::RESPONSES, post(responses::take))
        .route(route::DELIVERIES, post(deliveries::take))
        .route(route::BOUNCES, post(deliveries::bounce))
        .route(route::STAFF_DELIVERY, get(deliveries::show))
        .route(route::STAFF_WAVES, get(deliveries::rates))
        .route(route::STAFF_OUTBOX, get(outbox::list).post(outbox::replay))
        .route(route::SHORT_LINK, get(links::follow))
        .route(route::QR_CODE, get(links::qr))
        .route(route::OPT_OUT, get(links::opt_out).post(links::opted_out))
        .route(route::INVITATION, get(invitations::look))
        .route(page::SCRIPT_FILE, get(page::script))
        .route(route::COMPLAINTS, post(cases::take))
        .route(route::ATTACHMENT, post(photos::take))
        .route(route::CASE_PHOTO, get(photos::show))
        .route(route::STAFF_PHOTO, get(photos::staff_show))
        .route(route::STAFF_SHEET_PHOTO, get(photos::of_sheet))
        .route(route::CASE_LINK, post(cases::link))
        .route(route::INCIDENTS, get(incidents::list))
        .route(
            route::STAFF_INCIDENTS,
            get(incidents::staff_list).post(incidents::publish),
        )
        .route(route::STAFF_INCIDENT, post(incidents::change))
        .route(route::STAFF_CALL_BACKS, get(call_backs::list))
        .route(route::STAFF_CALL_BACK, post(call_backs::end))
        .route(route::CASE, get(cases::show))
        .route(route::CASE_ACTION, post(cases::act))
        .route(
            route::STAFF_CASES,
            get(staff::queue).post(cases::take_on_behalf),
        )
        .route(route::STAFF_CASE, get(staff::show).post(staff::act))
        .route(route::STAFF_FEEDBACK, get(feedback::list))
        .route(route::STAFF_FEEDBACK_ITEM, post(feedback::act))
        .route(route::STAFF_SET_UP, post(sign_in::set_up))
        .route(
            route::STAFF_SESSION,
            get(sign_in::show)
                .post(sign_in::sign_in)
                .delete(sign_in::sign_out),
        )
        .route(route::STAFF_LINK, post(sign_in::use_link))
        .route(route::STAFF_PASSWORD, post(sign_in::change_password))
        .route(route::STAFF_PEOPLE, get(people::list).post(people::add))
        .route(route::STAFF_PERSON, post(people::act))
        .route(route::STAFF_AUDIT, get(people::audit))
        .route(
            route::STAFF_PROBLEMS,
            get(problems::list).post(problems::propose),
        )
        .route(
            route::STAFF_PROBLEM,
            get(problems::show).post(problems::act),
        )
        .route(route::STAFF_LISTS, get(lists::list).post(lists::freeze))
        .route(route::STAFF_LIST, get(lists::show).post(lists::act))
        .route(route::PROJECTS, get(lists::projects))
        .route(route::STAFF_REPORT, get(reports::show))
        .route(
            route::STAFF_POLICIES,
            get(policies::list).post(policies::change),
        )
        .route(
            route::STAFF_CALENDARS,
            get(policies::list_calendars).post(policies::change_calendar),
        )
        .route(
            route::STAFF_TERMS,
            get(policies::terms).post(policies::agree),
        )
        .merge(visits::routes())
        .merge(accounts::routes())
        .merge(feed::routes())
        .merge(briefings::routes())
        .merge(slices::routes())
        .route(route::STAFF_SCORES, get(scores::show))
        .route(route::STAFF_SCORES_TABLE, get(scores::table))
        .route(route::CONSOLE, get(console::show))
        .route(route::SURVEY, get(surveys::give))
        .route(route::SURVEY_PAGE, get(page::show))
        .route(route::COMPLAINT_PAGE, get(page::complaint))
        .route(route::CASE_PAGE, get(page::case))
        .route(page::STYLE, get(page::style))
        .route(route::LOADER, get(site::give))
        .route(route::MAIN_PART, get(site::give))
        .route(route::BUILD_FILE, get(site::give))
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
