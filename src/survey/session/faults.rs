//! What is wrong with answers: required, words for "other", bounds, validators.

use std::sync::Arc;

use super::super::definition::{
    Checks, ClearHidden, Element, InputType, Kind, Question, Rule, TextInput, Validator,
};
use super::super::javascript::{compare_texts, number_in, number_of_value, text_of_value};
use super::super::text::LocalizedText;
use super::super::validation::{Fault, Violation, check, looks_like_email};
use super::super::value::Value;
use super::Session;
use super::answering::is_blank;
use super::choices::Source;
use super::scope::View;

/// Patterns are looked for in at most so many characters of an answer.
const MAX_SUBJECT_CHARS: usize = 1_000;

impl Session {
    /// Checks what is visible on a page, and says whether one may go on.
    pub(super) fn check_page(&mut self, place: usize) -> bool {
        let definition = Arc::clone(&self.definition);
        let Some(page) = definition.pages.get(place) else {
            return true;
        };
        let mut is_right = true;
        for element in &page.elements {
            match *element {
                Element::Question(place) if self.is_in_view(place) => {
                    is_right &= self.check_question(place, false);
                }
                Element::Panel(place) if self.is_panel_visible(place) => {
                    is_right &= self.check_panel(place);
                }
                _ => {}
            }
        }
        let is_page_required = self.pages.get(place).is_some_and(|page| page.is_required);
        is_right
            && (!is_page_required
                || page
                    .questions
                    .clone()
                    .any(|question| self.is_in_view(question) && self.is_answered(question)))
    }

    /// What leaving a page does to its answers without being asked to check them: choices that are none any more go.
    pub(super) fn leave_answers(&mut self, page: usize) {
        let questions = self.definition.pages.get(page);
        let questions: Vec<usize> = questions
            .map(|page| page.questions.clone().collect())
            .unwrap_or_default();
        let mut is_right = true;
        for place in questions {
            // The page itself may be hidden, which is why it is left.
            if !self.is_visible(place) || self.is_in_hidden_panel(place) {
                continue;
            }
            if self.has_choices(place) && self.clear_mode(place) != ClearHidden::None {
                self.clear_incorrect(place);
            }
            is_right &= self
                .faults(place, false)
                .iter()
                .all(|fault| fault.is_remark);
        }
        if let Some(page) = self.pages.get_mut(page) {
            page.is_passed = is_right;
        }
    }

    /// Something in a required panel must be answered.
    fn check_panel(&mut self, place: usize) -> bool {
        let is_required = self
            .panels
            .get(place)
            .is_some_and(|panel| panel.is_required)
            && !self.is_panel_locked(place)
            && !self.is_page_of_panel_locked(place);
        let inside: Vec<usize> = self
            .definition
            .questions()
            .filter(|question| self.is_open_within(question, place))
            .map(|question| question.place)
            .collect();
        let is_missing = is_required
            && !inside.is_empty()
            && !inside.iter().any(|&question| self.is_answered(question));
        if let Some(panel) = self.panels.get_mut(place) {
            panel.is_missing = is_missing;
        }
        !is_missing
    }

    fn is_page_of_panel_locked(&self, panel: usize) -> bool {
        let mut questions = self.definition.questions();
        let page = questions.find(|question| self.is_within(question.panel, panel));
        let page = page.and_then(|question| self.pages.get(question.page));
        self.definition.is_read_only || page.is_some_and(|page| page.is_read_only)
    }

    /// Whether all is right in a page or panel of that name. What itself asks so is not asked again.
    pub(super) fn is_ready(&self, name: &str) -> bool {
        let definition = &self.definition;
        let page = definition.pages.iter().position(|page| page.name == name);
        let panel = definition
            .panels
            .iter()
            .position(|panel| panel.name == name);
        let is_inside = |question: &Question| match (page, panel) {
            (Some(page), _) => question.page == page,
            (None, Some(panel)) => self.is_within(question.panel, panel),
            (None, None) => false,
        };
        let asks = |question: &Question| {
            question
                .validators
                .iter()
                .any(|validator| match &validator.rule {
                    Rule::Expression(Some(expression)) => {
                        expression.calls().contains(&"isContainerReady")
                    }
                    _ => false,
                })
        };
        let mut inside = definition
            .questions()
            .filter(|question| is_inside(question));
        (page.is_some() || panel.is_some())
            && inside.all(|question| {
                asks(question)
                    || self
                        .faults(question.place, false)
                        .iter()
                        .all(|fault| fault.is_remark)
            })
    }

