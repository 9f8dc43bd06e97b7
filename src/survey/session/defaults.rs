//! Default answers: `defaultValue` and `defaultValueExpression`, of a question and of one of several lines.

use std::sync::Arc;

use super::super::definition::{ClearHidden, Kind, Question};
use super::super::value::Value;
use super::sameness::{is_blank, is_same};
use super::stored_form::as_line;
use super::{Property, Session};

impl Session {
    /// Sets the answer to its default where it has none.
    pub(super) fn fill_default(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        if question.default_expression.is_none() && is_blank(&question.default) {
            return;
        }
        if self.is_answered(place) || self.clears_on_hiding(place) && !self.is_visible(place) {
            return;
        }
        self.set_default(place);
    }

    pub(super) fn set_default(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        // Of a yes or no, only what is written is its default; what is computed comes with the conditions.
        if let Some(expression) = &question.default_expression
            && !matches!(question.kind, Kind::Boolean(_))
        {
            if !self.enter(Property::Default, place) {
                return;
            }
            let mut value = expression.operand(&self.view()).into_answer();
            if value == Value::Null {
                value = question.default.clone();
            }
            self.change(place, |status| status.is_by_default = true);
            self.set_default_value(place, value);
            self.change(place, |status| status.is_by_default = false);
            self.leave();
        } else {
            self.set_default_value(place, question.default.clone());
        }
    }

    fn set_default_value(&mut self, place: usize, value: Value) {
        let Some(question) = self.question(place) else {
            return;
        };
        let mut value = value;
        match &question.kind {
            Kind::Boolean(boolean) => {
                let is = |word: &str, stored: &Value| {
                    value.as_text() == Some(word)
                        || value.as_bool() == Some(word == "true")
                        || value == *stored
                };
                value = if is("true", &boolean.true_value) {
                    boolean.true_value.clone()
                } else if is("false", &boolean.false_value) {
                    boolean.false_value.clone()
                } else if value == Value::Null || value.as_text() == Some("indeterminate") {
                    Value::Null
                } else {
                    return;
                };
            }
            kind => {
                let has_other = kind
                    .choices()
                    .is_some_and(|choices| choices.other.is_some());
                if has_other
                    && !value.is_empty()
                    && (self.is_several(place) || value.as_list().is_none())
                    && !is_same(&self.status(place).value, &value)
                    && self.has_unknown(place, &value, true, true, false)
                {
                    return self.set_unknown_default(place, value);
                }
            }
        }
        if !is_same(&self.status(place).value, &value) {
            self.set_value(place, value);
        }
    }

    /// A line of several that is computed as long as the respondent has not written it.
    pub(super) fn fill_line(&mut self, place: usize, at: usize, line: &super::Question) {
        let Some(expression) = &line.default_expression else {
            return;
        };
        // A line takes the survey's mode; before any rule, nothing is hidden.
        let clears = matches!(
            self.definition.clear_hidden,
            ClearHidden::OnHidden | ClearHidden::OnHiddenContainer
        );
        if clears && !self.run.is_loading && !self.is_in_view(place) {
            return;
        }
        let status = self.status(place);
        let is_direct = status.lines.get(at).is_none_or(|line| line.is_direct);
        if is_direct || !self.enter(Property::Line(at), place) {
            return;
        }
        let status = self.status(place);
        let mut value = match &status.value {
            Value::Null => Value::Object(Vec::new()),
            value => value.clone(),
        };
        let mut computed = expression.operand(&self.view()).into_answer();
        if computed == Value::Null {
            computed = line.default.clone();
        }
        computed = as_line(&line.kind, computed);
        let old = value.get(&line.name).cloned().unwrap_or_default();
        if !is_same(&old, &computed) {
            value.set(&line.name, computed);
            self.set_value(place, value);
        }
        self.leave();
    }

    /// Notes which lines of several the respondent wrote: what is computed as the line's default is none of them, as it
    /// is computed with the lines beside it.
    pub(super) fn note_lines(
        &mut self,
        question: &Question,
        lines: &[Arc<Question>],
        value: &Value,
    ) {
        let place = question.place;
        if value.is_empty() || !lines.iter().any(|line| line.default_expression.is_some()) {
            return;
        }
        let name = question.value_name();
        let stored = self.answers.get(name).cloned().unwrap_or_default();
        self.answers.set(name, value.clone());
        for (at, line) in lines.iter().enumerate() {
            let Some(expression) = &line.default_expression else {
                continue;
            };
            let new = value.get(&line.name).cloned().unwrap_or_default();
            let old = self.status(place).value.get(&line.name).cloned();
            if new.is_empty() || is_same(&new, &old.unwrap_or_default()) {
                continue;
            }
            let computed = expression.operand(&self.view()).into_answer();
            if !is_same(&as_line(&line.kind, computed), &new) {
                self.change(place, |status| {
                    if let Some(line) = status.lines.get_mut(at) {
                        line.is_direct = true;
                    }
                });
            }
        }
        self.answers.set(name, stored);
    }
}
