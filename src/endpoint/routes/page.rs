//! `GET /s/{survey}`, `GET /c` and `GET /c/{number}`: the pages of a survey, of the complaint form and of a case, for links
//! in mails and QR codes.

use axum::extract::{Query, RawQuery, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, VARY,
};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Path, surveys};
use crate::api::limits;
use crate::endpoint::App;
use crate::endpoint::catalogue::Shown;
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
/* On a phone the survey is the page. */
@media (max-width: 480px) {
  body { background: #fff }
  main { padding: 0 }
  p { margin: 1rem }
  qing-ting { --qing-min-height: 100vh }
  qing-ting::part(card) { border: 0; border-radius: 0 }
}
@media (max-width: 480px) and (prefers-color-scheme: dark) { body { background: #14171b } }
@supports (height: 100dvh) { @media (max-width: 480px) { qing-ting { --qing-min-height: 100dvh } } }
";

/// The token of an invitation leaves the address bar, and whoever has answered reads so.
pub(super) const SCRIPT_FILE: &str = "/page.js";

pub(super) async fn script() -> Response {
    (
        [
            (CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (CACHE_CONTROL, "max-age=300"),
        ],
        include_str!("page.js"),
    )
        .into_response()
}

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
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let language = language(&headers);
    let now = app.config.clock.now();
    let shown = surveys::shown(&app, survey.clone(), now).await?;
    let (status, title, main) = match &shown {
        Shown::Version(published, _) => {
            let title = published.definition.title.resolve(language.tag());
            // The words inside the element stay where the widget cannot run.
            let words = in_every_language(PageText::NeedsNewerBrowser);
            let test = if is_test(query.as_deref()) {
                " test"
            } else {
                ""
            };
            let answers = answers(&uri);
            let channel = channel(&uri);
            let place = place(&uri);
            let said = [
                ("answered", PageText::AlreadyAnswered),
                ("refused", PageText::InvitationNotValid),
            ];
            let said = said.map(|(when, text)| {
                let words = in_every_language(text);
                format!("<div role=\"status\" data-said=\"{when}\" hidden>{words}</div>")
            });
            let main = format!(
                "<qing-ting survey=\"{}\" channel=\"{channel}\"{place}{answers}{test}>{words}</qing-ting>{}",
                published.survey,
                said.concat()
            );
            (StatusCode::OK, escaped(title), main)
        }
        // The widget says the same, in the reader's language, and sends what waits on the device.
        Shown::Closed(closed) => {
            let words: String = closed.words().iter().map(paragraph).collect();
            let main =
                format!("<qing-ting survey=\"{survey}\" channel=\"page\">{words}</qing-ting>");
            (StatusCode::NOT_FOUND, "Qingting".to_owned(), main)
        }
        Shown::NoSurvey => (
            StatusCode::NOT_FOUND,
            "Qingting".to_owned(),
            in_every_language(PageText::NoSurveyHere),
        ),
    };
    let script = match shown {
        Shown::Version(..) => SURVEY_SCRIPTS,
        Shown::Closed(_) => SCRIPT,
        Shown::NoSurvey => "",
    };
    Ok(respond(
        &app,
        Some(&survey),
        status,
        language,
        &title,
        script,
        &main,
    ))
}

/// What a link to the form may say.
#[derive(Default, Deserialize)]
struct Linked {
    delivery: Option<String>,
    account: Option<String>,
}

/// The page of the complaint form.
pub(in crate::endpoint) async fn complaint(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let language = language(&headers);
    // A link that somebody has cut is still a way to complain.
    let linked = Query::<Linked>::try_from_uri(&uri).map_or_else(|_| Linked::default(), |it| it.0);
    let attribute = |name: &str, value: Option<String>| {
        let value: String = value?.chars().take(limits::REFERENCE_CHARS).collect();
        Some(format!(" {name}=\"{}\"", escaped(&value)))
    };
    let from = [
        attribute("delivery", linked.delivery),
        attribute("account", linked.account),
    ];
    let from: String = from.into_iter().flatten().collect();
    let words = in_every_language(PageText::CaseNeedsNewerBrowser);
    let main = format!("<qing-ting start=\"complaint\" channel=\"page\"{from}>{words}</qing-ting>");
    respond(
        &app,
        None,
        StatusCode::OK,
        language,
        "Qingting",
        SCRIPT,
        &main,
    )
}

/// The page of a case. Whether there is such a case is not told here: the widget asks for it, with the secret.
pub(in crate::endpoint) async fn case(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = language(&headers);
    let number: String = number.chars().take(40).collect();
    let words = in_every_language(PageText::CaseNeedsNewerBrowser);
    let main = format!(
        "<qing-ting start=\"case\" case=\"{}\" channel=\"page\">{words}</qing-ting>",
        escaped(&number)
    );
    let head = [SCRIPT, "<meta name=\"robots\" content=\"noindex\">"].concat();
    respond(
        &app,
        None,
        StatusCode::OK,
        language,
        "Qingting",
        &head,
        &main,
    )
}

/// In this order: what the element is told, then what reads it.
const SURVEY_SCRIPTS: &str =
    "<script defer src=\"/page.js\"></script><script type=\"module\" src=\"/embed.js\"></script>";

const SCRIPT: &str = "<script type=\"module\" src=\"/embed.js\"></script>";

fn respond(
    app: &App,
    survey: Option<&str>,
    status: StatusCode,
    language: Language,
    title: &str,
    head: &str,
    main: &str,
) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"{STYLE}\">{head}</head><body><main>{main}</main></body></html>",
        language.tag()
    );
    let headers: [(HeaderName, String); 4] = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, policy(app, survey)),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (VARY, "accept-language".to_owned()),
    ];
    (status, headers, html).into_response()
}

