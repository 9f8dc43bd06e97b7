//! Publishing a survey: a checked definition becomes the next version.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::clock::Timestamp;
use super::store::{Published, Sqlite, StoreError};
use crate::api::{limits, route};
use crate::survey::definition::DefinitionError;
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
    /// What the definition says cannot be run.
    Definition(Vec<DefinitionError>),
    /// It cannot be stored.
    Store(StoreError),
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
            Self::Definition(errors) => {
                write!(
                    f,
                    "the definition cannot be published; {} to mend:",
                    errors.len()
                )?;
                errors.iter().try_for_each(|error| write!(f, "\n  {error}"))
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PublishError {}

/// Publishes the definition `text` as `survey`, in a short transaction that a running `serve` notices.
///
/// # Errors
/// Everything that is wrong with the definition, each with its place.
pub fn publish(
    data: &Path,
    survey: &str,
    text: &str,
    busy: Duration,
    now: Timestamp,
) -> Result<Published, PublishError> {
    if !route::is_survey_name(survey) {
        return Err(PublishError::Name(survey.to_owned()));
    }
    if text.len() > limits::DEFINITION_BYTES {
        return Err(PublishError::TooLarge(text.len()));
    }
    // An editor on Windows may put a byte order mark before the text; JSON has none.
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(PublishError::NotJson)?;
    Definition::from_value(&value).map_err(PublishError::Definition)?;
    std::fs::create_dir_all(data).map_err(|error| PublishError::File(data.to_owned(), error))?;
    let mut store = Sqlite::open(data, busy).map_err(PublishError::Store)?;
    store
        .publish(survey, text, now)
        .map_err(PublishError::Store)
}

/// Publishes a file; its name without ending is the survey's name unless another is given.
///
/// # Errors
/// As [`publish`].
pub fn publish_file(
    data: &Path,
    file: &Path,
    name: Option<&str>,
    busy: Duration,
    now: Timestamp,
) -> Result<(String, Published), PublishError> {
    let bytes = std::fs::read(file).map_err(|error| PublishError::File(file.to_owned(), error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        PublishError::File(file.to_owned(), std::io::Error::other(error.utf8_error()))
    })?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = name.unwrap_or(&stem).to_owned();
    let published = publish(data, &name, &text, busy, now)?;
    Ok((name, published))
}
