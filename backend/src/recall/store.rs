//! Rows of recalls, their lots, notices and drills.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::id::{LotId, RecallId, RecallNoticeId};
use lotline_common::ledger::LotStatus;
use lotline_common::recall::{
    HoldState, NoticeAcknowledge, NoticeKind, NoticeSend, NoticeState, RecallCreate, RecallLot, RecallNotice,
    RecallState,
};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::db::list::{BY_ID, List, Sort};
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::schema::{recall, recall_lot, recall_notice, recall_notice_line};

const SORTS: &[Sort] = &[BY_ID];

/// An affected lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affected {
    /// Lot.
    pub lot: Uuid,
    /// For certain.
    pub certain: bool,
    /// Links from the nearest suspect lot.
    pub distance: i32,
}

fn uuids(lots: &[LotId]) -> Vec<Uuid> {
    lots.iter().map(|lot| lot.uuid()).collect()
}

/// Writes a recall.
pub fn insert(tx: &mut Tx, id: RecallId, number: &str, command: &RecallCreate) -> Result<()> {
    diesel::insert_into(recall::table)
        .values((
            recall::org_id.eq(tx.org()),
            recall::id.eq(id.uuid()),
            recall::number.eq(number),
            recall::recall_class.eq(command.recall_class.as_str()),
            recall::reason.eq(command.reason.trim()),
            recall::instruction.eq(command.instruction.trim()),
            recall::criteria.eq(serde_json::to_value(&command.criteria)?),
            recall::created_by.eq(tx.ctx.person.uuid()),
            recall::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Locks a recall.
pub fn lock(tx: &mut Tx, id: RecallId) -> Result<()> {
    recall::table.find((tx.org(), id.uuid())).select(recall::id).for_update().first::<Uuid>(tx.conn)?;
    Ok(())
}

/// Moves a recall to a state, as of its next version.
pub fn set_state(tx: &mut Tx, id: RecallId, state: RecallState, end_reason: &str) -> Result<()> {
    let ends = matches!(state, RecallState::Closed | RecallState::Cancelled);
    diesel::sql_query(
        "UPDATE recall SET record_state = $2, version = version + 1,
            held_by = CASE $2 WHEN 'held' THEN coalesce(held_by, $3) ELSE held_by END,
            held_at = CASE $2 WHEN 'held' THEN coalesce(held_at, current_instant()) ELSE held_at END,
            ended_by = CASE WHEN $4 THEN $3 END, ended_at = CASE WHEN $4 THEN current_instant() END, end_reason = $5
         WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Text, _>(state.as_str())
    .bind::<SqlUuid, _>(tx.ctx.person.uuid())
    .bind::<Bool, _>(ends)
    .bind::<Text, _>(end_reason.trim())
    .execute(tx.conn)?;
    Ok(())
}

/// Adds lots to a scope, with where they are; one that is there already can only become certain.
pub fn add_lots(tx: &mut Tx, id: RecallId, lots: &[Affected]) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO recall_lot (org_id, recall_id, lot_id, certain, distance, scoped_at, scoped_places)
         SELECT current_org(), $1, n.lot, n.certain, n.distance, current_instant(), coalesce((
            SELECT jsonb_agg(jsonb_build_object('location', p.location, 'holder', p.holder, 'status', p.status,
                'quantity', p.quantity))
            FROM lot_place_view p WHERE p.org_id = current_org() AND p.lot_id = n.lot), '[]')
         FROM unnest($2, $3, $4) AS n (lot, certain, distance)
         ON CONFLICT (org_id, recall_id, lot_id) DO UPDATE SET certain = true WHERE EXCLUDED.certain",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Array<SqlUuid>, _>(lots.iter().map(|lot| lot.lot).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(lots.iter().map(|lot| lot.certain).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(lots.iter().map(|lot| lot.distance).collect::<Vec<_>>())
    .execute(tx.conn)?;
    Ok(())
}

/// Lots of a scope, and whether each is certain.
pub fn known_lots(reader: &mut Reader, id: RecallId) -> Result<Vec<(Uuid, bool)>> {
    let rows =
        recall_lot::table.filter(recall_lot::org_id.eq(reader.org())).filter(recall_lot::recall_id.eq(id.uuid()));
    Ok(rows.select((recall_lot::lot_id, recall_lot::certain)).load(reader.conn)?)
}

/// Lots of a scope whose hold stands so; what is only possible where that is included.
pub fn lots_in_state(tx: &mut Tx, id: RecallId, state: HoldState, include_possible: bool) -> Result<Vec<LotId>> {
    let rows = recall_lot::table
        .filter(recall_lot::org_id.eq(tx.org()))
        .filter(recall_lot::recall_id.eq(id.uuid()))
        .filter(recall_lot::hold_state.eq(state.as_str()))
        .filter(recall_lot::certain.or(include_possible.into_sql::<Bool>()))
        .order(recall_lot::lot_id)
        .select(recall_lot::lot_id);
    Ok(rows.load::<Uuid>(tx.conn)?.into_iter().map(LotId::from).collect())
}

/// Remembers the status of lots before their hold. What another recall holds already had one before that.
pub fn set_held(tx: &mut Tx, id: RecallId, lots: &[LotId]) -> Result<()> {
    diesel::sql_query(
        "UPDATE recall_lot r SET hold_state = 'held', held_at = current_instant(), lifted_by = NULL, lifted_at = NULL,
            lift_reason = '', status_before = coalesce(
            (SELECT o.status_before FROM recall_lot o WHERE (o.org_id, o.lot_id) = (r.org_id, r.lot_id)
                AND o.recall_id <> r.recall_id AND o.hold_state = 'held' LIMIT 1),
            nullif(l.status, 'recalled'), 'blocked')
         FROM lot l WHERE r.org_id = current_org() AND r.recall_id = $1 AND r.lot_id = ANY($2)
            AND (l.org_id, l.id) = (r.org_id, r.lot_id)",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Array<SqlUuid>, _>(uuids(lots))
    .execute(tx.conn)?;
    Ok(())
}

/// Lifts the hold of lots in one recall.
pub fn set_lifted(tx: &mut Tx, id: RecallId, lots: &[LotId], reason: &str) -> Result<()> {
    diesel::update(recall_lot::table)
        .filter(recall_lot::org_id.eq(tx.org()))
        .filter(recall_lot::recall_id.eq(id.uuid()))
        .filter(recall_lot::lot_id.eq_any(uuids(lots)))
        .set((
            recall_lot::hold_state.eq("lifted"),
            recall_lot::lifted_by.eq(tx.ctx.person.uuid()),
            recall_lot::lifted_at.eq(tx.now),
            recall_lot::lift_reason.eq(reason.trim()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct FreeRow {
    #[diesel(sql_type = SqlUuid)]
    lot_id: Uuid,
    #[diesel(sql_type = Text)]
    status_before: String,
}

/// Those of lots whose hold a recall lifted that no other recall holds, with the status that they had before.
pub fn freed(tx: &mut Tx, id: RecallId, lots: &[LotId]) -> Result<Vec<(LotId, LotStatus)>> {
    let rows: Vec<FreeRow> = diesel::sql_query(
        "SELECT r.lot_id, r.status_before FROM recall_lot r
         WHERE r.org_id = current_org() AND r.recall_id = $1 AND r.lot_id = ANY($2) AND NOT EXISTS (
            SELECT FROM recall_lot o WHERE (o.org_id, o.lot_id) = (r.org_id, r.lot_id) AND o.hold_state = 'held')",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Array<SqlUuid>, _>(uuids(lots))
    .load(tx.conn)?;
    let before = |row: FreeRow| Ok((row.lot_id.into(), row.status_before.parse().map_err(anyhow::Error::from)?));
    rows.into_iter().map(before).collect()
}

/// Keeps what became of the lots of a recall as it is closed.
pub fn freeze_figures(tx: &mut Tx, id: RecallId) -> Result<()> {
    diesel::sql_query(
        "UPDATE recall_lot r SET closing_figures = f.figures FROM recall_lot_figures f
         WHERE r.org_id = current_org() AND r.recall_id = $1
            AND (f.org_id, f.recall_id, f.lot_id) = (r.org_id, r.recall_id, r.lot_id)",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .execute(tx.conn)?;
    Ok(())
}

/// Every lot of a recall.
pub fn lots(reader: &mut Reader, id: RecallId) -> Result<Vec<RecallLot>> {
    List::over("recall_lot_view", SORTS).id("recall_id", Some(id)).all(reader)
}

/// Those of some lots that a recall holds.
pub fn held(reader: &mut Reader, id: RecallId, lots: &[LotId]) -> Result<Vec<Uuid>> {
    let held = recall_lot::table
        .filter(recall_lot::org_id.eq(reader.org()))
        .filter(recall_lot::recall_id.eq(id.uuid()))
        .filter(recall_lot::lot_id.eq_any(uuids(lots)))
        .filter(recall_lot::hold_state.eq(HoldState::Held.as_str()));
    Ok(held.select(recall_lot::lot_id).load(reader.conn)?)
}

/// Every notice of a recall.
pub fn notices(reader: &mut Reader, id: RecallId) -> Result<Vec<RecallNotice>> {
    List::over("recall_notice_view", SORTS).id("recall_id", Some(id)).all(reader)
}

/// What somebody has of a held lot and was not told of yet.
#[derive(Debug, Clone, QueryableByName)]
pub struct ToTell {
    /// Who.
    #[diesel(sql_type = SqlUuid)]
    pub partner_id: Uuid,
    /// Lot.
    #[diesel(sql_type = SqlUuid)]
    pub lot_id: Uuid,
    /// How much.
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    /// Dispatch by which a customer got it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub material_id: Option<Uuid>,
    /// A customer's address and contact.
    #[diesel(sql_type = Text)]
    pub contact: String,
}

/// What subcontractors have of the held lots, or what is on its way to them.
pub fn subcontractors_to_tell(tx: &mut Tx, id: RecallId) -> Result<Vec<ToTell>> {
    let rows = diesel::sql_query(
        "SELECT p.partner_id, b.lot_id, sum(b.on_hand) AS quantity, NULL::uuid AS material_id, '' AS contact
         FROM recall_lot r
         JOIN stock_balance b ON (b.org_id, b.lot_id) = (r.org_id, r.lot_id) AND b.on_hand > 0
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         WHERE r.org_id = current_org() AND r.recall_id = $1 AND r.hold_state = 'held'
            AND p.kind IN ('in_transit_out', 'subcontractor_custody') AND NOT EXISTS (
                SELECT FROM recall_notice n JOIN recall_notice_line l ON (l.org_id, l.notice_id) = (n.org_id, n.id)
                WHERE (n.org_id, n.recall_id, n.partner_id) = (r.org_id, r.recall_id, p.partner_id)
                    AND n.kind = 'subcontractor' AND l.lot_id = r.lot_id)
         GROUP BY p.partner_id, b.lot_id ORDER BY p.partner_id, b.lot_id",
    );
    Ok(rows.bind::<SqlUuid, _>(id.uuid()).load(tx.conn)?)
}

/// What was sold of the held lots, dispatch by dispatch.
pub fn customers_to_tell(tx: &mut Tx, id: RecallId) -> Result<Vec<ToTell>> {
    let rows = diesel::sql_query(
        "SELECT m.customer_id AS partner_id, d.lot_id, sum(d.quantity) AS quantity, m.id AS material_id, m.contact
         FROM recall_lot r
         JOIN material_document_line d ON (d.org_id, d.lot_id) = (r.org_id, r.lot_id)
         JOIN material_document m ON (m.org_id, m.id) = (d.org_id, d.document_id)
         WHERE r.org_id = current_org() AND r.recall_id = $1 AND r.hold_state = 'held'
            AND m.kind = 'dispatch' AND m.record_state = 'posted' AND NOT EXISTS (
                SELECT FROM recall_notice n JOIN recall_notice_line l ON (l.org_id, l.notice_id) = (n.org_id, n.id)
                WHERE (n.org_id, n.recall_id) = (r.org_id, r.recall_id) AND n.kind = 'customer'
                    AND (l.lot_id, l.material_id) = (r.lot_id, m.id))
         GROUP BY m.customer_id, d.lot_id, m.id, m.contact, m.occurred_at
         ORDER BY m.customer_id, m.occurred_at DESC, d.lot_id",
    );
    Ok(rows.bind::<SqlUuid, _>(id.uuid()).load(tx.conn)?)
}

/// A notice to be written.
pub struct NewNotice<'a> {
    /// Identifier.
    pub id: RecallNoticeId,
    /// Number.
    pub number: &'a str,
    /// The recall.
    pub recall: &'a lotline_common::recall::Recall,
    /// Whom it goes to.
    pub kind: NoticeKind,
    /// Until when it is to be acknowledged.
    pub due_at: DateTime<Utc>,
    /// What the receiver has.
    pub lines: &'a [ToTell],
}

/// Writes a notice to one receiver.
pub fn insert_notice(tx: &mut Tx, new: &NewNotice<'_>) -> Result<()> {
    let Some(first) = new.lines.first() else { return Ok(()) };
    let (org, id) = (tx.org(), new.id.uuid());
    diesel::insert_into(recall_notice::table)
        .values((
            recall_notice::org_id.eq(org),
            recall_notice::id.eq(id),
            recall_notice::number.eq(new.number),
            recall_notice::recall_id.eq(new.recall.id.uuid()),
            recall_notice::partner_id.eq(first.partner_id),
            recall_notice::kind.eq(new.kind.as_str()),
            recall_notice::contact.eq(&first.contact),
            recall_notice::recall_class.eq(new.recall.recall_class.as_str()),
            recall_notice::reason.eq(&new.recall.reason),
            recall_notice::instruction.eq(&new.recall.instruction),
            recall_notice::created_at.eq(tx.now),
            recall_notice::due_at.eq(new.due_at),
        ))
        .execute(tx.conn)?;
    let lines = (1..).zip(new.lines).map(|(number, line): (i32, &ToTell)| {
        (
            recall_notice_line::org_id.eq(org),
            recall_notice_line::notice_id.eq(id),
            recall_notice_line::line_number.eq(number),
            recall_notice_line::partner_id.eq(line.partner_id),
            recall_notice_line::lot_id.eq(line.lot_id),
            recall_notice_line::material_id.eq(line.material_id),
            recall_notice_line::quantity.eq(line.quantity),
        )
    });
    let lines: Vec<_> = lines.collect();
    for part in lines.chunks(2_000) {
        diesel::insert_into(recall_notice_line::table).values(part.to_vec()).execute(tx.conn)?;
    }
    Ok(())
}

/// Locks a notice.
pub fn notice_lock(tx: &mut Tx, id: RecallNoticeId) -> Result<()> {
    let row = recall_notice::table.find((tx.org(), id.uuid())).select(recall_notice::id);
    row.for_update().first::<Uuid>(tx.conn)?;
    Ok(())
}

/// Writes down that a notice was sent.
pub fn set_sent(tx: &mut Tx, id: RecallNoticeId, command: &NoticeSend) -> Result<()> {
    diesel::update(recall_notice::table.find((tx.org(), id.uuid())))
        .set((
            recall_notice::state.eq(NoticeState::Sent.as_str()),
            recall_notice::sent_by_means.eq(command.means.trim()),
            recall_notice::sent_evidence.eq(command.evidence.trim()),
            recall_notice::sent_by.eq(tx.ctx.person.uuid()),
            recall_notice::sent_at.eq(command.sent_at.unwrap_or(tx.now)),
            recall_notice::version.eq(recall_notice::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes down what the receiver counted.
pub fn set_acknowledged(tx: &mut Tx, id: RecallNoticeId, command: &NoticeAcknowledge) -> Result<()> {
    diesel::sql_query(
        "UPDATE recall_notice_line l SET counted_quantity = n.quantity, place = n.place
         FROM unnest($2, $3, $4) AS n (line, quantity, place)
         WHERE l.org_id = current_org() AND l.notice_id = $1 AND l.line_number = n.line",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Array<Integer>, _>(command.lines.iter().map(|line| line.line_number).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(command.lines.iter().map(|line| line.counted_quantity).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(command.lines.iter().map(|line| line.place.trim()).collect::<Vec<_>>())
    .execute(tx.conn)?;
    diesel::update(recall_notice::table.find((tx.org(), id.uuid())))
        .set((
            recall_notice::state.eq(NoticeState::Acknowledged.as_str()),
            recall_notice::acknowledged_by.eq(tx.ctx.person.uuid()),
            recall_notice::acknowledged_at.eq(tx.now),
            recall_notice::remark.eq(command.remark.trim()),
            recall_notice::version.eq(recall_notice::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A drill that has been answered.
pub fn set_drilled(tx: &mut Tx, id: Uuid, criteria: &Value, result: &Value) -> Result<()> {
    diesel::sql_query(
        "UPDATE recall_drill SET state = 'answered', answered_by = $2, answered_at = current_instant(), criteria = $3,
            result = $4, version = version + 1 WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(tx.ctx.person.uuid())
    .bind::<Jsonb, _>(criteria)
    .bind::<Jsonb, _>(result)
    .execute(tx.conn)?;
    Ok(())
}

/// From how many lots a drill draws: those that went into others; where there is none, all.
pub fn candidates(reader: &mut Reader) -> Result<(i64, bool)> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        used: i64,
        #[diesel(sql_type = BigInt)]
        lots: i64,
    }
    let row: Row = diesel::sql_query(
        "SELECT (SELECT count(DISTINCT parent_lot_id) FROM lot_link WHERE org_id = current_org() AND voided_at IS NULL) AS used,
            (SELECT count(*) FROM lot WHERE org_id = current_org() AND status <> 'scrapped') AS lots",
    )
    .get_result(reader.conn)?;
    Ok(if row.used > 0 { (row.used, true) } else { (row.lots, false) })
}

/// The lot at a place among the candidates.
pub fn candidate(reader: &mut Reader, place: i64, used: bool) -> Result<Uuid> {
    let statement = if used {
        "SELECT DISTINCT parent_lot_id AS id FROM lot_link WHERE org_id = current_org() AND voided_at IS NULL
         ORDER BY 1 OFFSET $1 LIMIT 1"
    } else {
        "SELECT id FROM lot WHERE org_id = current_org() AND status <> 'scrapped' ORDER BY 1 OFFSET $1 LIMIT 1"
    };
    let drawn: LotRow = diesel::sql_query(statement).bind::<BigInt, _>(place).get_result(reader.conn)?;
    Ok(drawn.id)
}

/// How much of each lot is somewhere, as the balances say.
pub fn balances(reader: &mut Reader, lots: &[Uuid]) -> Result<Vec<(Uuid, Decimal)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        lot_id: Uuid,
        #[diesel(sql_type = Numeric)]
        quantity: Decimal,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT b.lot_id, sum(b.on_hand) AS quantity FROM stock_balance b
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         WHERE b.org_id = current_org() AND b.lot_id = ANY($1) AND p.kind <> 'consumed' GROUP BY b.lot_id",
    )
    .bind::<Array<SqlUuid>, _>(lots)
    .load(reader.conn)?;
    Ok(rows.into_iter().map(|row| (row.lot_id, row.quantity)).collect())
}

#[derive(QueryableByName)]
struct LotRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Lots that are called so; what a reversed document had made known is none.
pub struct Called<'a> {
    /// By identifier.
    pub ids: Vec<Uuid>,
    /// By item and serial number.
    pub serials: (Uuid, Vec<String>),
    /// By the supplier's lot number; empty: not.
    pub supplier_lot: &'a str,
    /// By certificate; empty: not.
    pub certificate_number: &'a str,
}

/// Finds lots by what they are called.
pub fn lots_called(reader: &mut Reader, called: &Called<'_>) -> Result<Vec<LotId>> {
    let rows: Vec<LotRow> = diesel::sql_query(
        "SELECT id FROM lot WHERE org_id = current_org() AND status <> 'scrapped' AND (id = ANY($1)
            OR (item_id = $2 AND code = ANY($3)) OR (supplier_lot = $4 AND $4 <> '')
            OR (certificate_number = $5 AND $5 <> '')) ORDER BY id",
    )
    .bind::<Array<SqlUuid>, _>(&called.ids)
    .bind::<SqlUuid, _>(called.serials.0)
    .bind::<Array<Text>, _>(&called.serials.1)
    .bind::<Text, _>(called.supplier_lot)
    .bind::<Text, _>(called.certificate_number)
    .load(reader.conn)?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Finds lots made in a time: received from a subcontractor, or made at an own line. By the day that is said of them, or
/// the time of the document.
pub fn lots_made(reader: &mut Reader, work: &lotline_common::recall::WorkWindow) -> Result<Vec<LotId>> {
    let rows: Vec<LotRow> = diesel::sql_query(
        "SELECT DISTINCT m.lot_id AS id FROM (
            SELECT n.lot_id, r.occurred_at, n.manufactured_on
            FROM subcontract_receipt r
            JOIN subcontract_receipt_line n ON (n.org_id, n.receipt_id) = (r.org_id, r.id)
            JOIN subcontract_order o ON (o.org_id, o.id) = (r.org_id, r.order_id)
            WHERE r.org_id = current_org() AND r.record_state = 'posted' AND $6 IS NULL
                AND ($3 IS NULL OR o.id = $3) AND ($4 IS NULL OR o.operation_id = $4) AND ($5 IS NULL OR o.partner_id = $5)
            UNION ALL
            SELECT l.lot_id, d.occurred_at, l.manufactured_on
            FROM material_document d JOIN material_document_line l ON (l.org_id, l.document_id) = (d.org_id, d.id)
            WHERE d.org_id = current_org() AND d.kind = 'production' AND d.record_state = 'posted' AND l.direction = 'in'
                AND $3 IS NULL AND $4 IS NULL AND $5 IS NULL AND EXISTS (
                    SELECT FROM material_document_line t WHERE (t.org_id, t.document_id) = (d.org_id, d.id)
                        AND t.direction = 'out' AND t.from_location_id = $6)) m
         WHERE m.lot_id IS NOT NULL AND (m.occurred_at BETWEEN $1 AND $2
            OR m.manufactured_on BETWEEN day_of($1) AND day_of($2)) ORDER BY 1",
    )
    .bind::<Timestamptz, _>(work.from)
    .bind::<Timestamptz, _>(work.to)
    .bind::<Nullable<SqlUuid>, _>(work.order_id.map(|id| id.uuid()))
    .bind::<Nullable<SqlUuid>, _>(work.operation_id.map(|id| id.uuid()))
    .bind::<Nullable<SqlUuid>, _>(work.partner_id.map(|id| id.uuid()))
    .bind::<Nullable<SqlUuid>, _>(work.location_id.map(|id| id.uuid()))
    .load(reader.conn)?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}