    /// Whether a question stands in a panel, and neither it nor a panel between both is hidden by its own condition.
    fn is_open_within(&self, question: &Question, outer: usize) -> bool {
        let mut within = question.panel;
        while let Some(panel) = within.filter(|&panel| panel != outer) {
            if !self.panels.get(panel).is_some_and(|panel| panel.is_visible) {
                return false;
            }
            let panel = self.definition.panels.get(panel);
            within = panel.and_then(|panel| panel.within);
        }
        within == Some(outer) && self.status(question.place).is_visible
    }

    /// Checks all that is visible in a panel.
    pub(super) fn check_within(&mut self, panel: usize) -> bool {
        let inside: Vec<usize> = self
            .definition
            .questions()
            .filter(|question| self.is_within(question.panel, panel))
            .map(|question| question.place)
            .collect();
        let mut is_right = true;
        for place in inside {
            if self.is_in_view(place) {
                is_right &= self.check_question(place, false);
            }
        }
        is_right && self.check_panel(panel)
    }

    /// The panels in which something must be answered and nothing is, since the page was checked last.
    pub fn missing_panels(&self) -> impl Iterator<Item = usize> {
        let panels = self.panels.iter().enumerate();
        panels
            .filter(|(_, panel)| panel.is_missing)
            .map(|(place, _)| place)
    }

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
            self.check_question(place, true);
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

    fn faults(&self, place: usize, is_change: bool) -> Vec<Violation> {
        let Some(question) = self.question(place) else {
            return Vec::new();
        };
        let is_computed = matches!(question.kind, Kind::Expression(..));
        if !self.is_visible(place) || self.is_locked(place) && !is_computed {
            return Vec::new();
        }
        let mut faults = self.line_faults(&question, is_change);
        let mut own = self.own_faults(&question, is_change);
        if own.is_empty() {
            own = self.broken_rules(&question, &question.name, &self.status(place).value);
        }
        faults.extend(own);
        faults
    }

    fn own_faults(&self, question: &Question, is_change: bool) -> Vec<Violation> {
        let place = question.place;
        let status = self.status(place);
        if self.environment.checks_form
            // Blanks in a field for words are no answer; anywhere else they are a wrong one.
            && !(is_blank(&status.value)
                && matches!(question.kind, Kind::Text(_) | Kind::Comment(_)))
            && let Some(fault) = check(&self.definition, question, &status.value)
        {
            return vec![Violation::new(
                &question.name,
                fault,
                &LocalizedText::default(),
            )];
        }
        let mut faults = Vec::new();
        let mut add =
            |fault, text: &LocalizedText| faults.push(Violation::new(&question.name, fault, text));
        let ours = LocalizedText::default();
        let was_answered = status.was_answered.unwrap_or(false);
        let is_computed = matches!(question.kind, Kind::Expression(..));
        if (!is_change || was_answered)
            && status.is_required
            && !is_computed
            && !question.kind.is_display()
            && !self.is_answered(place)
        {
            add(Fault::Required, &question.required_error);
        }
        match &question.kind {
            Kind::Text(input) => {
                for (fault, text) in bound_faults(input, &status.value, &status.bounds) {
                    add(fault, &text);
                }
                let has_rule = question.validators.iter().any(|it| it.rule == Rule::Email);
                if input.input == InputType::Email
                    && !has_rule
                    && !is_blank(&status.value)
                    && !looks_like_email(&text_of_value(&status.value))
                {
                    add(Fault::NotAnEmail, &ours);
                }
            }
            Kind::Matrix(matrix) if !is_change || self.has_grave_faults(place) => {
                let question = self.question(place);
                let faults = question.map(|question| self.row_faults(&question, matrix));
                let (is_missing, is_twice) = faults.unwrap_or_default();
                if is_missing {
                    add(Fault::RowMissing, &ours);
                }
                if is_twice {
                    add(Fault::RowTwice, &ours);
                }
            }
            kind => {
                if let Some(choices) = kind.choices() {
                    if self.lacks_words(place) && (!is_change || status.had_other) {
                        add(Fault::WordsMissing, &choices.other_error);
                    }
                    let count = status.value.as_list().map_or(0, <[Value]>::len);
                    let is_alone = count == 1
                        && status
                            .shown
                            .iter()
                            .any(|item| self.is_exclusive(item) && self.is_chosen(place, item));
                    if let Some(min) = choices.min_selected
                        && self.is_several(place)
                        && !is_change
                        && !is_alone
                        && count < min
                    {
                        add(Fault::TooFew(min), &ours);
                    }
                }
            }
        }
        faults
    }

