//! The list of issue notes.

use leptos::prelude::*;
use lotline_common::issuing::{IssueNoteSummary, IssueRecordState};
use lotline_common::orders::CustodyState;
use lotline_common::system::LiveTopic;

use crate::components::choices::{partners, provide_partners, words};
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{named, said, time};

const COLUMNS: &[Column<IssueNoteSummary>] = &[
    column("field.number", |note: &IssueNoteSummary| note.number.clone().into_any()).sorted("number"),
    column("field.order", |note| {
        view! { <a class="code" href=format!("/orders/{}", note.order_id)>{note.order_number.clone()}</a> }.into_any()
    }),
    column("field.partner", |note| {
        let partner = note.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("field.record", |note| view! { <Status value=note.record_state /> }.into_any()),
    column("field.custody", |note| view! { <Status value=note.custody_state /> }.into_any()),
    column("field.lines", |note: &IssueNoteSummary| note.line_count.into_any()).figures(),
    column("field.occurred_at", |note: &IssueNoteSummary| time(note.occurred_at).into_any()).sorted("occurred_at"),
    column("field.created_by", |note| person(&note.created_by.display_name)),
    column("field.confirmed_at", |note| note.confirmed_at.map_or_else(|| "—".to_owned(), time).into_any()),
];

const FILTERS: &[Filter] = &[
    Filter {
        name: "record_state",
        title: "field.record",
        choices: || words("issue_record_state", IssueRecordState::ALL),
    },
    Filter { name: "custody_state", title: "field.custody", choices: || words("custody_state", CustodyState::ALL) },
    Filter { name: "partner_id", title: "field.partner", choices: partners },
];

/// Issue notes.
#[component]
pub fn IssueNoteList() -> impl IntoView {
    provide_partners();
    let list = ListView {
        path: "/issue-notes",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Issue],
        link: |note: &IssueNoteSummary| Some(format!("/issue-notes/{}", note.id)),
        empty: "issue_notes.empty",
    };
    view! {
        <PageHead title=said("issue_notes.title") sub=said("issue_notes.sub") />
        <List list />
    }
}
