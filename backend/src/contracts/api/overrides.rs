//! Operations on acts against a clause.

use actix_web::{HttpResponse, get, post};
use lotline_common::contracts::{ClauseOverride, ClauseOverrideCreate, ClauseOverrideTransition, OverrideState};
use lotline_common::id::{ClauseId, ClauseOverrideId, OrderId, PartnerId};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::service::overrides;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort};
use crate::http::permit::{ContractRequest, ContractView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(clause_override_list)
        .service(clause_override_create)
        .service(clause_override_read)
        .service(clause_override_transition);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OverrideFilter {
    /// Order.
    order_id: Option<OrderId>,
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Clause.
    clause_id: Option<ClauseId>,
    /// Where it stands.
    #[param(inline)]
    approval_state: Option<OverrideState>,
    /// Whether it was used.
    used: Option<bool>,
}

/// Acts allowed against clauses, newest first
#[utoipa::path(tag = "contracts", operation_id = "clause_override_list", params(ListQuery, OverrideFilter),
    responses((status = 200, content((Page<ClauseOverride> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/clause-overrides")]
async fn clause_override_list(
    read: Read<ContractView>,
    query: Params<ListQuery>,
    filter: Params<OverrideFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let filter = filter.0;
    let list = List::over("clause_override_view", SORTS)
        .id("order_id", filter.order_id)
        .id("partner_id", filter.partner_id)
        .id("clause_id", filter.clause_id)
        .text("approval_state", filter.approval_state)
        .flag("used", filter.used);
    read.list::<ClauseOverride>("clause-overrides", query.0, list).await
}

/// Ask for an act against a clause
///
/// Somebody else who approves contracts decides. Approved, it is used once, by the step that reaches at most
/// the figure allowed.
#[utoipa::path(tag = "contracts", operation_id = "clause_override_create", request_body = ClauseOverrideCreate,
    responses((status = 201, body = ClauseOverride), WriteProblems))]
#[post("/clause-overrides")]
async fn clause_override_create(
    write: Write<ContractRequest>,
    command: Command<ClauseOverrideCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, overrides::override_create).await
}

/// One act allowed against a clause
#[utoipa::path(tag = "contracts", operation_id = "clause_override_read",
    params(("id" = ClauseOverrideId, Path, description = "Override")),
    responses((status = 200, body = ClauseOverride), ReadProblems))]
#[get("/clause-overrides/{id}")]
async fn clause_override_read(
    read: Read<ContractView>,
    id: IdPath<ClauseOverrideId>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| overrides::override_read(reader, id.0)).await
}

/// Take an override back that was not used
#[utoipa::path(tag = "contracts", operation_id = "clause_override_transition", request_body = ClauseOverrideTransition,
    params(("id" = ClauseOverrideId, Path, description = "Override"), VersionHeader),
    responses((status = 200, body = ClauseOverride), WriteProblems))]
#[post("/clause-overrides/{id}/transitions")]
async fn clause_override_transition(
    write: Write<ContractRequest>,
    id: IdPath<ClauseOverrideId>,
    command: Command<ClauseOverrideTransition>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| overrides::override_transition(tx, id.0, version, command)).await
}
