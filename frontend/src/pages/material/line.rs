//! One line of a material document being written.

use leptos::prelude::*;
use lotline_common::masterdata::{Item, ItemRef, Location, LocationKind, Tracking};
use lotline_common::material::{LineDirection, MaterialCondition, MaterialKind, MaterialLineWrite};

use super::place::{Source, Standing};
use crate::api::Reading;
use crate::components::Icon;
use crate::components::choices::{item_choices, words};
use crate::components::entry::{Entry, filled};
use crate::components::field::{CheckField, Choice, SelectField, TextField};
use crate::components::serials::{SerialDraft, SerialFields};
use crate::i18n::{name, said, t, tf, tx, with_unit};
use crate::pages::subcontract_receipts::Desk;

/// What all lines of a form share.
#[derive(Clone, Copy)]
pub struct Shared {
    /// What is written.
    pub kind: MaterialKind,
    /// Who writes.
    pub desk: Desk,
    /// Where lines find what they take.
    pub source: Source,
    /// What is there, where all lines choose from the same.
    pub there: Signal<Vec<Standing>>,
    /// Items to choose from, in the own house.
    pub items: Signal<Vec<Item>>,
    /// Own places.
    pub places: Signal<Vec<Location>>,
    /// What is delivered straight to the order's subcontractor.
    pub direct: StoredValue<Vec<ItemRef>>,
}

/// What has been typed into a line.
#[derive(Clone, Copy)]
pub struct LineDraft {
    /// Tells lines apart while others come and go.
    pub key: usize,
    /// Taken or made.
    pub direction: LineDirection,
    item: RwSignal<String>,
    standing: RwSignal<String>,
    quantity: RwSignal<String>,
    condition: RwSignal<String>,
    declared: RwSignal<bool>,
    to: RwSignal<String>,
    numbers: SerialDraft,
    supplier_lot: RwSignal<String>,
    certificate: RwSignal<String>,
    price: RwSignal<String>,
    manufactured_on: RwSignal<String>,
    expires_on: RwSignal<String>,
    remark: RwSignal<String>,
    /// What the line can take.
    offered: RwSignal<Vec<Standing>>,
}

impl LineDraft {
    /// An empty line.
    pub fn new(key: usize, direction: LineDirection) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            key,
            direction,
            item: empty(),
            standing: empty(),
            quantity: empty(),
            condition: RwSignal::new(MaterialCondition::Good.to_string()),
            declared: RwSignal::new(false),
            to: empty(),
            numbers: SerialDraft::new(),
            supplier_lot: empty(),
            certificate: empty(),
            price: empty(),
            manufactured_on: empty(),
            expires_on: empty(),
            remark: empty(),
            offered: RwSignal::new(Vec::new()),
        }
    }

    /// A line about something that is known to be there.
    pub fn about(key: usize, standing: &Standing) -> Self {
        let line = Self::new(key, LineDirection::Out);
        line.standing.set(standing.key());
        line
    }

    fn chosen(self) -> Option<Standing> {
        let key = self.standing.get();
        self.offered.with(|all| all.iter().find(|standing| standing.key() == key).cloned())
    }

    /// Reads the line; `at` is its JSON pointer. None when something cannot be read.
    pub fn read(self, entry: &mut Entry, at: &str, shared: Shared) -> Option<MaterialLineWrite> {
        let quantity = entry.quantity(&format!("{at}/quantity"), &self.quantity.get_untracked());
        let made = self.direction == LineDirection::In || shared.kind == MaterialKind::DirectDelivery;
        let price = filled(self.price).map(|text| entry.quantity(&format!("{at}/unit_price"), &text));
        let standing = untrack(|| self.chosen());
        let item = match (&standing, made) {
            (Some(standing), false) => Some(standing.item.id),
            (None, false) => entry.chosen(&format!("{at}/lot_id"), ""),
            (_, true) => entry.chosen(&format!("{at}/item_id"), &self.item.get_untracked()),
        };
        let mut day = |field: &str, signal| filled(signal).map(|text| entry.date(&format!("{at}/{field}"), &text));
        let (made_on, expires) = (day("manufactured_on", self.manufactured_on), day("expires_on", self.expires_on));
        let (item_id, quantity) = (item?, quantity?);
        if made_on == Some(None) || expires == Some(None) || price == Some(None) {
            return None;
        }
        let from = standing.as_ref().and_then(|standing| standing.location.as_ref()).map(|(id, _)| *id);
        let status = standing.as_ref().filter(|_| from.is_some() && says_status(shared.kind)).map(|known| known.status);
        let numbers = self.numbers.read();
        Some(MaterialLineWrite {
            direction: self.direction,
            item_id,
            lot_id: standing.and_then(|standing| standing.lot).map(|lot| lot.id),
            lot_code: numbers.lot_code.filter(|_| made),
            serials: numbers.serials.filter(|_| made),
            batch_code: if made { numbers.batch_code } else { String::new() },
            supplier_lot: filled(self.supplier_lot).unwrap_or_default(),
            certificate_number: filled(self.certificate).unwrap_or_default(),
            unit_price: price.flatten(),
            manufactured_on: made_on.flatten(),
            expires_on: expires.flatten(),
            quantity,
            already_declared: self.declared.get_untracked(),
            condition: self.condition.get_untracked().parse().unwrap_or(MaterialCondition::Good),
            from_location_id: from,
            from_status: status,
            to_location_id: self.to.get_untracked().parse().ok(),
            remark: filled(self.remark).unwrap_or_default(),
        })
    }
}

