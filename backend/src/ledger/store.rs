//! Rows of the ledger: set-based, locked in one order.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::id::MovementId;
use lotline_common::ledger::{DocumentKind, MovementKind, StockStatus};
use lotline_common::locale::Name;
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::{ProblemCode, Refusal, words};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::posting::{Entry, Place, Posting};
use super::rules::{Position, Standing};
use crate::db::Tx;
use crate::db::cached::PreparedOnce as _;
use crate::db::list::TextRow;
use crate::error::{Error, Result};
use crate::schema::{location, stock_movement};

#[derive(QueryableByName)]
struct LockedRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Numeric)]
    on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    reserved: Decimal,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    lapsed: bool,
}

/// Columns of positions, as statements take them.
struct Columns {
    locations: Vec<Uuid>,
    items: Vec<Uuid>,
    lots: Vec<Option<Uuid>>,
    statuses: Vec<&'static str>,
    owners: Vec<Option<Uuid>>,
    orders: Vec<Option<Uuid>>,
}

impl Columns {
    fn of(positions: &[Position]) -> Self {
        Self {
            locations: positions.iter().map(|position| position.location).collect(),
            items: positions.iter().map(|position| position.item).collect(),
            lots: positions.iter().map(|position| position.lot).collect(),
            statuses: positions.iter().map(|position| position.status.as_str()).collect(),
            owners: positions.iter().map(|position| position.owner).collect(),
            orders: positions.iter().map(|position| position.order).collect(),
        }
    }
}

/// Makes the balances that are not there, in the order of `positions`, of nothing.
fn make_balances(tx: &mut Tx, positions: &[Position]) -> Result<()> {
    let Columns { locations, items, lots, statuses, owners, orders } = Columns::of(positions);
    diesel::sql_query(
        "INSERT INTO stock_balance (org_id, location_id, item_id, lot_id, status, owner_id, order_id, location_kind, outside)
         SELECT l.org_id, p.location, p.item, p.lot, p.status, p.owner, p.account, l.kind,
            l.kind IN ('consumed', 'scrap', 'customer')
         FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS p (location, item, lot, status, owner, account, place)
         JOIN location l ON l.org_id = current_org() AND l.id = p.location
         ORDER BY p.place
         ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(locations)
    .bind::<Array<SqlUuid>, _>(items)
    .bind::<Array<Nullable<SqlUuid>>, _>(lots)
    .bind::<Array<Text>, _>(statuses)
    .bind::<Array<Nullable<SqlUuid>>, _>(owners)
    .bind::<Array<Nullable<SqlUuid>>, _>(orders)
    .cached()
    .run(tx.conn)?;
    Ok(())
}

/// Locks balances, making those that are not there, in the order of `positions`. Promises that have lapsed are settled under
/// the lock.
pub fn lock_balances(tx: &mut Tx, positions: &[Position]) -> Result<Vec<(Uuid, Standing)>> {
    make_balances(tx, positions)?;
    let Columns { locations, items, lots, statuses, owners, orders } = Columns::of(positions);
    let named = |ids: Vec<Option<Uuid>>| ids.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>();
    // Each part is an equality that the key's index knows.
    let rows: Vec<LockedRow> = diesel::sql_query(
        "SELECT b.id, b.on_hand, b.reserved, b.since, b.reserved > 0 AND EXISTS (SELECT FROM reservation r
                WHERE (r.org_id, r.balance_id) = (b.org_id, b.id) AND r.soft AND r.state = 'reserved'
                    AND r.expires_at <= current_instant()) AS lapsed
         FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS p (location, item, lot, status, owner, account, place)
         JOIN stock_balance b ON b.org_id = current_org() AND b.location_id = p.location AND b.item_id = p.item
            AND CASE WHEN b.lot_id IS NULL THEN '00000000-0000-0000-0000-000000000000' ELSE b.lot_id END = p.lot
            AND b.status = p.status
            AND CASE WHEN b.owner_id IS NULL THEN '00000000-0000-0000-0000-000000000000' ELSE b.owner_id END = p.owner
            AND CASE WHEN b.order_id IS NULL THEN '00000000-0000-0000-0000-000000000000' ELSE b.order_id END = p.account
         ORDER BY p.place FOR UPDATE OF b",
    )
    .bind::<Array<SqlUuid>, _>(locations)
    .bind::<Array<SqlUuid>, _>(items)
    .bind::<Array<SqlUuid>, _>(named(lots))
    .bind::<Array<Text>, _>(statuses)
    .bind::<Array<SqlUuid>, _>(named(owners))
    .bind::<Array<SqlUuid>, _>(named(orders))
    .cached()
    .load(tx.conn)?;
    if rows.len() != positions.len() {
        return Err(anyhow::anyhow!("{} of {} balances found", rows.len(), positions.len()).into());
    }
    let lapsed: Vec<Uuid> = rows.iter().filter(|row| row.lapsed).map(|row| row.id).collect();
    let swept = sweep(tx, &lapsed)?;
    let standing = |row: LockedRow| {
        let reserved = swept.iter().find(|(id, _)| *id == row.id).map_or(row.reserved, |(_, reserved)| *reserved);
        (row.id, Standing { on_hand: row.on_hand, reserved, since: row.since })
    };
    Ok(rows.into_iter().map(standing).collect())
}

