//! What other capabilities ask of master data: the few facts that decide, for records in use.

use diesel::prelude::*;
use lotline_common::id::{ItemId, LocationId, OperationId, PartnerId, UnitId};
use lotline_common::ledger::StockStatus;
use lotline_common::masterdata::{LocationKind, Tracking};
use lotline_common::problem::{ProblemCode, Refusal};
use uuid::Uuid;

use crate::db::Reader;
use crate::error::{Error, Result};
use crate::ledger::Place;
use crate::schema::{item, location, operation, partner, unit};

/// An item as the rules of quantity and lots see it.
#[derive(Debug, Clone)]
pub struct ItemFacts {
    /// Item.
    pub id: ItemId,
    /// Item number.
    pub code: String,
    /// How single pieces are told apart.
    pub tracking: Tracking,
    /// Base unit.
    pub unit: UnitId,
    /// Its symbol.
    pub unit_code: String,
    /// Decimal places a quantity may have.
    pub decimal_places: u32,
    /// Days from manufacture to expiry.
    pub shelf_life_days: Option<i32>,
}

fn unknown(what: &str) -> Error {
    Refusal::new(ProblemCode::ReferenceUnknown).with("what", what).into()
}

/// An active item. `what` names the field that refers to it.
///
/// # Errors
/// `reference_unknown`.
pub fn item_facts(reader: &mut Reader, id: ItemId, what: &str) -> Result<ItemFacts> {
    type Row = (String, String, Option<i32>, Uuid, String, i16);
    let row: Option<Row> = item::table
        .inner_join(unit::table.on(unit::org_id.eq(item::org_id).and(unit::id.eq(item::unit_id))))
        .filter(item::org_id.eq(reader.org()))
        .filter(item::id.eq(id.uuid()))
        .filter(item::active)
        .select((item::code, item::tracking, item::shelf_life_days, unit::id, unit::code, unit::decimal_places))
        .first(reader.conn)
        .optional()?;
    let (code, tracking, shelf_life_days, unit, unit_code, places) = row.ok_or_else(|| unknown(what))?;
    let tracking = tracking.parse().map_err(anyhow::Error::from)?;
    let decimal_places = u32::try_from(places).map_err(anyhow::Error::from)?;
    Ok(ItemFacts { id, code, tracking, unit: unit.into(), unit_code, decimal_places, shelf_life_days })
}

/// Checks that a partner is an active supplier.
///
/// # Errors
/// `reference_unknown`.
pub fn supplier(reader: &mut Reader, id: PartnerId) -> Result<()> {
    let known = partner::table.find((reader.org(), id.uuid())).filter(partner::active).filter(partner::supplier);
    let known: Option<Uuid> = known.select(partner::id).first(reader.conn).optional()?;
    known.map(drop).ok_or_else(|| unknown("supplier_id"))
}

/// Checks that a partner is an active subcontractor.
///
/// # Errors
/// `reference_unknown`.
pub fn subcontractor(reader: &mut Reader, id: PartnerId) -> Result<()> {
    let known = partner::table.find((reader.org(), id.uuid())).filter(partner::active).filter(partner::subcontractor);
    let known: Option<Uuid> = known.select(partner::id).first(reader.conn).optional()?;
    known.map(drop).ok_or_else(|| unknown("partner_id"))
}

/// Checks that a partner is an active customer.
///
/// # Errors
/// `reference_unknown`.
pub fn customer(reader: &mut Reader, id: PartnerId) -> Result<()> {
    let known = partner::table.find((reader.org(), id.uuid())).filter(partner::active).filter(partner::customer);
    let known: Option<Uuid> = known.select(partner::id).first(reader.conn).optional()?;
    known.map(drop).ok_or_else(|| unknown("customer_id"))
}

/// An active operation's code.
///
/// # Errors
/// `reference_unknown`.
pub fn operation(reader: &mut Reader, id: OperationId) -> Result<String> {
    let known = operation::table.find((reader.org(), id.uuid())).filter(operation::active);
    let code: Option<String> = known.select(operation::code).first(reader.conn).optional()?;
    code.ok_or_else(|| unknown("operation_id"))
}

/// A location by identifier, with its kind and code.
///
/// # Errors
/// `reference_unknown`.
pub fn location_facts(reader: &mut Reader, id: LocationId, what: &str) -> Result<(LocationKind, String)> {
    let row: Option<(String, String)> = location::table
        .find((reader.org(), id.uuid()))
        .filter(location::active)
        .select((location::kind, location::code))
        .first(reader.conn)
        .optional()?;
    let (kind, code) = row.ok_or_else(|| unknown(what))?;
    Ok((kind.parse().map_err(anyhow::Error::from)?, code))
}

/// The first active location of a kind by code: one of our own, or a partner's.
///
/// # Errors
/// `reference_unknown` when there is none.
pub fn place_of_kind(
    reader: &mut Reader,
    kind: LocationKind,
    partner: Option<PartnerId>,
    status: StockStatus,
) -> Result<Place> {
    let found: Option<Uuid> = location::table
        .filter(location::org_id.eq(reader.org()))
        .filter(location::kind.eq(kind.as_str()))
        .filter(location::partner_id.is_not_distinct_from(partner.map(PartnerId::uuid)))
        .filter(location::active)
        .order(location::code)
        .select(location::id)
        .first(reader.conn)
        .optional()?;
    let location = found.ok_or_else(|| unknown(kind.as_str()))?.into();
    Ok(Place::new(location, kind, status))
}
