//! What people type into forms, read as what a command needs. Every field that cannot be read is named,
//! as the server would name it.

use std::str::FromStr;

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use leptos::prelude::*;
use lotline_common::problem::{FieldCheck, Problem, ProblemCode, Refusal};
use rust_decimal::Decimal;

use super::problem::own_problem;

/// Reads the fields of one form.
#[derive(Default)]
pub struct Entry {
    check: FieldCheck,
}

impl Entry {
    /// An identifier that was chosen.
    pub fn chosen<T: FromStr>(&mut self, pointer: &str, text: &str) -> Option<T> {
        self.read(pointer, text, "UUID")
    }

    /// A date.
    pub fn date(&mut self, pointer: &str, text: &str) -> Option<NaiveDate> {
        self.read(pointer, text, "2026-12-31")
    }

    /// A moment, as a browser's field gives it in the reader's own time zone.
    pub fn moment(&mut self, pointer: &str, text: &str) -> Option<DateTime<Utc>> {
        // Browsers leave seconds out when they are none.
        let text = if text.trim().len() == 16 { format!("{}:00", text.trim()) } else { text.to_owned() };
        let local: NaiveDateTime = self.read(pointer, &text, "2026-12-31T23:59")?;
        Local.from_local_datetime(&local).earliest().map(|moment| moment.with_timezone(&Utc))
    }

    /// A quantity, written as where it is shown.
    pub fn quantity(&mut self, pointer: &str, text: &str) -> Option<Decimal> {
        self.read_as(pointer, text, (figure, "1234.5"))
    }

    /// A text that says something.
    pub fn text(&mut self, pointer: &str, text: &str) -> Option<String> {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        self.read_as(pointer, text, (said, ""))
    }

    /// A count of whole things.
    pub fn count(&mut self, pointer: &str, text: &str) -> Option<i32> {
        let whole = |text: &str| figure(text).filter(Decimal::is_integer).and_then(|count| i32::try_from(count).ok());
        self.read_as(pointer, text, (whole, "1234"))
    }

    fn read<T: FromStr>(&mut self, pointer: &str, text: &str, expected: &str) -> Option<T> {
        self.read_as(pointer, text, (|text: &str| text.parse().ok(), expected))
    }

    /// Reads by a way that knows an example of what it takes.
    fn read_as<T>(
        &mut self,
        pointer: &str,
        text: &str,
        (way, expected): (impl Fn(&str) -> Option<T>, &str),
    ) -> Option<T> {
        let text = text.trim();
        let value = way(text);
        if value.is_none() {
            self.refuse(pointer, text, expected);
        }
        value
    }

    fn refuse(&mut self, pointer: &str, text: &str, expected: &str) {
        let refusal = if text.is_empty() {
            Refusal::new(ProblemCode::FieldRequired)
        } else {
            Refusal::new(ProblemCode::FieldFormat).with("expected", expected)
        };
        self.check.refuse(pointer, refusal);
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// What could not be read, in the reader's language, also of fields that may be empty.
    pub fn finish(self) -> Result<(), Problem> {
        self.check.finish().map(drop).map_err(|refusal| own_problem(&refusal))
    }

    /// Ends the reading with what was made of it, if everything could be read.
    ///
    /// # Errors
    /// What could not be read, in the reader's language.
    pub fn made<T>(self, command: Option<T>) -> Result<T, Problem> {
        self.finish()?;
        command.ok_or_else(|| own_problem(&Refusal::new(ProblemCode::FieldsInvalid)))
    }

    /// What could not be read, in the reader's language.
    pub fn problem(self) -> Problem {
        self.finish().err().unwrap_or_else(|| own_problem(&Refusal::new(ProblemCode::FieldsInvalid)))
    }
}

/// A figure as people write it: a sign, thousands in groups of three, a decimal point. A comma that stands elsewhere is
/// none of these, and may have been meant as a decimal point.
pub fn figure(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix(['-', '−']).map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let groups: Vec<&str> = whole.split([',', '，', ' ']).collect();
    let grouped = |(place, group): (usize, &&str)| group.len() == 3 || (place == 0 && (1..=3).contains(&group.len()));
    let well_grouped = groups.len() == 1 || groups.iter().enumerate().all(grouped);
    let only_digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !well_grouped || !groups.iter().chain(fraction.iter()).all(only_digits) {
        return None;
    }
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    format!("{sign}{}{fraction}", groups.concat()).parse().ok()
}

/// What was typed, if something was.
pub fn filled(signal: RwSignal<String>) -> Option<String> {
    Some(signal.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_they_are_shown() {
        let mut entry = Entry::default();
        assert_eq!(entry.quantity("/quantity", " 1,234.50 "), Some("1234.50".parse().unwrap()));
    }

    #[test]
    fn a_figure_is_read_only_where_it_cannot_be_meant_otherwise() {
        let read = |text: &str| figure(text).map(|figure| figure.to_string());
        let same = [("1,234.5", "1234.5"), ("1，234，567", "1234567"), ("12 345", "12345"), ("1234.50", "1234.50")];
        for (text, figure) in same.into_iter().chain([("−999", "-999"), ("-0.5", "-0.5"), (" 7 ", "7")]) {
            assert_eq!(read(text).as_deref(), Some(figure), "{text}");
        }
        for text in ["1,5", "1234,567", "1,23,456", ",5", "1,", "0.1,234", "1.2.3", "5.", ".5", "−", "", "1_000", "1e3"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_count_is_whole() {
        let mut entry = Entry::default();
        assert_eq!(entry.count("/uses", "1,200"), Some(1200));
        assert_eq!(entry.count("/uses", "1.5"), None);
        assert_eq!(entry.count("/uses", "99999999999"), None);
        assert_eq!(entry.problem().errors.len(), 2);
    }

    #[test]
    fn nothing_is_made_of_what_cannot_be_read() {
        let mut entry = Entry::default();
        let optional = entry.date("/expires_on", "31.12.2026");
        assert!(entry.made(Some(optional)).is_err());
        assert_eq!(Entry::default().made(Some(1)), Ok(1));
    }

    #[test]
    fn a_moment_is_read_as_a_browser_writes_it() {
        let mut entry = Entry::default();
        let moment = entry.moment("/occurred_at", "2026-03-02T08:30");
        assert_eq!(
            moment.map(|moment| moment.with_timezone(&Local).format("%FT%T").to_string()).as_deref(),
            Some("2026-03-02T08:30:00")
        );
        assert_eq!(entry.moment("/evidence_at", "yesterday"), None);
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let mut entry = Entry::default();
        assert_eq!(entry.quantity("/quantity", "many"), None);
        assert_eq!(entry.date("/due_on", ""), None);
        let named: Vec<_> = entry.problem().errors.into_iter().map(|field| (field.pointer, field.code)).collect();
        let expected =
            [("/quantity".to_owned(), ProblemCode::FieldFormat), ("/due_on".to_owned(), ProblemCode::FieldRequired)];
        assert_eq!(named, expected);
    }
}
