//! The case page: what happens now, who, by when, what the customer can do; then everything that was said.

use std::rc::Rc;

use js_sys::Object;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::app::Stage;
use super::super::client::ClientError;
use super::super::dom::{El, el, field_value, texted};
use super::super::form::text;
use super::lookup::{self, Key};
use super::photos::{self, Photos};
use super::{Desk, form, js, new_id};
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
            Err(ClientError::Refused(_)) => {
                lookup::show(&self.desk, &self.key, Some(CaseText::NotFound));
            }
            Err(error) => self.show_failed(&error),
        }
    }

    fn show_failed(&self, error: &ClientError) {
        let message = match error {
            ClientError::OriginRefused => Message::SiteNotListed,
            _ => Message::Unreachable,
        };
        let (open, language) = (self.clone(), self.desk.language);
        self.desk.shown.show(Stage::Failed, || {
            let why = texted("p", "", move || text(language, message));
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

    fn question(&self, case: &Value) -> Option<El> {
        let question = case.get("question").and_then(Value::as_text)?;
        let heading = self.desk.texted("h3", "", CaseText::WeAsk);
        let words = el("p")
            .class("said")
            .attr("data-question-asked", "")
            .text(question);
        Some(el("section").class("block").child(heading).child(words))
    }

    fn decision(&self, case: &Value) -> Option<El> {
        let decision = case
            .get("decision")
            .filter(|decision| decision.as_object().is_some())?;
        let desk = &self.desk;
        let words = decision.get("words").cloned().unwrap_or_default();
        let outcome = outcome(word(decision, "outcome"));
        let outcome = desk
            .texted("p", "outcome", outcome)
            .attr("data-outcome", word(decision, "outcome"));
        let paragraph = |text: &str| el("p").class("said").text(text);
        let part = |label: CaseText, key: &str| {
            let text = words.get(key).and_then(Value::as_text)?;
            let heading = desk.texted("h4", "", label);
            Some(
                el("div")
                    .attr("data-told", key)
                    .child(heading)
                    .child(paragraph(text)),
            )
        };
        let dated = |label: CaseText, key: &str| {
            let at = decision.get(key).and_then(Value::as_text)?.to_owned();
            let of = desk.clone();
            Some(texted("p", "hint", move || {
                of.fill(label, "date", &of.moment(&at))
            }))
        };
        let text = words.get("text").and_then(Value::as_text).map(paragraph);
        let done = dated(CaseText::RemedyDone, "remedy_done_at");
        let due = done.or_else(|| dated(CaseText::RemedyDue, "remedy_due"));
        let heading = desk.texted("h3", "", CaseText::OurAnswer);
        let block = el("section").class("block").attr("data-decision", "");
        let block = block.child(heading).child(outcome).children(text);
        Some(
            block
                .children(part(CaseText::Explanation, "explanation"))
                .children(part(CaseText::Remedy, "remedy"))
                .children(due)
                .children(part(CaseText::Alternative, "alternative"))
                .children(part(CaseText::FixSummary, "fix_summary"))
                .children(part(CaseText::ReviewRoute, "review_route")),
        )
    }

    /// A button for each action that the rules would take now; what an action asks opens below.
    fn actions(&self, case: &Value) -> El {
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
            match client.attach(&id, &js::get(&photo, "blob")).await {
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
                    ClientError::Refused(_) => self.desk.text(CaseText::Changed),
                    ClientError::OriginRefused => text(language, Message::OriginRefused),
                    ClientError::Unreachable | ClientError::Busy(_) => {
                        text(language, Message::Unreachable)
                    }
                };
                said.text(&why);
            }
        }
    }

    fn timeline(&self, case: &Value) -> El {
        let desk = &self.desk;
        let line = |entry: &Value| {
            let is_own = entry.get("you").and_then(Value::as_bool) == Some(true);
            let who = if is_own {
                CaseText::ByYou
            } else {
                CaseText::ByUs
            };
            let (of, at) = (desk.clone(), word(entry, "at").to_owned());
            let when =
                texted("time", "", move || of.moment(&at)).attr("datetime", word(entry, "at"));
            let what = desk.texted("strong", "", happened(word(entry, "kind")));
            let text = entry.get("text").and_then(Value::as_text);
            let text = text.map(|text| el("p").class("said").text(text));
            let photo = entry.get("photo").and_then(Value::as_text);
            let Key { number, secret } = &*self.key;
            let photo = photo.map(|photo| photos::of_case(desk, number, secret, photo));
            let head = el("p")
                .class("when")
                .child(when)
                .child(desk.texted("span", "", who));
            el("li")
                .attr("data-kind", word(entry, "kind"))
                .child(head)
                .child(what)
                .children(text)
                .children(photo)
        };
        let lines: Vec<El> = items(case, "timeline").iter().rev().map(line).collect();
        let heading = desk.texted("h3", "", CaseText::Timeline);
        let list = el("ol").class("timeline").children(lines);
        el("section").class("block").child(heading).child(list)
    }

    fn own_words(&self, case: &Value) -> El {
        let desk = &self.desk;
        let words = case.get("words").cloned().unwrap_or_default();
        let heading = desk.texted("h3", "", CaseText::YourComplaint);
        let text = el("p")
            .class("said")
            .attr("data-own", "")
            .text(word(&words, "text"));
        let rest = [
            ("remedy_sought", CaseText::RemedyLabel),
            ("affected", CaseText::AffectedLabel),
            ("delivery", CaseText::DeliveryLabel),
            ("name", CaseText::NameLabel),
            ("mail", CaseText::MailLabel),
            ("phone", CaseText::PhoneLabel),
        ];
        let rest = rest.iter().filter_map(|(key, label)| {
            let text = words.get(key).and_then(Value::as_text)?;
            let label = desk.texted("dt", "", *label);
            Some(el("div").child(label).child(el("dd").text(text)))
        });
        let rest = el("dl")
            .class("facts small")
            .children(rest.collect::<Vec<_>>());
        el("section")
            .class("block")
            .child(heading)
            .child(text)
            .child(rest)
    }
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

/// What a newer endpoint says and this code does not know reads as the plainest of its kind.
fn status(code: &str) -> CaseText {
    match code {
        "received" => CaseText::Received,
        "acknowledged" => CaseText::Acknowledged,
        "assessed" => CaseText::Assessed,
        "needs-you" => CaseText::NeedsYou,
        "with-partner" => CaseText::WithPartner,
        "decided" => CaseText::Decided,
        "under-review" => CaseText::UnderReview,
        "closed-solved" => CaseText::ClosedSolved,
        "closed-no-reply" => CaseText::ClosedNoReply,
        "closed-declined" => CaseText::ClosedDeclined,
        "closed-withdrawn" => CaseText::ClosedWithdrawn,
        "closed-duplicate" => CaseText::ClosedDuplicate,
        "closed-reclassified" => CaseText::ClosedReclassified,
        "closed-spam" => CaseText::ClosedSpam,
        _ => CaseText::InProgress,
    }
}

fn until(code: &str) -> CaseText {
    match code {
        "your-reply" => CaseText::UntilReply,
        "decision" => CaseText::UntilDecision,
        "your-word" => CaseText::UntilWord,
        "remedy" => CaseText::UntilRemedy,
        "reopen" => CaseText::UntilReopen,
        "ended" => CaseText::UntilEnded,
        _ => CaseText::UntilUpdate,
    }
}

fn outcome(code: &str) -> CaseText {
    match code {
        "upheld" => CaseText::Upheld,
        "partly-upheld" => CaseText::PartlyUpheld,
        "offered-without-admission" => CaseText::OfferedWithoutAdmission,
        "not-upheld" => CaseText::NotUpheld,
        "declined" => CaseText::Declined,
        _ => CaseText::OurAnswer,
    }
}

fn happened(code: &str) -> CaseText {
    match code {
        "received" => CaseText::TimeReceived,
        "acknowledged" => CaseText::TimeAcknowledged,
        "assessed" => CaseText::TimeAssessed,
        "begun" => CaseText::TimeBegun,
        "asked" => CaseText::TimeAsked,
        "answered" => CaseText::TimeAnswered,
        "handed-to-partner" => CaseText::TimeHandedToPartner,
        "taken-back" => CaseText::TimeTakenBack,
        "responded" => CaseText::TimeResponded,
        "remedy-done" => CaseText::TimeRemedyDone,
        "confirmed" => CaseText::TimeConfirmed,
        "not-solved" => CaseText::TimeNotSolved,
        "timed-out" => CaseText::TimeTimedOut,
        "reopened" => CaseText::TimeReopened,
        "withdrawn" => CaseText::TimeWithdrawn,
        "merged" => CaseText::TimeMerged,
        "reclassified" => CaseText::TimeReclassified,
        "review-begun" => CaseText::TimeReviewBegun,
        "reviewed" => CaseText::TimeReviewed,
        "customer-message" => CaseText::TimeCustomerMessage,
        "staff-message" => CaseText::TimeStaffMessage,
        "holding-response" => CaseText::TimeHoldingResponse,
        "reminded" => CaseText::TimeReminded,
        "rated" => CaseText::TimeRated,
        "escalated" => CaseText::TimeEscalated,
        "attached" => CaseText::TimeAttached,
        _ => CaseText::TimeResumed,
    }
}
