//! What can be done with an order: open it, cancel it, edit it, request material for it.

use leptos::prelude::*;
use lotline_common::id::OrderId;
use lotline_common::masterdata::Supply;
use lotline_common::orders::{IssueState, Order, OrderReceiptState, OrderState, OrderTransition};
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;

use crate::api::{self, Reading};
use crate::components::dialog::ReasonDialog;
use crate::components::{Icon, When};
use crate::i18n::{said, tf, tx};
use crate::state;

/// What a page of an order shares between its parts.
#[derive(Clone, Copy)]
pub struct OrderPage {
    /// The order.
    pub order: Reading<api::Answer<Order>>,
    /// The draft being edited.
    pub editing: RwSignal<Option<Order>>,
    /// The question why to cancel is open.
    pub cancelling: RwSignal<bool>,
    /// The last refusal outside of a dialog.
    pub problem: RwSignal<Option<Problem>>,
}

async fn move_on(id: OrderId, version: i64, command: OrderTransition) -> api::Answer<Order> {
    api::post_version(&format!("/orders/{id}/transitions"), &command, version).await
}

/// Buttons of an order, those that its state and the reader's rights allow.
#[component]
pub fn OrderActions(
    /// The order.
    order: Order,
    /// Its page.
    page: OrderPage,
) -> impl IntoView {
    let (id, version, state_now) = (order.id, order.version, order.record_state);
    let (draft, open) = (state_now == OrderState::Draft, state_now == OrderState::Open);
    let issued = order.issue_state != IssueState::NotIssued;
    let untouched = open && !issued && order.receipt_state == OrderReceiptState::Open;
    // Nothing is ever issued for an order whose subcontractor provides everything itself.
    let provided = order.components.iter().all(|component| component.supply == Supply::SupplierSourced);
    let opening = api::action(move |(): &()| async move {
        let command = OrderTransition { state: OrderState::Open, reason: String::new() };
        match move_on(id, version, command).await {
            Ok(opened) => {
                page.problem.set(None);
                state::toast(tf("orders.opened", &[("number", &opened.number)]));
                page.order.refetch();
            }
            Err(refused) => page.problem.set(Some(refused)),
        }
    });
    let pending = opening.pending();
    let draft_order = StoredValue::new(order);
    view! {
        <When when=move || (draft || untouched) && state::may(Permission::OrderEdit)>
            <button class="btn btn--danger" type="button" data-testid="order-cancel" on:click=move |_| page.cancelling.set(true)>
                {tx("orders.cancel")}
            </button>
        </When>
        <When when=move || draft && state::may(Permission::OrderEdit)>
            <button class="btn" type="button" data-testid="order-edit" on:click=move |_| page.editing.set(Some(draft_order.get_value()))>
                <Icon name="pen" />{tx("common.edit")}
            </button>
            <button
                class="btn btn--primary" type="button" data-testid="order-open" disabled=pending
                on:click=move |_| { opening.dispatch(()); }
            >{tx("orders.open")}</button>
        </When>
        <When when=move || !draft && state::may(Permission::CostView)>
            <a class="btn" href=format!("/orders/{id}/costs") data-testid="order-costs">{tx("contracts.costs")}</a>
        </When>
        <When when=move || open && (issued || provided) && state::may(Permission::SubcontractReceive)>
            <a class="btn" href=format!("/subcontract-receipts/new?order_id={id}") data-testid="goods-receive">{tx("finished.receive")}</a>
        </When>
        <When when=move || open && issued && state::may(Permission::RequisitionEdit)>
            <a class="btn" href=format!("/requisitions/new?order={id}&supplement=1") data-testid="supplement-new">{tx("requisitions.supplement")}</a>
        </When>
        <When when=move || open && state::may(Permission::RequisitionEdit)>
            <a class="btn btn--primary" href=format!("/requisitions/new?order={id}") data-testid="requisition-new">
                <Icon name="plus" />{tx("orders.new_requisition")}
            </a>
        </When>
    }
}

/// Asks why, and cancels.
#[component]
pub fn OrderCancel(
    /// The order's page.
    page: OrderPage,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    let cancelling = api::action(move |reason: &String| {
        let command = OrderTransition { state: OrderState::Cancelled, reason: reason.clone() };
        let order = page.order.get_untracked().and_then(Result::ok);
        async move {
            let Some(order) = order else { return };
            match move_on(order.id, order.version, command).await {
                Ok(_) => {
                    page.problem.set(None);
                    page.cancelling.set(false);
                    page.order.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let confirm = Callback::new(move |reason: String| {
        cancelling.dispatch(reason);
    });
    view! {
        <ReasonDialog
            open=page.cancelling title=said("orders.cancel") explanation=said("orders.cancel_text")
            problem pending=cancelling.pending() confirm
        />
    }
}
