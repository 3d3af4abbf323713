//! Requisitions: written, submitted, decided, withdrawn.

use diesel::prelude::*;
use lotline_common::approvals::Decision;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::ClauseCheck;
use lotline_common::custody::AttachmentRef;
use lotline_common::flows::facts::{DateFact, FlagFact, NumberFact, TextFact};
use lotline_common::id::{OrderId, RequisitionId};
use lotline_common::issuing::{
    ApprovalState, Priority, Requisition, RequisitionCreate, RequisitionIssueState, RequisitionLineWrite,
    RequisitionTransition, RequisitionUpdate, SupplementReason,
};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::orders::{Order, OrderState};
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::requesting::{self, Component};
use crate::approvals::service::{self as approvals, Request};
use crate::approvals::subject::Subject;
use crate::audit::{self, Event};
use crate::contracts::service::checking;
use crate::custody::attachments;
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::http::body::FileBody;
use crate::ledger::soft;
use crate::masterdata::lookup;
use crate::numbering::next_number;
use crate::orders::components::{self, ComponentRow};
use crate::orders::service as orders;
use crate::quality::rules::check_reason;
use crate::schema::{requisition, requisition_line};

/// One requisition with its lines and what stands behind them now.
///
/// # Errors
/// `not_found`.
pub fn requisition_read(reader: &mut Reader, id: RequisitionId) -> Result<Requisition> {
    list::one(reader, "requisition_detail_view", id)
}

/// What the clauses of its order say about issuing exactly what a requisition asks for, as it would be now.
///
/// # Errors
/// `not_found`.
pub fn requisition_clause_check(reader: &mut Reader, id: RequisitionId) -> Result<ClauseCheck> {
    let requisition = requisition_read(reader, id)?;
    let asked = requisition.lines.iter().map(|line| (line.item.id, line.requested_quantity));
    checking::issue_check(reader, requisition.order_id, &asked.collect::<Vec<_>>())
}

/// Locks a requisition and reads it.
///
/// # Errors
/// `not_found`.
pub fn requisition_lock(tx: &mut Tx, id: RequisitionId) -> Result<Requisition> {
    let row = requisition::table.find((tx.org(), id.uuid())).select(requisition::id).for_update();
    row.first::<Uuid>(tx.conn)?;
    requisition_read(tx, id)
}

/// Writes a requisition, and submits it when asked to. What goes beyond the order's requirement is a supplement (补料):
/// it says why, and its issue is held against the tolerance of the contract.
///
/// # Errors
/// `order_not_open`, `fields_invalid`, `issue_exceeds_requirement`; `reason_required` for a supplement.
pub fn requisition_create(tx: &mut Tx, command: &RequisitionCreate) -> Result<Requisition> {
    let order = open_order(tx, command.order_id)?;
    let rows = check(tx, &order, (&command.reason, &command.lines), (command.supplement, None))?;
    let kind = if command.supplement.is_some() { "supplement" } else { "standard" };
    let (id, number) = (RequisitionId::new(), next_number(tx, DocumentKind::Requisition)?);
    diesel::insert_into(requisition::table)
        .values((
            requisition::org_id.eq(tx.org()),
            requisition::id.eq(id.uuid()),
            requisition::number.eq(&number),
            requisition::order_id.eq(command.order_id.uuid()),
            requisition::needed_on.eq(command.needed_on),
            requisition::priority.eq(command.priority.as_str()),
            requisition::kind.eq(kind),
            requisition::reason_code.eq(command.supplement.map_or("", SupplementReason::as_str)),
            requisition::reason.eq(command.reason.trim()),
            requisition::requested_by.eq(tx.ctx.person.uuid()),
            requisition::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    write_lines(tx, id, &command.lines, &rows)?;
    let made = requisition_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Requisition, id, AuditAction::Created).after(&made)?)?;
    if command.submit {
        return submit(tx, &made);
    }
    tx.notify(LiveTopic::Requisition, Some(id.uuid()), None);
    Ok(made)
}

/// Changes a draft, or one that was returned.
///
/// # Errors
/// `version_stale`, `state_forbids`, and those of writing one.
pub fn requisition_update(
    tx: &mut Tx,
    id: RequisitionId,
    version: i64,
    command: &RequisitionUpdate,
) -> Result<Requisition> {
    let before = requisition_lock(tx, id)?;
    check_version(before.version, version)?;
    if before.approval_state != ApprovalState::Draft {
        let refusal = Refusal::new(ProblemCode::StateForbids);
        return Err(refusal.with("number", before.number).with("state", before.approval_state).into());
    }
    let order = open_order(tx, before.order_id)?;
    let rows = check(tx, &order, (&command.reason, &command.lines), (before.supplement, Some(&before)))?;
    diesel::update(requisition::table.find((tx.org(), id.uuid())))
        .set((
            requisition::needed_on.eq(command.needed_on),
            requisition::priority.eq(command.priority.as_str()),
            requisition::reason.eq(command.reason.trim()),
            requisition::version.eq(requisition::version + 1),
        ))
        .execute(tx.conn)?;
    let old = requisition_line::table.filter(requisition_line::org_id.eq(tx.org()));
    diesel::delete(old.filter(requisition_line::requisition_id.eq(id.uuid()))).execute(tx.conn)?;
    write_lines(tx, id, &command.lines, &rows)?;
    let after = requisition_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Requisition, id, AuditAction::Updated).change(&before, &after)?)?;
    tx.notify(LiveTopic::Requisition, Some(id.uuid()), None);
    Ok(after)
}

