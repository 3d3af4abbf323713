//! Operations on the versions an order runs under.

use actix_web::{HttpResponse, get, post};
use lotline_common::contracts::{ClauseCheck, ContractStep, OrderAgreements, OrderAgreementsMove};
use lotline_common::id::OrderId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::service::{checking, orders};
use crate::http::permit::{ContractView, OrderEdit};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(order_agreements_read).service(order_agreements_change).service(order_clause_check);
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

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CheckParams {
    /// Step; the issue of all that is still to be issued when absent.
    #[param(inline)]
    step: Option<ContractStep>,
}

/// Which clauses the next step of an order would break
#[utoipa::path(tag = "contracts", operation_id = "order_clause_check",
    params(("id" = OrderId, Path, description = "Order"), CheckParams),
    responses((status = 200, body = ClauseCheck), ReadProblems))]
#[get("/orders/{id}/clause-check")]
async fn order_clause_check(
    read: Read<ContractView>,
    id: IdPath<OrderId>,
    params: Params<CheckParams>,
) -> Result<HttpResponse, HttpProblem> {
    let step = params.0.step.unwrap_or(ContractStep::Issue);
    read.one(move |reader| checking::clause_check(reader, id.0, step)).await
}
