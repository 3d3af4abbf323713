//! Posting, confirming and undoing material documents.

use std::collections::BTreeMap;

use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, MaterialDocumentId, OrderId, PartnerId};
use lotline_common::ledger::{DocumentKind, LotStatus, MovementKind, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::material::{
    Material, MaterialConfirm, MaterialCreate, MaterialKind, MaterialLineWrite, MaterialState,
};
use lotline_common::orders::CustodyState;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{self, Sent, Side};
use super::store::{self, NewDocument, NewLine, SentLine};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::ledger::rules::check_issuable;
use crate::ledger::{self, Entry, Place, Posting, lots};
use crate::masterdata::lookup::{self, ItemFacts};
use crate::numbering::next_number;
use crate::orders::service::order_touch;
use crate::quality::rules::check_reason;
use crate::subcontract_receiving::reading::{check_open, order_facts};

/// One material document.
///
/// # Errors
/// `not_found`.
pub fn material_read(reader: &mut Reader, id: MaterialDocumentId) -> Result<Material> {
    list::one(reader, "material_detail_view", id)
}

/// The account that a document stands on.
type Account = Option<(OrderId, PartnerId)>;

/// Writes and posts a document: all of its lines, or none.
///
/// # Errors
/// `fields_invalid` naming every field at fault, `order_not_open`, `stock_insufficient` when less is there,
/// `lot_status_forbids`, `lot_expired`, `movement_forbidden`, `period_closed`.
pub fn material_create(tx: &mut Tx, command: &MaterialCreate) -> Result<Material> {
    let items = check(tx, command)?;
    let account = account(tx, command)?;
    check_usable(tx, command)?;
    let id = MaterialDocumentId::new();
    let number = next_number(tx, DocumentKind::Material)?;
    let ways = ways(tx, command, account)?;
    insert(tx, (id, &number), (command, account), &ways)?;
    let movement = rules::shape(command.kind).movement;
    let entries = (1..).zip(command.lines.iter().zip(&items).zip(&ways)).map(|(line_number, ((line, item), way))| {
        let mut entry = Entry::new(movement, (item.id, line.lot_id, item.unit), line.quantity, *way);
        entry.line = Some(line_number);
        entry
    });
    let occurred_at = command.occurred_at.unwrap_or(tx.now);
    let (document_kind, document_id, entries) = (DocumentKind::Material, id.uuid(), entries.collect());
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })?;
    let made = material_read(tx, id)?;
    let event = Event::new(AggregateKind::Material, id, AuditAction::Posted).reason(&command.reason);
    audit::append(tx, seen_by(event, &made).after(&made)?)?;
    told(tx, &made)?;
    Ok(made)
}

/// The subcontractor sends unused components back.
///
/// # Errors
/// `not_found` for our own people, `permission_missing` for another kind, and those of [`material_create`].
pub fn return_declare(tx: &mut Tx, command: &MaterialCreate) -> Result<Material> {
    tx.portal_partner()?;
    if command.kind != MaterialKind::Return {
        let refusal = Refusal::new(ProblemCode::FieldNotAllowed);
        return Err(field("/kind", refusal).into());
    }
    material_create(tx, command)
}

/// A refusal of one field.
fn field(pointer: &str, refusal: Refusal) -> Refusal {
    let mut check = FieldCheck::new();
    check.refuse(pointer, refusal);
    check.finish().err().unwrap_or_else(|| Refusal::new(ProblemCode::FieldsInvalid))
}

/// Receives a return: what is good into quarantine, the rest blocked. What did not arrive is on the subcontractor's
/// account again.
///
/// # Errors
/// `version_stale`, `state_forbids`, `count_incomplete`, `difference_remark_required`, `fields_invalid`.
pub fn material_confirm(
    tx: &mut Tx,
    id: MaterialDocumentId,
    version: i64,
    command: &MaterialConfirm,
) -> Result<Material> {
    store::lock(tx, id)?;
    let before = material_read(tx, id)?;
    check_version(before.version, version)?;
    if before.record_state != MaterialState::Posted || before.custody_state != CustodyState::InTransit {
        let refusal = Refusal::new(ProblemCode::StateForbids).with("number", before.number);
        return Err(refusal.with("state", before.custody_state).into());
    }
    let lines = store::sent_lines(tx, id)?;
    let sent: Vec<Sent> = lines.iter().map(sent).collect();
    let arrived = rules::compare(&sent, command)?;
    let account = before.order_id.zip(before.partner.as_ref().map(|partner| partner.id));
    let Some(account) = account else { return Err(anyhow::anyhow!("a return without an account").into()) };
    post_arrival(tx, id, account, (&lines, &arrived))?;
    for (line, quantity) in &arrived {
        store::line_received(tx, id, *line, *quantity)?;
    }
    store::set_confirmed(tx, id, rules::custody_after(&sent, &arrived), command.remark.trim())?;
    changed(tx, &before, AuditAction::Confirmed, &command.remark)
}

fn sent(line: &SentLine) -> Sent {
    (line.line_number, line.quantity, u32::try_from(line.decimal_places).unwrap_or_default())
}

