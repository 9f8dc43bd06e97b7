//! Pages that go on by themselves, where the survey says so, and their buttons where it wants none.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::super::dom::{El, Timer, bind};
use super::super::form::Form;
use super::super::question::style;
use crate::survey::definition::Kind;
use crate::survey::{Question, Session};

/// So long a page shows what was chosen.
const AFTER_MS: u32 = 250;

/// Buttons that are left out are there for whoever comes by keyboard, and come back when the page has had the time to go on.
const CSS: &str = "\
.actions{transition:opacity 0s 400ms}\
.actions.unasked:not(:focus-within){opacity:0;transition:none}";

/// A page with one question goes on when a real pointer has chosen; keyboards and switches arrive as clicks, too, and
/// must be able to look at every point.
pub(super) fn watch(form: Form, element: El, go_on: Rc<dyn Fn()>) {
    leave_buttons_out(form, &element);
    let was_pointer = Rc::new(Cell::new(false));
    let (pointed, typed) = (was_pointer.clone(), was_pointer.clone());
    let element = element.on("pointerup", move |_| pointed.set(true));
    element.on("keydown", move |_| typed.set(false));
    let timer = Timer::default();
    bind(Box::new(move || {
        let is_answered = form.answered.get() > 0;
        let may_go = form
            .session
            .with_untracked(|session| leading_on(session).is_some());
        if is_answered && may_go && was_pointer.replace(false) {
            let go_on = go_on.clone();
            timer.start(AFTER_MS, Box::new(move || go_on()));
        }
    }));
}

/// The question whose answer leads to the next page.
fn leading_on(session: &Session) -> Option<&Question> {
    let mut questions = session.questions();
    let first = questions.next()?;
    let is_choice = matches!(first.kind, Kind::Rating(_) | Kind::Radiogroup(_));
    let leads_on = is_choice && questions.next().is_none() && !session.is_last_page();
    leads_on.then_some(first)
}

/// Leaves the buttons out of a page whose author wants none, as long as nothing but an answer leads on: an answer that may be
/// left out needs a way past it, and one that was given already is not chosen again.
fn leave_buttons_out(form: Form, element: &El) {
    let any = |session: &Session| !session.definition().without_buttons.is_empty();
    let Some(bar) = element.find(".actions").filter(|_| form.look(any)) else {
        return;
    };
    style::adopt(&bar, "advance", CSS);
    bar.bind_attr("class", move || {
        form.turned.get();
        let is_unasked = form.look(|session| {
            let (here, _) = session.listed_pages();
            let is_without =
                here.is_some_and(|here| session.definition().without_buttons.contains(&here));
            is_without
                && leading_on(session)
                    .is_some_and(|of| session.is_required(of) && session.own_answer(of).is_empty())
        });
        Some(
            if is_unasked {
                "actions unasked"
            } else {
                "actions"
            }
            .to_owned(),
        )
    });
}
