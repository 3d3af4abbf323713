//! Deciding about lots, and about stock without lots.

use actix_web::{HttpResponse, post};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::{LotId, StockId};
use lotline_common::ledger::{ItemStock, Lot};
use lotline_common::quality::{LotDecision, LotDecisionCreate, StockDecisionCreate, ToolActCreate};

use super::{service, stock};
use crate::changes::service::propose;
use crate::db::{Tx, Written};
use crate::error::Result;
use crate::http::permit::{LotRelease, ToolingMaintain};
use crate::http::{Command, HttpProblem, IdPath, ServiceConfig, VersionHeader, Write, WriteProblems};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(lot_decide).service(stock_decide).service(tool_act_create);
}

/// Release, block or unblock a lot
///
/// Moves all of it that lies on own shelves; what a pick task has reserved stays, and is refused there. A release waits where
/// a flow was drawn for it, or a clause has the subcontractor release first.
#[utoipa::path(tag = "quality", operation_id = "lot_decide", request_body = LotDecisionCreate,
    params(("id" = LotId, Path, description = "Lot"), VersionHeader),
    responses((status = 200, body = Lot), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/lots/{id}/decisions")]
async fn lot_decide(
    write: Write<LotRelease>,
    id: IdPath<LotId>,
    command: Command<LotDecisionCreate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.answer(command, move |tx, command| decide(tx, (id.0, version), command)).await
}

/// A release can wait for an approval; a block never does.
fn decide(tx: &mut Tx, (id, version): (LotId, i64), command: &LotDecisionCreate) -> Result<Written> {
    if command.decision == LotDecision::Release {
        return propose(tx, 200, &Change::LotRelease { id, version, command: command.clone() });
    }
    Written::of(200, &service::lot_decide(tx, id, version, command)?)
}

/// Release, block or unblock stock without lots
///
/// So much of what an untracked item has at one position of the own house. Stock of a lot is decided about by its lot.
#[utoipa::path(tag = "quality", operation_id = "stock_decide", request_body = StockDecisionCreate,
    params(("id" = StockId, Path, description = "Position, as the stock list names it")),
    responses((status = 200, body = ItemStock), WriteProblems))]
#[post("/stock/{id}/decisions")]
async fn stock_decide(
    write: Write<LotRelease>,
    id: IdPath<StockId>,
    command: Command<StockDecisionCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.change(command, move |tx, command| stock::stock_decide(tx, id.0, command)).await
}

/// Extend or reset the life of a tool
///
/// A worn tool is neither issued nor used before.
#[utoipa::path(tag = "quality", operation_id = "tool_act_create", request_body = ToolActCreate,
    params(("id" = LotId, Path, description = "Lot of the tool"), VersionHeader),
    responses((status = 200, body = Lot), WriteProblems))]
#[post("/lots/{id}/tool-acts")]
async fn tool_act_create(
    write: Write<ToolingMaintain>,
    id: IdPath<LotId>,
    command: Command<ToolActCreate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::tool_renew(tx, id.0, version, command)).await
}
