//! Element strings as scanners send them: identifiers and values run together, and a separator
//! behind each value whose length its identifier does not fix (General Specifications 7.8).

use chrono::NaiveDate;

use super::ai::{Definition, code_length, find};
use super::element_string::{ElementString, RawElement};
use crate::scan::date::read_short_date;
use crate::scan::{ScanError, ScanErrorKind};

/// Group separator: what a scanner sends for the symbol character FNC1.
pub const SEPARATOR: char = '\u{1D}';

/// Parses the data of a scan, its symbology identifier removed. `position` is where the data begin
/// in the scan; errors count from there.
///
/// A separator too many behind a value of predefined length, at the beginning or at the end is
/// tolerated: printers and scanners add them, and nothing can be misread for it.
///
/// # Errors
/// Any of the kinds that concern element strings.
pub fn parse_separated(data: &str, position: usize, captured_on: NaiveDate) -> Result<ElementString, ScanError> {
    refuse_foreign_characters(data, position)?;
    let mut reader = Reader { rest: data, position };
    reader.skip_separator();
    let mut elements = Vec::new();
    while !reader.rest.is_empty() {
        let raw = reader.take_element()?;
        elements.push(raw.read(captured_on)?);
        reader.skip_separator();
    }
    ElementString::from_elements(elements)
}

/// Only printable ASCII and the separator occur in element strings; a caret would be mistaken for
/// FNC1 by programs that write it that way.
fn refuse_foreign_characters(data: &str, position: usize) -> Result<(), ScanError> {
    for (index, character) in data.chars().enumerate() {
        let kind = match character {
            '^' => ScanErrorKind::CaretInData,
            SEPARATOR | '!'..='~' => continue,
            _ => ScanErrorKind::CharacterInvalid,
        };
        return Err(ScanError::new(kind, position + index));
    }
    Ok(())
}

/// Looks for the trace of a lost separator in data that came without any: keyboard scanners often
/// drop it, and the last value then swallows what follows. Found is a date element within the last
/// value; other elements leave no trace that could be told from the value itself.
///
/// # Errors
/// `separator_lost` where the date begins.
pub fn refuse_lost_separator(content: &ElementString, captured_on: NaiveDate) -> Result<(), ScanError> {
    let Some(last) = content.elements().last() else {
        return Ok(());
    };
    if find(&last.ai).is_none_or(|definition| definition.predefined_length) {
        return Ok(());
    }
    let swallowed = (1..last.value.len())
        .find(|start| last.value.get(*start..).is_some_and(|rest| begins_with_date_element(rest, captured_on)));
    match swallowed {
        None => Ok(()),
        Some(start) => {
            let position = last.position + last.ai.len() + start;
            Err(ScanError::new(ScanErrorKind::SeparatorLost, position).of(&last.ai))
        }
    }
}

fn begins_with_date_element(text: &str, captured_on: NaiveDate) -> bool {
    let Some((ai, after)) = text.split_at_checked(2) else {
        return false;
    };
    let Some((date, rest)) = after.split_at_checked(6) else {
        return false;
    };
    matches!(ai, "11" | "13" | "15" | "16" | "17")
        && read_short_date(date, captured_on).is_some()
        && (rest.is_empty() || definition_at(rest).is_some())
}

/// The definition of the identifier that a text begins with.
fn definition_at(text: &str) -> Option<&'static Definition> {
    let length = code_length(text.get(..2)?)?;
    find(text.get(..length)?)
}

/// Reads on in data of ASCII characters only.
struct Reader<'a> {
    rest: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.position += taken.len();
        taken
    }

    fn skip_separator(&mut self) {
        if self.rest.starts_with(SEPARATOR) {
            self.take(1);
        }
    }

    fn take_element(&mut self) -> Result<RawElement<'a>, ScanError> {
        let ai_position = self.position;
        let definition = self.definition()?;
        let ai = self.take(definition.first.len());
        let value_position = self.position;
        let up_to_separator = self.rest.find(SEPARATOR).unwrap_or(self.rest.len());
        let length = if definition.predefined_length {
            up_to_separator.min(definition.maximum_length())
        } else {
            up_to_separator
        };
        Ok(RawElement { ai, value: self.take(length), ai_position, value_position })
    }

    fn definition(&self) -> Result<&'static Definition, ScanError> {
        if self.rest.starts_with(SEPARATOR) {
            return Err(ScanError::new(ScanErrorKind::SeparatorUnexpected, self.position));
        }
        definition_at(self.rest).ok_or_else(|| ScanError::new(ScanErrorKind::AiUnknown, self.position))
    }
}
