//! `/v1/staff/feed` and `/v1/staff/inquiries`: what customers said, who has read it, what it is about, and what is asked of it.

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::common::{answered, number, query};
use super::{Path, staff};
use crate::api::ProblemCode;
use crate::complaint::inquiry::{Inquiry, InquiryChange};
use crate::complaint::theme::Theme;
use crate::complaint::{Moment, StaffId};
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::records::Entry;
use crate::endpoint::store::After;
use crate::endpoint::verbatims::{self, Coding, Questioned, Shown};

/// Verbatims on one page.
const PAGE: usize = 50;

/// Where the page begins.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: Option<String>,
}

/// `{}`: the path says it all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Themes {
    themes: Vec<Theme>,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum OnInquiry {
    Explain { text: String },
    HandOff { owner: u32, text: String },
}

pub(super) async fn feed(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let after = match query::<Asked>(&uri)?.after {
        None => verbatims::newest(),
        Some(text) => place(&text).ok_or_else(|| {
            let message = "must be what the last page named as \"next\"";
            Refusal::of_field(ProblemCode::InvalidBody, "after", "malformed", message)
        })?,
    };
    let work = move || verbatims::feed(&app.cases, actor, after, PAGE);
    answered(StatusCode::OK, work, |(page, next)| {
        let verbatims: Vec<_> = page.iter().map(shown).collect();
        let next = next
            .as_ref()
            .map(|next| format!("{}.{}", next.at, next.key));
        (json!({"verbatims": verbatims, "next": next}), None)
    })
    .await
}

fn place(text: &str) -> Option<After> {
    let (at, key) = text.split_once('.')?;
    Some(After {
        at: at.parse().ok()?,
        key: key.to_owned(),
    })
}

pub(super) async fn read(
    State(app): State<App>,
    actor: Actor,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let now = app.config.clock.now();
    staff::read_body::<Nothing>(&app, request).await?;
    let work = move || verbatims::mark_read(&app.cases, actor, &key, now);
    answered(StatusCode::OK, work, |readers| {
        (json!({ "read_by": read_by(readers) }), None)
    })
    .await
}

pub(super) async fn question(
    State(app): State<App>,
    actor: Actor,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let now = app.config.clock.now();
    staff::read_body::<Nothing>(&app, request).await?;
    let work = move || verbatims::question(&app.cases, &app.keys, actor, &key, now);
    answered(StatusCode::OK, work, |questioned| match questioned {
        Questioned::Case(number) => (json!({"case": number, "inquiry": null}), None),
        Questioned::Inquiry(inquiry) => (json!({"case": null, "inquiry": asked(inquiry)}), None),
    })
    .await
}

pub(super) async fn themes(
    State(app): State<App>,
    actor: Actor,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let now = app.config.clock.now();
    let (wanted, version) = staff::read::<Themes>(&app, request).await?;
    let work = move || {
        let at = (key.as_str(), version);
        verbatims::code(&app.cases, actor, at, wanted.themes, now)
    };
    answered(StatusCode::OK, work, |coded| {
        (coding(coded), Some(coded.version))
    })
    .await
}

pub(super) async fn inquiries(State(app): State<App>, actor: Actor) -> Result<Response, Refusal> {
    let work = move || verbatims::inquiries(&app.cases, actor);
    answered(StatusCode::OK, work, |all| {
        let all: Vec<_> = all.iter().map(asked).collect();
        (json!({ "inquiries": all }), None)
    })
    .await
}

pub(super) async fn act_on_inquiry(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (wanted, version) = staff::read::<OnInquiry>(&app, request).await?;
    let at = (number(&id)?, version);
    let change = match wanted {
        OnInquiry::Explain { text } => InquiryChange::Explained { text },
        OnInquiry::HandOff { owner, text } => InquiryChange::HandedOff {
            owner: StaffId(owner),
            text,
        },
    };
    let now = app.config.clock.now();
    let work = move || verbatims::change_inquiry(&app.cases, actor, at, &change, now);
    answered(StatusCode::OK, work, |one| (asked(one), Some(one.version))).await
}

fn time(at: Moment) -> String {
    Timestamp(at).to_string()
}

fn read_by(readers: &[(StaffId, Moment)]) -> Vec<Json> {
    let read = |(reader, at): &(StaffId, Moment)| json!({"staff": reader, "at": time(*at)});
    readers.iter().map(read).collect()
}

fn coding(coding: &Coding) -> Json {
    json!({"themes": coding.themes, "version": coding.version, "by_hand": coding.version > 0})
}

fn shown(shown: &Shown) -> Json {
    let Shown {
        verbatim,
        readers,
        inquiry,
    } = shown;
    let words = verbatim.words.iter();
    let words = words.map(|(question, text)| json!({"question": question, "text": text}));
    json!({
        "key": verbatim.key,
        "at": time(verbatim.at),
        "account": verbatim.account,
        "source": verbatim.source,
        "words": words.collect::<Vec<_>>(),
        "coding": coding(&verbatim.coding),
        "read_by": read_by(readers),
        "inquiry": inquiry.as_ref().map(asked),
    })
}

fn asked(entry: &Entry<Inquiry>) -> Json {
    let inquiry = &entry.is;
    json!({
        "id": entry.id,
        "version": entry.version,
        "verbatim": inquiry.verbatim,
        "account": inquiry.account,
        "by": inquiry.by,
        "asked_at": time(inquiry.asked_at),
        "owner": inquiry.owner,
        "due": time(inquiry.due),
        "explained_at": inquiry.explained.as_ref().map(|(at, _)| time(*at)),
        "offered": inquiry.offered.as_ref().map(|(_, text)| text),
        "explanation": inquiry.explained.as_ref().map(|(_, text)| text),
    })
}
