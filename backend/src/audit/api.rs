//! Reading the record.

use actix_web::{HttpResponse, get};
use lotline_common::audit::{AuditEvent, AuditFilter};
use lotline_common::page::{ListQuery, Page};

use crate::db::list::{BY_ID, List, Sort};
use crate::http::permit::SignedIn;
use crate::http::{HttpProblem, Params, Read, ReadProblems, ServiceConfig};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(audit_event_list);
}

/// The record, newest first
///
/// The timeline of one thing is open to everybody who may see that thing; the whole record needs
/// `audit.view`. A subcontractor sees the events of its own deliveries.
#[utoipa::path(tag = "audit", operation_id = "audit_event_list", params(ListQuery, AuditFilter),
    responses((status = 200, content((Page<AuditEvent> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/audit-events")]
async fn audit_event_list(
    read: Read<SignedIn>,
    query: Params<ListQuery>,
    filter: Params<AuditFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID];
    let filter = filter.0;
    super::rules::check_reader(read.ctx(), &filter).map_err(|refusal| read.refuse(refusal))?;
    let list = List::over("audit_event_view", SORTS)
        .text("aggregate_kind", filter.aggregate_kind)
        .id("aggregate_id", filter.aggregate_id);
    read.list::<AuditEvent>("audit-events", query.0, list).await
}
