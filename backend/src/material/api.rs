//! Operations on material documents.

use actix_web::{HttpResponse, get, post};
use lotline_common::custody::AttachmentRef;
use lotline_common::id::{ItemId, LotId, MaterialDocumentId, OrderId, PartnerId};
use lotline_common::material::{
    CountSheet, Material, MaterialApproval, MaterialConfirm, MaterialCreate, MaterialHandOver, MaterialKind,
    MaterialState, MaterialSummary, SalesRecord,
};
use lotline_common::orders::CustodyState;
use lotline_common::page::{ListQuery, Page};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::reads::ReadKind;
use lotline_common::receiving::Reversal;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{evidence, service};
use crate::audit::reads::Seen;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::body::{FileBody, FileParams};
use crate::http::permit::{
    MaterialEdit, MaterialPost, MaterialReverse, PortalConfirm, PortalDeclare, PortalView, StockView,
};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(material_list)
        .service(material_create)
        .service(material_read)
        .service(material_hand_over)
        .service(material_confirm)
        .service(material_cancel)
        .service(material_reverse)
        .service(material_attachment_create)
        .service(count_sheet)
        .service(sales_record_list)
        .service(portal_list)
        .service(portal_create)
        .service(portal_read)
        .service(portal_hand_over)
        .service(portal_confirm)
        .service(portal_attachment_create)
        .service(portal_count_sheet);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MaterialFilter {
    /// What it does.
    #[param(inline)]
    kind: Option<MaterialKind>,
    /// Order.
    order_id: Option<OrderId>,
    /// Order that gets it.
    to_order_id: Option<OrderId>,
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Subcontractor that gets it.
    to_partner_id: Option<PartnerId>,
    /// Customer.
    customer_id: Option<PartnerId>,
    /// Record state.
    #[param(inline)]
    record_state: Option<MaterialState>,
    /// Approval axis.
    #[param(inline)]
    approval_state: Option<MaterialApproval>,
    /// Custody axis: `in_transit` is what waits to be received.
    #[param(inline)]
    custody_state: Option<CustodyState>,
}

const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("occurred_at", "t.occurred_at", "timestamptz")];

fn list(filter: &MaterialFilter) -> List {
    List::over("material_view", SORTS)
        .text("kind", filter.kind)
        .id("order_id", filter.order_id)
        .id("to_order_id", filter.to_order_id)
        .id("partner_id", filter.partner_id)
        .id("to_partner_id", filter.to_partner_id)
        .id("customer_id", filter.customer_id)
        .text("record_state", filter.record_state)
        .text("approval_state", filter.approval_state)
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

/// Write a material document
///
/// It is posted at once, all of its lines or none, which needs the right to post; but a transfer waits for its
/// hand-over, and over-consumption, or a count that differs from the books, for an approver. Every field at fault is
/// named.
#[utoipa::path(tag = "material documents", operation_id = "material_create", request_body = MaterialCreate,
    responses((status = 201, body = Material), WriteProblems))]
#[post("/material-documents")]
async fn material_create(
    write: Write<MaterialEdit>,
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

/// Hand a transfer over on behalf of the subcontractor that sends it
#[utoipa::path(tag = "material documents", operation_id = "material_hand_over", request_body = MaterialHandOver,
    params(("id" = MaterialDocumentId, Path, description = "Material document"), VersionHeader),
    responses((status = 200, body = Material), WriteProblems))]
#[post("/material-documents/{id}/hand-over")]
async fn material_hand_over(
    write: Write<MaterialPost>,
    id: IdPath<MaterialDocumentId>,
    command: Command<MaterialHandOver>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::material_hand_over(tx, id.0, version, command)).await
}

/// Confirm what arrived of a return, a transfer or rework
///
/// A return arrives at the maker; the rest is confirmed on behalf of the subcontractor that gets it.
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

