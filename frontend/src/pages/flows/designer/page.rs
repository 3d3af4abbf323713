//! The page of the designer: what is on it, and where.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use lotline_common::approvals::flow::{ApprovalFlowDetail, FlowDirectory, FlowState};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, MouseEvent, PointerEvent};

use super::canvas::{Canvas, Dragged, Palette};
use super::desk::Desk;
use super::file::{Export, Import};
use super::inspector::Inspector;
use super::trial::Trial;
use super::{closest, drag, element, focus_later, keys};
use crate::api;
use crate::components::choices::id_of_page;
use crate::components::page::{PageHead, loaded};
use crate::components::{Icon, When};
use crate::i18n::{name, t, tf, tx};
use crate::pages::flows::words::Names;
use crate::pages::people::SaveProblem;

/// A draft on the desk.
#[component]
pub fn FlowDesigner() -> impl IntoView {
    let (id, params) = (id_of_page(), use_params_map());
    let version = Memo::new(move |_| params.get().get("version").unwrap_or_default());
    // Without news: what somebody else does meanwhile takes nothing off the desk.
    let detail = api::read::<ApprovalFlowDetail>(move || format!("/approval-flows/{}", id.get()));
    let directory = api::read::<FlowDirectory>(|| "/approval-flow-directory".to_owned());
    loaded(detail, move |detail| {
        loaded(directory, move |directory| view! { <OnDesk detail=detail.clone() version=version.get() directory /> })
    })
}

#[component]
fn OnDesk(detail: ApprovalFlowDetail, version: String, directory: FlowDirectory) -> impl IntoView {
    let drawn = detail.versions.iter().find(|known| known.id.to_string() == version);
    let Some(drawn) = drawn.filter(|known| known.state == FlowState::Draft) else {
        let (title, link) = (detail.flow.name.clone(), format!("/approval-flows/{}", detail.flow.id));
        return view! {
            <PageHead title=Signal::derive(move || name(&title)) sub=Signal::derive(|| t("flows.no_draft")) />
            <p><a class="btn" href=link>{tx("common.back")}</a></p>
        }
        .into_any();
    };
    let desk = Desk::new(&detail, drawn, Names::new(directory));
    let keys = window_event_listener(leptos::ev::keydown, move |event| keys::pressed(desk, &event));
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if untrack(|| desk.is_changed()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        keys.remove();
        leaving.remove();
    });
    let navigate = use_navigate();
    let back = format!("/approval-flows/{}", detail.flow.id);
    Effect::new(move |_| {
        if desk.submitted.get() {
            navigate(&back, Default::default());
        }
    });
    laid_out(desk, drawn.version_number)
}

fn laid_out(desk: Desk, number: i32) -> AnyView {
    let (tried, problem) = (RwSignal::new(false), desk.problem);
    let refused = move || problem.with(Option::is_some);
    view! {
        <div
            class="flowpage"
            on:pointerdown=move |event: PointerEvent| drag::down(desk, &event)
            on:pointermove=move |event: PointerEvent| drag::moved(desk, &event)
            on:pointerup=move |_| drag::lifted(desk)
            on:pointercancel=move |_| drag::stop(desk)
            on:click=move |event: MouseEvent| chosen(desk, &event)
        >
            <Head desk number tried />
            <Palette desk />
            <div class="flowpage__main">
                <div class="flowpage__refused">
                    <When when=refused>
                        <SaveProblem problem reload=Callback::new(move |()| desk.reload()) />
                    </When>
                </div>
                <Canvas desk />
                <When when=move || tried.get()><Trial desk tried /></When>
            </div>
            <Inspector desk />
            <div class="visually-hidden" role="status" data-testid="flow-told">{desk.told}</div>
            <Dragged desk />
        </div>
    }
    .into_any()
}

/// A step is chosen: with the mouse only that, with the keyboard its properties get the focus.
fn chosen(desk: Desk, event: &MouseEvent) {
    let step = element(event.target()).and_then(|target| closest(&target, "[data-step]"));
    let Some(step) = step else { return };
    let place = step.get_attribute("data-place").and_then(|place| place.parse().ok());
    desk.choose(&step.get_attribute("data-step").unwrap_or_default(), place);
    if event.detail() == 0 {
        focus_later(".flowpage__form input, .flowpage__form select, .flowpage__form button");
    } else if let Some(step) = step.dyn_ref::<HtmlElement>() {
        // Not every browser gives a button that is pressed the focus, and the keys go to what has it.
        drop(step.focus());
    }
}

#[component]
fn Head(desk: Desk, number: i32, tried: RwSignal<bool>) -> impl IntoView {
    let title = desk.flow.with_value(|flow| flow.name.clone());
    let back = desk.flow.with_value(|flow| format!("/approval-flows/{}", flow.id));
    let flaws = move || desk.flaws.with(Vec::len);
    let show = move |_| {
        desk.choose("", None);
        focus_later(".fflaw");
    };
    let turn = move |icon: &'static str, label: &'static str, redo: bool| {
        let cannot = move || {
            let (undo, again) = desk.history.with(|history| history.can());
            !if redo { again } else { undo }
        };
        view! {
            <button
                class="btn btn--icon" type="button" aria-label=tx(label) title=tx(label) disabled=cannot
                on:click=move |_| desk.turn_back(redo)
            ><Icon name=icon /></button>
        }
    };
    let submits = move || flaws() == 0 && !desk.pending.get();
    view! {
        <header class="flowpage__head">
            <a class="btn btn--quiet btn--icon" href=back aria-label=tx("common.back")><Icon name="chevron-left" /></a>
            <h1 class="truncate">{move || name(&title)}</h1>
            <span class="badge">{move || tf("flows.draft_number", &[("number", &number.to_string())])}</span>
            <When when=move || desk.is_changed()>
                <span class="badge badge--warn" data-testid="flow-unsaved">{tx("flows.unsaved")}</span>
            </When>
            <div class="flowpage__tools">
                {turn("undo", "flows.undo", false)}{turn("forward", "flows.redo", true)}
                <Import desk /><Export desk />
                <When when=move || { flaws() > 0 }>
                    <button class="btn btn--danger" type="button" on:click=show data-testid="flow-flaws">
                        <Icon name="alert" />{move || tf("flows.flaw_count", &[("count", &flaws().to_string())])}
                    </button>
                </When>
                <button
                    class="btn" type="button" aria-expanded=move || tried.get().to_string() data-testid="flow-try"
                    on:click=move |_| tried.update(|tried| *tried = !*tried)
                ><Icon name="play" />{tx("flows.try")}</button>
                <button class="btn" type="button" disabled=desk.pending on:click=move |_| desk.save(false) data-testid="flow-save">{tx("common.save")}</button>
                <button
                    class="btn btn--primary" type="button" disabled=move || !submits() on:click=move |_| desk.save(true)
                    data-testid="flow-submit"
                >{tx("flows.submit")}</button>
            </div>
        </header>
    }
}
