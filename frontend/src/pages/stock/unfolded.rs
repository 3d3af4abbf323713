//! What stands under an item's row when one of its figures is unfolded.

use leptos::prelude::*;
use lotline_common::ledger::{ItemStock, Stock};
use rust_decimal::Decimal;

use super::figures::Figure;
use super::items::{Behind, Unfolding};
use super::lists::place;
use crate::components::Quantity;
use crate::components::material::{LotLink, MovementTable};
use crate::components::page::Skeleton;
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::i18n::{named, quantity, t, tf, tx};

/// The row under an item's row: nothing unless one of its figures is unfolded.
pub fn unfolded(stock: &ItemStock) -> AnyView {
    let stock = stock.clone();
    let Some(unfolding) = use_context::<Unfolding>() else { return ().into_any() };
    let figure = move || unfolding.chosen.get().filter(|(item, _)| *item == stock.item.id).map(|(_, figure)| figure);
    let figure = Memo::new(move |_| figure());
    let stock = StoredValue::new(stock);
    view! {
        {move || figure.get().map(|figure| view! {
            <tr class="unfolded" data-testid="stock-unfolded">
                <td colspan="9" on:keydown=|event| event.stop_propagation()>
                    <Explanation stock=stock.get_value() figure unfolding />
                </td>
            </tr>
        })}
    }
    .into_any()
}

#[component]
fn Explanation(stock: ItemStock, figure: Figure, unfolding: Unfolding) -> impl IntoView {
    let (item, unit) = (stock.item.id, stock.item.unit.code.clone());
    let behind = move || match unfolding.behind.get().flatten() {
        Some(Ok(behind)) if behind.item == item => {
            view! { <BehindFigure behind figure unit=unit.clone() /> }.into_any()
        }
        Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
        _ => view! { <Skeleton /> }.into_any(),
    };
    let close = move |_| unfolding.chosen.set(None);
    view! {
        <section class="unfolded__body" aria-label=move || t(figure.title())>
            <div class="row row--between">
                <h2>{move || t(figure.title())}" "<Quantity value=figure.of(&stock) unit=stock.item.unit.code.clone() /></h2>
                <button class="btn btn--sm" type="button" on:click=close>{tx("common.close")}</button>
            </div>
            <p><a href=format!("/items/{item}/promise") data-testid="stock-promise">{tx("promise.by_date")}</a></p>
            <Identity stock figure />
            {behind}
        </section>
    }
}

/// On hand − reserved − held = available to promise, with the item's numbers.
#[component]
fn Identity(stock: ItemStock, figure: Figure) -> impl IntoView {
    let outside = [stock.in_transit, stock.in_custody, stock.in_claim];
    let line = move |shown: Figure, value: Decimal| {
        let class = if shown == figure { "strong" } else { "" };
        view! { <dt class=class>{move || t(shown.title())}</dt><dd class=class>{quantity(value)}</dd> }
    };
    let note = move || {
        let [in_transit, in_custody, in_claim] = outside.map(quantity);
        tf("stock.outside", &[("in_transit", &in_transit), ("in_custody", &in_custody), ("in_claim", &in_claim)])
    };
    view! {
        <div>
            <dl class="sum unfolded__sum" data-testid="stock-identity">
                {line(Figure::OnHand, stock.on_hand)}
                {line(Figure::Reserved, -stock.reserved)}
                {line(Figure::Held, -stock.held)}
                <dt class="sum__total">{move || t(Figure::Available.title())}</dt>
                <dd class="sum__total">
                    <Quantity value=stock.available_to_promise unit=stock.item.unit.code />
                </dd>
            </dl>
            <p class="tiny faint atp-note">{note}</p>
        </div>
    }
}

#[component]
fn BehindFigure(behind: Behind, figure: Figure, unit: String) -> impl IntoView {
    let item = behind.item;
    let counted = |position: &Stock| !figure.part(position).is_zero();
    let positions: Vec<_> = behind.positions.items.into_iter().filter(counted).collect();
    let more = move |view: &'static str| {
        view! { <p><a href=format!("/stock?view={view}&item_id={item}")>{tx("stock.all_of_item")}</a></p> }
    };
    view! {
        <h3>{tx("stock.positions")}</h3>
        {if positions.is_empty() {
            view! { <p class="muted">{tx("stock.no_positions")}</p> }.into_any()
        } else {
            view! { <PositionTable positions figure unit /> }.into_any()
        }}
        {behind.positions.next.is_some().then(|| more("positions"))}
        <h3>{tx("common.movements")}</h3>
        {if behind.movements.items.is_empty() {
            view! { <p class="muted">{tx("stock.no_movements")}</p> }.into_any()
        } else {
            view! { <MovementTable movements=behind.movements.items /> }.into_any()
        }}
        {behind.movements.next.is_some().then(|| more("movements"))}
    }
}

/// The positions that a figure is made of, and their sum.
#[component]
fn PositionTable(positions: Vec<Stock>, figure: Figure, unit: String) -> impl IntoView {
    let total: Decimal = positions.iter().map(|position| figure.part(position)).sum();
    let row = |position: Stock| {
        let part = figure.part(&position);
        let custodian = match position.custodian {
            Some(partner) => (named(partner.name)).into_any(),
            None => "—".into_any(),
        };
        view! {
            <tr>
                <td>{place(&position.location)}</td>
                <td><LotLink lot=position.lot /></td>
                <td><Status value=position.status /></td>
                <td>{custodian}</td>
                <td class="num strong"><Quantity value=part unit=position.item.unit.code /></td>
            </tr>
        }
    };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=tx("stock.positions")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{tx("field.location")}</th><th scope="col">{tx("field.lot")}</th>
                    <th scope="col">{tx("field.status")}</th><th scope="col">{tx("field.custodian")}</th>
                    <th class="num" scope="col">{move || t(figure.title())}</th>
                </tr></thead>
                <tbody>{positions.into_iter().map(row).collect_view()}</tbody>
                <tfoot><tr>
                    <td colspan="4">{tx("stock.sum")}</td><td class="num"><Quantity value=total unit /></td>
                </tr></tfoot>
            </table>
        </div>
    }
}
