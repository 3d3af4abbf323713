//! Promises that people make ahead of picking (软预留): reserved → posted, voided or expired, once. One that has lapsed
//! counts no more from that moment on: every reader leaves it out by the transaction's clock, and whoever locks the
//! position settles it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Nullable, Numeric, Timestamptz, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, ReservationId};
use lotline_common::issuing::Priority;
use lotline_common::ledger::DocumentKind;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::store;
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::schema::reservation;

/// Stock of an item that may be taken or promised, locked.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// Its balance.
    pub balance: Uuid,
    /// Item.
    pub item: Uuid,
    /// Where it lies.
    pub location: Uuid,
    /// Lot.
    pub lot: Option<Uuid>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// When the lot was made known.
    pub received_at: Option<DateTime<Utc>>,
    /// What can still be promised.
    pub free: Decimal,
}

#[derive(QueryableByName)]
struct ShelfRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lot_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Date>)]
    expires_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    received_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Numeric)]
    on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    reserved: Decimal,
    #[diesel(sql_type = Bool)]
    lapsed: bool,
}

/// Locks the usable stock of items in the ledger's order, so that two who want the same stock see it one after the
/// other, and settles what has lapsed on it.
///
/// # Errors
/// Those of the database.
pub fn lock_shelves(tx: &mut Tx, items: &[Uuid]) -> Result<Vec<Shelf>> {
    let rows: Vec<ShelfRow> = diesel::sql_query(
        "SELECT b.id, b.item_id, b.location_id, b.lot_id, l.expires_on, l.created_at AS received_at, b.on_hand,
            b.reserved, b.reserved > 0 AND EXISTS (SELECT FROM reservation r
                WHERE (r.org_id, r.balance_id) = (b.org_id, b.id) AND r.soft AND r.state = 'reserved'
                    AND r.expires_at <= current_instant()) AS lapsed
         FROM stock_balance b
         JOIN stock_position s ON (s.org_id, s.id) = (b.org_id, b.id) AND s.usable
         LEFT JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         WHERE b.org_id = current_org() AND b.item_id = ANY ($1) AND b.owner_id IS NULL AND b.on_hand > 0
         ORDER BY b.location_id, b.item_id, b.lot_id NULLS FIRST FOR UPDATE OF b",
    )
    .bind::<Array<SqlUuid>, _>(items)
    .load(tx.conn)?;
    let lapsed: Vec<Uuid> = rows.iter().filter(|row| row.lapsed).map(|row| row.id).collect();
    let swept = store::sweep(tx, &lapsed)?;
    let shelf = |row: ShelfRow| {
        let reserved = swept.iter().find(|(id, _)| *id == row.id).map_or(row.reserved, |(_, reserved)| *reserved);
        let (balance, item, location, lot) = (row.id, row.item_id, row.location_id, row.lot_id);
        let (expires_on, received_at, free) = (row.expires_on, row.received_at, row.on_hand - reserved);
        Shelf { balance, item, location, lot, expires_on, received_at, free }
    };
    Ok(rows.into_iter().map(shelf).collect())
}

/// An open promise.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reservation)]
pub struct Promise {
    /// Reservation.
    pub id: Uuid,
    /// Position it holds.
    pub balance_id: Uuid,
    /// How much.
    pub quantity: Decimal,
    document_kind: String,
    /// The order or requisition it is for.
    pub document_id: Uuid,
    document_line: i32,
    priority: String,
    expires_at: Option<DateTime<Utc>>,
    reason: String,
    created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Promise {
    /// Whether something urgent may take it over.
    #[must_use]
    pub fn yields(&self) -> bool {
        self.priority != Priority::Urgent.as_str()
    }
}

/// Open promises on locked balances, the oldest first.
///
/// # Errors
/// Those of the database.
pub fn open_promises(tx: &mut Tx, balances: &[Uuid]) -> Result<Vec<Promise>> {
    Ok(reservation::table
        .filter(reservation::org_id.eq(tx.org()))
        .filter(reservation::balance_id.eq_any(balances))
        .filter(reservation::soft)
        .filter(reservation::state.eq("reserved"))
        .order((reservation::created_at, reservation::id))
        .select(Promise::as_select())
        .load(tx.conn)?)
}

/// What a person promises, and to whom.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Order or requisition.
    pub document: (DocumentKind, Uuid),
    /// Its line.
    pub line: i32,
    /// Priority.
    pub priority: Priority,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
    /// What for.
    pub reason: String,
}

