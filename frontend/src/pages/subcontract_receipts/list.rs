//! The list of receipts from subcontractors.

use leptos::prelude::*;
use lotline_common::subcontract_receiving::{SubcontractReceiptState, SubcontractReceiptSummary};
use lotline_common::system::LiveTopic;

use crate::components::choices::{partners, provide_partners, words};
use crate::components::material::ItemCell;
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::times::Happened;
use crate::i18n::{named, quantity, said, worded};

const COLUMNS: &[Column<SubcontractReceiptSummary>] = &[
    column("field.number", |receipt: &SubcontractReceiptSummary| receipt.number.clone().into_any()).sorted("number"),
    column("field.order", |receipt: &SubcontractReceiptSummary| {
        let order = receipt.order_number.clone();
        view! { <a class="code" href=format!("/orders/{}", receipt.order_id)>{order}</a> }.into_any()
    }),
    column("field.partner", |receipt: &SubcontractReceiptSummary| {
        let partner = receipt.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("field.product", |receipt: &SubcontractReceiptSummary| {
        view! { <ItemCell item=receipt.product.clone() /> }.into_any()
    }),
    column("finished.good", |receipt: &SubcontractReceiptSummary| quantity(receipt.good_quantity).into_any()).figures(),
    column("finished.rejected", |receipt: &SubcontractReceiptSummary| quantity(receipt.rejected_quantity).into_any())
        .figures(),
    column("finished.certainty", |receipt: &SubcontractReceiptSummary| match receipt.certainty {
        Some(certainty) => (worded("certainty", &certainty)).into_any(),
        None => "—".into_any(),
    }),
    column("field.status", |receipt: &SubcontractReceiptSummary| {
        view! { <Status value=receipt.record_state /> }.into_any()
    }),
    column("finished.arrived_at", |receipt: &SubcontractReceiptSummary| {
        view! { <Happened at=receipt.occurred_at late=receipt.late /> }.into_any()
    })
    .sorted("occurred_at"),
];

const FILTERS: &[Filter] = &[
    Filter {
        name: "record_state",
        title: "field.status",
        choices: || words("subcontract_receipt_state", SubcontractReceiptState::ALL),
    },
    Filter { name: "partner_id", title: "field.partner", choices: partners },
];

/// Receipts from subcontractors.
#[component]
pub fn SubcontractReceiptList() -> impl IntoView {
    provide_partners();
    let list = ListView {
        path: "/subcontract-receipts",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::SubcontractReceipt],
        link: |receipt: &SubcontractReceiptSummary| Some(format!("/subcontract-receipts/{}", receipt.id)),
        empty: "finished.empty",
    };
    view! {
        <PageHead title=said("finished.title") sub=said("finished.sub") />
        <List list />
    }
}
