//! The inbox, and deciding.

use actix_web::{HttpResponse, get, post};
use lotline_common::approvals::{Approval, ApprovalDecide, ApprovalOutcome};
use lotline_common::id::ApprovalId;
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::service;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::{IssueView, RequisitionApprove};
use crate::http::{Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, Write, WriteProblems};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(approval_list).service(approval_read).service(approval_decide);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ApprovalFilter {
    /// Where it stands.
    #[param(inline)]
    state: Option<ApprovalOutcome>,
    /// Only what the asker may decide now (true), or may not (false).
    decidable: Option<bool>,
}

/// Approvals: the urgent first, then the longest waiting
#[utoipa::path(tag = "approvals", operation_id = "approval_list", params(ListQuery, ApprovalFilter),
    responses((status = 200, content((Page<Approval> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/approvals")]
async fn approval_list(
    read: Read<IssueView>,
    query: Params<ListQuery>,
    filter: Params<ApprovalFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] =
        &[sort("rank", "t.rank", "text"), BY_ID, sort("requested_at", "t.requested_at", "timestamptz")];
    let list =
        List::over("approval_inbox_view", SORTS).text("state", filter.0.state).flag("decidable", filter.0.decidable);
    read.list::<Approval>("approvals", query.0, list).await
}

/// One approval
#[utoipa::path(tag = "approvals", operation_id = "approval_read",
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 200, body = Approval), ReadProblems))]
#[get("/approvals/{id}")]
async fn approval_read(read: Read<IssueView>, id: IdPath<ApprovalId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::approval_read(reader, id.0)).await
}

/// Decide
///
/// Whoever asked for it cannot decide it. A refusal or return needs a reason.
#[utoipa::path(tag = "approvals", operation_id = "approval_decide", request_body = ApprovalDecide,
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 200, body = Approval), WriteProblems))]
#[post("/approvals/{id}/decisions")]
async fn approval_decide(
    write: Write<RequisitionApprove>,
    id: IdPath<ApprovalId>,
    command: Command<ApprovalDecide>,
) -> Result<HttpResponse, HttpProblem> {
    let registry = write.app().approvals.clone();
    write.change(command, move |tx, command| service::approval_decide(tx, &registry, id.0, command)).await
}
