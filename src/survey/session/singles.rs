//! One question at a time: `questionsOnPageMode` of `questionPerPage`, and of `inputPerPage`, which parts panels.

use std::sync::Arc;

use super::super::definition::{Element, Question};
use super::{Outcome, Session};

impl Session {
    /// What is asked one after the other, where one question is asked at a time: (page, question or panel).
    pub(super) fn singles(&self) -> Vec<(usize, Element)> {
        self.ruled
            .map_or_else(Vec::new, |ruled| (ruled.singles)(self))
    }

    pub(super) fn all_singles(&self) -> Vec<(usize, Element)> {
        let mut singles = Vec::new();
        if !self.definition.is_one_by_one {
            return singles;
        }
        for page in self.visible_pages() {
            let elements = self.in_order(page).iter();
            let shown = elements.copied().filter(|element| match *element {
                Element::Question(place) if self.definition.parts_panels => {
                    self.is_in_view(place) && self.choice_around(place).is_none()
                }
                Element::Question(place) => {
                    let question = self.definition.questions.get(place);
                    question.is_some_and(|question| question.panel.is_none())
                        && self.is_visible(place)
                }
                Element::Panel(place) => {
                    let panel = self.definition.panels.get(place);
                    !self.definition.parts_panels
                        && panel
                            .is_some_and(|panel| panel.within.is_none() && panel.choice.is_none())
                        && self.is_panel_visible(place)
                }
            });
            singles.extend(shown.map(|element| (page, element)));
        }
        singles
    }

    /// Whether a question is asked now, or with all others of its page.
    pub(super) fn is_asked(&self, question: &Question) -> bool {
        match self
            .single
            .filter(|_| self.is_started && !self.is_previewing)
        {
            None => true,
            Some(Element::Question(place)) => {
                place == question.place || self.owner_of(question) == Some(place)
            }
            Some(Element::Panel(panel)) => self.is_within(question.panel, panel),
        }
    }

    /// Asks something else where what was asked is hidden now.
    pub(super) fn keep_single(&mut self) {
        if !self.definition.is_one_by_one {
            return;
        }
        let singles = self.singles();
        if singles
            .iter()
            .any(|(_, element)| Some(*element) == self.single)
        {
            return;
        }
        let here = self.page;
        let same_page = singles.iter().find(|(page, _)| Some(*page) == here);
        let next = same_page.or(singles.first());
        self.single = next.map(|(_, element)| *element);
        self.show_page(next.map(|(page, _)| *page).or(here));
    }

    pub(super) fn ask(&mut self, (page, element): (usize, Element)) -> Outcome {
        self.single = Some(element);
        self.turn_to(page)
    }

    /// Asks a question that a trigger skips to, or the panel around it; going back leads where it was skipped from.
    pub(super) fn skip_to_single(&mut self, place: usize) {
        let question = self.definition.questions.get(place);
        let panel = question.and_then(|question| question.panel);
        let is_it = |&(_, element): &(usize, Element)| match element {
            Element::Question(other) => other == place,
            Element::Panel(other) => self.is_within(panel, other),
        };
        let found = self.singles().into_iter().find(is_it);
        if let (Some(to), Some(from)) = (found, self.single) {
            self.skipped_singles.push((from, to.1));
            self.ask(to);
        }
    }

    pub(super) fn check_asked(&mut self, element: Element) -> bool {
        match element {
            Element::Question(place) => {
                let mut is_right = self.check_question(place, false);
                let definition = Arc::clone(&self.definition);
                for nested in definition.questions() {
                    if self.owner_of(nested) == Some(place) && self.is_in_view(nested.place) {
                        is_right &= self.check_question(nested.place, false);
                    }
                }
                is_right
            }
            Element::Panel(panel) => self.check_within(panel),
        }
    }

    /// Asks the question before, or the one from which a trigger skipped to this one.
    pub(super) fn back_to_single(&mut self) -> Outcome {
        let mut skipped = self.skipped_singles.iter();
        let skipped = skipped.position(|&(_, to)| Some(to) == self.single);
        let from = skipped.map(|at| self.skipped_singles.remove(at).0);
        let singles = self.singles();
        let place_of = |element: Option<Element>| {
            let mut singles = singles.iter();
            singles.position(|&(_, single)| Some(single) == element)
        };
        let before = place_of(from).or(place_of(self.single).and_then(|at| at.checked_sub(1)));
        let before = before.and_then(|at| singles.get(at)).copied();
        before.map_or(Outcome::Stayed, |before| self.ask(before))
    }

    /// Asks the next question, if there is one and nothing is wrong with this one.
    pub(super) fn next_single(&mut self) -> Outcome {
        let singles = self.singles();
        let at = singles
            .iter()
            .position(|(_, element)| Some(*element) == self.single);
        let (Some(at), Some(element)) = (at, self.single) else {
            return Outcome::Stayed;
        };
        if !self.check_asked(element) {
            return Outcome::Refused;
        }
        let Some(next) = singles.get(at + 1) else {
            return Outcome::Stayed;
        };
        if let Element::Question(place) = element
            && let Some(question) = self.question(place)
        {
            let keys = vec![(question.name.clone(), self.status(place).value.clone())];
            self.check_triggers(keys, true, false, Some(&question.name));
        }
        if self.is_complete {
            return Outcome::Completed;
        }
        if self.single == Some(element) {
            return self.ask(*next);
        }
        Outcome::Turned
    }
}
