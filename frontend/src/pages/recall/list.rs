//! The list of recalls.

use leptos::prelude::*;
use lotline_common::permission::Permission;
use lotline_common::recall::{Recall, RecallState};
use lotline_common::system::LiveTopic;

use crate::components::choices::words;
use crate::components::page::PageHead;
use crate::components::paper::zoned;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::{Icon, When};
use crate::i18n::{said, tf, time, tx, worded};
use crate::state;

/// Topics that bring news of recalls.
pub const TOPICS: &[LiveTopic] = &[LiveTopic::Recall];

const COLUMNS: &[Column<Recall>] = &[
    column("field.number", |recall: &Recall| recall.number.clone().into_any()).sorted("number"),
    column("recall.class", |recall| worded("recall_class", &recall.recall_class).into_any()),
    column("field.status", |recall| view! { <Status value=recall.record_state /> }.into_any()),
    column("recall.reason", |recall: &Recall| recall.reason.clone().into_any()),
    column("recall.affected", |recall: &Recall| {
        format!("{} + {}", recall.certain_count, recall.possible_count).into_any()
    })
    .figures(),
    column("recall.acknowledged", |recall: &Recall| acknowledged(recall)).figures(),
    column("field.created_at", |recall: &Recall| time(recall.created_at).into_any()),
];

/// How many of the notices are acknowledged, and how many are overdue.
pub fn acknowledged(recall: &Recall) -> AnyView {
    let overdue = recall.overdue_count.to_string();
    let late = (recall.overdue_count > 0).then(|| {
        view! {
            <span class="badge badge--danger" data-testid="overdue">
                <Icon name="clock" small=true />{move || tf("recall.overdue_count", &[("count", &overdue)])}
            </span>
        }
    });
    let done = recall.notice_count - recall.open_notice_count;
    view! { <span class="row">{done}" / "{recall.notice_count}{late}</span> }.into_any()
}

/// How the suspect lots were chosen, in one line; `label` says a text of the catalogues.
pub fn criteria_words(recall: &Recall, label: fn(&str) -> String) -> String {
    let criteria = &recall.criteria;
    let texts = [("field.supplier_lot", &criteria.supplier_lot), ("field.certificate", &criteria.certificate_number)];
    let said = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let said = said.map(|(key, text)| format!("{} {text}", label(key)));
    let serials = criteria.serials.iter().map(|range| {
        let run = &range.run;
        format!("{} {}{}–{}{}", label("recall.serials"), run.prefix, run.first, run.prefix, run.last)
    });
    let work = criteria
        .window
        .iter()
        .map(|work| format!("{} {} – {}", label("recall.work"), zoned(work.from), zoned(work.to)));
    recall.criteria_codes.iter().cloned().chain(said).chain(serials).chain(work).collect::<Vec<_>>().join(" · ")
}

const FILTERS: &[Filter] =
    &[Filter { name: "record_state", title: "field.status", choices: || words("recall_state", RecallState::ALL) }];

/// Recalls.
#[component]
pub fn RecallList() -> impl IntoView {
    let list = ListView {
        path: "/recalls",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: TOPICS,
        link: |recall: &Recall| Some(format!("/recalls/{}", recall.id)),
        empty: "recall.empty",
    };
    view! {
        <PageHead title=said("recall.title") sub=said("recall.sub")>
            <a class="btn" href="/recall-drills">{tx("recall.drills")}</a>
            <When when=|| state::may(Permission::RecallManage)>
                <a class="btn btn--danger" href="/recalls/new" data-testid="recall-new">{tx("recall.new")}</a>
            </When>
        </PageHead>
        <List list />
    }
}
