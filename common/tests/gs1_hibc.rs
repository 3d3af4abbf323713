//! HIBC codes as suppliers print them.
#![expect(clippy::unwrap_used, reason = "a test that fails by panic says where")]

use chrono::NaiveDate;
use lotline_common::hibc::{HibcCode, check_character, parse};
use lotline_common::scan::{ScanError, ScanErrorKind};
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn today() -> NaiveDate {
    day(2026, 11, 23)
}

/// Parses a text without its check character.
fn parse_unchecked(text: &str) -> Result<HibcCode, ScanError> {
    parse(&format!("{text}{}", check_character(text).unwrap()), 0, today())
}

fn kind(text: &str) -> ScanErrorKind {
    parse_unchecked(text).unwrap_err().kind
}

#[test]
fn the_combined_code_of_the_standard_is_read_in_full() {
    let code = parse("+A99912345/$$52001510X3/16D20111212/S77DE1G45-", 0, today()).unwrap();
    let primary = code.primary.clone().unwrap();
    assert_eq!(primary.labeler, "A999");
    assert_eq!(primary.product, "1234");
    assert_eq!(primary.unit_of_measure, 5);
    assert_eq!(code.expires_on(), Some(day(2020, 1, 15)));
    assert_eq!(code.manufactured_on(), Some(day(2011, 12, 12)));
    assert_eq!(code.lot(), Some("10X3"));
    assert_eq!(code.serial(), Some("77DE1G45"));
    assert_eq!(code.check, '-');
}

#[test]
fn a_primary_code_tells_labeler_product_and_unit() {
    let code = parse("+A123BJC5D6E71G", 0, today()).unwrap();
    let primary = code.primary.unwrap();
    assert_eq!((primary.labeler.as_str(), primary.product.as_str()), ("A123", "BJC5D6E7"));
    assert_eq!((primary.unit_of_measure, code.check), (1, 'G'));
    assert_eq!(code.secondary, None);
}

#[test]
fn every_date_flag_is_read() {
    for (secondary, expires_on, hour, lot) in [
        ("261323C001", Some(day(2026, 5, 12)), None, "3C001"),
        ("$3C001", None, None, "3C001"),
        ("$$02283C001", Some(day(2028, 2, 29)), None, "3C001"),
        ("$$20928273C001", Some(day(2027, 9, 28)), None, "3C001"),
        ("$$32709283C001", Some(day(2027, 9, 28)), None, "3C001"),
        ("$$4270928223C001", Some(day(2027, 9, 28)), Some(22), "3C001"),
        ("$$5272713C001", Some(day(2027, 9, 28)), None, "3C001"),
        ("$$627271223C001", Some(day(2027, 9, 28)), Some(22), "3C001"),
        ("$$73C001", None, None, "3C001"),
    ] {
        let code = parse_unchecked(&format!("+{secondary}L")).unwrap();
        assert_eq!(code.expires_on(), expires_on, "{secondary}");
        assert_eq!(code.secondary.as_ref().unwrap().expires_hour, hour, "{secondary}");
        assert_eq!((code.lot(), code.link), (Some(lot), Some('L')), "{secondary}");
    }
}

#[test]
fn quantity_and_serial_stand_before_and_in_place_of_the_lot() {
    let code = parse_unchecked("+$$82409053C001L").unwrap();
    assert_eq!((code.quantity(), code.lot()), (Some(24), Some("3C001")));
    assert_eq!(code.expires_on(), Some(day(2005, 9, 30)));
    let code = parse_unchecked("+$$90010073C001L").unwrap();
    assert_eq!((code.quantity(), code.lot()), (Some(100), Some("3C001")));
    let code = parse_unchecked("+$+0001L").unwrap();
    assert_eq!((code.serial(), code.lot()), (Some("0001"), None));
    let code = parse_unchecked("+$$+32709280001L").unwrap();
    assert_eq!((code.serial(), code.expires_on()), (Some("0001"), Some(day(2027, 9, 28))));
}

