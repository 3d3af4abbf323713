//! Lots that production and repacking make: born with the document, linked to everything that was taken, worth what
//! was taken.

use chrono::NaiveDate;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, PartnerId};
use lotline_common::ledger::{Certainty, DocumentKind, Lot, LotStatus};
use lotline_common::material::{LineDirection, Material, MaterialCreate, MaterialKind, MaterialLineWrite};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::store::{self, Line};
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::error::Result;
use crate::ledger::lots::{self, HeldLot, NewLot};
use crate::masterdata::lookup::ItemFacts;
use crate::masterdata::lot_dates::{self, Dates};
use crate::trace::links::{self, NewLink, Source};

/// What a repacked lot takes over from those it is made of.
struct Inherited {
    status: LotStatus,
    /// All of them were released before, whatever became of them since.
    released: bool,
    expires_on: Option<NaiveDate>,
    /// Of a tool: how often it was used, and may be. A new number makes no tool younger.
    life: (i32, Option<i32>),
    /// Where it comes from, when all of them come from there; else the links lead to each.
    origin: Option<Origin>,
}

/// Where a lot comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Origin {
    supplier: Option<PartnerId>,
    supplier_lot: String,
    certificate_number: String,
    batch_code: String,
    manufactured_on: Option<NaiveDate>,
}

impl Origin {
    fn of(lot: &Lot) -> Self {
        Self {
            supplier: lot.supplier.as_ref().map(|supplier| supplier.id),
            supplier_lot: lot.supplier_lot.clone(),
            certificate_number: lot.certificate_number.clone(),
            batch_code: lot.batch_code.clone(),
            manufactured_on: lot.manufactured_on,
        }
    }
}

/// Repacking joins only lots of one status; the first to expire sets the day, the most worn tool the life.
fn inherited(held: &[HeldLot]) -> Result<Option<Inherited>> {
    let mut all: Option<Inherited> = None;
    for lot in held {
        let status: LotStatus = lot.status.parse().map_err(anyhow::Error::from)?;
        let expires_on = [all.as_ref().and_then(|all| all.expires_on), lot.expires_on].into_iter().flatten().min();
        let (uses, life_uses) = all.as_ref().map_or((0, None), |all| all.life);
        let life = (uses.max(lot.uses), [life_uses, lot.life_uses].into_iter().flatten().min());
        if all.as_ref().is_some_and(|all| all.status != status) {
            let refusal = Refusal::new(ProblemCode::RepackStatusMixed).with("lot", &lot.code);
            return Err(refusal.with_text("status", status.name()).into());
        }
        all = Some(Inherited { status, released: false, expires_on, life, origin: None });
    }
    Ok(all)
}

/// The one origin of lots; none where they differ.
fn one_origin(lots: &[Lot]) -> Option<Origin> {
    let mut origins = lots.iter().map(Origin::of);
    let first = origins.next()?;
    origins.all(|origin| origin == first).then_some(first)
}

/// Makes the lot of each line that makes one.
///
/// # Errors
/// `repack_status_mixed`, `fields_invalid` for an expiry that is missing, `lot_code_taken`.
pub fn lots(tx: &mut Tx, command: &MaterialCreate, items: &[ItemFacts]) -> Result<Vec<Option<LotId>>> {
    if command.kind == MaterialKind::DirectDelivery {
        return delivered(tx, command, items);
    }
    if !command.kind.makes_lots() {
        return Ok(command.lines.iter().map(|line| line.lot_id).collect());
    }
    let taken: Vec<Uuid> = command.lines.iter().filter_map(|line| line.lot_id).map(LotId::uuid).collect();
    let held = lots::lots_hold(tx, &taken)?;
    let mut inherited = if command.kind == MaterialKind::Repack { inherited(&held)? } else { None };
    if let Some(inherited) = &mut inherited {
        let taken: Vec<Lot> = taken.iter().map(|id| lots::lot_read(tx, (*id).into())).collect::<Result<_>>()?;
        inherited.origin = one_origin(&taken);
        inherited.released = taken.iter().all(|lot| lot.released_at.is_some());
    }
    let today = lots::today(tx)?;
    check_dates(command, items, today)?;
    let mut made = Vec::with_capacity(command.lines.len());
    for (line, item) in command.lines.iter().zip(items) {
        let Some(code) = line.lot_code.clone() else {
            made.push(line.lot_id);
            continue;
        };
        let origin = inherited.as_ref().and_then(|inherited| inherited.origin.clone()).unwrap_or_default();
        let batch_code = Some(line.batch_code.trim().to_owned()).filter(|batch| !batch.is_empty());
        let lot = new_lot(
            tx,
            item,
            &NewLot {
                item: item.id,
                code,
                batch_code: batch_code.unwrap_or(origin.batch_code),
                supplier: origin.supplier,
                supplier_lot: origin.supplier_lot,
                certificate_number: origin.certificate_number,
                manufactured_on: line.manufactured_on.or(origin.manufactured_on),
                expires_on: inherited.as_ref().map_or_else(|| dates(line, today).expiry(item), |lot| lot.expires_on),
                unit_cost: None,
            },
        )?;
        if let Some(inherited) = &inherited {
            if inherited.released {
                lots::lot_set_status(tx, lot, LotStatus::Released)?;
            }
            lots::lot_set_status(tx, lot, inherited.status)?;
            lots::tool_inherit(tx, lot, inherited.life)?;
        }
        made.push(Some(lot));
    }
    Ok(made)
}

