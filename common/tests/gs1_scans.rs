//! What the pick page makes of a scan: symbology identifiers, policies, plain codes, HIBC codes.
#![expect(clippy::unwrap_used, reason = "a test that fails by panic says where")]

use chrono::NaiveDate;
use lotline_common::locale::Locale;
use lotline_common::scan::{ScanContent, ScanError, ScanErrorKind, UnidentifiedPolicy};
use proptest::prelude::*;

const POLICIES: [UnidentifiedPolicy; 4] = [
    UnidentifiedPolicy::Refuse,
    UnidentifiedPolicy::ElementString,
    UnidentifiedPolicy::Plain,
    UnidentifiedPolicy::Recognise,
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn decode(raw: &str, policy: UnidentifiedPolicy) -> Result<ScanContent, ScanError> {
    ScanContent::decode(raw, today(), policy)
}

fn recognise(raw: &str) -> Result<ScanContent, ScanError> {
    decode(raw, UnidentifiedPolicy::Recognise)
}

fn refusal(raw: &str) -> (ScanErrorKind, usize) {
    let error = recognise(raw).unwrap_err();
    (error.kind, error.position)
}

fn gtin_and_lot(content: ScanContent) -> (Option<String>, Option<String>) {
    match content {
        ScanContent::Gs1(content) => (content.gtin().map(str::to_owned), content.lot().map(str::to_owned)),
        other => panic!("not an element string: {other:?}"),
    }
}

#[test]
fn identified_element_strings_are_read_under_every_policy() {
    for policy in POLICIES {
        for identifier in ["]C1", "]d2", "]Q3", "]e0", "]J1"] {
            let scan = format!("{identifier}018061414112345810TI-2407-018\r\n");
            let expected = (Some("80614141123458".to_owned()), Some("TI-2407-018".to_owned()));
            assert_eq!(gtin_and_lot(decode(&scan, policy).unwrap()), expected);
        }
    }
}

#[test]
fn a_retail_symbol_gives_a_gtin_of_fourteen_digits() {
    let gtin = |scan: &str| gtin_and_lot(recognise(scan).unwrap()).0;
    assert_eq!(gtin("]E02112233789657").as_deref(), Some("02112233789657"));
    assert_eq!(gtin("]E402345680").as_deref(), Some("00000002345680"));
    let both = gtin_and_lot(recognise("]E02112233789657|]e010ABC123").unwrap());
    assert_eq!(both, (Some("02112233789657".to_owned()), Some("ABC123".to_owned())));
    assert_eq!(refusal("]E02112233789658").0, ScanErrorKind::CheckDigitWrong);
    assert_eq!(refusal("]E021122337896570"), (ScanErrorKind::ValueTooLong, 16));
}

#[test]
fn a_plain_lot_code_stays_plain() {
    let plain = |scan: &str| recognise(scan) == Ok(ScanContent::Plain("TI-2407-018".to_owned()));
    assert!(plain("TI-2407-018"));
    assert!(plain(" TI-2407-018 \r\n"));
    assert!(plain("]C0TI-2407-018"));
    assert!(plain("]d1TI-2407-018"));
    assert!(plain("]A0TI-2407-018"));
    for lot in ["钛棒-018", "0112345", "01806141411234590", "(A)12", "10ABC", "^"] {
        assert_eq!(recognise(lot), Ok(ScanContent::Plain(lot.to_owned())));
    }
}

#[test]
fn unidentified_element_strings_are_known_by_their_marks() {
    for scan in [
        "018061414112345810ABC\u{1D}21XYZ",
        "0180614141123458",
        "00106141412345678908",
        "02806141411234583712",
        "10ABC\u{1D}21XYZ",
        "(01)80614141123458(10)ABC",
        "\u{3000}（01）80614141123458 ",
    ] {
        assert!(matches!(recognise(scan), Ok(ScanContent::Gs1(_))), "{scan}");
    }
}

#[test]
fn the_policy_decides_when_the_identifier_is_missing() {
    let scan = "0180614141123458";
    let refused = decode(scan, UnidentifiedPolicy::Refuse).unwrap_err();
    assert_eq!(refused.kind, ScanErrorKind::SymbologyMissing);
    assert!(matches!(decode(scan, UnidentifiedPolicy::ElementString), Ok(ScanContent::Gs1(_))));
    assert!(matches!(decode(scan, UnidentifiedPolicy::Plain), Ok(ScanContent::Plain(_))));
    assert!(decode("TI-2407-018", UnidentifiedPolicy::ElementString).is_err());
    assert!(matches!(decode("+X", UnidentifiedPolicy::Plain), Ok(ScanContent::Plain(_))));
}

#[test]
fn a_lost_separator_is_suspected_only_without_identifier_and_separator() {
    let lost = "018061414112345810ABC17280229";
    assert_eq!(refusal(lost), (ScanErrorKind::SeparatorLost, 21));
    assert_eq!(refusal(&format!("{lost}21XYZ")), (ScanErrorKind::SeparatorLost, 21));
    let lot = gtin_and_lot(recognise(&format!("]d2{lost}")).unwrap()).1;
    assert_eq!(lot.as_deref(), Some("ABC17280229"), "the identifier vouches for the data");
    let lot = gtin_and_lot(recognise("(01)80614141123458(10)ABC17280229").unwrap()).1;
    assert_eq!(lot.as_deref(), Some("ABC17280229"));
}

#[test]
fn what_cannot_be_relied_on_is_refused() {
    assert_eq!(refusal(""), (ScanErrorKind::ScanEmpty, 0));
    assert_eq!(refusal("  \r\n"), (ScanErrorKind::ScanEmpty, 0));
    assert_eq!(refusal("]C0"), (ScanErrorKind::ScanEmpty, 3));
    assert_eq!(refusal("]C1"), (ScanErrorKind::ScanEmpty, 0));
    assert_eq!(refusal("]d2018061414112345810A^B"), (ScanErrorKind::CaretInData, 22));
    assert_eq!(refusal("]d5018061414112345"), (ScanErrorKind::SymbologyUnsupported, 0));
    assert_eq!(refusal("]C0A\u{7}B"), (ScanErrorKind::CharacterInvalid, 4));
    assert_eq!(refusal(&"A".repeat(8000)), (ScanErrorKind::ScanTooLong, 7089));
    assert_eq!(refusal("(01)80614141123459"), (ScanErrorKind::CheckDigitWrong, 4));
}

#[test]
fn hibc_codes_are_known_by_their_plus_sign() {
    for scan in [
        "+A123BJC5D6E71G",
        "*+A123BJC5D6E71G*",
        "]C0+A123BJC5D6E71G",
        "]A0*+A123BJC5D6E71G*\r",
        "]d1+A99912345/$$52001510X3/16D20111212/S77DE1G45-",
    ] {
        assert!(matches!(recognise(scan), Ok(ScanContent::Hibc(_))), "{scan}");
    }
    assert_eq!(refusal("]C0+A123BJC5D6E71H"), (ScanErrorKind::HibcCheckWrong, 17));
    assert_eq!(recognise("]d1+A99912345/$$52001510X3/16D20111212/S77DE1G45-").unwrap().lot(), Some("10X3"));
}

#[test]
fn a_refusal_is_said_in_words_with_its_figures() {
    let error = recognise("(01)80614141123459").unwrap_err();
    assert_eq!(error.words(Locale::ZhCn), "应用标识符 (01) 的校验位错误");
    assert_eq!(error.words(Locale::En), "the check digit of (01) is wrong");
    assert_eq!(error.kind.text_key(), "scan_error.check_digit_wrong");
    let error = recognise("]d2018061414112345810A^B").unwrap_err();
    assert!(error.words(Locale::En).contains("character 23"));
    for kind in ScanErrorKind::ALL {
        for locale in [Locale::ZhCn, Locale::En] {
            let words = ScanError::new(*kind, 0).of("10").beside("01").words(locale);
            assert!(!words.is_empty() && !words.contains(['{', '}']), "{words}");
        }
    }
}

proptest! {
    #[test]
    fn nothing_that_is_scanned_or_typed_panics(raw in any::<String>()) {
        for policy in POLICIES {
            let _ = decode(&raw, policy);
        }
    }

    #[test]
    fn nothing_that_looks_like_a_code_panics(
        raw in "(\\]C1|\\]E0|\\]C0|\\(|\\*)?[+$0-9A-Z\u{1D}()/^|钛 ]{0,40}",
    ) {
        for policy in POLICIES {
            let _ = decode(&raw, policy);
        }
    }

    #[test]
    fn an_error_points_into_the_scan(raw in "(\\]d2|\\]C0|\\]E0)?[+$0-9A-Z\u{1D}()/]{0,40}") {
        if let Err(error) = recognise(&raw) {
            prop_assert!(error.position <= raw.chars().count(), "{error:?}");
        }
    }
}
