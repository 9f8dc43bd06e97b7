//! In which order the questions of a page stand, where the author wants another for each respondent, and how lots are drawn.

use super::super::definition::{Element, Page};
use super::super::javascript::text_of_value;
use super::super::value::Value;
use super::Session;

impl Session {
    /// What stands on a page, in the order it is shown; those within a panel before the panel. Random orders stay the
    /// same for a respondent.
    pub fn ordered_elements(&self, page: &Page) -> Vec<Element> {
        let mut pages = self.definition.pages.iter();
        let place = pages.position(|other| other.name == page.name);
        place.map_or_else(Vec::new, |place| self.in_order(place).to_vec())
    }

    /// As [`Session::ordered_elements`], for the page of a place.
    pub(super) fn in_order(&self, place: usize) -> &[Element] {
        let page = self.definition.pages.get(place);
        let ordered = self.ordered.get(place).or(page.map(|page| &page.elements));
        ordered.map(Vec::as_slice).unwrap_or_default()
    }

    /// Puts what stands on each page in order, where any of it stands in random order.
    pub(super) fn put_in_order(&mut self) {
        let definition = std::sync::Arc::clone(&self.definition);
        let is_shuffled = definition.pages.iter().any(|page| page.is_shuffled)
            || definition.panels.iter().any(|panel| panel.is_shuffled);
        if is_shuffled {
            let order = |page: &Page| {
                let mut ordered = Vec::new();
                self.order_within(page, None, page.is_shuffled, &mut ordered);
                ordered
            };
            self.ordered = definition.pages.iter().map(order).collect();
        }
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

/// A number for each choice that looks drawn by lot, the same for the same `chance` (FNV-1a, mixed as MurmurHash3 ends).
pub(super) fn drawn(chance: u32, question: &str, value: &Value) -> u32 {
    let value = text_of_value(value);
    let bytes = chance
        .to_le_bytes()
        .into_iter()
        .chain(question.bytes())
        .chain([0])
        .chain(value.bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
