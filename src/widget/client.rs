//! Requests to the endpoint: the definition, answer sheets, and what went wrong in terms a person can act on.

use js_sys::{JSON, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::dom::Timer;
use super::js;
use crate::api::{ProblemCode, Receipt, route};
use crate::survey::{LocalizedText, Value};

/// After this long without an answer the endpoint counts as not reached.
const TIMEOUT_MS: u32 = 15_000;

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
    Refused(ProblemCode),
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
        let (before, after) = route::SURVEY.split_once('{').unwrap_or_default();
        debug_assert!(
            after.ends_with('}'),
            "the name stands at the end of the path"
        );
        let started = started.map_or_else(
            || fetch(&self.address(&[before, survey].concat()), &Object::new()),
            Ok,
        );
        let answer = self.answer(started).await?;
        let version = answer
            .get("version")
            .and_then(Value::as_count)
            .map(|version| version as u32);
        match (version, answer.get("definition")) {
            (Some(version), Some(definition)) => Ok(Published {
                version,
                definition: definition.clone(),
            }),
            _ => Err(ClientError::Unreachable),
        }
    }

    /// What is said of a survey that is not given out; empty where that is not known.
    pub(super) async fn closed_words(&self, survey: &str) -> LocalizedText {
        let path = route::SURVEY.replace("{survey}", &encoded(survey));
        let started = fetch(&self.address(&path), &Object::new());
        let answered = match started {
            Ok(started) => read(started).await,
            Err(error) => Err(error),
        };
        let body = answered.and_then(|(_, text)| JSON::parse(&text));
        let body = body.map(|body| js::to_value(&body)).unwrap_or_default();
        let words = body.get("message").and_then(LocalizedText::from_value);
        words.unwrap_or_default()
    }

    /// Sends an answer sheet, as JSON. Only the endpoint's own receipt for this sheet counts as sent.
    pub(super) async fn send(&self, id: &str, body: &str) -> Result<Receipt, ClientError> {
        let answer = self
            .answer(fetch(&self.address(route::RESPONSES), &posting(body)))
            .await?;
        Receipt::from_value(&answer)
            .filter(|receipt| receipt.id.to_string() == id)
            .ok_or(ClientError::Unreachable)
    }

    /// Sends an answer sheet while the page closes; nobody hears the answer.
    pub(super) fn send_last(&self, body: &str) {
        let init = posting(body);
        js::set(&init, "keepalive", &JsValue::TRUE);
        if let Ok(sent) = fetch(&self.address(route::RESPONSES), &init) {
            // Nobody listens any more; an unheard rejection would be reported on the host's page.
            js::call(&sent, "catch", &[js_sys::Function::new_no_args("").into()]).ok();
        }
    }

    /// Sends a complaint or what else a customer brings forward, as JSON. Only the endpoint's own word counts: what it took it
    /// for, and its number.
    pub(super) async fn complain(&self, body: &str) -> Result<Value, ClientError> {
        let started = fetch(&self.address(route::COMPLAINTS), &posting(body));
        let answer = self.answer(started).await?;
        let has = |key| answer.get(key).and_then(Value::as_text).is_some();
        if has("number") && has("intent") {
            Ok(answer)
        } else {
            Err(ClientError::Unreachable)
        }
    }

    /// Sends a photo, before the `words` that name it: what they say of survey and respondent is said with it.
    pub(super) async fn attach(
        &self,
        id: &str,
        blob: &JsValue,
        words: &JsValue,
    ) -> Result<(), ClientError> {
        let path = route::ATTACHMENT.replace("{id}", &encoded(id));
        let survey = js::get(words, "survey").as_string().unwrap_or_default();
        let path = [&path, "?survey=", &encoded(&survey)].concat();
        let context = js::get(words, "context");
        let token = ["invitation", "identity"].map(|key| js::get(&context, key).as_string());
        let init = match token.into_iter().flatten().next() {
            Some(token) => bearing(posting(""), &token),
            None => posting(""),
        };
        js::set(
            &js::get(&init, "headers"),
            "content-type",
            &"image/jpeg".into(),
        );
        js::set(&init, "body", blob);
        self.answer(fetch(&self.address(&path), &init)).await?;
        Ok(())
    }

    /// A photo of a case, as a blob.
    ///
    /// # Errors
    /// What the browser threw, or the answer that was no photo.
    pub(super) async fn photo(
        &self,
        number: &str,
        secret: &str,
        id: &str,
    ) -> Result<JsValue, JsValue> {
        let path = route::CASE_PHOTO.replace("{number}", &encoded(number));
        let path = path.replace("{id}", &encoded(id));
        let init = bearing(Object::new(), secret);
        let response = JsFuture::from(fetch(&self.address(&path), &init)?).await?;
        if status_of(&response) != 200 {
            return Err(response);
        }
        let blob: Promise = js::call(&response, "blob", &[])?.dyn_into()?;
        JsFuture::from(blob).await
    }

    /// A case as its customer sees it.
    pub(super) async fn case(&self, number: &str, secret: &str) -> Result<Value, ClientError> {
        let path = route::CASE.replace("{number}", &encoded(number));
        let started = fetch(&self.address(&path), &bearing(Object::new(), secret));
        self.case_of(started).await
    }

    /// Does something with a case; the answer is the case as it is then.
    pub(super) async fn act(
        &self,
        number: &str,
        action: &str,
        secret: &str,
        body: &str,
    ) -> Result<Value, ClientError> {
        let path = route::CASE_ACTION.replace("{number}", &encoded(number));
        let path = path.replace("{action}", action);
        let started = fetch(&self.address(&path), &bearing(posting(body), secret));
        self.case_of(started).await
    }

    /// Has a case's link mailed to the address on file.
    pub(super) async fn mail_link(&self, number: &str) -> Result<(), ClientError> {
        let body = Object::new();
        js::set(&body, "number", &number.into());
        let json = JSON::stringify(&body).map(String::from).unwrap_or_default();
        let started = fetch(&self.address(route::CASE_LINK), &posting(&json));
        self.answer(started).await?;
        Ok(())
    }

    /// What is known to be wrong.
    pub(super) async fn incidents(&self) -> Result<Value, ClientError> {
        let started = fetch(&self.address(route::INCIDENTS), &Object::new());
        self.answer(started).await
    }

    async fn case_of(&self, started: Result<Promise, JsValue>) -> Result<Value, ClientError> {
        let answer = self.answer(started).await?;
        if answer.get("status").and_then(Value::as_text).is_some() {
            Ok(answer)
        } else {
            Err(ClientError::Unreachable)
        }
    }

    fn address(&self, path: &str) -> String {
        [self.endpoint.trim_end_matches('/'), path].concat()
    }

    async fn answer(&self, started: Result<Promise, JsValue>) -> Result<Value, ClientError> {
        let answered = match started {
            Ok(started) => read(started).await,
            Err(error) => Err(error),
        };
        let Ok((response, text)) = answered else {
            return Err(self.why_unreachable().await);
        };
        let body = JSON::parse(&text)
            .map(|body| js::to_value(&body))
            .unwrap_or_default();
        match status_of(&response) {
            200..=299 => Ok(body),
            // Waiting does not make a wrong secret right.
            429 if ProblemCode::of(&body) == Some(ProblemCode::TooManySecrets) => {
                Err(ClientError::Refused(ProblemCode::TooManySecrets))
            }
            429 | 500..=599 => {
                let seconds = js::call(
                    &js::get(&response, "headers"),
                    "get",
                    &["retry-after".into()],
                )
                .ok();
                Err(ClientError::Busy(
                    seconds.and_then(|seconds| seconds.as_string()?.parse().ok()),
                ))
            }
            // Only our own problem is a refusal; anything else may be a proxy's page.
            _ => Err(match ProblemCode::of(&body) {
                Some(ProblemCode::OriginRefused) => ClientError::OriginRefused,
                Some(ProblemCode::Timeout) | None => ClientError::Unreachable,
                Some(code) => ClientError::Refused(code),
            }),
        }
    }

    /// A browser does not say whether the network failed or the endpoint's list of origins refused. The build's files
    /// are open to every origin, the API is not: where the files load and the API does not, it was the list.
    async fn why_unreachable(&self) -> ClientError {
        let answers = async |address: &str| {
            let init = Object::new();
            js::set(&init, "cache", &"no-store".into());
            match fetch(address, &init) {
                Ok(started) => read(started).await.is_ok(),
                Err(_) => false,
            }
        };
        let files = [&self.build, "en.json"].concat();
        if !answers(&self.address(route::HEALTHZ)).await && answers(&files).await {
            ClientError::OriginRefused
        } else {
            ClientError::Unreachable
        }
    }
}

