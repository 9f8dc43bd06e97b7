//! Requests to the endpoint: the definition, answer sheets, and what went wrong in terms a person can act on.

use js_sys::{JSON, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

use super::js;
use crate::api::{Problem, ProblemCode, Receipt, route};
use crate::survey::Value;

/// After this long without an answer the endpoint counts as not reached.
const TIMEOUT_MS: i32 = 15_000;

/// Why the endpoint did not do what it was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ClientError {
    /// It could not be reached, or its answer was not its own (a captive portal's page).
    Unreachable,
    /// Its files load here and its API does not answer: this page's origin is not listed.
    OriginRefused,
    /// It asks to come again after so many seconds.
    Busy(Option<u32>),
    /// It refused for good.
    Refused(Problem),
}

/// What an endpoint publishes of a survey.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// The version.
    pub(super) version: u32,
    /// The definition.
    pub(super) definition: Value,
}

/// Where requests go.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The endpoint's address, with a slash at its end.
    pub(super) endpoint: String,
    /// The address of the build this code came from, with a slash at its end.
    pub(super) build: String,
}

impl Client {
    /// The published definition of `survey`; `started` is the loader's request for it, which began before this code ran.
    pub(super) async fn survey(
        &self,
        survey: &str,
        started: Option<Promise>,
    ) -> Result<Published, ClientError> {
        let exchanged = match started {
            Some(started) => read(started).await,
            None => {
                let path = route::SURVEY.replace("{survey}", survey);
                exchange(
                    &[self.endpoint.trim_end_matches('/'), &path].concat(),
                    &Object::new(),
                )
                .await
            }
        };
        let answer = self.answer(exchanged).await?;
        let version = answer
            .get("version")
            .and_then(Value::as_count)
            .and_then(|version| u32::try_from(version).ok());
        match (version, answer.get("definition")) {
            (Some(version), Some(definition)) => Ok(Published {
                version,
                definition: definition.clone(),
            }),
            _ => Err(ClientError::Unreachable),
        }
    }

    /// Sends an answer sheet, as JSON. Only the endpoint's own receipt for this sheet counts as sent.
    pub(super) async fn send(&self, id: &str, body: &str) -> Result<Receipt, ClientError> {
        let answer = self
            .answer(exchange(&self.responses(), &posting(body)).await)
            .await?;
        Receipt::from_value(&answer)
            .filter(|receipt| receipt.id.to_string() == id)
            .ok_or(ClientError::Unreachable)
    }

    /// Sends an answer sheet while the page closes; nobody hears the answer.
    pub(super) fn send_last(&self, body: &str) {
        let init = posting(body);
        js::set(&init, "keepalive", &JsValue::TRUE);
        if let Ok(sent) = fetch(&self.responses(), &init) {
            // Nobody listens any more; an unheard rejection would be reported on the host's page.
            js::call(&sent, "catch", &[js_sys::Function::new_no_args("").into()]).ok();
        }
    }

    /// The texts of another language, from this build.
    pub(super) async fn strings(&self, language: &str) -> Result<js_sys::Array, JsValue> {
        let response = JsFuture::from(fetch(
            &[&self.build, language, ".json"].concat(),
            &Object::new(),
        )?)
        .await?;
        let response: Response = response.dyn_into()?;
        JsFuture::from(response.json()?).await?.dyn_into()
    }

    fn responses(&self) -> String {
        [self.endpoint.trim_end_matches('/'), route::RESPONSES].concat()
    }

    async fn answer(
        &self,
        exchanged: Result<(Response, String), JsValue>,
    ) -> Result<Value, ClientError> {
        let Ok((response, text)) = exchanged else {
            return Err(self.why_unreachable().await);
        };
        let body = JSON::parse(&text)
            .map(|body| js::to_value(&body))
            .unwrap_or_default();
        match response.status() {
            200..=299 => Ok(body),
            429 | 500..=599 => {
                let seconds = response.headers().get("retry-after").ok().flatten();
                Err(ClientError::Busy(
                    seconds.and_then(|seconds| seconds.parse().ok()),
                ))
            }
            // Only our own problem is a refusal; anything else may be a proxy's page.
            _ => Err(match Problem::from_value(&body) {
                Some(Problem {
                    code: ProblemCode::OriginRefused,
                    ..
                }) => ClientError::OriginRefused,
                Some(Problem {
                    code: ProblemCode::Timeout,
                    ..
                })
                | None => ClientError::Unreachable,
                Some(problem) => ClientError::Refused(problem),
            }),
        }
    }

    /// A browser does not say whether the network failed or the endpoint's list of origins refused. The build's files
    /// are open to every origin: where they load, it was the list.
    async fn why_unreachable(&self) -> ClientError {
        let init = Object::new();
        js::set(&init, "cache", &JsValue::from_str("no-store"));
        match exchange(&[&self.build, "en.json"].concat(), &init).await {
            Ok((response, _)) if response.ok() => ClientError::OriginRefused,
            _ => ClientError::Unreachable,
        }
    }
}

fn posting(body: &str) -> Object {
    let headers = Object::new();
    js::set(
        &headers,
        "content-type",
        &JsValue::from_str("application/json"),
    );
    let init = Object::new();
    js::set(&init, "method", &JsValue::from_str("POST"));
    js::set(&init, "headers", &headers);
    js::set(&init, "body", &JsValue::from_str(body));
    init
}

fn fetch(address: &str, init: &Object) -> Result<Promise, JsValue> {
    js::set(init, "credentials", &JsValue::from_str("omit"));
    js::call(
        &js_sys::global(),
        "fetch",
        &[JsValue::from_str(address), init.into()],
    )?
    .dyn_into()
}

/// One request and its whole answer, given up after [`TIMEOUT_MS`].
async fn exchange(address: &str, init: &Object) -> Result<(Response, String), JsValue> {
    let abort = AbortController::new()?;
    js::set(init, "signal", &abort.signal());
    let timer = gloo::timers::callback::Timeout::new(TIMEOUT_MS as u32, move || abort.abort());
    let answer = read(fetch(address, init)?).await;
    drop(timer);
    answer
}

async fn read(started: Promise) -> Result<(Response, String), JsValue> {
    let response: Response = JsFuture::from(started).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response, text.as_string().unwrap_or_default()))
}
