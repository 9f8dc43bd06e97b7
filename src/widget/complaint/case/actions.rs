//! What the customer can do with a case: a button for each action that the rules would take now, what it asks, and sending it.

use js_sys::Object;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::super::super::client::ClientError;
use super::super::super::dom::{El, el, field_value, texted};
use super::super::super::form::text;
use super::super::lookup::Key;
use super::super::photos::Photos;
use super::super::{js, new_id};
use super::{Open, items};
use crate::api::{ProblemCode, limits};
use crate::messages::{CaseText, Message};
use crate::survey::Value;

/// Actions in the order in which they are offered: route, words, whether words must be said.
const ACTIONS: [(&str, CaseText, Asks); 8] = [
    ("confirm", CaseText::Confirm, Asks::Nothing),
    ("reject", CaseText::NotSolved, Asks::MaybeWords),
    ("review", CaseText::AskReview, Asks::MaybeWords),
    ("messages", CaseText::Write, Asks::Words),
    ("reopen", CaseText::Reopen, Asks::MaybeWords),
    ("rating", CaseText::Rate, Asks::Score),
    ("escalate", CaseText::Escalate, Asks::Words),
    ("withdraw", CaseText::Withdraw, Asks::MaybeWords),
];

/// What an action wants to know.
#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Nothing,
    MaybeWords,
    Words,
    Score,
}

impl Open {
    /// A button for each action that the rules would take now; what an action asks opens below.
    pub(super) fn actions(&self, case: &Value) -> El {
        let desk = &self.desk;
        let offered: Vec<&str> = items(case, "actions")
            .iter()
            .filter_map(Value::as_text)
            .collect();
        let place = el("div").class("doing");
        let asks_us = case
            .get("question")
            .is_some_and(|question| question.as_text().is_some());
        let buttons = ACTIONS.iter().filter(|(act, ..)| offered.contains(act));
        let buttons = buttons.map(|(act, label, asks)| {
            let label = if asks_us && *act == "messages" {
                CaseText::Answer
            } else {
                *label
            };
            let button = desk.button("choice act", act, label);
            let (open, place, back) = (self.clone(), place.clone(), button.clone());
            let owner = Owner::current().unwrap_or_default();
            button.on("click", move |_| {
                let doing = owner.with(|| open.doing(act, label, *asks, &place, &back));
                place.show([doing.clone()]);
                if let Some(first) = doing.find("textarea,input,button") {
                    first.focus();
                }
            })
        });
        let list = el("div")
            .class("list two")
            .children(buttons.collect::<Vec<_>>());
        let heading = desk.texted("h3", "", CaseText::YouCan);
        let score = case.get("rating").and_then(Value::as_count);
        let rated = score.map(|score| {
            let of = desk.clone();
            texted("p", "hint", move || {
                of.fill(CaseText::RatedWith, "score", &score.to_string())
            })
        });
        let block = el("section").class("block").attr("data-actions", "");
        block
            .child(heading)
            .children(rated)
            .child(list)
            .child(place)
    }

