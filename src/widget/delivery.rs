//! What becomes of the answers: drafts, partial revisions, the complete sheet, and what the respondent reads of it.
//!
//! A part: it is fetched while the respondent reads the first question.

/// Pages that go on by themselves.
mod advance;
/// A survey that is closed.
pub(super) mod closed;
/// The end: thanks, the receipt, and where the answers are.
mod done;
/// Answer sheets that wait on the device until the endpoint has them.
pub(super) mod queue;
/// The browser's database, which may be missing or refuse.
mod storage;

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use self::queue::{Queue, Sent};
use super::app::Shown;
use super::client::{Client, ClientError};
use super::dom::{El, listen};
use super::element::Settings;
use super::environment;
use super::form::{Form, Language};
use super::js;
use super::languages;
use super::sheet::{SavedSheet, Sheet};
use super::trap::trap;
use crate::api::limits;
use crate::survey::Session;

/// What the queue is opened with.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// What the element says, and where sheets go.
    pub(super) settings: Rc<Settings>,
    /// The sheet that is filled in.
    pub(super) sheet: Rc<Sheet>,
    /// Where its respondent stands.
    pub(super) form: Form,
}

/// The open queue.
pub(super) struct Opened {
    /// What carries this survey's sheet.
    pub(super) courier: Rc<dyn Courier>,
    /// Whether the respondent goes on where an earlier visit stopped.
    pub(super) is_resumed: bool,
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

/// Opens the queue, goes on with the draft of an earlier visit, and sends what earlier visits left behind.
pub(super) fn open(opening: Opening) -> Pin<Box<dyn Future<Output = Opened>>> {
    Box::pin(async move {
        let Opening {
            settings,
            sheet,
            form,
        } = opening;
        let client = settings.client.clone();
        let queue = Queue::open().await;
        let own = sheet.write(form, false);
        queue.take_in_hand(own.id());
        queue.take_over().await;
        let draft = queue.draft(&own).await;
        let carriage = Rc::new(Carriage {
            settings,
            client,
            queue,
            sheet,
            carried: Cell::new(0),
            is_delivering: Cell::new(false),
            is_dropped: Cell::new(false),
        });
        // The widget may have been removed meanwhile.
        let draft = draft.filter(|_| !form.session.is_disposed());
        let is_resumed = match draft {
            Some(draft) => carriage.resume(&own, &draft, form).await,
            None => false,
        };
        spawn_local(flush(carriage.clone()));
        Opened {
            courier: Rc::new(carriage),
            is_resumed,
        }
    })
}

/// One sheet on its way.
#[derive(Debug)]
struct Carriage {
    settings: Rc<Settings>,
    client: Client,
    queue: Queue,
    sheet: Rc<Sheet>,
    /// How many answers had been given when the last revision was sent.
    carried: Cell<u32>,
    is_delivering: Cell<bool>,
    is_dropped: Cell<bool>,
}

impl Courier for Rc<Carriage> {
    fn is_durable(&self) -> bool {
        self.queue.is_durable()
    }

    fn save_draft(&self, form: Form) {
        let saved = self.sheet.write(form, false);
        self.save(saved);
    }

    fn send_partial(&self, form: Form) {
        let saved = self.sheet.write(form, false);
        self.count_up(form);
        let carriage = self.clone();
        spawn_local(async move {
            carriage.queue.send(&carriage.client, &saved).await;
        });
    }

    fn deliver(&self, form: Form, shown: Shown) {
        self.is_delivering.set(true);
        let saved = self.sheet.write(form, true);
        self.count_up(form);
        spawn_local(deliver(self.clone(), saved, form, shown));
    }

    fn watch(&self, form: Form, element: El, go_on: Rc<dyn Fn()>) {
        self.show_languages(form, &element);
        // Browsers bring the caret of a field into sight, and not the field: the bar may lie on it.
        let of = element.clone();
        let element = element.on("keyup", move |event| {
            if js::get(event, "key").as_string().as_deref() == Some("Tab") {
                of.find(":focus").iter().for_each(El::reveal);
            }
        });
        let element = element.child(trap(&self.settings.context));
        let carriage = self.clone();
        let on_hide = move |_: &web_sys::Event| carriage.send_last(form);
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
            self.queue.let_go(
                &js::get(&self.sheet.head, "id")
                    .as_string()
                    .unwrap_or_default(),
            );
        }
    }
}

