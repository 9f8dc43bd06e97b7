//! In which order the questions of a page stand, where the author wants another for each respondent.

use super::super::definition::{Element, Page};
use super::super::value::Value;
use super::Session;
use super::choices::drawn;

impl Session {
    /// What stands on a page, in the order it is shown; those within a panel before the panel. Random orders stay the
    /// same for a respondent.
    pub fn ordered_elements(&self, page: &Page) -> Vec<Element> {
        let mut ordered = Vec::new();
        self.order_within(page, None, page.is_shuffled, &mut ordered);
        ordered
    }

    fn order_within(
        &self,
        page: &Page,
        within: Option<usize>,
        is_shuffled: bool,
        ordered: &mut Vec<Element>,
    ) {
        let definition = &self.definition;
        let stands_here = |element: &Element| match *element {
            Element::Question(place) => {
                let question = definition.questions.get(place);
                question.is_some_and(|question| question.panel == within)
            }
            Element::Panel(place) => {
                let panel = definition.panels.get(place);
                panel.is_some_and(|panel| panel.within == within)
            }
        };
        let mut elements: Vec<Element> =
            page.elements.iter().copied().filter(stands_here).collect();
        if is_shuffled {
            let chance = (self.environment.chance)();
            elements.sort_by_key(|element| {
                let place = match *element {
                    Element::Question(place) => place as f64,
                    Element::Panel(place) => -1.0 - place as f64,
                };
                drawn(chance, &page.name, &Value::Number(place))
            });
        }
        for element in elements {
            if let Element::Panel(place) = element
                && let Some(panel) = definition.panels.get(place)
            {
                self.order_within(page, Some(place), panel.is_shuffled, ordered);
            }
            ordered.push(element);
        }
    }
}
