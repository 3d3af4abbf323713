//! Element strings as people read and type them: `(01)…(10)…`.

use chrono::NaiveDate;

use super::element_string::{ElementString, RawElement};
use crate::scan::{ScanError, ScanErrorKind};

/// Whether a text is meant as an element string with brackets.
#[must_use]
pub(crate) fn is_bracketed(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(is_opening) && characters.next().is_some_and(|character| character.is_ascii_digit())
}

/// Parses the bracket form. Full-width brackets, as Chinese input methods write them, are taken too.
/// A bracket that belongs to a value is written with a backslash before it; spaces around a value
/// do not count.
///
/// # Errors
/// `brackets_malformed`, or any of the kinds that concern element strings.
pub fn parse_brackets(text: &str, captured_on: NaiveDate) -> Result<ElementString, ScanError> {
    let characters: Vec<char> = text.chars().collect();
    let mut rest = characters.as_slice();
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let ai_position = characters.len() - rest.len();
        let malformed = ScanError::new(ScanErrorKind::BracketsMalformed, ai_position);
        let (ai, after) = take_ai(rest).ok_or(malformed)?;
        let value_position = characters.len() - after.len();
        let (value, after) = take_value(after);
        let raw = RawElement { ai: &ai, value: value.trim(), ai_position, value_position };
        elements.push(raw.read(captured_on)?);
        rest = after;
    }
    ElementString::from_elements(elements)
}

const fn is_opening(character: char) -> bool {
    matches!(character, '(' | '（')
}

fn take_ai(text: &[char]) -> Option<(String, &[char])> {
    let (opening, rest) = text.split_first()?;
    let length = rest.iter().position(|character| matches!(character, ')' | '）'))?;
    let (digits, rest) = rest.split_at_checked(length)?;
    let (_, rest) = rest.split_first()?;
    let well_formed = is_opening(*opening) && (2..=4).contains(&length) && digits.iter().all(char::is_ascii_digit);
    well_formed.then(|| (digits.iter().collect(), rest))
}

fn take_value(text: &[char]) -> (String, &[char]) {
    let mut value = String::new();
    let mut rest = text;
    loop {
        rest = match rest {
            ['\\', bracket @ ('(' | ')'), after @ ..] => {
                value.push(*bracket);
                after
            }
            [character, after @ ..] if !is_opening(*character) => {
                value.push(*character);
                after
            }
            _ => return (value, rest),
        };
    }
}
