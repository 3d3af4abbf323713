//! Tools and moulds used for finished goods: said, counted, and taken back when a receipt is undone.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text, Uuid as SqlUuid};
use lotline_common::id::{LotId, OrderId, SubcontractReceiptId};
use lotline_common::ledger::Certainty;
use lotline_common::subcontract_receiving::{SubcontractReceipt, ToolUseWrite};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::reading::OrderFacts;
use super::tool_rules::{self, Standing, Used};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::ledger::lots;
use crate::schema::{lot, tool_use};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    lot_id: Uuid,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Integer)]
    uses: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    life_uses: Option<i32>,
}

/// The tools with a serial number that stand at the subcontractor on an order.
pub fn standing(reader: &mut Reader, order: OrderId) -> Result<Vec<Standing>> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT b.item_id, b.lot_id, l.code, l.uses, l.life_uses
         FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id)
         JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         WHERE b.org_id = current_org() AND b.order_id = $1 AND p.kind = 'subcontractor_custody' AND b.on_hand > 0
            AND i.kind = 'tooling' AND i.tracking = 'serial'
         ORDER BY l.code",
    )
    .bind::<SqlUuid, _>(order.uuid())
    .load(reader.conn)?;
    let tool = |row: Row| Standing {
        item: row.item_id,
        lot: row.lot_id.into(),
        code: row.code,
        uses: row.uses,
        life_uses: row.life_uses,
    };
    Ok(rows.into_iter().map(tool).collect())
}

/// Which tools the goods used. Refuses what cannot be; asks nothing of an order without tools.
pub fn resolve(tx: &mut Tx, order: &OrderFacts, quantity: Decimal, said: &[ToolUseWrite]) -> Result<Vec<Used>> {
    if tool_rules::counted(&order.order()).next().is_none() && said.is_empty() {
        return Ok(Vec::new());
    }
    let there = standing(tx, order.id)?;
    Ok(tool_rules::tool_uses(&order.order(), quantity, &there, said)?)
}

/// What was said of tools when the receipt was declared.
pub fn said(reader: &mut Reader, id: SubcontractReceiptId) -> Result<Vec<ToolUseWrite>> {
    let rows: Vec<(Uuid, i32)> = tool_use::table
        .filter(tool_use::org_id.eq(reader.org()))
        .filter(tool_use::receipt_id.eq(id.uuid()))
        .filter(tool_use::certainty.eq(Certainty::Declared.as_str()))
        .order(tool_use::lot_id)
        .select((tool_use::lot_id, tool_use::uses))
        .load(reader.conn)?;
    Ok(rows.into_iter().map(|(lot, uses)| ToolUseWrite { lot_id: lot.into(), uses }).collect())
}

/// Writes which tools were used, in place of what stood there.
pub fn write(tx: &mut Tx, id: SubcontractReceiptId, partner: Uuid, used: &[Used]) -> Result<()> {
    let org = tx.org();
    let old = tool_use::table.filter(tool_use::org_id.eq(org)).filter(tool_use::receipt_id.eq(id.uuid()));
    diesel::delete(old).execute(tx.conn)?;
    let rows = used.iter().map(|used| {
        (
            tool_use::org_id.eq(org),
            tool_use::receipt_id.eq(id.uuid()),
            tool_use::lot_id.eq(used.lot.uuid()),
            tool_use::partner_id.eq(partner),
            tool_use::item_id.eq(used.item),
            tool_use::uses.eq(used.uses),
            tool_use::certainty.eq(used.certainty.as_str()),
        )
    });
    let rows: Vec<_> = rows.collect();
    diesel::insert_into(tool_use::table).values(rows).execute(tx.conn)?;
    Ok(())
}

/// Counts the uses on the tools themselves. The tools are held first, so that two receipts see one another's uses.
pub fn count(tx: &mut Tx, order: &OrderFacts, quantity: Decimal, said: &[ToolUseWrite]) -> Result<Vec<Used>> {
    let ids: Vec<Uuid> = resolve(tx, order, quantity, said)?.iter().map(|used| used.lot.uuid()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let row = lot::table.filter(lot::org_id.eq(tx.org())).filter(lot::id.eq_any(ids)).order(lot::id).select(lot::id);
    row.for_no_key_update().load::<Uuid>(tx.conn)?;
    let used = resolve(tx, order, quantity, said)?;
    for used in &used {
        lots::tool_use(tx, used.lot, used.uses)?;
    }
    Ok(used)
}

/// Takes the uses of an undone receipt back, but not from a tool whose count began anew since.
pub fn take_back(tx: &mut Tx, receipt: &SubcontractReceipt) -> Result<()> {
    let posted_at: DateTime<Utc> = receipt.posted_at.unwrap_or(tx.now);
    for used in &receipt.tools {
        let id: LotId = used.lot.id;
        let reset: Option<DateTime<Utc>> =
            lot::table.find((tx.org(), id.uuid())).select(lot::uses_reset_at).for_no_key_update().first(tx.conn)?;
        if reset.is_none_or(|reset| reset <= posted_at) {
            lots::tool_use(tx, id, -used.uses)?;
        }
    }
    Ok(())
}
