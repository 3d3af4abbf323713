//! The list of flows, and a new one.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::approvals::flow::{APPROVABLE, ApprovalFlow, ApprovalFlowCreate, ApprovalFlowDetail};
use lotline_common::flows::Drawing;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;

use super::edit::{Keys, Node};
use crate::components::choices::words;
use crate::components::entry::Entry;
use crate::components::field::{Choice, FormProblem, SelectField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::{Icon, When};
use crate::i18n::{named, said, tf, tx, worded};
use crate::pages::masterdata::{NameFields, NameSignals, in_use};
use crate::{api, state};

/// News of flows.
pub const TOPICS: &[LiveTopic] = &[LiveTopic::Approval];

const COLUMNS: &[Column<ApprovalFlow>] = &[
    column("field.name", |flow: &ApprovalFlow| named(flow.name.clone()).into_any()),
    column("field.kind", |flow: &ApprovalFlow| {
        view! { <span class="nowrap">{worded("document_kind", &flow.document_kind)}</span> }.into_any()
    }),
    column("flows.position", |flow: &ApprovalFlow| flow.position.into_any()).figures(),
    column("flows.published", |flow: &ApprovalFlow| {
        flow.published_number.map_or_else(|| "—".to_owned(), |number| format!("v{number}")).into_any()
    }),
    column("flows.drawn", |flow: &ApprovalFlow| match flow.draft_state {
        Some(state) => view! { <Status value=state /> }.into_any(),
        None => "—".into_any(),
    }),
    column("flows.running", |flow: &ApprovalFlow| flow.running.into_any()).figures(),
    column("flows.flaws", |flow: &ApprovalFlow| {
        let count = flow.flaws.len().to_string();
        if flow.flaws.is_empty() {
            return "—".into_any();
        }
        let told = move || tf("flows.flaw_count", &[("count", &count)]);
        view! { <span class="badge badge--warn"><Icon name="alert" small=true />{told}</span> }.into_any()
    }),
    column("masterdata.in_use", |flow: &ApprovalFlow| in_use(flow.active)),
];

fn kinds() -> Vec<Choice> {
    words("document_kind", APPROVABLE.iter().map(|(kind, _)| *kind))
}

/// Flows.
#[component]
pub fn FlowList() -> impl IntoView {
    const FILTERS: &[Filter] = &[Filter { name: "document_kind", title: "field.kind", choices: kinds }];
    let list = ListView {
        path: "/approval-flows",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: TOPICS,
        link: |flow: &ApprovalFlow| Some(format!("/approval-flows/{}", flow.id)),
        empty: "flows.empty",
    };
    view! {
        <PageHead title=said("nav.approval_flows") sub=said("flows.list_sub")>
            <When when=|| state::may(Permission::FlowEdit)>
                <a class="btn btn--primary" href="/approval-flows/new" data-testid="new"><Icon name="plus" />{tx("flows.new")}</a>
            </When>
        </PageHead>
        <List list />
    }
}

/// A new flow. Its first version asks whoever has the right, as without a flow.
#[component]
pub fn FlowNew() -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (kind, names) = (RwSignal::new(String::new()), NameSignals::of(None));
    let navigate = StoredValue::new_local(use_navigate());
    let make = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let kind = entry.chosen("/document_kind", &kind.get_untracked());
        let drawing = Drawing { steps: vec![Keys::default().step(Node::Approve.act())] };
        let command = entry.made(kind.map(|document_kind| ApprovalFlowCreate {
            document_kind,
            name: names.name(),
            drawing,
            condition: None,
        }));
        async move {
            let made: api::Answer<ApprovalFlowDetail> = match command {
                Ok(command) => api::post("/approval-flows", &command).await,
                Err(unread) => Err(unread),
            };
            match made {
                Ok(made) => navigate.with_value(|navigate| {
                    navigate(&format!("/approval-flows/{}", made.flow.id), Default::default());
                }),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <PageHead title=said("flows.new") sub=said("flows.new_sub") />
        <form class="card" novalidate=true on:submit=move |event| {
            event.prevent_default();
            make.dispatch(());
        }>
            <div class="card__body stack">
                <div class="form-grid">
                    <SelectField
                        label=said("flows.document_kind") value=kind choices=Signal::derive(kinds) pointer="/document_kind" required=true
                    />
                    <NameFields names />
                </div>
                <ProblemBanner problem />
                <div class="row">
                    <button class="btn btn--primary" type="submit" disabled=make.pending() data-testid="save">{tx("common.save")}</button>
                    <a class="btn" href="/approval-flows">{tx("common.back")}</a>
                </div>
            </div>
        </form>
    }
}
