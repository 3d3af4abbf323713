//! Writing, handing over, confirming, calling off and undoing material documents.

use chrono::{DateTime, Utc};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, MaterialDocumentId, OrderId, PartnerId};
use lotline_common::ledger::{DocumentKind, LotStatus};
use lotline_common::masterdata::PartnerRef;
use lotline_common::material::{
    CountSheet, Material, MaterialApproval, MaterialConfirm, MaterialCreate, MaterialHandOver, MaterialKind,
    MaterialLineWrite, MaterialState,
};
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::store::{self, NewDocument, NewLine};
use super::ways::Accounts;
use super::{making, posting, rules, ruling, ways};
use crate::approvals::service::approval_withdraw;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::ledger::rules::{check_life, check_times, check_usable as check_lot_usable};
use crate::ledger::{Place, lots, periods};
use crate::masterdata::lookup::{self, ItemFacts};
use crate::numbering::next_number;
use crate::orders::service::{order_hold, order_touch};
use crate::quality::rules::check_reason;
use crate::subcontract_receiving::reading::{check_open, order_facts};

/// One material document.
///
/// # Errors
/// `not_found`.
pub fn material_read(reader: &mut Reader, id: MaterialDocumentId) -> Result<Material> {
    list::one(reader, "material_detail_view", id)
}

/// The lots that a count of an order's custody has to name, without quantities.
///
/// # Errors
/// `not_found`.
pub fn count_sheet(reader: &mut Reader, order: OrderId) -> Result<CountSheet> {
    let order_number = order_facts(reader, order)?.number;
    Ok(CountSheet { order_id: order, order_number, lines: store::in_custody(reader, order)? })
}

/// What a document's lines became: their lots, their ways, and what the books say of each in a count.
struct Found {
    lots: Vec<Option<LotId>>,
    ways: Vec<(Place, Place)>,
    books: Vec<Option<Decimal>>,
}

/// Writes a document. It is posted at once, all of its lines or none, unless it waits for a hand-over or an approver.
///
/// # Errors
/// `fields_invalid` naming every field at fault, `permission_missing`, `period_closed`, `order_not_open`,
/// `item_not_in_order`, `clause_refuses`, `lot_status_forbids`, `lot_expired`, `lots_not_counted`, and those of posting.
pub fn material_create(tx: &mut Tx, command: &MaterialCreate) -> Result<Material> {
    let (command, items) = check(tx, command)?;
    let command = &command;
    // Also what waits for somebody is not written into a month that is closed.
    periods::check_open(tx, command.occurred_at.unwrap_or(tx.now))?;
    let accounts = ways::accounts(tx, command, &items)?;
    check_usable(tx, command.kind, command.lines.iter().filter_map(|line| line.lot_id))?;
    let id = MaterialDocumentId::new();
    let lots = making::lots(tx, command, &items)?;
    ways::check_clauses(tx, (command, accounts), &lots, id)?;
    // A subcontractor does not see the maker's places that its count is held against.
    let ways = tx.with_makers_sight(|tx| ways::ways(tx, command, accounts))?;
    let books = ruling::books(tx, command, &ways, accounts)?;
    let number = next_number(tx, DocumentKind::Material)?;
    insert(tx, (id, &number), (command, accounts), &Found { lots, ways, books })?;
    // Our own people need the right to post; the subcontractor's right is that of the portal's route.
    let may_post = tx.ctx.partner.is_some() || tx.ctx.may(Permission::MaterialPost);
    tx.with_makers_sight(|tx| {
        let made = material_read(tx, id)?;
        let event = Event::new(AggregateKind::Material, id, AuditAction::Created).reason(&command.reason);
        audit::append(tx, seen_by(event, &made).after(&made)?)?;
        next(tx, &made, (accounts, may_post))
    })?;
    material_read(tx, id)
}

