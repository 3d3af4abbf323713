//! Operations on operations.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::OperationId;
use lotline_common::masterdata::{Operation, OperationWrite};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::operations;
use crate::changes::service::propose;
use crate::db::list::{BY_CODE, BY_ID, List, Sort};
use crate::http::permit::{MasterdataEdit, MasterdataView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(operation_list).service(operation_create).service(operation_read).service(operation_update);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OperationFilter {
    /// Offered for new records.
    active: Option<bool>,
}

/// Operations
#[utoipa::path(tag = "masterdata", operation_id = "operation_list", params(ListQuery, OperationFilter),
    responses((status = 200, content((Page<Operation> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/operations")]
async fn operation_list(
    read: Read<MasterdataView>,
    query: Params<ListQuery>,
    filter: Params<OperationFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_CODE, BY_ID];
    let list = List::over("operation_view", SORTS).flag("active", filter.0.active);
    read.list::<Operation>("operations", query.0, list).await
}

/// Make an operation
#[utoipa::path(tag = "masterdata", operation_id = "operation_create", request_body = OperationWrite,
    responses((status = 201, body = Operation), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/operations")]
async fn operation_create(
    write: Write<MasterdataEdit>,
    command: Command<OperationWrite>,
) -> Result<HttpResponse, HttpProblem> {
    write.answer(command, |tx, command| propose(tx, 201, &Change::OperationCreate { command: command.clone() })).await
}

/// One operation
#[utoipa::path(tag = "masterdata", operation_id = "operation_read",
    params(("id" = OperationId, Path, description = "Operation")),
    responses((status = 200, body = Operation), ReadProblems))]
#[get("/operations/{id}")]
async fn operation_read(read: Read<MasterdataView>, id: IdPath<OperationId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| operations::operation_read(reader, id.0)).await
}

/// Change an operation
#[utoipa::path(tag = "masterdata", operation_id = "operation_update", request_body = OperationWrite,
    params(("id" = OperationId, Path, description = "Operation"), VersionHeader),
    responses((status = 200, body = Operation), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/operations/{id}")]
async fn operation_update(
    write: Write<MasterdataEdit>,
    id: IdPath<OperationId>,
    command: Command<OperationWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change =
        move |command: &OperationWrite| Change::OperationUpdate { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| propose(tx, 200, &change(command))).await
}
