//! Checks a value against the definition of its application identifier.

use chrono::NaiveDate;

use super::ai::{CharacterSet, Check, Component, Definition};
use super::check_digit::{has_check_digit, has_check_pair, is_text_character};
use super::code_lists::{is_country_letters, is_country_number, is_currency_number, is_media_type, is_package_type};
use crate::scan::ScanErrorKind as Kind;
use crate::scan::date::{ResolvedDate, read_long_date, read_number, read_pairs, read_short_date};

/// What is wrong with a value, and at which of its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: Kind,
    pub(super) offset: usize,
}

/// The parts of a value that its components stand for, as far as the value reaches.
fn parts<'a>(
    components: &'static [Component],
    value: &'a str,
) -> impl Iterator<Item = (&'static Component, usize, &'a str)> {
    let mut offset = 0;
    components.iter().map(move |component| {
        let rest = value.get(offset..).unwrap_or_default();
        let part = rest.get(..component.maximum).unwrap_or(rest);
        let start = offset;
        offset += part.len();
        (component, start, part)
    })
}

/// Checks a value; dates are resolved at the day of capture.
pub(super) fn check_value(definition: &Definition, value: &str, captured_on: NaiveDate) -> Result<(), Fault> {
    if let Some((offset, _)) = value.chars().enumerate().find(|(_, character)| !character.is_ascii()) {
        return Err(Fault { kind: Kind::CharacterInvalid, offset });
    }
    if value.is_empty() {
        return Err(Fault { kind: Kind::ValueEmpty, offset: 0 });
    }
    for (component, start, part) in parts(definition.components, value) {
        if part.is_empty() && component.optional {
            continue;
        }
        check_part(component, part, captured_on).map_err(|fault| Fault { offset: start + fault.offset, ..fault })?;
    }
    if value.len() > definition.maximum_length() {
        return Err(Fault { kind: Kind::ValueTooLong, offset: definition.maximum_length() });
    }
    Ok(())
}

fn check_part(component: &Component, part: &str, captured_on: NaiveDate) -> Result<(), Fault> {
    if let Some(offset) = part.find(|character| !is_in_set(component.set, character)) {
        return Err(Fault { kind: Kind::CharacterInvalid, offset });
    }
    if part.len() < component.minimum {
        return Err(Fault { kind: Kind::ValueTooShort, offset: part.len() });
    }
    for check in component.checks {
        if !fulfils(*check, part, captured_on) {
            return Err(Fault { kind: kind_of(*check), offset: 0 });
        }
    }
    Ok(())
}

fn is_in_set(set: CharacterSet, character: char) -> bool {
    match set {
        CharacterSet::Digits => character.is_ascii_digit(),
        CharacterSet::Text => is_text_character(character),
        CharacterSet::UpperCase => {
            matches!(character, '#' | '-' | '/' | '0'..='9' | 'A'..='Z')
        }
        CharacterSet::Base64Url => character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '='),
    }
}

fn fulfils(check: Check, part: &str, captured_on: NaiveDate) -> bool {
    match check {
        Check::CheckDigit => has_check_digit(part),
        Check::CheckPair => has_check_pair(part),
        Check::CompanyPrefix => begins_with_company_prefix(part),
        Check::CompanyPrefixFromSecond => part.get(1..).is_some_and(begins_with_company_prefix),
        Check::HasNonDigit => part.contains(|character: char| !character.is_ascii_digit()),
        Check::Date => read_short_date(part, captured_on).is_some_and(|date| date.day_given),
        Check::DateOrMonth => read_short_date(part, captured_on).is_some(),
        Check::LongDate => read_long_date(part).is_some(),
        Check::HourMinute => matches!(read_pairs(part), Some([0..=23, 0..=59])),
        Check::Hour => matches!(read_pairs(part), Some([0..=23])),
        Check::Minute | Check::Second => matches!(read_pairs(part), Some([0..=59])),
        Check::Country => is_country_number(part),
        Check::CountryOrMany => part == "999" || is_country_number(part),
        Check::CountryLetters => is_country_letters(part),
        Check::Currency => is_currency_number(part),
        Check::PackageType => is_package_type(part),
        Check::MediaType => is_media_type(part),
        _ => fulfils_shape(check, part),
    }
}

