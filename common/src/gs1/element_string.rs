//! An element string: application identifiers with their values, checked and typed.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::ai;
use super::associations;
use super::check::{check_value, date_of};
use crate::scan::date::ResolvedDate;
use crate::scan::{ScanError, ScanErrorKind};
use crate::text_enum::text_enum;

/// No element string has more elements, those that repeat counted once.
pub const MAXIMUM_ELEMENTS: usize = 64;

/// An application identifier with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Application identifier, two to four digits.
    pub ai: String,
    /// Value as written in the code.
    pub value: String,
    /// Where the identifier begins, in characters from the beginning of the scan.
    pub position: usize,
    /// The date that the value holds, resolved at the day of capture.
    pub date: Option<ResolvedDate>,
}

/// An element before it is checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawElement<'a> {
    pub(super) ai: &'a str,
    pub(super) value: &'a str,
    pub(super) ai_position: usize,
    pub(super) value_position: usize,
}

impl RawElement<'_> {
    /// Checks the value against the definition of its identifier.
    pub(super) fn read(self, captured_on: NaiveDate) -> Result<Element, ScanError> {
        let Some(definition) = ai::find(self.ai) else {
            return Err(ScanError::new(ScanErrorKind::AiUnknown, self.ai_position).of(self.ai));
        };
        check_value(definition, self.value, captured_on)
            .map_err(|fault| ScanError::new(fault.kind, self.value_position + fault.offset).of(self.ai))?;
        Ok(Element {
            ai: self.ai.to_owned(),
            value: self.value.to_owned(),
            position: self.ai_position,
            date: date_of(definition, self.value, captured_on),
        })
    }
}

impl Element {
    /// The number of a measure (31nn to 36nn) or amount (390n, 392n), with the decimal places that
    /// the last digit of its identifier tells.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        let places = match self.ai.as_bytes() {
            [b'3', b'1'..=b'6', _, places] | [b'3', b'9', b'0' | b'2', places] => u32::from(places.checked_sub(b'0')?),
            _ => return None,
        };
        Decimal::try_new(self.value.parse().ok()?, places).ok()
    }
}

text_enum! {
    /// Unit of a net weight, by its UN/ECE Recommendation 20 code.
    WeightUnit {
        /// Kilogram.
        Kilogram => "KGM",
        /// Pound.
        Pound => "LBR",
        /// Troy ounce.
        TroyOunce => "APZ",
    }
}

/// Net weight of an item or of the contents of a logistic unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetWeight {
    /// Exact figure.
    pub amount: Decimal,
    /// Its unit.
    pub unit: WeightUnit,
}

/// What one code says, or all codes of one item together after [`ElementString::merged`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementString {
    elements: Vec<Element>,
}

impl ElementString {
    /// Puts elements together. A repetition with the same value is dropped.
    pub(super) fn from_elements(elements: impl IntoIterator<Item = Element>) -> Result<Self, ScanError> {
        let mut kept: Vec<Element> = Vec::new();
        for element in elements {
            match kept.iter().find(|other| other.ai == element.ai) {
                Some(other) if other.value == element.value => {}
                Some(_) => {
                    let kind = ScanErrorKind::RepeatedValueDiffers;
                    return Err(ScanError::new(kind, element.position).of(&element.ai));
                }
                None if kept.len() == MAXIMUM_ELEMENTS => {
                    let kind = ScanErrorKind::TooManyElements;
                    return Err(ScanError::new(kind, element.position));
                }
                None => kept.push(element),
            }
        }
        if kept.is_empty() {
            return Err(ScanError::new(ScanErrorKind::ScanEmpty, 0));
        }
        associations::check_exclusions(&kept)?;
        Ok(Self { elements: kept })
    }

    /// Puts together what the codes of one item say.
    ///
    /// # Errors
    /// `repeated_value_differs` when two codes contradict each other, `ai_excluded` when they hold
    /// identifiers that must not stand side by side, `scan_empty` when there are no codes.
    pub fn merged(codes: impl IntoIterator<Item = Self>) -> Result<Self, ScanError> {
        Self::from_elements(codes.into_iter().flat_map(|code| code.elements))
    }

    /// Checks that each identifier has those beside it that it needs, such as a lot its GTIN. Holds
    /// for all codes on an item together, so a code of its own may fail it.
    ///
    /// # Errors
    /// `ai_missing` for the first identifier whose partners are missing.
    pub fn check_associations(&self) -> Result<(), ScanError> {
        associations::check_requirements(&self.elements)
    }

    /// The elements, in the order of the code.
    #[must_use]
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The element of an application identifier.
    #[must_use]
    pub fn element(&self, ai: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.ai == ai)
    }

    /// The value of an application identifier.
    #[must_use]
    pub fn value(&self, ai: &str) -> Option<&str> {
        self.element(ai).map(|element| element.value.as_str())
    }

    fn date(&self, ai: &str) -> Option<NaiveDate> {
        self.element(ai)?.date.map(|resolved| resolved.date)
    }

    /// Trade item: GTIN of 14 digits (01).
    #[must_use]
    pub fn gtin(&self) -> Option<&str> {
        self.value("01")
    }

    /// Trade items that a logistic unit contains: GTIN of 14 digits (02).
    #[must_use]
    pub fn contents_gtin(&self) -> Option<&str> {
        self.value("02")
    }

    /// Batch or lot number (10).
    #[must_use]
    pub fn lot(&self) -> Option<&str> {
        self.value("10")
    }

    /// Serial number (21).
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.value("21")
    }

    /// Logistic unit: serial shipping container code (00).
    #[must_use]
    pub fn sscc(&self) -> Option<&str> {
        self.value("00")
    }

    /// Last day of use (17, or the day of 7003).
    #[must_use]
    pub fn expires_on(&self) -> Option<NaiveDate> {
        self.date("17").or_else(|| self.date("7003"))
    }

    /// Day of manufacture (11, or the day of 8008).
    #[must_use]
    pub fn manufactured_on(&self) -> Option<NaiveDate> {
        self.date("11").or_else(|| self.date("8008"))
    }

    /// Pieces: variable count of an item (30), or items within a logistic unit (37).
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        self.value("30").or_else(|| self.value("37"))?.parse().ok()
    }

    /// Net weight (310n kilogram, 320n pound, 356n troy ounce).
    #[must_use]
    pub fn net_weight(&self) -> Option<NetWeight> {
        self.elements.iter().find_map(|element| {
            let unit = match element.ai.get(..3)? {
                "310" => WeightUnit::Kilogram,
                "320" => WeightUnit::Pound,
                "356" => WeightUnit::TroyOunce,
                _ => return None,
            };
            Some(NetWeight { amount: element.decimal()?, unit })
        })
    }

    /// Elements whose date states no day. Worth a warning: healthcare labels state it since 2025.
    pub fn dates_without_day(&self) -> impl Iterator<Item = &Element> {
        self.elements.iter().filter(|element| element.date.is_some_and(|resolved| !resolved.day_given))
    }
}
