//! A complaint on its way: safe on the device, then with the endpoint, then its number, contact, date and link.

use js_sys::Object;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::super::app::Stage;
use super::super::client::ClientError;
use super::super::delivery::queue::{Queue, backoff_ms};
use super::super::delivery::wait_or_online;
use super::super::dom::{El, el, texted};
use super::super::form::text;
use super::super::sheet::SavedSheet;
use super::photos::Photos;
use super::{Desk, copy, form, js};
use crate::api::{Intent, route};
use crate::messages::{CaseText, Message};

/// Saves the complaint and sends it until the endpoint has it or refuses it for good.
pub(super) fn send(desk: &Desk, written: &Object, photos: &Photos) {
    let entry = Object::new();
    js::set(&entry, "photos", &photos.list());
    js::set(
        &entry,
        "endpoint",
        &desk.settings.client.endpoint.as_str().into(),
    );
    js::set(&entry, "savedAt", &js_sys::Date::now().into());
    js::set(&entry, "kind", &"complaint".into());
    js::set(&entry, "sheet", &form::body_of(desk, written, photos));
    let (desk, entry) = (desk.clone(), SavedSheet(entry.into()));
    spawn_local(async move {
        let queue = Queue::open().await;
        queue.take_in_hand(entry.id());
        let mut tries = 0;
        loop {
            let sent = queue.send_complaint(&desk.settings.client, &entry).await;
            if queue.is_durable() || sent.is_ok() {
                form::forget();
            }
            if desk.language.is_disposed() {
                return queue.let_go(&entry.id());
            }
            let asked = match &sent {
                Ok(answer) => {
                    let left = js::get(&entry.0, "left").is_truthy();
                    show_taken(&desk, answer, left);
                    queue.forget(&entry).await;
                    return;
                }
                Err(error @ ClientError::Refused(_)) => {
                    show_waiting(&desk, error, queue.is_durable(), &entry);
                    return;
                }
                Err(error) => {
                    show_waiting(&desk, error, queue.is_durable(), &entry);
                    match error {
                        ClientError::Busy(seconds) => seconds.unwrap_or_default(),
                        _ => 0,
                    }
                }
            };
            wait_or_online(backoff_ms(tries, asked)).await;
            tries += 1;
        }
    });
}

/// The address of the case page, with its key in the fragment: browsers do not send that part anywhere.
fn link(desk: &Desk, answer: &JsValue) -> String {
    let get = |key| js::get(answer, key).as_string().unwrap_or_default();
    let path = route::CASE_PAGE.replace("{number}", &get("number"));
    let endpoint = desk.settings.client.endpoint.trim_end_matches('/');
    [endpoint, &path, "#", &get("secret")].concat()
}

fn show_taken(desk: &Desk, answer: &JsValue, left: bool) {
    let get = |key| js::get(answer, key).as_string().unwrap_or_default();
    let intent = Intent::of(&get("intent")).unwrap_or(Intent::Complaint);
    let name = if intent == Intent::Complaint {
        "qing-complaint"
    } else {
        "qing-feedback"
    };
    let detail = [
        ("intent", intent.code().into()),
        ("number", get("number").into()),
    ];
    desk.shown.tell(name, &detail);
    desk.shown.show(Stage("taken"), || {
        let heading = match intent {
            Intent::Complaint => CaseText::TakenHeading,
            Intent::Request => CaseText::RequestTaken,
            Intent::Suggestion => CaseText::SuggestionTaken,
            Intent::Praise => CaseText::PraiseTaken,
        };
        let heading = desk.texted("h2", "", heading).attr("tabindex", "-1");
        form::focus_heading(&heading);
        let number = el("strong").attr("data-number", "").text(&get("number"));
        if intent != Intent::Complaint {
            let number = fact(desk, CaseText::ReferenceLabel, number);
            let facts = el("dl").class("facts").child(number);
            let by = get("answer_by");
            let facts = if by.is_empty() {
                facts
            } else {
                facts.child(promise(desk, by))
            };
            let hint = desk.texted("p", "hint", CaseText::ReferenceHint);
            let view = done(false).child(heading).child(facts).child(hint);
            return view.attr("role", "status").into_list();
        }
        let number = fact(desk, CaseText::NumberLabel, number);
        let name = get("contact");
        let contact = if name.is_empty() {
            desk.texted("strong", "", CaseText::ContactUnnamed)
        } else {
            el("strong").text(&name)
        };
        let contact = fact(
            desk,
            CaseText::ContactLabel,
            contact.attr("data-contact", ""),
        );
        let promised = promise(desk, get("promised"));
        let facts = el("dl")
            .class("facts")
            .child(number)
            .child(contact)
            .child(promised);
        let keep = desk.texted("p", "hint", CaseText::KeepLink);
        let left = left.then(|| {
            let notice = desk.texted("p", "notice", CaseText::PhotosLeft);
            notice.attr("data-notice", "photos")
        });
        done(false)
            .child(heading)
            .children(left)
            .child(facts)
            .child(follow(desk, answer))
            .child(copy_button(
                desk,
                "copy-link",
                CaseText::CopyLink,
                link(desk, answer),
            ))
            .child(keep)
            .attr("role", "status")
            .into_list()
    });
}

