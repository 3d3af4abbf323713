//! The canvas with the flow on it, the palette beside it, and what is dragged between them.

use leptos::prelude::*;

use super::desk::Desk;
use super::focus_later;
use crate::components::{Icon, When};
use crate::i18n::{t, tx, worded};
use crate::pages::flows::edit::{self, Node, Slot};
use crate::pages::flows::picture::Picture;

/// The flow.
#[component]
pub fn Canvas(
    /// Where it is drawn.
    desk: Desk,
) -> impl IntoView {
    let look = Picture { names: desk.names, desk: Some(desk), notes: desk.notes() };
    let drawn = move || desk.plan.with(|plan| look.whole(&plan.drawing, plan.condition.as_ref()));
    view! {
        <section
            class="flowpage__canvas" class:is-dragging=move || desk.ghost.with(Option::is_some)
            aria-label=tx("flows.picture") data-testid="flow-canvas"
        >{drawn}</section>
    }
}

/// A place between steps: something is dropped there, or chosen from its menu.
pub fn insertion(desk: Desk, slot: Slot, label: String) -> AnyView {
    let at = slot.write();
    let (over, menu, opened) = (slot.clone(), slot.clone(), slot.clone());
    let class = move || {
        let over = desk.over.with(|known| known.as_ref() == Some(&over));
        if over { "fgap is-over" } else { "fgap" }
    };
    let is_open = move || desk.menu.with(|known| known.as_ref() == Some(&opened));
    let expanded = is_open.clone();
    let turn = {
        let slot = slot.clone();
        move |_| {
            let open = desk.menu.with_untracked(|known| known.as_ref() != Some(&slot));
            desk.menu.set(open.then(|| slot.clone()));
            if open {
                focus_later(".fmenu button");
            }
        }
    };
    view! {
        <div class=class data-drop=at>
            <button
                class="fadd" type="button" aria-label=label aria-haspopup="menu" aria-expanded=move || expanded().to_string()
                on:click=turn
            ><Icon name="plus" small=true /></button>
            {move || is_open().then(|| steps_menu(desk, menu.clone()))}
        </div>
    }
    .into_any()
}

/// What can be put in.
fn steps_menu(desk: Desk, slot: Slot) -> AnyView {
    // It closes when the focus leaves it for something else.
    let own = slot.clone();
    let leave = move |_| {
        let own = own.clone();
        request_animation_frame(move || {
            let inside = document().active_element().and_then(|focused| focused.closest(".fmenu").ok().flatten());
            let open = desk.menu.try_get_untracked().flatten();
            if inside.is_none() && open == Some(own) {
                desk.menu.set(None);
            }
        });
    };
    let item = |(place, node): (usize, Node)| {
        let slot = slot.clone();
        view! {
            <button class="menu__item" type="button" role="menuitem" data-node=node.word() on:click=move |_| desk.put_new(&slot, node)>
                <Icon name=node.icon() />{worded("flow_node", &node.word())}<span class="kbd">{place + 1}</span>
            </button>
        }
    };
    let items: Vec<_> = Node::ALL.into_iter().enumerate().map(item).collect();
    let paste = desk.copied.with_value(Option::is_some).then(|| {
        let slot = slot.clone();
        view! {
            <button class="menu__item" type="button" role="menuitem" on:click=move |_| desk.paste(&slot)>
                <Icon name="plus" />{t("flows.paste")}
            </button>
        }
    });
    view! { <div class="menu fmenu" role="menu" on:focusout=leave>{items}{paste}</div> }.into_any()
}

/// The palette: dragged onto the line, or pressed, which puts a step behind the one that is chosen.
#[component]
pub fn Palette(
    /// Where it is drawn.
    desk: Desk,
) -> impl IntoView {
    let put = move |node: Node| {
        let slot =
            desk.plan.with_untracked(|plan| edit::slot_after(&plan.drawing, &desk.chosen_step().unwrap_or_default()));
        desk.put_new(&slot, node);
    };
    let item = move |(place, node): (usize, Node)| {
        view! {
            <button class="pal" type="button" data-new=node.word() on:click=move |_| put(node)>
                <Icon name=node.icon() /><span>{worded("flow_node", &node.word())}</span><span class="kbd">{place + 1}</span>
            </button>
        }
    };
    view! {
        <aside class="flowpage__palette" aria-label=tx("flows.palette")>
            {Node::ALL.into_iter().enumerate().map(item).collect_view()}
            <p class="tiny faint">{tx("flows.palette_hint")}</p>
        </aside>
    }
}

/// What is dragged, under the pointer.
#[component]
pub fn Dragged(
    /// Where it is drawn.
    desk: Desk,
) -> impl IntoView {
    let place = move |axis: fn(&(i32, i32)) -> i32| {
        move || desk.ghost.with(|ghost| ghost.as_ref().map(|ghost| format!("{}px", axis(&ghost.at) + 8)))
    };
    view! {
        <When when=move || desk.ghost.with(Option::is_some)>
            <div class="fghost" aria-hidden="true" style:left=place(|at| at.0) style:top=place(|at| at.1)>
                {move || desk.ghost.with(|ghost| ghost.as_ref().map(|ghost| ghost.title.clone()))}
            </div>
        </When>
    }
}
