//! The browser's database, which may be missing, refuse, or never answer.
//!
//! Transactions are strict: completed means on disk. Chromium's default loses completed transactions when the power goes.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::js;

const DATABASE: &str = "qingting";
const STORE: &str = "sheets";
/// A browser that does not open the database in this time never will.
const OPEN_MS: u32 = 3000;

/// An open database of answer sheets, keyed by the id of the sheet.
#[derive(Clone, Debug)]
pub(super) struct Storage(JsValue);

impl Storage {
    /// Opens the database and makes its store at the first time.
    ///
    /// # Errors
    /// What the browser threw: blocked storage, private windows, a database that does not answer.
    pub(super) async fn open() -> Result<Self, JsValue> {
        // Where storage is blocked, the getter itself throws.
        let factory = js_sys::Reflect::get(&js_sys::global(), &"indexedDB".into())?;
        let request = js::call(&factory, "open", &[DATABASE.into(), 1.into()])?;
        let upgrading = request.clone();
        let on_upgrade = Closure::once(move || {
            let made = js::call(
                &js::get(&upgrading, "result"),
                "createObjectStore",
                &[STORE.into()],
            );
            debug_assert!(made.is_ok(), "an empty database has no store of this name");
        });
        js::set(&request, "onupgradeneeded", on_upgrade.as_ref());
        let opened = Promise::new(&mut |resolve: Function, reject: Function| {
            js::set(&request, "onsuccess", &resolve);
            js::set(&request, "onerror", &reject);
            js::set(&request, "onblocked", &reject);
            let timed = js::call(
                &js_sys::global(),
                "setTimeout",
                &[reject.into(), OPEN_MS.into()],
            );
            debug_assert!(timed.is_ok(), "a window has timers");
        });
        JsFuture::from(opened).await?;
        Ok(Self(js::get(&request, "result")))
    }

    /// Stores `sheet` under `id`; when it returns, the sheet is on disk.
    ///
    /// # Errors
    /// What the browser threw, a full disk among it.
    pub(super) async fn put(&self, id: &str, sheet: &JsValue) -> Result<(), JsValue> {
        let (transaction, store) = self.transaction("readwrite")?;
        js::call(&store, "put", &[sheet.clone(), id.into()])?;
        done(&transaction, "oncomplete", "onabort").await
    }

    /// Every sheet.
    ///
    /// # Errors
    /// What the browser threw.
    pub(super) async fn all(&self) -> Result<Array, JsValue> {
        let (_, store) = self.transaction("readonly")?;
        let request = js::call(&store, "getAll", &[])?;
        done(&request, "onsuccess", "onerror").await?;
        js::get(&request, "result").dyn_into()
    }

    /// Removes the sheet `id` if it is still at `revision`: a newer one may have been saved in another tab.
    ///
    /// # Errors
    /// What the browser threw.
    pub(super) async fn remove(&self, id: &str, revision: u32) -> Result<(), JsValue> {
        let (transaction, store) = self.transaction("readwrite")?;
        let request = js::call(&store, "get", &[id.into()])?;
        done(&request, "onsuccess", "onerror").await?;
        let sheet = js::get(&js::get(&request, "result"), "sheet");
        if js::get(&sheet, "revision").as_f64() == Some(f64::from(revision)) {
            js::call(&store, "delete", &[id.into()])?;
        }
        done(&transaction, "oncomplete", "onabort").await
    }

    fn transaction(&self, mode: &str) -> Result<(JsValue, JsValue), JsValue> {
        let options = Object::new();
        js::set(&options, "durability", &"strict".into());
        let transaction = js::call(
            &self.0,
            "transaction",
            &[STORE.into(), mode.into(), options.into()],
        )?;
        let store = js::call(&transaction, "objectStore", &[STORE.into()])?;
        Ok((transaction, store))
    }
}

/// Waits for one of two events of a request or transaction.
async fn done(target: &JsValue, success: &str, failure: &str) -> Result<(), JsValue> {
    let done = Promise::new(&mut |resolve: Function, reject: Function| {
        js::set(target, success, &resolve);
        js::set(target, failure, &reject);
    });
    JsFuture::from(done).await.map(drop)
}
