//! Reading the fields of a body one by one, and noting every fault instead of stopping at the first.

use super::limits;
use super::problem::FieldError;
use super::submission::{CHANNELS, Context, SubmissionId};
use crate::survey::Value;

/// The faults found so far.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) errors: Vec<FieldError>,
}

/// Whether somebody filled in `context.website`: no person sees it, and the contract asks to leave it out. Whoever fills in
/// every field fills it in, too.
pub fn is_trapped(body: &Value) -> bool {
    let context = body.get("context");
    let trap = context.and_then(|context| context.get("website"));
    !matches!(trap, None | Some(Value::Null)) && trap.and_then(Value::as_text) != Some("")
}

impl Reader {
    /// Notes a fault and stands in with an empty value: the body is refused in any case.
    pub(super) fn fault<T: Default>(&mut self, path: &str, code: &str, message: &str) -> T {
        self.errors.push(FieldError {
            path: path.to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        });
        T::default()
    }

    pub(super) fn text(&mut self, value: &Value, key: &str, most: usize) -> Option<String> {
        let found = self.optional(value, "", key, most);
        if found.is_none() && !self.errors.iter().any(|error| error.path == key) {
            self.fault::<()>(key, "missing", "is required");
        }
        found
    }

    pub(super) fn optional(
        &mut self,
        value: &Value,
        within: &str,
        key: &str,
        most: usize,
    ) -> Option<String> {
        let path = [within, key].concat();
        match value.get(key) {
            Some(Value::Text(text)) if text.chars().nth(most).is_some() => {
                self.fault(&path, "too-long", "is too long")
            }
            Some(Value::Text(text)) => (!text.is_empty()).then(|| text.clone()),
            Some(Value::Null) | None => None,
            Some(_) => self.fault(&path, "wrong-type", "must be a text"),
        }
    }

    /// 32 hexadecimal digits.
    pub(super) fn id(&mut self, value: &Value, key: &str) -> Option<SubmissionId> {
        let id = SubmissionId::parse(&self.text(value, key, 32)?);
        if id.is_none() {
            self.fault::<()>(key, "malformed", "must be 32 lower-case hexadecimal digits");
        }
        id
    }

    /// A list of ids that may be left out.
    pub(super) fn ids(&mut self, value: &Value, key: &str, most: usize) -> Vec<SubmissionId> {
        let list = match value.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(list) => list.as_list().unwrap_or(&[Value::Null]),
        };
        let id = |id: &Value| id.as_text().and_then(SubmissionId::parse);
        let ids: Vec<_> = list.iter().filter_map(id).collect();
        if ids.len() < list.len() || ids.len() > most {
            let message = "must be a short list of ids, each 32 lower-case hexadecimal digits";
            self.fault::<()>(key, "malformed", message);
        }
        ids
    }

    /// One of these words, or `usual` where there is none.
    pub(super) fn one_of(
        &mut self,
        value: &Value,
        key: &str,
        words: &[&str],
        usual: &str,
    ) -> String {
        let found = self.optional(value, "", key, 40);
        let found = found.unwrap_or_else(|| usual.to_owned());
        if !words.contains(&found.as_str()) {
            let message = ["must be one of ", &words.join(", ")].concat();
            self.fault::<()>(key, "unknown", &message);
        }
        found
    }

    /// True or false; false where there is none.
    pub(super) fn flag(&mut self, value: &Value, key: &str) -> bool {
        match value.get(key) {
            Some(Value::Bool(flag)) => *flag,
            None | Some(Value::Null) => false,
            Some(_) => self.fault(key, "wrong-type", "must be true or false"),
        }
    }

    /// A whole number, or none.
    pub(super) fn number(&mut self, value: &Value, key: &str) -> Option<u32> {
        let found = match value.get(key) {
            None | Some(Value::Null) => return None,
            Some(found) => found.as_count(),
        };
        let number = found.and_then(|number| u32::try_from(number).ok());
        if number.is_none() {
            self.fault::<()>(key, "wrong-type", "must be a whole number");
        }
        number
    }

    pub(super) fn count(&mut self, value: &Value, key: &str, least: u64, most: u64) -> u64 {
        match value.get(key).map(Value::as_count) {
            Some(Some(count)) if (least..=most).contains(&count) => count,
            Some(Some(_)) => self.fault(key, "out-of-range", "is outside what it can be"),
            Some(None) => self.fault(key, "wrong-type", "must be a whole number"),
            None => self.fault(key, "missing", "is required"),
        }
    }

    pub(super) fn context(&mut self, value: Option<&Value>) -> Context {
        let empty = Value::Object(Vec::new());
        let value = match value {
            Some(value @ Value::Object(_)) => value,
            None | Some(Value::Null) => &empty,
            Some(_) => {
                self.fault::<()>("context", "wrong-type", "must be an object");
                &empty
            }
        };
        let channel = self
            .optional(value, "context.", "channel", 20)
            .unwrap_or_else(|| "embed".to_owned());
        if !CHANNELS.contains(&channel.as_str()) {
            self.fault::<()>(
                "context.channel",
                "unknown",
                "must be embed, page, mail, qr or frame",
            );
        }
        let test = match value.get("test") {
            Some(Value::Bool(test)) => *test,
            None | Some(Value::Null) => false,
            Some(_) => self.fault("context.test", "wrong-type", "must be true or false"),
        };
        let mut reference = |key, most| self.optional(value, "context.", key, most);
        Context {
            channel,
            delivery: reference("delivery", limits::REFERENCE_CHARS),
            account: reference("account", limits::REFERENCE_CHARS),
            contact: reference("contact", limits::REFERENCE_CHARS),
            invitation: reference("invitation", limits::TOKEN_CHARS),
            identity: reference("identity", limits::TOKEN_CHARS),
            test,
            fields: self.fields(value.get("fields")),
        }
    }

    fn fields(&mut self, value: Option<&Value>) -> Vec<(String, Value)> {
        let fields = match value {
            Some(Value::Object(fields)) => fields,
            None | Some(Value::Null) => return Vec::new(),
            Some(_) => {
                return self.fault(
                    "context.fields",
                    "wrong-type",
                    "must be an object from name to value",
                );
            }
        };
        if fields.len() > limits::FIELDS {
            return self.fault("context.fields", "too-many", "has too many fields");
        }
        for (name, field) in fields {
            let path = || ["context.fields.", name].concat();
            let fits = |text: &str| text.chars().nth(limits::REFERENCE_CHARS).is_none();
            match field {
                Value::Text(text) if !fits(text) => self.fault(&path(), "too-long", "is too long"),
                Value::Text(_) | Value::Number(_) | Value::Bool(_) if fits(name) => {}
                _ => self.fault(
                    &path(),
                    "wrong-type",
                    "must be a text, a number, true or false",
                ),
            }
        }
        fields.clone()
    }
}
