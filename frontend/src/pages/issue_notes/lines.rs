//! What stands in an issue note: lines and lots, the difference, photos, movements.

use leptos::prelude::*;
use lotline_common::custody::{AttachmentRef, Claim};
use lotline_common::issuing::IssueNoteLine;
use lotline_common::ledger::LotRef;
use rust_decimal::Decimal;

use crate::api;
use crate::components::status::Status;
use crate::components::{Icon, Quantity};
use crate::i18n::{named, quantity, tf, time, tx, worded};

fn lot_link(lot: Option<LotRef>) -> impl IntoView {
    match lot {
        Some(lot) => view! { <a class="code strong" href=format!("/lots/{}", lot.id)>{lot.code}</a> }.into_any(),
        None => "—".into_any(),
    }
}

/// The lines, with what was issued and what arrived.
#[component]
pub fn Lines(
    /// The lines.
    lines: Vec<IssueNoteLine>,
) -> impl IntoView {
    let figure = |title: &'static str| view! { <th class="num" scope="col">{tx(title)}</th> };
    let text = |title: &'static str| view! { <th scope="col">{tx(title)}</th> };
    view! {
        <section class="section">
            <h2>{tx("issue_notes.lines")}</h2>
            <div class="table-wrap" tabindex="0" role="region" aria-label=tx("issue_notes.lines")>
                <table class="table">
                    <thead><tr>
                        {figure("issue_notes.line")}{text("field.item")}{text("field.lot")}{text("field.supplier_lot")}
                        {text("field.certificate")}{text("field.from")}{figure("field.issue")}{figure("field.received")}
                        {figure("field.short")}{figure("field.damaged")}{figure("field.over")}{text("field.remark")}
                    </tr></thead>
                    <tbody>{lines.into_iter().map(|line| view! { <Row line /> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Row(line: IssueNoteLine) -> impl IntoView {
    let (item, number) = (line.item.name.clone(), line.line_number);
    let status = line.lot.as_ref().map(|lot| lot.status);
    let counted = |value: Option<Decimal>| value.map_or_else(|| "—".to_owned(), quantity);
    let difference = |value: Option<Decimal>| {
        let differs = value.is_some_and(|value| !value.is_zero());
        view! { <td class="num" class:text-warn=differs class:strong=differs>{counted(value)}</td> }
    };
    view! {
        <tr data-line=number>
            <td class="num">{number}</td>
            <td><div class="cell-2"><span>{named(item)}</span><span class="code">{line.item.code}</span></div></td>
            <td><div class="cell-2">{lot_link(line.lot)}<span>{status.map(|value| view! { <Status value /> })}</span></div></td>
            <td>{line.supplier_lot}</td>
            <td>{line.certificate_number}</td>
            <td class="code">{line.from_location.code}</td>
            <td class="num strong"><Quantity value=line.quantity unit=line.item.unit.code /></td>
            <td class="num">{counted(line.received_quantity)}</td>
            {difference(line.short_quantity)}{difference(line.damaged_quantity)}{difference(line.over_quantity)}
            <td>{line.confirmation_remark}</td>
        </tr>
    }
}

/// The difference between issued and received, and the claims that arose. Nothing while there is none.
#[component]
pub fn Discrepancy(
    /// Claims of the note.
    claims: Vec<Claim>,
) -> impl IntoView {
    let count = claims.len().to_string();
    (!claims.is_empty()).then(|| {
        view! {
            <div class="banner banner--warn" role="note" data-testid="issue-note-discrepancy">
                <Icon name="alert" />
                <div class="grow">
                    <div class="banner__title">{tx("issue_notes.discrepancy")}</div>
                    <div>{move || tf("issue_notes.discrepancy_text", &[("count", &count)])}</div>
                    <ul>{claims.into_iter().map(|claim| view! { <ClaimRow claim /> }).collect_view()}</ul>
                </div>
            </div>
        }
    })
}

#[component]
fn ClaimRow(claim: Claim) -> impl IntoView {
    let (kind, state, item) = (claim.kind, claim.state, claim.item.name);
    let lot = claim.lot.map(|lot| lot.code).unwrap_or_default();
    view! {
        <li class="row row--wrap">
            <span class="code strong">{claim.number}</span>
            <span>{worded("claim_kind", &kind)}" "<Quantity value=claim.quantity unit=claim.item.unit.code /></span>
            <span>{named(item)}</span><span class="code">{lot}</span>
            <Status value=state />
            <span class="muted">{claim.remark}</span>
        </li>
    }
}

/// Photos laid to the note. Nothing while there are none.
#[component]
pub fn Photos(
    /// The files.
    attachments: Vec<AttachmentRef>,
) -> impl IntoView {
    (!attachments.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{tx("issue_notes.photos")}</h2>
                <div class="photos">{attachments.into_iter().map(|photo| view! { <Photo photo /> }).collect_view()}</div>
            </section>
        }
    })
}

#[component]
fn Photo(photo: AttachmentRef) -> impl IntoView {
    let source = api::address(&format!("/attachments/{}", photo.id));
    let address = source.clone();
    let alt =
        move || tf("issue_notes.photo", &[("name", &photo.file_name), ("person", &photo.created_by.display_name)]);
    let line = photo.document_line.map(|line| {
        let of_line = move || tf("issue_notes.photo_line", &[("line", &line.to_string())]);
        view! { <span>{of_line}</span> }
    });
    view! {
        <a class="photo-link" href=address target="_blank" rel="external noopener">
            <img class="photo" src=source alt=alt loading="lazy" />
            <span class="tiny muted">{line}" "{time(photo.created_at)}</span>
        </a>
    }
}
