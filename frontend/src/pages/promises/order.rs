//! What is reserved for an order, and what it lost.

use leptos::prelude::*;
use lotline_common::id::OrderId;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::promise::Reservation;

use super::TOPICS;
use super::list::standing;
use crate::components::material::{ItemCell, LotLink};
use crate::components::page::loaded;
use crate::components::table::{Title, table};
use crate::components::{Icon, Quantity, When};
use crate::i18n::{said, time, tx};
use crate::pages::requisitions::PriorityBadge;
use crate::{api, state};

const HEADINGS: &[Title] = &[
    ("field.item", false),
    ("field.lot", false),
    ("field.quantity", true),
    ("field.priority", false),
    ("field.state", false),
    ("field.expires_at", false),
    ("field.created_by", false),
];

/// Reservations of an order and its requisitions that people made.
#[component]
pub fn OrderReservations(
    /// The order.
    id: OrderId,
    /// More can be reserved.
    open: bool,
) -> impl IntoView {
    let news = state::live(TOPICS);
    let reservations = api::read::<Page<Reservation>>(move || {
        news.track();
        format!("/reservations?order_id={id}&soft=true&limit=100")
    });
    view! {
        <section class="section" data-testid="order-reservations">
            <div class="row row--between row--wrap">
                <h2>{tx("promise.reservations")}</h2>
                <div class="row">
                    <a class="btn btn--sm" href="/kit-check">{tx("promise.kit_title")}</a>
                    <When when=move || open && state::may(Permission::StockReserve)>
                        <a class="btn btn--sm" href=format!("/reservations/new?order_id={id}") data-testid="order-reserve">
                            <Icon name="plus" small=true />{tx("promise.reserve")}
                        </a>
                    </When>
                </div>
            </div>
            {loaded(reservations, |page| {
                if page.items.is_empty() {
                    return view! { <p class="muted small">{tx("promise.no_reservations")}</p> }.into_any();
                }
                table(said("promise.reservations"), HEADINGS, page.items.into_iter().map(row))
            })}
        </section>
    }
}

fn row(row: Reservation) -> AnyView {
    view! {
        <tr>
            <td><ItemCell item=row.item.clone() /></td>
            <td><LotLink lot=row.lot.clone() /></td>
            <td class="num strong"><Quantity value=row.quantity unit=row.item.unit.code.clone() /></td>
            <td><PriorityBadge value=row.priority /></td>
            <td>{standing(&row)}</td>
            <td class="nowrap">{row.expires_at.map_or_else(|| "—".to_owned(), time)}</td>
            <td class="nowrap">{row.created_by.map(|person| person.display_name)}</td>
        </tr>
    }
    .into_any()
}
