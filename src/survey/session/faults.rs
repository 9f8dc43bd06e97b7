//! What is wrong with answers: noted when a page is left, checked again when an answer changes.

mod answer;
mod bounds;
mod containers;
mod validators;

use std::sync::Arc;

use super::super::definition::{Checks, ClearHidden, Kind, Rule};
use super::Session;

impl Session {
    /// Checks one question and notes what is wrong; `is_change` where its answer has just changed.
    pub(super) fn check_question(&mut self, place: usize, is_change: bool) -> bool {
        if !is_change && self.has_choices(place) && self.clear_mode(place) != ClearHidden::None {
            self.clear_incorrect(place);
        }
        let faults = self.faults(place, is_change);
        let is_right = faults.iter().all(|fault| fault.is_remark);
        let names = self.names_of(place);
        let at = self
            .violations
            .iter()
            .position(|violation| names.contains(&violation.question));
        self.violations
            .retain(|violation| !names.contains(&violation.question));
        let at = at
            .unwrap_or(self.violations.len())
            .min(self.violations.len());
        self.violations.splice(at..at, faults);
        self.note_faulty(place);
        is_right
    }

    fn names_of(&self, place: usize) -> Vec<String> {
        let Some(question) = self.definition.questions.get(place) else {
            return Vec::new();
        };
        let mut names = vec![question.name.clone()];
        if let Kind::Multipletext(lines) = &question.kind {
            names.extend(
                lines
                    .iter()
                    .map(|line| [&question.name, ".", &line.name].concat()),
            );
        }
        names
    }

    /// Whether nothing is wrong with the answer, without noting it.
    pub(super) fn is_right(&mut self, place: usize) -> bool {
        if self.has_choices(place) && self.clear_mode(place) != ClearHidden::None {
            self.clear_incorrect(place);
        }
        self.note_faulty(place);
        self.faults(place, false)
            .iter()
            .all(|fault| fault.is_remark)
    }

    /// Conditions that name `{$name.containsErrors}` follow when something becomes wrong, or right.
    fn note_faulty(&mut self, place: usize) {
        let is_faulty = self.has_faults(place);
        if self.change(place, |status| {
            std::mem::replace(&mut status.is_faulty, is_faulty) == is_faulty
        }) {
            return;
        }
        let definition = Arc::clone(&self.definition);
        let Some(question) = definition.questions.get(place) else {
            return;
        };
        let name = ["$", &question.name, ".containsErrors"].concat();
        self.run_dependents(&name);
    }

    pub(super) fn forget_faults(&mut self, place: usize) {
        if self.violations.is_empty() {
            return;
        }
        let names = self.names_of(place);
        self.violations
            .retain(|violation| !names.contains(&violation.question));
    }

    /// Nothing is wrong any more with answers that cannot be changed.
    pub(super) fn forget_faults_of(&mut self, places: &[usize]) {
        for &place in places {
            self.forget_faults(place);
        }
    }

    pub(super) fn has_faults(&self, place: usize) -> bool {
        if self.violations.is_empty() {
            return false;
        }
        let names = self.names_of(place);
        self.violations
            .iter()
            .any(|violation| names.contains(&violation.question))
    }

    /// Whether something is wrong that is not only remarked upon.
    fn has_grave_faults(&self, place: usize) -> bool {
        let names = self.names_of(place);
        let mut faults = self.violations.iter();
        faults.any(|fault| !fault.is_remark && names.contains(&fault.question))
    }

    /// An answer that was wrong is checked again when it changes.
    pub(super) fn check_after_change(&mut self, place: usize) {
        if self.definition.checks == Checks::OnValueChanged || self.has_faults(place) {
            let is_change = self.definition.checks != Checks::OnValueChanging;
            self.check_question(place, is_change);
            return;
        }
        let mut within = self
            .definition
            .questions
            .get(place)
            .and_then(|question| question.panel);
        while let Some(panel) = within {
            if self.panels.get(panel).is_some_and(|panel| panel.is_missing) {
                self.check_panel(panel);
            }
            within = self
                .definition
                .panels
                .get(panel)
                .and_then(|panel| panel.within);
        }
    }

    /// An answer that was wrong is checked again when one changes that its validators name.
    pub(super) fn check_after_other_change(&mut self, place: usize, name: &str, origin: &str) {
        let Some(question) = self.question(place) else {
            return;
        };
        if question.validators.is_empty() {
            return;
        }
        let depends = question
            .validators
            .iter()
            .any(|validator| match &validator.rule {
                Rule::Expression(Some(expression)) => expression.names().iter().any(|used| {
                    *used != question.value_name()
                        && (*used == name
                            || used
                                .strip_prefix(name)
                                .is_some_and(|rest| rest.starts_with('.')))
                }),
                _ => false,
            });
        // What is wrong there is said there first.
        let is_checked = || {
            let of = self.definition.question(origin);
            self.definition.checks == Checks::OnValueChanged
                && of.is_none_or(|of| !self.has_faults(of.place))
        };
        if depends && (self.has_faults(place) || is_checked()) {
            self.check_question(place, true);
        }
    }
}
