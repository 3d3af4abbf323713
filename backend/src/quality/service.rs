//! Deciding about a lot.

use diesel::prelude::*;
use diesel::sql_types::{Numeric, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LocationId, LotId};
use lotline_common::ledger::{DocumentKind, Lot, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::quality::{LotDecision, LotDecisionCreate};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules;
use crate::audit::{self, Event};
use crate::contracts::service::settlement;
use crate::db::{Tx, check_version};
use crate::error::Result;
use crate::ledger::{self, Entry, Place, Posting, lots, soft};
use crate::masterdata::lookup;
use crate::subcontract_receiving;

#[derive(QueryableByName)]
struct OwnStock {
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Numeric)]
    on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    reserved: Decimal,
}

/// Decides about a lot: moves all of it that lies on own shelves and takes part in the decision.
///
/// # Errors
/// `version_stale`, `reason_required`, `lot_status_forbids`, `lot_expired`, `location_unfit`.
pub fn lot_decide(tx: &mut Tx, id: LotId, version: i64, command: &LotDecisionCreate) -> Result<Lot> {
    let before = lots::lot_lock(tx, id)?;
    check_version(before.version, version)?;
    rules::check_reason(&command.reason)?;
    let status = rules::status_after(command.decision, &before)?;
    check_not_expired(command.decision, &before)?;
    if command.decision == LotDecision::Block {
        soft::void_of_lot(tx, id, &command.reason)?;
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
    subcontract_receiving::service::lot_judged(tx, id)?;
    let after = lots::lot_read(tx, id)?;
    let event = Event::new(AggregateKind::Lot, id, action_of(command.decision)).reason(&command.reason);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Lot, Some(id.uuid()), None);
    Ok(after)
}

const fn action_of(decision: LotDecision) -> AuditAction {
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

fn entries(tx: &mut Tx, lot: &Lot, command: &LotDecisionCreate) -> Result<Vec<Entry>> {
    let stock: Vec<OwnStock> = diesel::sql_query(
        "SELECT b.location_id, p.kind, b.status, b.on_hand, b.reserved
         FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         WHERE b.org_id = current_org() AND b.lot_id = $1 AND b.on_hand > 0
            AND p.kind IN ('quarantine', 'own_stock', 'wip')
         ORDER BY b.id FOR UPDATE OF b",
    )
    .bind::<SqlUuid, _>(lot.id.uuid())
    .load(tx.conn)?;
    let mut entries = Vec::new();
    for row in stock {
        let kind: LocationKind = row.kind.parse().map_err(anyhow::Error::from)?;
        let status: StockStatus = row.status.parse().map_err(anyhow::Error::from)?;
        let Some(after) = rules::stock_after(command.decision, status) else { continue };
        // What a pick task holds stays where it is: the task's next scan finds the lot on hold.
        let quantity = row.on_hand - row.reserved;
        if quantity <= Decimal::ZERO {
            continue;
        }
        let from = Place::new(row.location_id.into(), kind, status);
        let to = target(tx, from, after, command.to_location_id)?;
        let what = (lot.item.id, Some(lot.id), lot.item.unit.id);
        entries.push(Entry::new(rules::movement_of(command.decision), what, quantity, (from, to)));
    }
    Ok(entries)
}

/// Where stock goes: what becomes available leaves the quarantine shelf; what stands at a line stays there.
fn target(tx: &mut Tx, from: Place, status: StockStatus, chosen: Option<LocationId>) -> Result<Place> {
    let stays = match from.kind {
        LocationKind::Wip => true,
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
