//! What a survey asks: pages, panels, questions and the rules between them, as read from SurveyJS JSON.

mod error;
mod kinds;
mod language;
mod reader;

pub use error::{DefinitionError, DefinitionFault, TYPES, nearest_name};
pub use kinds::{
    Boolean, CarryForward, CarryMode, Choice, Choices, ExpressionLook, Files, Image, InputType,
    Kind, MOST_FILES, Matrix, Order, Rating, RatingLook, Slider, TextInput,
};
pub use language::canonical_tag;

use std::ops::Range;
use std::sync::Arc;

use super::expression::Expression;
use super::text::LocalizedText;
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
    /// What they read instead where a condition is true; the first one counts.
    pub completed_if: Vec<(Expression, LocalizedText)>,
    /// Where they are led when the answers are sent: addresses beginning with `https:`, each with its condition; the first
    /// that is true counts.
    pub leads_to: Vec<(Option<Expression>, LocalizedText)>,
    /// The texts of the buttons, where the author wants others than ours.
    pub buttons: ButtonTexts,
    /// Whether and where it shows how far the respondent has come, and what is counted for it.
    pub progress: Progress,
    /// Whether all answers are shown once more before they are sent, and which.
    pub preview: Option<Preview>,
    /// Whether one can go back.
    pub allows_back: bool,
    /// Whether a page whose only question was answered by a pointer goes on by itself.
    pub auto_advance: bool,
    /// The places of the pages whose author wants no buttons on them.
    pub without_buttons: Vec<usize>,
    /// Whether the first page only introduces the others, and is left by a start.
    pub has_start_page: bool,
    /// Whether it is only shown and may not be answered.
    pub is_read_only: bool,
    /// Every expression of the survey, in the order they were read.
    pub expressions: Vec<Expression>,
    /// Whether one question is asked at a time, whatever page it stands on.
    pub is_one_by_one: bool,
    /// Whether the questions of a panel, too, are asked one at a time: `inputPerPage`.
    pub parts_panels: bool,
    /// Whether all pages are shown as one, which is there even where nothing on it is visible.
    pub is_joined: bool,
    /// When answers are checked.
    pub checks: Checks,
    /// When the answers of hidden questions are taken back.
    pub clear_hidden: ClearHidden,
    /// Whether the words for "other" are stored beside the answer, and not in its place.
    pub stores_other: bool,
    /// Values that are computed from answers.
    pub calculated: Vec<Calculated>,
    /// What happens when a condition becomes true.
    pub triggers: Vec<Trigger>,
    /// The pages in order.
    pub pages: Vec<Page>,
    /// The panels of all pages; [`Panel::within`] says which stands in which.
    pub panels: Vec<Panel>,
    /// The questions of all pages in order; [`Question::place`] is the place here.
    pub questions: Vec<Arc<Question>>,
}

/// The texts of the buttons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ButtonTexts {
    /// Leaves the page that introduces the survey.
    pub start: LocalizedText,
    /// To the page before.
    pub back: LocalizedText,
    /// To the next page.
    pub next: LocalizedText,
    /// Sends the answers.
    pub complete: LocalizedText,
    /// Shows all answers once more.
    pub preview: LocalizedText,
    /// From there back to a page.
    pub edit: LocalizedText,
}

/// How it is shown how far the respondent has come; SurveyJS's `showProgressBar` and `progressBarType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whether it stands above the questions.
    pub is_above: bool,
    /// Whether it stands below them.
    pub is_below: bool,
    /// What is counted.
    pub counted: Counted,
}

/// What progress is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Pages.
    Pages,
    /// Pages, each with a button that leads to it.
    Steps,
    /// Questions that were answered.
    Questions,
    /// Questions that were answered, of those that must be.
    Required,
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
    /// When it is shown and may be answered.
    pub rules: Rules,
    /// Whether its questions stand in another order for each respondent.
    pub is_shuffled: bool,
    /// Its questions and panels, those within a panel before the panel.
    pub elements: Vec<Element>,
    /// The places of its questions.
    pub questions: Range<usize>,
}

/// What stands on a page, by its place in the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// A question.
    Question(usize),
    /// A panel.
    Panel(usize),
}

/// Questions that are shown under one heading on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Its name.
    pub name: String,
    /// Its heading.
    pub title: LocalizedText,
    /// What stands under the heading.
    pub description: LocalizedText,
    /// When it is shown and may be answered.
    pub rules: Rules,
    /// Whether its questions stand in another order for each respondent.
    pub is_shuffled: bool,
    /// The panel it stands in.
    pub within: Option<usize>,
    /// The choice that must be chosen for it to be shown: the places of its question and of the choice there.
    pub choice: Option<(usize, usize)>,
    /// Whether it can be closed, and if so whether it is closed at first.
    pub is_collapsed: Option<bool>,
    /// What the respondent reads when nothing in a required panel was answered.
    pub required_error: LocalizedText,
}

