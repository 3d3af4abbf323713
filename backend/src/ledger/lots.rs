//! Lots: made on receipt, moved from status to status by decisions.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Date;
use lotline_common::id::{ItemId, LotId, PartnerId};
use lotline_common::ledger::{Lot, LotStatus};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::db::{Reader, Tx, list};
use crate::error::Result;
use crate::schema::lot;

/// A lot to be made known.
#[derive(Debug, Clone)]
pub struct NewLot {
    /// Item.
    pub item: ItemId,
    /// Own lot number.
    pub code: String,
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
}

/// One lot.
///
/// # Errors
/// `not_found`.
pub fn lot_read(reader: &mut Reader, id: LotId) -> Result<Lot> {
    list::one(reader, "lot_view", id)
}

/// Makes a lot in quarantine.
///
/// # Errors
/// `lot_code_taken`.
pub fn lot_create(tx: &mut Tx, new: &NewLot) -> Result<LotId> {
    let id = LotId::new();
    diesel::insert_into(lot::table)
        .values((
            lot::org_id.eq(tx.org()),
            lot::id.eq(id.uuid()),
            lot::item_id.eq(new.item.uuid()),
            lot::code.eq(&new.code),
            lot::status.eq(LotStatus::Quarantine.as_str()),
            lot::supplier_id.eq(new.supplier.map(PartnerId::uuid)),
            lot::supplier_lot.eq(&new.supplier_lot),
            lot::certificate_number.eq(&new.certificate_number),
            lot::manufactured_on.eq(new.manufactured_on),
            lot::expires_on.eq(new.expires_on),
            lot::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

/// Locks a lot and reads it.
///
/// # Errors
/// `not_found`.
pub fn lot_lock(tx: &mut Tx, id: LotId) -> Result<Lot> {
    lot::table.find((tx.org(), id.uuid())).select(lot::id).for_update().first::<Uuid>(tx.conn)?;
    lot_read(tx, id)
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

/// Moves a lot to another status.
///
/// # Errors
/// Those of the database.
pub fn lot_set_status(tx: &mut Tx, id: LotId, status: LotStatus) -> Result<()> {
    diesel::update(lot::table.find((tx.org(), id.uuid())))
        .set((lot::status.eq(status.as_str()), lot::version.eq(lot::version + 1)))
        .execute(tx.conn)?;
    Ok(())
}

/// Sets what one unit of a lot costs.
///
/// # Errors
/// Those of the database.
pub fn lot_set_cost(tx: &mut Tx, id: LotId, unit_cost: Decimal) -> Result<()> {
    diesel::update(lot::table.find((tx.org(), id.uuid()))).set(lot::unit_cost.eq(unit_cost)).execute(tx.conn)?;
    Ok(())
}

/// Sets what one unit of a lot costs, unless it is known already.
///
/// # Errors
/// Those of the database.
pub fn lot_value(tx: &mut Tx, id: LotId, unit_cost: Decimal) -> Result<()> {
    let unknown = lot::table.find((tx.org(), id.uuid())).filter(lot::unit_cost.is_null());
    diesel::update(unknown).set(lot::unit_cost.eq(unit_cost)).execute(tx.conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Day {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
}

/// The calendar day in the organisation's time zone.
///
/// # Errors
/// Those of the database.
pub fn today(reader: &mut Reader) -> Result<NaiveDate> {
    Ok(diesel::sql_query("SELECT current_day() AS day").get_result::<Day>(reader.conn)?.day)
}
