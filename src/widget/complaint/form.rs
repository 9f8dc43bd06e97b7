//! The form for what a customer brings forward: a complaint, a request, a suggestion or praise, all equally visible; the
//! customer's own words first, then a few questions, none of which must be answered.
//!
//! What is written is kept on the device with every letter, in the shape of the body that is sent (`api::Intake`).

use js_sys::{Date, JSON, Object};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::super::app::Stage;
use super::super::dom::{El, Timer, el, field_value, soon};
use super::super::sheet::first_place;
use super::super::trap::trap;
use super::incidents::Known;
use super::photos::Photos;
use super::{Desk, js, new_id, object_of, taken};
use crate::api::{Intent, limits};
use crate::messages::CaseText;

/// Where the words are kept until they are sent.
const DRAFT: &str = "qingting-complaint";
/// After so long without another letter they are kept.
const KEEP_AFTER_MS: u32 = 300;

/// What is asked of a complaint alone.
const COMPLAINTS_OWN: [&str; 7] = [
    "stage",
    "urgency",
    "safety",
    "remedy_sought",
    "affects",
    "affected_users",
    "response",
];

/// The body as it grows.
#[derive(Clone)]
struct Draft {
    body: Object,
    photos: Photos,
    timer: Timer,
}

impl Draft {
    /// What an earlier visit left, or a new one; `response` is the sheet whose low score it came from.
    fn begin(carried: &str, response: &JsValue) -> Self {
        let kept = js::call(&first_place(), "getItem", &[DRAFT.into()]);
        let body = kept.ok().as_ref().and_then(object_of).unwrap_or_default();
        let draft = Self {
            body,
            photos: Photos::default(),
            timer: Timer::default(),
        };
        if draft.get("id").is_empty() {
            js::set(&draft.body, "id", &new_id().into());
        }
        if js::get(&draft.body, "begun").is_undefined() {
            js::set(&draft.body, "begun", &Date::now().into());
        }
        if draft.get("text").is_empty() && !carried.is_empty() {
            js::set(&draft.body, "text", &carried.into());
        }
        if response.is_string() {
            js::set(&draft.body, "response", response);
        }
        draft
    }

    fn get(&self, key: &str) -> String {
        js::get(&self.body, key).as_string().unwrap_or_default()
    }

    fn intent(&self) -> Intent {
        Intent::of(&self.get("intent")).unwrap_or(Intent::Complaint)
    }

    fn set(&self, key: &str, value: &JsValue) {
        js::set(&self.body, key, value);
        let body = self.body.clone();
        let keep = move || {
            if let Ok(json) = JSON::stringify(&body) {
                // Where nothing may be kept, the page still has it.
                js::call(&first_place(), "setItem", &[DRAFT.into(), json.into()]).ok();
            }
        };
        self.timer.start(KEEP_AFTER_MS, Box::new(keep));
    }
}

/// Forgets the words: they are in the queue or with the endpoint.
pub(super) fn forget() {
    js::call(&first_place(), "removeItem", &[DRAFT.into()]).ok();
}

/// Shows the form, with what was said before in it, and where.
pub(super) fn show(desk: &Desk, carried: &str, response: &JsValue) {
    let draft = Draft::begin(carried, response);
    draw(desk, &draft);
    taken::show_arrived(desk);
}

fn draw(desk: &Desk, draft: &Draft) {
    desk.shown
        .show(Stage("complaint"), || vec![view(desk, draft)]);
}

/// Heading and hint above the words.
fn asked(intent: Intent) -> (CaseText, CaseText) {
    match intent {
        Intent::Complaint => (CaseText::ComplaintHeading, CaseText::ComplaintHint),
        Intent::Request => (CaseText::RequestHeading, CaseText::RequestHint),
        Intent::Suggestion => (CaseText::SuggestionHeading, CaseText::PlainHint),
        Intent::Praise => (CaseText::PraiseHeading, CaseText::PlainHint),
    }
}

