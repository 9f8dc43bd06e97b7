//! What a survey asks: pages, questions and choices, as read from SurveyJS JSON.

mod error;
mod reader;

pub use error::{DefinitionError, DefinitionFault};

use std::sync::Arc;

use super::expression::Expression;
use super::text::{LocalizedText, language_of};
use super::value::Value;

/// The longest answer in words where the definition sets no `maxLength`, in characters.
pub const MAX_TEXT_CHARS: usize = 10_000;

/// A survey as its author defined it.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The survey's own language, which texts without a tag are in; `en` if it names none.
    pub locale: String,
    /// What it is called.
    pub title: LocalizedText,
    /// What the respondent reads after the last page.
    pub completed: LocalizedText,
    /// The text of the button that sends the answers, where the author wants another than ours.
    pub complete_text: LocalizedText,
    /// Whether it shows how far the respondent has come.
    pub shows_progress: bool,
    /// Whether one can go back.
    pub allows_back: bool,
    /// Whether a page whose only question was answered by a pointer goes on by itself.
    pub auto_advance: bool,
    /// The pages in order.
    pub pages: Vec<Page>,
}

/// One page: questions that are shown together.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its name, unique among the pages.
    pub name: String,
    /// Its heading; often none.
    pub title: LocalizedText,
    /// What stands under the heading.
    pub description: LocalizedText,
    /// When it is shown; always if absent.
    pub visible_if: Option<Expression>,
    /// The questions in order.
    pub questions: Vec<Arc<Question>>,
}

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The name its answer is stored under.
    pub name: String,
    /// The question itself; its name where the author gave no title.
    pub title: LocalizedText,
    /// A hint under it.
    pub description: LocalizedText,
    /// Whether the respondent must answer it to go on.
    pub is_required: bool,
    /// What the respondent reads when they did not, where the author wants another text than ours.
    pub required_error: LocalizedText,
    /// When it is shown; always if absent.
    pub visible_if: Option<Expression>,
    /// How it is answered.
    pub kind: Kind,
    /// The measure its answers go into.
    pub metric: Option<Metric>,
    /// What its rating is about (`timeliness`, `communication` …), for finding drivers.
    pub aspect: Option<String>,
    /// An answer below this asks whether it is to be treated as a complaint.
    pub complaint_below: Option<f64>,
}

/// How a question is answered; SurveyJS's type names in camel case.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// One point on a scale.
    Rating(Rating),
    /// Yes or no.
    Boolean(Boolean),
    /// One of several choices, all shown.
    Radiogroup(Choices),
    /// Any of several choices.
    Checkbox(Choices),
    /// One of several choices, in a list that opens.
    Dropdown(Choices),
    /// Several lines in the respondent's own words.
    Comment(TextInput),
    /// One line.
    Text(TextInput),
}

/// The measure a rating goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Net Promoter Score, 0 to 10.
    Nps,
    /// Customer satisfaction, the upper two of five.
    Csat,
    /// Customer effort 2.0, agreement from 1 to 7.
    Ces,
}

/// The points of a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    /// The points from low to high.
    pub values: Vec<Choice>,
    /// How a point looks.
    pub look: RatingLook,
    /// What the low end means.
    pub low_label: LocalizedText,
    /// What the high end means.
    pub high_label: LocalizedText,
}

/// How a point of a scale looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingLook {
    /// Its number or words.
    Labels,
    /// A star.
    Stars,
    /// A face.
    Faces,
}

/// Yes or no.
#[derive(Clone, Debug, PartialEq)]
pub struct Boolean {
    /// The words for yes, where the author wants others than ours.
    pub true_label: LocalizedText,
    /// The words for no.
    pub false_label: LocalizedText,
}

/// A list of choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// The choices in order.
    pub choices: Vec<Choice>,
    /// The text of "other", if the respondent may name one of their own.
    pub other: Option<LocalizedText>,
    /// At most so many may be chosen.
    pub max_selected: Option<usize>,
    /// At least so many must be chosen, if any.
    pub min_selected: Option<usize>,
}