/// Kinds whose line says in which status it finds what it takes.
const fn says_status(kind: MaterialKind) -> bool {
    use MaterialKind::{Count, Move, Repack, ReworkOut, Scrap};
    matches!(kind, Count | Move | Repack | ReworkOut | Scrap)
}

/// The places where a kind brings things to; none where it does not ask.
fn targets(kind: MaterialKind, direction: LineDirection) -> Option<(&'static [LocationKind], bool)> {
    use LocationKind::{OwnStock, Quarantine, Wip};
    match (kind, direction) {
        (MaterialKind::Move, _) => Some((&[OwnStock, Quarantine, Wip], true)),
        (MaterialKind::LineReturn, _) => Some((&[OwnStock, Quarantine], true)),
        (MaterialKind::LineIssue, _) => Some((&[Wip], false)),
        (MaterialKind::Production, LineDirection::In) => Some((&[Quarantine, OwnStock, Wip], false)),
        _ => None,
    }
}

/// The fields of a line.
#[component]
pub fn LineCard(
    /// What has been typed.
    line: LineDraft,
    /// Its place, from 0.
    index: usize,
    /// What all lines share.
    shared: Shared,
    /// Takes the line away; none when it has to stay.
    remove: Option<Callback<usize>>,
) -> impl IntoView {
    let at = move |field: &str| format!("/lines/{index}/{field}");
    let title = move || {
        let key = match (shared.kind.makes_lots(), line.direction) {
            (true, LineDirection::In) => "material.line_in",
            (true, LineDirection::Out) => "material.line_out",
            (false, _) => "material.line",
        };
        tf(key, &[("number", &(index + 1).to_string())])
    };
    let what = match line.direction {
        _ if shared.kind == MaterialKind::DirectDelivery => view! { <Delivered line index shared /> }.into_any(),
        LineDirection::In => view! { <Made line index shared /> }.into_any(),
        LineDirection::Out => view! { <Taken line index shared /> }.into_any(),
    };
    let to = targets(shared.kind, line.direction).map(|(kinds, required)| {
        let choices = Signal::derive(move || places(&shared.places.get(), kinds));
        view! {
            <SelectField label=said("field.to") value=line.to choices pointer=at("to_location_id") required=required />
        }
    });
    let condition = (shared.kind == MaterialKind::Return).then(|| {
        let choices = Signal::derive(|| words("material_condition", MaterialCondition::ALL));
        view! { <SelectField label=said("material.condition") value=line.condition choices pointer=at("condition") /> }
    });
    let declared = (shared.kind == MaterialKind::OverConsumption)
        .then(|| view! { <CheckField label=said("material.already_declared") value=line.declared /> });
    view! {
        <section class="card" aria-label=title data-testid="material-line">
            <div class="card__head">
                <h2>{title}</h2>
                {remove.map(|remove| view! {
                    <button class="btn btn--quiet btn--sm push" type="button" on:click=move |_| remove.run(line.key)>
                        <Icon name="trash" small=true />{tx("common.remove_line")}
                    </button>
                })}
            </div>
            <div class="card__body form-grid">
                {what}{condition}{to}{declared}
                <TextField label=said("field.remark") value=line.remark pointer=at("remark") />
            </div>
        </section>
    }
}

fn places(all: &[Location], kinds: &[LocationKind]) -> Vec<Choice> {
    let fits = all.iter().filter(|place| kinds.contains(&place.kind));
    fits.map(|place| (place.id.to_string(), format!("{} {}", place.code, name(&place.name)))).collect()
}

