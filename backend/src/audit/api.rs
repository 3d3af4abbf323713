//! Reading the record.

use actix_web::{HttpResponse, get, post};
use lotline_common::audit::{AuditEvent, AuditFilter};
use lotline_common::id::AuditEventId;
use lotline_common::page::{ListQuery, Page};
use lotline_common::problem::Problem;
use lotline_common::reads::{AccessEntry, AccessFilter, ReadKind};
use lotline_common::record::{RecordKey, RecordPeriod, RecordReview, RecordReviewWrite, RecordStatus};

use super::log::{export, proofs, reviews, status};
use super::reads::Seen;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::{AuditView, SignedIn};
use crate::http::{Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, Write, WriteProblems};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(audit_event_list)
        .service(audit_event_proof_read)
        .service(record_read)
        .service(record_review_create)
        .service(record_key_list)
        .service(record_export_read)
        .service(access_entry_list);
}

/// The record, newest first
///
/// The timeline of one thing is open to everybody who may see that thing; the whole record needs
/// `audit.view`. A subcontractor sees the events of its own deliveries.
#[utoipa::path(tag = "audit", operation_id = "audit_event_list", params(ListQuery, AuditFilter),
    responses((status = 200, content((Page<AuditEvent> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/audit-events")]
async fn audit_event_list(
    read: Read<SignedIn>,
    query: Params<ListQuery>,
    filter: Params<AuditFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID];
    let filter = filter.0;
    super::rules::check_reader(read.ctx(), &filter).map_err(|refusal| read.refuse(refusal))?;
    let read = read.noting(super::rules::what_is_seen(&filter));
    let list = List::over("audit_event_view", SORTS)
        .text("aggregate_kind", filter.aggregate_kind)
        .id("aggregate_id", filter.aggregate_id)
        .text("action", filter.action)
        .id("actor_id", filter.actor_id)
        .days("at", filter.from, filter.to);
    read.list::<AuditEvent>("audit-events", query.0, list).await
}

/// A proof that an event is in the record
///
/// A `.tlog-proof` (C2SP): the event, its place in the log, and a signed head of the log. It is verified offline with
/// `lotline verify`. Whoever may see the event may have it; a subcontractor keeps it as a receipt.
#[utoipa::path(tag = "audit", operation_id = "audit_event_proof_read",
    params(("id" = AuditEventId, Path, description = "Audit event")),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 409, description = "The event is not sealed yet: ask again in a second.", body = Problem,
            content_type = "application/problem+json"),
        ReadProblems))]
#[get("/audit-events/{id}/proof")]
async fn audit_event_proof_read(read: Read<SignedIn>, id: IdPath<AuditEventId>) -> Result<HttpResponse, HttpProblem> {
    let id = id.0;
    let read = read.noting(Seen::one(ReadKind::RecordProof, id));
    let proof = read.run(move |reader| proofs::event_proof(reader, id)).await?;
    let named = format!("attachment; filename=\"{id}.tlog-proof\"");
    let response = HttpResponse::Ok()
        .insert_header(("Content-Disposition", named))
        .content_type("text/plain; charset=utf-8")
        .body(proof);
    Ok(response)
}

/// How the record stands
///
/// How far it is sealed, its signed head, where it is anchored, how its clock was compared, and what is wrong.
#[utoipa::path(tag = "audit", operation_id = "record_read",
    responses((status = 200, body = RecordStatus), ReadProblems))]
#[get("/record")]
async fn record_read(read: Read<AuditView>) -> Result<HttpResponse, HttpProblem> {
    let app = read.app();
    read.one(move |reader| status::record_read(reader, &app.record)).await
}

/// Sign off a review of the record
///
/// Who looked through what was sealed since the last review, and what was found. It is an event of the record.
#[utoipa::path(tag = "audit", operation_id = "record_review_create", request_body = RecordReviewWrite,
    responses((status = 201, body = RecordReview), WriteProblems))]
#[post("/record/reviews")]
async fn record_review_create(
    write: Write<AuditView>,
    command: Command<RecordReviewWrite>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, reviews::review_create).await
}

/// Public keys of the record, oldest first
///
/// Keep them: proofs and exports are verified with keys that were got before.
#[utoipa::path(tag = "audit", operation_id = "record_key_list",
    responses((status = 200, body = Page<RecordKey>), ReadProblems))]
#[get("/record/keys")]
async fn record_key_list(read: Read<SignedIn>) -> Result<HttpResponse, HttpProblem> {
    read.one(|reader| Ok(Page { items: status::keys_read(reader)?, next: None })).await
}

/// The record of a period as an archive to be verified
///
/// Everything that was sealed on the given days: events, signatures, keys, a readable index and instructions. It is
/// verified offline with `lotline verify`.
#[utoipa::path(tag = "audit", operation_id = "record_export_read", params(RecordPeriod),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/zip"),
        (status = 422, description = "The last day comes before the first.", body = Problem,
            content_type = "application/problem+json"),
        ReadProblems))]
#[get("/record/export")]
async fn record_export_read(read: Read<AuditView>, period: Params<RecordPeriod>) -> Result<HttpResponse, HttpProblem> {
    let period = period.0;
    if let Err(refusal) = export::check_period(&period) {
        return Err(read.refuse(refusal));
    }
    let read = read.noting(Seen::several(ReadKind::RecordExport, &period));
    Ok(read.download(("record.zip", "application/zip"), move |reader, out| {
        Ok(export::prepare(reader, &period)?.write(reader, out)?)
    }))
}

/// Who read what is sensitive, newest first
///
/// Exports and proofs of the record, its events, members, sales records, recalls and their notices, and these entries. The
/// same read by the same person within five minutes is one entry. They are kept for a while only.
#[utoipa::path(tag = "audit", operation_id = "access_entry_list", params(ListQuery, AccessFilter),
    responses((status = 200, content((Page<AccessEntry> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/access-entries")]
async fn access_entry_list(
    read: Read<AuditView>,
    query: Params<ListQuery>,
    filter: Params<AccessFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, sort("last_at", "t.last_at", "timestamptz")];
    let filter = filter.0;
    let read = read.noting(Seen::several(ReadKind::AccessEntries, &filter));
    let list = List::over("access_entry_view", SORTS)
        .text("kind", filter.kind)
        .id("person_id", filter.person_id)
        .id("subject_id", filter.subject_id)
        .days("last_at", filter.from, filter.to);
    read.list::<AccessEntry>("access-entries", query.0, list).await
}
