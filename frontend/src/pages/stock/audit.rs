//! The record: who did what when, and the proof of it.

use leptos::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction, AuditEvent};
use lotline_common::id::AuditEventId;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;
use serde_json::Value;

use crate::components::choices::words;
use crate::components::differences::{ChangeTable, shown};
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::readable::{Reader, Words};
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::thing::page_of;
use crate::components::timeline::ProofLink;
use crate::components::{Icon, When};
use crate::i18n::{said, t, tf, time, tx, word, worded};
use crate::pages::record::RecordStand;
use crate::state::{may, state};

/// The event whose details are shown.
#[derive(Clone, Copy)]
struct Unfolded(RwSignal<Option<AuditEventId>>);

const COLUMNS: &[Column<AuditEvent>] = &[
    column("field.time", |event: &AuditEvent| time(event.at).into_any()).sorted("id"),
    column("field.action", |event: &AuditEvent| {
        let action = event.action;
        view! { <span class="strong">{worded("audit_action", &action)}</span> }.into_any()
    }),
    column("field.kind", |event: &AuditEvent| {
        let kind = event.aggregate_kind;
        let label = worded("aggregate_kind", &kind);
        match page_of(kind, event.aggregate_id) {
            Some(page) => view! { <a href=page>{label}</a> }.into_any(),
            None => label.into_any(),
        }
    }),
    column("field.actor", |event: &AuditEvent| person(&event.actor.display_name)),
    column("common.reason", |event: &AuditEvent| event.reason.clone().unwrap_or_else(|| "—".to_owned()).into_any()),
    column("audit.hash", |event: &AuditEvent| {
        let digest: String = event.leaf_hash.chars().take(12).collect();
        view! { <span class="hash" title=event.leaf_hash.clone()>{digest}</span> }.into_any()
    }),
    column("common.details", |event: &AuditEvent| view! { <Turn event=event.clone() /> }.into_any()),
];

const FILTERS: &[Filter] = &[
    Filter { name: "aggregate_kind", title: "field.kind", choices: || words("aggregate_kind", AggregateKind::ALL) },
    Filter { name: "action", title: "field.action", choices: || words("audit_action", AuditAction::ALL) },
    Filter { name: "actor_id", title: "field.actor", choices: Vec::new },
    Filter { name: "from", title: "record.from", choices: Vec::new },
    Filter { name: "to", title: "record.to", choices: Vec::new },
    Filter { name: "aggregate_id", title: "field.document", choices: Vec::new },
];

/// The record.
#[component]
pub fn AuditList() -> impl IntoView {
    provide_context(Unfolded(RwSignal::new(None)));
    let list = ListView {
        path: "/audit-events",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: LiveTopic::ALL,
        link: |_: &AuditEvent| None,
        empty: "audit.empty",
    };
    view! {
        <PageHead title=said("audit.title") sub=said("audit.sub")>
            <When when=|| may(Permission::AuditView)>
                <a class="btn" href="/audit/access" data-testid="audit-reads"><Icon name="users" />{tx("reads.title")}</a>
            </When>
            <a class="btn" href="/audit/verify"><Icon name="shield-check" />{tx("record.verify")}</a>
        </PageHead>
        <When when=|| may(Permission::AuditView)><RecordStand /></When>
        <List list unfold=details />
    }
}

/// Shows the details of an event, or hides them.
#[component]
fn Turn(event: AuditEvent) -> impl IntoView {
    let (id, action) = (event.id, event.action);
    let unfolded = use_context::<Unfolded>();
    let open = move || unfolded.is_some_and(|unfolded| unfolded.0.get() == Some(id));
    let turn = move |_| {
        if let Some(unfolded) = unfolded {
            unfolded.0.update(|shown| *shown = if *shown == Some(id) { None } else { Some(id) });
        }
    };
    let label = move || tf("audit.show_details", &[("action", &word("audit_action", action))]);
    view! {
        <button
            class="btn btn--quiet btn--sm btn--icon" type="button" aria-label=label aria-expanded=move || open().to_string()
            on:click=turn data-testid="audit-details"
        >{move || view! { <Icon name=if open() { "chevron-up" } else { "chevron-down" } /> }}</button>
    }
}

/// The row under an event: nothing unless its details are shown.
fn details(event: &AuditEvent) -> AnyView {
    let (id, event) = (event.id, StoredValue::new(event.clone()));
    let unfolded = use_context::<Unfolded>();
    let open = Memo::new(move |_| unfolded.is_some_and(|unfolded| unfolded.0.get() == Some(id)));
    view! {
        {move || open.get().then(|| view! {
            <tr class="unfolded" data-testid="audit-unfolded">
                <td colspan="7" on:keydown=|event| event.stop_propagation()><Details event=event.get_value() /></td>
            </tr>
        })}
    }
    .into_any()
}

#[component]
fn Details(event: AuditEvent) -> impl IntoView {
    let (kind, details) = (event.aggregate_kind, event.details);
    let body = move || {
        let reader = Reader { kind, locale: state().locale.get() };
        let object = details.as_object().cloned().unwrap_or_default();
        let part = |key: &str| object.get(key).and_then(Value::as_object);
        let changes = part("changes").map(|changes| reader.changes(changes)).unwrap_or_default();
        let mut facts: Vec<_> =
            object.clone().into_iter().filter(|(key, _)| key != "changes" && key != "after").collect();
        facts.extend(part("after").cloned().into_iter().flatten());
        let facts = reader.facts(&facts.into_iter().collect());
        if changes.is_empty() && facts.is_empty() {
            return view! { <p class="muted">{t("audit.no_details")}</p> }.into_any();
        }
        view! {
            {(!changes.is_empty()).then(|| view! { <ChangeTable changes title="audit.changes" /> })}
            {(!facts.is_empty()).then(|| shown(Words::Facts(facts)))}
        }
        .into_any()
    };
    let (position, previous) = (event.aggregate_seq.to_string(), event.previous_hash);
    view! {
        <section class="unfolded__body" aria-label=tx("common.details")>
            {body}
            <dl class="facts tiny faint">
                <dt>{tx("audit.full_hash")}</dt>
                <dd>
                    <span class="hash">{event.leaf_hash}</span>" · "{move || tf("audit.position", &[("number", &position)])}
                    " · "<ProofLink event=event.id />
                </dd>
                <dt>{tx("audit.previous_hash")}</dt>
                <dd>
                    {match previous {
                        Some(hash) => view! { <span class="hash">{hash}</span> }.into_any(),
                        None => (|| t("audit.first")).into_any(),
                    }}
                </dd>
            </dl>
        </section>
    }
}