/// Checks that need nothing but the characters of the part.
fn fulfils_shape(check: Check, part: &str) -> bool {
    match check {
        Check::PercentEncoded => is_percent_encoded(part),
        Check::YesNo => matches!(part, "0" | "1"),
        Check::Hyphens => part.bytes().all(|byte| byte == b'-'),
        Check::Latitude => part.parse().is_ok_and(|number: u64| number <= 1_800_000_000),
        Check::Longitude => part.parse().is_ok_and(|number: u64| number <= 3_600_000_000),
        Check::BankAccount => is_bank_account(part),
        Check::ImporterIndex => {
            part.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
        }
        Check::PieceOfTotal => is_piece_of_total(part),
        Check::PositionInSequence => is_position_in_sequence(part),
        Check::NotZero => part.bytes().any(|byte| byte != b'0'),
        Check::NoLeadingZero => !part.starts_with('0'),
        Check::WindingDirection => matches!(part, "0" | "1" | "9"),
        Check::Sex => matches!(part, "0" | "1" | "2" | "9"),
        Check::Zero => part.bytes().all(|byte| byte == b'0'),
        Check::Coupon => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => true,
    }
}

fn kind_of(check: Check) -> Kind {
    match check {
        Check::CheckDigit => Kind::CheckDigitWrong,
        Check::CheckPair => Kind::CheckPairWrong,
        Check::CompanyPrefix | Check::CompanyPrefixFromSecond => Kind::CompanyPrefixInvalid,
        Check::Date | Check::DateOrMonth | Check::LongDate => Kind::DateInvalid,
        Check::HourMinute | Check::Hour | Check::Minute | Check::Second => Kind::TimeInvalid,
        Check::Country | Check::CountryOrMany | Check::CountryLetters => Kind::CountryUnknown,
        Check::Currency => Kind::CurrencyUnknown,
        Check::PackageType
        | Check::MediaType
        | Check::WindingDirection
        | Check::Sex
        | Check::YesNo
        | Check::ImporterIndex => Kind::CodeUnknown,
        Check::Latitude | Check::Longitude | Check::PieceOfTotal | Check::PositionInSequence | Check::NotZero => {
            Kind::NumberOutOfRange
        }
        Check::HasNonDigit
        | Check::PercentEncoded
        | Check::Hyphens
        | Check::BankAccount
        | Check::NoLeadingZero
        | Check::Zero
        | Check::Coupon => Kind::FormatInvalid,
    }
}

