//! Every part that pages are made of, in every state, in both themes and languages.

mod controls;
mod feedback;
mod fields;
mod layers;
mod lists;
mod record;
mod statuses;

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::CssStyleSheet;

use crate::components::page::PageHead;
use crate::i18n::{said, tx};

/// Rules of this page alone, which the app is not served with.
const STYLE: &str = include_str!("../../../styles/kit.css");

/// Adds the rules of this page, as a sheet of its own: the pages' policy lets no style stand in them.
fn dress() -> Result<(), JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(STYLE)?;
    Reflect::set(&document(), &"adoptedStyleSheets".into(), &Array::of1(&sheet)).map(drop)
}

/// The page of parts.
#[component]
pub fn KitPage() -> impl IntoView {
    if let Err(error) = dress() {
        leptos::logging::warn!("{error:?}");
    }
    view! {
        <div class="kit">
            <PageHead title=said("kit.title") sub=said("kit.sub") />
            <Part title="kit.colour"><Colours /></Part>
            <Part title="kit.type"><Type /></Part>
            <Part title="kit.buttons"><controls::Buttons /></Part>
            <Part title="kit.fields"><fields::Fields /></Part>
            <Part title="field.status"><statuses::Statuses /></Part>
            <Part title="kit.scan_bar"><record::ScanBars /></Part>
            <Part title="kit.lists"><lists::Lists /></Part>
            <Part title="kit.feedback"><feedback::Feedback /></Part>
            <Part title="kit.record"><record::Record /></Part>
            <Part title="kit.layers"><layers::Layers /></Part>
        </div>
    }
}

/// One kind of part.
#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! { <section class="kit__s"><h2>{tx(title)}</h2>{children()}</section> }
}

/// A text of the catalogues.
fn text(key: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    tx(key)
}

/// A text of the catalogues, for a property of a part.
fn signal(key: &'static str) -> Signal<String> {
    said(key)
}

const COLOURS: &[&str] =
    &["canvas", "surface", "sunken", "hover", "selected", "accent", "neutral", "info", "ok", "warn", "danger", "hold"];

#[component]
fn Colours() -> impl IntoView {
    let swatch =
        |colour: &&str| view! { <div class=format!("sw sw--{colour}")><span>{(*colour).to_owned()}</span></div> };
    view! { <div class="kit__swatches">{COLOURS.iter().map(swatch).collect_view()}</div> }
}

#[component]
fn Type() -> impl IntoView {
    view! {
        <div class="kit__type">
            <span class="t-2xl">"84.9% 26/32"</span>
            <span class="t-xl">{text("kit.page_title")}" 20/28"</span>
            <span class="t-lg">{text("kit.section_title")}" 16/24"</span>
            <span>{text("kit.body")}" 14/20"</span>
            <span class="small">{text("kit.dense")}" 13/20"</span>
            <span class="tiny">{text("kit.label")}" 12/16"</span>
            <span class="muted">{text("kit.muted")}</span>
            <span class="faint">{text("kit.faint")}</span>
            <span class="code strong">"TI26-0917-A"</span>
            <span class="hash">"9f3c 17e2 a84b"</span>
        </div>
    }
}
