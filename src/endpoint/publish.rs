//! Publishing a survey: a checked definition becomes the next version.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::check::{self, Finding, Severity};
use super::clock::Timestamp;
use super::store::{Changed, Rescheduled, Sqlite, StoreError, SurveyError};
use crate::api::{limits, route};
use crate::survey::{Definition, Value};

/// Why a survey is not published. Nothing is stored then.
#[derive(Debug)]
pub enum PublishError {
    /// The file cannot be read.
    File(PathBuf, std::io::Error),
    /// The name is none.
    Name(String),
    /// The definition is larger than it may be.
    TooLarge(usize),
    /// The text is not JSON; line and column.
    NotJson(serde_json::Error),
    /// What the definition says cannot be run: everything that was found, what is refused first.
    Definition(Vec<Finding>),
    /// It cannot be stored.
    Store(StoreError),
    /// Its schedule cannot be.
    Schedule(SurveyError),
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            Self::Name(name) => write!(
                f,
                "{name:?} is no name for a survey; give one of 1 to {} of a-z, 0-9 and - with --name",
                limits::SURVEY_CHARS
            ),
            Self::TooLarge(bytes) => write!(
                f,
                "the definition has {bytes} bytes, at most {} can be published",
                limits::DEFINITION_BYTES
            ),
            Self::NotJson(error) => write!(f, "the definition is not valid JSON: {error}"),
            Self::Definition(findings) => {
                let refused = || {
                    findings
                        .iter()
                        .filter(|it| it.severity == Severity::Refused)
                };
                let count = refused().count();
                write!(f, "the definition cannot be published; {count} to mend:")?;
                refused().try_for_each(|finding| write!(f, "\n  {finding}"))
            }
            Self::Store(error) => error.fmt(f),
            Self::Schedule(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PublishError {}

impl From<SurveyError> for PublishError {
    fn from(error: SurveyError) -> Self {
        match error {
            SurveyError::Store(error) => Self::Store(error),
            other => Self::Schedule(other),
        }
    }
}

/// A definition that can be published.
#[derive(Debug)]
pub struct Checked {
    /// The survey's name.
    pub survey: String,
    /// The definition as its author wrote it.
    pub text: String,
    /// What it asks.
    pub definition: Definition,
    /// What its author may want to know, warnings first.
    pub findings: Vec<Finding>,
}

/// Checks a definition as publishing does, without publishing it.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn check(survey: &str, text: &str) -> Result<Checked, PublishError> {
    if !route::is_survey_name(survey) {
        return Err(PublishError::Name(survey.to_owned()));
    }
    if text.len() > limits::DEFINITION_BYTES {
        return Err(PublishError::TooLarge(text.len()));
    }
    // An editor on Windows may put a byte order mark before the text; JSON has none.
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(PublishError::NotJson)?;
    match check::check(&value) {
        (findings, Some(definition)) => Ok(Checked {
            survey: survey.to_owned(),
            text: text.to_owned(),
            definition,
            findings,
        }),
        (findings, None) => Err(PublishError::Definition(findings)),
    }
}

/// Checks a file; its name without ending is the survey's name unless another is given.
///
/// # Errors
/// As [`check`].
pub fn check_file(file: &Path, name: Option<&str>) -> Result<Checked, PublishError> {
    let bytes = std::fs::read(file).map_err(|error| PublishError::File(file.to_owned(), error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        PublishError::File(file.to_owned(), std::io::Error::other(error.utf8_error()))
    })?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    check(name.unwrap_or(&stem), &text)
}

impl Checked {
    /// Publishes it, in a short transaction that a running `serve` notices, together with changes to the schedule.
    ///
    /// # Errors
    /// When the schedule is none, or it cannot be stored; then nothing is.
    pub fn publish(
        &self,
        data: &Path,
        changes: &Rescheduled,
        busy: Duration,
        now: Timestamp,
    ) -> Result<Changed, PublishError> {
        std::fs::create_dir_all(data)
            .map_err(|error| PublishError::File(data.to_owned(), error))?;
        let mut store = Sqlite::open(data, busy).map_err(PublishError::Store)?;
        Ok(store.publish(&self.survey, &self.text, changes, now)?)
    }
}

/// Publishes the definition `text` as `survey`, with the schedule that the survey has.
///
/// # Errors
/// As [`check`] and [`Checked::publish`].
pub fn publish(
    data: &Path,
    survey: &str,
    text: &str,
    busy: Duration,
    now: Timestamp,
) -> Result<Changed, PublishError> {
    check(survey, text)?.publish(data, &Rescheduled::default(), busy, now)
}
