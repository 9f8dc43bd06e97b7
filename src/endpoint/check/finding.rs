//! What checking finds: where, what stands there, what should.

use std::fmt;

use crate::survey::Value;
use crate::survey::definition::{DefinitionError, DefinitionFault, nearest_name};

/// One thing that was found in a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// Which of the kinds of findings it is; in the machine-readable form.
    pub code: Code,
    /// The place as a JSON path: `pages[0].elements[2].visibleIf`; empty for the whole definition.
    pub path: String,
    /// What stands there, where that is a name or a word.
    pub found: Option<String>,
    /// The nearest one that is valid.
    pub nearest: Option<String>,
    /// What is wrong, in words.
    pub message: String,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It is not published.
    Refused,
    /// It is published, and its author has probably meant something else.
    Warning,
    /// Its author may want to know.
    Note,
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// What stands there is not what the format has there.
    Malformed,
    /// A question type that does not run here.
    QuestionType,
    /// A property that runs in survey-core and not here, and would change data, logic or words.
    Unsupported,
    /// A name stands at two questions.
    DuplicateName,
    /// A name that nothing has.
    DanglingReference,
    /// An expression that cannot be read.
    Expression,
    /// A function that there is not.
    UnknownFunction,
    /// Values that are computed from each other.
    Cycle,
    /// A page or question that is never shown.
    Unreachable,
    /// A pattern that one of both sides cannot run, or not in time.
    Pattern,
    /// An address that is not taken.
    Address,
    /// A measure on a question it cannot be taken from.
    Measure,
    /// A question that was taken for a measure by its words.
    MeasureDetected,
    /// A text that is not there in a language of the survey.
    MissingTranslation,
    /// Markup that is left out.
    MarkupDropped,
    /// A property that the format does not have there.
    UnknownProperty,
    /// A property without an effect.
    NoEffect,
}

impl Code {
    /// Its name in the machine-readable form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::QuestionType => "question-type",
            Self::Unsupported => "unsupported",
            Self::DuplicateName => "duplicate-name",
            Self::DanglingReference => "dangling-reference",
            Self::Expression => "expression",
            Self::UnknownFunction => "unknown-function",
            Self::Cycle => "cycle",
            Self::Unreachable => "unreachable",
            Self::Pattern => "pattern",
            Self::Address => "address",
            Self::Measure => "measure",
            Self::MeasureDetected => "measure-detected",
            Self::MissingTranslation => "missing-translation",
            Self::MarkupDropped => "markup-dropped",
            Self::UnknownProperty => "unknown-property",
            Self::NoEffect => "no-effect",
        }
    }
}

impl Severity {
    /// Its name in the machine-readable form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Finding {
    /// A finding without names.
    pub(super) fn new(
        severity: Severity,
        code: Code,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code,
            path: path.into(),
            found: None,
            nearest: None,
            message: message.into(),
        }
    }

    /// What stands there, and the nearest of the names that may.
    pub(super) fn naming<'n>(
        mut self,
        found: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Self {
        self.found = Some(found.to_owned());
        self.nearest = nearest_name(found, known).map(str::to_owned);
        self
    }

    /// The finding in the machine-readable form.
    pub fn to_value(&self) -> Value {
        let mut value = Value::Object(Vec::new());
        value.set("severity", Value::from(self.severity.name()));
        value.set("code", Value::from(self.code.name()));
        value.set("path", Value::from(self.path.as_str()));
        value.set("message", Value::from(self.message.as_str()));
        for (key, name) in [("found", &self.found), ("nearest", &self.nearest)] {
            if let Some(name) = name {
                value.set(key, Value::from(name.as_str()));
            }
        }
        value
    }
}

impl From<DefinitionError> for Finding {
    fn from(error: DefinitionError) -> Self {
        let (code, found) = match &error.fault {
            DefinitionFault::Expected(_) if error.path.ends_with(".metric") => {
                (Code::Measure, None)
            }
            DefinitionFault::Expected(_) | DefinitionFault::NoQuestions => (Code::Malformed, None),
            DefinitionFault::UnknownType(name) => (Code::QuestionType, Some(name.clone())),
            DefinitionFault::Expression(_) => (Code::Expression, None),
            DefinitionFault::MetricMismatch(_) => (Code::Measure, None),
        };
        Self {
            found,
            nearest: error.fault.nearest().map(str::to_owned),
            ..Self::new(Severity::Refused, code, error.path, error.fault.to_string())
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "the definition"
        } else {
            &self.path
        };
        write!(formatter, "{path}: {}", self.message)?;
        match &self.nearest {
            Some(nearest) if !self.message.contains("did you mean") => {
                write!(formatter, "; did you mean \"{nearest}\"?")
            }
            _ => Ok(()),
        }
    }
}
