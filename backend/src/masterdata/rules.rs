//! Pure decisions about master data.

use lotline_common::gs1::check_digit::has_check_digit;
use lotline_common::locale::{Locale, Name};
use lotline_common::masterdata::{
    BomState, BomWrite, ItemKind, ItemWrite, LocationKind, LocationWrite, OperationWrite, Partner, PartnerWrite,
    Supply, Tracking, UnitWrite,
};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use rust_decimal::Decimal;

use super::lookup::ItemFacts;

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
    if let Some(uses) = item.life_uses {
        let tool = item.kind == ItemKind::Tooling && item.tracking == Tracking::Serial;
        check.ensure(tool, "/life_uses", ProblemCode::FieldNotAllowed);
        range_field(&mut check, "/life_uses", uses.into(), (1, 100_000_000));
    }
    check.check("/safety_stock", quantity::check_not_negative(item.safety_stock, 6));
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
    let role = partner.supplier || partner.subcontractor || partner.customer;
    check.ensure(role, "/subcontractor", ProblemCode::PartnerRoleMissing);
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

/// Kinds of place that come with a subcontractor, with the ending of the code and of the names.
const PARTNER_PLACES: [(LocationKind, &str, &str, &str); 4] = [
    (LocationKind::SubcontractorCustody, "CUSTODY", "保管", "custody"),
    (LocationKind::InTransitOut, "TRANSIT", "发出在途", "in transit out"),
    (LocationKind::InTransitIn, "RETURN", "返回在途", "in transit in"),
    (LocationKind::Claim, "CLAIM", "索赔", "claim"),
];

/// The places that come with a subcontractor, named after it. They are in use as long as it is one.
pub fn partner_places(partner: &Partner) -> impl Iterator<Item = LocationWrite> {
    PARTNER_PLACES.into_iter().map(|(kind, ending, zh, en)| LocationWrite {
        code: format!("{}-{ending}", partner.code),
        name: Name {
            zh: format!("{} {zh}", partner.name.in_locale(Locale::ZhCn)),
            en: format!("{} {en}", partner.name.in_locale(Locale::En)),
        },
        kind,
        active: partner.active && partner.subcontractor,
    })
}

/// Lines that a bill of material has at most.
const MAXIMUM_BOM_LINES: usize = 100;

/// Checks what a bill of material says by itself.
pub fn bom_fields(check: &mut FieldCheck, bom: &BomWrite) {
    check.required_text("/revision", &bom.revision, 10);
    if !(1..=MAXIMUM_BOM_LINES).contains(&bom.lines.len()) {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_BOM_LINES));
    }
    for (index, line) in bom.lines.iter().enumerate() {
        let pointer = format!("/lines/{index}/component_id");
        check.ensure(line.component_id != bom.product_id, pointer, ProblemCode::BomSelfReference);
        let loss = line.loss_norm_percent;
        if loss < Decimal::ZERO || loss >= Decimal::ONE_HUNDRED || loss.normalize().scale() > 4 {
            let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", 0).with("maximum", "99.9999");
            check.refuse(format!("/lines/{index}/loss_norm_percent"), refusal);
        }
    }
}

/// Decimal places of the uses of a tool for the base quantity.
const TOOL_USE_PLACES: u32 = 6;

