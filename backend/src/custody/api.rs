//! Operations on deliveries, photos and claims.

use actix_web::http::header::{
    CONTENT_TYPE, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::{HttpResponse, get, post};
use lotline_common::custody::{AttachmentRef, Claim, ClaimState, Delivery, DeliveryConfirm, DeliverySummary};
use lotline_common::id::{AttachmentId, IssueNoteId, PartnerId};
use lotline_common::orders::CustodyState;
use lotline_common::page::{ListQuery, Page};
use lotline_common::problem::{ProblemCode, Refusal};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{attachments, rules, service};
use crate::db::list::{BY_ID, BY_NUMBER, List, Sort};
use crate::http::body::FileBody;
use crate::http::permit::{IssueView, PortalConfirm, PortalView, SignedIn};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(delivery_list)
        .service(delivery_read)
        .service(delivery_confirm)
        .service(attachment_create)
        .service(attachment_read)
        .service(claim_list)
        .configure(super::linked::configure);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveryFilter {
    /// Custody axis: `in_transit` is what waits to be confirmed.
    #[param(inline)]
    custody_state: Option<CustodyState>,
}

/// Portal: deliveries to the own company, newest first
#[utoipa::path(tag = "portal", operation_id = "delivery_list", params(ListQuery, DeliveryFilter), responses(
    (status = 200, content((Page<DeliverySummary> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/portal/deliveries")]
async fn delivery_list(
    read: Read<PortalView>,
    query: Params<ListQuery>,
    filter: Params<DeliveryFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let partner = read.ctx().partner.ok_or_else(|| read.refuse(Refusal::new(ProblemCode::NotFound)))?;
    let list = List::over("delivery_view", SORTS)
        .id("partner_id", Some(partner))
        .text("custody_state", filter.0.custody_state);
    read.list::<DeliverySummary>("deliveries", query.0, list).await
}

/// Portal: one delivery
///
/// While the count is blind, the issued quantity is not in the answer.
#[utoipa::path(tag = "portal", operation_id = "delivery_read",
    params(("id" = IssueNoteId, Path, description = "Issue note")),
    responses((status = 200, body = Delivery), ReadProblems))]
#[get("/portal/deliveries/{id}")]
async fn delivery_read(read: Read<PortalView>, id: IdPath<IssueNoteId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| service::delivery_read(reader, id.0)).await
}

/// Portal: confirm a delivery
///
/// What was counted goes into custody; what is missing, damaged or too much becomes a claim. There is no
/// dry run: its answer would give a blind count away.
#[utoipa::path(tag = "portal", operation_id = "delivery_confirm", request_body = DeliveryConfirm,
    params(("id" = IssueNoteId, Path, description = "Issue note"), VersionHeader),
    responses((status = 200, body = Delivery), WriteProblems))]
#[post("/portal/deliveries/{id}/confirmation")]
async fn delivery_confirm(
    write: Write<PortalConfirm>,
    id: IdPath<IssueNoteId>,
    command: Command<DeliveryConfirm>,
) -> Result<HttpResponse, HttpProblem> {
    let write = write.for_real()?;
    let version = write.version()?;
    write.change(command, move |tx, command| service::delivery_confirm(tx, id.0, version, command)).await
}

/// What is said of a photo.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AttachmentParams {
    /// Name of the file.
    #[param(min_length = 1, max_length = 200, example = "damage.jpg")]
    pub file_name: String,
    /// Line of the delivery.
    pub line: Option<i32>,
}

/// Portal: lay a photo to a delivery
///
/// JPEG, PNG or WebP, at most 8 MiB, told by its bytes.
#[utoipa::path(tag = "portal", operation_id = "attachment_create",
    params(("id" = IssueNoteId, Path, description = "Issue note"), AttachmentParams),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
    responses((status = 201, body = AttachmentRef), WriteProblems))]
#[post("/portal/deliveries/{id}/attachments")]
async fn attachment_create(
    write: Write<PortalConfirm>,
    id: IdPath<IssueNoteId>,
    params: Params<AttachmentParams>,
    file: FileBody,
) -> Result<HttpResponse, HttpProblem> {
    let (name, line) = (params.0.file_name, params.0.line);
    write.create(file.command(), move |tx, file| attachments::attachment_create(tx, id.0, (&name, line), file)).await
}

/// A file's content
///
/// The right to see the document that it lies with. A PDF comes as a download.
#[utoipa::path(tag = "portal", operation_id = "attachment_read",
    params(("id" = AttachmentId, Path, description = "Attachment")),
    responses((status = 200, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"),
        (Vec<u8> = "application/pdf"))), ReadProblems))]
#[get("/attachments/{id}")]
async fn attachment_read(read: Read<SignedIn>, id: IdPath<AttachmentId>) -> Result<HttpResponse, HttpProblem> {
    let file = read.run(move |reader| attachments::attachment_read(reader, id.0)).await?;
    let mut response = HttpResponse::Ok();
    if file.media_type == rules::PDF {
        response.insert_header(download(&file.file_name));
    }
    Ok(response.insert_header((CONTENT_TYPE, file.media_type)).body(file.content))
}

/// Says that a file is to be kept, not shown, and under which name (RFC 6266; the name as RFC 8187 encodes it).
fn download(file_name: &str) -> ContentDisposition {
    let value = rules::download_name(file_name).into_bytes();
    let name = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value };
    let parameters = vec![DispositionParam::FilenameExt(name)];
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ClaimFilter {
    /// Subcontractor.
    partner_id: Option<PartnerId>,
    /// State.
    #[param(inline)]
    state: Option<ClaimState>,
    /// Issue note.
    issue_note_id: Option<IssueNoteId>,
}

/// Claims, newest first
#[utoipa::path(tag = "issuing", operation_id = "claim_list", params(ListQuery, ClaimFilter),
    responses((status = 200, content((Page<Claim> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/claims")]
async fn claim_list(
    read: Read<IssueView>,
    query: Params<ListQuery>,
    filter: Params<ClaimFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, BY_NUMBER];
    let list = List::over("claim_view", SORTS)
        .id("partner_id", filter.0.partner_id)
        .text("state", filter.0.state)
        .id("issue_note_id", filter.0.issue_note_id);
    read.list::<Claim>("claims", query.0, list).await
}
