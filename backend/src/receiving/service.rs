//! Receiving material, and undoing it.

use std::collections::BTreeMap;

use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, ReceiptId};
use lotline_common::ledger::{DocumentKind, LotStatus, MovementKind, StockStatus};
use lotline_common::masterdata::{LocationKind, Tracking};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::receiving::{Receipt, ReceiptCreate, ReceiptState, Reversal};
use lotline_common::system::LiveTopic;

use super::rules::{self, Known, Piece};
use super::store::{self, NewLine, NewReceipt};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::ledger::lots::{self, NewLot};
use crate::ledger::rules::check_times;
use crate::ledger::{self, Entry, Place, Posting};
use crate::masterdata::lookup;
use crate::masterdata::lot_dates::check_made;
use crate::numbering::next_number;
use crate::quality::rules::check_reason;

/// One receipt.
///
/// # Errors
/// `not_found`.
pub fn receipt_read(reader: &mut Reader, id: ReceiptId) -> Result<Receipt> {
    list::one(reader, "receipt_detail_view", id)
}

/// Receives material: makes its lots, posts supplier → quarantine. However many lines there are, the database is asked
/// the same few times.
///
/// # Errors
/// `fields_invalid` naming every line at fault, `reference_unknown`, `period_closed`.
pub fn receipt_create(tx: &mut Tx, command: &ReceiptCreate) -> Result<Receipt> {
    let (pieces, known) = check(tx, command)?;
    lookup::supplier(tx, command.supplier_id)?;
    let (id, number) = (ReceiptId::new(), next_number(tx, DocumentKind::Receipt)?);
    let occurred_at = command.occurred_at.unwrap_or(tx.now);
    let (lines, entries) = lines(tx, (id, &number), (command, &pieces), &known)?;
    let head = NewReceipt {
        org_id: tx.org(),
        id: id.uuid(),
        number: &number,
        supplier_id: command.supplier_id.uuid(),
        delivery_note: command.delivery_note.trim(),
        occurred_at,
        evidence_at: command.evidence_at,
        remark: command.remark.trim(),
        created_by: tx.ctx.person.uuid(),
        created_at: tx.now,
    };
    store::insert(tx, &head, &lines)?;
    ledger::post(tx, &Posting { document_kind: DocumentKind::Receipt, document_id: id.uuid(), occurred_at, entries })?;
    let receipt = receipt_read(tx, id)?;
    record_lots(tx, &receipt)?;
    audit::append(tx, Event::new(AggregateKind::Receipt, id, AuditAction::Posted).after(&receipt)?)?;
    tx.notify(LiveTopic::Receipt, Some(id.uuid()), None);
    Ok(receipt)
}

/// Checks the whole command and answers its lines, one for each serial number, with what they refer to.
fn check(tx: &mut Tx, command: &ReceiptCreate) -> Result<(Vec<Piece>, Known)> {
    let mut check = FieldCheck::new();
    rules::check_head(&mut check, command);
    check_times(&mut check, (command.occurred_at, command.evidence_at), tx.now);
    let (mut known, today) = (known(tx, command)?, lots::today(tx)?);
    let mut pieces: Vec<Piece> = Vec::with_capacity(command.lines.len());
    for (index, line) in command.lines.iter().enumerate().take(rules::MAXIMUM_LINES) {
        let at = format!("/lines/{index}");
        match known.items.get(&line.item_id) {
            Some(item) => {
                let unit = known.units.get(&line.unit_id).map_or("?", String::as_str);
                let found = rules::pieces(&mut check, &at, line, item);
                // What the pieces of a line share is checked once.
                if let Some(first) = found.first() {
                    rules::check_line(&mut check, &at, (first, unit), item);
                }
                let field = if line.serials.is_some() { "serials" } else { "lot_code" };
                pieces.extend(found.into_iter().map(|piece| (format!("{at}/{field}"), piece)));
            }
            None => {
                let refusal = Refusal::new(ProblemCode::ReferenceUnknown).with("what", "item_id");
                check.refuse(format!("{at}/item_id"), refusal);
            }
        }
        check_made(&mut check, &at, line.manufactured_on, today);
        rules::check_place(&mut check, &at, line, &known);
    }
    if pieces.len() > rules::MAXIMUM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", rules::MAXIMUM_LINES));
    }
    let codes: Vec<_> = pieces.iter().filter_map(|(_, line)| Some((line.item_id, line.lot_code.as_deref()?))).collect();
    known.taken = lots::codes_taken(tx, &codes)?;
    rules::check_codes(&mut check, &pieces, &known);
    check.finish()?;
    Ok((pieces, known))
}

fn known(tx: &mut Tx, command: &ReceiptCreate) -> Result<Known> {
    let items: Vec<_> = command.lines.iter().map(|line| line.item_id).collect();
    let locations: Vec<_> = command.lines.iter().filter_map(|line| line.location_id).collect();
    Ok(Known {
        items: lookup::items_facts(tx, &items)?,
        units: lookup::unit_codes(tx)?,
        locations: lookup::locations_facts(tx, &locations)?,
        ..Known::default()
    })
}

