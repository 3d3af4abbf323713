//! Agreements: written, amended by versions, approved.

use lotline_common::approvals::Decision;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{
    Agreement, AgreementCreate, AgreementVersion, AgreementVersionCreate, AgreementVersionTransition,
    AgreementVersionUpdate, Clause, ClauseWrite, VersionDifference, VersionState,
};
use lotline_common::flows::candidates::Duty;
use lotline_common::flows::facts::DateFact;
use lotline_common::id::{AgreementId, AgreementVersionId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::super::rules::{difference, writing};
use super::super::store::{self, NewVersion};
use crate::approvals::service::{self as approvals, Request};
use crate::approvals::subject::Subject;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::ledger::lots;
use crate::masterdata::lookup;
use crate::numbering::next_number;

/// One agreement with all its versions.
///
/// # Errors
/// `not_found`.
pub fn agreement_read(reader: &mut Reader, id: AgreementId) -> Result<Agreement> {
    list::one(reader, "agreement_detail_view", id)
}

/// One version with its clauses.
///
/// # Errors
/// `not_found`.
pub fn version_read(reader: &mut Reader, id: AgreementVersionId) -> Result<AgreementVersion> {
    list::one(reader, "agreement_version_view", id)
}

/// Writes an agreement with its first version, a draft.
///
/// # Errors
/// `fields_invalid`, `reference_unknown`.
pub fn agreement_create(tx: &mut Tx, command: &AgreementCreate) -> Result<Agreement> {
    lookup::subcontractor(tx, command.partner_id)?;
    let mut check = FieldCheck::new();
    check.required_text("/title/zh", &command.title.zh, 100);
    check.optional_text("/title/en", &command.title.en, 100);
    check_clauses(tx, check, &command.clauses)?;
    let (id, number) = (AgreementId::new(), next_number(tx, DocumentKind::Agreement)?);
    store::agreement_insert(tx, (id, &number), command)?;
    let (partner, effective_from) = (command.partner_id, command.effective_from);
    let new = NewVersion { agreement: id, partner, number: 1, effective_from, change_note: "" };
    let version = store::version_insert(tx, &new)?;
    store::clauses_write(tx, version, &command.clauses)?;
    let made = agreement_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Agreement, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Contract, Some(id.uuid()), None);
    Ok(made)
}

fn check_clauses(tx: &mut Tx, mut check: FieldCheck, clauses: &[ClauseWrite]) -> Result<()> {
    writing::check_clauses(&mut check, clauses);
    for (index, clause) in clauses.iter().enumerate().take(writing::MAXIMUM_CLAUSES) {
        let item = clause.item_id.map(|id| lookup::item_facts(tx, id, "item_id").map(drop));
        let operation = clause.operation_id.map(|id| lookup::operation(tx, id).map(drop));
        for (field, found) in [("item_id", item), ("operation_id", operation)] {
            match found {
                Some(Err(Error::Refused(refusal))) => check.refuse(format!("/clauses/{index}/{field}"), *refusal),
                Some(Err(error)) => return Err(error),
                Some(Ok(())) | None => {}
            }
        }
    }
    Ok(check.finish()?)
}

/// Locks an agreement and reads it.
fn agreement_lock(tx: &mut Tx, id: AgreementId) -> Result<Agreement> {
    store::agreement_lock(tx, id)?;
    agreement_read(tx, id)
}

/// Begins an amendment: a draft with the clauses of the last version.
///
/// # Errors
/// `state_forbids` while another version is being written or approved, `date_order_wrong`.
pub fn version_create(tx: &mut Tx, id: AgreementId, command: &AgreementVersionCreate) -> Result<AgreementVersion> {
    let before = agreement_lock(tx, id)?;
    let last = before.versions.first().ok_or_else(|| anyhow::anyhow!("an agreement without versions"))?;
    if matches!(last.state, VersionState::Draft | VersionState::Pending) {
        return Err(state_forbids(last));
    }
    let mut check = FieldCheck::new();
    check.optional_text("/change_note", &command.change_note, 500);
    check.finish()?;
    check_begins_after(last, command.effective_from)?;
    let new = NewVersion {
        agreement: id,
        partner: before.partner.id,
        number: last.version_number + 1,
        effective_from: command.effective_from,
        change_note: &command.change_note,
    };
    let made = store::version_insert(tx, &new)?;
    let copied: Vec<_> = last.clauses.iter().map(copy).collect();
    store::clauses_write(tx, made, &copied)?;
    recorded(tx, made, (AuditAction::Created, ""))
}

