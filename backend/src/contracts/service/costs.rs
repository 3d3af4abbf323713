//! Costs of an order beside its material.

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{CostEntry, CostEntryCreate};
use lotline_common::id::{CostEntryId, OrderId};
use lotline_common::orders::OrderState;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;

use crate::audit::{self, Event};
use crate::db::{Tx, list};
use crate::error::Result;
use crate::ledger::lots;
use crate::orders::service as orders;
use crate::schema::cost_entry;

/// Enters a cost. The order may be closed: invoices come late.
///
/// # Errors
/// `not_found`, `order_not_open` for a draft or a cancelled order, `fields_invalid`.
pub fn cost_entry_create(tx: &mut Tx, order: OrderId, command: &CostEntryCreate) -> Result<CostEntry> {
    let of = orders::order_read(tx, order)?;
    if matches!(of.record_state, OrderState::Draft | OrderState::Cancelled) {
        return Err(Refusal::new(ProblemCode::OrderNotOpen).with("number", &of.number).into());
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
    audit::append(tx, event.details(serde_json::json!({ "cost": made })))?;
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
