//! How work with a subcontractor went, for whoever decides on a document of it.

use actix_web::{HttpResponse, get};
use lotline_common::contracts::PartnerHistory;
use lotline_common::id::PartnerId;

use super::super::service::history;
use crate::http::permit::IssueView;
use crate::http::{HttpProblem, IdPath, Read, ReadProblems, ServiceConfig};

pub fn configure(config: &mut ServiceConfig) {
    config.service(partner_history_read);
}

/// What happened with a subcontractor within a year, and what is open
#[utoipa::path(tag = "contracts", operation_id = "partner_history_read",
    params(("id" = PartnerId, Path, description = "Subcontractor")),
    responses((status = 200, body = PartnerHistory), ReadProblems))]
#[get("/partners/{id}/history")]
async fn partner_history_read(read: Read<IssueView>, id: IdPath<PartnerId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| history::history_read(reader, id.0)).await
}