/// When something is shown, may be answered and must be answered.
///
/// SurveyJS's `visible`, `readOnly` and `isRequired`, and the conditions that set them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// Whether it is hidden where no condition says otherwise.
    pub is_hidden: bool,
    /// When it is shown.
    pub visible_if: Option<Expression>,
    /// Whether it may not be answered where no condition says otherwise.
    pub is_read_only: bool,
    /// When it may be answered.
    pub enable_if: Option<Expression>,
    /// Whether it must be answered where no condition says otherwise.
    pub is_required: bool,
    /// When it must be answered.
    pub required_if: Option<Expression>,
}

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The name it is known by.
    pub name: String,
    /// The name its answer is stored under, where it is not its own; several questions may share one.
    pub value_name: Option<String>,
    /// Its place among all questions.
    pub place: usize,
    /// The page it stands on.
    pub page: usize,
    /// The innermost panel it stands in.
    pub panel: Option<usize>,
    /// The question itself; its name where the author gave no title.
    pub title: LocalizedText,
    /// A hint under it.
    pub description: LocalizedText,
    /// When it is shown and may or must be answered.
    pub rules: Rules,
    /// What the respondent reads when they did not answer a required question, where the author wants another text.
    pub required_error: LocalizedText,
    /// The answer it begins with.
    pub default: Value,
    /// What stands in other texts for its answer as long as there is none; SurveyJS's `defaultDisplayValue`.
    pub shown_if_empty: LocalizedText,
    /// What computes the answer it begins with, as long as the respondent has not changed it.
    pub default_expression: Option<Expression>,
    /// What computes its answer anew when something it names changes.
    pub set_expression: Option<Expression>,
    /// When the answer is computed by [`Question::set_expression`], or taken back if there is none.
    pub set_if: Option<Expression>,
    /// When the answer goes back to its default.
    pub reset_if: Option<Expression>,
    /// The label of the field for a comment beside the answer, if there is one.
    pub comment: Option<LocalizedText>,
    /// When its answer is taken back while hidden, where that differs from the survey.
    pub clear_hidden: Option<ClearHidden>,
    /// What its answer must fulfil.
    pub validators: Vec<Validator>,
    /// How it is answered.
    pub kind: Kind,
    /// The measure its answers go into.
    pub metric: Option<Metric>,
    /// What its rating is about (`timeliness`, `communication` …), for finding drivers.
    pub aspect: Option<String>,
    /// An answer below this asks whether it is to be treated as a complaint.
    pub complaint_below: Option<f64>,
}

/// Which answers are shown once more before they are sent; SurveyJS's `previewMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// All questions that are visible.
    All,
    /// Those that were answered.
    Answered,
}

/// When answers are checked; SurveyJS's `checkErrorsMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// When a page is left.
    OnNextPage,
    /// When an answer changes, and when a page is left.
    OnValueChanged,
    /// Before an answer is stored, and when a page is left: what is wrong is not stored.
    OnValueChanging,
    /// When the survey is completed.
    OnComplete,
}

/// When the answers of hidden questions are taken back; SurveyJS's `clearInvisibleValues`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearHidden {
    /// Never.
    None,
    /// When the survey is completed.
    OnComplete,
    /// When the question itself is hidden.
    OnHidden,
    /// When the question or what it stands in is hidden.
    OnHiddenContainer,
}

/// A value that is computed from answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculated {
    /// The name expressions know it by.
    pub name: String,
    /// What computes it.
    pub expression: Expression,
    /// Whether it is stored with the answers.
    pub is_stored: bool,
}

/// What happens when a condition is true after an answer changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The condition; always true if absent.
    pub condition: Option<Expression>,
    /// What happens.
    pub effect: Effect,
}

/// What a [`Trigger`] does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ends the survey when the page is left.
    Complete,
    /// Goes to a question's page.
    Skip(String),
    /// Gives a question this value.
    SetValue {
        /// The question.
        to: String,
        /// Its new value.
        value: Value,
        /// Whether `to` is a variable and no question.
        is_variable: bool,
    },
    /// Gives a question the value of another.
    CopyValue {
        /// The question that gets it.
        to: String,
        /// The question that has it.
        from: String,
    },
    /// Gives a question the value of an expression.
    RunExpression {
        /// The question that gets it, if any.
        to: Option<String>,
        /// The expression.
        expression: Option<Expression>,
    },
}

/// What an answer must fulfil, and what the respondent reads if it does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Validator {
    /// The rule.
    pub rule: Rule,
    /// What they read, where the author wants another text than ours.
    pub text: LocalizedText,
    /// Whether an answer that does not fulfil it is only remarked upon.
    pub is_remark: bool,
}

