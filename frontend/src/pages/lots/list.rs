//! The release board: lots by what quality says of them.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use lotline_common::ledger::{Lot, LotStatus, ToolState};
use lotline_common::system::LiveTopic;

use crate::components::Quantity;
use crate::components::choices::words;
use crate::components::field::Choice;
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{named, said, t, tx, word};

use super::tool::tool_badge;
use crate::components::material::{Expiry, ItemCell, or_dash};

const COLUMNS: &[Column<Lot>] = &[
    column("field.lot", |lot: &Lot| {
        let batch =
            (!lot.batch_code.is_empty()).then(|| view! { <span class="small muted">{lot.batch_code.clone()}</span> });
        view! { <div class="cell-2"><span>{lot.code.clone()}</span>{batch}</div> }.into_any()
    })
    .sorted("code"),
    column("field.item", |lot: &Lot| view! { <ItemCell item=lot.item.clone() /> }.into_any()).sorted("item"),
    column("field.status", |lot: &Lot| {
        let life = lot.tool.as_ref().filter(|tool| tool.state != ToolState::Sound).map(|tool| tool_badge(tool.state));
        view! { <span class="row"><Status value=lot.status />{life}</span> }.into_any()
    }),
    column("field.supplier_lot", |lot: &Lot| {
        let supplier = lot.supplier.clone().map(|supplier| view! { <span>{named(supplier.name)}</span> });
        view! { <div class="cell-2"><span>{or_dash(&lot.supplier_lot)}</span>{supplier}</div> }.into_any()
    }),
    column("field.certificate", |lot: &Lot| or_dash(&lot.certificate_number).into_any()),
    column("field.expires_on", |lot: &Lot| {
        view! { <Expiry expires_on=lot.expires_on expired=lot.expired /> }.into_any()
    })
    .sorted("expires_on"),
    column("lots.own_quantity", |lot: &Lot| {
        view! { <Quantity value=lot.own_quantity unit=lot.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("lots.custody_quantity", |lot: &Lot| {
        view! { <Quantity value=lot.custody_quantity unit=lot.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
];

fn expiries() -> Vec<Choice> {
    vec![("true".to_owned(), t("lots.expired")), ("false".to_owned(), t("lots.not_expired"))]
}

const FILTERS: &[Filter] = &[
    Filter { name: "status", title: "field.status", choices: || words("lot_status", LotStatus::ALL) },
    Filter { name: "expired", title: "field.expires_on", choices: expiries },
    Filter { name: "tool_state", title: "lots.tool_life", choices: || words("tool_state", ToolState::ALL) },
];

/// Lots.
#[component]
pub fn LotList() -> impl IntoView {
    let list = ListView {
        path: "/lots",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Lot, LiveTopic::Stock, LiveTopic::Receipt],
        link: |lot: &Lot| Some(format!("/lots/{}", lot.id)),
        empty: "lots.empty",
    };
    view! {
        <PageHead title=said("lots.title") sub=said("lots.sub") />
        <nav class="tabs" aria-label=tx("lots.boards")>
            <Board status=None />
            <Board status=Some(LotStatus::Quarantine) />
            <Board status=Some(LotStatus::Released) />
            <Board status=Some(LotStatus::Blocked) />
        </nav>
        <List list />
    }
}

/// One view of the board; without a status, all lots.
#[component]
fn Board(status: Option<LotStatus>) -> impl IntoView {
    let query = use_query_map();
    let chosen = status.map(|status| status.to_string()).unwrap_or_default();
    let link = status.map_or("/lots".to_owned(), |status| format!("/lots?status={status}"));
    let current = move || (query.get().get("status").unwrap_or_default() == chosen).then_some("page");
    let label = move || status.map_or_else(|| t("lots.all"), |status| word("lot_status", status));
    view! { <a class="tab" href=link aria-current=current>{label}</a> }
}
