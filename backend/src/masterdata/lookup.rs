//! What other capabilities ask of master data: the few facts that decide, for records in use.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use lotline_common::id::{ItemId, LocationId, OperationId, PartnerId, PersonId, UnitId};
use lotline_common::ledger::StockStatus;
use lotline_common::masterdata::{ItemKind, LocationKind, Tracking};
use lotline_common::problem::{ProblemCode, Refusal};
use uuid::Uuid;

use crate::db::Reader;
use crate::error::{Error, Result};
use crate::ledger::Place;
use crate::schema::{item, location, lot, membership, operation, partner, unit};

/// An item as the rules of quantity and lots see it.
#[derive(Debug, Clone)]
pub struct ItemFacts {
    /// Item.
    pub id: ItemId,
    /// Item number.
    pub code: String,
    /// What it is.
    pub kind: ItemKind,
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
    items_facts(reader, &[id])?.remove(&id).ok_or_else(|| unknown(what))
}

/// The GTIN of an item, where it has one.
///
/// # Errors
/// `not_found`.
pub fn item_gtin(reader: &mut Reader, id: ItemId) -> Result<Option<String>> {
    Ok(item::table.find((reader.org(), id.uuid())).select(item::gtin).first(reader.conn)?)
}

/// Puts item and lot numbers in place of the identifiers in the fields that a rule refused: a rule knows the names only
/// of what belongs there.
#[must_use]
pub fn named(reader: &mut Reader, error: Error) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    for field in &mut refusal.fields {
        for figure in ["item", "lot"] {
            let said = field.refusal.figures.get(figure).and_then(|said| said.parse::<Uuid>().ok());
            let Some(id) = said else { continue };
            match code_of(reader, figure, id) {
                Ok(code) => drop(field.refusal.figures.insert(figure, code.unwrap_or_else(|| "?".to_owned()))),
                Err(error) => return error,
            }
        }
    }
    Error::Refused(refusal)
}

fn code_of(reader: &mut Reader, what: &str, id: Uuid) -> Result<Option<String>> {
    let org = reader.org();
    let code = match what {
        "item" => item::table.find((org, id)).select(item::code).first(reader.conn).optional()?,
        _ => lot::table.find((org, id)).select(lot::code).first(reader.conn).optional()?,
    };
    Ok(code)
}

/// The active ones of many items.
///
/// # Errors
/// Those of the database.
pub fn items_facts(reader: &mut Reader, ids: &[ItemId]) -> Result<BTreeMap<ItemId, ItemFacts>> {
    type Row = (Uuid, String, String, String, Option<i32>, Uuid, String, i16);
    let wanted: BTreeSet<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<Row> = item::table
        .inner_join(unit::table.on(unit::org_id.eq(item::org_id).and(unit::id.eq(item::unit_id))))
        .filter(item::org_id.eq(reader.org()))
        .filter(item::id.eq_any(wanted))
        .filter(item::active)
        .select((
            item::id,
            item::code,
            item::kind,
            item::tracking,
            item::shelf_life_days,
            unit::id,
            unit::code,
            unit::decimal_places,
        ))
        .load(reader.conn)?;
    let facts = |(id, code, kind, tracking, shelf_life_days, unit, unit_code, places): Row| {
        let (id, tracking) = (ItemId::from(id), tracking.parse().map_err(anyhow::Error::from)?);
        let kind = kind.parse().map_err(anyhow::Error::from)?;
        let decimal_places = u32::try_from(places).map_err(anyhow::Error::from)?;
        Ok((id, ItemFacts { id, code, kind, tracking, unit: unit.into(), unit_code, decimal_places, shelf_life_days }))
    };
    rows.into_iter().map(facts).collect()
}

/// The symbol of each unit.
///
/// # Errors
/// Those of the database.
pub fn unit_codes(reader: &mut Reader) -> Result<BTreeMap<UnitId, String>> {
    let rows: Vec<(Uuid, String)> =
        unit::table.filter(unit::org_id.eq(reader.org())).select((unit::id, unit::code)).load(reader.conn)?;
    Ok(rows.into_iter().map(|(id, code)| (id.into(), code)).collect())
}

/// Kind and code of the active ones of many locations.
///
/// # Errors
/// Those of the database.
pub fn locations_facts(
    reader: &mut Reader,
    ids: &[LocationId],
) -> Result<BTreeMap<LocationId, (LocationKind, String)>> {
    let wanted: BTreeSet<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(Uuid, String, String)> = location::table
        .filter(location::org_id.eq(reader.org()))
        .filter(location::id.eq_any(wanted))
        .filter(location::active)
        .select((location::id, location::kind, location::code))
        .load(reader.conn)?;
    let facts = |(id, kind, code): (Uuid, String, String)| {
        Ok((id.into(), (kind.parse::<LocationKind>().map_err(anyhow::Error::from)?, code)))
    };
    rows.into_iter().map(facts).collect()
}

/// Checks that a person is an active member of the maker's own.
///
/// # Errors
/// `reference_unknown`.
pub fn own_person(reader: &mut Reader, id: PersonId, what: &str) -> Result<()> {
    let known = membership::table.filter(membership::org_id.eq(reader.org())).filter(membership::active);
    let known = known.filter(membership::person_id.eq(id.uuid())).filter(membership::partner_id.is_null());
    let known: Option<Uuid> = known.select(membership::id).first(reader.conn).optional()?;
    known.map(drop).ok_or_else(|| unknown(what))
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
