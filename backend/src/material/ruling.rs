//! What an approver rules on: a count that differs from the books, and use beyond what is allowed.

use lotline_common::approvals::Decision;
use lotline_common::audit::AuditAction;
use lotline_common::flows::candidates::Duty;
use lotline_common::flows::facts::{FlagFact, TextFact};
use lotline_common::id::{LotId, MaterialDocumentId};
use lotline_common::ledger::{Certainty, DocumentKind, DocumentRef};
use lotline_common::material::{
    LossBearer, Material, MaterialApproval, MaterialCreate, MaterialKind, MaterialLine, MaterialLineWrite,
    MaterialState,
};
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::service::{changed, material_read, state_forbids};
use super::store::{self, Line};
use super::{posting, ways};
use crate::approvals::service::{self as approvals, Request};
use crate::approvals::subject::Subject;
use crate::contracts::service::settlement;
use crate::db::Tx;
use crate::error::Result;
use crate::ledger::Place;
use crate::orders::service::order_read;
use crate::reconcile::service::conservation_read;
use crate::trace::links::{self, NewLink, Source};

/// What the books say of each line of a count.
///
/// # Errors
/// `lots_not_counted` when a lot in the order's custody has no line.
pub fn books(
    tx: &mut Tx,
    command: &MaterialCreate,
    ways: &[(Place, Place)],
    accounts: ways::Accounts,
) -> Result<Vec<Option<Decimal>>> {
    if command.kind != MaterialKind::Count {
        return Ok(vec![None; command.lines.len()]);
    }
    if let Some((order, _)) = accounts.from {
        let counted = |line: &MaterialLineWrite, sheet: &lotline_common::material::CountSheetLine| {
            line.item_id == sheet.item.id && line.lot_id == sheet.lot.as_ref().map(|lot| lot.id)
        };
        let missing: Vec<String> = store::in_custody(tx, order)?
            .iter()
            .filter(|sheet| !command.lines.iter().any(|line| counted(line, sheet)))
            .map(|sheet| sheet.lot.as_ref().map_or_else(|| sheet.item.code.clone(), |lot| lot.code.clone()))
            .collect();
        if !missing.is_empty() {
            return Err(Refusal::new(ProblemCode::LotsNotCounted).with("lots", missing.join(", ")).into());
        }
    }
    let mut books = Vec::with_capacity(command.lines.len());
    for (line, (from, _)) in command.lines.iter().zip(ways) {
        let place = Place { order: accounts.from.map(|(order, _)| order), ..*from };
        books.push(Some(store::book(tx, place, (line.item_id, line.lot_id))?));
    }
    Ok(books)
}

/// Whether a count differs from the books.
///
/// # Errors
/// Those of the database.
pub fn differs(tx: &mut Tx, id: MaterialDocumentId) -> Result<bool> {
    Ok(store::lines(tx, id)?.iter().any(|line| line.book != Some(line.quantity)))
}

/// Checks that what is ruled on was used beyond what is allowed.
///
/// # Errors
/// `ruling_exceeds_over`.
pub fn check_over(tx: &mut Tx, document: &Material) -> Result<()> {
    let (MaterialKind::OverConsumption, Some(order)) = (document.kind, document.order_id) else { return Ok(()) };
    let account = conservation_read(tx, order)?;
    for component in &account.components {
        let declared = document.lines.iter().filter(|line| line.already_declared && line.item.id == component.item.id);
        let ruled: Decimal = declared.map(|line| line.quantity).sum();
        if ruled > component.over {
            let refusal = Refusal::new(ProblemCode::RulingExceedsOver).with("item", &component.item.code);
            return Err(refusal.with("over", component.over).with("ruled", ruled.normalize()).into());
        }
    }
    Ok(())
}

/// What the subcontractor is to pay for has a price.
///
/// # Errors
/// `lot_price_unknown`.
pub fn check_priced(tx: &mut Tx, document: &Material) -> Result<()> {
    if document.borne_by != Some(LossBearer::Subcontractor) {
        return Ok(());
    }
    let lots = || document.lines.iter().filter_map(|line| line.lot.as_ref());
    let costs = store::unit_costs(tx, &lots().map(|lot| lot.id.uuid()).collect::<Vec<_>>())?;
    let priced = |line: &&MaterialLine| line.lot.as_ref().is_some_and(|lot| costs.contains_key(&lot.id.uuid()));
    let Some(line) = document.lines.iter().find(|line| !priced(line)) else { return Ok(()) };
    let lot = line.lot.as_ref().map_or("—", |lot| &lot.code);
    let refusal = Refusal::new(ProblemCode::LotPriceUnknown).with("item", &line.item.code);
    Err(refusal.with("lot", lot).into())
}

