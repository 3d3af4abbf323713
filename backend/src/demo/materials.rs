//! What else moves material in the demonstration: leftovers that go back, scrap before a witness, goods to customers;
//! and documents that wait for somebody on the last day.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use lotline_common::id::{ItemId, LocationId, LotId, OrderId};
use lotline_common::ledger::StockStatus;
use lotline_common::masterdata::LocationKind;
use lotline_common::material::{
    LineDirection, LossBearer, Material, MaterialCondition, MaterialConfirm, MaterialCount, MaterialCreate,
    MaterialKind, MaterialLineWrite,
};
use lotline_common::reconcile::AccountLine;
use lotline_common::subcontract_receiving::SubcontractReceipt;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::catalogue::CUSTOMERS;
use super::finished::AtWork;
use super::world::{World, by_code};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::material::service;
use crate::reconcile;
use crate::schema::{location, stock_balance};

/// A document without its lines.
/// A document of a kind, without lines.
pub fn document(kind: MaterialKind, order: Option<OrderId>, reason: &str) -> MaterialCreate {
    MaterialCreate {
        kind,
        order_id: order,
        to_order_id: None,
        customer_id: None,
        supplier_id: None,
        borne_by: None,
        occurred_at: None,
        evidence_at: None,
        reason: reason.to_owned(),
        witness: String::new(),
        certificate_number: String::new(),
        carrier: String::new(),
        contact: String::new(),
        delivery_note: String::new(),
        remark: String::new(),
        lines: Vec::new(),
    }
}

/// So much of what stands on a line of the account.
fn line(of: &AccountLine, quantity: Decimal) -> MaterialLineWrite {
    MaterialLineWrite { lot_id: of.lot.as_ref().map(|lot| lot.id), ..line_of(of.item.id, quantity) }
}

/// So much of an item.
pub fn line_of(item_id: ItemId, quantity: Decimal) -> MaterialLineWrite {
    MaterialLineWrite {
        direction: LineDirection::Out,
        item_id,
        lot_id: None,
        lot_code: None,
        serials: None,
        batch_code: String::new(),
        supplier_lot: String::new(),
        certificate_number: String::new(),
        unit_price: None,
        manufactured_on: None,
        expires_on: None,
        quantity,
        already_declared: false,
        condition: MaterialCondition::Good,
        from_location_id: None,
        from_status: None,
        to_location_id: None,
        remark: String::new(),
    }
}

