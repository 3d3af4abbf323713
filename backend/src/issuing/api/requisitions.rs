//! Operations on requisitions.

use actix_web::{HttpResponse, get, post, put};
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
use crate::http::permit::{IssueView, RequisitionEdit};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(requisition_list)
        .service(requisition_create)
        .service(requisition_read)
        .service(requisition_update)
        .service(requisition_transition);
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
