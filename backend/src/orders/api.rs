//! Operations on orders.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::id::{ItemId, OperationId, OrderId, PartnerId};
use lotline_common::issuing::KitCheck;
use lotline_common::orders::{CustodyState, IssueState, Order, OrderState, OrderSummary, OrderTransition, OrderWrite};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{components, service};
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{OrderEdit, OrderView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(order_list)
        .service(order_create)
        .service(order_read)
        .service(order_update)
        .service(order_transition)
        .service(order_kit_check);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrderFilter {
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Operation.
    operation_id: Option<OperationId>,
    /// What comes back.
    product_id: Option<ItemId>,
    /// Record state.
    #[param(inline)]
    record_state: Option<OrderState>,
    /// Issue axis.
    #[param(inline)]
    issue_state: Option<IssueState>,
    /// Custody axis.
    #[param(inline)]
    custody_state: Option<CustodyState>,
}

/// Subcontract orders, newest first
#[utoipa::path(tag = "orders", operation_id = "order_list", params(ListQuery, OrderFilter),
    responses((status = 200, content((Page<OrderSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/orders")]
async fn order_list(
    read: Read<OrderView>,
    query: Params<ListQuery>,
    filter: Params<OrderFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("due_on", "t.due_on", "date")];
    let filter = filter.0;
    let list = List::over("order_view", SORTS)
        .id("partner_id", filter.partner_id)
        .id("operation_id", filter.operation_id)
        .id("product_id", filter.product_id)
        .text("record_state", filter.record_state)
        .text("issue_state", filter.issue_state)
        .text("custody_state", filter.custody_state);
    read.list::<OrderSummary>("orders", query.0, list).await
}

/// Write a draft order
///
/// Freezes its components from the active bill of material. A dry run shows them without writing.
#[utoipa::path(tag = "orders", operation_id = "order_create", request_body = OrderWrite,
    responses((status = 201, body = Order), WriteProblems))]
#[post("/orders")]
async fn order_create(write: Write<OrderEdit>, command: Command<OrderWrite>) -> Result<HttpResponse, HttpProblem> {
    write.create(command, service::order_create).await
}

/// One order
#[utoipa::path(tag = "orders", operation_id = "order_read", params(("id" = OrderId, Path, description = "Order")),
    responses((status = 200, body = Order), ReadProblems))]
#[get("/orders/{id}")]
async fn order_read(read: Read<OrderView>, id: IdPath<OrderId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::order_read(reader, id.0)).await
}

/// Change a draft order
#[utoipa::path(tag = "orders", operation_id = "order_update", request_body = OrderWrite,
    params(("id" = OrderId, Path, description = "Order"), VersionHeader),
    responses((status = 200, body = Order), WriteProblems))]
#[put("/orders/{id}")]
async fn order_update(
    write: Write<OrderEdit>,
    id: IdPath<OrderId>,
    command: Command<OrderWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::order_update(tx, id.0, version, command)).await
}

/// Open or cancel an order
#[utoipa::path(tag = "orders", operation_id = "order_transition", request_body = OrderTransition,
    params(("id" = OrderId, Path, description = "Order"), VersionHeader),
    responses((status = 200, body = Order), WriteProblems))]
#[post("/orders/{id}/transitions")]
async fn order_transition(
    write: Write<OrderEdit>,
    id: IdPath<OrderId>,
    command: Command<OrderTransition>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::order_transition(tx, id.0, version, command)).await
}

/// What an order still needs, and whether it can be had
///
/// Proposed quantity = net ÷ (1 − loss norm), in whole issue multiples, less what is committed.
#[utoipa::path(tag = "orders", operation_id = "order_kit_check", params(("id" = OrderId, Path, description = "Order")),
    responses((status = 200, body = KitCheck), ReadProblems))]
#[get("/orders/{id}/kit-check")]
async fn order_kit_check(read: Read<OrderView>, id: IdPath<OrderId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| components::kit_check(reader, id.0)).await
}