fn post_arrival(
    tx: &mut Tx,
    id: MaterialDocumentId,
    account: (OrderId, PartnerId),
    count: (&[SentLine], &BTreeMap<i32, Decimal>),
) -> Result<()> {
    let (order, partner) = account;
    let at = |tx: &mut Tx, kind| lookup::place_of_kind(tx, kind, Some(partner), StockStatus::Available);
    let transit = at(tx, LocationKind::InTransitIn)?.on(order);
    let custody = at(tx, LocationKind::SubcontractorCustody)?.on(order);
    let quarantine = lookup::place_of_kind(tx, LocationKind::Quarantine, None, StockStatus::Quarantine)?;
    let mut entries = Vec::new();
    for line in count.0 {
        let condition = line.condition.parse().map_err(anyhow::Error::from)?;
        let shelf = Place { status: rules::status_on_arrival(condition), ..quarantine };
        let received = count.1.get(&line.line_number).copied().unwrap_or_default();
        let mut add = |kind, quantity: Decimal, to: Place| {
            if quantity > Decimal::ZERO {
                let what = (line.item.into(), line.lot.map(LotId::from), line.unit.into());
                let mut entry = Entry::new(kind, what, quantity, (transit, to));
                entry.line = Some(line.line_number);
                entries.push(entry);
            }
        };
        add(MovementKind::ReturnReceipt, received, shelf);
        add(MovementKind::Reversal, line.quantity - received, custody);
    }
    let (document_kind, document_id, occurred_at) = (DocumentKind::Material, id.uuid(), tx.now);
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })
}

/// Undoes a document, as long as nothing was done with what it moved.
///
/// # Errors
/// `version_stale`, `reason_required`, `already_reversed`, `state_forbids` once a difference was counted,
/// `order_not_open` once the order is closed, `later_movement_exists`.
pub fn material_reverse(tx: &mut Tx, id: MaterialDocumentId, version: i64, command: &Reversal) -> Result<Material> {
    store::lock(tx, id)?;
    let before = material_read(tx, id)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    if before.record_state == MaterialState::Reversed {
        return Err(Refusal::new(ProblemCode::AlreadyReversed).with("number", before.number).into());
    }
    if before.custody_state == CustodyState::WithDiscrepancy {
        let refusal = Refusal::new(ProblemCode::StateForbids).with("number", before.number);
        return Err(refusal.with("state", before.custody_state).into());
    }
    if let Some(order) = before.order_id {
        store::order_hold(tx, order)?;
        check_open(&order_facts(tx, order)?)?;
    }
    ledger::reverse(tx, (DocumentKind::Material, id.uuid()), &before.number)?;
    store::set_reversed(tx, id)?;
    changed(tx, &before, AuditAction::Reversed, &command.reason)
}

fn changed(tx: &mut Tx, before: &Material, action: AuditAction, reason: &str) -> Result<Material> {
    let after = material_read(tx, before.id)?;
    let event = Event::new(AggregateKind::Material, before.id, action).reason(reason);
    audit::append(tx, seen_by(event, before).change(before, &after)?)?;
    told(tx, before)?;
    Ok(after)
}

fn seen_by(event: Event, document: &Material) -> Event {
    match &document.partner {
        Some(partner) => event.visible_to(partner.id),
        None => event,
    }
}

/// Tells everybody who shows it; the order's account changed with it.
fn told(tx: &mut Tx, document: &Material) -> Result<()> {
    let partner = document.partner.as_ref().map(|partner| partner.id);
    tx.notify(LiveTopic::Material, Some(document.id.uuid()), partner);
    if let Some(order) = document.order_id {
        order_touch(tx, order)?;
        tx.notify(LiveTopic::Order, Some(order.uuid()), None);
    }
    Ok(())
}

/// Checks the whole command and answers each line's item.
fn check(tx: &mut Tx, command: &MaterialCreate) -> Result<Vec<ItemFacts>> {
    let mut check = FieldCheck::new();
    rules::check_head(&mut check, command);
    let mut items = Vec::with_capacity(command.lines.len());
    for (index, line) in command.lines.iter().enumerate().take(rules::MAXIMUM_LINES) {
        let at = format!("/lines/{index}");
        match lookup::item_facts(tx, line.item_id, "item_id") {
            Ok(item) => {
                rules::check_line(&mut check, &at, (command.kind, line), &item);
                check_lot(tx, &mut check, &at, line)?;
                items.push(item);
            }
            Err(Error::Refused(refusal)) => check.refuse(format!("{at}/item_id"), *refusal),
            Err(error) => return Err(error),
        }
    }
    check.finish()?;
    Ok(items)
}

/// A lot belongs to the item that is named with it.
fn check_lot(tx: &mut Tx, check: &mut FieldCheck, at: &str, line: &MaterialLineWrite) -> Result<()> {
    let Some(lot) = line.lot_id else { return Ok(()) };
    let known = match lots::lot_read(tx, lot) {
        Ok(lot) => Some(lot.item.id),
        Err(Error::Refused(_)) => None,
        Err(error) => return Err(error),
    };
    if known != Some(line.item_id) {
        check.refuse(format!("{at}/lot_id"), Refusal::new(ProblemCode::ReferenceUnknown).with("what", "lot_id"));
    }
    Ok(())
}

