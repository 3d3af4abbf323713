//! The list of orders.

use leptos::prelude::*;
use lotline_common::orders::{CustodyState, IssueState, OrderState, OrderSummary};
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use crate::components::choices::{partners, provide_partners, words};
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::{Icon, Quantity, When};
use crate::i18n::{date, named, said, tx};
use crate::state;

const COLUMNS: &[Column<OrderSummary>] = &[
    column("field.number", |order: &OrderSummary| order.number.clone().into_any()).sorted("number"),
    column("field.product", |order: &OrderSummary| {
        let product = order.product.clone();
        view! { <div class="cell-2"><span>{named(product.name)}</span><span>{product.code}</span></div> }.into_any()
    }),
    column("field.partner", |order: &OrderSummary| {
        let partner = order.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("field.operation", |order: &OrderSummary| {
        let operation = order.operation.name.clone();
        (named(operation)).into_any()
    }),
    column("field.quantity", |order: &OrderSummary| {
        view! { <Quantity value=order.quantity unit=order.product.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("field.due_on", |order: &OrderSummary| date(order.due_on).into_any()).sorted("due_on"),
    column("field.record", |order: &OrderSummary| view! { <Status value=order.record_state /> }.into_any()),
    column("field.issue", |order: &OrderSummary| view! { <Status value=order.issue_state /> }.into_any()),
    column("field.custody", |order: &OrderSummary| view! { <Status value=order.custody_state /> }.into_any()),
];

const FILTERS: &[Filter] = &[
    Filter { name: "record_state", title: "field.record", choices: || words("order_state", OrderState::ALL) },
    Filter { name: "issue_state", title: "field.issue", choices: || words("issue_state", IssueState::ALL) },
    Filter { name: "custody_state", title: "field.custody", choices: || words("custody_state", CustodyState::ALL) },
    Filter { name: "partner_id", title: "field.partner", choices: partners },
];

/// Orders.
#[component]
pub fn OrderList() -> impl IntoView {
    provide_partners();
    let list = ListView {
        path: "/orders",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Order, LiveTopic::Issue],
        link: |order: &OrderSummary| Some(format!("/orders/{}", order.id)),
        empty: "orders.empty",
    };
    view! {
        <PageHead title=said("nav.orders") sub=said("orders.sub")>
            <When when=|| state::may(Permission::OrderEdit)>
                <a class="btn btn--primary" href="/orders/new" data-testid="order-new"><Icon name="plus" />{tx("orders.new")}</a>
            </When>
        </PageHead>
        <List list />
    }
}
