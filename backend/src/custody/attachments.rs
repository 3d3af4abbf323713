//! Files laid to documents, photos of deliveries and evidence: kept as they came, with their digest (R73).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::custody::AttachmentRef;
use lotline_common::id::{AttachmentId, IssueNoteId, PartnerId};
use lotline_common::ledger::DocumentKind;
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{rules, service};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, list};
use crate::error::Result;
use crate::http::body::FileBody;
use crate::schema::{attachment, issue_note_line};
use crate::signing::rules::right_to_see;

/// Lays a photo to a delivery that is not confirmed yet.
///
/// # Errors
/// `not_found`, `already_confirmed`, `file_type_unsupported`, `attachments_too_many`, `fields_invalid`.
pub fn attachment_create(
    tx: &mut Tx,
    id: IssueNoteId,
    named: (&str, Option<i32>),
    file: &FileBody,
) -> Result<AttachmentRef> {
    let partner = tx.portal_partner()?;
    crate::issuing::notes::issue_note_lock(tx, id)?;
    let delivery = service::delivery_read(tx, id)?;
    if delivery.custody_state != CustodyState::InTransit {
        return Err(Refusal::new(ProblemCode::AlreadyConfirmed).with("number", delivery.number).into());
    }
    let made = lay(tx, (DocumentKind::Issue, id.uuid()), named, file)?;
    let event = Event::new(AggregateKind::Issue, id, AuditAction::Attached).visible_to(partner);
    audit::append(tx, event.after(&made)?)?;
    tx.notify(LiveTopic::Issue, Some(id.uuid()), Some(partner));
    Ok(made)
}

/// Lays a subcontractor's photo to a document, which the caller has locked, or to one of its lines.
///
/// # Errors
/// `file_type_unsupported`, `attachments_too_many`, `fields_invalid`.
pub fn lay(
    tx: &mut Tx,
    document: (DocumentKind, Uuid),
    named: (&str, Option<i32>),
    file: &FileBody,
) -> Result<AttachmentRef> {
    tx.portal_partner()?;
    let media_type = rules::picture_type(&file.content).ok_or_else(|| unsupported("JPEG, PNG, WebP"))?;
    keep(tx, document, named, (media_type, file))
}

/// Lays a picture or a PDF to a document, which the caller has locked. What a subcontractor's person lays is for its
/// company and the maker to see; what the maker's people lay is theirs alone.
///
/// # Errors
/// `file_type_unsupported`, `attachments_too_many`, `fields_invalid`.
pub fn lay_evidence(
    tx: &mut Tx,
    document: (DocumentKind, Uuid),
    file_name: &str,
    file: &FileBody,
) -> Result<AttachmentRef> {
    let media_type = rules::evidence_type(&file.content).ok_or_else(|| unsupported("JPEG, PNG, WebP, PDF"))?;
    keep(tx, document, (file_name, None), (media_type, file))
}

fn unsupported(expected: &str) -> Refusal {
    Refusal::new(ProblemCode::FileTypeUnsupported).with("expected", expected)
}

fn keep(
    tx: &mut Tx,
    document: (DocumentKind, Uuid),
    named: (&str, Option<i32>),
    (media_type, file): (&str, &FileBody),
) -> Result<AttachmentRef> {
    check(tx, document, named)?;
    let ((file_name, line), attachment_id) = (named, AttachmentId::new());
    diesel::insert_into(attachment::table)
        .values((
            attachment::org_id.eq(tx.org()),
            attachment::id.eq(attachment_id.uuid()),
            attachment::partner_id.eq(tx.ctx.partner.map(PartnerId::uuid)),
            attachment::document_kind.eq(document.0.as_str()),
            attachment::document_id.eq(document.1),
            attachment::document_line.eq(line),
            attachment::media_type.eq(media_type),
            attachment::file_name.eq(file_name.trim()),
            attachment::sha256.eq(&file.digest),
            attachment::content.eq(&file.content),
            attachment::created_by.eq(tx.ctx.person.uuid()),
            attachment::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    list::one(tx, "attachment_view", attachment_id)
}

fn check(tx: &mut Tx, document: (DocumentKind, Uuid), named: (&str, Option<i32>)) -> Result<()> {
    let mut fields = FieldCheck::new();
    fields.required_text("/file_name", named.0, 200);
    if let Some(line) = named.1 {
        let known = issue_note_line::table.find((tx.org(), document.1, line));
        let known: bool = diesel::select(diesel::dsl::exists(known)).get_result(tx.conn)?;
        if !known {
            fields.refuse("/line", Refusal::new(ProblemCode::ReferenceUnknown).with("what", "line"));
        }
    }
    fields.finish()?;
    // Each side counts its own: the other one's may not be seen, and is not held against it.
    let count: i64 = attachment::table
        .filter(attachment::org_id.eq(tx.org()))
        .filter(attachment::document_kind.eq(document.0.as_str()))
        .filter(attachment::document_id.eq(document.1))
        .filter(attachment::partner_id.is_not_distinct_from(tx.ctx.partner.map(PartnerId::uuid)))
        .count()
        .get_result(tx.conn)?;
    if count >= rules::MAXIMUM_FILES {
        return Err(Refusal::new(ProblemCode::AttachmentsTooMany).with("maximum", rules::MAXIMUM_FILES).into());
    }
    Ok(())
}

/// A file as it is handed out.
#[derive(Debug, Queryable)]
pub struct LaidFile {
    document_kind: String,
    /// What it is.
    pub media_type: String,
    /// What whoever laid it calls it.
    pub file_name: String,
    /// Content.
    pub content: Vec<u8>,
    sha256: Vec<u8>,
}

/// A file, for whoever may see the document that it lies with. One that is not what was laid is evidence of nothing,
/// and is not handed out.
///
/// # Errors
/// `not_found`, `permission_missing`.
pub fn attachment_read(reader: &mut Reader, id: AttachmentId) -> Result<LaidFile> {
    let row = attachment::table.find((reader.org(), id.uuid())).select((
        attachment::document_kind,
        attachment::media_type,
        attachment::file_name,
        attachment::content,
        attachment::sha256,
    ));
    let file: LaidFile = row.first(reader.conn)?;
    let kind: DocumentKind = file.document_kind.parse().map_err(anyhow::Error::from)?;
    let needed = if reader.ctx.partner.is_some() { Permission::PortalView } else { right_to_see(kind) };
    if !reader.ctx.may(needed) {
        return Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", needed).into());
    }
    if Sha256::digest(&file.content).to_vec() != file.sha256 {
        return Err(anyhow::anyhow!("attachment {id} was altered: its content does not match its digest").into());
    }
    Ok(file)
}