/// What follows once a document is written.
fn next(tx: &mut Tx, made: &Material, of: (Accounts, bool)) -> Result<()> {
    let (accounts, may_post) = of;
    match made.kind {
        MaterialKind::OverConsumption => wait(tx, made),
        MaterialKind::Count if ruling::differs(tx, made.id)? => wait(tx, made),
        kind if accounts.waits(kind) => told(tx, made),
        kind if kind.can_be_held() && ruling::is_held(tx, made)? => wait(tx, made),
        kind if may_post || kind == MaterialKind::Count => post(tx, made, made.occurred_at),
        _ => Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", Permission::MaterialPost).into()),
    }
}

fn wait(tx: &mut Tx, made: &Material) -> Result<()> {
    ruling::check_over(tx, made)?;
    ruling::check_priced(tx, made)?;
    store::set_waiting(tx, made.id)?;
    changed(tx, made, (AuditAction::Submitted, ""))?;
    ruling::request(tx, made)
}

fn post(tx: &mut Tx, draft: &Material, occurred_at: DateTime<Utc>) -> Result<()> {
    posting::post(tx, draft, occurred_at)?;
    store::set_posted(tx, draft.id, posting::custody_once_posted(draft), None)?;
    posting::followed(tx, draft)?;
    changed(tx, draft, (AuditAction::Posted, ""))
}

/// A subcontractor sends components back, or counts what it holds.
///
/// # Errors
/// `not_found` for our own people, `fields_invalid` for another kind, and those of [`material_create`].
pub fn material_declare(tx: &mut Tx, command: &MaterialCreate) -> Result<Material> {
    tx.portal_partner()?;
    let mut check = FieldCheck::new();
    let may = matches!(command.kind, MaterialKind::Return | MaterialKind::Count);
    check.ensure(may, "/kind", ProblemCode::FieldNotAllowed);
    let whose = command.kind != MaterialKind::Count || command.order_id.is_some();
    check.ensure(whose, "/order_id", ProblemCode::FieldRequired);
    check.finish()?;
    material_create(tx, command)
}

/// The document, locked, as the maker sees it; not found for a subcontractor whose step it is not.
fn locked(
    tx: &mut Tx,
    at: (MaterialDocumentId, i64),
    turn: impl Fn(&Material) -> Option<&PartnerRef>,
) -> Result<Material> {
    let (id, version) = at;
    store::lock(tx, id)?;
    let before = tx.with_makers_sight(|tx| material_read(tx, id))?;
    if tx.ctx.partner.is_some() && tx.ctx.partner != turn(&before).map(|partner| partner.id) {
        return Err(Refusal::new(ProblemCode::NotFound).into());
    }
    check_version(before.version, version)?;
    Ok(before)
}

/// The sender hands a transfer over: it is on its way to the other subcontractor.
///
/// # Errors
/// `fields_invalid`, `not_found`, `version_stale`, `state_forbids`, `order_not_open`, `clause_refuses`,
/// `transfer_not_agreed` for a subcontractor, `lot_status_forbids`, `lot_expired`, `stock_insufficient`.
pub fn material_hand_over(
    tx: &mut Tx,
    id: MaterialDocumentId,
    version: i64,
    command: &MaterialHandOver,
) -> Result<Material> {
    let mut check = FieldCheck::new();
    check.optional_text("/carrier", &command.carrier, 100);
    check.finish()?;
    let before = locked(tx, (id, version), |document| document.partner.as_ref())?;
    if before.kind != MaterialKind::Transfer || before.record_state != MaterialState::Draft {
        return Err(state_forbids(&before));
    }
    let portal = tx.ctx.partner.is_some();
    tx.with_makers_sight(|tx| {
        check_orders_open(tx, &before)?;
        ways::check_handed_over(tx, &before).map_err(|error| if portal { unsaid(&before, error) } else { error })?;
        check_usable(tx, before.kind, before.lines.iter().filter_map(|line| line.lot.as_ref()).map(|lot| lot.id))?;
        store::set_handed_over(tx, id, command.carrier.trim())?;
        post(tx, &before, tx.now)
    })?;
    material_read(tx, id)
}

