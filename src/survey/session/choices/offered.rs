//! Which choices are offered, and in which order: the question's own, those carried forward, and the special ones.

use std::cmp::Ordering;

use super::super::super::definition::{DONT_KNOW, NONE, OTHER, Order, REFUSED};
use super::super::super::javascript::{compare_texts, number_of_text};
use super::super::super::value::Value;
use super::super::Session;
use super::super::order::drawn;
use super::super::sameness::is_other;
use super::{ShownChoice, Source};

impl Session {
    /// The choices before their conditions: the question's own, or those of another.
    pub(in super::super) fn active(&self, place: usize) -> Vec<ShownChoice> {
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

    /// Works out anew which choices are shown.
    pub(in super::super) fn refresh_choices(&mut self, place: usize) {
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
        // Asked for only where it is needed: a device that has none yet keeps it from then on. By the value, so that a choice
        // that goes and comes back stands where it stood.
        let is_random = choices.order == Order::Random;
        let chance = if is_random {
            (self.environment.chance)()
        } else {
            0
        };
        let lot = |item: &ShownChoice| drawn(chance, &question.name, &item.value);
        if choices.order != Order::Written {
            shown.sort_by(|a, b| match choices.order {
                Order::Random => lot(a).cmp(&lot(b)),
                Order::Descending => self.compare(b, a),
                _ => self.compare(a, b),
            });
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
    pub(in super::super) fn offered(&self, place: usize) -> Vec<ShownChoice> {
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
        in_order(&self.text_of_choice(left), &self.text_of_choice(right))
    }
}

/// The order of two texts, by their first numbers where all before those is the same: `Helpers.compareStrings`.
fn in_order(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim(), right.trim());
    let same = left.bytes().zip(right.bytes());
    let same = same.take_while(|&(one, other)| one == other && !one.is_ascii_digit());
    let at = same.count();
    let number = |text: &str| {
        let rest = text.get(at..).unwrap_or_default();
        let end = rest.find(|letter: char| !letter.is_ascii_digit());
        number_of_text(rest.get(..end.unwrap_or(rest.len()))?)
    };
    match (number(left), number(right)) {
        (Some(left), Some(right)) if left != right => left.total_cmp(&right),
        _ => compare_texts(left, right),
    }
}
