//! Rows of receipts from subcontractors, and what stands around them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline_common::id::{ItemId, LotId, OrderId, PartnerId, SubcontractReceiptId};
use lotline_common::ledger::LotStatus;
use lotline_common::orders::{OrderReceiptState, QualityState};
use lotline_common::subcontract_receiving::SubcontractReceiptState;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{Declared, Held, Use, sort_first_expiring};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::recall::service::reaching;
use crate::schema::{
    consumption_line, lot, stock_balance, subcontract_order, subcontract_receipt, subcontract_receipt_line,
};

#[derive(Insertable)]
#[diesel(table_name = subcontract_receipt)]
pub struct NewReceipt<'a> {
    pub org_id: Uuid,
    pub id: Uuid,
    pub number: &'a str,
    pub order_id: Uuid,
    pub partner_id: Uuid,
    pub delivery_note: &'a str,
    pub last: bool,
    pub occurred_at: DateTime<Utc>,
    pub evidence_at: Option<DateTime<Utc>>,
    pub remark: &'a str,
    pub declared_by: Option<Uuid>,
    pub declared_at: Option<DateTime<Utc>>,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
}

#[derive(Insertable, Queryable, Selectable, Clone)]
#[diesel(table_name = subcontract_receipt_line)]
pub struct Line {
    pub org_id: Uuid,
    pub receipt_id: Uuid,
    pub line_number: i32,
    pub partner_id: Uuid,
    pub lot_code: String,
    pub batch_code: String,
    pub lot_id: Option<Uuid>,
    pub manufactured_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
    pub certificate_number: String,
    pub good_quantity: Decimal,
    pub rejected_quantity: Decimal,
    pub remark: String,
}

impl Line {
    /// Good and rejected.
    pub fn quantity(&self) -> Decimal {
        self.good_quantity + self.rejected_quantity
    }
}

pub fn insert(tx: &mut Tx, head: &NewReceipt, lines: &[Line]) -> Result<()> {
    diesel::insert_into(subcontract_receipt::table).values(head).execute(tx.conn)?;
    for part in lines.chunks(1_000) {
        diesel::insert_into(subcontract_receipt_line::table).values(part).execute(tx.conn)?;
    }
    Ok(())
}

/// Locks a receipt until the transaction ends; answers its order.
pub fn lock(tx: &mut Tx, id: SubcontractReceiptId) -> Result<OrderId> {
    let row = subcontract_receipt::table.find((tx.org(), id.uuid())).select(subcontract_receipt::order_id);
    Ok(row.for_update().first::<Uuid>(tx.conn)?.into())
}

pub fn lines(reader: &mut Reader, id: SubcontractReceiptId) -> Result<Vec<Line>> {
    Ok(subcontract_receipt_line::table
        .filter(subcontract_receipt_line::org_id.eq(reader.org()))
        .filter(subcontract_receipt_line::receipt_id.eq(id.uuid()))
        .order(subcontract_receipt_line::line_number)
        .select(Line::as_select())
        .load(reader.conn)?)
}