/// The order, locked so that two requisitions cannot both take its last need.
fn open_order(tx: &mut Tx, id: OrderId) -> Result<Order> {
    let order = orders::order_lock(tx, id).map_err(|error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::NotFound => {
            Refusal::new(ProblemCode::ReferenceUnknown).with("what", "order_id").into()
        }
        _ => error,
    })?;
    if order.record_state != OrderState::Open {
        let refusal = Refusal::new(ProblemCode::OrderNotOpen).with("number", &order.number);
        return Err(refusal.with("state", order.record_state).into());
    }
    Ok(order)
}

/// Checks lines against the order. What the requisition itself asked for before does not count.
fn check(
    tx: &mut Tx,
    order: &Order,
    asked: (&str, &[RequisitionLineWrite]),
    of: (Option<SupplementReason>, Option<&Requisition>),
) -> Result<Vec<Component>> {
    let ((reason, lines), (supplement, own)) = (asked, of);
    let rows = components::component_rows(tx, order.id)?;
    let known: Vec<_> = rows.iter().map(|row| component(row, own)).collect();
    requesting::check_lines(&order.number, lines, &known).map_err(|no| lookup::named(tx, no.into()))?;
    if supplement.is_some() {
        check_reason(reason)?;
    } else {
        requesting::check_within_requirement(lines, &known)?;
    }
    let mut fields = FieldCheck::new();
    fields.optional_text("/reason", reason, 500);
    fields.finish()?;
    Ok(known)
}

fn component(row: &ComponentRow, own: Option<&Requisition>) -> Component {
    let own = own.into_iter().flat_map(|own| &own.lines).filter(|line| line.item.id.uuid() == row.item_id);
    let own: Decimal = own.map(|line| line.requested_quantity).sum();
    Component {
        line: row.line_number,
        item: row.item_id,
        code: row.item_code.clone(),
        supply: row.supply(),
        decimal_places: row.decimal_places(),
        required: row.required(),
        committed: row.committed() - own,
    }
}

fn write_lines(tx: &mut Tx, id: RequisitionId, lines: &[RequisitionLineWrite], components: &[Component]) -> Result<()> {
    let org = tx.org();
    let values = lines.iter().filter_map(|line| {
        let component = components.iter().find(|known| known.item == line.item_id.uuid())?;
        Some((
            requisition_line::org_id.eq(org),
            requisition_line::requisition_id.eq(id.uuid()),
            requisition_line::line_number.eq(component.line),
            requisition_line::item_id.eq(component.item),
            requisition_line::proposed_quantity.eq(component.proposed()),
            requisition_line::requested_quantity.eq(line.quantity),
        ))
    });
    diesel::insert_into(requisition_line::table).values(values.collect::<Vec<_>>()).execute(tx.conn)?;
    Ok(())
}

/// Lays evidence to a requisition that is not decided yet. It stays with the maker's people.
///
/// # Errors
/// `not_found`, `state_forbids`, `file_type_unsupported`, `attachments_too_many`, `fields_invalid`.
pub fn requisition_attach(tx: &mut Tx, id: RequisitionId, file_name: &str, file: &FileBody) -> Result<AttachmentRef> {
    let before = requisition_lock(tx, id)?;
    requesting::check_undecided(&before.number, before.approval_state)?;
    let made = attachments::lay_evidence(tx, (DocumentKind::Requisition, id.uuid()), file_name, file)?;
    audit::append(tx, Event::new(AggregateKind::Requisition, id, AuditAction::Attached).after(&made)?)?;
    tx.notify(LiveTopic::Requisition, Some(id.uuid()), None);
    // Whoever has it before them to sign it has another record now.
    if let Some(approval) = before.approval {
        tx.notify(LiveTopic::Approval, Some(approval.id.uuid()), None);
    }
    Ok(made)
}

