//! What can be done with a material document: hand it over, confirm what arrived, call it off, undo it.

use leptos::prelude::*;
use lotline_common::material::{
    Material, MaterialConfirm, MaterialCount, MaterialHandOver, MaterialKind, MaterialState,
};
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::receiving::Reversal;
use serde::Serialize;

use super::detail::Known;
use crate::api;
use crate::components::Quantity;
use crate::components::dialog::ReasonDialog;
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, TextArea, TextField};
use crate::components::material::ItemCell;
use crate::components::problem::ProblemBanner;
use crate::components::times::{Times, TimesFields};
use crate::i18n::{in_unit, said, tf, tx};
use crate::pages::subcontract_receipts::Desk;
use crate::state::{self, session};

/// A step that the reader may take now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Hand the material over.
    HandOver,
    /// Say what arrived.
    Confirm,
}

/// Whose turn it is; none when it is not the reader's.
pub fn turn(
    desk: Desk,
    of: (MaterialKind, MaterialState, CustodyState),
    parties: (Option<lotline_common::id::PartnerId>, Option<lotline_common::id::PartnerId>),
) -> Option<Turn> {
    let (kind, state, custody) = of;
    let (from, to) = parties;
    let own = session().and_then(|session| session.partner).map(|partner| partner.id);
    let mine = |partner| desk == Desk::Maker || (own.is_some() && own == partner);
    let may = |portal, maker| state::may(if desk == Desk::Portal { portal } else { maker });
    match (kind, state, custody) {
        (MaterialKind::Transfer, MaterialState::Draft, _) => {
            (mine(from) && may(Permission::PortalDeclare, Permission::MaterialPost)).then_some(Turn::HandOver)
        }
        (_, MaterialState::Posted, CustodyState::InTransit) => {
            let receiver = match kind {
                MaterialKind::Transfer | MaterialKind::DirectDelivery => mine(to),
                MaterialKind::ReworkOut => mine(from),
                _ => desk == Desk::Maker,
            };
            (receiver && may(Permission::PortalConfirm, Permission::MaterialPost)).then_some(Turn::Confirm)
        }
        _ => None,
    }
}

/// The steps that a document waits for.
#[component]
pub fn Steps(
    /// The document.
    shown: Material,
    /// Where it was read.
    document: Known,
    /// Who acts.
    desk: Desk,
) -> impl IntoView {
    let id_of = |partner: &Option<lotline_common::masterdata::PartnerRef>| partner.as_ref().map(|partner| partner.id);
    let axes = (shown.kind, shown.record_state, shown.custody_state);
    match turn(desk, axes, (id_of(&shown.partner), id_of(&shown.to_partner))) {
        Some(Turn::HandOver) => view! { <HandOver shown document desk /> }.into_any(),
        Some(Turn::Confirm) => view! { <Confirming shown document desk /> }.into_any(),
        None => ().into_any(),
    }
}

/// Sends a step; the document is read again once it was taken.
async fn take<C: Serialize>(desk: Desk, of: (&Material, &str), command: &C) -> Result<Material, Problem> {
    let (shown, step) = of;
    api::post_version(&format!("{}/material-documents/{}/{step}", desk.folder(), shown.id), command, shown.version)
        .await
}

