//! Acts against a clause: asking for one where a clause refuses, and one that was asked for.

use leptos::prelude::*;
use lotline_common::contracts::{
    ClauseOverride, ClauseOverrideCreate, ClauseOverrideTransition, Enforcement, OverrideState,
};
use lotline_common::ledger::DocumentKind;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;

use super::detail::wording;
use crate::components::choices::id_of_page;
use crate::components::dialog::ReasonDialog;
use crate::components::material::{DocumentLink, who_when};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::signing::SignaturesOf;
use crate::components::status::Status;
use crate::i18n::{named, quantity, said, t, tf, tx, word, worded};
use crate::{api, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Contract, LiveTopic::Approval];

/// What would be asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The act, still without its reason.
    pub act: ClauseOverrideCreate,
    /// What the clause demands.
    pub enforcement: Enforcement,
}

impl Asked {
    /// Out of a refusal; none when no clause refused.
    pub fn of(problem: &Problem) -> Option<Self> {
        let figure = |name: &str| problem.figures.get(name);
        let act = ClauseOverrideCreate {
            clause_id: figure("clause_id")?.parse().ok()?,
            order_id: figure("order_id")?.parse().ok()?,
            step: figure("step")?.parse().ok()?,
            figure_now: figure("figure_now")?.parse().ok()?,
            figure_after: figure("figure_after")?.parse().ok()?,
            reason: String::new(),
        };
        Some(Self { act, enforcement: figure("enforcement")?.parse().ok()? })
    }

    /// Whether the reader may ask for it.
    fn may(&self) -> bool {
        self.enforcement == Enforcement::Approve && state::may(Permission::ContractRequest)
    }
}

/// A way to ask for an act against a clause, where the clause can be lifted and the reader may ask.
#[component]
pub fn AskOverride(
    /// What would be asked for.
    asked: Asked,
) -> impl IntoView {
    let (open, problem) = (RwSignal::new(false), RwSignal::new(None));
    let made = RwSignal::new(None::<ClauseOverride>);
    let may = asked.may();
    let send = api::action(move |reason: &String| {
        let command = ClauseOverrideCreate { reason: reason.clone(), ..asked.act.clone() };
        async move {
            match api::post::<_, ClauseOverride>("/clause-overrides", &command).await {
                Ok(act) => {
                    open.set(false);
                    made.set(Some(act));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    may.then(|| {
        view! {
            {move || match made.get() {
                Some(act) => view! {
                    <p role="status" data-testid="override-asked">
                        {tf("contracts.asked", &[("number", &act.number)])}" "<a class="underlined" href=format!("/clause-overrides/{}", act.id)>{act.number}</a>
                    </p>
                }
                .into_any(),
                None => view! {
                    <button class="btn btn--sm" type="button" data-testid="override-ask" on:click=move |_| open.set(true)>{t("contracts.ask")}</button>
                }
                .into_any(),
            }}
            <ReasonDialog
                open title=said("contracts.ask") explanation=said("contracts.ask_text") problem
                pending=send.pending() confirm=Callback::new(move |reason| { send.dispatch(reason); })
            />
        }
    })
}

/// The facts of an act against a clause, for whoever decides on it.
#[component]
pub fn OverrideFacts(
    /// The act.
    act: ClauseOverride,
) -> impl IntoView {
    let (kind, step, partner) = (act.clause_kind, act.step, act.partner.name.clone());
    let words = act.clause.text.clone();
    let clause = format!("{} v{} · {}", act.clause.agreement_number, act.clause.version_number, act.clause.number);
    let used = match act.used_by {
        Some(document) => view! { <DocumentLink document /> }.into_any(),
        None => "—".into_any(),
    };
    view! {
        <dl class="facts">
            <Fact label=said("field.status")><Status value=act.approval_state /></Fact>
            <Fact label=said("contracts.clause")><span class="code">{clause}</span>" "{worded("clause_kind", &kind)}</Fact>
            <Fact label=said("contracts.wording")>{move || wording(&words)}</Fact>
            <Fact label=said("field.order")><DocumentLink document=act.order /></Fact>
            <Fact label=said("field.partner")>{named(partner)}</Fact>
            <Fact label=said("contracts.step")>{worded("contract_step", &step)}</Fact>
            <Fact label=said("contracts.figure")>
                <span class="strong">{format!("{} → {}", quantity(act.figure_now), quantity(act.figure_after))}</span>
            </Fact>
            <Fact label=said("common.reason")>{act.reason}</Fact>
            <Fact label=said("field.requested_by")>{who_when(Some(act.requested_by), Some(act.created_at))}</Fact>
            <Fact label=said("field.decided_by")>{who_when(act.decided_by, act.decided_at)}</Fact>
            <Fact label=said("contracts.used_by")>{used}</Fact>
        </dl>
    }
}

/// One act against a clause.
#[component]
pub fn OverrideDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let act = api::read::<ClauseOverride>(move || {
        news.track();
        format!("/clause-overrides/{}", id.get())
    });
    let (open, problem) = (RwSignal::new(false), RwSignal::new(None));
    let withdraw = api::action(move |reason: &String| {
        let command = ClauseOverrideTransition { state: OverrideState::Withdrawn, reason: reason.clone() };
        let known = act.get_untracked().and_then(Result::ok);
        async move {
            let Some(known) = known else { return };
            let path = format!("/clause-overrides/{}/transitions", known.id);
            match api::post_version::<_, ClauseOverride>(&path, &command, known.version).await {
                Ok(_) => {
                    open.set(false);
                    act.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        {loaded(act, move |shown| {
            let stands = matches!(shown.approval_state, OverrideState::Pending | OverrideState::Approved);
            let id = shown.id.uuid();
            let may = stands && shown.used_by.is_none() && state::may(Permission::ContractRequest);
            view! {
                <PageHead title=shown.number.clone() sub=Signal::derive(|| word("document_kind", DocumentKind::ClauseOverride))>
                    {may.then(|| view! {
                        <button class="btn" type="button" data-testid="override-withdraw" on:click=move |_| open.set(true)>{tx("contracts.withdraw")}</button>
                    })}
                </PageHead>
                <div class="stack">
                    <div class="card"><div class="card__body"><OverrideFacts act=shown /></div></div>
                    <SignaturesOf kind=DocumentKind::ClauseOverride id topics=TOPICS />
                </div>
            }
        })}
        <ReasonDialog
            open title=said("contracts.withdraw") problem pending=withdraw.pending()
            confirm=Callback::new(move |reason| { withdraw.dispatch(reason); })
        />
    }
}
