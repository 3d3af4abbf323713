//! Signatures, and what one signs with.

use actix_web::{HttpResponse, get, post};
use lotline_common::id::PasskeyId;
use lotline_common::ledger::DocumentKind;
use lotline_common::page::{ListQuery, Page};
use lotline_common::signing::{
    AuthenticatorBegin, AuthenticatorConfirm, AuthenticatorSecret, FactorRemove, Passkey, PasskeyBegin, PasskeyCreate,
    PasskeyRequest, Signature, SigningFailure, SigningMeans,
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{means, service};
use crate::db::list::{BY_ID, List, Sort};
use crate::http::permit::{AccessView, SignedIn};
use crate::http::{Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, Write, WriteProblems};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(signature_list)
        .service(signing_failure_list)
        .service(signing_means_read)
        .service(passkey_request_create)
        .service(passkey_create)
        .service(passkey_delete)
        .service(authenticator_create)
        .service(authenticator_confirm)
        .service(authenticator_delete);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SignatureFilter {
    /// Kind of document.
    #[param(inline)]
    document_kind: DocumentKind,
    /// Document.
    document_id: Uuid,
}

/// Signatures on a document, each verified as it is read
///
/// Needs the right to see such documents.
#[utoipa::path(tag = "signatures", operation_id = "signature_list", params(SignatureFilter),
    responses((status = 200, body = Page<Signature>), ReadProblems))]
#[get("/signatures")]
async fn signature_list(read: Read<SignedIn>, filter: Params<SignatureFilter>) -> Result<HttpResponse, HttpProblem> {
    let SignatureFilter { document_kind, document_id } = filter.0;
    read.one(move |reader| service::of_document(reader, document_kind, document_id)).await
}

/// Signings that failed, the newest first
#[utoipa::path(tag = "signatures", operation_id = "signing_failure_list", params(ListQuery),
    responses((status = 200, content((Page<SigningFailure> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/signing-failures")]
async fn signing_failure_list(read: Read<AccessView>, query: Params<ListQuery>) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID];
    let newest = ListQuery { sort: query.0.sort.clone().or_else(|| Some("-id".to_owned())), ..query.0 };
    read.list::<SigningFailure>("signing-failures", newest, List::over("signing_failure_view", SORTS)).await
}

/// What the asker signs with
#[utoipa::path(tag = "signatures", operation_id = "signing_means_read",
    responses((status = 200, body = SigningMeans), ReadProblems))]
#[get("/signing-means")]
async fn signing_means_read(read: Read<SignedIn>) -> Result<HttpResponse, HttpProblem> {
    let settings = read.app().signing.clone();
    read.one(move |reader| means::means(reader, &settings)).await
}

/// Begin to make a passkey
///
/// Answers options for `navigator.credentials.create`. Needs the own password.
#[utoipa::path(tag = "signatures", operation_id = "passkey_request_create", request_body = PasskeyBegin,
    responses((status = 201, body = PasskeyRequest), WriteProblems))]
#[post("/passkey-requests")]
async fn passkey_request_create(
    write: Write<SignedIn>,
    command: Command<PasskeyBegin>,
) -> Result<HttpResponse, HttpProblem> {
    let settings = write.app().signing.clone();
    write.confirmed(201, command, move |tx, _| means::passkey_begin(tx, &settings)).await
}

/// Keep a passkey
#[utoipa::path(tag = "signatures", operation_id = "passkey_create", request_body = PasskeyCreate,
    responses((status = 201, body = Passkey), WriteProblems))]
#[post("/passkeys")]
async fn passkey_create(write: Write<SignedIn>, command: Command<PasskeyCreate>) -> Result<HttpResponse, HttpProblem> {
    let settings = write.app().signing.clone();
    write.create(command, move |tx, command| means::passkey_create(tx, &settings, command)).await
}

/// Give up a passkey
///
/// What it signed stays signed. Needs the own password.
#[utoipa::path(tag = "signatures", operation_id = "passkey_delete", request_body = FactorRemove,
    params(("id" = PasskeyId, Path, description = "Passkey")),
    responses((status = 204), WriteProblems))]
#[post("/passkeys/{id}/removal")]
async fn passkey_delete(
    write: Write<SignedIn>,
    id: IdPath<PasskeyId>,
    command: Command<FactorRemove>,
) -> Result<HttpResponse, HttpProblem> {
    write.confirmed(204, command, move |tx, _| means::passkey_remove(tx, id.0)).await
}

/// Begin to set up an authenticator app
///
/// Its secret is told once. Needs the own password.
#[utoipa::path(tag = "signatures", operation_id = "authenticator_create", request_body = AuthenticatorBegin,
    responses((status = 201, body = AuthenticatorSecret), WriteProblems))]
#[post("/authenticator")]
async fn authenticator_create(
    write: Write<SignedIn>,
    command: Command<AuthenticatorBegin>,
) -> Result<HttpResponse, HttpProblem> {
    let settings = write.app().signing.clone();
    write.unrepeatable().confirmed(201, command, move |tx, _| means::authenticator_begin(tx, &settings)).await
}

/// Take an authenticator app into use, with a code that it shows
#[utoipa::path(tag = "signatures", operation_id = "authenticator_confirm", request_body = AuthenticatorConfirm,
    responses((status = 204), WriteProblems))]
#[post("/authenticator/confirmation")]
async fn authenticator_confirm(
    write: Write<SignedIn>,
    command: Command<AuthenticatorConfirm>,
) -> Result<HttpResponse, HttpProblem> {
    let settings = write.app().signing.clone();
    write.act(command, move |tx, command| means::authenticator_confirm(tx, &settings, &command.code)).await
}

/// Give up the authenticator app
///
/// Needs the own password.
#[utoipa::path(tag = "signatures", operation_id = "authenticator_delete", request_body = FactorRemove,
    responses((status = 204), WriteProblems))]
#[post("/authenticator/removal")]
async fn authenticator_delete(
    write: Write<SignedIn>,
    command: Command<FactorRemove>,
) -> Result<HttpResponse, HttpProblem> {
    write.confirmed(204, command, move |tx, _| means::authenticator_remove(tx)).await
}
