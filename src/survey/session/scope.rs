//! What names and calls in a survey's expressions stand for.

use std::fmt;

use super::super::definition::{Kind, Question};
use super::super::expression::functions::Surroundings;
use super::super::expression::{Argument, Expression, Operand, Scope, find, look_up};
use super::super::javascript::equals_in_any_case;
use super::super::value::Value;
use super::Session;

/// What a session is given from outside: the functions expressions may call, and the time.
#[derive(Clone, Copy)]
pub struct Environment {
    /// The result of a call: [`functions::call`](super::super::expression::functions::call) where it is at hand.
    pub call: fn(&str, &[Argument<'_>], &dyn Surroundings) -> Operand,
    /// Whether a pattern in JavaScript's syntax is found in a text; the flag is for letters in any case.
    pub find: fn(&str, bool, &str) -> bool,
    /// Whether an answer must have the form its question takes, beyond what survey-core asks for: a number where one is
    /// asked for, at most so many choices or characters.
    pub checks_form: bool,
    /// The present moment, in milliseconds since 1970 UTC.
    pub now_ms: fn() -> f64,
    /// How many minutes the local clock is ahead of UTC at a moment (milliseconds since 1970 UTC).
    pub zone_minutes: fn(f64) -> f64,
    /// A number by which choices in random order are shuffled. It stays the same for this respondent, so that they stand
    /// where they stood when the page is loaded again.
    pub chance: fn() -> u32,
}

impl Default for Environment {
    /// No functions, and no time.
    fn default() -> Self {
        Self {
            call: |_, _, _| Operand::Value(Value::Null),
            find: |_, _, _| true,
            checks_form: true,
            now_ms: || 0.0,
            zone_minutes: |_| 0.0,
            chance: || 0,
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Environment")
    }
}

/// A session as expressions see it, maybe from one of its items.
pub(super) struct View<'a> {
    pub session: &'a Session,
    /// The value that `{item}` stands for.
    pub item: Option<&'a Value>,
}

impl Scope for View<'_> {
    fn look_up(&self, name: &str) -> Value {
        if let Some(item) = self.item
            && ["item", "choice", "self"]
                .iter()
                .any(|own| equals_in_any_case(own, name))
        {
            return item.clone();
        }
        self.session.known(name)
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Operand {
        (self.session.environment.call)(name, arguments, self)
    }

    fn is_undefined(&self, name: &str) -> bool {
        let place = self.session.place_of_value(name);
        place.is_some_and(|place| {
            let status = self.session.status(place);
            // An array or object is empty where nothing is answered.
            status.value == Value::Null
                && !status.is_null
                && !self.session.is_list(place)
                && !self.session.has_parts(place)
        })
    }

    fn is_ordered(&self, name: &str) -> bool {
        let ranking = self.session.definition.question(name);
        ranking.is_some_and(|question| matches!(question.kind, Kind::Ranking(_)))
    }
}

impl Surroundings for View<'_> {
    fn now_ms(&self) -> f64 {
        (self.session.environment.now_ms)()
    }

    fn zone_minutes(&self, moment: f64) -> f64 {
        (self.session.environment.zone_minutes)(moment)
    }

    fn look_up(&self, name: &str) -> Option<Value> {
        Some(Scope::look_up(self, name))
    }

    fn display_value(&self, question: &str, value: Option<&Value>) -> Option<Value> {
        let question = self.session.definition.question(question)?;
        let value = value.unwrap_or(&self.session.status(question.place).value);
        Some(Value::Text(
            self.session.display_text(question.place, value),
        ))
    }

    fn property_value(&self, question: &str, property: &str) -> Option<Value> {
        let mut questions = self.session.definition.questions();
        let of = questions.find(|other| equals_in_any_case(&other.name, question))?;
        self.session.trait_of(of, property)
    }

    fn comment(&self, question: &str, _: Option<&Value>) -> Option<Value> {
        let question = self.session.definition.question(question)?;
        Some(Value::from(
            self.session.status(question.place).words.as_str(),
        ))
    }

    fn is_container_ready(&self, name: &str, _: Option<f64>) -> bool {
        self.session.is_ready(name)
    }

    fn is_display_mode(&self) -> Option<bool> {
        Some(false)
    }
}

impl Session {
    pub(super) fn view(&self) -> View<'_> {
        View {
            session: self,
            item: None,
        }
    }

    /// Whether a condition is exactly this truth value: `1` is none.
    pub(super) fn is(&self, condition: &Expression, truth: bool) -> bool {
        condition.operand(&self.view()).into_value() == Value::Bool(truth)
    }

