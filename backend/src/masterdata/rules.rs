//! Pure decisions about master data.

use lotline_common::gs1::check_digit::has_check_digit;
use lotline_common::locale::Name;
use lotline_common::masterdata::{
    BomState, BomWrite, ItemWrite, LocationKind, LocationWrite, OperationWrite, PartnerWrite, UnitWrite,
};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use rust_decimal::Decimal;

/// Characters a name has at most.
const NAME_LENGTH: usize = 100;

/// A name in at least one language.
pub fn name_fields(check: &mut FieldCheck, name: &Name) {
    if name.zh.trim().is_empty() && name.en.trim().is_empty() {
        check.refuse("/name/zh", Refusal::new(ProblemCode::FieldRequired));
    }
    check.optional_text("/name/zh", &name.zh, NAME_LENGTH);
    check.optional_text("/name/en", &name.en, NAME_LENGTH);
}

/// A code: capital letters and digits, and `-` (and `.` where `dots`) after the first character.
pub fn code_field(check: &mut FieldCheck, code: &str, maximum: usize, dots: bool) {
    let plain = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    let fits = code.starts_with(plain)
        && code.len() <= maximum
        && code.chars().all(|letter| plain(letter) || letter == '-' || (dots && letter == '.'));
    if !fits {
        let expected = if dots { "A-Z 0-9 . -" } else { "A-Z 0-9 -" };
        let expected = format!("{expected} (1–{maximum})");
        check.refuse("/code", Refusal::new(ProblemCode::FieldFormat).with("expected", expected));
    }
}

/// A number within limits.
pub fn range_field(check: &mut FieldCheck, pointer: &str, value: i64, limits: (i64, i64)) {
    let (minimum, maximum) = limits;
    if !(minimum..=maximum).contains(&value) {
        let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", minimum).with("maximum", maximum);
        check.refuse(pointer, refusal);
    }
}

/// A GTIN of 8, 12, 13 or 14 digits as its 14 digits, when its check digit is right (GS1 General
/// Specifications 7.9).
#[must_use]
pub fn gtin_14(gtin: &str) -> Option<String> {
    let fits = matches!(gtin.len(), 8 | 12 | 13 | 14) && has_check_digit(gtin);
    fits.then(|| format!("{gtin:0>14}"))
}

/// Checks an item as written.
///
/// # Errors
/// `fields_invalid` with every field at fault.
pub fn check_item(item: &ItemWrite) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    code_field(&mut check, &item.code, 32, true);
    name_fields(&mut check, &item.name);
    check.optional_text("/specification", &item.specification, 500);
    if let Some(days) = item.shelf_life_days {
        range_field(&mut check, "/shelf_life_days", days.into(), (1, 36_500));
    }
    if item.gtin.as_deref().is_some_and(|gtin| gtin_14(gtin).is_none()) {
        check.refuse("/gtin", Refusal::new(ProblemCode::GtinWrong));
    }
    check.finish()
}

/// Checks a unit as written.
///
/// # Errors
/// `fields_invalid`.
pub fn check_unit(unit: &UnitWrite) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '%' || letter == '/';
    if !(1..=8).contains(&unit.code.len()) || !unit.code.chars().all(plain) {
        check.refuse("/code", Refusal::new(ProblemCode::FieldFormat).with("expected", "A-Z a-z 0-9 % / (1–8)"));
    }
    name_fields(&mut check, &unit.name);
    range_field(&mut check, "/decimal_places", unit.decimal_places.into(), (0, 6));
    check.finish()
}

/// Checks an operation as written.
///
/// # Errors
/// `fields_invalid`.
pub fn check_operation(operation: &OperationWrite) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    code_field(&mut check, &operation.code, 20, false);
    name_fields(&mut check, &operation.name);
    check.finish()
}

