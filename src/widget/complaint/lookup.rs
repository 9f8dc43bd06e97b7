//! The way to a case: the link's fragment has its key; without one the customer types number and key.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::super::app::Stage;
use super::super::client::ClientError;
use super::super::dom::{El, el, field_value};
use super::super::form::text;
use super::{Desk, case, js};
use crate::messages::{CaseText, Message};

/// What opens a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Key {
    /// Its number, as people write it.
    pub(super) number: String,
    /// Its secret.
    pub(super) secret: String,
}

/// Opens the case of the link, or asks for number and key.
pub(super) fn begin(desk: &Desk, number: String) {
    let hash = js::get(&js::get(&js_sys::global(), "location"), "hash");
    let hash = hash.as_string().unwrap_or_default();
    let secret = hash.trim_start_matches('#').to_owned();
    let key = Key { number, secret };
    if key.number.is_empty() || key.secret.is_empty() {
        show(desk, &key, None);
    } else {
        case::open(desk, key);
    }
}

/// Asks for number and key, and says why they are asked for again, with the moment that the words name.
pub(super) fn show(desk: &Desk, key: &Key, why: Option<(CaseText, String)>) {
    desk.shown.show(Stage("lookup"), || {
        let heading = desk.texted("h2", "title", CaseText::LookupHeading);
        let hint = desk.texted("p", "hint", CaseText::LookupHint);
        let error = el("p")
            .class("error")
            .attr("role", "alert")
            .attr("data-error", "");
        let of = desk.clone();
        let error = match why {
            Some((why, at)) => error.bind_text(move || {
                let date = of.moment(&at);
                of.fill(why, "date", &date)
            }),
            None => error,
        };
        let written = Rc::new(RefCell::new(key.clone()));
        let number = field(desk, "number", CaseText::NumberLabel, &key.number, {
            let written = written.clone();
            move |text| written.borrow_mut().number = text
        });
        let secret = field(desk, "secret", CaseText::SecretLabel, &key.secret, {
            let written = written.clone();
            move |text| written.borrow_mut().secret = text
        });
        let open = desk
            .texted("button", "primary", CaseText::OpenCase)
            .attr("type", "submit");
        let page = el("div").class("page").child(heading).child(hint);
        let page = page.child(number).child(secret).child(error);
        let page = page.children(lost(desk, &written));
        let desk_of = desk.clone();
        let form = el("form").class("asking").attr("novalidate", "");
        form.child(desk.top())
            .child(page)
            .child(
                el("div")
                    .class("actions")
                    .child(open.attr("part", "primary")),
            )
            .on("submit", move |event| {
                event.prevent_default();
                let mut key = written.borrow().clone();
                key.number = key.number.trim().to_owned();
                key.secret = key.secret.trim().trim_start_matches('#').to_owned();
                case::open(&desk_of, key);
            })
            .into_list()
    });
}

/// The way back without the link: it is mailed to the address on file. The answer tells nobody whether there is one.
fn lost(desk: &Desk, written: &Rc<RefCell<Key>>) -> [El; 2] {
    let said = el("p")
        .class("hint")
        .attr("role", "status")
        .attr("data-link-said", "");
    let button = desk.button("quiet", "lost-link", CaseText::LostLink);
    let (of, written, told) = (desk.clone(), written.clone(), said.clone());
    let button = button.on("click", move |_| {
        let number = written.borrow().number.trim().to_owned();
        if number.is_empty() {
            return drop(told.clone().text(&of.text(CaseText::LostLinkNumber)));
        }
        let (of, told) = (of.clone(), told.clone());
        spawn_local(async move {
            let asked = of.settings.client.mail_link(&number).await;
            if of.language.is_disposed() {
                return;
            }
            let words = match asked {
                Ok(()) => of.text(CaseText::LinkAsked),
                Err(ClientError::Busy(seconds)) => {
                    let seconds = seconds.unwrap_or(5).to_string();
                    of.fill(CaseText::BusyNow, "count", &seconds)
                }
                Err(_) => text(of.language, Message::Unreachable),
            };
            told.text(&words);
        });
    });
    [button, said]
}

fn field(
    desk: &Desk,
    id: &str,
    label: CaseText,
    text: &str,
    on_input: impl Fn(String) + 'static,
) -> El {
    let label = desk.texted("label", "aside", label).attr("for", id);
    let field = el("input")
        .class("field")
        .attr("id", id)
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false");
    js::set(&field.raw(), "value", &JsValue::from_str(text));
    let field = field.on("input", move |event| on_input(field_value(event)));
    el("div").class("beside").child(label).child(field)
}
