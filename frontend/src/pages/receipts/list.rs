//! The list of receipts.

use leptos::prelude::*;
use lotline_common::permission::Permission;
use lotline_common::receiving::{ReceiptState, ReceiptSummary};
use lotline_common::system::LiveTopic;

use crate::components::choices::words;
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::times::Happened;
use crate::components::{Icon, When};
use crate::i18n::{named, said, tx};
use crate::state;

const COLUMNS: &[Column<ReceiptSummary>] = &[
    column("field.number", |receipt: &ReceiptSummary| receipt.number.clone().into_any()).sorted("number"),
    column("field.supplier", |receipt: &ReceiptSummary| {
        let supplier = receipt.supplier.name.clone();
        (named(supplier)).into_any()
    }),
    column("field.delivery_note", |receipt: &ReceiptSummary| receipt.delivery_note.clone().into_any()),
    column("field.status", |receipt: &ReceiptSummary| view! { <Status value=receipt.state /> }.into_any()),
    column("field.lines", |receipt: &ReceiptSummary| receipt.line_count.into_any()).figures(),
    column("receipts.arrived_at", |receipt: &ReceiptSummary| {
        view! { <Happened at=receipt.occurred_at late=receipt.late /> }.into_any()
    })
    .sorted("occurred_at"),
    column("field.created_by", |receipt: &ReceiptSummary| person(&receipt.created_by.display_name)),
];

const FILTERS: &[Filter] =
    &[Filter { name: "state", title: "field.status", choices: || words("receipt_state", ReceiptState::ALL) }];

/// Receipts.
#[component]
pub fn ReceiptList() -> impl IntoView {
    let list = ListView {
        path: "/receipts",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Receipt],
        link: |receipt: &ReceiptSummary| Some(format!("/receipts/{}", receipt.id)),
        empty: "receipts.empty",
    };
    view! {
        <PageHead title=said("receipts.title") sub=said("receipts.sub")>
            <When when=|| state::may(Permission::ReceiptPost)>
                <a class="btn btn--primary" href="/receipts/new" data-testid="receipt-new"><Icon name="plus" />{tx("receipts.new")}</a>
            </When>
        </PageHead>
        <List list />
    }
}
