//! `/v1/staff/{set-up,session,link,password}`: becoming somebody of staff, and ceasing to be.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::{blocking, body, cases, responses, staff};
use crate::api::ProblemCode;
use crate::complaint::StaffId;
use crate::endpoint::App;
use crate::endpoint::guard::{Actor, DEVICE, Peer, SESSION, client, cookie};
use crate::endpoint::problem::Refusal;
use crate::endpoint::sign_in::password::{LEAST_CHARS, MOST_BYTES, PasswordFault};
use crate::endpoint::sign_in::{Begun, Caller, LONGEST_MS, SignInError};
use crate::endpoint::store::NewPerson;

/// Bytes of a body here: what is longer is refused before anything is hashed.
const BODY_BYTES: usize = 4096;
/// Seconds that a device is known.
const DEVICE_SECONDS: i64 = 400 * 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetUp {
    link: String,
    name: String,
    mail: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    mail: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Linked {
    link: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renewed {
    old: String,
    new: String,
}

/// The first admin.
pub(in crate::endpoint) async fn set_up(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, wanted) = read::<SetUp>(&app, request).await?;
    let person = NewPerson {
        name: wanted.name,
        mail: wanted.mail,
    };
    begin(&app, move |app, now| {
        let (link, password) = (&wanted.link, &wanted.password);
        app.sign_in.set_up(&app.keys, link, &person, password, now)
    })
    .await
}

/// Somebody with a password. Whatever session the browser had ends, so that nobody is given one that others know.
pub(in crate::endpoint) async fn sign_in(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (headers, wanted) = read::<Known>(&app, request).await?;
    let caller = Caller {
        // Whom a trusted proxy names; the proxy itself where it names nobody.
        address: peer.map(|Extension(Peer(peer))| {
            let walked = client::address(peer, &headers, &app.config.limits.proxies);
            walked.unwrap_or(peer)
        }),
        device: cookie(&headers, DEVICE).map(str::to_owned),
    };
    let former = cookie(&headers, SESSION).map(str::to_owned);
    begin(&app, move |app, now| {
        let who = (wanted.mail.as_str(), wanted.password.as_str());
        let begun = app.sign_in.sign_in(&app.keys, who, &caller, now)?;
        if let Some(former) = former {
            app.sign_in.sign_out(&former)?;
        }
        Ok(begun)
    })
    .await
}

/// A password by a link.
pub(in crate::endpoint) async fn use_link(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, wanted) = read::<Linked>(&app, request).await?;
    begin(&app, move |app, now| {
        let (link, password) = (&wanted.link, &wanted.password);
        app.sign_in.use_link(&app.keys, link, password, now)
    })
    .await
}

/// Another password.
pub(in crate::endpoint) async fn change_password(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, wanted) = read::<Renewed>(&app, request).await?;
    begin(&app, move |app, now| {
        let words = (wanted.old.as_str(), wanted.new.as_str());
        app.sign_in.change_password(&app.keys, actor.id, words, now)
    })
    .await
}

/// Who is signed in.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    actor: Actor,
) -> Result<Response, Refusal> {
    let me = me(&app, actor.id).await?;
    Ok(cases::respond(StatusCode::OK, &me))
}

/// Signs out. Whoever is signed out already has what they want.
pub(in crate::endpoint) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(token) = cookie(&headers, SESSION).map(str::to_owned) {
        blocking(move || app.sign_in.sign_out(&token))
            .await?
            .map_err(SignInError::from)?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, SESSION, "", 0);
    Ok(response)
}

/// A JSON body within this page's own limit.
pub(super) async fn read<T: DeserializeOwned>(
    app: &App,
    request: Request,
) -> Result<(HeaderMap, T), Refusal> {
    let (parts, body) = request.into_parts();
    if !body::is_json(&parts) {
        body::discard(&parts, body);
        return Err(ProblemCode::UnsupportedType.into());
    }
    let idle = app.config.limits.body_idle;
    let bytes = body::read(&parts, body, BODY_BYTES, idle).await?;
    let value: Json =
        serde_json::from_slice(&bytes).map_err(|error| responses::malformed(&error))?;
    let wanted = serde_json::from_value(value).map_err(|error| staff::misread(&error))?;
    Ok((parts.headers, wanted))
}

/// Begins a session. A password is hashed on the way, so that only some are at it at once.
async fn begin(
    app: &App,
    work: impl FnOnce(&App, crate::endpoint::clock::Timestamp) -> Result<Begun, SignInError>
    + Send
    + 'static,
) -> Result<Response, Refusal> {
    let turn = app.sign_in.hashing.acquire().await;
    let turn = turn.map_err(|_| ProblemCode::Busy)?;
    let (shared, now) = (app.clone(), app.config.clock.now());
    let begun = blocking(move || work(&shared, now)).await??;
    drop(turn);
    let me = me(app, begun.person).await?;
    let mut response = cases::respond(StatusCode::OK, &me);
    set_cookie(&mut response, SESSION, &begun.token, LONGEST_MS / 1000);
    set_cookie(&mut response, DEVICE, &begun.device, DEVICE_SECONDS);
    Ok(response)
}

async fn me(app: &App, id: StaffId) -> Result<Json, Refusal> {
    let app = app.clone();
    let people = blocking(move || app.sign_in.people()).await?;
    let people = people.map_err(SignInError::from)?;
    let row = people.iter().find(|row| row.id == id);
    let row = row.ok_or(ProblemCode::NotSignedIn)?;
    Ok(json!({ "id": row.id.0, "name": row.name, "role": row.role, "mail": row.mail }))
}

fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: i64) {
    let text =
        format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    if let Ok(line) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, line);
    }
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Self {
        let field = |path: &str, code: &str, message: &str| {
            Self::of_field(ProblemCode::InvalidBody, path, code, message)
        };
        match error {
            SignInError::Wrong => ProblemCode::SignInRefused.into(),
            SignInError::TooMany => ProblemCode::TooManyRequests.into(),
            SignInError::NoLink | SignInError::NoPerson => ProblemCode::NotFound.into(),
            SignInError::Password(PasswordFault::TooShort) => {
                let message = format!(
                    "must have at least {LEAST_CHARS} characters; a few words in a row are good"
                );
                field("password", "too-short", &message)
            }
            SignInError::Password(PasswordFault::TooLong) => field(
                "password",
                "too-long",
                &format!("must have at most {MOST_BYTES} bytes"),
            ),
            SignInError::Password(PasswordFault::Monotonous) => field(
                "password",
                "monotonous",
                "must not be the same few characters over and over",
            ),
            SignInError::Name => field(
                "name",
                "taken",
                "must have 1 to 200 characters and be nobody else's",
            ),
            SignInError::Mail => field(
                "mail",
                "malformed",
                "must be a mail address that is nobody else's",
            ),
            SignInError::LastAdmin => {
                let message = "somebody else must be an admin first";
                Self::of_field(ProblemCode::ActionRefused, "", "last-admin", message)
            }
            SignInError::Password(PasswordFault::NotHashed) | SignInError::NoRandomness => {
                ProblemCode::Internal.into()
            }
            SignInError::Store(error) => {
                tracing::error!("signing in failed at the store: {error}");
                ProblemCode::Busy.into()
            }
        }
    }
}
