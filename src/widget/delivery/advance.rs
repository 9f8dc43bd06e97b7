//! Pages that go on by themselves, where the survey says so.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::super::dom::{El, Timer, bind};
use super::super::form::Form;
use crate::survey::definition::Kind;

/// So long a page shows what was chosen.
const AFTER_MS: u32 = 250;

/// A page with one question goes on when a real pointer has chosen; keyboards and switches arrive as clicks, too, and
/// must be able to look at every point.
pub(super) fn watch(form: Form, element: El, go_on: Rc<dyn Fn()>) {
    let was_pointer = Rc::new(Cell::new(false));
    let (pointed, typed) = (was_pointer.clone(), was_pointer.clone());
    let element = element.on("pointerup", move |_| pointed.set(true));
    element.on("keydown", move |_| typed.set(false));
    let timer = Timer::default();
    bind(Box::new(move || {
        let is_answered = form.answered.get() > 0;
        let may_go = form.session.with_untracked(|session| {
            let mut questions = session.questions();
            let is_choice = questions
                .next()
                .is_some_and(|of| matches!(of.kind, Kind::Rating(_) | Kind::Radiogroup(_)));
            is_choice && questions.next().is_none() && !session.is_last_page()
        });
        if is_answered && may_go && was_pointer.replace(false) {
            let go_on = go_on.clone();
            timer.start(AFTER_MS, Box::new(move || go_on()));
        }
    }));
}
