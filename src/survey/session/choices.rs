//! The choices that a question shows, and which of them are chosen.

mod carried;
mod conditions;
mod incorrect;
mod limits;
mod offered;
mod other;
mod ranking;
mod stored_form;

use super::super::definition::{Choice, Choices, Kind, Question};
use super::super::value::Value;
use super::Session;
use super::sameness::is_same;

/// A choice that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownChoice {
    /// What is stored when it is chosen.
    pub value: Value,
    /// Where it and its text come from.
    pub source: Source,
    /// Whether it may be chosen.
    pub is_enabled: bool,
}

/// Where a shown choice comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A choice of a question: the places of both. The question may be another one, whose choices are carried forward.
    Choice(usize, usize),
    /// The words for "other" at the question of that place.
    Words(usize),
    /// What the respondent added.
    Custom,
    /// "All of these".
    All,
    /// "None of these".
    None,
    /// A refusal.
    Refused,
    /// "I do not know".
    DontKnow,
    /// "Other".
    Other,
}

impl Source {
    fn is_special(self) -> bool {
        !matches!(self, Self::Choice(..) | Self::Words(_) | Self::Custom)
    }
}

impl Session {
    /// The choices of a question that are shown, in order.
    pub fn shown_choices(&self, question: &Question) -> &[ShownChoice] {
        &self.status(question.place).shown
    }

    /// The choice as its author wrote it; nothing for special ones.
    pub fn choice(&self, shown: &ShownChoice) -> Option<&Choice> {
        let Source::Choice(place, at) = shown.source else {
            return None;
        };
        self.definition
            .questions
            .get(place)?
            .kind
            .choices()?
            .choices
            .get(at)
    }

    /// Whether a value is chosen.
    pub fn has_chosen(&self, question: &Question, value: &Value) -> bool {
        let status = self.status(question.place);
        let chosen = if self.has_choices(question.place) {
            &status.rendered
        } else {
            &status.value
        };
        match chosen {
            Value::List(items) => items.contains(value),
            single => single == value,
        }
    }

    /// The answer with one choice of several chosen, or not any more.
    pub fn toggled(&self, question: &Question, item: &ShownChoice) -> Value {
        let status = self.status(question.place);
        let chosen = status.rendered.as_list().unwrap_or_default();
        let is_own = |shown: &&ShownChoice| {
            shown.is_enabled && !shown.source.is_special() && !self.is_exclusive(shown)
        };
        let mut values: Vec<Value> = chosen.to_vec();
        if item.source == Source::All {
            let own = status
                .shown
                .iter()
                .filter(is_own)
                .map(|shown| shown.value.clone());
            let all: Vec<Value> = own.collect();
            let is_all = all.iter().all(|value| chosen.contains(value));
            values = if is_all { Vec::new() } else { all };
        } else {
            match values.iter().position(|value| *value == item.value) {
                Some(at) => drop(values.remove(at)),
                None => values.push(item.value.clone()),
            }
        }
        // What is stored beside a value stays with it.
        let stored = status.value.as_list().unwrap_or_default();
        let form = |value: Value| {
            let same = stored
                .iter()
                .find(|old| self.bare(question.place, old) == value);
            same.cloned().unwrap_or(value)
        };
        Value::List(values.into_iter().map(form).collect())
    }

    pub(super) fn has_choices(&self, place: usize) -> bool {
        self.choices_of(place).is_some()
    }

    fn choices_of(&self, place: usize) -> Option<&Choices> {
        self.definition.questions.get(place)?.kind.choices()
    }

    /// Whether the answer is an array that survey-core treats as a checkbox's.
    pub(super) fn is_several(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        question.is_some_and(|question| {
            matches!(
                question.kind,
                Kind::Checkbox(_) | Kind::Tagbox(_) | Kind::Ranking(_)
            )
        })
    }

    /// Whether the answer is an array also where nothing is chosen.
    pub(super) fn is_array(&self, place: usize) -> bool {
        let question = self.definition.questions.get(place);
        question.is_some_and(|question| question.kind.is_multiple())
    }

    /// Whether a shown choice is chosen.
    pub(super) fn is_chosen(&self, place: usize, item: &ShownChoice) -> bool {
        let rendered = &self.status(place).rendered;
        if let Some(Kind::Ranking(choices)) = self
            .definition
            .questions
            .get(place)
            .map(|question| &question.kind)
            && !choices.selects_to_rank
        {
            return true;
        }
        match item.source {
            Source::Other => self.is_other_chosen(place),
            Source::All => false,
            _ if self.is_several(place) => rendered
                .as_list()
                .is_some_and(|items| items.iter().any(|chosen| is_same(chosen, &item.value))),
            _ => *rendered == item.value,
        }
    }
}
