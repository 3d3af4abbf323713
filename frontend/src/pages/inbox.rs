//! What waits for me: the urgent first, everything needed to decide on one screen.

use leptos::prelude::*;
use leptos_router::components::Redirect;
use lotline_common::approvals::{Approval, ApprovalDecide, Decision};
use lotline_common::contracts::{Agreement, ClauseOverride, VersionState};
use lotline_common::issuing::Requisition;
use lotline_common::ledger::DocumentKind;
use lotline_common::material::Material;
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;

use crate::components::field::{FormProblem, TextArea};
use crate::components::material::who_when;
use crate::components::page::{Empty, Fact, PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{date, name, named, quantity, said, tf, tx, word, worded};
use crate::pages::contracts::{Changes, ClauseTable, OverrideFacts};
use crate::pages::material;
use crate::pages::subcontract_receipts::Desk;
use crate::{api, app, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Approval, LiveTopic::Requisition, LiveTopic::Material];

/// The first page of the person signed in.
#[component]
pub fn Start() -> impl IntoView {
    view! { <Redirect path=app::first_page() /> }
}

/// The inbox.
#[component]
pub fn Inbox() -> impl IntoView {
    let news = state::live(TOPICS);
    let waiting = api::read::<Page<Approval>>(move || {
        news.track();
        "/approvals?state=pending&limit=200".to_owned()
    });
    let chosen = RwSignal::new(None::<Approval>);
    let choose = move |items: &[Approval]| {
        let still = chosen.with_untracked(|chosen| {
            chosen.as_ref().is_some_and(|chosen| items.iter().any(|item| item.id == chosen.id))
        });
        if !still {
            let first = items.iter().find(|item| item.decidable).or_else(|| items.first());
            chosen.set(first.cloned());
        }
    };
    view! {
        <PageHead title=said("inbox.title") sub=said("inbox.sub") />
        {loaded(waiting, move |page| {
            choose(&page.items);
            if page.items.is_empty() {
                return view! { <Empty text=said("inbox.empty") /> }.into_any();
            }
            view! {
                <div class="split">
                    <ul class="waiting" aria-label=tx("inbox.title")>
                        {page.items.into_iter().map(|item| view! { <Waiting item chosen /> }).collect_view()}
                    </ul>
                    {move || chosen.get().map(|approval| view! { <Deciding approval /> })}
                </div>
            }.into_any()
        })}
    }
}

#[component]
fn Waiting(item: Approval, chosen: RwSignal<Option<Approval>>) -> impl IntoView {
    let id = item.id;
    let current = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == id)).then_some("true");
    let pick = item.clone();
    view! {
        <li>
            <button class="waiting__item" type="button" aria-current=current on:click=move |_| chosen.set(Some(pick.clone()))>
                <span class="row row--between">
                    <span class="code strong">{item.document.number}</span>
                    {item.urgent.then(|| view! { <span class="badge badge--warn">{word("priority", "urgent")}</span> })}
                </span>
                <span class="muted small">{who_when(Some(item.requested_by), Some(item.requested_at))}</span>
                {(!item.decidable).then(|| view! { <span class="faint tiny">{tx("inbox.not_yours")}</span> })}
            </button>
        </li>
    }
}

/// The document, its effect, and the decision.
#[component]
fn Deciding(approval: Approval) -> impl IntoView {
    let (document, number) = (approval.document.id, approval.document.number.clone());
    let news = state::live(&[LiveTopic::Requisition, LiveTopic::Stock, LiveTopic::Material, LiveTopic::Contract]);
    let shown = match approval.document.kind {
        DocumentKind::Material => {
            let material = api::read::<Material>(move || {
                news.track();
                format!("/material-documents/{document}")
            });
            loaded(material, |material| view! { <MaterialFacts material /> }).into_any()
        }
        DocumentKind::Agreement => {
            let agreement = api::read::<Agreement>(move || {
                news.track();
                format!("/agreements/{document}")
            });
            loaded(agreement, |agreement| view! { <AgreementFacts agreement /> }).into_any()
        }
        DocumentKind::ClauseOverride => {
            let act = api::read::<ClauseOverride>(move || {
                news.track();
                format!("/clause-overrides/{document}")
            });
            loaded(act, |act| {
                let (number, link) = (act.number.clone(), format!("/clause-overrides/{}", act.id));
                view! { <h2><a href=link>{number}</a></h2><OverrideFacts act /> }
            })
            .into_any()
        }
        _ => {
            let requisition = api::read::<Requisition>(move || {
                news.track();
                format!("/requisitions/{document}")
            });
            loaded(requisition, |requisition| view! { <Facts requisition /> }).into_any()
        }
    };
    view! {
        <article class="card" aria-label=number>
            <div class="card__body stack">
                {shown}
                <DecisionForm approval />
            </div>
        </article>
    }
}

