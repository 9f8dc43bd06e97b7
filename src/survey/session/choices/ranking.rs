//! What a ranking keeps to: every choice that is shown, each once.

use super::super::super::definition::Kind;
use super::super::super::javascript::is_truthy;
use super::super::super::value::Value;
use super::super::Session;
use super::super::sameness::{are_alike, is_blank, is_same};

impl Session {
    /// A ranking begins anew when its choices change; one with a single choice is answered by it.
    pub(super) fn rank_anew(&mut self, place: usize, has_changed: bool) {
        let Some(question) = self.question(place) else {
            return;
        };
        let Kind::Ranking(choices) = &question.kind else {
            return;
        };
        if choices.selects_to_rank {
            return;
        }
        if has_changed && !is_truthy(&question.default) {
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
    pub(in super::super) fn keep_ranking_whole(&mut self, place: usize) {
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
}
