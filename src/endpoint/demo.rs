//! The demo: sample surveys, and a customer portal on an origin of its own, which is how customers meet the widget.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::config::Config;
use super::guard;
use super::problem::Refusal;
use super::publish::{PublishError, publish};
use super::store::Sqlite;
use crate::api::ProblemCode;

/// The samples: name and definition.
const SAMPLES: [(&str, &str); 2] = [
    (
        "delivery",
        include_str!("../../public/surveys/delivery.json"),
    ),
    (
        "relationship",
        include_str!("../../public/surveys/relationship.json"),
    ),
];

/// The portal's page; it names the endpoint by the address that `serve` listens on if nothing else is said.
const PORTAL: &str = include_str!("../../index.html");
const USUAL_ORIGIN: &str = "http://127.0.0.1:8080";

/// Publishes the samples. What was published once is left alone, also when it was withdrawn or rolled back since.
pub(super) fn publish_samples(config: &Config) -> Result<(), PublishError> {
    for (name, text) in SAMPLES {
        let mut store =
            Sqlite::open(&config.data, config.limits.busy).map_err(PublishError::Store)?;
        if store
            .has_definition(name, text)
            .map_err(PublishError::Store)?
        {
            continue;
        }
        publish(
            &config.data,
            name,
            text,
            config.limits.busy,
            config.clock.now(),
        )?;
    }
    Ok(())
}

/// The portal: one page that embeds the widget from `endpoint`, an origin.
pub(super) fn portal(endpoint: &str) -> Router {
    let page = PORTAL.replace(USUAL_ORIGIN, endpoint);
    // What the README tells every portal with a content security policy to allow.
    let policy = format!(
        "default-src 'none'; script-src {endpoint} 'wasm-unsafe-eval'; connect-src {endpoint}; style-src 'unsafe-inline'; \
         img-src 'self' blob: data: {endpoint}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let show = move || {
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (CONTENT_SECURITY_POLICY, policy.clone()),
            (CACHE_CONTROL, "no-cache".to_owned()),
        ];
        let answer = (headers, page.clone()).into_response();
        async move { answer }
    };
    Router::new()
        .route("/", get(show))
        .fallback(async || Refusal::from(ProblemCode::NotFound))
        .method_not_allowed_fallback(async || Refusal::from(ProblemCode::MethodNotAllowed))
        .layer(map_response(async |mut response: Response| {
            guard::security_headers(response.headers_mut());
            response
        }))
}
