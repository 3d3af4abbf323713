//! What lies over a page: dialogs, a popover, a menu.

use leptos::prelude::*;
use lotline_common::problem::{Problem, ProblemCode, Refusal};

use super::{signal, text};
use crate::components::Icon;
use crate::components::dialog::{Dialog, ReasonDialog};
use crate::state::state;

/// Dialogs, a popover, a menu.
#[component]
pub fn Layers() -> impl IntoView {
    let (plain, reason) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<Problem>);
    // The first try of the dialog is refused, so that its refusal can be seen as well.
    let refuse = Callback::new(move |given: String| {
        let refusal = Refusal::new(ProblemCode::ReasonRequired).with("minimum", 5);
        match given.trim().chars().count() {
            0..5 => problem.set(Some(refusal.problem(state().locale.get_untracked()))),
            _ => reason.set(false),
        }
    });
    view! {
        <div class="row row--wrap">
            <button class="btn" type="button" data-testid="kit-dialog" on:click=move |_| plain.set(true)>{text("kit.open_dialog")}</button>
            <button class="btn btn--danger" type="button" data-testid="kit-reason" on:click=move |_| reason.set(true)>{text("kit.open_reason")}</button>
        </div>
        <Dialog open=plain title=signal("kit.dialog")>
            <div class="dialog__body"><p>{text("kit.dialog_text")}</p></div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| plain.set(false)>{text("common.cancel")}</button>
                <button class="btn btn--primary" type="button" on:click=move |_| plain.set(false)>{text("common.save")}</button>
            </div>
        </Dialog>
        <ReasonDialog
            open=reason title=signal("common.reverse") explanation=signal("kit.reason_text") problem pending=Signal::derive(|| false)
            confirm=refuse
        />
        <div class="row row--wrap row--top kit__gap">
            <div class="popover">
                <div class="popover__head">{text("field.available")}" 48.400"<span class="push faint small code">"TI26-1015-C"</span></div>
                <div class="popover__body">
                    <dl class="sum">
                        <dt>{text("field.on_hand")}</dt><dd>"65.200"</dd>
                        <dt>{text("field.reserved")}</dt><dd>"−16.800"</dd>
                        <dt>{text("field.held")}</dt><dd>"0.000"</dd>
                        <dt class="sum__total">{text("field.available")}</dt><dd class="sum__total">"48.400"<span class="unit">"kg"</span></dd>
                    </dl>
                </div>
            </div>
            <div class="menu">
                <button class="menu__item is-active" type="button"><Icon name="return" />{text("word.decision.return")}<span class="kbd">"T"</span></button>
                <button class="menu__item" type="button"><Icon name="lock" />{text("word.lot_decision.block")}</button>
                <div class="menu__sep"></div>
                <button class="menu__item text-danger" type="button"><Icon name="ban" />{text("common.reverse")}</button>
            </div>
        </div>
    }
}
