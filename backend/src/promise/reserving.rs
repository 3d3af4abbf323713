//! Reservations that people make for an order or a requisition: made, taken over, cancelled.

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{OrderId, RequisitionId, ReservationId};
use lotline_common::issuing::{ApprovalState, RequisitionIssueState};
use lotline_common::ledger::DocumentKind;
use lotline_common::orders::OrderState;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::promise::{Reservation, ReservationCreate, ReservationsMade};
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::reserving as rules;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::issuing::rules::allocation;
use crate::issuing::{picks, requisitions};
use crate::ledger::soft::{self, Ending, Promise, Shelf, Terms};
use crate::masterdata::lookup::{self, ItemFacts};
use crate::orders::needs::{self, Need};
use crate::orders::service as orders;
use crate::quality::rules::check_reason;
use crate::schema::lot;

/// One reservation.
///
/// # Errors
/// `not_found`.
pub fn reservation_read(reader: &mut Reader, id: ReservationId) -> Result<Reservation> {
    list::one(reader, "reservation_view", id)
}

/// Whom a reservation is for.
struct Target {
    kind: DocumentKind,
    id: Uuid,
    number: String,
    order: OrderId,
    /// Items it is about; none: all of the order's.
    items: Option<Vec<Uuid>>,
}

/// Reserves stock: all of it or nothing, what expires first first. Where free stock is not enough, an urgent reservation
/// takes the rest over from normal ones of other orders when it says why.
///
/// # Errors
/// `fields_invalid`, `reference_unknown`, `order_not_open`, `state_forbids`, `item_not_in_order`,
/// `reservation_exceeds_need`, `reservation_short`, `take_over_not_urgent`, `reason_required`.
pub fn reservation_create(tx: &mut Tx, command: &ReservationCreate) -> Result<ReservationsMade> {
    let item = lookup::item_facts(tx, command.item_id, "item_id")?;
    rules::check(command, item.decimal_places, tx.now)?;
    let target = target(tx, command)?;
    let mut shelves = soft::lock_shelves(tx, &[command.item_id.uuid()])?;
    let need = need(tx, &target, &item)?;
    check_need(&target, &need, command)?;
    if let Some(lot) = command.lot_id {
        check_lot(tx, (lot.uuid(), command.item_id.uuid()))?;
        shelves.retain(|shelf| shelf.lot == Some(lot.uuid()));
    }
    let taken = take_over(tx, &mut shelves, (command, &item), target.order)?;
    let terms = Terms {
        document: (target.kind, target.id),
        line: need.line_number,
        priority: command.priority,
        expires_at: rules::expiry(command, tx.now),
        reason: command.reason.clone(),
    };
    let parts = parts(&shelves, command.quantity);
    let made = soft::promise(tx, &terms, &parts)?;
    for (promise, _) in &taken {
        let by = parts.iter().zip(&made).find(|((balance, _), _)| *balance == promise.balance_id);
        if let Some(by) = by.map(|(_, id)| *id).or(made.first().copied()) {
            soft::mark_taken_over(tx, promise, by)?;
        }
    }
    tell(tx, (&made, &taken), command)
}

/// Writes what was done into the record and answers it.
fn tell(
    tx: &mut Tx,
    done: (&[ReservationId], &[(Promise, Reservation)]),
    command: &ReservationCreate,
) -> Result<ReservationsMade> {
    let (mut items, mut taken_over) = (Vec::new(), Vec::new());
    for id in done.0 {
        let made = reservation_read(tx, *id)?;
        let event = Event::new(AggregateKind::Reservation, *id, AuditAction::Created).reason(&command.reason);
        audit::append(tx, event.after(&made)?)?;
        items.push(made);
    }
    let reason = command.take_over_reason.as_deref().unwrap_or_default();
    for (_, before) in done.1 {
        let after = reservation_read(tx, before.id)?;
        let event = Event::new(AggregateKind::Reservation, before.id, AuditAction::TakenOver).reason(reason);
        audit::append(tx, event.change(before, &after)?)?;
        taken_over.push(after);
    }
    tx.notify(LiveTopic::Stock, None, None);
    Ok(ReservationsMade { items, taken_over })
}

