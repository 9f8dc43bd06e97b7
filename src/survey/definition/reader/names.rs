//! Names that must be unique, and names in expressions that must exist.

use super::super::{Definition, DefinitionFault};
use super::Reader;

impl Reader {
    pub(super) fn check_names(&mut self, definition: &Definition) {
        let names: Vec<&str> = definition
            .questions()
            .map(|question| question.name.as_str())
            .collect();
        for (place, name) in names.iter().enumerate() {
            if names.iter().take(place).any(|other| other == name) {
                self.fault("", "", DefinitionFault::DuplicateName((*name).to_owned()));
            }
        }
        let values = definition
            .questions()
            .map(super::super::Question::value_name);
        let calculated = definition
            .calculated
            .iter()
            .map(|value| value.name.as_str());
        let known: Vec<&str> = names
            .iter()
            .copied()
            .chain(values)
            .chain(calculated)
            .collect();
        for (path, used) in std::mem::take(&mut self.expressions) {
            for name in used {
                let root = name.split(['.', '[']).next().unwrap_or(&name);
                let is_known = |name: &str| {
                    known.iter().any(|other| other.eq_ignore_ascii_case(name))
                        || name
                            .strip_suffix("-Comment")
                            .is_some_and(|name| known.contains(&name))
                };
                let is_own =
                    matches!(root, "item" | "row" | "panel" | "survey") || root.starts_with('$');
                if !is_own && !is_known(&name) && !is_known(root) {
                    let known = names.iter().map(|name| (*name).to_owned()).collect();
                    let fault = DefinitionFault::UnknownName { found: name, known };
                    self.fault(&path, "", fault);
                }
            }
        }
    }
}
