//! Declaring, posting and undoing receipts from subcontractors.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LotId, OrderId, SubcontractReceiptId};
use lotline_common::ledger::{Certainty, DocumentKind, LotStatus};
use lotline_common::masterdata::Tracking;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use lotline_common::subcontract_receiving::{
    FinishedLotWrite, OwnLotWrite, SubcontractReceipt, SubcontractReceiptCreate, SubcontractReceiptPost,
    SubcontractReceiptState, UseScan, UseWrite,
};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::posting;
use super::reading::{OrderFacts, check_open, order_facts, receipt_read};
use super::rules::{self, Declared, Piece, Use};
use super::store::{self, Line, NewReceipt};
use super::tools;
use crate::audit::{self, Event};
use crate::contracts::service::settlement;
use crate::db::{Reader, Tx, check_version};
use crate::error::{Error, Result};
use crate::issuing::scanning;
use crate::ledger::lots::NewLot;
use crate::ledger::rules::check_times;
use crate::ledger::{self, lots, periods, scans};
use crate::masterdata::lookup::{self, ItemFacts};
use crate::masterdata::lot_dates;
use crate::masterdata::serials::Seen;
use crate::numbering::next_number;
use crate::orders::service::{order_hold, order_lock};
use crate::quality::rules::check_reason;
use crate::recall::rules::check_used;
use crate::recall::service::reaching;
use crate::trace::links;

/// The subcontractor announces finished goods and says what was used. Nothing is posted.
///
/// # Errors
/// `order_not_open`, `fields_invalid` naming every line at fault.
pub fn receipt_declare(tx: &mut Tx, command: &SubcontractReceiptCreate) -> Result<SubcontractReceipt> {
    tx.portal_partner()?;
    order_hold(tx, command.order_id).map_err(|error| unknown_order(&error).unwrap_or(error))?;
    let order = order_facts(tx, command.order_id).map_err(|error| unknown_order(&error).unwrap_or(error))?;
    let (id, ..) = write(tx, &order, command)?;
    let made = receipt_read(tx, id)?;
    let event = Event::new(AggregateKind::SubcontractReceipt, id, AuditAction::Declared);
    audit::append(tx, event.visible_to(made.partner.id).after(&made)?)?;
    tx.notify(LiveTopic::SubcontractReceipt, Some(id.uuid()), Some(made.partner.id));
    Ok(made)
}

/// Receives finished goods: makes their lots in quarantine, uses up what went into them, links the lots.
///
/// # Errors
/// `order_not_open`, `fields_invalid` naming every line at fault, `clause_refuses`, `finished_lot_foreign`.
pub fn receipt_create(tx: &mut Tx, command: &SubcontractReceiptCreate) -> Result<SubcontractReceipt> {
    let own = own_lots_known(tx, command)?;
    // Recalls that hold some of what was used are held before the order, as those do who hold and lift.
    reaching::recalls_lock(tx, Some(command.order_id), &own)?;
    let order = order_lock(tx, command.order_id).map_err(|error| unknown_order(&error).unwrap_or(error))?;
    let facts = order_facts(tx, command.order_id)?;
    let (id, lines) = write(tx, &facts, command)?;
    let occurred_at = command.occurred_at.unwrap_or(tx.now);
    posting::post(tx, (id, &order, &facts), lines, (occurred_at, occurred_at))
}

/// The subcontractor's own lots that a receipt names, as far as they are known before it.
fn own_lots_known(tx: &mut Tx, command: &SubcontractReceiptCreate) -> Result<Vec<Uuid>> {
    let uses = command.lines.iter().flat_map(|line| line.uses.iter().flatten());
    let own = uses.filter_map(|used| Some((used.item_id, used.own_lot.as_ref()?.supplier_lot.trim())));
    store::own_lots(tx, command.order_id, &own.collect::<Vec<_>>())
}

