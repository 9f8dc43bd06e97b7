//! Parts that are loaded when they are needed: a survey that is only looked at does not pay for them.
//!
//! A part shows that it is loading, and what to do if it could not be loaded.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::app::Shown;
use super::chance;
use super::complaint::{self, Way};
use super::delivery::{self, Opened, Opening};
use super::dom::{El, el, texted};
use super::element::Settings;
use super::environment::{Engine, Library};
use super::form::{Form, Language};
use super::page;
use super::question::{
    Asked, choice, display, fields, files, lines, lists, masked, matrix, pictures, ranking, slider,
    words,
};
use crate::messages::Message;
use crate::survey::Session;
use crate::survey::definition::{Definition, InputType, Kind};
use crate::survey::expression::functions;
use crate::survey::markup;

/// A dropdown with more choices than this can be searched.
const LONG_LIST: usize = 15;

/// Why a part is not there: it could not be loaded.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartMissing;

impl From<SplitLoaderError> for PartMissing {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// The view of a question whose kind is in a part.
type QuestionView = fn(Form, &Asked) -> Vec<El>;
/// Shows the complaint form or a case.
type Desk = fn(Shown, Rc<Settings>, RwSignal<Language>, Way);
/// Opens the queue for a survey.
type Open = fn(Opening) -> Pin<Box<dyn Future<Output = Opened>>>;
/// Says that a survey is closed, and sends what waits.
type Close = fn(Shown, Rc<Settings>, RwSignal<Language>);
/// Shows a text with markup in an element.
type Mark = fn(Form, &El, &str);

/// The question kinds that few surveys have: dropdown, text, boolean, stars and faces.
#[wasm_split(fields, wasm_split_path = leptos::wasm_split, fallible)]
fn load_fields() -> Result<QuestionView, PartMissing> {
    Ok(fields::view)
}

/// Saving, sending and the end of the survey.
#[wasm_split(delivery, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn load_delivery() -> Result<(Open, Close), PartMissing> {
    Ok((delivery::open, delivery::closed::show))
}

/// Complaining and following a case.
#[wasm_split(complaint, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn load_complaint() -> Result<Desk, PartMissing> {
    Ok(complaint::open)
}

/// Choices that are picked from a list: tagbox, and dropdowns too long to look through.
#[wasm_split(lists, wasm_split_path = leptos::wasm_split, fallible)]
fn load_lists() -> Result<QuestionView, PartMissing> {
    Ok(lists::view)
}

/// Choices put in order.
#[wasm_split(ranking, wasm_split_path = leptos::wasm_split, fallible)]
fn load_ranking() -> Result<QuestionView, PartMissing> {
    Ok(ranking::view)
}

/// Choices with pictures, and pictures.
#[wasm_split(pictures, wasm_split_path = leptos::wasm_split, fallible)]
fn load_pictures() -> Result<QuestionView, PartMissing> {
    Ok(pictures::view)
}

/// Rows with one choice each.
#[wasm_split(matrix, wasm_split_path = leptos::wasm_split, fallible)]
fn load_matrix() -> Result<QuestionView, PartMissing> {
    Ok(matrix::view)
}

/// Several lines in one question.
#[wasm_split(lines, wasm_split_path = leptos::wasm_split, fallible)]
fn load_lines() -> Result<QuestionView, PartMissing> {
    Ok(lines::view)
}

/// A number or a range on a line.
#[wasm_split(slider, wasm_split_path = leptos::wasm_split, fallible)]
fn load_slider() -> Result<QuestionView, PartMissing> {
    Ok(slider::view)
}

/// Photos.
#[wasm_split(files, wasm_split_path = leptos::wasm_split, fallible)]
fn load_files() -> Result<QuestionView, PartMissing> {
    Ok(files::view)
}

/// A line with a mask over it.
#[wasm_split(masked, wasm_split_path = leptos::wasm_split, fallible)]
fn load_masked() -> Result<QuestionView, PartMissing> {
    Ok(masked::view)
}

/// Words between questions, computed values, and markup.
#[wasm_split(display, wasm_split_path = leptos::wasm_split, fallible)]
fn load_display() -> Result<(QuestionView, Mark), PartMissing> {
    Ok((display::view, display::mark))
}

