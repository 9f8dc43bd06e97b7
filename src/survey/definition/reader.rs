//! Reads a definition from its JSON and collects every fault with its place.

mod choices;
mod fields;
mod masks;
mod measure;
mod pages;
mod question;
mod survey;

use std::sync::Arc;

use self::pages::is_shuffled;
use super::super::expression::Expression;
use super::super::text::LocalizedText;
use super::super::value::Value;
use super::{Definition, DefinitionError, DefinitionFault, Element, Kind, Panel, Question};

pub(super) fn read(value: &Value) -> Result<Definition, Vec<DefinitionError>> {
    let mut reader = Reader {
        is_checked: true,
        whole: Some(&WHOLE),
        ..Reader::default()
    };
    let definition = reader.definition(value);
    if reader.faults.is_empty() {
        Ok(definition)
    } else {
        Err(reader.faults)
    }
}

pub(super) fn read_leniently(value: &Value) -> Definition {
    let mut reader = Reader {
        is_checked: true,
        whole: Some(&WHOLE),
        ..Reader::default()
    };
    reader.definition(value)
}

pub(super) fn read_published(value: &Value) -> Definition {
    let mut reader = Reader {
        whole: Some(&WHOLE),
        ..Reader::default()
    };
    reader.definition(value)
}

pub(super) fn read_opening(value: &Value) -> Definition {
    Reader::default().definition(value)
}

/// Where an element stands: page, panel, how deep.
type Spot = (usize, Option<usize>, usize);

/// What the first page of most surveys has no need of. It is reached through this table only, so that a page which shows
/// no more than that need not have it.
struct Whole {
    nested: fn(&mut Reader, &str, &Value, Spot, &mut Vec<Element>),
    begin: fn(&mut Reader, &Value),
    survey: fn(&mut Reader, &Value, &mut Definition),
    question: fn(&mut Reader, &str, &Value, &mut Question),
    kind: fn(&mut Reader, &str, &Value) -> Option<Kind>,
}

static WHOLE: Whole = Whole {
    nested: Reader::nested,
    begin: Reader::begin,
    survey: Reader::rest_of_survey,
    question: Reader::rest_of_question,
    kind: Reader::other_kind,
};

#[derive(Default)]
struct Reader {
    /// Whether anything is checked; what was published has been.
    is_checked: bool,
    /// What reads the rest, where all of it is wanted.
    whole: Option<&'static Whole>,
    /// Every expression.
    all: Vec<Expression>,
    faults: Vec<DefinitionError>,
    panels: Vec<Panel>,
    questions: Vec<Arc<Question>>,
    /// Whether questions stand in random order where their page or panel says nothing else.
    is_shuffled: bool,
    /// How numbers, sums and dates are written.
    regional: Option<Box<masks::Regional>>,
}

impl Reader {
    #[inline(always)]
    fn fault(&mut self, path: &str, key: &str, fault: DefinitionFault) {
        // Browsers read only what was checked: neither the words for faults nor their places need to be there.
        if cfg!(target_arch = "wasm32") || !self.is_checked {
            return;
        }
        self.note_fault(path, key, fault);
    }

    fn note_fault(&mut self, path: &str, key: &str, fault: DefinitionFault) {
        let path = joined(path, key);
        self.faults.push(DefinitionError { path, fault });
    }

    fn definition(&mut self, value: &Value) -> Definition {
        if value.as_object().is_none() {
            let fault = DefinitionFault::Expected("a JSON object with \"pages\"");
            self.fault("", "", fault);
        }
        if let Some(whole) = self.whole {
            (whole.begin)(self, value);
        }
        self.is_shuffled = is_shuffled(value, false);
        let pages = self.pages(value);
        let mut definition = self.survey(value, pages);
        if let Some(whole) = self.whole {
            (whole.survey)(self, value, &mut definition);
        }
        definition.expressions = std::mem::take(&mut self.all);
        definition
    }

    fn begin(&mut self, value: &Value) {
        self.regional = Some(Box::new(masks::Regional::of(value)));
    }

    fn text(&mut self, path: &str, value: &Value, key: &str) -> LocalizedText {
        let Some(found) = value.get(key) else {
            return LocalizedText::default();
        };
        LocalizedText::from_value(found).unwrap_or_else(|| {
            let fault =
                DefinitionFault::Expected("a text, or an object with one for each language");
            self.fault(path, key, fault);
            LocalizedText::default()
        })
    }

    fn expression(&mut self, path: &str, value: &Value, key: &str) -> Option<Expression> {
        let text = value.get(key)?.as_text().unwrap_or_default();
        self.parsed(path, key, text)
    }

    /// As [`Reader::expression`]; where faults do not matter, a condition that cannot be read is never true.
    fn condition(&mut self, path: &str, value: &Value, key: &str) -> Option<Expression> {
        let text = value
            .get(key)?
            .as_text()
            .filter(|text| !text.trim().is_empty())?;
        let condition = self.parsed(path, key, text);
        Some(condition.unwrap_or_else(|| Expression::read_later("unreadable()")))
    }

    fn parsed(&mut self, path: &str, key: &str, text: &str) -> Option<Expression> {
        if text.trim().is_empty() {
            return None;
        }
        // Browsers read only what was checked. Said here, too, so that the first page is not paid for with a parser.
        if cfg!(target_arch = "wasm32") || !self.is_checked {
            return Some(self.noted(Expression::read_later(text)));
        }
        match Expression::parse(text) {
            Ok(expression) => Some(self.noted(expression)),
            Err(error) => {
                self.fault(path, key, DefinitionFault::Expression(error));
                None
            }
        }
    }

    fn noted(&mut self, expression: Expression) -> Expression {
        self.all.push(expression.clone());
        expression
    }
}

fn joined(path: &str, key: &str) -> String {
    match (path, key) {
        (path, "") => path.to_owned(),
        ("", key) => key.to_owned(),
        (path, key) => [path, ".", key].concat(),
    }
}

fn at(list: &str, place: usize) -> String {
    [list, "[", &place.to_string(), "]"].concat()
}

fn flag(value: &Value, key: &str, otherwise: bool) -> bool {
    match value.get(key) {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Text(text)) if text == "true" => true,
        Some(Value::Text(text)) if text == "false" => false,
        _ => otherwise,
    }
}
