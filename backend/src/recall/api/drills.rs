//! Drills of recalls.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::RecallDrillId;
use lotline_common::page::{ListQuery, Page};
use lotline_common::recall::{DrillAnswer, DrillState, RecallDrill};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::db::list::{BY_ID, BY_NUMBER, List, Sort};
use crate::http::permit::{RecallManage, RecallView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};
use crate::recall::service::drills;

/// Routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(recall_drill_list)
        .service(recall_drill_create)
        .service(recall_drill_read)
        .service(recall_drill_answer);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DrillFilter {
    /// Where it stands.
    #[param(inline)]
    state: Option<DrillState>,
}

/// Drills, newest first
#[utoipa::path(tag = "recalls", operation_id = "recall_drill_list", params(ListQuery, DrillFilter),
    responses((status = 200, content((Page<RecallDrill> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/recall-drills")]
async fn recall_drill_list(
    read: Read<RecallView>,
    query: Params<ListQuery>,
    filter: Params<DrillFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let list = List::over("recall_drill_view", SORTS).text("state", filter.0.state);
    read.list::<RecallDrill>("recall-drills", query.0, list).await
}

/// Begin a drill
///
/// The server draws a lot, writes down how, and starts the stopwatch. A drill holds nothing and tells nobody.
#[utoipa::path(tag = "recalls", operation_id = "recall_drill_create",
    responses((status = 201, body = RecallDrill), WriteProblems))]
#[post("/recall-drills")]
async fn recall_drill_create(write: Write<RecallManage>) -> Result<HttpResponse, HttpProblem> {
    write.create(Command::empty(), drills::drill_start).await
}

/// One drill
#[utoipa::path(tag = "recalls", operation_id = "recall_drill_read",
    params(("id" = RecallDrillId, Path, description = "Drill")),
    responses((status = 200, body = RecallDrill), ReadProblems))]
#[get("/recall-drills/{id}")]
async fn recall_drill_read(read: Read<RecallView>, id: IdPath<RecallDrillId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| drills::drill_read(reader, id.0)).await
}

/// Answer a drill
///
/// Stops the watch. The scope that the criteria have, as a recall would take it, is compared with what brute force over all
/// links and movements says of the lot that was drawn.
#[utoipa::path(tag = "recalls", operation_id = "recall_drill_answer", request_body = DrillAnswer,
    params(("id" = RecallDrillId, Path, description = "Drill"), VersionHeader),
    responses((status = 200, body = RecallDrill), WriteProblems))]
#[post("/recall-drills/{id}/answer")]
async fn recall_drill_answer(
    write: Write<RecallManage>,
    id: IdPath<RecallDrillId>,
    command: Command<DrillAnswer>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| drills::drill_answer(tx, id.0, version, command)).await
}
