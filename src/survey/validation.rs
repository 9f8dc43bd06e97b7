//! What may be answered: the rules the browser checks before a page is left and the endpoint before a sheet is stored.

use std::sync::Arc;

use super::definition::{
    COMMENT_SUFFIX, Choice, Choices, DONT_KNOW, Definition, Files, InputType, Kind, MAX_TEXT_CHARS,
    NONE, OTHER, Question, REFUSED, Slider, TextInput,
};
use super::javascript::{number_in, text_of_value};
use super::session::{Environment, Session};
use super::text::LocalizedText;
use super::value::Value;

/// An answer that may not stand as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The question's name, or the name of an answer that belongs to no question.
    pub question: String,
    /// What is wrong with the answer.
    pub fault: Fault,
    /// What the author wants the respondent to read; often nothing.
    pub text: LocalizedText,
    /// Whether it is only remarked upon: one may go on.
    pub is_remark: bool,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// It must be answered and is not.
    Required,
    /// It is another kind of value than the question takes.
    WrongType,
    /// It is a number outside these points of the scale.
    OutOfRange {
        /// The lowest point.
        min: f64,
        /// The highest point.
        max: f64,
    },
    /// It is none of the choices.
    NotAChoice,
    /// It has more characters than this.
    TooLong(usize),
    /// More are chosen than this.
    TooMany(usize),
    /// Fewer are chosen than this.
    TooFew(usize),
    /// It is not a mail address.
    NotAnEmail,
    /// It is not a number.
    NotANumber,
    /// A choice that asks for words has none.
    WordsMissing,
    /// A row has no answer.
    RowMissing,
    /// Two rows have the same answer.
    RowTwice,
    /// It is below the least that may be answered.
    BelowMin,
    /// It is above the most that may be answered.
    AboveMax,
    /// It is no multiple of the step.
    OffStep,
    /// It does not fulfil a rule of the survey's author.
    Broken,
    /// The survey has no such question.
    UnknownQuestion,
}

impl Fault {
    /// The code it has on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::WrongType => "wrong-type",
            Self::OutOfRange { .. } => "out-of-range",
            Self::NotAChoice => "not-a-choice",
            Self::TooLong(_) => "too-long",
            Self::TooMany(_) => "too-many",
            Self::TooFew(_) => "too-few",
            Self::NotAnEmail => "not-an-email",
            Self::NotANumber => "not-a-number",
            Self::WordsMissing => "words-missing",
            Self::RowMissing => "row-missing",
            Self::RowTwice => "row-twice",
            Self::BelowMin => "below-min",
            Self::AboveMax => "above-max",
            Self::OffStep => "off-step",
            Self::Broken => "broken-rule",
            Self::UnknownQuestion => "unknown-question",
        }
    }
}

impl Violation {
    pub(super) fn new(question: &str, fault: Fault, text: &LocalizedText) -> Self {
        Self {
            question: question.to_owned(),
            fault,
            text: text.clone(),
            is_remark: false,
        }
    }
}

/// Checks a whole sheet (`answers` is an object from value name to answer).
///
/// A partial sheet may leave anything out, but what it has must be right. A complete one must also have what the
/// questions that are visible with these answers require.
pub fn validate(
    definition: &Arc<Definition>,
    environment: Environment,
    answers: &Value,
    complete: bool,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, answer) in answers.as_object().unwrap_or_default() {
        let mut of_name = definition
            .questions()
            .filter(|question| question.value_name() == name)
            .peekable();
        let fault = if of_name.peek().is_none() {
            check_beside(definition, name, answer)
        } else {
            // Of several questions that share an answer, one must take it.
            let faults: Vec<_> = of_name
                .map(|question| check(definition, question, answer))
                .collect();
            faults
                .iter()
                .all(Option::is_some)
                .then(|| faults.into_iter().next().flatten())
                .flatten()
        };
        violations
            .extend(fault.map(|fault| Violation::new(name, fault, &LocalizedText::default())));
    }
    if complete && violations.is_empty() {
        let session = Session::of_sheet(definition, environment, answers);
        let faults = session.violations().iter().filter(|it| !it.is_remark);
        violations.extend(faults.cloned());
    }
    violations
}

/// The longest name of a file that is kept, in characters.
const MAX_NAME_CHARS: usize = 255;

