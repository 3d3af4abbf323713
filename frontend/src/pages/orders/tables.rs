//! Tables about an order's components: what was frozen, and whether it can be had.

use leptos::prelude::*;
use lotline_common::issuing::{KitCheck, KitLine};
use lotline_common::masterdata::Supply;
use lotline_common::orders::OrderComponent;

use crate::components::material::ItemCell;
use crate::components::table::table;
use crate::components::{Icon, Quantity};
use crate::i18n::{quantity, said, tf, tx, worded};

/// Frozen components; with what became of them unless only frozen.
#[component]
pub fn Components(
    /// The components.
    components: Vec<OrderComponent>,
    /// Nothing has become of them yet.
    #[prop(optional)]
    only_frozen: bool,
) -> impl IntoView {
    let rows = components.into_iter().map(|line| {
        let progress = (!only_frozen).then(|| {
            view! {
                <td class="num">{quantity(line.requested_quantity)}</td>
                <td class="num">{quantity(line.issued_quantity)}</td>
                <td class="num">{quantity(line.confirmed_quantity)}</td>
            }
        });
        let supply = line.supply;
        let uses = (supply == Supply::Tooling).then(|| view! { <span class="unit">{tx("masterdata.uses")}</span> });
        view! {
            <tr>
                <td><ItemCell item=line.item.clone() /></td>
                <td>{worded("supply", &supply)}</td>
                <td class="num">{quantity(line.net_quantity)}{uses}</td>
                <td class="num">{quantity(line.loss_norm_percent)}"%"</td>
                <td class="num strong"><Quantity value=line.required_quantity unit=line.item.unit.code /></td>
                {progress}
            </tr>
        }
    });
    let progress = (!only_frozen).then(|| {
        view! {
            <th class="num" scope="col">{tx("field.requested")}</th>
            <th class="num" scope="col">{tx("orders.issued")}</th>
            <th class="num" scope="col">{tx("orders.confirmed")}</th>
        }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=tx("orders.components")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{tx("field.component")}</th>
                    <th scope="col">{tx("field.supply")}</th>
                    <th class="num" scope="col">{tx("orders.net")}</th>
                    <th class="num" scope="col">{tx("orders.loss")}</th>
                    <th class="num" scope="col">{tx("orders.required")}</th>
                    {progress}
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// What is short, and why.
#[component]
pub fn KitCheckTable(
    /// The check.
    check: KitCheck,
) -> impl IntoView {
    let (banner, text) = if check.complete {
        ("banner banner--ok", "orders.check_complete")
    } else {
        ("banner banner--warn", "orders.check_short")
    };
    let icon = if check.complete { "check" } else { "alert" };
    view! {
        <p class=banner data-testid="kit-check">
            <Icon name=icon />{tx(text)}
        </p>
        {table(said("orders.check"), &[("field.component", false), ("orders.to_request", true), ("field.available", true), ("field.short", false), ("field.on_hand", true), ("field.reserved", true), ("orders.on_hold", true), ("orders.expired", true)], check.lines.into_iter().map(|line| view! { <CheckRow line /> }))}
    }
}

#[component]
fn CheckRow(line: KitLine) -> impl IntoView {
    let unit = line.item.unit.code.clone();
    let short = line.short;
    view! {
        <tr>
            <td><ItemCell item=line.item /></td>
            <td class="num strong"><Quantity value=line.proposed_quantity unit /></td>
            <td class="num">{quantity(line.available)}</td>
            <td><ShortBadge short /></td>
            <td class="num">{quantity(line.on_hand)}</td>
            <td class="num">{quantity(line.reserved)}</td>
            <td class="num">{quantity(line.on_hold)}</td>
            <td class="num">{quantity(line.expired)}</td>
        </tr>
    }
}

/// How much is missing; nothing when nothing is.
#[component]
pub fn ShortBadge(
    /// How much.
    short: rust_decimal::Decimal,
) -> impl IntoView {
    (!short.is_zero()).then(|| {
        view! { <span class="badge badge--warn">{move || tf("issue.short_by", &[("quantity", &quantity(short))])}</span> }
    })
}
