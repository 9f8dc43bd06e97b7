//! The Scores page: what is counted of every sheet, kept beside the sheets and read in a moment, however many there are.
//!
//! A sheet is counted behind the transaction that stores it, so that taking answers costs no more; a page that asks counts
//! what came in since. See `store/scores.rs` for how a sheet that changes or goes takes back what it gave.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

use super::results::{Measured, stored_as};
use super::store::{Cell, ReadSqlite, Reader, Sqlite, StoreError, WaveCount};
use crate::api::scores::{
    Answered, Counts, CustomerWords, MOST_SLICES, MetricScores, Named, Scores, Slice, SurveyScores,
    Wave,
};
use crate::messages::Language;
use crate::survey::{Definition, LocalizedText, Value};

/// One sheet.
mod sheet;
/// Figures for spreadsheets.
mod table;

use sheet::{ANSWERED, Asked, LEFT, RULES, SHEETS, SLICES, TIME, asking, month};
pub use table::csv;

/// The newest words that are shown beside the figures.
const WORDS: u32 = 20;
/// So many sheets are counted in one transaction.
const AT_ONCE: u32 = 500;
/// So many are counted before a page is answered; the rest is said to wait.
const BEFORE_A_PAGE: usize = 2_000;
/// After counting what became of invitations it is left alone for so many times as long as it took.
const WAVES_REST: u32 = 20;
/// Versions of surveys kept in memory; beyond that all are read anew.
const KEPT: usize = 64;

/// Versions by survey and number; nothing where a definition cannot be read.
type Versions = HashMap<(String, u32), Option<Arc<Asked>>>;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Only this survey.
    pub survey: Option<String>,
    /// Where months begin.
    pub zone: TimeZone,
    /// The name of that zone.
    pub zone_name: String,
    /// Whether the newest words of customers are among it.
    pub shows_words: bool,
}

/// What is counted, over connections of its own.
pub struct Tally {
    store: Mutex<Sqlite>,
    reader: ReadSqlite,
    versions: Mutex<Versions>,
    waves: Mutex<Option<Waves>>,
}

/// What became of all invitations, as it was counted last.
struct Waves {
    counts: Vec<WaveCount>,
    at: Instant,
    took: Duration,
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tally").finish_non_exhaustive()
    }
}

impl Tally {
    /// Over a data folder. What was counted by the rules of another program is counted anew.
    ///
    /// # Errors
    /// When the store fails.
    pub fn new(mut store: Sqlite, reader: ReadSqlite) -> Result<Self, StoreError> {
        store.count_by(RULES)?;
        Ok(Self {
            store: Mutex::new(store),
            reader,
            versions: Mutex::default(),
            waves: Mutex::default(),
        })
    }

    /// Counts at most `most` sheets that are not counted yet, or that changed; says how many there were. 0: it has caught up.
    ///
    /// # Errors
    /// When the store fails; what was counted before stands, the rest is counted next time.
    pub fn catch_up(&self, most: usize) -> Result<usize, StoreError> {
        let mut counted = 0;
        while counted < most {
            let left = u32::try_from(most - counted).unwrap_or(AT_ONCE);
            let found = self.reader.uncounted(left.min(AT_ONCE))?;
            if found.sheets.is_empty() {
                break;
            }
            let mut sheets = Vec::with_capacity(found.sheets.len());
            for (seq, response) in &found.sheets {
                sheets.push(match self.asked(&response.survey, response.version)? {
                    Some(asked) => asked.tally(*seq, response)?,
                    None => sheet::uncounted(*seq, response),
                });
            }
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            // Somebody else who counts was faster: these are counted, others may not be.
            store.tally(found.from, found.to, &sheets)?;
            counted += sheets.len();
        }
        Ok(counted)
    }

