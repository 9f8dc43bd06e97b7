//! One respondent's way through a survey: answers, what they show and hide, pages and what is wrong on them.
//!
//! The rules, and the order in which they are applied, are those of survey-core 3.1.1; `tests/it/vectors` compares both.
//! What is stored is one object ([`Session::answers`]) by value name; what each question knows beside that is its
//! `Status`.

mod answering;
mod choices;
mod completing;
mod computed;
mod conditions;
mod defaults;
mod dependencies;
mod display;
mod faults;
mod hiding;
mod locks;
mod matrix;
mod opening;
mod order;
mod pages;
mod preview;
mod progress;
mod sameness;
mod scope;
mod sheet;
mod singles;
mod spreading;
mod status;
mod stored_form;
mod triggers;
mod visibility;
mod words;

pub use choices::{ShownChoice, Source};
pub use scope::Environment;

use std::sync::Arc;

use super::definition::{COMMENT_SUFFIX, Definition, Element, Kind, Page, Question};
use super::mask::Mask;
use super::validation::Violation;
use super::value::Value;
use status::{Container, Status};

/// Where one respondent stands.
#[derive(Clone, Debug)]
pub struct Session {
    definition: Arc<Definition>,
    environment: Environment,
    ruled: Option<&'static Ruled>,
    answers: Value,
    variables: Value,
    statuses: Vec<Status>,
    panels: Vec<Container>,
    pages: Vec<Container>,
    page: Option<usize>,
    /// What is asked now, where one question is asked at a time.
    single: Option<Element>,
    /// Whether the survey's rules were applied.
    is_open: bool,
    /// What was done before.
    noted: Vec<Action>,
    is_started: bool,
    is_complete: bool,
    /// Whether all answers are shown once more before they are sent.
    is_previewing: bool,
    /// All answers, where the endpoint needs those of hidden questions to see that nothing is missing.
    whole: Option<Value>,
    violations: Vec<Violation>,
    /// What stands on each page in order, where any stands in random order.
    ordered: Vec<Vec<Element>>,
    /// Whether a condition names a property of a question, as `{$q1.isVisible}` does.
    watches_properties: bool,
    /// Pages that a trigger skipped: (from, to).
    skipped: Vec<(usize, usize)>,
    /// The same where one question is asked at a time.
    skipped_singles: Vec<(Element, Element)>,
    run: Run,
}

/// What only a session needs to which the rules were applied. It is reached through this table alone, so that what shows
/// the first page need not have it.
#[derive(Debug)]
struct Ruled {
    singles: fn(&Session) -> Vec<(usize, Element)>,
    has_its_choice: fn(&Session, usize) -> bool,
}

static RULED: Ruled = Ruled {
    singles: Session::all_singles,
    has_its_choice: Session::is_choice_of_panel_shown,
};

/// What is under way while a change spreads.
#[derive(Clone, Debug, Default)]
struct Run {
    is_loading: bool,
    /// Whether pages become one: the last of loading.
    is_joining: bool,
    /// What is being evaluated, or takes effect: it is not evaluated again before it is done.
    active: Vec<(Property, usize)>,
    is_running: bool,
    is_after_change: bool,
    reruns: bool,
    count: usize,
    notifies_later: bool,
    /// Whether an answer is being given to all questions that share it, before it is stored.
    is_sharing: bool,
    /// How many changes are under way that one another made.
    depth: usize,
    /// What changed, by value name: conditions that name none of it are not evaluated again.
    changed: Option<Vec<(String, Value)>>,
    /// Changes that were not announced yet.
    pending: Vec<String>,
    is_triggering: bool,
    trigger_keys: Vec<(String, Value)>,
}

/// What an expression of a question, panel or page decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Property {
    Visible,
    Default,
    SetIf,
    Set,
    Reset,
    Computed,
    /// The default of one of several lines.
    Line(usize),
    VisiblePanel,
    VisiblePage,
}

/// What a respondent does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Answers a question; [`Value::Null`] takes the answer back. The name may also be that of the words beside it.
    Answer(String, Value),
    /// Leaves the page that introduces the survey.
    Start,
    /// Goes on: to the next page, or from the last one to the end.
    Next,
    /// Goes back a page.
    Back,
    /// Ends the survey on this page.
    Complete,
    /// Goes back from the preview to the page of that place.
    Edit(usize),
}

/// What came of an [`Action`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer was taken.
    Answered,
    /// Another page is shown.
    Turned,
    /// The survey is complete.
    Completed,
    /// The page has violations and stays.
    Refused,
    /// Nothing: there is no page to go to.
    Stayed,
}

impl Session {
    /// A session that begins at the first page, where expressions can call no functions.
    pub fn new(definition: Arc<Definition>) -> Self {
        Self::within(definition, Environment::default())
    }

    /// A session that begins at the first page.
    pub fn within(definition: Arc<Definition>, environment: Environment) -> Self {
        let mut session = Self::under_rules(definition, environment);
        session.load();
        session
    }

    /// A session to which the rules are about to be applied.
    fn under_rules(definition: Arc<Definition>, environment: Environment) -> Self {
        let mut session = Self::blank(definition, environment);
        session.ruled = Some(&RULED);
        session
    }

