//! Parts that are loaded when they are needed: a plain satisfaction survey does not pay for them.
//!
//! A part shows that it is loading, and what to do if it could not be loaded.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::dom::{El, el, texted};
use super::form::Form;
use super::question::{Asked, fields};
use crate::messages::Message;

/// Why a part is not there: it could not be loaded.
#[derive(Clone, Copy, Debug)]
struct PartMissing;

impl From<SplitLoaderError> for PartMissing {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

#[derive(Clone, Copy)]
enum PartState {
    Loading,
    Failed,
    Ready(fn(Form, &Asked) -> Vec<El>),
}

/// The question kinds that few surveys have: dropdown, text, boolean, stars and faces.
#[wasm_split(fields, wasm_split_path = leptos::wasm_split, fallible)]
fn load_fields() -> Result<fn(Form, &Asked) -> Vec<El>, PartMissing> {
    Ok(fields::view)
}

/// A question whose kind is in the part `fields`.
pub(super) fn lazy_question(form: Form, asked: &Asked) -> Vec<El> {
    let state = RwSignal::new(PartState::Loading);
    let load = move || {
        state.set(PartState::Loading);
        spawn_local(async move {
            // The widget may be gone when the part arrives.
            state.try_set(
                load_fields()
                    .await
                    .map_or(PartState::Failed, PartState::Ready),
            );
        });
    };
    load();
    let asked = asked.clone();
    let view = move || match state.get() {
        PartState::Ready(view) => view(form, &asked),
        PartState::Loading => {
            let loading = texted("p", "part", move || form.text(Message::PartLoading));
            vec![loading.attr("data-part", "loading").attr("role", "status")]
        }
        PartState::Failed => {
            let failed = texted("p", "", move || form.text(Message::PartFailed));
            let retry = texted("button", "quiet", move || form.text(Message::TryAgain))
                .attr("type", "button");
            let retry = retry.attr("data-act", "retry").on("click", move |_| load());
            vec![
                el("div")
                    .class("part")
                    .attr("data-part", "failed")
                    .attr("role", "alert")
                    .child(failed)
                    .child(retry),
            ]
        }
    };
    vec![el("div").bind_children(view)]
}
