//! The inbox, deciding, and what belongs to it.

mod absences;
mod flows;

use actix_web::{HttpResponse, get, post};
use lotline_common::access::PersonRef;
use lotline_common::approvals::{
    Approval, ApprovalDecide, ApprovalInvolve, ApprovalOutcome, ApprovalProgress, ApprovalRemark, Countersignature,
};
use lotline_common::id::ApprovalId;
use lotline_common::page::{ListQuery, Page};
use lotline_common::signing::{SignatureGiven, SigningRequest};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{deciding, service};
use crate::db::Tx;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::{IssueView, PortalConfirm, PortalView};
use crate::http::{Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, Write, WriteProblems};
use crate::signing::{Proof, Signed};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(approval_list)
        .service(approval_read)
        .service(approval_decide)
        .service(approval_signing_request)
        .service(approval_involve)
        .service(approval_candidates)
        .service(approval_remark)
        .service(countersignature_list)
        .service(countersignature_decide)
        .service(countersignature_signing_request)
        .configure(flows::configure)
        .configure(absences::configure);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ApprovalFilter {
    /// Where it stands.
    #[param(inline)]
    state: Option<ApprovalOutcome>,
    /// Only what the asker may decide now (true), or may not (false).
    decidable: Option<bool>,
    /// Only those for which nobody was found who may decide (true), or the others (false).
    stuck: Option<bool>,
    /// Only those about which the asker was asked something (true), or the others (false).
    questioned: Option<bool>,
}

/// Approvals: the urgent and overdue first, then the longest waiting
#[utoipa::path(tag = "approvals", operation_id = "approval_list", params(ListQuery, ApprovalFilter),
    responses((status = 200, content((Page<Approval> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/approvals")]
async fn approval_list(
    read: Read<IssueView>,
    query: Params<ListQuery>,
    filter: Params<ApprovalFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] =
        &[sort("rank", "t.rank", "text"), BY_ID, sort("requested_at", "t.requested_at", "timestamptz")];
    let list = List::over("approval_inbox_view", SORTS)
        .text("state", filter.0.state)
        .flag("decidable", filter.0.decidable)
        .flag("stuck", filter.0.stuck)
        .flag("questioned", filter.0.questioned);
    read.list::<Approval>("approvals", query.0, list).await
}

/// One approval, with the way it goes and what the asker may do
#[utoipa::path(tag = "approvals", operation_id = "approval_read",
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 200, body = ApprovalProgress), ReadProblems))]
#[get("/approvals/{id}")]
async fn approval_read(read: Read<IssueView>, id: IdPath<ApprovalId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::approval_progress(reader, id.0)).await
}

/// Decide
///
/// Needs the right to decide on such documents, and to be asked. Whoever asked for it cannot decide it. A refusal or return
/// needs a reason. Every decision is signed: `signature` names the record as it was read (`record.digest`), and proves anew
/// who signs.
#[utoipa::path(tag = "approvals", operation_id = "approval_decide", request_body = ApprovalDecide,
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 200, body = Approval), WriteProblems))]
#[post("/approvals/{id}/decisions")]
async fn approval_decide(
    write: Write<IssueView>,
    id: IdPath<ApprovalId>,
    command: Command<ApprovalDecide>,
) -> Result<HttpResponse, HttpProblem> {
    let registry = write.app().approvals.clone();
    let decide = move |tx: &mut Tx, command: &ApprovalDecide, proof: Option<&Proof>| {
        deciding::approval_decide(tx, &registry, id.0, (command, proof))
    };
    write.signed(200, command, decide).await
}

/// Ask one of the own passkeys to sign a decision
///
/// Answers options for `navigator.credentials.get`; the challenge is a digest of the document and the decision. The decision
/// is then sent as it is here, with the passkey's answer as its signature.
#[utoipa::path(tag = "approvals", operation_id = "approval_signing_request_create", request_body = ApprovalDecide,
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 201, body = SigningRequest), WriteProblems))]
#[post("/approvals/{id}/signing-requests")]
async fn approval_signing_request(
    write: Write<IssueView>,
    id: IdPath<ApprovalId>,
    command: Command<ApprovalDecide>,
) -> Result<HttpResponse, HttpProblem> {
    let settings = write.app().signing.clone();
    write.create(command, move |tx, command| deciding::approval_signing_request(tx, &settings, id.0, command)).await
}

