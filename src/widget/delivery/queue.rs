//! Answer sheets that wait on the device until the endpoint has them.
//!
//! A sheet is saved before it is sent and removed only when the endpoint's own receipt for it was read. Sheets that are
//! not complete stay as drafts, so that closing the page loses nothing. There is one queue for all widgets of a page.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Math, Object, Uint8Array};
use wasm_bindgen::JsValue;

use super::super::client::{Client, ClientError};
use super::js;
use super::storage::Storage;
use crate::api::{ProblemCode, Receipt, Submission, SubmissionId};

/// A draft that nobody went on with for this long is let go, in milliseconds: 7 days.
const DRAFT_MS: f64 = 7.0 * 24.0 * 60.0 * 60.0 * 1000.0;
/// How often a revision number that another tab has used is counted up before the sheet is left for later.
const REVISION_TRIES: u32 = 20;

/// One saved sheet.
#[derive(Clone, Debug)]
pub(super) struct SavedSheet {
    /// What is sent.
    pub(super) submission: Submission,
    /// The endpoint it is for.
    pub(super) endpoint: String,
    /// When it was last saved, by the device's clock, in milliseconds.
    pub(super) saved_at: f64,
    /// Whether the endpoint has acknowledged this revision.
    pub(super) is_sent: bool,
}

/// The queue; a handle to the page's only one.
#[derive(Clone, Debug)]
pub(super) struct Queue(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Nothing where the browser does not let us store.
    storage: Option<Storage>,
    /// What could not be stored, and what this page itself has in hand.
    memory: RefCell<Vec<SavedSheet>>,
    /// Sheets that a widget on this page is filling in.
    in_hand: RefCell<Vec<SubmissionId>>,
}

thread_local! {
    static QUEUE: RefCell<Option<Queue>> = const { RefCell::new(None) };
}

/// What became of sending a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sent {
    /// The endpoint has it.
    Acknowledged(Receipt),
    /// The endpoint had it already, complete, from another tab.
    AlreadyComplete,
    /// It stays in the queue.
    Waiting(ClientError),
}

impl Queue {
    /// The page's queue, opened at the first call.
    pub(super) async fn open() -> Self {
        if let Some(queue) = QUEUE.with_borrow(Clone::clone) {
            return queue;
        }
        let storage = Storage::open().await.ok();
        // Another widget of the page may have opened it meanwhile.
        QUEUE.with_borrow_mut(|queue| {
            queue
                .get_or_insert_with(|| {
                    let inner = Inner {
                        storage,
                        memory: RefCell::default(),
                        in_hand: RefCell::default(),
                    };
                    Self(Rc::new(inner))
                })
                .clone()
        })
    }

    /// Whether sheets survive the page.
    pub(super) fn is_durable(&self) -> bool {
        self.0.storage.is_some()
    }

    /// Says that a widget is filling in this sheet, so that no other one resumes or sends it.
    pub(super) fn take_in_hand(&self, id: SubmissionId) {
        self.0.in_hand.borrow_mut().push(id);
    }

    /// Says that the widget is gone.
    pub(super) fn let_go(&self, id: SubmissionId) {
        self.0.in_hand.borrow_mut().retain(|held| *held != id);
    }

    /// Saves a sheet; true if it is on disk, false if only this page has it.
    pub(super) async fn save(&self, sheet: &SavedSheet) -> bool {
        let id = sheet.submission.id;
        let stored = match &self.0.storage {
            Some(storage) => storage.put(&id.to_string(), &sheet.to_js()).await.is_ok(),
            None => false,
        };
        let mut memory = self.0.memory.borrow_mut();
        memory.retain(|other| other.submission.id != id);
        if !stored {
            memory.push(sheet.clone());
        }
        stored
    }

    /// Everything that is saved.
    pub(super) async fn all(&self) -> Vec<SavedSheet> {
        let mut sheets = self.0.memory.borrow().clone();
        if let Some(storage) = &self.0.storage
            && let Ok(stored) = storage.all().await
        {
            let stored = stored
                .iter()
                .filter_map(|sheet| SavedSheet::from_js(&sheet));
            let unknown: Vec<_> = stored
                .filter(|sheet| {
                    !sheets
                        .iter()
                        .any(|other| other.submission.id == sheet.submission.id)
                })
                .collect();
            sheets.extend(unknown);
        }
        sheets
    }

    /// The draft that this respondent left: the youngest of the same endpoint, survey, version and context.
    pub(super) async fn draft(&self, like: &Submission, endpoint: &str) -> Option<SavedSheet> {
        let mut drafts = self.all().await;
        drafts.retain(|sheet| {
            let submission = &sheet.submission;
            !submission.complete
                && sheet.age() < DRAFT_MS
                && sheet.endpoint == endpoint
                && submission.survey == like.survey
                && submission.version == like.version
                && submission.context == like.context
                && !self.0.in_hand.borrow().contains(&submission.id)
        });
        drafts
            .into_iter()
            .max_by(|a, b| a.saved_at.total_cmp(&b.saved_at))
    }