/// Call off a material document before anything moved
#[utoipa::path(tag = "material documents", operation_id = "material_cancel", request_body = Reversal,
    params(("id" = MaterialDocumentId, Path, description = "Material document"), VersionHeader),
    responses((status = 200, body = Material), WriteProblems))]
#[post("/material-documents/{id}/cancellation")]
async fn material_cancel(
    write: Write<MaterialEdit>,
    id: IdPath<MaterialDocumentId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::material_cancel(tx, id.0, version, command)).await
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

/// Lay evidence to a material document
///
/// JPEG, PNG, WebP or PDF, at most 8 MiB, told by its bytes; to a return, scrap, over-consumption or a count, also once
/// it is posted. It stays with the maker's people.
#[utoipa::path(tag = "material documents", operation_id = "material_attachment_create",
    params(("id" = MaterialDocumentId, Path, description = "Material document"), FileParams),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"),
        (Vec<u8> = "application/pdf"))),
    responses((status = 201, body = AttachmentRef), WriteProblems))]
#[post("/material-documents/{id}/attachments")]
async fn material_attachment_create(
    write: Write<MaterialEdit>,
    id: IdPath<MaterialDocumentId>,
    params: Params<FileParams>,
    file: FileBody,
) -> Result<HttpResponse, HttpProblem> {
    let name = params.0.file_name;
    write.create(file.command(), move |tx, file| evidence::material_attach(tx, id.0, &name, file)).await
}

/// What a count of an order's custody has to name
///
/// Lots without quantities: who counts does not see what the books say.
#[utoipa::path(tag = "material documents", operation_id = "count_sheet_read",
    params(("id" = OrderId, Path, description = "Order")),
    responses((status = 200, body = CountSheet), ReadProblems))]
#[get("/orders/{id}/count-sheet")]
async fn count_sheet(read: Read<StockView>, id: IdPath<OrderId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::count_sheet(reader, id.0)).await
}

#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SalesFilter {
    /// Customer.
    customer_id: Option<PartnerId>,
    /// Item.
    item_id: Option<ItemId>,
    /// Lot.
    lot_id: Option<LotId>,
}