/// Checks a line of a bill of material against its component: quantities as fine as its unit allows,
/// and no line before it with the same one.
pub fn bom_line_fields(check: &mut FieldCheck, bom: &BomWrite, index: usize, component: &ItemFacts) {
    let Some(line) = bom.lines.get(index) else { return };
    if bom.lines.iter().take(index).any(|before| before.component_id == line.component_id) {
        let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", &component.code);
        check.refuse(format!("/lines/{index}/component_id"), refusal);
    }
    let tooling = component.kind == ItemKind::Tooling;
    if (line.supply == Supply::Tooling) != tooling {
        let refusal = Refusal::new(ProblemCode::SupplyUnfit).with("item", &component.code);
        check.refuse(format!("/lines/{index}/supply"), refusal.with_text("supply", line.supply.name()));
    }
    // A tool counts uses, which may be parts of one for a single piece: it has no loss.
    let places = if tooling { TOOL_USE_PLACES } else { component.decimal_places };
    check.check(format!("/lines/{index}/net_usage"), quantity::check_positive(line.net_usage, places));
    if tooling && !line.loss_norm_percent.is_zero() {
        check.refuse(format!("/lines/{index}/loss_norm_percent"), Refusal::new(ProblemCode::FieldNotAllowed));
    }
    if let Some(multiple) = line.issue_multiple {
        let multiple = quantity::check_positive(multiple, component.decimal_places);
        check.check(format!("/lines/{index}/issue_multiple"), multiple);
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
    use lotline_common::id::{ItemId, OperationId, PartnerId, UnitId};
    use lotline_common::masterdata::BomLineWrite;

    fn name(zh: &str, en: &str) -> Name {
        Name { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// Pointers and codes of the fields at fault.
    fn faults(result: Result<(), Refusal>) -> Vec<(String, ProblemCode)> {
        let refusal = result.err().into_iter();
        refusal.flat_map(|refusal| refusal.fields).map(|field| (field.pointer, field.refusal.code)).collect()
    }

    fn fault(pointer: &str, code: ProblemCode) -> (String, ProblemCode) {
        (pointer.to_owned(), code)
    }

    fn component(id: ItemId, decimal_places: u32) -> ItemFacts {
        let (code, unit_code) = ("RM-TI-040".to_owned(), "kg".to_owned());
        let (kind, tracking, unit) = (ItemKind::RawMaterial, Tracking::Lot, UnitId::new());
        ItemFacts { id, code, kind, tracking, unit, unit_code, decimal_places, shelf_life_days: None }
    }

    fn line(component_id: ItemId, usage: &str, loss: &str) -> BomLineWrite {
        let (net_usage, loss_norm_percent) = (usage.parse().unwrap(), loss.parse().unwrap());
        BomLineWrite { component_id, supply: Supply::Consigned, net_usage, loss_norm_percent, issue_multiple: None }
    }

    fn bom(lines: Vec<BomLineWrite>) -> BomWrite {
        let (product_id, operation_id) = (ItemId::new(), OperationId::new());
        BomWrite { product_id, operation_id, revision: "A".to_owned(), base_quantity: Decimal::ONE, lines }
    }

    fn bom_faults(bom: &BomWrite, decimal_places: u32) -> Vec<(String, ProblemCode)> {
        let mut check = FieldCheck::new();
        bom_fields(&mut check, bom);
        for (index, line) in bom.lines.iter().enumerate() {
            bom_line_fields(&mut check, bom, index, &component(line.component_id, decimal_places));
        }
        faults(check.finish())
    }

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
        let refused = |code: &str| {
            let mut check = FieldCheck::new();
            code_field(&mut check, code, 8, false);
            check.finish().is_err()
        };
        assert!(!refused("RM-TI-06"));
        for bad in ["", "-A", "rm", "RM.1", "RM TI", "RM-TI-006", "钛"] {
            assert!(refused(bad), "{bad}");
        }
    }

    #[test]
    fn a_partner_has_a_name_and_supplies_or_processes() {
        let partner = |name: Name, supplier: bool| PartnerWrite {
            code: "SUB-1".to_owned(),
            name,
            supplier,
            subcontractor: false,
            customer: false,
            contact_name: String::new(),
            phone: "1".repeat(51),
            email: String::new(),
            address: String::new(),
            risk: None,
            active: true,
        };
        let phone = fault("/phone", ProblemCode::FieldTooLong);
        assert_eq!(faults(check_partner(&partner(name("", "Machining"), true))), std::slice::from_ref(&phone));
        let (unnamed, idle) =
            (fault("/name/zh", ProblemCode::FieldRequired), fault("/subcontractor", ProblemCode::PartnerRoleMissing));
        assert_eq!(faults(check_partner(&partner(name(" ", ""), false))), [unnamed, idle, phone]);
    }

    #[test]
    fn a_subcontractors_places_carry_its_name_and_rest_with_it() {
        let mut partner = Partner {
            id: PartnerId::new(),
            code: "SUB-MACH".to_owned(),
            name: name("精工", ""),
            supplier: true,
            subcontractor: true,
            customer: false,
            contact_name: String::new(),
            phone: String::new(),
            email: String::new(),
            address: String::new(),
            risk: None,
            active: true,
            version: 1,
        };
        let codes: Vec<_> = partner_places(&partner).map(|place| place.code).collect();
        assert_eq!(codes, ["SUB-MACH-CUSTODY", "SUB-MACH-TRANSIT", "SUB-MACH-RETURN", "SUB-MACH-CLAIM"]);
        let custody = partner_places(&partner).next().unwrap();
        assert_eq!((custody.name, custody.active), (name("精工 保管", "精工 custody"), true));
        partner.subcontractor = false;
        assert!(partner_places(&partner).all(|place| !place.active));
    }

    #[test]
    fn people_make_only_shelves_of_their_own() {
        for kind in LocationKind::ALL {
            let location = LocationWrite { code: "A-01".to_owned(), name: name("架", ""), kind: *kind, active: true };
            let own = matches!(kind, LocationKind::Quarantine | LocationKind::OwnStock | LocationKind::Wip);
            assert_eq!(check_location(&location).is_ok(), own, "{kind}");
        }
    }

    #[test]
    fn a_unit_has_a_symbol_and_at_most_six_decimal_places() {
        let unit = |code: &str, decimal_places| {
            let (code, name) = (code.to_owned(), name("米每秒", ""));
            faults(check_unit(&UnitWrite { code, name, decimal_places, active: true }))
        };
        assert_eq!(unit("m/s", 6), []);
        assert_eq!(unit("千克", 0), [fault("/code", ProblemCode::FieldFormat)]);
        assert_eq!(unit("kg", 7), [fault("/decimal_places", ProblemCode::FieldOutOfRange)]);
    }

    #[test]
    fn a_bill_of_material_names_every_line_at_fault() {
        let twice = ItemId::new();
        let mut bom = bom(vec![line(twice, "0.0001", "3"), line(twice, "1", "100"), line(ItemId::new(), "0", "-1")]);
        bom.lines.push(line(bom.product_id, "2", "0"));
        let found: std::collections::BTreeSet<_> = bom_faults(&bom, 3).into_iter().collect();
        let expected = [
            ("/lines/0/net_usage", ProblemCode::QuantityTooPrecise),
            ("/lines/1/component_id", ProblemCode::LineDuplicate),
            ("/lines/1/loss_norm_percent", ProblemCode::FieldOutOfRange),
            ("/lines/2/loss_norm_percent", ProblemCode::FieldOutOfRange),
            ("/lines/2/net_usage", ProblemCode::QuantityNotPositive),
            ("/lines/3/component_id", ProblemCode::BomSelfReference),
        ];
        assert_eq!(found, expected.map(|(pointer, code)| fault(pointer, code)).into());
    }

    #[test]
    fn a_bill_of_material_has_one_to_a_hundred_lines() {
        let missing = [fault("/lines", ProblemCode::LinesMissing)];
        let lines = |count: usize| bom((0..count).map(|_| line(ItemId::new(), "1", "0")).collect());
        assert_eq!(bom_faults(&lines(0), 0), missing);
        assert_eq!(bom_faults(&lines(100), 0), []);
        assert_eq!(bom_faults(&lines(101), 0), missing);
    }

    #[test]
    fn a_revision_goes_from_draft_to_active_to_retired_only() {
        use BomState::{Active, Draft, Retired};
        for from in [Draft, Active, Retired] {
            for to in [Draft, Active, Retired] {
                let allowed = matches!((from, to), (Draft, Active) | (Active, Retired));
                assert_eq!(check_bom_transition("A", from, to).is_ok(), allowed, "{from} to {to}");
            }
        }
    }
}