/// The account that material leaves; the order stays open as long as this transaction lasts.
fn account(tx: &mut Tx, command: &MaterialCreate) -> Result<Account> {
    let Some(order) = command.order_id else { return Ok(None) };
    let held = store::order_hold(tx, order).and_then(|()| order_facts(tx, order));
    let facts = held.map_err(|error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::NotFound => {
            Refusal::new(ProblemCode::ReferenceUnknown).with("what", "order_id").into()
        }
        _ => error,
    })?;
    check_open(&facts)?;
    Ok(Some((order, facts.partner.into())))
}

/// Only lots that may be used go to a line.
fn check_usable(tx: &mut Tx, command: &MaterialCreate) -> Result<()> {
    if !rules::shape(command.kind).usable {
        return Ok(());
    }
    let ids: Vec<Uuid> = command.lines.iter().filter_map(|line| line.lot_id).map(LotId::uuid).collect();
    let today = lots::today(tx)?;
    for lot in lots::lots_hold(tx, &ids)? {
        let status: LotStatus = lot.status.parse().map_err(anyhow::Error::from)?;
        check_issuable(&lot.code, status, lot.expires_on, today)?;
    }
    Ok(())
}

/// From where to where each line goes.
fn ways(tx: &mut Tx, command: &MaterialCreate, account: Account) -> Result<Vec<(Place, Place)>> {
    let shape = rules::shape(command.kind);
    let mut ways = Vec::with_capacity(command.lines.len());
    for line in &command.lines {
        let status = line.from_status.unwrap_or(StockStatus::Available);
        let from = place(tx, shape.from, account, (line.from_location_id, status))?;
        let to = place(tx, shape.to, account, (line.to_location_id, status))?;
        ways.push((from, to));
    }
    Ok(ways)
}

fn place(
    tx: &mut Tx,
    side: Side,
    account: Account,
    chosen: (Option<lotline_common::id::LocationId>, StockStatus),
) -> Result<Place> {
    let (location, status) = chosen;
    let on_account = |place: Place| match account {
        Some((order, _)) => place.on(order),
        None => place,
    };
    match side {
        Side::Subcontractor(kind) => {
            let partner = account.map(|(_, partner)| partner);
            Ok(on_account(lookup::place_of_kind(tx, kind, partner, StockStatus::Available)?))
        }
        Side::OnAccount(kind) => Ok(on_account(lookup::place_of_kind(tx, kind, None, StockStatus::Available)?)),
        Side::Own(kind) => lookup::place_of_kind(tx, kind, None, StockStatus::Available),
        Side::Chosen => {
            let Some(location) = location else { return Err(Error::refused(ProblemCode::FieldRequired)) };
            let (kind, code) = lookup::location_facts(tx, location, "location_id")?;
            if !kind.is_own() {
                return Err(Refusal::new(ProblemCode::LocationUnfit).with("location", code).into());
            }
            Ok(Place::new(location, kind, status))
        }
    }
}

fn insert(
    tx: &mut Tx,
    named: (MaterialDocumentId, &str),
    of: (&MaterialCreate, Account),
    ways: &[(Place, Place)],
) -> Result<()> {
    let (id, number) = named;
    let (command, account) = of;
    let waits = command.kind == MaterialKind::Return;
    let custody = if waits { CustodyState::InTransit } else { CustodyState::None };
    let partner = account.map(|(_, partner)| partner.uuid());
    let head = NewDocument {
        org_id: tx.org(),
        id: id.uuid(),
        number,
        kind: command.kind.as_str(),
        order_id: account.map(|(order, _)| order.uuid()),
        partner_id: partner,
        record_state: MaterialState::Posted.as_str(),
        approval_state: "not_required",
        custody_state: custody.as_str(),
        reason: command.reason.trim(),
        occurred_at: command.occurred_at.unwrap_or(tx.now),
        delivery_note: command.delivery_note.trim(),
        witness: command.witness.trim(),
        certificate_number: command.certificate_number.trim(),
        remark: command.remark.trim(),
        created_by: tx.ctx.person.uuid(),
        posted_by: Some(tx.ctx.person.uuid()),
        posted_at: Some(tx.now),
        created_at: tx.now,
    };
    let mut lines = Vec::with_capacity(ways.len());
    for (line_number, (line, (from, to))) in (1..).zip(command.lines.iter().zip(ways)) {
        lines.push(NewLine {
            org_id: tx.org(),
            document_id: id.uuid(),
            line_number,
            partner_id: partner,
            item_id: line.item_id.uuid(),
            lot_id: line.lot_id.map(LotId::uuid),
            quantity: line.quantity,
            condition: line.condition.as_str(),
            from_location_id: Some(from.location.uuid()),
            from_status: Some(from.status.as_str()),
            to_location_id: Some(to.location.uuid()),
            to_status: Some(to.status.as_str()),
            remark: line.remark.trim(),
        });
    }
    store::insert(tx, &head, &lines)
}
