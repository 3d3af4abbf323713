//! Drills: a lot drawn by the server, a stopwatch, an answer, a score.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::permission::Permission;
use lotline_common::recall::{DrillAnswer, DrillLot, DrillResult, DrillState, RecallDrill};

use super::form::{Criteria, CriteriaFields};
use super::list::TOPICS;
use crate::components::choices::id_of_page;
use crate::components::field::FormProblem;
use crate::components::material::{ItemCell, LotLink, who_when};
use crate::components::page::{Fact, PageHead, Skeleton};
use crate::components::problem::ProblemBanner;
use crate::components::status::{Axis, Status};
use crate::components::table::{Column, List, ListView, column, table};
use crate::components::{Icon, When};
use crate::i18n::{quantity, said, t, tf, time, tx};
use crate::{api, state};

/// A time as a stopwatch shows it.
fn elapsed(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

fn score(drill: &RecallDrill) -> String {
    drill.result.as_ref().map_or_else(|| "—".to_owned(), |result| format!("{}%", result.percent()))
}

const COLUMNS: &[Column<RecallDrill>] = &[
    column("field.number", |drill: &RecallDrill| drill.number.clone().into_any()).sorted("number"),
    column("field.status", |drill| view! { <Status value=drill.state /> }.into_any()),
    column("recall.drawn", |drill: &RecallDrill| drill.lot.code.clone().into_any()),
    column("field.item", |drill: &RecallDrill| view! { <ItemCell item=drill.item.clone() /> }.into_any()),
    column("recall.started", |drill: &RecallDrill| time(drill.started_at).into_any()),
    column("recall.stopwatch", |drill: &RecallDrill| {
        drill.answered_at.map_or_else(|| "—".to_owned(), |at| elapsed(at - drill.started_at)).into_any()
    })
    .figures(),
    column("recall.score", |drill: &RecallDrill| score(drill).into_any()).figures(),
];

/// Drills, and beginning one.
#[component]
pub fn DrillList() -> impl IntoView {
    let navigate = use_navigate();
    let start = api::action(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            match api::post::<_, RecallDrill>("/recall-drills", &()).await {
                Ok(drill) => navigate(&format!("/recall-drills/{}", drill.id), Default::default()),
                Err(refused) => state::toast_problem(&refused),
            }
        }
    });
    let list = ListView {
        path: "/recall-drills",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[],
        topics: TOPICS,
        link: |drill: &RecallDrill| Some(format!("/recall-drills/{}", drill.id)),
        empty: "recall.no_drills",
    };
    view! {
        <PageHead title=said("recall.drills") sub=said("recall.drills_sub")>
            <When when=|| state::may(Permission::RecallManage)>
                <button class="btn btn--primary" type="button" disabled=start.pending() data-testid="drill-start" on:click=move |_| { start.dispatch(()); }>
                    <Icon name="play" />{tx("recall.drill_start")}
                </button>
            </When>
        </PageHead>
        <List list />
    }
}

/// One drill: the stopwatch and the answer, or the report.
#[component]
pub fn DrillDetail() -> impl IntoView {
    let id = id_of_page();
    let drill = api::read::<RecallDrill>(move || format!("/recall-drills/{}", id.get()));
    let known = Signal::derive(move || drill.get().and_then(Result::ok));
    let running =
        Memo::new(move |_| known.with(|drill| drill.as_ref().map(|drill| drill.state == DrillState::Running)));
    let answered = Callback::new(move |()| drill.refetch());
    move || match running.get() {
        Some(true) => known.get_untracked().map(|drill| view! { <Running drill answered /> }).into_any(),
        Some(false) => (move || known.get().map(|drill| view! { <Report drill /> })).into_any(),
        None => (move || match drill.get() {
            Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
            _ => view! { <Skeleton /> }.into_any(),
        })
        .into_any(),
    }
}

