//! An item's lots: what can be promised of each, who has the rest, and why it is held.

use leptos::prelude::*;
use lotline_common::promise::{PromiseLot, PromisePosition, Reservation};
use rust_decimal::Decimal;

use crate::components::material::{DocumentLink, LotLink, place_cell, who_when};
use crate::components::status::Status;
use crate::components::table::{Title, table};
use crate::components::{Quantity, When};
use crate::i18n::{date, quantity, said, t, tf, time, tx};
use crate::pages::requisitions::PriorityBadge;

const HEADINGS: &[Title] = &[
    ("field.lot", false),
    ("promise.until", false),
    ("field.on_hand", true),
    ("promise.hard", true),
    ("promise.soft", true),
    ("field.held", true),
    ("field.available", true),
    ("promise.behind", false),
];

/// The lots, each with a row that unfolds.
#[component]
pub fn Lots(
    /// The lots.
    lots: Vec<PromiseLot>,
    /// Unit's symbol.
    unit: String,
) -> impl IntoView {
    if lots.is_empty() {
        return view! { <p class="muted small">{tx("stock.no_positions")}</p> }.into_any();
    }
    let rows = lots.into_iter().map(|lot| view! { <LotRows lot unit=unit.clone() /> }.into_any());
    table(said("promise.lots"), HEADINGS, rows)
}

#[component]
fn LotRows(lot: PromiseLot, unit: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let figure = |value: Decimal| if value.is_zero() { "—".to_owned() } else { quantity(value) };
    let until = lot.promisable_until.map_or_else(|| "—".to_owned(), date);
    let (named, hook) = (lot.lot.clone(), lot.lot.as_ref().map(|lot| lot.code.clone()).unwrap_or_default());
    let label = hook.clone();
    let behind = StoredValue::new((hook.clone(), lot.positions, lot.reservations));
    view! {
        <tr>
            <td><LotLink lot=named /></td>
            <td class="nowrap">{until}</td>
            <td class="num">{figure(lot.on_hand)}</td>
            <td class="num">{figure(lot.hard_reserved)}</td>
            <td class="num">{figure(lot.soft_reserved)}</td>
            <td class="num">{figure(lot.held)}</td>
            <td class="num strong"><Quantity value=lot.available unit /></td>
            <td>
                <button
                    class="btn btn--sm" type="button" aria-expanded=move || open.get().to_string()
                    data-testid=format!("promise-behind-{hook}") on:click=move |_| open.update(|open| *open = !*open)
                    aria-label=move || tf("promise.behind_of", &[("lot", &label)])
                >{tx("promise.unfold")}</button>
            </td>
        </tr>
        <When when=move || open.get()>
            <tr class="unfolded"><td colspan="8">
                <div class="unfolded__body">
                    {move || behind.with_value(|(code, positions, reservations)| behind_lot(code.clone(), positions.clone(), reservations.clone()))}
                </div>
            </td></tr>
        </When>
    }
}

const POSITIONS: &[Title] = &[
    ("field.location", false),
    ("field.on_hand", true),
    ("field.reserved", true),
    ("field.available", true),
    ("promise.hold", false),
    ("promise.decision", false),
    ("field.document", false),
];

const RESERVATIONS: &[Title] = &[
    ("field.document", false),
    ("field.order", false),
    ("field.quantity", true),
    ("promise.kind", false),
    ("field.expires_at", false),
    ("field.created_by", false),
    ("field.reason", false),
];

fn behind_lot(code: String, positions: Vec<PromisePosition>, reservations: Vec<Reservation>) -> AnyView {
    let of_lot = |key: &'static str| {
        let code = code.clone();
        Signal::derive(move || format!("{} {code}", t(key)))
    };
    let held = reservations.into_iter().map(reservation_row).collect::<Vec<_>>();
    let held = if held.is_empty() {
        view! { <p class="muted small">{tx("promise.no_reservations")}</p> }.into_any()
    } else {
        table(of_lot("promise.reservations"), RESERVATIONS, held)
    };
    view! {
        <h3>{tx("stock.positions")}</h3>
        {table(of_lot("stock.positions"), POSITIONS, positions.into_iter().map(position_row))}
        <h3>{tx("promise.reservations")}</h3>
        {held}
    }
    .into_any()
}

fn position_row(position: PromisePosition) -> AnyView {
    let decision = position.decision.clone().map(|decision| {
        let said = who_when(Some(decision.by), Some(decision.at));
        view! { <div class="cell-2"><span>{decision.reason}</span><span>{said}</span></div> }
    });
    view! {
        <tr>
            <td>{status_and_place(&position)}</td>
            <td class="num">{quantity(position.on_hand)}</td>
            <td class="num">{quantity(position.hard_reserved + position.soft_reserved)}</td>
            <td class="num strong">{quantity(position.available)}</td>
            <td>{position.hold.map(|value| view! { <Status value /> })}</td>
            <td>{decision}</td>
            <td>{position.document.map(|document| view! { <DocumentLink document /> })}</td>
        </tr>
    }
    .into_any()
}

fn reservation_row(reservation: Reservation) -> AnyView {
    let kind = if reservation.soft { "promise.soft_one" } else { "promise.hard_one" };
    view! {
        <tr>
            <td>{reservation.document.map(|document| view! { <DocumentLink document /> })}</td>
            <td>{reservation.order.map(|document| view! { <DocumentLink document /> })}</td>
            <td class="num strong">{quantity(reservation.quantity)}</td>
            <td><div class="cell-2"><span>{move || t(kind)}</span><span><PriorityBadge value=reservation.priority /></span></div></td>
            <td class="nowrap">{reservation.expires_at.map_or_else(|| "—".to_owned(), time)}</td>
            <td class="nowrap">{reservation.created_by.map(|person| person.display_name)}</td>
            <td>{reservation.reason}</td>
        </tr>
    }
    .into_any()
}

/// Where a position is and in which status.
pub fn status_and_place(position: &PromisePosition) -> AnyView {
    place_cell(position.location.clone(), position.status)
}