/// What is wrong with the form of the answer to one question, if anything is; an empty answer is always right here.
pub fn check(definition: &Definition, question: &Question, answer: &Value) -> Option<Fault> {
    if answer.is_empty() {
        return None;
    }
    match &question.kind {
        Kind::Rating(rating) => check_point(&rating.values, answer),
        Kind::Boolean(boolean) => {
            let is_one = *answer == boolean.true_value || *answer == boolean.false_value;
            (!is_one).then_some(Fault::WrongType)
        }
        Kind::Comment(input) | Kind::Text(input) => {
            check_text(input, is_computed(definition, question), answer)
        }
        Kind::Multipletext(lines) => answer.as_object().map_or(Some(Fault::WrongType), |parts| {
            parts.iter().find_map(|(name, part)| {
                match lines.iter().find(|line| line.name == *name) {
                    Some(line) => check(definition, line, part),
                    None => Some(Fault::UnknownQuestion),
                }
            })
        }),
        Kind::Matrix(matrix) => {
            let Some(rows) = answer.as_object() else {
                return Some(Fault::WrongType);
            };
            rows.iter().find_map(|(row, chosen)| {
                let is_row = matrix
                    .rows
                    .iter()
                    .any(|it| text_of_value(&it.value) == *row);
                if !is_row {
                    return Some(Fault::NotAChoice);
                }
                let chosen = match chosen {
                    Value::List(items) if matrix.is_multiple => items.as_slice(),
                    single => std::slice::from_ref(single),
                };
                let is_column = |value: &Value| matrix.columns.iter().any(|it| it.value == *value);
                (!chosen.iter().all(is_column)).then_some(Fault::NotAChoice)
            })
        }
        Kind::Slider(slider) => check_slider(slider, answer),
        Kind::File(files) => check_files(files, answer),
        Kind::Expression(..) => None,
        Kind::Html(_) | Kind::Image(_) => Some(Fault::UnknownQuestion),
        kind => {
            let choices = kind.choices()?;
            let source = choices
                .from
                .as_ref()
                .and_then(|from| definition.question(&from.question))
                .and_then(|question| question.kind.choices());
            if kind.is_multiple() {
                check_several(definition, choices, source, answer)
            } else {
                check_choice(definition, choices, source, answer)
            }
        }
    }
}

fn check_point(points: &[Choice], answer: &Value) -> Option<Fault> {
    if points.iter().any(|point| point.value == *answer) {
        return None;
    }
    let numbers: Option<Vec<f64>> = points.iter().map(|point| point.value.as_number()).collect();
    match (answer, numbers) {
        (Value::Number(_), Some(numbers)) => Some(Fault::OutOfRange {
            min: numbers.iter().copied().fold(f64::INFINITY, f64::min),
            max: numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }),
        (Value::Text(_), None) => Some(Fault::NotAChoice),
        _ => Some(Fault::WrongType),
    }
}

fn check_slider(slider: &Slider, answer: &Value) -> Option<Fault> {
    let is_inside = |value: &Value| {
        value
            .as_number()
            .is_some_and(|number| (slider.min..=slider.max).contains(&number))
    };
    let fault = Fault::OutOfRange {
        min: slider.min,
        max: slider.max,
    };
    match answer {
        Value::Number(_) if !slider.is_range => (!is_inside(answer)).then_some(fault),
        Value::List(ends) if slider.is_range => (!ends.iter().all(is_inside)).then_some(fault),
        _ => Some(Fault::WrongType),
    }
}

