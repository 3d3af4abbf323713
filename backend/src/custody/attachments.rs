//! Photos laid to deliveries: kept as they came, with their digest (R73).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::custody::AttachmentRef;
use lotline_common::id::{AttachmentId, IssueNoteId};
use lotline_common::ledger::DocumentKind;
use lotline_common::orders::CustodyState;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::{rules, service};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, list};
use crate::error::Result;
use crate::http::body::FileBody;
use crate::schema::{attachment, issue_note_line};

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
    let (file_name, line) = named;
    let partner = tx.portal_partner()?;
    let media_type =
        rules::picture_type(&file.content).ok_or_else(|| Refusal::new(ProblemCode::FileTypeUnsupported))?;
    check(tx, document, named)?;
    let attachment_id = AttachmentId::new();
    diesel::insert_into(attachment::table)
        .values((
            attachment::org_id.eq(tx.org()),
            attachment::id.eq(attachment_id.uuid()),
            attachment::partner_id.eq(partner.uuid()),
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
    let count: i64 = attachment::table
        .filter(attachment::org_id.eq(tx.org()))
        .filter(attachment::document_kind.eq(document.0.as_str()))
        .filter(attachment::document_id.eq(document.1))
        .count()
        .get_result(tx.conn)?;
    if count >= rules::MAXIMUM_FILES {
        return Err(Refusal::new(ProblemCode::AttachmentsTooMany).with("maximum", rules::MAXIMUM_FILES).into());
    }
    Ok(())
}

/// A file's type and content.
///
/// # Errors
/// `not_found`.
pub fn attachment_read(reader: &mut Reader, id: AttachmentId) -> Result<(String, Vec<u8>)> {
    let row = attachment::table.find((reader.org(), id.uuid())).select((attachment::media_type, attachment::content));
    Ok(row.first(reader.conn)?)
}
