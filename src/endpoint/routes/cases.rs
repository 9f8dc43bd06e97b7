//! `POST /v1/complaints` and `/v1/cases/…`: what customers bring forward comes in, and their customers see and move them without a login.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use super::{Path, blocking, body, feedback, responses, staff};
use crate::api::{Intake, Intent, ProblemCode, SubmissionId, limits};
use crate::complaint::view::{Choice, Status, Until};
use crate::complaint::{Action, Closure, Field, Refusal as Rule, Words};
use crate::endpoint::App;
use crate::endpoint::cases::{CaseError, Heard, Seen, Taken, Wish};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::{self, Peer};
use crate::endpoint::problem::Refusal;
use crate::endpoint::store::StoreError;
use crate::survey::Value;

/// A complaint, request, suggestion or praise comes in; what is answered is on disk.
pub(in crate::endpoint) async fn take(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, value) = read(&app, request).await?;
    let intake = Intake::from_value(&value)
        .map_err(|errors| responses::refused(ProblemCode::InvalidBody, errors.into_iter()))?;
    let now = app.config.clock.now();
    if intake.intent != Intent::Complaint {
        let taken = blocking(move || app.cases.take_feedback(&intake, now)).await??;
        return Ok(feedback::taken(&taken));
    }
    let taken = blocking(move || {
        let proven = app.proofs.of_complaint(&app.keys, &intake.context, now)?;
        let heard = Heard {
            proven: proven.as_ref(),
            ..Heard::default()
        };
        app.cases.take_from(&app.keys, &intake, heard, now)
    });
    Ok(taken_answer(&taken.await??))
}

/// What somebody of staff was told: on the telephone, on a visit, in a letter.
pub(in crate::endpoint) async fn take_on_behalf(
    State(app): State<App>,
    actor: guard::Actor,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, value) = read(&app, request).await?;
    let intake = Intake::from_value(&value)
        .map_err(|errors| responses::refused(ProblemCode::InvalidBody, errors.into_iter()))?;
    if intake.intent != Intent::Complaint {
        let message = "must be complaint: what is none comes in by POST /v1/complaints";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "intent", "unknown", message));
    }
    let channel = value.get("channel").and_then(Value::as_text);
    let Some(channel) = channel.filter(|channel| CHANNELS.contains(channel)) else {
        let message = "must be phone, visit, mail or letter";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "channel", "unknown", message));
    };
    let (channel, now) = (channel.to_owned(), app.config.clock.now());
    let taken = blocking(move || {
        let heard = Heard {
            actor: actor.into(),
            channel: &channel,
            proven: None,
        };
        app.cases.take_from(&app.keys, &intake, heard, now)
    });
    Ok(taken_answer(&staff::done(taken.await?)?))
}

/// The channels on which somebody of staff hears a complaint.
const CHANNELS: [&str; 4] = ["phone", "visit", "mail", "letter"];

fn taken_answer(taken: &Taken) -> Response {
    let status = if taken.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let answer = json!({
        "intent": Intent::Complaint.code(),
        "number": taken.number,
        "secret": taken.secret,
        "contact": taken.contact,
        "promised": taken.promised.to_string(),
        "received_at": taken.received_at.to_string(),
    });
    respond(status, &answer)
}

/// A case as its customer sees it.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    let secret = secret(&parts.headers);
    let from = counted(&app, peer, &parts.headers);
    let now = app.config.clock.now();
    let began = Instant::now();
    let seen = blocking(move || {
        let seen = app.cases.see(&app.keys, &number, &secret, now);
        seen.map_err(|error| app.cases.counted(error, from, now))
    });
    let seen = seen.await?;
    let seen = evenly(began, seen).await?;
    Ok(respond(StatusCode::OK, &answer(&seen)))
}

/// What the customer does with a case.
pub(in crate::endpoint) async fn act(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    Path((number, action)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let from = counted(&app, peer, request.headers());
    let (parts, value) = read(&app, request).await?;
    let secret = secret(&parts.headers);
    let id = value.get("id").and_then(Value::as_text);
    let Some(id) = id.and_then(SubmissionId::parse) else {
        let message = "must be 32 lower-case hexadecimal digits";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "id", "malformed", message));
    };
    let wish = Wish {
        action: wanted(&action, &value)?,
        photos: photos_of(value.get("photos"))?,
    };
    let now = app.config.clock.now();
    let request = *id.as_bytes();
    let began = Instant::now();
    let done = blocking(move || {
        let cases = &app.cases;
        let done = cases.act(&app.keys, &number, &secret, request, &wish, now);
        done.map_err(|error| cases.counted(error, from, now))
    });
    let done = evenly(began, done.await?).await?;
    Ok(respond(StatusCode::OK, &answer(&done)))
}

/// The address that wrong secrets are counted for; nothing where a proxy does not say whom it speaks for.
pub(super) fn counted(
    app: &App,
    peer: Option<Extension<Peer>>,
    headers: &HeaderMap,
) -> Option<IpAddr> {
    let Extension(peer) = peer?;
    guard::address(app, peer, headers)
}

