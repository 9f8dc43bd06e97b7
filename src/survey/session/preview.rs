//! All answers shown once more before they are sent: SurveyJS's `showPreviewBeforeComplete`.

use super::super::definition::{Preview, Question};
use super::{Outcome, Session};

impl Session {
    /// Whether all answers are shown once more.
    pub fn is_previewing(&self) -> bool {
        self.is_previewing
    }

    /// Whether going on from here shows all answers once more.
    pub fn leads_to_preview(&self) -> bool {
        self.definition.preview.is_some() && !self.is_previewing && self.is_last_page()
    }

    /// The places of the pages with their questions that the preview shows, in order. Questions that were not answered
    /// are left out where the author wants that and anything was.
    pub fn previewed(&self) -> Vec<(usize, Vec<&Question>)> {
        let definition = &self.definition;
        let is_answered = |question: &Question| self.is_answered(question.place);
        let leaves_out = definition.preview == Some(Preview::Answered)
            && definition.questions().any(is_answered);
        let shown = |page: usize| {
            let questions = definition.pages.get(page)?.questions.clone();
            let questions = definition.questions.get(questions)?;
            let is_shown = |question: &&Question| {
                self.is_in_view(question.place) && (!leaves_out || is_answered(question))
            };
            let shown: Vec<_> = questions
                .iter()
                .map(AsRef::as_ref)
                .filter(is_shown)
                .collect();
            (!shown.is_empty()).then_some((page, shown))
        };
        self.visible_pages().filter_map(shown).collect()
    }

    /// Shows all answers once more, unless something is wrong on a page: then that is shown.
    pub(super) fn show_preview(&mut self) -> Outcome {
        if let Some(outcome) = self.first_fault() {
            return outcome;
        }
        self.is_previewing = true;
        Outcome::Turned
    }

    /// Leaves the preview for a page, where its answers can be changed.
    pub(super) fn edit(&mut self, page: usize) -> Outcome {
        if !std::mem::take(&mut self.is_previewing) || !self.is_listed(page) {
            return Outcome::Stayed;
        }
        let singles = self.singles();
        match singles.iter().find(|(of, _)| *of == page) {
            Some(single) => self.ask(*single),
            None => self.turn_to(page),
        }
    }
}
