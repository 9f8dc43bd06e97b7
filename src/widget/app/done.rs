//! The end: thanks, the receipt, and where the answers are.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::super::client::ClientError;
use super::super::dom::{El, el, soon, texted};
use super::super::js;
use super::super::queue::Sent;
use super::Interview;
use crate::messages::Message;

/// So long the button says that the answers were copied.
const COPIED_MS: u32 = 3000;

/// The survey after its last page.
pub(super) fn view(interview: Interview) -> El {
    let form = interview.form;
    let completed = form
        .session
        .with_untracked(|session| session.definition().completed.clone());
    let thanks = texted("p", "thanks", move || {
        let own = form.resolve(&completed);
        if own.is_empty() {
            form.text(Message::ThankYouText)
        } else {
            own
        }
    });
    let notice = move || {
        interview
            .sent
            .read()
            .as_ref()
            .and_then(|sent| notice(sent, interview.is_durable))
    };
    let said = texted("p", "notice", move || {
        notice()
            .map(|(_, message)| form.text(message))
            .unwrap_or_default()
    });
    let said = said.attr("part", "notice").attr("role", "status");
    let said = said.bind_attr("data-notice", move || {
        notice().map(|(name, _)| name.to_owned())
    });
    let seal = el("span").attr("aria-hidden", "true");
    let seal = seal.bind_attr("class", move || {
        Some(
            if notice().is_some() {
                "seal waiting"
            } else {
                "seal"
            }
            .to_owned(),
        )
    });
    let below = move || match interview.sent.get() {
        Some(Sent::Acknowledged(receipt)) => vec![receipt_view(interview, &receipt.receipt)],
        Some(Sent::Waiting(ClientError::Refused(_) | ClientError::OriginRefused)) => {
            vec![copy_button(interview)]
        }
        _ => Vec::new(),
    };
    let heading = texted("h2", "", move || form.text(Message::ThankYou)).attr("tabindex", "-1");
    let focused = heading.clone();
    // The button that had the focus is gone.
    soon(move || focused.focus());
    el("div")
        .class("done")
        .child(seal)
        .child(heading)
        .child(thanks)
        .child(said)
        .child(el("div").bind_children(below))
}

/// What is said of answers that are not with the endpoint yet.
fn notice(sent: &Sent, is_durable: bool) -> Option<(&'static str, Message)> {
    match sent {
        Sent::Acknowledged(_) | Sent::AlreadyComplete => None,
        Sent::Waiting(ClientError::Refused(_)) => Some(("refused", Message::Refused)),
        Sent::Waiting(ClientError::OriginRefused) => {
            Some(("refused-origin", Message::OriginRefused))
        }
        Sent::Waiting(_) if !is_durable => Some(("memory", Message::SavedInMemory)),
        Sent::Waiting(_) => Some(("offline", Message::SavedOnDevice)),
    }
}

fn receipt_view(interview: Interview, receipt: &str) -> El {
    let form = interview.form;
    let label = texted("span", "", move || form.text(Message::ReceiptLabel));
    let hint = texted("span", "", move || form.text(Message::ReceiptHint));
    let number = el("strong").attr("data-receipt", "").text(receipt);
    el("p")
        .class("receipt")
        .child(label)
        .child(number)
        .child(hint)
}

fn copy_button(interview: Interview) -> El {
    let form = interview.form;
    let is_copied = RwSignal::new(false);
    let timer = StoredValue::new_local(None::<Timeout>);
    let text = move || {
        form.text(if is_copied.get() {
            Message::Copied
        } else {
            Message::CopyAnswers
        })
    };
    let button = texted("button", "quiet", text)
        .attr("type", "button")
        .attr("data-act", "copy");
    button.on("click", move |_| {
        let clipboard = js::get(&js::get(&js_sys::global(), "navigator"), "clipboard");
        // Where there is no clipboard, the button goes on offering.
        if js::call(&clipboard, "writeText", &[words(interview).into()]).is_ok() {
            is_copied.set(true);
            timer.set_value(Some(Timeout::new(COPIED_MS, move || is_copied.set(false))));
        }
    })
}

/// The respondent's answers as text: each question and what was said.
fn words(interview: Interview) -> String {
    let session = interview.form.session.read_untracked();
    let mut words = String::new();
    for question in session.definition().questions() {
        let answer = session.answer(&question.name);
        if !answer.is_empty() {
            words.push_str(&interview.form.resolve(&question.title));
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
}
