//! The end: thanks, the receipt, and where the answers are.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::app::{Shown, Stage};
use super::super::client::ClientError;
use super::super::complaint::Way;
use super::super::dom::{El, Timer, el, soon, texted};
use super::super::element::Settings;
use super::super::form::Form;
use super::super::js;
use super::super::part::load_complaint;
use super::super::question::display::marked_up;
use super::queue::Sent;
use crate::api::Receipt;
use crate::messages::Message;
use crate::survey::Session;

/// So long the button says that the answers were copied.
const COPIED_MS: u32 = 3000;

/// Shows the end, or what has changed since it was shown.
pub(super) fn show(
    shown: &Shown,
    settings: &Rc<Settings>,
    form: Form,
    sent: Sent,
    is_durable: bool,
) {
    if !form.session.is_disposed() {
        let (place, settings) = (shown.clone(), settings.clone());
        let way = way_on(form, &sent);
        shown.show(Stage::Done, move || {
            let view = view(form, &sent, is_durable);
            let offer = offer(&place, &settings, form);
            // Whoever is asked whether it shall be a complaint stays; the way on is theirs to take.
            let link = match (way, &offer) {
                (Some(way), Some(_)) => Some(el("a").attr("href", &way).text(&way)),
                (Some(way), None) => {
                    let location = js::get(&js_sys::global(), "location");
                    js::call(&location, "assign", &[way.into()]).ok();
                    None
                }
                (None, _) => None,
            };
            vec![view.children(offer).children(link)]
        });
    }
}

/// Where the survey leads to when the endpoint has the answers.
fn way_on(form: Form, sent: &Sent) -> Option<String> {
    if !matches!(sent, Sent::Acknowledged(_)) {
        return None;
    }
    let way = form
        .session
        .with_untracked(|session| session.leads_to().cloned())?;
    let way = form.piped(&way);
    way.starts_with("https:").then_some(way)
}

fn view(form: Form, sent: &Sent, is_durable: bool) -> El {
    let completed = form
        .session
        .with_untracked(|session| session.completed_text().clone());
    // Words of the author's may have a little markup.
    let thanks = marked_up(form, move || {
        let own = form.resolve(&completed);
        if own.is_empty() {
            form.text(Message::ThankYouText)
        } else {
            own
        }
    });
    let thanks = thanks.class("thanks");
    let notice = notice(sent, is_durable);
    let said = el("p")
        .class("notice")
        .attr("part", "notice")
        .attr("role", "status");
    let said = match notice {
        Some((name, message)) => said
            .attr("data-notice", name)
            .bind_text(move || form.text(message)),
        None => said,
    };
    let below = match sent {
        Sent::Acknowledged(receipt) => Some(receipt_view(form, receipt)),
        Sent::Waiting(ClientError::Refused(_) | ClientError::OriginRefused) => {
            Some(copy_button(form))
        }
        _ => None,
    };
    let heading = texted("h2", "", move || form.text(Message::ThankYou)).attr("tabindex", "-1");
    let focused = heading.clone();
    // The button that had the focus is gone.
    soon(Box::new(move || focused.focus()));
    let seal = el("span")
        .class(if notice.is_some() {
            "seal waiting"
        } else {
            "seal"
        })
        .attr("aria-hidden", "true");
    el("div")
        .class("done")
        .child(seal)
        .child(heading)
        .child(thanks)
        .child(said)
        .children(below)
}

/// After a low score a place for the question whether it shall be a complaint; the question comes with its part.
fn offer(shown: &Shown, settings: &Rc<Settings>, form: Form) -> Option<El> {
    // What is only tried out becomes nobody's case. The attribute says so by being there, so its value is not asked.
    let is_test = js::get(&settings.context, "test").is_truthy();
    if is_test || !form.session.with_untracked(is_low) {
        return None;
    }
    let place = el("div").class("offer");
    let (shown, settings, offered) = (shown.clone(), settings.clone(), place.clone());
    spawn_local(async move {
        // Without the part the survey is at its end all the same.
        if let Ok(open) = load_complaint().await {
            open(shown, settings, form.language, Way::LowScore(form, offered));
        }
    });
    Some(place)
}

/// Whether one of the answers is a low score.
fn is_low(session: &Session) -> bool {
    let mut questions = session.definition().questions();
    questions.any(|question| question.low_score(session.answer(&question.name)).is_some())
}

/// What is said of answers that are not with the endpoint yet.
fn notice(sent: &Sent, is_durable: bool) -> Option<(&'static str, Message)> {
    let is_online = js::get(&js::get(&js_sys::global(), "navigator"), "onLine")
        .as_bool()
        .unwrap_or(true);
    match sent {
        Sent::Acknowledged(_) => None,
        Sent::AlreadyComplete => Some(("answered", Message::AlreadyAnswered)),
        Sent::Waiting(ClientError::Refused(_)) => Some(("refused", Message::Refused)),
        Sent::Waiting(ClientError::OriginRefused) => {
            Some(("refused-origin", Message::OriginRefused))
        }
        Sent::Waiting(_) if !is_durable => Some(("memory", Message::SavedInMemory)),
        Sent::Waiting(_) if is_online => Some(("waiting", Message::WaitingToSend)),
        Sent::Waiting(_) => Some(("offline", Message::SavedOnDevice)),
    }
}

/// What the answers are known by, and since when.
fn receipt_view(form: Form, receipt: &Receipt) -> El {
    let said = |message, class: &str| texted("span", class, move || form.text(message));
    let received = receipt.received_at.clone();
    let since = el("b").bind_text(move || moment(&received, &form.language.read().tag));
    el("p")
        .class("receipt")
        .child(said(Message::ReceiptLabel, ""))
        .child(el("strong").attr("data-receipt", "").text(&receipt.receipt))
        .child(said(Message::ReceivedLabel, ""))
        .child(since)
        .child(said(Message::ReceiptHint, "hint"))
}

/// A moment in the respondent's own zone and the language that is shown.
fn moment(iso: &str, tag: &str) -> String {
    let options = js_sys::Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        js::set(&options, key, &value.into());
    }
    let date = js_sys::Date::new(&iso.into());
    let words = js::call(&date, "toLocaleString", &[tag.into(), options.into()]);
    let words = words.ok().and_then(|words| words.as_string());
    words.unwrap_or_else(|| iso.to_owned())
}

fn copy_button(form: Form) -> El {
    let timer = Timer::default();
    let button = texted("button", "quiet", move || form.text(Message::CopyAnswers));
    let button = button.attr("type", "button").attr("data-act", "copy");
    let shown = button.clone();
    button.on("click", move |_| {
        let clipboard = js::get(&js::get(&js_sys::global(), "navigator"), "clipboard");
        // Where there is no clipboard, the button goes on offering.
        if js::call(&clipboard, "writeText", &[words(form).into()]).is_ok() {
            shown.clone().text(&form.text(Message::Copied));
            let shown = shown.clone();
            timer.start(
                COPIED_MS,
                Box::new(move || drop(shown.text(&form.text(Message::CopyAnswers)))),
            );
        }
    })
}

/// The respondent's answers as text: each question and what was said.
fn words(form: Form) -> String {
    form.look(|session| {
        let mut words = String::new();
        for question in session.definition().questions() {
            let answer = session.answer(&question.name);
            if !answer.is_empty() {
                words.push_str(&form.piped(&question.title));
                words.push('\n');
                words.push_str(
                    &answer
                        .as_text()
                        .map_or_else(|| js::to_json(answer), str::to_owned),
                );
                words.push_str("\n\n");
            }
        }
        words
    })
}
