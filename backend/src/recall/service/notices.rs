//! Notices: to subcontractors, who count in the portal, and to customers, to whom a person sends them.

use chrono::TimeDelta;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::custody::AttachmentRef;
use lotline_common::id::RecallNoticeId;
use lotline_common::ledger::DocumentKind;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::recall::{NoticeAcknowledge, NoticeKind, NoticeSend, NoticeState, Recall, RecallNotice};
use lotline_common::system::LiveTopic;

use crate::audit::{self, Event};
use crate::custody::attachments;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::http::body::FileBody;
use crate::numbering::next_number;
use crate::recall::rules;
use crate::recall::store::{self, NewNotice, ToTell};

/// One notice.
///
/// # Errors
/// `not_found`.
pub fn notice_read(reader: &mut Reader, id: RecallNoticeId) -> Result<RecallNotice> {
    list::one(reader, "recall_notice_view", id)
}

/// One notice to the asker's own company.
///
/// # Errors
/// `not_found`.
pub fn portal_notice_read(reader: &mut Reader, id: RecallNoticeId) -> Result<RecallNotice> {
    reader.portal_partner()?;
    list::one(reader, "portal_recall_notice_view", id)
}

/// Writes notices to everybody who has some of the held lots and was not told yet.
///
/// # Errors
/// Those of the database.
pub fn write(tx: &mut Tx, recall: &Recall) -> Result<()> {
    let subcontractors = store::subcontractors_to_tell(tx, recall.id)?;
    write_each(tx, recall, NoticeKind::Subcontractor, &subcontractors)?;
    let customers = store::customers_to_tell(tx, recall.id)?;
    write_each(tx, recall, NoticeKind::Customer, &customers)
}

fn write_each(tx: &mut Tx, recall: &Recall, kind: NoticeKind, all: &[ToTell]) -> Result<()> {
    let due_at = tx.now + TimeDelta::days(recall.recall_class.notice_days());
    for lines in all.chunk_by(|one, other| one.partner_id == other.partner_id) {
        let (id, number) = (RecallNoticeId::new(), next_number(tx, DocumentKind::RecallNotice)?);
        store::insert_notice(tx, &NewNotice { id, number: &number, recall, kind, due_at, lines })?;
        if let (NoticeKind::Subcontractor, Some(line)) = (kind, lines.first()) {
            tx.notify(LiveTopic::Recall, Some(id.uuid()), Some(line.partner_id.into()));
        }
    }
    Ok(())
}

/// Records what became of a notice, and tells everybody who shows it.
fn changed(tx: &mut Tx, before: &RecallNotice, action: AuditAction) -> Result<RecallNotice> {
    let after: RecallNotice = notice_read(tx, before.id)?;
    let receiver = (before.kind == NoticeKind::Subcontractor).then_some(before.partner.id);
    let event = Event::new(AggregateKind::Recall, before.recall_id, action).reason(&after.remark);
    let event = receiver.into_iter().fold(event, Event::visible_to);
    audit::append(tx, event.change(before, &after)?)?;
    tx.notify(LiveTopic::Recall, Some(before.recall_id.uuid()), receiver);
    Ok(after)
}

/// A notice, locked after its recall, at the version that the caller read.
fn locked(tx: &mut Tx, id: RecallNoticeId, version: i64) -> Result<RecallNotice> {
    let recall = notice_read(tx, id)?.recall_id;
    tx.with_makers_sight(|tx| store::lock(tx, recall))?;
    store::notice_lock(tx, id)?;
    let before = notice_read(tx, id)?;
    check_version(before.version, version)?;
    Ok(before)
}

/// Writes down that a notice was sent to a customer, and what proves it.
///
/// # Errors
/// `version_stale`, `state_forbids`, `fields_invalid`.
pub fn notice_send(tx: &mut Tx, id: RecallNoticeId, version: i64, command: &NoticeSend) -> Result<RecallNotice> {
    let before = locked(tx, id, version)?;
    rules::check_customers(&before, NoticeState::Open)?;
    let mut check = FieldCheck::new();
    check.required_text("/means", &command.means, 100);
    check.required_text("/evidence", &command.evidence, 200);
    if let Some(sent_at) = command.sent_at.filter(|sent_at| *sent_at > tx.now || *sent_at < before.created_at) {
        let code = if sent_at > tx.now { ProblemCode::TimeInFuture } else { ProblemCode::DateOrderWrong };
        let refusal = Refusal::new(code).with("time", sent_at.to_rfc3339()).with("later", sent_at.to_rfc3339());
        check.refuse("/sent_at", refusal.with("earlier", before.created_at.to_rfc3339()));
    }
    check.finish()?;
    store::set_sent(tx, id, command)?;
    changed(tx, &before, AuditAction::Sent)
}

/// Writes down what a customer answered: what it still has, lot by lot.
///
/// # Errors
/// `version_stale`, `state_forbids`, `fields_invalid`, `count_incomplete`, `difference_remark_required`.
pub fn notice_answer(
    tx: &mut Tx,
    id: RecallNoticeId,
    version: i64,
    command: &NoticeAcknowledge,
) -> Result<RecallNotice> {
    let before = locked(tx, id, version)?;
    rules::check_customers(&before, NoticeState::Sent)?;
    rules::check_counts(&before, command)?;
    store::set_acknowledged(tx, id, command)?;
    changed(tx, &before, AuditAction::Confirmed)
}

fn check_open(notice: &RecallNotice) -> Result<()> {
    if notice.state == NoticeState::Acknowledged {
        return Err(Refusal::new(ProblemCode::AlreadyConfirmed).with("number", &notice.number).into());
    }
    Ok(())
}

/// A subcontractor acknowledges a notice: it counted, set apart and shows what it has.
///
/// # Errors
/// `not_found`, `version_stale`, `already_confirmed`, `fields_invalid`, `count_incomplete`, `recall_photo_missing`.
pub fn notice_acknowledge(
    tx: &mut Tx,
    id: RecallNoticeId,
    version: i64,
    command: &NoticeAcknowledge,
) -> Result<RecallNotice> {
    portal_notice_read(tx, id)?;
    let before = locked(tx, id, version)?;
    check_open(&before)?;
    rules::check_counts(&before, command)?;
    rules::check_photo(&before, command)?;
    store::set_acknowledged(tx, id, command)?;
    changed(tx, &before, AuditAction::Confirmed)
}

/// A subcontractor lays a photo to a notice.
///
/// # Errors
/// `not_found`, `already_confirmed`, `file_type_unsupported`, `attachments_too_many`, `fields_invalid`.
pub fn notice_attach(tx: &mut Tx, id: RecallNoticeId, file_name: &str, file: &FileBody) -> Result<AttachmentRef> {
    let recall = portal_notice_read(tx, id)?.recall_id;
    tx.with_makers_sight(|tx| store::lock(tx, recall))?;
    let notice = portal_notice_read(tx, id)?;
    check_open(&notice)?;
    let made = attachments::lay(tx, (DocumentKind::RecallNotice, id.uuid()), (file_name, None), file)?;
    let event = Event::new(AggregateKind::Recall, recall, AuditAction::Attached).visible_to(notice.partner.id);
    audit::append(tx, event.after(&made)?)?;
    tx.notify(LiveTopic::Recall, Some(recall.uuid()), Some(notice.partner.id));
    Ok(made)
}
