//! What was sold to whom, lot by lot.

use leptos::prelude::*;
use lotline_common::material::SalesRecord;
use lotline_common::system::LiveTopic;

use crate::components::Quantity;
use crate::components::material::{LotLink, or_dash};
use crate::components::page::PageHead;
use crate::components::table::{Column, List, ListView, column};
use crate::i18n::{date, named, said, time, tx};

const COLUMNS: &[Column<SalesRecord>] = &[
    column("material.dispatch", |record: &SalesRecord| {
        let undone =
            record.reversed.then(|| view! { <span class="badge badge--danger">{tx("material.undone")}</span> });
        view! {
            <div class="cell-2">
                <a class="code" href=format!("/material-documents/{}", record.material_id)>{record.number.clone()}</a>{undone}
            </div>
        }
        .into_any()
    }),
    column("field.item", |record: &SalesRecord| {
        let (label, code, model) = (record.item.name.clone(), record.item.code.clone(), record.specification.clone());
        let model = (!model.is_empty()).then(|| format!(" · {model}"));
        view! { <div class="cell-2"><span>{named(label)}</span><span class="code">{code}{model}</span></div> }
            .into_any()
    }),
    column("field.lot", |record: &SalesRecord| view! { <LotLink lot=record.lot.clone() /> }.into_any()),
    column("field.expires_on", |record: &SalesRecord| {
        let day = record.lot.as_ref().and_then(|lot| lot.expires_on);
        view! { <span class="nowrap">{day.map_or_else(|| "—".to_owned(), date)}</span> }.into_any()
    }),
    column("material.udi", |record: &SalesRecord| {
        view! { <span class="code">{or_dash(&record.udi)}</span> }.into_any()
    }),
    column("field.quantity", |record: &SalesRecord| {
        view! { <Quantity value=record.quantity unit=record.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("masterdata.customer", |record: &SalesRecord| {
        let (customer, contact) = (record.customer.name.clone(), record.contact.clone());
        view! { <div class="cell-2"><span>{named(customer)}</span><span class="small muted">{contact}</span></div> }
            .into_any()
    }),
    column("material.dispatched_at", |record: &SalesRecord| {
        view! { <span class="nowrap">{time(record.dispatched_at)}</span> }.into_any()
    })
    .sorted("dispatched_at"),
];

/// The sales records.
#[component]
pub fn SalesRecords() -> impl IntoView {
    let list = ListView {
        path: "/sales-records",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[],
        topics: &[LiveTopic::Material],
        link: |record: &SalesRecord| Some(format!("/material-documents/{}", record.material_id)),
        empty: "material.sales_empty",
    };
    view! {
        <PageHead title=said("material.sales") sub=said("material.sales_sub") />
        <List list />
    }
}
