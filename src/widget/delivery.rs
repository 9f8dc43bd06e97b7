//! What becomes of the answers: drafts, partial revisions, the complete sheet, and what the respondent reads of it.
//!
//! A part: it is fetched while the respondent reads the first question.

/// Pages that go on by themselves.
mod advance;
/// The end: thanks, the receipt, and where the answers are.
mod done;
/// Answer sheets that wait on the device until the endpoint has them.
mod queue;
/// The browser's database, which may be missing or refuse.
mod storage;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Date, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use self::queue::{Queue, SavedSheet, Sent};
use super::app::Shown;
use super::client::{Client, ClientError};
use super::dom::{El, listen};
use super::element::Settings;
use super::form::Form;
use super::js;
use crate::api::{Submission, limits};
use crate::survey::{Session, Value};

/// What the queue is opened with.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// What the attributes say.
    pub(super) settings: Rc<Settings>,
    /// The version of the survey that is shown.
    pub(super) version: u32,
}

/// The open queue.
pub(super) struct Opened {
    /// What carries this survey's sheet.
    pub(super) courier: Rc<dyn Courier>,
    /// What this respondent left at an earlier visit: answers, and the page that was reached.
    pub(super) draft: Option<(Value, Option<String>)>,
}

/// Carries one sheet from the session to the device and the endpoint. Behind a trait, so that the main part does not
/// carry the code.
pub(super) trait Courier {
    /// Whether sheets survive the page.
    fn is_durable(&self) -> bool;
    /// Saves what was answered on this device, without sending it.
    fn save_draft(&self, form: Form);
    /// Sends the page that was left as a partial revision. If it gets lost, the next one carries everything again.
    fn send_partial(&self, form: Form);
    /// Sends the complete sheet until the endpoint has it or refuses it for good, and shows the end.
    fn deliver(&self, form: Form, shown: Shown);
    /// Follows the form from now on: sends what is not sent yet when the page is left, and goes on by itself where the
    /// survey says so.
    fn watch(&self, form: Form, element: El, go_on: Rc<dyn Fn()>);
    /// The widget is gone: what waits is sent at the next visit.
    fn let_go(&self);
}

/// Opens the queue, looks for a draft, and sends what earlier visits left behind.
pub(super) fn open(opening: Opening) -> Pin<Box<dyn Future<Output = Opened>>> {
    Box::pin(async move {
        let Opening { settings, version } = opening;
        let queue = Queue::open().await;
        let mut submission = Submission {
            id: queue::new_id(),
            survey: settings.survey.clone(),
            version,
            revision: 1,
            complete: false,
            locale: settings.language.clone(),
            started_at: queue::now(),
            elapsed_ms: 0,
            page: None,
            answers: Value::Object(Vec::new()),
            context: settings.context.clone(),
        };
        let draft = queue.draft(&submission, &settings.client.endpoint).await;
        if let Some(draft) = &draft {
            submission.clone_from(&draft.submission);
            // Whether the last visit's revision arrived is not known.
            submission.revision += 1;
        }
        queue.take_in_hand(submission.id);
        let sheet = Sheet {
            client: settings.client.clone(),
            queue,
            begun: Date::now() - submission.elapsed_ms as f64,
            submission: RefCell::new(submission),
            carried: Cell::new(0),
            is_delivering: Cell::new(false),
            is_dropped: Cell::new(false),
        };
        let sheet = Rc::new(sheet);
        spawn_local(flush(sheet.clone()));
        let draft = draft.map(|draft| (draft.submission.answers, draft.submission.page));
        Opened {
            courier: Rc::new(sheet),
            draft,
        }
    })
}

/// One sheet on its way.
#[derive(Debug)]
struct Sheet {
    client: Client,
    queue: Queue,
    /// The sheet as it was last written; its revision is the next one that is sent.
    submission: RefCell<Submission>,
    /// When the respondent began, less what earlier visits took, in milliseconds of the device's clock.
    begun: f64,
    /// How many answers had been given when the last revision was sent.
    carried: Cell<u32>,
    is_delivering: Cell<bool>,
    is_dropped: Cell<bool>,
}

impl Courier for Rc<Sheet> {
    fn is_durable(&self) -> bool {
        self.queue.is_durable()
    }

    fn save_draft(&self, form: Form) {
        let saved = self.write(form, false);
        self.save(saved);
    }

    fn send_partial(&self, form: Form) {
        let mut saved = self.write(form, false);
        self.count_up(form);
        let sheet = self.clone();
        spawn_local(async move {
            sheet.queue.send(&sheet.client, &mut saved).await;
        });
    }

