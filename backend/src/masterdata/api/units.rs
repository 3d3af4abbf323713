//! Operations on units.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::UnitId;
use lotline_common::masterdata::{Unit, UnitWrite};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::units;
use crate::changes::service::propose;
use crate::db::list::{BY_CODE, BY_ID, List, Sort};
use crate::http::permit::{MasterdataEdit, MasterdataView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(unit_list).service(unit_create).service(unit_read).service(unit_update);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UnitFilter {
    /// Offered for new records.
    active: Option<bool>,
}

/// Units
#[utoipa::path(tag = "masterdata", operation_id = "unit_list", params(ListQuery, UnitFilter),
    responses((status = 200, content((Page<Unit> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/units")]
async fn unit_list(
    read: Read<MasterdataView>,
    query: Params<ListQuery>,
    filter: Params<UnitFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_CODE, BY_ID];
    let list = List::over("unit_view", SORTS).flag("active", filter.0.active);
    read.list::<Unit>("units", query.0, list).await
}

/// Make a unit
#[utoipa::path(tag = "masterdata", operation_id = "unit_create", request_body = UnitWrite,
    responses((status = 201, body = Unit), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/units")]
async fn unit_create(write: Write<MasterdataEdit>, command: Command<UnitWrite>) -> Result<HttpResponse, HttpProblem> {
    write.answer(command, |tx, command| propose(tx, 201, &Change::UnitCreate { command: command.clone() })).await
}

/// One unit
#[utoipa::path(tag = "masterdata", operation_id = "unit_read", params(("id" = UnitId, Path, description = "Unit")),
    responses((status = 200, body = Unit), ReadProblems))]
#[get("/units/{id}")]
async fn unit_read(read: Read<MasterdataView>, id: IdPath<UnitId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| units::unit_read(reader, id.0)).await
}

/// Change a unit
#[utoipa::path(tag = "masterdata", operation_id = "unit_update", request_body = UnitWrite,
    params(("id" = UnitId, Path, description = "Unit"), VersionHeader),
    responses((status = 200, body = Unit), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/units/{id}")]
async fn unit_update(
    write: Write<MasterdataEdit>,
    id: IdPath<UnitId>,
    command: Command<UnitWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &UnitWrite| Change::UnitUpdate { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| propose(tx, 200, &change(command))).await
}
