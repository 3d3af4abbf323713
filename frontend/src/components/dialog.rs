//! Dialogs: native, so that focus, Escape and screen readers work as everywhere.

use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use lotline_common::problem::Problem;

use super::When;
use super::field::{FormProblem, TextArea};
use super::problem::ProblemBanner;
use crate::i18n::{said, tx};

/// A dialog that is open while `open` holds.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Title.
    #[prop(into)]
    title: Signal<String>,
    /// Content; made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<DialogElement>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // Refused only when the element is not in the page, where there is nobody to see it.
            let _ = dialog.show_modal();
        } else if !open.get() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" node_ref=node on:close=move |_| open.set(false) aria-label=title>
            <div class="dialog__head"><h2>{title}</h2></div>
            <When when=move || open.get()>{children()}</When>
        </dialog>
    }
}

/// Whether something is chosen, for the dialog about it: closing the dialog chooses nothing.
pub fn open_while<T: Send + Sync + 'static>(chosen: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    // Each tells the other only of a change: both at every turn would never come to rest.
    Effect::new(move |_| {
        if chosen.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && chosen.with_untracked(Option::is_some) {
            chosen.set(None);
        }
    });
    open
}

/// Asks for a reason before something is done that needs one.
#[component]
pub fn ReasonDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Title: what is going to be done.
    #[prop(into)]
    title: Signal<String>,
    /// What it means.
    #[prop(optional, into)]
    explanation: Signal<String>,
    /// The refusal of the last try.
    problem: RwSignal<Option<Problem>>,
    /// It is being done.
    #[prop(into)]
    pending: Signal<bool>,
    /// Does it, with the reason.
    confirm: Callback<String>,
) -> impl IntoView {
    view! {
        <Dialog open title>
            <ReasonForm open label=title explanation problem pending confirm />
        </Dialog>
    }
}

/// What stands in a dialog that asks for a reason, and maybe for more.
#[component]
pub fn ReasonForm(
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// What its button says.
    label: Signal<String>,
    /// What the act means.
    explanation: Signal<String>,
    /// What to know about the reason.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// The refusal of the last try.
    problem: RwSignal<Option<Problem>>,
    /// It is being done.
    #[prop(into)]
    pending: Signal<bool>,
    /// Does it, with the reason.
    confirm: Callback<String>,
    /// Other fields, before the reason.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let confirm = Callback::new(move |()| confirm.run(reason.get_untracked()));
    view! {
        <DialogForm open label explanation problem pending confirm>
            {children.map(|children| children())}
            <TextArea label=said("common.reason") value=reason pointer="/reason" hint required=true />
        </DialogForm>
    }
}

/// What stands in a dialog that asks for something before it does what it is for.
#[component]
pub fn DialogForm(
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// What its button says.
    label: Signal<String>,
    /// What the act means.
    explanation: Signal<String>,
    /// The refusal of the last try.
    problem: RwSignal<Option<Problem>>,
    /// It is being done.
    #[prop(into)]
    pending: Signal<bool>,
    /// Does it.
    confirm: Callback<()>,
    /// What is asked for.
    children: Children,
) -> impl IntoView {
    provide_context(FormProblem(problem));
    problem.set(None);
    view! {
        <form novalidate=true on:submit=move |event| {
            event.prevent_default();
            confirm.run(());
        }>
            <div class="dialog__body">
                <p class="muted">{explanation}</p>
                {children()}
                <ProblemBanner problem />
            </div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <button class="btn btn--primary" type="submit" disabled=pending data-testid="dialog-confirm">{label}</button>
            </div>
        </form>
    }
}