/// Takes declared goods into the books, as counted.
///
/// # Errors
/// `version_stale`, `state_forbids`, and those of [`receipt_create`].
pub fn receipt_post(
    tx: &mut Tx,
    id: SubcontractReceiptId,
    version: i64,
    command: &SubcontractReceiptPost,
) -> Result<SubcontractReceipt> {
    let order_id = store::lock(tx, id)?;
    let before = receipt_read(tx, id)?;
    check_version(before.version, version)?;
    check_state(&before, SubcontractReceiptState::Declared)?;
    let named = before.lines.iter().flat_map(|line| &line.uses).filter_map(|used| used.lot.as_ref());
    reaching::recalls_lock(tx, Some(order_id), &named.map(|lot| lot.id.uuid()).collect::<Vec<_>>())?;
    let order = order_lock(tx, order_id)?;
    let facts = order_facts(tx, order_id)?;
    check_open(&facts)?;
    let product = lookup::item_facts(tx, facts.product, "product_id")?;
    let mut lines = store::lines(tx, id)?;
    count(&mut lines, command, &product)?;
    if let Some(said) = &command.tools {
        let finished = lines.iter().map(Line::quantity).sum();
        let mut used = tools::resolve(tx, &facts, finished, said)?;
        used.retain(|used| used.certainty == Certainty::Declared);
        tools::write(tx, id, facts.partner, &used)?;
    }
    let occurred_at = command.occurred_at.unwrap_or(tx.now);
    // What was declared had been used when the goods left.
    let used_by = before.occurred_at.min(occurred_at);
    posting::post(tx, (id, &order, &facts), lines, (occurred_at, used_by))
}

/// Calls a declaration off.
///
/// # Errors
/// `version_stale`, `reason_required`, `state_forbids`.
pub fn receipt_cancel(
    tx: &mut Tx,
    id: SubcontractReceiptId,
    version: i64,
    command: &Reversal,
) -> Result<SubcontractReceipt> {
    store::lock(tx, id)?;
    let before = receipt_read(tx, id)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    check_state(&before, SubcontractReceiptState::Declared)?;
    store::set_state(tx, id, SubcontractReceiptState::Cancelled)?;
    ended(tx, &before, AuditAction::Cancelled, &command.reason)
}

/// The subcontractor calls its own declaration off.
///
/// # Errors
/// `not_found` for another company's, and those of [`receipt_cancel`].
pub fn declaration_cancel(
    tx: &mut Tx,
    id: SubcontractReceiptId,
    version: i64,
    command: &Reversal,
) -> Result<SubcontractReceipt> {
    tx.portal_partner()?;
    receipt_cancel(tx, id, version, command)
}

/// Undoes a posted receipt, as long as nothing was done with what it brought: its material is back in custody, its
/// lots are gone, its links void.
///
/// # Errors
/// `version_stale`, `reason_required`, `already_reversed`, `state_forbids`, `order_not_open` once the order is closed,
/// `later_movement_exists`.
pub fn receipt_reverse(
    tx: &mut Tx,
    id: SubcontractReceiptId,
    version: i64,
    command: &Reversal,
) -> Result<SubcontractReceipt> {
    let order = store::lock(tx, id)?;
    let before = receipt_read(tx, id)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    if before.record_state == SubcontractReceiptState::Reversed {
        return Err(Refusal::new(ProblemCode::AlreadyReversed).with("number", before.number).into());
    }
    check_state(&before, SubcontractReceiptState::Posted)?;
    order_lock(tx, order)?;
    check_open(&order_facts(tx, order)?)?;
    let made = store::sole_lots(tx, id)?;
    lots::lots_lock(tx, &made)?;
    ledger::reverse(tx, (DocumentKind::SubcontractReceipt, id.uuid()), &before.number)?;
    for lot in made {
        lots::lot_set_status(tx, lot, LotStatus::Scrapped)?;
        audit::append(tx, Event::new(AggregateKind::Lot, lot, AuditAction::Reversed).reason(&command.reason))?;
    }
    tools::take_back(tx, &before)?;
    links::void(tx, DocumentKind::SubcontractReceipt, id.uuid())?;
    settlement::reversed(tx, (DocumentKind::SubcontractReceipt, id.uuid()))?;
    store::set_state(tx, id, SubcontractReceiptState::Reversed)?;
    posting::bring_up_to_date(tx, order)?;
    ended(tx, &before, AuditAction::Reversed, &command.reason)
}

/// Somebody is about to decide about lots: the orders that they were made on, and on whose account they stand, are held
/// before them.
///
/// # Errors
/// Those of the database.
pub fn lots_orders_hold(tx: &mut Tx, lots: &[LotId]) -> Result<()> {
    let mut orders = store::orders_of_lots(tx, lots)?;
    orders.extend(store::orders_with_lots(tx, lots)?);
    orders.sort();
    orders.dedup();
    orders.into_iter().try_for_each(|order| order_hold(tx, order))
}

