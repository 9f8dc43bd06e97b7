//! What happens when a condition becomes true: the survey's triggers.

use std::sync::Arc;

use super::super::definition::{Effect, Trigger};
use super::super::expression::{Expression, find};
use super::super::value::Value;
use super::Session;
use super::dependencies::{depends_on, is_changed};
use super::sameness::are_alike;

/// So often triggers are looked at again because one of them changed an answer.
const MAX_ROUNDS: usize = 3;

impl Session {
    /// Looks at all triggers after these changes. On the way to the next page, those that only answers fire stay still,
    /// and the others fire.
    pub(super) fn check_triggers(
        &mut self,
        keys: Vec<(String, Value)>,
        is_leaving: bool,
        is_completing: bool,
        name: Option<&str>,
    ) {
        let definition = Arc::clone(&self.definition);
        if self.is_complete || definition.triggers.is_empty() {
            return;
        }
        if self.run.is_triggering {
            for (key, value) in keys {
                match self
                    .run
                    .trigger_keys
                    .iter_mut()
                    .find(|(known, _)| *known == key)
                {
                    Some(entry) => entry.1 = value,
                    None => self.run.trigger_keys.push((key, value)),
                }
            }
            return;
        }
        let is_invalid = !is_completing
            && definition.triggers.iter().any(needs_right_answer)
            && name
                .and_then(|name| self.place_of_value(name))
                .is_some_and(|place| !self.is_right(place));
        self.run.is_triggering = true;
        self.run.trigger_keys = keys;
        let mut original = self.run.trigger_keys.clone();
        for _ in 0..MAX_ROUNDS {
            for trigger in &definition.triggers {
                if is_invalid && needs_right_answer(trigger) {
                    continue;
                }
                self.check_trigger(trigger, is_leaving, is_completing);
            }
            if self.is_complete || self.run.trigger_keys == original {
                break;
            }
            let changed = self
                .run
                .trigger_keys
                .iter()
                .filter(|entry| !original.contains(entry));
            self.run.trigger_keys = changed.cloned().collect();
            original.clone_from(&self.run.trigger_keys);
        }
        self.run.is_triggering = false;
    }

    fn check_trigger(&mut self, trigger: &Trigger, is_leaving: bool, is_completing: bool) {
        let fires_now = match &trigger.effect {
            Effect::Complete => true,
            Effect::Skip(_)
            | Effect::SetValue { .. }
            | Effect::CopyValue { .. }
            | Effect::RunExpression { .. } => !is_leaving,
        };
        if !fires_now || is_completing {
            return;
        }
        let keys = self.run.trigger_keys.clone();
        if let (Effect::SetValue { to, .. } | Effect::CopyValue { to, .. }, [(key, _)]) =
            (&trigger.effect, keys.as_slice())
            && key == to
        {
            return;
        }
        let source = match &trigger.effect {
            Effect::CopyValue { from, .. } => Some(from),
            _ => None,
        };
        let is_source_changed = source.is_some_and(|from| keys.iter().any(|(key, _)| key == from));
        let is_true = match &trigger.condition {
            Some(condition) => {
                (is_source_changed || depends_on_keys(condition, &keys, is_leaving))
                    && condition.operand(&self.view()).into_value() == Value::Bool(true)
            }
            None => is_source_changed,
        };
        if is_true {
            self.take_effect(&trigger.effect, is_leaving);
        }
    }

    fn take_effect(&mut self, effect: &Effect, is_leaving: bool) {
        match effect {
            Effect::Complete if is_leaving => self.finish(),
            Effect::Complete => {}
            Effect::Skip(to) => self.skip_to(to),
            Effect::SetValue {
                to,
                value,
                is_variable: true,
            } => {
                self.set_variable(to, value);
            }
            Effect::SetValue {
                to,
                value,
                is_variable: false,
            } => {
                self.set_by_trigger(to, value.clone());
            }
            Effect::CopyValue { to, from } => {
                let value = self.known(from);
                let place = self.place_of_value(from);
                // Rows and lines without an answer are nothing that could be copied.
                let is_found = place.is_some_and(|place| !self.has_parts(place));
                if is_found || value != Value::Null {
                    self.set_by_trigger(to, value);
                }
            }
            Effect::RunExpression { to, expression } => {
                let Some(expression) = expression else { return };
                let operand = expression.operand(&self.view());
                let is_undefined = operand == super::super::expression::Operand::Undefined;
                if let Some(to) = to
                    && !is_undefined
                {
                    self.set_by_trigger(to, operand.into_answer());
                }
            }
        }
    }

    fn set_by_trigger(&mut self, name: &str, value: Value) {
        match self.place_of_value(name) {
            Some(place) => self.set_value(place, value),
            None if name.contains('.') => {}
            None => self.store(name, &value, None),
        }
    }

    fn skip_to(&mut self, name: &str) {
        let lower = super::super::javascript::lower_case(name);
        let found = self
            .definition
            .questions()
            .find(|question| super::super::javascript::lower_case(&question.name) == lower);
        let Some((place, page)) = found.map(|question| (question.place, question.page)) else {
            return;
        };
        if !self.is_visible(place) {
            return;
        }
        if self.definition.is_one_by_one {
            return self.skip_to_single(place);
        }
        if let Some(from) = self.page {
            self.skipped.push((from, page));
        }
        if self.is_listed(page) {
            self.show_page(Some(page));
        }
    }
}

/// Whether a trigger stays still while the answer that changed is wrong.
fn needs_right_answer(trigger: &Trigger) -> bool {
    matches!(trigger.effect, Effect::Complete | Effect::Skip(_))
}

/// Whether a condition names what has changed. Of the keys of a change, each holds (new, old): a part of an answer counts
/// where it differs. On the way to the next page they are the answers themselves.
fn depends_on_keys(condition: &Expression, keys: &[(String, Value)], is_leaving: bool) -> bool {
    let is_part_changed = |root: &str, name: &str, value: &Value| {
        if is_leaving {
            return *value != Value::Null;
        }
        let part = |value: &Value| {
            let mut holder = Value::Object(Vec::new());
            holder.set(root, value.clone());
            find(&holder, name).unwrap_or_default()
        };
        match value.as_list() {
            Some([new, old]) => !are_alike(&part(new), &part(old)),
            _ => true,
        }
    };
    depends_on(condition, &|name| is_changed(name, keys, &is_part_changed))
}
