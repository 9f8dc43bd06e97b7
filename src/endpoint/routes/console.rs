//! `GET /console`: the page in which the console runs.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};

use super::blocking;
use crate::api::ProblemCode;
use crate::endpoint::App;
use crate::endpoint::problem::Refusal;

/// Nothing from elsewhere, no frame around it, no script that is not a file of the build.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
     img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

pub(in crate::endpoint) async fn show(State(app): State<App>) -> Result<Response, Refusal> {
    let build = blocking(move || {
        app.site
            .as_ref()
            .and_then(crate::endpoint::site::Site::build)
    });
    let build = build.await?.ok_or(ProblemCode::NotFound)?;
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>Qingting</title>\n\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"/b/{build}/icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"/b/{build}/console.css\">\n\
         <script type=\"module\" src=\"/b/{build}/start.js\"></script>\n</head>\n\
         <body><noscript>Please switch JavaScript on. 请启用 JavaScript。</noscript></body>\n</html>\n"
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (OPENER, "same-origin"),
    ];
    Ok((headers, page).into_response())
}
