//! Claims: the open ones first of all.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;
use lotline_common::custody::{Claim, ClaimState};
use lotline_common::system::LiveTopic;

use crate::components::Quantity;
use crate::components::choices::{partners, provide_partners, words};
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{named, said, time, worded};

const COLUMNS: &[Column<Claim>] = &[
    column("field.number", |claim: &Claim| {
        view! { <span class="code strong">{claim.number.clone()}</span> }.into_any()
    })
    .sorted("number"),
    column("word.document_kind.issue", |claim| {
        view! { <a class="code" href=format!("/issue-notes/{}", claim.issue_note_id)>{claim.issue_note_number.clone()}</a> }.into_any()
    }),
    column("field.partner", |claim| {
        let partner = claim.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("field.item", |claim| {
        let item = claim.item.name.clone();
        view! { <div class="cell-2"><span>{named(item)}</span><span class="code">{claim.item.code.clone()}</span></div> }.into_any()
    }),
    column("field.lot", |claim| {
        let lot = claim.lot.clone();
        let link = |lot: lotline_common::ledger::LotRef| view! { <a class="code" href=format!("/lots/{}", lot.id)>{lot.code}</a> };
        lot.map_or_else(|| "—".into_any(), |lot| link(lot).into_any())
    }),
    column("field.kind", |claim| {
        let kind = claim.kind;
        (worded("claim_kind", &kind)).into_any()
    }),
    column("field.quantity", |claim: &Claim| {
        view! { <Quantity value=claim.quantity unit=claim.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("field.state", |claim| view! { <Status value=claim.state /> }.into_any()),
    column("field.remark", |claim| claim.remark.clone().into_any()),
    column("field.created_at", |claim| time(claim.created_at).into_any()),
];

const FILTERS: &[Filter] = &[
    Filter { name: "state", title: "field.state", choices: || words("claim_state", ClaimState::ALL) },
    Filter { name: "partner_id", title: "field.partner", choices: partners },
];

/// Differences between what was issued and what was received, to be settled.
#[component]
pub fn ClaimList() -> impl IntoView {
    provide_partners();
    let query = use_query_map();
    let asked =
        Memo::new(move |before| before == Some(&true) || query.with(|query| query.latest_values().next().is_some()));
    let to_open = || {
        let options = NavigateOptions { replace: true, ..Default::default() };
        view! { <Redirect path="/claims?state=open" options /> }
    };
    view! {
        <PageHead title=said("issue_notes.claims_title") sub=said("issue_notes.claims_sub") />
        <Show when=move || asked.get() fallback=to_open><List list=claims() /></Show>
    }
}

fn claims() -> ListView<Claim> {
    ListView {
        path: "/claims",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Issue],
        link: |_| None,
        empty: "issue_notes.claims_empty",
    }
}
