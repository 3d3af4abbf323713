//! The console of one recall: scope, hold, notices, reconciliation, closing.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::recall::{Recall, RecallClose, RecallHold, RecallStep};
use lotline_common::receiving::Reversal;
use serde::Serialize;

use super::list::{TOPICS, acknowledged, criteria_words};
use super::lots::{Lots, held_words};
use super::notices::Notices;
use crate::api::{self, Reading};
use crate::components::choices::id_of_page;
use crate::components::dialog::{Dialog, ReasonDialog};
use crate::components::field::{CheckField, FormProblem, TextArea};
use crate::components::material::{or_dash, who_when};
use crate::components::page::{Fact, PageHead, Skeleton};
use crate::components::problem::ProblemBanner;
use crate::components::status::{Axis, Status};
use crate::components::timeline::Timeline;
use crate::components::{Icon, When};
use crate::i18n::{said, t, tx, worded};
use crate::state;

/// The recall that is shown.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its identifier.
    pub id: Memo<String>,
    known: Reading<Result<Recall, Problem>>,
}

impl Case {
    /// Something of the recall as it was read last.
    pub fn get<T>(self, of: impl FnOnce(&Recall) -> T) -> Option<T> {
        self.known.get().and_then(Result::ok).map(|recall| of(&recall))
    }

    fn may(self, needed: RecallStep, right: Permission) -> bool {
        state::may(right) && self.get(|recall| needed.applied_to(recall.record_state).is_some()).unwrap_or_default()
    }
}

/// Does a step of a recall, about the version that the reader sees.
///
/// # Errors
/// The refusal.
pub async fn step<B: Serialize>(case: Case, name: &str, command: &B) -> api::Answer<()> {
    let Some((id, version)) = untrack(|| case.get(|recall| (recall.id, recall.version))) else { return Ok(()) };
    api::post_version::<_, Recall>(&format!("/recalls/{id}/{name}"), command, version).await?;
    case.known.refetch();
    Ok(())
}

/// One recall.
#[component]
pub fn RecallDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let known = api::read::<Recall>(move || {
        news.track();
        format!("/recalls/{}", id.get())
    });
    let case = Case { id, known };
    let timeline = Memo::new(move |_| case.get(|recall| recall.id.uuid()));
    view! {
        <PageHead
            title=Signal::derive(move || case.get(|recall| recall.number.clone()).unwrap_or_default())
            sub=Signal::derive(move || case.get(|recall| recall.reason.clone()).unwrap_or_default())
        >
            <Actions case />
        </PageHead>
        <div class="doc-grid section">
            <div class="stack">
                {move || match known.get() {
                    None => view! { <Skeleton /> }.into_any(),
                    Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
                    Some(Ok(recall)) => view! { <Facts recall /> }.into_any(),
                }}
            </div>
            <aside>
                {move || timeline.get().map(|id| view! { <Timeline kind=AggregateKind::Recall id topics=TOPICS /> })}
            </aside>
        </div>
        <Lots case />
        <Notices recall=id />
    }
}

#[component]
fn Facts(recall: Recall) -> impl IntoView {
    let scope = format!("{} + {}", recall.certain_count, recall.possible_count);
    let (told, held, chosen) = (acknowledged(&recall), recall.clone(), recall.clone());
    let class = recall.recall_class;
    view! {
        <div class="axes" data-testid="recall-axes">
            <Axis label=said("field.status")><Status value=recall.record_state /></Axis>
            <Axis label=said("recall.step_scope")>{scope}</Axis>
            <Axis label=said("recall.step_hold")>{move || held_words(&held)}</Axis>
            <Axis label=said("recall.step_notices")>{told}</Axis>
        </div>
        <dl class="facts facts--pairs">
            <Fact label=said("recall.class")>{worded("recall_class", &class)}</Fact>
            <Fact label=said("recall.criteria")>{move || criteria_words(&chosen, t)}</Fact>
            <Fact label=said("recall.instruction")>{or_dash(&recall.instruction)}</Fact>
            <Fact label=said("field.created_by")>{who_when(Some(recall.created_by), Some(recall.created_at))}</Fact>
            <Fact label=said("recall.held_by")>{who_when(recall.held_by, recall.held_at)}</Fact>
            <Fact label=said("recall.ended_by")>{who_when(recall.ended_by, recall.ended_at)}</Fact>
            <Fact label=said("recall.end_reason")>{or_dash(&recall.end_reason)}</Fact>
        </dl>
    }
}

