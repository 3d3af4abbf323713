//! Element strings as they come from labels, scanners and keyboards.
#![expect(clippy::unwrap_used, reason = "a test that fails by panic says where")]

use chrono::NaiveDate;
use lotline_common::gs1::{ElementString, NetWeight, WeightUnit, parse_brackets, parse_separated};
use lotline_common::scan::{ScanError, ScanErrorKind};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn today() -> NaiveDate {
    day(2026, 11, 23)
}

fn parse(data: &str) -> Result<ElementString, ScanError> {
    parse_separated(&data.replace('|', "\u{1D}"), 0, today())
}

fn refusal(data: &str) -> (ScanErrorKind, usize) {
    let error = parse(data).unwrap_err();
    (error.kind, error.position)
}

#[test]
fn a_device_label_tells_item_lot_serial_and_dates() {
    let content = parse("01806141411234581126010517290105").unwrap();
    assert_eq!(content.gtin(), Some("80614141123458"));
    assert_eq!(content.manufactured_on(), Some(day(2026, 1, 5)));
    assert_eq!(content.expires_on(), Some(day(2029, 1, 5)));

    let content = parse("018061414112345810TI-2407-018|21A/1|30250").unwrap();
    assert_eq!(content.lot(), Some("TI-2407-018"));
    assert_eq!(content.serial(), Some("A/1"));
    assert_eq!(content.count(), Some(250));
    assert_eq!(content.check_associations(), Ok(()));
}

#[test]
fn a_pallet_label_tells_its_code_contents_and_count() {
    let content = parse("0010614141234567890802806141411234583712").unwrap();
    assert_eq!(content.sscc(), Some("106141412345678908"));
    assert_eq!(content.contents_gtin(), Some("80614141123458"));
    assert_eq!(content.gtin(), None);
    assert_eq!(content.count(), Some(12));
    assert_eq!(content.check_associations(), Ok(()));
}

#[test]
fn net_weight_is_exact_and_has_its_unit() {
    let weight = |data: &str| {
        let weight = parse(data).unwrap().net_weight();
        weight.map(|NetWeight { amount, unit }| (amount.to_string(), unit))
    };
    let item = "0180614141123458";
    assert_eq!(weight(&format!("{item}3103012345")), Some(("12.345".to_owned(), WeightUnit::Kilogram)));
    assert_eq!(weight(&format!("{item}3105000001")), Some(("0.00001".to_owned(), WeightUnit::Kilogram)));
    assert_eq!(weight(&format!("{item}3200000007")), Some(("7".to_owned(), WeightUnit::Pound)));
    assert_eq!(weight(&format!("{item}3561000015")), Some(("1.5".to_owned(), WeightUnit::TroyOunce)));
    assert_eq!(weight(&format!("{item}3303012345")), None, "gross weight is not net weight");
}

#[test]
fn an_open_day_is_read_as_the_last_of_the_month_and_told() {
    let content = parse("018061414112345817280200").unwrap();
    assert_eq!(content.expires_on(), Some(day(2028, 2, 29)));
    let open: Vec<&str> = content.dates_without_day().map(|element| element.ai.as_str()).collect();
    assert_eq!(open, ["17"]);
}

#[test]
fn the_same_digits_mean_another_century_at_another_day_of_capture() {
    let expiry = |captured_on| parse_separated("018061414112345817500101", 0, captured_on).unwrap().expires_on();
    assert_eq!(expiry(day(1999, 12, 31)), Some(day(1950, 1, 1)));
    assert_eq!(expiry(day(2000, 1, 1)), Some(day(2050, 1, 1)));
    assert_eq!(expiry(day(2049, 6, 1)), Some(day(2050, 1, 1)));
    assert_eq!(expiry(day(2101, 1, 1)), Some(day(2150, 1, 1)));
}

#[test]
fn harmless_separators_are_tolerated() {
    let expected = parse("018061414112345810ABC|21XYZ").unwrap();
    for data in ["018061414112345810ABC|21XYZ|", "0180614141123458|10ABC|21XYZ", "|018061414112345810ABC|21XYZ"] {
        let content = parse(data).unwrap();
        assert_eq!(content.gtin(), expected.gtin(), "{data}");
        assert_eq!(content.lot(), expected.lot(), "{data}");
        assert_eq!(content.serial(), expected.serial(), "{data}");
    }
}

