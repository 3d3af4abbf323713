//! Operations on agreements and their versions.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::contracts::{
    Agreement, AgreementCreate, AgreementKind, AgreementSummary, AgreementVersion, AgreementVersionCreate,
    AgreementVersionTransition, AgreementVersionUpdate, VersionDifference, VersionState,
};
use lotline_common::id::{AgreementId, AgreementVersionId, PartnerId};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::service::agreements;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{ContractEdit, ContractView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(agreement_list)
        .service(agreement_create)
        .service(agreement_read)
        .service(agreement_version_create)
        .service(agreement_version_read)
        .service(agreement_version_update)
        .service(agreement_version_transition)
        .service(agreement_version_difference_read);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AgreementFilter {
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Kind.
    #[param(inline)]
    kind: Option<AgreementKind>,
    /// Whether a version is in force today.
    in_force: Option<bool>,
    /// State of the version being written or approved.
    #[param(inline)]
    open_state: Option<VersionState>,
}

/// Quality agreements and contracts, newest first
#[utoipa::path(tag = "contracts", operation_id = "agreement_list", params(ListQuery, AgreementFilter),
    responses((status = 200, content((Page<AgreementSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/agreements")]
async fn agreement_list(
    read: Read<ContractView>,
    query: Params<ListQuery>,
    filter: Params<AgreementFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] =
        &[BY_ID, BY_NUMBER, sort("next_expiry_on", "coalesce(t.next_expiry_on, 'infinity'::date)", "date")];
    let filter = filter.0;
    let list = List::over("agreement_view", SORTS)
        .id("partner_id", filter.partner_id)
        .text("kind", filter.kind)
        .flag("in_force", filter.in_force)
        .text("open_state", filter.open_state);
    read.list::<AgreementSummary>("agreements", query.0, list).await
}

/// Write an agreement; its first version is a draft
#[utoipa::path(tag = "contracts", operation_id = "agreement_create", request_body = AgreementCreate,
    responses((status = 201, body = Agreement), WriteProblems))]
#[post("/agreements")]
async fn agreement_create(
    write: Write<ContractEdit>,
    command: Command<AgreementCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, agreements::agreement_create).await
}

/// One agreement with all its versions
#[utoipa::path(tag = "contracts", operation_id = "agreement_read",
    params(("id" = AgreementId, Path, description = "Agreement")),
    responses((status = 200, body = Agreement), ReadProblems))]
#[get("/agreements/{id}")]
async fn agreement_read(read: Read<ContractView>, id: IdPath<AgreementId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| agreements::agreement_read(reader, id.0)).await
}

/// Begin an amendment: a draft with the clauses of the last version
#[utoipa::path(tag = "contracts", operation_id = "agreement_version_create", request_body = AgreementVersionCreate,
    params(("id" = AgreementId, Path, description = "Agreement")),
    responses((status = 201, body = AgreementVersion), WriteProblems))]
#[post("/agreements/{id}/versions")]
async fn agreement_version_create(
    write: Write<ContractEdit>,
    id: IdPath<AgreementId>,
    command: Command<AgreementVersionCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, move |tx, command| agreements::version_create(tx, id.0, command)).await
}

/// One version with its clauses
#[utoipa::path(tag = "contracts", operation_id = "agreement_version_read",
    params(("id" = AgreementVersionId, Path, description = "Version")),
    responses((status = 200, body = AgreementVersion), ReadProblems))]
#[get("/agreement-versions/{id}")]
async fn agreement_version_read(
    read: Read<ContractView>,
    id: IdPath<AgreementVersionId>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| agreements::version_read(reader, id.0)).await
}

/// Change a draft version: all its clauses
#[utoipa::path(tag = "contracts", operation_id = "agreement_version_update", request_body = AgreementVersionUpdate,
    params(("id" = AgreementVersionId, Path, description = "Version"), VersionHeader),
    responses((status = 200, body = AgreementVersion), WriteProblems))]
#[put("/agreement-versions/{id}")]
async fn agreement_version_update(
    write: Write<ContractEdit>,
    id: IdPath<AgreementVersionId>,
    command: Command<AgreementVersionUpdate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| agreements::version_update(tx, id.0, version, command)).await
}

/// Submit a draft version for approval, or take it back
///
/// Approved, it is in force from its first day on, and the version before it until the day before.
#[utoipa::path(tag = "contracts", operation_id = "agreement_version_transition", request_body = AgreementVersionTransition,
    params(("id" = AgreementVersionId, Path, description = "Version"), VersionHeader),
    responses((status = 200, body = AgreementVersion), WriteProblems))]
#[post("/agreement-versions/{id}/transitions")]
async fn agreement_version_transition(
    write: Write<ContractEdit>,
    id: IdPath<AgreementVersionId>,
    command: Command<AgreementVersionTransition>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| agreements::version_transition(tx, id.0, version, command)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DifferenceParams {
    /// Version of the same agreement to compare with; the one before when absent.
    against: Option<AgreementVersionId>,
}

/// What a version changes, clause by clause and figure by figure
#[utoipa::path(tag = "contracts", operation_id = "agreement_version_difference_read",
    params(("id" = AgreementVersionId, Path, description = "Version"), DifferenceParams),
    responses((status = 200, body = VersionDifference), ReadProblems))]
#[get("/agreement-versions/{id}/difference")]
async fn agreement_version_difference_read(
    read: Read<ContractView>,
    id: IdPath<AgreementVersionId>,
    params: Params<DifferenceParams>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| agreements::version_difference(reader, id.0, params.0.against)).await
}