/// Promises quantities of locked balances. The caller has seen that they are free.
///
/// # Errors
/// Those of the database: a balance never promises more than is there.
pub fn promise(tx: &mut Tx, terms: &Terms, parts: &[(Uuid, Decimal)]) -> Result<Vec<ReservationId>> {
    let mut ids = Vec::with_capacity(parts.len());
    for (balance, quantity) in parts {
        let id = ReservationId::new();
        diesel::insert_into(reservation::table)
            .values((
                (reservation::org_id.eq(tx.org()), reservation::id.eq(id.uuid()), reservation::soft.eq(true)),
                reservation::balance_id.eq(balance),
                reservation::quantity.eq(quantity),
                reservation::document_kind.eq(terms.document.0.as_str()),
                reservation::document_id.eq(terms.document.1),
                reservation::document_line.eq(terms.line),
                reservation::priority.eq(terms.priority.as_str()),
                reservation::expires_at.eq(terms.expires_at),
                reservation::reason.eq(terms.reason.trim()),
                reservation::created_by.eq(tx.ctx.person.uuid()),
                reservation::created_at.eq(tx.now),
            ))
            .execute(tx.conn)?;
        add_reserved(tx, *balance, *quantity)?;
        ids.push(id);
    }
    Ok(ids)
}

/// How a promise ends.
#[derive(Debug, Clone, Copy)]
pub enum Ending<'a> {
    /// Kept: a pick task has the stock now.
    Posted,
    /// Given back or taken over, and why.
    Voided(&'a str),
}

/// Ends a promise for so much of it; what is left goes on as a promise of the same terms.
///
/// # Errors
/// When it was settled before.
pub fn end(tx: &mut Tx, promise: &Promise, quantity: Decimal, ending: Ending) -> Result<()> {
    let (state, reason) = match ending {
        Ending::Posted => ("posted", ""),
        Ending::Voided(reason) => ("voided", reason.trim()),
    };
    let row = reservation::table.find((tx.org(), promise.id)).filter(reservation::state.eq("reserved"));
    let settled = diesel::update(row)
        .set((
            reservation::state.eq(state),
            reservation::settled_at.eq(tx.now),
            reservation::settled_by.eq(tx.ctx.person.uuid()),
            reservation::settled_reason.eq(reason),
            reservation::version.eq(reservation::version + 1),
        ))
        .execute(tx.conn)?;
    if settled != 1 {
        return Err(Error::Conflict(diesel::result::Error::RollbackTransaction));
    }
    add_reserved(tx, promise.balance_id, -quantity)?;
    if quantity < promise.quantity { go_on(tx, promise, promise.quantity - quantity) } else { Ok(()) }
}

