//! Operations on bills of material.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::{BomId, ItemId, OperationId};
use lotline_common::masterdata::{Bom, BomState, BomSummary, BomTransition, BomWrite};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::boms;
use crate::changes::service::propose;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::{MasterdataEdit, MasterdataView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(bom_list).service(bom_create).service(bom_read).service(bom_update).service(bom_transition);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BomFilter {
    /// What comes back.
    product_id: Option<ItemId>,
    /// Operation.
    operation_id: Option<OperationId>,
    /// Where the revision stands.
    #[param(inline)]
    state: Option<BomState>,
}

/// Bills of material
#[utoipa::path(tag = "masterdata", operation_id = "bom_list", params(ListQuery, BomFilter),
    responses((status = 200, content((Page<BomSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/boms")]
async fn bom_list(
    read: Read<MasterdataView>,
    query: Params<ListQuery>,
    filter: Params<BomFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[sort("product", "t.product_code", "text"), BY_ID];
    let list = List::over("bom_view", SORTS)
        .id("product_id", filter.0.product_id)
        .id("operation_id", filter.0.operation_id)
        .text("state", filter.0.state);
    read.list::<BomSummary>("boms", query.0, list).await
}

/// Make a bill of material, as a draft
#[utoipa::path(tag = "masterdata", operation_id = "bom_create", request_body = BomWrite,
    responses((status = 201, body = Bom), WriteProblems))]
#[post("/boms")]
async fn bom_create(write: Write<MasterdataEdit>, command: Command<BomWrite>) -> Result<HttpResponse, HttpProblem> {
    write.create(command, boms::bom_create).await
}

/// One bill of material
#[utoipa::path(tag = "masterdata", operation_id = "bom_read",
    params(("id" = BomId, Path, description = "Bill of material")),
    responses((status = 200, body = Bom), ReadProblems))]
#[get("/boms/{id}")]
async fn bom_read(read: Read<MasterdataView>, id: IdPath<BomId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| boms::bom_read(reader, id.0)).await
}

/// Change a draft bill of material
#[utoipa::path(tag = "masterdata", operation_id = "bom_update", request_body = BomWrite,
    params(("id" = BomId, Path, description = "Bill of material"), VersionHeader),
    responses((status = 200, body = Bom), WriteProblems))]
#[put("/boms/{id}")]
async fn bom_update(
    write: Write<MasterdataEdit>,
    id: IdPath<BomId>,
    command: Command<BomWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| boms::bom_update(tx, id.0, version, command)).await
}

/// Activate or retire a revision
///
/// The revision that was active for the same product and operation retires.
#[utoipa::path(tag = "masterdata", operation_id = "bom_transition", request_body = BomTransition,
    params(("id" = BomId, Path, description = "Bill of material"), VersionHeader),
    responses((status = 200, body = Bom), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/boms/{id}/transitions")]
async fn bom_transition(
    write: Write<MasterdataEdit>,
    id: IdPath<BomId>,
    command: Command<BomTransition>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &BomTransition| Change::BomTransition { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| propose(tx, 200, &change(command))).await
}
