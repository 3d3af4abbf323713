//! What open orders still need, over all of them.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline_common::id::{ItemId, OrderId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::masterdata::{ItemRef, PartnerRef};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::components::ComponentRow;
use crate::db::Reader;
use crate::error::Result;

/// A component of an open order that is not issued in full.
#[derive(Debug, Clone)]
pub struct Need {
    /// The order.
    pub order: DocumentRef,
    /// Its subcontractor.
    pub partner: PartnerRef,
    /// What comes back.
    pub product: ItemRef,
    /// Due date.
    pub due_on: NaiveDate,
    /// Needed by: its earliest open requisition, or else its due date.
    pub needed_on: NaiveDate,
    /// It has an urgent requisition or reservation.
    pub urgent: bool,
    /// Line of its component list.
    pub line_number: i32,
    /// Component.
    pub item: ItemRef,
    /// Not even requested.
    pub unrequested: Decimal,
    /// Requested, and being picked.
    pub picking: Decimal,
    /// Neither issued nor being picked.
    pub outstanding: Decimal,
    /// Reserved for it or its requisitions, of stock that can be used.
    pub own_reserved: Decimal,
}

#[derive(Debug, Clone, QueryableByName)]
struct NeedRow {
    #[diesel(embed)]
    component: ComponentRow,
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = Text)]
    order_number: String,
    #[diesel(sql_type = Jsonb)]
    partner: Value,
    #[diesel(sql_type = Jsonb)]
    product: Value,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    needed_on: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    urgent: bool,
    #[diesel(sql_type = Numeric)]
    picking_quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    own_reserved: Decimal,
}

impl NeedRow {
    fn need(self) -> Result<Need> {
        let unrequested = self.component.proposed();
        let outstanding = (unrequested + self.component.requested_quantity - self.picking_quantity).max(Decimal::ZERO);
        Ok(Need {
            order: DocumentRef { kind: DocumentKind::Order, id: self.order_id, number: self.order_number },
            partner: serde_json::from_value(self.partner)?,
            product: serde_json::from_value(self.product)?,
            due_on: self.due_on,
            needed_on: self.needed_on.unwrap_or(self.due_on),
            urgent: self.urgent,
            line_number: self.component.line_number,
            unrequested,
            picking: self.picking_quantity.normalize(),
            outstanding: outstanding.normalize(),
            own_reserved: self.own_reserved.normalize(),
            item: serde_json::from_value(self.component.item)?,
        })
    }
}

/// Components of all open orders, or of one; of all items, or of one.
///
/// # Errors
/// Those of the database.
pub fn needs(reader: &mut Reader, order: Option<OrderId>, item: Option<ItemId>) -> Result<Vec<Need>> {
    let rows: Vec<NeedRow> = diesel::sql_query(
        "SELECT * FROM open_component_view WHERE org_id = current_org() AND ($1 IS NULL OR order_id = $1)
            AND ($2 IS NULL OR item_id = $2) ORDER BY order_number, line_number",
    )
    .bind::<Nullable<SqlUuid>, _>(order.map(OrderId::uuid))
    .bind::<Nullable<SqlUuid>, _>(item.map(ItemId::uuid))
    .load(reader.conn)?;
    rows.into_iter().map(NeedRow::need).collect()
}
