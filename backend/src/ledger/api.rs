//! Reading stock, lots and movements.

use actix_web::{HttpResponse, get};
use lotline_common::id::{ItemId, LocationId, LotId, OrderId, PartnerId};
use lotline_common::ledger::{DocumentKind, ItemStock, Lot, LotStatus, Movement, Stock, StockFilter, ToolState};
use lotline_common::masterdata::ItemKind;
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::lots;
use super::standing::{ItemStockRow, StockRow};
use crate::db::list::{BY_CODE, BY_ID, List, Sort, sort};
use crate::http::permit::StockView;
use crate::http::{HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(stock_list).service(item_stock_list).service(movement_list).service(lot_list).service(lot_read);
}

/// Expiry as a sort key: lots that do not expire come last.
const BY_EXPIRY: Sort = sort("expires_on", "coalesce(t.expires_on, 'infinity'::date)", "date");

/// Stock by position
#[utoipa::path(tag = "stock", operation_id = "stock_list", params(ListQuery, StockFilter),
    responses((status = 200, content((Page<Stock> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/stock")]
async fn stock_list(
    read: Read<StockView>,
    query: Params<ListQuery>,
    filter: Params<StockFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[
        sort("item", "t.item_code", "text"),
        sort("lot", "coalesce(t.lot_code, '')", "text"),
        sort("location", "t.location_code", "text"),
        sort("on_hand", "t.on_hand", "numeric"),
        BY_EXPIRY,
    ];
    let filter = filter.0;
    let list = List::over("stock_view", SORTS)
        .id("item_id", filter.item_id)
        .id("lot_id", filter.lot_id)
        .id("location_id", filter.location_id)
        .id("custodian_id", filter.custodian_id)
        .id("order_id", filter.order_id)
        .text("status", filter.status);
    read.list_of::<StockRow>("stock", query.0, list).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemStockFilter {
    /// Item.
    item_id: Option<ItemId>,
    /// What it is.
    #[param(inline)]
    kind: Option<ItemKind>,
}

/// Stock by item, with what can be promised
///
/// available to promise = on hand − reserved − held
#[utoipa::path(tag = "stock", operation_id = "item_stock_list", params(ListQuery, ItemStockFilter),
    responses((status = 200, content((Page<ItemStock> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/item-stock")]
async fn item_stock_list(
    read: Read<StockView>,
    query: Params<ListQuery>,
    filter: Params<ItemStockFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] =
        &[sort("item", "t.item_code", "text"), sort("available_to_promise", "t.available_to_promise", "numeric")];
    let list = List::over("item_stock_view", SORTS).id("item_id", filter.0.item_id).text("kind", filter.0.kind);
    read.list_of::<ItemStockRow>("item-stock", query.0, list).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MovementFilter {
    /// Item.
    item_id: Option<ItemId>,
    /// Lot.
    lot_id: Option<LotId>,
    /// Location left or reached.
    location_id: Option<LocationId>,
    /// Kind of the source document.
    #[param(inline)]
    document_kind: Option<DocumentKind>,
    /// Source document.
    document_id: Option<Uuid>,
    /// Order on whose account it left or arrived.
    order_id: Option<OrderId>,
}

/// Movements, newest first
#[utoipa::path(tag = "stock", operation_id = "movement_list", params(ListQuery, MovementFilter),
    responses((status = 200, content((Page<Movement> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/movements")]
async fn movement_list(
    read: Read<StockView>,
    query: Params<ListQuery>,
    filter: Params<MovementFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, sort("occurred_at", "t.occurred_at", "timestamptz")];
    let filter = filter.0;
    let list = List::over("movement_view", SORTS)
        .id("item_id", filter.item_id)
        .id("lot_id", filter.lot_id)
        .either_id(["from_location_id", "to_location_id"], filter.location_id)
        .either_id(["from_order_id", "to_order_id"], filter.order_id)
        .text("document_kind", filter.document_kind)
        .id("document_id", filter.document_id);
    read.list::<Movement>("movements", query.0, list).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LotFilter {
    /// Item.
    item_id: Option<ItemId>,
    /// For serial numbers, the lot they were made in.
    batch_code: Option<String>,
    /// Status.
    #[param(inline)]
    status: Option<LotStatus>,
    /// Who delivered it.
    supplier_id: Option<PartnerId>,
    /// The last day of use has passed.
    expired: Option<bool>,
    /// Tools and moulds only, by how much of their life is used.
    #[param(inline)]
    tool_state: Option<ToolState>,
}

/// Lots
#[utoipa::path(tag = "stock", operation_id = "lot_list", params(ListQuery, LotFilter),
    responses((status = 200, content((Page<Lot> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/lots")]
async fn lot_list(
    read: Read<StockView>,
    query: Params<ListQuery>,
    filter: Params<LotFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_CODE, BY_EXPIRY, sort("item", "t.item_code", "text")];
    let filter = filter.0;
    let list = List::over("lot_view", SORTS)
        .id("item_id", filter.item_id)
        .text("batch_code", filter.batch_code)
        .text("status", filter.status)
        .id("supplier_id", filter.supplier_id)
        .text("tool_state", filter.tool_state)
        .flag("expired", filter.expired);
    read.list::<Lot>("lots", query.0, list).await
}

/// One lot
#[utoipa::path(tag = "stock", operation_id = "lot_read", params(("id" = LotId, Path, description = "Lot")),
    responses((status = 200, body = Lot), ReadProblems))]
#[get("/lots/{id}")]
async fn lot_read(read: Read<StockView>, id: IdPath<LotId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| lots::lot_read(reader, id.0)).await
}