/// The orders that a lot was made on.
///
/// # Errors
/// Those of the database.
pub fn orders_of(tx: &mut Tx, lot: LotId) -> Result<Vec<OrderId>> {
    store::orders_of_lots(tx, &[lot])
}

/// It was decided about lots: the axes of the orders that they were made on follow.
///
/// # Errors
/// Those of the database.
pub fn lots_judged(tx: &mut Tx, lots: &[LotId]) -> Result<()> {
    for order in store::orders_of_lots(tx, lots)? {
        posting::bring_up_to_date(tx, order)?;
    }
    Ok(())
}

fn ended(tx: &mut Tx, before: &SubcontractReceipt, action: AuditAction, reason: &str) -> Result<SubcontractReceipt> {
    let after = receipt_read(tx, before.id)?;
    let event = Event::new(AggregateKind::SubcontractReceipt, before.id, action).reason(reason);
    audit::append(tx, event.visible_to(before.partner.id).change(before, &after)?)?;
    tx.notify(LiveTopic::SubcontractReceipt, Some(before.id.uuid()), Some(before.partner.id));
    Ok(after)
}

fn unknown_order(error: &Error) -> Option<Error> {
    let unknown = error.refusal()?.code == ProblemCode::NotFound;
    unknown.then(|| Refusal::new(ProblemCode::ReferenceUnknown).with("what", "order_id").into())
}

fn check_state(receipt: &SubcontractReceipt, needed: SubcontractReceiptState) -> Result<()> {
    if receipt.record_state == needed {
        return Ok(());
    }
    let refusal = Refusal::new(ProblemCode::StateForbids).with("number", &receipt.number);
    Err(refusal.with("state", receipt.record_state).into())
}

/// Checks a receipt and writes it as declared, with the uses that were named. The uses are held against what is there,
/// so that a declaration is right when it is made.
fn write(
    tx: &mut Tx,
    order: &OrderFacts,
    command: &SubcontractReceiptCreate,
) -> Result<(SubcontractReceiptId, Vec<Line>)> {
    check_open(order)?;
    let product = lookup::item_facts(tx, order.product, "product_id")?;
    let pieces = check(tx, command, &product)?;
    periods::check_open(tx, command.occurred_at.unwrap_or(tx.now))?;
    let id = SubcontractReceiptId::new();
    let number = next_number(tx, DocumentKind::SubcontractReceipt)?;
    let lines = lines(tx, (id, &number), (order, &product), &pieces);
    let said = rules::shares(order.order(), &pieces, &resolve(tx, (order, &number), command)?);
    let mut held = store::held(tx, order.id)?;
    let mut outputs = posting::outputs(&lines, &said, command.occurred_at.unwrap_or(tx.now));
    for (output, piece) in outputs.iter_mut().zip(&pieces) {
        output.source = piece.source;
    }
    let uses = rules::uses(&order.order(), &mut held, &outputs).map_err(|refusal| lookup::named(tx, refusal.into()))?;
    let declared: Vec<Use> = uses.into_iter().filter(|used| used.certainty.is_certain()).collect();
    let at_subcontractor = tx.ctx.partner.is_some();
    let head = NewReceipt {
        org_id: tx.org(),
        id: id.uuid(),
        number: &number,
        order_id: order.id.uuid(),
        partner_id: order.partner,
        delivery_note: command.delivery_note.trim(),
        last: command.last,
        occurred_at: command.occurred_at.unwrap_or(tx.now),
        evidence_at: command.evidence_at,
        remark: command.remark.trim(),
        declared_by: at_subcontractor.then(|| tx.ctx.person.uuid()),
        declared_at: at_subcontractor.then_some(tx.now),
        created_by: tx.ctx.person.uuid(),
        created_at: tx.now,
    };
    store::insert(tx, &head, &lines)?;
    store::write_uses(tx, id, order.partner.into(), &declared)?;
    let finished = lines.iter().map(Line::quantity).sum();
    let mut used = tools::resolve(tx, order, finished, command.tools.as_deref().unwrap_or_default())?;
    used.retain(|used| used.certainty == Certainty::Declared);
    tools::write(tx, id, order.partner, &used)?;
    Ok((id, lines))
}

