//! Lists of agreements, of acts against clauses, of what is owed.

use leptos::prelude::*;
use lotline_common::contracts::{
    AgreementKind, AgreementSummary, ClauseOverride, OverrideState, SettlementKind, SettlementLine, SettlementLineState,
};
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use crate::components::choices::words;
use crate::components::material::{DocumentLink, person};
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::{Icon, When};
use crate::i18n::{date, money, named, quantity, said, time, tx, worded};
use crate::state;

const AGREEMENTS: &[Column<AgreementSummary>] = &[
    column("field.number", |agreement: &AgreementSummary| agreement.number.clone().into_any()).sorted("number"),
    column("contracts.title", |agreement: &AgreementSummary| {
        let title = agreement.title.clone();
        (named(title)).into_any()
    }),
    column("field.kind", |agreement: &AgreementSummary| {
        let kind = agreement.kind;
        view! { <span class="nowrap">{worded("agreement_kind", &kind)}</span> }.into_any()
    }),
    column("field.partner", |agreement: &AgreementSummary| {
        let partner = agreement.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("contracts.in_force", |agreement: &AgreementSummary| {
        let since = agreement.version_in_force.zip(agreement.in_force_since);
        since.map_or_else(|| "—".to_owned(), |(version, since)| format!("v{version} · {}", date(since))).into_any()
    }),
    column("contracts.open_version", |agreement: &AgreementSummary| {
        match agreement.open_version.zip(agreement.open_state) {
            Some((version, state)) => {
                view! { <span class="row nowrap">{format!("v{version}")}<Status value=state /></span> }.into_any()
            }
            None => "—".into_any(),
        }
    }),
    column("contracts.clauses", |agreement: &AgreementSummary| agreement.clause_count.to_string().into_any()).figures(),
    column("contracts.next_expiry", |agreement: &AgreementSummary| {
        view! { <span class="nowrap">{agreement.next_expiry_on.map_or_else(|| "—".to_owned(), date)}</span> }.into_any()
    })
    .sorted("next_expiry_on"),
];

/// Agreements.
#[component]
pub fn AgreementList() -> impl IntoView {
    const FILTERS: &[Filter] =
        &[Filter { name: "kind", title: "field.kind", choices: || words("agreement_kind", AgreementKind::ALL) }];
    let list = ListView {
        path: "/agreements",
        fixed: Vec::new(),
        columns: AGREEMENTS,
        filters: FILTERS,
        topics: &[LiveTopic::Contract],
        link: |agreement: &AgreementSummary| Some(format!("/agreements/{}", agreement.id)),
        empty: "contracts.empty",
    };
    view! {
        <PageHead title=said("contracts.list") sub=said("contracts.list_sub")>
            <When when=|| state::may(Permission::ContractEdit)>
                <a class="btn btn--primary" href="/agreements/new" data-testid="agreement-new"><Icon name="plus" />{tx("contracts.new")}</a>
            </When>
        </PageHead>
        <List list />
    }
}

const OVERRIDES: &[Column<ClauseOverride>] = &[
    column("field.number", |act: &ClauseOverride| act.number.clone().into_any()).sorted("number"),
    column("contracts.clause", |act: &ClauseOverride| {
        let (clause, kind) = (act.clause.clone(), act.clause_kind);
        view! {
            <div class="cell-2">
                <span>{worded("clause_kind", &kind)}</span><span class="code">{format!("{} · {}", clause.agreement_number, clause.number)}</span>
            </div>
        }
        .into_any()
    }),
    column("field.order", |act: &ClauseOverride| view! { <DocumentLink document=act.order.clone() /> }.into_any()),
    column("contracts.step", |act: &ClauseOverride| {
        let step = act.step;
        (worded("contract_step", &step)).into_any()
    }),
    column("contracts.figure", |act: &ClauseOverride| {
        view! { <span class="nowrap">{format!("{} → {}", quantity(act.figure_now), quantity(act.figure_after))}</span> }
            .into_any()
    }),
    column("common.reason", |act: &ClauseOverride| act.reason.clone().into_any()),
    column("field.status", |act: &ClauseOverride| view! { <Status value=act.approval_state /> }.into_any()),
    column("contracts.used_by", |act: &ClauseOverride| match act.used_by.clone() {
        Some(document) => view! { <DocumentLink document /> }.into_any(),
        None => "—".into_any(),
    }),
    column("field.requested_by", |act: &ClauseOverride| person(&act.requested_by.display_name)),
    column("field.time", |act: &ClauseOverride| {
        view! { <span class="nowrap">{time(act.created_at)}</span> }.into_any()
    }),
];

/// Acts allowed against clauses.
#[component]
pub fn OverrideList() -> impl IntoView {
    const FILTERS: &[Filter] = &[Filter {
        name: "approval_state",
        title: "field.status",
        choices: || words("override_state", OverrideState::ALL),
    }];
    let list = ListView {
        path: "/clause-overrides",
        fixed: Vec::new(),
        columns: OVERRIDES,
        filters: FILTERS,
        topics: &[LiveTopic::Contract, LiveTopic::Approval],
        link: |act: &ClauseOverride| Some(format!("/clause-overrides/{}", act.id)),
        empty: "contracts.overrides_empty",
    };
    view! {
        <PageHead title=said("contracts.overrides") sub=said("contracts.overrides_sub") />
        <List list />
    }
}

const SETTLEMENT: &[Column<SettlementLine>] = &[
    column("field.order", |line: &SettlementLine| view! { <DocumentLink document=line.order.clone() /> }.into_any()),
    column("field.partner", |line: &SettlementLine| {
        let partner = line.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("field.kind", |line: &SettlementLine| {
        let (kind, milestone) = (line.kind, line.milestone);
        view! {
            <div class="cell-2 nowrap"><span>{worded("settlement_kind", &kind)}</span><span>{worded("milestone", &milestone)}</span></div>
        }
        .into_any()
    }),
    column("contracts.clause", |line: &SettlementLine| {
        let clause = line.clause.as_ref();
        let named =
            clause.map_or_else(|| "—".to_owned(), |clause| format!("{} · {}", clause.agreement_number, clause.number));
        view! { <span class="code">{named}</span> }.into_any()
    }),
    column("field.document", |line: &SettlementLine| {
        view! { <DocumentLink document=line.document.clone() /> }.into_any()
    }),
    column("field.quantity", |line: &SettlementLine| quantity(line.quantity).into_any()).figures(),
    column("field.unit_price", |line: &SettlementLine| money(line.unit_price).into_any()).figures(),
    column("field.amount", |line: &SettlementLine| money(line.amount).into_any()).figures(),
    column("field.due_on", |line: &SettlementLine| {
        view! { <span class="nowrap">{line.due_on.map_or_else(|| "—".to_owned(), date)}</span> }.into_any()
    })
    .sorted("due_on"),
    column("field.status", |line: &SettlementLine| view! { <Status value=line.settlement_state /> }.into_any()),
];

/// What is owed to subcontractors, or held back.
#[component]
pub fn SettlementList() -> impl IntoView {
    const FILTERS: &[Filter] = &[
        Filter { name: "kind", title: "field.kind", choices: || words("settlement_kind", SettlementKind::ALL) },
        Filter {
            name: "settlement_state",
            title: "field.status",
            choices: || words("settlement_line_state", SettlementLineState::ALL),
        },
    ];
    let list = ListView {
        path: "/settlement-lines",
        fixed: Vec::new(),
        columns: SETTLEMENT,
        filters: FILTERS,
        topics: &[LiveTopic::SubcontractReceipt, LiveTopic::Order],
        link: |line: &SettlementLine| Some(format!("/orders/{}/costs", line.order.id)),
        empty: "contracts.settlement_empty",
    };
    view! {
        <PageHead title=said("contracts.settlement") sub=said("contracts.settlement_sub") />
        <List list />
    }
}
