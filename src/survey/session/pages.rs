//! The way from page to page: which are visible, and what going on and back do.

use std::sync::Arc;

use super::super::definition::Checks;
use super::super::value::Value;
use super::{Outcome, Session};

impl Session {
    /// Whether going on ends the survey.
    pub fn is_last_page(&self) -> bool {
        if self.definition.is_one_by_one {
            return self.singles().last().map(|(_, element)| *element) == self.single;
        }
        let here = self.page;
        !self
            .visible_pages()
            .any(|place| here.is_some_and(|here| place > here))
    }

    /// Whether there is a page to go back to, and the author allows it.
    pub fn can_go_back(&self) -> bool {
        let here = self.page;
        if self.definition.is_one_by_one {
            return self.definition.allows_back && self.is_started && self.progress().0 > 1;
        }
        self.definition.allows_back
            && self.is_started
            && self
                .visible_pages()
                .any(|place| here.is_some_and(|here| place < here))
    }

    /// What `pageno` and `pagecount` stand for: pages, also where one question is asked at a time.
    pub(super) fn page_number(&self, name: &str) -> Option<usize> {
        let (page, pages) = match name {
            "pageno" | "pagecount" => self.listed_pages(),
            _ => return None,
        };
        let at = pages.iter().position(|place| Some(*place) == page);
        Some(match name {
            "pageno" => at.map_or(0, |at| at + 1),
            _ => pages.len(),
        })
    }

    /// The place of the page to be answered, and those of all pages that are visible with the answers so far.
    pub fn listed_pages(&self) -> (Option<usize>, Vec<usize>) {
        (self.page, self.visible_pages().collect())
    }

    pub(super) fn visible_pages(&self) -> impl Iterator<Item = usize> {
        (0..self.definition.pages.len()).filter(|&place| self.is_listed(place))
    }

    /// Whether a page is visible and not the one that introduces the survey.
    pub(super) fn is_listed(&self, place: usize) -> bool {
        !(place == 0 && self.definition.has_start_page)
            && (self.definition.is_joined || self.is_page_visible(place))
    }

    pub(super) fn start(&mut self) -> Outcome {
        if self.is_started {
            return Outcome::Stayed;
        }
        if !self.check_page(0) {
            return Outcome::Refused;
        }
        self.is_started = true;
        let first = self.visible_pages().next();
        self.show_page(first);
        self.keep_single();
        Outcome::Turned
    }

    pub(super) fn go_on(&mut self) -> Outcome {
        if self.is_complete {
            return Outcome::Stayed;
        }
        if !self.is_started {
            return self.start();
        }
        if self.leads_to_preview() {
            return self.show_preview();
        }
        if self.is_last_page() {
            return self.complete();
        }
        self.next_page()
    }

    /// Goes to the next page, if there is one and nothing on this one is wrong.
    pub fn next_page(&mut self) -> Outcome {
        if self.definition.is_one_by_one {
            return self.next_single();
        }
        let Some(here) = self.page else {
            return Outcome::Stayed;
        };
        if self.is_last_page() {
            return Outcome::Stayed;
        }
        if self.definition.checks != Checks::OnComplete && !self.check_page(here) {
            return Outcome::Refused;
        }
        self.leave_page(false);
        if self.is_complete {
            return Outcome::Completed;
        }
        if self.page == Some(here) {
            let next = self.visible_pages().find(|&place| place > here);
            self.show_page(next.or(self.page));
        }
        Outcome::Turned
    }

    /// Triggers that fire when a page is left.
    pub(super) fn leave_page(&mut self, is_completing: bool) {
        let definition = Arc::clone(&self.definition);
        let page = self.page.and_then(|page| definition.pages.get(page));
        let questions = page
            .map(|page| definition.questions_of(page))
            .unwrap_or_default();
        let value_of = |name: &str, values: &Value| {
            (
                name.to_owned(),
                values.get(name).cloned().unwrap_or_default(),
            )
        };
        let answers = questions
            .iter()
            .map(|question| value_of(question.value_name(), &self.answers));
        let variables = definition
            .calculated
            .iter()
            .map(|calculated| value_of(&calculated.name, &self.variables));
        let keys = answers.chain(variables).collect();
        self.check_triggers(keys, true, is_completing, None);
    }

    pub(super) fn go_back(&mut self) -> Outcome {
        if std::mem::take(&mut self.is_previewing) {
            return Outcome::Turned;
        }
        let Some(here) = self.page.filter(|_| self.is_started) else {
            return Outcome::Stayed;
        };
        if self.definition.is_one_by_one {
            return self.back_to_single();
        }
        if self.is_complete || !self.visible_pages().any(|place| place < here) {
            return Outcome::Stayed;
        }
        let skipped = self.skipped.iter().position(|&(_, to)| to == here);
        let from = skipped.map(|at| self.skipped.remove(at).0);
        let before = match from.filter(|&from| self.is_listed(from)) {
            Some(from) => Some(from),
            None => self.visible_pages().filter(|&place| place < here).last(),
        };
        match before {
            Some(place) => self.turn_to(place),
            None => Outcome::Stayed,
        }
    }

    pub(super) fn turn_to(&mut self, place: usize) -> Outcome {
        self.show_page(Some(place));
        Outcome::Turned
    }

    /// Shows a page, and leaves the one that is shown.
    pub(super) fn show_page(&mut self, page: Option<usize>) {
        let old = std::mem::replace(&mut self.page, page);
        let is_passed = |place: usize| self.pages.get(place).is_none_or(|page| page.is_passed);
        if let Some(old) = old.filter(|&old| Some(old) != page && !is_passed(old)) {
            self.leave_answers(old);
        }
    }

    /// Stays on the page that is shown, or goes to the first one that is visible.
    pub(super) fn go_to_visible(&mut self) {
        if !self.page.is_some_and(|page| self.is_listed(page)) {
            let first = self.visible_pages().next();
            self.show_page(first);
        }
        self.keep_single();
    }
}