/// Asks for a ruling.
///
/// # Errors
/// Those of the database.
pub fn request(tx: &mut Tx, document: &Material) -> Result<()> {
    let reference =
        DocumentRef { kind: DocumentKind::Material, id: document.id.uuid(), number: document.number.clone() };
    let (permission, subject) = (Permission::MaterialApprove, subject(tx, document)?);
    let request = Request { document: &reference, permission, urgent: false, due_on: None, subject, effect: decided };
    approvals::approval_request(tx, &request).map(drop)
}

/// Whether a flow was drawn that holds a document which is posted at once without one.
///
/// # Errors
/// Those of the database.
pub fn is_held(tx: &mut Tx, document: &Material) -> Result<bool> {
    let facts = subject(tx, document)?.facts;
    approvals::is_drawn(tx, DocumentKind::Material, &facts)
}

/// What a document says of itself to its flow.
fn subject(tx: &mut Tx, document: &Material) -> Result<Subject> {
    let lines = document.lines.iter().map(|line| (line.item.id, line.quantity));
    let partner = document.partner.as_ref().map(|partner| partner.id);
    let mut subject = Subject::of(tx, partner, &lines.collect::<Vec<_>>())?;
    subject.say(TextFact::MaterialKind, document.kind.to_string());
    subject.mark(FlagFact::ToleranceExceeded, document.kind == MaterialKind::OverConsumption);
    if document.kind == MaterialKind::Count {
        subject.held_by([document.created_by.id], Duty::Count);
    }
    Ok(subject)
}

/// What an approver's decision does to a document: it is posted, or called off.
///
/// # Errors
/// `state_forbids`, `ruling_exceeds_over`, `lot_price_unknown`, `count_outdated`, `stock_insufficient`, `period_closed`,
/// `order_not_open`.
pub fn decided(tx: &mut Tx, id: Uuid, decision: Decision, reason: &str) -> Result<()> {
    let id = MaterialDocumentId::from(id);
    store::lock(tx, id)?;
    let before = material_read(tx, id)?;
    if before.record_state != MaterialState::Draft || before.approval_state != MaterialApproval::Pending {
        return Err(state_forbids(&before));
    }
    if decision == Decision::Approve {
        super::service::check_orders_open(tx, &before)?;
        check_over(tx, &before)?;
        check_priced(tx, &before)?;
        let lots = before.lines.iter().filter_map(|line| line.lot.as_ref()).map(|lot| lot.id);
        super::service::check_usable(tx, before.kind, lots)?;
        posting::post(tx, &before, before.occurred_at)?;
        check_not_overtaken(tx, &before)?;
        store::set_posted(tx, id, posting::custody_once_posted(&before), Some(MaterialApproval::Approved))?;
        posting::followed(tx, &before)?;
        return changed(tx, &before, (AuditAction::Approved, reason));
    }
    let action = if decision == Decision::Refuse { AuditAction::Refused } else { AuditAction::Returned };
    store::set_ended(tx, id, MaterialState::Cancelled, Some(MaterialApproval::Rejected))?;
    changed(tx, &before, (action, reason))
}

/// A count tells by how much the books were wrong when it was made. Once another count put them right, the difference
/// is not there any more. Asked when the balances are held.
fn check_not_overtaken(tx: &mut Tx, document: &Material) -> Result<()> {
    let Some(by) = store::counted_since(tx, document.id)? else { return Ok(()) };
    Err(Refusal::new(ProblemCode::CountOutdated).with("number", &document.number).with("other", by).into())
}

/// What was used too much may be in any finished lot of the order, and is deducted from the subcontractor when it
/// bears it.
///
/// # Errors
/// Those of the database.
pub fn settle(tx: &mut Tx, document: &Material, lines: &[Line]) -> Result<()> {
    let Some(order) = document.order_id else { return Ok(()) };
    let lots: Vec<Uuid> =
        lines.iter().filter(|line| !line.already_declared).filter_map(|line| line.lot).map(LotId::uuid).collect();
    let possible = store::unlinked(tx, order, &lots)?.into_iter().map(|(parent, child)| NewLink {
        parent,
        child,
        quantity: Decimal::ZERO,
        certainty: Certainty::Default,
        line: lines.iter().find(|line| line.lot == Some(parent)).map_or(1, |line| line.number),
        newborn: false,
    });
    let possible: Vec<NewLink> = possible.collect();
    let source = Source { kind: DocumentKind::Material, id: document.id.uuid(), order: Some(order) };
    links::link(tx, source, &possible)?;
    if document.borne_by != Some(LossBearer::Subcontractor) {
        return Ok(());
    }
    let order = order_read(tx, order)?;
    let ids: Vec<Uuid> = lines.iter().filter_map(|line| line.lot).map(LotId::uuid).collect();
    let costs = store::unit_costs(tx, &ids)?;
    let charges = lines.iter().filter_map(|line| Some((line.quantity, *costs.get(&line.lot?.uuid())?)));
    let charges: Vec<(Decimal, Decimal)> = charges.collect();
    settlement::charged(tx, &order, &charges, document.id.uuid())
}