fn go_on(tx: &mut Tx, promise: &Promise, quantity: Decimal) -> Result<()> {
    diesel::update(reservation::table.find((tx.org(), promise.id)))
        .set(reservation::quantity.eq(reservation::quantity - quantity))
        .execute(tx.conn)?;
    diesel::insert_into(reservation::table)
        .values((
            (
                reservation::org_id.eq(tx.org()),
                reservation::id.eq(ReservationId::new().uuid()),
                reservation::soft.eq(true),
            ),
            reservation::balance_id.eq(promise.balance_id),
            reservation::quantity.eq(quantity),
            reservation::document_kind.eq(&promise.document_kind),
            reservation::document_id.eq(promise.document_id),
            reservation::document_line.eq(promise.document_line),
            reservation::priority.eq(&promise.priority),
            reservation::expires_at.eq(promise.expires_at),
            reservation::reason.eq(&promise.reason),
            reservation::created_by.eq(promise.created_by),
            reservation::created_at.eq(promise.created_at),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Notes for which reservation another one was taken over.
///
/// # Errors
/// Those of the database.
pub fn mark_taken_over(tx: &mut Tx, taken: &Promise, by: ReservationId) -> Result<()> {
    diesel::update(reservation::table.find((tx.org(), taken.id)))
        .set(reservation::taken_over_by_id.eq(by.uuid()))
        .execute(tx.conn)?;
    Ok(())
}

/// Locks an open promise, its balance first; none when it is a pick task's, or not open any more.
///
/// # Errors
/// `not_found`.
pub fn lock_promise(tx: &mut Tx, id: ReservationId) -> Result<Option<Promise>> {
    let row = reservation::table.find((tx.org(), id.uuid())).select(reservation::balance_id);
    let balance: Uuid = row.first(tx.conn)?;
    lock(tx, &[balance])?;
    Ok(open_promises(tx, &[balance])?.into_iter().find(|promise| promise.id == id.uuid()))
}

/// Gives back what is promised to a document that needs it no more.
///
/// # Errors
/// Those of the database.
pub fn void_of_document(tx: &mut Tx, document: (DocumentKind, Uuid), reason: &str) -> Result<()> {
    let balances: Vec<Uuid> = reservation::table
        .filter(reservation::org_id.eq(tx.org()))
        .filter(reservation::document_kind.eq(document.0.as_str()))
        .filter(reservation::document_id.eq(document.1))
        .filter(reservation::soft)
        .filter(reservation::state.eq("reserved"))
        .select(reservation::balance_id)
        .load(tx.conn)?;
    void_on(tx, &balances, reason, |promise| promise.document_id == document.1)
}

/// Gives back what is promised of lots that may not be used any more.
///
/// # Errors
/// Those of the database.
pub fn void_of_lots(tx: &mut Tx, lots: &[LotId], reason: &str) -> Result<()> {
    let balances: Vec<BalanceRow> = diesel::sql_query(
        "SELECT DISTINCT b.id FROM stock_balance b JOIN reservation r ON (r.org_id, r.balance_id) = (b.org_id, b.id)
         WHERE b.org_id = current_org() AND b.lot_id = ANY($1) AND r.soft AND r.state = 'reserved'",
    )
    .bind::<Array<SqlUuid>, _>(lots.iter().map(|lot| lot.uuid()).collect::<Vec<_>>())
    .load(tx.conn)?;
    let balances: Vec<Uuid> = balances.into_iter().map(|row| row.id).collect();
    void_on(tx, &balances, reason, |_| true)
}

fn void_on(tx: &mut Tx, balances: &[Uuid], reason: &str, which: impl Fn(&Promise) -> bool) -> Result<()> {
    if balances.is_empty() {
        return Ok(());
    }
    lock(tx, balances)?;
    let promises = open_promises(tx, balances)?.into_iter().filter(which);
    void(tx, promises.map(|promise| (promise.quantity, promise)).collect(), reason)
}

/// Gives back so much of what is promised of a position, the youngest first, that a quantity of it is free.
///
/// # Errors
/// Those of the database.
pub fn make_room(tx: &mut Tx, balance: Uuid, quantity: Decimal, reason: &str) -> Result<()> {
    lock(tx, &[balance])?;
    let free: FreeRow = diesel::sql_query(
        "SELECT on_hand - reserved AS free FROM stock_balance WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(balance)
    .get_result(tx.conn)?;
    let mut short = quantity - free.free;
    let mut given = Vec::new();
    for promise in open_promises(tx, &[balance])?.into_iter().rev() {
        let part = promise.quantity.min(short);
        if part > Decimal::ZERO {
            short -= part;
            given.push((part, promise));
        }
    }
    void(tx, given, reason)
}

/// Gives promises back, each for so much of it, and records it.
fn void(tx: &mut Tx, promises: Vec<(Decimal, Promise)>, reason: &str) -> Result<()> {
    if promises.is_empty() {
        return Ok(());
    }
    let mut events = Vec::with_capacity(promises.len());
    for (quantity, promise) in &promises {
        end(tx, promise, *quantity, Ending::Voided(reason))?;
        let event = Event::new(AggregateKind::Reservation, promise.id, AuditAction::Cancelled).reason(reason);
        events.push(event.details(serde_json::json!({ "quantity": quantity })));
    }
    audit::append_all(tx, events)?;
    tx.notify(LiveTopic::Stock, None, None);
    Ok(())
}

#[derive(QueryableByName)]
struct FreeRow {
    #[diesel(sql_type = Numeric)]
    free: Decimal,
}

#[derive(QueryableByName)]
struct BalanceRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Locks balances by identifier, in the ledger's order, and settles what has lapsed on them.
fn lock(tx: &mut Tx, balances: &[Uuid]) -> Result<()> {
    let locked: Vec<BalanceRow> = diesel::sql_query(
        "SELECT b.id FROM stock_balance b WHERE b.org_id = current_org() AND b.id = ANY ($1)
         ORDER BY b.location_id, b.item_id, b.lot_id NULLS FIRST, b.status FOR UPDATE OF b",
    )
    .bind::<Array<SqlUuid>, _>(balances)
    .load(tx.conn)?;
    store::sweep(tx, &locked.into_iter().map(|row| row.id).collect::<Vec<_>>())?;
    Ok(())
}

fn add_reserved(tx: &mut Tx, balance: Uuid, quantity: Decimal) -> Result<()> {
    diesel::sql_query("UPDATE stock_balance SET reserved = reserved + $2 WHERE org_id = current_org() AND id = $1")
        .bind::<SqlUuid, _>(balance)
        .bind::<Numeric, _>(quantity)
        .execute(tx.conn)?;
    Ok(())
}
