//! What can be wrong with a definition, where, and what its author can do.

use std::fmt;

use super::super::expression::ExpressionError;

/// The question types that run here, and panels.
pub const TYPES: [&str; 18] = [
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
    "file",
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
    /// The expression cannot be read.
    Expression(ExpressionError),
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

impl DefinitionFault {
    /// The valid name that is nearest to the one that was found.
    pub fn nearest(&self) -> Option<&'static str> {
        match self {
            Self::UnknownType(found) => nearest_name(found, TYPES),
            Self::Expected(_)
            | Self::Expression(_)
            | Self::NoQuestions
            | Self::MetricMismatch(_) => None,
        }
    }
}

impl fmt::Display for DefinitionFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(formatter, "expected {what}"),
            Self::UnknownType(found) => {
                write!(formatter, "question type \"{found}\" does not run here")?;
                self.nearest().map_or(Ok(()), |nearest| {
                    write!(formatter, "; did you mean \"{nearest}\"?")
                })
            }
            Self::Expression(error) => write!(formatter, "the expression {error}"),
            Self::NoQuestions => formatter.write_str("there is no question in it"),
            Self::MetricMismatch(rule) => write!(formatter, "{rule}"),
        }
    }
}

impl std::error::Error for DefinitionError {}

/// The known name that differs by at most two letters, and by no more than half of them.
pub fn nearest_name<'n>(found: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let by_distance = known.into_iter().map(|name| (distance(found, name), name));
    let (distance, nearest) = by_distance.min_by_key(|(distance, _)| *distance)?;
    (distance <= 2 && distance * 2 <= found.chars().count()).then_some(nearest)
}

/// Levenshtein's distance, in characters, whatever their case.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, a) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = line;
        let mut last = line + 1;
        for (b, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let best = (last + 1)
                .min(*cell + 1)
                .min(diagonal + usize::from(a != *b));
            diagonal = std::mem::replace(cell, best);
            last = best;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest_name;

    #[test]
    fn a_slip_has_a_nearest_name_and_another_word_has_none() {
        let known = ["overall", "why", "q1", "满意度"];
        for (found, expected) in [
            ("overal", Some("overall")),
            ("OVERALL", Some("overall")),
            ("overlal", Some("overall")),
            ("wyh", None),
            ("q2", Some("q1")),
            ("满意", Some("满意度")),
            ("dissatisfied", None),
            ("", None),
        ] {
            assert_eq!(nearest_name(found, known), expected, "{found}");
        }
    }
}
