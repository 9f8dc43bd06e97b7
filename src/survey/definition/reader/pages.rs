//! Reads pages and panels, and what stands on them.

use std::sync::Arc;

use super::super::super::text::LocalizedText;
use super::super::super::value::Value;
use super::super::{DefinitionFault, Element, Kind, Page, Panel, Rules};
use super::{Reader, Spot, at, flag, joined};

/// The deepest nesting of panels that is read.
const MAX_DEPTH: usize = 16;

impl Reader {
    pub(super) fn pages(&mut self, value: &Value) -> Vec<Page> {
        let mut pages = Vec::new();
        match value.get("pages") {
            Some(Value::List(list)) => {
                let is_single =
                    value.get("questionsOnPageMode").and_then(Value::as_text) == Some("singlePage");
                let has_start = flag(
                    value,
                    "firstPageIsStartPage",
                    flag(value, "firstPageIsStarted", false),
                );
                // The start page stays a page of its own.
                let merged_from = if is_single {
                    usize::from(has_start)
                } else {
                    list.len()
                };
                for (place, page) in list.iter().enumerate().take(merged_from) {
                    let page = self.page(&at("pages", place), page, place);
                    pages.push(page);
                }
                if is_single && merged_from < list.len() {
                    let page = self.single_page(list, merged_from, pages.len());
                    pages.push(page);
                }
            }
            Some(_) => self.fault("", "pages", DefinitionFault::Expected("a list of pages")),
            // A survey of one page may leave the page out.
            None if value
                .get("elements")
                .or_else(|| value.get("questions"))
                .is_some() =>
            {
                let page = self.page("", value, 0);
                pages.push(page);
            }
            None => {}
        }
        if value.get("questionsOnPageMode").and_then(Value::as_text) == Some("singlePage")
            && let [page] = pages.as_mut_slice()
        {
            page.name = "single-page".to_owned();
        }
        pages
    }

    fn page(&mut self, path: &str, value: &Value, place: usize) -> Page {
        let first = self.questions.len();
        let mut elements = Vec::new();
        self.elements(path, value, (place, None, 0), &mut elements);
        // The whole survey stands in for its only page: its title is not the page's.
        let own = if path.is_empty() { &Value::Null } else { value };
        Page {
            name: own
                .get("name")
                .and_then(Value::as_text)
                .filter(|name| !name.is_empty())
                .map_or_else(
                    || ["page", &(place + 1).to_string()].concat(),
                    str::to_owned,
                ),
            title: self.text(path, own, "title"),
            description: self.text(path, own, "description"),
            rules: self.rules(path, own),
            is_shuffled: is_shuffled(own, self.is_shuffled),
            elements,
            questions: first..self.questions.len(),
        }
    }

    /// All pages on one, each of them a panel.
    fn single_page(&mut self, list: &[Value], from: usize, place: usize) -> Page {
        let first = self.questions.len();
        let mut elements = Vec::new();
        for (at_page, page) in list.iter().enumerate().skip(from) {
            self.panel(&at("pages", at_page), page, (place, None, 0), &mut elements);
        }
        Page {
            name: "single-page".to_owned(),
            title: LocalizedText::default(),
            description: LocalizedText::default(),
            rules: Rules::default(),
            is_shuffled: false,
            elements,
            questions: first..self.questions.len(),
        }
    }

    /// What stands on a page or in a panel.
    fn elements(&mut self, path: &str, value: &Value, spot: Spot, elements: &mut Vec<Element>) {
        let key = if value.get("questions").is_some() {
            "questions"
        } else {
            "elements"
        };
        let list = match value.get(key) {
            Some(Value::List(list)) => list,
            None => return,
            Some(_) => {
                return self.fault(path, key, DefinitionFault::Expected("a list of questions"));
            }
        };
        let list_path = joined(path, key);
        if spot.2 > MAX_DEPTH {
            let fault = DefinitionFault::Expected("panels within panels at most 16 deep");
            return self.fault(path, key, fault);
        }
        for (place, element) in list.iter().enumerate() {
            let element_path = at(&list_path, place);
            if element.get("type").and_then(Value::as_text) == Some("panel") {
                self.panel(&element_path, element, spot, elements);
            } else if let Some(mut question) = self.question(&element_path, element) {
                question.place = self.questions.len();
                (question.page, question.panel, _) = spot;
                elements.push(Element::Question(question.place));
                self.questions.push(Arc::new(question));
                if let Some(whole) = self.whole {
                    (whole.nested)(self, &element_path, element, spot, elements);
                }
            }
        }
    }

