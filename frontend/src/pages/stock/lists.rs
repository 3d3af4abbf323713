//! Stock by position, and the movements.

use leptos::prelude::*;
use lotline_common::ledger::{DocumentKind, Movement, Stock, StockStatus};
use lotline_common::masterdata::{Item, Location, LocationRef, Partner};

use super::{TOPICS, deciding};
use crate::components::Quantity;
use crate::components::choices::{item_choices, location_choices, partner_choices, records, words};
use crate::components::field::Choice;
use crate::components::material::{DocumentLink, ItemCell, LotLink, MovementTimes, person};
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{date, named, worded};

/// What the filters of the page offer.
#[derive(Clone, Copy)]
struct Choices {
    items: Signal<Vec<Choice>>,
    locations: Signal<Vec<Choice>>,
    partners: Signal<Vec<Choice>>,
}

/// Reads what the filters of the page offer.
pub fn provide_choices() {
    provide_context(Choices {
        items: item_choices(records::<Item>("/items?limit=500")),
        locations: location_choices(records::<Location>("/locations?limit=500")),
        partners: partner_choices(records::<Partner>("/partners?subcontractor=true&limit=500")),
    });
}

fn offered(list: fn(Choices) -> Signal<Vec<Choice>>) -> Vec<Choice> {
    use_context::<Choices>().map(|choices| list(choices).get()).unwrap_or_default()
}

const ITEM: Filter = Filter { name: "item_id", title: "field.item", choices: || offered(|choices| choices.items) };
const LOCATION: Filter =
    Filter { name: "location_id", title: "field.location", choices: || offered(|choices| choices.locations) };

/// A location: its name above its code.
pub fn place(location: &LocationRef) -> AnyView {
    let label = location.name.clone();
    view! { <div class="cell-2"><span>{named(label)}</span><span class="code">{location.code.clone()}</span></div> }
        .into_any()
}

const POSITIONS: &[Column<Stock>] = &[
    column("field.lot", |stock: &Stock| {
        stock.lot.as_ref().map_or_else(|| "—".to_owned(), |lot| lot.code.clone()).into_any()
    })
    .sorted("lot"),
    column("field.item", |stock: &Stock| view! { <ItemCell item=stock.item.clone() /> }.into_any()).sorted("item"),
    column("field.location", |stock: &Stock| place(&stock.location)).sorted("location"),
    column("field.custodian", |stock: &Stock| match stock.custodian.clone() {
        Some(partner) => (named(partner.name)).into_any(),
        None => "—".into_any(),
    }),
    column("field.status", deciding::status),
    column("field.on_hand", |stock: &Stock| {
        view! { <Quantity value=stock.on_hand unit=stock.item.unit.code.clone() /> }.into_any()
    })
    .figures()
    .sorted("on_hand"),
    column("field.reserved", |stock: &Stock| {
        view! { <Quantity value=stock.reserved unit=stock.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("field.available_now", |stock: &Stock| {
        view! { <Quantity value=stock.usable unit=stock.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("field.expires_on", |stock: &Stock| {
        let day = stock.lot.as_ref().and_then(|lot| lot.expires_on);
        view! { <span class="nowrap">{day.map_or_else(|| "—".to_owned(), date)}</span> }.into_any()
    })
    .sorted("expires_on"),
];

const POSITION_FILTERS: &[Filter] = &[
    ITEM,
    Filter { name: "status", title: "field.status", choices: || words("stock_status", StockStatus::ALL) },
    LOCATION,
    Filter { name: "custodian_id", title: "field.custodian", choices: || offered(|choices| choices.partners) },
];

/// Stock by position.
#[component]
pub fn Positions() -> impl IntoView {
    let list = ListView {
        path: "/stock",
        fixed: Vec::new(),
        columns: POSITIONS,
        filters: POSITION_FILTERS,
        topics: TOPICS,
        link: |stock: &Stock| stock.lot.as_ref().map(|lot| format!("/lots/{}", lot.id)),
        empty: "stock.empty",
    };
    let dialog = deciding::dialog();
    view! { <List list />{dialog} }
}

const MOVEMENTS: &[Column<Movement>] = &[
    column("field.occurred_at", |movement: &Movement| view! { <MovementTimes movement=movement.clone() /> }.into_any())
        .sorted("occurred_at"),
    column("field.kind", |movement: &Movement| {
        let kind = movement.kind;
        (worded("movement_kind", &kind)).into_any()
    }),
    column("field.item", |movement: &Movement| view! { <ItemCell item=movement.item.clone() /> }.into_any()),
    column("field.lot", |movement: &Movement| view! { <LotLink lot=movement.lot.clone() /> }.into_any()),
    column("field.quantity", |movement: &Movement| {
        view! { <Quantity value=movement.quantity unit=movement.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("field.from", |movement: &Movement| place(&movement.from_location)),
    column("field.to", |movement: &Movement| place(&movement.to_location)),
    column("field.document", |movement: &Movement| {
        view! { <DocumentLink document=movement.document.clone() /> }.into_any()
    }),
    column("field.actor", |movement: &Movement| person(&movement.actor.display_name)),
];

const MOVEMENT_FILTERS: &[Filter] = &[
    ITEM,
    LOCATION,
    Filter { name: "document_kind", title: "field.document", choices: || words("document_kind", DocumentKind::ALL) },
    Filter { name: "document_id", title: "field.document", choices: Vec::new },
    Filter { name: "lot_id", title: "field.lot", choices: Vec::new },
];

/// The movements, newest first.
#[component]
pub fn Movements() -> impl IntoView {
    let list = ListView {
        path: "/movements",
        fixed: Vec::new(),
        columns: MOVEMENTS,
        filters: MOVEMENT_FILTERS,
        topics: TOPICS,
        link: |_: &Movement| None,
        empty: "stock.no_movements",
    };
    view! { <List list /> }
}
