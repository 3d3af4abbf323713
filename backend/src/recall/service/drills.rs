//! Drills: a lot drawn, a stopwatch, an answer scored against brute force.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::RecallDrillId;
use lotline_common::ledger::DocumentKind;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::recall::{DrillAnswer, DrillLot, DrillResult, DrillState, RecallDrill};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::seeds;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::numbering::next_number;
use crate::recall::rules;
use crate::recall::rules::drilling::{self, Link, Moved, Produced, Said};
use crate::recall::store;
use crate::schema::{lot, lot_link, recall_drill};

/// Differences that a drill keeps at most.
const MAXIMUM_KEPT: usize = 200;

/// One drill.
///
/// # Errors
/// `not_found`.
pub fn drill_read(reader: &mut Reader, id: RecallDrillId) -> Result<RecallDrill> {
    list::one(reader, "recall_drill_view", id)
}

/// Draws a lot and starts the stopwatch. A drill holds nothing and tells nobody.
///
/// # Errors
/// `drill_without_lots`.
pub fn drill_start(tx: &mut Tx, (): &()) -> Result<RecallDrill> {
    let (count, used) = store::candidates(tx)?;
    let draw = i64::from(rand::random::<u32>());
    let Some(place) = draw.checked_rem(count) else {
        return Err(Refusal::new(ProblemCode::DrillWithoutLots).into());
    };
    let lot = store::candidate(tx, place, used)?;
    let (id, number) = (RecallDrillId::new(), next_number(tx, DocumentKind::RecallDrill)?);
    diesel::insert_into(recall_drill::table)
        .values((
            recall_drill::org_id.eq(tx.org()),
            recall_drill::id.eq(id.uuid()),
            recall_drill::number.eq(number),
            recall_drill::lot_id.eq(lot),
            recall_drill::draw.eq(draw),
            recall_drill::candidate_count.eq(count),
            recall_drill::started_by.eq(tx.ctx.person.uuid()),
            recall_drill::started_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    let made = drill_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::RecallDrill, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Recall, Some(id.uuid()), None);
    Ok(made)
}

/// Answers a drill and stops the watch: the scope of the answer, as a recall would take it, against what brute force says
/// of the lot that was drawn.
///
/// # Errors
/// `version_stale`, `state_forbids`, `fields_invalid`, `recall_seedless`.
pub fn drill_answer(tx: &mut Tx, id: RecallDrillId, version: i64, command: &DrillAnswer) -> Result<RecallDrill> {
    let row = recall_drill::table.find((tx.org(), id.uuid())).select(recall_drill::id);
    row.for_update().first::<Uuid>(tx.conn)?;
    let before = drill_read(tx, id)?;
    check_version(before.version, version)?;
    if before.state != DrillState::Running {
        return Err(rules::state_forbids(&before.number, before.state.as_str()).into());
    }
    let mut check = FieldCheck::new();
    rules::check_criteria(&mut check, &command.criteria);
    check.finish()?;
    let answered = answered(tx, command)?;
    let (expected, examined_count) = expected(tx, before.lot.id.uuid())?;
    let result = score(tx, (&expected, &answered), examined_count)?;
    store::set_drilled(tx, id.uuid(), &serde_json::to_value(&command.criteria)?, &serde_json::to_value(&result)?)?;
    let after = drill_read(tx, id)?;
    let event = Event::new(AggregateKind::RecallDrill, id, AuditAction::Answered);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Recall, Some(id.uuid()), None);
    Ok(after)
}

/// What the answer says, the way a recall goes: links hop by hop, and balances.
fn answered(reader: &mut Reader, command: &DrillAnswer) -> Result<BTreeMap<Uuid, Said>> {
    let affected = seeds::affected(reader, &command.criteria)?;
    let lots: Vec<Uuid> = affected.iter().map(|lot| lot.lot).collect();
    let balances: BTreeMap<Uuid, Decimal> = store::balances(reader, &lots)?.into_iter().collect();
    let said = |lot: &store::Affected| (lot.lot, (lot.certain, balances.get(&lot.lot).copied().unwrap_or_default()));
    Ok(affected.iter().map(said).collect())
}

/// What brute force says of a lot, and how many links and movements it went through.
fn expected(reader: &mut Reader, lot: Uuid) -> Result<(BTreeMap<Uuid, Said>, usize)> {
    let mut links = links(reader)?;
    let produced = produced(reader)?;
    links.extend(drilling::links_of(&produced));
    let affected = drilling::affected(lot, &links);
    let moved = moved(reader, affected.keys().copied().collect())?;
    let standing = drilling::standing(&moved);
    let examined = links.len() + produced.len() + moved.len();
    let said = |(lot, certain): (Uuid, bool)| (lot, (certain, standing.get(&lot).copied().unwrap_or_default()));
    Ok((affected.into_iter().map(said).collect(), examined))
}

