//! Makes the link by which somebody without an account confirms a delivery, and shows it to be scanned.

use leptos::prelude::*;
use lotline_common::custody::{ConfirmationLink, ConfirmationLinkCreate};
use lotline_common::id::IssueNoteId;
use lotline_common::problem::Problem;

use super::hand_over;
use crate::components::dialog::Dialog;
use crate::components::page::Skeleton;
use crate::components::problem::ProblemBanner;
use crate::components::{Icon, Qr, copy_text};
use crate::i18n::{said, t, tf, time, tx};
use crate::{api, state};

/// Lets a driver or a storeman confirm a delivery instead.
#[component]
pub fn LinkMake(
    /// The delivery.
    id: IssueNoteId,
) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <div class="row">
            <button
                class="btn btn--quiet" type="button" aria-haspopup="dialog" data-testid="link-make"
                on:click=move |_| open.set(true)
            >
                <Icon name="link" />{tx("portal.link_make")}
            </button>
        </div>
        <Dialog open title=said("portal.link_make")><Making id open /></Dialog>
    }
}

/// Asks for the link as soon as the dialog opens.
#[component]
fn Making(id: IssueNoteId, open: RwSignal<bool>) -> impl IntoView {
    let (made, problem) = (RwSignal::new(None::<ConfirmationLink>), RwSignal::new(None::<Problem>));
    let make = api::action(move |(): &()| async move {
        let path = format!("/portal/deliveries/{id}/links");
        match api::post::<_, ConfirmationLink>(&path, &ConfirmationLinkCreate {}).await {
            Ok(link) => made.set(Some(link)),
            Err(refused) => problem.set(Some(refused)),
        }
    });
    make.dispatch(());
    let content = move || match made.get() {
        Some(link) => view! { <Made link /> }.into_any(),
        None if problem.with(Option::is_some) => view! { <ProblemBanner problem /> }.into_any(),
        None => view! { <Skeleton /> }.into_any(),
    };
    view! {
        <div class="dialog__body">
            <p class="muted">{tx("portal.link_text")}</p>
            {content}
        </div>
        <div class="dialog__foot">
            <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.close")}</button>
        </div>
    }
}

/// The link: told once, so that whoever closes the dialog makes another.
#[component]
fn Made(link: ConfirmationLink) -> impl IntoView {
    let address = hand_over::address(&link.token);
    let (code, shown) = (address.clone(), address.clone());
    let until = move || tf("portal.link_until", &[("time", &time(link.expires_at))]);
    let copy = api::action(move |(): &()| {
        let address = address.clone();
        async move {
            let copied = copy_text(&address).await.is_ok();
            state::toast(t(if copied { "portal.link_copied" } else { "portal.link_not_copied" }));
        }
    });
    view! {
        <div class="secret">
            <div data-testid="link-qr"><Qr text=code label=t("portal.link_qr") /></div>
            <div class="stack">
                <p class="strong" role="status">{until}</p>
                <code class="hash wrap" data-testid="link-address">{shown}</code>
                <div>
                    <button
                        class="btn btn--sm" type="button" data-testid="link-copy"
                        on:click=move |_| { copy.dispatch(()); }
                    >{tx("portal.link_copy")}</button>
                </div>
            </div>
        </div>
        <p class="banner banner--warn"><Icon name="alert" /><span>{tx("portal.link_warning")}</span></p>
    }
}
