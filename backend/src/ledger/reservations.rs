//! Reservations: reserved → posted or voided, once.

use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use lotline_common::id::ReservationId;
use lotline_common::ledger::DocumentKind;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{Position, Standing};
use super::{posting, store};
use crate::db::Tx;
use crate::db::cached::PreparedOnce as _;
use crate::error::Result;
use crate::schema::reservation;

/// A quantity to be promised.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where it lies.
    pub position: Position,
    /// How much.
    pub quantity: Decimal,
    /// Line of the document it is for.
    pub line: i32,
}

/// Promises quantities to a document. All or none.
///
/// # Errors
/// `stock_insufficient` when something is no longer free.
pub fn reserve(tx: &mut Tx, document: (DocumentKind, Uuid), wanted: &[Wanted]) -> Result<Vec<ReservationId>> {
    let mut positions: Vec<Position> = wanted.iter().map(|wanted| wanted.position).collect();
    positions.sort_unstable();
    positions.dedup();
    let locked = store::lock_balances(tx, &positions)?;
    let mut standings: Vec<_> = positions.iter().copied().zip(locked).collect();
    let mut ids = Vec::with_capacity(wanted.len());
    for want in wanted {
        let found = standings.iter_mut().find(|(position, _)| *position == want.position);
        let Some((_, (balance, standing))) = found else { continue };
        if standing.free() < want.quantity {
            let free = standing.free();
            return Err(store::insufficient(tx, &want.position, free, want.quantity)?);
        }
        standing.reserved += want.quantity;
        ids.push(insert(tx, document, want, *balance)?);
    }
    let after: Vec<(Uuid, Standing)> = standings.into_iter().map(|(_, after)| after).collect();
    store::write_balances(tx, &after)?;
    Ok(ids)
}

fn insert(tx: &mut Tx, document: (DocumentKind, Uuid), want: &Wanted, balance: Uuid) -> Result<ReservationId> {
    let id = ReservationId::new();
    diesel::insert_into(reservation::table)
        .values((
            reservation::org_id.eq(tx.org()),
            reservation::id.eq(id.uuid()),
            reservation::balance_id.eq(balance),
            reservation::quantity.eq(want.quantity),
            reservation::document_kind.eq(document.0.as_str()),
            reservation::document_id.eq(document.1),
            reservation::document_line.eq(want.line),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

#[derive(QueryableByName)]
struct Promised {
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lot_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    status: String,
}

/// Holds what promises stand on, and what is to be promised instead, in the ledger's order.
///
/// # Errors
/// Those of the database.
pub fn hold(tx: &mut Tx, ids: &[ReservationId], others: &[Position]) -> Result<()> {
    let promised: Vec<Promised> = diesel::sql_query(
        "SELECT b.location_id, b.item_id, b.lot_id, b.status FROM reservation r
         JOIN stock_balance b ON (b.org_id, b.id) = (r.org_id, r.balance_id)
         WHERE r.org_id = current_org() AND r.id = ANY ($1)",
    )
    .bind::<Array<SqlUuid>, _>(uuids(ids))
    .load(tx.conn)?;
    let mut positions = others.to_vec();
    for row in promised {
        let (location, item, lot) = (row.location_id, row.item_id, row.lot_id);
        let status = row.status.parse().map_err(anyhow::Error::from)?;
        positions.push(Position { location, item, lot, status, owner: None, order: None });
    }
    posting::hold(tx, positions).map(drop)
}

/// Gives promises back: the stock is free again.
///
/// # Errors
/// Those of the database.
pub fn void(tx: &mut Tx, ids: &[ReservationId]) -> Result<()> {
    hold(tx, ids, &[])?;
    settle(tx, ids, "voided")?;
    diesel::sql_query(
        "UPDATE stock_balance b SET reserved = b.reserved - r.quantity
         FROM (SELECT balance_id, sum(quantity) AS quantity FROM reservation
            WHERE org_id = current_org() AND id = ANY ($1) GROUP BY balance_id) r
         WHERE b.org_id = current_org() AND b.id = r.balance_id",
    )
    .bind::<Array<SqlUuid>, _>(uuids(ids))
    .cached()
    .run(tx.conn)?;
    Ok(())
}

/// Marks promises as kept. The posting itself takes the reserved quantity off.
///
/// # Errors
/// When one of them was settled before.
pub fn mark_posted(tx: &mut Tx, ids: &[ReservationId]) -> Result<()> {
    settle(tx, ids, "posted")
}

fn settle(tx: &mut Tx, ids: &[ReservationId], state: &str) -> Result<()> {
    let settled: Vec<Uuid> = diesel::update(reservation::table)
        .filter(reservation::org_id.eq(tx.org()))
        .filter(reservation::id.eq_any(uuids(ids)))
        .filter(reservation::state.eq("reserved"))
        .set((reservation::state.eq(state), reservation::settled_at.eq(tx.now)))
        .returning(reservation::id)
        .cached()
        .load(tx.conn)?;
    let settled = settled.len();
    if settled == ids.len() {
        return Ok(());
    }
    Err(anyhow::anyhow!("{settled} of {} reservations could be {state}", ids.len()).into())
}

fn uuids(ids: &[ReservationId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
