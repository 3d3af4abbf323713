//! Evidence laid to material documents: a certificate of destruction, photos of what was lost or counted.

use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::custody::AttachmentRef;
use lotline_common::id::MaterialDocumentId;
use lotline_common::ledger::DocumentKind;
use lotline_common::material::{Material, MaterialApproval, MaterialState};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;

use super::service::{material_read, state_forbids};
use super::store;
use crate::audit::{self, Event};
use crate::custody::attachments;
use crate::db::Tx;
use crate::error::Result;
use crate::http::body::FileBody;

/// Lays evidence to a document. What comes once it is posted is shown with it, and changes nothing that was signed.
///
/// # Errors
/// `not_found`, `evidence_not_taken`, `state_forbids`, `file_type_unsupported`, `attachments_too_many`,
/// `fields_invalid`.
pub fn material_attach(tx: &mut Tx, id: MaterialDocumentId, file_name: &str, file: &FileBody) -> Result<AttachmentRef> {
    store::lock(tx, id)?;
    let document = material_read(tx, id)?;
    check(&document)?;
    let made = attachments::lay_evidence(tx, (DocumentKind::Material, id.uuid()), file_name, file)?;
    let partner = tx.ctx.partner;
    let event = Event::new(AggregateKind::Material, id, AuditAction::Attached).after(&made)?;
    audit::append(tx, if let Some(partner) = partner { event.visible_to(partner) } else { event })?;
    tx.notify(LiveTopic::Material, Some(id.uuid()), partner);
    if document.approval_state == MaterialApproval::Pending {
        // Whoever has it before them to sign it has another record now.
        tx.notify(LiveTopic::Approval, None, partner);
    }
    Ok(made)
}

/// A subcontractor's person lays evidence to a document of the own company.
///
/// # Errors
/// `not_found` for our own people, and those of [`material_attach`].
pub fn material_attach_own(
    tx: &mut Tx,
    id: MaterialDocumentId,
    file_name: &str,
    file: &FileBody,
) -> Result<AttachmentRef> {
    tx.portal_partner()?;
    material_attach(tx, id, file_name, file)
}

fn check(document: &Material) -> Result<()> {
    if !document.kind.takes_evidence() {
        return Err(Refusal::new(ProblemCode::EvidenceNotTaken).with("number", &document.number).into());
    }
    match document.record_state {
        MaterialState::Draft | MaterialState::Posted => Ok(()),
        MaterialState::Reversed | MaterialState::Cancelled => Err(state_forbids(document)),
    }
}
