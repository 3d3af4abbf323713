//! Operations on flows and their versions.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::approvals::flow::{
    ApprovalFlow, ApprovalFlowCreate, ApprovalFlowDetail, ApprovalFlowUpdate, FlowDirectory, FlowPast,
    FlowVersionCreate, FlowVersionTransition, FlowVersionUpdate, StepBeat,
};
use lotline_common::id::{FlowId, FlowVersionId};
use lotline_common::ledger::DocumentKind;
use lotline_common::page::{ListQuery, Page};
use lotline_common::problem::{ProblemCode, Refusal};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{flows, past};
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::{FlowEdit, FlowView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(flow_list)
        .service(flow_create)
        .service(flow_read)
        .service(flow_update)
        .service(flow_version_create)
        .service(flow_version_update)
        .service(flow_version_transition)
        .service(flow_directory_read)
        .service(flow_past_read)
        .service(flow_beat_read);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FlowFilter {
    /// Kind of documents.
    #[param(inline)]
    document_kind: Option<DocumentKind>,
    /// Whether it is asked at all.
    active: Option<bool>,
}

/// Approval flows: by kind of document, in the order in which they are asked
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_list", params(ListQuery, FlowFilter),
    responses((status = 200, content((Page<ApprovalFlow> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/approval-flows")]
async fn flow_list(
    read: Read<FlowView>,
    query: Params<ListQuery>,
    filter: Params<FlowFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[sort("rank", "t.rank", "text"), BY_ID];
    let list =
        List::over("flow_view", SORTS).text("document_kind", filter.0.document_kind).flag("active", filter.0.active);
    read.list::<ApprovalFlow>("approval-flows", query.0, list).await
}

/// Begin a flow, with a first version to be drawn
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_create", request_body = ApprovalFlowCreate,
    responses((status = 201, body = ApprovalFlowDetail), WriteProblems))]
#[post("/approval-flows")]
async fn flow_create(
    write: Write<FlowEdit>,
    command: Command<ApprovalFlowCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, flows::flow_create).await
}

/// One flow with its versions
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_read",
    params(("id" = FlowId, Path, description = "Flow")),
    responses((status = 200, body = ApprovalFlowDetail), ReadProblems))]
#[get("/approval-flows/{id}")]
async fn flow_read(read: Read<FlowView>, id: IdPath<FlowId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| flows::flow_read(reader, id.0)).await
}

/// Change a flow's name, place or use
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_update", request_body = ApprovalFlowUpdate,
    params(("id" = FlowId, Path, description = "Flow"), VersionHeader),
    responses((status = 200, body = ApprovalFlowDetail), WriteProblems))]
#[put("/approval-flows/{id}")]
async fn flow_update(
    write: Write<FlowEdit>,
    id: IdPath<FlowId>,
    command: Command<ApprovalFlowUpdate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| flows::flow_update(tx, id.0, version, command)).await
}

/// Begin another version: what is published now, to be redrawn
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_version_create", request_body = FlowVersionCreate,
    params(("id" = FlowId, Path, description = "Flow")),
    responses((status = 201, body = ApprovalFlowDetail), WriteProblems))]
#[post("/approval-flows/{id}/versions")]
async fn flow_version_create(
    write: Write<FlowEdit>,
    id: IdPath<FlowId>,
    command: Command<FlowVersionCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, move |tx, _: &FlowVersionCreate| flows::version_create(tx, id.0)).await
}

/// Draw: replace what a draft says
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_version_update", request_body = FlowVersionUpdate,
    params(("id" = FlowVersionId, Path, description = "Version"), VersionHeader),
    responses((status = 200, body = ApprovalFlowDetail), WriteProblems))]
#[put("/approval-flow-versions/{id}")]
async fn flow_version_update(
    write: Write<FlowEdit>,
    id: IdPath<FlowVersionId>,
    command: Command<FlowVersionUpdate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| flows::version_update(tx, id.0, version, command)).await
}

/// Submit a draft to be published, or take it back
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_version_transition", request_body = FlowVersionTransition,
    params(("id" = FlowVersionId, Path, description = "Version"), VersionHeader),
    responses((status = 200, body = ApprovalFlowDetail), WriteProblems))]
#[post("/approval-flow-versions/{id}/transitions")]
async fn flow_version_transition(
    write: Write<FlowEdit>,
    id: IdPath<FlowVersionId>,
    command: Command<FlowVersionTransition>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| flows::version_transition(tx, id.0, version, command)).await
}

/// Everybody whom a flow can name, and every published flow
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_directory_read",
    responses((status = 200, body = FlowDirectory), ReadProblems))]
#[get("/approval-flow-directory")]
async fn flow_directory_read(read: Read<FlowView>) -> Result<HttpResponse, HttpProblem> {
    read.one(flows::flow_directory).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PastQuery {
    /// How many days are looked back at.
    #[param(minimum = 1, maximum = 366, default = 30)]
    days: Option<i32>,
}

impl PastQuery {
    fn days(&self) -> Result<i32, Refusal> {
        let days = self.days.unwrap_or(30);
        let fits = (1..=past::MAXIMUM_DAYS).contains(&days);
        let refusal = || Refusal::new(ProblemCode::RequestMalformed).with("reason", "days: 1–366");
        fits.then_some(days).ok_or_else(refusal)
    }
}

/// Documents of the past to try a flow on, and how long people take
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_past_read",
    params(("id" = FlowId, Path, description = "Flow"), PastQuery),
    responses((status = 200, body = FlowPast), ReadProblems))]
#[get("/approval-flows/{id}/past")]
async fn flow_past_read(
    read: Read<FlowView>,
    id: IdPath<FlowId>,
    query: Params<PastQuery>,
) -> Result<HttpResponse, HttpProblem> {
    let days = query.0.days().map_err(|refusal| read.refuse(refusal))?;
    read.one(move |reader| past::flow_past(reader, id.0, days)).await
}

/// How long each step of a flow takes, and where it queues
#[utoipa::path(tag = "approvals", operation_id = "approval_flow_beat_read",
    params(("id" = FlowId, Path, description = "Flow"), PastQuery),
    responses((status = 200, body = Vec<StepBeat>), ReadProblems))]
#[get("/approval-flows/{id}/beat")]
async fn flow_beat_read(
    read: Read<FlowView>,
    id: IdPath<FlowId>,
    query: Params<PastQuery>,
) -> Result<HttpResponse, HttpProblem> {
    let days = query.0.days().map_err(|refusal| read.refuse(refusal))?;
    read.one(move |reader| past::flow_beat(reader, id.0, days)).await
}
