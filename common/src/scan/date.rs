//! Dates as codes write them: two-digit years and open days, resolved at the day of capture.
//!
//! The year is chosen once, when the code is captured, and stored in full: read again decades
//! later the same digits would mean another century (GS1 General Specifications 7.12).

use chrono::{Datelike, Months, NaiveDate};

/// A date read from a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedDate {
    /// The date, with its century.
    pub date: NaiveDate,
    /// Whether the code states the day. If not, the date is the last day of the month. Labels of
    /// regulated healthcare items state it since 2025 (GSCN 21-040).
    pub day_given: bool,
}

/// The year that two digits stand for: within 49 years before and 50 years after the capture.
#[must_use]
pub fn resolve_year(two_digits: u32, captured_on: NaiveDate) -> i32 {
    let two_digits = i32::try_from(two_digits % 100).unwrap_or_default();
    let this_year = captured_on.year();
    let century = this_year - this_year.rem_euclid(100);
    match century + two_digits - this_year {
        51.. => century - 100 + two_digits,
        ..=-50 => century + 100 + two_digits,
        _ => century + two_digits,
    }
}

/// A date of year, month and day; day 0 is the last day of the month. None if it does not exist.
#[must_use]
pub fn resolve_date(year: i32, month: u32, day: u32) -> Option<ResolvedDate> {
    let date = if day == 0 {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        first.checked_add_months(Months::new(1))?.pred_opt()?
    } else {
        NaiveDate::from_ymd_opt(year, month, day)?
    };
    Some(ResolvedDate { date, day_given: day != 0 })
}

/// Reads `YYMMDD`, with or without a day.
#[must_use]
pub fn read_short_date(six_digits: &str, captured_on: NaiveDate) -> Option<ResolvedDate> {
    let [year, month, day] = read_pairs(six_digits)?;
    resolve_date(resolve_year(year, captured_on), month, day)
}

/// Reads `YYYYMMDD`.
#[must_use]
pub fn read_long_date(eight_digits: &str) -> Option<NaiveDate> {
    let [century, year, month, day] = read_pairs(eight_digits)?;
    let year = i32::try_from(century * 100 + year).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Reads a number written with digits only.
#[must_use]
pub fn read_number(digits: &str) -> Option<u32> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// Reads exactly `N` numbers of two digits each.
#[must_use]
pub fn read_pairs<const N: usize>(digits: &str) -> Option<[u32; N]> {
    if digits.len() != N * 2 {
        return None;
    }
    let mut pairs = [0; N];
    for (index, pair) in pairs.iter_mut().enumerate() {
        *pair = digits.get(index * 2..index * 2 + 2).and_then(read_number)?;
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn the_century_slides_with_the_day_of_capture() {
        for (captured, two_digits, year) in [
            (1999, 49, 2049),
            (1999, 50, 1950),
            (1999, 48, 2048),
            (2049, 99, 2099),
            (2049, 0, 2000),
            (2050, 0, 2100),
            (2050, 1, 2001),
            (2050, 99, 2099),
            (2026, 76, 2076),
            (2026, 77, 1977),
            (2026, 26, 2026),
        ] {
            let captured = day(captured, 7, 1);
            assert_eq!(resolve_year(two_digits, captured), year, "{two_digits} in {captured}");
        }
    }

    #[test]
    fn an_open_day_is_the_last_of_its_month_in_leap_years_too() {
        let today = day(2026, 1, 1);
        for (text, date) in [("240200", day(2024, 2, 29)), ("250200", day(2025, 2, 28)), ("271200", day(2027, 12, 31))]
        {
            let resolved = ResolvedDate { date, day_given: false };
            assert_eq!(read_short_date(text, today), Some(resolved));
        }
        assert_eq!(read_short_date("000229", day(2050, 1, 1)), None, "2100 is no leap year");
        assert_eq!(read_short_date("250229", today), None);
        assert_eq!(read_short_date("251301", today), None);
        assert_eq!(read_short_date("250001", today), None);
        assert_eq!(read_short_date("+51201", today), None);
    }

    proptest! {
        #[test]
        fn a_resolved_year_is_near_the_capture_and_keeps_its_digits(
            two_digits in 0u32..100, captured in 1900i32..2200,
        ) {
            let year = resolve_year(two_digits, day(captured, 1, 1));
            prop_assert!((captured - 49..=captured + 50).contains(&year));
            prop_assert_eq!(u32::try_from(year.rem_euclid(100)).unwrap(), two_digits);
        }
    }
}