#[test]
fn what_breaks_the_format_is_refused_where_it_breaks() {
    for (data, kind, position) in [
        ("", ScanErrorKind::ScanEmpty, 0),
        ("|", ScanErrorKind::ScanEmpty, 0),
        ("018061414112345810ABC||21XYZ", ScanErrorKind::SeparatorUnexpected, 22),
        ("018061414112345810|21XYZ", ScanErrorKind::ValueEmpty, 18),
        ("01806141411234", ScanErrorKind::ValueTooShort, 14),
        ("01806141411|23458", ScanErrorKind::ValueTooShort, 11),
        ("0180614141123459", ScanErrorKind::CheckDigitWrong, 2),
        ("018061414112345817260230", ScanErrorKind::DateInvalid, 18),
        ("018061414112345810A^B", ScanErrorKind::CaretInData, 19),
        ("018061414112345810A B", ScanErrorKind::CharacterInvalid, 19),
        ("018061414112345810批", ScanErrorKind::CharacterInvalid, 18),
        ("01806141411234581012345678901234567890X", ScanErrorKind::ValueTooLong, 38),
        ("38ABC", ScanErrorKind::AiUnknown, 0),
        ("018061414112345818260101", ScanErrorKind::AiUnknown, 16),
        ("0180614141123458X", ScanErrorKind::AiUnknown, 16),
        ("018061414112345810A|10B", ScanErrorKind::RepeatedValueDiffers, 20),
    ] {
        assert_eq!(refusal(data), (kind, position), "{data}");
    }
}

#[test]
fn a_repetition_with_the_same_value_is_legal() {
    let content = parse("018061414112345810A|0180614141123458").unwrap();
    assert_eq!(content.elements().len(), 2);
}

#[test]
fn identifiers_that_exclude_each_other_are_refused() {
    let refused = |data: &str| {
        let error = parse(data).unwrap_err();
        (error.kind, error.ai.unwrap(), error.partner.unwrap())
    };
    let excluded = |ai: &str, partner: &str| (ScanErrorKind::AiExcluded, ai.to_owned(), partner.to_owned());
    assert_eq!(refused("018061414112345802806141411234583712"), excluded("01", "37"));
    assert_eq!(refused("018061414112345821A|235B"), excluded("21", "235"));
    assert_eq!(refused("018061414112345831030123453102001234"), excluded("3103", "3102"));
}

#[test]
fn partners_are_looked_for_on_all_codes_of_an_item_together() {
    let item = parse("0180614141123458").unwrap();
    let lot = parse("10TI-2407-018").unwrap();
    let error = lot.check_associations().unwrap_err();
    assert_eq!(error.kind, ScanErrorKind::AiMissing);
    assert_eq!(error.ai.as_deref(), Some("10"));

    let both = ElementString::merged([lot.clone(), item.clone()]).unwrap();
    assert_eq!(both.check_associations(), Ok(()));
    assert_eq!(both.gtin(), item.gtin());
    assert_eq!(both.lot(), lot.lot());

    let other_lot = parse("10TI-2407-019").unwrap();
    let error = ElementString::merged([lot, other_lot]).unwrap_err();
    assert_eq!(error.kind, ScanErrorKind::RepeatedValueDiffers);
    let count_alone = parse("3712").unwrap();
    assert!(ElementString::merged([item, count_alone]).is_err(), "37 excludes 01");
}

#[test]
fn the_bracket_form_is_read_as_people_type_it() {
    let expected = parse("018061414112345810TI-2407-018|17280229").unwrap();
    for text in [
        "(01)80614141123458(10)TI-2407-018(17)280229",
        "(01) 80614141123458 (10) TI-2407-018 (17) 280229",
        "（01）80614141123458（10）TI-2407-018（17）280229",
    ] {
        let content = parse_brackets(text, today()).unwrap();
        assert_eq!(content.gtin(), expected.gtin(), "{text}");
        assert_eq!(content.lot(), expected.lot(), "{text}");
        assert_eq!(content.expires_on(), expected.expires_on(), "{text}");
    }
    let content = parse_brackets("(10)A\\(1\\)", today()).unwrap();
    assert_eq!(content.lot(), Some("A(1)"));
}

#[test]
fn a_broken_bracket_form_is_refused_where_it_breaks() {
    for (text, kind, position) in [
        ("(01", ScanErrorKind::BracketsMalformed, 0),
        ("(1)80614141123458", ScanErrorKind::BracketsMalformed, 0),
        ("(01)80614141123458(10", ScanErrorKind::BracketsMalformed, 18),
        ("(01)80614141123458(XX)1", ScanErrorKind::BracketsMalformed, 18),
        ("(01)80614141123458(10)", ScanErrorKind::ValueEmpty, 22),
        ("(01)80614141123459", ScanErrorKind::CheckDigitWrong, 4),
        ("(10)A^B", ScanErrorKind::CharacterInvalid, 5),
        ("(38)A", ScanErrorKind::AiUnknown, 0),
    ] {
        let error = parse_brackets(text, today()).unwrap_err();
        assert_eq!((error.kind, error.position), (kind, position), "{text}");
    }
}