fn copy(clause: &Clause) -> ClauseWrite {
    ClauseWrite {
        number: clause.number.clone(),
        text: clause.text.clone(),
        item_id: clause.item.as_ref().map(|item| item.id),
        operation_id: clause.operation.as_ref().map(|operation| operation.id),
        terms: clause.terms.clone(),
        enforcement: clause.enforcement,
    }
}

fn state_forbids(version: &AgreementVersion) -> Error {
    let refusal = Refusal::new(ProblemCode::StateForbids).with("number", document_number(version));
    refusal.with("state", version.state).into()
}

fn check_begins_after(last: &AgreementVersion, effective_from: chrono::NaiveDate) -> Result<()> {
    if effective_from > last.effective_from {
        return Ok(());
    }
    let refusal = Refusal::new(ProblemCode::DateOrderWrong);
    Err(refusal.with("later", effective_from).with("earlier", last.effective_from).into())
}

/// Number of a version, e.g. `XY-2026-000004 v2`.
fn document_number(version: &AgreementVersion) -> String {
    format!("{} v{}", version.agreement_number, version.version_number)
}

/// Locks a version's agreement and reads the version.
fn version_lock(tx: &mut Tx, id: AgreementVersionId, version: i64) -> Result<AgreementVersion> {
    let agreement = store::version_agreement(tx, id)?;
    store::agreement_lock(tx, agreement)?;
    let before = version_read(tx, id)?;
    check_version(before.version, version)?;
    Ok(before)
}

/// The version before another one.
fn version_before(reader: &mut Reader, version: &AgreementVersion) -> Result<Option<AgreementVersion>> {
    let all = agreement_read(reader, version.agreement_id)?.versions;
    Ok(all.into_iter().find(|other| other.version_number < version.version_number))
}

/// Changes a draft: all of it.
///
/// # Errors
/// `version_stale`, `state_forbids`, `date_order_wrong`, `fields_invalid`, `reference_unknown`.
pub fn version_update(
    tx: &mut Tx,
    id: AgreementVersionId,
    version: i64,
    command: &AgreementVersionUpdate,
) -> Result<AgreementVersion> {
    let before = version_lock(tx, id, version)?;
    if before.state != VersionState::Draft {
        return Err(state_forbids(&before));
    }
    let mut check = FieldCheck::new();
    check.optional_text("/change_note", &command.change_note, 500);
    check_clauses(tx, check, &command.clauses)?;
    if let Some(former) = version_before(tx, &before)? {
        check_begins_after(&former, command.effective_from)?;
    }
    store::version_update(tx, id, command.effective_from, &command.change_note)?;
    store::clauses_write(tx, id, &command.clauses)?;
    let after = version_read(tx, id)?;
    let event = Event::new(AggregateKind::Agreement, before.agreement_id, AuditAction::Updated);
    audit::append(tx, event.change(&before, &after)?)?;
    tx.notify(LiveTopic::Contract, Some(before.agreement_id.uuid()), None);
    Ok(after)
}

/// Submits a draft for approval, or takes it back.
///
/// # Errors
/// `version_stale`, `state_forbids`, `lines_missing` for a version without clauses.
pub fn version_transition(
    tx: &mut Tx,
    id: AgreementVersionId,
    version: i64,
    command: &AgreementVersionTransition,
) -> Result<AgreementVersion> {
    let before = version_lock(tx, id, version)?;
    match (before.state, command.state) {
        (VersionState::Draft, VersionState::Pending) => submit(tx, &before),
        (VersionState::Pending, VersionState::Draft) => {
            approvals::approval_withdraw(tx, DocumentKind::Agreement, before.agreement_id.uuid())?;
            store::version_set_state(tx, id, VersionState::Draft)?;
            recorded(tx, id, (AuditAction::Withdrawn, ""))
        }
        _ => Err(state_forbids(&before)),
    }
}