    /// Whether a choice that asks for words is chosen, and they are not there.
    fn lacks_words(&self, place: usize) -> bool {
        let status = self.status(place);
        status.shown.iter().any(|item| {
            let is_required = match item.source {
                Source::Other => true,
                _ => self
                    .choice(item)
                    .is_some_and(|choice| choice.shows_comment && choice.is_comment_required),
            };
            is_required
                && self.is_chosen(place, item)
                && self.words_for(place, &item.value).is_empty()
        })
    }

    /// The words beside a chosen value.
    pub(super) fn words_for(&self, place: usize, value: &Value) -> String {
        if super::answering::is_other(value) {
            return self.other_words(place).to_owned();
        }
        let words = |chosen: &Value| {
            let words = chosen.get("comment").and_then(Value::as_text);
            words.unwrap_or_default().to_owned()
        };
        match &self.status(place).value {
            Value::List(items) => items
                .iter()
                .find(|item| item.get("value") == Some(value))
                .map(words)
                .unwrap_or_default(),
            single => words(single),
        }
    }

    fn line_faults(&self, question: &Question, is_change: bool) -> Vec<Violation> {
        let Kind::Multipletext(lines) = &question.kind else {
            return Vec::new();
        };
        let status = self.status(question.place);
        let mut faults = Vec::new();
        for (line, known) in lines.iter().zip(&status.lines) {
            let name = [&question.name, ".", &line.name].concat();
            let value = status.value.get(&line.name).cloned().unwrap_or_default();
            if is_change && is_blank(&value) {
                continue;
            }
            let before = faults.len();
            if known.is_required && is_blank(&value) {
                faults.push(Violation::new(&name, Fault::Required, &line.required_error));
            }
            if let Kind::Text(input) = &line.kind {
                for (fault, text) in bound_faults(input, &value, &known.bounds) {
                    faults.push(Violation::new(&name, fault, &text));
                }
            }
            if faults.len() == before {
                faults.extend(self.broken_rules(line, &name, &value));
            }
        }
        faults
    }

    fn broken_rules(&self, question: &Question, name: &str, value: &Value) -> Vec<Violation> {
        let mut faults = Vec::new();
        for validator in &question.validators {
            if let Some(fault) = self.broken_rule(validator, value) {
                let mut violation = Violation::new(name, fault, &validator.text);
                violation.is_remark = validator.is_remark;
                faults.push(violation);
            }
        }
        faults
    }