#[component]
fn Running(drill: RecallDrill, answered: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let criteria = Criteria::of_address();
    let (id, version) = (drill.id, drill.version);
    let answer = api::action(move |(): &()| async move {
        let sent = match criteria.read().await {
            Ok(criteria) => {
                let path = format!("/recall-drills/{id}/answer");
                api::post_version::<_, RecallDrill>(&path, &DrillAnswer { criteria }, version).await
            }
            Err(unread) => Err(unread),
        };
        match sent {
            Ok(_) => answered.run(()),
            Err(refused) => problem.set(Some(refused)),
        }
    });
    view! {
        <PageHead title=drill.number.clone() sub=said("recall.drill_text") />
        <Head drill=drill.clone() watch=view! { <Stopwatch from=drill.started_at /> }.into_any() />
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            answer.dispatch(());
        }>
            <CriteriaFields criteria />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=answer.pending() data-testid="drill-answer">{tx("recall.drill_answer")}</button>
            </div>
        </form>
    }
}

/// What was drawn, how, and the time.
#[component]
fn Head(drill: RecallDrill, watch: AnyView) -> impl IntoView {
    let (draw, count) = (drill.draw.to_string(), drill.candidate_count.to_string());
    let place = drill.draw.checked_rem(drill.candidate_count).unwrap_or_default().to_string();
    view! {
        <div class="axes section">
            <Axis label=said("recall.drawn")><LotLink lot=Some(drill.lot) /></Axis>
            <Axis label=said("field.item")>{drill.item.code}</Axis>
            <Axis label=said("recall.stopwatch")>{watch}</Axis>
        </div>
        <p class="muted small">{move || tf("recall.draw", &[("draw", &draw), ("count", &count), ("place", &place)])}</p>
    }
}

/// Time since the server started it.
#[component]
fn Stopwatch(from: DateTime<Utc>) -> impl IntoView {
    let now = RwSignal::new(Utc::now());
    // Where nothing can tick, the page shows the time as it was opened.
    let ticking = set_interval_with_handle(move || now.set(Utc::now()), Duration::from_secs(1)).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    view! { <span class="strong" role="timer" data-testid="stopwatch">{move || elapsed(now.get() - from)}</span> }
}

#[component]
fn Report(drill: RecallDrill) -> impl IntoView {
    let taken = drill.answered_at.map(|at| elapsed(at - drill.started_at)).unwrap_or_default();
    let result = drill.result.clone().unwrap_or_default();
    let told = score(&drill);
    view! {
        <PageHead title=drill.number.clone() sub=said("recall.drill_report")>
            <button class="btn no-print" type="button" on:click=|_| {
                if let Some(window) = web_sys::window() {
                    // Refused only where printing is switched off; there is nothing to say then.
                    let _ = window.print();
                }
            }><Icon name="print" />{tx("common.print")}</button>
        </PageHead>
        <Head drill=drill.clone() watch=taken.into_any() />
        <dl class="facts" data-testid="drill-report">
            <Fact label=said("recall.score")><span class="strong" data-testid="drill-score">{told}</span></Fact>
            <Fact label=said("recall.expected")>{result.expected_count}</Fact>
            <Fact label=said("recall.agreed")>{result.agreed_count}</Fact>
            <Fact label=said("recall.differing")>{result.differing_count}</Fact>
            <Fact label=said("recall.examined")>{result.examined_count}</Fact>
            <Fact label=said("recall.started")>{who_when(Some(drill.started_by), Some(drill.started_at))}</Fact>
            <Fact label=said("recall.answered")>{who_when(drill.answered_by, drill.answered_at)}</Fact>
        </dl>
        {differences(result)}
    }
}

fn differences(result: DrillResult) -> Option<AnyView> {
    let said_of = |certain: Option<bool>, amount: rust_decimal::Decimal| {
        move || match certain {
            Some(true) => format!("{} · {}", t("recall.certain"), quantity(amount)),
            Some(false) => format!("{} · {}", t("recall.possible"), quantity(amount)),
            None => t("recall.not_affected"),
        }
    };
    let row = move |lot: DrillLot| {
        view! {
            <tr>
                <td><a class="code" href=format!("/lots/{}", lot.lot_id)>{lot.code}</a></td>
                <td>{said_of(lot.expected_certain, lot.expected_quantity)}</td>
                <td>{said_of(lot.answered_certain, lot.answered_quantity)}</td>
            </tr>
        }
    };
    let titles = [("field.lot", false), ("recall.expected", false), ("recall.answered", false)];
    (!result.differences.is_empty())
        .then(|| table(said("recall.differing"), &titles, result.differences.into_iter().map(row)))
}
