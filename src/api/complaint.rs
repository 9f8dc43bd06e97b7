//! What customers bring forward, as it is sent: their words first, then the few answers beside them.

use super::fields::Reader;
use super::limits;
use super::problem::FieldError;
use super::submission::{Context, SubmissionId};
use crate::survey::Value;

/// What a customer means by it. Only a complaint becomes a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Something went wrong.
    Complaint,
    /// Something is wanted: it gets a destination and a date for the answer.
    Request,
    /// Something could be better.
    Suggestion,
    /// Something was good.
    Praise,
}

impl Intent {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [
        Self::Complaint,
        Self::Request,
        Self::Suggestion,
        Self::Praise,
    ];

    /// The word for it on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Request => "request",
            Self::Suggestion => "suggestion",
            Self::Praise => "praise",
        }
    }

    /// The intent with this word.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intent| intent.code() == code)
    }
}

/// A complaint, request, suggestion or praise.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// Made where the words were typed; the same id is stored once however often it is sent.
    pub id: SubmissionId,
    /// What the customer means by it; a complaint where nothing is said.
    pub intent: Intent,
    /// The language of the widget, a BCP 47 tag; nothing where nobody says.
    pub locale: Option<String>,
    /// The customer's own words.
    pub text: String,
    /// `delivery`, `install`, `use`, `maintain`, `billing` or `other`.
    pub stage: String,
    /// `blocking`, `soon` or `can-wait`.
    pub urgency: String,
    /// Whether safety, emergency calls or a full outage are concerned.
    pub safety: bool,
    /// What the customer would like to have.
    pub remedy_sought: Option<String>,
    /// Who is affected.
    pub affected: Option<String>,
    /// Whom it touches: `us`, or `users`, the customer's own.
    pub affects: Option<String>,
    /// How many of the customer's own users are affected.
    pub affected_users: Option<u32>,
    /// The answer sheet that it came from, after a low score.
    pub response: Option<SubmissionId>,
    /// The customer's name.
    pub name: Option<String>,
    /// The customer's mail address.
    pub mail: Option<String>,
    /// The customer's telephone number.
    pub phone: Option<String>,
    /// Whether the customer may be written to.
    pub consent: bool,
    /// The photos that came before it.
    pub photos: Vec<SubmissionId>,
    /// Where it came from.
    pub context: Context,
    /// Whether `context.website` was filled in, a field that no person sees.
    pub is_trapped: bool,
    /// How long the form was open, in milliseconds, where it says so.
    pub elapsed_ms: Option<u64>,
}

/// The life stages, in the order in which they are asked.
pub const STAGES: [&str; 6] = ["delivery", "install", "use", "maintain", "billing", "other"];
/// The urgencies.
pub const URGENCIES: [&str; 3] = ["blocking", "soon", "can-wait"];

impl Intake {
    /// Reads a body. Fields it does not know are ignored: an older endpoint takes a newer widget. What is left out of the
    /// questions beside the words gets the middle answer: nothing may stand between a customer and a complaint.
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
        let text = reader.text(value, "text", limits::WORDS_CHARS);
        if text.as_deref().is_some_and(|text| text.trim().is_empty()) {
            reader.fault::<()>("text", "missing", "is required");
        }
        let affects = reader.one_of(value, "affects", &["", "us", "users"], "");
        let mut optional = |key, most| reader.optional(value, "", key, most);
        let intake = Self {
            id: id.unwrap_or(SubmissionId::from_bytes([0; 16])),
            text: text.unwrap_or_default(),
            remedy_sought: optional("remedy_sought", limits::WORDS_CHARS),
            affected: optional("affected", limits::CONTACT_CHARS),
            name: optional("name", limits::CONTACT_CHARS),
            mail: optional("mail", limits::CONTACT_CHARS),
            phone: optional("phone", limits::CONTACT_CHARS),
            locale: optional("locale", 35),
            intent: Intent::of(&reader.one_of(
                value,
                "intent",
                &Intent::ALL.map(Intent::code),
                Intent::Complaint.code(),
            ))
            .unwrap_or(Intent::Complaint),
            stage: reader.one_of(value, "stage", &STAGES, "other"),
            urgency: reader.one_of(value, "urgency", &URGENCIES, "soon"),
            safety: reader.flag(value, "safety"),
            affects: Some(affects).filter(|affects| !affects.is_empty()),
            affected_users: reader.number(value, "affected_users"),
            response: value
                .get("response")
                .and_then(Value::as_text)
                .and_then(SubmissionId::parse),
            consent: reader.flag(value, "consent"),
            photos: reader.ids(value, "photos", limits::PHOTOS),
            context: reader.context(value.get("context")),
            is_trapped: super::fields::is_trapped(value),
            // Nothing is refused for it.
            elapsed_ms: value.get("elapsed_ms").and_then(Value::as_count),
        };
        if reader.errors.is_empty() {
            Ok(intake)
        } else {
            Err(reader.errors)
        }
    }
}
