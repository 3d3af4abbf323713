//! The keyboard: everything that can be drawn can be drawn by it.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::desk::Desk;
use super::{closest, drag, element, focus_later, focus_step};
use crate::pages::flows::edit::{self, Node, Slot};

/// What can be gone through with the arrow keys.
const STOPS: &str = ".flow .fnode[data-step], .flow .fadd";

/// A key is pressed anywhere on the page.
pub fn pressed(desk: Desk, event: &KeyboardEvent) {
    let target = element(event.target());
    let around = |selector: &str| target.as_ref().and_then(|target| closest(target, selector));
    if around("dialog").is_some() {
        return;
    }
    let (command, key) = (event.ctrl_key() || event.meta_key(), event.key().to_lowercase());
    let typing = around("input, select, textarea").is_some();
    let taken = match (command, key.as_str()) {
        (true, "s") => done(|| desk.save(false)),
        _ if typing => None,
        (true, "z") => done(|| desk.turn_back(event.shift_key())),
        (true, "y") => done(|| desk.turn_back(true)),
        (_, "escape") => escape(desk, around(".flowpage__inspector").is_some()),
        _ => match (around(".fmenu"), around(".flowpage__canvas")) {
            (Some(menu), _) => in_menu(&menu, &key),
            (None, Some(_)) => {
                let step = around("[data-step]");
                let place =
                    step.as_ref().and_then(|step| step.get_attribute("data-place")).and_then(|it| it.parse().ok());
                let step = step.and_then(|step| step.get_attribute("data-step"));
                let gap = around("[data-drop]").and_then(|gap| Slot::read(&gap.get_attribute("data-drop")?));
                on_canvas(desk, event, &Focused { step, place, gap })
            }
            _ => None,
        },
    };
    if taken.is_some() {
        event.prevent_default();
    }
}

fn done(act: impl FnOnce()) -> Option<()> {
    act();
    Some(())
}

/// What has the focus on the canvas.
struct Focused {
    step: Option<String>,
    place: Option<usize>,
    gap: Option<Slot>,
}

fn escape(desk: Desk, in_properties: bool) -> Option<()> {
    drag::stop(desk);
    if let Some(slot) = desk.menu.get_untracked() {
        desk.menu.set(None);
        focus_later(&format!("[data-drop='{}'] .fadd", slot.write()));
        return Some(());
    }
    let chosen = desk.chosen.get_untracked().filter(|_| in_properties)?;
    desk.chosen.set(None);
    focus_step(&chosen.step);
    Some(())
}

fn on_canvas(desk: Desk, event: &KeyboardEvent, focused: &Focused) -> Option<()> {
    let key = event.key().to_lowercase();
    // A branch has no place of its own, and the start has none: what can be done is done to steps.
    let own = focused.step.as_deref().filter(|step| !step.is_empty() && focused.place.is_none());
    // Where something is put in: at the place between steps, into the branch, or behind the step.
    let slot = || {
        let inside = focused.step.clone().zip(focused.place).map(|inside| Slot { inside: Some(inside), index: 0 });
        let start = (focused.step.as_deref() == Some("")).then_some(Slot { inside: None, index: 0 });
        let behind = own.map(|step| desk.plan.with_untracked(|plan| edit::slot_after(&plan.drawing, step)));
        focused.gap.clone().or(inside).or(start).or(behind)
    };
    let digit = || key.parse::<usize>().ok().and_then(|digit| Node::ALL.get(digit.checked_sub(1)?).copied());
    match (event.ctrl_key() || event.meta_key(), event.alt_key(), key.as_str()) {
        (false, true, "arrowup") => own.map(|step| desk.nudge(step, true)),
        (false, true, "arrowdown") => own.map(|step| desk.nudge(step, false)),
        (false, false, "arrowup") => go(-1),
        (false, false, "arrowdown") => go(1),
        (false, false, "delete" | "backspace") => own.map(|step| desk.remove(step)),
        (true, false, "c") => own.map(|step| desk.copy(step)),
        (true, false, "x") => own.map(|step| {
            desk.copy(step);
            desk.remove(step);
        }),
        (true, false, "v") => slot().map(|slot| desk.paste(&slot)),
        (false, false, _) => digit().zip(slot()).map(|(node, slot)| desk.put_new(&slot, node)),
        _ => None,
    }
}

/// Goes to the next thing on the canvas, or to the one before.
fn go(by: i32) -> Option<()> {
    let stops = elements(STOPS);
    let focused = document().active_element()?;
    let at = i32::try_from(stops.iter().position(|stop| *stop == focused)?).ok()?;
    let next = stops.get(usize::try_from(at + by).ok()?)?;
    next.dyn_ref::<HtmlElement>()?.focus().ok()
}

fn in_menu(menu: &Element, key: &str) -> Option<()> {
    let by: i32 = match key {
        "arrowdown" => 1,
        "arrowup" => -1,
        _ => return None,
    };
    let items = menu.children();
    let focused = document().active_element();
    let at = (0..items.length()).find(|place| items.item(*place) == focused)?;
    let next = at.checked_add_signed(by).and_then(|place| items.item(place))?;
    next.dyn_ref::<HtmlElement>()?.focus().ok()
}

fn elements(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
}
