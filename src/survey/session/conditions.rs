//! What answers show, hide, lock and require: the conditions of a survey, evaluated until nothing changes any more.

use std::sync::Arc;

use super::super::definition::{ClearHidden, Element, Kind, Question, TextInput};
use super::super::expression::Expression;
use super::super::javascript;
use super::super::value::Value;
use super::answering::{are_alike, as_line, is_same};
use super::choices::Source;
use super::{Property, Run, Session};

/// So often conditions are evaluated again because an answer changed through them.
const MAX_RERUNS: usize = 10;

impl Session {
    /// Begins: defaults, then all conditions, then the first page that is visible.
    pub(super) fn load(&mut self) {
        let definition = Arc::clone(&self.definition);
        self.is_open = true;
        self.put_in_order();
        self.watches_properties = definition
            .expressions
            .iter()
            .any(Expression::names_properties);
        self.run.is_loading = true;
        for question in definition.questions() {
            self.refresh_choices(question.place);
            if let Kind::Multipletext(lines) = &question.kind {
                for (at, line) in lines.iter().enumerate() {
                    self.fill_line(question.place, at, line);
                }
            }
            self.fill_default(question.place);
            // A default may lie outside the bounds.
            if let Kind::Text(input) = &question.kind {
                self.change(question.place, |status| {
                    status.bounds = (input.min.clone(), input.max.clone())
                });
            }
            self.keep_ranking_whole(question.place);
        }
        if definition.is_joined {
            // Where pages become one, each question is set up anew, and its conditions run before all others.
            self.run.is_joining = true;
            let start = usize::from(definition.has_start_page);
            let asked = definition
                .questions()
                .filter(|question| question.page >= start);
            for question in asked {
                self.fill_default(question.place);
                self.run_question(question.place);
            }
        }
        self.run = Run::default();
        self.refresh_containers();
        if definition.is_joined || definition.is_one_by_one {
            self.go_to_visible();
        }
        self.run_conditions();
        self.announce_to_all("", "");
        self.refresh_containers();
        self.go_to_visible();
    }

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

