//! Issue notes: posted from a picked task, undone while nothing is confirmed.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{IssueNoteId, ItemId, OrderId, PickId, ReservationId};
use lotline_common::issuing::{IssueCreate, IssueNote, IssueRecordState, PickState, RequisitionIssueState};
use lotline_common::ledger::{Capture, DocumentKind, LotStatus, MovementKind, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::orders::{CustodyState, IssueState, Order};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::picks::{self, PickFacts};
use super::requisitions;
use crate::audit::{self, Event};
use crate::contracts::service::checking::{self, Leaving};
use crate::contracts::service::settlement;
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::ledger::rules::{check_issuable, check_life};
use crate::ledger::{self, Entry, Place, Posting, lots, reservations};
use crate::masterdata::lookup;
use crate::numbering::next_number;
use crate::orders::components;
use crate::orders::service::{order_hold, order_read};
use crate::quality::rules::check_reason;
use crate::schema::{issue_note, issue_note_line};

/// One issue note with its lines, photos and claims.
///
/// # Errors
/// `not_found`.
pub fn issue_note_read(reader: &mut Reader, id: IssueNoteId) -> Result<IssueNote> {
    list::one(reader, "issue_note_detail_view", id)
}

/// Locks an issue note until the transaction ends.
///
/// # Errors
/// `not_found`.
pub fn issue_note_lock(tx: &mut Tx, id: IssueNoteId) -> Result<()> {
    let row = issue_note::table.find((tx.org(), id.uuid())).select(issue_note::id).for_update();
    Ok(row.first::<Uuid>(tx.conn).map(drop)?)
}

/// The order an issue note belongs to.
///
/// # Errors
/// `not_found`.
pub fn issue_note_order(reader: &mut Reader, id: IssueNoteId) -> Result<OrderId> {
    let row = issue_note::table.find((reader.org(), id.uuid())).select(issue_note::order_id);
    Ok(row.first::<Uuid>(reader.conn)?.into())
}

/// A picked line as it is issued.
#[derive(QueryableByName)]
struct PickedLine {
    #[diesel(sql_type = Integer)]
    line_number: i32,
    #[diesel(sql_type = Integer)]
    requisition_line: i32,
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    unit_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lot_id: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = Numeric)]
    quantity: Decimal,
    #[diesel(sql_type = SqlUuid)]
    reservation_id: Uuid,
    #[diesel(sql_type = Bool)]
    picked: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    scan_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    capture: Option<String>,
}

fn picked_lines(tx: &mut Tx, id: PickId) -> Result<Vec<PickedLine>> {
    let lines = diesel::sql_query(
        "SELECT l.line_number, l.requisition_line, l.item_id, i.unit_id, l.lot_id, l.location_id, l.quantity,
            l.reservation_id, l.picked_at IS NOT NULL AS picked, l.scan_id, s.capture
         FROM pick_line l
         JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
         LEFT JOIN scan s ON (s.org_id, s.id) = (l.org_id, l.scan_id)
         WHERE l.org_id = current_org() AND l.pick_id = $1 ORDER BY l.line_number",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .cached();
    Ok(lines.load(tx.conn)?)
}

/// Posts a picked task: available → in transit.
///
/// # Errors
/// `state_forbids`, `pick_incomplete`, `lot_status_forbids`, `lot_expired`, `clause_refuses`, `fields_invalid`.
pub fn issue_create(tx: &mut Tx, command: &IssueCreate) -> Result<IssueNote> {
    check_command(command)?;
    let pick = picks::pick_facts_lock(tx, command.pick_id).map_err(|error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::NotFound => {
            Refusal::new(ProblemCode::ReferenceUnknown).with("what", "pick_id").into()
        }
        _ => error,
    })?;
    picks::check_open(&pick.number, pick.state()?)?;
    order_hold(tx, pick.order_id.into())?;
    let lines = picked_lines(tx, command.pick_id)?;
    let open = lines.iter().filter(|line| !line.picked).count();
    if open > 0 || lines.is_empty() {
        return Err(Refusal::new(ProblemCode::PickIncomplete).with("count", open).into());
    }
    let id = IssueNoteId::new();
    let order = order_read(tx, pick.order_id.into())?;
    let clauses = checking::order_clauses(tx, &order)?;
    let findings = checking::issue(tx, (&order, &clauses), &leaving(&lines), id.uuid())?;
    check_lots(tx, &lines)?;
    post(tx, id, &pick, &lines)?;
    let state = follow(tx, &pick, &order, &lines)?;
    settlement::issue_axis_changed(tx, (&order, &clauses), state, (DocumentKind::Issue, id.uuid()))?;
    insert_note(tx, id, &pick, command)?;
    insert_lines(tx, id, &pick, &lines)?;
    let made = issue_note_read(tx, id)?;
    record(tx, &pick, &made)?;
    Ok(IssueNote { findings, ..made })
}

