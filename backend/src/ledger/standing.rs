//! How stock stands, read column by column.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Numeric, Record, Text, Uuid as SqlUuid};
use lotline_common::ledger::{DocumentKind, DocumentRef, ItemStock, LotRef, Stock, StockStatus};
use lotline_common::masterdata::{ItemRef, LocationRef, PartnerRef};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::db::list::Columns;
use crate::db::shown::{ItemRecord, LocationRecord, LotRecord, PartnerRecord, Shown};

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
    const COLUMNS: &'static str = "
        ROW(t.item_id, t.item_code, t.item_name_zh, t.item_name_en, t.tracking, t.unit_id, t.unit_code, t.decimal_places)
            AS item,
        CASE WHEN t.lot_id IS NOT NULL THEN ROW(t.lot_id, t.lot_code, t.lot_status, t.expires_on) END AS lot,
        ROW(t.location_id, t.location_code, t.location_name_zh, t.location_name_en, t.location_kind) AS location,
        (SELECT ROW(p.id, p.code, p.name_zh, p.name_en) FROM partner p WHERE (p.org_id, p.id) = (t.org_id, t.custodian_id))
            AS custodian,
        (SELECT ROW(o.id, o.number) FROM subcontract_order o WHERE (o.org_id, o.id) = (t.org_id, t.order_id)) AS \"order\",
        (SELECT ROW(p.id, p.code, p.name_zh, p.name_en) FROM partner p WHERE (p.org_id, p.id) = (t.org_id, t.owner_id))
            AS owner,
        t.status, t.on_hand, t.reserved, t.usable";

    fn told(self) -> Stock {
        let order = |(id, number)| DocumentRef { kind: DocumentKind::Order, id, number };
        Stock {
            id: self.id.into(),
            item: self.item.0,
            lot: self.lot.map(Shown::told),
            location: self.location.0,
            custodian: self.custodian.map(Shown::told),
            order: self.order.map(order),
            owner: self.owner.map(Shown::told),
            status: self.status.0,
            on_hand: self.on_hand.0,
            reserved: self.reserved.0,
            usable: self.usable.0,
        }
    }

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

    const COLUMNS: &'static str = "
        ROW(t.item_id, t.item_code, t.name_zh, t.name_en, t.tracking, t.unit_id, t.unit_code, t.decimal_places) AS item,
        t.on_hand, t.reserved, t.held, t.available_to_promise, t.in_transit, t.in_custody, t.on_return, t.in_claim";

    fn told(self) -> ItemStock {
        ItemStock {
            item: self.item.0,
            on_hand: self.on_hand.0,
            reserved: self.reserved.0,
            held: self.held.0,
            available_to_promise: self.available_to_promise.0,
            in_transit: self.in_transit.0,
            in_custody: self.in_custody.0,
            on_return: self.on_return.0,
            in_claim: self.in_claim.0,
        }
    }
}
