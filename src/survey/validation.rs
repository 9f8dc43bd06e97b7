//! What may be answered: the rules the browser checks before a page is left and the endpoint before a sheet is stored.

use super::definition::{
    COMMENT_SUFFIX, Choice, Choices, Definition, InputType, Kind, MAX_TEXT_CHARS, OTHER, Question,
    TextInput,
};
use super::session;
use super::value::Value;

/// An answer that may not stand as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The question's name, or the name of an answer that belongs to no question.
    pub question: String,
    /// What is wrong with the answer.
    pub fault: Fault,
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
            Self::UnknownQuestion => "unknown-question",
        }
    }
}

/// Checks a whole sheet (`answers` is an object from question name to answer).
///
/// A partial sheet may leave anything out, but what it has must be right. A complete one must also have what the
/// questions that are visible with these answers require.
pub fn validate(definition: &Definition, answers: &Value, complete: bool) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, answer) in answers.as_object().unwrap_or_default() {
        let fault = match definition.question(name) {
            Some(question) => check(question, answer),
            None => check_comment(definition, name, answer),
        };
        violations.extend(fault.map(|fault| Violation {
            question: name.clone(),
            fault,
        }));
    }
    if complete {
        for page in definition
            .pages
            .iter()
            .filter(|page| session::is_visible(page.visible_if.as_ref(), answers))
        {
            for question in page
                .questions
                .iter()
                .filter(|question| session::is_visible(question.visible_if.as_ref(), answers))
            {
                if is_missing(question, answers) {
                    violations.push(Violation {
                        question: question.name.clone(),
                        fault: Fault::Required,
                    });
                }
            }
        }
    }
    violations
}

/// Whether `question` must be answered and is not.
pub fn is_missing(question: &Question, answers: &Value) -> bool {
    let empty = match answers.get(&question.name) {
        None => true,
        // Blanks are no answer.
        Some(Value::Text(text)) => text.trim().is_empty(),
        Some(answer) => answer.is_empty(),
    };
    question.is_required && empty
}

/// What is wrong with the answer to one question, if anything is; an empty answer is always right here.
pub fn check(question: &Question, answer: &Value) -> Option<Fault> {
    if answer.is_empty() {
        return None;
    }
    match &question.kind {
        Kind::Rating(rating) => check_point(&rating.values, answer),
        Kind::Boolean(_) => answer.as_bool().is_none().then_some(Fault::WrongType),
        Kind::Radiogroup(choices) | Kind::Dropdown(choices) => check_choice(choices, answer),
        Kind::Checkbox(choices) => check_several(choices, answer),
        Kind::Comment(input) | Kind::Text(input) => check_text(input, answer),
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

fn check_choice(choices: &Choices, answer: &Value) -> Option<Fault> {
    match answer {
        Value::Text(text) if choices.other.is_some() && text == OTHER => None,
        Value::Text(_) | Value::Number(_) | Value::Bool(_) => {
            (!choices.choices.iter().any(|choice| choice.value == *answer))
                .then_some(Fault::NotAChoice)
        }
        Value::Null | Value::List(_) | Value::Object(_) => Some(Fault::WrongType),
    }
}

fn check_several(choices: &Choices, answer: &Value) -> Option<Fault> {
    let Value::List(chosen) = answer else {
        return Some(Fault::WrongType);
    };
    if let Some(fault) = chosen
        .iter()
        .find_map(|choice| check_choice(choices, choice))
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
    match (choices.max_selected, choices.min_selected) {
        (Some(max), _) if chosen.len() > max => Some(Fault::TooMany(max)),
        (_, Some(min)) if chosen.len() < min => Some(Fault::TooFew(min)),
        _ => None,
    }
}

fn check_text(input: &TextInput, answer: &Value) -> Option<Fault> {
    if let (InputType::Number, Value::Number(_)) = (input.input, answer) {
        return None;
    }
    let Value::Text(text) = answer else {
        return Some(Fault::WrongType);
    };
    if text.chars().nth(input.max_length).is_some() {
        return Some(Fault::TooLong(input.max_length));
    }
    match input.input {
        InputType::Email => (!looks_like_email(text)).then_some(Fault::NotAnEmail),
        InputType::Number => Some(Fault::NotANumber),
        InputType::Text | InputType::Telephone | InputType::Url | InputType::Date => None,
    }
}

/// One `@` with something on both sides and no blank: only a mail to it shows more.
fn looks_like_email(text: &str) -> bool {
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

/// The words for "other" stand under the question's name with a suffix.
fn check_comment(definition: &Definition, name: &str, answer: &Value) -> Option<Fault> {
    let question = name
        .strip_suffix(COMMENT_SUFFIX)
        .and_then(|name| definition.question(name));
    if question
        .and_then(|question| question.kind.choices())
        .is_none_or(|choices| choices.other.is_none())
    {
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
