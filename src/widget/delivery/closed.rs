//! A survey that is closed: what its supplier says, and what of earlier visits still waits on the device.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::app::{Shown, Stage};
use super::super::dom::{el, texted};
use super::super::element::Settings;
use super::super::form::{self, Language};
use super::queue::{self, Queue};
use super::wait_or_online;
use crate::messages::Message;

/// Says that the survey is closed, in the supplier's words where there are some, and sends what waits for as long as the
/// widget is on the page.
pub(in super::super) fn show(shown: Shown, settings: Rc<Settings>, language: RwSignal<Language>) {
    spawn_local(async move {
        let client = &settings.client;
        let words = client.closed_words(&settings.survey).await;
        if language.is_disposed() {
            return;
        }
        let name = settings.survey.as_str().into();
        shown.tell("qing-error", &[("survey", name)]);
        shown.show(Stage::Unavailable, || {
            let said = texted("p", "", move || {
                let own = language.with(|language| words.resolve(&language.tag).to_owned());
                if own.is_empty() {
                    form::text(language, Message::NotAvailable)
                } else {
                    own
                }
            });
            let plain = el("div").class("plain").attr("role", "alert").child(said);
            vec![plain]
        });
        let queue = Queue::open().await;
        queue.take_over().await;
        let mut tries = 0;
        while queue.flush(client).await && !language.is_disposed() {
            wait_or_online(queue::backoff_ms(tries, 0)).await;
            tries += 1;
        }
    });
}
