//! Tables about an order's components: what was frozen, and whether it can be had.

use leptos::prelude::*;
use lotline_common::issuing::{KitCheck, KitLine};
use lotline_common::masterdata::Supply;
use lotline_common::orders::OrderComponent;

use crate::components::material::ItemCell;
use crate::components::{Icon, Quantity};
use crate::i18n::{quantity, t, tf, word};

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
        let uses =
            (supply == Supply::Tooling).then(|| view! { <span class="unit">{move || t("masterdata.uses")}</span> });
        view! {
            <tr>
                <td><ItemCell item=line.item.clone() /></td>
                <td>{move || word("supply", supply)}</td>
                <td class="num">{quantity(line.net_quantity)}{uses}</td>
                <td class="num">{quantity(line.loss_norm_percent)}"%"</td>
                <td class="num strong"><Quantity value=line.required_quantity unit=line.item.unit.code /></td>
                {progress}
            </tr>
        }
    });
    let progress = (!only_frozen).then(|| {
        view! {
            <th class="num" scope="col">{move || t("field.requested")}</th>
            <th class="num" scope="col">{move || t("orders.issued")}</th>
            <th class="num" scope="col">{move || t("orders.confirmed")}</th>
        }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=move || t("orders.components")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{move || t("field.component")}</th>
                    <th scope="col">{move || t("field.supply")}</th>
                    <th class="num" scope="col">{move || t("orders.net")}</th>
                    <th class="num" scope="col">{move || t("orders.loss")}</th>
                    <th class="num" scope="col">{move || t("orders.required")}</th>
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
            <Icon name=icon />{move || t(text)}
        </p>
        <div class="table-wrap" tabindex="0" role="region" aria-label=move || t("orders.check")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{move || t("field.component")}</th>
                    <th class="num" scope="col">{move || t("orders.to_request")}</th>
                    <th class="num" scope="col">{move || t("field.available")}</th>
                    <th scope="col">{move || t("field.short")}</th>
                    <th class="num" scope="col">{move || t("field.on_hand")}</th>
                    <th class="num" scope="col">{move || t("field.reserved")}</th>
                    <th class="num" scope="col">{move || t("orders.on_hold")}</th>
                    <th class="num" scope="col">{move || t("orders.expired")}</th>
                </tr></thead>
                <tbody>{check.lines.into_iter().map(|line| view! { <CheckRow line /> }).collect_view()}</tbody>
            </table>
        </div>
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
