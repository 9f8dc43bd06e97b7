//! Which choices a question shows, which of them may be chosen, and what becomes of answers that are no choice any more.

use std::cmp::Ordering;

use super::super::definition::{
    CarryForward, CarryMode, Choice, Choices, DONT_KNOW, Kind, NONE, OTHER, Order, Question,
    REFUSED,
};
use super::super::javascript::text_of_value;
use super::super::value::Value;
use super::Session;
use super::answering::{are_alike, is_blank, is_other, is_same};
use super::scope::View;

/// A number for each choice that looks drawn by lot, the same for the same `chance` (FNV-1a, mixed as MurmurHash3 ends).
pub(super) fn drawn(chance: u32, question: &str, value: &Value) -> u32 {
    let value = text_of_value(value);
    let bytes = chance
        .to_le_bytes()
        .into_iter()
        .chain(question.bytes())
        .chain([0])
        .chain(value.bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

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

    /// The words beside a chosen value: those for "other", or those of a choice that asks for some.
    pub fn words(&self, question: &Question, value: &Value) -> String {
        self.words_for(question.place, value)
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

    /// The answer with other words beside a chosen value.
    pub fn with_words(&self, question: &Question, value: &Value, words: &str) -> Value {
        let mut chosen = Value::Object(vec![("value".to_owned(), value.clone())]);
        if !words.trim().is_empty() {
            chosen.set("comment", Value::from(words));
        }
        match &self.status(question.place).value {
            Value::List(items) => {
                let item = |item: &Value| {
                    if self.bare(question.place, item) == *value {
                        chosen.clone()
                    } else {
                        item.clone()
                    }
                };
                Value::List(items.iter().map(item).collect())
            }
            _ if words.trim().is_empty() => value.clone(),
            _ => chosen,
        }
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

    /// The key under which each chosen value is stored, if it is wrapped in an object.
    fn property(&self, place: usize) -> Option<&str> {
        let choices = self.choices_of(place)?;
        if !self.is_several(place) {
            return None;
        }
        choices.value_property.as_deref().or_else(|| {
            let is_commented =
                |choice: &Choice| choice.shows_comment && choice.value.as_text() != Some(OTHER);
            choices.choices.iter().any(is_commented).then_some("value")
        })
    }

    pub(super) fn wraps_values(&self, place: usize) -> bool {
        self.property(place).is_some()
    }

    fn bare(&self, place: usize, value: &Value) -> Value {
        match (self.property(place), value) {
            (Some(key), Value::Object(_)) => value.get(key).cloned().unwrap_or_default(),
            _ => value.clone(),
        }
    }

    fn wrap(&self, place: usize, value: Value) -> Value {
        match self.property(place) {
            Some(key) => Value::Object(vec![(key.to_owned(), value)]),
            None => value,
        }
    }

    /// The array that is stored for several choices.
    pub(super) fn wrapped(&self, place: usize, value: Value) -> Value {
        let items = match value {
            value if value.is_empty() => return value,
            Value::List(items) => items,
            single => vec![single],
        };
        let Some(key) = self.property(place) else {
            return Value::List(items);
        };
        let wrap = |item: Value| match item.get(key) {
            Some(_) => item,
            None => Value::Object(vec![(key.to_owned(), item)]),
        };
        Value::List(items.into_iter().map(wrap).collect())
    }

    pub(super) fn single_from(&self, place: usize, value: Value) -> Value {
        let active = self.active(place);
        match item_of(&active, &value) {
            Some(item) => self.chosen_form(item, &value, false),
            None => value,
        }
    }

    /// Several choices from whatever was given: each in the form its choice has.
    pub(super) fn several_from(&self, place: usize, value: Value) -> Value {
        match value {
            Value::List(items) => {
                let shown = &self.status(place).shown;
                let form = |value: Value| match item_of(shown, &value) {
                    Some(item) => self.chosen_form(item, &value, true),
                    None => value,
                };
                Value::List(items.into_iter().map(form).collect())
            }
            value if !super::super::javascript::is_truthy(&value) => value,
            value => Value::List(vec![self.single_from(place, value)]),
        }
    }

    /// How a chosen item is stored: its value, or an object with the words beside it.
    fn chosen_form(&self, item: &ShownChoice, value: &Value, always: bool) -> Value {
        let words = value.get("comment").cloned().unwrap_or_default();
        let is_commented = item.source == Source::Other
            || self.choice(item).is_some_and(|choice| choice.shows_comment);
        if value.as_object().is_some() && is_commented && (always || !words.is_empty()) {
            let mut chosen = Value::Object(vec![("value".to_owned(), item.value.clone())]);
            if !words.is_empty() {
                chosen.set("comment", words);
            }
            return chosen;
        }
        item.value.clone()
    }

    /// The answer as its choices show it.
    pub(super) fn rendered_from(&mut self, place: usize, value: Value) -> Value {
        let mut value = value;
        if self.is_several(place)
            && let Value::List(items) = &value
        {
            value = Value::List(items.iter().map(|item| self.bare(place, item)).collect());
        }
        if let Some(inner) = value.get("value").filter(|inner| !inner.is_empty())
            && item_of(&self.status(place).shown, inner).is_some()
        {
            value = inner.clone();
        }
        let has_other = self
            .choices_of(place)
            .is_some_and(|choices| choices.other.is_some());
        if self.keeps_other_beside(place) || !has_other {
            return value;
        }
        if self.is_several(place) {
            return self.several_with_other(place, value);
        }
        if !self.has_unknown(place, &value, true, false, false) {
            return self.single_from(place, value);
        }
        self.take_other(place, &value);
        Value::from(OTHER)
    }

    fn several_with_other(&mut self, place: usize, value: Value) -> Value {
        let items = match value {
            Value::List(items) => items,
            _ => Vec::new(),
        };
        let mut items = items;
        if self.has_own_shown(place) && !items.iter().any(|item| item.as_text() == Some(OTHER)) {
            let unknown = items
                .iter()
                .position(|item| self.is_unknown(place, item, true, false, false));
            if let Some(at) = unknown
                && let Some(item) = items.get_mut(at)
            {
                let words = std::mem::replace(item, Value::from(OTHER));
                self.take_other(place, &words);
            }
        }
        Value::List(items)
    }

    /// Whether a choice is shown that is no special one.
    fn has_own_shown(&self, place: usize) -> bool {
        self.status(place)
            .shown
            .iter()
            .any(|item| !item.source.is_special())
    }

    fn take_other(&mut self, place: usize, words: &Value) {
        let words = text_of_value(words);
        self.change(place, |status| status.other = words);
    }

    /// Whether the words for "other" are stored beside the answer.
    pub(super) fn keeps_other_beside(&self, place: usize) -> bool {
        let Some(question) = self.definition.questions.get(place) else {
            return true;
        };
        let Some(choices) = question.kind.choices() else {
            return true;
        };
        if question.comment.is_some() || self.wraps_values(place) {
            return false;
        }
        choices.choices.iter().any(|choice| choice.shows_comment)
            || choices.stores_other.unwrap_or(self.definition.stores_other)
    }

    pub(super) fn is_other_chosen(&self, place: usize) -> bool {
        self.choices_of(place)
            .is_some_and(|choices| choices.other.is_some())
            && is_other(&self.status(place).rendered)
    }

    /// The words for "other".
    pub(super) fn other_words(&self, place: usize) -> &str {
        let status = self.status(place);
        if !self.keeps_other_beside(place) || !status.other.is_empty() {
            &status.other
        } else {
            &status.words
        }
    }

    /// Sets the words for "other" where they are stored in place of the answer.
    pub(super) fn set_other(&mut self, place: usize, words: &str) {
        if self.status(place).other == words {
            return;
        }
        self.change(place, |status| {
            status.had_other = !status.other.is_empty();
            words.clone_into(&mut status.other);
        });
        let rendered = self.status(place).rendered.clone();
        let question = self.definition.questions.get(place);
        let is_in_place = question.is_none_or(|question| question.comment.is_none());
        let word = Value::from(words);
        let stands_in = |item: &Value| {
            if item.as_text() == Some(OTHER) && !words.trim().is_empty() && is_in_place {
                word.clone()
            } else {
                item.clone()
            }
        };
        let value = match &rendered {
            Value::List(items) => {
                let items = items
                    .iter()
                    .map(stands_in)
                    .map(|item| self.wrap(place, item));
                Value::List(items.collect())
            }
            single => stands_in(single),
        };
        self.set_value(place, value);
    }

    /// Puts "other" in place of the first value that is no choice; gives the value as the words for it.
    pub(super) fn with_other_in_place(&self, place: usize, value: Value) -> (Value, String) {
        match value {
            Value::List(mut items) if self.is_several(place) => {
                let unknown = items
                    .iter()
                    .position(|item| self.is_unknown(place, item, false, false, false));
                let Some(item) = unknown.and_then(|at| items.get_mut(at)) else {
                    return (Value::List(items), String::new());
                };
                let words = text_of_value(item);
                *item = self.wrap(place, Value::from(OTHER));
                (Value::List(items), words)
            }
            value => {
                let words = text_of_value(&value);
                (Value::from(OTHER), words)
            }
        }
    }

    /// A default that is no choice becomes "other", with the value as its words.
    pub(super) fn set_unknown_default(&mut self, place: usize, value: Value) {
        let (mut words, mut chosen) = (Value::Null, Vec::new());
        match &value {
            Value::List(items) if self.is_several(place) && !self.has_own_shown(place) => {
                let old = items.iter().map(|item| self.bare(place, item)).collect();
                self.set_value(place, value);
                return self.change(place, |status| status.hidden_old = old);
            }
            Value::List(items) if self.is_several(place) => {
                for item in items {
                    let bare = self.bare(place, item);
                    if !self.has_unknown(place, &bare, false, true, false) {
                        chosen.push(bare);
                    } else if words == Value::Null {
                        words = bare;
                        chosen.push(Value::from(OTHER));
                    }
                }
                self.set_value(place, Value::List(chosen));
            }
            _ => {
                words = value;
                self.set_value(place, Value::from(OTHER));
            }
        }
        let words = text_of_value(&words);
        if self.keeps_other_beside(place) {
            self.set_words(place, words);
        } else {
            self.set_other(place, &words);
        }
    }

    /// The choices before their conditions: the question's own, or those of another.
    pub(super) fn active(&self, place: usize) -> Vec<ShownChoice> {
        let Some(choices) = self.choices_of(place) else {
            return Vec::new();
        };
        if let Some(from) = &choices.from
            && let Some(source) = self.carried_from(place, from)
        {
            return self.carried(source, from, choices);
        }
        self.own_choices(place)
    }

    fn own_choices(&self, place: usize) -> Vec<ShownChoice> {
        let Some(choices) = self.choices_of(place) else {
            return Vec::new();
        };
        let status = self.status(place);
        let own = choices
            .choices
            .iter()
            .enumerate()
            .map(|(at, choice)| ShownChoice {
                value: choice.value.clone(),
                source: Source::Choice(place, at),
                is_enabled: status
                    .choices
                    .get(at)
                    .is_none_or(|&(_, is_enabled)| is_enabled),
            });
        own.collect()
    }

    fn carried_from(&self, place: usize, from: &CarryForward) -> Option<usize> {
        let question = self.definition.question(&from.question)?;
        (question.place != place && question.kind.choices().is_some()).then_some(question.place)
    }

    fn carried(&self, source: usize, from: &CarryForward, choices: &Choices) -> Vec<ShownChoice> {
        let wanted = match from.mode {
            CarryMode::All => None,
            CarryMode::Selected => Some(true),
            CarryMode::Unselected => Some(false),
        };
        let shown = self.status(source).shown.iter();
        let fits = |item: &&ShownChoice| {
            !item.source.is_special()
                && wanted.is_none_or(|wanted| self.is_chosen(source, item) == wanted)
        };
        let enabled = |item: &ShownChoice| ShownChoice {
            is_enabled: true,
            ..item.clone()
        };
        let mut carried: Vec<ShownChoice> = shown.filter(fits).map(enabled).collect();
        if from.mode == CarryMode::Selected
            && choices.other.is_none()
            && self.is_other_chosen(source)
            && !self.other_words(source).is_empty()
        {
            carried.push(ShownChoice {
                value: Value::from(OTHER),
                source: Source::Words(source),
                is_enabled: true,
            });
        }
        carried
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

    /// Whether a value, or one of several, is no choice.
    pub(super) fn has_unknown(
        &self,
        place: usize,
        value: &Value,
        allows_other: bool,
        is_filtered: bool,
        checks_empty: bool,
    ) -> bool {
        let is_unknown =
            |value: &Value| self.is_unknown(place, value, allows_other, is_filtered, checks_empty);
        match value {
            Value::List(items) => items.iter().any(is_unknown),
            value => is_unknown(value),
        }
    }

    pub(super) fn is_unknown(
        &self,
        place: usize,
        value: &Value,
        allows_other: bool,
        is_filtered: bool,
        checks_empty: bool,
    ) -> bool {
        let value = self.bare(place, value);
        if !checks_empty && is_blank(&value) || allows_other && is_other(&value) {
            return false;
        }
        if !self.is_no_choice_of(place, &value, is_filtered) {
            return false;
        }
        // Another question that shares the answer may have the choice.
        let Some(question) = self.definition.questions.get(place) else {
            return true;
        };
        let Some(name) = &question.value_name else {
            return true;
        };
        !self.places_of_value(name).into_iter().any(|other| {
            other != place
                && self.has_choices(other)
                && !self.is_no_choice_of(other, &value, is_filtered)
        })
    }

    fn is_no_choice_of(&self, place: usize, value: &Value, is_filtered: bool) -> bool {
        let Some(choices) = self.choices_of(place) else {
            return true;
        };
        let is = |special: &str, shown: bool| shown && value.as_text() == Some(special);
        if is(NONE, choices.none.is_some())
            || is(REFUSED, choices.refused.is_some())
            || is(DONT_KNOW, choices.dont_know.is_some())
        {
            return false;
        }
        match &self.status(place).filtered {
            Some(filtered) if is_filtered => item_of(filtered, value).is_none(),
            _ => item_of(&self.active(place), value).is_none(),
        }
    }

    /// An exclusive choice stands alone: the one chosen last wins.
    pub(super) fn without_exclusive(&self, place: usize, old: &Value, new: Value) -> Value {
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

    pub(super) fn is_exclusive(&self, item: &ShownChoice) -> bool {
        match item.source {
            Source::None | Source::Refused | Source::DontKnow => true,
            _ => self.choice(item).is_some_and(|choice| choice.is_exclusive),
        }
    }

    /// Evaluates the conditions of a question's choices.
    pub(super) fn run_choices(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        let Some(choices) = question.kind.choices() else {
            return;
        };
        // Most are: nothing that is answered changes them.
        if choices.is_unconditional() {
            return;
        }
        self.run_enabled(place);
        let active = self.active(place);
        let is_carried = !matches!(active.first(), Some(ShownChoice { source: Source::Choice(of, _), .. }) if *of == place)
            && choices.from.is_some();
        let (mut filtered, mut has_changed) = (Vec::new(), false);
        for item in &active {
            let own = self
                .choice(item)
                .and_then(|choice| choice.visible_if.as_ref());
            let condition = own.or(choices.visible_if.as_ref());
            let is_visible = condition.is_none_or(|condition| {
                condition.is_true(&View {
                    session: self,
                    item: Some(&item.value),
                })
            });
            if is_visible {
                filtered.push(item.clone());
            }
            match item.source {
                Source::Choice(of, at) if of == place => {
                    let before = self.change(place, |status| {
                        status
                            .choices
                            .get_mut(at)
                            .map(|flags| std::mem::replace(&mut flags.0, is_visible))
                    });
                    has_changed |= before != Some(is_visible);
                }
                _ => has_changed |= !is_visible,
            }
        }
        if is_carried {
            let shown = &self.status(place).shown;
            has_changed |= shown.len() != active.len()
                || shown.iter().zip(&active).any(|(a, b)| a.value != b.value);
        }
        let filtered = (filtered.len() != active.len()).then_some(filtered);
        self.change(place, |status| status.filtered = filtered);
        if has_changed {
            self.refresh_choices(place);
            self.clear_incorrect(place);
        }
    }

    fn run_enabled(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        let Some(choices) = question.kind.choices() else {
            return;
        };
        let is_full = self.is_several(place)
            && choices.max_selected.is_some_and(|max| {
                self.status(place).value.as_list().map_or(0, <[Value]>::len) >= max
            });
        for item in self.active(place) {
            let own = self
                .choice(&item)
                .and_then(|choice| choice.enable_if.as_ref());
            let condition = own.or(choices.enable_if.as_ref());
            let is_enabled = condition.is_none_or(|condition| {
                condition.is_true(&View {
                    session: self,
                    item: Some(&item.value),
                })
            }) && (!is_full || self.is_chosen(place, &item));
            if let Source::Choice(of, at) = item.source
                && of == place
            {
                self.change(place, |status| {
                    if let Some(flags) = status.choices.get_mut(at) {
                        flags.1 = is_enabled;
                    }
                    for shown in &mut status.shown {
                        if shown.source == item.source {
                            shown.is_enabled = is_enabled;
                        }
                    }
                });
            }
        }
        let is_other_disabled = is_full && !self.is_other_chosen(place);
        let all_enabled = self.can_choose_all(place, choices);
        self.change(place, |status| {
            status.is_other_disabled = is_other_disabled;
            for shown in &mut status.shown {
                match shown.source {
                    Source::Other => shown.is_enabled = !is_other_disabled,
                    Source::All => shown.is_enabled = all_enabled,
                    _ => {}
                }
            }
        });
    }

    fn can_choose_all(&self, place: usize, choices: &Choices) -> bool {
        let shown = self.status(place).shown.iter();
        let count = shown
            .filter(|item| item.is_enabled && !item.source.is_special() && !self.is_exclusive(item))
            .count();
        count > 0 && choices.max_selected.is_none_or(|max| max >= count)
    }

    /// Works out anew which choices are shown.
    pub(super) fn refresh_choices(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        let Some(choices) = question.kind.choices() else {
            return;
        };
        let mut shown = match &self.status(place).filtered {
            Some(filtered) => filtered.clone(),
            None => self.active(place),
        };
        match choices.order {
            Order::Written => {}
            Order::Random => {
                let chance = (self.environment.chance)();
                // By the value, so that a choice that goes and comes back stands where it stood.
                shown.sort_by_key(|item| drawn(chance, &question.name, &item.value));
            }
            Order::Ascending => shown.sort_by(|a, b| self.compare(a, b)),
            Order::Descending => shown.sort_by(|a, b| self.compare(b, a)),
        }
        self.add_special(place, &mut shown);
        let has_changed = self.status(place).shown != shown;
        self.change(place, |status| status.shown = shown);
        let all_enabled = self.can_choose_all(place, choices);
        self.change(place, |status| {
            for item in &mut status.shown {
                if item.source == Source::All {
                    item.is_enabled = all_enabled;
                }
            }
        });
        if is_other(&self.status(place).rendered) {
            let value = self.status(place).value.clone();
            let rendered = self.rendered_from(place, value);
            self.change(place, |status| status.rendered = rendered);
        }
        self.visibility_changed(place);
        self.update_dependents(place);
        self.rank_anew(place, has_changed);
    }

    /// The question's own choices and the special ones, before any rule.
    pub(super) fn offered(&self, place: usize) -> Vec<ShownChoice> {
        let mut shown = self.own_choices(place);
        self.add_special(place, &mut shown);
        shown
    }

    fn add_special(&self, place: usize, shown: &mut Vec<ShownChoice>) {
        let Some(choices) = self.choices_of(place) else {
            return;
        };
        let special = |source, value: &str| ShownChoice {
            value: Value::from(value),
            source,
            is_enabled: true,
        };
        if choices.all.is_some() && self.is_several(place) {
            shown.insert(0, special(Source::All, ""));
        }
        if choices.none.is_some() {
            shown.push(special(Source::None, NONE));
        }
        if choices.refused.is_some() {
            shown.push(special(Source::Refused, REFUSED));
        }
        if choices.dont_know.is_some() {
            shown.push(special(Source::DontKnow, DONT_KNOW));
        }
        if choices.other.is_some() {
            let mut other = special(Source::Other, OTHER);
            other.is_enabled = !self.status(place).is_other_disabled;
            shown.push(other);
        }
    }

    fn compare(&self, left: &ShownChoice, right: &ShownChoice) -> Ordering {
        self.text_of_choice(left).cmp(&self.text_of_choice(right))
    }

    /// Questions whose choices come from this one follow it.
    pub(super) fn update_dependents(&mut self, place: usize) {
        if !self.has_choices(place) || self.status(place).is_updating_dependents {
            return;
        }
        let Some(question) = self.question(place) else {
            return;
        };
        let definition = std::sync::Arc::clone(&self.definition);
        self.change(place, |status| status.is_updating_dependents = true);
        for dependent in definition.questions() {
            let from = dependent
                .kind
                .choices()
                .and_then(|choices| choices.from.as_ref());
            if from.is_some_and(|from| from.question == question.name) && dependent.place != place {
                self.refresh_choices(dependent.place);
                self.clear_incorrect(dependent.place);
            }
        }
        self.change(place, |status| status.is_updating_dependents = false);
    }

    /// A ranking begins anew when its choices change; one with a single choice is answered by it.
    fn rank_anew(&mut self, place: usize, has_changed: bool) {
        let Some(question) = self.question(place) else {
            return;
        };
        let Kind::Ranking(choices) = &question.kind else {
            return;
        };
        if choices.selects_to_rank {
            return;
        }
        if has_changed && !super::super::javascript::is_truthy(&question.default) {
            self.set_value(place, Value::List(Vec::new()));
        }
        if let [only] = self.status(place).shown.as_slice() {
            let only = only.value.clone();
            self.set_value(place, Value::List(Vec::new()));
            self.change(place, |status| {
                status.value = Value::List(vec![only.clone()]);
                status.rendered = Value::List(vec![only]);
            });
            return;
        }
        self.keep_ranking_whole(place);
    }

    /// A ranking that was begun has every choice that is shown, and no other.
    pub(super) fn keep_ranking_whole(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        let Kind::Ranking(choices) = &question.kind else {
            return;
        };
        if choices.selects_to_rank || is_blank(&self.status(place).value) {
            return;
        }
        let status = self.status(place);
        let shown: Vec<&Value> = status.shown.iter().map(|item| &item.value).collect();
        let mut ranked: Vec<Value> = Vec::new();
        let given = status.value.as_list().unwrap_or_default().iter();
        for value in given
            .filter(|value| shown.iter().any(|item| are_alike(item, value)))
            .chain(shown.iter().copied())
        {
            if !ranked.contains(value) {
                ranked.push(value.clone());
            }
        }
        let ranked = Value::List(ranked);
        if !is_same(&status.value, &ranked) {
            self.set_value(place, ranked);
        }
    }

    /// Takes back what is no choice any more; what comes back with its choice is kept aside.
    pub(super) fn clear_incorrect(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        match &question.kind {
            Kind::Rating(rating) => {
                let value = &self.status(place).value;
                if !is_blank(value)
                    && !rating
                        .values
                        .iter()
                        .any(|point| are_alike(&point.value, value))
                {
                    self.clear_value(place, true);
                }
            }
            Kind::Matrix(_) => self.clear_incorrect_rows(place, true),
            kind => {
                let Some(choices) = kind.choices() else {
                    return;
                };
                if choices.allows_custom
                    || choices.keeps_incorrect
                    || self.places_of_value(question.value_name()).len() > 1
                {
                    return;
                }
                let status = self.status(place);
                if is_blank(&status.value) && status.hidden_old.is_empty() {
                    return;
                }
                if self.is_several(place) {
                    self.clear_incorrect_items(place, question.comment.is_some());
                } else if kind.is_multiple() {
                    self.clear_incorrect_pictures(place);
                } else if self.can_clear(place, &self.status(place).value.clone()) {
                    self.clear_value(place, true);
                }
            }
        }
    }

    fn can_clear(&self, place: usize, value: &Value) -> bool {
        (self.keeps_other_beside(place) || !self.is_other_chosen(place))
            && self.has_unknown(place, value, true, true, true)
    }

    fn clear_incorrect_pictures(&mut self, place: usize) {
        let value = self.status(place).value.clone();
        let Some(items) = value.as_list() else {
            return self.clear_value(place, true);
        };
        let known = items
            .iter()
            .filter(|item| !self.has_unknown(place, item, true, true, false));
        let known: Vec<Value> = known.cloned().collect();
        if known.is_empty() {
            self.clear_value(place, true);
        } else if known.len() < items.len() {
            self.set_value(place, Value::List(known));
        }
    }

    fn clear_incorrect_items(&mut self, place: usize, has_comment: bool) {
        let restored = self.restored(place);
        let value = self.status(place).value.clone();
        if value == Value::Null && restored.is_empty() {
            return;
        }
        let items = value.as_list().unwrap_or_default().to_vec();
        if items.is_empty() {
            self.change(place, |status| status.is_clearing = true);
            if has_comment {
                self.set_value(place, Value::Null);
            } else {
                self.clear_value(place, true);
            }
            self.change(place, |status| status.is_clearing = false);
            if restored.is_empty() {
                return;
            }
        }
        let (mut kept, mut has_changed) = (Vec::new(), !restored.is_empty());
        for item in items {
            if self.can_clear(place, &self.bare(place, &item)) {
                has_changed = true;
                self.change(place, |status| status.hidden_old.push(item));
            } else {
                kept.push(item);
            }
        }
        kept.extend(restored);
        if !has_changed {
            return;
        }
        self.change(place, |status| status.is_clearing = true);
        if kept.is_empty() {
            self.clear_value(place, true);
        } else {
            self.set_value(place, Value::List(kept));
        }
        self.change(place, |status| status.is_clearing = false);
    }

    fn restored(&mut self, place: usize) -> Vec<Value> {
        let mut restored = Vec::new();
        for item in self.status(place).shown.clone() {
            if item.source == Source::All {
                continue;
            }
            let hidden = &self.status(place).hidden_old;
            if let Some(at) = hidden.iter().position(|old| are_alike(old, &item.value)) {
                if !self.is_chosen(place, &item) {
                    restored.push(item.value.clone());
                }
                self.change(place, |status| drop(status.hidden_old.remove(at)));
            }
        }
        restored
    }
}

fn item_of<'a>(items: &'a [ShownChoice], value: &Value) -> Option<&'a ShownChoice> {
    let inner = value.get("value").filter(|inner| !inner.is_empty());
    let value = inner.unwrap_or(value);
    items
        .iter()
        .find(|item| value.is_empty() && item.value.is_empty() || are_alike(&item.value, value))
}
