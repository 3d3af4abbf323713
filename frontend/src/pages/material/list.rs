//! The list of material documents.

use leptos::prelude::*;
use lotline_common::material::{MaterialApproval, MaterialKind, MaterialState, MaterialSummary};
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use crate::components::choices::{partners, provide_partners, words};
use crate::components::material::{or_dash, person};
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::times::Happened;
use crate::components::{Icon, When};
use crate::i18n::{name, said, tx, worded};
use crate::state;

/// Whom it is about: the subcontractor, the one that gets it, or the customer.
fn with_whom(document: &MaterialSummary) -> AnyView {
    let parties = [&document.partner, &document.to_partner, &document.customer];
    let names: Vec<_> = parties.into_iter().flatten().map(|partner| partner.name.clone()).collect();
    if names.is_empty() {
        return "—".into_any();
    }
    (move || names.iter().map(name).collect::<Vec<_>>().join(" → ")).into_any()
}

/// Where it stands, on the one axis that says most.
pub fn standing(document: &MaterialSummary) -> AnyView {
    standing_of(document.record_state, document.approval_state, document.custody_state)
}

/// Of three axes, the one that says most.
pub fn standing_of(state: MaterialState, approval: MaterialApproval, custody: CustodyState) -> AnyView {
    match (state, approval, custody) {
        (MaterialState::Draft, MaterialApproval::Pending, _) => view! { <Status value=approval /> }.into_any(),
        (MaterialState::Posted, _, custody) if custody != CustodyState::None => {
            view! { <Status value=custody /> }.into_any()
        }
        (state, ..) => view! { <Status value=state /> }.into_any(),
    }
}

const COLUMNS: &[Column<MaterialSummary>] = &[
    column("field.number", |document: &MaterialSummary| document.number.clone().into_any()).sorted("number"),
    column("field.kind", |document: &MaterialSummary| {
        let kind = document.kind;
        (worded("material_kind", &kind)).into_any()
    }),
    column("field.order", |document: &MaterialSummary| match (document.order_id, document.order_number.clone()) {
        (Some(id), Some(number)) => view! { <a class="code" href=format!("/orders/{id}")>{number}</a> }.into_any(),
        _ => "—".into_any(),
    }),
    column("material.with", with_whom),
    column("common.reason", |document: &MaterialSummary| or_dash(&document.reason).into_any()),
    column("field.status", standing),
    column("field.occurred_at", |document: &MaterialSummary| {
        view! { <Happened at=document.occurred_at late=document.late /> }.into_any()
    })
    .sorted("occurred_at"),
    column("field.created_by", |document: &MaterialSummary| person(&document.created_by.display_name)),
];

const FILTERS: &[Filter] = &[
    Filter { name: "kind", title: "field.kind", choices: || words("material_kind", MaterialKind::ALL) },
    Filter { name: "record_state", title: "field.record", choices: || words("material_state", MaterialState::ALL) },
    Filter {
        name: "approval_state",
        title: "field.approval",
        choices: || words("material_approval", MaterialApproval::ALL),
    },
    Filter { name: "custody_state", title: "field.custody", choices: || words("custody_state", CustodyState::ALL) },
    Filter { name: "partner_id", title: "field.partner", choices: partners },
];

/// Material documents.
#[component]
pub fn MaterialList() -> impl IntoView {
    provide_partners();
    let list = ListView {
        path: "/material-documents",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Material],
        link: |document: &MaterialSummary| Some(format!("/material-documents/{}", document.id)),
        empty: "material.empty",
    };
    view! {
        <PageHead title=said("material.title") sub=said("material.sub")>
            <When when=|| state::may(Permission::MaterialEdit)>
                <a class="btn btn--primary" href="/material-documents/new" data-testid="material-new">
                    <Icon name="plus" />{tx("material.new")}
                </a>
            </When>
        </PageHead>
        <List list />
    }
}
