//! One requisition: where it stands, what it asks for, what was decided, what became of it.

use leptos::prelude::*;
use lotline_common::approvals::{Approval, ApprovalOutcome};
use lotline_common::audit::AggregateKind;
use lotline_common::issuing::{ApprovalState, Requisition, RequisitionLine};
use lotline_common::ledger::DocumentKind;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use super::actions::{RequisitionActions, RequisitionPage};
use super::form::{Fields, RequisitionForm, Target};
use super::lines::{lines_proposed, lines_requested};
use super::list::PriorityBadge;
use crate::api::{self, Reading};
use crate::components::attachments::Evidence;
use crate::components::choices::id_of_page;
use crate::components::material::{ItemCell, who_when};
use crate::components::page::{Fact, PageHead, loaded, loaded_part};
use crate::components::problem::ProblemBanner;
use crate::components::signing::SignaturesOf;
use crate::components::status::{Axis, Status};
use crate::components::table::table;
use crate::components::timeline::Timeline;
use crate::components::{Qr, Quantity};
use crate::i18n::{date, name, named, quantity, said, t, tf, tx, worded};
use crate::pages::orders::tables::ShortBadge;
use crate::state;

const TOPICS: &[LiveTopic] =
    &[LiveTopic::Requisition, LiveTopic::Approval, LiveTopic::Pick, LiveTopic::Issue, LiveTopic::Stock];

/// One requisition.
#[component]
pub fn RequisitionDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let requisition = api::read::<Requisition>(move || {
        news.track();
        format!("/requisitions/{}", id.get())
    });
    // Files that are laid to it come without drawing the page anew.
    let bare = |known: Requisition| Requisition { attachments: Vec::new(), ..known };
    let content = Memo::new(move |_| requisition.get_changed().map(|known| known.map(bare)));
    let page = RequisitionPage { requisition, editing: RwSignal::new(None), problem: RwSignal::new(None) };
    Effect::new(move |_| {
        id.track();
        page.editing.set(None);
        page.problem.set(None);
    });
    move || match page.editing.get() {
        Some(draft) => view! { <RequisitionEdit draft page /> }.into_any(),
        None => loaded_part(content, move |requisition| view! { <RequisitionShown requisition page /> }),
    }
}

#[component]
fn RequisitionEdit(draft: Requisition, page: RequisitionPage) -> impl IntoView {
    let number = draft.number.clone();
    let (fields, target) = (Fields::of(Some(&draft)), Target::Change(draft.id, draft.version));
    let kept = StoredValue::new(draft);
    let proposed = Reading::new(move || {
        let draft = kept.get_value();
        async move { lines_proposed(draft.order_id, Some(&draft)).await }
    });
    let done = Callback::new(move |_: Option<Requisition>| {
        page.editing.set(None);
        page.requisition.refetch();
    });
    view! {
        <PageHead
            title=Signal::derive(move || tf("requisitions.edit_title", &[("number", &number)]))
            sub=said("requisitions.new_sub")
        />
        {loaded(proposed, move |proposed| {
            let now = kept.with_value(|draft| lines_requested(&proposed, draft));
            view! { <RequisitionForm target fields lines=(proposed, now) done /> }
        })}
    }
}

#[component]
fn RequisitionShown(requisition: Requisition, page: RequisitionPage) -> impl IntoView {
    let (id, number) = (requisition.id, requisition.number.clone());
    let partner = requisition.partner.name.clone();
    let (acted, lines, approval) = (requisition.clone(), requisition.lines.clone(), requisition.approval.clone());
    let undecided = matches!(requisition.approval_state, ApprovalState::Draft | ApprovalState::Pending);
    let adding = (undecided && state::may(Permission::RequisitionEdit)).then(|| {
        let laid = Callback::new(move |()| page.requisition.refetch());
        (format!("/requisitions/{id}/attachments"), laid)
    });
    let attachments = move || page.requisition.get_changed().and_then(Result::ok).map(|known| known.attachments);
    let attachments = Signal::derive(move || attachments().unwrap_or_default());
    view! {
        <PageHead title=number sub=Signal::derive(move || format!("{} · {}", t("nav.requisitions"), name(&partner)))>
            <RequisitionActions requisition=acted page />
        </PageHead>
        <div class="doc-grid">
            <div class="stack">
                <ProblemBanner problem=page.problem />
                <div class="axes" role="group" aria-label=tx("requisitions.axes")>
                    <Axis label=said("field.approval")><Status value=requisition.approval_state /></Axis>
                    <Axis label=said("field.issue")><Status value=requisition.issue_state /></Axis>
                </div>
                {approval.map(|approval| view! { <Outcome approval /> })}
                <Facts requisition />
                <section class="section">
                    <h2>{tx("requisitions.lines")}</h2>
                    <LinesShown lines />
                </section>
                <Evidence attachments adding><h2>{tx("evidence.title")}</h2></Evidence>
                <SignaturesOf kind=DocumentKind::Requisition id=id.uuid() topics=TOPICS />
            </div>
            <aside><Timeline kind=AggregateKind::Requisition id=id.uuid() topics=TOPICS /></aside>
        </div>
    }
}

