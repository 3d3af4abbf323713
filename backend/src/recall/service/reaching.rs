//! What was used before a recall held it and is written down only afterwards, and what was made of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, OrderId, RecallId};
use lotline_common::ledger::LotStatus;
use lotline_common::recall::{HoldState, RecallState};
use serde_json::json;
use uuid::Uuid;

use super::{cases, seeds};
use crate::audit::{self, Event};
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::ledger::lots;
use crate::recall::{rules, store};
use crate::schema::recall_lot;
use crate::trace::links::NewLink;

/// Since when recalls hold some of these lots; the earliest time where several hold one.
///
/// # Errors
/// Those of the database.
pub fn held_since(reader: &mut Reader, lots: &[Uuid]) -> Result<BTreeMap<Uuid, DateTime<Utc>>> {
    if lots.is_empty() {
        return Ok(BTreeMap::new());
    }
    let held = recall_lot::table
        .filter(recall_lot::org_id.eq(reader.org()))
        .filter(recall_lot::lot_id.eq_any(lots))
        .filter(recall_lot::hold_state.eq(HoldState::Held.as_str()))
        .order(recall_lot::held_at.desc())
        .select((recall_lot::lot_id, recall_lot::held_at));
    // Of several times of one lot, the last that is put in stays: the earliest.
    let rows: Vec<(Uuid, Option<DateTime<Utc>>)> = held.load(reader.conn)?;
    Ok(rows.into_iter().filter_map(|(lot, since)| Some((lot, since?))).collect())
}

/// Holds lots still that were used, and refuses those that a recall held by then, also one that is used up and stays so
/// under its hold. Answers those that one held only afterwards: what was used before may be written down.
///
/// # Errors
/// `lot_status_forbids`.
pub fn lots_check_used(tx: &mut Tx, used: &[Uuid], used_by: DateTime<Utc>) -> Result<Vec<Uuid>> {
    if used.is_empty() {
        return Ok(Vec::new());
    }
    // Asked once they are held still: who was about to hold one has done so, or waits.
    let lots = lots::lots_hold(tx, used)?;
    let since = held_since(tx, used)?;
    for lot in &lots {
        let held = since.get(&lot.id).copied();
        rules::check_used(&lot.code, held, used_by)?;
        if held.is_none() && lot.status == LotStatus::Recalled.as_str() {
            return Err(rules::used_after(&lot.code).into());
        }
    }
    Ok(lots.into_iter().map(|lot| lot.id).filter(|lot| since.contains_key(lot)).collect())
}

#[derive(QueryableByName)]
struct RecallRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Locks the open recalls that hold some of these lots, or of what stands on an order at its subcontractor. Who holds
/// or lifts locks the recall before the orders, and these before the lots; so does whoever posts what was made of such
/// lots, also of the subcontractor's own, which stand on no order before they are used.
///
/// # Errors
/// Those of the database.
pub fn recalls_lock(tx: &mut Tx, order: Option<OrderId>, lots: &[Uuid]) -> Result<Vec<RecallId>> {
    if order.is_none() && lots.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<RecallRow> = diesel::sql_query(
        "SELECT r.id FROM recall r WHERE r.org_id = current_org() AND r.record_state = 'held' AND r.id IN (
            SELECT h.recall_id FROM recall_lot h
            WHERE h.org_id = current_org() AND h.hold_state = 'held' AND h.lot_id IN (
                SELECT unnest($1) UNION ALL
                SELECT b.lot_id FROM stock_balance b WHERE b.org_id = current_org() AND b.order_id = $2
                    AND b.location_kind = 'subcontractor_custody' AND b.on_hand > 0))
         ORDER BY r.id FOR UPDATE OF r",
    )
    .bind::<Array<SqlUuid>, _>(lots)
    .bind::<Nullable<SqlUuid>, _>(order.map(OrderId::uuid))
    .cached()
    .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Lots came in and were linked to what went into them. Each open recall that holds some of that looks for affected
/// lots again, and what was made of it for certain is held with it. Answers whether anything was.
///
/// # Errors
/// Those of the database.
pub fn lots_made(tx: &mut Tx, links: &[NewLink]) -> Result<bool> {
    let parents: BTreeSet<Uuid> = links.iter().map(|link| link.parent.uuid()).collect();
    let made: BTreeSet<LotId> = links.iter().map(|link| link.child).collect();
    let mut any = false;
    for id in recalls_lock(tx, None, &parents.into_iter().collect::<Vec<_>>())? {
        any |= reach(tx, id, &made)?;
    }
    Ok(any)
}

fn reach(tx: &mut Tx, id: RecallId, made: &BTreeSet<LotId>) -> Result<bool> {
    let before = cases::recall_read(tx, id)?;
    let suspects = suspects(tx, id)?;
    let found = seeds::reached(tx, &suspects)?;
    let new = cases::add_found(tx, id, &found)?;
    let mut held = store::lots_in_state(tx, id, HoldState::Scoped, false)?;
    // What was let go while it was only possible, and is certain now.
    let certain: BTreeSet<Uuid> = new.iter().filter(|lot| lot.certain).map(|lot| lot.lot).collect();
    let let_go = store::lots_in_state(tx, id, HoldState::Lifted, false)?.into_iter();
    held.extend(let_go.filter(|lot| certain.contains(&lot.uuid())));
    held.retain(|lot| made.contains(lot));
    held.sort_unstable();
    if new.is_empty() && held.is_empty() {
        return Ok(false);
    }
    let event = Event::new(AggregateKind::Recall, id, AuditAction::Scoped);
    cases::moved(tx, &before, (RecallState::Held, ""), event.details(json!({ "found": cases::said(&new) })))?;
    if held.is_empty() {
        return Ok(false);
    }
    cases::hold(tx, &before, &held)?;
    let event = Event::new(AggregateKind::Recall, id, AuditAction::Recalled);
    audit::append(tx, event.details(json!({ "include_possible": false, "lots": held })))?;
    Ok(true)
}

/// The lots that a recall began at, as they stand in its scope: also one that the criteria would not choose any more.
fn suspects(reader: &mut Reader, id: RecallId) -> Result<Vec<LotId>> {
    let rows = recall_lot::table
        .filter(recall_lot::org_id.eq(reader.org()))
        .filter(recall_lot::recall_id.eq(id.uuid()))
        .filter(recall_lot::distance.eq(0));
    let ids: Vec<Uuid> = rows.select(recall_lot::lot_id).load(reader.conn)?;
    Ok(ids.into_iter().map(LotId::from).collect())
}