    fn deliver(&self, form: Form, shown: Shown) {
        self.is_delivering.set(true);
        let saved = self.write(form, true);
        self.count_up(form);
        spawn_local(deliver(self.clone(), saved, form, shown));
    }

    fn watch(&self, form: Form, element: El, go_on: Rc<dyn Fn()>) {
        let sheet = self.clone();
        let on_hide = move |_: &web_sys::Event| sheet.send_last(form);
        if let Some(window) = web_sys::window() {
            listen(&window, "pagehide", Box::new(on_hide));
        }
        if form
            .session
            .with_untracked(|session| session.definition().auto_advance)
        {
            advance::watch(form, element, go_on);
        }
    }

    fn let_go(&self) {
        if !self.is_delivering.get() {
            self.is_dropped.set(true);
            self.queue.let_go(self.submission.borrow().id);
        }
    }
}

impl Sheet {
    fn write(&self, form: Form, complete: bool) -> SavedSheet {
        let mut submission = self.submission.borrow_mut();
        form.session.with_untracked(|session: &Session| {
            submission.answers = session.sheet();
            submission.page = session.page().map(|page| page.name.clone());
        });
        submission.locale = form.language.read_untracked().tag.clone();
        submission.complete = complete;
        submission.elapsed_ms =
            (Date::now() - self.begun).clamp(0.0, limits::ELAPSED_MS as f64) as u64;
        SavedSheet::new(submission.clone(), &self.client.endpoint)
    }

    fn save(&self, saved: SavedSheet) {
        let queue = self.queue.clone();
        spawn_local(async move {
            queue.save(&saved).await;
        });
    }

    fn count_up(&self, form: Form) {
        self.carried.set(form.answered.get_untracked());
        self.submission.borrow_mut().revision += 1;
    }

    /// Sends what was answered since the last revision while the page closes.
    fn send_last(&self, form: Form) {
        if form.answered.get_untracked() == self.carried.get() || self.is_delivering.get() {
            return;
        }
        let saved = self.write(form, false);
        self.count_up(form);
        let body = js::to_json(&saved.submission.to_value());
        if body.len() <= limits::BODY_BYTES {
            self.client.send_last(&body);
        }
        self.save(saved);
    }
}

/// Sends the complete sheet until the endpoint has it or refuses it for good, and shows what came of it.
async fn deliver(sheet: Rc<Sheet>, mut saved: SavedSheet, form: Form, shown: Shown) {
    let mut tries = 0;
    loop {
        let sent = sheet.queue.send(&sheet.client, &mut saved).await;
        let asked = match &sent {
            Sent::Waiting(ClientError::Busy(seconds)) => Some(seconds.unwrap_or_default()),
            Sent::Waiting(ClientError::Unreachable | ClientError::OriginRefused) => Some(0),
            Sent::Acknowledged(_)
            | Sent::AlreadyComplete
            | Sent::Waiting(ClientError::Refused(_)) => None,
        };
        if let Sent::Acknowledged(receipt) = &sent {
            shown.tell(
                "qing-submitted",
                &[("receipt", receipt.receipt.as_str().into())],
            );
        }
        done::show(&shown, form, sent, sheet.queue.is_durable());
        let Some(asked) = asked else { return };
        wait_or_online(queue::backoff_ms(tries, asked)).await;
        tries += 1;
    }
}

/// Sends what earlier visits left behind, as often as it takes while the widget is on the page.
async fn flush(sheet: Rc<Sheet>) {
    let mut tries = 0;
    while sheet.queue.flush(&sheet.client).await && !sheet.is_dropped.get() {
        wait_or_online(queue::backoff_ms(tries, 0)).await;
        tries += 1;
    }
}

/// Waits so many milliseconds, or until the browser says that the network is back.
async fn wait_or_online(ms: u32) {
    let waited = Promise::new(&mut |resolve, _| {
        let once = js_sys::Object::new();
        js::set(&once, "once", &true.into());
        let window = js_sys::global();
        let listened = js::call(
            &window,
            "addEventListener",
            &["online".into(), resolve.clone().into(), once.into()],
        );
        let timed = js::call(&window, "setTimeout", &[resolve.into(), ms.into()]);
        debug_assert!(
            listened.is_ok() && timed.is_ok(),
            "a window has events and timers"
        );
    });
    // A wait that fails is a wait of no length.
    JsFuture::from(waited).await.ok();
}
