//! Receiving material, and undoing it.

use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LocationId, LotId, ReceiptId};
use lotline_common::ledger::{DocumentKind, LotStatus, MovementKind, StockStatus};
use lotline_common::masterdata::{LocationKind, Tracking};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::receiving::{Receipt, ReceiptCreate, ReceiptLineWrite, ReceiptState, Reversal};
use lotline_common::system::LiveTopic;

use super::rules;
use super::store::{self, NewLine, NewReceipt};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::ledger::lots::{self, NewLot};
use crate::ledger::{self, Entry, Place, Posting};
use crate::masterdata::lookup::{self, ItemFacts};
use crate::numbering::next_number;
use crate::quality::rules::check_reason;

/// One receipt.
///
/// # Errors
/// `not_found`.
pub fn receipt_read(reader: &mut Reader, id: ReceiptId) -> Result<Receipt> {
    list::one(reader, "receipt_detail_view", id)
}

/// Receives material: makes its lots, posts supplier → quarantine.
///
/// # Errors
/// `fields_invalid` naming every line at fault, `reference_unknown`, `lot_code_taken`, `location_unfit`.
pub fn receipt_create(tx: &mut Tx, command: &ReceiptCreate) -> Result<Receipt> {
    let items = check(tx, command)?;
    lookup::supplier(tx, command.supplier_id)?;
    let (id, number) = (ReceiptId::new(), next_number(tx, DocumentKind::Receipt)?);
    let supplier = lookup::place_of_kind(tx, LocationKind::Supplier, None, StockStatus::Quarantine)?;
    let occurred_at = command.occurred_at.unwrap_or(tx.now);
    let mut lines = Vec::with_capacity(items.len());
    let mut entries = Vec::with_capacity(items.len());
    for (line_number, (line, item)) in (1..).zip(command.lines.iter().zip(&items)) {
        let place = quarantine(tx, line.location_id)?;
        let lot = make_lot(tx, command, line, (item, &number, line_number))?;
        let mut entry = Entry::new(MovementKind::Receipt, (item.id, lot, item.unit), line.quantity, (supplier, place));
        entry.line = Some(line_number);
        entries.push(entry);
        lines.push(NewLine {
            org_id: tx.org(),
            receipt_id: id.uuid(),
            line_number,
            item_id: item.id.uuid(),
            lot_id: lot.map(LotId::uuid),
            location_id: place.location.uuid(),
            quantity: line.quantity,
            unit_price: line.unit_price,
        });
    }
    let head = NewReceipt {
        org_id: tx.org(),
        id: id.uuid(),
        number: &number,
        supplier_id: command.supplier_id.uuid(),
        delivery_note: command.delivery_note.trim(),
        occurred_at,
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

/// Checks the whole command and answers each line's item.
fn check(tx: &mut Tx, command: &ReceiptCreate) -> Result<Vec<ItemFacts>> {
    let mut check = FieldCheck::new();
    rules::check_head(&mut check, command);
    let mut items = Vec::with_capacity(command.lines.len());
    for (index, line) in command.lines.iter().enumerate().take(rules::MAXIMUM_LINES) {
        let at = format!("/lines/{index}");
        match lookup::item_facts(tx, line.item_id, "item_id") {
            Ok(item) => {
                rules::check_line(&mut check, &at, line, &item);
                items.push(item);
            }
            Err(error) => match error.refusal() {
                Some(refusal) => check.refuse(format!("{at}/item_id"), refusal.clone()),
                None => return Err(error),
            },
        }
    }
    check.finish()?;
    Ok(items)
}

fn quarantine(tx: &mut Tx, chosen: Option<LocationId>) -> Result<Place> {
    let Some(location) = chosen else {
        return lookup::place_of_kind(tx, LocationKind::Quarantine, None, StockStatus::Quarantine);
    };
    let (kind, code) = lookup::location_facts(tx, location, "location_id")?;
    if kind != LocationKind::Quarantine {
        return Err(Refusal::new(ProblemCode::LocationUnfit).with("location", code).into());
    }
    Ok(Place::new(location, kind, StockStatus::Quarantine))
}

fn make_lot(
    tx: &mut Tx,
    command: &ReceiptCreate,
    line: &ReceiptLineWrite,
    of: (&ItemFacts, &str, i32),
) -> Result<Option<LotId>> {
    let (item, number, line_number) = of;
    if item.tracking == Tracking::None {
        return Ok(None);
    }
    let code =
        line.lot_code.clone().unwrap_or_else(|| format!("{}-{line_number:02}", number.trim_start_matches("SH-")));
    let new = NewLot {
        item: item.id,
        code: code.clone(),
        supplier: Some(command.supplier_id),
        supplier_lot: line.supplier_lot.trim().to_owned(),
        certificate_number: line.certificate_number.trim().to_owned(),
        manufactured_on: line.manufactured_on,
        expires_on: rules::expiry(line, item),
    };
    let made = lots::lot_create(tx, &new);
    if let (Ok(lot), Some(price)) = (&made, line.unit_price) {
        lots::lot_set_cost(tx, *lot, price)?;
    }
    made.map(Some).map_err(|error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::LotCodeTaken => {
            refusal.clone().with("lot", &code).with("item", &item.code).into()
        }
        _ => error,
    })
}

/// Each lot's own chain begins with its receipt.
fn record_lots(tx: &mut Tx, receipt: &Receipt) -> Result<()> {
    for line in &receipt.lines {
        let Some(lot) = &line.lot else { continue };
        let event = Event::new(AggregateKind::Lot, lot.id, AuditAction::Created);
        audit::append(tx, event.details(serde_json::json!({ "receipt": receipt.number, "after": line })))?;
    }
    Ok(())
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
