//! Rows of receipts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use lotline_common::id::ReceiptId;
use lotline_common::receiving::ReceiptState;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;
use crate::schema::{receipt, receipt_line};

#[derive(Insertable)]
#[diesel(table_name = receipt)]
pub struct NewReceipt<'a> {
    pub org_id: Uuid,
    pub id: Uuid,
    pub number: &'a str,
    pub supplier_id: Uuid,
    pub delivery_note: &'a str,
    pub occurred_at: DateTime<Utc>,
    pub evidence_at: Option<DateTime<Utc>>,
    pub remark: &'a str,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = receipt_line)]
pub struct NewLine {
    pub org_id: Uuid,
    pub receipt_id: Uuid,
    pub line_number: i32,
    pub item_id: Uuid,
    pub lot_id: Option<Uuid>,
    pub location_id: Uuid,
    pub quantity: Decimal,
    pub unit_price: Option<Decimal>,
}

pub fn insert(tx: &mut Tx, head: &NewReceipt, lines: &[NewLine]) -> Result<()> {
    diesel::insert_into(receipt::table).values(head).execute(tx.conn)?;
    diesel::insert_into(receipt_line::table).values(lines).execute(tx.conn)?;
    Ok(())
}

/// Locks a receipt until the transaction ends.
pub fn lock(tx: &mut Tx, id: ReceiptId) -> Result<()> {
    let row = receipt::table.find((tx.org(), id.uuid())).select(receipt::id).for_update();
    Ok(row.first::<Uuid>(tx.conn).map(drop)?)
}

pub fn set_state(tx: &mut Tx, id: ReceiptId, state: ReceiptState) -> Result<()> {
    diesel::update(receipt::table.find((tx.org(), id.uuid())))
        .set((receipt::state.eq(state.as_str()), receipt::version.eq(receipt::version + 1)))
        .execute(tx.conn)?;
    Ok(())
}
