//! Every status of every list, badges, axes.

use leptos::prelude::*;
use lotline_common::approvals::ApprovalOutcome;
use lotline_common::custody::ClaimState;
use lotline_common::issuing::{ApprovalState, IssueRecordState, PickState, RequisitionIssueState};
use lotline_common::ledger::{LotStatus, StockStatus};
use lotline_common::masterdata::BomState;
use lotline_common::orders::{CustodyState, IssueState, OrderState};
use lotline_common::receiving::ReceiptState;

use super::{signal, text};
use crate::components::Icon;
use crate::components::status::{Axis, Shown, Status};

/// All statuses of one list.
#[component]
fn StatusList<S: Shown>(label: &'static str, all: &'static [S]) -> impl IntoView {
    let each = all.iter().map(|value| view! { <Status value=*value /> });
    view! { <dt>{text(label)}</dt><dd class="row row--wrap kit__gap">{each.collect_view()}</dd> }
}

/// Statuses.
#[component]
pub fn Statuses() -> impl IntoView {
    view! {
        <dl class="facts">
            <StatusList label="word.document_kind.lot" all=LotStatus::ALL />
            <StatusList label="nav.stock" all=StockStatus::ALL />
            <StatusList label="word.document_kind.order" all=OrderState::ALL />
            <StatusList label="field.issue" all=IssueState::ALL />
            <StatusList label="field.custody" all=CustodyState::ALL />
            <StatusList label="word.document_kind.requisition" all=ApprovalState::ALL />
            <StatusList label="kit.requisition_issue" all=RequisitionIssueState::ALL />
            <StatusList label="field.approval" all=ApprovalOutcome::ALL />
            <StatusList label="word.document_kind.pick" all=PickState::ALL />
            <StatusList label="word.document_kind.issue" all=IssueRecordState::ALL />
            <StatusList label="word.document_kind.receipt" all=ReceiptState::ALL />
            <StatusList label="word.document_kind.claim" all=ClaimState::ALL />
            <StatusList label="word.aggregate_kind.bom" all=BomState::ALL />
        </dl>
        <Badges />
        <div class="axes">
            <Axis label=signal("field.approval")><Status value=ApprovalState::Approved /></Axis>
            <Axis label=signal("field.issue")><Status value=IssueState::Partly /></Axis>
            <Axis label=signal("field.custody")><Status value=CustodyState::WithDiscrepancy /></Axis>
            <Axis label=signal("field.record")><Status value=IssueRecordState::Reversed /></Axis>
            <Axis label=signal("field.status")><Status value=LotStatus::Quarantine /></Axis>
        </div>
        <Conservation />
    }
}

const BADGES: &[(&str, &str, &str)] = &[
    ("badge", "open", "word.issue_state.not_issued"),
    ("badge badge--plain", "na", "kit.not_applicable"),
    ("badge badge--info", "half", "word.issue_state.partly"),
    ("badge badge--info", "move", "word.custody_state.in_transit"),
    ("badge badge--ok", "done", "word.lot_status.released"),
    ("badge badge--warn", "warn", "word.claim_kind.short"),
    ("badge badge--danger", "stop", "word.lot_status.recalled"),
    ("badge badge--hold", "hold", "word.lot_status.quarantine"),
];

#[component]
fn Badges() -> impl IntoView {
    let badge = |(class, glyph, label): &(&'static str, &'static str, &'static str)| {
        view! {
            <span class=*class>
                <svg class="glyph" aria-hidden="true"><use href=format!("#g-{glyph}")></use></svg>{text(label)}
            </span>
        }
    };
    view! { <div class="row row--wrap">{BADGES.iter().map(badge).collect_view()}</div> }
}

const CONSERVATION: &[(&str, &str, &str, &str)] = &[
    ("conserve conserve--closed", "done", "kit.closed", "0.000"),
    ("conserve conserve--open", "half", "kit.open", "29.000"),
    ("conserve conserve--violated", "stop", "kit.violated", "−2.000"),
];

#[component]
fn Conservation() -> impl IntoView {
    let badge = |(class, glyph, label, residual): &(&'static str, &'static str, &'static str, &'static str)| {
        view! {
            <button class=*class type="button">
                <span class="conserve__name"><Icon name="scale" small=true />{text("kit.conservation")}</span>
                <span class="conserve__state">
                    <svg class="glyph" aria-hidden="true"><use href=format!("#g-{glyph}")></use></svg>{text(label)}
                </span>
                <span class="conserve__residual">{text("kit.residual")}" "{*residual}<span class="unit">"kg"</span></span>
            </button>
        }
    };
    view! { <div class="row row--wrap">{CONSERVATION.iter().map(badge).collect_view()}</div> }
}