/// Checks what was written; answers the finished lots, one for each serial number.
fn check(tx: &mut Tx, command: &SubcontractReceiptCreate, product: &ItemFacts) -> Result<Vec<Piece>> {
    let today = lots::today(tx)?;
    let mut check = FieldCheck::new();
    rules::check_head(&mut check, command);
    check_times(&mut check, (command.occurred_at, command.evidence_at), tx.now);
    let (mut pieces, mut seen) = (Vec::with_capacity(command.lines.len()), Seen::default());
    for (source, line) in command.lines.iter().enumerate().take(rules::MAXIMUM_LINES) {
        let at = format!("/lines/{source}");
        let found = rules::pieces(&mut check, (&at, source), line, product);
        lot_dates::check_made(&mut check, &at, line.manufactured_on, today);
        let field = if line.serials.is_some() { "serials" } else { "lot_code" };
        for piece in &found {
            if let Some(code) = &piece.line.lot_code {
                seen.note(&mut check, &format!("{at}/{field}"), (product.id, code));
            }
        }
        if line.serials.is_none() {
            check_lot_code(&mut check, &at, line, product);
        }
        pieces.extend(found);
    }
    if pieces.len() > rules::MAXIMUM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", rules::MAXIMUM_LINES));
    }
    check.finish()?;
    Ok(pieces)
}

fn check_lot_code(check: &mut FieldCheck, at: &str, line: &FinishedLotWrite, product: &ItemFacts) {
    let code = match (product.tracking, &line.lot_code) {
        (Tracking::None, Some(_)) => ProblemCode::LotNotTracked,
        (Tracking::Serial, None) => ProblemCode::LotRequired,
        _ => return,
    };
    check.refuse(format!("{at}/lot_code"), Refusal::new(code).with("item", &product.code));
}

fn lines(tx: &Tx, of: (SubcontractReceiptId, &str), what: (&OrderFacts, &ItemFacts), pieces: &[Piece]) -> Vec<Line> {
    let (id, number) = of;
    let (order, product) = what;
    let own = number.split_once('-').map_or(number, |(_, rest)| rest);
    let line = |(line_number, line): (i32, &FinishedLotWrite)| Line {
        org_id: tx.org(),
        receipt_id: id.uuid(),
        line_number,
        partner_id: order.partner,
        lot_code: line.lot_code.clone().unwrap_or_else(|| format!("{own}-{line_number:02}")),
        batch_code: line.batch_code.trim().to_owned(),
        lot_id: None,
        manufactured_on: line.manufactured_on,
        expires_on: rules::dates(line).expiry(product),
        certificate_number: line.certificate_number.trim().to_owned(),
        good_quantity: line.good_quantity,
        rejected_quantity: line.rejected_quantity,
        remark: line.remark.trim().to_owned(),
    };
    (1..).zip(pieces.iter().map(|piece| &piece.line)).map(line).collect()
}

/// The uses that were named, by place in what was written, each scan kept as it came, each lot that the subcontractor
/// provides made known; of one that a recall holds, only what was used before.
fn resolve(
    tx: &mut Tx,
    of: (&OrderFacts, &str),
    command: &SubcontractReceiptCreate,
) -> Result<BTreeMap<usize, Vec<Declared>>> {
    let mut check = FieldCheck::new();
    let mut said: BTreeMap<usize, Vec<Declared>> = BTreeMap::new();
    let mut own_lots = Vec::new();
    for (index, line) in command.lines.iter().enumerate() {
        for (place, used) in line.uses.iter().flatten().enumerate() {
            let at = format!("/lines/{index}/uses/{place}");
            let scan = match &used.scan {
                None => None,
                Some(scan) => match read_label(tx, used, scan) {
                    Err(Error::Refused(refusal)) => {
                        check.refuse(format!("{at}/scan/raw"), *refusal);
                        continue;
                    }
                    read => Some(read?),
                },
            };
            let faults = rules::own_lot_faults(of.0.order(), used);
            if !faults.is_empty() {
                faults.into_iter().for_each(|(field, refusal)| check.refuse(format!("{at}/{field}"), refusal));
                continue;
            }
            let said_there = said.entry(index).or_default();
            let serial = said_there.len() + 1;
            let lot = match &used.own_lot {
                Some(own) => {
                    let lot = own_lot(tx, of, (used, own), &format!("-{}.{serial}", index + 1))?;
                    own_lots.push((lot.uuid(), format!("{at}/own_lot"), own.supplier_lot.trim()));
                    Some(lot)
                }
                None => used.lot_id,
            };
            let (item, quantity, remark) = (used.item_id, used.quantity, used.remark.trim().to_owned());
            said_there.push(Declared { item, lot, quantity, remark, scan, share: false });
        }
    }
    check_own_lots(tx, &mut check, own_lots, command.occurred_at.unwrap_or(tx.now))?;
    check.finish()?;
    Ok(said)
}

