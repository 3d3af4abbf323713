//! Requesting, deciding and withdrawing approvals.

use chrono::NaiveDate;
use diesel::prelude::*;
use lotline_common::approvals::{Approval, ApprovalDecide, ApprovalOutcome};
use lotline_common::id::ApprovalId;
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::{Registry, rules};
use crate::db::{Reader, Tx, list};
use crate::error::{Error, Result};
use crate::schema::approval;

/// A document that waits for an approver.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The document.
    pub document: &'a DocumentRef,
    /// Permission that a decision needs.
    pub permission: Permission,
    /// Ranked first.
    pub urgent: bool,
    /// When the document is needed.
    pub due_on: Option<NaiveDate>,
}

/// Asks for an approval.
///
/// # Errors
/// Those of the database.
pub fn approval_request(tx: &mut Tx, request: &Request) -> Result<ApprovalId> {
    let id = ApprovalId::new();
    diesel::insert_into(approval::table)
        .values((
            approval::org_id.eq(tx.org()),
            approval::id.eq(id.uuid()),
            approval::document_kind.eq(request.document.kind.as_str()),
            approval::document_id.eq(request.document.id),
            approval::document_number.eq(&request.document.number),
            approval::permission.eq(request.permission.as_str()),
            approval::urgent.eq(request.urgent),
            approval::due_on.eq(request.due_on),
            approval::requested_by.eq(tx.ctx.person.uuid()),
            approval::requested_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    tx.notify(LiveTopic::Approval, Some(id.uuid()), None);
    Ok(id)
}

/// Takes back what waits for a document.
///
/// # Errors
/// Those of the database.
pub fn approval_withdraw(tx: &mut Tx, kind: DocumentKind, document: Uuid) -> Result<()> {
    diesel::update(approval::table)
        .filter(approval::org_id.eq(tx.org()))
        .filter(approval::document_kind.eq(kind.as_str()))
        .filter(approval::document_id.eq(document))
        .filter(approval::state.eq(ApprovalOutcome::Pending.as_str()))
        .set(approval::state.eq(ApprovalOutcome::Withdrawn.as_str()))
        .execute(tx.conn)?;
    tx.notify(LiveTopic::Approval, None, None);
    Ok(())
}

/// One approval, and whether the asker may decide it now.
///
/// # Errors
/// `not_found`.
pub fn approval_read(reader: &mut Reader, id: ApprovalId) -> Result<Approval> {
    list::one(reader, "approval_inbox_view", id)
}

/// Decides, once, and does to the document what follows.
///
/// # Errors
/// `permission_missing`, `approver_is_requester`, `already_decided`, `reason_required`, and those of
/// the document.
pub fn approval_decide(tx: &mut Tx, registry: &Registry, id: ApprovalId, command: &ApprovalDecide) -> Result<Approval> {
    let row = approval::table.find((tx.org(), id.uuid())).select(approval::permission).for_update();
    let permission: Permission = row.first::<String>(tx.conn)?.parse().map_err(anyhow::Error::from)?;
    if !tx.ctx.may(permission) {
        return Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", permission).into());
    }
    let before = approval_read(tx, id)?;
    rules::check_decidable(&before, tx.ctx.person)?;
    rules::check_decision(command)?;
    let effect = registry.effect(before.document.kind);
    let effect = effect.ok_or_else(|| Error::from(anyhow::anyhow!("{} cannot be approved", before.document.kind)))?;
    diesel::update(approval::table.find((tx.org(), id.uuid())))
        .set((
            approval::state.eq(command.decision.outcome().as_str()),
            approval::decided_by.eq(tx.ctx.person.uuid()),
            approval::decided_at.eq(tx.now),
            approval::reason.eq(command.reason.trim()),
        ))
        .execute(tx.conn)?;
    effect(tx, before.document.id, command.decision, command.reason.trim())?;
    tx.notify(LiveTopic::Approval, Some(id.uuid()), None);
    approval_read(tx, id)
}
