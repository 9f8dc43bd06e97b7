//! How a question is answered: SurveyJS's question types and what each of them needs.

use std::sync::Arc;

use super::super::expression::Expression;
use super::super::mask::Mask;
use super::super::text::LocalizedText;
use super::super::value::Value;
use super::Question;

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
    /// Any of several choices, in a list that opens.
    Tagbox(Choices),
    /// Choices put in order.
    Ranking(Choices),
    /// Choices with pictures.
    Imagepicker(Choices),
    /// Several lines in the respondent's own words.
    Comment(TextInput),
    /// One line.
    Text(TextInput),
    /// Several lines, each with a name of its own.
    Multipletext(Vec<Arc<Question>>),
    /// One choice for each row.
    Matrix(Matrix),
    /// A number, or a range, on a line.
    Slider(Slider),
    /// Photos.
    File(Files),
    /// A computed value that is shown: what computes it, the digits it is cut to, and how it is shown.
    Expression(Option<Expression>, Option<usize>, Box<ExpressionLook>),
    /// Words between questions, with a little markup.
    Html(LocalizedText),
    /// A picture between questions.
    Image(Image),
}

/// Photos that are taken or chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    /// The most of them, at least 1.
    pub most: usize,
    /// What the file picker offers, as the author wrote it: types of images alone.
    pub accept: String,
}

/// The most photos of one question.
pub const MOST_FILES: usize = 20;

/// The points of a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    /// The points from low to high.
    pub values: Vec<Choice>,
    /// Whether the author listed the points.
    pub is_listed: bool,
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
    /// An entry of a list that opens.
    List,
}

/// Yes or no.
#[derive(Clone, Debug, PartialEq)]
pub struct Boolean {
    /// The words for yes, where the author wants others than ours.
    pub true_label: LocalizedText,
    /// The words for no.
    pub false_label: LocalizedText,
    /// What is stored for yes.
    pub true_value: Value,
    /// What is stored for no.
    pub false_value: Value,
    /// Whether it is one box to tick.
    pub is_box: bool,
}

/// A list of choices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// The choices in order.
    pub choices: Vec<Choice>,
    /// The text of "other", if the respondent may name one of their own.
    pub other: Option<LocalizedText>,
    /// The text of "none of these", if it is offered.
    pub none: Option<LocalizedText>,
    /// The text of a refusal, if it is offered.
    pub refused: Option<LocalizedText>,
    /// The text of "I do not know", if it is offered.
    pub dont_know: Option<LocalizedText>,
    /// The text of "all of these", if it is offered.
    pub all: Option<LocalizedText>,
    /// What the respondent reads when they named nothing for "other", where the author wants another text than ours.
    pub other_error: LocalizedText,
    /// Whether the words for "other" are stored beside the answer, where that differs from the survey.
    pub stores_other: Option<bool>,
    /// At most so many may be chosen.
    pub max_selected: Option<usize>,
    /// At least so many must be chosen, if any.
    pub min_selected: Option<usize>,
    /// When a choice is shown that has no condition of its own; `{item}` is its value.
    pub visible_if: Option<Expression>,
    /// When a choice may be chosen that has no condition of its own; `{item}` is its value.
    pub enable_if: Option<Expression>,
    /// The question the choices come from.
    pub from: Option<CarryForward>,
    /// In which order they are shown.
    pub order: Order,
    /// The name under which each chosen value is stored in an object of its own.
    pub value_property: Option<String>,
    /// Whether the respondent may add choices.
    pub allows_custom: bool,
    /// Whether the question is hidden while no choice is shown.
    pub hides_if_empty: bool,
    /// Whether only what the respondent picks is ranked.
    pub selects_to_rank: bool,
    /// Whether several pictures may be chosen.
    pub is_multiple: bool,
    /// Whether an answer that is no choice is kept.
    pub keeps_incorrect: bool,
}

/// Where choices come from.
#[derive(Clone, Debug, PartialEq)]
pub struct CarryForward {
    /// The name of the question.
    pub question: String,
    /// Which of its choices.
    pub mode: CarryMode,
    /// The name of the value in each object of its answer, if that is an array of objects.
    pub value_key: Option<String>,
}

/// Which choices of another question are carried forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarryMode {
    /// All that are shown there.
    All,
    /// Those that were chosen there.
    Selected,
    /// Those that were not.
    Unselected,
}

/// In which order choices are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As the author wrote them.
    #[default]
    Written,
    /// By their texts, from A.
    Ascending,
    /// By their texts, from Z.
    Descending,
    /// Another for each respondent.
    Random,
}

/// One choice, one point of a scale, or one row or column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// What is stored.
    pub value: Value,
    /// What is read; empty for a point that has only its number.
    pub text: LocalizedText,
    /// When it is shown; always if absent.
    pub visible_if: Option<Expression>,
    /// When it may be chosen; always if absent.
    pub enable_if: Option<Expression>,
    /// Whether choosing it takes all others back.
    pub is_exclusive: bool,
    /// Whether it asks for words.
    pub shows_comment: bool,
    /// Whether these words must be given.
    pub is_comment_required: bool,
    /// Where its picture is.
    pub image: Option<String>,
    /// Whether questions are asked where it is chosen: they stand in a panel of its own.
    pub has_elements: bool,
}

