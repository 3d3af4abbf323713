//! Operations on receipts from subcontractors.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::{OrderId, PartnerId, SubcontractReceiptId};
use lotline_common::orders::OrderReceiptState;
use lotline_common::page::{ListQuery, Page};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use lotline_common::subcontract_receiving::{
    PortalOrder, SubcontractReceipt, SubcontractReceiptCreate, SubcontractReceiptPost, SubcontractReceiptState,
    SubcontractReceiptSummary, UseProposal,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{reading, service};
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{MaterialReverse, OrderView, PortalDeclare, PortalView, SubcontractReceive};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(receipt_list)
        .service(receipt_create)
        .service(receipt_read)
        .service(receipt_post)
        .service(receipt_cancel)
        .service(receipt_reverse)
        .service(proposal)
        .service(portal_orders)
        .service(portal_proposal)
        .service(declaration_list)
        .service(declaration_create)
        .service(declaration_read)
        .service(declaration_cancel);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReceiptFilter {
    /// Order.
    order_id: Option<OrderId>,
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Record state: `declared` is what waits to be received.
    #[param(inline)]
    record_state: Option<SubcontractReceiptState>,
}

const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("occurred_at", "t.occurred_at", "timestamptz")];

fn list(filter: &ReceiptFilter) -> List {
    List::over("subcontract_receipt_view", SORTS)
        .id("order_id", filter.order_id)
        .id("partner_id", filter.partner_id)
        .text("record_state", filter.record_state)
}

/// Receipts from subcontractors, newest first
#[utoipa::path(tag = "subcontract receipts", operation_id = "subcontract_receipt_list", params(ListQuery, ReceiptFilter),
    responses((status = 200, content((Page<SubcontractReceiptSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/subcontract-receipts")]
async fn receipt_list(
    read: Read<OrderView>,
    query: Params<ListQuery>,
    filter: Params<ReceiptFilter>,
) -> Result<HttpResponse, HttpProblem> {
    read.list::<SubcontractReceiptSummary>("subcontract-receipts", query.0, list(&filter.0)).await
}

/// Receive finished goods from a subcontractor
///
/// Makes their lots in quarantine, rejected goods set apart, uses up what went into them and links the lots. All lines
/// are posted, or none; every line at fault is named.
#[utoipa::path(tag = "subcontract receipts", operation_id = "subcontract_receipt_create",
    request_body = SubcontractReceiptCreate,
    responses((status = 201, body = SubcontractReceipt), WriteProblems))]
#[post("/subcontract-receipts")]
async fn receipt_create(
    write: Write<SubcontractReceive>,
    command: Command<SubcontractReceiptCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, service::receipt_create).await
}

/// One receipt from a subcontractor
#[utoipa::path(tag = "subcontract receipts", operation_id = "subcontract_receipt_read",
    params(("id" = SubcontractReceiptId, Path, description = "Receipt from a subcontractor")),
    responses((status = 200, body = SubcontractReceipt), ReadProblems))]
#[get("/subcontract-receipts/{id}")]
async fn receipt_read(read: Read<OrderView>, id: IdPath<SubcontractReceiptId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| reading::receipt_read(reader, id.0)).await
}

/// Take declared goods into the books, as counted
#[utoipa::path(tag = "subcontract receipts", operation_id = "subcontract_receipt_post",
    request_body = SubcontractReceiptPost,
    params(("id" = SubcontractReceiptId, Path, description = "Receipt from a subcontractor"), VersionHeader),
    responses((status = 200, body = SubcontractReceipt), WriteProblems))]
#[post("/subcontract-receipts/{id}/posting")]
async fn receipt_post(
    write: Write<SubcontractReceive>,
    id: IdPath<SubcontractReceiptId>,
    command: Command<SubcontractReceiptPost>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::receipt_post(tx, id.0, version, command)).await
}

/// Refuse declared goods
#[utoipa::path(tag = "subcontract receipts", operation_id = "subcontract_receipt_cancel", request_body = Reversal,
    params(("id" = SubcontractReceiptId, Path, description = "Receipt from a subcontractor"), VersionHeader),
    responses((status = 200, body = SubcontractReceipt), WriteProblems))]
#[post("/subcontract-receipts/{id}/cancellation")]
async fn receipt_cancel(
    write: Write<SubcontractReceive>,
    id: IdPath<SubcontractReceiptId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::receipt_cancel(tx, id.0, version, command)).await
}

/// Undo a receipt from a subcontractor by mirror movements
#[utoipa::path(tag = "subcontract receipts", operation_id = "subcontract_receipt_reverse", request_body = Reversal,
    params(("id" = SubcontractReceiptId, Path, description = "Receipt from a subcontractor"), VersionHeader),
    responses((status = 200, body = SubcontractReceipt), WriteProblems))]
