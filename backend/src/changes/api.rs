//! Change requests.

use actix_web::{HttpResponse, get, post};
use lotline_common::changes::{ChangeAct, ChangeRequest, ChangeState};
use lotline_common::id::ChangeRequestId;
use lotline_common::ledger::DocumentKind;
use lotline_common::page::{ListQuery, Page};
use lotline_common::receiving::Reversal;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::service;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort};
use crate::http::permit::MasterdataView;
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(change_request_list).service(change_request_read).service(change_request_withdraw);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChangeFilter {
    /// Kind of document.
    #[param(inline)]
    kind: Option<DocumentKind>,
    /// What it asks for.
    #[param(inline)]
    act: Option<ChangeAct>,
    /// Where it stands.
    #[param(inline)]
    state: Option<ChangeState>,
    /// The thing that it changes, or made.
    target_id: Option<Uuid>,
}

/// Acts that wait for an approval, or waited
///
/// Those about people and their rights need the right to see these.
#[utoipa::path(tag = "approvals", operation_id = "change_request_list", params(ListQuery, ChangeFilter),
    responses((status = 200, content((Page<ChangeRequest> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/change-requests")]
async fn change_request_list(
    read: Read<MasterdataView>,
    query: Params<ListQuery>,
    filter: Params<ChangeFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let ChangeFilter { kind, act, state, target_id } = filter.0;
    let list = List::over("change_request_view", SORTS)
        .text("kind", kind)
        .text("act", act)
        .text("state", state)
        .id("target_id", target_id);
    let list = if service::sees_access(read.ctx()) { list } else { list.only("t.kind <> 'access_change'") };
    read.list::<ChangeRequest>("change-requests", query.0, list).await
}

/// One act that waits for an approval, or waited
#[utoipa::path(tag = "approvals", operation_id = "change_request_read",
    params(("id" = ChangeRequestId, Path, description = "Change request")),
    responses((status = 200, body = ChangeRequest), ReadProblems))]
#[get("/change-requests/{id}")]
async fn change_request_read(
    read: Read<MasterdataView>,
    id: IdPath<ChangeRequestId>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::change_read(reader, id.0)).await
}

/// Take a change request back
///
/// Only whoever asked for it.
#[utoipa::path(tag = "approvals", operation_id = "change_request_withdraw", request_body = Reversal,
    params(("id" = ChangeRequestId, Path, description = "Change request"), VersionHeader),
    responses((status = 200, body = ChangeRequest), WriteProblems))]
#[post("/change-requests/{id}/withdrawal")]
async fn change_request_withdraw(
    write: Write<MasterdataView>,
    id: IdPath<ChangeRequestId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| service::change_withdraw(tx, id.0, version, command)).await
}