/// What was decided, by whom, and why.
#[component]
fn Outcome(approval: Approval) -> impl IntoView {
    let text = match approval.state {
        ApprovalOutcome::Pending => "requisitions.pending",
        ApprovalOutcome::Approved => "requisitions.approved",
        ApprovalOutcome::Refused => "requisitions.refused",
        ApprovalOutcome::Returned => "requisitions.returned",
        ApprovalOutcome::Withdrawn => "requisitions.withdrawn_text",
    };
    let decided = approval.decided_by.zip(approval.decided_at);
    let reason = approval.reason;
    view! {
        <section class="card" aria-label=tx("requisitions.approval") data-testid="approval-outcome">
            <div class="card__body stack">
                <div class="row row--wrap"><Status value=approval.state /><span class="muted">{tx(text)}</span></div>
                {decided.map(|(person, at)| view! { <p class="muted small">{who_when(Some(person), Some(at))}</p> })}
                {(!reason.is_empty()).then(|| view! {
                    <dl class="facts"><Fact label=said("common.reason")>{reason}</Fact></dl>
                })}
            </div>
        </section>
    }
}

#[component]
fn Facts(requisition: Requisition) -> impl IntoView {
    let (number, label) = (requisition.number.clone(), tf("requisitions.qr", &[("number", &requisition.number)]));
    let (partner, product) = (requisition.partner, requisition.product);
    let link = |path: String, text: &'static str| view! { <a href=path>{tx(text)}</a> };
    view! {
        <div class="card"><div class="card__body row row--top row--wrap">
            <dl class="facts grow">
                <Fact label=said("field.order")>
                    <a class="code" href=format!("/orders/{}", requisition.order_id)>{requisition.order_number}</a>
                </Fact>
                <Fact label=said("field.partner")><span class="code">{partner.code}</span>" "{named(partner.name)}</Fact>
                <Fact label=said("field.product")><span class="code">{product.code}</span>" "{named(product.name)}</Fact>
                <Fact label=said("field.needed_on")>{date(requisition.needed_on)}</Fact>
                <Fact label=said("field.priority")><PriorityBadge value=requisition.priority /></Fact>
                {requisition.supplement.map(|why| view! {
                    <Fact label=said("requisitions.supplement_reason")>
                        <span class="badge badge--warn">{worded("supplement_reason", &why)}</span>
                    </Fact>
                })}
                <Fact label=said("common.reason")>
                    {if requisition.reason.is_empty() { "—".to_owned() } else { requisition.reason }}
                </Fact>
                <Fact label=said("field.requested_by")>
                    {who_when(Some(requisition.requested_by), Some(requisition.created_at))}
                </Fact>
                {requisition.pick_id.map(|pick| view! {
                    <Fact label=said("requisitions.pick")>{link(format!("/picks/{pick}"), "common.details")}</Fact>
                })}
                {requisition.issue_note_id.map(|note| view! {
                    <Fact label=said("requisitions.issue_note")>{link(format!("/issue-notes/{note}"), "common.details")}</Fact>
                })}
            </dl>
            <Qr text=number label />
        </div></div>
    }
}

#[component]
fn LinesShown(lines: Vec<RequisitionLine>) -> impl IntoView {
    let row = |line: RequisitionLine| {
        let unit = line.item.unit.code.clone();
        view! {
            <tr>
                <td><ItemCell item=line.item /></td>
                <td class="num strong"><Quantity value=line.requested_quantity unit /></td>
                <td class="num">{quantity(line.proposed_quantity)}</td>
                <td class="num">{quantity(line.stock.available)}</td>
                <td><ShortBadge short=line.stock.short /></td>
                <td class="num">{quantity(line.stock.on_hand)}</td>
                <td class="num">{quantity(line.stock.reserved)}</td>
                <td class="num">{quantity(line.stock.on_hold)}</td>
                <td class="num">{quantity(line.stock.expired)}</td>
            </tr>
        }
    };
    table(
        said("requisitions.lines"),
        &[
            ("field.component", false),
            ("field.requested", true),
            ("field.proposed", true),
            ("field.available", true),
            ("field.short", false),
            ("field.on_hand", true),
            ("field.reserved", true),
            ("orders.on_hold", true),
            ("orders.expired", true),
        ],
        lines.into_iter().map(row),
    )
}