    fn blank(definition: Arc<Definition>, environment: Environment) -> Self {
        let container = |rules| Container::new(rules);
        Self {
            statuses: definition.questions().map(Status::new).collect(),
            panels: definition
                .panels
                .iter()
                .map(|panel| container(&panel.rules))
                .collect(),
            pages: definition
                .pages
                .iter()
                .map(|page| container(&page.rules))
                .collect(),
            // Who may only read begins behind the page that introduces the survey.
            is_started: !definition.has_start_page || definition.is_read_only,
            environment,
            ruled: None,
            answers: Value::Object(Vec::new()),
            variables: Value::Object(Vec::new()),
            page: None,
            single: None,
            is_open: false,
            noted: Vec::new(),
            is_complete: false,
            is_previewing: false,
            whole: None,
            violations: Vec::new(),
            watches_properties: false,
            skipped: Vec::new(),
            skipped_singles: Vec::new(),
            ordered: Vec::new(),
            run: Run::default(),
            definition,
        }
    }

    /// The survey.
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// The page that is shown; nothing for a survey of which no page is visible.
    pub fn page(&self) -> Option<&Page> {
        let place = if self.is_started { self.page? } else { 0 };
        self.definition.pages.get(place)
    }

    /// The questions that are visible on the page that is shown.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        let questions = self.page().map(|page| self.definition.questions_of(page));
        questions
            .unwrap_or_default()
            .iter()
            .map(Arc::as_ref)
            .filter(|question| self.is_shown(question))
    }

    /// Whether a question and everything it stands in is visible, and it is asked now.
    pub fn is_shown(&self, question: &Question) -> bool {
        self.is_in_view(question.place) && self.is_asked(question)
    }

    /// Whether a question and everything it stands in is visible, whether or not it is asked now.
    pub fn is_in_sight(&self, question: &Question) -> bool {
        self.is_in_view(question.place)
    }

    /// Whether a panel is visible, has something visible in it, and that is asked now.
    pub fn is_panel_shown(&self, panel: usize) -> bool {
        let mut questions = self.definition.questions();
        questions.any(|question| self.is_within(question.panel, panel) && self.is_shown(question))
    }

    /// Whether a question must be answered.
    pub fn is_required(&self, question: &Question) -> bool {
        self.status(question.place).is_required
    }

    /// Whether a question may not be answered.
    pub fn is_read_only(&self, question: &Question) -> bool {
        self.is_previewing || self.is_locked(question.place)
    }

    /// The answer to a question, or [`Value::Null`].
    pub fn answer(&self, question: &str) -> &Value {
        self.answers.get(question).unwrap_or(&Value::Null)
    }

    /// All answers as they were given, those of questions that are hidden now among them: what conditions look at.
    pub fn answers(&self) -> &Value {
        &self.answers
    }

    /// The answers with the computed values that are stored beside them.
    pub fn stored(&self) -> Value {
        let mut stored = self.answers.clone();
        for calculated in self
            .definition
            .calculated
            .iter()
            .filter(|value| value.is_stored)
        {
            if let Some(value) = self.variables.get(&calculated.name) {
                stored.set(&calculated.name, value.clone());
            }
        }
        stored
    }

    /// The answer as the question shows it: what is stored may lack it, as a number outside its bounds does.
    pub fn own_answer(&self, question: &Question) -> &Value {
        &self.status(question.place).value
    }

    /// What is wrong with the answer to a question on this page, once the respondent has tried to go on.
    pub fn violation(&self, question: &str) -> Option<&Violation> {
        self.violations
            .iter()
            .find(|violation| violation.question == question)
    }

    /// What is wrong on this page, in the order of its questions.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Whether the last page was left.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether the page that introduces the survey is shown.
    pub fn is_starting(&self) -> bool {
        !self.is_started
    }

    /// Does what the respondent does, and says what came of it.
    pub fn apply(&mut self, action: Action) -> Outcome {
        match action {
            Action::Answer(name, answer) => {
                self.answer_by_name(&name, answer);
                Outcome::Answered
            }
            Action::Start => self.start(),
            Action::Next => self.go_on(),
            Action::Back => self.go_back(),
            Action::Complete => self.complete_here(),
            Action::Edit(page) => self.edit(page),
        }
    }

    fn answer_by_name(&mut self, name: &str, answer: Value) {
        let definition = Arc::clone(&self.definition);
        if let Some(question) = definition.question(name) {
            let place = question.place;
            // A yes or no is never null.
            let is_null = answer == Value::Null
                && self.status(place).value != Value::Null
                && !matches!(question.kind, Kind::Boolean(_));
            self.change(place, |status| status.is_null = is_null);
            return self.set_value(place, answer);
        }
        let beside = name.strip_suffix(COMMENT_SUFFIX);
        if let Some(question) = beside.and_then(|name| definition.question(name)) {
            // Words are text; anything else is none.
            let words = answer.as_text().unwrap_or_default().to_owned();
            self.set_words(question.place, words);
        }
    }

    fn status(&self, place: usize) -> &Status {
        self.statuses.get(place).unwrap_or(&status::NOTHING)
    }

    fn mask_of(&self, place: usize) -> Option<&Mask> {
        match &self.definition.questions.get(place)?.kind {
            Kind::Text(input) => input.mask.as_deref(),
            _ => None,
        }
    }

    /// Begins with what an expression decides; false where that is under way already.
    fn enter(&mut self, property: Property, place: usize) -> bool {
        let is_free = !self.run.active.contains(&(property, place));
        if is_free {
            self.run.active.push((property, place));
        }
        is_free
    }

    /// What was [begun](Self::enter) last is done.
    fn leave(&mut self) {
        self.run.active.pop();
    }

    fn question(&self, place: usize) -> Option<Arc<Question>> {
        self.definition.questions.get(place).map(Arc::clone)
    }

    /// Changes what is known about a question.
    fn change<T: Default>(&mut self, place: usize, change: impl FnOnce(&mut Status) -> T) -> T {
        self.statuses.get_mut(place).map(change).unwrap_or_default()
    }
}
