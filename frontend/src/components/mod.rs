//! The parts that pages are made of. Class names are those of `styles/components.css`.

pub mod attachments;
pub mod choices;
pub mod dialog;
pub mod differences;
pub mod entry;
pub mod field;
pub mod filling;
pub mod filter;
pub mod material;
pub mod page;
pub mod paper;
pub mod problem;
pub mod readable;
pub mod serials;
pub mod signing;
pub mod status;
pub mod table;
pub mod thing;
pub mod timeline;
pub mod times;

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

/// An icon of the sprite, for decoration: the words stand beside it.
#[component]
pub fn Icon(
    /// Name without the leading `i-`.
    name: &'static str,
    /// Smaller than text.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let class = if small { "icon icon--sm" } else { "icon" };
    view! { <svg class=class aria-hidden="true"><use href=format!("#i-{name}")></use></svg> }
}

/// What stands there while something holds. The same for whatever it is: made once for all.
#[component]
pub fn When<W: Fn() -> bool + Send + Sync + 'static>(
    /// What has to hold.
    when: W,
    /// What stands there.
    children: ChildrenFn,
) -> impl IntoView {
    shown_while(Box::new(when), children)
}

fn shown_while(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn) -> AnyView {
    let holds = Memo::new(move |_| when());
    (move || holds.get().then(|| children())).into_any()
}

/// The sign of the product.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.25" aria-hidden="true">
            <path d="M4 5v7a4 4 0 0 0 4 4h8"></path>
            <circle cx="4" cy="4.5" r="2.5" fill="currentColor" stroke="none"></circle>
            <circle cx="19" cy="16" r="3"></circle>
            <path d="M12 8h8" stroke-opacity=".45"></path>
        </svg>
    }
}

/// Saves a text as a file.
pub fn save_file(name: &str, kind: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let address = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let document = web_sys::window()?.document()?;
    let link: web_sys::HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&address).ok()
}

/// Puts a text on the clipboard.
///
/// # Errors
/// A page that is not served safely has no clipboard, and a browser may refuse it.
pub async fn copy_text(text: &str) -> Result<(), JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::UNDEFINED)?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    let write = Reflect::get(&clipboard, &"writeText".into())?.dyn_into::<js_sys::Function>()?;
    let written = Reflect::apply(&write, &clipboard, &js_sys::Array::of1(&JsValue::from_str(text)))?;
    written.dyn_into::<js_sys::Promise>()?.await.map(drop)
}

/// A quantity with its unit, right for a column of figures.
#[component]
pub fn Quantity(
    /// How much.
    value: rust_decimal::Decimal,
    /// Unit's symbol.
    #[prop(into)]
    unit: String,
) -> impl IntoView {
    view! { {crate::i18n::quantity(value)}<span class="unit">{unit}</span> }
}

/// A QR code of a text, black on white in every theme so that it can be read.
#[component]
pub fn Qr(
    /// What it says.
    #[prop(into)]
    text: String,
    /// What it is, for those who do not see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let code = qrcode::QrCode::new(text.as_bytes()).ok();
    code.map(|code| {
        let side = code.width();
        let colours = code.to_colors();
        let dark = colours.iter().enumerate().filter(|(_, colour)| **colour == qrcode::Color::Dark);
        let path: String = dark.map(|(place, _)| format!("M{} {}h1v1h-1z", place % side + 4, place / side + 4)).collect();
        let size = side + 8;
        view! {
            <svg class="qr" viewBox=format!("0 0 {size} {size}") shape-rendering="crispEdges" role="img" aria-label=label>
                <rect width=size height=size fill="#fff"></rect>
                <path d=path fill="#000"></path>
            </svg>
        }
    })
}
