//! What was requested and issued for an order.

use leptos::prelude::*;
use lotline_common::id::OrderId;
use lotline_common::issuing::{IssueNoteSummary, RequisitionSummary};
use lotline_common::page::Page;
use lotline_common::subcontract_receiving::SubcontractReceiptSummary;
use lotline_common::system::LiveTopic;

use crate::components::page::loaded;
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{date, quantity, said, time, tx, worded};
use crate::{api, state};

/// Requisitions of an order.
#[component]
pub fn OrderRequisitions(
    /// The order.
    id: OrderId,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Requisition, LiveTopic::Pick, LiveTopic::Issue]);
    let requisitions = api::read::<Page<RequisitionSummary>>(move || {
        news.track();
        format!("/requisitions?order_id={id}&limit=500")
    });
    view! {
        <section class="section">
            <h2>{tx("orders.requisitions")}</h2>
            {loaded(requisitions, |page| {
                if page.items.is_empty() {
                    return view! { <p class="muted small">{tx("orders.no_requisitions")}</p> }.into_any();
                }
                view! { <RequisitionTable rows=page.items /> }.into_any()
            })}
        </section>
    }
}

#[component]
fn RequisitionTable(rows: Vec<RequisitionSummary>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let priority = row.priority;
        view! {
            <tr>
                <td><a class="code strong" href=format!("/requisitions/{}", row.id)>{row.number}</a></td>
                <td>{date(row.needed_on)}</td>
                <td>{worded("priority", &priority)}</td>
                <td><Status value=row.approval_state /></td>
                <td><Status value=row.issue_state /></td>
                <td>{row.requested_by.display_name}</td>
            </tr>
        }
    });
    table(
        said("orders.requisitions"),
        &[
            ("field.number", false),
            ("field.needed_on", false),
            ("field.priority", false),
            ("field.approval", false),
            ("field.issue", false),
            ("field.requested_by", false),
        ],
        rows,
    )
}

/// Issue notes of an order.
#[component]
pub fn OrderIssueNotes(
    /// The order.
    id: OrderId,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Issue]);
    let notes = api::read::<Page<IssueNoteSummary>>(move || {
        news.track();
        format!("/issue-notes?order_id={id}&limit=500")
    });
    view! {
        <section class="section">
            <h2>{tx("orders.issue_notes")}</h2>
            {loaded(notes, |page| {
                if page.items.is_empty() {
                    return view! { <p class="muted small">{tx("orders.no_issue_notes")}</p> }.into_any();
                }
                view! { <NoteTable rows=page.items /> }.into_any()
            })}
        </section>
    }
}

#[component]
fn NoteTable(rows: Vec<IssueNoteSummary>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        view! {
            <tr>
                <td><a class="code strong" href=format!("/issue-notes/{}", row.id)>{row.number}</a></td>
                <td>{time(row.occurred_at)}</td>
                <td class="num">{row.line_count}</td>
                <td><Status value=row.record_state /></td>
                <td><Status value=row.custody_state /></td>
                <td>{row.confirmed_at.map_or_else(|| "—".to_owned(), time)}</td>
            </tr>
        }
    });
    table(
        said("orders.issue_notes"),
        &[
            ("field.number", false),
            ("field.occurred_at", false),
            ("field.lines", true),
            ("field.record", false),
            ("field.custody", false),
            ("field.confirmed_at", false),
        ],
        rows,
    )
}

/// What came back on an order.
#[component]
pub fn OrderReceipts(
    /// The order.
    id: OrderId,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::SubcontractReceipt]);
    let receipts = api::read::<Page<SubcontractReceiptSummary>>(move || {
        news.track();
        format!("/subcontract-receipts?order_id={id}&limit=500")
    });
    view! {
        <section class="section">
            <h2>{tx("finished.title")}</h2>
            {loaded(receipts, |page| {
                if page.items.is_empty() {
                    return view! { <p class="muted small">{tx("finished.empty")}</p> }.into_any();
                }
                view! { <ReceiptTable rows=page.items /> }.into_any()
            })}
        </section>
    }
}

#[component]
fn ReceiptTable(rows: Vec<SubcontractReceiptSummary>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let certainty = row.certainty.map(|certainty| worded("certainty", &certainty));
        view! {
            <tr>
                <td><a class="code strong" href=format!("/subcontract-receipts/{}", row.id)>{row.number}</a></td>
                <td>{time(row.occurred_at)}</td>
                <td class="num">{quantity(row.good_quantity)}</td>
                <td class="num">{quantity(row.rejected_quantity)}</td>
                <td>{certainty}</td>
                <td><Status value=row.record_state /></td>
            </tr>
        }
    });
    table(
        said("finished.title"),
        &[
            ("field.number", false),
            ("field.occurred_at", false),
            ("finished.good", true),
            ("finished.rejected", true),
            ("finished.certainty", false),
            ("field.record", false),
        ],
        rows,
    )
}
