//! Known incidents: what it is, since when, and when more is said, before anybody has to write or ask.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::dom::{El, el, texted};
use super::Desk;
use crate::messages::CaseText;
use crate::survey::Value;

/// A place in the form for what is known of the life stage that was chosen.
#[derive(Clone)]
pub(super) struct Known {
    desk: Desk,
    list: Rc<RefCell<Vec<Value>>>,
    place: El,
}

impl Known {
    /// An empty place; it fills when the endpoint has answered and something is known of `stage`.
    pub(super) fn begin(desk: &Desk, stage: String) -> Self {
        let known = Self {
            desk: desk.clone(),
            list: Rc::default(),
            // Announced when it appears.
            place: el("div").attr("role", "status"),
        };
        let filled = known.clone();
        spawn_local(async move {
            // Without an answer the form is as good as without an incident.
            let Ok(answer) = filled.desk.settings.client.incidents().await else {
                return;
            };
            let list = answer.get("incidents").and_then(Value::as_list);
            *filled.list.borrow_mut() = list.unwrap_or_default().to_vec();
            if !filled.desk.language.is_disposed() {
                filled.show(&stage);
            }
        });
        known
    }

    /// Where it is.
    pub(super) fn place(&self) -> El {
        self.place.clone()
    }

    /// Shows what is known of a life stage.
    pub(super) fn show(&self, stage: &str) {
        let list = self.list.borrow();
        let concerned = list.iter().filter(|one| {
            let stages = one.get("stages").and_then(Value::as_list);
            let mut stages = stages.unwrap_or_default().iter();
            stages.any(|known| known.as_text() == Some(stage))
        });
        let owner = self.desk.shown.owner();
        let notices = owner.with(|| {
            concerned
                .map(|one| notice(&self.desk, one))
                .collect::<Vec<_>>()
        });
        self.place.show(notices);
    }
}

/// One incident as a customer reads it.
pub(super) fn notice(desk: &Desk, incident: &Value) -> El {
    let heading = desk.texted("h3", "", CaseText::IncidentHeading);
    let (of, said) = (
        desk.clone(),
        incident.get("text").cloned().unwrap_or_default(),
    );
    let words = texted("p", "said", move || {
        let tag = of.language.read().tag.clone();
        in_language(&said, &tag)
    });
    let moment = |key: &str| {
        let at = incident.get(key).and_then(Value::as_text);
        at.unwrap_or_default().to_owned()
    };
    let dated = |label: CaseText, at: String| {
        let of = desk.clone();
        texted("p", "hint", move || of.fill(label, "date", &of.moment(&at)))
    };
    el("section")
        .class("incident")
        .attr("data-incident", "")
        .child(heading)
        .child(words)
        .child(dated(CaseText::IncidentSince, moment("since")))
        .child(dated(CaseText::IncidentNext, moment("next_update")))
}

/// The words in the language that is shown, in another of the same family, or in the first there is.
fn in_language(text: &Value, tag: &str) -> String {
    let all = text.as_object().unwrap_or_default();
    let family = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    let exact = all.iter().find(|(known, _)| known == tag);
    let near = all.iter().find(|(known, _)| family(known) == family(tag));
    let found = exact.or(near).or(all.first());
    let words = found.and_then(|(_, words)| words.as_text());
    words.unwrap_or_default().to_owned()
}
