//! `/l/{code}`: short links and their QR codes; `/u/{token}`: the way out.

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Path, blocking, page};
use crate::api::{ProblemCode, route};
use crate::endpoint::App;
use crate::endpoint::clock::DAY_MS;
use crate::endpoint::identity::Invitation;
use crate::endpoint::links::{Link, percent, qr_svg};
use crate::endpoint::problem::Refusal;
use crate::messages::{self, Language, MailText};

/// How long the link on a delivery's papers leads to its survey.
const DELIVERY_MS: i64 = 120 * DAY_MS;

/// Leads on to the survey. Nothing is recorded, whoever asks: what looks into links in mails asks for everything.
pub(in crate::endpoint) async fn follow(
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let language = page::language(&headers);
    blocking(move || {
        let link = Link::read(&app.keys, &code).ok_or(ProblemCode::NotFound)?;
        let reader = &app.deliveries.reader;
        let to = match link {
            Link::Delivery(number) => {
                let delivery = reader.delivery(number)?.ok_or(ProblemCode::NotFound)?;
                let invitation = Invitation {
                    number: number.unsigned_abs(),
                    survey: delivery.survey.clone(),
                    delivery: Some(delivery.delivery),
                    account: delivery.account,
                    contact: None,
                    from: 0,
                    until: delivery.delivered_at.saturating_add(DELIVERY_MS),
                    once: false,
                };
                let token = invitation.token(&app.keys).ok_or(ProblemCode::NotFound)?;
                format!("/s/{}?channel=qr#{token}", delivery.survey)
            }
            Link::Invitation(number) => {
                let row = reader.invitation(number)?.ok_or(ProblemCode::NotFound)?;
                let token = row.invitation().token(&app.keys);
                format!("/s/{}#{}", row.survey, token.ok_or(ProblemCode::NotFound)?)
            }
            Link::Place(number) => {
                let place = reader.place_of(number)?.ok_or(ProblemCode::NotFound)?;
                if place.removed_at.is_some() {
                    return Ok((StatusCode::GONE, asks_no_more(language)).into_response());
                }
                let name = percent(&place.name);
                format!("/s/{}?channel=qr&place={name}", place.survey)
            }
            Link::OptOut(_) => return Err(ProblemCode::NotFound.into()),
        };
        Ok((
            StatusCode::FOUND,
            [(LOCATION, to), (CACHE_CONTROL, "no-store".to_owned())],
        )
            .into_response())
    })
    .await?
}

/// The short link as a QR code, for paper.
pub(in crate::endpoint) async fn qr(
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, Refusal> {
    let link = Link::read(&app.keys, &code).ok_or(ProblemCode::NotFound)?;
    if matches!(link, Link::OptOut(_)) {
        return Err(ProblemCode::NotFound.into());
    }
    let address = format!("{}/l/{code}", app.origin);
    let svg = qr_svg(&address).ok_or(ProblemCode::Internal)?;
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-store")];
    Ok((headers, svg).into_response())
}

/// The page that asks whether to stop. A GET changes nothing.
pub(in crate::endpoint) async fn opt_out(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    contact(&app, &token).await?;
    let language = page::language(&headers);
    let form = |language: Language| {
        let text = |text| messages::mail_text(language, text);
        format!(
            "<form method=\"post\" lang=\"{}\"><h1>{}</h1><p>{}</p><p><button>{}</button></p></form>",
            language.tag(),
            text(MailText::OptOutTitle),
            text(MailText::OptOutQuestion),
            text(MailText::OptOutButton)
        )
    };
    Ok(respond(language, &languages(language).map(form).concat()))
}

/// Nothing more goes to this person. Taken from the page's form and from mail programs (RFC 8058), also twice.
pub(in crate::endpoint) async fn opted_out(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let contact = contact(&app, &token).await?;
    let now = app.config.clock.now().0;
    let language = page::language(&headers);
    blocking(move || {
        app.deliveries
            .with_store(|store| store.opt_out(contact, now))?;
        let done = |language: Language| {
            let text = messages::mail_text(language, MailText::OptedOut);
            format!("<p lang=\"{}\" role=\"status\">{text}</p>", language.tag())
        };
        Ok(respond(language, &languages(language).map(done).concat()))
    })
    .await?
}

/// For whoever stands before a link that still hangs at a place where nothing is asked: thanks, and the way to a complaint.
fn asks_no_more(first: Language) -> Response {
    let said = |language: Language| {
        let text = |text| messages::mail_text(language, text);
        format!(
            "<section lang=\"{}\"><h1>{}</h1><p>{}</p><p><a href=\"{}\">{}</a></p></section>",
            language.tag(),
            text(MailText::PlaceGoneTitle),
            text(MailText::PlaceGoneText),
            route::COMPLAINT_PAGE,
            text(MailText::PlaceGoneComplain)
        )
    };
    respond(first, &languages(first).map(said).concat())
}

/// Both languages, the browser's first.
fn languages(first: Language) -> [Language; 2] {
    match first {
        Language::English => [Language::English, Language::Chinese],
        Language::Chinese => [Language::Chinese, Language::English],
    }
}

async fn contact(app: &App, token: &str) -> Result<i64, Refusal> {
    let Some(Link::OptOut(contact)) = Link::read(&app.keys, token) else {
        return Err(ProblemCode::NotFound.into());
    };
    let app = app.clone();
    let known = blocking(move || app.deliveries.reader.contact_language(contact)).await?;
    known?
        .map(|_| contact)
        .ok_or_else(|| ProblemCode::NotFound.into())
}

fn respond(language: Language, main: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Qingting</title>\
         <meta name=\"robots\" content=\"noindex\"><link rel=\"stylesheet\" href=\"{}\"></head>\
         <body><main>{main}</main></body></html>",
        language.tag(),
        page::STYLE
    );
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers: [(HeaderName, &str); 3] = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, html).into_response()
}
