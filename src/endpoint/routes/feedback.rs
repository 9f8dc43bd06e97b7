//! `/v1/staff/feedback`: requests, suggestions and praise, and what staff do with them.

use axum::extract::{Query, Request, State};
use axum::http::header::{ETAG, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Path, blocking, cases, staff};
use crate::api::{Intent, ProblemCode};
use crate::complaint::{Field, Role};
use crate::endpoint::App;
use crate::endpoint::accounts;
use crate::endpoint::cases::feedback::{Feedback, FeedbackAction};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;

/// Which list is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    intent: String,
}

/// What staff can ask for: `{"action":"place","destination":"…","answer_by":"2026-12-01T09:00Z"}`.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Wanted {
    Place {
        destination: String,
        answer_by: Option<String>,
    },
    Answer {
        text: String,
    },
    Reclassify {
        into: String,
    },
}

/// What the customer is told: the number, and for a request when it is answered.
pub(super) fn taken(taken: &Feedback) -> Response {
    let status = if taken.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let row = &taken.row;
    let answer = json!({
        "intent": row.intent,
        "number": row.number,
        "answer_by": row.answer_by.map(time),
        "received_at": time(row.received_at),
    });
    cases::respond(status, &answer)
}

/// One list, those first that wait for somebody.
pub(in crate::endpoint) async fn list(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    let asked = Query::<Asked>::try_from_uri(&uri);
    let asked = asked.map(|Query(asked)| asked.intent);
    let intent = intent("intent", asked.as_deref().unwrap_or_default())?;
    let list = blocking(move || accounts::feedback(&app.cases, actor, intent));
    let list = staff::done(list.await?)?;
    let list: Vec<_> = list.iter().map(answer).collect();
    Ok(cases::respond(StatusCode::OK, &json!({ "feedback": list })))
}

/// An action on the version that `If-Match` names.
pub(in crate::endpoint) async fn act(
    State(app): State<App>,
    actor: Actor,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    let (wanted, version) = staff::read::<Wanted>(&app, request).await?;
    // Auditors only read.
    if actor.role == Role::Auditor {
        return Err(ProblemCode::NotAllowed.into());
    }
    let action = match wanted {
        Wanted::Place {
            destination,
            answer_by,
        } => FeedbackAction::Place {
            destination,
            answer_by: answer_by
                .map(|at| staff::moment("answer_by", &at))
                .transpose()?,
        },
        Wanted::Answer { text } => FeedbackAction::Answer { text },
        Wanted::Reclassify { into } => FeedbackAction::Reclassify {
            into: intent("into", &into)?,
        },
    };
    let now = app.config.clock.now();
    let acted = blocking(move || {
        let cases = &app.cases;
        accounts::acts_on_feedback(cases, actor, &number)?;
        cases.feedback_act(&app.keys, &number, actor.into(), version, action, now)
    });
    let acted = staff::done(acted.await?)?;
    let mut response = cases::respond(StatusCode::OK, &answer(&acted));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", acted.row.version)) {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}

fn intent(path: &str, code: &str) -> Result<Intent, Refusal> {
    Intent::of(code).ok_or_else(|| {
        let message = "must be one of complaint, request, suggestion, praise";
        Refusal::of_field(ProblemCode::InvalidBody, path, "unknown", message)
    })
}

fn time(at: i64) -> String {
    Timestamp(at).to_string()
}

fn answer(one: &Feedback) -> Json {
    let row = &one.row;
    json!({
        "number": row.number,
        "version": row.version,
        "intent": row.intent,
        "text": one.words.get(Field::Text),
        "name": one.words.get(Field::Name),
        "mail": one.words.get(Field::Mail),
        "phone": one.words.get(Field::Phone),
        "delivery": one.words.get(Field::Delivery),
        "account": row.account,
        "received_at": time(row.received_at),
        "destination": row.destination,
        "answer_by": row.answer_by.map(time),
        "answered_at": row.answered_at.map(time),
        "answer": row.answer,
        // What stands between this and an answer.
        "missing": one.lacks_destination().then_some("destination"),
    })
}