#[derive(QueryableByName)]
struct SweptRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Numeric)]
    reserved: Decimal,
}

/// Settles promises that have lapsed on locked balances; answers what is reserved then where something was settled.
pub fn sweep(tx: &mut Tx, balances: &[Uuid]) -> Result<Vec<(Uuid, Decimal)>> {
    if balances.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<SweptRow> = diesel::sql_query(
        "WITH swept AS (UPDATE reservation SET state = 'expired', settled_at = expires_at, version = version + 1
            WHERE org_id = current_org() AND balance_id = ANY ($1) AND soft AND state = 'reserved'
                AND expires_at <= current_instant() RETURNING balance_id, quantity)
         UPDATE stock_balance b SET reserved = b.reserved - s.quantity
         FROM (SELECT balance_id, sum(quantity) AS quantity FROM swept GROUP BY balance_id) s
         WHERE b.org_id = current_org() AND b.id = s.balance_id RETURNING b.id, b.reserved",
    )
    .bind::<Array<SqlUuid>, _>(balances)
    .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row.reserved)).collect())
}

/// Writes what stands now.
pub fn write_balances(tx: &mut Tx, balances: &[(Uuid, Standing)]) -> Result<()> {
    diesel::sql_query(
        "UPDATE stock_balance b SET on_hand = n.on_hand, reserved = n.reserved, since = n.since
         FROM unnest($1, $2, $3, $4) AS n (id, on_hand, reserved, since) WHERE b.org_id = current_org() AND b.id = n.id",
    )
    .bind::<Array<SqlUuid>, _>(balances.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(balances.iter().map(|(_, standing)| standing.on_hand).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(balances.iter().map(|(_, standing)| standing.reserved).collect::<Vec<_>>())
    .bind::<Array<Nullable<Timestamptz>>, _>(balances.iter().map(|(_, standing)| standing.since).collect::<Vec<_>>())
    .cached()
    .run(tx.conn)?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = stock_movement)]
struct NewMovement {
    org_id: Uuid,
    id: Uuid,
    kind: &'static str,
    item_id: Uuid,
    lot_id: Option<Uuid>,
    quantity: Decimal,
    unit_id: Uuid,
    from_location_id: Uuid,
    from_status: &'static str,
    to_location_id: Uuid,
    to_status: &'static str,
    owner_id: Option<Uuid>,
    from_order_id: Option<Uuid>,
    to_order_id: Option<Uuid>,
    occurred_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    document_kind: &'static str,
    document_id: Uuid,
    document_line: Option<i32>,
    reverses_id: Option<Uuid>,
    actor_id: Uuid,
    capture: &'static str,
    scan_id: Option<Uuid>,
    evidence_at: Option<DateTime<Utc>>,
}

/// Rows in one statement at most: PostgreSQL takes 65,535 values.
const ROWS: usize = 2_000;

/// Appends movements.
pub fn write_movements(tx: &mut Tx, posting: &Posting) -> Result<()> {
    for entries in posting.entries.chunks(ROWS) {
        let rows: Vec<_> = entries.iter().map(|entry| new_movement(tx, posting, entry)).collect();
        let many = rows.len();
        let insert = diesel::insert_into(stock_movement::table).values(rows).returning(stock_movement::id);
        insert.cached_for(many).load::<Uuid>(tx.conn)?;
    }
    Ok(())
}

fn new_movement(tx: &Tx, posting: &Posting, entry: &Entry) -> NewMovement {
    NewMovement {
        org_id: tx.org(),
        id: MovementId::new().uuid(),
        kind: entry.kind.as_str(),
        item_id: entry.item.uuid(),
        lot_id: entry.lot.map(Into::into),
        quantity: entry.quantity,
        unit_id: entry.unit.uuid(),
        from_location_id: entry.from.location.uuid(),
        from_status: entry.from.status.as_str(),
        to_location_id: entry.to.location.uuid(),
        to_status: entry.to.status.as_str(),
        owner_id: entry.owner.map(Into::into),
        from_order_id: entry.from.order.map(Into::into),
        to_order_id: entry.to.order.map(Into::into),
        occurred_at: posting.occurred_at,
        recorded_at: tx.now,
        document_kind: posting.document_kind.as_str(),
        document_id: posting.document_id,
        document_line: entry.line,
        reverses_id: entry.reverses.map(Into::into),
        actor_id: tx.ctx.person.uuid(),
        capture: entry.capture.as_str(),
        scan_id: entry.scan.map(Into::into),
        evidence_at: entry.evidence_at,
    }
}

#[derive(QueryableByName)]
struct SerialRow {
    #[diesel(sql_type = Text)]
    lot: String,
    #[diesel(sql_type = Text)]
    item: String,
    #[diesel(sql_type = Text)]
    elsewhere: String,
}

/// Refuses serial numbers that stand in more than one place now, naming the one that is not in `places`.
pub fn serials_elsewhere(tx: &mut Tx, lots: &[Uuid], places: &[Uuid]) -> Result<()> {
    let twice: Option<SerialRow> = diesel::sql_query(
        "SELECT l.code AS lot, i.code AS item, p.code AS elsewhere
         FROM stock_balance b
         JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id) AND i.tracking = 'serial'
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         WHERE b.org_id = current_org() AND b.lot_id = ANY($1) AND b.on_hand > 0
            AND 1 < (SELECT sum(s.on_hand) FROM stock_balance s WHERE (s.org_id, s.lot_id) = (b.org_id, b.lot_id))
         ORDER BY b.location_id = ANY($2), b.id LIMIT 1",
    )
    .bind::<Array<SqlUuid>, _>(lots)
    .bind::<Array<SqlUuid>, _>(places)
    .get_result(tx.conn)
    .optional()?;
    let Some(twice) = twice else { return Ok(()) };
    let here: TextRow = diesel::sql_query(
        "SELECT string_agg(DISTINCT code, ', ') AS text FROM location WHERE org_id = current_org() AND id = ANY($1)",
    )
    .bind::<Array<SqlUuid>, _>(places)
    .get_result(tx.conn)?;
    Err(serial_elsewhere(&twice, &here.text.unwrap_or_default()).into())
}

