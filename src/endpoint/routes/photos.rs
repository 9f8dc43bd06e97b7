//! Photos: `POST /v1/attachments/{id}` takes one in, `…/photos/{id}` shows it to whoever may see its case.

use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::Semaphore;

use super::{Path, blocking, body, cases, staff};
use crate::api::{ProblemCode, SubmissionId, limits};
use crate::endpoint::App;
use crate::endpoint::accounts;
use crate::endpoint::cases::photos::PhotoFrom;
use crate::endpoint::clock::{DAY_MS, Timestamp};
use crate::endpoint::guard::{self, Actor, Peer};
use crate::endpoint::photo::cleaned;
use crate::endpoint::problem::Refusal;
use crate::endpoint::records;
use crate::endpoint::store::{PhotoTaken, Reader, Sender, StoreError};

/// One photo is decoded for each core, so that answers and words do not wait behind photos.
static SLOTS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, Into::into)));
/// So long a photo waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// A photo comes in; what is answered is on disk.
pub(in crate::endpoint) async fn take(
    State(app): State<App>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let Some(id) = SubmissionId::parse(&id) else {
        body::discard(&parts, body);
        let message = "must be 32 lower-case hexadecimal digits";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "id", "malformed", message));
    };
    if !is_image(&parts.headers) {
        body::discard(&parts, body);
        return Err(ProblemCode::UnsupportedType.into());
    }
    let idle = app.config.limits.body_idle;
    let sent = body::read(&parts, body, limits::PHOTO_BYTES, idle).await?;
    let slot = tokio::time::timeout(PATIENCE, SLOTS.acquire()).await;
    let Ok(Ok(slot)) = slot else {
        return Err(ProblemCode::Busy.into());
    };
    let now = app.config.clock.now();
    let from = client(&app, &parts);
    let (named, token) = (survey_of(&parts), cases::secret(&parts.headers));
    let kept = blocking(move || {
        let from = PhotoFrom {
            sender: sender(&app, &token, from, now),
            survey: known_survey(&app, named)?,
        };
        let photo = cleaned(&sent).map_err(|fault| {
            let code = ProblemCode::InvalidBody;
            Refusal::of_field(code, "photo", fault.code(), fault.message())
        })?;
        let size = (photo.width, photo.height, photo.jpeg.len());
        let kept = app.cases.keep_photo(id, &sent, photo, from, now)?;
        Ok::<_, Refusal>((kept, size))
    });
    let (kept, (width, height, bytes)) = kept.await??;
    drop(slot);
    let status = match kept {
        PhotoTaken::New => StatusCode::CREATED,
        PhotoTaken::Known => StatusCode::OK,
        PhotoTaken::IdTaken => return Err(ProblemCode::IdTaken.into()),
        PhotoTaken::TooMany => {
            let message = "no more photos are taken from here for now; send the words alone";
            let code = ProblemCode::TooLarge;
            return Err(Refusal::of_field(code, "photo", "quota", message));
        }
    };
    let answer = json!({"id": id.to_string(), "width": width, "height": height, "bytes": bytes});
    Ok(cases::respond(status, &answer))
}

/// The address that photos are counted for where no token is shown.
fn client(app: &App, parts: &Parts) -> Option<IpAddr> {
    guard::address(app, *parts.extensions.get::<Peer>()?, &parts.headers)
}

/// Whom a photo counts for: the token's holder, else the line that it comes from, for a day.
fn sender(app: &App, token: &str, from: Option<IpAddr>, now: Timestamp) -> Option<Sender> {
    if let Some(holder) = app.proofs.shown_by(&app.keys, token, now) {
        return Some(Sender {
            digest: app.keys.photo_sender(&holder),
            by_token: true,
        });
    }
    let line = guard::client::prefix(from?);
    let day = now.0.div_euclid(DAY_MS);
    Some(Sender {
        digest: app.keys.photo_sender(&format!("line {line} {day}")),
        by_token: false,
    })
}

/// The survey that the address names.
fn survey_of(parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or_default();
    let named = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("survey="));
    named.unwrap_or_default().to_owned()
}

/// Empty where there is no such survey: invented names get no room of their own.
fn known_survey(app: &App, named: String) -> Result<String, StoreError> {
    let is_known = !named.is_empty() && app.reader.survey(&named)?.is_some();
    Ok(if is_known { named } else { String::new() })
}

/// A photo as its customer sees it.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    Path((number, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let id = SubmissionId::parse(&id).ok_or(ProblemCode::NotFound)?;
    let (secret, from) = (
        cases::secret(&headers),
        cases::counted(&app, peer, &headers),
    );
    let now = app.config.clock.now();
    let began = Instant::now();
    let image = blocking(move || {
        let image = app.cases.see_photo(&app.keys, &number, &secret, id, now);
        image.map_err(|error| app.cases.counted(error, from, now))
    });
    let image = cases::evenly(began, image.await?).await?;
    Ok(image_response(image))
}

/// A photo as staff see it.
pub(in crate::endpoint) async fn staff_show(
    State(app): State<App>,
    actor: Actor,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    let id = SubmissionId::parse(&id).ok_or(ProblemCode::NotFound)?;
    let image = blocking(move || {
        let reach = records::reach(&app.cases, actor)?;
        let sees = |case: &_| accounts::sees(actor, &reach, case);
        app.cases.staff_photo(&number, id, sees)
    });
    let image = image.await??;
    Ok(image_response(image))
}

/// A photo of an answer sheet as staff see it.
pub(in crate::endpoint) async fn of_sheet(
    State(app): State<App>,
    actor: Actor,
    Path((id, photo)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    let sheet = SubmissionId::parse(&id).ok_or(ProblemCode::NotFound)?;
    let photo = SubmissionId::parse(&photo).ok_or(ProblemCode::NotFound)?;
    let image = blocking(move || {
        let found = app.reader.response(sheet)?.ok_or(ProblemCode::NotFound)?;
        staff::done(records::reads(&app.cases, actor, found.account.as_deref()))?;
        let image = app
            .reader
            .photo_of_sheet(*sheet.as_bytes(), *photo.as_bytes())?;
        image.ok_or_else(|| Refusal::from(ProblemCode::NotFound))
    });
    Ok(image_response(image.await??))
}

/// Whether the body says it is one of the formats that are taken; what it is is looked at later.
fn is_image(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else {
        return false;
    };
    matches!(
        kind.as_bytes(),
        b"image/jpeg" | b"image/png" | b"image/webp"
    )
}

/// Nothing but an image, whatever a browser makes of it.
fn image_response(image: Vec<u8>) -> Response {
    let mut response = (StatusCode::OK, image).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "image/jpeg"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_DISPOSITION, "attachment; filename=\"photo.jpg\""),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
