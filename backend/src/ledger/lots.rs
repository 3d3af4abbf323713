//! Lots: made on receipt, moved from status to status by decisions.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Numeric, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{ItemId, LotId, PartnerId};
use lotline_common::ledger::{Lot, LotStatus, MovementKind};
use lotline_common::problem::{ProblemCode, Refusal, words};
use lotline_common::serials::is_lot_code;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, list};
use crate::error::Result;
use crate::schema::{lot, stock_balance};

/// A lot to be made known.
#[derive(Debug, Clone)]
pub struct NewLot {
    /// Item.
    pub item: ItemId,
    /// Own lot number.
    pub code: String,
    /// For a serial number, the lot it was made in; empty where that is not said.
    pub batch_code: String,
    /// Who delivered it.
    pub supplier: Option<PartnerId>,
    /// The supplier's lot number.
    pub supplier_lot: String,
    /// Material certificate.
    pub certificate_number: String,
    /// Date of manufacture.
    pub manufactured_on: Option<NaiveDate>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// What one unit costs, where it is known.
    pub unit_cost: Option<Decimal>,
}

/// One lot.
///
/// # Errors
/// `not_found`.
pub fn lot_read(reader: &mut Reader, id: LotId) -> Result<Lot> {
    list::one(reader, "lot_view", id)
}

/// The status of what a reversed document had made known: its number is free again.
const GONE: &str = LotStatus::Scrapped.as_str();

/// Rows in one statement at most: PostgreSQL takes 65,535 values.
const ROWS: usize = 2_000;

/// Makes a lot in quarantine.
///
/// # Errors
/// `lot_code_taken`.
pub fn lot_create(tx: &mut Tx, new: &NewLot) -> Result<LotId> {
    let made = lots_create(tx, std::slice::from_ref(new))?;
    made.first().copied().ok_or_else(|| anyhow::anyhow!("no lot was made").into())
}

