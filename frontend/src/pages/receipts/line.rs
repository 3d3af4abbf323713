//! One line of a receipt being written.

use leptos::prelude::*;
use lotline_common::masterdata::{Item, Location, Tracking};
use lotline_common::receiving::ReceiptLineWrite;

use crate::components::Icon;
use crate::components::choices::{item_choices, location_choices};
use crate::components::entry::{Entry, filled};
use crate::components::field::{SelectField, TextField};
use crate::components::serials::{SerialDraft, SerialFields};
use crate::i18n::{said, t, tf, tx, with_unit};

/// What has been typed into a line.
#[derive(Clone, Copy)]
pub struct LineDraft {
    /// Tells lines apart while others come and go.
    pub key: usize,
    item: RwSignal<String>,
    quantity: RwSignal<String>,
    numbers: SerialDraft,
    supplier_lot: RwSignal<String>,
    certificate: RwSignal<String>,
    price: RwSignal<String>,
    location: RwSignal<String>,
    manufactured_on: RwSignal<String>,
    expires_on: RwSignal<String>,
}

impl LineDraft {
    /// An empty line.
    pub fn new(key: usize) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            key,
            item: empty(),
            quantity: empty(),
            numbers: SerialDraft::new(),
            supplier_lot: empty(),
            certificate: empty(),
            price: empty(),
            location: empty(),
            manufactured_on: empty(),
            expires_on: empty(),
        }
    }

    fn chosen(self, items: Signal<Vec<Item>>) -> Memo<Option<Item>> {
        Memo::new(move |_| {
            let id = self.item.get();
            items.with(|items| items.iter().find(|item| item.id.to_string() == id).cloned())
        })
    }

    /// Reads the line; `at` is its JSON pointer. None when something cannot be read.
    pub fn read(self, entry: &mut Entry, at: &str, items: &[Item]) -> Option<ReceiptLineWrite> {
        let item_id = entry.chosen(&format!("{at}/item_id"), &self.item.get_untracked());
        let quantity = entry.quantity(&format!("{at}/quantity"), &self.quantity.get_untracked());
        let item = items.iter().find(|item| Some(item.id) == item_id)?;
        // What was typed for another item before an untracked one was chosen is not meant any more.
        let of_lot = |signal| filled(signal).filter(|_| item.tracking != Tracking::None);
        let price = filled(self.price).and_then(|text| entry.quantity(&format!("{at}/unit_price"), &text));
        let mut day = |field: &str, signal| of_lot(signal).and_then(|text| entry.date(&format!("{at}/{field}"), &text));
        let tracked = item.tracking != Tracking::None;
        let numbers = self.numbers.read();
        Some(ReceiptLineWrite {
            item_id: item.id,
            manufactured_on: day("manufactured_on", self.manufactured_on),
            expires_on: day("expires_on", self.expires_on),
            quantity: quantity?,
            unit_id: item.unit.id,
            lot_code: numbers.lot_code.filter(|_| tracked),
            serials: numbers.serials.filter(|_| item.tracking == Tracking::Serial),
            batch_code: if item.tracking == Tracking::Serial { numbers.batch_code } else { String::new() },
            supplier_lot: filled(self.supplier_lot).unwrap_or_default(),
            certificate_number: filled(self.certificate).unwrap_or_default(),
            location_id: filled(self.location).and_then(|id| id.parse().ok()),
            unit_price: price,
        })
    }
}

/// The fields of a line.
#[component]
pub fn LineCard(
    /// What has been typed.
    line: LineDraft,
    /// Its place, from 0.
    index: usize,
    /// Items to choose from.
    items: Signal<Vec<Item>>,
    /// Quarantine places to choose from.
    places: Signal<Vec<Location>>,
    /// Takes the line away; none when it is the only one.
    remove: Option<Callback<usize>>,
) -> impl IntoView {
    let item = line.chosen(items);
    let at = move |field: &str| format!("/lines/{index}/{field}");
    let quantity_label = move || match item.get() {
        Some(item) => with_unit("field.quantity", &item.unit.code),
        None => t("field.quantity"),
    };
    let serial = move || item.get().is_some_and(|item| item.tracking == Tracking::Serial);
    let quantity_hint = move || if serial() { t("receipts.serial_quantity") } else { String::new() };
    let title = move || tf("receipts.line", &[("number", &(index + 1).to_string())]);
    view! {
        <section class="card" aria-label=title data-testid="receipt-line">
            <div class="card__head">
                <h3>{title}</h3>
                {remove.map(|remove| view! {
                    <button class="btn btn--quiet btn--sm push" type="button" on:click=move |_| remove.run(line.key)>
                        <Icon name="trash" small=true />{tx("common.remove_line")}
                    </button>
                })}
            </div>
            <div class="card__body form-grid">
                <SelectField
                    label=said("field.item") value=line.item choices=item_choices(items) pointer=at("item_id") required=true
                />
                <TextField
                    label=Signal::derive(quantity_label) value=line.quantity pointer=at("quantity") figure=true required=true
                    hint=Signal::derive(quantity_hint)
                />
                <TextField label=said("field.supplier_lot") value=line.supplier_lot pointer=at("supplier_lot") />
                <TextField label=said("field.certificate") value=line.certificate pointer=at("certificate_number") />
                <TextField label=said("material.unit_price") value=line.price pointer=at("unit_price") figure=true />
                <SelectField
                    label=said("receipts.location") value=line.location choices=location_choices(places)
                    pointer=at("location_id") hint=said("receipts.location_hint")
                />
                <LotFields line index tracking=Signal::derive(move || item.get().map(|item| item.tracking)) />
            </div>
        </section>
    }
}

/// What is asked only of an item that is tracked.
#[component]
fn LotFields(line: LineDraft, index: usize, tracking: Signal<Option<Tracking>>) -> impl IntoView {
    let at = move |field: &str| format!("/lines/{index}/{field}");
    let tracking = Memo::new(move |_| tracking.get());
    move || {
        if tracking.get() == Some(Tracking::None) {
            return view! { <p class="muted small">{tx("receipts.not_tracked")}</p> }.into_any();
        }
        let number = if tracking.get() == Some(Tracking::Serial) {
            view! { <SerialFields draft=line.numbers at=format!("/lines/{index}") /> }.into_any()
        } else {
            view! {
                <TextField
                    label=said("receipts.lot_code") value=line.numbers.code pointer=at("lot_code")
                    hint=said("receipts.lot_code_hint")
                />
            }
            .into_any()
        };
        view! {
            {number}
            <TextField
                label=said("field.manufactured_on") value=line.manufactured_on pointer=at("manufactured_on") kind="date"
            />
            <TextField
                label=said("field.expires_on") value=line.expires_on pointer=at("expires_on") kind="date"
                hint=said("receipts.expires_hint")
            />
        }
        .into_any()
    }
}
