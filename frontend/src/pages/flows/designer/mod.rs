//! The flow designer: a palette, the flow from top to bottom, the properties of what is chosen, and a try on documents of
//! the past. Mistakes are marked as one draws.

mod canvas;
mod condition;
mod desk;
mod drag;
mod fields;
mod file;
mod inspector;
mod keys;
mod page;
mod save;
mod task;
mod trial;
mod trying;
mod who;

pub use canvas::insertion;
pub use desk::Desk;
pub use page::FlowDesigner;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, EventTarget, HtmlElement};

/// The element that an event is about.
fn element(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// The nearest element around that a selector means.
fn closest(from: &Element, selector: &str) -> Option<Element> {
    from.closest(selector).ok().flatten()
}

/// Gives the focus to what is drawn next.
fn focus_later(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // It may be gone; then nothing has the focus.
            drop(found.focus());
        }
    });
}

/// Gives the focus to a step.
fn focus_step(key: &str) {
    focus_later(&format!(".flow [data-step='{key}']:not([data-place])"));
}