#[post("/subcontract-receipts/{id}/reversal")]
async fn receipt_reverse(
    write: Write<MaterialReverse>,
    id: IdPath<SubcontractReceiptId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::receipt_reverse(tx, id.0, version, command)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProposalParams {
    /// Finished quantity, good and rejected, in the product's unit.
    #[param(value_type = String, example = "100")]
    quantity: Decimal,
}

/// What a finished quantity probably took, and what not declaring it costs
#[utoipa::path(tag = "subcontract receipts", operation_id = "use_proposal_read",
    params(("id" = OrderId, Path, description = "Order"), ProposalParams),
    responses((status = 200, body = UseProposal), ReadProblems))]
#[get("/orders/{id}/use-proposal")]
async fn proposal(
    read: Read<OrderView>,
    id: IdPath<OrderId>,
    params: Params<ProposalParams>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| reading::use_proposal(reader, id.0, params.0.quantity)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PortalOrderFilter {
    /// Receipt axis.
    #[param(inline)]
    receipt_state: Option<OrderReceiptState>,
}

/// Portal: open orders with the own company, newest first
#[utoipa::path(tag = "portal", operation_id = "portal_order_list", params(ListQuery, PortalOrderFilter),
    responses((status = 200, content((Page<PortalOrder> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/portal/orders")]
async fn portal_orders(
    read: Read<PortalView>,
    query: Params<ListQuery>,
    filter: Params<PortalOrderFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let partner = own_company(&read)?;
    let list = List::over("portal_order_view", SORTS)
        .id("partner_id", Some(partner))
        .text("receipt_state", filter.0.receipt_state);
    read.list::<PortalOrder>("orders", query.0, list).await
}

fn own_company(read: &Read<PortalView>) -> Result<PartnerId, HttpProblem> {
    read.ctx().partner.ok_or_else(|| read.refuse(Refusal::new(ProblemCode::NotFound)))
}

/// Portal: what a finished quantity probably took, and what not declaring it costs
#[utoipa::path(tag = "portal", operation_id = "portal_use_proposal_read",
    params(("id" = OrderId, Path, description = "Order"), ProposalParams),
    responses((status = 200, body = UseProposal), ReadProblems))]
#[get("/portal/orders/{id}/use-proposal")]
async fn portal_proposal(
    read: Read<PortalView>,
    id: IdPath<OrderId>,
    params: Params<ProposalParams>,
) -> Result<HttpResponse, HttpProblem> {
    own_company(&read)?;
    read.one(move |reader| reading::use_proposal(reader, id.0, params.0.quantity)).await
}

/// Portal: own declarations and what became of them, newest first
#[utoipa::path(tag = "portal", operation_id = "declaration_list", params(ListQuery, ReceiptFilter),
    responses((status = 200, content((Page<SubcontractReceiptSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/portal/subcontract-receipts")]
async fn declaration_list(
    read: Read<PortalView>,
    query: Params<ListQuery>,
    filter: Params<ReceiptFilter>,
) -> Result<HttpResponse, HttpProblem> {
    let filter = ReceiptFilter { partner_id: Some(own_company(&read)?), ..filter.0 };
    read.list::<SubcontractReceiptSummary>("subcontract-receipts", query.0, list(&filter)).await
}

/// Portal: announce finished goods and say which lots went into them
///
/// Nothing is posted until the maker receives the goods.
#[utoipa::path(tag = "portal", operation_id = "declaration_create", request_body = SubcontractReceiptCreate,
    responses((status = 201, body = SubcontractReceipt), WriteProblems))]
#[post("/portal/subcontract-receipts")]
async fn declaration_create(
    write: Write<PortalDeclare>,
    command: Command<SubcontractReceiptCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, service::receipt_declare).await
}

/// Portal: one own declaration
#[utoipa::path(tag = "portal", operation_id = "declaration_read",
    params(("id" = SubcontractReceiptId, Path, description = "Declaration")),
    responses((status = 200, body = SubcontractReceipt), ReadProblems))]
#[get("/portal/subcontract-receipts/{id}")]
async fn declaration_read(
    read: Read<PortalView>,
    id: IdPath<SubcontractReceiptId>,
) -> Result<HttpResponse, HttpProblem> {
    own_company(&read)?;
    read.one(move |reader| reading::receipt_read(reader, id.0)).await
}

/// Portal: call an own declaration off
#[utoipa::path(tag = "portal", operation_id = "declaration_cancel", request_body = Reversal,
    params(("id" = SubcontractReceiptId, Path, description = "Declaration"), VersionHeader),
    responses((status = 200, body = SubcontractReceipt), WriteProblems))]
#[post("/portal/subcontract-receipts/{id}/cancellation")]
async fn declaration_cancel(
    write: Write<PortalDeclare>,
    id: IdPath<SubcontractReceiptId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::declaration_cancel(tx, id.0, version, command)).await
}
