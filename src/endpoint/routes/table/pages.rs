//! Rows of pages and files, and of what whoever runs the endpoint looks at.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::api::{ProblemCode, route};
use crate::endpoint::contract::{Row, Table, openapi};
use crate::endpoint::problem::Refusal;
use crate::endpoint::routes::{console, links, operation, page, root};
use crate::endpoint::site;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The OpenAPI document: it says how to ask, and nothing of what is known.
async fn document() -> Result<Response, Refusal> {
    let document = openapi().map_err(|error| {
        tracing::error!("the contract cannot be written down: {error}");
        ProblemCode::Internal
    })?;
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "max-age=300"),
    ];
    Ok((headers, document.to_string()).into_response())
}

pub(super) fn rows(table: &mut Table) {
    table.chapter("Pages and files");
    table.add(
        Row::get("/", root)
            .says("Nobody's address; with the demo it leads to the portal.")
            .anyone()
            .gives_headers(307, &["Location"])
            .refuses(&[ProblemCode::NotFound]),
    );
    for (path, says) in [
        (
            route::SURVEY_PAGE,
            "The survey's own page, for links and QR codes.",
        ),
        (
            route::CASE_PAGE,
            "The page of a case; the secret is in the fragment, which browsers keep to themselves.",
        ),
    ] {
        let row = match path {
            route::SURVEY_PAGE => Row::get(path, page::show),
            _ => Row::get(path, page::case),
        };
        table.add(
            row.says(says)
                .anyone()
                .gives_other(200, HTML)
                .gives_other(404, HTML),
        );
    }
    table.add(
        Row::get(route::COMPLAINT_PAGE, page::complaint)
            .says("The page of the complaint form.")
            .anyone()
            .gives_other(200, HTML),
    );
    table.add(
        Row::get(page::SCRIPT_FILE, page::script)
            .says("What the pages run beside the widget.")
            .anyone()
            .gives_other(200, SCRIPT),
    );
    table.add(
        Row::get(page::STYLE, page::style)
            .says("What the pages look like around the widget.")
            .anyone()
            .gives_other(200, "text/css; charset=utf-8"),
    );
    table.add(
        Row::get(route::CONSOLE, console::show)
            .says("The console's page.")
            .anyone()
            .gives_other(200, HTML)
            .refuses(&[ProblemCode::NotFound]),
    );
    table.add(
        Row::get(route::SHORT_LINK, links::follow)
            .says("A short link: leads on to its survey, and records nothing.")
            .anyone()
            .gives_headers(302, &["Location"])
            .gives_other(410, HTML),
    );
    table.add(
        Row::get(route::QR_CODE, links::qr)
            .says("The short link as a QR code, for paper.")
            .anyone()
            .gives_other(200, "image/svg+xml"),
    );
    table.add(
        Row::get(route::OPT_OUT, links::opt_out)
            .says("Asks whether mails are to stop. Changes nothing.")
            .anyone()
            .gives_other(200, HTML),
    );
    table.add(
        Row::post(route::OPT_OUT, links::opted_out)
            .says("Nothing more goes to this person; also for mail programs (RFC 8058).")
            .anyone()
            .gives_other(200, HTML),
    );
    let file = |path| {
        Row::get(path, site::give)
            .anyone()
            .refuses(&[ProblemCode::NotFound])
    };
    table.add(
        file(route::LOADER)
            .says("The loader that a page embeds.")
            .gives_other(200, SCRIPT)
            .gives_headers(304, &["ETag"]),
    );
    table.add(
        file(route::MAIN_PART)
            .says("The newest build's main part.")
            .gives_other(200, "application/wasm")
            .gives_headers(304, &["ETag"]),
    );
    table.add(
        file(route::BUILD_FILE)
            .says("A file of a build; it never changes.")
            .gives_other(200, "*/*")
            .gives_headers(304, &["ETag"]),
    );
    table.chapter("Operation");
    table.add(
        Row::get(route::OPENAPI, document)
            .says("This document.")
            .anyone()
            .gives(200, "{ openapi: string, info: any, servers: any, tags: any, paths: Map<any>, components: any }"),
    );
    table.add(
        Row::get(route::HEALTHZ, async || {
            ([(CONTENT_TYPE, "application/json")], r#"{"status":"ok"}"#)
        })
        .says("Whether the process lives.")
        .anyone()
        .gives(200, "{ status: 'ok' }"),
    );
    table.add(
        Row::get(route::READYZ, operation::ready)
            .says("Whether answers can be taken now.")
            .operators()
            .gives(200, "{ status: 'ready' }"),
    );
    table.add(
        Row::get(route::METRICS, operation::metrics)
            .says("Figures as Prometheus reads them.")
            .operators()
            .gives_other(
                200,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ),
    );
}