/// Checks a partner as written.
///
/// # Errors
/// `fields_invalid`.
pub fn check_partner(partner: &PartnerWrite) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    code_field(&mut check, &partner.code, 20, false);
    name_fields(&mut check, &partner.name);
    check.ensure(partner.supplier || partner.subcontractor, "/subcontractor", ProblemCode::PartnerRoleMissing);
    check.optional_text("/contact_name", &partner.contact_name, 100);
    check.optional_text("/phone", &partner.phone, 50);
    check.optional_text("/email", &partner.email, 200);
    check.optional_text("/address", &partner.address, 500);
    check.finish()
}

/// Checks an own location as written. The others are made with their partner or organisation.
///
/// # Errors
/// `fields_invalid`, `location_unfit`.
pub fn check_location(location: &LocationWrite) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    code_field(&mut check, &location.code, 32, true);
    name_fields(&mut check, &location.name);
    if !location.kind.is_own() {
        check.refuse("/kind", Refusal::new(ProblemCode::LocationUnfit).with("location", location.kind));
    }
    check.finish()
}

/// Places that come with a subcontractor: kind, ending of the code, Chinese and English name.
pub const PARTNER_PLACES: &[(LocationKind, &str, &str, &str)] = &[
    (LocationKind::SubcontractorCustody, "CUSTODY", "保管", "custody"),
    (LocationKind::InTransitOut, "TRANSIT", "发出在途", "in transit out"),
    (LocationKind::InTransitIn, "RETURN", "返回在途", "in transit in"),
    (LocationKind::Claim, "CLAIM", "索赔", "claim"),
];

/// Lines that a bill of material has at most.
const MAXIMUM_BOM_LINES: usize = 100;

/// Checks a bill of material, but for what it refers to.
pub fn check_bom(check: &mut FieldCheck, bom: &BomWrite) {
    check.required_text("/revision", &bom.revision, 10);
    if bom.lines.is_empty() || bom.lines.len() > MAXIMUM_BOM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_BOM_LINES));
    }
    for (index, line) in bom.lines.iter().enumerate() {
        let at = format!("/lines/{index}");
        check.ensure(line.component_id != bom.product_id, format!("{at}/component_id"), ProblemCode::BomSelfReference);
        if bom.lines.iter().take(index).any(|before| before.component_id == line.component_id) {
            let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", line.component_id);
            check.refuse(format!("{at}/component_id"), refusal);
        }
        check.check(format!("{at}/net_usage"), quantity::check_positive(line.net_usage, 6));
        let loss_fits = line.loss_norm_percent >= Decimal::ZERO
            && line.loss_norm_percent < Decimal::ONE_HUNDRED
            && line.loss_norm_percent.normalize().scale() <= 4;
        if !loss_fits {
            let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", 0).with("maximum", "99.9999");
            check.refuse(format!("{at}/loss_norm_percent"), refusal);
        }
    }
}

/// Whether a revision may go from one state to another.
///
/// # Errors
/// `state_forbids`.
pub fn check_bom_transition(revision: &str, from: BomState, to: BomState) -> Result<(), Refusal> {
    match (from, to) {
        (BomState::Draft, BomState::Active) | (BomState::Active, BomState::Retired) => Ok(()),
        _ => Err(Refusal::new(ProblemCode::StateForbids).with("number", revision).with("state", from)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gtin_is_kept_with_fourteen_digits_when_its_check_digit_is_right() {
        assert_eq!(gtin_14("80614141123458").as_deref(), Some("80614141123458"));
        assert_eq!(gtin_14("6901234567892").as_deref(), Some("06901234567892"));
        assert_eq!(gtin_14("6901234567893"), None);
        assert_eq!(gtin_14("69012345678"), None);
        assert_eq!(gtin_14("690123456789x"), None);
    }

    #[test]
    fn codes_are_capital_letters_digits_and_dashes() {
        let faults = |code: &str| {
            let mut check = FieldCheck::new();
            code_field(&mut check, code, 8, false);
            check.finish().is_err()
        };
        assert!(!faults("RM-TI-06"));
        for bad in ["", "-A", "rm", "RM.1", "RM TI", "RM-TI-006", "钛"] {
            assert!(faults(bad), "{bad}");
        }
    }
}
