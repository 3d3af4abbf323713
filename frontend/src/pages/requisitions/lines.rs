//! The components that a requisition asks for, while it is written.

use leptos::prelude::*;
use lotline_common::id::{ItemId, OrderId};
use lotline_common::issuing::{KitCheck, Requisition, RequisitionLineWrite};
use lotline_common::masterdata::ItemRef;
use lotline_common::problem::Problem;
use rust_decimal::Decimal;

use crate::api;
use crate::components::Icon;
use crate::components::entry::Entry;
use crate::components::field::FormProblem;
use crate::components::material::ItemCell;
use crate::components::problem::field_error;
use crate::i18n::{name, quantity, t, tf, tx};
use crate::pages::orders::tables::ShortBadge;

/// A component that can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Component.
    pub item: ItemRef,
    /// What the order still needs, this requisition left out.
    pub proposed: Decimal,
    /// Available to promise.
    pub available: Decimal,
    /// Quantity as typed.
    pub quantity: String,
}

impl Line {
    /// Whether somebody proposes it, or asks for it.
    pub fn is_meant(&self) -> bool {
        !self.proposed.is_zero() || !self.quantity.trim().is_empty()
    }
}

/// What an order still needs, as lines that ask for all of it. What a requisition that is being changed
/// asks for itself counts as still needed.
pub async fn lines_proposed(order: OrderId, before: Option<&Requisition>) -> api::Answer<Vec<Line>> {
    let check: KitCheck = api::get(&format!("/orders/{order}/kit-check")).await?;
    let own = |item: ItemId| {
        let lines = before.into_iter().flat_map(|before| &before.lines);
        lines.filter(|line| line.item.id == item).map(|line| line.requested_quantity).sum::<Decimal>()
    };
    let lines = check.lines.into_iter().map(|line| {
        let needed = line.required_quantity - line.committed_quantity + own(line.item.id);
        let proposed = needed.max(Decimal::ZERO).normalize();
        Line { quantity: proposed.to_string(), item: line.item, proposed, available: line.available }
    });
    Ok(lines.filter(|line| !line.proposed.is_zero()).collect())
}

/// All components of an order, for a supplement beyond what it requires: none is proposed.
pub async fn lines_beyond(order: OrderId) -> api::Answer<Vec<Line>> {
    let check: KitCheck = api::get(&format!("/orders/{order}/kit-check")).await?;
    let line = |line: lotline_common::issuing::KitLine| Line {
        quantity: String::new(),
        item: line.item,
        proposed: Decimal::ZERO,
        available: line.available,
    };
    Ok(check.lines.into_iter().map(line).collect())
}

/// The lines of a requisition that is changed, as it asks for them now.
pub fn lines_requested(proposed: &[Line], before: &Requisition) -> Vec<Line> {
    let lines = before.lines.iter().map(|line| {
        let known = proposed.iter().find(|known| known.item.id == line.item.id);
        Line {
            item: line.item.clone(),
            proposed: known.map_or(line.proposed_quantity, |known| known.proposed),
            available: line.stock.available,
            quantity: line.requested_quantity.normalize().to_string(),
        }
    });
    lines.collect()
}

/// Lines as a command has them; what cannot be read is noted.
pub fn lines_command(entry: &mut Entry, lines: &[Line]) -> Option<Vec<RequisitionLineWrite>> {
    let read = lines.iter().enumerate().map(|(place, line)| {
        let quantity = entry.quantity(&pointer(place), &line.quantity)?;
        Some(RequisitionLineWrite { item_id: line.item.id, quantity })
    });
    // Every line is read before the first refusal ends it, so that all are named.
    read.collect::<Vec<_>>().into_iter().collect()
}

fn pointer(place: usize) -> String {
    format!("/lines/{place}/quantity")
}

/// The lines, to be changed or taken out.
#[component]
pub fn LineTable(
    /// The lines.
    lines: RwSignal<Vec<Line>>,
) -> impl IntoView {
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=tx("requisitions.lines")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{tx("field.component")}</th>
                    <th class="num" scope="col">{tx("field.proposed")}</th>
                    <th class="num" scope="col">{tx("field.available")}</th>
                    <th class="num" scope="col">{tx("field.requested")}</th>
                    <th scope="col">{tx("field.short")}</th>
                    <th scope="col">{tx("field.action")}</th>
                </tr></thead>
                <tbody>
                    <For each=move || lines.get() key=|line| line.item.id let:line><LineRow line lines /></For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn LineRow(line: Line, lines: RwSignal<Vec<Line>>) -> impl IntoView {
    let (id, available, label) = (line.item.id, line.available, line.item.name.clone());
    let typed = Memo::new(move |_| {
        lines.with(|lines| {
            lines.iter().find(|line| line.item.id == id).map(|line| line.quantity.clone()).unwrap_or_default()
        })
    });
    let short = move || {
        Entry::default()
            .quantity("", &typed.get())
            .map_or(Decimal::ZERO, |asked| (asked - available).max(Decimal::ZERO))
    };
    let form = use_context::<FormProblem>();
    let error = Memo::new(move |_| {
        let place = lines.with(|lines| lines.iter().position(|line| line.item.id == id))?;
        form.and_then(|form| form.0.with(|problem: &Option<Problem>| field_error(problem.as_ref(), &pointer(place))))
    });
    let write = move |text: String| {
        lines.update(|lines| {
            if let Some(line) = lines.iter_mut().find(|line| line.item.id == id) {
                line.quantity = text;
            }
        });
    };
    let remove = move |_| {
        // Pointers of a refusal name places, which move.
        if let Some(form) = form {
            form.0.set(None);
        }
        lines.update(|lines| lines.retain(|line| line.item.id != id));
    };
    let asked = StoredValue::new(label);
    let item_name = move || asked.with_value(name);
    view! {
        <tr>
            <td><ItemCell item=line.item.clone() /></td>
            <td class="num">{quantity(line.proposed)}<span class="unit">{line.item.unit.code}</span></td>
            <td class="num">{quantity(available)}</td>
            <td class="num">
                <input
                    class="input input--num" type="text" inputmode="decimal" autocomplete="off" required=true
                    aria-label=move || format!("{} {}", t("field.requested"), item_name())
                    aria-invalid=move || error.get().is_some().then_some("true")
                    data-testid="requisition-quantity" prop:value=typed
                    on:input=move |event| write(event_target_value(&event))
                />
                {move || error.get().map(|text| view! { <span class="field__error"><Icon name="alert" small=true />{text}</span> })}
            </td>
            <td>{move || view! { <ShortBadge short=short() /> }}</td>
            <td>
                <button
                    class="btn btn--quiet btn--sm btn--icon" type="button" on:click=remove
                    aria-label=move || tf("requisitions.remove", &[("item", &item_name())])
                ><Icon name="trash" small=true /></button>
            </td>
        </tr>
    }
}