/// Own lots that were named, each with its place in what was written and its number: used before a recall held them.
fn check_own_lots(
    tx: &mut Tx,
    check: &mut FieldCheck,
    named: Vec<(Uuid, String, &str)>,
    used_by: DateTime<Utc>,
) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let lots: Vec<Uuid> = named.iter().map(|(lot, ..)| *lot).collect();
    // The subcontractor's own people see no recalls.
    let since = Reader::with_makers_sight(tx, |reader| reaching::held_since(reader, &lots))?;
    for (lot, at, number) in named {
        check.check(at, check_used(number, since.get(&lot).copied(), used_by));
    }
    Ok(())
}

/// A lot of the subcontractor's own; numbered after the receipt where the maker's number cannot be ours.
fn own_lot(tx: &mut Tx, of: (&OrderFacts, &str), what: (&UseWrite, &OwnLotWrite), suffix: &str) -> Result<LotId> {
    let ((order, number), (used, own)) = (of, what);
    let number = number.split_once('-').map_or(number, |(_, rest)| rest);
    let new = NewLot {
        item: used.item_id,
        code: String::new(),
        batch_code: String::new(),
        supplier: Some(order.partner.into()),
        supplier_lot: own.supplier_lot.trim().to_owned(),
        certificate_number: own.certificate_number.trim().to_owned(),
        manufactured_on: None,
        expires_on: own.expires_on,
        unit_cost: None,
    };
    tx.with_makers_sight(|tx| lots::own_lot(tx, &new, &format!("{number}{suffix}")))
}

/// Keeps a scan that names the lot that is said to be used.
fn read_label(tx: &mut Tx, used: &UseWrite, scan: &UseScan) -> Result<Uuid> {
    scanning::check_raw(&scan.raw)?;
    let today = lots::today(tx)?;
    let label = scanning::decode(tx, &scan.raw, today)?;
    let expected = match used.lot_id {
        Some(lot) => Some(lots::lot_read(tx, lot).map_err(|error| unknown_lot(&error).unwrap_or(error))?.code),
        None => None,
    };
    if label.code != expected {
        let refusal = Refusal::new(ProblemCode::ScanWrongLot).with("expected", expected.unwrap_or_default());
        return Err(refusal.with("lot", label.code.unwrap_or_default()).into());
    }
    let own = lookup::item_gtin(tx, used.item_id)?;
    if let (Some(scanned), Some(own)) = (&label.gtin, &own)
        && scanned != own
    {
        return Err(Refusal::new(ProblemCode::ScanWrongItem).with("scanned", scanned).into());
    }
    let decoded = serde_json::json!({ "gtin": label.gtin, "code": label.code });
    Ok(scans::scan_create(tx, &scan.raw, scan.capture, decoded)?.uuid())
}

fn unknown_lot(error: &Error) -> Option<Error> {
    let unknown = error.refusal()?.code == ProblemCode::NotFound;
    unknown.then(|| Refusal::new(ProblemCode::ReferenceUnknown).with("what", "lot_id").into())
}

/// Puts what was counted in place of what was declared.
fn count(lines: &mut [Line], command: &SubcontractReceiptPost, product: &ItemFacts) -> Result<()> {
    let mut check = FieldCheck::new();
    for (index, counted) in command.lines.iter().enumerate() {
        let at = format!("/lines/{index}");
        let Some(line) = lines.iter_mut().find(|line| line.line_number == counted.line_number) else {
            let refusal = Refusal::new(ProblemCode::ReferenceUnknown).with("what", "line_number");
            check.refuse(format!("{at}/line_number"), refusal);
            continue;
        };
        rules::check_quantities(&mut check, &at, (counted.good_quantity, counted.rejected_quantity), product);
        if let Err(refusal) = check_reason(&counted.remark) {
            check.refuse(format!("{at}/remark"), refusal);
        }
        line.good_quantity = counted.good_quantity;
        line.rejected_quantity = counted.rejected_quantity;
        line.remark = counted.remark.trim().to_owned();
    }
    Ok(check.finish()?)
}
