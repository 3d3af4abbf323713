//! The table of GS1 application identifiers: format, checks, partners, Digital Link role.
//!
//! The facts are those of the GS1 General Specifications as of the syntax dictionary of 2026-07; a
//! test compares the table with that dictionary wherever a copy is at hand.

mod attributes;
mod build;
mod healthcare;
mod identification;
mod measures;
mod system;
mod trade;
mod transport;

/// Characters that a component of a value may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharacterSet {
    /// `N`: the digits.
    Digits,
    /// `X`: the 82 characters of GS1's invariant subset of ISO/IEC 646.
    Text,
    /// `Y`: upper-case letters, digits, `#`, `-` and `/`.
    UpperCase,
    /// `Z`: the base64 alphabet for addresses (RFC 4648, section 5), with `=` as filler.
    Base64Url,
}

/// What the content of a component must fulfil beyond its characters and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Last digit is the GS1 check digit of those before it.
    CheckDigit,
    /// Last two characters are the check pair of those before them.
    CheckPair,
    /// Begins with a GS1 company prefix: at least four digits.
    CompanyPrefix,
    /// As [`Check::CompanyPrefix`], from the second character on.
    CompanyPrefixFromSecond,
    /// Holds a character that is not a digit.
    HasNonDigit,
    /// Date YYMMDD.
    Date,
    /// Date YYMMDD; the day may be 00, which stands for the last day of the month.
    DateOrMonth,
    /// Date YYYYMMDD.
    LongDate,
    /// Time HHMM.
    HourMinute,
    /// Hour 00 to 23.
    Hour,
    /// Minute 00 to 59.
    Minute,
    /// Second 00 to 59.
    Second,
    /// Numeric country code (ISO 3166-1).
    Country,
    /// Numeric country code, or 999 for several countries.
    CountryOrMany,
    /// Two-letter country code (ISO 3166-1).
    CountryLetters,
    /// Numeric currency code (ISO 4217).
    Currency,
    /// Percent signs begin an escape of two hexadecimal digits.
    PercentEncoded,
    /// 0 or 1.
    YesNo,
    /// Hyphens only.
    Hyphens,
    /// Latitude + 90°, in ten-millionths of a degree.
    Latitude,
    /// Longitude + 180°, in ten-millionths of a degree.
    Longitude,
    /// International bank account number (ISO 13616).
    BankAccount,
    /// Importer index of Regulation (EU) 2018/574.
    ImporterIndex,
    /// Package type (UN/ECE Recommendation 21 with GS1 additions).
    PackageType,
    /// Media type of a blood or tissue label (ICCBBA).
    MediaType,
    /// Piece number and total of equal width, piece not above total, neither zero.
    PieceOfTotal,
    /// Position and end of a sequence with a slash between, position not above end.
    PositionInSequence,
    /// Not zero.
    NotZero,
    /// First digit is not zero.
    NoLeadingZero,
    /// Winding direction of a roll: 0, 1 or 9.
    WindingDirection,
    /// Biological sex (ISO/IEC 5218): 0, 1, 2 or 9.
    Sex,
    /// Zero.
    Zero,
    /// North American coupon. Only its digits are checked: material is never labelled with one.
    Coupon,
}

/// One part of a value. Only the last part of a format may have a variable length.
#[derive(Debug, Clone, Copy)]
pub struct Component {
    /// Characters allowed.
    pub set: CharacterSet,
    /// Fewest characters.
    pub minimum: usize,
    /// Most characters.
    pub maximum: usize,
    /// May be missing when the value ends before it.
    pub optional: bool,
    /// Checks on its content.
    pub checks: &'static [Check],
}

/// An application identifier, or a run of identifiers that differ in their last digit only.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// First identifier, two to four digits.
    pub first: &'static str,
    /// Last identifier; the first again when there is only one.
    pub last: &'static str,
    /// GS1 data title; empty where GS1 gives none.
    pub title: &'static str,
    /// Has a length fixed by its first two digits, so no separator follows.
    pub predefined_length: bool,
    /// May be a query attribute of a GS1 Digital Link address.
    pub query_attribute: bool,
    /// Parts of the value, in order.
    pub components: &'static [Component],
    /// Needs one of these beside it; `+` joins identifiers needed together, `n` is any digit.
    pub requires: &'static [&'static str],
    /// Must not stand beside any of these; `n` is any digit.
    pub excludes: &'static [&'static str],
    /// Key of a GS1 Digital Link address, with its alternative qualifier sequences.
    pub digital_link_key: Option<&'static [&'static str]>,
}

impl Definition {
    /// Most characters of a value.
    #[must_use]
    pub fn maximum_length(&self) -> usize {
        self.components.iter().map(|part| part.maximum).sum()
    }

    /// Whether the definition is that of an identifier.
    #[must_use]
    pub fn covers(&self, code: &str) -> bool {
        code.len() == self.first.len() && self.first <= code && code <= self.last
    }
}

/// Every definition, in the order of the identifiers within each group.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    [
        identification::ROWS,
        measures::ROWS,
        trade::ROWS,
        transport::ROWS,
        attributes::ROWS,
        healthcare::ROWS,
        system::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// The definition of an identifier, e.g. `"10"`; none when GS1 has not assigned it.
#[must_use]
pub fn find(code: &str) -> Option<&'static Definition> {
    definitions().find(|definition| definition.covers(code))
}

/// Number of digits of the identifiers that begin with these two; none when nothing does.
#[must_use]
pub fn code_length(first_two_digits: &str) -> Option<usize> {
    let prefix: u8 = first_two_digits.parse().ok()?;
    match prefix {
        0..=3 | 10..=22 | 30 | 37 | 90..=99 => Some(2),
        23..=25 | 40..=42 | 71 => Some(3),
        31..=36 | 39 | 43 | 70 | 72 | 80..=82 => Some(4),
        _ => None,
    }
}

/// Whether an identifier fits a pattern such as `"01"` or `"31nn"`.
#[must_use]
pub fn fits_pattern(code: &str, pattern: &str) -> bool {
    code.len() == pattern.len()
        && code.chars().zip(pattern.chars()).all(|(digit, expected)| expected == 'n' || expected == digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_an_identifier_follows_from_its_first_two_digits() {
        for definition in definitions() {
            for code in [definition.first, definition.last] {
                assert_eq!(code_length(&code[..2]), Some(code.len()), "{code}");
                assert!(find(code).is_some_and(|found| found.first == definition.first));
            }
        }
        assert_eq!(code_length("38"), None);
        assert!(find("18").is_none());
    }

    #[test]
    fn only_the_prefixes_of_the_general_specifications_have_a_predefined_length() {
        for definition in definitions() {
            let prefix: u8 = definition.first[..2].parse().unwrap();
            let length = match prefix {
                0 => Some(18),
                1..=3 => Some(14),
                11..=19 | 31..=36 => Some(6),
                20 => Some(2),
                41 => Some(13),
                _ => None,
            };
            assert_eq!(definition.predefined_length, length.is_some());
            if length.is_some() {
                assert_eq!(Some(definition.maximum_length()), length);
            }
        }
    }

    #[test]
    fn only_the_last_component_varies_in_length() {
        for definition in definitions() {
            let (_, before) = definition.components.split_last().unwrap();
            assert!(before.iter().all(|part| part.minimum == part.maximum));
        }
    }

    #[test]
    fn a_pattern_takes_any_digit_for_n() {
        assert!(fits_pattern("3103", "31nn"));
        assert!(fits_pattern("01", "01"));
        assert!(!fits_pattern("310", "31nn"));
        assert!(!fits_pattern("3203", "31nn"));
    }
}
