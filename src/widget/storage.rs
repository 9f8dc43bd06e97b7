//! The browser's database, which may be missing, refuse, or never answer.
//!
//! Transactions are strict: completed means on disk. Chromium's default loses completed transactions when the power goes.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::js;

const DATABASE: &str = "qingting";
const STORE: &str = "sheets";
/// A browser that does not open the database in this time never will.
const OPEN_MS: i32 = 3000;

/// An open database of answer sheets, keyed by the id of the sheet.
#[derive(Clone, Debug)]
pub(super) struct Storage(IdbDatabase);

impl Storage {
    /// Opens the database and makes its store at the first time.
    ///
    /// # Errors
    /// What the browser threw: blocked storage, private windows, a database that does not answer.
    pub(super) async fn open() -> Result<Self, JsValue> {
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        // Where storage is blocked, the getter itself throws.
        let factory = window.indexed_db()?.ok_or(JsValue::NULL)?;
        let request: IdbOpenDbRequest = factory.open_with_u32(DATABASE, 1)?;
        let upgrading = request.clone();
        let on_upgrade = Closure::once(move || {
            if let Ok(database) = upgrading.result() {
                let made = database
                    .unchecked_into::<IdbDatabase>()
                    .create_object_store(STORE);
                debug_assert!(made.is_ok(), "an empty database has no store of this name");
            }
        });
        request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
        let opened = Promise::new(&mut |resolve, reject| {
            request.set_onsuccess(Some(&resolve));
            request.set_onerror(Some(&reject));
            request.set_onblocked(Some(&reject));
            let timer =
                window.set_timeout_with_callback_and_timeout_and_arguments_0(&reject, OPEN_MS);
            debug_assert!(timer.is_ok(), "a window has timers");
        });
        JsFuture::from(opened).await?;
        Ok(Self(request.result()?.unchecked_into()))
    }

    /// Stores `sheet` under `id`; when it returns, the sheet is on disk.
    ///
    /// # Errors
    /// What the browser threw, a full disk among it.
    pub(super) async fn put(&self, id: &str, sheet: &JsValue) -> Result<(), JsValue> {
        let (transaction, store) = self.transaction("readwrite")?;
        store.put_with_key(sheet, &JsValue::from_str(id))?;
        completed(&transaction).await
    }

    /// Every sheet.
    ///
    /// # Errors
    /// What the browser threw.
    pub(super) async fn all(&self) -> Result<Array, JsValue> {
        let (_, store) = self.transaction("readonly")?;
        succeeded(&store.get_all()?)
            .await
            .map(JsCast::unchecked_into)
    }

    /// Removes the sheet `id` if it is still at `revision`: a newer one may have been saved in another tab.
    ///
    /// # Errors
    /// What the browser threw.
    pub(super) async fn remove(&self, id: &str, revision: u32) -> Result<(), JsValue> {
        let (transaction, store) = self.transaction("readwrite")?;
        let key = JsValue::from_str(id);
        let stored = succeeded(&store.get(&key)?).await?;
        if js::get(&stored, "revision").as_f64() == Some(f64::from(revision)) {
            store.delete(&key)?;
        }
        completed(&transaction).await
    }

    fn transaction(&self, mode: &str) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        let options = js_sys::Object::new();
        js::set(&options, "durability", &JsValue::from_str("strict"));
        let arguments = [
            JsValue::from_str(STORE),
            JsValue::from_str(mode),
            options.into(),
        ];
        let transaction: IdbTransaction =
            js::call(&self.0, "transaction", &arguments)?.unchecked_into();
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }
}

async fn succeeded(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await?;
    request.result()
}

async fn completed(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let done = Promise::new(&mut |resolve: Function, reject: Function| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
        transaction.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await.map(drop)
}
