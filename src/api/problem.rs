//! Errors on the wire: RFC 9457 problems with a closed list of codes, naming the field where there is one.

use crate::survey::Value;

/// Why a request was refused. The body is `application/problem+json`:
/// `{"type":"/problems/CODE","title":…,"status":…,"code":CODE,"errors":[{"path","code","message"}]}`, and where a
/// respondent reads of it `"message":{"en":…,"zh-CN":…}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What kind of problem.
    pub code: ProblemCode,
    /// The fields it lies in; often none.
    pub errors: Vec<FieldError>,
    /// What a respondent reads instead of a survey: (language tag, text). Often none.
    pub message: Vec<(String, String)>,
}

/// One field that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field as a path in the body: `answers.overall`.
    pub path: String,
    /// A code of [`Fault`](crate::survey::validation::Fault) or of this contract: `missing`, `wrong-type`, `too-long`, `malformed`, `unknown`.
    pub code: String,
    /// What is wrong and what to do, in English.
    pub message: String,
}

macro_rules! problems {
    (
        everybody { $($(#[$doc:meta])* $name:ident $status:literal $code:literal $title:literal;)* }
        staff { $($(#[$staff_doc:meta])* $staff:ident $staff_status:literal $staff_code:literal $staff_title:literal;)* }
    ) => {
        /// The kinds of problem; each has one HTTP status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemCode {
            $($(#[$doc])* $name,)*
            $($(#[$staff_doc])* #[cfg(not(target_arch = "wasm32"))] $staff,)*
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &[Self] =
                &[$(Self::$name,)* $(#[cfg(not(target_arch = "wasm32"))] Self::$staff,)*];

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                    $(#[cfg(not(target_arch = "wasm32"))] Self::$staff => $staff_status,)*
                }
            }

            /// The code on the wire.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    $(#[cfg(not(target_arch = "wasm32"))] Self::$staff => $staff_code,)*
                }
            }

            /// One sentence for a person, in English.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                    $(#[cfg(not(target_arch = "wasm32"))] Self::$staff => $staff_title,)*
                }
            }
        }
    };
}

problems! {
    everybody {
    /// The body is not JSON, or has a key twice, or is nested too deep.
    InvalidJson 400 "invalid-json" "The body is not valid JSON.";
    /// The request itself cannot be read.
    BadRequest 400 "bad-request" "The request cannot be read.";
    /// The page's origin is not listed.
    OriginRefused 403 "origin-refused" "This site is not allowed to use this endpoint.";
    /// No such page or file.
    NotFound 404 "not-found" "There is nothing at this address.";
    /// No such survey.
    UnknownSurvey 404 "unknown-survey" "There is no such survey.";
    /// The survey is withdrawn, its time is over, or it has as many answers as it takes. Not 410: it may open again.
    SurveyClosed 404 "survey-closed" "The survey is closed.";
    /// The survey opens later.
    SurveyNotOpen 404 "survey-not-open" "The survey is not open yet.";
    /// The path exists, the method does not.
    MethodNotAllowed 405 "method-not-allowed" "This address does not take this method.";
    /// The client sent too slowly.
    Timeout 408 "timeout" "The request took too long.";
    /// The body is larger than it may be.
    TooLarge 413 "too-large" "The body is too large.";
    /// The body is not `application/json`, or no photo where one is taken.
    UnsupportedType 415 "unsupported-type" "The body must be application/json; a photo, image/jpeg, image/png or image/webp.";
    /// A field of the body is missing or malformed.
    InvalidBody 422 "invalid-body" "A field of the body cannot be taken.";
    /// An answer does not fit the survey.
    InvalidAnswers 422 "invalid-answers" "An answer does not fit the survey.";
    /// The survey has no such version.
    UnknownVersion 422 "unknown-version" "The survey has no such version, or it was replaced too long ago.";
    /// The same revision was stored with another body.
    RevisionTaken 422 "revision-taken" "This revision was already stored with other content.";
    /// The sheet was already completed.
    AlreadyComplete 422 "already-complete" "These answers were already completed and cannot be changed.";
    /// The id belongs to another survey or invitation, or to a test.
    IdTaken 422 "id-taken" "This id belongs to another survey or invitation.";
    /// A signed token that is forged, changed, for something else, or not for now; or none where one is needed.
    InvitationRefused 422 "invitation-refused" "This invitation is not valid.";
    /// Too many requests.
    TooManyRequests 429 "too-many-requests" "Too many requests; try again later.";
    /// More wrong secrets of a case than are answered; the right one opens all the same.
    TooManySecrets 429 "too-many-secrets" "Too many wrong secrets; try again in ten minutes. The right one opens the case all the same.";
    /// A fault of ours.
    Internal 500 "internal" "Something went wrong here; the answers were not stored. Try again.";
    /// Too much to do, or the store does not answer.
    Busy 503 "busy" "The endpoint is busy; try again later.";
    /// No space left.
    StorageFull 507 "storage-full" "The endpoint has no space left; try again later.";
    }
    // Nobody in a customer's browser meets these; there they would only be bytes.
    staff {
    /// No key, or one that nobody has.
    NotSignedIn 401 "not-signed-in" "This needs the key of a member of staff.";
    /// The password is not this person's, or there is no such person.
    SignInRefused 401 "sign-in-refused" "Address and password do not belong together.";
    /// The role, or what the person is to the case, does not allow it.
    NotAllowed 403 "not-allowed" "You may not do this.";
    /// The case has moved since it was read.
    VersionClash 412 "version-clash" "Somebody else has changed this case; read it again.";
    /// The rules of a case refuse the action now.
    ActionRefused 422 "action-refused" "The case does not take this action now.";
    }
}

impl ProblemCode {
    /// The code in a body; nothing if it is not a problem of this contract.
    pub fn of(value: &Value) -> Option<Self> {
        let code = value.get("code")?.as_text()?;
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }
}

impl Problem {
    /// A problem that lies in no field.
    pub fn new(code: ProblemCode) -> Self {
        Self {
            code,
            errors: Vec::new(),
            message: Vec::new(),
        }
    }

    /// The body.
    pub fn to_value(&self) -> Value {
        let errors = self.errors.iter().map(|error| {
            Value::Object(vec![
                ("path".to_owned(), Value::from(error.path.as_str())),
                ("code".to_owned(), Value::from(error.code.as_str())),
                ("message".to_owned(), Value::from(error.message.as_str())),
            ])
        });
        let mut value = Value::Object(vec![
            (
                "type".to_owned(),
                Value::Text(["/problems/", self.code.code()].concat()),
            ),
            ("title".to_owned(), Value::from(self.code.title())),
            (
                "status".to_owned(),
                Value::from(f64::from(self.code.status())),
            ),
            ("code".to_owned(), Value::from(self.code.code())),
            ("errors".to_owned(), Value::List(errors.collect())),
        ]);
        if !self.message.is_empty() {
            let texts = self.message.iter();
            let texts = texts.map(|(tag, text)| (tag.clone(), Value::from(text.as_str())));
            value.set("message", Value::Object(texts.collect()));
        }
        value
    }

    /// Reads a body; nothing if it is not a problem of this contract.
    pub fn from_value(value: &Value) -> Option<Self> {
        let code = ProblemCode::of(value)?;
        let text = |error: &Value, key: &str| {
            error
                .get(key)
                .and_then(Value::as_text)
                .unwrap_or_default()
                .to_owned()
        };
        let errors = value
            .get("errors")
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .map(|error| FieldError {
                path: text(error, "path"),
                code: text(error, "code"),
                message: text(error, "message"),
            });
        let texts = value.get("message").and_then(Value::as_object);
        let texts = texts.unwrap_or_default().iter();
        let message =
            texts.filter_map(|(tag, text)| Some((tag.clone(), text.as_text()?.to_owned())));
        Some(Self {
            code,
            errors: errors.collect(),
            message: message.collect(),
        })
    }
}
