//! The conditions of choices: `visibleIf` and `enableIf` of each, and those for all.

use super::super::super::value::Value;
use super::super::Session;
use super::super::scope::View;
use super::{ShownChoice, Source};

impl Session {
    /// Evaluates the conditions of a question's choices.
    pub(in super::super) fn run_choices(&mut self, place: usize) {
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
}
