//! Choices carried forward from another question: `choicesFromQuestion`.

use super::super::super::definition::{CarryForward, CarryMode, Choices, OTHER};
use super::super::super::value::Value;
use super::super::Session;
use super::{ShownChoice, Source};

impl Session {
    pub(super) fn carried_from(&self, place: usize, from: &CarryForward) -> Option<usize> {
        let question = self.definition.question(&from.question)?;
        (question.place != place && question.kind.choices().is_some()).then_some(question.place)
    }

    pub(super) fn carried(
        &self,
        source: usize,
        from: &CarryForward,
        choices: &Choices,
    ) -> Vec<ShownChoice> {
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

    /// Questions whose choices come from this one follow it.
    pub(in super::super) fn update_dependents(&mut self, place: usize) {
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
}