fn unknown(what: &str) -> impl Fn(Error) -> Error + '_ {
    move |error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::NotFound => {
            Refusal::new(ProblemCode::ReferenceUnknown).with("what", what).into()
        }
        _ => error,
    }
}

fn target(tx: &mut Tx, command: &ReservationCreate) -> Result<Target> {
    match (command.requisition_id, command.order_id) {
        (Some(id), _) => of_requisition(tx, id),
        (None, Some(id)) => of_order(tx, id),
        (None, None) => Err(Refusal::new(ProblemCode::FieldRequired).into()),
    }
}

fn of_order(tx: &mut Tx, id: OrderId) -> Result<Target> {
    let order = orders::order_lock(tx, id).map_err(unknown("order_id"))?;
    if order.record_state != OrderState::Open {
        let refusal = Refusal::new(ProblemCode::OrderNotOpen).with("number", order.number);
        return Err(refusal.with("state", order.record_state).into());
    }
    Ok(Target { kind: DocumentKind::Order, id: id.uuid(), number: order.number, order: id, items: None })
}

fn of_requisition(tx: &mut Tx, id: RequisitionId) -> Result<Target> {
    let requisition = requisitions::requisition_lock(tx, id).map_err(unknown("requisition_id"))?;
    let refusal = Refusal::new(ProblemCode::StateForbids).with("number", &requisition.number);
    match (requisition.approval_state, requisition.issue_state) {
        (state @ (ApprovalState::Rejected | ApprovalState::Withdrawn), _) => {
            return Err(refusal.with("state", state).into());
        }
        (_, RequisitionIssueState::NotIssued) => {}
        (_, state) => return Err(refusal.with("state", state).into()),
    }
    let items = requisition.lines.iter().map(|line| line.item.id.uuid()).collect();
    let (number, order) = (requisition.number, requisition.order_id);
    Ok(Target { kind: DocumentKind::Requisition, id: id.uuid(), number, order, items: Some(items) })
}

/// What the order still needs of the item. Read under the lock of its shelves, so that two who reserve for the same order
/// see each other.
fn need(tx: &mut Tx, target: &Target, item: &ItemFacts) -> Result<Need> {
    let needs = needs::needs(tx, Some(target.order), Some(item.id))?;
    let asked = target.items.as_ref().is_none_or(|items| items.contains(&item.id.uuid()));
    needs.into_iter().next().filter(|_| asked).ok_or_else(|| {
        Refusal::new(ProblemCode::ItemNotInOrder).with("item", &item.code).with("number", &target.number).into()
    })
}

fn check_need(target: &Target, need: &Need, command: &ReservationCreate) -> Result<()> {
    if command.quantity <= need.outstanding - need.own_reserved {
        return Ok(());
    }
    let refusal = Refusal::new(ProblemCode::ReservationExceedsNeed).with("number", &target.number);
    let refusal = refusal.with("item", &need.item.code).with("needed", need.outstanding);
    Err(refusal.with("reserved", need.own_reserved).with("requested", command.quantity.normalize()).into())
}

fn check_lot(tx: &mut Tx, (id, item): (Uuid, Uuid)) -> Result<()> {
    let known = lot::table.find((tx.org(), id)).filter(lot::item_id.eq(item)).select(lot::id);
    let known: Option<Uuid> = known.first(tx.conn).optional()?;
    let missing = || Error::from(Refusal::new(ProblemCode::ReferenceUnknown).with("what", "lot_id"));
    known.map(drop).ok_or_else(missing)
}