    /// What an action asks, with the buttons to send it and to leave it.
    fn doing(&self, act: &'static str, label: CaseText, asks: Asks, place: &El, back: &El) -> El {
        let desk = &self.desk;
        let body = Object::new();
        // The same id however often it is sent.
        js::set(&body, "id", &new_id().into());
        let error = el("p")
            .class("error")
            .attr("role", "alert")
            .attr("data-error", "");
        let heading = desk.texted("h4", "", label);
        // What ends a case says so before it does.
        let means = match act {
            "confirm" => Some(CaseText::ConfirmHint),
            "withdraw" => Some(CaseText::WithdrawHint),
            _ => None,
        };
        let means = means.map(|means| desk.texted("p", "hint", means));
        let scores = (asks == Asks::Score).then(|| {
            let point = |score: u32| {
                let set = body.clone();
                let text = score.to_string();
                let input = el("input")
                    .class("native")
                    .attr("type", "radio")
                    .attr("name", "score")
                    .attr("value", &text)
                    .on("change", move |_| js::set(&set, "score", &score.into()));
                let tick = el("span").class("tick").attr("aria-hidden", "true");
                let words = el("span").class("words").text(&text);
                el("label")
                    .class("choice")
                    .child(input)
                    .child(tick)
                    .child(words)
            };
            let legend = desk.texted("legend", "hint", CaseText::ScoreLegend);
            let list = el("div").class("list five").children((1..=5).map(point));
            el("fieldset").class("group").child(legend).child(list)
        });
        let field = (asks != Asks::Nothing).then(|| {
            let label = desk
                .texted("label", "aside", CaseText::YourWords)
                .attr("for", "doing");
            let set = body.clone();
            let field = el("textarea")
                .class("field")
                .attr("id", "doing")
                .attr("rows", "4")
                .attr("maxlength", &limits::WORDS_CHARS.to_string())
                .on("input", move |event| {
                    js::set(&set, "text", &field_value(event).into())
                });
            el("div").class("beside").child(label).child(field)
        });
        // A picture often says it.
        let photos = Photos::default();
        let pictures = (act == "messages").then(|| photos.field(desk));
        let send = if asks == Asks::Nothing {
            label
        } else {
            CaseText::Send
        };
        let send = desk
            .texted("button", "primary", send)
            .attr("type", "submit");
        let cancel = desk.button("quiet", "cancel", CaseText::Cancel);
        let (gone, back) = (place.clone(), back.clone());
        let cancel = cancel.on("click", move |_| {
            gone.clear();
            back.focus();
        });
        let row = el("div").class("row").child(send).child(cancel);
        let (open, said) = (self.clone(), error.clone());
        el("form")
            .attr("novalidate", "")
            .attr("data-doing", act)
            .child(heading)
            .children(means)
            .children(scores)
            .children(field)
            .children(pictures)
            .child(error)
            .child(row)
            .on("submit", move |event| {
                event.prevent_default();
                let text = js::get(&body, "text").as_string().unwrap_or_default();
                let missing = match asks {
                    Asks::Words if text.trim().is_empty() => Some(CaseText::WordsNeeded),
                    Asks::Score if js::get(&body, "score").is_undefined() => {
                        Some(CaseText::ScoreMissing)
                    }
                    _ => None,
                };
                match missing {
                    Some(missing) => drop(said.clone().text(&open.desk.text(missing))),
                    None => {
                        let (open, photos) = (open.clone(), photos.clone());
                        spawn_local(open.act(act, body.clone(), photos, said.clone()));
                    }
                }
            })
    }

    /// Sends the photos, then the words; the case as it is then, and whether a photo was refused.
    async fn send(
        &self,
        act: &str,
        body: &Object,
        photos: &Photos,
    ) -> Result<(Value, bool), ClientError> {
        let Key { number, secret } = &*self.key;
        let client = &self.desk.settings.client;
        let (mut left, list) = (false, photos.list());
        for photo in list.iter() {
            let id = js::get(&photo, "id").as_string().unwrap_or_default();
            match client
                .attach(&id, &js::get(&photo, "blob"), &JsValue::UNDEFINED)
                .await
            {
                Ok(()) => {}
                Err(ClientError::Refused(_)) => left = true,
                Err(error) => return Err(error),
            }
        }
        let ids = list.iter().map(|photo| js::get(&photo, "id"));
        js::set(body, "photos", &ids.collect::<js_sys::Array>());
        let json = js_sys::JSON::stringify(body)
            .map(String::from)
            .unwrap_or_default();
        let case = client.act(number, act, secret, &json).await?;
        Ok((case, left))
    }

    /// Does it; what was typed stays where it is unless it is stored.
    async fn act(self, act: &'static str, body: Object, photos: Photos, said: El) {
        let done = self.send(act, &body, &photos).await;
        if self.desk.language.is_disposed() {
            return;
        }
        match done {
            Ok((case, left)) => {
                let done = if left {
                    CaseText::PhotosLeft
                } else {
                    CaseText::Done
                };
                self.show(&case, Some(done));
            }
            Err(error) => {
                let language = self.desk.language;
                let why = match error {
                    ClientError::Refused(ProblemCode::TooManyRequests) | ClientError::Busy(_)
                        if act == "escalate" =>
                    {
                        self.desk.text(CaseText::TooSoon)
                    }
                    ClientError::Refused(ProblemCode::TooLarge) => {
                        self.desk.text(CaseText::PhotosFull)
                    }
                    ClientError::Refused(_) => self.desk.text(CaseText::Changed),
                    ClientError::OriginRefused => text(language, Message::OriginRefused),
                    ClientError::Busy(seconds) => {
                        let seconds = seconds.unwrap_or(5).to_string();
                        self.desk.fill(CaseText::BusyNow, "count", &seconds)
                    }
                    ClientError::Unreachable => text(language, Message::Unreachable),
                };
                said.text(&why);
            }
        }
    }
}
