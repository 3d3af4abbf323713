//! What people type into forms, read as what a command needs. Every field that cannot be read is named,
//! as the server would name it.

use std::str::FromStr;

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
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

    /// A quantity. Separators of thousands may stand in it, as they do where it is shown.
    pub fn quantity(&mut self, pointer: &str, text: &str) -> Option<Decimal> {
        self.read(pointer, &text.replace([',', '，', ' '], ""), "1234.5")
    }

    fn read<T: FromStr>(&mut self, pointer: &str, text: &str, expected: &str) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            self.check.refuse(pointer, Refusal::new(ProblemCode::FieldRequired));
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.check.refuse(pointer, Refusal::new(ProblemCode::FieldFormat).with("expected", expected));
        }
        value
    }

    /// What could not be read, in the reader's language.
    pub fn problem(self) -> Problem {
        let refusal = self.check.finish().err().unwrap_or_else(|| Refusal::new(ProblemCode::FieldsInvalid));
        own_problem(&refusal)
    }
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
