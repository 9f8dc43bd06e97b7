//! Surveys as requests need them: how a version stands is asked each time, what it says is read once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use super::availability::{Closed, Closure};
use super::clock::Timestamp;
use super::coding::{self, CODINGS};
use super::respondents::for_respondents;
use super::store::{Lateness, Reader, StoreError, SurveyState, SurveyVersion};
use crate::survey::{Definition, Value};

/// Versions kept in memory; more are read again.
const KEPT: usize = 256;

/// A definition that may be held against answers where other requests wait has at most so many bytes.
const LIGHT_BYTES: usize = 32 * 1024;

/// Looks surveys up. Other processes may publish meanwhile: what is current is remembered only until the next commit of
/// whomever.
pub struct Catalogue {
    reader: Arc<dyn Reader>,
    stood: Mutex<Stood>,
    read: RwLock<HashMap<(String, u32), Arc<Published>>>,
}

/// How surveys and their versions stand in the store.
type Stands = Option<(SurveyState, Option<SurveyVersion>)>;

/// How they stood at a stamp of the store.
#[derive(Default)]
struct Stood {
    stamp: i64,
    found: HashMap<(String, u32), Stands>,
}

/// One published version. It never changes.
#[derive(Debug)]
pub struct Published {
    /// The survey's name.
    pub survey: String,
    /// Its version.
    pub version: u32,
    /// What it asks.
    pub definition: Arc<Definition>,
    /// Whether answers are matched against patterns.
    pub has_patterns: bool,
    /// Whether answers to it are checked in no time: it is small and has no patterns.
    pub is_light: bool,
    /// The body of `GET /v1/surveys/{survey}`.
    plain: Body,
    /// The same body in each of the codings; made when the first browser asks.
    coded: OnceLock<[Option<Body>; CODINGS.len()]>,
}

/// The body of a version in one coding.
#[derive(Debug)]
pub struct Body {
    /// What is sent.
    pub bytes: Bytes,
    /// Its strong entity tag, with the quotes.
    pub etag: String,
}

/// What is shown of a survey.
#[derive(Debug)]
pub enum Shown {
    /// No such survey.
    NoSurvey,
    /// Words instead of questions.
    Closed(Closed),
    /// A version, and when the survey closes.
    Version(Arc<Published>, Option<Timestamp>),
}

/// What a sheet's survey and version name.
#[derive(Debug)]
pub enum Found {
    /// No such survey.
    NoSurvey,
    /// The survey has no such version.
    NoVersion,
    /// A version.
    Version(Arc<Published>, Standing),
}

/// How the version of a sheet stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is still taken.
    pub lateness: Lateness,
    /// Why its survey cannot be begun, if it cannot.
    pub closure: Option<Closure>,
    /// What the supplier says where a sheet is refused because the survey is closed.
    pub message: Vec<(String, String)>,
    /// Whether it is taken only from those who are invited or known.
    pub invited_only: bool,
}

impl Catalogue {
    /// A catalogue over `reader`.
    pub fn new(reader: Arc<dyn Reader>) -> Self {
        Self {
            reader,
            read: RwLock::default(),
            stood: Mutex::default(),
        }
    }