/// The version that waits, with what it changes.
#[component]
fn AgreementFacts(agreement: Agreement) -> impl IntoView {
    let (link, title, partner) =
        (format!("/agreements/{}", agreement.id), agreement.title.clone(), agreement.partner.name.clone());
    let waits = agreement.versions.into_iter().find(|version| version.state == VersionState::Pending);
    let shown = waits.map(|version| {
        let changes = (version.version_number > 1).then(|| view! { <Changes id=version.id.to_string() /> });
        view! {
            <dl class="facts">
                <Fact label=said("contracts.version")>{format!("v{}", version.version_number)}</Fact>
                <Fact label=said("contracts.effective_from")>{date(version.effective_from)}</Fact>
                <Fact label=said("field.change_note")>{version.change_note}</Fact>
            </dl>
            {changes}
            <ClauseTable clauses=version.clauses />
        }
    });
    view! {
        <h2><a class="underlined" href=link>{agreement.number}</a>" · "{named(title)}</h2>
        <p class="muted">{named(partner)}</p>
        {shown}
    }
}

/// A count with what the books say, or over-consumption with who is to bear it.
#[component]
fn MaterialFacts(material: Material) -> impl IntoView {
    let (link, kind) = (format!("/material-documents/{}", material.id), material.kind);
    view! {
        <div class="row row--between">
            <h2><a class="underlined" href=link>{material.number.clone()}</a>" · "{worded("material_kind", &kind)}</h2>
            <Status value=material.approval_state />
        </div>
        <material::Facts shown=material.clone() desk=Desk::Maker />
        <material::LineTable shown=material desk=Desk::Maker />
    }
}

#[component]
fn Facts(requisition: Requisition) -> impl IntoView {
    let link = format!("/requisitions/{}", requisition.id);
    let lines = requisition.lines.into_iter().map(|line| {
        let unit = line.item.unit.code.clone();
        let after = line.stock.available - line.requested_quantity;
        let short = line.stock.short;
        view! {
            <tr>
                <td><span class="code">{line.item.code.clone()}</span>" "{move || name(&line.item.name)}</td>
                <td class="num strong">{quantity(line.requested_quantity)}<span class="unit">{unit}</span></td>
                <td class="num">{quantity(line.proposed_quantity)}</td>
                <td class="num">{quantity(line.stock.available)}</td>
                <td class="num">{quantity(after)}</td>
                <td>{(!short.is_zero()).then(|| view! { <span class="badge badge--warn">{move || tf("issue.short_by", &[("quantity", &quantity(short))])}</span> })}</td>
            </tr>
        }
    });
    view! {
        <div class="row row--between">
            <h2><a href=link>{requisition.number}</a></h2><Status value=requisition.approval_state />
        </div>
        <dl class="facts">
            <Fact label=said("field.order")><a href=format!("/orders/{}", requisition.order_id)>{requisition.order_number}</a></Fact>
            <Fact label=said("field.partner")>{named(requisition.partner.name)}</Fact>
            <Fact label=said("field.product")>{named(requisition.product.name)}</Fact>
            <Fact label=said("field.needed_on")>{date(requisition.needed_on)}</Fact>
            <Fact label=said("field.requested_by")>{requisition.requested_by.display_name}</Fact>
            {requisition.supplement.map(|why| view! {
                <Fact label=said("requisitions.supplement_reason")>
                    <span class="badge badge--warn">{worded("supplement_reason", &why)}</span>
                </Fact>
            })}
            <Fact label=said("common.reason")>{if requisition.reason.is_empty() { "—".to_owned() } else { requisition.reason }}</Fact>
        </dl>
        {table(said("inbox.effect"), &[("field.item", false), ("field.requested", true), ("field.proposed", true), ("field.available_now", true), ("field.available_after", true), ("field.note", false)], lines)}
    }
}

#[component]
fn DecisionForm(approval: Approval) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let reason = RwSignal::new(String::new());
    let id = approval.id;
    let number = approval.document.number;
    let decide = api::action(move |decision: &Decision| {
        let command = ApprovalDecide { decision: *decision, reason: reason.get_untracked() };
        let number = number.clone();
        async move {
            match api::post::<_, Approval>(&format!("/approvals/{id}/decisions"), &command).await {
                Ok(decided) => {
                    problem.set(None);
                    state::toast(format!("{number}: {}", word("approval_outcome", decided.state)));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let pending = decide.pending();
    let button = move |decision: Decision, class: &'static str| {
        view! {
            <button class=class type="button" disabled=pending data-decision=decision.as_str() on:click=move |_| { decide.dispatch(decision); }>
                {worded("decision", &decision)}
            </button>
        }
    };
    if !approval.decidable {
        return view! { <p class="muted small">{tx("inbox.not_yours")}</p> }.into_any();
    }
    view! {
        <div class="stack">
            <TextArea label=said("inbox.reason") value=reason pointer="/reason" hint=said("inbox.reason_hint") />
            <ProblemBanner problem />
            <div class="row">
                {button(Decision::Approve, "btn btn--primary")}{button(Decision::Return, "btn")}{button(Decision::Refuse, "btn btn--danger")}
            </div>
        </div>
    }
    .into_any()
}
