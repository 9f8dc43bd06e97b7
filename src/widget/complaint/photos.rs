//! Photos beside a complaint: taken or chosen, made small on the device, shown, and taken away again.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::super::client::Client;
use super::super::dom::{El, el};
use super::super::photo::{address, forget, small};
use super::{Desk, js, new_id};
use crate::api::limits;
use crate::messages::CaseText;

/// The photos of a complaint that is being written: objects with an `id`, a `blob` and the `url`
/// that this page shows it under, as the queue keeps them.
#[derive(Clone, Default)]
pub(super) struct Photos(Rc<RefCell<Vec<JsValue>>>);

impl Photos {
    /// The list as the queue keeps it.
    pub(super) fn list(&self) -> Array {
        self.0.borrow().iter().collect()
    }

    /// The field: a button, what was chosen, and what is wrong.
    pub(super) fn field(&self, desk: &Desk) -> El {
        let list = el("ul").class("photos");
        let error = el("p")
            .class("error")
            .attr("role", "alert")
            .attr("data-photo-error", "");
        self.draw(desk, &list);
        let input = el("input")
            .class("native")
            .attr("type", "file")
            .attr("accept", "image/*")
            .attr("multiple", "")
            .attr("aria-describedby", "photos-hint")
            .attr("data-field", "photos");
        let (photos, shown, of, failed) = (self.clone(), list.clone(), desk.clone(), error.clone());
        let input = input.on("change", move |event| {
            let target = event.target().map(JsValue::from).unwrap_or_default();
            let files = Array::from(&js::get(&target, "files"));
            // The same file can be chosen again after it was taken away.
            let (photos, shown, desk, error) =
                (photos.clone(), shown.clone(), of.clone(), failed.clone());
            error.clear();
            spawn_local(async move {
                for file in files.iter() {
                    if photos.0.borrow().len() >= limits::PHOTOS {
                        break;
                    }
                    let small = small(&file).await;
                    if desk.language.is_disposed() {
                        return;
                    }
                    match small {
                        Ok(blob) => photos.add(&blob),
                        Err(_) => {
                            let text = desk.text(CaseText::PhotoFailed);
                            error.clone().text(&text);
                        }
                    }
                    photos.draw(&desk, &shown);
                }
                js::set(&target, "value", &"".into());
            });
        });
        let words = desk.texted("span", "quiet add", CaseText::AddPhotos);
        let of = desk.clone();
        let count = limits::PHOTOS.to_string();
        let hint = el("p")
            .class("hint")
            .attr("id", "photos-hint")
            .bind_text(move || of.fill(CaseText::PhotosHint, "count", &count));
        let legend = desk.texted("legend", "title", CaseText::PhotosHeading);
        el("fieldset")
            .class("question group")
            .child(legend)
            .child(hint)
            .child(list)
            .child(el("label").class("adding").child(input).child(words))
            .child(error)
    }

    fn add(&self, blob: &JsValue) {
        let photo = Object::new();
        js::set(&photo, "id", &new_id().into());
        js::set(&photo, "blob", blob);
        js::set(&photo, "url", &address(blob).into());
        self.0.borrow_mut().push(photo.into());
    }

    /// Shows what was chosen, each with a button that takes it away.
    fn draw(&self, desk: &Desk, list: &El) {
        let photos = self.0.borrow().clone();
        let items = photos.iter().enumerate().map(|(place, photo)| {
            let address = js::get(photo, "url").as_string().unwrap_or_default();
            let number = (place + 1).to_string();
            let of = desk.clone();
            let picture = el("img")
                .attr("src", &address)
                .bind_attr("alt", move || Some(of.text(CaseText::PhotoLabel)));
            let (of, shown_number) = (desk.clone(), number.clone());
            let (photos, desk, list) = (self.clone(), desk.clone(), list.clone());
            let remove = el("button")
                .class("quiet")
                .attr("type", "button")
                .attr("data-act", "remove-photo")
                .text("\u{d7}")
                .bind_attr("aria-label", move || {
                    Some(of.fill(CaseText::RemovePhoto, "number", &shown_number))
                })
                .on("click", move |_| {
                    forget(&address);
                    let mut known = photos.0.borrow_mut();
                    if place < known.len() {
                        known.remove(place);
                    }
                    drop(known);
                    photos.draw(&desk, &list);
                });
            el("li").child(picture).child(remove)
        });
        let items: Vec<El> = desk.shown.owner().with(|| items.collect());
        list.show(items);
    }
}

/// A photo of the case as an address that only this page knows; it is there once the endpoint has answered.
pub(super) fn of_case(desk: &Desk, number: &str, secret: &str, id: &str) -> El {
    let of = desk.clone();
    let picture = el("img")
        .class("photo")
        .attr("data-photo", id)
        .bind_attr("alt", move || Some(of.text(CaseText::PhotoLabel)));
    let client: Client = desk.settings.client.clone();
    let (number, secret, id) = (number.to_owned(), secret.to_owned(), id.to_owned());
    let (language, shown) = (desk.language, picture.clone());
    spawn_local(async move {
        if let Ok(blob) = client.photo(&number, &secret, &id).await
            && !language.is_disposed()
        {
            shown.attr("src", &address(&blob));
        }
    });
    picture
}