#[test]
fn supplements_complete_the_code_and_must_not_contradict_it() {
    let code = parse_unchecked("+A99912340/$$0927LOT/14D20270915/Q500/XYZ").unwrap();
    assert_eq!(code.expires_on(), Some(day(2027, 9, 15)), "the day completes the month");
    assert_eq!((code.quantity(), code.lot()), (Some(500), Some("LOT")));
    assert_eq!(code.secondary.unwrap().others, ["XYZ"]);
    let code = parse_unchecked("+A99912340/14D20270915/S1").unwrap();
    assert_eq!((code.serial(), code.expires_on()), (Some("1"), Some(day(2027, 9, 15))));
    let differing = "+A99912340/$$3270928LOT/14D20270915";
    assert_eq!(kind(differing), ScanErrorKind::RepeatedValueDiffers);
    assert_eq!(kind("+A99912340/$LOT/14D20270931"), ScanErrorKind::DateInvalid);
    assert_eq!(kind("+A99912340/$LOT//S1"), ScanErrorKind::HibcMalformed);
}

#[test]
fn a_secondary_code_joins_only_the_primary_code_it_links_to() {
    let primary = parse("+A123BJC5D6E71G", 0, today()).unwrap();
    let secondary = parse_unchecked("+$$32709283C001G").unwrap();
    let stranger = parse_unchecked("+$$32709283C001H").unwrap();
    let joined = HibcCode::joined(primary.clone(), secondary.clone()).unwrap();
    assert_eq!(joined.primary, primary.primary);
    assert_eq!(joined.lot(), Some("3C001"));
    for (first, second) in
        [(primary.clone(), stranger), (secondary.clone(), primary.clone()), (primary.clone(), primary)]
    {
        let error = HibcCode::joined(first, second).unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::HibcLinkWrong);
    }
}

#[test]
fn what_breaks_the_format_is_refused() {
    for text in ["+", "+A", "+A1234", "+A123X", "+A12-45670", "+A12312345678901234567890", "+-LOTL"] {
        assert_eq!(kind(text), ScanErrorKind::HibcMalformed, "{text}");
    }
    for text in ["+$$8X4LOTL", "+$$X092705L", "+$$327", "+$1234567890123456789L"] {
        assert_eq!(kind(text), ScanErrorKind::HibcMalformed, "{text}");
    }
    for text in ["+$$3271328LOTL", "+$$1327LOTL", "+$$527400LOTL", "+$$427092825LOTL", "+$$3270900LL"] {
        assert_eq!(kind(text), ScanErrorKind::DateInvalid, "{text}");
    }
    assert_eq!(parse("+a123", 0, today()).unwrap_err().kind, ScanErrorKind::HibcMalformed);
    for placeholder in ["+H124009993020351/", "+H124009993019351/1715160668893E07/"] {
        let error = parse(placeholder, 0, today()).unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::HibcCheckWrong, "{placeholder}");
    }
}

proptest! {
    #[test]
    fn a_combined_code_reads_back(
        labeler in "[A-Z][0-9A-Z]{3}", product in "[0-9A-Z]{1,18}", unit in 0u8..10,
        lot in "[0-9A-Z]{1,18}", serial in "[0-9A-Z]{1,18}", quantity in 0u32..100_000,
    ) {
        let text = format!("+{labeler}{product}{unit}/$$9{quantity:05}3280229{lot}/S{serial}");
        let code = parse_unchecked(&text).unwrap();
        let primary = code.primary.clone().unwrap();
        prop_assert_eq!(primary.labeler, labeler);
        prop_assert_eq!(primary.product, product);
        prop_assert_eq!(primary.unit_of_measure, unit);
        prop_assert_eq!(code.lot(), Some(lot.as_str()));
        prop_assert_eq!(code.serial(), Some(serial.as_str()));
        prop_assert_eq!(code.quantity(), Some(quantity));
        prop_assert_eq!(code.expires_on(), Some(day(2028, 2, 29)));
    }

    #[test]
    fn one_wrong_character_is_always_found(at in 1usize..14, step in 1usize..43) {
        const ORDER: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
        let mut code: Vec<char> = "+A123BJC5D6E71G".chars().collect();
        let value = ORDER.find(code[at]).unwrap();
        code[at] = ORDER.chars().nth((value + step) % 43).unwrap();
        let text: String = code.iter().collect();
        prop_assert!(parse(&text, 0, today()).is_err());
    }
}