    /// Saves and sends a sheet; counts the revision up where another tab was there first.
    pub(super) async fn send(&self, client: &Client, sheet: &mut SavedSheet) -> Sent {
        for _ in 0..REVISION_TRIES {
            self.save(sheet).await;
            let submission = &sheet.submission;
            let id = submission.id.to_string();
            match client.send(&id, &js::to_json(&submission.to_value())).await {
                Ok(receipt) => {
                    self.acknowledge(sheet).await;
                    return Sent::Acknowledged(receipt);
                }
                Err(ClientError::Refused(ProblemCode::RevisionTaken)) => {
                    sheet.submission.revision += 1;
                }
                Err(ClientError::Refused(ProblemCode::AlreadyComplete)) => {
                    self.forget(sheet).await;
                    return Sent::AlreadyComplete;
                }
                Err(error) => return Sent::Waiting(error),
            }
        }
        Sent::Waiting(ClientError::Busy(None))
    }

    /// Sends what no widget has in hand, and lets go of old drafts; true if something still waits.
    pub(super) async fn flush(&self, client: &Client) -> bool {
        let mut sheets = self.all().await;
        sheets.retain(|sheet| {
            sheet.endpoint == client.endpoint
                && !self.0.in_hand.borrow().contains(&sheet.submission.id)
        });
        let mut waits = false;
        for mut sheet in sheets {
            if !sheet.is_sent {
                match self.send(client, &mut sheet).await {
                    // One refusal says nothing of the next sheet; without a network there is no next.
                    Sent::Waiting(ClientError::Unreachable | ClientError::OriginRefused) => {
                        return true;
                    }
                    Sent::Waiting(ClientError::Busy(_)) => waits = true,
                    Sent::Waiting(ClientError::Refused(_))
                    | Sent::Acknowledged(_)
                    | Sent::AlreadyComplete => {}
                }
            }
            if !sheet.submission.complete && sheet.age() > DRAFT_MS {
                self.forget(&sheet).await;
            }
        }
        waits
    }

    /// Removes a sheet for good.
    pub(super) async fn forget(&self, sheet: &SavedSheet) {
        let submission = &sheet.submission;
        self.0
            .memory
            .borrow_mut()
            .retain(|other| other.submission.id != submission.id);
        if let Some(storage) = &self.0.storage {
            // A sheet that could not be removed is sent again, and the endpoint stores it once.
            storage
                .remove(&submission.id.to_string(), submission.revision)
                .await
                .ok();
        }
    }

    async fn acknowledge(&self, sheet: &mut SavedSheet) {
        sheet.is_sent = true;
        if sheet.submission.complete {
            self.forget(sheet).await;
        } else if !self.0.in_hand.borrow().contains(&sheet.submission.id) {
            // What a widget has in hand may have been saved anew since it was sent.
            self.save(sheet).await;
        }
    }
}

impl SavedSheet {
    /// A sheet that is to be sent.
    pub(super) fn new(submission: Submission, endpoint: &str) -> Self {
        Self {
            submission,
            endpoint: endpoint.to_owned(),
            saved_at: Date::now(),
            is_sent: false,
        }
    }

    fn age(&self) -> f64 {
        Date::now() - self.saved_at
    }

    fn to_js(&self) -> JsValue {
        let object = Object::new();
        js::set(&object, "endpoint", &JsValue::from_str(&self.endpoint));
        js::set(&object, "savedAt", &JsValue::from_f64(self.saved_at));
        js::set(&object, "sent", &JsValue::from_bool(self.is_sent));
        js::set(
            &object,
            "revision",
            &JsValue::from_f64(f64::from(self.submission.revision)),
        );
        js::set(
            &object,
            "sheet",
            &js::from_value(&self.submission.to_value()),
        );
        object.into()
    }

    /// Nothing for what another version of this code has left.
    fn from_js(object: &JsValue) -> Option<Self> {
        Some(Self {
            submission: Submission::from_value(&js::to_value(&js::get(object, "sheet"))).ok()?,
            endpoint: js::get(object, "endpoint").as_string()?,
            saved_at: js::get(object, "savedAt").as_f64()?,
            is_sent: js::get(object, "sent").as_bool()?,
        })
    }
}

/// A new id: 128 random bits from the browser.
pub(super) fn new_id() -> SubmissionId {
    let bytes = Uint8Array::new_with_length(16);
    let filled = js::call(
        &js::get(&js_sys::global(), "crypto"),
        "getRandomValues",
        &[bytes.clone().into()],
    );
    debug_assert!(
        filled.is_ok(),
        "the loader lets no browser in that has no crypto"
    );
    let mut id = [0; 16];
    bytes.copy_to(&mut id);
    SubmissionId::from_bytes(id)
}

/// How long to wait before the next try, in milliseconds: full jitter over a range that doubles, at most five minutes;
/// never less than the endpoint asked for.
pub(super) fn backoff_ms(tries: u32, asked_seconds: u32) -> u32 {
    let range = f64::from(2_000_u32.saturating_mul(1 << tries.min(8))).min(300_000.0);
    let asked = f64::from(asked_seconds.min(3_600)) * 1000.0;
    (asked + Math::random() * range).max(500.0) as u32
}

/// The time now as RFC 3339 in UTC.
pub(super) fn now() -> String {
    Date::new_0().to_iso_string().into()
}
