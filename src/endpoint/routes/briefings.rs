//! `/v1/staff/briefings` and `/v1/staff/progress`.

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::common::{answered, key, number, query};
use super::{Path, blocking, staff};
use crate::api::ProblemCode;
use crate::complaint::briefing::{Briefing, Subject};
use crate::endpoint::App;
use crate::endpoint::briefings::{self, Wanted, Written};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::records::Entry;
use crate::messages::Language;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    id: Option<String>,
    account: String,
    from: String,
    until: String,
    #[serde(default = "english")]
    lang: String,
}

fn english() -> String {
    Language::English.tag().to_owned()
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Action {
    Approve {
        /// Of the page that was read.
        digest: String,
    },
    Reject {
        text: String,
    },
    Sent {
        text: String,
    },
}

fn subject(asked: Asked) -> Result<Subject, Refusal> {
    let Some(language) = Language::from_tag(&asked.lang) else {
        let message = "must be one of en, zh-CN";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "lang", "unknown", message));
    };
    Ok(Subject {
        account: asked.account,
        from: staff::moment("from", &asked.from)?,
        until: staff::moment("until", &asked.until)?,
        language: language.tag().to_owned(),
    })
}

pub(super) async fn list(State(app): State<App>, actor: Actor) -> Result<Response, Refusal> {
    let work = move || briefings::list(&app.cases, actor);
    answered(StatusCode::OK, work, |all| {
        let all: Vec<_> = all.iter().map(briefing).collect();
        (json!({ "briefings": all }), None)
    })
    .await
}

pub(super) async fn draft(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, mut asked) = staff::read_body::<Asked>(&app, request).await?;
    let key = key(asked.id.take())?;
    let subject = subject(asked)?;
    let now = app.config.clock.now();
    let work = move || briefings::draft(&app.cases, actor, key.as_deref(), subject, now);
    answered(StatusCode::CREATED, work, of_written).await
}

pub(super) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (id, now) = (number(&id)?, app.config.clock.now());
    let work = move || briefings::show(&app.cases, actor, id, now);
    answered(StatusCode::OK, work, of_written).await
}

pub(super) async fn act(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (action, version) = staff::read::<Action>(&app, request).await?;
    let at = (number(&id)?, version);
    let wanted = match action {
        Action::Approve { digest } => Wanted::Approve { digest },
        Action::Reject { text } => Wanted::Reject { text },
        Action::Sent { text } => Wanted::Sent { text },
    };
    let now = app.config.clock.now();
    let work = move || briefings::act(&app.cases, actor, at, wanted, now);
    answered(StatusCode::OK, work, of_written).await
}

/// The page alone, as it would go out.
pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (id, now) = (number(&id)?, app.config.clock.now());
    let written = blocking(move || briefings::show(&app.cases, actor, id, now));
    Ok(html(staff::done(written.await?)?.page))
}

pub(super) async fn progress(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let subject = subject(query::<Asked>(&uri)?)?;
    let now = app.config.clock.now();
    let page = blocking(move || briefings::progress(&app.cases, actor, &subject, now));
    Ok(html(staff::done(page.await?)?))
}

/// A page that may do nothing but be read.
fn html(page: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
        ),
    ];
    (headers, page).into_response()
}

fn of_written(written: &Written) -> (Json, Option<u32>) {
    let mut answer = briefing(&written.briefing);
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("page".to_owned(), written.page.clone().into());
        answer.insert("digest".to_owned(), written.digest.clone().into());
    }
    (answer, Some(written.briefing.version))
}

fn briefing(entry: &Entry<Briefing>) -> Json {
    let Briefing {
        subject,
        author,
        state,
        approver,
        ..
    } = &entry.is;
    let time = |at: i64| Timestamp(at).to_string();
    json!({
        "id": entry.id,
        "version": entry.version,
        "state": state,
        "account": subject.account,
        "from": time(subject.from),
        "until": time(subject.until),
        "lang": subject.language,
        "author": author,
        "approver": approver,
    })
}
