//! Buttons, chips, views, tabs.

use leptos::prelude::*;

use super::text;
use crate::components::Icon;
use crate::i18n::tx;

/// States that a button is shown in: class, whether it is busy, whether it is disabled.
const STATES: &[(&str, bool, bool)] = &[
    ("", false, false),
    ("is-hover", false, false),
    ("is-active", false, false),
    ("is-focus", false, false),
    ("", true, false),
    ("", false, true),
];
const STATE_NAMES: &[&str] = &["kit.rest", "kit.hover", "kit.active", "kit.focus", "kit.busy", "kit.disabled"];

#[component]
fn ButtonStates(title: &'static str, class: &'static str, label: &'static str) -> impl IntoView {
    let states = STATES.iter().map(|(state, busy, disabled)| {
        view! {
            <button class=format!("btn {class} {state}") type="button" aria-busy=busy.then_some("true") disabled=*disabled>
                {busy.then(|| view! { <span class="spinner"></span> })}
                {text(label)}
            </button>
        }
    });
    view! { <span class="small muted">{text(title)}</span>{states.collect_view()} }
}

/// Buttons.
#[component]
pub fn Buttons() -> impl IntoView {
    let heads = STATE_NAMES.iter().map(|name| view! { <span class="section-label">{text(name)}</span> });
    view! {
        <div class="table-wrap kit__scroll" tabindex="0" role="region" aria-label=text("kit.buttons")>
            <div class="kit__grid">
                <span class="section-label"></span>{heads.collect_view()}
                <ButtonStates title="kit.primary" class="btn--primary" label="word.decision.approve" />
                <ButtonStates title="kit.plain" class="" label="common.print" />
                <ButtonStates title="kit.danger" class="btn--danger" label="word.decision.refuse" />
                <ButtonStates title="kit.destroy" class="btn--destroy" label="common.reverse" />
                <ButtonStates title="kit.quiet" class="btn--quiet" label="common.cancel" />
            </div>
        </div>
        <div class="row row--wrap">
            <button class="btn btn--sm" type="button">{text("kit.small")}</button>
            <button class="btn btn--lg" type="button">{text("kit.large")}</button>
            <button class="btn btn--icon" type="button" aria-label=text("common.details")><Icon name="more" /></button>
            <button class="btn" type="button"><Icon name="print" />{text("common.print")}</button>
            <a class="btn" href="/kit">{text("kit.link")}</a>
            <ButtonGroup />
            <span class="kbd">"Ctrl K"</span><span class="kbd">"A"</span>
        </div>
    }
}

#[component]
fn ButtonGroup() -> impl IntoView {
    let table = RwSignal::new(false);
    let button = |label: &'static str, own: bool| {
        view! {
            <button class="btn" type="button" aria-pressed=move || (table.get() == own).to_string() on:click=move |_| table.set(own)>
                {text(label)}
            </button>
        }
    };
    view! {
        <span class="btn-group" role="group" aria-label=text("kit.group")>
            {button("kit.chart", false)}{button("kit.table", true)}
        </span>
    }
}

/// Chips, saved views and tabs.
#[component]
pub fn Choosers() -> impl IntoView {
    let tab = RwSignal::new(0_usize);
    let view_chosen = RwSignal::new(0_usize);
    let tab_button = move |place: usize, label: &'static str, count: usize| {
        view! {
            <button class="tab" type="button" role="tab" aria-selected=move || (tab.get() == place).to_string() on:click=move |_| tab.set(place)>
                {text(label)}<span class="tab__n">{count}</span>
            </button>
        }
    };
    let view_button = move |place: usize, label: &'static str, count: usize| {
        view! {
            <button class="view" type="button" aria-pressed=move || (view_chosen.get() == place).to_string() on:click=move |_| view_chosen.set(place)>
                {text(label)}<span class="view__n">{count}</span>
            </button>
        }
    };
    view! {
        <div class="row row--wrap">
            <span class="chip">
                <span class="chip__key">{text("field.status")}</span><span class="chip__op">"="</span>
                <span class="chip__value">{text("word.stock_status.available")}</span>
                <button class="chip__x" type="button" aria-label=tx("kit.remove_filter")><Icon name="x" small=true /></button>
            </span>
            <span class="chip chip--on"><span class="chip__value">{text("word.priority.urgent")}</span></span>
            <button class="chip chip--add" type="button"><Icon name="plus" small=true />{text("kit.filter")}</button>
        </div>
        <div class="views">
            {view_button(0, "common.all", 19)}{view_button(1, "word.lot_status.quarantine", 7)}{view_button(2, "word.lot_status.released", 12)}
        </div>
        <div class="tabs" role="tablist" aria-label=text("kit.tabs")>
            {tab_button(0, "common.lines", 2)}{tab_button(1, "common.movements", 8)}{tab_button(2, "common.timeline", 5)}
        </div>
        <nav class="tabs" aria-label=text("kit.views")>
            <a class="tab" href="/kit" aria-current="page">{text("common.all")}</a>
            <a class="tab" href="/kit">{text("word.lot_status.quarantine")}</a>
        </nav>
    }
}
