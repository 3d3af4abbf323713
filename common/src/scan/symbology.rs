//! Symbology identifiers (ISO/IEC 15424): the three characters a scanner puts before the data to
//! say which symbol it read.

use super::{ScanError, ScanErrorKind};

/// How the data of a symbol is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataForm {
    /// GS1 element string.
    ElementString,
    /// Digits of an EAN or UPC symbol, as many as given.
    Ean(usize),
    /// Anything else: a plain code, an HIBC code, an address.
    Plain,
}

/// Splits a symbology identifier off a scan. None when there is none.
///
/// # Errors
/// `symbology_unsupported` for variants whose data would be misread as plain: add-on symbols,
/// extended channel interpretation, industry formats.
pub fn split_symbology(scan: &str) -> Result<Option<(DataForm, &str)>, ScanError> {
    let Some((identifier, data)) = scan.split_at_checked(3) else {
        return Ok(None);
    };
    let mut characters = identifier.chars();
    let (Some(']'), Some(code), Some(modifier)) = (characters.next(), characters.next(), characters.next()) else {
        return Ok(None);
    };
    if !code.is_ascii_alphabetic() || !modifier.is_ascii_alphanumeric() {
        return Ok(None);
    }
    match data_form(code, modifier) {
        Some(form) => Ok(Some((form, data))),
        None => Err(ScanError::new(ScanErrorKind::SymbologyUnsupported, 0)),
    }
}

fn data_form(code: char, modifier: char) -> Option<DataForm> {
    match (code, modifier) {
        ('C', '1') | ('d', '2') | ('Q', '3') | ('e', '0') | ('J', '1') => Some(DataForm::ElementString),
        ('E', '0') => Some(DataForm::Ean(13)),
        ('E', '4') => Some(DataForm::Ean(8)),
        ('C' | 'J', '0') | ('d' | 'Q', '0' | '1') => Some(DataForm::Plain),
        ('C' | 'd' | 'Q' | 'e' | 'J' | 'E', _) => None,
        _ => Some(DataForm::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identifier_decides_how_the_data_is_read() {
        for (scan, form) in [
            ("]C101", DataForm::ElementString),
            ("]d201", DataForm::ElementString),
            ("]Q301", DataForm::ElementString),
            ("]e001", DataForm::ElementString),
            ("]J101", DataForm::ElementString),
            ("]E0690", DataForm::Ean(13)),
            ("]E4690", DataForm::Ean(8)),
            ("]d1X", DataForm::Plain),
            ("]Q1X", DataForm::Plain),
            ("]C0X", DataForm::Plain),
            ("]A0X", DataForm::Plain),
            ("]L2X", DataForm::Plain),
        ] {
            assert_eq!(split_symbology(scan), Ok(Some((form, &scan[3..]))), "{scan}");
        }
    }

    #[test]
    fn data_that_would_be_misread_is_refused_and_a_missing_identifier_is_told() {
        for scan in ["]E3690", "]d5X", "]Q4X", "]C2X", "]e1X"] {
            assert!(split_symbology(scan).is_err(), "{scan}");
        }
        for scan in ["", "]", "]C", "]钛x", "TI-2407-018", "]--"] {
            assert_eq!(split_symbology(scan), Ok(None), "{scan}");
        }
    }
}