/// What the maker agreed on with the subcontractor that gets it is not said to the one that sends it.
fn unsaid(document: &Material, error: Error) -> Error {
    match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::ClauseRefuses => {
            Refusal::new(ProblemCode::TransferNotAgreed).with("number", &document.number).into()
        }
        _ => error,
    }
}

/// Confirms what arrived: a return at the maker, a transfer or rework at the subcontractor that gets it. What did not
/// arrive is on the account again that it left.
///
/// # Errors
/// `not_found`, `version_stale`, `state_forbids`, `count_incomplete`, `difference_remark_required`, `fields_invalid`.
pub fn material_confirm(
    tx: &mut Tx,
    id: MaterialDocumentId,
    version: i64,
    command: &MaterialConfirm,
) -> Result<Material> {
    let before = locked(tx, (id, version), |document| match document.kind {
        MaterialKind::Transfer | MaterialKind::DirectDelivery => document.to_partner.as_ref(),
        MaterialKind::ReworkOut => document.partner.as_ref(),
        _ => None,
    })?;
    if before.record_state != MaterialState::Posted || before.custody_state != CustodyState::InTransit {
        return Err(state_forbids(&before));
    }
    tx.with_makers_sight(|tx| {
        hold_orders(tx, &before)?;
        let state = posting::arrive(tx, &before, command)?;
        store::set_confirmed(tx, id, state, command.remark.trim())?;
        posting::followed(tx, &before)?;
        changed(tx, &before, (AuditAction::Confirmed, &command.remark))
    })?;
    material_read(tx, id)
}

/// Calls off a document before anything moved.
///
/// # Errors
/// `version_stale`, `reason_required`, `state_forbids`.
pub fn material_cancel(tx: &mut Tx, id: MaterialDocumentId, version: i64, command: &Reversal) -> Result<Material> {
    let before = locked(tx, (id, version), |_| None)?;
    check_reason(&command.reason)?;
    if before.record_state != MaterialState::Draft {
        return Err(state_forbids(&before));
    }
    let waits = before.approval_state == MaterialApproval::Pending;
    if waits {
        approval_withdraw(tx, DocumentKind::Material, id.uuid())?;
    }
    store::set_ended(tx, id, MaterialState::Cancelled, waits.then_some(MaterialApproval::Withdrawn))?;
    changed(tx, &before, (AuditAction::Cancelled, &command.reason))?;
    material_read(tx, id)
}

/// Undoes a document, as long as nothing was done with what it moved.
///
/// # Errors
/// `version_stale`, `reason_required`, `already_reversed`, `state_forbids` for a draft and once a difference was
/// counted, `order_not_open` once the order is closed, `later_movement_exists`.
pub fn material_reverse(tx: &mut Tx, id: MaterialDocumentId, version: i64, command: &Reversal) -> Result<Material> {
    let before = locked(tx, (id, version), |_| None)?;
    check_reason(&command.reason)?;
    if before.record_state == MaterialState::Reversed {
        return Err(Refusal::new(ProblemCode::AlreadyReversed).with("number", before.number).into());
    }
    if before.record_state != MaterialState::Posted || before.custody_state == CustodyState::WithDiscrepancy {
        return Err(state_forbids(&before));
    }
    check_orders_open(tx, &before)?;
    posting::undo(tx, &before)?;
    store::set_ended(tx, id, MaterialState::Reversed, None)?;
    posting::followed(tx, &before)?;
    changed(tx, &before, (AuditAction::Reversed, &command.reason))?;
    material_read(tx, id)
}