/// Submits or withdraws.
///
/// # Errors
/// `version_stale`, `state_forbids`.
pub fn requisition_transition(
    tx: &mut Tx,
    id: RequisitionId,
    version: i64,
    command: &RequisitionTransition,
) -> Result<Requisition> {
    let before = requisition_lock(tx, id)?;
    check_version(before.version, version)?;
    requesting::check_transition(&before.number, (before.approval_state, before.issue_state), command.state)?;
    if command.state == ApprovalState::Pending {
        return submit(tx, &before);
    }
    approvals::approval_withdraw(tx, DocumentKind::Requisition, id.uuid())?;
    set_approval_state(tx, &before, (ApprovalState::Withdrawn, AuditAction::Withdrawn), "")
}

fn submit(tx: &mut Tx, before: &Requisition) -> Result<Requisition> {
    let document = DocumentRef { kind: DocumentKind::Requisition, id: before.id.uuid(), number: before.number.clone() };
    set_approval_state(tx, before, (ApprovalState::Pending, AuditAction::Submitted), "")?;
    let (permission, urgent) = (Permission::RequisitionApprove, before.priority == Priority::Urgent);
    let (due_on, subject) = (Some(before.needed_on), subject(tx, before)?);
    let request = Request { document: &document, permission, urgent, due_on, subject, effect: decided };
    approvals::approval_request(tx, &request)?;
    requisition_read(tx, before.id)
}

/// What a requisition says of itself to its flow.
fn subject(tx: &mut Tx, requisition: &Requisition) -> Result<Subject> {
    let lines = requisition.lines.iter().map(|line| (line.item.id, line.requested_quantity));
    let mut subject = Subject::of(tx, Some(requisition.partner.id), &lines.collect::<Vec<_>>())?;
    let excess = requisition.lines.iter().map(requesting::excess_percent).max().unwrap_or_default();
    subject.count(NumberFact::ExcessPercent, excess);
    subject.mark(FlagFact::ToleranceExceeded, excess > Decimal::ZERO);
    subject.mark(FlagFact::Urgent, requisition.priority == Priority::Urgent);
    subject.mark(FlagFact::Supplement, requisition.supplement.is_some());
    subject.name_day(tx, DateFact::NeededOn, requisition.needed_on)?;
    let operation = orders::order_read(tx, requisition.order_id)?.operation.id;
    subject.say(TextFact::Operation, operation.to_string());
    Ok(subject)
}

/// What an approver's decision does to a requisition.
///
/// # Errors
/// `state_forbids`.
pub fn decided(tx: &mut Tx, id: Uuid, decision: Decision, reason: &str) -> Result<()> {
    let before = requisition_lock(tx, id.into())?;
    if before.approval_state != ApprovalState::Pending {
        let refusal = Refusal::new(ProblemCode::StateForbids);
        return Err(refusal.with("number", before.number).with("state", before.approval_state).into());
    }
    let to = match decision {
        Decision::Approve => (ApprovalState::Approved, AuditAction::Approved),
        Decision::Refuse => (ApprovalState::Rejected, AuditAction::Refused),
        Decision::Return => (ApprovalState::Draft, AuditAction::Returned),
    };
    set_approval_state(tx, &before, to, reason).map(drop)
}

fn set_approval_state(
    tx: &mut Tx,
    before: &Requisition,
    to: (ApprovalState, AuditAction),
    reason: &str,
) -> Result<Requisition> {
    let (state, action) = to;
    diesel::update(requisition::table.find((tx.org(), before.id.uuid())))
        .set((requisition::approval_state.eq(state.as_str()), requisition::version.eq(requisition::version + 1)))
        .execute(tx.conn)?;
    if matches!(state, ApprovalState::Rejected | ApprovalState::Withdrawn) {
        soft::void_of_document(tx, (DocumentKind::Requisition, before.id.uuid()), reason)?;
    }
    let after = requisition_read(tx, before.id)?;
    let change = serde_json::json!({ "changes": { "approval_state": { "from": before.approval_state, "to": state } } });
    audit::append(tx, Event::new(AggregateKind::Requisition, before.id, action).reason(reason).details(change))?;
    tx.notify(LiveTopic::Requisition, Some(before.id.uuid()), None);
    Ok(after)
}

/// Moves the issue axis: a pick task began, was given up, or was issued.
///
/// # Errors
/// Those of the database.
pub fn set_issue_state(tx: &mut Tx, id: RequisitionId, state: RequisitionIssueState) -> Result<()> {
    diesel::update(requisition::table.find((tx.org(), id.uuid())))
        .set((requisition::issue_state.eq(state.as_str()), requisition::version.eq(requisition::version + 1)))
        .returning(requisition::id)
        .cached()
        .load::<Uuid>(tx.conn)?;
    if state == RequisitionIssueState::Issued {
        soft::void_of_document(tx, (DocumentKind::Requisition, id.uuid()), "")?;
    }
    tx.notify(LiveTopic::Requisition, Some(id.uuid()), None);
    Ok(())
}
