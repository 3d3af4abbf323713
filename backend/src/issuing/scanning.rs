//! Confirming pick lines by scan.

use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{PickId, ReservationId, ScanId};
use lotline_common::issuing::{Pick, PickCandidate, PickScan};
use lotline_common::ledger::DocumentKind;
use lotline_common::page::Page;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::scan::{ScanContent, UnidentifiedPolicy};
use lotline_common::system::LiveTopic;
use serde_json::{Value, json};
use uuid::Uuid;

use super::picks;
use super::rules::scan::{self, KnownLot, Label, Line, Outcome, Task};
use crate::audit::{self, Event};
use crate::db::list::Body;
use crate::db::{Reader, Tx};
use crate::error::{Error, Result};
use crate::ledger::reservations::{self, Wanted};
use crate::ledger::{lots, scans};
use crate::schema::{item, lot, pick_line, unit};

/// Confirms a line by what the label says.
///
/// # Errors
/// One of the `scan_*` codes in words, `lot_expired`, `reason_required`, `stock_insufficient`.
pub fn pick_scan(tx: &mut Tx, id: PickId, command: &PickScan) -> Result<Pick> {
    let before = picks::pick_lock(tx, id)?;
    picks::check_open(&before.number, before.state)?;
    check_command(command)?;
    let today = lots::today(tx)?;
    let label = decode(tx, &command.raw, today)?;
    let (lines, known) = (lines(tx, id)?, known_lots(tx, &label)?);
    let outcome = scan::decide(&Task { lines: &lines, lots: &known, today }, &label, command)?;
    let scan = scans::scan_create(tx, &command.raw, command.capture, decoded(&label))?;
    match outcome {
        Outcome::Confirm { line } => confirm(tx, id, line, (scan, command))?,
        Outcome::Substitute { line, lot } => substitute(tx, &before, (line, lot), (scan, command))?,
    }
    picks::touch(tx, id)?;
    tx.notify(LiveTopic::Pick, Some(id.uuid()), None);
    picks::pick_read(tx, id)
}

fn check_command(command: &PickScan) -> Result<()> {
    let mut check = FieldCheck::new();
    check.check("/raw", check_raw(&command.raw));
    check.optional_text("/substitution_reason", command.substitution_reason.as_deref().unwrap_or_default(), 500);
    Ok(check.finish()?)
}

/// What a scanner sends is kept as it came, so it is no longer than what is kept.
///
/// # Errors
/// `field_too_long`.
pub fn check_raw(raw: &str) -> Result<(), Refusal> {
    let length = raw.chars().count();
    if (1..=500).contains(&length) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::FieldTooLong).with("maximum", 500).with("length", length))
}

/// What a label says.
///
/// # Errors
/// `scan_unreadable`.
pub fn decode(tx: &Tx, raw: &str, today: chrono::NaiveDate) -> Result<Label> {
    let content = ScanContent::decode(raw, today, UnidentifiedPolicy::Recognise);
    let content = content.map_err(|error| {
        let reason = error.words(tx.ctx.locale);
        Error::from(Refusal::new(ProblemCode::ScanUnreadable).with("reason", reason.trim_end_matches(['.', '。'])))
    })?;
    Ok(Label::of(&content))
}

fn decoded(label: &Label) -> Value {
    json!({ "gtin": label.gtin, "code": label.code, "count": label.count, "kilograms": label.kilograms })
}

type LineRow = (i32, Uuid, String, Option<String>, Option<Uuid>, Option<String>, rust_decimal::Decimal, String, bool);

fn lines(tx: &mut Tx, id: PickId) -> Result<Vec<Line>> {
    let rows: Vec<LineRow> = pick_line::table
        .inner_join(item::table.on(item::org_id.eq(pick_line::org_id).and(item::id.eq(pick_line::item_id))))
        .inner_join(unit::table.on(unit::org_id.eq(item::org_id).and(unit::id.eq(item::unit_id))))
        .left_join(lot::table.on(lot::org_id.eq(pick_line::org_id).and(pick_line::lot_id.eq(lot::id.nullable()))))
        .filter(pick_line::org_id.eq(tx.org()))
        .filter(pick_line::pick_id.eq(id.uuid()))
        .order(pick_line::line_number)
        .select((
            pick_line::line_number,
            item::id,
            item::code,
            item::gtin,
            pick_line::lot_id,
            lot::code.nullable(),
            pick_line::quantity,
            unit::code,
            pick_line::picked_at.is_not_null(),
        ))
        .load(tx.conn)?;
    let line = |row: LineRow| {
        let (number, item, item_code, gtin, lot, lot_code, quantity, unit_code, picked) = row;
        Line { number, item, item_code, gtin, lot, lot_code, quantity, unit_code, picked }
    };
    Ok(rows.into_iter().map(line).collect())
}

#[derive(QueryableByName)]
struct LotRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Text)]
    item_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    gtin: Option<String>,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Date>)]
    expires_on: Option<chrono::NaiveDate>,
}

