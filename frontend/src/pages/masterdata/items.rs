//! Items.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::ledger::ItemStock;
use lotline_common::masterdata::{Item, ItemKind, ItemWrite, StorageClass, Tracking};
use lotline_common::page::Page;

use super::frame::{
    ACTIVE, DetailFrame, FormFrame, ListFrame, NameFields, NameSignals, TOPICS, Target, in_use, saving,
};
use crate::components::When;
use crate::components::choices::{id_of_page, people, records, unit_choices, words};
use crate::components::field::{SelectField, TextField};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::table::{Column, Filter, ListView, column};
use crate::i18n::{name, named, quantity, said, tx, worded};
use crate::{api, state};

const COLUMNS: &[Column<Item>] = &[
    column("field.code", |item: &Item| item.code.clone().into_any()).sorted("code"),
    column("field.name", |item: &Item| {
        let label = item.name.clone();
        (named(label)).into_any()
    }),
    column("field.kind", |item: &Item| {
        let kind = item.kind;
        (worded("item_kind", &kind)).into_any()
    })
    .sorted("kind"),
    column("field.tracking", |item: &Item| {
        let tracking = item.tracking;
        (worded("tracking", &tracking)).into_any()
    }),
    column("field.unit", |item: &Item| item.unit.code.clone().into_any()),
    column("field.gtin", |item: &Item| item.gtin.clone().into_any()),
    column("field.shelf_life_days", |item: &Item| item.shelf_life_days.into_any()).figures(),
    column("masterdata.in_use", |item: &Item| in_use(item.active)),
];

/// The items.
#[component]
pub fn ItemList() -> impl IntoView {
    const KIND: Filter = Filter { name: "kind", title: "field.kind", choices: || words("item_kind", ItemKind::ALL) };
    const TRACKING: Filter =
        Filter { name: "tracking", title: "field.tracking", choices: || words("tracking", Tracking::ALL) };
    let list = ListView {
        path: "/items",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[KIND, TRACKING, ACTIVE],
        topics: TOPICS,
        link: |item: &Item| Some(format!("/items/{}", item.id)),
        empty: "masterdata.empty",
    };
    view! { <ListFrame title="nav.items" new="/items/new" list /> }
}

/// A new item.
#[component]
pub fn ItemNew() -> impl IntoView {
    view! { <PageHead title=said("masterdata.new_item") /><ItemForm item=None /> }
}

/// One item.
#[component]
pub fn ItemDetail() -> impl IntoView {
    let (id, news) = (id_of_page(), state::live(TOPICS));
    let item = api::read::<Item>(move || {
        news.track();
        format!("/items/{}", id.get())
    });
    loaded(item, |item| {
        let (code, label, id) = (item.code.clone(), item.name.clone(), item.id.uuid());
        let owner = item.owner.as_ref().map(|owner| owner.display_name.clone());
        view! {
            <DetailFrame title=Signal::derive(move || format!("{code} {}", name(&label))) kind=AggregateKind::Item id>
                {owner.map(|owner| view! {
                    <dl class="facts section"><Fact label=said("field.owner_id")>{owner}</Fact></dl>
                })}
                <ItemForm item=Some(item) />
                <StockOfItem id />
            </DetailFrame>
        }
    })
}

/// What there is of an item, and the way to its lots.
#[component]
fn StockOfItem(id: uuid::Uuid) -> impl IntoView {
    let stock = api::read::<Page<ItemStock>>(move || format!("/item-stock?item_id={id}"));
    loaded(stock, move |page| {
        page.items.into_iter().next().map(|stock| {
            let unit = stock.item.unit.code;
            let figure = |value| format!("{} {unit}", quantity(value));
            let (on_hand, reserved, held) = (figure(stock.on_hand), figure(stock.reserved), figure(stock.held));
            let (available, in_transit) = (figure(stock.available_to_promise), figure(stock.in_transit));
            let in_custody = figure(stock.in_custody);
            view! {
                <section class="section">
                    <h2>{tx("nav.stock")}</h2>
                    <dl class="facts">
                        <Fact label=said("field.on_hand")>{on_hand}</Fact>
                        <Fact label=said("field.reserved")>{reserved}</Fact>
                        <Fact label=said("field.held")>{held}</Fact>
                        <Fact label=said("field.available")>{available}</Fact>
                        <Fact label=said("field.in_transit")>{in_transit}</Fact>
                        <Fact label=said("field.in_custody")>{in_custody}</Fact>
                    </dl>
                    <p><a href=format!("/items/{id}/promise")>{tx("promise.by_date")}</a></p>
                    <p><a href=format!("/lots?item_id={id}")>{tx("masterdata.lots_of_item")}</a></p>
                </section>
            }
        })
    })
}

