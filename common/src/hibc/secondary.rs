//! The secondary data of an HIBC code: lot or serial number, dates, quantity, supplements.

use chrono::NaiveDate;

use super::{MAXIMUM_FIELD_LENGTH, Source, malformed};
use crate::scan::date::{ResolvedDate, read_long_date, read_number, read_pairs, resolve_date, resolve_year};
use crate::scan::{ScanError, ScanErrorKind};

/// What a secondary code says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HibcSecondary {
    /// Lot number.
    pub lot: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Pieces in the package.
    pub quantity: Option<u32>,
    /// Last day of use.
    pub expires: Option<ResolvedDate>,
    /// Last hour of use on that day, 0 to 23.
    pub expires_hour: Option<u32>,
    /// Day of manufacture.
    pub manufactured_on: Option<NaiveDate>,
    /// Supplements with other data identifiers, as written.
    pub others: Vec<String>,
}

/// Parses the segments between slashes.
pub(super) fn parse(source: Source<'_>) -> Result<HibcSecondary, ScanError> {
    let mut secondary = HibcSecondary::default();
    let mut position = source.position;
    for (index, text) in source.text.split('/').enumerate() {
        let segment = Source { text, position, ..source };
        let is_main = text.starts_with('$') || text.get(..5).and_then(read_number).is_some();
        if index == 0 && is_main {
            secondary.read_main(segment)?;
        } else {
            secondary.read_supplement(segment)?;
        }
        position += text.len() + 1;
    }
    Ok(secondary)
}

impl HibcSecondary {
    fn read_main(&mut self, source: Source<'_>) -> Result<(), ScanError> {
        if let Some(rest) = source.text.strip_prefix("$$") {
            let dated = source.after(rest);
            return match rest.strip_prefix('+') {
                Some(rest) => {
                    let serial = self.read_dated(dated.after(rest))?;
                    self.set_serial(serial)
                }
                None => {
                    let lot = self.read_dated(dated)?;
                    self.set_lot(lot)
                }
            };
        }
        if let Some(rest) = source.text.strip_prefix("$+") {
            return self.set_serial(source.after(rest));
        }
        if let Some(rest) = source.text.strip_prefix('$') {
            return self.set_lot(source.after(rest));
        }
        let lot = self.read_day_of_year(source, false)?;
        self.set_lot(lot)
    }

    /// Reads a quantity and a date; what is left is the lot or serial number.
    fn read_dated<'a>(&mut self, source: Source<'a>) -> Result<Source<'a>, ScanError> {
        let dated = match source.text.chars().next() {
            Some('8') => self.read_quantity(source, 2)?,
            Some('9') => self.read_quantity(source, 5)?,
            _ => source,
        };
        match dated.text.chars().next() {
            None => Ok(dated),
            Some('0' | '1') => self.read_date(dated, DateFormat::MonthYear),
            Some('2') => self.read_date(dated.skip(1), DateFormat::MonthDayYear),
            Some('3') => self.read_date(dated.skip(1), DateFormat::YearMonthDay),
            Some('4') => {
                let rest = self.read_date(dated.skip(1), DateFormat::YearMonthDay)?;
                self.read_hour(rest)
            }
            Some('5') => self.read_day_of_year(dated.skip(1), false),
            Some('6') => self.read_day_of_year(dated.skip(1), true),
            Some('7') => Ok(dated.skip(1)),
            Some(_) => Err(malformed(dated.position)),
        }
    }

    fn read_quantity<'a>(&mut self, source: Source<'a>, digits: usize) -> Result<Source<'a>, ScanError> {
        let (figure, rest) = source.skip(1).take(digits)?;
        let quantity = read_number(figure).ok_or_else(|| malformed(source.position + 1))?;
        set(&mut self.quantity, quantity, source.position)?;
        Ok(rest)
    }

    fn read_date<'a>(&mut self, source: Source<'a>, format: DateFormat) -> Result<Source<'a>, ScanError> {
        let (figures, rest) = source.take(format.length())?;
        let resolved = format
            .read(figures, source.captured_on)
            .ok_or_else(|| ScanError::new(ScanErrorKind::DateInvalid, source.position))?;
        self.set_expiry(resolved, source.position)?;
        Ok(rest)
    }

    /// Reads year and day of the year, and the hour behind them if there is one.
    fn read_day_of_year<'a>(&mut self, source: Source<'a>, with_hour: bool) -> Result<Source<'a>, ScanError> {
        let rest = self.read_date(source, DateFormat::YearDayOfYear)?;
        if with_hour { self.read_hour(rest) } else { Ok(rest) }
    }

    fn read_hour<'a>(&mut self, source: Source<'a>) -> Result<Source<'a>, ScanError> {
        let (figures, rest) = source.take(2)?;
        let hour = read_number(figures)
            .filter(|hour| *hour < 24)
            .ok_or_else(|| ScanError::new(ScanErrorKind::DateInvalid, source.position))?;
        self.expires_hour = Some(hour);
        Ok(rest)
    }

    fn read_supplement(&mut self, source: Source<'_>) -> Result<(), ScanError> {
        let date = |digits| {
            read_long_date(digits).ok_or_else(|| ScanError::new(ScanErrorKind::DateInvalid, source.position + 3))
        };
        if let Some(digits) = source.text.strip_prefix("14D") {
            let resolved = ResolvedDate { date: date(digits)?, day_given: true };
            return self.set_expiry(resolved, source.position);
        }
        if let Some(digits) = source.text.strip_prefix("16D") {
            return set(&mut self.manufactured_on, date(digits)?, source.position);
        }
        if let Some(rest) = source.text.strip_prefix('S') {
            return self.set_serial(source.after(rest));
        }
        if let Some(digits) = source.text.strip_prefix('Q') {
            let quantity = read_number(digits).ok_or_else(|| malformed(source.position + 1))?;
            return set(&mut self.quantity, quantity, source.position);
        }
        if !source.text.starts_with(|character: char| character.is_ascii_alphanumeric()) {
            return Err(malformed(source.position));
        }
        self.others.push(source.text.to_owned());
        Ok(())
    }

    fn set_lot(&mut self, source: Source<'_>) -> Result<(), ScanError> {
        match source.field()? {
            Some(lot) => set(&mut self.lot, lot, source.position),
            None => Ok(()),
        }
    }

    fn set_serial(&mut self, source: Source<'_>) -> Result<(), ScanError> {
        match source.field()? {
            Some(serial) => set(&mut self.serial, serial, source.position),
            None => Ok(()),
        }
    }

    /// A full date and the bare month it lies in agree; the full date is kept.
    fn set_expiry(&mut self, new: ResolvedDate, position: usize) -> Result<(), ScanError> {
        let month = |resolved: ResolvedDate| resolved.date.format("%Y%m").to_string();
        match self.expires {
            Some(old) if old.day_given && !new.day_given && month(old) == month(new) => Ok(()),
            Some(old) if !old.day_given && month(old) == month(new) => {
                self.expires = Some(new);
                Ok(())
            }
            _ => set(&mut self.expires, new, position),
        }
    }
}

