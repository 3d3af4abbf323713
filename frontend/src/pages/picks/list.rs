//! What waits to be picked, and the tasks.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::issuing::{Pick, PickCreate, PickState, PickSummary, Priority, RequisitionSummary};
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use crate::api::{self, Reading};
use crate::components::When;
use crate::components::choices::words;
use crate::components::material::person;
use crate::components::page::{Empty, PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column, table};
use crate::i18n::{date, named, said, t, tf, time, tx, worded};
use crate::state;

const TOPICS: &[LiveTopic] = &[LiveTopic::Pick, LiveTopic::Requisition];

const COLUMNS: &[Column<PickSummary>] = &[
    column("field.number", |pick: &PickSummary| pick.number.clone().into_any()).sorted("number"),
    column("word.document_kind.requisition", |pick| requisition_link(pick).into_any()),
    column("field.partner", |pick| {
        let partner = pick.partner.name.clone();
        (named(partner)).into_any()
    }),
    column("field.needed_on", |pick: &PickSummary| date(pick.needed_on).into_any()).sorted("needed_on"),
    column("field.priority", |pick| view! { <Urgency priority=pick.priority /> }.into_any()),
    column("field.picked", |pick| view! { <Progress picked=pick.picked_count count=pick.line_count /> }.into_any()),
    column("field.state", |pick| view! { <Status value=pick.state /> }.into_any()),
    column("field.created_by", |pick| person(&pick.created_by.display_name)),
    column("field.created_at", |pick| time(pick.created_at).into_any()),
];

const FILTERS: &[Filter] =
    &[Filter { name: "state", title: "field.state", choices: || words("pick_state", PickState::ALL) }];

/// Requisitions that wait to be picked, and pick tasks; the open ones first of all.
#[component]
pub fn PickList() -> impl IntoView {
    let query = use_query_map();
    let asked =
        Memo::new(move |before| before == Some(&true) || query.with(|query| query.latest_values().next().is_some()));
    let to_open = || {
        let options = NavigateOptions { replace: true, ..Default::default() };
        view! { <Redirect path="/picks?state=open" options /> }
    };
    view! {
        <PageHead title=said("picks.title") sub=said("picks.title_sub") />
        <Waiting />
        <section class="section">
            <h2>{tx("picks.tasks")}</h2>
            <div>
                <Show when=move || asked.get() fallback=to_open><List list=tasks() /></Show>
            </div>
        </section>
    }
}

fn tasks() -> ListView<PickSummary> {
    ListView {
        path: "/picks",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Pick],
        link: |pick| Some(format!("/picks/{}", pick.id)),
        empty: "picks.tasks_empty",
    }
}

fn requisition_link(pick: &PickSummary) -> impl IntoView + use<> {
    view! { <a class="code" href=format!("/requisitions/{}", pick.requisition_id)>{pick.requisition_number.clone()}</a> }
}

/// A priority in words.
#[component]
pub fn Urgency(
    /// Which.
    priority: Priority,
) -> impl IntoView {
    let class = if priority == Priority::Urgent { "badge badge--warn" } else { "badge badge--plain" };
    view! { <span class=class>{worded("priority", &priority)}</span> }
}

/// How far a task is.
#[component]
pub fn Progress(
    /// Lines confirmed.
    picked: i64,
    /// Lines.
    count: i64,
) -> impl IntoView {
    let figures = move || tf("picks.progress", &[("picked", &picked.to_string()), ("count", &count.to_string())]);
    view! {
        <div class="kitline"><progress max=count value=picked aria-label=figures></progress><span>{picked}" / "{count}</span></div>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    let news = state::live(TOPICS);
    let waiting = Reading::new(move || {
        news.track();
        async {
            let path = "/requisitions?approval_state=approved&issue_state=not_issued&sort=needed_on&limit=200";
            let mut page = api::get::<Page<RequisitionSummary>>(path).await?;
            page.items.sort_by_key(|requisition| requisition.priority == Priority::Normal);
            Ok(page)
        }
    });
    view! {
        <section class="section">
            <h2>{tx("picks.waiting")}</h2>
            {loaded(waiting, |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=said("picks.waiting_empty") /> }.into_any();
                }
                view! { <WaitingTable requisitions=page.items /> }.into_any()
            })}
        </section>
    }
}

#[component]
fn WaitingTable(requisitions: Vec<RequisitionSummary>) -> impl IntoView {
    let problem = RwSignal::new(None);
    let navigate = use_navigate();
    let start = api::action(move |command: &PickCreate| {
        let (command, navigate) = (command.clone(), navigate.clone());
        async move {
            match api::post::<_, Pick>("/picks", &command).await {
                Ok(pick) => {
                    state::toast(tf("picks.started", &[("number", &pick.number)]));
                    navigate(&format!("/picks/{}", pick.id), NavigateOptions::default());
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let rows = requisitions.into_iter().map(|requisition| view! { <WaitingRow requisition start /> });
    view! {
        <ProblemBanner problem />
        {table(said("picks.waiting"), &[("field.number", false), ("field.partner", false), ("field.product", false), ("field.needed_on", false), ("field.priority", false), ("field.lines", true), ("field.requested_by", false), ("field.action", false)], rows)}
    }
}

#[component]
fn WaitingRow(requisition: RequisitionSummary, start: Action<PickCreate, ()>) -> impl IntoView {
    let id = requisition.id;
    let (partner, product, number) = (requisition.partner.name, requisition.product.name, requisition.number.clone());
    let label = move || format!("{} {number}", t("picks.start"));
    view! {
        <tr>
            <td><a class="code strong" href=format!("/requisitions/{id}")>{requisition.number}</a></td>
            <td>{named(partner)}</td>
            <td>{named(product)}</td>
            <td class="nowrap">{date(requisition.needed_on)}</td>
            <td><Urgency priority=requisition.priority /></td>
            <td class="num">{requisition.line_count}</td>
            <td>{requisition.requested_by.display_name}</td>
            <td>
                <When when=|| state::may(Permission::IssuePick)>
                    <button
                        class="btn btn--sm" type="button" data-testid="pick-start" aria-label=label.clone() disabled=start.pending()
                        on:click=move |_| { start.dispatch(PickCreate { requisition_id: id }); }
                    >{tx("picks.start")}</button>
                </When>
            </td>
        </tr>
    }
}
