//! Operations on locations.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::{LocationId, PartnerId};
use lotline_common::masterdata::{Location, LocationKind, LocationWrite};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::locations;
use crate::changes::service::propose;
use crate::db::list::{BY_CODE, BY_ID, List, Sort};
use crate::http::permit::{MasterdataEdit, MasterdataView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(location_list).service(location_create).service(location_read).service(location_update);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LocationFilter {
    /// Offered for new records.
    active: Option<bool>,
    /// What being there means.
    #[param(inline)]
    kind: Option<LocationKind>,
    /// Whose custody or transit it is.
    partner_id: Option<PartnerId>,
}

/// Locations
#[utoipa::path(tag = "masterdata", operation_id = "location_list", params(ListQuery, LocationFilter),
    responses((status = 200, content((Page<Location> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/locations")]
async fn location_list(
    read: Read<MasterdataView>,
    query: Params<ListQuery>,
    filter: Params<LocationFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_CODE, BY_ID];
    let list = List::over("location_view", SORTS)
        .flag("active", filter.0.active)
        .text("kind", filter.0.kind)
        .id("partner_id", filter.0.partner_id);
    read.list::<Location>("locations", query.0, list).await
}

/// Make a location
#[utoipa::path(tag = "masterdata", operation_id = "location_create", request_body = LocationWrite,
    responses((status = 201, body = Location), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/locations")]
async fn location_create(
    write: Write<MasterdataEdit>,
    command: Command<LocationWrite>,
) -> Result<HttpResponse, HttpProblem> {
    write.answer(command, |tx, command| propose(tx, 201, &Change::LocationCreate { command: command.clone() })).await
}

/// One location
#[utoipa::path(tag = "masterdata", operation_id = "location_read",
    params(("id" = LocationId, Path, description = "Location")),
    responses((status = 200, body = Location), ReadProblems))]
#[get("/locations/{id}")]
async fn location_read(read: Read<MasterdataView>, id: IdPath<LocationId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| locations::location_read(reader, id.0)).await
}

/// Change a location
#[utoipa::path(tag = "masterdata", operation_id = "location_update", request_body = LocationWrite,
    params(("id" = LocationId, Path, description = "Location"), VersionHeader),
    responses((status = 200, body = Location), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/locations/{id}")]
async fn location_update(
    write: Write<MasterdataEdit>,
    id: IdPath<LocationId>,
    command: Command<LocationWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &LocationWrite| Change::LocationUpdate { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| propose(tx, 200, &change(command))).await
}
