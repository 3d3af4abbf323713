//! Dragging: steps of the palette onto the line, steps of the drawing elsewhere. By pointer events, so that a finger does
//! the same as the mouse.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, PointerEvent};

use super::desk::Desk;
use super::{closest, element};
use crate::i18n::word;
use crate::pages::flows::edit::{self, Node, Slot};
use crate::pages::flows::words;

/// Pixels that a pointer moves before something is dragged, and not only pressed.
const DISTANCE: i32 = 6;
/// From so near to its edge the canvas scrolls, by so much, so often.
const EDGE: i32 = 48;
const STEP: f64 = 14.0;
const PAUSE: Duration = Duration::from_millis(24);

/// Something that is dragged.
#[derive(Debug, Clone)]
pub struct Drag {
    what: What,
    pointer: i32,
    from: (i32, i32),
    live: bool,
}

#[derive(Debug, Clone)]
enum What {
    Step(String),
    New(Node),
}

/// What is seen of it.
#[derive(Debug, Clone)]
pub struct Ghost {
    /// Where on the screen.
    pub at: (i32, i32),
    /// What it says.
    pub title: String,
}

/// The pointer is put down.
pub fn down(desk: Desk, event: &PointerEvent) {
    let Some(target) = element(event.target()).filter(|_| event.button() == 0) else { return };
    // A finger on a step scrolls; by its grip it takes the step along.
    if event.pointer_type() == "touch" && closest(&target, ".fgrip, .pal").is_none() {
        return;
    }
    let new = closest(&target, "[data-new]").and_then(|item| item.get_attribute("data-new"));
    let new = new.and_then(|word| Node::ALL.into_iter().find(|node| node.word() == word)).map(What::New);
    let step = closest(&target, "[data-step]:not([data-place])").and_then(|step| step.get_attribute("data-step"));
    let what = new.or_else(|| step.filter(|key| !key.is_empty()).map(What::Step));
    let from = (event.client_x(), event.client_y());
    desk.drag.set_value(what.map(|what| Drag { what, pointer: event.pointer_id(), from, live: false }));
}

/// The pointer moves.
pub fn moved(desk: Desk, event: &PointerEvent) {
    // Lifted where nobody heard of it.
    if event.buttons() == 0 {
        return stop(desk);
    }
    let at = (event.client_x(), event.client_y());
    let dragged = desk.drag.try_update_value(|drag| {
        let drag = drag.as_mut().filter(|drag| drag.pointer == event.pointer_id())?;
        let far = (at.0 - drag.from.0).abs() + (at.1 - drag.from.1).abs() > DISTANCE;
        let begins = far && !drag.live;
        drag.live |= far;
        drag.live.then(|| (begins, drag.what.clone()))
    });
    let Some((begins, what)) = dragged.flatten() else { return };
    event.prevent_default();
    if begins {
        desk.menu.set(None);
        let frame = event.current_target().and_then(|frame| frame.dyn_into::<Element>().ok());
        // Without it the pointer is lost where it leaves the page; that ends the drag, no more.
        let _ = frame.map(|frame| frame.set_pointer_capture(event.pointer_id()));
        desk.scrolling.set_value(set_interval_with_handle(move || scroll(desk), PAUSE).ok());
    }
    let title = match &what {
        What::Step(key) => desk.plan.with_untracked(|plan| words::title_of(&plan.drawing, key)),
        What::New(node) => word("flow_node", node.word()),
    };
    desk.ghost.set(Some(Ghost { at, title }));
    hover(desk, &what, at);
}

/// The pointer is lifted: what was dragged stays where it is.
pub fn lifted(desk: Desk) {
    let over = desk.over.get_untracked();
    let dropped = stopped(desk).zip(over);
    match dropped {
        Some((What::Step(key), slot)) => desk.relocate(&key, &slot),
        Some((What::New(node), slot)) => desk.put_new(&slot, node),
        None => {}
    }
}

/// Nothing is dragged any more.
pub fn stop(desk: Desk) {
    stopped(desk);
}

fn stopped(desk: Desk) -> Option<What> {
    let drag = desk.drag.try_update_value(Option::take).flatten();
    if let Some(handle) = desk.scrolling.try_update_value(Option::take).flatten() {
        handle.clear();
    }
    let live = drag.filter(|drag| drag.live)?;
    desk.ghost.set(None);
    desk.over.set(None);
    Some(live.what)
}

/// Marks the place over which something is, if it can go there.
fn hover(desk: Desk, what: &What, at: (i32, i32)) {
    let over = slot_at(desk, at).filter(|slot| match what {
        What::New(_) => true,
        What::Step(key) => desk.plan.with_untracked(|plan| edit::landing(&plan.drawing, key, slot).is_some()),
    });
    if desk.over.with_untracked(|known| *known != over) {
        desk.over.set(over);
    }
}

/// The place under a point: one between steps, the first one of a branch, or above or below the middle of a step.
fn slot_at(desk: Desk, (x, y): (i32, i32)) -> Option<Slot> {
    let pixels = |place: i32| i16::try_from(place).map_or(-1.0, f32::from);
    let under = document().element_from_point(pixels(x), pixels(y))?;
    if let Some(gap) = closest(&under, "[data-drop]") {
        return Slot::read(&gap.get_attribute("data-drop")?);
    }
    let block = closest(&under, "[data-step]")?;
    let key = block.get_attribute("data-step")?;
    // The places on the line open once something is dragged, and so a branch's head comes under the pointer.
    if let Some(number) = block.get_attribute("data-place") {
        return Some(Slot { inside: Some((key, number.parse().ok()?)), index: 0 });
    }
    let slot = desk.plan.with_untracked(|plan| edit::place_of(&plan.drawing, &key))?;
    let frame = block.get_bounding_client_rect();
    let below = f64::from(y) > frame.top() + frame.height() / 2.0;
    Some(Slot { index: slot.index + usize::from(below), ..slot })
}

/// Scrolls the canvas while something is near its edge.
fn scroll(desk: Desk) {
    let Some(at) = desk.ghost.try_get_untracked().flatten().map(|ghost| ghost.at) else { return };
    let Some(canvas) = document().query_selector(".flowpage__canvas").ok().flatten() else { return };
    let frame = canvas.get_bounding_client_rect();
    let by = |place: i32, first: f64, last: f64| {
        let (place, edge) = (f64::from(place), f64::from(EDGE));
        if place < first + edge {
            -STEP
        } else if place > last - edge {
            STEP
        } else {
            0.0
        }
    };
    let (x, y) = (by(at.0, frame.left(), frame.right()), by(at.1, frame.top(), frame.bottom()));
    if x != 0.0 || y != 0.0 {
        canvas.scroll_by_with_x_and_y(x, y);
        if let Some(what) = desk.drag.with_value(|drag| drag.as_ref().map(|drag| drag.what.clone())) {
            hover(desk, &what, at);
        }
    }
}