/// What was sold to whom, lot by lot, newest first
///
/// With what the Measures for the Supervision and Administration of Medical Device Production and Distribution ask a
/// sales record to hold.
#[utoipa::path(tag = "material documents", operation_id = "sales_record_list", params(ListQuery, SalesFilter),
    responses((status = 200, content((Page<SalesRecord> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/sales-records")]
async fn sales_record_list(
    read: Read<StockView>,
    query: Params<ListQuery>,
    filter: Params<SalesFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[sort("dispatched_at", "t.dispatched_at", "timestamptz"), BY_ID];
    let read = read.noting(Seen::several(ReadKind::SalesRecords, &filter.0));
    let list = List::over("sales_record_view", SORTS)
        .id("customer_id", filter.0.customer_id)
        .id("item_id", filter.0.item_id)
        .id("lot_id", filter.0.lot_id);
    read.list::<SalesRecord>("sales-records", query.0, list).await
}

/// The portal is for subcontractors only; what they see there is the wall's to say.
fn check_portal(read: &Read<PortalView>) -> Result<(), HttpProblem> {
    match read.ctx().partner {
        Some(_) => Ok(()),
        None => Err(read.refuse(Refusal::new(ProblemCode::NotFound))),
    }
}

/// Portal: material documents of the own company, newest first
#[utoipa::path(tag = "portal", operation_id = "portal_material_list", params(ListQuery, MaterialFilter),
    responses((status = 200, content((Page<MaterialSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/portal/material-documents")]
async fn portal_list(
    read: Read<PortalView>,
    query: Params<ListQuery>,
    filter: Params<MaterialFilter>,
) -> Result<HttpResponse, HttpProblem> {
    check_portal(&read)?;
    read.list::<MaterialSummary>("material-documents", query.0, list(&filter.0)).await
}

/// Portal: send components back, or count what the own company holds
///
/// What is sent back leaves the own custody and waits for the maker to receive it. A count that differs from the books
/// waits for the maker's approver.
#[utoipa::path(tag = "portal", operation_id = "portal_material_create", request_body = MaterialCreate,
    responses((status = 201, body = Material), WriteProblems))]
#[post("/portal/material-documents")]
async fn portal_create(
    write: Write<PortalDeclare>,
    command: Command<MaterialCreate>,
) -> Result<HttpResponse, HttpProblem> {
    // A trial of a count would tell whether it agrees with the books.
    write.for_real()?.create(command, service::material_declare).await
}

/// Portal: one material document that the own company sends, gets or counts
#[utoipa::path(tag = "portal", operation_id = "portal_material_read",
    params(("id" = MaterialDocumentId, Path, description = "Material document")),
    responses((status = 200, body = Material), ReadProblems))]
#[get("/portal/material-documents/{id}")]
async fn portal_read(read: Read<PortalView>, id: IdPath<MaterialDocumentId>) -> Result<HttpResponse, HttpProblem> {
    check_portal(&read)?;
    read.one(move |reader| service::material_read(reader, id.0)).await
}

/// Portal: hand over a transfer that the maker instructed
#[utoipa::path(tag = "portal", operation_id = "portal_material_hand_over", request_body = MaterialHandOver,
    params(("id" = MaterialDocumentId, Path, description = "Material document"), VersionHeader),
    responses((status = 200, body = Material), WriteProblems))]
#[post("/portal/material-documents/{id}/hand-over")]
async fn portal_hand_over(
    write: Write<PortalDeclare>,
    id: IdPath<MaterialDocumentId>,
    command: Command<MaterialHandOver>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write
        .change(command, move |tx, command| {
            tx.portal_partner()?;
            service::material_hand_over(tx, id.0, version, command)
        })
        .await
}

/// Portal: confirm what arrived of a transfer, or of goods to be reworked
#[utoipa::path(tag = "portal", operation_id = "portal_material_confirm", request_body = MaterialConfirm,
    params(("id" = MaterialDocumentId, Path, description = "Material document"), VersionHeader),
    responses((status = 200, body = Material), WriteProblems))]
#[post("/portal/material-documents/{id}/confirmation")]
async fn portal_confirm(
    write: Write<PortalConfirm>,
    id: IdPath<MaterialDocumentId>,
    command: Command<MaterialConfirm>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write
        .change(command, move |tx, command| {
            tx.portal_partner()?;
            service::material_confirm(tx, id.0, version, command)
        })
        .await
}

/// Portal: lay evidence to a material document of the own company
///
/// As the maker's people do; both sides see it.
#[utoipa::path(tag = "portal", operation_id = "portal_material_attachment_create",
    params(("id" = MaterialDocumentId, Path, description = "Material document"), FileParams),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"),
        (Vec<u8> = "application/pdf"))),
    responses((status = 201, body = AttachmentRef), WriteProblems))]
#[post("/portal/material-documents/{id}/attachments")]
async fn portal_attachment_create(
    write: Write<PortalDeclare>,
    id: IdPath<MaterialDocumentId>,
    params: Params<FileParams>,
    file: FileBody,
) -> Result<HttpResponse, HttpProblem> {
    let name = params.0.file_name;
    write.create(file.command(), move |tx, file| evidence::material_attach_own(tx, id.0, &name, file)).await
}

/// Portal: what a count of an order has to name
#[utoipa::path(tag = "portal", operation_id = "portal_count_sheet_read",
    params(("id" = OrderId, Path, description = "Order")),
    responses((status = 200, body = CountSheet), ReadProblems))]
#[get("/portal/orders/{id}/count-sheet")]
async fn portal_count_sheet(read: Read<PortalView>, id: IdPath<OrderId>) -> Result<HttpResponse, HttpProblem> {
    check_portal(&read)?;
    read.one(move |reader| service::count_sheet(reader, id.0)).await
}
