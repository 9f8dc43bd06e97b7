//! The end: thanks, the receipt, and where the answers are.

use gloo::timers::callback::Timeout;
use leptos::html::H2;
use leptos::prelude::*;

use super::super::client::ClientError;
use super::super::queue::Sent;
use super::Interview;
use crate::messages::Message;

/// What is said of answers that are not with the endpoint yet.
fn notice(sent: &Sent, is_durable: bool) -> Option<(&'static str, Message)> {
    match sent {
        Sent::Acknowledged(_) | Sent::AlreadyComplete => None,
        Sent::Waiting(ClientError::Refused(_)) => Some(("refused", Message::Refused)),
        Sent::Waiting(ClientError::OriginRefused) => Some(("refused-origin", Message::OriginRefused)),
        Sent::Waiting(_) if !is_durable => Some(("memory", Message::SavedInMemory)),
        Sent::Waiting(_) => Some(("offline", Message::SavedOnDevice)),
    }
}

/// The survey after its last page.
#[component]
pub(super) fn Done(
    /// The survey.
    interview: Interview,
) -> impl IntoView {
    let form = interview.form;
    let heading = NodeRef::<H2>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            // The button that had the focus is gone.
            heading.focus().ok();
        }
    });
    let notice = move || interview.sent.read().as_ref().and_then(|sent| notice(sent, interview.is_durable));
    let receipt = move || match interview.sent.get() {
        Some(Sent::Acknowledged(receipt)) => Some(receipt.receipt),
        _ => None,
    };
    let completed = form.session.with_untracked(|session| session.definition().completed.clone());
    let text = move || {
        let own = form.resolve(&completed);
        if own.is_empty() { form.text(Message::ThankYouText) } else { own }
    };
    let is_refused = move || matches!(notice(), Some(("refused" | "refused-origin", _)));
    let is_copied = RwSignal::new(false);
    let timer = StoredValue::new_local(None::<Timeout>);
    let on_copy = move |_| {
        copy(&words(interview));
        is_copied.set(true);
        timer.set_value(Some(Timeout::new(3000, move || is_copied.set(false))));
    };
    view! {
        <div class="done">
            <span class="seal" aria-hidden="true" class:waiting=move || notice().is_some()></span>
            <h2 tabindex="-1" node_ref=heading>{move || form.text(Message::ThankYou)}</h2>
            <p class="thanks">{text}</p>
            <p class="notice" part="notice" role="status" data-notice=move || notice().map(|(name, _)| name)>
                {move || notice().map(|(_, message)| form.text(message))}
            </p>
            {move || is_refused().then(|| view! {
                <button type="button" class="quiet" data-act="copy" on:click=on_copy>
                    {move || form.text(if is_copied.get() { Message::Copied } else { Message::CopyAnswers })}
                </button>
            })}
            {move || receipt().map(|receipt| view! {
                <p class="receipt">
                    <span class="receipt-label">{move || form.text(Message::ReceiptLabel)}</span>
                    <strong data-receipt>{receipt}</strong>
                    <span class="receipt-hint">{move || form.text(Message::ReceiptHint)}</span>
                </p>
            })}
        </div>
    }
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
            words.push_str(&answer.as_text().map_or_else(|| super::super::js::to_json(answer), str::to_owned));
            words.push_str("\n\n");
        }
    }
    words
}

fn copy(text: &str) {
    use super::super::js;
    let clipboard = js::get(&js::get(&js_sys::global(), "navigator"), "clipboard");
    // Where the browser refuses, the words still stand in the form above the fold of the page.
    js::call(&clipboard, "writeText", &[text.into()]).ok();
}