/// One choice, or one point of a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is stored.
    pub value: Value,
    /// What is read; empty for a point that has only its number.
    pub text: LocalizedText,
    /// When it is shown; always if absent.
    pub visible_if: Option<Expression>,
}

/// A field for words.
#[derive(Clone, Debug, PartialEq)]
pub struct TextInput {
    /// What may be typed.
    pub input: InputType,
    /// At most so many characters.
    pub max_length: usize,
    /// How many lines are shown.
    pub rows: u32,
    /// An example inside the empty field.
    pub placeholder: LocalizedText,
}

/// What may be typed into a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    /// Anything.
    Text,
    /// A mail address.
    Email,
    /// A number.
    Number,
    /// A telephone number; anything is taken, only the keyboard differs.
    Telephone,
    /// An address on the web.
    Url,
    /// A day, as `2026-11-23`.
    Date,
}

/// The value that stands for "other" in an answer.
pub const OTHER: &str = "other";
/// The ending of the name under which the words for "other" are stored.
pub const COMMENT_SUFFIX: &str = "-Comment";

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// Every fault that was found, each with its place.
    pub fn from_value(value: &Value) -> Result<Self, Vec<DefinitionError>> {
        reader::read(value, true)
    }

    /// Reads a definition that was checked when it was published; names are not checked against each other again.
    ///
    /// # Errors
    /// Every fault that was found, each with its place.
    pub fn read(value: &Value) -> Result<Self, Vec<DefinitionError>> {
        reader::read(value, false)
    }

    /// All questions, page by page.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.pages
            .iter()
            .flat_map(|page| &page.questions)
            .map(Arc::as_ref)
    }

    /// The question of that name.
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions().find(|question| question.name == name)
    }

    /// Whether it can be answered in the language of this tag.
    pub fn has_language(&self, tag: &str) -> bool {
        let is_same = |other: &str| language_of(other).eq_ignore_ascii_case(language_of(tag));
        is_same(&self.locale)
            || self
                .questions()
                .any(|question| question.title.tags().any(is_same))
    }

    /// The languages it can be answered in, its own first, in BCP 47's usual case.
    pub fn languages(&self) -> Vec<String> {
        let mut languages = vec![canonical_tag(&self.locale)];
        let page_texts = self
            .pages
            .iter()
            .flat_map(|page| [&page.title, &page.description]);
        let question_texts = self.questions().map(|question| &question.title);
        for tag in page_texts
            .chain(question_texts)
            .chain([&self.title])
            .flat_map(LocalizedText::tags)
        {
            let tag = canonical_tag(tag);
            if tag != "default" && !languages.contains(&tag) {
                languages.push(tag);
            }
        }
        languages
    }
}

/// A language tag in its usual case: `zh-cn` becomes `zh-CN`, `ZH-HANS` becomes `zh-Hans`.
pub fn canonical_tag(tag: &str) -> String {
    let parts = tag
        .split(['-', '_'])
        .enumerate()
        .map(|(place, part)| match (place, part.len()) {
            (1.., 2) => part.to_ascii_uppercase(),
            (1.., 4) => {
                let mut letters = part.to_ascii_lowercase();
                if let Some(first) = letters.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                letters
            }
            _ => part.to_ascii_lowercase(),
        });
    parts.collect::<Vec<_>>().join("-")
}

impl Metric {
    /// Its name in definitions, results and exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nps => "nps",
            Self::Csat => "csat",
            Self::Ces => "ces",
        }
    }
}

impl Rating {
    /// The points from low to high.
    pub fn values(&self) -> &[Choice] {
        &self.values
    }

    /// Whether every point has words of its own, so that it is read as a list.
    pub fn is_worded(&self) -> bool {
        self.look == RatingLook::Labels && self.values.iter().all(|point| !point.text.is_empty())
    }
}

impl Kind {
    /// The choices of a kind that has a list of them.
    pub fn choices(&self) -> Option<&Choices> {
        match self {
            Self::Radiogroup(choices) | Self::Checkbox(choices) | Self::Dropdown(choices) => {
                Some(choices)
            }
            Self::Rating(_) | Self::Boolean(_) | Self::Comment(_) | Self::Text(_) => None,
        }
    }
}