/// Records what a step made of a document, and tells everybody who shows it.
///
/// # Errors
/// Those of the database.
pub fn changed(tx: &mut Tx, before: &Material, step: (AuditAction, &str)) -> Result<()> {
    let after = material_read(tx, before.id)?;
    let event = Event::new(AggregateKind::Material, before.id, step.0).reason(step.1);
    audit::append(tx, seen_by(event, &after).change(before, &after)?)?;
    told(tx, &after)
}

/// The subcontractor may read what happened, except where the event holds what the books said of its count, or what
/// another one does.
fn seen_by(event: Event, document: &Material) -> Event {
    let whose = if document.kind == MaterialKind::DirectDelivery { &document.to_partner } else { &document.partner };
    match (whose, document.kind) {
        (_, MaterialKind::Count | MaterialKind::Transfer) | (None, _) => event,
        (Some(partner), _) => event.visible_to(partner.id),
    }
}

/// The orders' accounts changed with it.
fn told(tx: &mut Tx, document: &Material) -> Result<()> {
    let partner = |partner: &Option<PartnerRef>| partner.as_ref().map(|partner| partner.id);
    let (id, from, to) = (document.id.uuid(), partner(&document.partner), partner(&document.to_partner));
    tx.notify(LiveTopic::Material, Some(id), from);
    if to.is_some() && to != from {
        tx.notify(LiveTopic::Material, Some(id), to);
    }
    for order in [document.order_id, document.to_order_id].into_iter().flatten() {
        order_touch(tx, order)?;
        tx.notify(LiveTopic::Order, Some(order.uuid()), None);
    }
    Ok(())
}

/// The state in which a document stands does not allow the step.
pub fn state_forbids(document: &Material) -> Error {
    let refusal = Refusal::new(ProblemCode::StateForbids).with("number", &document.number);
    let state = match document.record_state {
        MaterialState::Posted if document.custody_state != CustodyState::None => document.custody_state.as_str(),
        state => state.as_str(),
    };
    refusal.with("state", state).into()
}

/// Holds its orders, in one order whichever way the material goes.
fn hold_orders(tx: &mut Tx, document: &Material) -> Result<()> {
    let mut orders = [document.order_id, document.to_order_id];
    orders.sort();
    orders.into_iter().flatten().try_for_each(|order| order_hold(tx, order))
}

/// Its orders are open, and stay so as long as this transaction lasts.
///
/// # Errors
/// `order_not_open`.
pub fn check_orders_open(tx: &mut Tx, document: &Material) -> Result<()> {
    hold_orders(tx, document)?;
    let orders = [document.order_id, document.to_order_id];
    orders.into_iter().flatten().try_for_each(|order| check_open(&order_facts(tx, order)?))
}

/// Checks the whole command; answers it with one line for each serial number, and each line's item.
fn check(tx: &mut Tx, command: &MaterialCreate) -> Result<(MaterialCreate, Vec<ItemFacts>)> {
    let mut check = FieldCheck::new();
    rules::check_head(&mut check, command);
    check_times(&mut check, (command.occurred_at, command.evidence_at), tx.now);
    if let Some(customer) = command.customer_id {
        refused(&mut check, "/customer_id", lookup::customer(tx, customer))?;
    }
    if let Some(supplier) = command.supplier_id {
        refused(&mut check, "/supplier_id", lookup::supplier(tx, supplier))?;
    }
    let (mut lines, mut items) = (Vec::new(), Vec::with_capacity(command.lines.len()));
    for (index, line) in command.lines.iter().enumerate().take(rules::MAXIMUM_LINES) {
        let at = format!("/lines/{index}");
        let known = lookup::item_facts(tx, line.item_id, "item_id");
        let Some(item) = refused(&mut check, &format!("{at}/item_id"), known)? else { continue };
        check_lot(tx, &mut check, &at, line)?;
        for piece in rules::pieces(&mut check, &at, (command, line), &item) {
            lines.push(piece);
            items.push(item.clone());
        }
    }
    if lines.len() > rules::MAXIMUM_PIECES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", rules::MAXIMUM_PIECES));
    }
    let command = MaterialCreate { lines, ..command.clone() };
    rules::check_lines(&mut check, &command);
    check.finish()?;
    Ok((command, items))
}