/// Makes lots in quarantine, in their order.
///
/// # Errors
/// `lot_code_taken`; who makes many asks [`codes_taken`] before, to name them.
pub fn lots_create(tx: &mut Tx, new: &[NewLot]) -> Result<Vec<LotId>> {
    let ids: Vec<LotId> = new.iter().map(|_| LotId::new()).collect();
    let (org, now) = (tx.org(), tx.now);
    let rows = ids.iter().zip(new).map(|(id, new)| {
        (
            lot::org_id.eq(org),
            lot::id.eq(id.uuid()),
            lot::item_id.eq(new.item.uuid()),
            lot::code.eq(&new.code),
            lot::batch_code.eq(&new.batch_code),
            lot::status.eq(LotStatus::Quarantine.as_str()),
            lot::supplier_id.eq(new.supplier.map(PartnerId::uuid)),
            lot::supplier_lot.eq(&new.supplier_lot),
            lot::certificate_number.eq(&new.certificate_number),
            lot::manufactured_on.eq(new.manufactured_on),
            lot::expires_on.eq(new.expires_on),
            lot::unit_cost.eq(new.unit_cost),
            lot::created_at.eq(now),
        )
    });
    let rows: Vec<_> = rows.collect();
    for part in rows.chunks(ROWS) {
        diesel::insert_into(lot::table).values(part.to_vec()).execute(tx.conn)?;
    }
    // How long a tool lasts is settled for each piece when it comes.
    diesel::sql_query(
        "UPDATE lot l SET life_uses = i.life_uses FROM item i WHERE l.org_id = current_org() AND l.id = ANY($1)
            AND (i.org_id, i.id) = (l.org_id, l.item_id) AND i.life_uses IS NOT NULL",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>())
    .execute(tx.conn)?;
    Ok(ids)
}

/// Which of these lot numbers are in use for their item already.
///
/// # Errors
/// Those of the database.
pub fn codes_taken(reader: &mut Reader, wanted: &[(ItemId, &str)]) -> Result<BTreeSet<(Uuid, String)>> {
    let items: BTreeSet<Uuid> = wanted.iter().map(|(item, _)| item.uuid()).collect();
    let codes: BTreeSet<&str> = wanted.iter().map(|(_, code)| *code).collect();
    let known: Vec<(Uuid, String)> = lot::table
        .filter(lot::org_id.eq(reader.org()))
        .filter(lot::item_id.eq_any(items))
        .filter(lot::code.eq_any(codes))
        .filter(lot::status.ne(GONE))
        .select((lot::item_id, lot::code))
        .load(reader.conn)?;
    Ok(known.into_iter().collect())
}

/// The lot that a subcontractor provides itself: known by its maker's number, and by a number of its own where that
/// one is taken.
///
/// # Errors
/// Those of the database.
pub fn own_lot(tx: &mut Tx, new: &NewLot, otherwise: &str) -> Result<LotId> {
    let ours = diesel::dsl::exists(
        stock_balance::table
            .filter(stock_balance::org_id.eq(lot::org_id))
            .filter(stock_balance::lot_id.eq(lot::id.nullable()))
            .filter(stock_balance::owner_id.is_null()),
    );
    let known: Option<Uuid> = lot::table
        .filter(lot::org_id.eq(tx.org()))
        .filter(lot::item_id.eq(new.item.uuid()))
        .filter(lot::supplier_id.eq(new.supplier.map(PartnerId::uuid)))
        .filter(lot::supplier_lot.eq(&new.supplier_lot))
        .filter(lot::status.ne(GONE))
        .filter(diesel::dsl::not(ours))
        .select(lot::id)
        .first(tx.conn)
        .optional()?;
    if let Some(known) = known {
        return Ok(known.into());
    }
    let printable = is_lot_code(&new.supplier_lot);
    let taken = lot::table
        .filter(lot::org_id.eq(tx.org()))
        .filter(lot::item_id.eq(new.item.uuid()))
        .filter(lot::code.eq(&new.supplier_lot))
        .filter(lot::status.ne(GONE));
    let free = printable && !diesel::select(diesel::dsl::exists(taken)).get_result::<bool>(tx.conn)?;
    let code = if free { new.supplier_lot.clone() } else { otherwise.to_owned() };
    let id = lot_create(tx, &NewLot { code, ..new.clone() })?;
    audit::append(tx, Event::new(AggregateKind::Lot, id, AuditAction::Created))?;
    Ok(id)
}

/// Locks a lot and reads it. Movements that refer to it need not wait.
///
/// # Errors
/// `not_found`.
pub fn lot_lock(tx: &mut Tx, id: LotId) -> Result<Lot> {
    lot::table.find((tx.org(), id.uuid())).select(lot::id).for_no_key_update().first::<Uuid>(tx.conn)?;
    lot_read(tx, id)
}

/// Locks lots whose status is about to change, in one order, before their balances.
///
/// # Errors
/// Those of the database.
pub fn lots_lock(tx: &mut Tx, ids: &[LotId]) -> Result<()> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = lot::table.filter(lot::org_id.eq(tx.org())).filter(lot::id.eq_any(ids)).order(lot::id);
    rows.select(lot::id).for_no_key_update().load::<Uuid>(tx.conn)?;
    Ok(())
}

/// A lot that is about to leave, held still so that nobody blocks it meanwhile.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lot)]
pub struct HeldLot {
    /// Lot.
    pub id: Uuid,
    /// Own lot number.
    pub code: String,
    /// Status.
    pub status: String,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// Of a tool: how often it was used.
    pub uses: i32,
    /// Of a tool: how often it may be used.
    pub life_uses: Option<i32>,
}

