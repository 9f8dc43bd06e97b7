//! The case page: what happens now, who, by when, what the customer can do; then everything that was said.

/// What the customer can do.
mod actions;
/// What was said and decided.
mod told;
/// Codes as words.
mod words;

use std::rc::Rc;

use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::app::Stage;
use super::super::client::ClientError;
use super::super::dom::{El, el, texted};
use super::super::form::text;
use super::lookup::{self, Key};
use super::{Desk, form, incidents};
use crate::api::{ProblemCode, limits};
use crate::messages::{CaseText, Message};
use crate::survey::Value;
use words::{status, until};

/// What is said where the endpoint is busy and does not say for how long.
const BUSY_SECONDS: u32 = 5;

/// A case that is open on the page.
#[derive(Clone)]
struct Open {
    desk: Desk,
    key: Rc<Key>,
}

/// Fetches the case and shows it, or says why not.
pub(super) fn open(desk: &Desk, key: Key) {
    let language = desk.language;
    desk.shown.show(Stage::Loading, || {
        vec![texted("p", "plain waiting", move || {
            text(language, Message::PartLoading)
        })]
    });
    let open = Open {
        desk: desk.clone(),
        key: Rc::new(key),
    };
    spawn_local(open.fetch(None));
}

impl Open {
    /// Fetches and shows; `said` is what there is to say about it.
    async fn fetch(self, said: Option<CaseText>) {
        let Key { number, secret } = &*self.key;
        let client = &self.desk.settings.client;
        let found = client.case(number, secret).await;
        if self.desk.language.is_disposed() {
            return;
        }
        match found {
            Ok(case) => self.show(&case, said),
            Err(ClientError::Refused(ProblemCode::TooManySecrets)) => {
                let again = f64::from(limits::WRONG_SECRETS_MINUTES) * 60_000.0;
                let until = Date::new(&(Date::now() + again).into()).to_iso_string();
                let why = (CaseText::TooManyKeys, String::from(until));
                lookup::show(&self.desk, &self.key, Some(why));
            }
            Err(ClientError::Refused(_)) => {
                let why = (CaseText::NotFound, String::new());
                lookup::show(&self.desk, &self.key, Some(why));
            }
            Err(error) => self.show_failed(&error),
        }
    }

    fn show_failed(&self, error: &ClientError) {
        let message = match error {
            ClientError::OriginRefused => Message::SiteNotListed,
            _ => Message::Unreachable,
        };
        let seconds = match error {
            ClientError::Busy(seconds) => Some(seconds.unwrap_or(BUSY_SECONDS)),
            _ => None,
        };
        let (open, language) = (self.clone(), self.desk.language);
        let of = self.desk.clone();
        self.desk.shown.show(Stage::Failed, || {
            let why = texted("p", "", move || match seconds {
                Some(seconds) => of.fill(CaseText::BusyNow, "count", &seconds.to_string()),
                None => text(language, message),
            });
            let retry = texted("button", "quiet", move || text(language, Message::TryAgain))
                .attr("type", "button")
                .attr("data-act", "retry")
                .on("click", move |_| spawn_local(open.clone().fetch(None)));
            let plain = el("div").class("plain").attr("role", "alert");
            vec![plain.child(why).child(retry)]
        });
    }

    fn show(&self, case: &Value, said: Option<CaseText>) {
        let desk = &self.desk;
        desk.shown.show(Stage("case"), || {
            let label = desk.clone();
            let heading = desk.texted("h2", "", status(word(case, "status")));
            let heading = heading
                .attr("tabindex", "-1")
                .attr("data-status", word(case, "status"));
            if said.is_some() {
                form::focus_heading(&heading);
            }
            let announced = el("p")
                .class("notice")
                .attr("role", "status")
                .attr("data-said", "");
            let known = |incident: &Value| incidents::notice(desk, incident);
            let of = desk.clone();
            let announced = match said {
                Some(said) => announced.bind_text(move || of.text(said)),
                None => announced,
            };
            let view = el("div")
                .class("asking case")
                .bind_attr("aria-label", move || Some(label.text(CaseText::CaseLabel)))
                .child(desk.top())
                .child(announced)
                .child(heading)
                .child(self.facts(case))
                .children(items(case, "incidents").iter().map(known))
                .children(self.question(case))
                .children(self.decision(case))
                .child(self.actions(case))
                .child(self.timeline(case))
                .child(self.own_words(case));
            vec![view]
        });
    }

    /// Who, by when, and the number.
    fn facts(&self, case: &Value) -> El {
        let desk = &self.desk;
        let fact = |label: El, value: El| el("div").child(label).child(el("dd").child(value));
        let number = el("strong")
            .attr("data-number", "")
            .text(word(case, "number"));
        let number = fact(desk.texted("dt", "", CaseText::NumberLabel), number);
        let name = word(case, "contact");
        let contact = if name.is_empty() {
            desk.texted("strong", "", CaseText::ContactUnnamed)
        } else {
            el("strong").text(name)
        };
        let contact = contact.attr("data-contact", "");
        let contact = fact(desk.texted("dt", "", CaseText::ContactLabel), contact);
        let next = case.get("next").cloned().unwrap_or_default();
        let until = until(word(&next, "kind"));
        let (of, at) = (desk.clone(), word(&next, "at").to_owned());
        let next = texted("p", "next", move || {
            let date = of.moment(&at);
            of.fill(until, "date", &date)
        });
        let count = case
            .get("reopened")
            .and_then(Value::as_count)
            .unwrap_or_default();
        let of = desk.clone();
        let reopened = (count > 0).then(|| {
            texted("p", "hint", move || {
                of.fill(CaseText::Reopened, "count", &count.to_string())
            })
        });
        let list = el("dl").class("facts").child(contact).child(number);
        el("div")
            .child(next.attr("data-next", ""))
            .child(list)
            .children(reopened)
    }
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}
