//! What was used before a recall held it and is written down only afterwards, and what was made of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, RecallId};
use lotline_common::ledger::MovementKind;
use lotline_common::recall::{HoldState, RecallState};
use serde_json::json;
use uuid::Uuid;

use super::{cases, seeds};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::ledger::lots;
use crate::recall::store;
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

/// Holds lots still that were used, and refuses those that a recall held by then. Answers those that one held only
/// afterwards: what was used before may be written down.
///
/// # Errors
/// `lot_status_forbids`.
pub fn lots_check_used(tx: &mut Tx, used: &[Uuid], used_by: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let since = held_since(tx, used)?;
    let before = |lot: &Uuid| since.get(lot).is_some_and(|since| used_by < *since);
    let (before, others): (Vec<Uuid>, Vec<Uuid>) = used.iter().copied().partition(before);
    lots::lots_check_not_recalled(tx, MovementKind::Consumption, &others)?;
    Ok(before)
}

#[derive(QueryableByName)]
struct RecallRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Locks the open recalls that hold some of these lots. Who holds or lifts locks the recall before the orders, and so
/// does whoever posts what was made of such lots.
///
/// # Errors
/// Those of the database.
pub fn recalls_lock(tx: &mut Tx, lots: &[Uuid]) -> Result<Vec<RecallId>> {
    if lots.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<RecallRow> = diesel::sql_query(
        "SELECT r.id FROM recall r WHERE r.org_id = current_org() AND r.record_state = 'held' AND EXISTS (
            SELECT FROM recall_lot l WHERE (l.org_id, l.recall_id) = (r.org_id, r.id) AND l.hold_state = 'held'
                AND l.lot_id = ANY($1))
         ORDER BY r.id FOR UPDATE OF r",
    )
    .bind::<Array<SqlUuid>, _>(lots)
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
    for id in recalls_lock(tx, &parents.into_iter().collect::<Vec<_>>())? {
        any |= reach(tx, id, &made)?;
    }
    Ok(any)
}

fn reach(tx: &mut Tx, id: RecallId, made: &BTreeSet<LotId>) -> Result<bool> {
    let before = cases::recall_read(tx, id)?;
    let suspects = suspects(tx, id)?;
    let found = seeds::reached(tx, &suspects)?;
    let new = cases::add_found(tx, id, &found)?;
    let mut held = store::lots_to_hold(tx, id, false)?;
    held.retain(|lot| made.contains(lot));
    // What was let go while it was only possible, and is certain now.
    let certain = new.iter().filter(|lot| lot.certain).map(|lot| LotId::from(lot.lot));
    let certain: Vec<LotId> = certain.filter(|lot| made.contains(lot)).collect();
    held.extend(store::lots_lifted(tx, id, &certain)?);
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
