//! Operations on the versions an order runs under.

use actix_web::{HttpResponse, get, post};
use lotline_common::contracts::{OrderAgreements, OrderAgreementsMove};
use lotline_common::id::OrderId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::service::orders;
use crate::http::permit::{ContractView, OrderEdit};
use crate::http::{Command, HttpProblem, IdPath, Read, ReadProblems, VersionHeader, Write, WriteProblems};

pub fn configure(config: &mut ServiceConfig) {
    config.service(order_agreements_read).service(order_agreements_change);
}

/// The agreement versions an order runs under, and what newer ones would change
#[utoipa::path(tag = "contracts", operation_id = "order_agreements_read",
    params(("id" = OrderId, Path, description = "Order")),
    responses((status = 200, body = OrderAgreements), ReadProblems))]
#[get("/orders/{id}/agreements")]
async fn order_agreements_read(read: Read<ContractView>, id: IdPath<OrderId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| orders::order_agreements(reader, id.0)).await
}

/// Move an open order to the agreement versions in force today
#[utoipa::path(tag = "contracts", operation_id = "order_agreements_change", request_body = OrderAgreementsMove,
    params(("id" = OrderId, Path, description = "Order"), VersionHeader),
    responses((status = 200, body = OrderAgreements), WriteProblems))]
#[post("/orders/{id}/agreements")]
async fn order_agreements_change(
    write: Write<OrderEdit>,
    id: IdPath<OrderId>,
    command: Command<OrderAgreementsMove>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| orders::order_move(tx, id.0, version, command)).await
}