/// A refusal becomes the field's; any other fault stays one.
fn refused<T>(check: &mut FieldCheck, at: &str, found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Refused(refusal)) => {
            check.refuse(at, *refusal);
            Ok(None)
        }
        Err(error) => Err(error),
    }
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

/// Only lots that may be used go on.
///
/// # Errors
/// `lot_status_forbids`, `lot_expired`, `tool_worn`.
pub fn check_usable(tx: &mut Tx, kind: MaterialKind, used: impl Iterator<Item = LotId>) -> Result<()> {
    let shape = rules::shape(kind);
    if !shape.usable {
        return Ok(());
    }
    let ids: Vec<Uuid> = used.map(LotId::uuid).collect();
    let today = lots::today(tx)?;
    for lot in lots::lots_hold(tx, &ids)? {
        let status: LotStatus = lot.status.parse().map_err(anyhow::Error::from)?;
        check_lot_usable((&lot.code, status, lot.expires_on), today, shape.movement)?;
        check_life(&lot.code, lot.uses, lot.life_uses)?;
    }
    Ok(())
}

fn insert(
    tx: &mut Tx,
    named: (MaterialDocumentId, &str),
    of: (&MaterialCreate, Accounts),
    found: &Found,
) -> Result<()> {
    let (id, number) = named;
    let (command, Accounts { from, to }) = of;
    let order = |account: Option<ways::Account>| account.map(|(order, _)| order.uuid());
    let partner = |account: Option<ways::Account>| account.map(|(_, partner)| PartnerId::uuid(partner));
    let head = NewDocument {
        org_id: tx.org(),
        id: id.uuid(),
        number,
        kind: command.kind.as_str(),
        order_id: order(from),
        to_order_id: order(to),
        partner_id: partner(from),
        to_partner_id: partner(to),
        customer_id: command.customer_id.map(PartnerId::uuid),
        supplier_id: command.supplier_id.map(PartnerId::uuid),
        record_state: MaterialState::Draft.as_str(),
        approval_state: MaterialApproval::NotRequired.as_str(),
        custody_state: CustodyState::None.as_str(),
        reason: command.reason.trim(),
        occurred_at: command.occurred_at.unwrap_or(tx.now),
        evidence_at: command.evidence_at,
        delivery_note: command.delivery_note.trim(),
        carrier: command.carrier.trim(),
        witness: command.witness.trim(),
        certificate_number: command.certificate_number.trim(),
        contact: command.contact.trim(),
        remark: command.remark.trim(),
        borne_by: command.borne_by.map(lotline_common::material::LossBearer::as_str),
        created_by: tx.ctx.person.uuid(),
        created_at: tx.now,
    };
    let of_line = found.lots.iter().zip(&found.ways).zip(&found.books);
    let lines = (1..).zip(command.lines.iter().zip(of_line)).map(|(line_number, (line, ((lot, way), book)))| NewLine {
        org_id: head.org_id,
        document_id: head.id,
        line_number,
        partner_id: head.partner_id,
        to_partner_id: head.to_partner_id,
        direction: line.direction.as_str(),
        item_id: line.item_id.uuid(),
        lot_id: lot.map(LotId::uuid),
        new_lot_code: line.lot_code.as_deref(),
        quantity: line.quantity,
        book_quantity: *book,
        condition: line.condition.as_str(),
        already_declared: line.already_declared,
        from_location_id: Some(way.0.location.uuid()),
        from_status: Some(way.0.status.as_str()),
        to_location_id: Some(way.1.location.uuid()),
        to_status: Some(way.1.status.as_str()),
        remark: line.remark.trim(),
    });
    let lines: Vec<NewLine> = lines.collect();
    store::insert(tx, &head, &lines)
}
