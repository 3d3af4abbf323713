//! Rows of material documents.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use lotline_common::id::{MaterialDocumentId, OrderId};
use lotline_common::material::MaterialState;
use lotline_common::orders::CustodyState;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::schema::{item, material_document, material_document_line, subcontract_order, unit};

#[derive(Insertable)]
#[diesel(table_name = material_document)]
pub struct NewDocument<'a> {
    pub org_id: Uuid,
    pub id: Uuid,
    pub number: &'a str,
    pub kind: &'a str,
    pub order_id: Option<Uuid>,
    pub partner_id: Option<Uuid>,
    pub record_state: &'a str,
    pub approval_state: &'a str,
    pub custody_state: &'a str,
    pub reason: &'a str,
    pub occurred_at: DateTime<Utc>,
    pub delivery_note: &'a str,
    pub witness: &'a str,
    pub certificate_number: &'a str,
    pub remark: &'a str,
    pub created_by: Uuid,
    pub posted_by: Option<Uuid>,
    pub posted_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = material_document_line)]
pub struct NewLine<'a> {
    pub org_id: Uuid,
    pub document_id: Uuid,
    pub line_number: i32,
    pub partner_id: Option<Uuid>,
    pub item_id: Uuid,
    pub lot_id: Option<Uuid>,
    pub quantity: Decimal,
    pub condition: &'a str,
    pub from_location_id: Option<Uuid>,
    pub from_status: Option<&'a str>,
    pub to_location_id: Option<Uuid>,
    pub to_status: Option<&'a str>,
    pub remark: &'a str,
}

pub fn insert(tx: &mut Tx, head: &NewDocument, lines: &[NewLine]) -> Result<()> {
    diesel::insert_into(material_document::table).values(head).execute(tx.conn)?;
    diesel::insert_into(material_document_line::table).values(lines).execute(tx.conn)?;
    Ok(())
}

/// Locks a document until the transaction ends.
pub fn lock(tx: &mut Tx, id: MaterialDocumentId) -> Result<()> {
    let row = material_document::table.find((tx.org(), id.uuid())).select(material_document::id).for_update();
    Ok(row.first::<Uuid>(tx.conn).map(drop)?)
}

/// Locks an order, so that nobody closes it meanwhile; its subcontractor may do that too.
pub fn order_hold(tx: &mut Tx, id: OrderId) -> Result<()> {
    let row = subcontract_order::table.find((tx.org(), id.uuid())).select(subcontract_order::id).for_update();
    Ok(row.first::<Uuid>(tx.conn).map(drop)?)
}

/// A line as it is received.
#[derive(Queryable)]
pub struct SentLine {
    pub line_number: i32,
    pub item: Uuid,
    pub lot: Option<Uuid>,
    pub unit: Uuid,
    pub decimal_places: i16,
    pub quantity: Decimal,
    pub condition: String,
}

pub fn sent_lines(reader: &mut Reader, id: MaterialDocumentId) -> Result<Vec<SentLine>> {
    use material_document_line as line;
    Ok(line::table
        .inner_join(item::table.on(item::org_id.eq(line::org_id).and(item::id.eq(line::item_id))))
        .inner_join(unit::table.on(unit::org_id.eq(item::org_id).and(unit::id.eq(item::unit_id))))
        .filter(line::org_id.eq(reader.org()))
        .filter(line::document_id.eq(id.uuid()))
        .order(line::line_number)
        .select((
            line::line_number,
            line::item_id,
            line::lot_id,
            unit::id,
            unit::decimal_places,
            line::quantity,
            line::condition,
        ))
        .load(reader.conn)?)
}

pub fn line_received(tx: &mut Tx, id: MaterialDocumentId, line: i32, quantity: Decimal) -> Result<()> {
    diesel::update(material_document_line::table.find((tx.org(), id.uuid(), line)))
        .set(material_document_line::received_quantity.eq(quantity))
        .execute(tx.conn)?;
    Ok(())
}

pub fn set_confirmed(tx: &mut Tx, id: MaterialDocumentId, state: CustodyState, remark: &str) -> Result<()> {
    diesel::update(material_document::table.find((tx.org(), id.uuid())))
        .set((
            material_document::custody_state.eq(state.as_str()),
            material_document::confirmed_by.eq(tx.ctx.person.uuid()),
            material_document::confirmed_at.eq(tx.now),
            material_document::confirmation_remark.eq(remark),
            material_document::version.eq(material_document::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn set_reversed(tx: &mut Tx, id: MaterialDocumentId) -> Result<()> {
    diesel::update(material_document::table.find((tx.org(), id.uuid())))
        .set((
            material_document::record_state.eq(MaterialState::Reversed.as_str()),
            material_document::custody_state.eq(CustodyState::None.as_str()),
            material_document::version.eq(material_document::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}
