//! Operations on pick tasks.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::{PickId, RequisitionId};
use lotline_common::issuing::{Pick, PickCandidate, PickCreate, PickScan, PickState, PickSummary};
use lotline_common::page::{ListQuery, Page};
use lotline_common::receiving::Reversal;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{picks, scanning};
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{IssuePick, IssueView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(pick_list)
        .service(pick_create)
        .service(pick_read)
        .service(pick_candidate_list)
        .service(pick_scan)
        .service(pick_release_short)
        .service(pick_cancel);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PickFilter {
    /// State.
    #[param(inline)]
    state: Option<PickState>,
    /// Requisition.
    requisition_id: Option<RequisitionId>,
}

/// Pick tasks, newest first
#[utoipa::path(tag = "issuing", operation_id = "pick_list", params(ListQuery, PickFilter),
    responses((status = 200, content((Page<PickSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/picks")]
async fn pick_list(
    read: Read<IssueView>,
    query: Params<ListQuery>,
    filter: Params<PickFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("needed_on", "t.needed_on", "date")];
    let list =
        List::over("pick_view", SORTS).text("state", filter.0.state).id("requisition_id", filter.0.requisition_id);
    read.list::<PickSummary>("picks", query.0, list).await
}

/// Start picking an approved requisition
///
/// Reserves lots, first expired first out. What is short is listed in the answer.
#[utoipa::path(tag = "issuing", operation_id = "pick_create", request_body = PickCreate,
    responses((status = 201, body = Pick), WriteProblems))]
#[post("/picks")]
async fn pick_create(write: Write<IssuePick>, command: Command<PickCreate>) -> Result<HttpResponse, HttpProblem> {
    write.create(command, picks::pick_create).await
}

/// One pick task
#[utoipa::path(tag = "issuing", operation_id = "pick_read", params(("id" = PickId, Path, description = "Pick task")),
    responses((status = 200, body = Pick), ReadProblems))]
#[get("/picks/{id}")]
async fn pick_read(read: Read<IssueView>, id: IdPath<PickId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| picks::pick_read(reader, id.0)).await
}

/// Lots that could be taken for a line, in the order in which they should be
#[utoipa::path(tag = "issuing", operation_id = "pick_candidate_list",
    params(("id" = PickId, Path, description = "Pick task"), ("line_number" = i32, Path, description = "Line")),
    responses((status = 200, body = Page<PickCandidate>), ReadProblems))]
#[get("/picks/{id}/lines/{line_number}/candidates")]
async fn pick_candidate_list(read: Read<IssueView>, path: IdPath<(PickId, i32)>) -> Result<HttpResponse, HttpProblem> {
    let (id, line) = path.0;
    read.one(move |reader| scanning::candidate_list(reader, id, line)).await
}

/// Confirm a line by what the label says
///
/// Takes GS1 element strings with or without symbology identifier, HIBC, and plain lot numbers.
#[utoipa::path(tag = "issuing", operation_id = "pick_scan", request_body = PickScan,
    params(("id" = PickId, Path, description = "Pick task")),
    responses((status = 200, body = Pick), WriteProblems))]
#[post("/picks/{id}/scans")]
async fn pick_scan(
    write: Write<IssuePick>,
    id: IdPath<PickId>,
    command: Command<PickScan>,
) -> Result<HttpResponse, HttpProblem> {
    write.change(command, move |tx, command| scanning::pick_scan(tx, id.0, command)).await
}

/// Give up the lines that are not confirmed
///
/// Their reservations are void; what was confirmed can be issued.
#[utoipa::path(tag = "issuing", operation_id = "pick_release_short",
    params(("id" = PickId, Path, description = "Pick task")), responses((status = 200, body = Pick), WriteProblems))]
#[post("/picks/{id}/shortage-release")]
async fn pick_release_short(write: Write<IssuePick>, id: IdPath<PickId>) -> Result<HttpResponse, HttpProblem> {
    write.change(Command::empty(), move |tx, ()| picks::pick_release_short(tx, id.0)).await
}

/// Give a pick task up
#[utoipa::path(tag = "issuing", operation_id = "pick_cancel", request_body = Reversal,
    params(("id" = PickId, Path, description = "Pick task"), VersionHeader),
    responses((status = 200, body = Pick), WriteProblems))]
#[post("/picks/{id}/cancellation")]
async fn pick_cancel(
    write: Write<IssuePick>,
    id: IdPath<PickId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| picks::pick_cancel(tx, id.0, version, command)).await
}
