//! Operations on material documents.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::{MaterialDocumentId, OrderId, PartnerId};
use lotline_common::material::{
    Material, MaterialConfirm, MaterialCreate, MaterialKind, MaterialState, MaterialSummary,
};
use lotline_common::orders::CustodyState;
use lotline_common::page::{ListQuery, Page};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use serde::Deserialize;
use utoipa::IntoParams;

use super::service;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{MaterialPost, MaterialReverse, PortalDeclare, PortalView, StockView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(material_list)
        .service(material_create)
        .service(material_read)
        .service(material_confirm)
        .service(material_reverse)
        .service(return_list)
        .service(return_create)
        .service(return_read);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MaterialFilter {
    /// What it does.
    #[param(inline)]
    kind: Option<MaterialKind>,
    /// Order.
    order_id: Option<OrderId>,
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Record state.
    #[param(inline)]
    record_state: Option<MaterialState>,
    /// Custody axis: `in_transit` is what waits to be received.
    #[param(inline)]
    custody_state: Option<CustodyState>,
}

const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("occurred_at", "t.occurred_at", "timestamptz")];

fn list(filter: &MaterialFilter) -> List {
    List::over("material_view", SORTS)
        .text("kind", filter.kind)
        .id("order_id", filter.order_id)
        .id("partner_id", filter.partner_id)
        .text("record_state", filter.record_state)
        .text("custody_state", filter.custody_state)
}

/// Material documents, newest first
#[utoipa::path(tag = "material documents", operation_id = "material_list", params(ListQuery, MaterialFilter),
    responses((status = 200, content((Page<MaterialSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/material-documents")]
async fn material_list(
    read: Read<StockView>,
    query: Params<ListQuery>,
    filter: Params<MaterialFilter>,
) -> Result<HttpResponse, HttpProblem> {
    read.list::<MaterialSummary>("material-documents", query.0, list(&filter.0)).await
}

/// Post a material document
///
/// Returns and scrap at a subcontractor, moves, issues to and returns from own lines, own scrap. All lines are posted,
/// or none; every field at fault is named.
#[utoipa::path(tag = "material documents", operation_id = "material_create", request_body = MaterialCreate,
    responses((status = 201, body = Material), WriteProblems))]
#[post("/material-documents")]
async fn material_create(
    write: Write<MaterialPost>,
    command: Command<MaterialCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, service::material_create).await
}

/// One material document
#[utoipa::path(tag = "material documents", operation_id = "material_read",
    params(("id" = MaterialDocumentId, Path, description = "Material document")),
    responses((status = 200, body = Material), ReadProblems))]
#[get("/material-documents/{id}")]
async fn material_read(read: Read<StockView>, id: IdPath<MaterialDocumentId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::material_read(reader, id.0)).await
}

/// Receive what a subcontractor sent back
#[utoipa::path(tag = "material documents", operation_id = "material_confirm", request_body = MaterialConfirm,
    params(("id" = MaterialDocumentId, Path, description = "Material document"), VersionHeader),
    responses((status = 200, body = Material), WriteProblems))]
#[post("/material-documents/{id}/confirmation")]
async fn material_confirm(
    write: Write<MaterialPost>,
    id: IdPath<MaterialDocumentId>,
    command: Command<MaterialConfirm>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::material_confirm(tx, id.0, version, command)).await
}

/// Undo a material document by mirror movements
#[utoipa::path(tag = "material documents", operation_id = "material_reverse", request_body = Reversal,
    params(("id" = MaterialDocumentId, Path, description = "Material document"), VersionHeader),
    responses((status = 200, body = Material), WriteProblems))]
#[post("/material-documents/{id}/reversal")]
async fn material_reverse(
    write: Write<MaterialReverse>,
    id: IdPath<MaterialDocumentId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::material_reverse(tx, id.0, version, command)).await
}

fn own_company(read: &Read<PortalView>) -> Result<PartnerId, HttpProblem> {
    read.ctx().partner.ok_or_else(|| read.refuse(Refusal::new(ProblemCode::NotFound)))
}

/// Portal: material documents of the own company, newest first
#[utoipa::path(tag = "portal", operation_id = "return_list", params(ListQuery, MaterialFilter),
    responses((status = 200, content((Page<MaterialSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/portal/material-documents")]
async fn return_list(
    read: Read<PortalView>,
    query: Params<ListQuery>,
    filter: Params<MaterialFilter>,
) -> Result<HttpResponse, HttpProblem> {
    let filter = MaterialFilter { partner_id: Some(own_company(&read)?), ..filter.0 };
    read.list::<MaterialSummary>("material-documents", query.0, list(&filter)).await
}

/// Portal: send unused components back
///
/// They leave the own custody and wait for the maker to receive them.
#[utoipa::path(tag = "portal", operation_id = "return_create", request_body = MaterialCreate,
    responses((status = 201, body = Material), WriteProblems))]
#[post("/portal/material-documents")]
async fn return_create(
    write: Write<PortalDeclare>,
    command: Command<MaterialCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, service::return_declare).await
}

/// Portal: one material document of the own company
#[utoipa::path(tag = "portal", operation_id = "return_read",
    params(("id" = MaterialDocumentId, Path, description = "Material document")),
    responses((status = 200, body = Material), ReadProblems))]
#[get("/portal/material-documents/{id}")]
async fn return_read(read: Read<PortalView>, id: IdPath<MaterialDocumentId>) -> Result<HttpResponse, HttpProblem> {
    own_company(&read)?;
    read.one(move |reader| service::material_read(reader, id.0)).await
}
