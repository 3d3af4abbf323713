//! Pure decisions about master data.

use lotline_common::locale::Name;
use lotline_common::masterdata::ItemWrite;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};

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
    let digits: Option<Vec<u32>> = gtin.chars().map(|digit| digit.to_digit(10)).collect();
    let digits = digits.filter(|digits| matches!(digits.len(), 8 | 12 | 13 | 14))?;
    let weighted = digits.iter().rev().zip([1, 3].iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| digit * weight).sum();
    (sum % 10 == 0).then(|| format!("{gtin:0>14}"))
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
