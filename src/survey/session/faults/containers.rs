//! What is wrong on a page or in a panel: everything in it, and whether anything is answered where something must be.

use std::sync::Arc;

use super::super::super::definition::{ClearHidden, Element, Question, Rule};
use super::super::Session;

impl Session {
    /// Checks what is visible on a page, and says whether one may go on.
    pub(in super::super) fn check_page(&mut self, place: usize) -> bool {
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
                Element::Panel(place) if self.is_panel_in_view(place) => {
                    is_right &= self.check_panel(place);
                }
                _ => {}
            }
        }
        let is_page_required = !definition.is_read_only
            && self
                .pages
                .get(place)
                .is_some_and(|page| page.is_required && !page.is_read_only);
        is_right
            && (!is_page_required
                || page
                    .questions
                    .clone()
                    .any(|question| self.is_in_view(question) && self.is_answered(question)))
    }

    /// What leaving a page does to its answers without being asked to check them: choices that are none any more go.
    pub(in super::super) fn leave_answers(&mut self, page: usize) {
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
    pub(super) fn check_panel(&mut self, place: usize) -> bool {
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

    /// Whether all is right in a page or panel of that name. What itself asks so is not asked again.
    pub(in super::super) fn is_ready(&self, name: &str) -> bool {
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
    pub(in super::super) fn check_within(&mut self, panel: usize) -> bool {
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
}
