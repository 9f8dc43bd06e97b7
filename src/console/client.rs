//! Asking the endpoint, with the session's cookie that the browser adds by itself.

use gloo::net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::api::route;
use crate::api::scores::Scores;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Person {
    /// The name.
    pub(super) name: String,
    /// The role's code.
    pub(super) role: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Failure {
    /// No answer came, or none of ours.
    Unreachable,
    /// The endpoint refused it.
    Refused(Refusal),
}

/// A refusal, as far as a page needs it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Refusal {
    /// The code of the problem.
    pub(super) code: String,
    /// The fields it lies in.
    #[serde(default)]
    pub(super) errors: Vec<FieldRefusal>,
}

/// One field that was refused.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct FieldRefusal {
    /// Which field.
    pub(super) path: String,
    /// What is wrong with it.
    pub(super) code: String,
}

impl Refusal {
    /// The first field that is named.
    pub(super) fn field(&self) -> Option<(&str, &str)> {
        let first = self.errors.first()?;
        Some((&first.path, &first.code))
    }
}

async fn answer<T: DeserializeOwned>(
    response: Result<Response, gloo::net::Error>,
) -> Result<T, Failure> {
    let response = response.map_err(|_| Failure::Unreachable)?;
    if response.ok() {
        return response.json().await.map_err(|_| Failure::Unreachable);
    }
    Err(match response.json().await {
        Ok(refusal) => Failure::Refused(refusal),
        Err(_) => Failure::Unreachable,
    })
}

async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Failure> {
    let request = Request::post(path).json(body);
    let request = request.map_err(|_| Failure::Unreachable)?;
    answer(request.send().await).await
}

async fn get<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Failure> {
    answer(request.send().await).await
}

/// Who is signed in.
pub(super) async fn me() -> Result<Person, Failure> {
    get(Request::get(route::STAFF_SESSION)).await
}

#[derive(Serialize)]
struct Known<'a> {
    mail: &'a str,
    password: &'a str,
}

/// Signs in.
pub(super) async fn sign_in(mail: &str, password: &str) -> Result<Person, Failure> {
    post(route::STAFF_SESSION, &Known { mail, password }).await
}

/// Signs out.
pub(super) async fn sign_out() -> Result<(), Failure> {
    let response = Request::delete(route::STAFF_SESSION).send().await;
    match response {
        Ok(response) if response.ok() => Ok(()),
        Ok(_) | Err(_) => Err(Failure::Unreachable),
    }
}

#[derive(Serialize)]
struct SetUp<'a> {
    link: &'a str,
    name: &'a str,
    mail: &'a str,
    password: &'a str,
}

/// Becomes the first admin.
pub(super) async fn set_up(
    link: &str,
    name: &str,
    mail: &str,
    password: &str,
) -> Result<Person, Failure> {
    let body = SetUp {
        link,
        name,
        mail,
        password,
    };
    post(route::STAFF_SET_UP, &body).await
}

#[derive(Serialize)]
struct Linked<'a> {
    link: &'a str,
    password: &'a str,
}

/// Sets a password by a link.
pub(super) async fn set_password(link: &str, password: &str) -> Result<Person, Failure> {
    post(route::STAFF_LINK, &Linked { link, password }).await
}

/// The counts behind every score, with months of this browser's zone.
pub(super) async fn scores(zone: &str) -> Result<Scores, Failure> {
    get(Request::get(route::STAFF_SCORES).query([("time_zone", zone)])).await
}