fn show_waiting(desk: &Desk, error: &ClientError, is_durable: bool, entry: &SavedSheet) {
    let is_online = js::get(&js::get(&js_sys::global(), "navigator"), "onLine");
    let (name, message) = match error {
        ClientError::Refused(_) => ("refused", Message::Refused),
        ClientError::OriginRefused => ("refused-origin", Message::OriginRefused),
        _ if !is_durable => ("memory", Message::SavedInMemory),
        _ if is_online.as_bool() == Some(false) => ("offline", Message::SavedOnDevice),
        _ => ("waiting", Message::WaitingToSend),
    };
    let words = js::get(&entry.body(), "text")
        .as_string()
        .unwrap_or_default();
    desk.shown.show(Stage("waiting"), || {
        let heading = desk
            .texted("h2", "", CaseText::WaitingHeading)
            .attr("tabindex", "-1");
        form::focus_heading(&heading);
        let language = desk.language;
        let notice = texted("p", "notice", move || text(language, message))
            .attr("part", "notice")
            .attr("data-notice", name)
            .attr("role", "status");
        let view = done(true).child(heading).child(notice);
        let view = if matches!(error, ClientError::Refused(_)) {
            view
        } else {
            view.child(desk.texted("p", "hint", CaseText::WaitingText))
        };
        let copy = copy_button(desk, "copy", CaseText::CopyWords, words);
        view.child(copy).into_list()
    });
}

fn done(waits: bool) -> El {
    let seal = if waits { "seal waiting" } else { "seal" };
    let seal = el("span").class(seal).attr("aria-hidden", "true");
    el("div").class("done").child(seal)
}

fn fact(desk: &Desk, label: CaseText, value: El) -> El {
    let label = desk.texted("dt", "", label);
    el("div").child(label).child(el("dd").child(value))
}

/// By when there is an answer.
fn promise(desk: &Desk, iso: String) -> El {
    let of = desk.clone();
    let date = texted("strong", "", move || of.moment(&iso));
    fact(
        desk,
        CaseText::PromisedLabel,
        date.attr("data-promised", ""),
    )
}

fn follow(desk: &Desk, answer: &JsValue) -> El {
    desk.texted("a", "primary link", CaseText::FollowCase)
        .attr("href", &link(desk, answer))
        .attr("target", "_blank")
        .attr("rel", "noreferrer")
        .attr("data-act", "follow")
}

fn copy_button(desk: &Desk, act: &str, label: CaseText, what: String) -> El {
    let button = desk.button("quiet", act, label);
    let (shown, language) = (button.clone(), desk.language);
    button.on("click", move |_| {
        // Where there is no clipboard, the button goes on offering.
        if copy(&what) {
            shown.clone().text(&text(language, Message::Copied));
        }
    })
}

/// Sends what earlier visits left on the device, and shows the numbers that nobody has seen yet above the form.
pub(super) fn show_arrived(desk: &Desk) {
    let desk = desk.clone();
    spawn_local(async move {
        let queue = Queue::open().await;
        let mut tries = 0;
        loop {
            let waits = queue.flush(&desk.settings.client).await;
            let arrived = queue.arrived(&desk.settings.client).await;
            if desk.language.is_disposed() {
                return;
            }
            for entry in arrived {
                show_arrival(&desk, &queue, entry);
            }
            if !waits {
                return;
            }
            wait_or_online(backoff_ms(tries, 0)).await;
            tries += 1;
        }
    });
}

fn show_arrival(desk: &Desk, queue: &Queue, entry: SavedSheet) {
    let mark = ["[data-arrived=\"", &entry.id(), "\"]"].concat();
    let Some(form) = desk.shown.card().find("form") else {
        return;
    };
    if form.find(&mark).is_some() {
        return;
    }
    let answer = js::get(&entry.0, "answer");
    let iso = js::get(&answer, "received_at")
        .as_string()
        .unwrap_or_default();
    let note = desk.shown.owner().with(|| {
        let of = desk.clone();
        let said = texted("p", "", move || {
            let date = of.moment(&iso);
            of.fill(CaseText::ArrivedEarlier, "date", &date)
        });
        let number = js::get(&answer, "number").as_string().unwrap_or_default();
        let number = el("strong").attr("data-number", "").text(&number);
        // Only a case has a page.
        let is_case = js::get(&answer, "secret").is_string();
        let link = is_case.then(|| follow(desk, &answer).class("quiet link"));
        el("div")
            .class("arrived")
            .attr("role", "status")
            .attr("data-arrived", &entry.id())
            .child(said)
            .child(number)
            .children(link)
    });
    let dismiss = desk
        .shown
        .owner()
        .with(|| desk.button("quiet", "dismiss", CaseText::Dismiss));
    let (queue, gone) = (queue.clone(), note.clone());
    let dismiss = dismiss.on("click", move |_| {
        gone.remove();
        let (queue, entry) = (queue.clone(), entry.clone());
        spawn_local(async move { queue.forget(&entry).await });
    });
    form.put_before(&note.child(dismiss), ".page");
}
