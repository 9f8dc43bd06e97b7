//! A photo made small on the device: drawn on a canvas and written anew from there, so that place and device stay where it was
//! taken.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::dom::el;
use super::js;

/// The longer side of what is sent, in pixels.
const MOST_SIDE: f64 = 1600.0;
/// What is sent is this large at most, in bytes, where the last quality allows it.
const MOST_BYTES: f64 = 400_000.0;
/// JPEG qualities, tried in turn.
const QUALITIES: [f64; 3] = [0.8, 0.6, 0.4];
/// How photos that were chosen look.
pub(super) const CSS: &str = "\
.photos{display:flex;flex-wrap:wrap;gap:12px;margin:12px 0;padding:0;list-style:none}\
.photos:empty{display:none}\
.photos li{position:relative}\
.photos img{display:block;width:88px;height:88px;object-fit:cover;border:1px solid var(--line);border-radius:var(--radius)}\
.photos button{position:absolute;top:-12px;inset-inline-end:-12px;width:44px;min-height:44px;margin:0;padding:8px;font-size:24px;line-height:1;color:var(--surface);background:var(--text) content-box;border:0;border-radius:50%}\
.adding{display:inline-block;position:relative;margin-top:12px}\
.add{display:inline-flex;align-items:center;min-height:48px;padding:0 20px;border:1px solid var(--line);border-radius:var(--radius);cursor:pointer}\
.adding .native:focus-visible+.add{outline:3px solid var(--accent);outline-offset:2px}";

/// An address for a blob that only this page knows.
pub(super) fn address(blob: &JsValue) -> String {
    let class = js::get(&js_sys::global(), "URL");
    let address = js::call(&class, "createObjectURL", std::slice::from_ref(blob));
    address
        .ok()
        .and_then(|address| address.as_string())
        .unwrap_or_default()
}

/// Lets such an address go.
pub(super) fn forget(address: &str) {
    let class = js::get(&js_sys::global(), "URL");
    js::call(&class, "revokeObjectURL", &[address.into()]).ok();
}

/// The photo as a small JPEG.
///
/// # Errors
/// What the browser threw: it cannot read the file as an image.
pub(super) async fn small(file: &JsValue) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let made: Promise =
        js::call(&global, "createImageBitmap", std::slice::from_ref(file))?.dyn_into()?;
    let bitmap = JsFuture::from(made).await?;
    let side = |key| js::get(&bitmap, key).as_f64().unwrap_or_default();
    let (width, height) = (side("width"), side("height"));
    let scale = (MOST_SIDE / width.max(height)).min(1.0);
    let (width, height) = (
        (width * scale).round().max(1.0),
        (height * scale).round().max(1.0),
    );
    let canvas = el("canvas").raw();
    js::set(&canvas, "width", &width.into());
    js::set(&canvas, "height", &height.into());
    let context = js::call(&canvas, "getContext", &["2d".into()])?;
    // JPEG has no transparency: what shows through is white.
    js::set(&context, "fillStyle", &"#fff".into());
    let whole = [0.0.into(), 0.0.into(), width.into(), height.into()];
    js::call(&context, "fillRect", &whole)?;
    let [left, top, right, bottom] = whole;
    js::call(
        &context,
        "drawImage",
        &[bitmap.clone(), left, top, right, bottom],
    )?;
    js::call(&bitmap, "close", &[]).ok();
    let mut blob = JsValue::NULL;
    for quality in QUALITIES {
        let written = Promise::new(&mut |resolve: Function, reject: Function| {
            let arguments = [resolve.into(), "image/jpeg".into(), quality.into()];
            if js::call(&canvas, "toBlob", &arguments).is_err() {
                reject.call0(&JsValue::UNDEFINED).ok();
            }
        });
        blob = JsFuture::from(written).await?;
        if js::get(&blob, "size").as_f64().unwrap_or_default() <= MOST_BYTES {
            break;
        }
    }
    if blob.is_object() {
        Ok(blob)
    } else {
        Err(blob)
    }
}