/// The shortest company prefix has four digits; longer ones cannot be told without GS1's register.
fn begins_with_company_prefix(part: &str) -> bool {
    part.get(..4).is_some_and(|prefix| prefix.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_percent_encoded(part: &str) -> bool {
    part.split('%')
        .skip(1)
        .all(|after| after.get(..2).is_some_and(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

fn is_piece_of_total(part: &str) -> bool {
    matches!(read_pairs(part), Some([piece, total]) if piece > 0 && piece <= total)
}

fn is_position_in_sequence(part: &str) -> bool {
    let Some((position, end)) = part.split_once('/') else {
        return false;
    };
    let number = |digits: &str| read_number(digits).filter(|_| !digits.starts_with('0'));
    matches!((number(position), number(end)), (Some(position), Some(end)) if position <= end)
}

/// ISO 13616: country, and a remainder of 1 modulo 97 with letters read as 10 to 35.
fn is_bank_account(part: &str) -> bool {
    let Some((head, body)) = part.split_at_checked(4) else {
        return false;
    };
    if part.len() <= 10 || !head.get(..2).is_some_and(is_country_letters) {
        return false;
    }
    let mut remainder = 0;
    for character in body.chars().chain(head.chars()) {
        let Some(value) = character.to_digit(36).filter(|_| !character.is_ascii_lowercase()) else {
            return false;
        };
        let shift = if value < 10 { 10 } else { 100 };
        remainder = (remainder * shift + value) % 97;
    }
    remainder == 1
}

/// The first date of a value that was checked.
pub(super) fn date_of(definition: &Definition, value: &str, captured_on: NaiveDate) -> Option<ResolvedDate> {
    parts(definition.components, value).find_map(|(component, _, part)| {
        component.checks.iter().find_map(|check| match check {
            Check::Date | Check::DateOrMonth => read_short_date(part, captured_on),
            Check::LongDate => read_long_date(part).map(|date| ResolvedDate { date, day_given: true }),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gs1::ai::find;

    fn check(code: &str, value: &str) -> Option<(Kind, usize)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        check_value(find(code).unwrap(), value, today).err().map(|fault| (fault.kind, fault.offset))
    }

    #[test]
    fn values_that_follow_their_format_pass() {
        for (code, value) in [
            ("01", "80614141123458"),
            ("00", "106141412345678908"),
            ("10", "A\"%&'()*+,-./_:;<=>?"),
            ("253", "9501101020917"),
            ("253", "9501101020917ABC"),
            ("423", "156276"),
            ("8003", "09501101020917X1"),
            ("8006", "806141411234580102"),
            ("8007", "FR7630006000011234567890189"),
            ("8010", "9501#-/A"),
            ("8013", "1987654Ad4X4bL5ttr2310c2K"),
            ("8008", "26112309"),
            ("8008", "2611230930"),
            ("4309", "02790858480255000000"),
            ("4330", "002500-"),
            ("7258", "1/3"),
            ("7040", "1ABc"),
            ("8030", "ab-_="),
            ("4300", "A%2FB"),
        ] {
            assert_eq!(check(code, value), None, "({code}){value}");
        }
    }

    #[test]
    fn a_fault_is_named_and_placed() {
        for (code, value, kind, offset) in [
            ("01", "80614141123459", Kind::CheckDigitWrong, 0),
            ("01", "8061414112345", Kind::ValueTooShort, 13),
            ("01", "806141411234580", Kind::ValueTooLong, 14),
            ("01", "8061414112345X", Kind::CharacterInvalid, 13),
            ("10", "", Kind::ValueEmpty, 0),
            ("10", "AB C", Kind::CharacterInvalid, 2),
            ("10", "批号", Kind::CharacterInvalid, 0),
            ("10", "123456789012345678901", Kind::ValueTooLong, 20),
            ("17", "260231", Kind::DateInvalid, 0),
            ("7003", "2602280960", Kind::TimeInvalid, 6),
            ("7003", "2602002359", Kind::DateInvalid, 0),
            ("423", "156000", Kind::CountryUnknown, 3),
            ("423", "15627", Kind::ValueTooShort, 5),
            ("3910", "00012", Kind::CurrencyUnknown, 0),
            ("8006", "806141411234580302", Kind::NumberOutOfRange, 14),
            ("8007", "FR7630006000011234567890180", Kind::FormatInvalid, 0),
            ("8010", "9501a", Kind::CharacterInvalid, 4),
            ("8011", "012", Kind::FormatInvalid, 0),
            ("8013", "ABCD987654X4bL5ttr2310cXX", Kind::CheckPairWrong, 0),
            ("401", "12A4", Kind::CompanyPrefixInvalid, 0),
            ("4300", "A%2", Kind::FormatInvalid, 0),
            ("7258", "3/1", Kind::NumberOutOfRange, 0),
            ("7241", "11", Kind::CodeUnknown, 0),
        ] {
            assert_eq!(check(code, value), Some((kind, offset)), "({code}){value}");
        }
    }
}
