//! Notices of recalls, and the subcontractor's side of them.

use actix_web::{HttpResponse, get, post};
use lotline_common::custody::AttachmentRef;
use lotline_common::id::RecallNoticeId;
use lotline_common::page::{ListQuery, Page};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::reads::ReadKind;
use lotline_common::recall::{NoticeAcknowledge, NoticeFilter, NoticeSend, RecallNotice};

use crate::audit::reads::Seen;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::body::{FileBody, FileParams};
use crate::http::permit::{PortalConfirm, PortalView, RecallManage, RecallView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};
use crate::recall::service::notices;

/// Routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(recall_notice_list)
        .service(recall_notice_read)
        .service(recall_notice_send)
        .service(recall_notice_answer)
        .service(portal_recall_notice_list)
        .service(portal_recall_notice_read)
        .service(portal_recall_notice_acknowledge)
        .service(portal_recall_photo_create);
}

const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("due_at", "t.due_at", "timestamptz")];

fn list(view: &'static str, filter: &NoticeFilter) -> List {
    List::over(view, SORTS)
        .id("recall_id", filter.recall_id)
        .id("partner_id", filter.partner_id)
        .text("state", filter.state)
        .flag("overdue", filter.overdue)
}

/// Notices of recalls, newest first
#[utoipa::path(tag = "recalls", operation_id = "recall_notice_list", params(ListQuery, NoticeFilter),
    responses((status = 200, content((Page<RecallNotice> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/recall-notices")]
async fn recall_notice_list(
    read: Read<RecallView>,
    query: Params<ListQuery>,
    filter: Params<NoticeFilter>,
) -> Result<HttpResponse, HttpProblem> {
    let read = read.noting(Seen::several(ReadKind::RecallNotices, &filter.0));
    read.list::<RecallNotice>("recall-notices", query.0, list("recall_notice_view", &filter.0)).await
}

/// One notice
#[utoipa::path(tag = "recalls", operation_id = "recall_notice_read",
    params(("id" = RecallNoticeId, Path, description = "Notice")),
    responses((status = 200, body = RecallNotice), ReadProblems))]
#[get("/recall-notices/{id}")]
async fn recall_notice_read(read: Read<RecallView>, id: IdPath<RecallNoticeId>) -> Result<HttpResponse, HttpProblem> {
    let read = read.noting(Seen::one(ReadKind::RecallNotices, id.0));
    read.one(move |reader| notices::notice_read(reader, id.0)).await
}

/// Write down that a notice was sent to a customer
#[utoipa::path(tag = "recalls", operation_id = "recall_notice_send", request_body = NoticeSend,
    params(("id" = RecallNoticeId, Path, description = "Notice"), VersionHeader),
    responses((status = 200, body = RecallNotice), WriteProblems))]
#[post("/recall-notices/{id}/sending")]
async fn recall_notice_send(
    write: Write<RecallManage>,
    id: IdPath<RecallNoticeId>,
    command: Command<NoticeSend>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| notices::notice_send(tx, id.0, version, command)).await
}

/// Write down what a customer answered
#[utoipa::path(tag = "recalls", operation_id = "recall_notice_answer", request_body = NoticeAcknowledge,
    params(("id" = RecallNoticeId, Path, description = "Notice"), VersionHeader),
    responses((status = 200, body = RecallNotice), WriteProblems))]
#[post("/recall-notices/{id}/answer")]
async fn recall_notice_answer(
    write: Write<RecallManage>,
    id: IdPath<RecallNoticeId>,
    command: Command<NoticeAcknowledge>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| notices::notice_answer(tx, id.0, version, command)).await
}

/// Portal: notices of recalls to the own company, newest first
#[utoipa::path(tag = "portal", operation_id = "portal_recall_notice_list", params(ListQuery, NoticeFilter),
    responses((status = 200, content((Page<RecallNotice> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/portal/recall-notices")]
async fn portal_recall_notice_list(
    read: Read<PortalView>,
    query: Params<ListQuery>,
    filter: Params<NoticeFilter>,
) -> Result<HttpResponse, HttpProblem> {
    if read.ctx().partner.is_none() {
        return Err(read.refuse(Refusal::new(ProblemCode::NotFound)));
    }
    read.list::<RecallNotice>("recall-notices", query.0, list("portal_recall_notice_view", &filter.0)).await
}

/// Portal: one notice
///
/// What the books say that the own company has is not in the answer: who counts does not see it.
#[utoipa::path(tag = "portal", operation_id = "portal_recall_notice_read",
    params(("id" = RecallNoticeId, Path, description = "Notice")),
    responses((status = 200, body = RecallNotice), ReadProblems))]
#[get("/portal/recall-notices/{id}")]
async fn portal_recall_notice_read(
    read: Read<PortalView>,
    id: IdPath<RecallNoticeId>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| notices::portal_notice_read(reader, id.0)).await
}

/// Portal: acknowledge a notice
///
/// Every lot is counted, and where something is there it is said where it was set apart; a photo shows it.
#[utoipa::path(tag = "portal", operation_id = "portal_recall_notice_acknowledge", request_body = NoticeAcknowledge,
    params(("id" = RecallNoticeId, Path, description = "Notice"), VersionHeader),
    responses((status = 200, body = RecallNotice), WriteProblems))]
#[post("/portal/recall-notices/{id}/acknowledgement")]
async fn portal_recall_notice_acknowledge(
    write: Write<PortalConfirm>,
    id: IdPath<RecallNoticeId>,
    command: Command<NoticeAcknowledge>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| notices::notice_acknowledge(tx, id.0, version, command)).await
}

/// Portal: lay a photo to a notice
///
/// JPEG, PNG or WebP, at most 8 MiB, told by its bytes.
#[utoipa::path(tag = "portal", operation_id = "portal_recall_photo_create",
    params(("id" = RecallNoticeId, Path, description = "Notice"), FileParams),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
    responses((status = 201, body = AttachmentRef), WriteProblems))]
#[post("/portal/recall-notices/{id}/attachments")]
async fn portal_recall_photo_create(
    write: Write<PortalConfirm>,
    id: IdPath<RecallNoticeId>,
    params: Params<FileParams>,
    file: FileBody,
) -> Result<HttpResponse, HttpProblem> {
    let name = params.0.file_name;
    write.create(file.command(), move |tx, file| notices::notice_attach(tx, id.0, &name, file)).await
}
