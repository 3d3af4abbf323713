//! Recalls and their lots.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::{LotId, RecallId};
use lotline_common::page::{ListQuery, Page};
use lotline_common::reads::ReadKind;
use lotline_common::recall::{
    HoldState, Recall, RecallClose, RecallCreate, RecallHold, RecallLift as Lift, RecallLot, RecallState,
};
use lotline_common::receiving::Reversal;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::audit::reads::Seen;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{RecallLift, RecallManage, RecallView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};
use crate::recall::service::cases;

/// Routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(recall_list)
        .service(recall_create)
        .service(recall_read)
        .service(recall_lot_list)
        .service(recall_scope)
        .service(recall_hold)
        .service(recall_lift)
        .service(recall_close)
        .service(recall_cancel);
}

#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RecallFilter {
    /// Record state.
    #[param(inline)]
    record_state: Option<RecallState>,
}

/// Recalls, newest first
#[utoipa::path(tag = "recalls", operation_id = "recall_list", params(ListQuery, RecallFilter),
    responses((status = 200, content((Page<Recall> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/recalls")]
async fn recall_list(
    read: Read<RecallView>,
    query: Params<ListQuery>,
    filter: Params<RecallFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let read = read.noting(Seen::several(ReadKind::Recalls, &filter.0));
    let list = List::over("recall_view", SORTS).text("record_state", filter.0.record_state);
    read.list::<Recall>("recalls", query.0, list).await
}

/// Begin a recall
///
/// Its scope, certain and possible lots, is worked out from the criteria and frozen. Nothing is held yet.
#[utoipa::path(tag = "recalls", operation_id = "recall_create", request_body = RecallCreate,
    responses((status = 201, body = Recall), WriteProblems))]
#[post("/recalls")]
async fn recall_create(
    write: Write<RecallManage>,
    command: Command<RecallCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, cases::recall_create).await
}

/// One recall
#[utoipa::path(tag = "recalls", operation_id = "recall_read", params(("id" = RecallId, Path, description = "Recall")),
    responses((status = 200, body = Recall), ReadProblems))]
#[get("/recalls/{id}")]
async fn recall_read(read: Read<RecallView>, id: IdPath<RecallId>) -> Result<HttpResponse, HttpProblem> {
    let read = read.noting(Seen::one(ReadKind::Recalls, id.0));
    read.one(move |reader| cases::recall_read(reader, id.0)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RecallLotFilter {
    /// Recall.
    recall_id: Option<RecallId>,
    /// Lot.
    lot_id: Option<LotId>,
    /// Affected for certain.
    certain: Option<bool>,
    /// Where its hold stands.
    #[param(inline)]
    hold_state: Option<HoldState>,
}

/// Lots that recalls affect, nearest to the suspect ones first
#[utoipa::path(tag = "recalls", operation_id = "recall_lot_list", params(ListQuery, RecallLotFilter),
    responses((status = 200, content((Page<RecallLot> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/recall-lots")]
async fn recall_lot_list(
    read: Read<RecallView>,
    query: Params<ListQuery>,
    filter: Params<RecallLotFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[sort("distance", "t.distance", "integer"), BY_ID];
    let filter = filter.0;
    let list = List::over("recall_lot_view", SORTS)
        .id("recall_id", filter.recall_id)
        .id("id", filter.lot_id)
        .flag("certain", filter.certain)
        .text("hold_state", filter.hold_state);
    read.list::<RecallLot>("recall-lots", query.0, list).await
}

/// Look for affected lots again
///
/// What is found is added, and a possible lot can become certain. Nothing leaves the scope.
#[utoipa::path(tag = "recalls", operation_id = "recall_scope",
    params(("id" = RecallId, Path, description = "Recall"), VersionHeader),
    responses((status = 200, body = Recall), WriteProblems))]
#[post("/recalls/{id}/scopes")]
async fn recall_scope(write: Write<RecallManage>, id: IdPath<RecallId>) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(Command::empty(), move |tx, ()| cases::recall_scope(tx, id.0, version)).await
}

/// Hold the lots of a recall everywhere
///
/// On own shelves, on the way and at subcontractors, in one act: nothing of them moves from then on but back, aside or into
/// scrap. Everybody who has some is told. Lots found later are held by holding again.
#[utoipa::path(tag = "recalls", operation_id = "recall_hold", request_body = RecallHold,
    params(("id" = RecallId, Path, description = "Recall"), VersionHeader),
    responses((status = 200, body = Recall), WriteProblems))]
#[post("/recalls/{id}/holds")]
async fn recall_hold(
    write: Write<RecallManage>,
    id: IdPath<RecallId>,
    command: Command<RecallHold>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| cases::recall_hold(tx, id.0, version, command)).await
}

/// Lift the hold of lots
///
/// Each has the status again that it had before, unless another recall holds it.
#[utoipa::path(tag = "recalls", operation_id = "recall_lift", request_body = Lift,
    params(("id" = RecallId, Path, description = "Recall"), VersionHeader),
    responses((status = 200, body = Recall), WriteProblems))]
#[post("/recalls/{id}/lifts")]
async fn recall_lift(
    write: Write<RecallLift>,
    id: IdPath<RecallId>,
    command: Command<Lift>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| cases::recall_lift(tx, id.0, version, command)).await
}

/// Close a recall
///
/// Refused with what is left over of its held lots, unless it is said why that cannot be located. The lots stay recalled.
#[utoipa::path(tag = "recalls", operation_id = "recall_close", request_body = RecallClose,
    params(("id" = RecallId, Path, description = "Recall"), VersionHeader),
    responses((status = 200, body = Recall), WriteProblems))]
#[post("/recalls/{id}/closure")]
async fn recall_close(
    write: Write<RecallLift>,
    id: IdPath<RecallId>,
    command: Command<RecallClose>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| cases::recall_close(tx, id.0, version, command)).await
}

/// Call a recall off before anything is held
#[utoipa::path(tag = "recalls", operation_id = "recall_cancel", request_body = Reversal,
    params(("id" = RecallId, Path, description = "Recall"), VersionHeader),
    responses((status = 200, body = Recall), WriteProblems))]
#[post("/recalls/{id}/cancellation")]
async fn recall_cancel(
    write: Write<RecallManage>,
    id: IdPath<RecallId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| cases::recall_cancel(tx, id.0, version, command)).await
}
