//! Photos as an answer: taken or chosen, made small on the device, shown, and taken away again. A part.
//!
//! The answer is what survey-core stores: a list of `{name, type, content}`. The content is the id under which the queue keeps
//! the photo, and sends it before the sheet that names it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::super::delivery::queue::Queue;
use super::super::dom::{El, bind, el, texted};
use super::super::form::Form;
use super::super::js::{self, new_id};
use super::super::photo::{self, address, forget, small};
use super::{Asked, group, style};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::Kind;
use crate::survey::session::Action;

/// The addresses under which this page shows photos, by their ids.
type Shown = Rc<RefCell<Vec<(String, String)>>>;

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    let Kind::File(files) = &asked.question.kind else {
        return Vec::new();
    };
    let most = files.most;
    let list = el("ul").class("photos");
    style::adopt(&list, "photos", photo::CSS);
    let shown = Shown::default();
    // Counts addresses that came later than the answer: of a draft that was taken up again.
    let arrived = RwSignal::new(0_u32);
    let (of, place, known) = (asked.clone(), list.clone(), shown.clone());
    bind(Box::new(move || {
        arrived.get();
        let answer = form.look(|session| session.own_answer(&of.question).clone());
        let photos = answer.as_list().unwrap_or_default().iter();
        let items = photos.map(|photo| item(form, &of, photo, &known, arrived));
        place.show(items.collect::<Vec<_>>());
    }));
    let error = el("p")
        .class("error")
        .attr("role", "alert")
        .attr("data-photo-error", "");
    let input = el("input")
        .class("native")
        .attr("type", "file")
        .attr("accept", &files.accept)
        .attr("id", &asked.id("field"))
        .attr("aria-describedby", &asked.ids(&["hint", "photos", "error"]))
        .attr("data-field", "photos");
    let input = if most > 1 {
        input.attr("multiple", "")
    } else {
        input
    };
    let locked = asked.question.clone();
    let input = input.bind_flag("disabled", move || {
        form.look(|session| session.is_read_only(&locked))
    });
    let (of, failed) = (asked.clone(), error.clone());
    let input = input.on("change", move |event| {
        let target = event.target().map(JsValue::from).unwrap_or_default();
        let chosen = Array::from(&js::get(&target, "files"));
        let (of, failed, shown) = (of.clone(), failed.clone(), shown.clone());
        failed.clear();
        spawn_local(async move {
            for file in chosen.iter() {
                let Ok(blob) = small(&file).await else {
                    if !form.session.is_disposed() {
                        failed.clone().text(&form.text(Message::PhotoFailed));
                    }
                    continue;
                };
                let id = new_id();
                Queue::open().await.keep_photo(&id, &blob).await;
                if form.session.is_disposed() {
                    return;
                }
                shown.borrow_mut().push((id.clone(), address(&blob)));
                add(form, &of, most, &name_of(&file), &id);
            }
            // The same file can be chosen again after it was taken away.
            js::set(&target, "value", &"".into());
        });
    });
    let words = texted("span", "quiet add", move || form.text(Message::AddPhotos));
    let hint = texted("p", "hint", move || {
        form.fill(Message::PhotosHint, &[("count", &most.to_string())])
    });
    let adding = el("label").class("adding").child(input).child(words);
    let parts = vec![hint.attr("id", &asked.id("photos")), list, adding, error];
    group(form, asked, false, parts)
}

/// What the file is called, as the JPEG that it becomes.
fn name_of(file: &JsValue) -> String {
    let name = js::get(file, "name").as_string().unwrap_or_default();
    let stem = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem);
    let stem: String = stem.chars().take(200).collect();
    [&stem, ".jpg"].concat()
}

/// Puts a photo behind those that are there; where only one is taken, in its place.
fn add(form: Form, asked: &Asked, most: usize, name: &str, id: &str) {
    let photo = Value::Object(vec![
        ("name".to_owned(), Value::from(name)),
        ("type".to_owned(), Value::from("image/jpeg")),
        ("content".to_owned(), Value::from(id)),
    ]);
    let answer = form.look(|session| session.own_answer(&asked.question).clone());
    let mut photos = match answer {
        Value::List(photos) if most > 1 => photos,
        _ => Vec::new(),
    };
    if photos.len() < most {
        photos.push(photo);
        answered(form, asked, photos);
    }
}

fn answered(form: Form, asked: &Asked, photos: Vec<Value>) {
    let answer = if photos.is_empty() {
        Value::Null
    } else {
        Value::List(photos)
    };
    form.apply(Action::Answer(asked.question.name.clone(), answer));
}

/// A photo with the button that takes it away.
fn item(form: Form, asked: &Asked, photo: &Value, shown: &Shown, arrived: RwSignal<u32>) -> El {
    let text = |key| photo.get(key).and_then(Value::as_text).unwrap_or_default();
    let (id, name) = (text("content").to_owned(), text("name").to_owned());
    let picture = el("img").attr("alt", &name).attr("data-photo", &id);
    let known = shown.borrow().iter().find(|(of, _)| *of == id).cloned();
    let picture = match known {
        Some((_, address)) => picture.attr("src", &address),
        None => {
            look_up(form, id.clone(), shown.clone(), arrived);
            picture
        }
    };
    let (of, shown, gone) = (asked.clone(), shown.clone(), id);
    let locked = asked.question.clone();
    let remove = el("button")
        .class("quiet")
        .attr("type", "button")
        .attr("data-act", "remove-photo")
        .text("\u{d7}")
        .bind_attr("aria-label", move || {
            Some(form.fill(Message::RemoveChoice, &[("label", &name)]))
        })
        .bind_flag("hidden", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .on("click", move |_| {
            shown.borrow_mut().retain(|(id, address)| {
                let stays = *id != gone;
                if !stays {
                    forget(address);
                }
                stays
            });
            let answer = form.look(|session| session.own_answer(&of.question).clone());
            let photos = answer.as_list().unwrap_or_default().iter();
            let is_left =
                |photo: &&Value| photo.get("content").and_then(Value::as_text) != Some(&gone);
            answered(form, &of, photos.filter(is_left).cloned().collect());
            // Nor does the device keep what was taken away.
            let gone = gone.clone();
            spawn_local(async move { Queue::open().await.let_photo_go(&gone).await });
        });
    el("li").child(picture).child(remove)
}

/// Looks for a photo that an earlier visit left on this device.
fn look_up(form: Form, id: String, shown: Shown, arrived: RwSignal<u32>) {
    spawn_local(async move {
        let Some(blob) = Queue::open().await.photo(&id).await else {
            return;
        };
        if form.session.is_disposed() || shown.borrow().iter().any(|(of, _)| *of == id) {
            return;
        }
        shown.borrow_mut().push((id, address(&blob)));
        arrived.update(|count| *count += 1);
    });
}
