//! Pure decisions about what is received.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use lotline_common::id::{ItemId, LocationId, UnitId};
use lotline_common::masterdata::{LocationKind, Tracking};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::receiving::{ReceiptCreate, ReceiptLineWrite};
use lotline_common::serials::is_lot_code;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::masterdata::lookup::ItemFacts;
use crate::masterdata::lot_dates::{self, Dates};
use crate::masterdata::serials::{Said, named};

/// Lines that a receipt has at most.
pub const MAXIMUM_LINES: usize = 2_000;

/// Checks the head of a receipt.
pub fn check_head(check: &mut FieldCheck, command: &ReceiptCreate) {
    check.required_text("/delivery_note", &command.delivery_note, 50);
    check.optional_text("/remark", &command.remark, 500);
    if command.lines.is_empty() || command.lines.len() > MAXIMUM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_LINES));
    }
}

/// The lines that one line stands for: itself, or one for each serial number that it names.
pub fn pieces(check: &mut FieldCheck, at: &str, line: &ReceiptLineWrite, item: &ItemFacts) -> Vec<ReceiptLineWrite> {
    let said = Said {
        serials: line.serials.as_ref(),
        batch_code: line.batch_code.trim(),
        code: line.lot_code.as_deref(),
        quantity: line.quantity,
    };
    match named(check, at, said, item) {
        None if line.serials.is_some() => Vec::new(),
        None => vec![line.clone()],
        Some(codes) => {
            let one = ReceiptLineWrite { quantity: Decimal::ONE, serials: None, ..line.clone() };
            codes.into_iter().map(|code| ReceiptLineWrite { lot_code: Some(code), ..one.clone() }).collect()
        }
    }
}

/// Checks one line, with the symbol of the unit it names, against its item. `at` is the line's JSON pointer.
pub fn check_line(check: &mut FieldCheck, at: &str, of: (&ReceiptLineWrite, &str), item: &ItemFacts) {
    let (line, unit) = of;
    check.check(format!("{at}/quantity"), quantity::check_positive(line.quantity, item.decimal_places));
    if let Some(price) = line.unit_price {
        check.check(format!("{at}/unit_price"), quantity::check_not_negative(price, 6));
    }
    check.optional_text(format!("{at}/supplier_lot"), &line.supplier_lot, 50);
    check.optional_text(format!("{at}/certificate_number"), &line.certificate_number, 50);
    if line.unit_id != item.unit {
        let refusal = Refusal::new(ProblemCode::UnitMismatch).with("item", &item.code);
        check.refuse(format!("{at}/unit_id"), refusal.with("expected", &item.unit_code).with("given", unit));
    }
    if let Some(code) = line.lot_code.as_deref().filter(|code| !is_lot_code(code)) {
        let refusal = Refusal::new(ProblemCode::FieldFormat).with("expected", "! – ~ (1–20)");
        check.refuse(format!("{at}/lot_code"), refusal.with("given", code));
    }
    lot_dates::check_order(check, at, dates(line));
    lot_dates::check_expiry(check, at, dates(line), item);
    check_tracking(check, at, line, item);
}

const fn dates(line: &ReceiptLineWrite) -> Dates {
    Dates { made: line.manufactured_on, expires: line.expires_on }
}

fn check_tracking(check: &mut FieldCheck, at: &str, line: &ReceiptLineWrite, item: &ItemFacts) {
    let lot_facts = line.lot_code.is_some() || line.expires_on.is_some() || line.manufactured_on.is_some();
    match item.tracking {
        Tracking::None if lot_facts => {
            check.refuse(format!("{at}/lot_code"), Refusal::new(ProblemCode::LotNotTracked).with("item", &item.code));
        }
        Tracking::Serial if line.quantity != Decimal::ONE => {
            let refusal = Refusal::new(ProblemCode::SerialQuantityNotOne);
            check.refuse(format!("{at}/quantity"), refusal.with("item", &item.code));
        }
        Tracking::Serial if line.lot_code.is_none() => {
            check.refuse(format!("{at}/lot_code"), Refusal::new(ProblemCode::LotRequired).with("item", &item.code));
        }
        Tracking::None | Tracking::Lot | Tracking::Serial => {}
    }
}

/// A lot number stands on one line for an item, and on none that is in use already.
pub fn check_codes(check: &mut FieldCheck, lines: &[Piece], known: &Known) {
    let mut seen = BTreeSet::new();
    for (at, line) in lines {
        let (Some(code), Some(item)) = (line.lot_code.as_deref(), known.items.get(&line.item_id)) else { continue };
        let at = at.clone();
        if known.taken.contains(&(line.item_id.uuid(), code.to_owned())) {
            let refusal = Refusal::new(ProblemCode::LotCodeTaken).with("lot", code);
            check.refuse(at, refusal.with("item", &item.code));
        } else if !seen.insert((line.item_id, code)) {
            check.refuse(at, Refusal::new(ProblemCode::LineDuplicate).with("what", code));
        }
    }
}

