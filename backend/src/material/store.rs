//! Rows of material documents.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline_common::id::{ItemId, LotId, MaterialDocumentId, OrderId};
use lotline_common::ledger::StockStatus;
use lotline_common::masterdata::LocationKind;
use lotline_common::material::{CountSheetLine, LineDirection, MaterialApproval, MaterialCondition, MaterialState};
use lotline_common::orders::CustodyState;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::db::list::TextRow;
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::ledger::Place;
use crate::schema::{lot, material_document, material_document_line};

#[derive(Insertable)]
#[diesel(table_name = material_document)]
pub struct NewDocument<'a> {
    pub org_id: Uuid,
    pub id: Uuid,
    pub number: &'a str,
    pub kind: &'a str,
    pub order_id: Option<Uuid>,
    pub to_order_id: Option<Uuid>,
    pub partner_id: Option<Uuid>,
    pub to_partner_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
    pub supplier_id: Option<Uuid>,
    pub record_state: &'a str,
    pub approval_state: &'a str,
    pub custody_state: &'a str,
    pub reason: &'a str,
    pub occurred_at: DateTime<Utc>,
    pub evidence_at: Option<DateTime<Utc>>,
    pub delivery_note: &'a str,
    pub carrier: &'a str,
    pub witness: &'a str,
    pub certificate_number: &'a str,
    pub contact: &'a str,
    pub remark: &'a str,
    pub borne_by: Option<&'a str>,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = material_document_line)]
pub struct NewLine<'a> {
    pub org_id: Uuid,
    pub document_id: Uuid,
    pub line_number: i32,
    pub partner_id: Option<Uuid>,
    pub to_partner_id: Option<Uuid>,
    pub direction: &'a str,
    pub item_id: Uuid,
    pub lot_id: Option<Uuid>,
    pub new_lot_code: Option<&'a str>,
    pub quantity: Decimal,
    pub book_quantity: Option<Decimal>,
    pub condition: &'a str,
    pub already_declared: bool,
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

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = Integer)]
    line_number: i32,
    #[diesel(sql_type = Text)]
    direction: String,
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lot_id: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    unit_id: Uuid,
    #[diesel(sql_type = Integer)]
    decimal_places: i32,
    #[diesel(sql_type = Numeric)]
    quantity: Decimal,
    #[diesel(sql_type = Nullable<Numeric>)]
    book_quantity: Option<Decimal>,
    #[diesel(sql_type = Text)]
    condition: String,
    #[diesel(sql_type = Bool)]
    already_declared: bool,
    #[diesel(sql_type = SqlUuid)]
    from_location_id: Uuid,
    #[diesel(sql_type = Text)]
    from_kind: String,
    #[diesel(sql_type = Text)]
    from_status: String,
    #[diesel(sql_type = SqlUuid)]
    to_location_id: Uuid,
    #[diesel(sql_type = Text)]
    to_kind: String,
    #[diesel(sql_type = Text)]
    to_status: String,
}

/// A line as it is posted. Its places stand on no account yet.
#[derive(Debug, Clone)]
pub struct Line {
    /// Line.
    pub number: i32,
    /// Taken or made.
    pub direction: LineDirection,
    /// Item.
    pub item: ItemId,
    /// Lot.
    pub lot: Option<LotId>,
    /// The item's unit.
    pub unit: Uuid,
    /// Its decimal places.
    pub decimal_places: u32,
    /// How much; in a count, what was counted.
    pub quantity: Decimal,
    /// In a count, what the books said.
    pub book: Option<Decimal>,
    /// Condition.
    pub condition: MaterialCondition,
    /// Ruled on only.
    pub already_declared: bool,
    /// Where it leaves, or what was counted.
    pub from: Place,
    /// Where it arrives.
    pub to: Place,
}

impl LineRow {
    fn line(self) -> Result<Line> {
        let place = |location: Uuid, kind: &str, status: &str| -> Result<Place> {
            let kind: LocationKind = kind.parse().map_err(anyhow::Error::from)?;
            let status: StockStatus = status.parse().map_err(anyhow::Error::from)?;
            Ok(Place::new(location.into(), kind, status))
        };
        Ok(Line {
            number: self.line_number,
            direction: self.direction.parse().map_err(anyhow::Error::from)?,
            item: self.item_id.into(),
            lot: self.lot_id.map(LotId::from),
            unit: self.unit_id,
            decimal_places: u32::try_from(self.decimal_places).map_err(anyhow::Error::from)?,
            quantity: self.quantity,
            book: self.book_quantity,
            condition: self.condition.parse().map_err(anyhow::Error::from)?,
            already_declared: self.already_declared,
            from: place(self.from_location_id, &self.from_kind, &self.from_status)?,
            to: place(self.to_location_id, &self.to_kind, &self.to_status)?,
        })
    }
}

