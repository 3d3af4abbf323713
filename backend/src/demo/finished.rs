//! What comes back from the subcontractors of the demonstration: declared in the portal or counted at the gate, in one
//! or two tranches, inspected two days later.

use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::id::OrderId;
use lotline_common::quality::{LotDecision, LotDecisionCreate};
use lotline_common::reconcile::OrderClosing;
use lotline_common::subcontract_receiving::{
    FinishedLotWrite, SubcontractReceipt, SubcontractReceiptCreate, SubcontractReceiptPost, UseWrite,
};
use rust_decimal::Decimal;

use super::world::World;
use super::{materials, supplies};
use crate::error::{Error, Result};
use crate::ledger::lots;
use crate::subcontract_receiving::{reading, service};
use crate::{orders, quality, reconcile};

/// Orders before this place are closed when nothing of them is left.
const CLOSED: usize = 28;

/// An order that is at a subcontractor.
#[derive(Debug, Clone, Copy)]
pub struct AtWork {
    /// Order.
    pub order: OrderId,
    /// Its place in the history.
    pub number: usize,
    /// Login of the subcontractor's person.
    pub login: &'static str,
    /// Day of the history on which the next tranche comes.
    pub day: i64,
    /// Tranches that came.
    pub came: u32,
}

impl AtWork {
    /// Every third order comes back in two tranches.
    const fn is_last(&self) -> bool {
        self.number % 3 != 1 || self.came > 0
    }
}

/// A tranche comes back; answers when the next one does.
pub fn come_back(world: &World, morning: DateTime<Utc>, at_work: AtWork) -> Result<Option<AtWork>> {
    world.at(morning + TimeDelta::hours(3));
    let order = world.act("manager", |tx| orders::service::order_read(tx, at_work.order))?;
    let open = order.quantity - order.good_quantity - order.rejected_quantity;
    let part = if at_work.is_last() { open } else { (open * Decimal::new(6, 1)).trunc() };
    let rejected = if at_work.number % 4 == 2 { (part * Decimal::new(2, 2)).trunc() } else { Decimal::ZERO };
    let declares = at_work.number % 5 != 4;
    let uses = if declares { Some(uses(world, (at_work.order, at_work.number), part)?) } else { None };
    let line = FinishedLotWrite {
        lot_code: None,
        serials: None,
        batch_code: String::new(),
        manufactured_on: Some((morning - TimeDelta::days(2)).date_naive()),
        expires_on: None,
        certificate_number: format!("COC-{}-{}", 7_700 + at_work.number, at_work.came + 1),
        good_quantity: part - rejected,
        rejected_quantity: rejected,
        remark: if rejected.is_zero() { String::new() } else { "外观不良，已隔离".to_owned() },
        uses,
    };
    let command = SubcontractReceiptCreate {
        order_id: at_work.order,
        delivery_note: format!("SUB-{}-{}", 4_100 + at_work.number, at_work.came + 1),
        occurred_at: None,
        evidence_at: None,
        last: at_work.is_last(),
        remark: String::new(),
        tools: None,
        lines: vec![line],
    };
    let Some(receipt) = taken(receive(world, &command, declares.then_some(at_work.login)))? else { return Ok(None) };
    if at_work.is_last() && at_work.number < CLOSED {
        materials::send_back(world, morning, at_work)?;
    }
    inspect(world, &receipt, morning)?;
    if at_work.number.is_multiple_of(2) {
        materials::dispatch(world, &receipt, at_work.number)?;
    }
    if at_work.is_last() && at_work.number < CLOSED {
        close(world, at_work.order)?;
    }
    let next = AtWork { day: at_work.day + 5, came: at_work.came + 1, ..at_work };
    Ok((!at_work.is_last()).then_some(next))
}

/// Closes an order whose account is settled; the others wait for somebody.
fn close(world: &World, order: OrderId) -> Result<()> {
    let command = OrderClosing { remark: "核销无误".to_owned() };
    world.act("manager", |tx| {
        let account = reconcile::service::conservation_read(tx, order)?;
        if account.obstacles.is_empty() && account.proved {
            reconcile::service::order_close(tx, order, account.version, &command)?;
        }
        Ok(())
    })
}

/// The subcontractor declares what the proposal says, which it checked at the machine.
fn uses(world: &World, (order, number): (OrderId, usize), quantity: Decimal) -> Result<Vec<UseWrite>> {
    let proposal = world.act("manager", |tx| reading::use_proposal(tx, order, quantity))?;
    let own: Vec<UseWrite> = proposal.own_supply.iter().map(|wanted| supplies::own(wanted, number)).collect();
    let used = proposal.lines.into_iter().filter(|line| line.quantity > Decimal::ZERO);
    let write = used.map(|line| UseWrite {
        item_id: line.item.id,
        lot_id: line.lot.map(|lot| lot.id),
        own_lot: None,
        quantity: line.quantity,
        scan: None,
        remark: String::new(),
    });
    Ok(write.chain(own).collect())
}

fn receive(
    world: &World,
    command: &SubcontractReceiptCreate,
    declared_by: Option<&'static str>,
) -> Result<SubcontractReceipt> {
    let Some(login) = declared_by else {
        return world.act("warehouse", |tx| service::receipt_create(tx, command));
    };
    let declared = world.act(login, |tx| service::receipt_declare(tx, command))?;
    let counted = SubcontractReceiptPost { occurred_at: None, tools: None, lines: Vec::new() };
    world.act("warehouse", |tx| service::receipt_post(tx, declared.id, declared.version, &counted))
}

/// What a rule refuses does not come about, as it would not.
fn taken(done: Result<SubcontractReceipt>) -> Result<Option<SubcontractReceipt>> {
    match done {
        Ok(receipt) => Ok(Some(receipt)),
        Err(Error::Refused(refusal)) => {
            tracing::debug!(%refusal, "finished goods of the demonstration were not received");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn inspect(world: &World, receipt: &SubcontractReceipt, morning: DateTime<Utc>) -> Result<()> {
    world.at(morning + TimeDelta::days(2));
    let reason = "来料检验与合格证核对无误".to_owned();
    let command = LotDecisionCreate { decision: LotDecision::Release, reason, to_location_id: None };
    for lot in
        receipt.lines.iter().filter(|line| line.good_quantity > Decimal::ZERO).filter_map(|line| line.lot.as_ref())
    {
        world.act("quality", |tx| {
            let lot = lots::lot_read(tx, lot.id)?;
            quality::service::lot_decide(tx, lot.id, lot.version, &command).map(drop)
        })?;
    }
    Ok(())
}