impl Carriage {
    /// Goes on with an earlier visit's sheet instead of our own new one. What was answered on this page already counts, the
    /// rest comes from the draft; says whether the respondent is shown where they stopped.
    async fn resume(&self, own: &SavedSheet, draft: &SavedSheet, form: Form) -> bool {
        let body = draft.body();
        let mut answers = js::to_value(&js::get(&body, "answers"));
        let mut page = js::get(&body, "page").as_string();
        let is_untouched = form.answered.get_untracked() == 0;
        form.session.update(|session| {
            if !is_untouched {
                page = session.page().map(|page| page.name.clone());
                for (name, answer) in session.answers().as_object().unwrap_or_default() {
                    answers.set(name, answer.clone());
                }
            }
            *session = Session::resume(
                session.definition(),
                environment::of_browser(),
                &answers,
                page.as_deref(),
            );
        });
        self.queue.take_in_hand(draft.id());
        for key in ["id", "started_at"] {
            js::set(&self.sheet.head, key, &js::get(&body, key));
        }
        let elapsed = js::get(&body, "elapsed_ms").as_f64().unwrap_or_default();
        self.sheet.begun.set(self.sheet.begun.get() - elapsed);
        // Whether the last visit's revision arrived is not known.
        self.sheet.revision.set(draft.revision() + 1);
        if is_untouched {
            form.turned.set(form.turned.get_untracked() + 1);
        } else {
            // Only when everything stands in one sheet is the other one let go.
            self.queue.save(&self.sheet.write(form, false)).await;
        }
        self.queue.forget(own).await;
        is_untouched
    }

    /// Offers the languages that both the survey and this build have.
    fn show_languages(&self, form: Form, element: &El) {
        let definition = form
            .session
            .with_untracked(|session| session.definition().clone());
        let languages = self.settings.languages.iter();
        let usable = languages.filter(|tag| definition.has_language(tag));
        let texts = self.settings.texts.clone();
        let speak = move |tag: String| {
            let texts = texts.clone();
            spawn_local(async move {
                // Without a network the language that is shown stays.
                if let Some(strings) = languages::fetch(&texts, &tag).await {
                    form.language.try_set(Language { tag, strings });
                }
            });
        };
        let usable = usable.cloned().collect();
        let switch = languages::switch(usable, form.language, Box::new(speak));
        if let Some(top) = element.find(".top") {
            top.children(switch);
        }
    }

    fn save(&self, saved: SavedSheet) {
        let queue = self.queue.clone();
        spawn_local(async move {
            queue.save(&saved).await;
        });
    }

    fn count_up(&self, form: Form) {
        self.carried.set(form.answered.get_untracked());
        self.sheet.revision.set(self.sheet.revision.get() + 1);
    }

    /// Sends what was answered since the last revision while the page closes.
    fn send_last(&self, form: Form) {
        if form.answered.get_untracked() == self.carried.get() || self.is_delivering.get() {
            return;
        }
        let saved = self.sheet.write(form, false);
        self.count_up(form);
        let body = saved.json();
        if body.len() <= limits::BODY_BYTES {
            self.client.send_last(&body);
        }
        self.save(saved);
    }
}

/// Sends the complete sheet until the endpoint has it or refuses it for good, and shows what came of it.
async fn deliver(carriage: Rc<Carriage>, saved: SavedSheet, form: Form, shown: Shown) {
    let mut tries = 0;
    loop {
        let sent = carriage.queue.send(&carriage.client, &saved).await;
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
        done::show(
            &shown,
            &carriage.settings,
            form,
            sent,
            carriage.queue.is_durable(),
        );
        let Some(asked) = asked else { return };
        wait_or_online(queue::backoff_ms(tries, asked)).await;
        tries += 1;
    }
}

/// Sends what earlier visits left behind, as often as it takes while the widget is on the page.
async fn flush(carriage: Rc<Carriage>) {
    let mut tries = 0;
    while carriage.queue.flush(&carriage.client).await && !carriage.is_dropped.get() {
        wait_or_online(queue::backoff_ms(tries, 0)).await;
        tries += 1;
    }
}

/// Waits so many milliseconds, or until the browser says that the network is back.
pub(super) async fn wait_or_online(ms: u32) {
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
