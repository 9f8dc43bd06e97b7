//! Answer sheets that wait on the device until the endpoint has them.
//!
//! A sheet is saved before it is sent and removed only when the endpoint's own receipt for it was read. Sheets that are
//! not complete stay as drafts, so that closing the page loses nothing. There is one queue for all widgets of a page.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, JSON, Math, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::super::client::{Client, ClientError};
use super::super::sheet::{FIRST_PLACE, SavedSheet, first_place};
use super::js;
use super::storage::Storage;
use crate::api::{ProblemCode, Receipt};

/// A draft that nobody went on with for this long is let go, in milliseconds: 7 days.
const DRAFT_MS: f64 = 7.0 * 24.0 * 60.0 * 60.0 * 1000.0;
/// How often a revision number that another tab has used is counted up before the sheet is left for later.
const REVISION_TRIES: u32 = 20;

/// The queue; a handle to the page's only one.
#[derive(Clone, Debug)]
pub(in crate::widget) struct Queue(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Nothing where the browser does not let us store.
    storage: Option<Storage>,
    /// What could not be stored, and what this page itself has in hand.
    memory: RefCell<Vec<SavedSheet>>,
    /// Sheets that a widget on this page is filling in.
    in_hand: RefCell<Vec<String>>,
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
    pub(in crate::widget) async fn open() -> Self {
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
    pub(in crate::widget) fn is_durable(&self) -> bool {
        self.0.storage.is_some()
    }

    /// Says that a widget is filling in this sheet, so that no other one resumes or sends it.
    pub(in crate::widget) fn take_in_hand(&self, id: String) {
        self.0.in_hand.borrow_mut().push(id);
    }

    /// Says that the widget is gone.
    pub(in crate::widget) fn let_go(&self, id: &str) {
        self.0.in_hand.borrow_mut().retain(|held| held != id);
    }

    fn has_in_hand(&self, sheet: &SavedSheet) -> bool {
        self.0.in_hand.borrow().contains(&sheet.id())
    }

    /// Saves a sheet; true if it is on disk, false if only this page has it.
    pub(super) async fn save(&self, sheet: &SavedSheet) -> bool {
        let id = sheet.id();
        let stored = match &self.0.storage {
            Some(storage) => storage.put(&id, &sheet.0).await.is_ok(),
            None => false,
        };
        self.0.memory.borrow_mut().retain(|other| other.id() != id);
        if stored {
            leave_first_place(&id);
        } else {
            self.0.memory.borrow_mut().push(sheet.clone());
        }
        stored
    }

    /// Takes over what was answered before the queue was there; it leaves the first place as it is saved here.
    pub(super) async fn take_over(&self) {
        let place = first_place();
        let Some(kept) = place.dyn_ref::<Object>() else {
            return;
        };
        for key in Object::keys(kept).iter() {
            let json = key
                .as_string()
                .filter(|name| name.starts_with(FIRST_PLACE))
                .and_then(|name| js::get(&place, &name).as_string());
            if let Some(Ok(sheet)) = json.map(|json| JSON::parse(&json)) {
                self.save(&SavedSheet(sheet)).await;
            }
        }
    }

    /// Everything that is saved.
    pub(super) async fn all(&self) -> Vec<SavedSheet> {
        let mut sheets = self.0.memory.borrow().clone();
        if let Some(storage) = &self.0.storage
            && let Ok(stored) = storage.all().await
        {
            let stored = stored.iter().map(SavedSheet);
            let unknown: Vec<_> = stored
                .filter(|sheet| !sheets.iter().any(|other| other.id() == sheet.id()))
                .collect();
            sheets.extend(unknown);
        }
        sheets
    }

    /// The draft that this respondent left: the youngest of the same endpoint, survey, version and context.
    pub(super) async fn draft(&self, like: &SavedSheet) -> Option<SavedSheet> {
        let mut drafts = self.all().await;
        let place = |sheet: &SavedSheet| {
            let body = sheet.body();
            let same = ["survey", "version", "context"].map(|key| js::get(&body, key));
            let same = js_sys::Array::of2(
                &sheet.get("endpoint"),
                &same.iter().collect::<js_sys::Array>(),
            );
            JSON::stringify(&same).map(String::from).ok()
        };
        let here = place(like);
        drafts.retain(|sheet| {
            !sheet.is_complete()
                && !sheet.is_complaint()
                && sheet.age() < DRAFT_MS
                && place(sheet) == here
                && !self.has_in_hand(sheet)
        });
        drafts
            .into_iter()
            .min_by(|a, b| a.age().total_cmp(&b.age()))
    }

    /// Keeps a photo until the sheet that names it has arrived.
    pub(in crate::widget) async fn keep_photo(&self, id: &str, blob: &JsValue) {
        let (entry, body) = (Object::new(), Object::new());
        js::set(&body, "id", &id.into());
        js::set(&body, "revision", &1.into());
        js::set(&entry, "kind", &"photo".into());
        js::set(&entry, "savedAt", &Date::now().into());
        js::set(&entry, "sheet", &body);
        js::set(&entry, "blob", blob);
        self.save(&SavedSheet(entry.into())).await;
    }

    /// A photo that is kept, as a blob.
    pub(in crate::widget) async fn photo(&self, id: &str) -> Option<JsValue> {
        let mut kept = self.all().await.into_iter();
        let kept = kept.find(|entry| entry.is_photo() && entry.id() == id)?;
        Some(kept.get("blob"))
    }

    /// Lets a photo go that the person took away.
    pub(in crate::widget) async fn let_photo_go(&self, id: &str) {
        let mut kept = self.all().await.into_iter();
        if let Some(photo) = kept.find(|entry| entry.is_photo() && entry.id() == id) {
            self.forget(&photo).await;
        }
    }

    /// The photos that a sheet names.
    async fn photos_of(&self, sheet: &SavedSheet) -> Vec<SavedSheet> {
        let json = sheet.json();
        if !json.contains("image/jpeg") {
            return Vec::new();
        }
        let mut photos = self.all().await;
        photos.retain(|entry| entry.is_photo() && json.contains(&entry.id()));
        photos
    }

    /// Sends the photos that a sheet names and that are not there yet. What is refused stays behind: the answers count.
    async fn send_photos(&self, client: &Client, sheet: &SavedSheet) -> Result<(), ClientError> {
        for photo in self.photos_of(sheet).await {
            if photo.is_sent() {
                continue;
            }
            let sent = client
                .attach(&photo.id(), &photo.get("blob"), &sheet.body())
                .await;
            match sent {
                Ok(()) | Err(ClientError::Refused(_)) => {
                    photo.set("sent", &true.into());
                    self.save(&photo).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Saves and sends a sheet; counts the revision up where another tab was there first.
    pub(super) async fn send(&self, client: &Client, sheet: &SavedSheet) -> Sent {
        for _ in 0..REVISION_TRIES {
            self.save(sheet).await;
            if let Err(error) = self.send_photos(client, sheet).await {
                return Sent::Waiting(error);
            }
            match client.send(&sheet.id(), &sheet.json()).await {
                Ok(receipt) => {
                    self.acknowledge(sheet).await;
                    return Sent::Acknowledged(receipt);
                }
                Err(ClientError::Refused(ProblemCode::RevisionTaken)) => {
                    sheet.set_revision(sheet.revision() + 1);
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
    pub(in crate::widget) async fn flush(&self, client: &Client) -> bool {
        let mut sheets = self.all().await;
        for photo in sheets.iter().filter(|entry| entry.is_photo()) {
            let id = photo.id();
            let is_named = |sheet: &SavedSheet| !sheet.is_photo() && sheet.json().contains(&id);
            if photo.age() > DRAFT_MS && !sheets.iter().any(is_named) {
                self.forget(photo).await;
            }
        }
        sheets.retain(|sheet| {
            sheet.get("endpoint").as_string().as_deref() == Some(&client.endpoint)
                && !self.has_in_hand(sheet)
        });
        let mut waits = false;
        for sheet in sheets {
            if !sheet.is_sent() {
                let sent = if sheet.is_complaint() {
                    match self.send_complaint(client, &sheet).await {
                        Ok(_) => Sent::AlreadyComplete,
                        Err(error) => Sent::Waiting(error),
                    }
                } else {
                    self.send(client, &sheet).await
                };
                match sent {
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
            if !sheet.is_complete() && sheet.age() > DRAFT_MS {
                self.forget(&sheet).await;
            }
        }
        waits
    }

    /// Saves and sends a complaint, its photos first. The answer stays beside it until the customer has seen it.
    pub(in crate::widget) async fn send_complaint(
        &self,
        client: &Client,
        entry: &SavedSheet,
    ) -> Result<JsValue, ClientError> {
        self.save(entry).await;
        let photos: js_sys::Array = entry.get("photos").dyn_into().unwrap_or_default();
        for photo in photos.iter() {
            let id = js::get(&photo, "id").as_string().unwrap_or_default();
            let sent = client
                .attach(&id, &js::get(&photo, "blob"), &entry.body())
                .await;
            match sent {
                Ok(()) => {}
                // The words count: what is refused stays behind, and the customer hears of it.
                Err(ClientError::Refused(_)) => entry.set("left", &true.into()),
                Err(error) => return Err(error),
            }
        }
        let answer = client.complain(&entry.json()).await?;
        let answer = js::from_value(&answer);
        entry.set("answer", &answer);
        entry.set("photos", &JsValue::UNDEFINED);
        entry.set("sent", &true.into());
        self.save(entry).await;
        Ok(answer)
    }

    /// Complaints that arrived while nobody looked.
    pub(in crate::widget) async fn arrived(&self, client: &Client) -> Vec<SavedSheet> {
        let mut entries = self.all().await;
        entries.retain(|entry| {
            entry.is_complaint()
                && entry.is_sent()
                && !self.has_in_hand(entry)
                && entry.get("endpoint").as_string().as_deref() == Some(&client.endpoint)
        });
        entries
    }

    /// Removes a sheet for good.
    pub(in crate::widget) async fn forget(&self, sheet: &SavedSheet) {
        let id = sheet.id();
        self.0.memory.borrow_mut().retain(|other| other.id() != id);
        leave_first_place(&id);
        if let Some(storage) = &self.0.storage {
            // A sheet that could not be removed is sent again, and the endpoint stores it once.
            storage.remove(&id, sheet.revision()).await.ok();
        }
    }

    async fn acknowledge(&self, sheet: &SavedSheet) {
        sheet.set("sent", &true.into());
        if sheet.is_complete() {
            for photo in self.photos_of(sheet).await {
                self.forget(&photo).await;
            }
            self.forget(sheet).await;
        } else if !self.has_in_hand(sheet) {
            // What a widget has in hand may have been saved anew since it was sent.
            self.save(sheet).await;
        }
    }
}

/// What the queue reads and writes of a saved sheet. What something else has left there reads as empty, and the endpoint
/// refuses it.
impl SavedSheet {
    fn get(&self, key: &str) -> JsValue {
        js::get(&self.0, key)
    }

    fn set(&self, key: &str, value: &JsValue) {
        if let Some(object) = self.0.dyn_ref::<Object>() {
            js::set(object, key, value);
        }
    }

    /// How long ago it was saved, in milliseconds.
    fn age(&self) -> f64 {
        Date::now() - self.get("savedAt").as_f64().unwrap_or_default()
    }

    fn is_sent(&self) -> bool {
        self.get("sent").is_truthy()
    }

    /// Whether nothing may let go of it before it is sent.
    fn is_complete(&self) -> bool {
        js::get(&self.body(), "complete").is_truthy() || self.is_complaint() && !self.is_sent()
    }

    fn is_photo(&self) -> bool {
        self.get("kind").as_string().as_deref() == Some("photo")
    }

    fn is_complaint(&self) -> bool {
        self.get("kind").as_string().as_deref() == Some("complaint")
    }

    /// The revision that is sent.
    pub(super) fn revision(&self) -> u32 {
        js::get(&self.body(), "revision")
            .as_f64()
            .unwrap_or_default() as u32
    }

    fn set_revision(&self, revision: u32) {
        if let Some(body) = self.body().dyn_ref::<Object>() {
            js::set(body, "revision", &revision.into());
        }
    }

    /// What is sent.
    pub(super) fn json(&self) -> String {
        JSON::stringify(&self.body())
            .map(String::from)
            .unwrap_or_default()
    }
}

fn leave_first_place(id: &str) {
    let key = [FIRST_PLACE, id].concat();
    // What cannot be removed is taken over again, and the endpoint stores it once.
    js::call(&first_place(), "removeItem", &[key.as_str().into()]).ok();
}

/// How long to wait before the next try, in milliseconds: full jitter over a range that doubles, at most five minutes;
/// never less than the endpoint asked for.
pub(in crate::widget) fn backoff_ms(tries: u32, asked_seconds: u32) -> u32 {
    let range = f64::from(2_000_u32.saturating_mul(1 << tries.min(8))).min(300_000.0);
    let asked = f64::from(asked_seconds.min(3_600)) * 1000.0;
    (asked + Math::random() * range).max(500.0) as u32
}
