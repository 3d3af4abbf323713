//! The lines of a pick task: what to take, from where, and who took it.

use leptos::prelude::*;
use lotline_common::id::PickId;
use lotline_common::issuing::{PickCandidate, PickLine};
use lotline_common::ledger::LotRef;
use lotline_common::page::Page;

use crate::api;
use crate::components::page::{Empty, loaded};
use crate::components::status::Status;
use crate::components::table::table;
use crate::components::{Quantity, When};
use crate::i18n::{date, named, said, t, tf, time, tx};

const COLUMNS: usize = 7;

/// The lines as a table.
#[component]
pub fn Lines(
    /// The task.
    pick: PickId,
    /// Its lines.
    lines: Vec<PickLine>,
    /// It is still being picked.
    open: bool,
) -> impl IntoView {
    let next = lines.iter().find(|line| open && line.picked_at.is_none()).map(|line| line.line_number);
    let rows = lines.into_iter().map(|line| {
        let candidates = (open && line.picked_at.is_none() && line.lot.is_some()).then_some(line.line_number);
        let is_next = next == Some(line.line_number);
        view! {
            <Row line is_next />
            {candidates.map(|line| view! {
                <tr class="is-sub"><td></td><td colspan=COLUMNS - 1><Candidates pick line /></td></tr>
            })}
        }
    });
    table(
        said("picks.lines"),
        &[
            ("picks.scan_line", true),
            ("field.item", false),
            ("picks.location", false),
            ("picks.lot", false),
            ("field.quantity", true),
            ("field.expires_on", false),
            ("field.picked", false),
        ],
        rows,
    )
}

#[component]
fn Row(line: PickLine, is_next: bool) -> impl IntoView {
    let expires_on = line.lot.as_ref().and_then(|lot| lot.expires_on).map_or_else(|| "—".to_owned(), date);
    let (item, location) = (line.item.name.clone(), line.location.name.clone());
    let number = line.line_number;
    view! {
        <tr class:is-cursor=is_next data-line=number>
            <td class="num">{number}</td>
            <td><div class="cell-2"><span>{named(item)}</span><span class="code">{line.item.code.clone()}</span></div></td>
            <td><div class="cell-2"><span class="strong">{line.location.code.clone()}</span><span>{named(location)}</span></div></td>
            <td><LotToTake lot=line.lot.clone() proposed=line.proposed_lot.clone() reason=line.substitution_reason.clone() /></td>
            <td class="num strong"><Quantity value=line.quantity unit=line.item.unit.code.clone() /></td>
            <td class="nowrap">{expires_on}</td>
            <td><PickedBy line is_next /></td>
        </tr>
    }
}

/// The lot, and the proposed one where another one was taken.
#[component]
fn LotToTake(lot: Option<LotRef>, proposed: Option<LotRef>, reason: String) -> impl IntoView {
    let Some(lot) = lot else {
        return view! { <span class="faint">{tx("picks.not_tracked")}</span> }.into_any();
    };
    let other = proposed.filter(|proposed| proposed.id != lot.id).map(|proposed| {
        view! {
            <span>{move || tf("picks.proposed_lot", &[("lot", &proposed.code)])}<br />
            {move || tf("picks.substituted", &[("reason", &reason)])}</span>
        }
    });
    view! { <div class="cell-2"><a class="code strong" href=format!("/lots/{}", lot.id)>{lot.code}</a>{other}</div> }
        .into_any()
}

#[component]
fn PickedBy(line: PickLine, is_next: bool) -> impl IntoView {
    let Some((person, at)) = line.picked_by.zip(line.picked_at) else {
        let (tone, glyph, words) =
            if is_next { ("status is-info", "#g-half", "picks.next") } else { ("status", "#g-open", "picks.to_pick") };
        return view! {
            <span class=tone><svg class="glyph" aria-hidden="true"><use href=glyph></use></svg><span>{move || t(words)}</span></span>
        }
        .into_any();
    };
    let by = move || tf("picks.done_by", &[("person", &person.display_name), ("time", &time(at))]);
    view! {
        <div class="cell-2">
            <span class="status is-ok">
                <svg class="glyph" aria-hidden="true"><use href="#g-done"></use></svg><span>{tx("picks.picked_state")}</span>
            </span>
            <span class="nowrap">{by}</span>
        </div>
    }
    .into_any()
}

/// Lots that could be taken for a line; read only when somebody wants to see them.
#[component]
fn Candidates(pick: PickId, line: i32) -> impl IntoView {
    let wanted = RwSignal::new(false);
    view! {
        <details class="candidates" on:toggle=move |_| wanted.set(true)>
            <summary>{tx("picks.candidates")}</summary>
            <When when=move || wanted.get()><CandidateTable pick line /></When>
        </details>
    }
}

#[component]
fn CandidateTable(pick: PickId, line: i32) -> impl IntoView {
    let found = api::read::<Page<PickCandidate>>(move || format!("/picks/{pick}/lines/{line}/candidates"));
    loaded(found, |page| {
        if page.items.is_empty() {
            return view! { <Empty text=said("picks.candidates_empty") /> }.into_any();
        }
        view! {
            <table class="table table--plain">
                <thead><tr>
                    <th scope="col">{tx("field.lot")}</th><th scope="col">{tx("field.location")}</th>
                    <th scope="col">{tx("field.expires_on")}</th><th scope="col">{tx("field.status")}</th>
                    <th class="num" scope="col">{tx("field.available")}</th>
                </tr></thead>
                <tbody>{page.items.into_iter().map(|candidate| view! { <CandidateRow candidate /> }).collect_view()}</tbody>
            </table>
        }
        .into_any()
    })
}

#[component]
fn CandidateRow(candidate: PickCandidate) -> impl IntoView {
    let (lot, location) = (candidate.lot, candidate.location);
    view! {
        <tr>
            <td><a class="code" href=format!("/lots/{}", lot.id)>{lot.code}</a></td>
            <td><span class="strong">{location.code}</span>" "{named(location.name)}</td>
            <td class="nowrap">{lot.expires_on.map_or_else(|| "—".to_owned(), date)}</td>
            <td><Status value=lot.status /></td>
            <td class="num">{crate::i18n::quantity(candidate.available)}</td>
        </tr>
    }
}
