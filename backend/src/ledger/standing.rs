//! How stock stands, read column by column.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Numeric, Record, Text, Uuid as SqlUuid};
use lotline_common::ledger::{DocumentKind, DocumentRef, ItemStock, LotRef, Stock, StockStatus};
use lotline_common::masterdata::{ItemRef, LocationRef, PartnerRef};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::db::list::{Columns, Exported};
use crate::db::shown::{ItemRecord, LocationRecord, LotRecord, PartnerRecord, Shown};

/// The item of a row whose view names it, as an [`ItemRecord`].
const ITEM: &str = "ROW(t.item_id, t.item_code, t.item_name_zh, t.item_name_en, t.tracking, t.unit_id, t.unit_code,
    t.decimal_places)";

/// The partner that a column names, as a [`PartnerRecord`].
fn partner(column: &str) -> String {
    format!(
        "(SELECT ROW(p.id, p.code, p.name_zh, p.name_en) FROM partner p WHERE (p.org_id, p.id) = (t.org_id, {column}))"
    )
}

/// A position of `stock_view`.
#[derive(QueryableByName)]
pub struct StockRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = ItemRecord)]
    item: Shown<ItemRef>,
    #[diesel(sql_type = Nullable<LotRecord>)]
    lot: Option<Shown<LotRef>>,
    #[diesel(sql_type = LocationRecord)]
    location: Shown<LocationRef>,
    #[diesel(sql_type = Nullable<PartnerRecord>)]
    custodian: Option<Shown<PartnerRef>>,
    #[diesel(sql_type = Nullable<Record<(SqlUuid, Text)>>)]
    order: Option<(Uuid, String)>,
    #[diesel(sql_type = Nullable<PartnerRecord>)]
    owner: Option<Shown<PartnerRef>>,
    #[diesel(sql_type = Text)]
    status: Shown<StockStatus>,
    #[diesel(sql_type = Numeric)]
    on_hand: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    reserved: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    usable: Shown<Decimal>,
}

impl Columns for StockRow {
    type Told = Stock;
    type InFile = Self;

    // What is not sorted by is asked for in the columns: so for the rows of one page.
    fn columns() -> String {
        let (custodian, owner) = (partner("t.custodian_id"), partner("t.owner_id"));
        format!(
            "{ITEM} AS item,
             CASE WHEN t.lot_id IS NOT NULL THEN ROW(t.lot_id, t.lot_code, t.lot_status, t.expires_on) END AS lot,
             ROW(t.location_id, t.location_code, t.location_name_zh, t.location_name_en, t.location_kind) AS location,
             {custodian} AS custodian,
             (SELECT ROW(o.id, o.number) FROM subcontract_order o WHERE (o.org_id, o.id) = (t.org_id, t.order_id))
                AS \"order\",
             {owner} AS owner, t.status, t.on_hand, t.reserved, t.usable"
        )
    }

    fn told(self) -> Stock {
        let order = |(id, number)| DocumentRef { kind: DocumentKind::Order, id, number };
        Stock {
            id: self.id.into(),
            item: self.item.told(),
            lot: self.lot.map(Shown::told),
            location: self.location.told(),
            custodian: self.custodian.map(Shown::told),
            order: self.order.map(order),
            owner: self.owner.map(Shown::told),
            status: self.status.told(),
            on_hand: self.on_hand.told(),
            reserved: self.reserved.told(),
            usable: self.usable.told(),
        }
    }
}

impl Exported for StockRow {
    // In a file a lot is its code alone; the last day of use stands beside it.
    fn exported(self) -> serde_json::Result<Value> {
        let stock = self.told();
        let mut row = serde_json::to_value(&stock)?;
        if let Some(fields) = row.as_object_mut() {
            let expires_on = stock.lot.and_then(|lot| lot.expires_on);
            fields.insert("expires_on".to_owned(), serde_json::to_value(expires_on)?);
        }
        Ok(row)
    }
}

/// An item of `item_stock_view`.
#[derive(QueryableByName)]
pub struct ItemStockRow {
    #[diesel(sql_type = ItemRecord)]
    item: Shown<ItemRef>,
    #[diesel(sql_type = Numeric)]
    on_hand: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    reserved: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    held: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    available_to_promise: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    in_transit: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    in_custody: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    on_return: Shown<Decimal>,
    #[diesel(sql_type = Numeric)]
    in_claim: Shown<Decimal>,
}

impl Columns for ItemStockRow {
    type Told = ItemStock;
    type InFile = Self;

    fn columns() -> String {
        format!(
            "{ITEM} AS item, t.on_hand, t.reserved, t.held, t.available_to_promise, t.in_transit, t.in_custody,
             t.on_return, t.in_claim"
        )
    }

    fn told(self) -> ItemStock {
        ItemStock {
            item: self.item.told(),
            on_hand: self.on_hand.told(),
            reserved: self.reserved.told(),
            held: self.held.told(),
            available_to_promise: self.available_to_promise.told(),
            in_transit: self.in_transit.told(),
            in_custody: self.in_custody.told(),
            on_return: self.on_return.told(),
            in_claim: self.in_claim.told(),
        }
    }
}

impl Exported for ItemStockRow {
    fn exported(self) -> serde_json::Result<Value> {
        serde_json::to_value(self.told())
    }
}