    /// Forgets all that was counted, so that everything is counted anew.
    ///
    /// # Errors
    /// Then nothing is forgotten.
    pub fn count_anew(&self) -> Result<(), StoreError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.count_anew(RULES)
    }

    /// How many sheets are not counted yet, at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn waiting(&self) -> Result<u64, StoreError> {
        self.reader.count_uncounted()
    }

    /// What the page shows: every survey's sheets but tests and those that another replaced, each once.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn scores(&self, wanted: &Wanted) -> Result<Scores, StoreError> {
        // A store that cannot be written now still shows what was counted, and says what was not.
        match self.catch_up(BEFORE_A_PAGE) {
            Ok(_) | Err(StoreError::Locked | StoreError::Full) => {}
            Err(error) => return Err(error),
        }
        let survey = wanted.survey.as_deref();
        let mut surveys: BTreeMap<String, Shown> = BTreeMap::new();
        for version in self.reader.surveys()? {
            if survey.is_some_and(|survey| survey != version.survey) {
                continue;
            }
            if let Some(asked) = self.asked(&version.survey, version.version)? {
                surveys.entry(version.survey).or_default().learn(&asked);
            }
        }
        let mut months = HashMap::new();
        for (cell, n) in self.reader.score_cells(survey, MOST_SLICES)? {
            if let Some(shown) = surveys.get_mut(&cell.survey) {
                shown.add(&cell, n, |name| {
                    let month = |at: &str| month(at.parse().unwrap_or_default(), &wanted.zone);
                    let month = months.entry(name.to_owned()).or_insert_with(|| month(name));
                    month.clone()
                });
            }
        }
        let mut waves = self.waves()?;
        let mut found = Vec::new();
        for (name, shown) in surveys {
            let mut scores = shown.scores(&name);
            let of_survey = |wave: &mut WaveCount| wave.survey == name;
            scores.waves = waves.extract_if(.., of_survey).map(wave).collect();
            if wanted.shows_words {
                scores.words = self.words(&name)?;
            }
            found.push(scores);
        }
        Ok(Scores {
            time_zone: wanted.zone_name.clone(),
            waiting: self.waiting()?,
            surveys: found,
        })
    }

    /// What became of all invitations. They are counted each time, but not again before so long: with tens of thousands that
    /// takes a part of a second, and every page that is open asks for it every three.
    fn waves(&self) -> Result<Vec<WaveCount>, StoreError> {
        let mut kept = self.waves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waves) = &*kept
            && waves.at.elapsed() < waves.took.saturating_mul(WAVES_REST)
        {
            return Ok(waves.counts.clone());
        }
        let at = Instant::now();
        let counts = self.reader.wave_counts(None)?;
        *kept = Some(Waves {
            counts: counts.clone(),
            at,
            took: at.elapsed(),
        });
        Ok(counts)
    }

    /// The newest words of a survey's customers, from the sheets themselves: what was erased is nowhere.
    fn words(&self, survey: &str) -> Result<Vec<CustomerWords>, StoreError> {
        let mut words = Vec::new();
        for sheet in self.reader.worded(survey, WORDS)? {
            let Some(asked) = self.asked(&sheet.survey, sheet.version)? else {
                continue;
            };
            let unreadable = |_| StoreError::Unreadable("answer sheet");
            let answers: Value = serde_json::from_str(&sheet.answers).map_err(unreadable)?;
            let score = asked.score(&answers);
            words.extend(asked.words(&answers).map(|(question, text)| CustomerWords {
                at: sheet.received_at.to_string(),
                question: question.to_owned(),
                text: text.to_owned(),
                locale: sheet.locale.clone(),
                score: score.clone(),
            }));
        }
        words.truncate(WORDS as usize);
        Ok(words)
    }

    fn asked(&self, survey: &str, version: u32) -> Result<Option<Arc<Asked>>, StoreError> {
        let key = (survey.to_owned(), version);
        let mut known = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asked) = known.get(&key) {
            return Ok(asked.clone());
        }
        let text = self.reader.definition(survey, version)?.unwrap_or_default();
        let value = serde_json::from_str(&text).ok();
        let definition = value.and_then(|value| Definition::from_value(&value).ok());
        let asked = definition.map(|definition| Arc::new(Asked::of(definition)));
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, asked.clone());
        Ok(asked)
    }
}

/// One survey while its cells are put together.
#[derive(Default)]
struct Shown {
    scores: SurveyScores,
    measures: Vec<Shape>,
    /// Under which name answers are stored: its place among `scores.answered`.
    places: HashMap<String, usize>,
}

/// What is counted of one metric.
struct Shape {
    measured: Measured,
    title: Vec<(String, String)>,
    all: Counts,
    periods: BTreeMap<String, Counts>,
    slices: [HashMap<String, Counts>; SLICES.len()],
}