/// Writes what is known of the lines of a receipt once it is posted.
pub fn lines_post(tx: &mut Tx, id: SubcontractReceiptId, lines: &[Line]) -> Result<()> {
    diesel::sql_query(
        "UPDATE subcontract_receipt_line l SET lot_id = n.lot_id, good_quantity = n.good,
            rejected_quantity = n.rejected, remark = n.remark
         FROM unnest($2, $3, $4, $5, $6) AS n (line_number, lot_id, good, rejected, remark)
         WHERE l.org_id = current_org() AND l.receipt_id = $1 AND l.line_number = n.line_number",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Array<Integer>, _>(lines.iter().map(|line| line.line_number).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(lines.iter().map(|line| line.lot_id).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(lines.iter().map(|line| line.good_quantity).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(lines.iter().map(|line| line.rejected_quantity).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(lines.iter().map(|line| line.remark.as_str()).collect::<Vec<_>>())
    .execute(tx.conn)?;
    Ok(())
}

pub fn set_state(tx: &mut Tx, id: SubcontractReceiptId, state: SubcontractReceiptState) -> Result<()> {
    diesel::update(subcontract_receipt::table.find((tx.org(), id.uuid())))
        .set((
            subcontract_receipt::record_state.eq(state.as_str()),
            subcontract_receipt::version.eq(subcontract_receipt::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn set_posted(tx: &mut Tx, id: SubcontractReceiptId, occurred_at: DateTime<Utc>) -> Result<()> {
    set_state(tx, id, SubcontractReceiptState::Posted)?;
    diesel::update(subcontract_receipt::table.find((tx.org(), id.uuid())))
        .set((
            subcontract_receipt::occurred_at.eq(occurred_at),
            subcontract_receipt::posted_by.eq(tx.ctx.person.uuid()),
            subcontract_receipt::posted_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// What was declared, by line of the receipt.
pub fn declared(reader: &mut Reader, id: SubcontractReceiptId) -> Result<BTreeMap<i32, Vec<Declared>>> {
    type Row = (i32, Uuid, Option<Uuid>, Decimal, String, Option<Uuid>);
    let rows: Vec<Row> = consumption_line::table
        .filter(consumption_line::org_id.eq(reader.org()))
        .filter(consumption_line::receipt_id.eq(id.uuid()))
        .order(consumption_line::line_number)
        .select((
            consumption_line::receipt_line,
            consumption_line::item_id,
            consumption_line::lot_id,
            consumption_line::quantity,
            consumption_line::remark,
            consumption_line::scan_id,
        ))
        .load(reader.conn)?;
    let mut declared: BTreeMap<i32, Vec<Declared>> = BTreeMap::new();
    for (line, item, lot, quantity, remark, scan) in rows {
        let lot = lot.map(LotId::from);
        let share = quantity.is_zero();
        declared.entry(line).or_default().push(Declared { item: item.into(), lot, quantity, remark, scan, share });
    }
    Ok(declared)
}

/// Writes what went into the lots of a receipt, in place of what stood there.
pub fn write_uses(tx: &mut Tx, id: SubcontractReceiptId, partner: PartnerId, uses: &[Use]) -> Result<()> {
    let org = tx.org();
    diesel::delete(consumption_line::table)
        .filter(consumption_line::org_id.eq(org))
        .filter(consumption_line::receipt_id.eq(id.uuid()))
        .execute(tx.conn)?;
    let rows = (1..).zip(uses).map(|(number, used): (i32, &Use)| {
        (
            consumption_line::org_id.eq(org),
            consumption_line::receipt_id.eq(id.uuid()),
            consumption_line::line_number.eq(number),
            consumption_line::partner_id.eq(partner.uuid()),
            consumption_line::receipt_line.eq(used.line),
            consumption_line::item_id.eq(used.item),
            consumption_line::lot_id.eq(used.lot),
            consumption_line::quantity.eq(used.quantity),
            consumption_line::certainty.eq(used.certainty.as_str()),
            consumption_line::scan_id.eq(used.scan),
            consumption_line::remark.eq(&used.remark),
        )
    });
    let rows: Vec<_> = rows.collect();
    for part in rows.chunks(1_000) {
        diesel::insert_into(consumption_line::table).values(part.to_vec()).execute(tx.conn)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lot_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Nullable<Date>)]
    expires_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    owner_id: Option<Uuid>,
    #[diesel(sql_type = Numeric)]
    on_hand: Decimal,
    #[diesel(sql_type = Text)]
    status: String,
    /// Nothing but a recall is in the way.
    #[diesel(sql_type = Bool)]
    recalled: bool,
}

/// What the subcontractor holds on an order, in the order in which it is used up.
pub fn held(reader: &mut Reader, order: OrderId) -> Result<Vec<Held>> {
    let rows: Vec<HeldRow> = diesel::sql_query(
        "SELECT b.item_id, b.lot_id, coalesce(l.code, '') AS code, l.expires_on, b.owner_id, b.on_hand,
            CASE l.status WHEN 'recalled' THEN l.status ELSE b.status END AS status,
            coalesce(l.status = 'recalled' AND b.status = 'available', false) AS recalled
         FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         LEFT JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         WHERE b.org_id = current_org() AND b.order_id = $1 AND p.kind = 'subcontractor_custody'
            AND b.status IN ('available', 'quarantine', 'blocked') AND b.on_hand > 0",
    )
    .bind::<SqlUuid, _>(order.uuid())
    .load(reader.conn)?;
    let recalled: Vec<Uuid> = rows.iter().filter(|row| row.recalled).filter_map(|row| row.lot_id).collect();
    // The subcontractor's own people see no recalls, and are to say what was used before one.
    let since = reader.with_makers_sight(|reader| reaching::held_since(reader, &recalled))?;
    let held = |row: HeldRow| Held {
        item: row.item_id,
        lot: row.lot_id,
        code: row.code,
        expires_on: row.expires_on,
        owner: row.owner_id,
        quantity: row.on_hand,
        held_back: if row.status == "available" { None } else { row.status.parse().ok() },
        recalled_at: row.lot_id.filter(|_| row.recalled).and_then(|lot| since.get(&lot).copied()),
    };
    let mut held: Vec<Held> = rows.into_iter().map(held).collect();
    sort_first_expiring(&mut held);
    Ok(held)
}

/// Lots of an order's subcontractor that whoever made them called so.
pub fn own_lots(reader: &mut Reader, order: OrderId, named: &[(ItemId, &str)]) -> Result<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT l.id FROM subcontract_order o JOIN lot l ON (l.org_id, l.supplier_id) = (o.org_id, o.partner_id)
         JOIN unnest($2, $3) AS n (item, supplier_lot) ON (n.item, n.supplier_lot) = (l.item_id, l.supplier_lot)
         WHERE o.org_id = current_org() AND o.id = $1",
    )
    .bind::<SqlUuid, _>(order.uuid())
    .bind::<Array<SqlUuid>, _>(named.iter().map(|(item, _)| item.uuid()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(named.iter().map(|(_, number)| *number).collect::<Vec<_>>())
    .load(reader.conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What was used of each component on an order.
pub fn consumed(reader: &mut Reader, order: OrderId) -> Result<BTreeMap<Uuid, Decimal>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        item_id: Uuid,
        #[diesel(sql_type = Numeric)]
        quantity: Decimal,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT b.item_id, sum(b.on_hand) AS quantity
         FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         WHERE b.org_id = current_org() AND b.order_id = $1 AND p.kind = 'consumed' GROUP BY b.item_id",
    )
    .bind::<SqlUuid, _>(order.uuid())
    .load(reader.conn)?;
    Ok(rows.into_iter().map(|row| (row.item_id, row.quantity)).collect())
}

#[derive(QueryableByName)]
struct LotRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    order_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    status: String,
}

/// Those of these lot numbers that are there, and whether each was made on the order and still waits for quality.
pub fn finished_lots(
    tx: &mut Tx,
    item: ItemId,
    codes: &[&str],
    order: OrderId,
) -> Result<BTreeMap<String, (LotId, bool)>> {
    let rows: Vec<LotRow> = diesel::sql_query(
        "SELECT l.id, l.code, l.status, (SELECT r.order_id FROM subcontract_receipt_line n
            JOIN subcontract_receipt r ON (r.org_id, r.id) = (n.org_id, n.receipt_id)
            WHERE n.org_id = l.org_id AND n.lot_id = l.id AND r.record_state = 'posted' LIMIT 1) AS order_id
         FROM lot l WHERE l.org_id = current_org() AND l.item_id = $1 AND l.code = ANY($2)
            AND l.status <> 'scrapped' ORDER BY l.id FOR NO KEY UPDATE OF l",
    )
    .bind::<SqlUuid, _>(item.uuid())
    .bind::<Array<Text>, _>(codes)
    .load(tx.conn)?;
    let found = rows.into_iter().map(|row| {
        let waits = row.status == LotStatus::Quarantine.as_str();
        (row.code, (row.id.into(), waits && row.order_id == Some(order.uuid())))
    });
    Ok(found.collect())
}

/// Lots of a receipt that no other posted receipt brought: with its reversal they are gone.
pub fn sole_lots(tx: &mut Tx, id: SubcontractReceiptId) -> Result<Vec<LotId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        lot_id: Uuid,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT DISTINCT n.lot_id FROM subcontract_receipt_line n
         WHERE n.org_id = current_org() AND n.receipt_id = $1 AND n.lot_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM subcontract_receipt_line o JOIN subcontract_receipt r ON (r.org_id, r.id) = (o.org_id, o.receipt_id)
            WHERE o.org_id = n.org_id AND o.lot_id = n.lot_id AND r.id <> n.receipt_id AND r.record_state = 'posted')
         ORDER BY n.lot_id",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| row.lot_id.into()).collect())
}

/// Orders on whose account lots were made.
pub fn orders_of_lots(tx: &mut Tx, lots: &[LotId]) -> Result<Vec<OrderId>> {
    let ids: Vec<Uuid> = subcontract_receipt_line::table
        .inner_join(
            subcontract_receipt::table.on(subcontract_receipt::org_id
                .eq(subcontract_receipt_line::org_id)
                .and(subcontract_receipt::id.eq(subcontract_receipt_line::receipt_id))),
        )
        .filter(subcontract_receipt_line::org_id.eq(tx.org()))
        .filter(subcontract_receipt_line::lot_id.eq_any(lots.iter().map(|lot| lot.uuid())))
        .filter(subcontract_receipt::record_state.eq(SubcontractReceiptState::Posted.as_str()))
        .select(subcontract_receipt::order_id)
        .distinct()
        .load(tx.conn)?;
    Ok(ids.into_iter().map(OrderId::from).collect())
}

/// Orders on whose account lots stand.
pub fn orders_with_lots(tx: &mut Tx, lots: &[LotId]) -> Result<Vec<OrderId>> {
    let ids: Vec<Option<Uuid>> = stock_balance::table
        .filter(stock_balance::org_id.eq(tx.org()))
        .filter(stock_balance::lot_id.eq_any(lots.iter().map(|lot| lot.uuid())))
        .filter(stock_balance::on_hand.gt(Decimal::ZERO))
        .filter(stock_balance::order_id.is_not_null())
        .select(stock_balance::order_id)
        .distinct()
        .load(tx.conn)?;
    Ok(ids.into_iter().flatten().map(OrderId::from).collect())
}

/// What came back on an order: status of the lot, good, rejected.
pub fn output(reader: &mut Reader, order: OrderId) -> Result<Vec<(LotStatus, Decimal, Decimal)>> {
    type Row = (Option<String>, Decimal, Decimal);
    let rows: Vec<Row> = subcontract_receipt_line::table
        .inner_join(
            subcontract_receipt::table.on(subcontract_receipt::org_id
                .eq(subcontract_receipt_line::org_id)
                .and(subcontract_receipt::id.eq(subcontract_receipt_line::receipt_id))),
        )
        .left_join(
            lot::table.on(lot::org_id
                .eq(subcontract_receipt_line::org_id)
                .and(subcontract_receipt_line::lot_id.eq(lot::id.nullable()))),
        )
        .filter(subcontract_receipt_line::org_id.eq(reader.org()))
        .filter(subcontract_receipt::order_id.eq(order.uuid()))
        .filter(subcontract_receipt::record_state.eq(SubcontractReceiptState::Posted.as_str()))
        .select((
            lot::status.nullable(),
            subcontract_receipt_line::good_quantity,
            subcontract_receipt_line::rejected_quantity,
        ))
        .load(reader.conn)?;
    let status = |status: Option<String>| status.and_then(|word| word.parse().ok()).unwrap_or(LotStatus::Released);
    Ok(rows.into_iter().map(|(word, good, rejected)| (status(word), good, rejected)).collect())
}

/// Writes an order's receipt and quality axes.
pub fn write_axes(
    tx: &mut Tx,
    order: OrderId,
    totals: (Decimal, Decimal),
    axes: (OrderReceiptState, QualityState),
) -> Result<()> {
    diesel::update(subcontract_order::table.find((tx.org(), order.uuid())))
        .set((
            subcontract_order::good_quantity.eq(totals.0),
            subcontract_order::rejected_quantity.eq(totals.1),
            subcontract_order::receipt_state.eq(axes.0.as_str()),
            subcontract_order::quality_state.eq(axes.1.as_str()),
            subcontract_order::version.eq(subcontract_order::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}
