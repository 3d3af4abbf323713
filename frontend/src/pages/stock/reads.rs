//! Who read what is sensitive.

use leptos::prelude::*;
use lotline_common::reads::{AccessEntry, ReadKind};

use crate::components::choices::words;
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{said, t, time, worded};

const COLUMNS: &[Column<AccessEntry>] = &[
    column("reads.last_at", |entry: &AccessEntry| time(entry.last_at).into_any()).sorted("last_at"),
    column("audit.field.person", |entry: &AccessEntry| person(&entry.person.display_name)),
    column("reads.kind", |entry: &AccessEntry| {
        let kind = entry.kind;
        view! { <span class="strong">{worded("read_kind", &kind)}</span> }.into_any()
    }),
    column("reads.what", |entry: &AccessEntry| {
        // What cannot be found by a number, code or name keeps its identifier.
        let id = entry.subject_id.map(|id| id.to_string());
        let text = entry.subject.clone().or_else(|| id.clone()).unwrap_or_else(|| entry.filter_named.clone());
        let text = if text.is_empty() { "—".to_owned() } else { text };
        view! { <span class="code wrap" title=id>{text}</span> }.into_any()
    }),
    column("reads.times", |entry: &AccessEntry| entry.times.to_string().into_any()).figures(),
    column("reads.side", |entry: &AccessEntry| {
        let side = if entry.portal { "reads.portal" } else { "people.own" };
        (move || t(side)).into_any()
    }),
];

const FILTERS: &[Filter] = &[
    Filter { name: "kind", title: "reads.kind", choices: || words("read_kind", ReadKind::ALL) },
    Filter { name: "subject_id", title: "field.document", choices: Vec::new },
];

/// The entries, newest first.
#[component]
pub fn ReadList() -> impl IntoView {
    let list = ListView {
        path: "/access-entries",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[],
        link: |_: &AccessEntry| None,
        empty: "reads.empty",
    };
    view! {
        <PageHead title=said("reads.title") sub=said("reads.sub") />
        <List list />
    }
}
