//! What an order runs under, and which clauses its next step would break.

use leptos::prelude::*;
use lotline_common::contracts::{
    AgreementVersion, ClauseCheck, ClauseFinding, ClauseOverrideCreate, ContractStep, OrderAgreementMove,
    OrderAgreements, OrderAgreementsMove,
};
use lotline_common::id::OrderId;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use super::detail::{ChangeTable, wording};
use super::kept::{kept_table, quotas_first};
use super::overriding::{AskOverride, Asked};
use crate::components::dialog::ReasonDialog;
use crate::components::page::loaded;
use crate::components::status::Status;
use crate::components::{Icon, When};
use crate::i18n::{date, name, quantity, said, tf, tx, word, worded};
use crate::{api, state};

/// The agreements of an order, and the check of its next step.
#[component]
pub fn OrderContracts(
    /// The order.
    id: OrderId,
    /// Its next step; none when it has none.
    step: Option<ContractStep>,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Contract, LiveTopic::Order]);
    let agreements = api::read::<OrderAgreements>(move || {
        news.track();
        format!("/orders/{id}/agreements")
    });
    let (open, problem) = (RwSignal::new(false), RwSignal::new(None));
    let move_on = api::action(move |reason: &String| {
        let command = OrderAgreementsMove { reason: reason.clone() };
        let known = agreements.get_untracked().and_then(Result::ok);
        async move {
            let Some(known) = known else { return };
            let path = format!("/orders/{id}/agreements");
            match api::post_version::<_, OrderAgreements>(&path, &command, known.version).await {
                Ok(_) => {
                    open.set(false);
                    agreements.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <section class="section" data-testid="order-contracts">
            <h2>{tx("contracts.of_order")}</h2>
            {loaded(agreements, move |agreements| view! {
                <Pinned versions=agreements.versions />
                <Moves moves=agreements.moves open />
            })}
            {step.map(|step| view! { <Check id step /> })}
        </section>
        <ReasonDialog
            open title=said("contracts.move") explanation=said("contracts.move_text") problem
            pending=move_on.pending() confirm=Callback::new(move |reason| { move_on.dispatch(reason); })
        />
    }
}

#[component]
fn Pinned(versions: Vec<AgreementVersion>) -> impl IntoView {
    if versions.is_empty() {
        return view! { <p class="muted small">{tx("contracts.none")}</p> }.into_any();
    }
    let row = |version: AgreementVersion| {
        let kind = version.agreement_kind;
        view! {
            <li class="row row--wrap">
                <a class="code strong" href=format!("/agreements/{}", version.agreement_id)>{version.agreement_number}</a>
                <span>{worded("agreement_kind", &kind)}</span>
                <span>{format!("v{} · {}", version.version_number, date(version.effective_from))}</span>
                <Status value=version.state />
            </li>
        }
    };
    view! { <ul class="stack">{versions.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// Newer versions are in force: what would change, and the way to move.
#[component]
fn Moves(moves: Vec<OrderAgreementMove>, open: RwSignal<bool>) -> impl IntoView {
    (!moves.is_empty()).then(|| {
        let each = moves.into_iter().map(|newer| {
            let difference = newer.difference;
            let to = difference.to_version.to_string();
            let number = newer.agreement_number;
            let title = move || tf("contracts.newer", &[("number", &number), ("version", &to)]);
            view! { <h3>{title}</h3><ChangeTable changes=difference.changes /> }
        });
        let each = each.collect_view();
        view! {
            <div class="banner banner--warn"><Icon name="info" /><span class="grow">{tx("contracts.moves")}</span>
                <When when=|| state::may(Permission::OrderEdit)>
                    <button class="btn btn--sm" type="button" data-testid="order-move" on:click=move |_| open.set(true)>{tx("contracts.move")}</button>
                </When>
            </div>
            {each}
        }
    })
}

#[component]
fn Check(id: OrderId, step: ContractStep) -> impl IntoView {
    let news = state::live(&[LiveTopic::Contract, LiveTopic::Order, LiveTopic::Issue, LiveTopic::Approval]);
    let check = api::read::<ClauseCheck>(move || {
        news.track();
        format!("/orders/{id}/clause-check?step={step}")
    });
    loaded(check, move |check| {
        let (findings, kept) = (check.findings, check.kept);
        let clean = findings.is_empty().then(|| {
            view! {
                <p class="banner banner--ok"><Icon name="check" /><span>{move || tf("contracts.check_clean", &[("step", &word("contract_step", step))])}</span></p>
            }
        });
        let count = kept.len().to_string();
        let kept = (!kept.is_empty()).then(|| {
            view! {
                <details class="fold" data-testid="clauses-kept">
                    <summary>{move || tf("contracts.kept_count", &[("count", &count)])}</summary>
                    {kept_table(kept)}
                </details>
            }
        });
        view! { {clean}<Findings id findings />{kept} }
    })
}

/// Clauses that a step breaks, quotas first; nothing where there are none.
#[component]
pub fn Findings(
    /// The order.
    id: OrderId,
    /// The clauses.
    findings: Vec<ClauseFinding>,
) -> impl IntoView {
    (!findings.is_empty()).then(|| {
        let findings = quotas_first(findings).map(|finding| view! { <Finding id finding /> });
        view! { <ul class="stack" data-testid="clause-findings">{findings.collect_view()}</ul> }
    })
}

/// A clause that the step breaks: figures, limit, who lifts it.
#[component]
fn Finding(id: OrderId, finding: ClauseFinding) -> impl IntoView {
    let (kind, right, unit) = (finding.kind, finding.lifted_by, finding.unit.clone());
    let clause = finding.clause.clone();
    let named = clause.as_ref().map(|clause| format!("{} · {}", clause.agreement_number, clause.number));
    let words = clause.as_ref().map(|clause| clause.text.clone());
    let figures = [
        ("now", quantity(finding.figure_now)),
        ("after", quantity(finding.figure_after)),
        ("limit", quantity(finding.limit)),
    ];
    let said = move || {
        let unit = name(&unit);
        let mut figures: Vec<_> = figures.iter().map(|(name, value)| (*name, value.as_str())).collect();
        figures.push(("unit", &unit));
        tf("contracts.finding", &figures)
    };
    let lifted = finding.override_id;
    let asked = clause.filter(|_| lifted.is_none()).map(|clause| Asked {
        act: ClauseOverrideCreate {
            clause_id: clause.id,
            order_id: id,
            step: finding.step,
            figure_now: finding.figure_now,
            figure_after: finding.figure_after,
            reason: String::new(),
        },
        enforcement: finding.enforcement,
    });
    view! {
        <li class="card"><div class="card__body stack">
            <div class="row row--wrap">
                <span class="strong">{worded("clause_kind", &kind)}</span><span class="code">{named}</span>
                <Status value=finding.enforcement /><span class="muted">{finding.subject}</span>
            </div>
            {words.map(|words| view! { <p>{move || wording(&words)}</p> })}
            <p>{said}</p>
            <p class="muted small">{move || tf("contracts.lifted_by", &[("right", &word("permission", right))])}</p>
            {lifted.map(|id| view! {
                <p class="banner banner--ok"><Icon name="check" /><a class="underlined" href=format!("/clause-overrides/{id}")>{tx("contracts.lifted")}</a></p>
            })}
            {asked.map(|asked| view! { <div><AskOverride asked /></div> })}
        </div></li>
    }
}
