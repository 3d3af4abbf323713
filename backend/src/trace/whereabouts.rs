//! Where a lot is now, to the last gram.

use diesel::prelude::*;
use diesel::sql_types::{Numeric, Uuid as SqlUuid};
use lotline_common::id::LotId;
use lotline_common::ledger::{Lot, LotRef};
use lotline_common::trace::{LotPlace, LotUse, Whereabouts};
use rust_decimal::Decimal;

use super::store;
use crate::db::Reader;
use crate::db::cached::PreparedOnce as _;
use crate::db::list::Count;
use crate::error::Result;
use crate::ledger::lots;

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = Numeric)]
    made: Decimal,
}

/// Where a lot is: own stock, on the way, with which company, used up in what. Together it is what came into the books.
///
/// # Errors
/// `not_found`.
pub fn whereabouts(reader: &mut Reader, id: LotId) -> Result<Whereabouts> {
    let Lot { item, code, status, expires_on, .. } = lots::lot_read(reader, id)?;
    let places: Vec<LotPlace> = store::bodies(
        reader,
        "SELECT to_json(t) AS body FROM lot_place_view t WHERE t.org_id = current_org() AND t.lot_id = ANY($1)
         ORDER BY t.kind, t.location ->> 'code', t.status",
        &[id.uuid()],
    )?;
    let used_in: Vec<LotUse> = store::bodies(
        reader,
        "SELECT to_json(t) AS body FROM lot_use_view t WHERE t.org_id = current_org() AND t.parent_lot_id = ANY($1)
         ORDER BY t.code LIMIT 200",
        &[id.uuid()],
    )?;
    let used_in_count = diesel::sql_query(
        "SELECT count(*) AS count FROM lot_link WHERE org_id = current_org() AND parent_lot_id = $1 AND strength IS NOT NULL",
    );
    let used_in_count: Count = used_in_count.bind::<SqlUuid, _>(id.uuid()).cached().get_result(reader.conn)?;
    let total = places.iter().map(|place| place.quantity).sum::<Decimal>().normalize();
    let lot = LotRef { id, code, status, expires_on };
    Ok(Whereabouts { lot, item, made: made(reader, id)?, places, total, used_in, used_in_count: used_in_count.count })
}

/// What came in from beyond the books, less what went back there.
fn made(reader: &mut Reader, id: LotId) -> Result<Decimal> {
    let made = diesel::sql_query(
        "SELECT coalesce(sum(CASE WHEN f.kind IN ('supplier', 'adjustment', 'production') THEN m.quantity ELSE 0 END
            - CASE WHEN t.kind IN ('supplier', 'adjustment', 'production') THEN m.quantity ELSE 0 END), 0) AS made
         FROM stock_movement m
         JOIN location f ON (f.org_id, f.id) = (m.org_id, m.from_location_id)
         JOIN location t ON (t.org_id, t.id) = (m.org_id, m.to_location_id)
         WHERE m.org_id = current_org() AND m.lot_id = $1",
    );
    let row: Made = made.bind::<SqlUuid, _>(id.uuid()).cached().get_result(reader.conn)?;
    Ok(row.made.normalize())
}