/// The lots that a supplier delivers straight to the subcontractor; they wait for quality, which has the certificate.
fn delivered(tx: &mut Tx, command: &MaterialCreate, items: &[ItemFacts]) -> Result<Vec<Option<LotId>>> {
    let today = lots::today(tx)?;
    check_dates(command, items, today)?;
    let mut made = Vec::with_capacity(command.lines.len());
    for (line, item) in command.lines.iter().zip(items) {
        let Some(code) = line.lot_code.clone() else {
            made.push(None);
            continue;
        };
        let new = NewLot {
            item: item.id,
            code,
            batch_code: line.batch_code.trim().to_owned(),
            supplier: command.supplier_id,
            supplier_lot: line.supplier_lot.trim().to_owned(),
            certificate_number: line.certificate_number.trim().to_owned(),
            manufactured_on: line.manufactured_on,
            expires_on: dates(line, today).expiry(item),
            unit_cost: line.unit_price,
        };
        made.push(Some(new_lot(tx, item, &new)?));
    }
    Ok(made)
}

/// The chain of each lot delivered begins.
///
/// # Errors
/// Those of the database.
pub fn record(tx: &mut Tx, document: &Material, lines: &[Line]) -> Result<()> {
    for line in lines {
        let Some(lot) = line.lot else { continue };
        let event = Event::new(AggregateKind::Lot, lot, AuditAction::Created);
        audit::append(tx, event.details(serde_json::json!({ "material": document.number, "line": line.number })))?;
    }
    Ok(())
}

/// Makes a lot; one that is there already is named.
fn new_lot(tx: &mut Tx, item: &ItemFacts, new: &NewLot) -> Result<LotId> {
    lots::lot_create(tx, new).map_err(|error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::LotCodeTaken => {
            refusal.clone().with("lot", &new.code).with("item", &item.code).into()
        }
        _ => error,
    })
}

/// The dates of what is made on a line: made today when no other day is given.
fn dates(line: &MaterialLineWrite, today: NaiveDate) -> Dates {
    Dates { made: line.manufactured_on.or(Some(today)), expires: line.expires_on }
}

/// A repacked lot has the dates of what is in it; what a supplier delivers does not come without any.
fn check_dates(command: &MaterialCreate, items: &[ItemFacts], today: NaiveDate) -> Result<()> {
    let mut check = FieldCheck::new();
    for (index, (line, item)) in command.lines.iter().zip(items).enumerate() {
        let at = format!("/lines/{index}");
        lot_dates::check_made(&mut check, &at, line.manufactured_on, today);
        match command.kind {
            MaterialKind::Production => lot_dates::check_expiry(&mut check, &at, dates(line, today), item),
            MaterialKind::DirectDelivery => {
                let said = Dates { made: line.manufactured_on, expires: line.expires_on };
                lot_dates::check_expiry(&mut check, &at, said, item);
            }
            _ => {}
        }
    }
    Ok(check.finish()?)
}

/// The part of what was taken that one made line stands for.
fn share(taken: Decimal, made: Decimal, all_made: Decimal) -> Decimal {
    let whole = taken.checked_mul(made).and_then(|product| product.checked_div(all_made));
    whole.unwrap_or_default().round_dp(6)
}

/// Links each lot made to each lot taken, values it, and begins its chain.
///
/// # Errors
/// `genealogy_cycle`.
pub fn link(tx: &mut Tx, document: &Material, lines: &[Line]) -> Result<()> {
    let side = |direction| lines.iter().filter(move |line| line.direction == direction);
    let all_made: Decimal = side(LineDirection::In).map(|line| line.quantity).sum();
    let mut found = Vec::new();
    for made in side(LineDirection::In) {
        let Some(child) = made.lot else { continue };
        for taken in side(LineDirection::Out) {
            let Some(parent) = taken.lot else { continue };
            let quantity = share(taken.quantity, made.quantity, all_made);
            let (certainty, line) = (Certainty::Declared, made.number);
            found.push(NewLink { parent, child, quantity, certainty, line, newborn: true });
        }
        let event = Event::new(AggregateKind::Lot, child, AuditAction::Created);
        audit::append(tx, event.details(serde_json::json!({ "material": document.number, "line": made.number })))?;
    }
    let source = Source { kind: DocumentKind::Material, id: document.id.uuid(), order: None };
    links::link(tx, source, &found)?;
    value(tx, lines, all_made)
}

