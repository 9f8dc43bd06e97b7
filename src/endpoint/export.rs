//! Everything out: one row or line for each response, streamed, beside a running endpoint.

use std::fmt;
use std::io::{self, Write};

use super::store::{Filter, ReadSqlite, StoreError, StoredResponse};
use crate::survey::definition::COMMENT_SUFFIX;
use crate::survey::javascript;
use crate::survey::{Definition, Value};

/// Why an export broke off.
#[derive(Debug)]
pub enum ExportError {
    /// The store cannot be read.
    Store(StoreError),
    /// What takes the export cannot be written to.
    Output(io::Error),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Output(error) => write!(f, "the export cannot be written: {error}"),
        }
    }
}

impl std::error::Error for ExportError {}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        Self::Output(error.into())
    }
}

/// The columns before the answers.
const COLUMNS: [&str; 20] = [
    "id",
    "receipt",
    "survey",
    "version",
    "revision",
    "complete",
    "late",
    "test",
    "suspect",
    "received_at",
    "updated_at",
    "started_at",
    "elapsed_ms",
    "locale",
    "channel",
    "delivery",
    "account",
    "contact",
    "verified",
    "page",
];

/// Writes JSON lines: every text exactly as it was sent.
///
/// # Errors
/// When the store or the output fails; what was written until then is whole lines.
pub fn jsonl(
    reader: &ReadSqlite,
    filter: Filter<'_>,
    output: &mut impl Write,
) -> Result<(), ExportError> {
    reader.for_each_response(filter, |response| -> Result<(), ExportError> {
        let mut line = serde_json::to_vec(&object(&response)?).map_err(io::Error::other)?;
        line.push(b'\n');
        output.write_all(&line)?;
        Ok(())
    })?;
    Ok(output.flush()?)
}

/// Writes a table that a spreadsheet opens: one column for each question in the order of the definition, a byte order
/// mark so that Chinese is shown, and no cell that is taken for a formula.
///
/// # Errors
/// When the store or the output fails.
pub fn csv(
    reader: &ReadSqlite,
    filter: Filter<'_>,
    output: &mut impl Write,
) -> Result<(), ExportError> {
    let names = answer_columns(reader, filter)?;
    output.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(output);
    let header = COLUMNS
        .iter()
        .copied()
        .chain(names.iter().map(String::as_str))
        .chain(["fields"]);
    table.write_record(header.map(safe))?;
    reader.for_each_response(filter, |response| -> Result<(), ExportError> {
        let answers = parsed(&response.answers)?;
        let numbers = [response.version, response.revision].map(|number| number.to_string());
        let flag = |truth: bool| if truth { "true" } else { "false" }.to_owned();
        let [version, revision] = numbers;
        let fixed = [
            response.id.to_string(),
            response.receipt.clone(),
            response.survey.clone(),
            version,
            revision,
            flag(response.complete),
            flag(response.late),
            flag(response.test),
            flag(response.suspect),
            response.received_at.to_string(),
            response.updated_at.to_string(),
            safe(&response.started_at),
            response.elapsed_ms.to_string(),
            safe(&response.locale),
            safe(&response.channel),
            safe(response.delivery.as_deref().unwrap_or_default()),
            safe(response.account.as_deref().unwrap_or_default()),
            safe(response.contact.as_deref().unwrap_or_default()),
            flag(response.verified),
            safe(response.page.as_deref().unwrap_or_default()),
        ];
        let answered = names
            .iter()
            .map(|name| answers.get(name).map(cell).unwrap_or_default());
        let fields = if response.fields == "{}" {
            String::new()
        } else {
            safe(&response.fields)
        };
        table.write_record(fixed.into_iter().chain(answered).chain([fields]))?;
        Ok(())
    })?;
    Ok(table.flush()?)
}

pub(super) fn object(response: &StoredResponse) -> Result<Value, StoreError> {
    let optional = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
    let entries = [
        ("id", Value::Text(response.id.to_string())),
        ("receipt", Value::from(response.receipt.as_str())),
        ("survey", Value::from(response.survey.as_str())),
        ("version", Value::from(f64::from(response.version))),
        ("revision", Value::from(f64::from(response.revision))),
        ("complete", Value::from(response.complete)),
        ("late", Value::from(response.late)),
        ("test", Value::from(response.test)),
        ("suspect", Value::from(response.suspect)),
        ("received_at", Value::Text(response.received_at.to_string())),
        ("updated_at", Value::Text(response.updated_at.to_string())),
        ("started_at", Value::from(response.started_at.as_str())),
        ("elapsed_ms", Value::from(response.elapsed_ms as f64)),
        ("locale", Value::from(response.locale.as_str())),
        ("channel", Value::from(response.channel.as_str())),
        ("delivery", optional(&response.delivery)),
        ("account", optional(&response.account)),
        ("contact", optional(&response.contact)),
        ("verified", Value::from(response.verified)),
        ("page", optional(&response.page)),
        ("answers", parsed(&response.answers)?),
        ("fields", parsed(&response.fields)?),
    ];
    Ok(Value::Object(
        entries.map(|(key, value)| (key.to_owned(), value)).into(),
    ))
}

fn parsed(text: &str) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable("answer sheet"))
}

/// The questions of the newest version of each survey, then those only older versions had, each followed by its
/// comment if one was ever given; then whatever else answers are stored under.
fn answer_columns(reader: &ReadSqlite, filter: Filter<'_>) -> Result<Vec<String>, StoreError> {
    let mut stored = reader.answer_names(filter)?;
    stored.sort();
    let mut names: Vec<String> = Vec::new();
    let mut versions = reader.surveys()?;
    versions.retain(|version| filter.survey.is_none_or(|survey| survey == version.survey));
    versions.sort_by(|a, b| a.survey.cmp(&b.survey).then(b.version.cmp(&a.version)));
    for version in versions {
        let text = super::store::Reader::definition(reader, &version.survey, version.version)?
            .unwrap_or_default();
        let definition = serde_json::from_str(&text)
            .ok()
            .map(|value| Definition::of_published(&value));
        for question in definition.iter().flat_map(Definition::questions) {
            let comment = [&question.name, COMMENT_SUFFIX].concat();
            for name in [
                Some(question.name.clone()),
                stored.contains(&comment).then_some(comment),
            ]
            .into_iter()
            .flatten()
            {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    let others: Vec<_> = stored
        .into_iter()
        .filter(|name| !names.contains(name))
        .collect();
    names.extend(others);
    Ok(names)
}

/// An answer in one cell: a number stays a number, a choice of several is joined.
fn cell(answer: &Value) -> String {
    match answer {
        Value::Null => String::new(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => javascript::text_of_number(*number),
        Value::Text(text) => safe(text),
        Value::List(items) => safe(&items.iter().map(plain).collect::<Vec<_>>().join("; ")),
        Value::Object(_) => safe(&plain(answer)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// A text that no spreadsheet takes for a formula: one that begins like it gets an apostrophe before it.
/// A plain negative number is none.
pub(super) fn safe(text: &str) -> String {
    let begins_formula = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
    ]);
    let digits = text.strip_prefix('-').unwrap_or_default();
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.parse::<f64>().is_ok();
    if begins_formula && !is_number {
        ["'", text].concat()
    } else {
        text.to_owned()
    }
}
