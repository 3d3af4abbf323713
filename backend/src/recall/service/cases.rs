//! Beginning, holding, lifting, closing and calling off a recall.

use std::collections::BTreeMap;

use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, RecallId};
use lotline_common::ledger::DocumentKind;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::recall::{
    HoldState, Recall, RecallClose, RecallCreate, RecallHold, RecallLift, RecallState, RecallStep,
};
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;
use serde_json::json;
use uuid::Uuid;

use super::{notices, seeds};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::ledger::{lots, soft};
use crate::numbering::next_number;
use crate::quality::rules::check_reason;
use crate::recall::rules;
use crate::recall::store::{self, Affected};
use crate::subcontract_receiving::service::{lots_judged, lots_orders_hold};

/// Events written in one statement.
const EVENTS: usize = 1_000;

/// One recall.
///
/// # Errors
/// `not_found`.
pub fn recall_read(reader: &mut Reader, id: RecallId) -> Result<Recall> {
    list::one(reader, "recall_view", id)
}

/// Begins a recall: works its scope out and freezes it. Nothing is held.
///
/// # Errors
/// `fields_invalid`, `recall_seedless`.
pub fn recall_create(tx: &mut Tx, command: &RecallCreate) -> Result<Recall> {
    rules::check_create(command)?;
    let affected = seeds::affected(tx, &command.criteria)?;
    let id = RecallId::new();
    let number = next_number(tx, DocumentKind::Recall)?;
    store::insert(tx, id, &number, command)?;
    store::add_lots(tx, id, &affected)?;
    let made = recall_read(tx, id)?;
    let details = json!({ "after": made, "lots": said(&affected) });
    let event = Event::new(AggregateKind::Recall, id, AuditAction::Created).reason(&command.reason);
    audit::append(tx, event.details(details))?;
    told(tx, id);
    Ok(made)
}

pub(super) fn said(lots: &[Affected]) -> Vec<serde_json::Value> {
    lots.iter().map(|lot| json!({ "lot": lot.lot, "certain": lot.certain })).collect()
}

fn told(tx: &mut Tx, id: RecallId) {
    tx.notify(LiveTopic::Recall, Some(id.uuid()), None);
}

/// A recall, locked, at the version that the caller read.
fn locked(tx: &mut Tx, id: RecallId, version: i64) -> Result<Recall> {
    store::lock(tx, id)?;
    let before = recall_read(tx, id)?;
    check_version(before.version, version)?;
    Ok(before)
}

/// Moves a recall on, and records what changed with it.
pub(super) fn moved(tx: &mut Tx, before: &Recall, to: (RecallState, &str), event: Event) -> Result<Recall> {
    store::set_state(tx, before.id, to.0, to.1)?;
    audit::append(tx, event)?;
    told(tx, before.id);
    recall_read(tx, before.id)
}

/// Looks for affected lots again. What is found is added; a possible lot can become certain; nothing leaves the scope.
///
/// # Errors
/// `version_stale`, `state_forbids`.
pub fn recall_scope(tx: &mut Tx, id: RecallId, version: i64) -> Result<Recall> {
    let before = locked(tx, id, version)?;
    let state = rules::state_after(RecallStep::Scope, &before)?;
    let found = seeds::affected(tx, &before.criteria)?;
    let new = add_found(tx, id, &found)?;
    let event = Event::new(AggregateKind::Recall, id, AuditAction::Scoped);
    moved(tx, &before, (state, ""), event.details(json!({ "found": said(&new) })))
}

/// Adds what was found to a scope; answers what is new in it, or certain now.
pub(super) fn add_found(tx: &mut Tx, id: RecallId, found: &[Affected]) -> Result<Vec<Affected>> {
    let known: BTreeMap<Uuid, bool> = store::known_lots(tx, id)?.into_iter().collect();
    let new = |lot: &&Affected| known.get(&lot.lot).is_none_or(|certain| lot.certain && !certain);
    let new: Vec<Affected> = found.iter().filter(new).copied().collect();
    store::add_lots(tx, id, &new)?;
    Ok(new)
}

/// Holds the lots of a recall everywhere, in one act: on our shelves, on the way and at subcontractors. Nothing of them
/// moves from then on but back, aside or into scrap. Everybody who has some is told.
///
/// # Errors
/// `version_stale`, `state_forbids`, `recall_nothing_to_hold`.
pub fn recall_hold(tx: &mut Tx, id: RecallId, version: i64, command: &RecallHold) -> Result<Recall> {
    let before = locked(tx, id, version)?;
    let state = rules::state_after(RecallStep::Hold, &before)?;
    let held = store::lots_in_state(tx, id, HoldState::Scoped, command.include_possible)?;
    if held.is_empty() {
        return Err(Refusal::new(ProblemCode::RecallNothingToHold).with("number", before.number).into());
    }
    lots_orders_hold(tx, &held)?;
    hold(tx, &before, &held)?;
    let event = Event::new(AggregateKind::Recall, id, AuditAction::Recalled);
    let details = json!({ "include_possible": command.include_possible, "lots": held });
    moved(tx, &before, (state, ""), event.details(details))
}

