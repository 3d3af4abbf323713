//! Operations on issue notes.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::{IssueNoteId, OrderId, PartnerId};
use lotline_common::issuing::{IssueCreate, IssueNote, IssueNoteSummary, IssueRecordState};
use lotline_common::orders::CustodyState;
use lotline_common::page::{ListQuery, Page};
use lotline_common::receiving::Reversal;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::notes;
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort, sort};
use crate::http::permit::{IssuePost, IssueReverse, IssueView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(issue_note_list).service(issue_create).service(issue_note_read).service(issue_reverse);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct IssueNoteFilter {
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// Order.
    order_id: Option<OrderId>,
    /// Record state.
    #[param(inline)]
    record_state: Option<IssueRecordState>,
    /// Custody axis.
    #[param(inline)]
    custody_state: Option<CustodyState>,
}

/// Issue notes, newest first
#[utoipa::path(tag = "issuing", operation_id = "issue_note_list", params(ListQuery, IssueNoteFilter), responses(
    (status = 200, content((Page<IssueNoteSummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/issue-notes")]
async fn issue_note_list(
    read: Read<IssueView>,
    query: Params<ListQuery>,
    filter: Params<IssueNoteFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER, sort("occurred_at", "t.occurred_at", "timestamptz")];
    let filter = filter.0;
    let list = List::over("issue_note_view", SORTS)
        .id("partner_id", filter.partner_id)
        .id("order_id", filter.order_id)
        .text("record_state", filter.record_state)
        .text("custody_state", filter.custody_state);
    read.list::<IssueNoteSummary>("issue-notes", query.0, list).await
}

/// Post a picked task as an issue note
///
/// Available → in transit. All lines are posted, or none.
#[utoipa::path(tag = "issuing", operation_id = "issue_create", request_body = IssueCreate,
    responses((status = 201, body = IssueNote), WriteProblems))]
#[post("/issue-notes")]
async fn issue_create(write: Write<IssuePost>, command: Command<IssueCreate>) -> Result<HttpResponse, HttpProblem> {
    write.create(command, notes::issue_create).await
}

/// One issue note
#[utoipa::path(tag = "issuing", operation_id = "issue_note_read",
    params(("id" = IssueNoteId, Path, description = "Issue note")),
    responses((status = 200, body = IssueNote), ReadProblems))]
#[get("/issue-notes/{id}")]
async fn issue_note_read(read: Read<IssueView>, id: IdPath<IssueNoteId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| notes::issue_note_read(reader, id.0)).await
}

/// Undo an issue note that is not confirmed, by mirror movements
#[utoipa::path(tag = "issuing", operation_id = "issue_reverse", request_body = Reversal,
    params(("id" = IssueNoteId, Path, description = "Issue note"), VersionHeader),
    responses((status = 200, body = IssueNote), WriteProblems))]
#[post("/issue-notes/{id}/reversal")]
async fn issue_reverse(
    write: Write<IssueReverse>,
    id: IdPath<IssueNoteId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| notes::issue_reverse(tx, id.0, version, command)).await
}