fn view(desk: &Desk, draft: &Draft) -> El {
    let error = el("p")
        .class("error")
        .attr("role", "alert")
        .attr("data-error", "");
    let intent = draft.intent();
    let intents = radios(
        desk,
        draft,
        "intent",
        CaseText::IntentQuestion,
        &[
            (Intent::Complaint.code(), CaseText::IntentComplaint),
            (Intent::Request.code(), CaseText::IntentRequest),
            (Intent::Suggestion.code(), CaseText::IntentSuggestion),
            (Intent::Praise.code(), CaseText::IntentPraise),
        ],
    );
    let (heading, hint) = asked(intent);
    let heading = desk
        .texted("label", "title", heading)
        .attr("for", "words")
        .attr("data-title", "");
    let words = el("textarea")
        .class("field")
        .attr("id", "words")
        .attr("rows", "5")
        .attr("maxlength", &limits::WORDS_CHARS.to_string())
        .attr("aria-describedby", "words-hint words-error")
        .attr("data-field", "text");
    js::set(&words.raw(), "value", &draft.get("text").into());
    let kept = draft.clone();
    let mended = error.clone();
    let words = words.on("input", move |event| {
        kept.set("text", &field_value(event).into());
        mended.clear();
    });
    let hint = desk.texted("p", "hint", hint);
    let first = el("div")
        .class("question")
        .child(heading)
        .child(hint.attr("id", "words-hint"))
        .child(words.clone())
        .child(error.clone().attr("id", "words-error"));
    let stage = radios(
        desk,
        draft,
        "stage",
        CaseText::StageQuestion,
        &[
            ("delivery", CaseText::StageDelivery),
            ("install", CaseText::StageInstall),
            ("use", CaseText::StageUse),
            ("maintain", CaseText::StageMaintain),
            ("billing", CaseText::StageBilling),
            ("other", CaseText::StageOther),
        ],
    );
    let urgency = radios(
        desk,
        draft,
        "urgency",
        CaseText::UrgencyQuestion,
        &[
            ("blocking", CaseText::UrgencyBlocking),
            ("soon", CaseText::UrgencySoon),
            ("can-wait", CaseText::UrgencyCanWait),
        ],
    );
    let safety = tick(desk, draft, "safety", CaseText::SafetyLabel);
    let remedy = line(desk, draft, "remedy_sought", CaseText::RemedyLabel, "text");
    let affects = radios(
        desk,
        draft,
        "affects",
        CaseText::AffectedLabel,
        &[
            ("us", CaseText::AffectsUs),
            ("users", CaseText::AffectsUsers),
        ],
    );
    let users = CaseText::AffectedUsersLabel;
    let users = line(desk, draft, "affected_users", users, "count");
    let known = Known::begin(desk, draft.get("stage"));
    let (chosen, shown) = (draft.clone(), known.clone());
    let stage = stage.on("change", move |_| shown.show(&chosen.get("stage")));
    let reference = js::get(&desk.settings.context, "delivery").as_string();
    let delivery = reference.map(|reference| {
        let label = desk.texted("span", "optional", CaseText::DeliveryLabel);
        let strong = el("strong").text(&reference);
        el("p").class("question known").child(label).child(strong)
    });
    let reach = desk.texted("legend", "title", CaseText::ReachHeading);
    let reach = el("fieldset")
        .class("question group")
        .child(reach)
        .child(line(desk, draft, "name", CaseText::NameLabel, "name"))
        .child(line(desk, draft, "mail", CaseText::MailLabel, "email"))
        .child(line(desk, draft, "phone", CaseText::PhoneLabel, "tel"))
        .child(tick(desk, draft, "consent", CaseText::ConsentLabel));
    let send = desk
        .texted("button", "primary", CaseText::SendComplaint)
        .attr("type", "submit")
        .attr("part", "primary");
    let kept = desk.texted("p", "hint", CaseText::DraftKept);
    let page = el("div").class("page").child(intents).child(first);
    let page = if intent == Intent::Complaint {
        page.child(stage.child(known.place()))
            .child(urgency.child(safety))
            .children(delivery)
            .child(remedy.class("question"))
            .child(affects.child(users))
            .child(draft.photos.field(desk))
    } else {
        page.children(delivery)
    };
    let page = page.child(reach).child(kept);
    let (desk_of, draft) = (desk.clone(), draft.clone());
    let label = desk.clone();
    el("form")
        .class("asking")
        .attr("novalidate", "")
        .bind_attr("aria-label", move || {
            Some(label.text(CaseText::IntentQuestion))
        })
        .child(desk.top())
        .child(page)
        .child(trap(&desk.settings.context))
        .child(el("div").class("actions").child(send))
        .on("submit", move |event| {
            event.prevent_default();
            if draft.get("text").trim().is_empty() {
                error.clone().text(&desk_of.text(CaseText::WordsMissing));
                words.focus();
                // The bar may lie on what is said below the field.
                error.reveal();
                return words.reveal();
            }
            taken::send(&desk_of, &draft.body, &draft.photos);
        })
}