    /// What is shown of `survey` now. Blocks on the disk.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn shown(&self, survey: &str, now: Timestamp) -> Result<Shown, StoreError> {
        let Some(state) = self.reader.survey(survey)? else {
            return Ok(Shown::NoSurvey);
        };
        Ok(match (Closure::of(&state, now), &state.current) {
            (None, Some(version)) => {
                Shown::Version(self.published(version)?, state.schedule.closes_at)
            }
            (closure, _) => Shown::Closed(Closed {
                closure: closure.unwrap_or(Closure::Withdrawn),
                message: state.schedule.message,
            }),
        })
    }

    /// The version a sheet was answered in. Blocks on the disk.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn find(&self, survey: &str, version: u32, now: Timestamp) -> Result<Found, StoreError> {
        let Some((state, version)) = self.stands(survey, version)? else {
            return Ok(Found::NoSurvey);
        };
        let Some(version) = version else {
            return Ok(Found::NoVersion);
        };
        let closure = Closure::of(&state, now);
        let closed_at = state.schedule.closes_at.filter(|closes| now >= *closes);
        // Nobody but a test can have begun a survey that has not opened; its sheet waits on the device until then.
        let lateness = match closure {
            Some(Closure::NotOpen(_)) => Lateness::Early,
            Some(Closure::Withdrawn | Closure::Ended | Closure::Full) | None => {
                let ended = [version.ended_at, closed_at].into_iter().flatten().min();
                Lateness::after(ended, now)
            }
        };
        let standing = Standing {
            lateness,
            closure,
            message: state.schedule.message,
            invited_only: state.schedule.invited_only,
        };
        Ok(Found::Version(self.published(&version)?, standing))
    }

    /// Whether a version was read before and is checked in no time.
    pub fn is_light(&self, survey: &str, version: u32) -> bool {
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner);
        let published = read.get(&(survey.to_owned(), version));
        published.is_some_and(|published| published.is_light)
    }

    fn stands(&self, survey: &str, version: u32) -> Result<Stands, StoreError> {
        // Before the store is read: what is committed in between makes another stamp.
        let stamp = self.reader.stamp()?;
        let key = (survey.to_owned(), version);
        if let Some(stamp) = stamp {
            let mut stood = self.stood.lock().unwrap_or_else(PoisonError::into_inner);
            if stood.stamp != stamp {
                stood.found.clear();
                stood.stamp = stamp;
            } else if let Some(stands) = stood.found.get(&key) {
                return Ok(stands.clone());
            }
        }
        let stands = match self.reader.survey(survey)? {
            Some(state) => Some((state, self.reader.version(survey, version)?)),
            None => None,
        };
        let mut stood = self.stood.lock().unwrap_or_else(PoisonError::into_inner);
        if stamp == Some(stood.stamp) && stood.found.len() < KEPT {
            stood.found.insert(key, stands.clone());
        }
        Ok(stands)
    }

    fn published(&self, version: &SurveyVersion) -> Result<Arc<Published>, StoreError> {
        let key = (version.survey.clone(), version.version);
        if let Some(published) = self
            .read
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
        {
            return Ok(Arc::clone(published));
        }
        let text = self
            .reader
            .definition(&version.survey, version.version)?
            .ok_or(StoreError::Unreadable("survey"))?;
        let published = Arc::new(Published::read(&version.survey, version.version, &text)?);
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= KEPT {
            read.clear();
        }
        read.insert(key, Arc::clone(&published));
        Ok(published)
    }
}

impl Published {
    fn read(survey: &str, version: u32, text: &str) -> Result<Self, StoreError> {
        let unreadable = || StoreError::Unreadable("survey");
        let value: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
        let definition = Definition::of_published(&value);
        let has_patterns = has_patterns(&value);
        let body = Value::Object(vec![
            ("survey".to_owned(), Value::from(survey)),
            ("version".to_owned(), Value::from(f64::from(version))),
            ("definition".to_owned(), for_respondents(value)),
        ]);
        let body = serde_json::to_vec(&body).map_err(|_| unreadable())?;
        Ok(Self {
            survey: survey.to_owned(),
            version,
            definition: Arc::new(definition),
            is_light: text.len() <= LIGHT_BYTES && !has_patterns,
            has_patterns,
            plain: Body::of(body),
            coded: OnceLock::new(),
        })
    }

    /// The body in the best coding that the client takes, and that coding's name. Compresses at first.
    pub(super) fn body(&self, accepted: [bool; CODINGS.len()]) -> (&Body, Option<&'static str>) {
        if !accepted.contains(&true) {
            return (&self.plain, None);
        }
        let coded = self.coded.get_or_init(|| {
            [coding::brotli, coding::gzip].map(|compress| {
                let bytes = compress(&self.plain.bytes).ok()?;
                (bytes.len() < self.plain.bytes.len()).then(|| Body::of(bytes))
            })
        });
        let coded = coded.iter().zip(CODINGS).zip(accepted);
        coded
            .filter(|(_, is_accepted)| *is_accepted)
            .find_map(|((body, (coding, _)), _)| Some((body.as_ref()?, Some(coding))))
            .unwrap_or((&self.plain, None))
    }
}

/// Whether a validator with a pattern stands anywhere in a definition.
fn has_patterns(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().any(has_patterns),
        Value::Object(entries) => {
            let mut entries = entries.iter();
            entries.any(|(name, part)| name == "regex" || has_patterns(part))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

impl Body {
    fn of(bytes: Vec<u8>) -> Self {
        let tag = Sha256::digest(&bytes)
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        Self {
            bytes: bytes.into(),
            etag: format!("\"{tag}\""),
        }
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Catalogue(…)")
    }
}
