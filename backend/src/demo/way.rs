//! The whole way of a locking screw in the demonstration: bars are machined, what was machined is anodised, what was
//! anodised is sterilised and sent to customers. Each step takes lots of the step before.

use diesel::prelude::*;
use diesel::sql_types::{Numeric, Text, Uuid as SqlUuid};
use lotline_common::id::ItemId;
use rust_decimal::Decimal;

use super::catalogue::BOMS;
use super::history::Planned;
use super::world::World;
use crate::error::Result;

/// Day of the history, product, pieces.
const WAY: &[(i64, &str, u32)] = &[
    (56, "SF-5040-M", 2_000),
    (58, "SF-5040-M", 1_600),
    (86, "SF-5040-A", 500),
    (87, "SF-5040-A", 420),
    (89, "SF-5040-A", 360),
    (91, "SF-5040-A", 300),
    (118, "FG-5040-S", 240),
    (119, "FG-5040-S", 200),
    (121, "FG-5040-S", 160),
    (123, "FG-5040-S", 120),
    (125, "FG-5040-S", 80),
];
/// Place of its first order in the history, after all others.
const FIRST: usize = 70;

/// The orders of a day.
pub fn on(day: i64) -> impl Iterator<Item = Planned> {
    let steps = WAY.iter().enumerate().filter(move |(_, step)| step.0 == day);
    steps.filter_map(|(place, (_, product, quantity))| {
        let bom = BOMS.iter().find(|bom| bom.0 == *product)?;
        Some(Planned::going_on(FIRST + place, bom, *quantity))
    })
}

/// The code of a lot that was made here and of which enough is free, the fullest first.
pub fn own_lot(world: &World, item: ItemId, quantity: Decimal) -> Result<Option<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        code: String,
    }
    let query = "SELECT l.code FROM lot l
        JOIN stock_balance b ON (b.org_id, b.lot_id) = (l.org_id, l.id) AND b.status = 'available'
        JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id) AND p.kind = 'own_stock'
        WHERE l.org_id = current_org() AND l.item_id = $1 AND l.status = 'released'
            AND EXISTS (SELECT FROM lot_link k WHERE (k.org_id, k.child_lot_id) = (l.org_id, l.id) AND k.voided_at IS NULL)
        GROUP BY l.id, l.code HAVING sum(b.on_hand) >= $2 ORDER BY sum(b.on_hand) DESC, l.code LIMIT 1";
    let row: Option<Row> = world.act("warehouse", |tx| {
        let query = diesel::sql_query(query).bind::<SqlUuid, _>(item.uuid()).bind::<Numeric, _>(quantity);
        Ok(query.get_result(tx.conn).optional()?)
    })?;
    Ok(row.map(|row| row.code))
}
