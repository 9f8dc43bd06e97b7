//! How many choices may be chosen, and which stand alone.

use super::super::super::definition::Choices;
use super::super::super::value::Value;
use super::super::Session;
use super::{ShownChoice, Source};

impl Session {
    /// An exclusive choice stands alone: the one chosen last wins.
    pub(in super::super) fn without_exclusive(
        &self,
        place: usize,
        old: &Value,
        new: Value,
    ) -> Value {
        let Value::List(mut items) = new else {
            return new;
        };
        let bare = |items: &[Value]| -> Vec<Value> {
            items.iter().map(|item| self.bare(place, item)).collect()
        };
        if bare(old.as_list().unwrap_or_default()) == bare(&items) {
            return Value::List(items);
        }
        let exclusive: Vec<&Value> = self
            .status(place)
            .shown
            .iter()
            .filter(|item| self.is_exclusive(item))
            .map(|item| &item.value)
            .collect();
        if exclusive.is_empty() {
            return Value::List(items);
        }
        let last = |items: &[Value]| {
            items.iter().enumerate().rev().find_map(|(at, item)| {
                let bare = self.bare(place, item);
                exclusive.contains(&&bare).then_some((at, bare))
            })
        };
        let before = last(old.as_list().unwrap_or_default());
        let after = last(&items);
        match (before, after) {
            (Some((_, before)), Some((at, after))) if before == after => {
                if !items.is_empty() {
                    items.remove(at);
                }
            }
            (Some((_, before)), _) => {
                let at = items
                    .iter()
                    .rposition(|item| self.bare(place, item) == before);
                if let Some(at) = at.filter(|&at| at + 1 < items.len()) {
                    items.remove(at);
                }
            }
            (None, Some((_, after))) if items.len() > 1 => items = vec![self.wrap(place, after)],
            (None, _) => {}
        }
        Value::List(items)
    }

    pub(in super::super) fn is_exclusive(&self, item: &ShownChoice) -> bool {
        match item.source {
            Source::None | Source::Refused | Source::DontKnow => true,
            _ => self.choice(item).is_some_and(|choice| choice.is_exclusive),
        }
    }

    pub(super) fn can_choose_all(&self, place: usize, choices: &Choices) -> bool {
        let shown = self.status(place).shown.iter();
        let count = shown
            .filter(|item| item.is_enabled && !item.source.is_special() && !self.is_exclusive(item))
            .count();
        count > 0 && choices.max_selected.is_none_or(|max| max >= count)
    }
}
