//! How a session begins: on its first page before any rule, and with the rules applied.

use std::sync::Arc;

use super::super::definition::{COMMENT_SUFFIX, Definition, Kind};
use super::super::expression::Expression;
use super::{Action, Environment, Run, Session};

impl Session {
    /// A session that shows the first page before any rule was applied; what the respondent does is noted until
    /// [`Session::take_noted`] gives it to one that was opened. For definitions that [open
    /// plain](Definition::opens_plain).
    pub fn before(definition: Arc<Definition>, environment: Environment) -> Self {
        let mut session = Self::blank(definition, environment);
        for place in 0..session.statuses.len() {
            let shown = session.offered(place);
            session.change(place, |status| status.shown = shown);
        }
        session.page = Some(0);
        session
    }

    /// Notes what the respondent does before the session was opened; answers are shown at once.
    pub fn note(&mut self, action: Action) {
        if let Action::Answer(name, answer) = &action {
            let beside = name.strip_suffix(COMMENT_SUFFIX);
            let place_of = |name: &str| self.definition.question(name).map(|of| of.place);
            if let Some(place) = place_of(name) {
                self.change(place, |status| {
                    status.value.clone_from(answer);
                    status.rendered.clone_from(answer);
                });
            } else if let Some(place) = beside.and_then(place_of) {
                let words = answer.as_text().unwrap_or_default().to_owned();
                self.change(place, |status| status.words = words);
            }
            self.answers.set(name, answer.clone());
        }
        self.noted.push(action);
    }

    /// What was noted, in order.
    pub fn take_noted(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.noted)
    }

    /// Whether the survey's rules were applied.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Begins: defaults, then all conditions, then the first page that is visible.
    pub(super) fn load(&mut self) {
        let definition = Arc::clone(&self.definition);
        self.is_open = true;
        self.put_in_order();
        self.watches_properties = definition
            .expressions
            .iter()
            .any(Expression::names_properties);
        self.run.is_loading = true;
        for question in definition.questions() {
            self.refresh_choices(question.place);
            if let Kind::Multipletext(lines) = &question.kind {
                for (at, line) in lines.iter().enumerate() {
                    self.fill_line(question.place, at, line);
                }
            }
            self.fill_default(question.place);
            // A default may lie outside the bounds.
            if let Kind::Text(input) = &question.kind {
                let bounds = self.bounds(input);
                self.change(question.place, |status| status.bounds = bounds);
            }
            self.keep_ranking_whole(question.place);
        }
        if definition.is_joined {
            // Where pages become one, each question is set up anew, and its conditions run before all others.
            self.run.is_joining = true;
            let start = usize::from(definition.has_start_page);
            let asked = definition
                .questions()
                .filter(|question| question.page >= start);
            for question in asked {
                self.fill_default(question.place);
                self.run_question(question.place);
            }
        }
        self.run = Run::default();
        self.refresh_containers();
        if definition.is_joined || definition.is_one_by_one {
            self.go_to_visible();
        }
        self.run_conditions();
        self.announce_to_all("", "");
        self.refresh_containers();
        self.go_to_visible();
    }
}