/// A list of `{name, type, content}`, as survey-core has it; the content is the id under which the photo was sent.
fn check_files(files: &Files, answer: &Value) -> Option<Fault> {
    let Value::List(photos) = answer else {
        return Some(Fault::WrongType);
    };
    let text = |photo: &Value, key| photo.get(key).and_then(Value::as_text).map(str::to_owned);
    let is_id = |id: &str| {
        id.len() == 32
            && id
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let fault = photos.iter().find_map(|photo| {
        let (Some(name), Some(kind), Some(id)) = (
            text(photo, "name"),
            text(photo, "type"),
            text(photo, "content"),
        ) else {
            return Some(Fault::WrongType);
        };
        if name.chars().nth(MAX_NAME_CHARS).is_some() {
            return Some(Fault::TooLong(MAX_NAME_CHARS));
        }
        (kind != "image/jpeg" || !is_id(&id)).then_some(Fault::WrongType)
    });
    let is_many = photos.len() > files.most;
    fault.or(is_many.then_some(Fault::TooMany(files.most)))
}

fn check_choice(
    definition: &Definition,
    choices: &Choices,
    source: Option<&Choices>,
    answer: &Value,
) -> Option<Fault> {
    // A choice with words beside it is an object of both.
    let value = match (answer.as_object(), &choices.value_property) {
        (Some(_), Some(key)) => answer.get(key).unwrap_or(&Value::Null),
        (Some(_), None) => answer.get("value").unwrap_or(&Value::Null),
        (None, _) => answer,
    };
    if !matches!(value, Value::Text(_) | Value::Number(_) | Value::Bool(_)) {
        return Some(Fault::WrongType);
    }
    let is = |special: &str, offered: bool| offered && value.as_text() == Some(special);
    let has = |choices: &Choices| choices.choices.iter().any(|choice| choice.value == *value);
    let is_known = has(choices)
        || source.is_some_and(|source| has(source) || is(OTHER, source.other.is_some()))
        || is(OTHER, choices.other.is_some())
        || is(NONE, choices.none.is_some())
        || is(REFUSED, choices.refused.is_some())
        || is(DONT_KNOW, choices.dont_know.is_some());
    // The respondent's own words may stand in the place of a choice.
    let takes_words = choices.allows_custom
        || choices.other.is_some() && !choices.stores_other.unwrap_or(definition.stores_other);
    match value {
        _ if is_known => None,
        Value::Text(text) if takes_words => text
            .chars()
            .nth(MAX_TEXT_CHARS)
            .map(|_| Fault::TooLong(MAX_TEXT_CHARS)),
        _ => Some(Fault::NotAChoice),
    }
}

fn check_several(
    definition: &Definition,
    choices: &Choices,
    source: Option<&Choices>,
    answer: &Value,
) -> Option<Fault> {
    let Value::List(chosen) = answer else {
        return Some(Fault::WrongType);
    };
    if let Some(fault) = chosen
        .iter()
        .find_map(|choice| check_choice(definition, choices, source, choice))
    {
        return Some(fault);
    }
    if chosen
        .iter()
        .enumerate()
        .any(|(place, choice)| chosen.iter().take(place).any(|other| other == choice))
    {
        return Some(Fault::NotAChoice);
    }
    match choices.max_selected {
        Some(max) if chosen.len() > max => Some(Fault::TooMany(max)),
        _ => None,
    }
}

/// Whether something else than a respondent can give the answer: an expression, a default or a trigger.
fn is_computed(definition: &Definition, question: &Question) -> bool {
    question.default_expression.is_some()
        || question.set_expression.is_some()
        || !matches!(question.default, Value::Null | Value::Text(_))
        || definition
            .triggers
            .iter()
            .any(|trigger| trigger.effect.sets(&question.name))
}

fn check_text(input: &TextInput, is_computed: bool, answer: &Value) -> Option<Fault> {
    if input.input.is_number() {
        return match answer {
            Value::Number(_) => None,
            // A number may be written as a text.
            Value::Text(_) if number_in(answer).is_some() => None,
            Value::Text(_) => Some(Fault::NotANumber),
            _ => Some(Fault::WrongType),
        };
    }
    let text = match answer {
        Value::Text(text) => text,
        Value::Number(_) | Value::Bool(_) if is_computed => return None,
        // Behind a mask for numbers stands a number.
        Value::Number(_) if input.mask.is_some() => return None,
        _ => return Some(Fault::WrongType),
    };
    if text.chars().nth(input.max_length).is_some() {
        return Some(Fault::TooLong(input.max_length));
    }
    match input.input {
        InputType::Email => (!looks_like_email(text)).then_some(Fault::NotAnEmail),
        _ => None,
    }
}

/// One `@` with something on both sides and no blank: only a mail to it shows more.
pub(super) fn looks_like_email(text: &str) -> bool {
    match text.split_once('@') {
        Some((name, host)) => {
            !name.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
                && !text.contains(char::is_whitespace)
        }
        None => false,
    }
}

/// Words beside an answer stand under the question's name with a suffix; computed values under their own.
fn check_beside(definition: &Definition, name: &str, answer: &Value) -> Option<Fault> {
    let is_computed = definition
        .calculated
        .iter()
        .any(|value| value.is_stored && value.name == *name);
    let is_target = definition
        .triggers
        .iter()
        .any(|trigger| trigger.effect.sets(name));
    if is_computed || is_target {
        return None;
    }
    let takes_words = |question: &Question| {
        question.comment.is_some()
            || question.kind.choices().is_some_and(|choices| {
                choices.other.is_some() || choices.choices.iter().any(|it| it.shows_comment)
            })
    };
    let of = name.strip_suffix(COMMENT_SUFFIX);
    let is_beside = of.is_some_and(|of| {
        let mut questions = definition.questions();
        questions.any(|question| question.value_name() == of && takes_words(question))
    });
    if !is_beside {
        return Some(Fault::UnknownQuestion);
    }
    match answer {
        Value::Text(text) if text.chars().nth(MAX_TEXT_CHARS).is_some() => {
            Some(Fault::TooLong(MAX_TEXT_CHARS))
        }
        Value::Text(_) | Value::Null => None,
        Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => {
            Some(Fault::WrongType)
        }
    }
}
