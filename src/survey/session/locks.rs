//! What may not be answered: `readOnly` and `enableIf` of a question and of all it stands in.

use super::Session;

impl Session {
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

    pub(super) fn is_page_of_panel_locked(&self, panel: usize) -> bool {
        let mut questions = self.definition.questions();
        let page = questions.find(|question| self.is_within(question.panel, panel));
        let page = page.and_then(|question| self.pages.get(question.page));
        self.definition.is_read_only || page.is_some_and(|page| page.is_read_only)
    }
}
