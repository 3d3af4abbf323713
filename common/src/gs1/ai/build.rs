//! Words to write the table with.

use super::Check::{
    CheckDigit, CompanyPrefix, CompanyPrefixFromSecond, Country, Currency, Date, DateOrMonth, HourMinute,
    PercentEncoded, PieceOfTotal,
};
use super::{CharacterSet, Check, Component, Definition};

/// Identifiers of what an attribute of a trade item can belong to.
pub(super) const ITEM: &[&str] = &["01", "02", "03", "8006", "8026"];
/// Identifiers of one piece.
pub(super) const PIECE: &[&str] = &["01", "03", "8006"];
/// The identifiers that hold a GTIN.
pub(super) const GTIN: &[&str] = &["01", "02", "03"];
/// A trade item, or the contents of a logistic unit.
pub(super) const TRADE: &[&str] = &["01", "02"];
/// A logistic unit or a trade item.
pub(super) const LOGISTIC: &[&str] = &["00", "01"];
/// A logistic unit.
pub(super) const SHIPMENT: &[&str] = &["00"];
/// A service relation.
pub(super) const SERVICE: &[&str] = &["8017", "8018"];
/// A count or a trade measure.
pub(super) const MEASURED: &[&str] = &["30", "31nn", "32nn", "35nn", "36nn"];
/// Names that hold the whole name of a person.
pub(super) const WHOLE_NAME: &[&str] = &["7256", "7259"];

pub(super) const GTIN_KEY: Component = digits(14).checked(&[CheckDigit, CompanyPrefixFromSecond]);
pub(super) const LOCATION_KEY: Component = digits(13).checked(&[CheckDigit, CompanyPrefix]);
pub(super) const SERVICE_KEY: Component = digits(18).checked(&[CheckDigit, CompanyPrefix]);
pub(super) const COUNTRY: Component = digits(3).checked(&[Country]);
pub(super) const CURRENCY: Component = digits(3).checked(&[Currency]);
pub(super) const DAY: Component = digits(6).checked(&[Date]);
pub(super) const DAY_OR_MONTH: Component = digits(6).checked(&[DateOrMonth]);
pub(super) const TIME: Component = digits(4).checked(&[HourMinute]);
pub(super) const PIECE_OF_TOTAL: Component = digits(4).checked(&[PieceOfTotal]);

/// A GTIN and nothing else.
pub(super) const TRADE_ITEM_NUMBER: &[Component] = &[GTIN_KEY];
/// A global location number and nothing else.
pub(super) const LOCATION_NUMBER: &[Component] = &[LOCATION_KEY];
/// A figure of six digits.
const MEASURE: &[Component] = &[digits(6)];
/// A date whose day may be open.
pub(super) const DATE: &[Component] = &[DAY_OR_MONTH];

const fn component(set: CharacterSet, minimum: usize, maximum: usize) -> Component {
    Component { set, minimum, maximum, optional: false, checks: &[] }
}

pub(super) const fn digits(length: usize) -> Component {
    component(CharacterSet::Digits, length, length)
}

pub(super) const fn digits_up_to(length: usize) -> Component {
    component(CharacterSet::Digits, 1, length)
}

pub(super) const fn text(length: usize) -> Component {
    component(CharacterSet::Text, length, length)
}

pub(super) const fn text_up_to(length: usize) -> Component {
    component(CharacterSet::Text, 1, length)
}

pub(super) const fn upper_up_to(length: usize) -> Component {
    component(CharacterSet::UpperCase, 1, length)
}

pub(super) const fn base64url_up_to(length: usize) -> Component {
    component(CharacterSet::Base64Url, 1, length)
}

pub(super) const fn encoded(length: usize) -> Component {
    text_up_to(length).checked(&[PercentEncoded])
}

impl Component {
    pub(super) const fn checked(self, checks: &'static [Check]) -> Self {
        Self { checks, ..self }
    }

    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }
}

pub(super) const fn ai(code: &'static str, title: &'static str) -> Definition {
    range(code, code, title)
}

pub(super) const fn range(first: &'static str, last: &'static str, title: &'static str) -> Definition {
    Definition {
        first,
        last,
        title,
        predefined_length: false,
        query_attribute: false,
        components: &[],
        requires: &[],
        excludes: &[],
        digital_link_key: None,
    }
}

/// A measure of six digits; the last digit of its identifier counts the decimal places. Only one
/// of its identifiers may stand on an item.
pub(super) const fn measure(
    first: &'static str,
    last: &'static str,
    own: &'static [&'static str],
    title: &'static str,
) -> Definition {
    range(first, last, title).predefined().query().of(MEASURE).excludes(own)
}

impl Definition {
    pub(super) const fn predefined(self) -> Self {
        Self { predefined_length: true, ..self }
    }

    pub(super) const fn query(self) -> Self {
        Self { query_attribute: true, ..self }
    }

    pub(super) const fn of(self, components: &'static [Component]) -> Self {
        Self { components, ..self }
    }

    pub(super) const fn requires(self, requires: &'static [&'static str]) -> Self {
        Self { requires, ..self }
    }

    pub(super) const fn excludes(self, excludes: &'static [&'static str]) -> Self {
        Self { excludes, ..self }
    }

    pub(super) const fn key(self, qualifiers: &'static [&'static str]) -> Self {
        Self { digital_link_key: Some(qualifiers), ..self }
    }
}
