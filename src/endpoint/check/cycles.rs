//! Values that are computed from each other, and questions that are only shown when another one of their circle is.

use super::finding::{Code, Finding, Severity};
use super::outline::Outline;
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
    let mut told: Vec<Vec<String>> = Vec::new();
    for bond in [Bond::Computed, Bond::Set, Bond::Shown] {
        let fits = |edge: &Edge| match bond {
            Bond::Computed => edge.bond == Bond::Computed,
            Bond::Set => edge.bond <= Bond::Set,
            Bond::Shown => edge.bond == Bond::Shown,
        };
        let own: Vec<&Edge> = edges.iter().filter(|edge| fits(edge)).collect();
        for edge in &own {
            let Some(circle) = circle(edge, &own) else {
                continue;
            };
            let mut members = circle.clone();
            members.sort();
            members.dedup();
            if told.contains(&members) {
                continue;
            }
            told.push(members);
            findings.push(finding(bond, edge, &circle));
        }
    }
    findings
}

fn finding(bond: Bond, edge: &Edge, circle: &[String]) -> Finding {
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
                to: root(outline, name),
                bond,
                path: entry.path(),
            });
        }
    }
    edges
}

/// The name that a path begins with, as what it leads to is stored: a name may have points in it.
fn root(outline: &Outline<'_>, name: &str) -> String {
    let name = name.to_lowercase();
    let is_whole = outline.objects.iter().any(|node| {
        let own = node.text("valueName").or_else(|| node.name());
        own.is_some_and(|own| own.to_lowercase() == name)
    });
    if is_whole {
        return name;
    }
    name.split(['.', '[']).next().unwrap_or(&name).to_owned()
}

/// The shortest way along `edges` from one back to itself, if there is one.
fn circle(edge: &Edge, edges: &[&Edge]) -> Option<Vec<String>> {
    let mut ways: Vec<Vec<&str>> = vec![vec![&edge.from, &edge.to]];
    let mut seen: Vec<&str> = vec![&edge.to];
    let mut next = 0;
    while let Some(way) = ways.get(next) {
        next += 1;
        let last = *way.last()?;
        if last == edge.from {
            return Some(way.iter().map(|name| (*name).to_owned()).collect());
        }
        let way = way.clone();
        for step in edges.iter().filter(|step| step.from == last) {
            if step.to == edge.from || !seen.contains(&step.to.as_str()) {
                seen.push(&step.to);
                ways.push([&way[..], &[step.to.as_str()]].concat());
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