/// The lines of a document.
pub fn lines(reader: &mut Reader, id: MaterialDocumentId) -> Result<Vec<Line>> {
    let rows: Vec<LineRow> = diesel::sql_query(
        "SELECT l.line_number, l.direction, l.item_id, l.lot_id, i.unit_id, u.decimal_places::integer AS decimal_places,
            l.quantity, l.book_quantity, l.condition, l.already_declared, l.from_location_id, f.kind AS from_kind,
            l.from_status, l.to_location_id, t.kind AS to_kind, l.to_status
         FROM material_document_line l
         JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
         JOIN unit u ON (u.org_id, u.id) = (i.org_id, i.unit_id)
         JOIN location f ON (f.org_id, f.id) = (l.org_id, l.from_location_id)
         JOIN location t ON (t.org_id, t.id) = (l.org_id, l.to_location_id)
         WHERE l.org_id = current_org() AND l.document_id = $1 ORDER BY l.line_number",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .load(reader.conn)?;
    rows.into_iter().map(LineRow::line).collect()
}

pub fn line_received(tx: &mut Tx, id: MaterialDocumentId, line: i32, quantity: Decimal) -> Result<()> {
    diesel::update(material_document_line::table.find((tx.org(), id.uuid(), line)))
        .set(material_document_line::received_quantity.eq(quantity))
        .execute(tx.conn)?;
    Ok(())
}

pub fn set_posted(
    tx: &mut Tx,
    id: MaterialDocumentId,
    custody: CustodyState,
    approval: Option<MaterialApproval>,
) -> Result<()> {
    diesel::update(material_document::table.find((tx.org(), id.uuid())))
        .set((
            material_document::record_state.eq(MaterialState::Posted.as_str()),
            material_document::custody_state.eq(custody.as_str()),
            approval.map(|state| material_document::approval_state.eq(state.as_str())),
            material_document::posted_by.eq(tx.ctx.person.uuid()),
            material_document::posted_at.eq(tx.now),
            material_document::version.eq(material_document::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// It waits for an approver.
pub fn set_waiting(tx: &mut Tx, id: MaterialDocumentId) -> Result<()> {
    diesel::update(material_document::table.find((tx.org(), id.uuid())))
        .set((
            material_document::approval_state.eq(MaterialApproval::Pending.as_str()),
            material_document::version.eq(material_document::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// It leaves now, with whom it is said, or was written.
pub fn set_handed_over(tx: &mut Tx, id: MaterialDocumentId, carrier: &str) -> Result<()> {
    let carrier = Some(carrier).filter(|carrier| !carrier.is_empty());
    diesel::update(material_document::table.find((tx.org(), id.uuid())))
        .set((material_document::occurred_at.eq(tx.now), carrier.map(|carrier| material_document::carrier.eq(carrier))))
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

/// Ends a document: undone, or called off.
pub fn set_ended(
    tx: &mut Tx,
    id: MaterialDocumentId,
    state: MaterialState,
    approval: Option<MaterialApproval>,
) -> Result<()> {
    diesel::update(material_document::table.find((tx.org(), id.uuid())))
        .set((
            material_document::record_state.eq(state.as_str()),
            material_document::custody_state.eq(CustodyState::None.as_str()),
            approval.map(|state| material_document::approval_state.eq(state.as_str())),
            material_document::version.eq(material_document::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Quantity {
    #[diesel(sql_type = Nullable<Numeric>)]
    on_hand: Option<Decimal>,
}

/// The count that put the books right where this one counted too, after it was made.
pub fn counted_since(reader: &mut Reader, id: MaterialDocumentId) -> Result<Option<String>> {
    let row: Option<TextRow> = diesel::sql_query(
        "SELECT other.number AS text FROM material_document own
         JOIN material_document_line l ON (l.org_id, l.document_id) = (own.org_id, own.id) AND l.quantity <> l.book_quantity
         JOIN stock_movement m ON m.org_id = l.org_id AND m.item_id = l.item_id AND m.lot_id IS NOT DISTINCT FROM l.lot_id
            AND m.kind = 'count_adjustment' AND m.recorded_at > own.created_at AND m.document_id <> own.id
            AND (own.order_id IS NULL OR own.order_id IN (m.from_order_id, m.to_order_id))
            AND (l.from_location_id, l.from_status) IN ((m.from_location_id, m.from_status), (m.to_location_id, m.to_status))
         JOIN material_document other ON (other.org_id, other.id) = (m.org_id, m.document_id)
         WHERE own.org_id = current_org() AND own.id = $1 AND own.kind = 'count' AND other.record_state = 'posted'
         LIMIT 1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .get_result(reader.conn)
    .optional()?;
    Ok(row.and_then(|row| row.text))
}

/// What the books say of our own stock of a lot at a place, on an order's account or on none.
pub fn book(reader: &mut Reader, place: Place, what: (ItemId, Option<LotId>)) -> Result<Decimal> {
    let row: Quantity = diesel::sql_query(
        "SELECT sum(on_hand) AS on_hand FROM stock_balance WHERE org_id = current_org() AND location_id = $1
            AND status = $2 AND item_id = $3 AND lot_id IS NOT DISTINCT FROM $4 AND order_id IS NOT DISTINCT FROM $5
            AND owner_id IS NULL",
    )
    .bind::<SqlUuid, _>(place.location.uuid())
    .bind::<Text, _>(place.status.as_str())
    .bind::<SqlUuid, _>(what.0.uuid())
    .bind::<Nullable<SqlUuid>, _>(what.1.map(LotId::uuid))
    .bind::<Nullable<SqlUuid>, _>(place.order.map(OrderId::uuid))
    .get_result(reader.conn)?;
    Ok(row.on_hand.unwrap_or_default())
}

/// The status in which a lot stands at a place on an order's account: what may be used goes first; none when nothing is
/// there.
pub fn standing_status(
    reader: &mut Reader,
    place: Place,
    what: (ItemId, Option<LotId>),
) -> Result<Option<StockStatus>> {
    let row: Option<TextRow> = diesel::sql_query(
        "SELECT status AS text FROM stock_balance WHERE org_id = current_org() AND location_id = $1 AND item_id = $2
            AND lot_id IS NOT DISTINCT FROM $3 AND order_id IS NOT DISTINCT FROM $4 AND owner_id IS NULL AND on_hand > 0
         ORDER BY status <> 'available', status LIMIT 1",
    )
    .bind::<SqlUuid, _>(place.location.uuid())
    .bind::<SqlUuid, _>(what.0.uuid())
    .bind::<Nullable<SqlUuid>, _>(what.1.map(LotId::uuid))
    .bind::<Nullable<SqlUuid>, _>(place.order.map(OrderId::uuid))
    .get_result(reader.conn)
    .optional()?;
    Ok(row.and_then(|row| row.text).and_then(|word| word.parse().ok()))
}

#[derive(QueryableByName)]
struct SheetRow {
    #[diesel(sql_type = Jsonb)]
    item: Value,
    #[diesel(sql_type = Nullable<Jsonb>)]
    lot: Option<Value>,
}

/// The lots in custody on an order, without quantities.
pub fn in_custody(reader: &mut Reader, order: OrderId) -> Result<Vec<CountSheetLine>> {
    let rows: Vec<SheetRow> = diesel::sql_query(
        "SELECT i.reference AS item, l.reference AS lot
         FROM stock_balance b
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         JOIN item_reference i ON (i.org_id, i.id) = (b.org_id, b.item_id)
         LEFT JOIN lot_reference l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         WHERE b.org_id = current_org() AND b.order_id = $1 AND p.kind = 'subcontractor_custody' AND b.on_hand > 0
            AND b.owner_id IS NULL
         ORDER BY i.reference ->> 'code', l.reference ->> 'code'",
    )
    .bind::<SqlUuid, _>(order.uuid())
    .load(reader.conn)?;
    let line = |row: SheetRow| {
        let lot = row.lot.map(serde_json::from_value).transpose()?;
        Ok(CountSheetLine { item: serde_json::from_value(row.item)?, lot })
    };
    rows.into_iter().map(line).collect()
}

/// What one unit of each lot costs, where it is known.
pub fn unit_costs(reader: &mut Reader, lots: &[Uuid]) -> Result<BTreeMap<Uuid, Decimal>> {
    let rows: Vec<(Uuid, Option<Decimal>)> = lot::table
        .filter(lot::org_id.eq(reader.org()))
        .filter(lot::id.eq_any(lots))
        .select((lot::id, lot::unit_cost))
        .load(reader.conn)?;
    Ok(rows.into_iter().filter_map(|(id, cost)| Some((id, cost?))).collect())
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = SqlUuid)]
    parent: Uuid,
    #[diesel(sql_type = SqlUuid)]
    child: Uuid,
}

/// The finished lots of an order that some of its component lots are not known to have gone into.
pub fn unlinked(reader: &mut Reader, order: OrderId, lots: &[Uuid]) -> Result<Vec<(LotId, LotId)>> {
    let rows: Vec<Pair> = diesel::sql_query(
        "SELECT DISTINCT p.id AS parent, l.lot_id AS child
         FROM subcontract_receipt r
         JOIN subcontract_receipt_line l ON (l.org_id, l.receipt_id) = (r.org_id, r.id)
         CROSS JOIN unnest($2) AS p (id)
         WHERE r.org_id = current_org() AND r.order_id = $1 AND r.record_state = 'posted' AND l.lot_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM lot_link k WHERE (k.org_id, k.parent_lot_id, k.child_lot_id)
                = (r.org_id, p.id, l.lot_id) AND k.voided_at IS NULL)
         ORDER BY 1, 2",
    )
    .bind::<SqlUuid, _>(order.uuid())
    .bind::<Array<SqlUuid>, _>(lots)
    .load(reader.conn)?;
    Ok(rows.into_iter().map(|pair| (pair.parent.into(), pair.child.into())).collect())
}
