//! Writing, opening and cancelling orders.

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{BomId, OrderId};
use lotline_common::ledger::DocumentKind;
use lotline_common::orders::{Order, OrderState, OrderTransition, OrderWrite};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{components, rules};
use crate::audit::{self, Event};
use crate::contracts::service as contracts;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::ledger::soft;
use crate::masterdata::lookup;
use crate::numbering::next_number;
use crate::quality::rules::check_reason;
use crate::schema::{
    bom, bom_line, issue_note, item, material_document, operation, order_component, requisition, subcontract_order,
    subcontract_receipt,
};

/// One order with its components.
///
/// # Errors
/// `not_found`.
pub fn order_read(reader: &mut Reader, id: OrderId) -> Result<Order> {
    let mut order: Order = list::one(reader, "order_detail_view", id)?;
    order.components = components::components(reader, id)?;
    Ok(order)
}

/// Locks an order and reads it.
///
/// # Errors
/// `not_found`.
pub fn order_lock(tx: &mut Tx, id: OrderId) -> Result<Order> {
    order_hold(tx, id)?;
    order_read(tx, id)
}

/// Holds an order until the transaction ends, so that nobody closes it meanwhile; its subcontractor may do that too.
///
/// Everything that moves material on an order's account holds the order before lots and balances: whoever comes second
/// waits there, with nothing in hand that the first one needs. Rows that only refer to the order need not wait.
///
/// # Errors
/// `not_found`.
pub fn order_hold(tx: &mut Tx, id: OrderId) -> Result<()> {
    let row = subcontract_order::table.find((tx.org(), id.uuid())).select(subcontract_order::id);
    Ok(row.for_no_key_update().first::<Uuid>(tx.conn).map(drop)?)
}

/// Counts a change of an order that does not stand in its own row.
///
/// # Errors
/// Those of the database.
pub fn order_touch(tx: &mut Tx, id: OrderId) -> Result<()> {
    diesel::update(subcontract_order::table.find((tx.org(), id.uuid())))
        .set(subcontract_order::version.eq(subcontract_order::version + 1))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes a draft order and freezes its components from the active revision.
///
/// # Errors
/// `fields_invalid`, `reference_unknown`, `bom_not_active`.
pub fn order_create(tx: &mut Tx, command: &OrderWrite) -> Result<Order> {
    let bom = check(tx, command)?;
    let (id, number) = (OrderId::new(), next_number(tx, DocumentKind::Order)?);
    diesel::insert_into(subcontract_order::table)
        .values((
            subcontract_order::org_id.eq(tx.org()),
            subcontract_order::id.eq(id.uuid()),
            subcontract_order::number.eq(&number),
            subcontract_order::created_by.eq(tx.ctx.person.uuid()),
            subcontract_order::created_at.eq(tx.now),
            head(command, bom),
        ))
        .execute(tx.conn)?;
    freeze_components(tx, id, bom, command.quantity)?;
    let made = order_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Order, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Order, Some(id.uuid()), None);
    Ok(made)
}

/// Changes a draft and freezes its components anew.
///
/// # Errors
/// `version_stale`, `state_forbids`, and those of making one.
pub fn order_update(tx: &mut Tx, id: OrderId, version: i64, command: &OrderWrite) -> Result<Order> {
    let before = order_lock(tx, id)?;
    check_version(before.version, version)?;
    if before.record_state != OrderState::Draft {
        let refusal = Refusal::new(ProblemCode::StateForbids);
        return Err(refusal.with("number", before.number).with("state", before.record_state).into());
    }
    let bom = check(tx, command)?;
    diesel::update(subcontract_order::table.find((tx.org(), id.uuid())))
        .set((head(command, bom), subcontract_order::version.eq(subcontract_order::version + 1)))
        .execute(tx.conn)?;
    let old = order_component::table.filter(order_component::org_id.eq(tx.org()));
    diesel::delete(old.filter(order_component::order_id.eq(id.uuid()))).execute(tx.conn)?;
    freeze_components(tx, id, bom, command.quantity)?;
    let after = order_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Order, id, AuditAction::Updated).change(&before, &after)?)?;
    tx.notify(LiveTopic::Order, Some(id.uuid()), None);
    Ok(after)
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = subcontract_order, treat_none_as_null = true)]
struct Head {
    partner_id: Uuid,
    operation_id: Uuid,
    product_id: Uuid,
    bom_id: Uuid,
    quantity: Decimal,
    due_on: chrono::NaiveDate,
    unit_price: Option<Decimal>,
    remark: String,
}

fn head(command: &OrderWrite, bom: BomId) -> Head {
    Head {
        partner_id: command.partner_id.uuid(),
        operation_id: command.operation_id.uuid(),
        product_id: command.product_id.uuid(),
        bom_id: bom.uuid(),
        quantity: command.quantity,
        due_on: command.due_on,
        unit_price: command.unit_price,
        remark: command.remark.trim().to_owned(),
    }
}

/// Checks what an order refers to, and finds the revision in force.
fn check(tx: &mut Tx, command: &OrderWrite) -> Result<BomId> {
    let product = lookup::item_facts(tx, command.product_id, "product_id")?;
    rules::check_order(command, &product)?;
    lookup::subcontractor(tx, command.partner_id)?;
    let operation: Option<String> = operation::table
        .find((tx.org(), command.operation_id.uuid()))
        .filter(operation::active)
        .select(operation::code)
        .first(tx.conn)
        .optional()?;
    let unknown = || Refusal::new(ProblemCode::ReferenceUnknown).with("what", "operation_id");
    let operation = operation.ok_or_else(unknown)?;
    let active: Option<Uuid> = bom::table
        .filter(bom::org_id.eq(tx.org()))
        .filter(bom::product_id.eq(command.product_id.uuid()))
        .filter(bom::operation_id.eq(command.operation_id.uuid()))
        .filter(bom::state.eq("active"))
        .select(bom::id)
        .first(tx.conn)
        .optional()?;
    let missing = || Refusal::new(ProblemCode::BomNotActive).with("product", product.code).with("operation", operation);
    Ok(active.ok_or_else(missing)?.into())
}

