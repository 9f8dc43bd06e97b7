//! What can be wrong with a definition, where, and what its author can do.

use std::fmt;

use super::super::expression::ExpressionError;

/// The question types that run here.
const TYPES: [&str; 17] = [
    "rating",
    "boolean",
    "radiogroup",
    "checkbox",
    "dropdown",
    "comment",
    "text",
    "tagbox",
    "ranking",
    "imagepicker",
    "matrix",
    "multipletext",
    "slider",
    "expression",
    "html",
    "image",
    "panel",
];

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
    /// The question type is not one that runs here.
    UnknownType(String),
    /// The name stands at another question, too.
    DuplicateName(String),
    /// The expression cannot be read.
    Expression(ExpressionError),
    /// The expression names a question that there is not.
    UnknownName {
        /// The name in the expression.
        found: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// These values are computed from each other.
    Cycle(Vec<String>),
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
            Self::UnknownType(found) => {
                write!(formatter, "question type \"{found}\" does not run here")?;
                suggest(formatter, nearest(found, TYPES))
            }
            Self::DuplicateName(name) => write!(
                formatter,
                "the name \"{name}\" is taken by another question"
            ),
            Self::Expression(error) => write!(formatter, "the expression {error}"),
            Self::UnknownName { found, known } => {
                write!(formatter, "there is no question \"{found}\"")?;
                let root = found.split(['.', '[']).next().unwrap_or(found);
                suggest(formatter, nearest(root, known.iter().map(String::as_str)))
            }
            Self::Cycle(names) => write!(
                formatter,
                "these values are computed from each other and would never come to rest: {}",
                names.join(" → ")
            ),
            Self::NoQuestions => formatter.write_str("there is no question in it"),
            Self::MetricMismatch(rule) => write!(formatter, "{rule}"),
        }
    }
}

impl std::error::Error for DefinitionError {}

fn suggest(formatter: &mut fmt::Formatter<'_>, nearest: Option<&str>) -> fmt::Result {
    nearest.map_or(Ok(()), |nearest| {
        write!(formatter, "; did you mean \"{nearest}\"?")
    })
}

/// The known name that differs by at most two letters.
fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distances = known
        .into_iter()
        .map(|name| (edit_distance(found, name), name));
    distances
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, name)| name)
}

/// Levenshtein's distance between two names, in bytes.
fn edit_distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        let mut next = vec![before];
        for (b, &above) in right.bytes().zip(row.iter().skip(1)) {
            before = (before + 1)
                .min(above + 1)
                .min(diagonal + usize::from(a != b));
            diagonal = above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
