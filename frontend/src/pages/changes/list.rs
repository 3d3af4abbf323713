//! The list of change requests.

use leptos::prelude::*;
use lotline_common::changes::{ChangeAct, ChangeRequest, ChangeState};
use lotline_common::ledger::DocumentKind;
use lotline_common::system::LiveTopic;

use super::facts::subject;
use crate::components::choices::words;
use crate::components::field::Choice;
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{said, time, worded};

const COLUMNS: &[Column<ChangeRequest>] = &[
    column("field.number", |request: &ChangeRequest| request.number.clone().into_any()).sorted("number"),
    column("changes.act", |request: &ChangeRequest| {
        let act = request.act;
        view! { <span class="nowrap">{worded("change_request_act", &act)}</span> }.into_any()
    }),
    column("changes.subject", subject),
    column("field.status", |request: &ChangeRequest| view! { <Status value=request.state /> }.into_any()),
    column("field.requested_by", |request: &ChangeRequest| person(&request.requested_by.display_name)),
    column("field.time", |request: &ChangeRequest| {
        view! { <span class="nowrap">{time(request.requested_at)}</span> }.into_any()
    }),
];

fn kinds() -> Vec<Choice> {
    let kinds = [DocumentKind::LotRelease, DocumentKind::MasterdataChange, DocumentKind::AccessChange];
    words("document_kind", kinds)
}

const FILTERS: &[Filter] = &[
    Filter { name: "kind", title: "field.kind", choices: kinds },
    Filter { name: "act", title: "changes.act", choices: || words("change_request_act", ChangeAct::ALL) },
    Filter { name: "state", title: "field.status", choices: || words("change_request_state", ChangeState::ALL) },
    Filter { name: "target_id", title: "changes.subject", choices: Vec::new },
];

/// Change requests.
#[component]
pub fn ChangeRequestList() -> impl IntoView {
    let list = ListView {
        path: "/change-requests",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Approval],
        link: |request: &ChangeRequest| Some(format!("/change-requests/{}", request.id)),
        empty: "changes.empty",
    };
    view! {
        <PageHead title=said("nav.change_requests") sub=said("changes.sub") />
        <List list />
    }
}
