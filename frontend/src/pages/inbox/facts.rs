//! The document that waits: everything that is needed to decide on it.

use leptos::prelude::*;
use lotline_common::approvals::flow::ApprovalFlowDetail;
use lotline_common::changes::ChangeRequest;
use lotline_common::contracts::{Agreement, ClauseOverride, VersionState};
use lotline_common::issuing::Requisition;
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::material::Material;
use lotline_common::system::LiveTopic;

use super::beside::{About, beside};
use crate::api::{self, Answer, Reading};
use crate::components::page::{Fact, loaded};
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{date, name, named, quantity, said, tf, worded};
use crate::pages::changes::{ChangeContent, ChangeFacts};
use crate::pages::contracts::{Changes, ClauseTable, OverrideFacts};
use crate::pages::flows::PendingFlow;
use crate::pages::material;
use crate::pages::subcontract_receipts::Desk;
use crate::state;

/// The document, read again when there is news of it.
pub fn document(document: &DocumentRef) -> AnyView {
    let (kind, id) = (document.kind, document.id);
    let news = state::live(&[LiveTopic::Requisition, LiveTopic::Stock, LiveTopic::Material, LiveTopic::Contract]);
    let folder = match kind {
        DocumentKind::Material => "material-documents",
        DocumentKind::Agreement => "agreements",
        DocumentKind::ClauseOverride => "clause-overrides",
        DocumentKind::ApprovalFlow => "approval-flows",
        DocumentKind::LotRelease | DocumentKind::MasterdataChange | DocumentKind::AccessChange => "change-requests",
        _ => "requisitions",
    };
    let path = move || {
        news.track();
        format!("/{folder}/{id}")
    };
    match kind {
        DocumentKind::Material => {
            let facts = |material: Material| view! { <MaterialFacts material /> }.into_any();
            told(api::read::<Material>(path), facts, About::of_material)
        }
        DocumentKind::Agreement => {
            let facts = |agreement: Agreement| view! { <AgreementFacts agreement /> }.into_any();
            told(api::read::<Agreement>(path), facts, |known| About::of_partner(known.id.uuid(), &known.partner))
        }
        DocumentKind::ClauseOverride => {
            let about = |known: ClauseOverride| About::of_partner(known.id.uuid(), &known.partner);
            told(api::read::<ClauseOverride>(path), override_facts, about)
        }
        DocumentKind::ApprovalFlow => {
            loaded(api::read::<ApprovalFlowDetail>(path), |detail| view! { <PendingFlow detail /> })
        }
        DocumentKind::LotRelease | DocumentKind::MasterdataChange | DocumentKind::AccessChange => {
            loaded(api::read::<ChangeRequest>(path), |request| view! { <PendingChange request /> })
        }
        _ => {
            let facts = |requisition: Requisition| view! { <Facts requisition /> }.into_any();
            told(api::read::<Requisition>(path), facts, About::of_requisition)
        }
    }
}

/// The facts of a document, and below them what else is needed to decide on it.
fn told<T: Clone + Send + Sync + 'static>(
    document: Reading<Answer<T>>,
    facts: fn(T) -> AnyView,
    about: fn(T) -> About,
) -> AnyView {
    let known = Memo::new(move |_| document.get_changed().and_then(Result::ok).map(about));
    view! { {loaded(document, facts)}{beside(known)} }.into_any()
}

fn override_facts(act: ClauseOverride) -> AnyView {
    let (number, link) = (act.number.clone(), format!("/clause-overrides/{}", act.id));
    view! { <h2><a class="underlined" href=link>{number}</a></h2><OverrideFacts act /> }.into_any()
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

/// An act that waits: what it is about, and what would be different.
#[component]
fn PendingChange(request: ChangeRequest) -> impl IntoView {
    let link = format!("/change-requests/{}", request.id);
    view! {
        <div class="row row--between">
            <h2><a class="underlined" href=link>{request.number.clone()}</a></h2><Status value=request.state />
        </div>
        <ChangeFacts request=request.clone() />
        <ChangeContent request />
    }
}

/// A count with what the books say, over-consumption with who is to bear it, or a return or scrap that is held.
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
