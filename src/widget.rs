//! spike
use leptos::prelude::*;
#[derive(Debug)]
pub struct E;
impl From<leptos::wasm_split::SplitLoaderError> for E {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        E
    }
}
#[leptos::wasm_split::wasm_split(fields, wasm_split_path = leptos::wasm_split, fallible)]
pub fn fields(n: RwSignal<i32>) -> Result<AnyView, E> {
    Ok(view! { <input type="text" on:input=move |_| n.update(|n| *n += 1)/> <select><option>"a"</option></select> }.into_any())
}
pub fn mount(root: leptos::web_sys::HtmlElement) -> impl Sized {
    mount_to(root, || {
        let n = RwSignal::new(0);
        let part = RwSignal::new_local(None::<Result<AnyView, ()>>);
        let open = move |_| {
            leptos::task::spawn_local(async move {
                let r = fields(n).await;
                part.set(Some(r.map_err(|_| ())));
            })
        };
        view! { <button on:click=open>"open"</button>{move || n.get()} {move || part.write().take().map(|r| match r { Ok(v) => v, Err(()) => view!{<p>"failed"</p>}.into_any() })} }
    })
}
