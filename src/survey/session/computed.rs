//! What is computed from answers: `calculatedValues`, `setValueIf`, `setValueExpression` and `resetValueIf`.

use std::sync::Arc;

use super::super::expression::Expression;
use super::super::value::Value;
use super::dependencies::is_named;
use super::sameness::are_alike;
use super::{Property, Session};

impl Session {
    /// Computes a value, those it names first.
    pub(super) fn calculate(&mut self, place: usize, done: &mut [bool]) {
        let definition = Arc::clone(&self.definition);
        let Some(calculated) = definition.calculated.get(place) else {
            return;
        };
        match done.get_mut(place) {
            Some(done) if !*done => *done = true,
            _ => return,
        }
        let names = calculated.expression.names();
        for (other, value) in definition.calculated.iter().enumerate() {
            if other != place && names.contains(&value.name.as_str()) {
                self.calculate(other, done);
            }
        }
        let value = calculated.expression.operand(&self.view()).into_value();
        let old = self.variables.get(&calculated.name);
        if !are_alike(old.unwrap_or(&Value::Null), &value) {
            self.set_variable(&calculated.name, &value);
        }
    }

    pub(super) fn set_variable(&mut self, name: &str, value: &Value) {
        // A variable hides what is stored under its name.
        self.answers.set(name, Value::Null);
        let old = self.variables.get(name).cloned().unwrap_or_default();
        if old == *value {
            return;
        }
        self.variables.set(name, value.clone());
        self.announce_to_all(name, name);
        self.follow_change(name, value, &old, None);
    }

    /// Evaluates anew what questions compute from what changed: `resetValueIf`, `setValueIf` and `setValueExpression`.
    pub(super) fn recompute(&mut self, name: &str, value: &Value) {
        let definition = Arc::clone(&self.definition);
        let own = [(name.to_owned(), value.clone())];
        for question in definition.questions() {
            let place = question.place;
            if self.status(place).is_setting {
                continue;
            }
            if let Some(condition) = &question.reset_if
                && self.is_answered(place)
                && self.is_due_for(&own, condition, None)
                && self.enter(Property::Reset, place)
            {
                let is_true = condition.operand(&self.view()).into_value() == Value::Bool(true);
                if is_true && question.default_expression.is_none() && question.default.is_empty() {
                    self.clear_value(place, false);
                } else if is_true {
                    self.set_default(place);
                }
                self.leave();
            }
            match (&question.set_if, &question.set_expression) {
                (Some(condition), expression)
                    if self.is_due_for(&own, condition, expression.as_ref())
                        && self.enter(Property::SetIf, place) =>
                {
                    if condition.operand(&self.view()).is_truthy() {
                        match expression {
                            Some(expression) => self.compute(place, expression),
                            None => self.clear_value(place, false),
                        }
                    }
                    self.leave();
                }
                (None, Some(expression)) if self.is_due_for(&own, expression, None) => {
                    self.compute(place, expression);
                }
                _ => {}
            }
        }
    }

    /// Whether a question computes anew after what has changed; once that was done for a later change, only the first
    /// one counts.
    fn is_due_for(
        &self,
        first: &[(String, Value)],
        condition: &Expression,
        expression: Option<&Expression>,
    ) -> bool {
        let keys = self.run.changed.as_deref().unwrap_or(first);
        is_due(keys, condition, expression)
    }

    /// Sets an answer to what an expression gives.
    fn compute(&mut self, place: usize, expression: &Expression) {
        if self.enter(Property::Set, place) {
            let value = expression.operand(&self.view()).into_answer();
            self.set_computed(place, value);
            self.leave();
        }
    }
}

/// Whether a question computes anew after these changes.
fn is_due(
    keys: &[(String, Value)],
    condition: &Expression,
    expression: Option<&Expression>,
) -> bool {
    #[derive(PartialEq)]
    enum Reason {
        None,
        Name,
        Always,
    }
    let reason = |expression: &Expression| {
        let names = expression.names();
        if expression.has_bare_call() || names.is_empty() {
            Reason::Always
        } else if names.iter().any(|name| is_named(name, keys)) {
            Reason::Name
        } else {
            Reason::None
        }
    };
    match (reason(condition), expression) {
        (Reason::Name, _) => true,
        (first, None) => first == Reason::Always,
        (_, Some(expression)) => reason(expression) != Reason::None,
    }
}