/// What a rule refuses does not come about, as it would not.
fn taken<T>(done: Result<T>) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Error::Refused(refusal)) => {
            tracing::debug!(%refusal, "a material document of the demonstration was not written");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn write(world: &World, login: &str, command: &MaterialCreate) -> Result<Option<Material>> {
    taken(world.act(login, |tx| service::material_create(tx, command)))
}

/// The lines of an order's account of which the subcontractor holds something.
fn held(world: &World, order: OrderId) -> Result<Vec<AccountLine>> {
    let account = world.act("manager", |tx| reconcile::service::conservation_read(tx, order))?;
    Ok(account.lines.into_iter().filter(|line| line.in_custody > Decimal::ZERO).collect())
}

/// After the last tranche: every third order scraps a little at the subcontractor, then the leftovers go back.
pub fn send_back(world: &World, morning: DateTime<Utc>, at_work: AtWork) -> Result<()> {
    world.at(morning + TimeDelta::hours(6));
    let held_first = held(world, at_work.order)?;
    if let (Some(first), 0) = (held_first.first(), at_work.number % 3) {
        let mut scrap = document(MaterialKind::SubcontractorScrap, Some(at_work.order), "调机料头变形，无法使用");
        "质量部 赵海燕".clone_into(&mut scrap.witness);
        scrap.certificate_number = format!("XH-{}", 300 + at_work.number);
        scrap.lines = vec![line(first, first.in_custody.min(Decimal::TWO))];
        write(world, "warehouse", &scrap)?;
    }
    let left = held(world, at_work.order)?;
    if left.is_empty() {
        return Ok(());
    }
    let mut back = document(MaterialKind::Return, Some(at_work.order), "末批交货后余料退回");
    back.delivery_note = format!("RET-{}", 2_000 + at_work.number);
    back.lines = left.iter().map(|of| line(of, of.in_custody)).collect();
    let Some(sent) = taken(world.act(at_work.login, |tx| service::material_declare(tx, &back)))? else { return Ok(()) };
    world.at(morning + TimeDelta::hours(30));
    let lines = sent.lines.iter();
    let lines =
        lines.map(|line| MaterialCount { line_number: line.line_number, received_quantity: line.quantity }).collect();
    let counted = MaterialConfirm { lines, occurred_at: None, evidence_at: None, remark: String::new() };
    taken(world.act("warehouse", |tx| service::material_confirm(tx, sent.id, sent.version, &counted))).map(drop)
}

/// Part of what was released goes to a customer.
pub fn dispatch(world: &World, receipt: &SubcontractReceipt, number: usize) -> Result<()> {
    let (Some((customer, contact)), Some(made)) = (CUSTOMERS.get(number % 3), receipt.lines.first()) else {
        return Ok(());
    };
    // What is only machined goes on to the next subcontractor.
    if !receipt.product.code.starts_with("FG-") {
        return Ok(());
    }
    let mut out = document(MaterialKind::Dispatch, None, "");
    out.customer_id = Some(by_code(&world.partners, customer.0)?);
    (*contact).clone_into(&mut out.contact);
    out.delivery_note = format!("SO-{}", 9_100 + number);
    "顺达物流".clone_into(&mut out.carrier);
    out.lines = vec![MaterialLineWrite {
        direction: LineDirection::Out,
        item_id: receipt.product.id,
        lot_id: made.lot.as_ref().map(|lot| lot.id),
        lot_code: None,
        serials: None,
        batch_code: String::new(),
        supplier_lot: String::new(),
        certificate_number: String::new(),
        unit_price: None,
        manufactured_on: None,
        expires_on: None,
        quantity: (made.good_quantity / Decimal::TWO).trunc(),
        already_declared: false,
        condition: MaterialCondition::Good,
        from_location_id: None,
        from_status: None,
        to_location_id: None,
        remark: String::new(),
    }];
    // Where it stands is where quality's release left it.
    let stands = world.act("manager", |tx| shelf_of(tx, made.lot.as_ref().map(|lot| lot.id)))?;
    if let (Some(location), Some(line)) = (stands, out.lines.first_mut()) {
        line.from_location_id = Some(location);
        write(world, "warehouse", &out)?;
    }
    Ok(())
}

/// The shelf on which a released lot stands.
fn shelf_of(tx: &mut Tx, lot: Option<LotId>) -> Result<Option<LocationId>> {
    let shelves = location::table.filter(location::kind.eq(LocationKind::OwnStock.as_str())).select(location::id);
    let stands = stock_balance::table
        .filter(stock_balance::org_id.eq(tx.org()))
        .filter(stock_balance::lot_id.eq(lot.map(LotId::uuid)))
        .filter(stock_balance::status.eq(StockStatus::Available.as_str()))
        .filter(stock_balance::on_hand.gt(Decimal::ZERO))
        .filter(stock_balance::location_id.eq_any(shelves))
        .select(stock_balance::location_id);
    Ok(stands.first::<Uuid>(tx.conn).optional()?.map(LocationId::from))
}

/// What waits for somebody today: a return on its way, a count with a difference, over-consumption to rule on, and a
/// transfer to be handed over.
pub fn leave_open(world: &World, at_work: &[AtWork]) -> Result<()> {
    let mut busy = Vec::new();
    for at_work in at_work {
        let held = held(world, at_work.order)?;
        if let Some(first) = held.iter().find(|line| line.in_custody >= Decimal::TWO).cloned() {
            busy.push((*at_work, held, first));
        }
    }
    let kept = busy.clone();
    let mut busy = busy.into_iter();
    if let Some((of, _, first)) = busy.next() {
        let mut back = document(MaterialKind::Return, Some(of.order), "外观不良，整件退回");
        let defective = MaterialLineWrite { condition: MaterialCondition::Defective, ..line(&first, Decimal::ONE) };
        back.lines = vec![defective];
        taken(world.act(of.login, |tx| service::material_declare(tx, &back)))?;
    }
    if let Some((of, held, first)) = busy.next() {
        let mut count = document(MaterialKind::Count, Some(of.order), "");
        let counted = |of: &AccountLine| {
            let missing = if of == &first { Decimal::ONE } else { Decimal::ZERO };
            line(of, (of.in_custody - missing).max(Decimal::ZERO))
        };
        count.lines = held.iter().map(counted).collect();
        taken(world.act(of.login, |tx| service::material_declare(tx, &count)))?;
    }
    if let Some((of, _, first)) = busy.next() {
        let mut over = document(MaterialKind::OverConsumption, Some(of.order), "首件调试超出定额");
        over.borne_by = Some(LossBearer::Subcontractor);
        "8D-2611-04".clone_into(&mut over.certificate_number);
        over.lines = vec![line(&first, Decimal::ONE)];
        write(world, "clerk", &over)?;
    }
    transfer(world, &kept)
}

/// Between two orders that use the same item.
fn transfer(world: &World, busy: &[(AtWork, Vec<AccountLine>, AccountLine)]) -> Result<()> {
    for (place, (of, _, first)) in busy.iter().enumerate() {
        let later =
            busy.iter().skip(place + 1).find(|(_, held, _)| held.iter().any(|line| line.item.id == first.item.id));
        let Some((to, ..)) = later else { continue };
        let mut onward = document(MaterialKind::Transfer, Some(of.order), "余料转下一订单使用");
        onward.to_order_id = Some(to.order);
        onward.lines = vec![line(first, Decimal::ONE)];
        return write(world, "warehouse", &onward).map(drop);
    }
    Ok(())
}
