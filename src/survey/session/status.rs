//! What a session knows about each question, panel and page beside the stored answers.

use super::super::definition::{Kind, Question, Rules};
use super::super::value::Value;
use super::choices::ShownChoice;

/// What is known about one question.
#[derive(Clone, Debug)]
pub(super) struct Status {
    /// What its condition says.
    pub is_visible: bool,
    /// Whether it was visible when that was looked at last.
    pub was_visible: bool,
    pub is_read_only: bool,
    pub is_required: bool,
    /// The answer as the question has it; what is stored may lack it, as a number outside its bounds does.
    pub value: Value,
    /// Whether it was answered with nothing: null, and not undefined.
    pub is_null: bool,
    /// The answer as its choices show it: "other" in place of the words for it.
    pub rendered: Value,
    /// The words beside the answer.
    pub words: String,
    /// The words for "other" where they are stored in place of the answer.
    pub other: String,
    /// Whether the respondent changed the answer, and no default did.
    pub is_direct: bool,
    pub is_setting: bool,
    pub was_answered: Option<bool>,
    pub is_by_default: bool,
    pub is_clearing: bool,
    pub drops_words: bool,
    pub is_updating_dependents: bool,
    /// Whether the words for "other" were there before they changed.
    pub had_other: bool,
    /// Whether each of the question's own choices is visible, and may be chosen.
    pub choices: Vec<(bool, bool)>,
    /// The choices that fulfil their conditions, where not all do.
    pub filtered: Option<Vec<ShownChoice>>,
    /// The choices that are shown, in order.
    pub shown: Vec<ShownChoice>,
    pub is_other_disabled: bool,
    /// Chosen values that went with their choices, and come back with them.
    pub hidden_old: Vec<Value>,
    /// Whether each row is visible, and may be answered.
    pub rows: Vec<(bool, bool)>,
    /// Whether each column is visible.
    pub columns: Vec<bool>,
    /// The least and the most that may be answered.
    pub bounds: (Value, Value),
    /// What is known of each of its lines.
    pub lines: Vec<Line>,
    /// Whether something was wrong when the answer was checked last: what `{$name.containsErrors}` says.
    pub is_faulty: bool,
}

/// What is known about one of several lines.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub is_required: bool,
    /// The least and the most that may be answered.
    pub bounds: (Value, Value),
    /// Whether the respondent wrote it, and no default did.
    pub is_direct: bool,
}

/// The status of a question that there is not.
pub(super) static NOTHING: Status = Status::empty();

impl Status {
    const fn empty() -> Self {
        Self {
            is_visible: false,
            was_visible: false,
            is_read_only: false,
            is_required: false,
            value: Value::Null,
            is_null: false,
            rendered: Value::Null,
            words: String::new(),
            other: String::new(),
            is_direct: false,
            is_setting: false,
            was_answered: None,
            is_by_default: false,
            is_clearing: false,
            drops_words: false,
            is_updating_dependents: false,
            had_other: false,
            choices: Vec::new(),
            filtered: None,
            shown: Vec::new(),
            is_other_disabled: false,
            hidden_old: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            bounds: (Value::Null, Value::Null),
            lines: Vec::new(),
            is_faulty: false,
        }
    }

    pub(super) fn new(question: &Question) -> Self {
        let mut status = Self {
            is_visible: !question.rules.is_hidden,
            was_visible: !question.rules.is_hidden,
            is_read_only: question.rules.is_read_only,
            is_required: question.rules.is_required,
            ..Self::empty()
        };
        match &question.kind {
            Kind::Matrix(matrix) => {
                status.rows = vec![(true, true); matrix.rows.len()];
                status.columns = vec![true; matrix.columns.len()];
            }
            Kind::Multipletext(lines) => {
                let line = |line: &std::sync::Arc<Question>| Line {
                    is_required: line.rules.is_required,
                    bounds: match &line.kind {
                        Kind::Text(input) => (input.min.clone(), input.max.clone()),
                        _ => (Value::Null, Value::Null),
                    },
                    is_direct: false,
                };
                status.lines = lines.iter().map(line).collect();
            }
            kind => {
                let count = kind.choices().map_or(0, |choices| choices.choices.len());
                status.choices = vec![(true, true); count];
            }
        }
        status
    }
}

/// What is known about a panel or page.
#[derive(Clone, Debug)]
pub(super) struct Container {
    /// What its condition says.
    pub is_visible: bool,
    /// Whether it was visible, with something visible in it, when that was looked at last.
    pub was_visible: bool,
    pub is_read_only: bool,
    pub is_required: bool,
    /// Whether nothing in it was answered although something must be.
    pub is_missing: bool,
    /// Whether a page was left with nothing wrong on it.
    pub is_passed: bool,
}

impl Container {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            is_visible: !rules.is_hidden,
            was_visible: true,
            is_read_only: rules.is_read_only,
            is_required: rules.is_required,
            is_missing: false,
            is_passed: false,
        }
    }
}