/// The lines as they are written, with their lots, and their movements.
fn lines(
    tx: &mut Tx,
    of: (ReceiptId, &str),
    what: (&ReceiptCreate, &[Piece]),
    known: &Known,
) -> Result<(Vec<NewLine>, Vec<Entry>)> {
    let ((id, number), (command, pieces)) = (of, what);
    let supplier = lookup::place_of_kind(tx, LocationKind::Supplier, None, StockStatus::Quarantine)?;
    let quarantine = lookup::place_of_kind(tx, LocationKind::Quarantine, None, StockStatus::Quarantine)?;
    let mut made = make_lots(tx, what, number, known)?;
    let (mut lines, mut entries) = (Vec::with_capacity(made.len()), Vec::with_capacity(made.len()));
    for (line_number, (_, line)) in (1..).zip(pieces) {
        let Some(item) = known.items.get(&line.item_id) else { continue };
        let location = line.location_id.unwrap_or(quarantine.location);
        let lot = made.remove(&line_number);
        let way = (supplier, Place { location, ..quarantine });
        let mut entry = Entry::new(MovementKind::Receipt, (item.id, lot, item.unit), line.quantity, way);
        entry.line = Some(line_number);
        entry.evidence_at = command.evidence_at;
        entries.push(entry);
        lines.push(NewLine {
            org_id: tx.org(),
            receipt_id: id.uuid(),
            line_number,
            item_id: item.id.uuid(),
            lot_id: lot.map(LotId::uuid),
            location_id: location.uuid(),
            quantity: line.quantity,
            unit_price: line.unit_price,
        });
    }
    Ok((lines, entries))
}

/// The lots of the lines of tracked items, by line.
fn make_lots(
    tx: &mut Tx,
    what: (&ReceiptCreate, &[Piece]),
    number: &str,
    known: &Known,
) -> Result<BTreeMap<i32, LotId>> {
    let (command, pieces) = what;
    let own = number.trim_start_matches("SH-");
    let new = (1..).zip(pieces).filter_map(|(line_number, (_, line)): (i32, &Piece)| {
        let item = known.items.get(&line.item_id).filter(|item| item.tracking != Tracking::None)?;
        let lot = NewLot {
            item: item.id,
            code: line.lot_code.clone().unwrap_or_else(|| format!("{own}-{line_number:02}")),
            batch_code: line.batch_code.trim().to_owned(),
            supplier: Some(command.supplier_id),
            supplier_lot: line.supplier_lot.trim().to_owned(),
            certificate_number: line.certificate_number.trim().to_owned(),
            manufactured_on: line.manufactured_on,
            expires_on: rules::expiry(line, item),
            unit_cost: line.unit_price,
        };
        Some((line_number, lot))
    });
    let (numbers, new): (Vec<i32>, Vec<NewLot>) = new.unzip();
    Ok(numbers.into_iter().zip(lots::lots_create(tx, &new)?).collect())
}

/// Each lot's own chain begins with its receipt.
fn record_lots(tx: &mut Tx, receipt: &Receipt) -> Result<()> {
    let made = receipt.lines.iter().filter_map(|line| {
        let event = Event::new(AggregateKind::Lot, line.lot.as_ref()?.id, AuditAction::Created);
        Some(event.details(serde_json::json!({ "receipt": receipt.number, "after": line })))
    });
    audit::begin(tx, made.collect())
}

/// Undoes a receipt, as long as nothing was done with what it brought.
///
/// # Errors
/// `version_stale`, `reason_required`, `already_reversed`, `later_movement_exists`.
pub fn receipt_reverse(tx: &mut Tx, id: ReceiptId, version: i64, command: &Reversal) -> Result<Receipt> {
    store::lock(tx, id)?;
    let before = receipt_read(tx, id)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    if before.state == ReceiptState::Reversed {
        return Err(Refusal::new(ProblemCode::AlreadyReversed).with("number", before.number).into());
    }
    let brought: Vec<LotId> = before.lines.iter().filter_map(|line| line.lot.as_ref()).map(|lot| lot.id).collect();
    lots::lots_lock(tx, &brought)?;
    ledger::reverse(tx, (DocumentKind::Receipt, id.uuid()), &before.number)?;
    store::set_state(tx, id, ReceiptState::Reversed)?;
    for lot in before.lines.iter().filter_map(|line| line.lot.as_ref()) {
        lots::lot_set_status(tx, lot.id, LotStatus::Scrapped)?;
        audit::append(tx, Event::new(AggregateKind::Lot, lot.id, AuditAction::Reversed).reason(&command.reason))?;
    }
    let after = receipt_read(tx, id)?;
    let event = Event::new(AggregateKind::Receipt, id, AuditAction::Reversed).reason(&command.reason);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Receipt, Some(id.uuid()), None);
    Ok(after)
}