/// Bring somebody in
///
/// In place of the asker, to agree as well, or, by an administrator, where nobody was found.
#[utoipa::path(tag = "approvals", operation_id = "approval_involve", request_body = ApprovalInvolve,
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 200, body = Approval), WriteProblems))]
#[post("/approvals/{id}/involvements")]
async fn approval_involve(
    write: Write<IssueView>,
    id: IdPath<ApprovalId>,
    command: Command<ApprovalInvolve>,
) -> Result<HttpResponse, HttpProblem> {
    let registry = write.app().approvals.clone();
    write.change(command, move |tx, command| service::approval_involve(tx, &registry, id.0, command)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CandidateFilter {
    /// At which step.
    step: String,
}

/// Who may be brought into a step of an approval
#[utoipa::path(tag = "approvals", operation_id = "approval_candidates_read",
    params(("id" = ApprovalId, Path, description = "Approval"), CandidateFilter),
    responses((status = 200, body = Vec<PersonRef>), ReadProblems))]
#[get("/approvals/{id}/candidates")]
async fn approval_candidates(
    read: Read<IssueView>,
    id: IdPath<ApprovalId>,
    filter: Params<CandidateFilter>,
) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::approval_candidates(reader, id.0, &filter.0.step)).await
}

/// Ask somebody something about an approval, or answer
#[utoipa::path(tag = "approvals", operation_id = "approval_remark", request_body = ApprovalRemark,
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 200, body = Approval), WriteProblems))]
#[post("/approvals/{id}/remarks")]
async fn approval_remark(
    write: Write<IssueView>,
    id: IdPath<ApprovalId>,
    command: Command<ApprovalRemark>,
) -> Result<HttpResponse, HttpProblem> {
    write.change(command, move |tx, command| service::approval_remark(tx, id.0, command)).await
}

/// Portal: what waits for the asker to countersign
#[utoipa::path(tag = "portal", operation_id = "countersignature_list",
    responses((status = 200, body = Page<Countersignature>), ReadProblems))]
#[get("/countersignatures")]
async fn countersignature_list(read: Read<PortalView>) -> Result<HttpResponse, HttpProblem> {
    read.one(|reader| Ok(Page { items: deciding::countersignatures(reader)?, next: None })).await
}

/// Portal: countersign, or refuse to
///
/// A refusal or return needs a reason.
#[utoipa::path(tag = "portal", operation_id = "countersignature_decide", request_body = ApprovalDecide,
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 204), WriteProblems))]
#[post("/countersignatures/{id}/decisions")]
async fn countersignature_decide(
    write: Write<PortalConfirm>,
    id: IdPath<ApprovalId>,
    command: Command<ApprovalDecide>,
) -> Result<HttpResponse, HttpProblem> {
    let registry = write.app().approvals.clone();
    let countersign = move |tx: &mut Tx, command: &ApprovalDecide, proof: Option<&Proof>| {
        deciding::countersign(tx, &registry, id.0, (command, proof))
    };
    write.signed(204, command, countersign).await
}

/// Portal: ask one of the own passkeys to countersign
///
/// Answers options for `navigator.credentials.get`.
#[utoipa::path(tag = "portal", operation_id = "countersignature_signing_request_create", request_body = ApprovalDecide,
    params(("id" = ApprovalId, Path, description = "Approval")),
    responses((status = 201, body = SigningRequest), WriteProblems))]
#[post("/countersignatures/{id}/signing-requests")]
async fn countersignature_signing_request(
    write: Write<PortalConfirm>,
    id: IdPath<ApprovalId>,
    command: Command<ApprovalDecide>,
) -> Result<HttpResponse, HttpProblem> {
    let settings = write.app().signing.clone();
    write.create(command, move |tx, command| deciding::countersigning_request(tx, &settings, id.0, command)).await
}

impl Signed for ApprovalDecide {
    fn signature(&self) -> Option<&SignatureGiven> {
        self.signature.as_ref()
    }
}
