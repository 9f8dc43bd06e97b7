//! What answers show, hide, lock and require: the conditions of a survey, evaluated until nothing changes any more.

use std::sync::Arc;

use super::super::definition::{Element, Kind, TextInput};
use super::super::expression::Expression;
use super::super::javascript;
use super::super::value::Value;
use super::dependencies::{depends_on, is_named};
use super::{Property, Session};

/// So often conditions are evaluated again because an answer changed through them.
const MAX_RERUNS: usize = 10;

impl Session {
    pub(super) fn run_conditions(&mut self) {
        if self.is_complete || self.run.is_loading || self.run.is_running {
            return;
        }
        self.run.is_running = true;
        self.run_all();
        self.run.is_running = false;
        if self.run.reruns && self.run.count < MAX_RERUNS {
            self.run.reruns = false;
            self.run.count += 1;
            return self.run_conditions();
        }
        self.run.reruns = false;
        self.run.count = 0;
        self.go_to_visible();
        if std::mem::take(&mut self.run.notifies_later) {
            self.announce_to_all("", "");
        }
        if !self.run.is_after_change {
            self.run.changed = None;
        }
    }

    fn run_all(&mut self) {
        let definition = Arc::clone(&self.definition);
        let mut done = vec![false; definition.calculated.len()];
        for place in 0..definition.calculated.len() {
            self.calculate(place, &mut done);
        }
        for (at, page) in definition.pages.iter().enumerate() {
            for element in &page.elements {
                match *element {
                    Element::Question(place) => self.run_question(place),
                    Element::Panel(place) => self.run_panel(place),
                }
            }
            self.run_page(at);
        }
    }

    /// Evaluates the conditions that name a property of a question, which has changed.
    pub(super) fn run_dependents(&mut self, property: &str) {
        let definition = Arc::clone(&self.definition);
        let mut has_run = false;
        for (at, page) in definition.pages.iter().enumerate() {
            for element in &page.elements {
                match *element {
                    Element::Question(place) => {
                        let question = definition.questions.get(place);
                        if question.is_some_and(|question| question.rules.name(property)) {
                            self.run_question(place);
                            has_run = true;
                        }
                    }
                    Element::Panel(place) => {
                        let panel = definition.panels.get(place);
                        if panel.is_some_and(|panel| panel.rules.name(property)) {
                            self.run_panel(place);
                            has_run = true;
                        }
                    }
                }
            }
            if page.rules.name(property) {
                self.run_page(at);
                has_run = true;
            }
        }
        if has_run && !self.run.is_running {
            self.refresh_containers();
        }
    }

    /// Whether nothing that an expression names has changed.
    fn is_unchanged(&self, expression: &Expression) -> bool {
        match &self.run.changed {
            Some(changed) if self.run.is_after_change => {
                !depends_on(expression, &|name| is_named(name, changed))
            }
            _ => false,
        }
    }

    pub(super) fn run_question(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        let rules = &question.rules;
        if let Some(condition) = self.due(rules.visible_if.as_ref())
            && self.enter(Property::Visible, place)
        {
            let is_visible = self.is(condition, true);
            if self.change(place, |status| {
                std::mem::replace(&mut status.is_visible, is_visible) != is_visible
            }) {
                self.visibility_changed(place);
            }
            self.leave();
        }
        if let Some(condition) = self.due(rules.enable_if.as_ref()) {
            let is_read_only = self.is(condition, false);
            self.change(place, |status| status.is_read_only = is_read_only);
            if is_read_only {
                self.forget_faults(place);
            }
        }
        if let Some(condition) = self.due(rules.required_if.as_ref()) {
            let is_required = self.is(condition, true);
            let was_required = self.change(place, |status| {
                std::mem::replace(&mut status.is_required, is_required)
            });
            if was_required && !is_required && self.has_faults(place) {
                self.check_question(place, false);
            }
        }
        self.run_kind(place);
        if let Some(expression) = &question.default_expression
            && !self.status(place).is_direct
            && (!self.clears_on_hiding(place) || self.is_in_view(place))
            && self.enter(Property::Default, place)
        {
            let mut value = expression.operand(&self.view()).into_answer();
            if value == Value::Null {
                value = question.default.clone();
            }
            self.change(place, |status| status.is_by_default = true);
            self.set_computed(place, value);
            self.change(place, |status| status.is_by_default = false);
            self.leave();
        }
    }