/// Makes room where the free stock is not enough: ends normal reservations of other orders, the youngest first, and gives
/// their stock to the shelves. Answers what was taken, as it was.
fn take_over(
    tx: &mut Tx,
    shelves: &mut [Shelf],
    asked: (&ReservationCreate, &ItemFacts),
    order: OrderId,
) -> Result<Vec<(Promise, Reservation)>> {
    let (command, item) = asked;
    let free: Decimal = shelves.iter().map(|shelf| shelf.free).sum();
    let mut missing = command.quantity - free;
    if missing <= Decimal::ZERO {
        return Ok(Vec::new());
    }
    let holders = holders(tx, shelves)?;
    let yields = |(promise, reservation): &(Promise, Reservation)| {
        promise.yields() && reservation.order.as_ref().is_some_and(|of| of.id != order.uuid())
    };
    let takeable: Decimal = holders.iter().filter(|held| yields(held)).map(|(promise, _)| promise.quantity).sum();
    let Some(reason) = command.take_over_reason.as_deref().filter(|_| takeable >= missing) else {
        let named = holders.iter().map(|(_, reservation)| named(reservation)).collect::<Vec<_>>().join(", ");
        let refusal = Refusal::new(ProblemCode::ReservationShort).with("item", &item.code);
        let refusal = refusal.with("available", free.normalize()).with("requested", command.quantity.normalize());
        let named = if named.is_empty() { "—".to_owned() } else { named };
        return Err(refusal.with("holders", named).with("takeable", takeable.normalize()).into());
    };
    let mut taken = Vec::new();
    for held in holders.into_iter().rev().filter(|held| yields(held)) {
        let quantity = held.0.quantity.min(missing);
        if quantity <= Decimal::ZERO {
            break;
        }
        soft::end(tx, &held.0, quantity, Ending::Voided(reason))?;
        missing -= quantity;
        if let Some(shelf) = shelves.iter_mut().find(|shelf| shelf.balance == held.0.balance_id) {
            shelf.free += quantity;
        }
        taken.push(held);
    }
    Ok(taken)
}

/// Who holds the stock of these shelves ahead of picking, the oldest first.
fn holders(tx: &mut Tx, shelves: &[Shelf]) -> Result<Vec<(Promise, Reservation)>> {
    let balances: Vec<Uuid> = shelves.iter().map(|shelf| shelf.balance).collect();
    let promises = soft::open_promises(tx, &balances)?;
    promises.into_iter().map(|promise| Ok((promise.clone(), reservation_read(tx, promise.id.into())?))).collect()
}

/// A reservation in the words of a refusal: `WW-2026-000001 5`.
fn named(reservation: &Reservation) -> String {
    let number = reservation.document.as_ref().map_or("—", |document| &document.number);
    format!("{number} {}", reservation.quantity.normalize())
}

/// The parts of the shelves that serve a quantity, by balance.
fn parts(shelves: &[Shelf], quantity: Decimal) -> Vec<(Uuid, Decimal)> {
    let mut candidates: Vec<_> = shelves.iter().map(picks::candidate).collect();
    allocation::sort_first_expired_first(&mut candidates);
    let parts = allocation::allocate(quantity, &mut candidates).into_iter();
    let balance = |part: allocation::Part| {
        let shelf = shelves.iter().find(|shelf| (shelf.location, shelf.lot) == (part.location, part.lot))?;
        Some((shelf.balance, part.quantity))
    };
    parts.filter_map(balance).collect()
}

/// Gives a reservation back.
///
/// # Errors
/// `version_stale`, `state_forbids`, `reason_required`, `reservation_of_pick`.
pub fn reservation_cancel(tx: &mut Tx, id: ReservationId, version: i64, command: &Reversal) -> Result<Reservation> {
    let promise = soft::lock_promise(tx, id)?;
    let before = reservation_read(tx, id)?;
    let number = before.document.as_ref().map(|document| document.number.clone()).unwrap_or_default();
    if !before.soft {
        return Err(Refusal::new(ProblemCode::ReservationOfPick).with("number", number).into());
    }
    let Some(promise) = promise else {
        return Err(Refusal::new(ProblemCode::StateForbids).with("number", number).with("state", before.state).into());
    };
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    soft::end(tx, &promise, promise.quantity, Ending::Voided(&command.reason))?;
    let after = reservation_read(tx, id)?;
    let event = Event::new(AggregateKind::Reservation, id, AuditAction::Cancelled).reason(&command.reason);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Stock, None, None);
    Ok(after)
}