impl Shown {
    /// Takes in a version. A later version's words replace an earlier one's.
    fn learn(&mut self, asked: &Asked) {
        self.scores.title = texts(&asked.definition.title);
        for question in asking(&asked.definition) {
            let answered = &mut self.scores.answered;
            let name = stored_as(question);
            let place = *self.places.entry(name.to_owned()).or_insert_with(|| {
                answered.push(Answered {
                    question: name.to_owned(),
                    ..Answered::default()
                });
                answered.len() - 1
            });
            if let Some(answered) = answered.get_mut(place) {
                answered.title = texts(&question.title);
            }
            for measured in &asked.measured {
                if measured.question != name {
                    continue;
                }
                let title = texts(&question.title);
                match self
                    .measures
                    .iter_mut()
                    .find(|shape| shape.measured == *measured)
                {
                    Some(known) => known.title = title,
                    None => self.measures.push(Shape {
                        measured: measured.clone(),
                        title,
                        all: Counts::default(),
                        periods: BTreeMap::new(),
                        slices: Default::default(),
                    }),
                }
            }
        }
    }

    fn add(&mut self, cell: &Cell, n: u64, month: impl FnOnce(&str) -> String) {
        let scores = &mut self.scores;
        let place = self.places.get(&cell.question);
        let answered = place.and_then(|place| scores.answered.get_mut(*place));
        match (cell.by.as_str(), answered) {
            (SHEETS, _) if cell.complete => scores.complete += n,
            (SHEETS, _) => scores.partial += n,
            (ANSWERED, Some(answered)) => answered.sheets += n,
            (LEFT, Some(answered)) => answered.left += n,
            (LEFT, None) => scores.left_at_once += n,
            (ANSWERED, None) => {}
            (by, _) => {
                let shape = self.measures.iter_mut().find(|shape| {
                    let Measured {
                        question,
                        metric,
                        scale,
                    } = &shape.measured;
                    let is_metric = *question == cell.question && metric.name() == cell.metric;
                    is_metric && (scale.low(), scale.high()) == (cell.low, cell.high)
                });
                let Some(shape) = shape else { return };
                let count = |counts: &mut Counts| {
                    let scale = shape.measured.scale;
                    counts.points.resize(scale.points() as usize, 0);
                    let place = usize::try_from(i64::from(cell.point) - i64::from(cell.low));
                    let point = place.ok().and_then(|place| counts.points.get_mut(place));
                    if let Some(point) = point {
                        *point += n;
                    }
                    counts.complete += if cell.complete { n } else { 0 };
                };
                if by == TIME {
                    count(&mut shape.all);
                    count(shape.periods.entry(month(&cell.name)).or_default());
                } else if let Some(place) = SLICES.iter().position(|known| *known == by)
                    && let Some(slice) = shape.slices.get_mut(place)
                {
                    count(slice.entry(cell.name.clone()).or_default());
                }
            }
        }
    }

    fn scores(self, name: &str) -> SurveyScores {
        let mut scores = self.scores;
        name.clone_into(&mut scores.survey);
        scores.metrics = self.measures.into_iter().map(Shape::scores).collect();
        scores
    }
}

impl Shape {
    fn scores(self) -> MetricScores {
        let scale = self.measured.scale;
        let mut all = self.all;
        all.points.resize(scale.points() as usize, 0);
        let named = |(name, counts)| Named { name, counts };
        let slices = SLICES.iter().zip(self.slices).map(|(by, found)| {
            let mut found: Vec<_> = found.into_iter().map(named).collect();
            let n = |one: &Named| one.counts.n();
            found.sort_by(|a, b| n(b).cmp(&n(a)).then_with(|| a.name.cmp(&b.name)));
            found.truncate(MOST_SLICES);
            Slice {
                by: (*by).to_owned(),
                found,
            }
        });
        MetricScores {
            question: self.measured.question,
            title: self.title,
            metric: self.measured.metric.name().to_owned(),
            low: scale.low(),
            high: scale.high(),
            all,
            periods: self.periods.into_iter().map(named).collect(),
            slices: slices.filter(|slice| !slice.found.is_empty()).collect(),
        }
    }
}

fn wave(count: WaveCount) -> Wave {
    Wave {
        delivered: count.delivered(),
        wave: count.wave,
        planned: count.planned,
        sent: count.sent,
        bounced: count.bounced,
        answered: count.answered,
        begun: count.begun,
        not_sent: count.suppressed,
    }
}

/// A title in each of our own languages.
fn texts(title: &LocalizedText) -> Vec<(String, String)> {
    let each = Language::ALL.iter().map(|language| {
        let tag = language.tag();
        (tag.to_owned(), title.resolve(tag).to_owned())
    });
    each.collect()
}