/// What was taken is what the made lots are worth, each unit alike; unknown as long as a part is.
fn value(tx: &mut Tx, lines: &[Line], all_made: Decimal) -> Result<()> {
    let taken: Vec<&Line> = lines.iter().filter(|line| line.direction == LineDirection::Out).collect();
    let ids: Vec<Uuid> = taken.iter().filter_map(|line| line.lot).map(LotId::uuid).collect();
    let costs = store::unit_costs(tx, &ids)?;
    let cost = |line: &&Line| costs.get(&line.lot?.uuid()).and_then(|cost| cost.checked_mul(line.quantity));
    let total: Option<Decimal> = taken.iter().map(cost).sum();
    let Some(unit_cost) = total.and_then(|total| total.checked_div(all_made)) else { return Ok(()) };
    let made = lines.iter().filter(|line| line.direction == LineDirection::In).filter_map(|line| line.lot);
    lots::lots_value(tx, &made.map(|lot| (lot, unit_cost.round_dp(6))).collect::<Vec<_>>())
}

/// The lots that a document gave birth to.
fn born(document: &Material, lines: &[Line]) -> Vec<LotId> {
    let is_born = |line: &&Line| line.direction == LineDirection::In || document.kind == MaterialKind::DirectDelivery;
    lines.iter().filter(is_born).filter_map(|line| line.lot).collect()
}

/// Holds the lots that are about to be unmade, before their balances.
///
/// # Errors
/// Those of the database.
pub fn lock(tx: &mut Tx, document: &Material, lines: &[Line]) -> Result<()> {
    lots::lots_lock(tx, &born(document, lines))
}

/// The lots of an undone document are gone.
///
/// # Errors
/// Those of the database.
pub fn unmake(tx: &mut Tx, document: &Material, lines: &[Line]) -> Result<()> {
    for lot in born(document, lines) {
        lots::lot_set_status(tx, lot, LotStatus::Scrapped)?;
        let event = Event::new(AggregateKind::Lot, lot, AuditAction::Reversed);
        audit::append(tx, event.details(serde_json::json!({ "material": document.number })))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn held(code: &str, status: LotStatus, expires_on: Option<&str>) -> HeldLot {
        HeldLot {
            id: Uuid::nil(),
            code: code.into(),
            status: status.as_str().into(),
            expires_on: expires_on.map(|day| day.parse().unwrap()),
            uses: 0,
            life_uses: None,
        }
    }

    #[test]
    fn a_merged_lot_expires_with_the_first_of_its_parts() {
        let released = LotStatus::Released;
        let parts = [
            held("A", released, Some("2027-03-01")),
            held("B", released, None),
            held("C", released, Some("2027-01-31")),
        ];
        let merged = inherited(&parts).unwrap().unwrap();
        assert_eq!((merged.status, merged.expires_on), (released, "2027-01-31".parse().ok()));
    }

    #[test]
    fn a_tool_under_another_number_is_as_worn_as_it_was() {
        let worn = HeldLot { uses: 980, life_uses: Some(1_000), ..held("MD-1", LotStatus::Released, None) };
        assert_eq!(inherited(&[worn]).unwrap().unwrap().life, (980, Some(1_000)));
    }

    #[test]
    fn a_blocked_lot_is_not_hidden_in_a_released_one() {
        let parts = [held("A", LotStatus::Released, None), held("B", LotStatus::Blocked, None)];
        let error = inherited(&parts).err().unwrap();
        assert_eq!(error.refusal().unwrap().code, ProblemCode::RepackStatusMixed);
    }

    proptest! {
        #[test]
        fn the_shares_of_the_lots_made_are_together_what_was_taken(
            taken in 1i64..1_000_000, made in proptest::collection::vec(1i64..10_000, 1..8),
        ) {
            let all: Decimal = made.iter().map(|quantity| Decimal::from(*quantity)).sum();
            let sum: Decimal = made.iter().map(|quantity| share(taken.into(), (*quantity).into(), all)).sum();
            prop_assert!((sum - Decimal::from(taken)).abs() <= Decimal::new(i64::try_from(made.len()).unwrap(), 6));
        }
    }
}