fn serial_elsewhere(serial: &SerialRow, location: &str) -> Refusal {
    let refusal = Refusal::new(ProblemCode::SerialElsewhere).with("item", &serial.item).with("lot", &serial.lot);
    refusal.with("elsewhere", &serial.elsewhere).with("location", location)
}

/// Where a serial number stands.
fn serial(tx: &mut Tx, lot: Uuid) -> Result<Option<SerialRow>> {
    Ok(diesel::sql_query(
        "SELECT l.code AS lot, i.code AS item, p.code AS elsewhere
         FROM stock_balance b
         JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id) AND i.tracking = 'serial'
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         WHERE b.org_id = current_org() AND b.lot_id = $1 AND b.on_hand > 0 LIMIT 1",
    )
    .bind::<SqlUuid, _>(lot)
    .get_result(tx.conn)
    .optional()?)
}

#[derive(QueryableByName)]
struct Least {
    #[diesel(sql_type = Numeric)]
    least: Decimal,
}

/// The least that stood at a position at a time, and at any time since.
pub fn least_since(tx: &mut Tx, position: &Position, at: DateTime<Utc>) -> Result<Decimal> {
    let least: Least = diesel::sql_query(
        "SELECT min(standing) AS least FROM (
            SELECT occurred_at, sum(change) OVER (ORDER BY occurred_at RANGE UNBOUNDED PRECEDING) AS standing FROM (
                SELECT occurred_at, quantity AS change FROM stock_movement
                WHERE org_id = current_org() AND item_id = $2 AND lot_id IS NOT DISTINCT FROM $3 AND to_location_id = $4
                    AND to_status = $5 AND owner_id IS NOT DISTINCT FROM $6 AND to_order_id IS NOT DISTINCT FROM $7
                UNION ALL SELECT occurred_at, -quantity FROM stock_movement
                WHERE org_id = current_org() AND item_id = $2 AND lot_id IS NOT DISTINCT FROM $3 AND from_location_id = $4
                    AND from_status = $5 AND owner_id IS NOT DISTINCT FROM $6 AND from_order_id IS NOT DISTINCT FROM $7
                UNION ALL SELECT $1, 0) flow) standings
         WHERE occurred_at >= $1",
    )
    .bind::<Timestamptz, _>(at)
    .bind::<SqlUuid, _>(position.item)
    .bind::<Nullable<SqlUuid>, _>(position.lot)
    .bind::<SqlUuid, _>(position.location)
    .bind::<Text, _>(position.status.as_str())
    .bind::<Nullable<SqlUuid>, _>(position.owner)
    .bind::<Nullable<SqlUuid>, _>(position.order)
    .get_result(tx.conn)?;
    Ok(least.least)
}