/// A rule about an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// A number within these bounds, both included.
    Numeric {
        /// At least.
        min: Option<f64>,
        /// At most.
        max: Option<f64>,
    },
    /// So many characters.
    Text {
        /// At least.
        min: Option<f64>,
        /// At most.
        max: Option<f64>,
        /// Whether it may end in digits.
        allows_digits: bool,
    },
    /// So many choices.
    AnswerCount {
        /// At least.
        min: Option<f64>,
        /// At most.
        max: Option<f64>,
    },
    /// A mail address.
    Email,
    /// A text that a pattern is found in.
    Regex {
        /// The pattern, in JavaScript's syntax.
        pattern: String,
        /// Whether it finds letters in any case.
        ignores_case: bool,
    },
    /// A condition over all answers.
    Expression(Option<Expression>),
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

/// The value that stands for "other" in an answer.
pub const OTHER: &str = "other";
/// The value that stands for "none of these".
pub const NONE: &str = "none";
/// The value that stands for a refusal.
pub const REFUSED: &str = "refused";
/// The value that stands for "I do not know".
pub const DONT_KNOW: &str = "dontknow";
/// The ending of the name under which words beside an answer are stored.
pub const COMMENT_SUFFIX: &str = "-Comment";

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// Every fault that was found, each with its place.
    pub fn from_value(value: &Value) -> Result<Self, Vec<DefinitionError>> {
        reader::read(value)
    }

    /// Reads a definition that was checked when it was published. Expressions are read when they are first evaluated.
    pub fn of_published(value: &Value) -> Self {
        reader::read_published(value)
    }

    /// Reads of a published definition what its first page needs, if that [opens plain](Self::opens_plain).
    pub fn opening(value: &Value) -> Self {
        reader::read_opening(value)
    }

    /// Reads what can be read of a definition, as SurveyJS does: what is not understood is left out.
    pub fn read_leniently(value: &Value) -> Self {
        reader::read_leniently(value)
    }

    /// Whether an expression calls a function.
    pub fn calls_functions(&self) -> bool {
        self.expressions
            .iter()
            .any(|expression| !expression.calls().is_empty())
    }

    /// Whether the first page can be shown before any rule was applied: nothing on it depends on one.
    pub fn opens_plain(&self) -> bool {
        let Some(page) = self.pages.first() else {
            return false;
        };
        let is_free = |rules: &Rules| {
            !rules.is_hidden
                && rules.visible_if.is_none()
                && rules.enable_if.is_none()
                && rules.required_if.is_none()
        };
        let is_plain = |question: &Arc<Question>| {
            is_free(&question.rules)
                && question.default == Value::Null
                && question.default_expression.is_none()
                && question.comment.is_none()
                && question.kind.choices().is_none_or(Choices::is_plain)
                && question.title.is_plain()
                && question.description.is_plain()
                && matches!(
                    question.kind,
                    Kind::Rating(_)
                        | Kind::Radiogroup(_)
                        | Kind::Checkbox(_)
                        | Kind::Dropdown(_)
                        | Kind::Boolean(_)
                        | Kind::Comment(_)
                        | Kind::Text(_)
                )
        };
        !self.is_one_by_one
            && !self.has_start_page
            && self.progress.counted == Counted::Pages
            && is_free(&page.rules)
            && !page.is_shuffled
            && page.title.is_plain()
            && page.description.is_plain()
            && !page
                .elements
                .iter()
                .any(|element| matches!(element, Element::Panel(_)))
            && self.questions_of(page).iter().all(is_plain)
    }

    /// All questions, page by page.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().map(Arc::as_ref)
    }

    /// The questions of a page.
    pub fn questions_of(&self, page: &Page) -> &[Arc<Question>] {
        self.questions
            .get(page.questions.clone())
            .unwrap_or_default()
    }

    /// The question of that name.
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions().find(|question| question.name == name)
    }
}

impl Rules {
    /// Whether a condition names this.
    pub(super) fn name(&self, name: &str) -> bool {
        [&self.visible_if, &self.enable_if, &self.required_if]
            .into_iter()
            .flatten()
            .any(|condition| condition.names().contains(&name))
    }
}

impl Question {
    /// The name its answer is stored under.
    pub fn value_name(&self) -> &str {
        self.value_name.as_deref().unwrap_or(&self.name)
    }
}

impl Effect {
    /// Whether it sets what is stored under a name.
    pub fn sets(&self, name: &str) -> bool {
        match self {
            Self::SetValue { to, .. }
            | Self::CopyValue { to, .. }
            | Self::RunExpression { to: Some(to), .. } => to == name,
            Self::Complete | Self::Skip(_) | Self::RunExpression { to: None, .. } => false,
        }
    }
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
