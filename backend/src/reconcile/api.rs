//! Operations on accounts, claims and periods.

use actix_web::{HttpResponse, get, post};
use lotline_common::custody::Claim;
use lotline_common::id::{ClaimId, OrderId, PartnerId};
use lotline_common::orders::OrderState;
use lotline_common::page::{ListQuery, Page};
use lotline_common::reconcile::{
    ClaimSettle, Conservation, CustodyAccount, OrderClosing, PeriodClose, PeriodCloseWrite,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{periods, service};
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{self, OrderView, StockView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(custody_account_list)
        .service(conservation_read)
        .service(order_close)
        .service(claim_read)
        .service(claim_settle)
        .service(period_list)
        .service(period_close);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountFilter {
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Record state of the order.
    #[param(inline)]
    record_state: Option<OrderState>,
    /// Something is not accounted for yet.
    open: Option<bool>,
}

/// Orders with their custody account in brief
#[utoipa::path(tag = "reconcile", operation_id = "custody_account_list", params(ListQuery, AccountFilter), responses(
    (status = 200, content((Page<CustodyAccount> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/custody-accounts")]
async fn custody_account_list(
    read: Read<OrderView>,
    query: Params<ListQuery>,
    filter: Params<AccountFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let filter = filter.0;
    let list = List::over("custody_account_view", SORTS)
        .id("partner_id", filter.partner_id)
        .text("record_state", filter.record_state)
        .flag("open", filter.open);
    read.list::<CustodyAccount>("custody-accounts", query.0, list).await
}

/// An order's account with its proof
///
/// Computed from the movements: confirmed + own supply = consumed + returned + scrapped + transferred + reworked +
/// adjusted + in custody.
#[utoipa::path(tag = "reconcile", operation_id = "conservation_read",
    params(("id" = OrderId, Path, description = "Order")),
    responses((status = 200, body = Conservation), ReadProblems))]
#[get("/orders/{id}/conservation")]
async fn conservation_read(read: Read<OrderView>, id: IdPath<OrderId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::conservation_read(reader, id.0)).await
}

/// Close an order
///
/// Refused while anything is not accounted for; the refusal names each residual.
#[utoipa::path(tag = "reconcile", operation_id = "order_close", request_body = OrderClosing,
    params(("id" = OrderId, Path, description = "Order"), VersionHeader),
    responses((status = 200, body = Conservation), WriteProblems))]
#[post("/orders/{id}/closing")]
async fn order_close(
    write: Write<permit::OrderClose>,
    id: IdPath<OrderId>,
    command: Command<OrderClosing>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::order_close(tx, id.0, version, command)).await
}

/// One claim
#[utoipa::path(tag = "reconcile", operation_id = "claim_read", params(("id" = ClaimId, Path, description = "Claim")),
    responses((status = 200, body = Claim), ReadProblems))]
#[get("/claims/{id}")]
async fn claim_read(read: Read<permit::IssueView>, id: IdPath<ClaimId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::claim_read(reader, id.0)).await
}

/// Settle a claim
///
/// found: into custody; returned: into quarantine; written_off: lost or destroyed.
#[utoipa::path(tag = "reconcile", operation_id = "claim_settle", request_body = ClaimSettle,
    params(("id" = ClaimId, Path, description = "Claim"), VersionHeader),
    responses((status = 200, body = Claim), WriteProblems))]
#[post("/claims/{id}/settlement")]
async fn claim_settle(
    write: Write<permit::ClaimSettle>,
    id: IdPath<ClaimId>,
    command: Command<ClaimSettle>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::claim_settle(tx, id.0, version, command)).await
}

/// Closed months, latest first
#[utoipa::path(tag = "reconcile", operation_id = "period_list", params(ListQuery), responses(
    (status = 200, content((Page<PeriodClose> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/periods")]
async fn period_list(read: Read<StockView>, query: Params<ListQuery>) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[sort("month", "t.month", "date")];
    let mut query = query.0;
    query.sort.get_or_insert_with(|| "-month".to_owned());
    read.list::<PeriodClose>("periods", query, List::over("period_view", SORTS)).await
}

/// Close a month
///
/// Nothing is posted into it any more. There is no way back.
#[utoipa::path(tag = "reconcile", operation_id = "period_close", request_body = PeriodCloseWrite,
    responses((status = 201, body = PeriodClose), WriteProblems))]
#[post("/periods")]
async fn period_close(
    write: Write<permit::PeriodClose>,
    command: Command<PeriodCloseWrite>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, periods::period_close).await
}
