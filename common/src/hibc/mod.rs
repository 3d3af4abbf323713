//! Health Industry Bar Codes of suppliers (ANSI/HIBC 2.6): primary, secondary and combined.

mod check_character;
mod secondary;

pub use check_character::{check_character, is_hibc_character};
pub use secondary::HibcSecondary;

use chrono::NaiveDate;

use crate::scan::{ScanError, ScanErrorKind};

/// Most characters of a product number, lot or serial number.
pub const MAXIMUM_FIELD_LENGTH: usize = 18;

/// What a primary code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HibcPrimary {
    /// Labeler identification code: a letter and three letters or digits.
    pub labeler: String,
    /// Product or catalogue number of the labeler, 1 to 18 letters or digits.
    pub product: String,
    /// Packaging level, 0 to 9; 0 is the unit of use.
    pub unit_of_measure: u8,
}

/// A code: primary, secondary, or both in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HibcCode {
    /// Which item; none in a secondary code.
    pub primary: Option<HibcPrimary>,
    /// Which lot or piece of it; none in a primary code.
    pub secondary: Option<HibcSecondary>,
    /// In a secondary code, the check character of the primary code it belongs to.
    pub link: Option<char>,
    /// Check character of the code.
    pub check: char,
}

impl HibcCode {
    /// Lot number.
    #[must_use]
    pub fn lot(&self) -> Option<&str> {
        self.secondary.as_ref()?.lot.as_deref()
    }

    /// Serial number.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.secondary.as_ref()?.serial.as_deref()
    }

    /// Last day of use.
    #[must_use]
    pub fn expires_on(&self) -> Option<NaiveDate> {
        self.secondary.as_ref()?.expires.map(|resolved| resolved.date)
    }

    /// Day of manufacture.
    #[must_use]
    pub fn manufactured_on(&self) -> Option<NaiveDate> {
        self.secondary.as_ref()?.manufactured_on
    }

    /// Pieces in the package.
    #[must_use]
    pub fn quantity(&self) -> Option<u32> {
        self.secondary.as_ref()?.quantity
    }

    /// Joins a primary code and the secondary code scanned with it.
    ///
    /// # Errors
    /// `hibc_link_wrong` when the second does not link to the first or they are not one of each.
    pub fn joined(primary: Self, secondary: Self) -> Result<Self, ScanError> {
        let belongs = primary.primary.is_some()
            && primary.secondary.is_none()
            && secondary.primary.is_none()
            && secondary.link == Some(primary.check);
        if !belongs {
            return Err(ScanError::new(ScanErrorKind::HibcLinkWrong, 0));
        }
        Ok(Self { primary: primary.primary, ..secondary })
    }
}

/// Whether a text is meant as an HIBC code: it begins with a plus sign, perhaps behind the asterisk
/// that Code 39 begins with.
#[must_use]
pub fn is_hibc(text: &str) -> bool {
    text.strip_prefix('*').unwrap_or(text).starts_with('+')
}

/// Parses a code. `position` is where it begins in the scan; errors count from there.
///
/// # Errors
/// `hibc_malformed`, `hibc_check_wrong`, `date_invalid`, `repeated_value_differs`.
pub fn parse(text: &str, position: usize, captured_on: NaiveDate) -> Result<HibcCode, ScanError> {
    let (text, position) = without_asterisks(text, position);
    if let Some(index) = text.chars().position(|character| !is_hibc_character(character)) {
        return Err(malformed(position + index));
    }
    let body = text.strip_prefix('+').ok_or_else(|| malformed(position))?;
    let (content, check) = split_last(body).ok_or_else(|| malformed(position + text.len()))?;
    let checked = text.get(..=content.len()).and_then(check_character);
    if checked != Some(check) {
        let last = position + content.len() + 1;
        return Err(ScanError::new(ScanErrorKind::HibcCheckWrong, last));
    }
    let source = Source { text: content, position: position + 1, captured_on };
    if content.starts_with(|character: char| character.is_ascii_uppercase()) {
        parse_primary_first(source, check)
    } else {
        parse_secondary_alone(source, check)
    }
}

/// A part of a code, where it begins, and the day of capture.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    position: usize,
    captured_on: NaiveDate,
}

fn malformed(position: usize) -> ScanError {
    ScanError::new(ScanErrorKind::HibcMalformed, position)
}

fn without_asterisks(text: &str, position: usize) -> (&str, usize) {
    match text.strip_prefix('*').and_then(|after| after.strip_suffix('*')) {
        Some(inner) => (inner, position + 1),
        None => (text, position),
    }
}

fn split_last(text: &str) -> Option<(&str, char)> {
    let mut characters = text.chars();
    let last = characters.next_back()?;
    Some((characters.as_str(), last))
}

fn parse_primary_first(source: Source<'_>, check: char) -> Result<HibcCode, ScanError> {
    let (item, after) = match source.text.split_once('/') {
        Some((item, after)) => (item, Some(after)),
        None => (source.text, None),
    };
    let primary = parse_primary(item).ok_or_else(|| malformed(source.position))?;
    let position = source.position + item.len() + 1;
    let secondary = after.map(|text| secondary::parse(Source { text, position, ..source })).transpose()?;
    Ok(HibcCode { primary: Some(primary), secondary, link: None, check })
}

fn parse_primary(item: &str) -> Option<HibcPrimary> {
    let (labeler, after) = item.split_at_checked(4)?;
    let (product, unit) = split_last(after)?;
    let well_formed =
        item.bytes().all(|byte| byte.is_ascii_alphanumeric()) && (1..=MAXIMUM_FIELD_LENGTH).contains(&product.len());
    if !well_formed {
        return None;
    }
    Some(HibcPrimary {
        labeler: labeler.to_owned(),
        product: product.to_owned(),
        unit_of_measure: u8::try_from(unit.to_digit(10)?).ok()?,
    })
}

fn parse_secondary_alone(source: Source<'_>, check: char) -> Result<HibcCode, ScanError> {
    let (text, link) = split_last(source.text).ok_or_else(|| malformed(source.position))?;
    let secondary = secondary::parse(Source { text, ..source })?;
    Ok(HibcCode { primary: None, secondary: Some(secondary), link: Some(link), check })
}
