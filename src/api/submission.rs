//! Answer sheets as they are sent, and the receipts that say they are on disk.

use std::fmt;

use super::fields::Reader;
use super::limits;
use super::problem::FieldError;
use super::route::is_survey_name;
use crate::survey::Value;

/// The id of one answer sheet: 128 bits made in the browser, the only key of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubmissionId([u8; 16]);

impl SubmissionId {
    /// An id of these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; 16];
        let digits: Vec<u8> = text.bytes().map(digit).collect::<Option<_>>()?;
        if digits.len() != 32 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |byte, digit| byte << 4 | digit);
        }
        Some(Self(bytes))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for SubmissionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        let text: String = self
            .0
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect();
        formatter.write_str(&text)
    }
}

/// A whole or partial answer sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// The sheet's id.
    pub id: SubmissionId,
    /// The survey's name.
    pub survey: String,
    /// The version of the survey that was shown, from 1.
    pub version: u32,
    /// Counts what was sent of this sheet, from 1; a higher one replaces a lower one while it is not complete.
    pub revision: u32,
    /// Whether the respondent has finished.
    pub complete: bool,
    /// The language it was answered in, a BCP 47 tag.
    pub locale: String,
    /// When it was begun, by the browser's clock: RFC 3339 in UTC.
    pub started_at: String,
    /// How long it took so far, in milliseconds.
    pub elapsed_ms: u64,
    /// The name of the page that was reached.
    pub page: Option<String>,
    /// An object from question name to answer, in SurveyJS's shape.
    pub answers: Value,
    /// Where it came from.
    pub context: Context,
}

/// Where a sheet came from. Without a signed invitation or identity these are claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// `embed`, `page`, `mail`, `qr` or `frame`.
    pub channel: String,
    /// The supplier's reference of the delivery.
    pub delivery: Option<String>,
    /// The customer's account.
    pub account: Option<String>,
    /// The person.
    pub contact: Option<String>,
    /// A signed invitation.
    pub invitation: Option<String>,
    /// An identity signed by the portal's server.
    pub identity: Option<String>,
    /// Whether it only tries the survey out: kept, and never counted. Absent on the wire where it is not.
    pub test: bool,
    /// Hidden fields of the page, from `context-*` attributes.
    pub fields: Vec<(String, Value)>,
}

/// The channels there are.
pub const CHANNELS: [&str; 5] = ["embed", "page", "mail", "qr", "frame"];

/// The endpoint's word that a sheet is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The sheet's id.
    pub id: SubmissionId,
    /// What a person can quote: `7K3M-9XPD`.
    pub receipt: String,
    /// When the sheet was first stored: RFC 3339 in UTC.
    pub received_at: String,
    /// The revision that is stored.
    pub revision: u32,
    /// Whether the stored sheet is complete.
    pub complete: bool,
    /// Whether it is a test, which never counts. Absent on the wire where it is not.
    pub test: bool,
}

impl Submission {
    /// Reads a body. Fields it does not know are ignored: an older endpoint takes a newer widget.
    ///
    /// # Errors
    /// Every field that is missing, malformed or too large.
    pub fn from_value(value: &Value) -> Result<Self, Vec<FieldError>> {
        let mut reader = Reader::default();
        if value.as_object().is_none() {
            reader.fault::<()>("", "wrong-type", "the body must be a JSON object");
            return Err(reader.errors);
        }
        let id = reader.id(value, "id");
        let survey = reader.text(value, "survey", limits::SURVEY_CHARS);
        if survey.as_deref().is_some_and(|name| !is_survey_name(name)) {
            reader.fault::<()>("survey", "malformed", "must be 1 to 64 of a-z, 0-9 and -");
        }
        let answers = match value.get("answers") {
            Some(answers @ Value::Object(_)) => answers.clone(),
            Some(_) => reader.fault(
                "answers",
                "wrong-type",
                "must be an object from question name to answer",
            ),
            None => reader.fault("answers", "missing", "is required"),
        };
        let submission = Self {
            id: id.unwrap_or(SubmissionId([0; 16])),
            survey: survey.unwrap_or_default(),
            version: reader.count(value, "version", 1, u64::from(u32::MAX)) as u32,
            revision: reader.count(value, "revision", 1, limits::REVISIONS) as u32,
            complete: match value.get("complete") {
                Some(Value::Bool(complete)) => *complete,
                Some(_) => reader.fault("complete", "wrong-type", "must be true or false"),
                None => reader.fault("complete", "missing", "is required"),
            },
            locale: reader.text(value, "locale", 35).unwrap_or_default(),
            started_at: reader.text(value, "started_at", 40).unwrap_or_default(),
            elapsed_ms: reader.count(value, "elapsed_ms", 0, limits::ELAPSED_MS),
            page: reader.optional(value, "", "page", limits::PAGE_CHARS),
            answers,
            context: reader.context(value.get("context")),
        };
        if reader.errors.is_empty() {
            Ok(submission)
        } else {
            Err(reader.errors)
        }
    }

    /// The body.
    pub fn to_value(&self) -> Value {
        let mut value = Value::Object(vec![
            ("id".to_owned(), Value::Text(self.id.to_string())),
            ("survey".to_owned(), Value::from(self.survey.as_str())),
            ("version".to_owned(), Value::from(f64::from(self.version))),
            ("revision".to_owned(), Value::from(f64::from(self.revision))),
            ("complete".to_owned(), Value::from(self.complete)),
            ("locale".to_owned(), Value::from(self.locale.as_str())),
            (
                "started_at".to_owned(),
                Value::from(self.started_at.as_str()),
            ),
            ("elapsed_ms".to_owned(), Value::from(self.elapsed_ms as f64)),
        ]);
        value.set("page", optional(self.page.as_deref()));
        value.set("answers", self.answers.clone());
        value.set("context", self.context.to_value());
        value
    }
}

impl Context {
    fn to_value(&self) -> Value {
        let mut value = Value::Object(vec![(
            "channel".to_owned(),
            Value::from(self.channel.as_str()),
        )]);
        let references = [
            ("delivery", &self.delivery),
            ("account", &self.account),
            ("contact", &self.contact),
            ("invitation", &self.invitation),
            ("identity", &self.identity),
        ];
        for (key, reference) in references {
            value.set(key, optional(reference.as_deref()));
        }
        if self.test {
            value.set("test", Value::Bool(true));
        }
        if !self.fields.is_empty() {
            value.set("fields", Value::Object(self.fields.clone()));
        }
        value
    }
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

impl Receipt {
    /// Reads a body; nothing if it is not a receipt, as a captive portal's page is not.
    pub fn from_value(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_text);
        Some(Self {
            id: SubmissionId::parse(text("id")?)?,
            receipt: text("receipt")?.to_owned(),
            received_at: text("received_at")?.to_owned(),
            revision: u32::try_from(value.get("revision")?.as_count()?).ok()?,
            complete: value.get("complete")?.as_bool()?,
            test: value.get("test").and_then(Value::as_bool) == Some(true),
        })
    }

    /// The body.
    pub fn to_value(&self) -> Value {
        let mut value = Value::Object(vec![
            ("id".to_owned(), Value::Text(self.id.to_string())),
            ("receipt".to_owned(), Value::from(self.receipt.as_str())),
            (
                "received_at".to_owned(),
                Value::from(self.received_at.as_str()),
            ),
            ("revision".to_owned(), Value::from(f64::from(self.revision))),
            ("complete".to_owned(), Value::from(self.complete)),
        ]);
        if self.test {
            value.set("test", Value::Bool(true));
        }
        value
    }
}