/// Hands a transfer over to who takes it there.
#[component]
fn HandOver(shown: Material, document: Known, desk: Desk) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let carrier = RwSignal::new(shown.carrier.clone());
    let send = api::action(move |(): &()| {
        let (shown, command) = (shown.clone(), MaterialHandOver { carrier: carrier.get_untracked() });
        async move {
            match take(desk, (&shown, "hand-over"), &command).await {
                Ok(after) => {
                    state::toast(tf("material.handed_over", &[("number", &after.number)]));
                    document.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <form class="card" novalidate=true on:submit=move |event| {
            event.prevent_default();
            send.dispatch(());
        }>
            <div class="card__head"><h2>{tx("material.hand_over")}</h2></div>
            <div class="card__body stack">
                <p class="muted">{tx("material.hand_over_text")}</p>
                <TextField label=said("field.carrier") value=carrier pointer="/carrier" />
                <ProblemBanner problem />
                <div class="row">
                    <button class="btn btn--primary" type="submit" disabled=send.pending() data-testid="material-hand-over">{tx("material.hand_over")}</button>
                </div>
            </div>
        </form>
    }
}

/// Counts what arrived, line by line.
#[component]
fn Confirming(shown: Material, document: Known, desk: Desk) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (remark, times) = (RwSignal::new(String::new()), Times::new());
    let counts: Vec<_> = shown.lines.iter().map(|line| (line.clone(), RwSignal::new(String::new()))).collect();
    let read = {
        let counts: Vec<_> = counts.iter().map(|(line, count)| (line.line_number, *count)).collect();
        move || {
            let mut entry = Entry::default();
            let read = |(index, (line_number, count)): (usize, &(i32, RwSignal<String>))| {
                let at = format!("/lines/{index}/received_quantity");
                let received_quantity = entry.quantity(&at, &count.get_untracked())?;
                Some(MaterialCount { line_number: *line_number, received_quantity })
            };
            // Every field at fault is named: all are read before the first fault counts.
            let lines: Vec<_> = counts.iter().enumerate().map(read).collect();
            let lines: Option<Vec<_>> = lines.into_iter().collect();
            let read = lines.zip(times.read(&mut entry));
            let remark = remark.get_untracked();
            entry.made(read).map(|(lines, (occurred_at, evidence_at))| MaterialConfirm {
                lines,
                occurred_at,
                evidence_at,
                remark,
            })
        }
    };
    let confirm = api::action(move |(): &()| {
        let (shown, command) = (shown.clone(), read());
        async move {
            let answer = match command {
                Ok(command) => take(desk, (&shown, "confirmation"), &command).await,
                Err(unread) => Err(unread),
            };
            match answer {
                Ok(after) => {
                    state::toast(tf("material.confirmed", &[("number", &after.number)]));
                    document.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let field = |(index, (line, count)): (usize, (lotline_common::material::MaterialLine, RwSignal<String>))| {
        let unit = line.item.unit.code.clone();
        let lot = line.lot.map_or_else(|| "—".to_owned(), |lot| lot.code);
        view! {
            <div class="form-grid">
                <div>
                    <ItemCell item=line.item.clone() /><span class="code strong">{lot}</span>
                    <div class="small muted">{tx("material.sent")}" "<Quantity value=line.quantity unit=line.item.unit.code.clone() /></div>
                </div>
                <TextField
                    label=in_unit("field.received", unit) value=count pointer=format!("/lines/{index}/received_quantity") figure=true required=true
                />
            </div>
        }
    };
    view! {
        <form class="card" novalidate=true on:submit=move |event| {
            event.prevent_default();
            confirm.dispatch(());
        }>
            <div class="card__head"><h2>{tx("material.confirm")}</h2></div>
            <div class="card__body stack">
                <p class="muted">{tx("material.confirm_text")}</p>
                {counts.into_iter().enumerate().map(field).collect_view()}
                <TextArea label=said("field.remark") value=remark pointer="/remark" />
                <TimesFields times />
                <ProblemBanner problem />
                <div class="row">
                    <button class="btn btn--primary" type="submit" disabled=confirm.pending() data-testid="material-confirm">{tx("material.confirm")}</button>
                </div>
            </div>
        </form>
    }
}

/// Calls a document off before anything moved, or undoes what was posted.
#[component]
pub fn Ending(
    /// The document.
    shown: Material,
    /// Where it was read.
    document: Known,
) -> impl IntoView {
    let way = match shown.record_state {
        MaterialState::Draft => state::may(Permission::MaterialEdit).then_some("cancellation"),
        MaterialState::Posted if shown.custody_state != CustodyState::WithDiscrepancy => {
            state::may(Permission::MaterialReverse).then_some("reversal")
        }
        _ => None,
    }?;
    let undoes = way == "reversal";
    let (title, text) = if undoes {
        ("material.reverse", "material.reverse_text")
    } else {
        ("material.cancel", "material.cancel_text")
    };
    let (open, problem) = (RwSignal::new(false), RwSignal::new(None));
    let end = api::action(move |reason: &String| {
        let (shown, command) = (shown.clone(), Reversal { reason: reason.clone() });
        async move {
            match take(Desk::Maker, (&shown, way), &command).await {
                Ok(_) => {
                    open.set(false);
                    document.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    Some(view! {
        <button
                class=if undoes { "btn btn--danger" } else { "btn" } type="button" data-testid="material-end"
                on:click=move |_| open.set(true)
            >{tx(title)}</button>
        <ReasonDialog
            open title=said(title) explanation=said(text) problem pending=end.pending()
            confirm=Callback::new(move |reason| { end.dispatch(reason); })
        />
    })
}