/// One choice for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// The rows.
    pub rows: Vec<Choice>,
    /// The choices.
    pub columns: Vec<Choice>,
    /// When a row is shown that has no condition of its own.
    pub rows_visible_if: Option<Expression>,
    /// When a column is shown that has no condition of its own.
    pub columns_visible_if: Option<Expression>,
    /// Whether every row must be answered.
    pub is_each_required: bool,
    /// Whether no column may be chosen in two rows.
    pub is_each_unique: bool,
    /// Whether several columns may be chosen in a row.
    pub is_multiple: bool,
    /// Whether it is hidden while no row is shown.
    pub hides_if_empty: bool,
}

/// A number, or a range, on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Slider {
    /// The lowest number.
    pub min: f64,
    /// The highest number.
    pub max: f64,
    /// From one number to the next.
    pub step: f64,
    /// Whether a range is asked for.
    pub is_range: bool,
}

/// How a computed value is shown; what it has no say in is as the reader's language has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExpressionLook {
    /// `decimal`, `currency` or `percent`; a number is written as it is where this is empty.
    pub style: String,
    /// The currency's code, as `EUR`.
    pub currency: String,
    /// At least so many digits behind the point.
    pub least_digits: Option<usize>,
    /// At most so many digits behind the point.
    pub most_digits: Option<usize>,
    /// Whether thousands are set apart.
    pub groups: bool,
    /// The words around it, with `{0}` in its place.
    pub format: LocalizedText,
}

/// A picture between questions.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Where it is.
    pub link: String,
    /// What those read who cannot see it.
    pub text: LocalizedText,
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
    /// The least that may be answered: a number, or a date as its text.
    pub min: Value,
    /// The most that may be answered.
    pub max: Value,
    /// What computes the least.
    pub min_expression: Option<Expression>,
    /// What computes the most.
    pub max_expression: Option<Expression>,
    /// The number that an answer must be a multiple of.
    pub step: Option<f64>,
    /// How the answer is written into the field.
    pub mask: Option<Box<Mask>>,
    /// What the respondent reads when the answer is below the least.
    pub min_error: LocalizedText,
    /// What they read when it is above the most.
    pub max_error: LocalizedText,
    /// What they read when it is no multiple of the step.
    pub step_error: LocalizedText,
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
    /// A number, on a line.
    Range,
    /// A telephone number; anything is taken, only the keyboard differs.
    Telephone,
    /// An address on the web.
    Url,
    /// A day, as `2026-11-23`.
    Date,
    /// A day and time of day, as `2026-11-23T10:30`.
    DateTime,
    /// A time of day, as `10:30`.
    Time,
    /// A month, as `2026-11`.
    Month,
    /// A week, as `2026-W48`.
    Week,
    /// A color, as `#19b394`.
    Color,
    /// Words that are not shown.
    Password,
}

impl Choices {
    /// Whether the same choices are shown and may be chosen, whatever is answered.
    pub fn is_unconditional(&self) -> bool {
        self.from.is_none()
            && self.max_selected.is_none()
            && self.visible_if.is_none()
            && self.enable_if.is_none()
            && self
                .choices
                .iter()
                .all(|choice| choice.visible_if.is_none() && choice.enable_if.is_none())
    }

    /// Whether the choices are shown as they are written, whatever is answered.
    pub fn is_plain(&self) -> bool {
        self.from.is_none()
            && self.order == Order::Written
            && self.visible_if.is_none()
            && self.enable_if.is_none()
            && self.value_property.is_none()
            && self.all.is_none()
            && self.choices.iter().all(|choice| {
                choice.visible_if.is_none()
                    && choice.enable_if.is_none()
                    && !choice.shows_comment
                    && !choice.has_elements
                    && choice.text.is_plain()
            })
    }
}

impl InputType {
    /// Whether a least and a most can be set.
    pub fn has_bounds(self) -> bool {
        self.is_number()
            || matches!(
                self,
                Self::Date | Self::DateTime | Self::Time | Self::Month | Self::Week
            )
    }

    /// Whether numbers are answered.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Number | Self::Range)
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
            Self::Radiogroup(choices)
            | Self::Checkbox(choices)
            | Self::Dropdown(choices)
            | Self::Tagbox(choices)
            | Self::Ranking(choices)
            | Self::Imagepicker(choices) => Some(choices),
            _ => None,
        }
    }

    /// Whether the answer is an array of choices.
    pub fn is_multiple(&self) -> bool {
        match self {
            Self::Checkbox(_) | Self::Tagbox(_) | Self::Ranking(_) => true,
            Self::Imagepicker(choices) => choices.is_multiple,
            _ => false,
        }
    }

    /// Whether the respondent answers it.
    pub fn has_input(&self) -> bool {
        !self.is_display() && !matches!(self, Self::Expression(..))
    }

    /// Whether it only shows something.
    pub fn is_display(&self) -> bool {
        matches!(self, Self::Html(_) | Self::Image(_))
    }
}