    fn due<'a>(&self, condition: Option<&'a Expression>) -> Option<&'a Expression> {
        condition.filter(|condition| !self.is_unchanged(condition))
    }

    fn run_kind(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        match &question.kind {
            Kind::Matrix(_) => self.run_matrix(place),
            Kind::Text(input) => {
                let bounds = self.bounds(input);
                self.change(place, |status| status.bounds = bounds);
            }
            Kind::Multipletext(lines) => {
                for (at, line) in lines.iter().enumerate() {
                    let Kind::Text(input) = &line.kind else {
                        continue;
                    };
                    let (min, max) = self.bounds(input);
                    self.change(place, |status| {
                        if let Some(line) = status.lines.get_mut(at) {
                            line.bounds = (min, max);
                        }
                    });
                    self.fill_line(place, at, line);
                }
            }
            Kind::Expression(Some(expression), digits, _)
                if !self.is_unchanged(expression)
                    && !self.is_locked(place)
                    && self.enter(Property::Computed, place) =>
            {
                let value = match expression.operand(&self.view()).into_value() {
                    Value::Number(number) if number == f64::INFINITY => Value::Null,
                    Value::Number(number) => Value::Number(match digits {
                        Some(0) => number.round(),
                        Some(digits) => javascript::rounded(number, *digits),
                        None => number,
                    }),
                    value => value,
                };
                self.set_value(place, value);
                self.leave();
            }
            kind if kind.choices().is_some() => self.run_choices(place),
            _ => {}
        }
    }

    pub(super) fn bounds(&self, input: &TextInput) -> (Value, Value) {
        let bound = |expression: &Option<Expression>, fixed: &Value| match expression {
            Some(expression) => expression.operand(&self.view()).into_answer(),
            None => fixed.clone(),
        };
        (
            bound(&input.min_expression, &input.min),
            bound(&input.max_expression, &input.max),
        )
    }

    fn run_panel(&mut self, place: usize) {
        let definition = Arc::clone(&self.definition);
        let Some(panel) = definition.panels.get(place) else {
            return;
        };
        if let Some(condition) = self.due(panel.rules.visible_if.as_ref())
            && self.enter(Property::VisiblePanel, place)
        {
            let is_visible = self.is(condition, true);
            let panel = self.panels.get_mut(place);
            let was_visible =
                panel.map(|panel| std::mem::replace(&mut panel.is_visible, is_visible));
            if was_visible == Some(!is_visible) {
                self.panel_changed(place, true);
            }
            self.leave();
        }
        let locked = self
            .due(panel.rules.enable_if.as_ref())
            .map(|it| self.is(it, false));
        let required = self
            .due(panel.rules.required_if.as_ref())
            .map(|it| self.is(it, true));
        if let Some(panel) = self.panels.get_mut(place) {
            panel.is_read_only = locked.unwrap_or(panel.is_read_only);
            panel.is_required = required.unwrap_or(panel.is_required);
        }
        if locked == Some(true) {
            self.forget_faults_of(&self.inside_of(place));
        }
        self.panel_changed(place, false);
    }

    fn run_page(&mut self, place: usize) {
        let definition = Arc::clone(&self.definition);
        let Some(page) = definition.pages.get(place) else {
            return;
        };
        if let Some(condition) = self.due(page.rules.visible_if.as_ref())
            && self.enter(Property::VisiblePage, place)
        {
            let is_visible = self.is(condition, true);
            let page = self.pages.get_mut(place);
            let was_visible = page.map(|page| std::mem::replace(&mut page.is_visible, is_visible));
            if was_visible == Some(!is_visible) {
                self.page_changed(place, true);
            }
            self.leave();
        }
        let locked = self
            .due(page.rules.enable_if.as_ref())
            .map(|it| self.is(it, false));
        let required = self
            .due(page.rules.required_if.as_ref())
            .map(|it| self.is(it, true));
        if let Some(page) = self.pages.get_mut(place) {
            page.is_read_only = locked.unwrap_or(page.is_read_only);
            page.is_required = required.unwrap_or(page.is_required);
        }
        if locked == Some(true) {
            let inside: Vec<usize> = page.questions.clone().collect();
            self.forget_faults_of(&inside);
        }
        self.page_changed(place, false);
    }
}
