//! The end of a survey: all is checked, and what is stored is put right.

use std::sync::Arc;

use super::super::definition::{Checks, ClearHidden, Element};
use super::super::validation::validate;
use super::{Outcome, Session};

impl Session {
    /// Ends the survey on this page, as `SurveyModel.completeLastPage` does.
    pub(super) fn complete_here(&mut self) -> Outcome {
        if self.is_complete || self.page.is_none() {
            return Outcome::Stayed;
        }
        // The page that introduces the survey is in front until it was left.
        let here = if self.is_started { self.page } else { Some(0) };
        let is_right = if self.definition.checks == Checks::OnComplete && self.is_last_page() {
            self.check_all()
        } else {
            self.definition.checks == Checks::OnComplete
                || match self.single.filter(|_| self.is_started) {
                    Some(asked @ Element::Question(_)) => self.check_asked(asked),
                    // Beside a panel, all else on its page is checked, too.
                    _ => here.is_none_or(|page| self.check_page(page)),
                }
        };
        if !is_right {
            return Outcome::Refused;
        }
        self.finish();
        Outcome::Completed
    }

    /// Ends the survey, unless a later answer has brought up something to answer on an earlier page: then that is shown.
    pub(super) fn complete(&mut self) -> Outcome {
        if let Some(outcome) = self.first_fault() {
            return outcome;
        }
        self.finish();
        Outcome::Completed
    }

    /// What comes of it if something is wrong: on this page it is refused, another one is turned to.
    pub(super) fn first_fault(&mut self) -> Option<Outcome> {
        let Some(here) = self.page else {
            return Some(Outcome::Stayed);
        };
        if !self.check_page(here) {
            self.is_previewing = false;
            return Some(Outcome::Refused);
        }
        let pages: Vec<usize> = self.visible_pages().filter(|&page| page != here).collect();
        for page in pages {
            if !self.check_page(page) {
                self.is_previewing = false;
                return Some(self.turn_to(page));
            }
        }
        None
    }

    fn check_all(&mut self) -> bool {
        let pages: Vec<usize> = self.visible_pages().collect();
        let mut first = None;
        for page in pages {
            if !self.check_page(page) && first.is_none() {
                first = Some(page);
            }
        }
        self.show_page(first.or(self.page));
        first.is_none()
    }

    /// The survey is complete: what is hidden is taken back.
    pub(super) fn finish(&mut self) {
        if self.is_complete {
            return;
        }
        self.leave_page(true);
        self.is_complete = true;
        self.is_previewing = false;
        let definition = Arc::clone(&self.definition);
        for question in definition.questions() {
            let place = question.place;
            if self.has_choices(place)
                && !self.is_other_chosen(place)
                && question.comment.is_none()
                && !self.other_words(place).is_empty()
            {
                self.change(place, |status| status.other.clear());
                if self.keeps_other_beside(place) {
                    self.set_words_quietly(place, String::new());
                }
            }
        }
        let whole = self.stored();
        for question in definition.questions() {
            self.clear_if_hidden(question.place, ClearHidden::OnComplete);
        }
        let stored = self.stored();
        if stored != whole && !validate(&definition, self.environment, &stored, true).is_empty() {
            self.whole = Some(whole);
        }
    }
}
