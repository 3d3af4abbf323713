//! Pick tasks: lots are reserved first expired first, confirmed by scan, or given up.

use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Nullable, Numeric, Timestamptz, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{PickId, ReservationId};
use lotline_common::issuing::{ApprovalState, Pick, PickCreate, PickState, Requisition, RequisitionIssueState};
use lotline_common::ledger::{DocumentKind, StockStatus};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::requisitions;
use super::rules::allocation::{self, Candidate, Part};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::ledger::reservations::{self, Wanted};
use crate::ledger::rules::Position;
use crate::numbering::next_number;
use crate::quality::rules::check_reason;
use crate::schema::{pick_line, pick_task};

/// One pick task with its lines and shortages.
///
/// # Errors
/// `not_found`.
pub fn pick_read(reader: &mut Reader, id: PickId) -> Result<Pick> {
    list::one(reader, "pick_detail_view", id)
}

/// Locks a pick task and reads it.
///
/// # Errors
/// `not_found`.
pub fn pick_lock(tx: &mut Tx, id: PickId) -> Result<Pick> {
    pick_task::table.find((tx.org(), id.uuid())).select(pick_task::id).for_update().first::<Uuid>(tx.conn)?;
    pick_read(tx, id)
}

#[derive(QueryableByName)]
struct CandidateRow {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lot_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Date>)]
    expires_on: Option<chrono::NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    received_at: Option<chrono::DateTime<chrono::Utc>>,
    #[diesel(sql_type = Numeric)]
    free: Decimal,
}

/// Stock of items that may be taken, locked in the ledger's order so that two tasks that want the same
/// stock see it one after the other.
fn lock_candidates(tx: &mut Tx, items: &[Uuid]) -> Result<Vec<(Uuid, Candidate)>> {
    let rows: Vec<CandidateRow> = diesel::sql_query(
        "SELECT b.item_id, b.location_id, b.lot_id, l.expires_on, l.created_at AS received_at,
            b.on_hand - b.reserved AS free
         FROM stock_balance b
         JOIN stock_position s ON (s.org_id, s.id) = (b.org_id, b.id) AND s.usable
         LEFT JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         WHERE b.org_id = current_org() AND b.item_id = ANY ($1) AND b.owner_id IS NULL AND b.on_hand > b.reserved
         ORDER BY b.location_id, b.item_id, b.lot_id NULLS FIRST FOR UPDATE OF b",
    )
    .bind::<Array<SqlUuid>, _>(items)
    .load(tx.conn)?;
    let candidate = |row: CandidateRow| {
        let (location, lot) = (row.location_id, row.lot_id);
        (
            row.item_id,
            Candidate { location, lot, expires_on: row.expires_on, received_at: row.received_at, free: row.free },
        )
    };
    Ok(rows.into_iter().map(candidate).collect())
}

/// A part of a requisition line, and the stock that serves it.
struct Served {
    requisition_line: i32,
    item: Uuid,
    part: Part,
}

/// Starts picking: reserves lots, first expired first. What is short is shown, not hidden.
///
/// # Errors
/// `requisition_not_approved`, `state_forbids`, `nothing_to_pick`.
pub fn pick_create(tx: &mut Tx, command: &PickCreate) -> Result<Pick> {
    let requisition =
        requisitions::requisition_lock(tx, command.requisition_id).map_err(|error| match error.refusal() {
            Some(refusal) if refusal.code == ProblemCode::NotFound => {
                Refusal::new(ProblemCode::ReferenceUnknown).with("what", "requisition_id").into()
            }
            _ => error,
        })?;
    check_pickable(&requisition)?;
    let served = serve(tx, &requisition)?;
    if served.is_empty() {
        return Err(Refusal::new(ProblemCode::NothingToPick).with("number", requisition.number).into());
    }
    let (id, number) = (PickId::new(), next_number(tx, DocumentKind::Pick)?);
    diesel::insert_into(pick_task::table)
        .values((
            pick_task::org_id.eq(tx.org()),
            pick_task::id.eq(id.uuid()),
            pick_task::number.eq(&number),
            pick_task::requisition_id.eq(requisition.id.uuid()),
            pick_task::created_by.eq(tx.ctx.person.uuid()),
            pick_task::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    write_lines(tx, id, &served)?;
    requisitions::set_issue_state(tx, requisition.id, RequisitionIssueState::Picking)?;
    let made = pick_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Pick, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Pick, Some(id.uuid()), None);
    tx.notify(LiveTopic::Stock, None, None);
    Ok(made)
}

fn check_pickable(requisition: &Requisition) -> Result<()> {
    if requisition.approval_state != ApprovalState::Approved {
        return Err(Refusal::new(ProblemCode::RequisitionNotApproved).with("number", &requisition.number).into());
    }
    if requisition.issue_state != RequisitionIssueState::NotIssued {
        let refusal = Refusal::new(ProblemCode::StateForbids).with("number", &requisition.number);
        return Err(refusal.with("state", requisition.issue_state).into());
    }
    Ok(())
}

fn serve(tx: &mut Tx, requisition: &Requisition) -> Result<Vec<Served>> {
    let items: Vec<Uuid> = requisition.lines.iter().map(|line| line.item.id.uuid()).collect();
    let stock = lock_candidates(tx, &items)?;
    let mut served = Vec::new();
    for line in &requisition.lines {
        let item = line.item.id.uuid();
        let of_item = stock.iter().filter(|(known, _)| *known == item).map(|(_, candidate)| candidate.clone());
        let mut candidates: Vec<_> = of_item.collect();
        allocation::sort_first_expired_first(&mut candidates);
        let parts = allocation::allocate(line.requested_quantity, &mut candidates);
        served.extend(parts.into_iter().map(|part| Served { requisition_line: line.line_number, item, part }));
    }
    Ok(served)
}

/// The position of stock that may be taken.
#[must_use]
pub fn position(location: Uuid, item: Uuid, lot: Option<Uuid>) -> Position {
    Position { location, item, lot, status: StockStatus::Available, owner: None, order: None }
}

fn write_lines(tx: &mut Tx, id: PickId, served: &[Served]) -> Result<()> {
    let wanted: Vec<Wanted> = (1..)
        .zip(served)
        .map(|(line, served)| {
            let Part { location, lot, quantity } = served.part;
            Wanted { position: position(location, served.item, lot), quantity, line }
        })
        .collect();
    let reserved = reservations::reserve(tx, (DocumentKind::Pick, id.uuid()), &wanted)?;
    let org = tx.org();
    let rows = wanted.iter().zip(served).zip(&reserved).map(|((wanted, served), reservation)| {
        (
            pick_line::org_id.eq(org),
            pick_line::pick_id.eq(id.uuid()),
            pick_line::line_number.eq(wanted.line),
            pick_line::requisition_line.eq(served.requisition_line),
            pick_line::item_id.eq(served.item),
            pick_line::lot_id.eq(served.part.lot),
            pick_line::proposed_lot_id.eq(served.part.lot),
            pick_line::location_id.eq(served.part.location),
            pick_line::quantity.eq(served.part.quantity),
            pick_line::reservation_id.eq(reservation.uuid()),
        )
    });
    diesel::insert_into(pick_line::table).values(rows.collect::<Vec<_>>()).execute(tx.conn)?;
    Ok(())
}

/// Checks that a task is still being picked.
///
/// # Errors
/// `state_forbids`.
pub fn check_open(pick: &Pick) -> Result<()> {
    if pick.state == PickState::Open {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::StateForbids).with("number", &pick.number).with("state", pick.state).into())
}

