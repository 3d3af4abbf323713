//! Operations on receipts.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::{PartnerId, ReceiptId};
use lotline_common::page::{ListQuery, Page};
use lotline_common::receiving::{Receipt, ReceiptCreate, ReceiptState, ReceiptSummary, Reversal};
use serde::Deserialize;
use utoipa::IntoParams;

use super::service;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{ReceiptPost, ReceiptView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(receipt_list).service(receipt_create).service(receipt_read).service(receipt_reverse);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReceiptFilter {
    /// Supplier.
    supplier_id: Option<PartnerId>,
    /// State.
    #[param(inline)]
    state: Option<ReceiptState>,
}

/// Receipts, newest first
#[utoipa::path(tag = "receiving", operation_id = "receipt_list", params(ListQuery, ReceiptFilter),
    responses((status = 200, content((Page<ReceiptSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/receipts")]
async fn receipt_list(
    read: Read<ReceiptView>,
    query: Params<ListQuery>,
    filter: Params<ReceiptFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("occurred_at", "t.occurred_at", "timestamptz")];
    let list = List::over("receipt_view", SORTS).id("supplier_id", filter.0.supplier_id).text("state", filter.0.state);
    read.list::<ReceiptSummary>("receipts", query.0, list).await
}

/// Receive material into quarantine
///
/// Makes the lots. All lines are posted, or none; every line at fault is named.
#[utoipa::path(tag = "receiving", operation_id = "receipt_create", request_body = ReceiptCreate,
    responses((status = 201, body = Receipt), WriteProblems))]
#[post("/receipts")]
async fn receipt_create(
    write: Write<ReceiptPost>,
    command: Command<ReceiptCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, service::receipt_create).await
}

/// One receipt
#[utoipa::path(tag = "receiving", operation_id = "receipt_read",
    params(("id" = ReceiptId, Path, description = "Receipt")),
    responses((status = 200, body = Receipt), ReadProblems))]
#[get("/receipts/{id}")]
async fn receipt_read(read: Read<ReceiptView>, id: IdPath<ReceiptId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::receipt_read(reader, id.0)).await
}

/// Undo a receipt by mirror movements
#[utoipa::path(tag = "receiving", operation_id = "receipt_reverse", request_body = Reversal,
    params(("id" = ReceiptId, Path, description = "Receipt"), VersionHeader),
    responses((status = 200, body = Receipt), WriteProblems))]
#[post("/receipts/{id}/reversal")]
async fn receipt_reverse(
    write: Write<ReceiptPost>,
    id: IdPath<ReceiptId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::receipt_reverse(tx, id.0, version, command)).await
}