fn known_lots(tx: &mut Tx, label: &Label) -> Result<Vec<KnownLot>> {
    let Some(code) = &label.code else { return Ok(Vec::new()) };
    let rows: Vec<LotRow> = diesel::sql_query(
        "SELECT l.id, l.item_id, i.code AS item_code, i.gtin, l.code, l.status, l.expires_on
         FROM lot l JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id)
         WHERE l.org_id = current_org() AND l.code = $1 AND l.status <> 'scrapped' ORDER BY l.id LIMIT 100",
    )
    .bind::<Text, _>(code)
    .load(tx.conn)?;
    let known = |row: LotRow| {
        let (id, item, item_code, gtin, code) = (row.id, row.item_id, row.item_code, row.gtin, row.code);
        let status = row.status.parse().map_err(anyhow::Error::from)?;
        Ok(KnownLot { id, item, item_code, gtin, code, status, expires_on: row.expires_on })
    };
    rows.into_iter().map(known).collect()
}

fn confirm(tx: &mut Tx, id: PickId, line: i32, by: (ScanId, &PickScan)) -> Result<()> {
    let (scan, command) = by;
    diesel::update(pick_line::table.find((tx.org(), id.uuid(), line)))
        .set((
            pick_line::picked_by.eq(tx.ctx.person.uuid()),
            pick_line::picked_at.eq(tx.now),
            pick_line::scan_id.eq(scan.uuid()),
        ))
        .execute(tx.conn)?;
    let facts = json!({ "line": line, "scan": scan, "capture": command.capture, "raw": command.raw });
    audit::append(tx, Event::new(AggregateKind::Pick, id, AuditAction::Picked).details(facts))
}

/// Takes another lot than proposed: the proposal's reservation is void, the new lot is reserved.
fn substitute(tx: &mut Tx, pick: &Pick, to: (i32, Uuid), by: (ScanId, &PickScan)) -> Result<()> {
    let (line, lot) = to;
    let Some(known) = pick.lines.iter().find(|known| known.line_number == line) else {
        return Err(Error::refused(ProblemCode::NotFound));
    };
    let item = known.item.id.uuid();
    let row = pick_line::table.find((tx.org(), pick.id.uuid(), line)).select(pick_line::reservation_id);
    let old: Uuid = row.first(tx.conn)?;
    let location = location_of(tx, lot)?.unwrap_or(known.location.id.uuid());
    reservations::hold(tx, &[ReservationId::from(old)], &[picks::position(location, item, Some(lot))])?;
    reservations::void(tx, &[ReservationId::from(old)])?;
    let wanted = Wanted { position: picks::position(location, item, Some(lot)), quantity: known.quantity, line };
    let reserved = reservations::reserve(tx, (DocumentKind::Pick, pick.id.uuid()), &[wanted])?;
    let reason = by.1.substitution_reason.as_deref().unwrap_or_default().trim();
    diesel::update(pick_line::table.find((tx.org(), pick.id.uuid(), line)))
        .set((
            pick_line::lot_id.eq(lot),
            pick_line::location_id.eq(location),
            pick_line::reservation_id.eq(reserved.first().map(|id| id.uuid()).unwrap_or(old)),
            pick_line::substitution_reason.eq(reason),
        ))
        .execute(tx.conn)?;
    let facts = json!({ "line": line, "proposed_lot": known.lot, "lot": lot });
    let event = Event::new(AggregateKind::Pick, pick.id, AuditAction::Substituted).reason(reason);
    audit::append(tx, event.details(facts))?;
    tx.notify(LiveTopic::Stock, None, None);
    confirm(tx, pick.id, line, by)
}

#[derive(QueryableByName)]
struct LocationRow {
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
}

/// Where most of a lot can be taken.
fn location_of(tx: &mut Tx, lot: Uuid) -> Result<Option<Uuid>> {
    let row: Option<LocationRow> = diesel::sql_query(
        "SELECT location_id FROM stock_position WHERE org_id = current_org() AND lot_id = $1 AND usable
         ORDER BY on_hand - reserved DESC, location_id LIMIT 1",
    )
    .bind::<SqlUuid, _>(lot)
    .get_result(tx.conn)
    .optional()?;
    Ok(row.map(|row| row.location_id))
}

/// Lots that could be taken for a line, in the order in which lots should be.
///
/// # Errors
/// `not_found`.
pub fn candidate_list(reader: &mut Reader, id: PickId, line: i32) -> Result<Page<PickCandidate>> {
    let row = pick_line::table.find((reader.org(), id.uuid(), line)).select(pick_line::item_id);
    let item: Uuid = row.first(reader.conn)?;
    let rows = diesel::sql_query(
        "SELECT json_build_object('lot', l.reference, 'location', p.reference,
            'available', decimal_text(s.on_hand - s.reserved)) AS body
         FROM stock_position s
         JOIN lot_reference l ON (l.org_id, l.id) = (s.org_id, s.lot_id)
         JOIN location_reference p ON (p.org_id, p.id) = (s.org_id, s.location_id)
         WHERE s.org_id = current_org() AND s.item_id = $1 AND s.usable AND s.on_hand > s.reserved
         ORDER BY coalesce(s.expires_on, 'infinity'::date), l.id LIMIT 100",
    )
    .bind::<SqlUuid, _>(item)
    .load(reader.conn)?;
    Ok(Page { items: Body::all(rows), next: None })
}