/// What is taken or counted, and how much.
#[component]
fn Taken(line: LineDraft, index: usize, shared: Shared) -> impl IntoView {
    let at = move |field: &str| format!("/lines/{index}/{field}");
    let own = shared.source == Source::Own;
    if own {
        let there = Reading::new(move || {
            let item = line.item.get().parse().ok();
            async move { shared.source.read(shared.desk, shared.kind, item).await.unwrap_or_default() }
        });
        Effect::new(move |_| line.offered.set(there.get().unwrap_or_default()));
    } else {
        Effect::new(move |_| line.offered.set(shared.there.get()));
    }
    let choices = Signal::derive(move || line.offered.with(|all| all.iter().map(Standing::choice).collect::<Vec<_>>()));
    let unit = move || line.chosen().map(|standing| standing.item.unit.code);
    let counted = shared.kind == MaterialKind::Count;
    let label = move || {
        let key = if counted { "material.counted" } else { "field.quantity" };
        unit().map_or_else(|| t(key), |unit| with_unit(key, &unit))
    };
    let hint = move || {
        let nothing = line.offered.with(Vec::is_empty) && (!own || !line.item.get().is_empty());
        if nothing { t("material.nothing_there") } else { String::new() }
    };
    view! {
        {own.then(|| view! {
            <SelectField label=said("field.item") value=line.item choices=item_choices(shared.items) pointer=at("item_id") required=true />
        })}
        <SelectField
            label=Signal::derive(move || t(if own { "material.lot_and_place" } else { "field.lot" })) value=line.standing choices
            pointer=at("lot_id") required=true hint=Signal::derive(hint)
        />
        <TextField label=Signal::derive(label) value=line.quantity pointer=at("quantity") figure=true required=true />
    }
}

/// What is made: an item, its new lot, how much.
#[component]
fn Made(line: LineDraft, index: usize, shared: Shared) -> impl IntoView {
    let at = move |field: &str| format!("/lines/{index}/{field}");
    let item = Memo::new(move |_| {
        let id = line.item.get();
        shared.items.with(|items| items.iter().find(|item| item.id.to_string() == id).cloned())
    });
    let tracking = Memo::new(move |_| item.get().map(|item| item.tracking));
    let label =
        move || item.get().map_or_else(|| t("field.quantity"), |item| with_unit("field.quantity", &item.unit.code));
    let lot = move || {
        (tracking.get() != Some(Tracking::None)).then(|| view! { <Number line index tracking=tracking.get() /> })
    };
    let days = (shared.kind == MaterialKind::Production).then(|| {
        view! {
            <TextField label=said("field.manufactured_on") value=line.manufactured_on pointer=at("manufactured_on") kind="date" />
            <TextField
                label=said("field.expires_on") value=line.expires_on pointer=at("expires_on") kind="date"
                hint=said("receipts.expires_hint")
            />
        }
    });
    view! {
        <SelectField label=said("field.item") value=line.item choices=item_choices(shared.items) pointer=at("item_id") required=true />
        {lot}
        <TextField label=Signal::derive(label) value=line.quantity pointer=at("quantity") figure=true required=true />
        {days}
    }
}

/// What a supplier delivers straight to the subcontractor: a component, its new lot, how much, and its papers.
#[component]
fn Delivered(line: LineDraft, index: usize, shared: Shared) -> impl IntoView {
    let at = move |field: &str| format!("/lines/{index}/{field}");
    let choice = |item: &ItemRef| (item.id.to_string(), format!("{} {}", item.code, name(&item.name)));
    let choices =
        Signal::derive(move || shared.direct.with_value(|items| items.iter().map(choice).collect::<Vec<_>>()));
    let item = Memo::new(move |_| {
        let id = line.item.get();
        shared.direct.with_value(|items| items.iter().find(|item| item.id.to_string() == id).cloned())
    });
    let label =
        move || item.get().map_or_else(|| t("field.quantity"), |item| with_unit("field.quantity", &item.unit.code));
    let lot = move || {
        (item.get().map(|item| item.tracking) != Some(Tracking::None)).then(|| {
            view! {
                <Number line index tracking=item.get().map(|item| item.tracking) />
                <TextField label=said("field.supplier_lot") value=line.supplier_lot pointer=at("supplier_lot") />
                <TextField label=said("field.certificate") value=line.certificate pointer=at("certificate_number") />
                <TextField label=said("field.manufactured_on") value=line.manufactured_on pointer=at("manufactured_on") kind="date" />
                <TextField label=said("field.expires_on") value=line.expires_on pointer=at("expires_on") kind="date" />
                <TextField label=said("material.unit_price") value=line.price pointer=at("unit_price") figure=true />
            }
        })
    };
    view! {
        <SelectField label=said("field.item") value=line.item choices pointer=at("item_id") required=true />
        <TextField label=Signal::derive(label) value=line.quantity pointer=at("quantity") figure=true required=true />
        {lot}
    }
}

/// The lot number of what is made or delivered, or its serial numbers.
#[component]
fn Number(line: LineDraft, index: usize, tracking: Option<Tracking>) -> impl IntoView {
    let at = format!("/lines/{index}");
    if tracking == Some(Tracking::Serial) {
        return view! { <SerialFields draft=line.numbers at /> }.into_any();
    }
    let pointer = format!("{at}/lot_code");
    view! { <TextField label=said("material.new_lot") value=line.numbers.code pointer required=true /> }.into_any()
}