/// Holds lots of a recall whose orders are held. Everybody who has some is told.
pub(super) fn hold(tx: &mut Tx, recall: &Recall, held: &[LotId]) -> Result<()> {
    lots::lots_lock(tx, held)?;
    soft::void_of_lots(tx, held, &recall.reason)?;
    store::set_held(tx, recall.id, held)?;
    lots::lots_recall(tx, held)?;
    lots_judged(tx, held)?;
    notices::write(tx, recall)?;
    record_lots(tx, held, AuditAction::Recalled, (&recall.number, &recall.reason))
}

/// Each lot's own chain goes on with what a recall did to it.
fn record_lots(tx: &mut Tx, lots: &[LotId], action: AuditAction, of: (&str, &str)) -> Result<()> {
    let (number, reason) = of;
    for part in lots.chunks(EVENTS) {
        let event = |lot: &LotId| Event::new(AggregateKind::Lot, *lot, action).reason(reason);
        let events = part.iter().map(event).map(|event| event.details(json!({ "recall": number })));
        audit::append_all(tx, events.collect())?;
    }
    tx.notify(LiveTopic::Lot, None, None);
    Ok(())
}

/// Lifts the hold of lots: each has the status again that it had before, unless another recall holds it.
///
/// # Errors
/// `version_stale`, `state_forbids`, `fields_invalid`, `reason_required`, `recall_lot_not_held`.
pub fn recall_lift(tx: &mut Tx, id: RecallId, version: i64, command: &RecallLift) -> Result<Recall> {
    let before = locked(tx, id, version)?;
    let state = rules::state_after(RecallStep::Lift, &before)?;
    check_reason(&command.reason)?;
    let mut check = FieldCheck::new();
    rules::check_named(&mut check, "/lot_ids", (1, command.lot_ids.len()));
    check.finish()?;
    let held = store::held(tx, id, &command.lot_ids)?;
    if let Some(wanted) = command.lot_ids.iter().find(|lot| !held.contains(&lot.uuid())) {
        let known = store::lots(tx, id)?.into_iter().find(|lot| lot.id == *wanted);
        let code = known.map_or_else(|| wanted.to_string(), |lot| lot.lot.code);
        let refusal = Refusal::new(ProblemCode::RecallLotNotHeld).with("lot", code);
        return Err(refusal.with("number", before.number).into());
    }
    lots_orders_hold(tx, &command.lot_ids)?;
    lots::lots_lock(tx, &command.lot_ids)?;
    store::set_lifted(tx, id, &command.lot_ids, &command.reason)?;
    let freed = store::freed(tx, id, &command.lot_ids)?;
    lots::lots_restore(tx, &freed)?;
    lots_judged(tx, &command.lot_ids)?;
    record_lots(tx, &command.lot_ids, AuditAction::HoldLifted, (&before.number, &command.reason))?;
    let event = Event::new(AggregateKind::Recall, id, AuditAction::HoldLifted).reason(&command.reason);
    moved(tx, &before, (state, ""), event.details(json!({ "lots": command.lot_ids })))
}

/// Closes a recall whose held lots are accounted for, or says why the rest cannot be. Lots stay recalled.
///
/// # Errors
/// `version_stale`, `state_forbids`, `fields_invalid`, `recall_notices_open`, `recall_residual`.
pub fn recall_close(tx: &mut Tx, id: RecallId, version: i64, command: &RecallClose) -> Result<Recall> {
    let before = locked(tx, id, version)?;
    let state = rules::state_after(RecallStep::Close, &before)?;
    let mut check = FieldCheck::new();
    check.optional_text("/unlocated_reason", &command.unlocated_reason, 500);
    check.finish()?;
    // What is checked and recorded is what is kept: the figures go on changing.
    store::freeze_figures(tx, id)?;
    let (lots, notices) = (store::lots(tx, id)?, store::notices(tx, id)?);
    rules::check_close(&before, (&lots, &notices), &command.unlocated_reason)?;
    let figures: Vec<_> = lots.iter().map(|lot| json!({ "lot": lot.lot.code, "figures": lot.figures })).collect();
    let event = Event::new(AggregateKind::Recall, id, AuditAction::Closed).reason(&command.unlocated_reason);
    moved(tx, &before, (state, &command.unlocated_reason), event.details(json!({ "lots": figures })))
}

/// Calls a recall off before anything was held.
///
/// # Errors
/// `version_stale`, `state_forbids`, `reason_required`.
pub fn recall_cancel(tx: &mut Tx, id: RecallId, version: i64, command: &Reversal) -> Result<Recall> {
    let before = locked(tx, id, version)?;
    let state = rules::state_after(RecallStep::Cancel, &before)?;
    check_reason(&command.reason)?;
    let event = Event::new(AggregateKind::Recall, id, AuditAction::Cancelled).reason(&command.reason);
    moved(tx, &before, (state, &command.reason), event)
}
