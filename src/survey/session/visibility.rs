//! What is visible: questions, panels and pages, those that stand inside a choice among them.

use super::super::definition::{Element, Kind, Question};
use super::Session;
use super::choices::Source;

impl Session {
    /// Whether the question itself is visible; what it stands in may be hidden.
    pub(super) fn is_visible(&self, place: usize) -> bool {
        let status = self.status(place);
        let Some(question) = self.definition.questions.get(place) else {
            return false;
        };
        status.is_visible
            && match &question.kind {
                Kind::Matrix(matrix) => {
                    !matrix.hides_if_empty || status.rows.iter().any(|row| row.0)
                }
                kind => kind.choices().is_none_or(|choices| {
                    !choices.hides_if_empty
                        || if choices.from.is_some() {
                            !status.shown.is_empty()
                        } else {
                            status
                                .filtered
                                .as_ref()
                                .map_or(!choices.choices.is_empty(), |items| !items.is_empty())
                        }
                }),
            }
    }

    /// Whether a question and everything it stands in is visible.
    pub(super) fn is_in_view(&self, place: usize) -> bool {
        self.is_visible(place) && self.is_container_visible(place)
    }

    pub(super) fn is_container_visible(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        question.is_some_and(|question| {
            !self.is_in_hidden_panel(place) && self.is_page_visible(question.page)
        })
    }

    /// Whether a panel that a question stands in is hidden.
    pub(super) fn is_in_hidden_panel(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        let panel = question.and_then(|question| question.panel);
        panel.is_some_and(|panel| !self.is_panel_in_view(panel))
    }

    /// Whether a panel and every panel it stands in is visible.
    pub(super) fn is_panel_in_view(&self, place: usize) -> bool {
        let mut within = Some(place);
        while let Some(panel) = within {
            if !self.is_panel_visible(panel) {
                return false;
            }
            within = self.definition.panels.get(panel).and_then(|it| it.within);
        }
        true
    }

    /// Whether a panel is visible and has something visible in it.
    pub(super) fn is_panel_visible(&self, place: usize) -> bool {
        self.panels.get(place).is_some_and(|panel| panel.is_visible)
            && self
                .ruled
                .is_none_or(|ruled| (ruled.has_its_choice)(self, place))
            && (self
                .definition
                .questions()
                .any(|question| question.panel == Some(place) && self.is_visible(question.place))
                || self
                    .definition
                    .panels
                    .iter()
                    .enumerate()
                    .any(|(inner, panel)| {
                        panel.within == Some(place) && self.is_panel_visible(inner)
                    }))
    }

    /// Whether the choice that a panel belongs to is shown and chosen, if it belongs to one.
    pub(super) fn is_choice_of_panel_shown(&self, panel: usize) -> bool {
        let of = self.definition.panels.get(panel);
        of.and_then(|panel| panel.choice)
            .is_none_or(|(owner, _)| self.is_visible(owner))
            && self.is_choice_of_panel_chosen(panel)
    }

    /// Whether the choice that a panel belongs to is chosen, if it belongs to one.
    pub(super) fn is_choice_of_panel_chosen(&self, panel: usize) -> bool {
        let of = self
            .definition
            .panels
            .get(panel)
            .and_then(|panel| panel.choice);
        of.is_none_or(|(question, at)| {
            let mut shown = self.status(question).shown.iter();
            shown.any(|item| {
                item.source == Source::Choice(question, at) && self.is_chosen(question, item)
            })
        })
    }

    /// The innermost panel around a question that belongs to a choice.
    pub(super) fn choice_around(&self, place: usize) -> Option<usize> {
        let mut within = self.definition.questions.get(place)?.panel;
        while let Some(panel) = within {
            let of = self.definition.panels.get(panel)?;
            if of.choice.is_some() {
                break;
            }
            within = of.within;
        }
        within
    }

    /// Whether a panel belongs to a choice.
    pub(super) fn is_of_choice(&self, panel: usize) -> bool {
        let panel = self.definition.panels.get(panel);
        panel.is_some_and(|panel| panel.choice.is_some())
    }

    /// Whether questions are asked inside the choices of a question.
    pub(super) fn has_nested(&self, place: usize) -> bool {
        let mut panels = self.definition.panels.iter();
        panels.any(|panel| panel.choice.is_some_and(|(of, _)| of == place))
    }

    /// Whether a question stands inside a choice of another.
    pub fn is_nested(&self, question: &Question) -> bool {
        self.owner_of(question).is_some()
    }

    /// The outermost question inside whose choices a question stands.
    pub(super) fn owner_of(&self, question: &Question) -> Option<usize> {
        let panel_of = |place: Option<usize>| place.and_then(|it| self.definition.panels.get(it));
        let (mut within, mut owner) = (panel_of(question.panel), None);
        while let Some(panel) = within {
            owner = panel.choice.map(|(owner, _)| owner).or(owner);
            within = panel_of(panel.within);
        }
        owner
    }

    /// Whether a page is visible and has something visible on it.
    pub(super) fn is_page_visible(&self, place: usize) -> bool {
        let Some(page) = self.definition.pages.get(place) else {
            return false;
        };
        self.pages.get(place).is_some_and(|page| page.is_visible)
            && page.elements.iter().any(|element| match *element {
                Element::Question(place) => {
                    let question = self.definition.questions.get(place);
                    question.is_some_and(|question| question.panel.is_none())
                        && self.is_visible(place)
                }
                Element::Panel(place) => {
                    let panel = self.definition.panels.get(place);
                    panel.is_some_and(|panel| panel.within.is_none())
                        && self.is_panel_visible(place)
                }
            })
    }

    pub(super) fn is_within(&self, panel: Option<usize>, outer: usize) -> bool {
        let mut within = panel;
        while let Some(panel) = within {
            if panel == outer {
                return true;
            }
            within = self
                .definition
                .panels
                .get(panel)
                .and_then(|panel| panel.within);
        }
        false
    }

    /// The questions in a panel.
    pub(super) fn inside_of(&self, panel: usize) -> Vec<usize> {
        let questions = self.definition.questions();
        let inside = questions.filter(|question| self.is_within(question.panel, panel));
        inside.map(|question| question.place).collect()
    }
}
