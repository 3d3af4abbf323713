//! The list of requisitions.

use leptos::prelude::*;
use lotline_common::issuing::{ApprovalState, Priority, RequisitionIssueState, RequisitionSummary};
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use crate::components::choices::{partners, provide_partners, words};
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::{Icon, When};
use crate::i18n::{date, named, said, tx, worded};
use crate::state;

const COLUMNS: &[Column<RequisitionSummary>] = &[
    column("field.number", |row: &RequisitionSummary| {
        let beyond =
            row.supplement.map(|_| view! { " "<span class="badge badge--warn">{tx("requisitions.supplement")}</span> });
        view! { {row.number.clone()}{beyond} }.into_any()
    })
    .sorted("number"),
    column("field.order", |row: &RequisitionSummary| {
        view! { <a class="code" href=format!("/orders/{}", row.order_id)>{row.order_number.clone()}</a> }.into_any()
    }),
    column("field.partner", |row: &RequisitionSummary| {
        let partner = row.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("field.product", |row: &RequisitionSummary| {
        let product = row.product.clone();
        view! { <div class="cell-2"><span>{named(product.name)}</span><span>{product.code}</span></div> }.into_any()
    }),
    column("field.needed_on", |row: &RequisitionSummary| date(row.needed_on).into_any()).sorted("needed_on"),
    column("field.priority", |row: &RequisitionSummary| view! { <PriorityBadge value=row.priority /> }.into_any()),
    column("field.lines", |row: &RequisitionSummary| row.line_count.into_any()).figures(),
    column("field.approval", |row: &RequisitionSummary| view! { <Status value=row.approval_state /> }.into_any()),
    column("field.issue", |row: &RequisitionSummary| view! { <Status value=row.issue_state /> }.into_any()),
    column("field.requested_by", |row: &RequisitionSummary| person(&row.requested_by.display_name)),
];

const FILTERS: &[Filter] = &[
    Filter { name: "approval_state", title: "field.approval", choices: || words("approval_state", ApprovalState::ALL) },
    Filter {
        name: "issue_state",
        title: "field.issue",
        choices: || words("requisition_issue_state", RequisitionIssueState::ALL),
    },
    Filter { name: "partner_id", title: "field.partner", choices: partners },
];

/// A priority in words; the urgent stands out.
#[component]
pub fn PriorityBadge(
    /// Which.
    value: Priority,
) -> impl IntoView {
    let class = if value == Priority::Urgent { "badge badge--warn" } else { "muted" };
    view! { <span class=class>{worded("priority", &value)}</span> }
}

/// Requisitions.
#[component]
pub fn RequisitionList() -> impl IntoView {
    provide_partners();
    let list = ListView {
        path: "/requisitions",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Requisition, LiveTopic::Approval, LiveTopic::Pick],
        link: |row: &RequisitionSummary| Some(format!("/requisitions/{}", row.id)),
        empty: "requisitions.empty",
    };
    view! {
        <PageHead title=said("nav.requisitions") sub=said("requisitions.sub")>
            <When when=|| state::may(Permission::RequisitionEdit)>
                <a class="btn btn--primary" href="/requisitions/new" data-testid="requisition-new">
                    <Icon name="plus" />{tx("requisitions.new")}
                </a>
            </When>
        </PageHead>
        <List list />
    }
}
