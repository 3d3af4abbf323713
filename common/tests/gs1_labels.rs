//! Labels: what is written reads back the same, and what must not be printed is refused.
#![expect(clippy::unwrap_used, reason = "a test that fails by panic says where")]

use chrono::{Days, NaiveDate};
use lotline_common::gs1::check_digit::check_digit;
use lotline_common::gs1::{ElementString, LabelBuilder, parse_brackets, parse_separated};
use lotline_common::scan::{ScanError, ScanErrorKind};
use proptest::prelude::*;

const TEXT: &str = "[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]{1,20}";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn said(content: &ElementString) -> Vec<(String, String)> {
    let element = |element: &lotline_common::gs1::Element| (element.ai.clone(), element.value.clone());
    content.elements().iter().map(element).collect()
}

fn item() -> LabelBuilder {
    LabelBuilder::new(today()).with("01", "80614141123458").unwrap()
}

fn kind<T>(result: Result<T, ScanError>) -> Option<ScanErrorKind> {
    result.err().map(|error| error.kind)
}

#[test]
fn a_label_has_separators_only_where_the_length_is_open() {
    let expiry = NaiveDate::from_ymd_opt(2029, 1, 31).unwrap();
    let label = item()
        .with("10", "TI-2407-018")
        .and_then(|label| label.with_date("17", expiry))
        .and_then(|label| label.with("21", "A(1)"))
        .and_then(LabelBuilder::build)
        .unwrap();
    assert_eq!(label.data(), "018061414112345810TI-2407-018\u{1D}1729013121A(1)");
    assert_eq!(label.bracket_text(), "(01)80614141123458(10)TI-2407-018(17)290131(21)A\\(1\\)");
    assert_eq!(label.content().expires_on(), Some(expiry));
}

#[test]
fn what_must_not_be_printed_is_refused() {
    assert_eq!(kind(item().with("17", "280200")), Some(ScanErrorKind::DateDayMissing));
    assert_eq!(kind(item().with("17", "280230")), Some(ScanErrorKind::DateInvalid));
    assert_eq!(kind(item().with("10", "批号")), Some(ScanErrorKind::CharacterInvalid));
    assert_eq!(kind(item().with("10", "A\u{1D}21B")), Some(ScanErrorKind::CharacterInvalid));
    assert_eq!(kind(item().with("18", "A")), Some(ScanErrorKind::AiUnknown));
    assert_eq!(kind(LabelBuilder::new(today()).with("01", "80614141123459")), Some(ScanErrorKind::CheckDigitWrong));
    let far = NaiveDate::from_ymd_opt(2077, 1, 1).unwrap();
    assert_eq!(kind(item().with_date("17", far)), Some(ScanErrorKind::DateOutsideWindow));
    assert_eq!(kind(LabelBuilder::new(today()).build()), Some(ScanErrorKind::ScanEmpty));
    let lot_alone = LabelBuilder::new(today()).with("10", "A").unwrap();
    assert_eq!(kind(lot_alone.build()), Some(ScanErrorKind::AiMissing));
}

proptest! {
    #[test]
    fn a_label_reads_back_as_what_was_written(
        number in "[0-9]{13}", lot in TEXT, serial in TEXT, days in 0u64..15_000, count in 1u32..99_999_999,
    ) {
        let gtin = format!("{number}{}", check_digit(&number).unwrap());
        let expiry = today().checked_add_days(Days::new(days)).unwrap();
        let label = LabelBuilder::new(today())
            .with("01", &gtin)
            .and_then(|label| label.with("10", &lot))
            .and_then(|label| label.with_date("17", expiry))
            .and_then(|label| label.with("30", &count.to_string()))
            .and_then(|label| label.with("21", &serial))
            .and_then(LabelBuilder::build)
            .unwrap();
        let written = said(label.content());
        let from_symbol = parse_separated(&label.data(), 0, today()).unwrap();
        prop_assert_eq!(said(&from_symbol), written.clone());
        let from_text = parse_brackets(&label.bracket_text(), today()).unwrap();
        prop_assert_eq!(said(&from_text), written);
        prop_assert_eq!(from_symbol.expires_on(), Some(expiry));
        prop_assert_eq!(from_symbol.lot(), Some(lot.as_str()));
    }
}