    /// Computes a value, those it names first.
    fn calculate(&mut self, place: usize, done: &mut [bool]) {
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
        let old = self.variables.get(name).cloned().unwrap_or_default();
        if old == *value {
            return;
        }
        self.variables.set(name, value.clone());
        self.announce_to_all(name, name);
        self.follow_change(name, value, &old, None);
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

    fn run_question(&mut self, place: usize) {
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

    fn bounds(&self, input: &TextInput) -> (Value, Value) {
        let bound = |expression: &Option<Expression>, fixed: &Value| match expression {
            Some(expression) => expression.operand(&self.view()).into_answer(),
            None => fixed.clone(),
        };
        (
            bound(&input.min_expression, &input.min),
            bound(&input.max_expression, &input.max),
        )
    }

    /// A line of several that is computed as long as the respondent has not written it.
    fn fill_line(&mut self, place: usize, at: usize, line: &super::Question) {
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

    /// Whether the question itself is visible; what it stands in may be hidden.
    pub(super) fn is_visible(&self, place: usize) -> bool {
        let status = self.status(place);
        let Some(question) = self.definition.questions.get(place) else {
            return false;
        };
        status.is_visible
            && match &question.kind {
                Kind::Matrix(matrix) => {
                    !matrix.hides_if_empty || status.rows.iter().any(|row| row.0)
                }
                kind => kind.choices().is_none_or(|choices| {
                    !choices.hides_if_empty
                        || if choices.from.is_some() {
                            !status.shown.is_empty()
                        } else {
                            status
                                .filtered
                                .as_ref()
                                .map_or(!choices.choices.is_empty(), |items| !items.is_empty())
                        }
                }),
            }
    }

    /// Whether a question and everything it stands in is visible.
    pub(super) fn is_in_view(&self, place: usize) -> bool {
        self.is_visible(place) && self.is_container_visible(place)
    }

    fn is_container_visible(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        question.is_some_and(|question| {
            !self.is_in_hidden_panel(place) && self.is_page_visible(question.page)
        })
    }

    /// Whether a panel that a question stands in is hidden.
    pub(super) fn is_in_hidden_panel(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        let mut within = question.and_then(|question| question.panel);
        while let Some(panel) = within {
            if !self.is_panel_visible(panel) {
                return true;
            }
            let panel = self.definition.panels.get(panel);
            within = panel.and_then(|panel| panel.within);
        }
        false
    }

    /// Whether a panel is visible and has something visible in it.
    pub(super) fn is_panel_visible(&self, place: usize) -> bool {
        self.panels.get(place).is_some_and(|panel| panel.is_visible)
            && self
                .ruled
                .is_none_or(|ruled| (ruled.has_its_choice)(self, place))
            && (self
                .definition
                .questions()
                .any(|question| question.panel == Some(place) && self.is_visible(question.place))
                || self
                    .definition
                    .panels
                    .iter()
                    .enumerate()
                    .any(|(inner, panel)| {
                        panel.within == Some(place) && self.is_panel_visible(inner)
                    }))
    }

    /// Whether the choice that a panel belongs to is chosen, if it belongs to one.
    pub(super) fn is_choice_of_panel_chosen(&self, panel: usize) -> bool {
        let of = self
            .definition
            .panels
            .get(panel)
            .and_then(|panel| panel.choice);
        of.is_none_or(|(question, at)| {
            let mut shown = self.status(question).shown.iter();
            shown.any(|item| {
                item.source == Source::Choice(question, at) && self.is_chosen(question, item)
            })
        })
    }

    /// Whether questions are asked inside the choices of a question.
    pub(super) fn has_nested(&self, place: usize) -> bool {
        let mut panels = self.definition.panels.iter();
        panels.any(|panel| panel.choice.is_some_and(|(of, _)| of == place))
    }

    /// Whether a question stands inside a choice of another.
    pub fn is_nested(&self, question: &Question) -> bool {
        self.owner_of(question).is_some()
    }

    /// The outermost question inside whose choices a question stands.
    pub(super) fn owner_of(&self, question: &Question) -> Option<usize> {
        let panel_of = |place: Option<usize>| place.and_then(|it| self.definition.panels.get(it));
        let (mut within, mut owner) = (panel_of(question.panel), None);
        while let Some(panel) = within {
            owner = panel.choice.map(|(owner, _)| owner).or(owner);
            within = panel_of(panel.within);
        }
        owner
    }

    /// Whether a page is visible and has something visible on it.
    pub(super) fn is_page_visible(&self, place: usize) -> bool {
        let Some(page) = self.definition.pages.get(place) else {
            return false;
        };
        self.pages.get(place).is_some_and(|page| page.is_visible)
            && page.elements.iter().any(|element| match *element {
                Element::Question(place) => {
                    let question = self.definition.questions.get(place);
                    question.is_some_and(|question| question.panel.is_none())
                        && self.is_visible(place)
                }
                Element::Panel(place) => {
                    let panel = self.definition.panels.get(place);
                    panel.is_some_and(|panel| panel.within.is_none())
                        && self.is_panel_visible(place)
                }
            })
    }

    /// Whether a question, or what it stands in, is locked.
    pub(super) fn is_locked(&self, place: usize) -> bool {
        if self.definition.is_read_only || self.status(place).is_read_only {
            return true;
        }
        let Some(question) = self.definition.questions.get(place) else {
            return true;
        };
        question
            .panel
            .is_some_and(|panel| self.is_panel_locked(panel))
            || self
                .pages
                .get(question.page)
                .is_some_and(|page| page.is_read_only)
    }

    /// Whether a panel, or one that it stands in, is locked.
    pub(super) fn is_panel_locked(&self, place: usize) -> bool {
        let mut within = Some(place);
        while let Some(panel) = within {
            if self
                .panels
                .get(panel)
                .is_some_and(|panel| panel.is_read_only)
            {
                return true;
            }
            let panel = self.definition.panels.get(panel);
            within = panel.and_then(|panel| panel.within);
        }
        false
    }

    /// Looks whether a question became visible or hidden, and takes back or fills in its answer.
    pub(super) fn visibility_changed(&mut self, place: usize) {
        let is_visible = self.is_visible(place);
        let before = self.change(place, |status| {
            std::mem::replace(&mut status.was_visible, is_visible)
        });
        if !is_visible {
            self.forget_faults(place);
        }
        if before == is_visible || self.run.is_loading && !self.run.is_joining {
            return;
        }
        if self.watches_properties
            && let Some(question) = self.question(place)
        {
            self.run_dependents(&["$", &question.name, ".isVisible"].concat());
        }
        let clears = self.clears_on_hiding(place);
        if clears && !self.status(place).is_visible {
            self.clear_if_hidden(place, ClearHidden::OnHidden);
        }
        if clears && self.is_in_view(place) {
            self.fill_default(place);
        }
        if !self.run.is_running {
            self.refresh_containers();
        }
    }

    /// Looks at all panels and pages, inner ones first.
    pub(super) fn refresh_containers(&mut self) {
        let definition = Arc::clone(&self.definition);
        for (at, page) in definition.pages.iter().enumerate() {
            for element in &page.elements {
                if let Element::Panel(place) = *element {
                    self.panel_changed(place, false);
                }
            }
            self.page_changed(at, false);
        }
    }

    /// The questions in a panel.
    fn inside_of(&self, panel: usize) -> Vec<usize> {
        let questions = self.definition.questions();
        let inside = questions.filter(|question| self.is_within(question.panel, panel));
        inside.map(|question| question.place).collect()
    }

    /// Takes back or fills in what stands in a panel that became visible or hidden, or whose condition changed.
    fn panel_changed(&mut self, place: usize, is_condition: bool) {
        let is_visible = self.is_panel_visible(place);
        let Some(panel) = self.panels.get_mut(place) else {
            return;
        };
        let was_visible = std::mem::replace(&mut panel.was_visible, is_visible);
        if self.run.is_loading || was_visible == is_visible && !is_condition {
            return;
        }
        for question in self.inside_of(place) {
            self.container_changed(question, is_visible);
        }
    }

    fn page_changed(&mut self, place: usize, is_condition: bool) {
        let is_visible = self.is_page_visible(place);
        let Some(page) = self.pages.get_mut(place) else {
            return;
        };
        let was_visible = std::mem::replace(&mut page.was_visible, is_visible);
        if self.run.is_loading || was_visible == is_visible && !is_condition {
            return;
        }
        let inside = self
            .definition
            .pages
            .get(place)
            .map(|page| page.questions.clone());
        for question in inside.unwrap_or_default() {
            self.container_changed(question, is_visible);
        }
        if self.page == Some(place) || is_visible && self.page.is_none() {
            self.go_to_visible();
        }
    }

    pub(super) fn is_within(&self, panel: Option<usize>, outer: usize) -> bool {
        let mut within = panel;
        while let Some(panel) = within {
            if panel == outer {
                return true;
            }
            within = self
                .definition
                .panels
                .get(panel)
                .and_then(|panel| panel.within);
        }
        false
    }

    fn container_changed(&mut self, place: usize, is_visible: bool) {
        if is_visible {
            self.fill_default(place);
        } else {
            self.clear_if_hidden(place, ClearHidden::OnHiddenContainer);
        }
    }

    /// Takes an answer back because of what its question's `clearIfInvisible` says; `reason` is what has happened.
    pub(super) fn clear_if_hidden(&mut self, place: usize, reason: ClearHidden) {
        let mode = self.clear_mode(place);
        let applies = match (reason, mode) {
            (_, ClearHidden::None) => false,
            (ClearHidden::OnHidden, mode) => mode != ClearHidden::OnComplete,
            (ClearHidden::OnHiddenContainer, mode) => mode == ClearHidden::OnHiddenContainer,
            _ => true,
        };
        if !applies {
            return;
        }
        if self.can_clear_hidden(place, reason) {
            self.clear_value(place, false);
        }
        if self.has_choices(place) {
            self.clear_incorrect(place);
        }
        self.clear_incorrect_rows(place, false);
    }

    fn can_clear_hidden(&self, place: usize, reason: ClearHidden) -> bool {
        if reason == ClearHidden::OnHiddenContainer && !self.is_container_visible(place) {
            return true;
        }
        let Some(question) = self.definition.questions.get(place) else {
            return false;
        };
        if self.is_in_view(place) || self.definition.has_start_page && question.page == 0 {
            return false;
        }
        !self
            .places_of_value(question.value_name())
            .into_iter()
            .any(|other| other != place && self.is_in_view(other))
    }

    /// Stays on the page that is shown, or goes to the first one that is visible.
    pub(super) fn go_to_visible(&mut self) {
        if !self.page.is_some_and(|page| self.is_listed(page)) {
            let first = self.visible_pages().next();
            self.show_page(first);
        }
        self.keep_single();
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

/// Whether what an expression names has changed; one that calls a function, or names nothing, is always looked at.
pub(super) fn depends_on(expression: &Expression, is_named: &dyn Fn(&str) -> bool) -> bool {
    let (is_changed, has_names) = expression.any_name(is_named);
    is_changed || !has_names || expression.has_bare_call()
}

/// Whether a name stands for something that has changed, or for a part of it.
pub(super) fn is_named(name: &str, changed: &[(String, Value)]) -> bool {
    is_changed(name, changed, &|_, _, value| *value != Value::Null)
}

/// As [`is_named`]; of a part, `is_part_changed` is asked with (beginning of the name, name, value).
pub(super) fn is_changed(
    name: &str,
    changed: &[(String, Value)],
    is_part_changed: &dyn Fn(&str, &str, &Value) -> bool,
) -> bool {
    let name = name.strip_suffix("-unwrapped").unwrap_or(name);
    let is_same = |key: &str, name: &str| key == name || key == javascript::lower_case(name);
    changed.iter().any(|(key, value)| {
        if name.starts_with('$') || is_same(key, name) {
            return true;
        }
        // A part of an answer: `{q.row}`, `{q[0]}`.
        name.char_indices()
            .filter(|&(_, c)| c == '.' || c == '[')
            .filter_map(|(end, _)| name.get(..end))
            .any(|root| is_same(key, root) && is_part_changed(root, name, value))
    })
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