/// Holds lots still until the transaction ends, in one order.
///
/// # Errors
/// Those of the database.
pub fn lots_hold(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<HeldLot>> {
    Ok(lot::table
        .filter(lot::org_id.eq(tx.org()))
        .filter(lot::id.eq_any(ids))
        .order(lot::id)
        .select(HeldLot::as_select())
        .for_share()
        .load(tx.conn)?)
}

/// Moves a lot to another status, and remembers when it was released first.
///
/// # Errors
/// Those of the database.
pub fn lot_set_status(tx: &mut Tx, id: LotId, status: LotStatus) -> Result<()> {
    diesel::sql_query(
        "UPDATE lot SET status = $2, version = version + 1,
            released_at = CASE $2 WHEN 'released' THEN coalesce(released_at, current_instant()) ELSE released_at END
         WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Text, _>(status.as_str())
    .execute(tx.conn)?;
    Ok(())
}

/// Holds lots still, and refuses a step that no recalled lot takes.
///
/// # Errors
/// `lot_status_forbids`.
pub fn lots_check_not_recalled(tx: &mut Tx, step: MovementKind, ids: &[Uuid]) -> Result<()> {
    if rules::is_allowed_recalled(step) || ids.is_empty() {
        return Ok(());
    }
    match lots_hold(tx, ids)?.into_iter().find(|lot| lot.status == LotStatus::Recalled.as_str()) {
        Some(lot) => {
            let refusal = Refusal::new(ProblemCode::LotStatusForbids).with("lot", lot.code);
            let refusal = refusal.with_text("status", LotStatus::Recalled.name());
            Err(refusal.with_text("step", words::step(step)).into())
        }
        None => Ok(()),
    }
}

/// Recalls lots, whatever their status was; what is used up or gone stays so.
///
/// # Errors
/// Those of the database.
pub fn lots_recall(tx: &mut Tx, ids: &[LotId]) -> Result<()> {
    diesel::sql_query(
        "UPDATE lot SET status = 'recalled', version = version + 1
         WHERE org_id = current_org() AND id = ANY($1) AND status NOT IN ('recalled', 'consumed', 'scrapped')",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>())
    .execute(tx.conn)?;
    Ok(())
}

/// Gives recalled lots the status back that they had before.
///
/// # Errors
/// Those of the database.
pub fn lots_restore(tx: &mut Tx, lots: &[(LotId, LotStatus)]) -> Result<()> {
    diesel::sql_query(
        "UPDATE lot l SET status = n.status, version = version + 1 FROM unnest($1, $2) AS n (id, status)
         WHERE l.org_id = current_org() AND l.id = n.id AND l.status = 'recalled'",
    )
    .bind::<Array<SqlUuid>, _>(lots.iter().map(|(id, _)| id.uuid()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(lots.iter().map(|(_, status)| status.as_str()).collect::<Vec<_>>())
    .execute(tx.conn)?;
    Ok(())
}

/// Counts uses of a tool; negative when they are taken back.
///
/// # Errors
/// Those of the database.
pub fn tool_use(tx: &mut Tx, id: LotId, uses: i32) -> Result<()> {
    diesel::sql_query(
        "UPDATE lot SET uses = greatest(uses + $2, 0), version = version + 1 WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Integer, _>(uses)
    .execute(tx.conn)?;
    Ok(())
}

/// A tool that gets another number keeps its life.
///
/// # Errors
/// Those of the database.
pub fn tool_inherit(tx: &mut Tx, id: LotId, (uses, life_uses): (i32, Option<i32>)) -> Result<()> {
    let row = lot::table.find((tx.org(), id.uuid()));
    diesel::update(row).set((lot::uses.eq(uses), lot::life_uses.eq(life_uses))).execute(tx.conn)?;
    Ok(())
}

/// Sets how often a tool may be used, and, when it was refurbished, begins its count anew.
///
/// # Errors
/// Those of the database.
pub fn tool_renew(tx: &mut Tx, id: LotId, life_uses: Option<i32>, reset: bool) -> Result<()> {
    let org = tx.org();
    let row = || lot::table.find((org, id.uuid()));
    diesel::update(row()).set((lot::life_uses.eq(life_uses), lot::version.eq(lot::version + 1))).execute(tx.conn)?;
    if reset {
        diesel::update(row()).set((lot::uses.eq(0), lot::uses_reset_at.eq(tx.now))).execute(tx.conn)?;
    }
    Ok(())
}

/// Sets what one unit of each lot costs, unless it is known already.
///
/// # Errors
/// Those of the database.
pub fn lots_value(tx: &mut Tx, values: &[(LotId, Decimal)]) -> Result<()> {
    diesel::sql_query(
        "UPDATE lot l SET unit_cost = n.cost FROM unnest($1, $2) AS n (id, cost)
         WHERE l.org_id = current_org() AND l.id = n.id AND l.unit_cost IS NULL",
    )
    .bind::<Array<SqlUuid>, _>(values.iter().map(|(lot, _)| lot.uuid()).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(values.iter().map(|(_, cost)| *cost).collect::<Vec<_>>())
    .execute(tx.conn)?;
    Ok(())
}

/// The calendar day in the organisation's time zone.
///
/// # Errors
/// Those of the database.
pub fn today(reader: &mut Reader) -> Result<NaiveDate> {
    reader.today()
}
