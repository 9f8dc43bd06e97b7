//! What is sent of a session, and how one is taken up again from it.

use std::sync::Arc;

use super::super::definition::{COMMENT_SUFFIX, Definition};
use super::super::validation::check;
use super::super::value::Value;
use super::{Environment, Session};

impl Session {
    /// A session that goes on where an earlier one was left: with its answers, on the page of that name if it is still
    /// visible. Answers that do not fit the definition any more are left out.
    pub fn resume(
        definition: &Arc<Definition>,
        environment: Environment,
        answers: &Value,
        page: Option<&str>,
    ) -> Self {
        let mut session = Self::under_rules(Arc::clone(definition), environment);
        session.take_up(answers);
        session.load();
        let found = session
            .visible_pages()
            .find(|&place| definition.pages.get(place).map(|page| page.name.as_str()) == page);
        if found.is_some() {
            session.is_started = true;
        }
        session.page = found.or(session.page);
        session
    }

    /// A session in which everything was answered as a sheet says, with what is wrong with it.
    pub(in super::super) fn of_sheet(
        definition: &Arc<Definition>,
        environment: Environment,
        answers: &Value,
    ) -> Self {
        let mut session = Self::under_rules(Arc::clone(definition), environment);
        session.take_up(answers);
        for question in definition.questions() {
            session.refresh_choices(question.place);
            // Nothing is filled in that the respondent left out.
            session.change(question.place, |status| status.is_direct = true);
        }
        session.refresh_containers();
        session.run_conditions();
        session.refresh_containers();
        let pages: Vec<usize> = session.visible_pages().collect();
        for page in pages {
            session.check_page(page);
        }
        session
    }

    /// Gives every question its answer of an earlier sheet, before anything is worked out.
    fn take_up(&mut self, answers: &Value) {
        let definition = Arc::clone(&self.definition);
        for question in definition.questions() {
            let name = question.value_name();
            if let Some(words) = answers
                .get(&[name, COMMENT_SUFFIX].concat())
                .and_then(Value::as_text)
            {
                self.answers
                    .set(&[name, COMMENT_SUFFIX].concat(), Value::from(words));
                self.change(question.place, |status| status.words = words.to_owned());
            }
            let Some(answer) = answers.get(name) else {
                continue;
            };
            if check(&definition, question, answer).is_some() {
                continue;
            }
            self.answers.set(name, answer.clone());
            let shown = self.active(question.place);
            self.change(question.place, |status| status.shown = shown);
            self.set_own_value(question.place, answer.clone());
        }
    }

    /// What is sent: the answers of visible questions, without choices that are not visible any more.
    ///
    /// A condition may look at an answer that is hidden itself. Where leaving it out would make a complete sheet look
    /// incomplete to the endpoint, which knows only what is sent, everything is sent.
    pub fn sheet(&self) -> Value {
        if self.is_complete {
            return self.whole.clone().unwrap_or_else(|| self.stored());
        }
        let mut sheet = Value::Object(Vec::new());
        for question in self.definition.questions() {
            if !self.is_in_view(question.place) {
                continue;
            }
            let name = question.value_name();
            for name in [name.to_owned(), [name, COMMENT_SUFFIX].concat()] {
                if let Some(answer) = self.answers.get(&name) {
                    sheet.set(&name, answer.clone());
                }
            }
        }
        sheet
    }
}
