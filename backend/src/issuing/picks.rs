//! Pick tasks: lots are reserved, what is promised to them first, then first expired first; confirmed by scan, or given up.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
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
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::ledger::reservations::{self, Wanted};
use crate::ledger::rules::Position;
use crate::ledger::soft::{self, Ending, Promise, Shelf};
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

/// What issuing needs to know of a pick task.
#[derive(Debug, QueryableByName)]
pub struct PickFacts {
    /// Pick task.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Its number.
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = Text)]
    state: String,
    /// The requisition it serves.
    #[diesel(sql_type = SqlUuid)]
    pub requisition_id: Uuid,
    /// What is asked for goes beyond the order's requirement.
    #[diesel(sql_type = Bool)]
    pub supplement: bool,
    /// The order.
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    /// Its subcontractor.
    #[diesel(sql_type = SqlUuid)]
    pub partner_id: Uuid,
}

impl PickFacts {
    /// State.
    ///
    /// # Errors
    /// When the database holds one that the program does not know.
    pub fn state(&self) -> Result<PickState> {
        Ok(self.state.parse().map_err(anyhow::Error::from)?)
    }
}

/// Locks a pick task and reads what issuing needs to know of it.
///
/// # Errors
/// `not_found`.
pub fn pick_facts_lock(tx: &mut Tx, id: PickId) -> Result<PickFacts> {
    let facts = diesel::sql_query(
        "SELECT t.id, t.number, t.state, t.requisition_id, r.reason_code <> '' AS supplement, r.order_id, o.partner_id
         FROM pick_task t
         JOIN requisition r ON (r.org_id, r.id) = (t.org_id, t.requisition_id)
         JOIN subcontract_order o ON (o.org_id, o.id) = (r.org_id, r.order_id)
         WHERE t.org_id = current_org() AND t.id = $1 FOR UPDATE OF t",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .cached();
    Ok(facts.get_result(tx.conn)?)
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

/// Serves a requisition's lines from the shelves: what is reserved for it or for its order first, then what expires
/// first.
fn serve(tx: &mut Tx, requisition: &Requisition) -> Result<Vec<Served>> {
    let items: Vec<Uuid> = requisition.lines.iter().map(|line| line.item.id.uuid()).collect();
    let mut shelves = soft::lock_shelves(tx, &items)?;
    let balances: Vec<Uuid> = shelves.iter().map(|shelf| shelf.balance).collect();
    let mut own = soft::open_promises(tx, &balances)?;
    own.retain(|promise| [requisition.id.uuid(), requisition.order_id.uuid()].contains(&promise.document_id));
    own.sort_by_key(|promise| promise.document_id != requisition.id.uuid());
    let mut served = Vec::new();
    for line in &requisition.lines {
        let item = line.item.id.uuid();
        let mut of_item: Vec<&mut Shelf> = shelves.iter_mut().filter(|shelf| shelf.item == item).collect();
        let mut parts = take_own(tx, &mut own, line.requested_quantity, &of_item)?;
        let taken: Decimal = parts.iter().map(|part| part.quantity).sum();
        let mut candidates: Vec<_> = of_item.iter().map(|shelf| candidate(shelf)).collect();
        allocation::sort_first_expired_first(&mut candidates);
        for part in allocation::allocate(line.requested_quantity - taken, &mut candidates) {
            if let Some(shelf) = of_item.iter_mut().find(|shelf| is_from(shelf, &part)) {
                shelf.free -= part.quantity;
            }
            match parts.iter_mut().find(|own| (own.location, own.lot) == (part.location, part.lot)) {
                Some(own) => own.quantity += part.quantity,
                None => parts.push(part),
            }
        }
        served.extend(parts.into_iter().map(|part| Served { requisition_line: line.line_number, item, part }));
    }
    Ok(served)
}

/// Takes from the requisition's own promises: they are kept now, and the task holds the stock instead.
fn take_own(tx: &mut Tx, own: &mut Vec<Promise>, wanted: Decimal, shelves: &[&mut Shelf]) -> Result<Vec<Part>> {
    let (mut left, mut parts) = (wanted, Vec::<Part>::new());
    for promise in std::mem::take(own) {
        let shelf = shelves.iter().find(|shelf| shelf.balance == promise.balance_id);
        let Some(shelf) = shelf.filter(|_| left > Decimal::ZERO) else {
            own.push(promise);
            continue;
        };
        let quantity = promise.quantity.min(left);
        soft::end(tx, &promise, quantity, Ending::Posted)?;
        left -= quantity;
        match parts.iter_mut().find(|part| is_from(shelf, part)) {
            Some(part) => part.quantity += quantity,
            None => parts.push(Part { location: shelf.location, lot: shelf.lot, quantity }),
        }
    }
    Ok(parts)
}

fn is_from(shelf: &Shelf, part: &Part) -> bool {
    (shelf.location, shelf.lot) == (part.location, part.lot)
}

/// A shelf as the rule of first expired, first out sees it.
#[must_use]
pub fn candidate(shelf: &Shelf) -> Candidate {
    let (location, lot, expires_on) = (shelf.location, shelf.lot, shelf.expires_on);
    Candidate { location, lot, expires_on, received_at: shelf.received_at, free: shelf.free }
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
pub fn check_open(number: &str, state: PickState) -> Result<()> {
    if state == PickState::Open {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::StateForbids).with("number", number).with("state", state).into())
}

/// Gives up the lines that are not confirmed, because the goods are not there. Their stock is free again.
///
/// # Errors
/// `state_forbids`.
pub fn pick_release_short(tx: &mut Tx, id: PickId) -> Result<Pick> {
    let before = pick_lock(tx, id)?;
    check_open(&before.number, before.state)?;
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
    check_open(&before.number, before.state)?;
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
        .returning(pick_task::id)
        .cached()
        .load::<Uuid>(tx.conn)?;
    Ok(())
}
