//! What can be wrong with a definition, where, and what its author can do.

use std::fmt;

use super::super::expression::ExpressionError;

/// One fault of a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct DefinitionError {
    /// The place as a JSON path: `pages[0].elements[2].visibleIf`.
    pub path: String,
    /// What is wrong there.
    pub fault: DefinitionFault,
}

/// What is wrong at a place of a definition.
#[derive(Clone, Debug, PartialEq)]
pub enum DefinitionFault {
    /// Something else than this was expected.
    Expected(&'static str),
    /// The question type is not one that runs here; the nearest that does, if one is near.
    UnknownType(String, Option<&'static str>),
    /// The name stands at another question, too.
    DuplicateName(String),
    /// The expression cannot be read.
    Expression(ExpressionError),
    /// The expression names a question that there is not; the nearest that there is, if one is near.
    UnknownName(String, Option<String>),
    /// There is no question at all.
    NoQuestions,
    /// A measure on a question it cannot be taken from.
    MetricMismatch(&'static str),
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "the definition"
        } else {
            &self.path
        };
        write!(formatter, "{path}: {}", self.fault)
    }
}

impl fmt::Display for DefinitionFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(formatter, "expected {what}"),
            Self::UnknownType(found, Some(nearest)) => {
                write!(
                    formatter,
                    "question type \"{found}\" does not run here; did you mean \"{nearest}\"?"
                )
            }
            Self::UnknownType(found, None) => {
                write!(formatter, "question type \"{found}\" does not run here")
            }
            Self::DuplicateName(name) => write!(
                formatter,
                "the name \"{name}\" is taken by another question"
            ),
            Self::Expression(error) => write!(formatter, "the expression {error}"),
            Self::UnknownName(found, Some(nearest)) => {
                write!(
                    formatter,
                    "there is no question \"{found}\"; did you mean \"{nearest}\"?"
                )
            }
            Self::UnknownName(found, None) => write!(formatter, "there is no question \"{found}\""),
            Self::NoQuestions => formatter.write_str("there is no question in it"),
            Self::MetricMismatch(rule) => write!(formatter, "{rule}"),
        }
    }
}

impl std::error::Error for DefinitionError {}