fn freeze_components(tx: &mut Tx, id: OrderId, bom: BomId, quantity: Decimal) -> Result<()> {
    let base: Decimal = bom::table.find((tx.org(), bom.uuid())).select(bom::base_quantity).first(tx.conn)?;
    type Line = (i32, Uuid, String, Decimal, Decimal, Option<Decimal>);
    let lines: Vec<Line> = bom_line::table
        .inner_join(item::table.on(item::org_id.eq(bom_line::org_id).and(item::id.eq(bom_line::component_id))))
        .filter(bom_line::org_id.eq(tx.org()))
        .filter(bom_line::bom_id.eq(bom.uuid()))
        .order(bom_line::line_number)
        .select((
            bom_line::line_number,
            bom_line::component_id,
            bom_line::supply,
            bom_line::net_usage,
            bom_line::loss_norm_percent,
            bom_line::issue_multiple,
        ))
        .load(tx.conn)?;
    let org = tx.org();
    let rows = lines.into_iter().map(|(line_number, component, supply, usage, loss, multiple)| {
        (
            order_component::org_id.eq(org),
            order_component::order_id.eq(id.uuid()),
            order_component::line_number.eq(line_number),
            order_component::item_id.eq(component),
            order_component::supply.eq(supply),
            order_component::net_quantity.eq(rules::net_quantity(usage, quantity, base)),
            order_component::loss_norm_percent.eq(loss),
            order_component::issue_multiple.eq(multiple),
        )
    });
    diesel::insert_into(order_component::table).values(rows.collect::<Vec<_>>()).execute(tx.conn)?;
    Ok(())
}

/// Opens or cancels an order.
///
/// # Errors
/// `version_stale`, `state_forbids`, `reason_required`, `order_has_issues`, `clause_refuses`.
pub fn order_transition(tx: &mut Tx, id: OrderId, version: i64, command: &OrderTransition) -> Result<Order> {
    let before = order_lock(tx, id)?;
    check_version(before.version, version)?;
    rules::check_transition(&before.number, before.record_state, command.state)?;
    let action = if command.state == OrderState::Open { AuditAction::Opened } else { AuditAction::Cancelled };
    if action == AuditAction::Cancelled {
        check_reason(&command.reason)?;
        check_nothing_under_way(tx, &before)?;
        soft::void_of_document(tx, (DocumentKind::Order, id.uuid()), &command.reason)?;
    }
    diesel::update(subcontract_order::table.find((tx.org(), id.uuid())))
        .set((
            subcontract_order::record_state.eq(command.state.as_str()),
            subcontract_order::version.eq(subcontract_order::version + 1),
        ))
        .execute(tx.conn)?;
    let after = order_read(tx, id)?;
    let event = Event::new(AggregateKind::Order, id, action).reason(&command.reason);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Order, Some(id.uuid()), None);
    if command.state != OrderState::Open {
        return Ok(after);
    }
    contracts::orders::order_pin(tx, &after)?;
    let findings = contracts::checking::order_opening(tx, &after)?;
    Ok(Order { findings, ..after })
}

/// Whether something else stands on its account: material that another order sent on, rework, a count, finished goods.
fn has_papers(tx: &mut Tx, order: OrderId) -> Result<bool> {
    let id = order.uuid();
    let moved = material_document::table
        .filter(material_document::org_id.eq(tx.org()))
        .filter(material_document::record_state.eq_any(["draft", "posted"]))
        .filter(material_document::order_id.eq(id).or(material_document::to_order_id.eq(id)));
    let finished = subcontract_receipt::table
        .filter(subcontract_receipt::org_id.eq(tx.org()))
        .filter(subcontract_receipt::order_id.eq(id))
        .filter(subcontract_receipt::record_state.eq_any(["declared", "posted"]));
    Ok(diesel::select(diesel::dsl::exists(moved)).get_result::<bool>(tx.conn)?
        || diesel::select(diesel::dsl::exists(finished)).get_result::<bool>(tx.conn)?)
}

fn check_nothing_under_way(tx: &mut Tx, order: &Order) -> Result<()> {
    let id = order.id.uuid();
    let requested = requisition::table
        .filter(requisition::org_id.eq(tx.org()))
        .filter(requisition::order_id.eq(id))
        .filter(requisition::approval_state.eq_any(["draft", "pending", "approved"]))
        .filter(requisition::issue_state.ne("issued"));
    let issued = issue_note::table
        .filter(issue_note::org_id.eq(tx.org()))
        .filter(issue_note::order_id.eq(id))
        .filter(issue_note::record_state.eq("posted"));
    let requested: bool = diesel::select(diesel::dsl::exists(requested)).get_result(tx.conn)?;
    let issued: bool = diesel::select(diesel::dsl::exists(issued)).get_result(tx.conn)?;
    if requested || issued || has_papers(tx, order.id)? {
        return Err(Refusal::new(ProblemCode::OrderHasIssues).with("number", &order.number).into());
    }
    Ok(())
}
