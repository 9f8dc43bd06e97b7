//! `GET /s/{survey}`: the survey's own page, for links in mails and QR codes.

use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::surveys;
use crate::endpoint::App;
use crate::endpoint::problem::Refusal;
use crate::messages::{self, Language, PageText};

/// Where the page's few rules of layout are.
pub(super) const STYLE: &str = "/page.css";

/// The widget brings its own look; these only make room for it.
const CSS: &str = "\
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; font: 1.0625rem/1.5 system-ui, sans-serif }
main { box-sizing: border-box; width: 100%; max-width: 44rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem) }
qing-ting { display: block; width: 100% }
";

pub(super) async fn style() -> Response {
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (CACHE_CONTROL, "max-age=300"),
        ],
        CSS,
    )
        .into_response()
}

pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    Path(survey): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let language = language(&headers);
    let published = surveys::current(&app, survey).await?;
    let (status, title, main) = match &published {
        Some(published) => {
            let title = published.definition.title.resolve(language.tag());
            // The words inside the element stay where the widget cannot run.
            let words = in_every_language(PageText::NeedsNewerBrowser);
            let main = format!(
                "<qing-ting survey=\"{}\" channel=\"page\">{words}</qing-ting>",
                published.survey
            );
            (StatusCode::OK, escaped(title), main)
        }
        None => (
            StatusCode::NOT_FOUND,
            "Qingting".to_owned(),
            in_every_language(PageText::NoSurveyHere),
        ),
    };
    let script = if published.is_some() {
        "<script type=\"module\" src=\"/embed.js\"></script>"
    } else {
        ""
    };
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"{STYLE}\">{script}</head><body><main>{main}</main></body></html>",
        language.tag()
    );
    let headers: [(HeaderName, String); 4] = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, policy(&app)),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (VARY, "accept-language".to_owned()),
    ];
    Ok((status, headers, html).into_response())
}

/// Only our own files, `https:` pictures of the author, and listed portals around it.
fn policy(app: &App) -> String {
    let listed = app
        .config
        .allow_origins
        .iter()
        .map(|origin| format!(" {origin}"))
        .collect::<String>();
    let ancestors = if listed.is_empty() {
        " 'none'".to_owned()
    } else {
        listed
    };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; \
         img-src 'self' blob: data: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors{ancestors}"
    )
}

/// The page's language: the one the browser names first, if we have it. The widget chooses its own by the survey.
fn language(headers: &HeaderMap) -> Language {
    let list = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|list| list.to_str().ok())
        .unwrap_or_default();
    Language::best_of(
        list.split(',')
            .map(|entry| entry.split(';').next().unwrap_or_default().trim()),
    )
}

fn in_every_language(text: PageText) -> String {
    let paragraph = |language: Language| {
        format!(
            "<p lang=\"{}\">{}</p>",
            language.tag(),
            escaped(messages::page_text(language, text))
        )
    };
    Language::ALL.map(paragraph).concat()
}

fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(escape).collect()
}
