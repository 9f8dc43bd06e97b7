//! A field that no person sees, reaches or hears of: a program that fills in every field fills it in, too, and the endpoint holds
//! what it sent out of the figures. Being `hidden` it is not there for keys, for screen readers, or for what a browser fills in.

use js_sys::Object;

use super::dom::{El, el, field_value};
use super::js;

/// The field, which writes into the context of what is sent.
pub(super) fn trap(context: &Object) -> El {
    let context = context.clone();
    el("input")
        .attr("name", "website")
        .attr("hidden", "")
        .attr("autocomplete", "off")
        .on("input", move |event| {
            js::set(&context, "website", &field_value(event).into());
        })
}
