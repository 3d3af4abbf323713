//! Writes element strings for labels. What is written reads back as the same elements.

use chrono::{Datelike, NaiveDate};

use super::ai::find;
use super::element_string::{ElementString, RawElement};
use super::separated::SEPARATOR;
use crate::scan::date::read_short_date;
use crate::scan::{ScanError, ScanErrorKind};

/// Collects the elements of a label. Stricter than reading: every date states its day, every
/// identifier has its partners.
#[derive(Debug, Clone)]
pub struct LabelBuilder {
    printed_on: NaiveDate,
    elements: Vec<super::Element>,
}

impl LabelBuilder {
    /// A label without elements, printed on a day.
    #[must_use]
    pub const fn new(printed_on: NaiveDate) -> Self {
        Self { printed_on, elements: Vec::new() }
    }

    /// Adds an element.
    ///
    /// # Errors
    /// What reading the value would refuse, and `date_day_missing` for a date whose day is 00.
    pub fn with(mut self, ai: &str, value: &str) -> Result<Self, ScanError> {
        let raw = RawElement { ai, value, ai_position: 0, value_position: 0 };
        let element = raw.read(self.printed_on)?;
        if element.date.is_some_and(|resolved| !resolved.day_given) {
            return Err(ScanError::new(ScanErrorKind::DateDayMissing, 0).of(ai));
        }
        self.elements.push(element);
        Ok(self)
    }

    /// Adds a date (11, 13, 15, 16 or 17).
    ///
    /// # Errors
    /// `date_outside_window` when the two-digit year would be read as another century.
    pub fn with_date(self, ai: &str, date: NaiveDate) -> Result<Self, ScanError> {
        let year = date.year().rem_euclid(100);
        let value = format!("{year:02}{:02}{:02}", date.month(), date.day());
        let read_back = read_short_date(&value, self.printed_on);
        if read_back.map(|resolved| resolved.date) != Some(date) {
            return Err(ScanError::new(ScanErrorKind::DateOutsideWindow, 0).of(ai));
        }
        self.with(ai, &value)
    }

    /// The label.
    ///
    /// # Errors
    /// `scan_empty` without elements, `repeated_value_differs`, `ai_excluded` or `ai_missing` when
    /// the elements do not go together.
    pub fn build(self) -> Result<Label, ScanError> {
        let content = ElementString::from_elements(self.elements)?;
        content.check_associations()?;
        Ok(Label { content })
    }
}

/// An element string fit to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    content: ElementString,
}

impl Label {
    /// What the label says.
    #[must_use]
    pub const fn content(&self) -> &ElementString {
        &self.content
    }

    /// Data for a symbol, with the separators that have to be encoded as FNC1. The FNC1 at the
    /// beginning is the symbol's, not part of the data.
    #[must_use]
    pub fn data(&self) -> String {
        let mut data = String::new();
        let mut separator_due = false;
        for element in self.content.elements() {
            if separator_due {
                data.push(SEPARATOR);
            }
            data.push_str(&element.ai);
            data.push_str(&element.value);
            separator_due = !find(&element.ai).is_some_and(|found| found.predefined_length);
        }
        data
    }

    /// Text to print under a symbol, `(01)…(10)…`, with a backslash before brackets within values so
    /// that it can be typed in again.
    #[must_use]
    pub fn bracket_text(&self) -> String {
        self.content
            .elements()
            .iter()
            .map(|element| {
                let value = element.value.replace('(', "\\(").replace(')', "\\)");
                format!("({}){value}", element.ai)
            })
            .collect()
    }
}