    /// The value that a name stands for: a variable, the answer to a question, or what else is stored.
    pub(super) fn known(&self, name: &str) -> Value {
        let own = ["pageno", "pagecount", "locale"];
        if let Some(own) = own.into_iter().find(|own| equals_in_any_case(own, name)) {
            return self.page_number(own).map_or_else(
                || Value::from(self.definition.locale.as_str()),
                |number| Value::Number(number as f64),
            );
        }
        if let Some(value) = find(&self.variables, name) {
            return value;
        }
        if let Some((question, property)) =
            name.strip_prefix('$').and_then(|name| name.split_once('.'))
            && let Some(value) = self.trait_named(question, property)
        {
            return value;
        }
        let name = name.strip_suffix("-unwrapped").unwrap_or(name);
        // The longest beginning of the name that is a question's.
        let mut end = name.len();
        while let Some(root) = name.get(..end) {
            let bare = root.split('[').next().unwrap_or(root);
            if let Some(place) = self.place_of_value(bare) {
                let answer = self.expression_value(place);
                if bare == name && !name.starts_with('$') {
                    return answer;
                }
                let mut holder = Value::Object(Vec::new());
                holder.set(bare, answer);
                if let Some(value) = find(&holder, name) {
                    return value;
                }
            }
            match root.rfind('.') {
                Some(point) => end = point,
                None => break,
            }
        }
        look_up(&self.answers, name)
    }

    /// A property of a page, a panel, or a question by the name its answer is stored under: `{$q1.isVisible}`.
    fn trait_named(&self, name: &str, property: &str) -> Option<Value> {
        self.container_trait(name, property).or_else(|| {
            let mut questions = self.definition.questions();
            let of = questions.find(|other| equals_in_any_case(other.value_name(), name))?;
            self.trait_of(of, property)
        })
    }

    fn trait_of(&self, question: &Question, property: &str) -> Option<Value> {
        let place = question.place;
        let status = self.status(place);
        Some(match property {
            "isVisible" => Value::Bool(self.is_visible(place)),
            "visible" => Value::Bool(status.is_visible),
            "isRequired" => Value::Bool(status.is_required),
            "isReadOnly" => Value::Bool(self.is_locked(place)),
            "isAnswered" => Value::Bool(self.is_whole(place)),
            "containsErrors" => Value::Bool(status.is_faulty),
            "name" => Value::from(question.name.as_str()),
            "value" => status.value.clone(),
            // As it is written: names in it could name it again.
            "title" => Value::from(question.title.resolve(&self.definition.locale)),
            _ => return None,
        })
    }

    /// A property of a page or panel: `{$page1.isVisible}`.
    fn container_trait(&self, name: &str, property: &str) -> Option<Value> {
        let definition = &self.definition;
        let is = |other: &str| equals_in_any_case(other, name);
        let page = definition.pages.iter().position(|page| is(&page.name));
        let panel = definition.panels.iter().position(|panel| is(&panel.name));
        let (is_visible, name) = match (page, panel) {
            (Some(page), _) => (
                self.is_page_visible(page),
                &definition.pages.get(page)?.name,
            ),
            (None, panel) => {
                let panel = panel?;
                (
                    self.is_panel_visible(panel),
                    &definition.panels.get(panel)?.name,
                )
            }
        };
        match property {
            "isVisible" => Some(Value::Bool(is_visible)),
            "name" => Some(Value::from(name.as_str())),
            _ => None,
        }
    }

    /// The first question whose answer is stored under a name, or else under the name in another case.
    pub(super) fn place_of_value(&self, name: &str) -> Option<usize> {
        let mut questions = self.definition.questions();
        questions
            .position(|question| question.value_name() == name)
            .or_else(|| {
                let mut questions = self.definition.questions();
                questions.position(|question| equals_in_any_case(question.value_name(), name))
            })
    }

    /// Whether no answer is an empty array: of several choices, and of a range.
    fn is_list(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        let is_range = |kind: &Kind| matches!(kind, Kind::Slider(slider) if slider.is_range);
        self.is_array(place) || question.is_some_and(|question| is_range(&question.kind))
    }

    /// Whether the answer is an object: rows or lines, each with a value of its own.
    pub(super) fn has_parts(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        question.is_some_and(|question| {
            matches!(question.kind, Kind::Matrix(_) | Kind::Multipletext(_))
        })
    }

    /// An answer as expressions see it: the bare values of choices.
    fn expression_value(&self, place: usize) -> Value {
        let status = self.status(place);
        match &status.value {
            Value::Object(_) if status.value.is_empty() => Value::Null,
            // No choice of several is an empty array.
            Value::Null if self.is_list(place) => Value::List(Vec::new()),
            value @ Value::List(_) if self.wraps_values(place) => {
                let _ = value;
                status.rendered.clone()
            }
            Value::Object(_) if self.has_choices(place) => status
                .value
                .get("value")
                .cloned()
                .unwrap_or_else(|| status.value.clone()),
            value => match self.mask_of(place) {
                Some(mask) => mask.bare(value),
                None => value.clone(),
            },
        }
    }
}