    fn broken_rule(&self, validator: &Validator, value: &Value) -> Option<Fault> {
        let is_empty = value.is_empty();
        let length = |value: &Value| match value {
            Value::Text(text) => Some(text.encode_utf16().count()),
            Value::List(items) => Some(items.len()),
            _ => None,
        };
        let is_within = |number: f64, min: &Option<f64>, max: &Option<f64>| {
            min.is_none_or(|min| min <= number) && max.is_none_or(|max| number <= max)
        };
        match &validator.rule {
            Rule::Numeric { .. } if is_empty => None,
            Rule::Numeric { min, max } => match number_in(value) {
                None => Some(Fault::NotANumber),
                Some(number) if is_within(number, min, max) => None,
                Some(_) => Some(Fault::Broken),
            },
            Rule::Text { .. } if is_empty => None,
            Rule::Text {
                min,
                max,
                allows_digits,
            } => {
                let ends_in_digit = text_of_value(value).ends_with(|c: char| c.is_ascii_digit());
                let is_right = (*allows_digits || !ends_in_digit)
                    && length(value).is_none_or(|length| is_within(length as f64, min, max));
                (!is_right).then_some(Fault::Broken)
            }
            Rule::AnswerCount { min, max } => {
                let count = value.as_list()?.len();
                (count > 0 && !is_within(count as f64, min, max)).then_some(Fault::Broken)
            }
            Rule::Email => (super::super::javascript::is_truthy(value)
                && !looks_like_email(&text_of_value(value)))
            .then_some(Fault::NotAnEmail),
            Rule::Regex {
                pattern,
                ignores_case,
            } => {
                if is_empty || pattern.is_empty() {
                    return None;
                }
                let find = self.environment.find;
                let is_found = |value: &Value| {
                    let text = text_of_value(value);
                    // Neither side looks further: long texts take long.
                    let end = text.char_indices().nth(MAX_SUBJECT_CHARS);
                    let text = end.and_then(|(end, _)| text.get(..end)).unwrap_or(&text);
                    find(pattern, *ignores_case, text)
                };
                let is_right = match value {
                    Value::List(items) => items.iter().all(is_found) && is_found(value),
                    value => is_found(value),
                };
                (!is_right).then_some(Fault::Broken)
            }
            Rule::Expression(None) => None,
            Rule::Expression(Some(expression)) => {
                let view = View {
                    session: self,
                    item: None,
                };
                (!expression.is_true(&view)).then_some(Fault::Broken)
            }
        }
    }
}

/// Whether an answer is (below, above) its bounds.
pub(super) fn outside(
    input: InputType,
    value: &Value,
    (min, max): &(Value, Value),
) -> (bool, bool) {
    if is_blank(value) {
        return (false, false);
    }
    let is_less = |left: &Value, right: &Value| {
        if is_blank(left) || is_blank(right) {
            return false;
        }
        match (left, right) {
            (Value::Text(left), Value::Text(right)) if !input.is_number() => {
                compare_texts(left, right).is_lt()
            }
            (left, right) => number_of_value(left) < number_of_value(right),
        }
    };
    (is_less(value, min), is_less(max, value))
}

/// What is wrong with a number or date; in the author's text, `{0}` stands for the bound. Words, too, may have bounds
/// that are computed.
fn bound_faults(
    input: &TextInput,
    value: &Value,
    bounds: &(Value, Value),
) -> Vec<(Fault, LocalizedText)> {
    let mut faults = Vec::new();
    let (is_below, is_above) = outside(input.input, value, bounds);
    let with = |text: &LocalizedText, bound: &Value| text.with("{0}", &text_of_value(bound));
    if is_below {
        faults.push((Fault::BelowMin, with(&input.min_error, &bounds.0)));
    }
    if is_above {
        faults.push((Fault::AboveMax, with(&input.max_error, &bounds.1)));
    }
    if input.input == InputType::Number
        && let (Some(step), Some(number)) = (input.step, number_in(value))
        && !is_multiple_of(number, step)
    {
        let text = with(&input.step_error, &Value::Number(step));
        faults.push((Fault::OffStep, text));
    }
    faults
}

/// Whether a number is a multiple of a step, both taken as decimals.
fn is_multiple_of(number: f64, step: f64) -> bool {
    let mut scale = 1.0;
    let is_whole = |number: f64, scale: f64| (number * scale).round() / scale == number;
    while scale < 1e6 && !(is_whole(number, scale) && is_whole(step, scale)) {
        scale *= 10.0;
    }
    let (number, step) = ((number * scale).round(), (step * scale).round());
    step <= 0.0 || number % step == 0.0
}