/// A line as it is received, and the JSON pointer of what names its lot or serial number.
pub type Piece = (String, ReceiptLineWrite);

/// What a receipt's lines refer to, read at once however many there are.
#[derive(Debug, Default)]
pub struct Known {
    /// Active items.
    pub items: BTreeMap<ItemId, ItemFacts>,
    /// Symbols of units.
    pub units: BTreeMap<UnitId, String>,
    /// Active locations: kind and code.
    pub locations: BTreeMap<LocationId, (LocationKind, String)>,
    /// Lot numbers in use, by item.
    pub taken: BTreeSet<(Uuid, String)>,
}

/// The place of a line is a quarantine of our own.
pub fn check_place(check: &mut FieldCheck, at: &str, line: &ReceiptLineWrite, known: &Known) {
    let Some(location) = line.location_id else { return };
    let refusal = match known.locations.get(&location) {
        None => Refusal::new(ProblemCode::ReferenceUnknown).with("what", "location_id"),
        Some((LocationKind::Quarantine, _)) => return,
        Some((_, code)) => Refusal::new(ProblemCode::LocationUnfit).with("location", code),
    };
    check.refuse(format!("{at}/location_id"), refusal);
}

/// The last day of use: as given, or manufacture plus shelf life.
#[must_use]
pub fn expiry(line: &ReceiptLineWrite, item: &ItemFacts) -> Option<NaiveDate> {
    dates(line).expiry(item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::masterdata::ItemKind;

    fn item(tracking: Tracking, shelf_life_days: Option<i32>) -> ItemFacts {
        let (id, unit) = (ItemId::new(), UnitId::new());
        ItemFacts {
            id,
            code: "RM-1".into(),
            kind: ItemKind::RawMaterial,
            tracking,
            unit,
            unit_code: "kg".into(),
            decimal_places: 3,
            shelf_life_days,
        }
    }

    fn line(item: &ItemFacts) -> ReceiptLineWrite {
        ReceiptLineWrite {
            item_id: item.id,
            quantity: "1".parse().unwrap(),
            unit_id: item.unit,
            lot_code: Some("L1".into()),
            serials: None,
            batch_code: String::new(),
            supplier_lot: String::new(),
            certificate_number: String::new(),
            manufactured_on: None,
            expires_on: None,
            location_id: None,
            unit_price: None,
        }
    }

    fn codes(line: &ReceiptLineWrite, item: &ItemFacts) -> Vec<ProblemCode> {
        let mut check = FieldCheck::new();
        check_line(&mut check, "/lines/0", (line, "kg"), item);
        check
            .finish()
            .err()
            .map(|refusal| refusal.fields)
            .unwrap_or_default()
            .into_iter()
            .map(|field| field.refusal.code)
            .collect()
    }

    #[test]
    fn the_expiry_follows_from_manufacture_and_shelf_life() {
        let item = item(Tracking::Lot, Some(365));
        let mut line = line(&item);
        assert_eq!(codes(&line, &item), [ProblemCode::ExpiryRequired]);
        line.manufactured_on = NaiveDate::from_ymd_opt(2026, 1, 1);
        assert_eq!(expiry(&line, &item), NaiveDate::from_ymd_opt(2027, 1, 1));
        assert!(codes(&line, &item).is_empty());
    }

    #[test]
    fn each_way_of_tracking_has_its_own_demands() {
        let serial = item(Tracking::Serial, None);
        let mut two = line(&serial);
        two.quantity = "2".parse().unwrap();
        assert_eq!(codes(&two, &serial), [ProblemCode::SerialQuantityNotOne]);
        let mut unnamed = line(&serial);
        unnamed.lot_code = None;
        assert_eq!(codes(&unnamed, &serial), [ProblemCode::LotRequired]);
        let untracked = item(Tracking::None, None);
        assert_eq!(codes(&line(&untracked), &untracked), [ProblemCode::LotNotTracked]);
    }

    #[test]
    fn a_slip_of_the_unit_or_the_lot_number_is_noticed() {
        let item = item(Tracking::Lot, None);
        let mut wrong = line(&item);
        wrong.unit_id = UnitId::new();
        wrong.lot_code = Some("TI 2407".into());
        assert_eq!(codes(&wrong, &item), [ProblemCode::UnitMismatch, ProblemCode::FieldFormat]);
    }
}
