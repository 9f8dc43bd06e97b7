//! What only the whole definition shows: names that must be unique, names that must exist, and values that wait for each
//! other.

use super::super::{Definition, DefinitionFault, Effect, Kind, Metric, Question};
use super::{Reader, at};
use crate::survey::expression::Expression;

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
        let values = definition.questions().map(Question::value_name);
        let calculated = definition
            .calculated
            .iter()
            .map(|value| value.name.as_str());
        let variables = definition
            .triggers
            .iter()
            .filter_map(|trigger| match &trigger.effect {
                Effect::SetValue {
                    to,
                    is_variable: true,
                    ..
                } => Some(to.as_str()),
                _ => None,
            });
        let known: Vec<&str> = names
            .iter()
            .copied()
            .chain(values)
            .chain(calculated)
            .chain(variables)
            .collect();
        for (path, used) in std::mem::take(&mut self.expressions) {
            for name in used {
                if !is_known(&name, &known) {
                    self.unknown(&path, &name, &known);
                }
            }
        }
        self.check_targets(definition, &names, &known);
        self.check_cycles(definition);
    }

    fn unknown(&mut self, path: &str, found: &str, known: &[&str]) {
        let fault = DefinitionFault::UnknownName {
            found: found.to_owned(),
            known: known.iter().map(|name| (*name).to_owned()).collect(),
        };
        self.fault(path, "", fault);
    }

    /// Questions that triggers go to or change, and those that choices come from.
    fn check_targets(&mut self, definition: &Definition, names: &[&str], known: &[&str]) {
        for (place, trigger) in definition.triggers.iter().enumerate() {
            let path = |key: &str| [&at("triggers", place), ".", key].concat();
            match &trigger.effect {
                Effect::Skip(to) if !is_known(to, names) => {
                    self.unknown(&path("gotoName"), to, names);
                }
                Effect::CopyValue { from, .. } if !is_known(from, known) => {
                    self.unknown(&path("fromName"), from, known);
                }
                _ => {}
            }
        }
        for question in definition.questions() {
            let from = question
                .kind
                .choices()
                .and_then(|choices| choices.from.as_ref());
            if let Some(from) = from
                && !names.contains(&from.question.as_str())
            {
                let path = [&question.name, ".choicesFromQuestion"].concat();
                self.unknown(&path, &from.question, names);
            }
        }
    }

    /// Values that are computed from each other would never come to rest.
    fn check_cycles(&mut self, definition: &Definition) {
        let mut computed: Vec<(&str, &Expression)> = definition
            .calculated
            .iter()
            .map(|value| (value.name.as_str(), &value.expression))
            .collect();
        for question in definition.questions() {
            let name = question.value_name();
            computed.extend(question.default_expression.iter().map(|it| (name, it)));
            if let Kind::Expression(Some(expression), ..) = &question.kind {
                computed.push((name, expression));
            }
        }
        for &(name, _) in &computed {
            let mut seen = vec![name];
            if let Some(way) = way_back(name, name, &computed, &mut seen) {
                self.fault("", "", DefinitionFault::Cycle(way));
                // The others of the circle would say the same.
                return;
            }
        }
    }
}

/// The names on the way from a value to itself, if there is one.
fn way_back<'a>(
    from: &'a str,
    to: &str,
    computed: &[(&'a str, &'a Expression)],
    seen: &mut Vec<&'a str>,
) -> Option<Vec<String>> {
    for (_, expression) in computed.iter().filter(|(name, _)| *name == from) {
        for used in expression.names() {
            let root = root_of(used);
            if root == to {
                return Some(vec![from.to_owned(), to.to_owned()]);
            }
            let next = computed.iter().find(|(name, _)| *name == root);
            let Some(&(next, _)) = next.filter(|(name, _)| !seen.contains(name)) else {
                continue;
            };
            seen.push(next);
            if let Some(mut way) = way_back(next, to, computed, seen) {
                way.insert(0, from.to_owned());
                return Some(way);
            }
        }
    }
    None
}

fn root_of(name: &str) -> &str {
    name.split(['.', '[']).next().unwrap_or(name)
}

fn is_known(name: &str, known: &[&str]) -> bool {
    let has = |name: &str| {
        let name = name.strip_suffix("-unwrapped").unwrap_or(name);
        known.iter().any(|other| other.eq_ignore_ascii_case(name))
            || name
                .strip_suffix("-Comment")
                .is_some_and(|name| known.contains(&name))
    };
    let root = root_of(name);
    let is_own = matches!(
        root,
        "item" | "choice" | "self" | "row" | "panel" | "survey"
    ) || matches!(root, "pageno" | "pagecount" | "locale");
    is_own || root.starts_with('$') || has(name) || has(root)
}

/// The measure that a rating without one is taken for: ten steps about recommending are a Net Promoter Score.
pub(super) fn detected(question: &Question) -> Option<Metric> {
    let Kind::Rating(rating) = &question.kind else {
        return None;
    };
    let points = rating.values.iter().map(|point| point.value.as_number());
    let is_ten = points.eq((0..=10).map(|point| Some(f64::from(point))));
    let says = |text: &str| {
        let text = text.to_lowercase();
        ["nps", "recommend", "推荐"]
            .iter()
            .any(|word| text.contains(word))
    };
    let is_about = says(&question.name)
        || question
            .title
            .tags()
            .any(|tag| says(question.title.resolve(tag)));
    (is_ten && is_about).then_some(Metric::Nps)
}