/// Sets what may be said twice, but not differently.
fn set<T: PartialEq>(slot: &mut Option<T>, value: T, position: usize) -> Result<(), ScanError> {
    if slot.as_ref().is_some_and(|old| *old != value) {
        return Err(ScanError::new(ScanErrorKind::RepeatedValueDiffers, position).of("HIBC"));
    }
    *slot = Some(value);
    Ok(())
}

/// How a date is written.
#[derive(Debug, Clone, Copy)]
enum DateFormat {
    MonthYear,
    MonthDayYear,
    YearMonthDay,
    YearDayOfYear,
}

impl DateFormat {
    const fn length(self) -> usize {
        match self {
            Self::MonthYear => 4,
            Self::MonthDayYear | Self::YearMonthDay => 6,
            Self::YearDayOfYear => 5,
        }
    }

    fn read(self, figures: &str, captured_on: NaiveDate) -> Option<ResolvedDate> {
        let (year, month, day) = match self {
            Self::MonthYear => read_pairs(figures).map(|[month, year]| (year, month, 0))?,
            Self::MonthDayYear => {
                let [month, day, year] = read_pairs(figures)?;
                (year, month, Some(day).filter(|day| *day > 0)?)
            }
            Self::YearMonthDay => {
                let [year, month, day] = read_pairs(figures)?;
                (year, month, Some(day).filter(|day| *day > 0)?)
            }
            Self::YearDayOfYear => {
                let (year, day) = figures.split_at_checked(2)?;
                let year = resolve_year(read_number(year)?, captured_on);
                let date = NaiveDate::from_yo_opt(year, read_number(day)?)?;
                return Some(ResolvedDate { date, day_given: true });
            }
        };
        resolve_date(resolve_year(year, captured_on), month, day)
    }
}

impl<'a> Source<'a> {
    /// What is left of the text, given its end.
    fn after(self, rest: &'a str) -> Self {
        let position = self.position + self.text.len() - rest.len();
        Self { text: rest, position, ..self }
    }

    fn skip(self, characters: usize) -> Self {
        self.after(self.text.get(characters..).unwrap_or_default())
    }

    fn take(self, characters: usize) -> Result<(&'a str, Self), ScanError> {
        match self.text.split_at_checked(characters) {
            Some((taken, rest)) => Ok((taken, self.after(rest))),
            None => Err(malformed(self.position + self.text.len())),
        }
    }

    /// A lot or serial number; none when the text is empty.
    fn field(self) -> Result<Option<String>, ScanError> {
        if self.text.len() > MAXIMUM_FIELD_LENGTH {
            return Err(malformed(self.position + MAXIMUM_FIELD_LENGTH));
        }
        Ok((!self.text.is_empty()).then(|| self.text.to_owned()))
    }
}
