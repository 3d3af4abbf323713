//! What posting, confirming and undoing a material document does to the books.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lotline_common::id::{ItemId, LotId, OrderId};
use lotline_common::ledger::{DocumentKind, LotStatus, MovementKind, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::material::{LineDirection, LossBearer, Material, MaterialConfirm, MaterialKind};
use lotline_common::orders::CustodyState;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{self, Sent};
use super::store::{self, Line};
use super::{making, ruling};
use crate::contracts::service::checking::order_clauses;
use crate::contracts::service::settlement;
use crate::db::Tx;
use crate::error::Result;
use crate::ledger::{self, Entry, Place, Posting, lots};
use crate::masterdata::lookup;
use crate::orders::components;
use crate::orders::service::order_read;
use crate::trace::links;

/// From one order to another of the same subcontractor: nothing travels, nothing waits.
fn stays(document: &Material) -> bool {
    let partner = |partner: &Option<lotline_common::masterdata::PartnerRef>| partner.as_ref().map(|known| known.id);
    document.to_partner.is_some() && partner(&document.partner) == partner(&document.to_partner)
}

/// The custody axis of a document that has been posted.
#[must_use]
pub fn custody_once_posted(document: &Material) -> CustodyState {
    match document.kind {
        _ if stays(document) => CustodyState::Confirmed,
        kind if kind.is_confirmed() => CustodyState::InTransit,
        _ => CustodyState::None,
    }
}

/// A place on the account it stands on, where it stands on one: what was used up or destroyed keeps it.
fn on_account(place: Place, order: Option<OrderId>) -> Place {
    let keeps = place.kind.is_on_order() || matches!(place.kind, LocationKind::Consumed | LocationKind::Scrap);
    Place { order: order.filter(|_| keeps), ..place }
}

fn entry(line: &Line, kind: MovementKind, quantity: Decimal, way: (Place, Place)) -> Option<Entry> {
    let mut entry = Entry::new(kind, (line.item, line.lot, line.unit.into()), quantity, way);
    entry.line = Some(line.number);
    (quantity > Decimal::ZERO).then_some(entry)
}

/// The way of a line, on its accounts.
fn way(document: &Material, line: &Line) -> (Place, Place) {
    let to = document.to_order_id.or(document.order_id);
    (on_account(line.from, document.order_id), on_account(line.to, to))
}

/// Where a line is to arrive once it is confirmed, and what that means; none for a kind that nobody confirms.
fn arrival(tx: &mut Tx, document: &Material, line: &Line) -> Result<Option<(MovementKind, Place)>> {
    let receiver = document.to_partner.as_ref().or(document.partner.as_ref()).map(|partner| partner.id);
    match document.kind {
        MaterialKind::Return => {
            let status = rules::status_on_arrival(line.condition);
            let shelf = lookup::place_of_kind(tx, LocationKind::Quarantine, None, status)?;
            Ok(Some((MovementKind::ReturnReceipt, shelf)))
        }
        MaterialKind::Transfer | MaterialKind::DirectDelivery | MaterialKind::ReworkOut => {
            // Confirmed as it left: what quality has not released yet is not released by arriving.
            let custody = lookup::place_of_kind(tx, LocationKind::SubcontractorCustody, receiver, line.to.status)?;
            Ok(Some((MovementKind::Confirmation, on_account(custody, document.to_order_id.or(document.order_id)))))
        }
        _ => Ok(None),
    }
}

fn entries(tx: &mut Tx, document: &Material, line: &Line) -> Result<Vec<Entry>> {
    let (from, to) = way(document, line);
    let movement = rules::shape(document.kind).movement;
    let found = match (document.kind, line.direction) {
        (MaterialKind::Count, _) => {
            let missing = line.book.unwrap_or_default() - line.quantity;
            let way = if missing > Decimal::ZERO { (from, to) } else { (to, from) };
            vec![entry(line, movement, missing.abs(), way)]
        }
        (MaterialKind::OverConsumption, _) if line.already_declared => Vec::new(),
        (_, LineDirection::In) => vec![entry(line, MovementKind::ProductionOutput, line.quantity, (from, to))],
        (MaterialKind::Transfer, _) if stays(document) => {
            let mut both = vec![entry(line, movement, line.quantity, (from, to))];
            if let Some((kind, there)) = arrival(tx, document, line)? {
                both.push(entry(line, kind, line.quantity, (to, there)));
            }
            both
        }
        _ => vec![entry(line, movement, line.quantity, (from, to))],
    };
    Ok(found.into_iter().flatten().collect())
}

/// What happened, and the time on its evidence.
type Times = (DateTime<Utc>, Option<DateTime<Utc>>);

fn write(tx: &mut Tx, document: &Material, times: Times, mut entries: Vec<Entry>) -> Result<()> {
    let (occurred_at, evidence_at) = times;
    for entry in &mut entries {
        entry.evidence_at = evidence_at;
    }
    let (document_kind, document_id) = (DocumentKind::Material, document.id.uuid());
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })
}

