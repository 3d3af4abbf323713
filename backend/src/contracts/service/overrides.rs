//! Acts against a clause: asked for, approved, used once.

use diesel::prelude::*;
use lotline_common::approvals::Decision;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{
    ClauseOverride, ClauseOverrideCreate, ClauseOverrideTransition, ContractStep, Enforcement, OverrideState,
};
use lotline_common::flows::facts::{FlagFact, NumberFact};
use lotline_common::id::ClauseOverrideId;
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::orders::order_versions;
use crate::approvals::service::{self as approvals, Request};
use crate::approvals::subject::Subject;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::numbering::next_number;
use crate::orders::service as orders;
use crate::quality::rules::check_reason;
use crate::schema::clause_override;

/// One override.
///
/// # Errors
/// `not_found`.
pub fn override_read(reader: &mut Reader, id: ClauseOverrideId) -> Result<ClauseOverride> {
    list::one(reader, "clause_override_view", id)
}

/// Kind of the document that a step writes.
#[must_use]
pub const fn document_of(step: ContractStep) -> DocumentKind {
    match step {
        ContractStep::OrderOpening => DocumentKind::Order,
        ContractStep::Issue => DocumentKind::Issue,
        ContractStep::Transfer => DocumentKind::Material,
        ContractStep::Receipt => DocumentKind::SubcontractReceipt,
    }
}

/// Asks for an act against a clause; it waits for an approver.
///
/// # Errors
/// `reference_unknown`, `clause_not_overridable`, `reason_required`, `fields_invalid`.
pub fn override_create(tx: &mut Tx, command: &ClauseOverrideCreate) -> Result<ClauseOverride> {
    check_reason(&command.reason)?;
    let mut check = FieldCheck::new();
    for (field, figure) in [("/figure_now", command.figure_now), ("/figure_after", command.figure_after)] {
        check.check(field, quantity::check_not_negative(figure, 6));
    }
    check.finish()?;
    check_clause(tx, command)?;
    let (id, number) = (ClauseOverrideId::new(), next_number(tx, DocumentKind::ClauseOverride)?);
    diesel::insert_into(clause_override::table)
        .values((
            clause_override::org_id.eq(tx.org()),
            clause_override::id.eq(id.uuid()),
            clause_override::number.eq(&number),
            clause_override::clause_id.eq(command.clause_id.uuid()),
            clause_override::order_id.eq(command.order_id.uuid()),
            clause_override::document_kind.eq(document_of(command.step).as_str()),
            clause_override::figure_now.eq(command.figure_now),
            clause_override::figure_after.eq(command.figure_after),
            clause_override::reason.eq(command.reason.trim()),
            clause_override::requested_by.eq(tx.ctx.person.uuid()),
            clause_override::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    let document = DocumentRef { kind: DocumentKind::ClauseOverride, id: id.uuid(), number };
    recorded(tx, id, (AuditAction::Submitted, &command.reason))?;
    let (permission, subject) = (Permission::ContractApprove, subject(tx, id)?);
    let request = Request { document: &document, permission, urgent: true, due_on: None, subject, effect: decided };
    approvals::approval_request(tx, &request)?;
    override_read(tx, id)
}

/// What an act against a clause says of itself to its flow.
fn subject(tx: &mut Tx, id: ClauseOverrideId) -> Result<Subject> {
    let act = override_read(tx, id)?;
    let mut subject = Subject::of(tx, Some(act.partner.id), &[])?;
    let now = act.figure_now;
    let excess = (act.figure_after - now).checked_mul(Decimal::ONE_HUNDRED).and_then(|more| more.checked_div(now));
    subject.count(NumberFact::ExcessPercent, excess);
    subject.mark(FlagFact::ClauseRefuses, true);
    Ok(subject)
}

/// The clause stands in an agreement that the order runs under, and says that it can be lifted.
fn check_clause(tx: &mut Tx, command: &ClauseOverrideCreate) -> Result<()> {
    let unknown = |what: &'static str| Error::from(Refusal::new(ProblemCode::ReferenceUnknown).with("what", what));
    let order = orders::order_read(tx, command.order_id).map_err(|error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::NotFound => unknown("order_id"),
        _ => error,
    })?;
    let versions = order_versions(tx, &order)?;
    let mut clauses = versions.iter().flat_map(|version| &version.clauses);
    let clause = clauses.find(|clause| clause.id == command.clause_id).ok_or_else(|| unknown("clause_id"))?;
    if clause.enforcement != Enforcement::Approve {
        return Err(Refusal::new(ProblemCode::ClauseNotOverridable).with("number", &clause.number).into());
    }
    Ok(())
}

fn override_lock(tx: &mut Tx, id: ClauseOverrideId) -> Result<ClauseOverride> {
    let row = clause_override::table.find((tx.org(), id.uuid())).select(clause_override::id).for_update();
    row.first::<Uuid>(tx.conn)?;
    override_read(tx, id)
}

/// Takes an override back that was not used.
///
/// # Errors
/// `version_stale`, `reason_required`, `state_forbids`.
pub fn override_transition(
    tx: &mut Tx,
    id: ClauseOverrideId,
    version: i64,
    command: &ClauseOverrideTransition,
) -> Result<ClauseOverride> {
    let before = override_lock(tx, id)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    let open = matches!(before.approval_state, OverrideState::Pending | OverrideState::Approved);
    if command.state != OverrideState::Withdrawn || !open || before.used_at.is_some() {
        return Err(state_forbids(&before));
    }
    approvals::approval_withdraw(tx, DocumentKind::ClauseOverride, id.uuid())?;
    set_state(tx, id, OverrideState::Withdrawn)?;
    recorded(tx, id, (AuditAction::Withdrawn, &command.reason))
}

fn state_forbids(before: &ClauseOverride) -> Error {
    let refusal = Refusal::new(ProblemCode::StateForbids).with("number", &before.number);
    refusal.with("state", before.approval_state).into()
}

/// What an approver's decision does to an override.
///
/// # Errors
/// `state_forbids`.
pub fn decided(tx: &mut Tx, id: Uuid, decision: Decision, reason: &str) -> Result<()> {
    let before = override_lock(tx, id.into())?;
    if before.approval_state != OverrideState::Pending {
        return Err(state_forbids(&before));
    }
    let (state, action) = match decision {
        Decision::Approve => (OverrideState::Approved, AuditAction::Approved),
        Decision::Refuse => (OverrideState::Rejected, AuditAction::Refused),
        Decision::Return => (OverrideState::Rejected, AuditAction::Returned),
    };
    set_state(tx, before.id, state)?;
    recorded(tx, before.id, (action, reason)).map(drop)
}

fn set_state(tx: &mut Tx, id: ClauseOverrideId, state: OverrideState) -> Result<()> {
    diesel::update(clause_override::table.find((tx.org(), id.uuid())))
        .set((
            clause_override::approval_state.eq(state.as_str()),
            clause_override::version.eq(clause_override::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn recorded(tx: &mut Tx, id: ClauseOverrideId, step: (AuditAction, &str)) -> Result<ClauseOverride> {
    let after = override_read(tx, id)?;
    let event = Event::new(AggregateKind::ClauseOverride, id, step.0).reason(step.1);
    audit::append(tx, event.after(&after)?)?;
    tx.notify(LiveTopic::Contract, Some(id.uuid()), None);
    Ok(after)
}