/// The refusal when a position has too little, in the names that people know.
pub fn insufficient(tx: &mut Tx, position: &Position, available: Decimal, requested: Decimal) -> Result<Error> {
    let mut name = |sql: &str, id: Uuid| -> Result<String> {
        let row: TextRow = diesel::sql_query(sql).bind::<SqlUuid, _>(id).get_result(tx.conn)?;
        Ok(row.text.unwrap_or_default())
    };
    let item = name("SELECT code AS text FROM item WHERE org_id = current_org() AND id = $1", position.item)?;
    let lot = match position.lot {
        Some(lot) => name("SELECT code AS text FROM lot WHERE org_id = current_org() AND id = $1", lot)?,
        None => "—".to_owned(),
    };
    let location =
        name("SELECT code AS text FROM location WHERE org_id = current_org() AND id = $1", position.location)?;
    let elsewhere = position.lot.map_or(Ok(None), |lot| serial(tx, lot))?;
    if let Some(serial) = elsewhere.filter(|serial| serial.elsewhere != location) {
        return Ok(serial_elsewhere(&serial, &location).into());
    }
    let refusal = Refusal::new(ProblemCode::StockInsufficient).with("item", item).with("lot", lot);
    let refusal = refusal.with("location", location).with("available", available.max(Decimal::ZERO).normalize());
    Ok(refusal.with("requested", requested.normalize()).into())
}

/// A movement that is to be undone.
#[derive(Queryable, Selectable)]
#[diesel(table_name = stock_movement)]
pub struct MovementRow {
    id: Uuid,
    item_id: Uuid,
    lot_id: Option<Uuid>,
    quantity: Decimal,
    unit_id: Uuid,
    from_location_id: Uuid,
    from_status: String,
    to_location_id: Uuid,
    to_status: String,
    owner_id: Option<Uuid>,
    from_order_id: Option<Uuid>,
    to_order_id: Option<Uuid>,
    document_line: Option<i32>,
    #[diesel(select_expression = from_kind())]
    from_kind: String,
    #[diesel(select_expression = to_kind())]
    to_kind: String,
}

diesel::alias!(location as from_place: FromPlace, location as to_place: ToPlace);

#[diesel::dsl::auto_type]
fn from_kind() -> _ {
    from_place.field(location::kind)
}

#[diesel::dsl::auto_type]
fn to_kind() -> _ {
    to_place.field(location::kind)
}

