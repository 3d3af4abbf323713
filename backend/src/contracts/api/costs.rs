//! Operations on costs and settlement.

use actix_web::{HttpResponse, get, post};
use lotline_common::contracts::{
    CostEntry, CostEntryCreate, CostKind, CostSheet, Milestone, SettlementKind, SettlementLine, SettlementLineState,
};
use lotline_common::id::{OrderId, PartnerId};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::service::costs;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::{CostEdit, CostView};
use crate::http::{Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, Write, WriteProblems};

pub fn configure(config: &mut ServiceConfig) {
    config.service(cost_entry_list).service(cost_entry_create).service(cost_sheet_read).service(settlement_line_list);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CostFilter {
    /// Order.
    order_id: Option<OrderId>,
    /// What for.
    #[param(inline)]
    kind: Option<CostKind>,
}

/// Costs of orders beside their material, newest first
#[utoipa::path(tag = "contracts", operation_id = "cost_entry_list", params(ListQuery, CostFilter),
    responses((status = 200, content((Page<CostEntry> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/costs")]
async fn cost_entry_list(
    read: Read<CostView>,
    query: Params<ListQuery>,
    filter: Params<CostFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, sort("occurred_on", "t.occurred_on", "date")];
    let list = List::over("cost_entry_view", SORTS).id("order_id", filter.0.order_id).text("kind", filter.0.kind);
    read.list::<CostEntry>("costs", query.0, list).await
}

/// Enter a cost of an order
///
/// A late invoice is one more cost: it never changes the value of components.
#[utoipa::path(tag = "contracts", operation_id = "cost_entry_create", request_body = CostEntryCreate,
    params(("id" = OrderId, Path, description = "Order")),
    responses((status = 201, body = CostEntry), WriteProblems))]
#[post("/orders/{id}/costs")]
async fn cost_entry_create(
    write: Write<CostEdit>,
    id: IdPath<OrderId>,
    command: Command<CostEntryCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, move |tx, command| costs::cost_entry_create(tx, id.0, command)).await
}

/// What an order cost
///
/// Material, service and everything else: for the order, each finished lot and one good unit.
#[utoipa::path(tag = "contracts", operation_id = "cost_sheet_read",
    params(("id" = OrderId, Path, description = "Order")),
    responses((status = 200, body = CostSheet), ReadProblems))]
#[get("/orders/{id}/cost-sheet")]
async fn cost_sheet_read(read: Read<CostView>, id: IdPath<OrderId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| costs::cost_sheet(reader, id.0)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SettlementFilter {
    /// Order.
    order_id: Option<OrderId>,
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// What it is.
    #[param(inline)]
    kind: Option<SettlementKind>,
    /// What made it due.
    #[param(inline)]
    milestone: Option<Milestone>,
    /// Where it stands.
    #[param(inline)]
    settlement_state: Option<SettlementLineState>,
}

/// What is owed to subcontractors, or held back, newest first
#[utoipa::path(tag = "contracts", operation_id = "settlement_line_list", params(ListQuery, SettlementFilter),
    responses((status = 200, content((Page<SettlementLine> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/settlement-lines")]
async fn settlement_line_list(
    read: Read<CostView>,
    query: Params<ListQuery>,
    filter: Params<SettlementFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, sort("due_on", "t.due_order", "date")];
    let filter = filter.0;
    let list = List::over("settlement_line_view", SORTS)
        .id("order_id", filter.order_id)
        .id("partner_id", filter.partner_id)
        .text("kind", filter.kind)
        .text("milestone", filter.milestone)
        .text("settlement_state", filter.settlement_state);
    read.list::<SettlementLine>("settlement-lines", query.0, list).await
}