#[component]
fn ItemForm(item: Option<Item>) -> impl IntoView {
    let target = Target { path: "/items", record: item.as_ref().map(|item| (item.id.uuid(), item.version)) };
    let start = |pick: fn(&Item) -> String| RwSignal::new(item.as_ref().map(pick).unwrap_or_default());
    let (code, specification) = (start(|item| item.code.clone()), start(|item| item.specification.clone()));
    let (kind, tracking) = (start(|item| item.kind.to_string()), start(|item| item.tracking.to_string()));
    let (unit, storage) = (start(|item| item.unit.id.to_string()), start(|item| item.storage_class.to_string()));
    let gtin = start(|item| item.gtin.clone().unwrap_or_default());
    let shelf_life = start(|item| item.shelf_life_days.map(|days| days.to_string()).unwrap_or_default());
    let life = start(|item| item.life_uses.map(|uses| uses.to_string()).unwrap_or_default());
    let owner = start(|item| item.owner.as_ref().map(|owner| owner.id.to_string()).unwrap_or_default());
    let safety_stock = start(|item| item.safety_stock.to_string());
    let names = NameSignals::of(item.as_ref().map(|item| &item.name));
    let active = RwSignal::new(item.as_ref().is_none_or(|item| item.active));
    let command = move || ItemWrite {
        code: code.get_untracked(),
        name: names.name(),
        kind: kind.get_untracked().parse().unwrap_or(ItemKind::RawMaterial),
        tracking: tracking.get_untracked().parse().unwrap_or(Tracking::Lot),
        unit_id: unit.get_untracked().parse().unwrap_or(lotline_common::id::UnitId(uuid::Uuid::nil())),
        gtin: Some(gtin.get_untracked()).filter(|gtin| !gtin.is_empty()),
        shelf_life_days: Some(shelf_life.get_untracked())
            .filter(|days| !days.is_empty())
            .map(|days| days.parse().unwrap_or(-1)),
        life_uses: Some(life.get_untracked()).filter(|uses| !uses.is_empty()).map(|uses| uses.parse().unwrap_or(-1)),
        // What cannot be read as a quantity is for the server to refuse.
        safety_stock: match safety_stock.get_untracked().trim() {
            "" => rust_decimal::Decimal::ZERO,
            text => text.parse().unwrap_or(rust_decimal::Decimal::NEGATIVE_ONE),
        },
        storage_class: storage.get_untracked().parse().unwrap_or(StorageClass::Ambient),
        specification: specification.get_untracked(),
        owner_id: owner.get_untracked().parse().ok(),
        active: active.get_untracked(),
    };
    let (save, pending) = saving(target, command, |item: &Item| item.id.uuid());
    let units = unit_choices(records("/units?active=true&limit=500"));
    view! {
        <FormFrame target active save pending>
            <TextField label=said("field.code") value=code pointer="/code" required=true />
            <NameFields names />
            <SelectField label=said("field.kind") value=kind pointer="/kind" required=true
                choices=Signal::derive(|| words("item_kind", ItemKind::ALL)) />
            <SelectField label=said("field.tracking") value=tracking pointer="/tracking" required=true
                choices=Signal::derive(|| words("tracking", Tracking::ALL)) hint=said("masterdata.fixed_after_move") />
            <SelectField label=said("field.unit") value=unit pointer="/unit_id" required=true choices=units
                hint=said("masterdata.fixed_after_move") />
            <TextField label=said("field.gtin") value=gtin pointer="/gtin" hint=said("masterdata.gtin_hint") />
            <TextField label=said("field.shelf_life_days") value=shelf_life pointer="/shelf_life_days" figure=true
                hint=said("masterdata.shelf_life_hint") />
            <When when=move || kind.get() == ItemKind::Tooling.as_str()>
                <TextField label=said("field.life_uses") value=life pointer="/life_uses" figure=true
                    hint=said("masterdata.life_hint") />
            </When>
            <TextField label=said("field.safety_stock") value=safety_stock pointer="/safety_stock" figure=true
                hint=said("masterdata.safety_stock_hint") />
            <SelectField label=said("field.storage_class") value=storage pointer="/storage_class" required=true
                choices=Signal::derive(|| words("storage_class", StorageClass::ALL)) />
            <TextField label=said("field.specification") value=specification pointer="/specification" />
            <SelectField label=said("field.owner_id") value=owner pointer="/owner_id" choices=people() hint=said("masterdata.owner_hint") />
        </FormFrame>
    }
}