fn status_of(response: &JsValue) -> u32 {
    js::get(response, "status").as_f64().unwrap_or_default() as u32
}

fn posting(body: &str) -> Object {
    let headers = Object::new();
    js::set(&headers, "content-type", &"application/json".into());
    let init = Object::new();
    js::set(&init, "method", &"POST".into());
    js::set(&init, "headers", &headers);
    js::set(&init, "body", &body.into());
    init
}

fn encoded(text: &str) -> String {
    let encoded = js::call(&js_sys::global(), "encodeURIComponent", &[text.into()]);
    // Half of a surrogate pair throws: no number has one.
    encoded
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// A request that shows the case's secret.
fn bearing(init: Object, secret: &str) -> Object {
    let headers = js::get(&init, "headers");
    let headers = if headers.is_object() {
        headers
    } else {
        Object::new().into()
    };
    js::set(
        &headers,
        "authorization",
        &["Bearer ", secret].concat().into(),
    );
    js::set(&init, "headers", &headers);
    init
}

/// Begins a request, which is given up after [`TIMEOUT_MS`].
fn fetch(address: &str, init: &Object) -> Result<Promise, JsValue> {
    js::set(init, "credentials", &"omit".into());
    let abort = js::construct("AbortController")?;
    js::set(init, "signal", &js::get(&abort, "signal"));
    let timer = Timer::default();
    timer.start(
        TIMEOUT_MS,
        Box::new(move || drop(js::call(&abort, "abort", &[]))),
    );
    timer.let_run();
    js::call(&js_sys::global(), "fetch", &[address.into(), init.into()])?.dyn_into()
}

/// A response and its whole text.
async fn read(started: Promise) -> Result<(JsValue, String), JsValue> {
    let response = JsFuture::from(started).await?;
    let text: Promise = js::call(&response, "text", &[])?.dyn_into()?;
    let text = JsFuture::from(text).await?;
    Ok((response, text.as_string().unwrap_or_default()))
}