/// What can be done next.
#[component]
fn Actions(case: Case) -> impl IntoView {
    let dialogs = [(); 3].map(|()| RwSignal::new(false));
    let [holding, closing, cancelling] = dialogs;
    let again = api::action(move |(): &()| async move {
        if let Err(refused) = step(case, "scopes", &()).await {
            state::toast_problem(&refused);
        }
    });
    let button = move |needed: RecallStep, right: Permission, open: RwSignal<bool>, class: &'static str| {
        view! {
            <When when=move || case.may(needed, right)>
                <button class=class type="button" data-testid=format!("recall-{needed}") on:click=move |_| open.set(true)>
                    {worded("recall_step", &needed)}
                </button>
            </When>
        }
    };
    view! {
        <a class="btn" href=move || format!("/recalls/{}/report", case.id.get()) data-testid="recall-report"><Icon name="print" />{tx("recall.report")}</a>
        <When when=move || case.may(RecallStep::Scope, Permission::RecallManage)>
            <button class="btn" type="button" disabled=again.pending() data-testid="recall-again" on:click=move |_| { again.dispatch(()); }>
                {tx("word.recall_step.scope")}
            </button>
        </When>
        {button(RecallStep::Cancel, Permission::RecallManage, cancelling, "btn")}
        {button(RecallStep::Hold, Permission::RecallManage, holding, "btn btn--danger")}
        {button(RecallStep::Close, Permission::RecallLift, closing, "btn btn--primary")}
        <HoldDialog case open=holding />
        <CloseDialog case open=closing />
        <CancelDialog case open=cancelling />
    }
}

#[component]
fn HoldDialog(case: Case, open: RwSignal<bool>) -> impl IntoView {
    let (possible, problem) = (RwSignal::new(true), RwSignal::new(None));
    let hold = api::action(move |(): &()| {
        let command = RecallHold { include_possible: possible.get_untracked() };
        async move {
            match step(case, "holds", &command).await {
                Ok(()) => open.set(false),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <Dialog open title=said("word.recall_step.hold")>
            <div class="dialog__body">
                <p>{tx("recall.hold_text")}</p>
                <CheckField label=said("recall.include_possible") value=possible />
                <ProblemBanner problem />
            </div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <button class="btn btn--danger" type="button" disabled=hold.pending() data-testid="dialog-confirm" on:click=move |_| { hold.dispatch(()); }>
                    {tx("word.recall_step.hold")}
                </button>
            </div>
        </Dialog>
    }
}

#[component]
fn CloseDialog(case: Case, open: RwSignal<bool>) -> impl IntoView {
    let (reason, problem) = (RwSignal::new(String::new()), RwSignal::new(None));
    provide_context(FormProblem(problem));
    let close = api::action(move |(): &()| {
        let command = RecallClose { unlocated_reason: reason.get_untracked() };
        async move {
            match step(case, "closure", &command).await {
                Ok(()) => open.set(false),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <Dialog open title=said("word.recall_step.close")>
            <div class="dialog__body">
                <p class="muted">{tx("recall.close_text")}</p>
                <TextArea label=said("recall.unlocated_reason") value=reason pointer="/unlocated_reason" />
                <ProblemBanner problem />
            </div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <button class="btn btn--primary" type="button" disabled=close.pending() data-testid="dialog-confirm" on:click=move |_| { close.dispatch(()); }>
                    {tx("word.recall_step.close")}
                </button>
            </div>
        </Dialog>
    }
}

#[component]
fn CancelDialog(case: Case, open: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(None);
    let cancel = api::action(move |reason: &String| {
        let command = Reversal { reason: reason.clone() };
        async move {
            match step(case, "cancellation", &command).await {
                Ok(()) => open.set(false),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <ReasonDialog
            open title=said("word.recall_step.cancel") problem pending=cancel.pending()
            confirm=Callback::new(move |reason| { cancel.dispatch(reason); })
        />
    }
}
