//! Operations on requisitions.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::contracts::ClauseCheck;
use lotline_common::custody::AttachmentRef;
use lotline_common::id::{OrderId, PartnerId, RequisitionId};
use lotline_common::issuing::{
    ApprovalState, Requisition, RequisitionCreate, RequisitionIssueState, RequisitionSummary, RequisitionTransition,
    RequisitionUpdate, SupplementReason,
};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::requisitions as service;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::body::{FileBody, FileParams};
use crate::http::permit::{ContractView, IssueView, RequisitionEdit};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(requisition_list)
        .service(requisition_create)
        .service(requisition_read)
        .service(requisition_update)
        .service(requisition_transition)
        .service(requisition_clause_check)
        .service(requisition_attachment_create);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RequisitionFilter {
    /// Order.
    order_id: Option<OrderId>,
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Why it goes beyond what the order requires.
    #[param(inline)]
    supplement: Option<SupplementReason>,
    /// Approval axis.
    #[param(inline)]
    approval_state: Option<ApprovalState>,
    /// Issue axis.
    #[param(inline)]
    issue_state: Option<RequisitionIssueState>,
}

/// Requisitions, newest first
#[utoipa::path(tag = "issuing", operation_id = "requisition_list", params(ListQuery, RequisitionFilter), responses(
    (status = 200, content((Page<RequisitionSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/requisitions")]
async fn requisition_list(
    read: Read<IssueView>,
    query: Params<ListQuery>,
    filter: Params<RequisitionFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("needed_on", "t.needed_on", "date")];
    let filter = filter.0;
    let list = List::over("requisition_view", SORTS)
        .id("order_id", filter.order_id)
        .id("partner_id", filter.partner_id)
        .text("supplement", filter.supplement)
        .text("approval_state", filter.approval_state)
        .text("issue_state", filter.issue_state);
    read.list::<RequisitionSummary>("requisitions", query.0, list).await
}

/// Write a requisition for an order
#[utoipa::path(tag = "issuing", operation_id = "requisition_create", request_body = RequisitionCreate,
    responses((status = 201, body = Requisition), WriteProblems))]
#[post("/requisitions")]
async fn requisition_create(
    write: Write<RequisitionEdit>,
    command: Command<RequisitionCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, service::requisition_create).await
}

/// One requisition
#[utoipa::path(tag = "issuing", operation_id = "requisition_read",
    params(("id" = RequisitionId, Path, description = "Requisition")),
    responses((status = 200, body = Requisition), ReadProblems))]
#[get("/requisitions/{id}")]
async fn requisition_read(read: Read<IssueView>, id: IdPath<RequisitionId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::requisition_read(reader, id.0)).await
}

/// Change a draft requisition
#[utoipa::path(tag = "issuing", operation_id = "requisition_update", request_body = RequisitionUpdate,
    params(("id" = RequisitionId, Path, description = "Requisition"), VersionHeader),
    responses((status = 200, body = Requisition), WriteProblems))]
#[put("/requisitions/{id}")]
async fn requisition_update(
    write: Write<RequisitionEdit>,
    id: IdPath<RequisitionId>,
    command: Command<RequisitionUpdate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::requisition_update(tx, id.0, version, command)).await
}

/// Submit or withdraw a requisition
#[utoipa::path(tag = "issuing", operation_id = "requisition_transition", request_body = RequisitionTransition,
    params(("id" = RequisitionId, Path, description = "Requisition"), VersionHeader),
    responses((status = 200, body = Requisition), WriteProblems))]
#[post("/requisitions/{id}/transitions")]
async fn requisition_transition(
    write: Write<RequisitionEdit>,
    id: IdPath<RequisitionId>,
    command: Command<RequisitionTransition>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::requisition_transition(tx, id.0, version, command)).await
}

/// Which clauses issuing what a requisition asks for would break or keep
#[utoipa::path(tag = "issuing", operation_id = "requisition_clause_check",
    params(("id" = RequisitionId, Path, description = "Requisition")),
    responses((status = 200, body = ClauseCheck), ReadProblems))]
#[get("/requisitions/{id}/clause-check")]
async fn requisition_clause_check(
    read: Read<ContractView>,
    id: IdPath<RequisitionId>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::requisition_clause_check(reader, id.0)).await
}

/// Lay evidence to a requisition that is not decided yet
///
/// JPEG, PNG, WebP or PDF, at most 8 MiB, told by its bytes. Whoever decides signs which files lay there.
#[utoipa::path(tag = "issuing", operation_id = "requisition_attachment_create",
    params(("id" = RequisitionId, Path, description = "Requisition"), FileParams),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"),
        (Vec<u8> = "application/pdf"))),
    responses((status = 201, body = AttachmentRef), WriteProblems))]
#[post("/requisitions/{id}/attachments")]
async fn requisition_attachment_create(
    write: Write<RequisitionEdit>,
    id: IdPath<RequisitionId>,
    params: Params<FileParams>,
    file: FileBody,
) -> Result<HttpResponse, HttpProblem> {
    let name = params.0.file_name;
    write.create(file.command(), move |tx, file| service::requisition_attach(tx, id.0, &name, file)).await
}
