//! Operations of whoever has a link, and of whoever makes one. Without a session: the link's token goes in the header.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use lotline_common::custody::{
    AttachmentRef, ConfirmationLink, ConfirmationLinkCreate, Delivery, LinkedConfirm, LinkedDelivery,
};
use lotline_common::id::{IssueNoteId, RequestId};
use lotline_common::problem::{ProblemCode, Refusal};

use super::api::AttachmentParams;
use super::attachments;
use super::links::{self, Guest};
use crate::app::AppState;
use crate::db::{Db, WriteOptions, Written};
use crate::error::Result;
use crate::http::body::FileBody;
use crate::http::permit::{PortalConfirm, blocking};
use crate::http::{
    Command, HttpProblem, IdPath, Params, ReadProblems, ServiceConfig, Write, WriteProblems, address_of, answer,
    locale_of,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(delivery_link_create)
        .service(linked_delivery_read)
        .service(linked_attachment_create)
        .service(linked_delivery_confirm);
}

/// Portal: make a link by which somebody without an account confirms a delivery
///
/// Good once and for a day. Whoever has it acts on behalf of the asker; the record names both.
#[utoipa::path(tag = "portal", operation_id = "delivery_link_create", request_body = ConfirmationLinkCreate,
    params(("id" = IssueNoteId, Path, description = "Issue note")),
    responses((status = 201, body = ConfirmationLink), WriteProblems))]
#[post("/portal/deliveries/{id}/links")]
async fn delivery_link_create(
    write: Write<PortalConfirm>,
    id: IdPath<IssueNoteId>,
    command: Command<ConfirmationLinkCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.unrepeatable().create(command, move |tx, _| links::link_create(tx, id.0)).await
}

/// Does something as whoever has the link that the request names.
async fn as_guest(
    request: HttpRequest,
    work: impl FnOnce(&Db, &Guest) -> Result<Written> + Send + 'static,
) -> Result<HttpResponse, HttpProblem> {
    let refuse = |refusal| HttpProblem::of(&request, refusal);
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Link ")).map(|token| token.trim().to_owned());
    let token = token.ok_or_else(|| refuse(Refusal::new(ProblemCode::NotFound)))?;
    let Some(app) = request.app_data::<web::Data<AppState>>().cloned() else {
        return Err(refuse(Refusal::new(ProblemCode::InternalError)));
    };
    app.limits.check_address(&address_of(&request)).map_err(refuse)?;
    let locale = locale_of(&request);
    let outcome = blocking(move || work(&app.db, &links::guest(&app.db, &token, locale)?));
    let written = outcome.await.map_err(|error| HttpProblem::new(&error, locale, RequestId::new()))?;
    Ok(answer::written(&written))
}

/// By link: the delivery to confirm
#[utoipa::path(tag = "portal", operation_id = "linked_delivery_read", security(()),
    responses((status = 200, body = LinkedDelivery), ReadProblems))]
#[get("/linked-delivery")]
async fn linked_delivery_read(request: HttpRequest) -> Result<HttpResponse, HttpProblem> {
    as_guest(request, |db, guest| db.read(&guest.ctx, |reader| Written::of(200, &guest.read(reader)?))).await
}

/// By link: lay a photo to the delivery
///
/// JPEG, PNG or WebP, at most 8 MiB, told by its bytes.
#[utoipa::path(tag = "portal", operation_id = "linked_attachment_create", security(()), params(AttachmentParams),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
    responses((status = 201, body = AttachmentRef), WriteProblems))]
#[post("/linked-delivery/attachments")]
async fn linked_attachment_create(
    request: HttpRequest,
    params: Params<AttachmentParams>,
    file: FileBody,
) -> Result<HttpResponse, HttpProblem> {
    let (name, line) = (params.0.file_name, params.0.line);
    let lay = move |db: &Db, guest: &Guest| {
        db.write(&guest.ctx, &WriteOptions::default(), |tx| {
            let laid = attachments::attachment_create(tx, guest.delivery(), (&name, line), &file)?;
            Written::of(201, &laid)
        })
    };
    as_guest(request, lay).await
}

/// By link: confirm the delivery
///
/// A photo has to lie with it. The link is used up.
#[utoipa::path(tag = "portal", operation_id = "linked_delivery_confirm", security(()), request_body = LinkedConfirm,
    responses((status = 200, body = Delivery), WriteProblems))]
#[post("/linked-delivery/confirmation")]
async fn linked_delivery_confirm(
    request: HttpRequest,
    command: Command<LinkedConfirm>,
) -> Result<HttpResponse, HttpProblem> {
    let command = command.content?;
    let confirm = move |db: &Db, guest: &Guest| {
        db.write(&guest.ctx, &WriteOptions::default(), |tx| Written::of(200, &guest.confirm(tx, &command)?))
    };
    as_guest(request, confirm).await
}
