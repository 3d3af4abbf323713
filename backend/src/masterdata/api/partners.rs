//! Operations on partners.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::PartnerId;
use lotline_common::masterdata::{Partner, PartnerWrite};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::partners;
use crate::changes::service::propose;
use crate::db::list::{BY_CODE, BY_ID, List, Sort};
use crate::http::permit::{MasterdataEdit, MasterdataView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(partner_list).service(partner_create).service(partner_read).service(partner_update);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PartnerFilter {
    /// Offered for new records.
    active: Option<bool>,
    /// Delivers material.
    supplier: Option<bool>,
    /// Processes our material.
    subcontractor: Option<bool>,
    /// Gets finished goods.
    customer: Option<bool>,
}

/// Partners
#[utoipa::path(tag = "masterdata", operation_id = "partner_list", params(ListQuery, PartnerFilter),
    responses((status = 200, content((Page<Partner> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/partners")]
async fn partner_list(
    read: Read<MasterdataView>,
    query: Params<ListQuery>,
    filter: Params<PartnerFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_CODE, BY_ID];
    let list = List::over("partner_view", SORTS)
        .flag("active", filter.0.active)
        .flag("supplier", filter.0.supplier)
        .flag("subcontractor", filter.0.subcontractor)
        .flag("customer", filter.0.customer);
    read.list::<Partner>("partners", query.0, list).await
}

/// Make a partner
#[utoipa::path(tag = "masterdata", operation_id = "partner_create", request_body = PartnerWrite,
    responses((status = 201, body = Partner), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/partners")]
async fn partner_create(
    write: Write<MasterdataEdit>,
    command: Command<PartnerWrite>,
) -> Result<HttpResponse, HttpProblem> {
    write.answer(command, |tx, command| propose(tx, 201, &Change::PartnerCreate { command: command.clone() })).await
}

/// One partner
#[utoipa::path(tag = "masterdata", operation_id = "partner_read",
    params(("id" = PartnerId, Path, description = "Partner")),
    responses((status = 200, body = Partner), ReadProblems))]
#[get("/partners/{id}")]
async fn partner_read(read: Read<MasterdataView>, id: IdPath<PartnerId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| partners::partner_read(reader, id.0)).await
}

/// Change a partner
#[utoipa::path(tag = "masterdata", operation_id = "partner_update", request_body = PartnerWrite,
    params(("id" = PartnerId, Path, description = "Partner"), VersionHeader),
    responses((status = 200, body = Partner), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/partners/{id}")]
async fn partner_update(
    write: Write<MasterdataEdit>,
    id: IdPath<PartnerId>,
    command: Command<PartnerWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &PartnerWrite| Change::PartnerUpdate { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| propose(tx, 200, &change(command))).await
}