    /// The questions inside the choices of the question that was read last: a panel for each choice that has some.
    pub(super) fn nested(
        &mut self,
        path: &str,
        value: &Value,
        spot: Spot,
        elements: &mut Vec<Element>,
    ) {
        let owner = self.questions.len().saturating_sub(1);
        let nesting = |kind: &Kind| match kind {
            Kind::Radiogroup(choices) | Kind::Checkbox(choices) => {
                let choices = choices.choices.iter().enumerate();
                let nested = choices.filter(|(_, choice)| choice.has_elements);
                nested
                    .map(|(at, choice)| (at, choice.value.clone()))
                    .collect()
            }
            _ => Vec::new(),
        };
        let nested: Vec<(usize, Value)> = self
            .questions
            .last()
            .map(|of| nesting(&of.kind))
            .unwrap_or_default();
        let listed = value
            .get("choices")
            .and_then(Value::as_list)
            .unwrap_or_default();
        for (at_choice, wanted) in nested {
            let is_wanted = |item: &Value| item.get("value") == Some(&wanted);
            let Some(place) = listed.iter().position(is_wanted) else {
                continue;
            };
            let path = at(&joined(path, "choices"), place);
            let inside = listed
                .get(place)
                .and_then(|item| item.get("elements"))
                .cloned();
            let mut panel = Value::Object(Vec::new());
            panel.set("elements", inside.unwrap_or_default());
            let panel_place = self.panels.len();
            self.panel(&path, &panel, spot, elements);
            if let Some(panel) = self.panels.get_mut(panel_place) {
                panel.choice = Some((owner, at_choice));
            }
        }
    }

    fn panel(
        &mut self,
        path: &str,
        value: &Value,
        (page, within, depth): Spot,
        elements: &mut Vec<Element>,
    ) {
        let panel = Panel {
            name: value
                .get("name")
                .and_then(Value::as_text)
                .unwrap_or_default()
                .to_owned(),
            title: self.text(path, value, "title"),
            description: self.text(path, value, "description"),
            rules: self.rules(path, value),
            is_shuffled: is_shuffled(value, self.is_shuffled),
            within,
            choice: None,
            is_collapsed: match value.get("state").and_then(Value::as_text) {
                Some("collapsed") => Some(true),
                Some("expanded") => Some(false),
                _ => None,
            },
            required_error: self.text(path, value, "requiredErrorText"),
        };
        let place = self.panels.len();
        self.panels.push(panel);
        self.elements(path, value, (page, Some(place), depth + 1), elements);
        elements.push(Element::Panel(place));
    }

    pub(super) fn rules(&mut self, path: &str, value: &Value) -> Rules {
        Rules {
            is_hidden: !flag(value, "visible", true),
            visible_if: self.expression(path, value, "visibleIf"),
            is_read_only: flag(value, "readOnly", false),
            enable_if: self.expression(path, value, "enableIf"),
            is_required: flag(value, "isRequired", false),
            required_if: self.expression(path, value, "requiredIf"),
        }
    }
}

/// Whether questions stand in random order.
pub(super) fn is_shuffled(value: &Value, otherwise: bool) -> bool {
    let order = value.get("questionOrder").or(value.get("questionsOrder"));
    match order.and_then(Value::as_text) {
        Some("random") => true,
        Some("initial") => false,
        _ => otherwise,
    }
}
