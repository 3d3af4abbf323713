//! Reading receipts from subcontractors, and what a finished quantity probably took.

use std::collections::BTreeSet;

use diesel::prelude::*;
use lotline_common::id::{ItemId, OrderId, SubcontractReceiptId};
use lotline_common::ledger::LotRef;
use lotline_common::masterdata::{ItemRef, Supply, Tracking};
use lotline_common::orders::OrderComponent;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::subcontract_receiving::{ProposedTool, ProposedUse, ShortUse, SubcontractReceipt, UseProposal};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{self, Held, Order, Output, Use};
use super::store;
use super::{tool_rules, tools};
use crate::contracts::service::checking;
use crate::db::{Reader, list};
use crate::error::Result;
use crate::masterdata::lookup;
use crate::orders::components;
use crate::orders::service::order_read;
use crate::schema::subcontract_order;

/// One receipt.
///
/// # Errors
/// `not_found`.
pub fn receipt_read(reader: &mut Reader, id: SubcontractReceiptId) -> Result<SubcontractReceipt> {
    list::one(reader, "subcontract_receipt_detail_view", id)
}

/// What decides about an order here; also its subcontractor may read it.
pub struct OrderFacts {
    /// Order.
    pub id: OrderId,
    /// Number.
    pub number: String,
    /// Subcontractor.
    pub partner: Uuid,
    /// What comes back.
    pub product: ItemId,
    /// Ordered.
    pub quantity: Decimal,
    /// Good received.
    pub good: Decimal,
    /// Rejected received.
    pub rejected: Decimal,
    /// Record state.
    pub state: String,
    /// Frozen components.
    pub components: Vec<OrderComponent>,
}

impl OrderFacts {
    /// As the rules see it.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        Order {
            number: &self.number,
            partner: self.partner,
            quantity: self.quantity,
            received: self.good + self.rejected,
            components: &self.components,
        }
    }
}

/// An order's facts.
///
/// # Errors
/// `not_found`, also for an order of another subcontractor.
pub fn order_facts(reader: &mut Reader, id: OrderId) -> Result<OrderFacts> {
    type Row = (String, Uuid, Uuid, Decimal, Decimal, Decimal, String);
    let (number, partner, product, quantity, good, rejected, state): Row = subcontract_order::table
        .find((reader.org(), id.uuid()))
        .select((
            subcontract_order::number,
            subcontract_order::partner_id,
            subcontract_order::product_id,
            subcontract_order::quantity,
            subcontract_order::good_quantity,
            subcontract_order::rejected_quantity,
            subcontract_order::record_state,
        ))
        .first(reader.conn)?;
    // The subcontractor sees no clauses; what it proposes by the bill of material is held against them on arrival.
    let components = match reader.ctx.partner {
        Some(_) => components::components(reader, id)?,
        None => {
            let order = order_read(reader, id)?;
            checking::components_as_agreed(reader, &order)?
        }
    };
    Ok(OrderFacts { id, number, partner, product: product.into(), quantity, good, rejected, state, components })
}

/// What a finished quantity probably took of the lots that are there, and how many lots it leads back to if nobody
/// says more.
///
/// # Errors
/// `not_found`, `request_malformed` for a quantity that is none.
pub fn use_proposal(reader: &mut Reader, id: OrderId, quantity: Decimal) -> Result<UseProposal> {
    let order = order_facts(reader, id)?;
    let product = lookup::item_facts(reader, order.product, "product_id")?;
    quantity::check_positive(quantity, product.decimal_places).map_err(|refusal| {
        let reason = refusal.problem(reader.ctx.locale).detail;
        Refusal::new(ProblemCode::RequestMalformed).with("reason", reason.trim_end_matches(['.', '。']))
    })?;
    let mut held = store::held(reader, id)?;
    let (there, could) = (rules::declarable(&held), rules::possible(&held));
    let output = Output { line: 1, source: 0, quantity, declared: &[], used_by: reader.now };
    let made = rules::uses(&order.order(), &mut held, &[output])?;
    let lots = lot_references(reader, there.iter().filter_map(|held| held.lot).collect())?;
    let tools = proposed_tools(reader, &order, quantity)?;
    let missing = rules::short(&order.order(), quantity, &made);
    let component = |item: Uuid| order.components.iter().find(|known| known.item.id.uuid() == item);
    let tracked = |held: &&Held| {
        component(held.item)
            .is_some_and(|known| known.item.tracking != Tracking::None && known.supply != Supply::Tooling)
    };
    let used: BTreeSet<Uuid> = made.iter().filter_map(|used| used.lot).collect();
    let possible: BTreeSet<Uuid> = could.iter().filter(tracked).filter_map(|held| held.lot).collect();
    let named = |(item, quantity)| component(item).map(|known| ShortUse { item: known.item.clone(), quantity });
    let own_supply = rules::own_supply(&order.order(), quantity).into_iter().filter_map(named);
    let short = missing.into_iter().filter_map(named);
    Ok(UseProposal {
        order_id: id,
        quantity,
        short: short.collect(),
        own_supply: own_supply.collect(),
        tools,
        declared_lot_count: i64::try_from(used.len()).unwrap_or(i64::MAX),
        possible_lot_count: i64::try_from(possible.len()).unwrap_or(i64::MAX),
        lines: proposed(&order.components, &there, (&made, &lots)),
    })
}

