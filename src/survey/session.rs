//! One respondent's way through a survey: a reducer over answers, page and violations.

use std::sync::Arc;

use super::definition::{COMMENT_SUFFIX, Choice, Choices, Definition, Kind, OTHER, Page, Question};
use super::expression::{Expression, look_up};
use super::validation::{Fault, Violation, check, is_missing, validate};
use super::value::Value;

/// Where one respondent stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    definition: Arc<Definition>,
    answers: Value,
    page: usize,
    violations: Vec<Violation>,
    is_complete: bool,
}

/// What a respondent does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Answers a question; [`Value::Null`] takes the answer back. The name may also be that of the words for "other".
    Answer(String, Value),
    /// Goes on: to the next page, or from the last one to the end.
    Next,
    /// Goes back a page.
    Back,
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

/// Whether something with this condition is visible, given the answers.
pub fn is_visible(condition: Option<&Expression>, answers: &Value) -> bool {
    condition.is_none_or(|condition| condition.is_true(&|name: &str| look_up(answers, name)))
}

impl Session {
    /// A session that begins at the first page.
    pub fn new(definition: Arc<Definition>) -> Self {
        let mut session = Self {
            definition,
            answers: Value::Object(Vec::new()),
            page: 0,
            violations: Vec::new(),
            is_complete: false,
        };
        let first = session.visible_pages().next();
        session.page = first.unwrap_or_default();
        session
    }

    /// A session that goes on where an earlier one was left: with its answers, on the page of that name if it is still
    /// visible. Answers that do not fit the definition any more are left out.
    pub fn resume(definition: Arc<Definition>, answers: &Value, page: Option<&str>) -> Self {
        let mut session = Self::new(definition);
        for (name, answer) in answers.as_object().unwrap_or_default() {
            let fits = session
                .definition
                .question(name)
                .is_some_and(|question| check(question, answer).is_none());
            let is_comment = name
                .strip_suffix(COMMENT_SUFFIX)
                .is_some_and(|name| session.definition.question(name).is_some());
            if fits || is_comment && answer.as_text().is_some() {
                session.answers.set(name, answer.clone());
            }
        }
        let place = session.visible_pages().find(|&place| {
            session
                .definition
                .pages
                .get(place)
                .map(|page| page.name.as_str())
                == page
        });
        session.page = place.unwrap_or(session.page);
        session
    }

    /// The survey.
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// The page that is shown; nothing for a survey of which no page is visible.
    pub fn page(&self) -> Option<&Page> {
        self.definition.pages.get(self.page)
    }

