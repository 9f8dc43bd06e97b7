//! A definition as its JSON has it: every object with its kind and place, every property with what the table says of it.

use super::table::{self, Items, Object, Property};
use crate::survey::Value;

/// The deepest nesting that is looked at; the reader of definitions refuses what is deeper.
const MAX_DEPTH: usize = 64;

/// A definition in the order it is written in.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    pub objects: Vec<Node<'a>>,
}

/// An object of a definition.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// Its JSON path; empty for the survey itself.
    pub path: String,
    pub kind: &'static Object,
    pub value: &'a Value,
    /// The object it stands in.
    pub within: Option<usize>,
    /// The property of that object whose list it stands in.
    pub list: &'a str,
}

/// A property of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a, 'o> {
    /// The place of its object.
    pub place: usize,
    pub node: &'o Node<'a>,
    pub name: &'a str,
    pub value: &'a Value,
    /// What the table says of it; nothing for a name that objects of this kind do not have.
    pub property: Option<&'static Property>,
}

impl<'a> Outline<'a> {
    pub(super) fn of(definition: &'a Value) -> Self {
        let mut outline = Self::default();
        if let Some(survey) = table::object("survey") {
            outline.add(definition, "", survey, None, "", 0);
        }
        outline
    }

    fn add(
        &mut self,
        value: &'a Value,
        path: &str,
        kind: &'static Object,
        within: Option<usize>,
        list: &'a str,
        depth: usize,
    ) {
        let place = self.objects.len();
        self.objects.push(Node {
            path: path.to_owned(),
            kind,
            value,
            within,
            list,
        });
        if depth > MAX_DEPTH {
            return;
        }
        for (name, inner) in value.as_object().unwrap_or_default() {
            let items = kind
                .property(name)
                .map_or(Items::None, |property| property.items);
            if items == Items::None {
                continue;
            }
            for (number, item) in inner.as_list().unwrap_or_default().iter().enumerate() {
                let type_name = item
                    .get("type")
                    .and_then(Value::as_text)
                    .unwrap_or_default();
                // A choice may be its value alone.
                if let Some(kind) = table::kind_of(items, type_name)
                    && item.as_object().is_some()
                {
                    let path = format!("{}[{number}]", joined(path, name));
                    self.add(item, &path, kind, Some(place), name, depth + 1);
                }
            }
        }
    }

    /// Every property of every object.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a, '_>> {
        self.objects.iter().enumerate().flat_map(|(place, node)| {
            let entries = node.value.as_object().unwrap_or_default();
            entries.iter().map(move |(name, value)| Entry {
                place,
                node,
                name,
                value,
                property: node.kind.property(name),
            })
        })
    }

    /// The object that stands at a place, and those it stands in, from the inside out.
    pub(super) fn around(&self, place: usize) -> impl Iterator<Item = (usize, &Node<'a>)> {
        let of = |place: usize| self.objects.get(place).map(|node| (place, node));
        std::iter::successors(of(place), move |(_, node)| node.within.and_then(of))
    }

    /// The questions, and what else stands on a page and has a name; not panels.
    pub(super) fn questions(&self) -> impl Iterator<Item = (usize, &Node<'a>)> {
        let nodes = self.objects.iter().enumerate();
        nodes.filter(|(_, node)| {
            (node.kind.is("question") || node.kind.is("nonvalue")) && !node.kind.is("panelbase")
        })
    }
}

impl<'a> Node<'a> {
    /// The text of one of its properties.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_text()
    }

    /// Its name; the value of a choice is none.
    pub(super) fn name(&self) -> Option<&'a str> {
        self.text("name").map(str::trim).filter(|it| !it.is_empty())
    }

    /// The path of one of its properties.
    pub(super) fn path_of(&self, name: &str) -> String {
        joined(&self.path, name)
    }
}

impl Entry<'_, '_> {
    /// Its JSON path.
    pub(super) fn path(&self) -> String {
        self.node.path_of(self.name)
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        [path, ".", name].concat()
    }
}