/// Shows a text with markup in an element as soon as the part for it is there; without the part, as it is written.
fn mark(form: Form, place: El, text: String) {
    spawn_local(async move {
        let loaded = load_display().await;
        if form.session.is_disposed() {
            return;
        }
        match loaded {
            Ok((_, mark)) => mark(form, &place, &text),
            Err(PartMissing) => drop(place.text(&text)),
        }
    });
}

/// What applies a survey's rules.
#[wasm_split(engine, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn load_engine() -> Result<Engine, PartMissing> {
    Ok(Engine {
        read: Definition::of_published,
        open: Session::within,
        plain: markup::plain,
        mark,
        panel: page::panel,
        comment: words::comment_area,
        words: choice::words_beside_choice,
        all: choice::all_input,
        apply: Session::apply,
        pipe: Session::pipe,
        chance: chance::chance,
        violation_text: Form::violation_text,
        focus_first_invalid: page::focus_first_invalid,
        answered: Session::progress_counted,
        order: Session::ordered_elements,
        preview: page::preview,
        steps: page::steps,
        calls_functions: Definition::calls_functions,
    })
}

/// The functions that expressions call.
#[wasm_split(functions, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn load_functions() -> Result<Library, PartMissing> {
    Ok(functions::call)
}

/// The view of a kind, from its part. Boxed: a state for each part in one future was a kilobyte of the first load.
fn load_view(kind: &Kind) -> Pin<Box<dyn Future<Output = Result<QuestionView, PartMissing>>>> {
    match kind {
        Kind::Dropdown(choices) if choices.choices.len() > LONG_LIST => Box::pin(load_lists()),
        Kind::Tagbox(_) => Box::pin(load_lists()),
        Kind::Ranking(_) => Box::pin(load_ranking()),
        Kind::Imagepicker(_) | Kind::Image(_) => Box::pin(load_pictures()),
        Kind::Matrix(_) => Box::pin(load_matrix()),
        Kind::Multipletext(_) => Box::pin(load_lines()),
        Kind::Slider(_) => Box::pin(load_slider()),
        Kind::File(_) => Box::pin(load_files()),
        Kind::Text(of) if of.mask.is_some() => Box::pin(load_masked()),
        Kind::Text(of) if of.input == InputType::Range => Box::pin(load_slider()),
        Kind::Html(_) | Kind::Expression(..) => {
            Box::pin(async { load_display().await.map(|(view, _)| view) })
        }
        _ => Box::pin(load_fields()),
    }
}

/// A question whose kind is in a part.
pub(super) fn lazy_question(form: Form, asked: &Asked) -> Vec<El> {
    let place = el("div");
    let owner = Owner::current().unwrap_or_default();
    load_into(form, Rc::new(asked.clone()), place.clone(), owner);
    vec![place]
}

fn load_into(form: Form, asked: Rc<Asked>, place: El, owner: Owner) {
    let loading = owner.with(|| texted("p", "part", move || form.text(Message::PartLoading)));
    place.show([loading.attr("data-part", "loading").attr("role", "status")]);
    spawn_local(async move {
        let loaded = load_view(&asked.question.kind).await;
        // The page may have been turned before the part arrived.
        if form.session.is_disposed() {
            return;
        }
        let shown = place.clone();
        let view = owner.clone().with(|| match loaded {
            Ok(view) => view(form, &asked),
            Err(PartMissing) => vec![failed(form, move || {
                load_into(form, asked.clone(), place.clone(), owner.clone())
            })],
        });
        shown.show(view);
    });
}

/// Says that a part could not be loaded, and offers another try.
pub(super) fn failed(form: Form, again: impl Fn() + 'static) -> El {
    let why = texted("p", "", move || form.text(Message::PartFailed));
    let retry =
        texted("button", "quiet", move || form.text(Message::TryAgain)).attr("type", "button");
    let retry = retry
        .attr("data-act", "retry")
        .on("click", move |_| again());
    el("div")
        .class("part")
        .attr("data-part", "failed")
        .attr("role", "alert")
        .child(why)
        .child(retry)
}