fn submit(tx: &mut Tx, before: &AgreementVersion) -> Result<AgreementVersion> {
    if before.clauses.is_empty() {
        return Err(Refusal::new(ProblemCode::LinesMissing).with("maximum", writing::MAXIMUM_CLAUSES).into());
    }
    let (kind, id) = (DocumentKind::Agreement, before.agreement_id.uuid());
    let document = DocumentRef { kind, id, number: document_number(before) };
    store::version_set_state(tx, before.id, VersionState::Pending)?;
    recorded(tx, before.id, (AuditAction::Submitted, ""))?;
    let (permission, due_on) = (Permission::ContractApprove, Some(before.effective_from));
    let subject = subject(tx, before)?;
    let request = Request { document: &document, permission, urgent: false, due_on, subject, effect: decided };
    approvals::approval_request(tx, &request)?;
    version_read(tx, before.id)
}

/// What a version says of itself to its flow: whoever wrote any of it does not approve it.
fn subject(tx: &mut Tx, version: &AgreementVersion) -> Result<Subject> {
    let partner = agreement_read(tx, version.agreement_id)?.partner.id;
    let mut subject = Subject::of(tx, Some(partner), &[])?;
    subject.name_day(tx, DateFact::EffectiveOn, version.effective_from)?;
    // One draft is written at a time: whoever rewrote anything since it was begun wrote some of it.
    let writers = store::rewriters(tx, version.agreement_id, version.created_at)?;
    subject.held_by(writers.into_iter().chain([version.created_by.id]), Duty::Request);
    Ok(subject)
}

/// What an approver's decision does to the version that waits: it is in force from its first day on, and the
/// one before it until the day before.
///
/// # Errors
/// `state_forbids`, `date_order_wrong` for an amendment that would reach back.
pub fn decided(tx: &mut Tx, id: Uuid, decision: Decision, reason: &str) -> Result<()> {
    let before = agreement_lock(tx, id.into())?;
    let waiting = before.versions.iter().find(|version| version.state == VersionState::Pending);
    let version = waiting.ok_or_else(|| {
        let state = before.versions.first().map_or(VersionState::Draft, |version| version.state);
        Refusal::new(ProblemCode::StateForbids).with("number", &before.number).with("state", state)
    })?;
    let (state, action) = match decision {
        Decision::Approve => (VersionState::Effective, AuditAction::Approved),
        Decision::Refuse => (VersionState::Draft, AuditAction::Refused),
        Decision::Return => (VersionState::Draft, AuditAction::Returned),
    };
    if decision == Decision::Approve {
        replace_former(tx, &before, version)?;
    }
    store::version_set_state(tx, version.id, state)?;
    recorded(tx, version.id, (action, reason)).map(drop)
}

fn replace_former(tx: &mut Tx, agreement: &Agreement, version: &AgreementVersion) -> Result<()> {
    let Some(former) = agreement.versions.iter().find(|other| other.version_number < version.version_number) else {
        return Ok(());
    };
    let today = lots::today(tx)?;
    if version.effective_from < today {
        let refusal = Refusal::new(ProblemCode::DateOrderWrong);
        return Err(refusal.with("later", version.effective_from).with("earlier", today).into());
    }
    store::version_end_before(tx, former.id, version.effective_from)
}

/// Records a step of a version on its agreement, and answers the version.
fn recorded(tx: &mut Tx, id: AgreementVersionId, step: (AuditAction, &str)) -> Result<AgreementVersion> {
    let after = version_read(tx, id)?;
    let event = Event::new(AggregateKind::Agreement, after.agreement_id, step.0).reason(step.1);
    audit::append(tx, event.after(&after)?)?;
    tx.notify(LiveTopic::Contract, Some(after.agreement_id.uuid()), None);
    Ok(after)
}

/// What a version changes against the one before it, or against another one of the same agreement.
///
/// # Errors
/// `not_found`, also when the two belong to different agreements.
pub fn version_difference(
    reader: &mut Reader,
    id: AgreementVersionId,
    against: Option<AgreementVersionId>,
) -> Result<VersionDifference> {
    let to = version_read(reader, id)?;
    let from = match against {
        Some(other) => Some(version_read(reader, other)?),
        None => version_before(reader, &to)?,
    };
    if from.as_ref().is_some_and(|from| from.agreement_id != to.agreement_id) {
        return Err(Error::refused(ProblemCode::NotFound));
    }
    Ok(difference::difference(from.as_ref(), &to))
}
