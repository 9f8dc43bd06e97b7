//! What publishing says of a definition: what is refused, what its author has probably not meant, and what they may want to
//! know, each with its place.
//!
//! [`Table`](table) says what becomes of every property; the rules that need more than one property stand each in a file of
//! their own.

/// Values that are computed from each other.
mod cycles;
/// What is found.
mod finding;
/// What leads to what and back.
mod graph;
/// What runs here, as a person reads it.
mod list;
/// Measures, named and detected.
mod measures;
/// Names that must be unique, and names that must be there.
mod names;
/// A definition as its JSON has it.
mod outline;
/// Patterns of validators.
mod patterns;
/// The table beside the reader of definitions.
#[cfg(test)]
mod probe;
/// Every property by what becomes of it.
mod properties;
/// Pages and questions that nobody gets to see.
mod reach;
/// What becomes of every property of SurveyJS's format.
mod table;
/// Languages and markup.
mod texts;

pub use finding::{Code, Finding, Severity};
pub use list::list;
pub(super) use table::{is_list, is_property};

use std::collections::HashSet;

use crate::survey::{Definition, Value};
use names::Names;
use outline::Outline;

/// Everything that is found in a definition, the gravest first, and what it asks if it can be published.
pub fn check(value: &Value) -> (Vec<Finding>, Option<Definition>) {
    let outline = Outline::of(value);
    let read = Definition::from_value(value);
    let names = Names::of(&outline);
    let mut findings: Vec<Finding> = Vec::new();
    let definition = match read {
        Ok(definition) => Some(definition),
        Err(faults) => {
            findings.extend(faults.into_iter().map(Finding::from));
            None
        }
    };
    findings.extend(names::duplicates(&outline));
    findings.extend(names::dangling(&outline, &names));
    findings.extend(cycles::find(&outline));
    findings.extend(patterns::find(&outline));
    findings.extend(properties::find(&outline));
    findings.extend(texts::missing_translations(&outline));
    findings.extend(texts::dropped_markup(&outline));
    if let Some(definition) = &definition {
        findings.extend(reach::find(&outline, definition));
        findings.extend(measures::find(&outline, definition));
    }
    // Of several refusals of one place the first says enough.
    let mut refused = HashSet::new();
    findings.retain(|finding| {
        finding.severity != Severity::Refused
            || finding.path.is_empty()
            || refused.insert(finding.path.clone())
    });
    findings.sort_by_key(|finding| finding.severity);
    let is_refused = findings.iter().any(|it| it.severity == Severity::Refused);
    (findings, definition.filter(|_| !is_refused))
}