/// One line for each lot that is there, over all its owners.
fn proposed(components: &[OrderComponent], there: &[Held], of: (&[Use], &[LotRef])) -> Vec<ProposedUse> {
    let (made, lots) = of;
    let mut lines: Vec<ProposedUse> = Vec::new();
    for held in there {
        let used_up = components.iter().filter(|known| known.supply != Supply::Tooling).map(|known| &known.item);
        let Some(item) = used_up.clone().find(|item| item.id.uuid() == held.item) else {
            continue;
        };
        let lot = lots.iter().find(|lot| Some(lot.id.uuid()) == held.lot);
        let is_it = |line: &&mut ProposedUse| line.item.id == item.id && line.lot.as_ref() == lot;
        if let Some(line) = lines.iter_mut().find(is_it) {
            line.in_custody += held.quantity;
            continue;
        }
        let used = made.iter().filter(|used| used.item == held.item && used.lot == held.lot);
        lines.push(ProposedUse {
            item: ItemRef::clone(item),
            lot: lot.cloned(),
            quantity: used.map(|used| used.quantity).sum::<Decimal>().normalize(),
            in_custody: held.quantity.normalize(),
        });
    }
    lines
}

/// The tools that stand on the order, and how often the quantity takes the only one of its kind.
fn proposed_tools(reader: &mut Reader, order: &OrderFacts, quantity: Decimal) -> Result<Vec<ProposedTool>> {
    let of = order.order();
    let there = tools::standing(reader, order.id)?;
    let lots = lot_references(reader, there.iter().map(|tool| tool.lot.uuid()).collect())?;
    let mut proposed = Vec::with_capacity(there.len());
    for component in tool_rules::counted(&of) {
        let mine: Vec<_> = there.iter().filter(|tool| tool.item == component.item.id.uuid()).collect();
        let uses = if mine.len() == 1 { tool_rules::shots(&of, component, quantity) } else { 0 };
        for tool in mine {
            let Some(lot) = lots.iter().find(|lot| lot.id == tool.lot).cloned() else { continue };
            let (item, uses_before, life_uses) = (component.item.clone(), tool.uses, tool.life_uses);
            proposed.push(ProposedTool { item, lot, uses, uses_before, life_uses });
        }
    }
    Ok(proposed)
}

fn lot_references(reader: &mut Reader, ids: Vec<Uuid>) -> Result<Vec<LotRef>> {
    use diesel::sql_types::{Array, Jsonb, Uuid as SqlUuid};
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Jsonb)]
        reference: serde_json::Value,
    }
    let rows: Vec<Row> =
        diesel::sql_query("SELECT reference FROM lot_reference WHERE org_id = current_org() AND id = ANY($1)")
            .bind::<Array<SqlUuid>, _>(ids)
            .load(reader.conn)?;
    Ok(rows.into_iter().map(|row| serde_json::from_value(row.reference)).collect::<std::result::Result<_, _>>()?)
}

/// Refuses what is done on an order that is not with the subcontractor.
///
/// # Errors
/// `order_not_open`.
pub fn check_open(order: &OrderFacts) -> Result<()> {
    if order.state == lotline_common::orders::OrderState::Open.as_str() {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::OrderNotOpen).with("number", &order.number).with("state", &order.state).into())
}