impl MovementRow {
    /// The entry that undoes it.
    pub fn mirrored(self) -> Result<Entry> {
        let place = |location: Uuid, kind: &str, status: &str, order: Option<Uuid>| -> Result<Place> {
            let kind: LocationKind = kind.parse().map_err(anyhow::Error::from)?;
            let status: StockStatus = status.parse().map_err(anyhow::Error::from)?;
            Ok(Place { location: location.into(), kind, status, order: order.map(Into::into) })
        };
        let from = place(self.to_location_id, &self.to_kind, &self.to_status, self.to_order_id)?;
        let to = place(self.from_location_id, &self.from_kind, &self.from_status, self.from_order_id)?;
        let what = (self.item_id.into(), self.lot_id.map(Into::into), self.unit_id.into());
        let mut entry = Entry::new(MovementKind::Reversal, what, self.quantity, (from, to));
        entry.owner = self.owner_id.map(Into::into);
        entry.line = self.document_line;
        entry.reverses = Some(self.id.into());
        Ok(entry)
    }
}

/// A document's movements that are not undone yet, newest first.
pub fn movements_to_reverse(tx: &mut Tx, document: (DocumentKind, Uuid)) -> Result<Vec<MovementRow>> {
    let undone = diesel::alias!(stock_movement as undone);
    let already = undone
        .filter(undone.field(stock_movement::org_id).eq(stock_movement::org_id))
        .filter(undone.field(stock_movement::reverses_id).eq(stock_movement::id.nullable()));
    Ok(stock_movement::table
        .inner_join(
            from_place.on(from_place
                .field(location::org_id)
                .eq(stock_movement::org_id)
                .and(from_place.field(location::id).eq(stock_movement::from_location_id))),
        )
        .inner_join(
            to_place.on(to_place
                .field(location::org_id)
                .eq(stock_movement::org_id)
                .and(to_place.field(location::id).eq(stock_movement::to_location_id))),
        )
        .filter(stock_movement::org_id.eq(tx.org()))
        .filter(stock_movement::document_kind.eq(document.0.as_str()))
        .filter(stock_movement::document_id.eq(document.1))
        .filter(stock_movement::reverses_id.is_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(already)))
        .order(stock_movement::id.desc())
        .select(MovementRow::as_select())
        .load(tx.conn)?)
}

#[derive(QueryableByName)]
struct LaterRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    number: String,
}

/// Documents that moved the same lots after a document did, and those that what it brought is promised to.
pub fn later_documents(tx: &mut Tx, document: (DocumentKind, Uuid)) -> Result<Name> {
    let rows: Vec<LaterRow> = diesel::sql_query(
        "WITH first AS (SELECT id, item_id, lot_id, document_id FROM stock_movement
            WHERE org_id = current_org() AND document_kind = $1 AND document_id = $2)
         SELECT DISTINCT d.reference ->> 'kind' AS kind, d.reference ->> 'number' AS number
         FROM (SELECT m.document_id FROM first f JOIN stock_movement m ON m.org_id = current_org()
                AND m.item_id = f.item_id AND m.lot_id IS NOT DISTINCT FROM f.lot_id AND m.id > f.id
                AND m.document_id <> f.document_id
            UNION ALL SELECT r.document_id FROM first f JOIN stock_balance b ON b.org_id = current_org()
                AND b.item_id = f.item_id AND b.lot_id IS NOT DISTINCT FROM f.lot_id
            JOIN reservation r ON (r.org_id, r.balance_id) = (b.org_id, b.id) AND r.state = 'reserved') later
         JOIN document_reference d ON d.org_id = current_org() AND d.id = later.document_id
         ORDER BY 1, 2",
    )
    .bind::<Text, _>(document.0.as_str())
    .bind::<SqlUuid, _>(document.1)
    .load(tx.conn)?;
    let named = |said: fn(Name) -> String| {
        let names = rows.iter().map(|row| format!("{} {}", said(words::document(&row.kind)), row.number));
        names.collect::<Vec<_>>().join(", ")
    };
    Ok(Name { zh: named(|name| name.zh), en: named(|name| name.en) })
}