/// Posts a written document.
///
/// # Errors
/// `lot_status_forbids`, `stock_insufficient`, `movement_forbidden`, `period_closed`, `time_in_future`, `genealogy_cycle`.
pub fn post(tx: &mut Tx, document: &Material, occurred_at: DateTime<Utc>) -> Result<()> {
    let lines = store::lines(tx, document.id)?;
    let moves = |line: &&Line| line.direction == LineDirection::Out && !line.already_declared;
    let moved: Vec<Uuid> = lines.iter().filter(moves).filter_map(|line| line.lot).map(LotId::uuid).collect();
    let shape = rules::shape(document.kind);
    if !shape.usable {
        lots::lots_check_not_recalled(tx, shape.movement, &moved)?;
    }
    let mut all = Vec::with_capacity(lines.len());
    for line in &lines {
        all.extend(entries(tx, document, line)?);
    }
    write(tx, document, (occurred_at, document.evidence_at), all)?;
    match document.kind {
        MaterialKind::Production | MaterialKind::Repack => making::link(tx, document, &lines)?,
        MaterialKind::OverConsumption => ruling::settle(tx, document, &lines)?,
        MaterialKind::DirectDelivery => making::record(tx, document, &lines)?,
        _ => {}
    }
    let sent = lines.iter().map(|line| (line.item, line.quantity));
    got(tx, document, sent.collect())
}

/// An order that gets material from another one needs that much less of its own.
fn got(tx: &mut Tx, document: &Material, quantities: Vec<(ItemId, Decimal)>) -> Result<()> {
    let Some(order) = document.to_order_id else { return Ok(()) };
    let state = components::issued(tx, order, &quantities)?;
    let order = order_read(tx, order)?;
    let clauses = order_clauses(tx, &order)?;
    settlement::issue_axis_changed(tx, (&order, &clauses), state, (DocumentKind::Material, document.id.uuid()))
}

/// Brings the custody axis of the order that gets something up to date, once the document's own state is written.
///
/// # Errors
/// Those of the database.
pub fn followed(tx: &mut Tx, document: &Material) -> Result<()> {
    let rework = document.order_id.filter(|_| document.kind == MaterialKind::ReworkOut);
    document.to_order_id.or(rework).map_or(Ok(()), |order| components::custody_changed(tx, order))
}

fn sent(line: &Line) -> Sent {
    (line.number, line.quantity, line.decimal_places)
}

/// Books what was counted on arrival. What is missing stands where it left again.
///
/// # Errors
/// `count_incomplete`, `difference_remark_required`, `fields_invalid`, `period_closed`, `stock_insufficient`.
pub fn arrive(tx: &mut Tx, document: &Material, count: &MaterialConfirm) -> Result<CustodyState> {
    let lines = store::lines(tx, document.id)?;
    let all: Vec<Sent> = lines.iter().map(sent).collect();
    let arrived = rules::compare(&all, count, (document.occurred_at, tx.now))?;
    let (mut entries, mut missing) = (Vec::new(), Vec::new());
    let released = released(tx, document, &lines)?;
    for line in &lines {
        let Some((kind, there)) = arrival(tx, document, line)? else {
            return Err(anyhow::anyhow!("nobody confirms a {}", document.kind).into());
        };
        let (left, here) = way(document, line);
        let received = arrived.get(&line.number).copied().unwrap_or_default();
        entries.extend(entry(line, kind, received, (here, there)));
        if line.lot.is_some_and(|lot| released.contains(&lot.uuid())) {
            let usable = Place { status: StockStatus::Available, ..there };
            entries.extend(entry(line, MovementKind::Release, received, (there, usable)));
        }
        entries.extend(entry(line, MovementKind::Reversal, line.quantity - received, (here, left)));
        missing.push((line.item, received - line.quantity));
    }
    write(tx, document, (count.occurred_at.unwrap_or(tx.now), count.evidence_at), entries)?;
    got(tx, document, missing)?;
    received(tx, document, &arrived)?;
    Ok(rules::custody_after(&all, &arrived))
}

/// Lots delivered straight that quality released while they were on their way.
fn released(tx: &mut Tx, document: &Material, lines: &[Line]) -> Result<Vec<Uuid>> {
    if document.kind != MaterialKind::DirectDelivery {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = lines.iter().filter_map(|line| line.lot).map(LotId::uuid).collect();
    let held = lots::lots_hold(tx, &ids)?;
    Ok(held.into_iter().filter(|lot| lot.status == LotStatus::Released.as_str()).map(|lot| lot.id).collect())
}

fn received(tx: &mut Tx, document: &Material, arrived: &BTreeMap<i32, Decimal>) -> Result<()> {
    for (line, quantity) in arrived {
        store::line_received(tx, document.id, *line, *quantity)?;
    }
    Ok(())
}

/// Undoes what a document did.
///
/// # Errors
/// `later_movement_exists`, `reversal_period_closed`.
pub fn undo(tx: &mut Tx, document: &Material) -> Result<()> {
    let lines = store::lines(tx, document.id)?;
    let key = (DocumentKind::Material, document.id.uuid());
    making::lock(tx, document, &lines)?;
    ledger::reverse(tx, key, &document.number)?;
    links::void(tx, key.0, key.1)?;
    if document.kind.makes_lots() || document.kind == MaterialKind::DirectDelivery {
        making::unmake(tx, document, &lines)?;
    }
    if document.borne_by == Some(LossBearer::Subcontractor) {
        settlement::reversed(tx, key)?;
    }
    got(tx, document, lines.iter().map(|line| (line.item, -line.quantity)).collect())
}