/// One of several, or none.
fn radios(
    desk: &Desk,
    draft: &Draft,
    key: &'static str,
    legend: CaseText,
    options: &[(&'static str, CaseText)],
) -> El {
    let chosen = if key == "intent" {
        draft.intent().code().to_owned()
    } else {
        draft.get(key)
    };
    let choice = |(value, text): &(&'static str, CaseText)| {
        let (draft, value) = (draft.clone(), *value);
        let input = el("input")
            .class("native")
            .attr("type", "radio")
            .attr("name", key)
            .attr("value", value);
        js::set(&input.raw(), "checked", &(chosen == value).into());
        let drawn = desk.clone();
        let input = input.on("change", move |_| {
            draft.set(key, &value.into());
            // Other questions belong to it; where the person is stays the same.
            if key == "intent" {
                draw(&drawn, &draft);
                let (card, chosen) = (drawn.shown.card().clone(), value);
                soon(Box::new(move || {
                    let selector = ["input[value=\"", chosen, "\"]"].concat();
                    card.find(&selector).iter().for_each(El::focus);
                }));
            }
        });
        let tick = el("span").class("tick").attr("aria-hidden", "true");
        let words = desk.texted("span", "words", *text);
        el("label")
            .class("choice")
            .child(input)
            .child(tick)
            .child(words)
    };
    let list = el("div")
        .class("list two")
        .children(options.iter().map(choice));
    let legend = desk.texted("legend", "title", legend);
    el("fieldset")
        .class("question group")
        .attr("data-field", key)
        .child(legend)
        .child(list)
}

/// Yes or not said.
fn tick(desk: &Desk, draft: &Draft, key: &'static str, text: CaseText) -> El {
    let input = el("input")
        .class("native")
        .attr("type", "checkbox")
        .attr("data-field", key);
    let is_set = js::get(&draft.body, key).is_truthy();
    js::set(&input.raw(), "checked", &is_set.into());
    let draft = draft.clone();
    let input = input.on("change", move |event| {
        let target = event.target().map(JsValue::from).unwrap_or_default();
        draft.set(key, &js::get(&target, "checked"));
    });
    let tick = el("span").class("tick box").attr("aria-hidden", "true");
    let words = desk.texted("span", "words", text);
    let label = el("label").class("choice");
    let label = label.child(input).child(tick).child(words);
    el("div").class("list").child(label)
}

/// A line of text that may stay empty; `kind` also says what the browser may fill in.
fn line(desk: &Desk, draft: &Draft, key: &'static str, label: CaseText, kind: &str) -> El {
    let label = desk.texted("label", "aside", label).attr("for", key);
    let shape = if matches!(kind, "email" | "tel") {
        kind
    } else {
        "text"
    };
    let most = if key == "remedy_sought" {
        limits::WORDS_CHARS
    } else {
        limits::CONTACT_CHARS
    };
    let field = el("input")
        .class("field")
        .attr("id", key)
        .attr("type", shape)
        .attr("maxlength", &most.to_string())
        .attr("data-field", key);
    let field = match kind {
        "text" => field,
        "count" => field.attr("inputmode", "numeric"),
        _ => field.attr("autocomplete", kind),
    };
    js::set(&field.raw(), "value", &draft.get(key).into());
    let draft = draft.clone();
    let field = field.on("input", move |event| {
        draft.set(key, &field_value(event).into())
    });
    el("div").class("beside").child(label).child(field)
}

/// Gives a heading the focus when it is in its place: the button that had it is gone.
pub(super) fn focus_heading(heading: &El) {
    let heading = heading.clone();
    soon(Box::new(move || heading.focus()));
}

/// The body that is sent: what was written, where it comes from, in which language, and which photos go before it.
pub(super) fn body_of(desk: &Desk, written: &Object, photos: &Photos) -> Object {
    let body = Object::assign(&Object::new(), written);
    let context = Object::assign(&Object::new(), &desk.settings.context);
    js::set(&body, "context", &context);
    js::set(&body, "survey", &desk.settings.survey.as_str().into());
    // Empty lines were not answered, and what only a complaint asks is not said with anything else.
    let intent = js::get(&body, "intent").as_string();
    let is_complaint = intent.is_none_or(|intent| intent == Intent::Complaint.code());
    if is_complaint {
        let photos = photos.list();
        let ids = photos.iter().map(|photo| js::get(&photo, "id"));
        js::set(&body, "photos", &ids.collect::<js_sys::Array>());
    }
    for key in super::keys(&body).iter() {
        let key = key.as_string().unwrap_or_default();
        let is_left_out = !is_complaint && COMPLAINTS_OWN.contains(&key.as_str());
        if is_left_out
            || js::get(&body, &key)
                .as_string()
                .is_some_and(|text| text.trim().is_empty())
        {
            js::set(&body, &key, &JsValue::UNDEFINED);
        }
    }
    // A number is sent as one; what is none was written for people, and stays with the words.
    let users = js::get(&body, "affected_users").as_string();
    if let Some(users) = users {
        let digits: String = users.chars().filter(char::is_ascii_digit).collect();
        let count = digits.parse::<u32>().map(JsValue::from);
        js::set(&body, "affected_users", &count.unwrap_or_default());
    }
    // How long the words took, however often the page was left meanwhile.
    let begun = js::get(&body, "begun").as_f64().unwrap_or_default();
    let elapsed = (Date::now() - begun).clamp(0.0, f64::from(u32::MAX));
    js::set(&body, "elapsed_ms", &elapsed.into());
    js::set(&body, "begun", &JsValue::UNDEFINED);
    let tag = desk.language.read_untracked().tag.clone();
    js::set(&body, "locale", &tag.as_str().into());
    // The queue tells by it whether another tab has saved a newer one.
    js::set(&body, "revision", &1.into());
    body
}