/// Gives up the lines that are not confirmed, because the goods are not there. Their stock is free again.
///
/// # Errors
/// `state_forbids`.
pub fn pick_release_short(tx: &mut Tx, id: PickId) -> Result<Pick> {
    let before = pick_lock(tx, id)?;
    check_open(&before)?;
    let org = tx.org();
    let open = || {
        pick_line::table
            .filter(pick_line::org_id.eq(org))
            .filter(pick_line::pick_id.eq(id.uuid()))
            .filter(pick_line::picked_at.is_null())
    };
    let held: Vec<Uuid> = open().select(pick_line::reservation_id).load(tx.conn)?;
    diesel::delete(open()).execute(tx.conn)?;
    void(tx, &held)?;
    touch(tx, id)?;
    let after = pick_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Pick, id, AuditAction::LinesReleased).change(&before, &after)?)?;
    tx.notify(LiveTopic::Pick, Some(id.uuid()), None);
    Ok(after)
}

fn void(tx: &mut Tx, held: &[Uuid]) -> Result<()> {
    let held: Vec<ReservationId> = held.iter().copied().map(Into::into).collect();
    reservations::void(tx, &held)?;
    tx.notify(LiveTopic::Stock, None, None);
    Ok(())
}

/// Counts a change of a task.
///
/// # Errors
/// Those of the database.
pub fn touch(tx: &mut Tx, id: PickId) -> Result<()> {
    diesel::update(pick_task::table.find((tx.org(), id.uuid())))
        .set(pick_task::version.eq(pick_task::version + 1))
        .execute(tx.conn)?;
    Ok(())
}

/// Gives a task up: its reservations are void, the requisition waits again.
///
/// # Errors
/// `version_stale`, `state_forbids`, `reason_required`.
pub fn pick_cancel(tx: &mut Tx, id: PickId, version: i64, command: &Reversal) -> Result<Pick> {
    let before = pick_lock(tx, id)?;
    check_version(before.version, version)?;
    check_open(&before)?;
    check_reason(&command.reason)?;
    let held: Vec<Uuid> = pick_line::table
        .filter(pick_line::org_id.eq(tx.org()))
        .filter(pick_line::pick_id.eq(id.uuid()))
        .select(pick_line::reservation_id)
        .load(tx.conn)?;
    void(tx, &held)?;
    set_state(tx, id, PickState::Cancelled)?;
    requisitions::set_issue_state(tx, before.requisition_id, RequisitionIssueState::NotIssued)?;
    let after = pick_read(tx, id)?;
    let event = Event::new(AggregateKind::Pick, id, AuditAction::Cancelled).reason(&command.reason);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Pick, Some(id.uuid()), None);
    Ok(after)
}

/// Moves a task to another state.
///
/// # Errors
/// Those of the database.
pub fn set_state(tx: &mut Tx, id: PickId, state: PickState) -> Result<()> {
    diesel::update(pick_task::table.find((tx.org(), id.uuid())))
        .set((pick_task::state.eq(state.as_str()), pick_task::version.eq(pick_task::version + 1)))
        .execute(tx.conn)?;
    Ok(())
}
