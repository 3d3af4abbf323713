//! Confirming deliveries.

use std::collections::BTreeMap;

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::custody::{Counted, CountedLine, Delivery, DeliveryConfirm};
use lotline_common::id::{ClaimId, IssueNoteId, ItemId, LotId, OrderId, PartnerId, UnitId};
use lotline_common::ledger::{DocumentKind, MovementKind, StockStatus};
use lotline_common::masterdata::{LocationKind, Tracking};
use lotline_common::orders::CustodyState;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{self, SentLine};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::issuing::notes;
use crate::ledger::rules::{check_arrival, check_times};
use crate::ledger::{self, Entry, Place, Posting};
use crate::masterdata::lookup;
use crate::numbering::next_number;
use crate::orders::components;
use crate::orders::service::order_hold;
use crate::schema::{claim, issue_note, issue_note_line, item, unit};

/// One delivery to the asker's company.
///
/// # Errors
/// `not_found`.
pub fn delivery_read(reader: &mut Reader, id: IssueNoteId) -> Result<Delivery> {
    reader.portal_partner()?;
    list::one(reader, "delivery_detail_view", id)
}

/// A line of the delivery as the books have it.
struct Line {
    number: i32,
    item: ItemId,
    lot: Option<LotId>,
    unit: UnitId,
    decimal_places: u32,
    quantity: Decimal,
    serial: Option<String>,
}

fn lines(tx: &mut Tx, id: IssueNoteId) -> Result<Vec<Line>> {
    type Row = (i32, Uuid, Option<Uuid>, Uuid, i16, Decimal, String, String);
    let rows: Vec<Row> = issue_note_line::table
        .inner_join(item::table.on(item::org_id.eq(issue_note_line::org_id).and(item::id.eq(issue_note_line::item_id))))
        .inner_join(unit::table.on(unit::org_id.eq(item::org_id).and(unit::id.eq(item::unit_id))))
        .filter(issue_note_line::org_id.eq(tx.org()))
        .filter(issue_note_line::issue_note_id.eq(id.uuid()))
        .order(issue_note_line::line_number)
        .select((
            issue_note_line::line_number,
            issue_note_line::item_id,
            issue_note_line::lot_id,
            unit::id,
            unit::decimal_places,
            issue_note_line::quantity,
            item::tracking,
            item::code,
        ))
        .load(tx.conn)?;
    let line = |(number, item, lot, unit, places, quantity, tracking, code): Row| Line {
        number,
        item: item.into(),
        lot: lot.map(Into::into),
        unit: unit.into(),
        decimal_places: u32::try_from(places).unwrap_or_default(),
        quantity,
        serial: (tracking == Tracking::Serial.as_str()).then_some(code),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Confirms a delivery: what was counted goes into custody, the rest becomes a claim.
///
/// # Errors
/// `version_stale`, `already_confirmed`, `count_incomplete`, `difference_remark_required`, `fields_invalid`.
pub fn delivery_confirm(tx: &mut Tx, id: IssueNoteId, version: i64, command: &DeliveryConfirm) -> Result<Delivery> {
    confirm(tx, (id, version), (command, None))
}

/// The same, by somebody without an account when there is a name.
///
/// # Errors
/// As [`delivery_confirm`].
pub fn confirm(
    tx: &mut Tx,
    (id, version): (IssueNoteId, i64),
    (command, name): (&DeliveryConfirm, Option<&str>),
) -> Result<Delivery> {
    let partner = tx.portal_partner()?;
    notes::issue_note_lock(tx, id)?;
    let before = delivery_read(tx, id)?;
    check_version(before.version, version)?;
    if before.custody_state != CustodyState::InTransit {
        return Err(Refusal::new(ProblemCode::AlreadyConfirmed).with("number", before.number).into());
    }
    let mut check = FieldCheck::new();
    check.optional_text("/remark", &command.remark, 500);
    check_times(&mut check, (command.occurred_at, command.evidence_at), tx.now);
    check_arrival(&mut check, command.occurred_at, before.occurred_at);
    check.finish()?;
    let lines = lines(tx, id)?;
    let sent = |line: &Line| SentLine {
        number: line.number,
        quantity: line.quantity,
        decimal_places: line.decimal_places,
        serial: line.serial.clone(),
    };
    let sent: Vec<_> = lines.iter().map(sent).collect();
    let results = rules::compare(&sent, &command.lines, before.blind)?;
    let order = notes::issue_note_order(tx, id)?;
    order_hold(tx, order)?;
    post(tx, (id, command), (partner, order), (&lines, &results))?;
    write_lines(tx, id, &results, &command.lines)?;
    sign(tx, id, rules::custody_state(&results), (command.remark.trim(), name))?;
    make_claims(tx, (id, partner), (&lines, &results), &command.lines)?;
    components::custody_changed(tx, order)?;
    let after = delivery_read(tx, id)?;
    let event =
        Event::new(AggregateKind::Issue, id, AuditAction::Confirmed).reason(&command.remark).visible_to(partner);
    audit::append(tx, event.after(&after)?)?;
    tx.notify(LiveTopic::Issue, Some(id.uuid()), Some(partner));
    tx.notify(LiveTopic::Order, Some(order.uuid()), None);
    Ok(after)
}

fn post(
    tx: &mut Tx,
    of: (IssueNoteId, &DeliveryConfirm),
    account: (PartnerId, OrderId),
    count: (&[Line], &BTreeMap<i32, Counted>),
) -> Result<()> {
    let (partner, order) = account;
    let (id, command) = of;
    let mut place = |kind| {
        let place = lookup::place_of_kind(tx, kind, Some(partner), StockStatus::Available)?;
        Ok::<_, crate::error::Error>(place.on(order))
    };
    let transit = place(LocationKind::InTransitOut)?;
    let (custody, claim) = (place(LocationKind::SubcontractorCustody)?, place(LocationKind::Claim)?);
    let mut entries = Vec::new();
    for line in count.0 {
        let Some(result) = count.1.get(&line.number) else { continue };
        let mut add = |kind, quantity: Decimal, to: Place| {
            if quantity > Decimal::ZERO {
                let mut entry = Entry::new(kind, (line.item, line.lot, line.unit), quantity, (transit, to));
                entry.line = Some(line.number);
                entry.evidence_at = command.evidence_at;
                entries.push(entry);
            }
        };
        add(MovementKind::Confirmation, result.received, custody);
        add(MovementKind::Discrepancy, result.short + result.damaged, claim);
    }
    let (document_kind, document_id) = (DocumentKind::Issue, id.uuid());
    let occurred_at = command.occurred_at.unwrap_or(tx.now);
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })
}

