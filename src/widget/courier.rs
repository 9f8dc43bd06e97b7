//! Carries one sheet from the session to the queue and the endpoint: drafts, partial revisions, the complete sheet.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Date, Promise};
use wasm_bindgen_futures::JsFuture;
use web_sys::AddEventListenerOptions;

use super::client::{Client, ClientError};
use super::queue::{Queue, SavedSheet, Sent, backoff_ms};
use crate::api::{Submission, limits};
use crate::survey::Session;

/// One sheet on its way; clones are handles to the same one.
#[derive(Clone, Debug)]
pub(super) struct Courier(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    queue: Queue,
    /// The sheet as it was last written; its revision is the next one that is sent.
    submission: RefCell<Submission>,
    /// When the respondent began, less what earlier visits took, in milliseconds of the device's clock.
    begun: f64,
    /// Whether an answer was given that no revision has carried yet.
    has_news: Cell<bool>,
    is_delivering: Cell<bool>,
    is_dropped: Cell<bool>,
}

impl Courier {
    /// A courier for this sheet, which no other widget of the page may resume meanwhile.
    pub(super) fn new(client: Client, queue: Queue, submission: Submission) -> Self {
        queue.take_in_hand(submission.id);
        let begun = Date::now() - submission.elapsed_ms as f64;
        let submission = RefCell::new(submission);
        let inner = Inner {
            client,
            queue,
            submission,
            begun,
            has_news: Cell::new(false),
            is_delivering: Cell::new(false),
            is_dropped: Cell::new(false),
        };
        Self(Rc::new(inner))
    }

    /// Whether sheets survive the page.
    pub(super) fn is_durable(&self) -> bool {
        self.0.queue.is_durable()
    }

    /// Saves what was answered on this device, without sending it.
    pub(super) async fn save_draft(&self, session: &Session, locale: &str) {
        self.0.has_news.set(true);
        let sheet = self.write(session, locale, false);
        self.0.queue.save(&sheet).await;
    }

    /// Sends the page that was left as a partial revision. If it gets lost, the next one carries everything again.
    pub(super) async fn send_partial(&self, session: &Session, locale: &str) {
        let mut sheet = self.write(session, locale, false);
        self.count_up();
        self.0.queue.send(&self.0.client, &mut sheet).await;
    }

    /// Sends what was answered since the last revision while the page closes.
    pub(super) fn send_last(&self, session: &Session, locale: &str) {
        if !self.0.has_news.get() {
            return;
        }
        let sheet = self.write(session, locale, session.is_complete());
        self.count_up();
        let body = super::js::to_json(&sheet.submission.to_value());
        if body.len() <= limits::BODY_BYTES {
            self.0.client.send_last(&body);
        }
        let queue = self.0.queue.clone();
        leptos::task::spawn_local(async move {
            queue.save(&sheet).await;
        });
    }

    /// Sends the complete sheet until the endpoint has it or refuses it for good; `tell` hears of every try.
    pub(super) async fn deliver(&self, session: &Session, locale: &str, tell: impl Fn(Sent)) {
        self.0.is_delivering.set(true);
        let mut sheet = self.write(session, locale, true);
        self.count_up();
        let mut tries = 0;
        loop {
            let sent = self.0.queue.send(&self.0.client, &mut sheet).await;
            tell(sent.clone());
            let asked = match sent {
                Sent::Acknowledged(_)
                | Sent::AlreadyComplete
                | Sent::Waiting(ClientError::Refused(_)) => break,
                Sent::Waiting(ClientError::Busy(seconds)) => seconds,
                Sent::Waiting(ClientError::Unreachable | ClientError::OriginRefused) => None,
            };
            wait_or_online(backoff_ms(tries, asked)).await;
            tries += 1;
            if self.0.is_dropped.get() {
                break;
            }
        }
    }

    /// Sends what earlier visits left behind, as often as it takes while the widget is on the page.
    pub(super) async fn flush(&self) {
        let mut tries = 0;
        while self.0.queue.flush(&self.0.client).await && !self.0.is_dropped.get() {
            wait_or_online(backoff_ms(tries, None)).await;
            tries += 1;
        }
    }

    /// Whether the complete sheet is on its way.
    pub(super) fn is_delivering(&self) -> bool {
        self.0.is_delivering.get()
    }

    /// The widget is gone: what waits is sent at the next visit.
    pub(super) fn drop_in_hand(&self) {
        self.0.is_dropped.set(true);
        self.0.queue.let_go(self.0.submission.borrow().id);
    }

    fn write(&self, session: &Session, locale: &str, complete: bool) -> SavedSheet {
        let mut submission = self.0.submission.borrow_mut();
        submission.answers = session.sheet();
        submission.page = session.page().map(|page| page.name.clone());
        locale.clone_into(&mut submission.locale);
        submission.complete = complete;
        submission.elapsed_ms =
            (Date::now() - self.0.begun).clamp(0.0, limits::ELAPSED_MS as f64) as u64;
        SavedSheet::new(submission.clone(), &self.0.client.endpoint)
    }

    fn count_up(&self) {
        self.0.has_news.set(false);
        self.0.submission.borrow_mut().revision += 1;
    }
}

/// Waits so many milliseconds, or until the browser says that the network is back.
async fn wait_or_online(ms: u32) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let waited = Promise::new(&mut |resolve, _| {
        let once = AddEventListenerOptions::new();
        once.set_once(true);
        let listened = window.add_event_listener_with_callback_and_add_event_listener_options(
            "online", &resolve, &once,
        );
        let timed =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms as i32);
        debug_assert!(
            listened.is_ok() && timed.is_ok(),
            "a window has events and timers"
        );
    });
    // A wait that fails is a wait of no length.
    JsFuture::from(waited).await.ok();
}