/// So long it takes to say that a number and a secret do not open a case.
const REFUSAL_TAKES: Duration = Duration::from_millis(10);

/// Says no after the same time whether there is such a case or not: looking for one takes a little longer when it is found.
pub(super) async fn evenly<T>(began: Instant, done: Result<T, CaseError>) -> Result<T, CaseError> {
    if matches!(done, Err(CaseError::NotFound | CaseError::TooManyWrong)) {
        tokio::time::sleep_until((began + REFUSAL_TAKES).into()).await;
    }
    done
}

/// Mails the link of a case to the address on file. Answered before anything is looked up, so that neither the words nor
/// the time tell whether there is such a case.
pub(in crate::endpoint) async fn link(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, value) = read(&app, request).await?;
    let Some(number) = value.get("number").and_then(Value::as_text) else {
        let message = "must be the number of a case, as QT-7K3M-9XPD-C";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "number", "missing", message));
    };
    let (number, now) = (number.to_owned(), app.config.clock.now());
    tokio::task::spawn_blocking(move || {
        if let Err(error) = app.cases.mail_link(&number, now) {
            tracing::error!("a lost link could not be sent: {error:?}");
        }
    });
    let answer = json!({"sent": "if there is such a case and an address on file"});
    Ok(respond(StatusCode::ACCEPTED, &answer))
}

/// The photos that came before the words.
fn photos_of(list: Option<&Value>) -> Result<Vec<SubmissionId>, Refusal> {
    let list = match list {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(list) => list.as_list().unwrap_or(&[Value::Null]),
    };
    let id = |id: &Value| id.as_text().and_then(SubmissionId::parse);
    let ids: Option<Vec<_>> = list.iter().map(id).collect();
    ids.filter(|ids| ids.len() <= limits::PHOTOS)
        .ok_or_else(bad_photos)
}

/// A list of photos that is none.
pub(super) fn bad_photos() -> Refusal {
    let message = "must be a short list of ids, each 32 lower-case hexadecimal digits";
    let code = ProblemCode::InvalidBody;
    Refusal::of_field(code, "photos", "malformed", message)
}

fn wanted(action: &str, value: &Value) -> Result<Action, Refusal> {
    let text = value.get("text").and_then(Value::as_text);
    let text = text.unwrap_or_default().to_owned();
    if text.chars().nth(limits::WORDS_CHARS).is_some() {
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "text", "too-long", "is too long"));
    }
    let score = value.get("score").and_then(Value::as_count);
    Ok(match action {
        "messages" => Action::Write { text },
        "confirm" => Action::Confirm,
        "reject" => Action::NotSolved { text },
        "reopen" => Action::Reopen { text },
        "escalate" => Action::Escalate { text },
        "withdraw" => Action::Withdraw { text },
        "review" => Action::AskReview { text },
        "rating" => Action::Rate {
            score: score
                .and_then(|score| u8::try_from(score).ok())
                .unwrap_or(0),
            text,
        },
        _ => return Err(ProblemCode::NotFound.into()),
    })
}

async fn read(app: &App, request: Request) -> Result<(Parts, Value), Refusal> {
    let (parts, body) = request.into_parts();
    if !body::is_json(&parts) {
        body::discard(&parts, body);
        return Err(ProblemCode::UnsupportedType.into());
    }
    let idle = app.config.limits.body_idle;
    let bytes = body::read(&parts, body, limits::BODY_BYTES, idle).await?;
    let value = serde_json::from_slice(&bytes).map_err(|error| responses::malformed(&error))?;
    Ok((parts, value))
}

/// The bearer token; none is as wrong as a wrong one.
pub(super) fn secret(headers: &HeaderMap) -> String {
    let header = headers.get(AUTHORIZATION);
    let text = header.and_then(|header| header.to_str().ok());
    let token = text.and_then(|text| text.strip_prefix("Bearer "));
    token.unwrap_or_default().to_owned()
}

pub(super) fn respond(status: StatusCode, answer: &Json) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, answer.to_string()).into_response()
}

