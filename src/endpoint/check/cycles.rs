//! Values that are computed from each other, and questions that are only shown when another one of their circle is.

use std::collections::{HashMap, HashSet, VecDeque};

use super::finding::{Code, Finding, Severity};
use super::graph;
use super::outline::{Node, Outline};
use crate::survey::expression::Expression;

/// How the one that has an expression hangs on those that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    /// Its value is always what the expression gives.
    Computed,
    /// Its value is set when what the expression names changes; a circle of such mostly comes to rest.
    Set,
    /// It is shown while the expression is true.
    Shown,
}

/// That one hangs on another.
#[derive(Debug)]
struct Edge {
    from: String,
    to: String,
    bond: Bond,
    path: String,
}

pub(super) fn find(outline: &Outline<'_>) -> Vec<Finding> {
    let edges = edges(outline);
    let mut findings = Vec::new();
    // A circle of computed values is told once, not again as one of the looser kinds.
    let mut told: HashSet<&str> = HashSet::new();
    for bond in [Bond::Computed, Bond::Set, Bond::Shown] {
        let fits = |edge: &&Edge| match bond {
            Bond::Computed => edge.bond == Bond::Computed,
            Bond::Set => edge.bond <= Bond::Set,
            Bond::Shown => edge.bond == Bond::Shown,
        };
        let own: Vec<&Edge> = edges.iter().filter(fits).collect();
        for (edge, way) in circles(&own) {
            if bond == Bond::Shown || !way.iter().any(|name| told.contains(name)) {
                findings.push(finding(bond, edge, &way));
            }
            if bond != Bond::Shown {
                told.extend(way);
            }
        }
    }
    findings
}

fn finding(bond: Bond, edge: &Edge, circle: &[&str]) -> Finding {
    let way = circle.join(" → ");
    let (severity, message) = match bond {
        Bond::Computed => (
            Severity::Refused,
            format!(
                "these values are computed from each other and would never come to rest: {way}"
            ),
        ),
        Bond::Set => (
            Severity::Warning,
            format!("these values set each other; make sure that they come to rest: {way}"),
        ),
        Bond::Shown => (
            Severity::Warning,
            format!("whether these are shown depends on each other: {way}"),
        ),
    };
    Finding {
        found: Some(way),
        ..Finding::new(severity, Code::Cycle, edge.path.clone(), message)
    }
}

fn edges(outline: &Outline<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    let named = |node: &Node<'_>| {
        let own = node.text("valueName").or_else(|| node.name());
        own.map(str::to_lowercase)
    };
    let names: HashSet<String> = outline.objects.iter().filter_map(named).collect();
    // What a path leads to is a part of what its beginning names; but a name may have points in it.
    let root = |name: &str| {
        let name = name.to_lowercase();
        if names.contains(&name) {
            return name;
        }
        name.split(['.', '[']).next().unwrap_or(&name).to_owned()
    };
    for entry in outline.entries() {
        let node = entry.node;
        let bond = match entry.name {
            "expression" if node.kind.is("calculatedvalue") || node.kind.is("expression") => {
                Bond::Computed
            }
            "defaultValueExpression" => Bond::Computed,
            "setValueExpression" => Bond::Set,
            "visibleIf" if node.kind.is("question") || node.kind.is("nonvalue") => Bond::Shown,
            _ => continue,
        };
        let own = node.text("valueName").or_else(|| node.name());
        let expression = entry.value.as_text().map(Expression::parse);
        let (Some(from), Some(Ok(expression))) = (own, expression) else {
            continue;
        };
        for name in expression.names() {
            edges.push(Edge {
                from: from.to_lowercase(),
                to: root(name),
                bond,
                path: entry.path(),
            });
        }
    }
    edges
}

/// Of everything that leads back to itself one shortest way: its first step, and the names on it.
fn circles<'e>(edges: &[&'e Edge]) -> Vec<(&'e Edge, Vec<&'e str>)> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut names: Vec<&str> = Vec::new();
    let mut next: Vec<Vec<usize>> = Vec::new();
    for edge in edges {
        let mut place_of = |name: &'e str| {
            *places.entry(name).or_insert_with(|| {
                names.push(name);
                next.push(Vec::new());
                names.len() - 1
            })
        };
        let (from, to) = (place_of(&edge.from), place_of(&edge.to));
        if let Some(list) = next.get_mut(from) {
            list.push(to);
        }
    }
    let mut circles = Vec::new();
    for component in graph::loops(&next) {
        let members: HashSet<usize> = component.into_iter().collect();
        // The first in the definition begins.
        let first = edges.iter().find(|edge| {
            let place = |name: &str| places.get(name).is_some_and(|it| members.contains(it));
            place(&edge.from) && place(&edge.to)
        });
        let start = first.and_then(|edge| Some((edge, *places.get(edge.from.as_str())?)));
        if let Some((edge, start)) = start
            && let Some(way) = way_back(start, &next, &members)
        {
            let way = way
                .into_iter()
                .filter_map(|place| names.get(place).copied());
            circles.push((*edge, way.collect()));
        }
    }
    circles.sort_by_key(|(edge, _)| edges.iter().position(|other| std::ptr::eq(*other, *edge)));
    circles
}

/// The shortest way from a place to itself.
fn way_back(start: usize, next: &[Vec<usize>], members: &HashSet<usize>) -> Option<Vec<usize>> {
    let mut before: HashMap<usize, usize> = HashMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(place) = open.pop_front() {
        for &to in next.get(place)? {
            if to == start {
                let steps = std::iter::successors(Some(place), |place| before.get(place).copied());
                let mut way: Vec<usize> = steps.collect();
                way.insert(0, start);
                way.reverse();
                return Some(way);
            }
            if members.contains(&to) && !before.contains_key(&to) {
                before.insert(to, place);
                open.push_back(to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Outline, Severity, find};
    use crate::survey::Value;

    fn circles(text: &str) -> Vec<(Severity, String)> {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let findings = find(&Outline::of(&value)).into_iter();
        let circles = findings.map(|finding| (finding.severity, finding.found.unwrap_or_default()));
        circles.collect()
    }

    #[test]
    fn circles_are_told_once_with_their_way_and_chains_are_none() {
        for (text, expected) in [
            (
                r#"{"calculatedValues":[{"name":"a","expression":"{b} + 1"},{"name":"b","expression":"{c.x}"},{"name":"c","expression":"{a}"}]}"#,
                vec![(Severity::Refused, "a → b → c → a")],
            ),
            (
                r#"{"calculatedValues":[{"name":"a","expression":"{b} + 1"},{"name":"b","expression":"{q}"}]}"#,
                vec![],
            ),
            (
                r#"{"elements":[{"type":"expression","name":"t","expression":"{T} * 2"}]}"#,
                vec![(Severity::Refused, "t → t")],
            ),
            (
                r#"{"elements":[{"type":"text","name":"c","setValueExpression":"({f} - 32) / 1.8"},{"type":"text","name":"f","setValueExpression":"{c} * 1.8 + 32"}]}"#,
                vec![(Severity::Warning, "c → f → c")],
            ),
            (
                r#"{"elements":[{"type":"text","name":"a","visibleIf":"{b} notempty"},{"type":"text","name":"b","visibleIf":"{a} notempty"},{"type":"text","name":"c","visibleIf":"{a} = 1"}]}"#,
                vec![(Severity::Warning, "a → b → a")],
            ),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(s, way)| (s, way.to_owned()))
                .collect();
            assert_eq!(circles(text), expected, "{text}");
        }
    }
}
