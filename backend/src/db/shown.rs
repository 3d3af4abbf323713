//! Rows that are read column by column, for the lists that are asked for most: PostgreSQL takes longer to write a row as
//! JSON than to find it.

use chrono::NaiveDate;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{Date, Nullable, Numeric, Record, SmallInt, Text, Uuid as SqlUuid};
use lotline_common::ledger::{LotRef, StockStatus};
use lotline_common::locale::Name;
use lotline_common::masterdata::{ItemRef, LocationRef, PartnerRef, UnitRef};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A value of a row as the API shows it.
#[derive(Debug)]
pub struct Shown<T>(T);

impl<T> Shown<T> {
    /// What is shown.
    pub fn told(self) -> T {
        self.0
    }
}

/// A row of `(id, code, name_zh, name_en)`.
pub type PartnerRecord = Record<(SqlUuid, Text, Text, Text)>;
/// A row of `(id, code, name_zh, name_en, kind)`.
pub type LocationRecord = Record<(SqlUuid, Text, Text, Text, Text)>;
/// A row of `(id, code, name_zh, name_en, tracking, unit_id, unit_code, decimal_places)`.
pub type ItemRecord = Record<(SqlUuid, Text, Text, Text, Text, SqlUuid, Text, SmallInt)>;
/// A row of `(id, code, status, expires_on)`.
pub type LotRecord = Record<(SqlUuid, Text, Text, Nullable<Date>)>;

impl FromSql<Numeric, Pg> for Shown<Decimal> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value: Decimal = FromSql::<Numeric, Pg>::from_sql(value)?;
        Ok(Self(value.normalize()))
    }
}

impl FromSql<Text, Pg> for Shown<StockStatus> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let word: String = FromSql::<Text, Pg>::from_sql(value)?;
        Ok(Self(word.parse()?))
    }
}

impl FromSql<PartnerRecord, Pg> for Shown<PartnerRef> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let (id, code, zh, en): (Uuid, String, String, String) = FromSql::<PartnerRecord, Pg>::from_sql(value)?;
        Ok(Self(PartnerRef { id: id.into(), code, name: Name { zh, en } }))
    }
}

impl FromSql<LocationRecord, Pg> for Shown<LocationRef> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let (id, code, zh, en, kind): (Uuid, String, String, String, String) =
            FromSql::<LocationRecord, Pg>::from_sql(value)?;
        Ok(Self(LocationRef { id: id.into(), code, name: Name { zh, en }, kind: kind.parse()? }))
    }
}

impl FromSql<ItemRecord, Pg> for Shown<ItemRef> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        type Read = (Uuid, String, String, String, String, Uuid, String, i16);
        let (id, code, zh, en, tracking, unit, symbol, places): Read = FromSql::<ItemRecord, Pg>::from_sql(value)?;
        let unit = UnitRef { id: unit.into(), code: symbol, decimal_places: u32::try_from(places)? };
        Ok(Self(ItemRef { id: id.into(), code, name: Name { zh, en }, unit, tracking: tracking.parse()? }))
    }
}

impl FromSql<LotRecord, Pg> for Shown<LotRef> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        type Read = (Uuid, String, String, Option<NaiveDate>);
        let (id, code, status, expires_on): Read = FromSql::<LotRecord, Pg>::from_sql(value)?;
        Ok(Self(LotRef { id: id.into(), code, status: status.parse()?, expires_on }))
    }
}