/// Every link that is not void.
fn links(reader: &mut Reader) -> Result<Vec<Link>> {
    let rows: Vec<(Uuid, Uuid, String, Decimal)> = lot_link::table
        .filter(lot_link::org_id.eq(reader.org()))
        .filter(lot_link::voided_at.is_null())
        .select((lot_link::parent_lot_id, lot_link::child_lot_id, lot_link::certainty, lot_link::quantity))
        .load(reader.conn)?;
    let link = |(parent, child, certainty, quantity): (Uuid, Uuid, String, Decimal)| {
        let said = matches!(certainty.as_str(), "scanned" | "declared");
        Link { parent, child, certain: said && !quantity.is_zero() }
    };
    Ok(rows.into_iter().map(link).collect())
}

/// Every movement by which production took or made lots and that is not undone.
fn produced(reader: &mut Reader) -> Result<Vec<Produced>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        lot_id: Uuid,
        #[diesel(sql_type = SqlUuid)]
        document_id: Uuid,
        #[diesel(sql_type = Nullable<Integer>)]
        line: Option<i32>,
        #[diesel(sql_type = Bool)]
        made: bool,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT m.lot_id, m.document_id, CASE m.document_kind WHEN 'subcontract_receipt' THEN m.document_line END AS line,
            m.kind IN ('subcontract_receipt', 'production_output') AS made
         FROM stock_movement m WHERE m.org_id = current_org() AND m.lot_id IS NOT NULL
            AND m.kind IN ('consumption', 'subcontract_receipt', 'production_use', 'production_output')
            AND NOT EXISTS (SELECT FROM stock_movement r WHERE (r.org_id, r.reverses_id) = (m.org_id, m.id))",
    )
    .load(reader.conn)?;
    let produced = |row: Row| Produced { lot: row.lot_id, line: row.line, document: row.document_id, made: row.made };
    Ok(rows.into_iter().map(produced).collect())
}

/// Every movement of lots.
fn moved(reader: &mut Reader, lots: Vec<Uuid>) -> Result<Vec<Moved>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        lot_id: Uuid,
        #[diesel(sql_type = Numeric)]
        quantity: Decimal,
        #[diesel(sql_type = Text)]
        from_kind: String,
        #[diesel(sql_type = Text)]
        to_kind: String,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT m.lot_id, m.quantity, f.kind AS from_kind, t.kind AS to_kind FROM stock_movement m
         JOIN location f ON (f.org_id, f.id) = (m.org_id, m.from_location_id)
         JOIN location t ON (t.org_id, t.id) = (m.org_id, m.to_location_id)
         WHERE m.org_id = current_org() AND m.lot_id = ANY($1)",
    )
    .bind::<Array<SqlUuid>, _>(lots)
    .load(reader.conn)?;
    let counts = |kind: &str| !matches!(kind, "supplier" | "production" | "adjustment" | "consumed");
    let moved = |row: Row| {
        let (leaves, arrives) = (counts(&row.from_kind), counts(&row.to_kind));
        Moved { lot: row.lot_id, quantity: row.quantity, leaves, arrives }
    };
    Ok(rows.into_iter().map(moved).collect())
}

/// How an answer agrees with what was expected.
fn score(
    reader: &mut Reader,
    (expected, answered): (&BTreeMap<Uuid, Said>, &BTreeMap<Uuid, Said>),
    examined_count: usize,
) -> Result<DrillResult> {
    let (agreed_count, different) = drilling::compare(expected, answered);
    let kept: Vec<_> = different.iter().take(MAXIMUM_KEPT).copied().collect();
    let codes: BTreeMap<Uuid, String> = lot::table
        .filter(lot::org_id.eq(reader.org()))
        .filter(lot::id.eq_any(kept.iter().map(|(lot, ..)| *lot)))
        .select((lot::id, lot::code))
        .load::<(Uuid, String)>(reader.conn)?
        .into_iter()
        .collect();
    let quantity = |said: Option<Said>| said.map_or(Decimal::ZERO, |(_, quantity)| quantity.normalize());
    let named = |(lot, expected, answered): (Uuid, Option<Said>, Option<Said>)| DrillLot {
        lot_id: lot.into(),
        code: codes.get(&lot).cloned().unwrap_or_default(),
        expected_certain: expected.map(|(certain, _)| certain),
        answered_certain: answered.map(|(certain, _)| certain),
        expected_quantity: quantity(expected),
        answered_quantity: quantity(answered),
    };
    Ok(DrillResult {
        expected_count: expected.len(),
        agreed_count,
        differing_count: different.len(),
        examined_count,
        differences: kept.into_iter().map(named).collect(),
    })
}
