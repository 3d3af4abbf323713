//! What does not leave our shelves as material does: moulds on loan, cartons that their maker brings straight to the
//! subcontractor, and what the subcontractor provides itself.

use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::id::OrderId;
use lotline_common::masterdata::{Supply, Tracking};
use lotline_common::material::{MaterialConfirm, MaterialCount, MaterialKind};
use lotline_common::quality::{LotDecision, LotDecisionCreate};
use lotline_common::receiving::{ReceiptCreate, ReceiptLineWrite};
use lotline_common::serials::{SerialRun, Serials};
use lotline_common::subcontract_receiving::{OwnLotWrite, ShortUse, UseWrite};
use rust_decimal::Decimal;

use super::materials::{document, line_of};
use super::world::{World, by_code};
use crate::error::Result;
use crate::ledger::lots;
use crate::{material, orders, quality, receiving};

/// Moulds come, as one run of serial numbers, and are released.
pub fn moulds(world: &World, morning: DateTime<Utc>) -> Result<()> {
    world.at(morning + TimeDelta::hours(1));
    let (item_id, unit_id) = by_code(&world.items, "TL-MD-01")?;
    let run = SerialRun { prefix: "MD-".to_owned(), first: "01".to_owned(), last: "06".to_owned() };
    let line = ReceiptLineWrite {
        item_id,
        quantity: Decimal::from(6),
        unit_id,
        lot_code: None,
        serials: Some(Serials { list: Vec::new(), run: Some(run) }),
        batch_code: "MD-2605".to_owned(),
        supplier_lot: String::new(),
        certificate_number: "FAI-MD-01".to_owned(),
        manufactured_on: None,
        expires_on: None,
        location_id: None,
        unit_price: Some(Decimal::from(18_000)),
    };
    let command = ReceiptCreate {
        supplier_id: by_code(&world.partners, "SUP-OEM")?,
        delivery_note: "DN-MD-01".to_owned(),
        occurred_at: None,
        evidence_at: None,
        remark: "新模具验收".to_owned(),
        lines: vec![line],
    };
    let receipt = world.act("warehouse", |tx| receiving::service::receipt_create(tx, &command))?;
    let reason = "首件与模具尺寸检验合格".to_owned();
    let command = LotDecisionCreate { decision: LotDecision::Release, reason, to_location_id: None };
    for lot in receipt.lines.iter().filter_map(|line| line.lot.as_ref()) {
        world.act("quality", |tx| {
            let lot = lots::lot_read(tx, lot.id)?;
            quality::service::lot_decide(tx, lot.id, lot.version, &command).map(drop)
        })?;
    }
    Ok(())
}

/// What is delivered straight to the subcontractor of an order arrives there, and is counted.
pub fn deliver(world: &World, order: OrderId, login: &str) -> Result<()> {
    let order = world.act("manager", |tx| orders::service::order_read(tx, order))?;
    let dropped = order.components.iter().filter(|component| component.supply == Supply::DropShipped);
    let lines: Vec<_> = dropped.map(|component| line_of(component.item.id, component.required_quantity)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let mut paper = document(MaterialKind::DirectDelivery, None, "");
    paper.to_order_id = Some(order.id);
    paper.supplier_id = Some(by_code(&world.partners, "SUP-PACK")?);
    paper.delivery_note = format!("ZS-{}", order.number);
    paper.lines = lines;
    let sent = world.act("warehouse", |tx| material::service::material_create(tx, &paper))?;
    let counted = sent
        .lines
        .iter()
        .map(|line| MaterialCount { line_number: line.line_number, received_quantity: line.quantity })
        .collect();
    let count = MaterialConfirm { lines: counted, occurred_at: None, evidence_at: None, remark: String::new() };
    world.act(login, |tx| material::service::material_confirm(tx, sent.id, sent.version, &count).map(drop))
}

/// The subcontractor names the lot of its own that it used.
pub fn own(wanted: &ShortUse, number: usize) -> UseWrite {
    let own_lot = (wanted.item.tracking != Tracking::None).then(|| OwnLotWrite {
        supplier_lot: format!("DC-{}", 4_400 + number / 2),
        certificate_number: format!("COA-{}", 9_100 + number / 2),
        expires_on: None,
    });
    let (item_id, quantity) = (wanted.item.id, wanted.quantity);
    UseWrite { item_id, lot_id: None, own_lot, quantity, scan: None, remark: String::new() }
}