fn write_lines(tx: &mut Tx, id: IssueNoteId, results: &BTreeMap<i32, Counted>, counted: &[CountedLine]) -> Result<()> {
    for line in counted {
        let Some(result) = results.get(&line.line_number) else { continue };
        diesel::update(issue_note_line::table.find((tx.org(), id.uuid(), line.line_number)))
            .set((
                issue_note_line::received_quantity.eq(result.received),
                issue_note_line::short_quantity.eq(result.short),
                issue_note_line::damaged_quantity.eq(result.damaged),
                issue_note_line::over_quantity.eq(result.over),
                issue_note_line::confirmation_remark.eq(line.remark.trim()),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Writes who confirmed.
fn sign(tx: &mut Tx, id: IssueNoteId, state: CustodyState, (remark, name): (&str, Option<&str>)) -> Result<()> {
    diesel::update(issue_note::table.find((tx.org(), id.uuid())))
        .set((
            issue_note::custody_state.eq(state.as_str()),
            issue_note::confirmed_by.eq(tx.ctx.person.uuid()),
            issue_note::confirmed_name.eq(name),
            issue_note::confirmed_at.eq(tx.now),
            issue_note::confirmation_remark.eq(remark),
            issue_note::version.eq(issue_note::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn make_claims(
    tx: &mut Tx,
    of: (IssueNoteId, PartnerId),
    count: (&[Line], &BTreeMap<i32, Counted>),
    counted: &[CountedLine],
) -> Result<()> {
    for line in count.0 {
        let claims = count.1.get(&line.number).map(|result| rules::claims(*result)).unwrap_or_default();
        let remark =
            counted.iter().find(|counted| counted.line_number == line.number).map(|counted| counted.remark.trim());
        for (kind, quantity) in claims {
            let number = next_number(tx, DocumentKind::Claim)?;
            diesel::insert_into(claim::table)
                .values((
                    claim::org_id.eq(tx.org()),
                    claim::id.eq(ClaimId::new().uuid()),
                    claim::number.eq(number),
                    claim::issue_note_id.eq(of.0.uuid()),
                    claim::issue_note_line.eq(line.number),
                    claim::partner_id.eq(of.1.uuid()),
                    claim::item_id.eq(line.item.uuid()),
                    claim::lot_id.eq(line.lot.map(LotId::uuid)),
                    claim::kind.eq(kind.as_str()),
                    claim::quantity.eq(quantity),
                    claim::remark.eq(remark.unwrap_or_default()),
                    claim::created_by.eq(tx.ctx.person.uuid()),
                    claim::created_at.eq(tx.now),
                ))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}