impl From<CaseError> for Refusal {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::NotFound => ProblemCode::NotFound.into(),
            CaseError::TooManyWrong => ProblemCode::TooManySecrets.into(),
            CaseError::TooManyPhotos => {
                let message = "the case has as many photos as it may; send the words alone";
                Self::of_field(ProblemCode::TooLarge, "photos", "too-many", message)
            }
            CaseError::Refused(Rule::TooSoon) => ProblemCode::TooManyRequests.into(),
            CaseError::Refused(rule) => {
                let path = match rule {
                    Rule::WordsMissing(_) => "text",
                    Rule::ScoreOutOfRange => "score",
                    _ => "",
                };
                let message = "the case does not take this now; read it again";
                Self::of_field(ProblemCode::InvalidBody, path, rule.code(), message)
            }
            CaseError::IdTaken => ProblemCode::IdTaken.into(),
            CaseError::Hindered(obstacle) => {
                let message = "the rules refuse this as it stands; read it again";
                Self::of_field(ProblemCode::ActionRefused, "", obstacle.code(), message)
            }
            CaseError::OtherIntent => {
                let message = "it is something else already, or cannot become that";
                Self::of_field(ProblemCode::ActionRefused, "", "other-intent", message)
            }
            CaseError::Clash => ProblemCode::Busy.into(),
            CaseError::Store(StoreError::Full) => ProblemCode::StorageFull.into(),
            CaseError::NoRandomness | CaseError::Unreadable => {
                tracing::error!("a case cannot be worked on: {error:?}");
                ProblemCode::Internal.into()
            }
            CaseError::Store(error) => {
                tracing::error!("a case was not stored or read: {error}");
                ProblemCode::Busy.into()
            }
        }
    }
}

/// The view on the wire.
pub(super) fn answer(seen: &Seen) -> Json {
    let Seen {
        number,
        view,
        contact,
        incidents,
    } = seen;
    let time = |at: i64| Timestamp(at).to_string();
    let words = |words: &Words, fields: &[(&str, Field)]| {
        let known =
            |(name, field): &(&str, Field)| Some(((*name).to_owned(), words.get(*field)?.into()));
        Json::Object(fields.iter().filter_map(known).collect())
    };
    let own = [
        ("text", Field::Text),
        ("remedy_sought", Field::RemedySought),
        ("affected", Field::Affected),
        ("name", Field::Name),
        ("mail", Field::Mail),
        ("phone", Field::Phone),
        ("delivery", Field::Delivery),
    ];
    let mut own = words(&view.words, &own);
    if let (Some(count), Some(own)) = (view.affected_users, own.as_object_mut()) {
        own.insert("affected_users".to_owned(), count.into());
    }
    if let (Some(affects), Some(own)) = (view.affects, own.as_object_mut()) {
        own.insert("affects".to_owned(), affects.code().into());
    }
    let told = [
        ("text", Field::Text),
        ("explanation", Field::Explanation),
        ("alternative", Field::Alternative),
        ("review_route", Field::ReviewRoute),
        ("remedy", Field::Remedy),
        ("fix_summary", Field::FixSummary),
    ];
    let decision = view.decision.as_ref().map(|decision| {
        json!({
            "outcome": decision.outcome,
            "words": words(&decision.words, &told),
            "remedy_due": decision.remedy_due.map(time),
            "remedy_done_at": decision.remedy_done_at.map(time),
            "final": decision.is_final,
        })
    });
    let entry = |entry: &crate::complaint::view::Entry| json!({"at": time(entry.at), "you": entry.by_customer, "kind": entry.kind, "text": entry.text, "photo": entry.file});
    json!({
        "number": number,
        "status": status(view.status),
        "contact": contact,
        "next": {"kind": until(view.next.0), "at": time(view.next.1)},
        "promised": view.promised.map(time),
        "actions": view.options.iter().map(|option| choice(*option)).collect::<Vec<_>>(),
        "reopened": view.reopened,
        "words": own,
        "received_at": time(view.received_at),
        "question": view.question,
        "decision": decision,
        "timeline": view.timeline.iter().map(entry).collect::<Vec<_>>(),
        "rating": view.rating,
        "incidents": incidents.iter().map(super::incidents::answer).collect::<Vec<_>>(),
    })
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Received => "received",
        Status::Acknowledged => "acknowledged",
        Status::Assessed => "assessed",
        Status::InProgress => "in-progress",
        Status::NeedsYou => "needs-you",
        Status::WithPartner => "with-partner",
        Status::Decided => "decided",
        Status::UnderReview => "under-review",
        Status::Closed(closure) => match closure {
            Closure::CustomerConfirmed => "closed-solved",
            Closure::NoReplyTimeout => "closed-no-reply",
            Closure::DeclinedFinal => "closed-declined",
            Closure::Withdrawn => "closed-withdrawn",
            Closure::Duplicate => "closed-duplicate",
            Closure::Reclassified => "closed-reclassified",
            Closure::Spam => "closed-spam",
        },
    }
}

fn until(until: Until) -> &'static str {
    match until {
        Until::NextUpdate => "next-update",
        Until::YourReply => "your-reply",
        Until::Decision => "decision",
        Until::YourWord => "your-word",
        Until::Remedy => "remedy",
        Until::Reopen => "reopen",
        Until::Ended => "ended",
    }
}

/// The path of the route that takes it.
fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::Write => "messages",
        Choice::Confirm => "confirm",
        Choice::NotSolved => "reject",
        Choice::Reopen => "reopen",
        Choice::Escalate => "escalate",
        Choice::Withdraw => "withdraw",
        Choice::Review => "review",
        Choice::Rate => "rating",
    }
}
