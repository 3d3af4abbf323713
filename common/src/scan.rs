//! What a scan or a typed code says: a GS1 element string, an HIBC code or a plain code.

pub mod date;
mod error;
mod symbology;

pub use error::{ScanError, ScanErrorKind};
pub use symbology::{DataForm, split_symbology};

use chrono::NaiveDate;

use crate::gs1::check_digit::has_check_digit;
use crate::gs1::{ElementString, SEPARATOR, is_bracketed, parse_brackets, parse_separated, refuse_lost_separator};
use crate::hibc::{self, HibcCode};

/// No symbol holds more characters: the largest QR code has 7089 digits.
pub const MAXIMUM_SCAN_LENGTH: usize = 7089;

/// What to make of data without a symbology identifier. The caller decides, since only the caller
/// knows where the data came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnidentifiedPolicy {
    /// Refuse: the scanner is set to send identifiers.
    Refuse,
    /// Read as a GS1 element string: the scanner reads nothing else.
    ElementString,
    /// Take as it is.
    Plain,
    /// Recognise by marks that a plain code hardly carries, for fields where people scan and type.
    /// A separator, brackets, or a GTIN or SSCC with its right check digit in front make an element
    /// string; a plus sign makes an HIBC code; all else is plain. What is once recognised is
    /// checked in full and never falls back to plain.
    Recognise,
}

/// What a scan says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanContent {
    /// GS1 element string.
    Gs1(ElementString),
    /// Health Industry Bar Code.
    Hibc(HibcCode),
    /// Any other code, such as a lot number of our own; not empty.
    Plain(String),
}

impl ScanContent {
    /// Decodes a scan. Dates are resolved at the day of capture; store them resolved.
    ///
    /// # Errors
    /// Why the scan cannot be relied on, and where.
    pub fn decode(raw: &str, captured_on: NaiveDate, policy: UnidentifiedPolicy) -> Result<Self, ScanError> {
        let scan = raw.trim_end_matches(['\r', '\n']);
        if scan.chars().nth(MAXIMUM_SCAN_LENGTH).is_some() {
            return Err(ScanError::new(ScanErrorKind::ScanTooLong, MAXIMUM_SCAN_LENGTH));
        }
        match split_symbology(scan)? {
            None => decode_unidentified(scan, captured_on, policy),
            Some((DataForm::ElementString, data)) => parse_separated(data, 3, captured_on).map(Self::Gs1),
            Some((DataForm::Ean(length), data)) => decode_ean(data, length, captured_on),
            Some((DataForm::Plain, data)) => decode_plain(data, 3, captured_on),
        }
    }

    /// Lot number, when the code names one as such. A plain code may be one: ask the lot register.
    #[must_use]
    pub fn lot(&self) -> Option<&str> {
        match self {
            Self::Gs1(content) => content.lot(),
            Self::Hibc(code) => code.lot(),
            Self::Plain(_) => None,
        }
    }
}

fn decode_unidentified(
    scan: &str,
    captured_on: NaiveDate,
    policy: UnidentifiedPolicy,
) -> Result<ScanContent, ScanError> {
    let typed = scan.trim();
    let as_elements = match policy {
        UnidentifiedPolicy::Refuse if typed.is_empty() => false,
        UnidentifiedPolicy::Refuse => {
            return Err(ScanError::new(ScanErrorKind::SymbologyMissing, 0));
        }
        UnidentifiedPolicy::ElementString => true,
        UnidentifiedPolicy::Plain => return plain(scan, 0),
        UnidentifiedPolicy::Recognise => is_element_string(typed),
    };
    if as_elements {
        decode_typed_elements(scan, captured_on).map(ScanContent::Gs1)
    } else {
        decode_plain(scan, 0, captured_on)
    }
}

/// Whether data without an identifier carry the marks of an element string.
fn is_element_string(data: &str) -> bool {
    let begins_with_key = |ai: &str, length: usize| {
        data.strip_prefix(ai).and_then(|after| after.get(..length)).is_some_and(has_check_digit)
    };
    data.contains(SEPARATOR)
        || is_bracketed(data)
        || begins_with_key("01", 14)
        || begins_with_key("02", 14)
        || begins_with_key("00", 18)
}

fn decode_typed_elements(scan: &str, captured_on: NaiveDate) -> Result<ElementString, ScanError> {
    let position = scan.chars().take_while(|character| character.is_whitespace()).count();
    let data = scan.trim();
    if is_bracketed(data) {
        return parse_brackets(data, captured_on).map_err(|error| shifted(error, position));
    }
    let content = parse_separated(data, position, captured_on)?;
    if !data.contains(SEPARATOR) {
        refuse_lost_separator(&content, captured_on)?;
    }
    Ok(content)
}

fn shifted(error: ScanError, by: usize) -> ScanError {
    ScanError { position: error.position + by, ..error }
}

/// Digits of an EAN or UPC symbol as a GTIN of 14 digits, and the composite part if there is one.
fn decode_ean(data: &str, length: usize, captured_on: NaiveDate) -> Result<ScanContent, ScanError> {
    let (digits, composite) = data.split_at_checked(length).unwrap_or((data, ""));
    if digits.len() < length {
        return Err(ScanError::new(ScanErrorKind::ValueTooShort, 3 + digits.len()).of("01"));
    }
    let item = parse_separated(&format!("01{digits:0>14}"), 0, captured_on)
        .map_err(|error| ScanError { position: 3, ..error })?;
    if composite.is_empty() {
        return Ok(ScanContent::Gs1(item));
    }
    let Some(attributes) = composite.strip_prefix("|]e0") else {
        return Err(ScanError::new(ScanErrorKind::ValueTooLong, 3 + length).of("01"));
    };
    let attributes = parse_separated(attributes, 7 + length, captured_on)?;
    ElementString::merged([item, attributes]).map(ScanContent::Gs1)
}

fn decode_plain(data: &str, position: usize, captured_on: NaiveDate) -> Result<ScanContent, ScanError> {
    if hibc::is_hibc(data) {
        return hibc::parse(data, position, captured_on).map(ScanContent::Hibc);
    }
    plain(data, position)
}

fn plain(data: &str, position: usize) -> Result<ScanContent, ScanError> {
    if let Some(index) = data.chars().position(char::is_control) {
        return Err(ScanError::new(ScanErrorKind::CharacterInvalid, position + index));
    }
    let code = data.trim();
    if code.is_empty() {
        return Err(ScanError::new(ScanErrorKind::ScanEmpty, position));
    }
    Ok(ScanContent::Plain(code.to_owned()))
}
