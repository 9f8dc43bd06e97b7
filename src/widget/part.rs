//! Parts that are loaded when they are needed: a survey that is only looked at does not pay for them.
//!
//! A part shows that it is loading, and what to do if it could not be loaded.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::delivery::{self, Opened, Opening};
use super::dom::{El, el, texted};
use super::form::Form;
use super::question::{Asked, fields};
use crate::messages::Message;

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
/// Opens the queue for a survey.
type Open = fn(Opening) -> Pin<Box<dyn Future<Output = Opened>>>;

/// The question kinds that few surveys have: dropdown, text, boolean, stars and faces.
#[wasm_split(fields, wasm_split_path = leptos::wasm_split, fallible)]
fn load_fields() -> Result<QuestionView, PartMissing> {
    Ok(fields::view)
}

/// Saving, sending and the end of the survey.
#[wasm_split(delivery, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn load_delivery() -> Result<Open, PartMissing> {
    Ok(delivery::open)
}

/// A question whose kind is in the part `fields`.
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
        let loaded = load_fields().await;
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