fn check_command(command: &IssueCreate) -> Result<()> {
    let mut check = FieldCheck::new();
    check.optional_text("/carrier", &command.carrier, 100);
    check.optional_text("/seal_number", &command.seal_number, 50);
    check.optional_text("/remark", &command.remark, 500);
    Ok(check.finish()?)
}

fn leaving(lines: &[PickedLine]) -> Vec<Leaving> {
    lines.iter().map(|line| (line.item_id.into(), line.lot_id.map(Into::into), line.quantity)).collect()
}

/// Holds the lots still and checks each once more: quality may have spoken since the scan.
fn check_lots(tx: &mut Tx, lines: &[PickedLine]) -> Result<()> {
    let ids: Vec<Uuid> = lines.iter().filter_map(|line| line.lot_id).collect();
    let today = lots::today(tx)?;
    for lot in lots::lots_hold(tx, &ids)? {
        let status: LotStatus = lot.status.parse().map_err(anyhow::Error::from)?;
        check_issuable(&lot.code, status, lot.expires_on, today)?;
        check_life(&lot.code, lot.uses, lot.life_uses)?;
    }
    Ok(())
}

fn insert_note(tx: &mut Tx, id: IssueNoteId, pick: &PickFacts, command: &IssueCreate) -> Result<()> {
    let number = next_number(tx, DocumentKind::Issue)?;
    diesel::insert_into(issue_note::table)
        .values((
            issue_note::org_id.eq(tx.org()),
            issue_note::id.eq(id.uuid()),
            issue_note::number.eq(number),
            issue_note::order_id.eq(pick.order_id),
            issue_note::requisition_id.eq(pick.requisition_id),
            issue_note::pick_id.eq(pick.id),
            issue_note::partner_id.eq(pick.partner_id),
            issue_note::carrier.eq(command.carrier.trim()),
            issue_note::seal_number.eq(command.seal_number.trim()),
            issue_note::remark.eq(command.remark.trim()),
            issue_note::occurred_at.eq(tx.now),
            issue_note::created_by.eq(tx.ctx.person.uuid()),
            issue_note::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn insert_lines(tx: &mut Tx, id: IssueNoteId, pick: &PickFacts, lines: &[PickedLine]) -> Result<()> {
    let org = tx.org();
    let rows = lines.iter().map(|line| {
        (
            issue_note_line::org_id.eq(org),
            issue_note_line::issue_note_id.eq(id.uuid()),
            issue_note_line::line_number.eq(line.line_number),
            issue_note_line::partner_id.eq(pick.partner_id),
            issue_note_line::requisition_line.eq(line.requisition_line),
            issue_note_line::item_id.eq(line.item_id),
            issue_note_line::lot_id.eq(line.lot_id),
            issue_note_line::from_location_id.eq(line.location_id),
            issue_note_line::quantity.eq(line.quantity),
        )
    });
    let rows: Vec<_> = rows.collect();
    let many = rows.len();
    let insert = diesel::insert_into(issue_note_line::table).values(rows).returning(issue_note_line::line_number);
    insert.cached_for(many).load::<i32>(tx.conn)?;
    Ok(())
}

fn post(tx: &mut Tx, id: IssueNoteId, pick: &PickFacts, lines: &[PickedLine]) -> Result<()> {
    let partner = Some(pick.partner_id.into());
    let transit = lookup::place_of_kind(tx, LocationKind::InTransitOut, partner, StockStatus::Available)?;
    let transit = transit.on(pick.order_id.into());
    let movement = if pick.supplement { MovementKind::Supplement } else { MovementKind::Issue };
    let entries = lines.iter().map(|line| {
        let from = Place::new(line.location_id.into(), LocationKind::OwnStock, StockStatus::Available);
        let what = (line.item_id.into(), line.lot_id.map(Into::into), line.unit_id.into());
        let mut entry = Entry::new(movement, what, line.quantity, (from, transit));
        entry.reserved = line.quantity;
        entry.line = Some(line.line_number);
        entry.scan = line.scan_id.map(Into::into);
        entry.capture = line.capture.as_deref().and_then(|word| word.parse().ok()).unwrap_or(Capture::Manual);
        entry
    });
    let entries = entries.collect();
    let (document_kind, document_id, occurred_at) = (DocumentKind::Issue, id.uuid(), tx.now);
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })
}

/// What an issue does to everything before it; answers where the order's issue axis stands then.
fn follow(tx: &mut Tx, pick: &PickFacts, order: &Order, lines: &[PickedLine]) -> Result<IssueState> {
    let held: Vec<ReservationId> = lines.iter().map(|line| line.reservation_id.into()).collect();
    reservations::mark_posted(tx, &held)?;
    picks::set_state(tx, pick.id.into(), PickState::Issued)?;
    requisitions::set_issue_state(tx, pick.requisition_id.into(), RequisitionIssueState::Issued)?;
    let issued: Vec<(ItemId, Decimal)> = lines.iter().map(|line| (line.item_id.into(), line.quantity)).collect();
    components::sent(tx, order, &issued)
}

/// Records the issue, on the pick task and as a document of its own, and tells who listens.
fn record(tx: &mut Tx, pick: &PickFacts, made: &IssueNote) -> Result<()> {
    let picked = Event::new(AggregateKind::Pick, pick.id, AuditAction::Posted);
    // The wall keeps it from the subcontractor until that has counted.
    let posted = Event::new(AggregateKind::Issue, made.id, AuditAction::Posted).visible_to(pick.partner_id.into());
    let picked = picked.details(serde_json::json!({ "issue_note_id": made.id }));
    audit::append_all(tx, vec![picked, posted.after(made)?])?;
    tx.notify(LiveTopic::Pick, Some(pick.id), None);
    tx.notify(LiveTopic::Order, Some(pick.order_id), None);
    tx.notify(LiveTopic::Issue, Some(made.id.uuid()), Some(pick.partner_id.into()));
    Ok(())
}

/// Undoes an issue note, as long as the subcontractor has not confirmed it. The requisition waits to be
/// picked again.
///
/// # Errors
/// `version_stale`, `reason_required`, `already_reversed`, `already_confirmed`.
pub fn issue_reverse(tx: &mut Tx, id: IssueNoteId, version: i64, command: &Reversal) -> Result<IssueNote> {
    issue_note_lock(tx, id)?;
    let before = issue_note_read(tx, id)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    if before.record_state == IssueRecordState::Reversed {
        return Err(Refusal::new(ProblemCode::AlreadyReversed).with("number", before.number).into());
    }
    if before.custody_state != CustodyState::InTransit {
        return Err(Refusal::new(ProblemCode::AlreadyConfirmed).with("number", before.number).into());
    }
    order_hold(tx, before.order_id)?;
    ledger::reverse(tx, (DocumentKind::Issue, id.uuid()), &before.number)?;
    diesel::update(issue_note::table.find((tx.org(), id.uuid())))
        .set((
            issue_note::record_state.eq(IssueRecordState::Reversed.as_str()),
            issue_note::custody_state.eq(CustodyState::None.as_str()),
            issue_note::version.eq(issue_note::version + 1),
        ))
        .execute(tx.conn)?;
    picks::set_state(tx, before.pick_id, PickState::Cancelled)?;
    requisitions::set_issue_state(tx, before.requisition_id, RequisitionIssueState::NotIssued)?;
    let taken_back: Vec<_> = before.lines.iter().map(|line| (line.item.id, -line.quantity)).collect();
    let state = components::issued(tx, before.order_id, &taken_back)?;
    let order = order_read(tx, before.order_id)?;
    let clauses = checking::order_clauses(tx, &order)?;
    settlement::issue_axis_changed(tx, (&order, &clauses), state, (DocumentKind::Issue, id.uuid()))?;
    let after = issue_note_read(tx, id)?;
    let pick = Event::new(AggregateKind::Pick, before.pick_id, AuditAction::Cancelled).reason(&command.reason);
    let note = Event::new(AggregateKind::Issue, id, AuditAction::Reversed).reason(&command.reason);
    audit::append_all(tx, vec![pick, note.visible_to(before.partner.id).change(&before, &after)?])?;
    tx.notify(LiveTopic::Pick, Some(before.pick_id.uuid()), None);
    tx.notify(LiveTopic::Order, Some(before.order_id.uuid()), None);
    tx.notify(LiveTopic::Issue, Some(id.uuid()), Some(before.partner.id));
    Ok(after)
}
