//! Deciding about a lot.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LocationId, LotId};
use lotline_common::ledger::{DocumentKind, Lot, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::quality::{LotDecision, LotDecisionCreate, ToolAct, ToolActCreate};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules;
use crate::audit::{self, Event};
use crate::contracts::service::settlement;
use crate::db::{Tx, check_version};
use crate::error::{Error, Result};
use crate::ledger::{self, Entry, Place, Posting, lots, soft};
use crate::masterdata::lookup;
use crate::subcontract_receiving;
use crate::trace::completeness;

#[derive(QueryableByName)]
struct OwnStock {
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    order_id: Option<Uuid>,
}

/// Decides about a lot: moves all of it that lies on own shelves and takes part in the decision, and what was delivered
/// straight to a subcontractor and still waits there.
///
/// # Errors
/// `version_stale`, `reason_required`, `lot_status_forbids`, `lot_expired`, `trace_incomplete`, `location_unfit`.
pub fn lot_decide(tx: &mut Tx, id: LotId, version: i64, command: &LotDecisionCreate) -> Result<Lot> {
    subcontract_receiving::service::lots_orders_hold(tx, &[id])?;
    let before = lots::lot_lock(tx, id)?;
    check_version(before.version, version)?;
    rules::check_reason(&command.reason)?;
    let status = rules::status_after(command.decision, &before)?;
    check_not_expired(command.decision, &before)?;
    if command.decision == LotDecision::Release {
        completeness::check_release(tx, &before)?;
    }
    if command.decision == LotDecision::Block {
        soft::void_of_lots(tx, &[id], &command.reason)?;
    }
    let entries = entries(tx, &before, command)?;
    lots::lot_set_status(tx, id, status)?;
    if !entries.is_empty() {
        let (document_kind, document_id, occurred_at) = (DocumentKind::Lot, id.uuid(), tx.now);
        ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })?;
    }
    if command.decision == LotDecision::Release {
        settlement::accepted(tx, id)?;
    }
    subcontract_receiving::service::lots_judged(tx, &[id])?;
    let after = lots::lot_read(tx, id)?;
    let event = Event::new(AggregateKind::Lot, id, action_of(command.decision)).reason(&command.reason);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Lot, Some(id.uuid()), None);
    Ok(after)
}

/// Extends or resets the life of a tool, which quality or maintenance inspected.
///
/// # Errors
/// `version_stale`, `reason_required`, `not_a_tool`, `fields_invalid`.
pub fn tool_renew(tx: &mut Tx, id: LotId, version: i64, command: &ToolActCreate) -> Result<Lot> {
    let before = lots::lot_lock(tx, id)?;
    check_version(before.version, version)?;
    rules::check_reason(&command.reason)?;
    let tool = before.tool.as_ref().ok_or_else(|| Refusal::new(ProblemCode::NotATool).with("lot", &before.code))?;
    let life = rules::life_after(tool, command)?;
    lots::tool_renew(tx, id, life, command.act == ToolAct::Reset)?;
    let after = lots::lot_read(tx, id)?;
    let event = Event::new(AggregateKind::Lot, id, AuditAction::Updated).reason(&command.reason);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Lot, Some(id.uuid()), None);
    Ok(after)
}

/// How a decision is called on the timeline.
pub(super) const fn action_of(decision: LotDecision) -> AuditAction {
    match decision {
        LotDecision::Release => AuditAction::Released,
        LotDecision::Block => AuditAction::Blocked,
        LotDecision::Unblock => AuditAction::Unblocked,
    }
}

fn check_not_expired(decision: LotDecision, lot: &Lot) -> Result<()> {
    match (decision, lot.expires_on) {
        (LotDecision::Release | LotDecision::Unblock, Some(last_day)) if lot.expired => {
            Err(Refusal::new(ProblemCode::LotExpired).with("lot", &lot.code).with("expires_on", last_day).into())
        }
        _ => Ok(()),
    }
}

/// Ways that stock takes in a decision: from here to there.
type Way = (Place, Place);

/// What lies on own shelves and takes part in a decision, and where it goes.
fn ways(tx: &mut Tx, lot: &Lot, command: &LotDecisionCreate) -> Result<Vec<Way>> {
    let stock: Vec<OwnStock> = diesel::sql_query(
        "SELECT b.location_id, p.kind, b.status, b.order_id
         FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         WHERE b.org_id = current_org() AND b.lot_id = $1 AND b.on_hand > 0
            AND (p.kind IN ('quarantine', 'own_stock', 'wip')
                OR (p.kind = 'subcontractor_custody' AND b.status IN ('quarantine', 'blocked') AND b.owner_id IS NULL))
         ORDER BY b.location_id, b.status",
    )
    .bind::<SqlUuid, _>(lot.id.uuid())
    .load(tx.conn)?;
    let mut ways = Vec::new();
    for row in stock {
        let kind: LocationKind = row.kind.parse().map_err(anyhow::Error::from)?;
        let status: StockStatus = row.status.parse().map_err(anyhow::Error::from)?;
        let after = rules::stock_after(command.decision, (kind, status), lot.released_at.is_some());
        let Some(after) = after else { continue };
        let from = Place { order: row.order_id.map(Into::into), ..Place::new(row.location_id.into(), kind, status) };
        ways.push((from, target(tx, from, after, command.to_location_id)?));
    }
    Ok(ways)
}

/// All that takes part, with both ends of its way held in the ledger's order. What came to another shelf while we
/// waited is found by trying again.
fn entries(tx: &mut Tx, lot: &Lot, command: &LotDecisionCreate) -> Result<Vec<Entry>> {
    let ways = ways(tx, lot, command)?;
    let what = (lot.item.id, Some(lot.id), lot.item.unit.id);
    let moved = |way: Way| Entry::new(rules::movement_of(command.decision), what, Decimal::ZERO, way);
    let mut entries: Vec<Entry> = ways.iter().copied().map(moved).collect();
    let ends = entries.iter().flat_map(|entry| [entry.position(entry.from), entry.position(entry.to)]);
    let held = ledger::hold(tx, ends.collect())?;
    if self::ways(tx, lot, command)?.iter().any(|way| !ways.contains(way)) {
        return Err(Error::Conflict(diesel::result::Error::RollbackTransaction));
    }
    for entry in &mut entries {
        // What a pick task holds stays where it is: the task's next scan finds the lot on hold.
        entry.quantity = held.get(&entry.position(entry.from)).map(|standing| standing.free()).unwrap_or_default();
    }
    entries.retain(|entry| entry.quantity > Decimal::ZERO);
    Ok(entries)
}

/// Where stock goes: what becomes available leaves the quarantine shelf; what stands at a line stays there.
pub(super) fn target(tx: &mut Tx, from: Place, status: StockStatus, chosen: Option<LocationId>) -> Result<Place> {
    let stays = match from.kind {
        LocationKind::Wip | LocationKind::SubcontractorCustody => true,
        LocationKind::OwnStock => chosen.is_none(),
        _ => false,
    };
    if status != StockStatus::Available || stays {
        return Ok(Place { status, ..from });
    }
    let Some(location) = chosen else {
        return lookup::place_of_kind(tx, LocationKind::OwnStock, None, status);
    };
    let (kind, code) = lookup::location_facts(tx, location, "to_location_id")?;
    if kind != LocationKind::OwnStock {
        return Err(Refusal::new(ProblemCode::LocationUnfit).with("location", code).into());
    }
    Ok(Place::new(location, kind, status))
}
