//! What an order cost: its material, the agreed price, and everything entered beside.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Jsonb, Nullable, Numeric, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{CostEntry, CostEntryCreate, CostSheet, LotCost, MaterialCost};
use lotline_common::id::{CostEntryId, OrderId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::orders::{Order, OrderComponent, OrderState};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::rules::act::Clause;
use super::super::rules::costing::{self, UsedLot};
use super::super::rules::evaluation::allowed_loss;
use super::super::rules::settlement;
use super::checking::order_clauses;
use crate::audit::{self, Event};
use crate::db::list::{self, BY_ID, List};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::ledger::lots;
use crate::orders::service::order_read;
use crate::schema::cost_entry;

/// Enters a cost. The order may be closed: invoices come late.
///
/// # Errors
/// `not_found`, `order_not_open` for a draft or a cancelled order, `fields_invalid`.
pub fn cost_entry_create(tx: &mut Tx, order: OrderId, command: &CostEntryCreate) -> Result<CostEntry> {
    let of = order_read(tx, order)?;
    if matches!(of.record_state, OrderState::Draft | OrderState::Cancelled) {
        let refusal = Refusal::new(ProblemCode::OrderNotOpen).with("number", &of.number);
        return Err(refusal.with("state", of.record_state).into());
    }
    check(tx, command)?;
    let id = CostEntryId::new();
    diesel::insert_into(cost_entry::table)
        .values((
            cost_entry::org_id.eq(tx.org()),
            cost_entry::id.eq(id.uuid()),
            cost_entry::order_id.eq(order.uuid()),
            cost_entry::kind.eq(command.kind.as_str()),
            cost_entry::amount.eq(command.amount),
            cost_entry::invoice_number.eq(command.invoice_number.trim()),
            cost_entry::occurred_on.eq(command.occurred_on),
            cost_entry::remark.eq(command.remark.trim()),
            cost_entry::created_by.eq(tx.ctx.person.uuid()),
            cost_entry::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    let made: CostEntry = list::one(tx, "cost_entry_view", id)?;
    let event = Event::new(AggregateKind::Order, order, AuditAction::Updated).reason(&command.remark);
    audit::append(tx, event.details(serde_json::json!({ "cost_entry": { "id": made.id, "kind": made.kind } })))?;
    tx.notify(LiveTopic::Order, Some(order.uuid()), None);
    Ok(made)
}

fn check(tx: &mut Tx, command: &CostEntryCreate) -> Result<()> {
    let today = lots::today(tx)?;
    let mut check = FieldCheck::new();
    check.ensure(command.amount != Decimal::ZERO, "/amount", ProblemCode::FieldRequired);
    check.check("/amount", quantity::check_not_negative(command.amount.abs(), 2));
    check.optional_text("/invoice_number", &command.invoice_number, 50);
    check.optional_text("/remark", &command.remark, 500);
    if command.occurred_on > today {
        check.refuse("/occurred_on", Refusal::new(ProblemCode::TimeInFuture).with("time", command.occurred_on));
    }
    Ok(check.finish()?)
}

/// What an order cost so far.
///
/// # Errors
/// `not_found`.
pub fn cost_sheet(reader: &mut Reader, id: OrderId) -> Result<CostSheet> {
    let order = order_read(reader, id)?;
    let clauses = order_clauses(reader, &order)?;
    let (used, entries) = (used_lots(reader, id)?, entries(reader, id)?);
    let material = material(&order, &clauses, &used);
    let work = (order.product.id, order.operation.id);
    let price = settlement::unit_price(&clauses, work, order.quantity, order.unit_price);
    let unit_price = price.map(|(price, _)| price);
    let service = settlement::money(unit_price.unwrap_or_default() * order.good_quantity);
    let entry_amounts = costing::amounts(&entries);
    let totals = costing::totals(&material, service, &entry_amounts);
    let lots = lot_costs(reader, &order, unit_price, totals.other)?;
    let material_known = material.iter().all(|material| material.known);
    let known = material_known && unit_price.is_some();
    Ok(CostSheet {
        order: DocumentRef { kind: DocumentKind::Order, id: id.uuid(), number: order.number },
        product: order.product,
        good_quantity: order.good_quantity,
        rejected_quantity: order.rejected_quantity,
        material_known,
        material,
        material_amount: settlement::money(totals.material),
        service_unit_price: unit_price,
        service_clause: price.and_then(|(_, clause)| clause).map(|clause| clause.reference.clone()),
        service_amount: service,
        entries,
        entry_amounts,
        abnormal_loss_amount: settlement::money(totals.abnormal),
        total_amount: settlement::money(totals.total),
        product_amount: settlement::money(totals.product),
        unit_cost: costing::per_unit(totals.product, order.good_quantity).filter(|_| known),
        lots,
    })
}

/// Each component, with what the finished goods need, what may be lost and what was used.
fn material(order: &Order, clauses: &[Clause], used: &[UsedLot]) -> Vec<MaterialCost> {
    let finished = order.good_quantity + order.rejected_quantity;
    let cost = |component: &OrderComponent| {
        let standard = quantity::proportion(component.net_quantity, finished, order.quantity);
        let agreed = allowed_loss(clauses, component.item.id, order.operation.id).map(|(_, percent)| percent);
        let loss = agreed.unwrap_or(component.loss_norm_percent);
        costing::material_cost(&component.item, standard, loss, used)
    };
    order.components.iter().filter(|component| component.supply.is_our_material()).map(cost).collect()
}

#[derive(QueryableByName)]
struct UsedRow {
    #[diesel(sql_type = Jsonb)]
    item: Value,
    #[diesel(sql_type = Numeric)]
    quantity: Decimal,
    #[diesel(sql_type = Nullable<Numeric>)]
    unit_cost: Option<Decimal>,
}

/// Our material used up or destroyed on an order's account, reversals taken off.
fn used_lots(reader: &mut Reader, id: OrderId) -> Result<Vec<UsedLot>> {
    let rows: Vec<UsedRow> = diesel::sql_query(
        "SELECT i.reference AS item, b.on_hand AS quantity, l.unit_cost
         FROM stock_balance b
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         JOIN item_reference i ON (i.org_id, i.id) = (b.org_id, b.item_id)
         LEFT JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         WHERE b.org_id = current_org() AND b.order_id = $1 AND p.kind IN ('consumed', 'scrap') AND b.on_hand > 0
            AND b.owner_id IS NULL",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .load(reader.conn)?;
    let used = |row: UsedRow| {
        let item = serde_json::from_value(row.item)?;
        Ok(UsedLot { item, quantity: row.quantity, unit_cost: row.unit_cost })
    };
    rows.into_iter().map(used).collect()
}

/// What was entered on an order beside its material, newest first.
fn entries(reader: &mut Reader, id: OrderId) -> Result<Vec<CostEntry>> {
    let mut entries: Vec<CostEntry> = List::over("cost_entry_view", &[BY_ID]).id("order_id", Some(id)).all(reader)?;
    entries.reverse();
    Ok(entries)
}

#[derive(QueryableByName)]
struct LotRow {
    #[diesel(sql_type = Jsonb)]
    lot: Value,
    #[diesel(sql_type = Numeric)]
    good_quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    material: Decimal,
    #[diesel(sql_type = Bool)]
    known: bool,
}

/// Finished lots with the material that was declared for them, and their share of everything else. What the subcontractor
/// provided is in its price.
fn lot_costs(reader: &mut Reader, order: &Order, unit_price: Option<Decimal>, other: Decimal) -> Result<Vec<LotCost>> {
    let rows: Vec<LotRow> = diesel::sql_query(
        "SELECT f.reference AS lot, sum(l.good_quantity) AS good_quantity, coalesce(sum(m.value), 0) AS material,
            bool_and(coalesce(m.known, true)) AS known
         FROM subcontract_receipt r
         JOIN subcontract_receipt_line l ON (l.org_id, l.receipt_id) = (r.org_id, r.id)
         JOIN lot_reference f ON (f.org_id, f.id) = (l.org_id, l.lot_id)
         LEFT JOIN LATERAL (SELECT sum(c.quantity * u.unit_cost) AS value,
                bool_and(u.unit_cost IS NOT NULL OR c.quantity = 0) AS known
            FROM consumption_line c
            JOIN order_component o ON (o.org_id, o.order_id, o.item_id) = (c.org_id, r.order_id, c.item_id)
                AND o.supply <> 'supplier_sourced'
            LEFT JOIN lot u ON (u.org_id, u.id) = (c.org_id, c.lot_id)
            WHERE (c.org_id, c.receipt_id, c.receipt_line) = (l.org_id, l.receipt_id, l.line_number)) m ON true
         WHERE r.org_id = current_org() AND r.order_id = $1 AND r.record_state = 'posted'
         GROUP BY f.id, f.reference ORDER BY f.id",
    )
    .bind::<SqlUuid, _>(order.id.uuid())
    .load(reader.conn)?;
    let cost = |row: LotRow| {
        let share = row.good_quantity.checked_div(order.good_quantity).unwrap_or_default();
        let service = settlement::money(unit_price.unwrap_or_default() * row.good_quantity);
        let (material, known) = (settlement::money(row.material), row.known && unit_price.is_some());
        let other = settlement::money(other * share);
        let total = material + service + other;
        Ok(LotCost {
            lot: serde_json::from_value(row.lot)?,
            good_quantity: row.good_quantity.normalize(),
            material_amount: material,
            service_amount: service,
            other_amount: other,
            total_amount: total,
            known,
            unit_cost: costing::per_unit(total, row.good_quantity).filter(|_| known),
        })
    };
    rows.into_iter().map(cost).collect()
}

/// Sets what one good unit of each finished lot of an order costs, where it is not set yet and every part is known: its
/// material and the agreed price. What an invoice adds later stays a cost of the order and never changes the lot.
///
/// # Errors
/// `not_found`.
pub fn finished_lots_value(tx: &mut Tx, id: OrderId) -> Result<()> {
    let values = cost_sheet(tx, id)?.lots.into_iter().filter(|lot| lot.known).filter_map(|lot| {
        let value = costing::per_unit(lot.material_amount + lot.service_amount, lot.good_quantity)?;
        Some((lot.lot.id, value))
    });
    lots::lots_value(tx, &values.collect::<Vec<_>>())
}
