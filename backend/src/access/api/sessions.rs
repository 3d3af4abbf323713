//! Signing in and out, and the own account.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use lotline_common::access::{
    OrganisationSwitch, PasswordChange, Person, PersonPreferences, Session, SessionCreate, SessionStarted,
    SessionSummary,
};
use lotline_common::id::{RequestId, SessionId};
use lotline_common::page::Page;

use super::super::service::{self, Client};
use crate::app::AppState;
use crate::http::permit::{Permit, SignedIn, blocking};
use crate::http::{
    Command, HttpProblem, IdPath, Read, ReadProblems, ServiceConfig, Write, WriteProblems, address_of, locale_of,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(session_create)
        .service(session_list)
        .service(session_read)
        .service(session_delete)
        .service(session_switch)
        .service(session_revoke)
        .service(preferences_update)
        .service(password_change);
}

fn client_of(request: &HttpRequest) -> Client {
    let user_agent = request.headers().get("user-agent").and_then(|value| value.to_str().ok());
    Client {
        address: address_of(request),
        user_agent: user_agent.unwrap_or_default().to_owned(),
        locale: locale_of(request),
    }
}

fn started(app: &AppState, started: &SessionStarted) -> HttpResponse {
    HttpResponse::Created().cookie(app.token_key.cookie(started.access_token.clone())).json(started)
}

/// Sign in
///
/// Sets the cookie for browsers and returns the token for programs.
#[utoipa::path(tag = "access", operation_id = "session_create", request_body = SessionCreate, security(()),
    responses((status = 201, body = SessionStarted), WriteProblems))]
#[post("/sessions")]
async fn session_create(
    request: HttpRequest,
    app: web::Data<AppState>,
    command: Command<SessionCreate>,
) -> Result<HttpResponse, HttpProblem> {
    let client = client_of(&request);
    app.limits.check_address(&client.address).map_err(|refusal| HttpProblem::of(&request, refusal))?;
    let (state, locale, command) = (app.clone(), client.locale, command.content?);
    let outcome = blocking(move || service::session_create(&state.db, &state.token_key, &command, &client)).await;
    let session = outcome.map_err(|error| HttpProblem::new(&error, locale, RequestId::new()))?;
    Ok(started(&app, &session))
}

/// Who is signed in
#[utoipa::path(tag = "access", operation_id = "session_read", responses((status = 200, body = Session), ReadProblems))]
#[get("/sessions/current")]
async fn session_read(read: Read<SignedIn>) -> Result<HttpResponse, HttpProblem> {
    let id = read.session();
    read.one(move |reader| service::session_read(reader, id)).await
}

/// Sign out
#[utoipa::path(tag = "access", operation_id = "session_delete", responses((status = 204), WriteProblems))]
#[delete("/sessions/current")]
async fn session_delete(permit: Permit<SignedIn>) -> Result<HttpResponse, HttpProblem> {
    let (app, ctx, id) = (permit.app.clone(), permit.ctx.clone(), permit.session);
    let outcome = blocking(move || service::session_revoke(&permit.app.db, &permit.ctx, id)).await;
    outcome.map_err(|error| HttpProblem::new(&error, ctx.locale, ctx.request))?;
    Ok(HttpResponse::NoContent().cookie(app.token_key.removal()).finish())
}

/// Work in another organisation
///
/// Begins a new session there and ends this one.
#[utoipa::path(tag = "access", operation_id = "session_switch", request_body = OrganisationSwitch,
    responses((status = 201, body = SessionStarted), WriteProblems))]
#[post("/sessions/current/organisation")]
async fn session_switch(
    request: HttpRequest,
    permit: Permit<SignedIn>,
    command: Command<OrganisationSwitch>,
) -> Result<HttpResponse, HttpProblem> {
    let (app, ctx, client) = (permit.app.clone(), permit.ctx.clone(), client_of(&request));
    let command = command.content?;
    let outcome = blocking(move || {
        let switch = (command.organisation.as_str(), permit.session, &client);
        service::session_switch(&permit.app.db, &permit.app.token_key, &permit.ctx, switch)
    });
    let session = outcome.await.map_err(|error| HttpProblem::new(&error, ctx.locale, ctx.request))?;
    Ok(started(&app, &session))
}

/// The own sessions
#[utoipa::path(tag = "access", operation_id = "session_list",
    responses((status = 200, body = Page<SessionSummary>), ReadProblems))]
#[get("/sessions")]
async fn session_list(read: Read<SignedIn>) -> Result<HttpResponse, HttpProblem> {
    let current = read.session();
    read.one(move |reader| service::session_list(reader, current)).await
}

/// End one of the own sessions
#[utoipa::path(tag = "access", operation_id = "session_revoke",
    params(("id" = SessionId, Path, description = "Session")),
    responses((status = 204), WriteProblems))]
#[delete("/sessions/{id}")]
async fn session_revoke(permit: Permit<SignedIn>, id: IdPath<SessionId>) -> Result<HttpResponse, HttpProblem> {
    let ctx = permit.ctx.clone();
    let outcome = blocking(move || service::session_revoke(&permit.app.db, &permit.ctx, id.0)).await;
    outcome.map_err(|error| HttpProblem::new(&error, ctx.locale, ctx.request))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change the own language, and where notices go
#[utoipa::path(tag = "access", operation_id = "preferences_update", request_body = PersonPreferences,
    responses((status = 200, body = Person), WriteProblems))]
#[put("/people/me/preferences")]
async fn preferences_update(
    write: Write<SignedIn>,
    command: Command<PersonPreferences>,
) -> Result<HttpResponse, HttpProblem> {
    write.change(command, service::preferences_update).await
}

/// Change the own password
///
/// Every other session of the person ends.
#[utoipa::path(tag = "access", operation_id = "password_change", request_body = PasswordChange,
    responses((status = 204), WriteProblems))]
#[put("/people/me/password")]
async fn password_change(
    session: Read<SignedIn>,
    write: Write<SignedIn>,
    command: Command<PasswordChange>,
) -> Result<HttpResponse, HttpProblem> {
    let id = session.session();
    write.act(command, move |tx, command| service::password_change(tx, command, id)).await
}