/// Only our own files, `https:` pictures of the author, and listed portals around it.
fn policy(app: &App, survey: Option<&str>) -> String {
    let all = app.config.allow_origins.iter().map(ToString::to_string);
    let own = survey.and_then(|survey| app.origins.of(survey));
    let listed = own.unwrap_or_else(|| all.collect()).into_iter();
    let listed = listed
        .map(|origin| [" ", &origin].concat())
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
pub(super) fn language(headers: &HeaderMap) -> Language {
    let list = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|list| list.to_str().ok())
        .unwrap_or_default();
    Language::best_of(
        list.split(',')
            .map(|entry| entry.split(';').next().unwrap_or_default().trim()),
    )
}

/// What a link has answered already, as `/s/delivery?answer-overall=4` in a mail: shown to the person, who may change it
/// and sends it; the request itself stores nothing.
fn answers(uri: &Uri) -> String {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let pairs = pairs.map(|Query(pairs)| pairs).unwrap_or_default();
    let named = pairs.iter().filter_map(|(name, value)| {
        let question = name.strip_prefix("answer-")?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_name = (1..=64).contains(&question.len()) && question.bytes().all(is_plain);
        let fits = value.chars().nth(limits::REFERENCE_CHARS).is_none();
        (is_name && fits).then(|| format!(" answer-{question}=\"{}\"", escaped(value)))
    });
    named.take(limits::FIELDS).collect()
}

/// Where the person came from, as the link says: `/s/delivery?channel=mail`.
fn channel(uri: &Uri) -> &'static str {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let pairs = pairs.map(|Query(pairs)| pairs).unwrap_or_default();
    let named = pairs.iter().find(|(name, _)| name == "channel");
    let known =
        named.and_then(|(_, value)| ["mail", "qr"].into_iter().find(|known| known == value));
    known.unwrap_or("page")
}

/// The place whose code was scanned, as a field of the answers: `/s/delivery?place=Counter%203`.
fn place(uri: &Uri) -> String {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let pairs = pairs.map(|Query(pairs)| pairs).unwrap_or_default();
    let named = pairs.iter().find(|(name, _)| name == "place");
    let named = named.map(|(_, value)| value.chars().take(limits::REFERENCE_CHARS).collect());
    named.map_or_else(String::new, |place: String| {
        format!(" context-place=\"{}\"", escaped(&place))
    })
}

/// Whether the address asks for a test: `/s/delivery?test`.
fn is_test(query: Option<&str>) -> bool {
    let mut parts = query.unwrap_or_default().split('&');
    parts.any(|part| part.split('=').next() == Some("test"))
}

fn in_every_language(text: PageText) -> String {
    let words = |language: Language| {
        let text = messages::page_text(language, text);
        paragraph(&(language.tag().to_owned(), text.to_owned()))
    };
    Language::ALL.map(words).concat()
}

/// A text in its language.
fn paragraph((tag, text): &(String, String)) -> String {
    format!("<p lang=\"{}\">{}</p>", escaped(tag), escaped(text))
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
