//! What becomes of answers when their questions are hidden or shown: `clearInvisibleValues`, and defaults that fill in.

use std::sync::Arc;

use super::super::definition::{ClearHidden, Element, Panel};
use super::Session;

impl Session {
    /// Looks whether a question became visible or hidden, and takes back or fills in its answer.
    pub(super) fn visibility_changed(&mut self, place: usize) {
        let is_visible = self.is_visible(place);
        let before = self.change(place, |status| {
            std::mem::replace(&mut status.was_visible, is_visible)
        });
        if !is_visible {
            self.forget_faults(place);
        }
        if before == is_visible || self.run.is_loading && !self.run.is_joining {
            return;
        }
        if self.watches_properties
            && let Some(question) = self.question(place)
        {
            self.run_dependents(&["$", &question.name, ".isVisible"].concat());
        }
        let clears = self.clears_on_hiding(place);
        if clears && !self.status(place).is_visible {
            self.clear_if_hidden(place, ClearHidden::OnHidden);
        }
        if clears && self.is_in_view(place) {
            self.fill_default(place);
        }
        if !self.run.is_running {
            self.refresh_containers();
        }
    }

    /// Looks at all panels and pages, inner ones first.
    pub(super) fn refresh_containers(&mut self) {
        let definition = Arc::clone(&self.definition);
        for (at, page) in definition.pages.iter().enumerate() {
            for element in &page.elements {
                if let Element::Panel(place) = *element {
                    self.panel_changed(place, false);
                }
            }
            self.page_changed(at, false);
        }
    }

    /// Takes back or fills in what stands in a panel that became visible or hidden, or whose condition changed.
    pub(super) fn panel_changed(&mut self, place: usize, is_condition: bool) {
        let is_visible = self.is_panel_visible(place);
        let Some(panel) = self.panels.get_mut(place) else {
            return;
        };
        let was_visible = std::mem::replace(&mut panel.was_visible, is_visible);
        if self.run.is_loading || was_visible == is_visible && !is_condition {
            return;
        }
        // What stands inside a choice goes with what is chosen.
        if self.is_of_choice(place) {
            return;
        }
        for question in self.inside_of(place) {
            self.container_changed(question, is_visible);
        }
    }

    pub(super) fn page_changed(&mut self, place: usize, is_condition: bool) {
        let is_visible = self.is_page_visible(place);
        let Some(page) = self.pages.get_mut(place) else {
            return;
        };
        let was_visible = std::mem::replace(&mut page.was_visible, is_visible);
        if self.run.is_loading || was_visible == is_visible && !is_condition {
            return;
        }
        let inside = self
            .definition
            .pages
            .get(place)
            .map(|page| page.questions.clone());
        for question in inside.unwrap_or_default() {
            self.container_changed(question, is_visible);
        }
        if self.page == Some(place) || is_visible && self.page.is_none() {
            self.go_to_visible();
        }
    }

    fn container_changed(&mut self, place: usize, is_visible: bool) {
        if is_visible {
            self.fill_default(place);
        } else {
            self.clear_if_hidden(place, ClearHidden::OnHiddenContainer);
        }
    }

    /// Takes an answer back because of what its question's `clearIfInvisible` says; `reason` is what has happened.
    pub(super) fn clear_if_hidden(&mut self, place: usize, reason: ClearHidden) {
        let mode = self.clear_mode(place);
        let applies = match (reason, mode) {
            (_, ClearHidden::None) => false,
            (ClearHidden::OnHidden, mode) => mode != ClearHidden::OnComplete,
            (ClearHidden::OnHiddenContainer, mode) => mode == ClearHidden::OnHiddenContainer,
            _ => true,
        };
        if !applies {
            return;
        }
        if self.can_clear_hidden(place, reason) {
            self.clear_value(place, false);
        }
        if self.has_choices(place) {
            self.clear_incorrect(place);
        }
        self.clear_incorrect_rows(place, false);
        self.clear_unchosen(place, reason);
    }

    /// Takes back what was answered inside choices that are not chosen: `clearValuesInVisiblePanels`.
    pub(super) fn clear_unchosen(&mut self, place: usize, reason: ClearHidden) {
        let definition = Arc::clone(&self.definition);
        let own = |(at, panel): (usize, &Panel)| (panel.choice?.0 == place).then_some(at);
        for panel in definition.panels.iter().enumerate().filter_map(own) {
            if self.is_choice_of_panel_chosen(panel) {
                continue;
            }
            let mut inside = self.inside_of(panel);
            inside.retain(|&inner| self.choice_around(inner) == Some(panel));
            for &inner in &inside {
                self.clear_value(inner, false);
            }
            for inner in inside {
                self.clear_if_hidden(inner, reason);
            }
        }
    }

    fn can_clear_hidden(&self, place: usize, reason: ClearHidden) -> bool {
        if reason == ClearHidden::OnHiddenContainer && !self.is_container_visible(place) {
            return true;
        }
        let Some(question) = self.definition.questions.get(place) else {
            return false;
        };
        if self.is_in_view(place) || self.definition.has_start_page && question.page == 0 {
            return false;
        }
        !self
            .places_of_value(question.value_name())
            .into_iter()
            .any(|other| other != place && self.is_in_view(other))
    }

    /// When the answer is taken back while hidden.
    pub(super) fn clear_mode(&self, place: usize) -> ClearHidden {
        let question = self.definition.questions.get(place);
        let own = question.and_then(|question| question.clear_hidden);
        own.unwrap_or(self.definition.clear_hidden)
    }

    pub(super) fn clears_on_hiding(&self, place: usize) -> bool {
        matches!(
            self.clear_mode(place),
            ClearHidden::OnHidden | ClearHidden::OnHiddenContainer
        )
    }
}