    /// The questions that are visible on the page that is shown.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        let questions = self.page().into_iter().flat_map(|page| &page.questions);
        questions
            .map(Arc::as_ref)
            .filter(|question| self.is_question_visible(question))
    }

    /// The answer to a question, or [`Value::Null`].
    pub fn answer(&self, question: &str) -> &Value {
        self.answers.get(question).unwrap_or(&Value::Null)
    }

    /// All answers as they were given, those of questions that are hidden now among them: what conditions look at.
    pub fn answers(&self) -> &Value {
        &self.answers
    }

    /// How many of a question's visible choices are chosen.
    pub fn chosen_count(&self, question: &Question) -> usize {
        self.visible_answer(question)
            .as_list()
            .map_or(0, <[Value]>::len)
    }

    /// What is wrong with the answer to a question on this page, once the respondent has tried to go on.
    pub fn violation(&self, question: &str) -> Option<Fault> {
        self.violations
            .iter()
            .find(|violation| violation.question == question)
            .map(|violation| violation.fault)
    }

    /// What is wrong on this page, in the order of its questions.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Whether the last page was left.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// (which page this is, of how many), counting from 1 the pages that are visible with the answers so far.
    pub fn progress(&self) -> (usize, usize) {
        let before = self
            .visible_pages()
            .filter(|&place| place < self.page)
            .count();
        (before + 1, self.visible_pages().count().max(1))
    }

    /// Whether going on ends the survey.
    pub fn is_last_page(&self) -> bool {
        !self.visible_pages().any(|place| place > self.page)
    }

    /// Whether there is a page to go back to, and the author allows it.
    pub fn can_go_back(&self) -> bool {
        self.definition.allows_back && self.visible_pages().any(|place| place < self.page)
    }

    /// The choices of a list that are visible with the answers so far.
    pub fn visible_choices<'a>(&'a self, choices: &'a Choices) -> impl Iterator<Item = &'a Choice> {
        choices
            .choices
            .iter()
            .filter(|choice| is_visible(choice.visible_if.as_ref(), &self.answers))
    }

    /// What is sent: the answers of visible questions, without choices that are not visible any more.
    ///
    /// A condition may look at an answer that is hidden itself. Where leaving it out would make a complete sheet look
    /// incomplete to the endpoint, which knows only what is sent, everything is sent.
    pub fn sheet(&self) -> Value {
        let sheet = self.visible_sheet();
        if self.is_complete && !validate(&self.definition, &sheet, true).is_empty() {
            return self.answers.clone();
        }
        sheet
    }

    fn visible_sheet(&self) -> Value {
        let mut sheet = Value::Object(Vec::new());
        for question in self
            .visible_pages()
            .filter_map(|place| self.definition.pages.get(place))
            .flat_map(|page| &page.questions)
        {
            if !self.is_question_visible(question) {
                continue;
            }
            let answer = self.visible_answer(question);
            let comment = [&question.name, COMMENT_SUFFIX].concat();
            if includes_other(&answer) {
                sheet.set(&comment, self.answer(&comment).clone());
            }
            if !answer.is_empty() {
                sheet.set(&question.name, answer);
            }
        }
        sheet
    }

    /// Does what the respondent does, and says what came of it.
    pub fn apply(&mut self, action: Action) -> Outcome {
        match action {
            Action::Answer(name, answer) => {
                let of = name.strip_suffix(COMMENT_SUFFIX).unwrap_or(&name);
                self.violations
                    .retain(|violation| violation.question != name && violation.question != of);
                self.answers.set(
                    &name,
                    if answer.is_empty() {
                        Value::Null
                    } else {
                        answer
                    },
                );
                Outcome::Answered
            }
            Action::Next => self.go_on(),
            Action::Back => {
                let before = self
                    .visible_pages()
                    .filter(|&place| place < self.page)
                    .last();
                match before {
                    Some(place) if self.definition.allows_back => self.turn_to(place),
                    _ => Outcome::Stayed,
                }
            }
        }
    }

    fn go_on(&mut self) -> Outcome {
        if self.is_complete {
            return Outcome::Stayed;
        }
        self.violations = self.page_violations(self.page);
        if !self.violations.is_empty() {
            return Outcome::Refused;
        }
        let next = self.visible_pages().find(|&place| place > self.page);
        match next {
            Some(place) => self.turn_to(place),
            None => self.complete(),
        }
    }

    /// Ends the survey, unless a later answer has brought up something to answer on an earlier page: then that is shown.
    fn complete(&mut self) -> Outcome {
        let faulty = self.visible_pages().find_map(|place| {
            let violations = self.page_violations(place);
            (!violations.is_empty()).then_some((place, violations))
        });
        if let Some((place, violations)) = faulty {
            self.turn_to(place);
            self.violations = violations;
            return Outcome::Turned;
        }
        self.is_complete = true;
        Outcome::Completed
    }

    fn turn_to(&mut self, place: usize) -> Outcome {
        self.page = place;
        self.violations.clear();
        Outcome::Turned
    }

    fn page_violations(&self, place: usize) -> Vec<Violation> {
        let fault_of = |question: &Question| {
            let answer = self.visible_answer(question);
            let mut answers = Value::Object(Vec::new());
            answers.set(&question.name, answer.clone());
            if is_missing(question, &answers) {
                Some(Fault::Required)
            } else {
                check(question, &answer)
            }
        };
        let page = self.definition.pages.get(place);
        page.into_iter()
            .flat_map(|page| &page.questions)
            .filter(|question| self.is_question_visible(question))
            .filter_map(|question| {
                fault_of(question).map(|fault| Violation {
                    question: question.name.clone(),
                    fault,
                })
            })
            .collect()
    }

    /// Pages that are visible and have a visible question.
    fn visible_pages(&self) -> impl Iterator<Item = usize> {
        let pages = self.definition.pages.iter().enumerate();
        pages
            .filter(|(_, page)| {
                is_visible(page.visible_if.as_ref(), &self.answers)
                    && page
                        .questions
                        .iter()
                        .any(|question| self.is_question_visible(question))
            })
            .map(|(place, _)| place)
    }

    fn is_question_visible(&self, question: &Question) -> bool {
        is_visible(question.visible_if.as_ref(), &self.answers)
    }

    /// The answer without choices that the other answers have hidden.
    fn visible_answer(&self, question: &Question) -> Value {
        let answer = self.answer(&question.name);
        let Some(choices) = question.kind.choices() else {
            return answer.clone();
        };
        let is_shown = |value: &Value| {
            value.as_text() == Some(OTHER) && choices.other.is_some()
                || self
                    .visible_choices(choices)
                    .any(|choice| choice.value == *value)
        };
        match (answer, &question.kind) {
            (Value::List(chosen), Kind::Checkbox(_)) => Value::List(
                chosen
                    .iter()
                    .filter(|value| is_shown(value))
                    .cloned()
                    .collect(),
            ),
            (answer, _) if answer.is_empty() || is_shown(answer) => answer.clone(),
            _ => Value::Null,
        }
    }
}

fn includes_other(answer: &Value) -> bool {
    match answer {
        Value::Text(text) => text == OTHER,
        Value::List(chosen) => chosen.iter().any(|choice| choice.as_text() == Some(OTHER)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}
