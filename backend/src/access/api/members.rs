//! Members, roles and the organisation's settings.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::access::{
    Member, MemberCreate, MemberErasure, MemberUpdate, Organisation, OrganisationUpdate, PasswordReset, Role, RoleWrite,
};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::{MembershipId, PartnerId, RoleId};
use lotline_common::page::{ListQuery, Page};
use lotline_common::reads::ReadKind;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::super::{erasing, members};
use crate::audit::reads::Seen;
use crate::changes::service as changes;
use crate::db::list::{BY_CODE, BY_ID, List, Sort, sort};
use crate::http::permit::{AccessEdit, AccessView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(organisation_read)
        .service(organisation_update)
        .service(member_list)
        .service(member_create)
        .service(member_read)
        .service(member_update)
        .service(member_erasure_create)
        .service(password_reset)
        .service(role_list)
        .service(role_create)
        .service(role_read)
        .service(role_update);
}

/// The organisation's settings
#[utoipa::path(tag = "access", operation_id = "organisation_read",
    responses((status = 200, body = Organisation), ReadProblems))]
#[get("/organisation")]
async fn organisation_read(read: Read<AccessView>) -> Result<HttpResponse, HttpProblem> {
    read.one(members::organisation_read).await
}

/// Change the organisation's settings
#[utoipa::path(tag = "access", operation_id = "organisation_update", request_body = OrganisationUpdate,
    params(VersionHeader),
    responses((status = 200, body = Organisation), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/organisation")]
async fn organisation_update(
    write: Write<AccessEdit>,
    command: Command<OrganisationUpdate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &OrganisationUpdate| Change::OrganisationUpdate { version, command: command.clone() };
    write.answer(command, move |tx, command| changes::propose(tx, 200, &change(command))).await
}

#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MemberFilter {
    /// May work here.
    active: Option<bool>,
    /// Subcontractor.
    partner_id: Option<PartnerId>,
}

/// Members
#[utoipa::path(tag = "access", operation_id = "member_list", params(ListQuery, MemberFilter),
    responses((status = 200, content((Page<Member> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/members")]
async fn member_list(
    read: Read<AccessView>,
    query: Params<ListQuery>,
    filter: Params<MemberFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[sort("login", "t.login", "text"), BY_ID];
    let read = read.noting(Seen::several(ReadKind::Members, &filter.0));
    let list = List::over("member_view", SORTS).flag("active", filter.0.active).id("partner_id", filter.0.partner_id);
    read.list::<Member>("members", query.0, list).await
}

/// Add a person
///
/// Where a flow was drawn for people's rights, without roles at first: they wait as a change request.
#[utoipa::path(tag = "access", operation_id = "member_create", request_body = MemberCreate,
    responses((status = 201, body = Member), WriteProblems))]
#[post("/members")]
async fn member_create(write: Write<AccessEdit>, command: Command<MemberCreate>) -> Result<HttpResponse, HttpProblem> {
    write.create(command, changes::member_create).await
}

/// One member
#[utoipa::path(tag = "access", operation_id = "member_read",
    params(("id" = MembershipId, Path, description = "Member")),
    responses((status = 200, body = Member), ReadProblems))]
#[get("/members/{id}")]
async fn member_read(read: Read<AccessView>, id: IdPath<MembershipId>) -> Result<HttpResponse, HttpProblem> {
    let read = read.noting(Seen::one(ReadKind::Members, id.0));
    read.one(move |reader| members::member_read(reader, id.0)).await
}

/// Change a member
#[utoipa::path(tag = "access", operation_id = "member_update", request_body = MemberUpdate,
    params(("id" = MembershipId, Path, description = "Member"), VersionHeader),
    responses((status = 200, body = Member), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/members/{id}")]
async fn member_update(
    write: Write<AccessEdit>,
    id: IdPath<MembershipId>,
    command: Command<MemberUpdate>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &MemberUpdate| Change::MemberUpdate { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| changes::propose(tx, 200, &change(command))).await
}

/// Erase a person who no longer works here
///
/// Takes name and login out of the account and out of the record, which keeps what the person did under their identifier and
/// still verifies. The membership has to be ended first. It cannot be undone.
#[utoipa::path(tag = "access", operation_id = "member_erasure_create", request_body = MemberErasure,
    params(("id" = MembershipId, Path, description = "Member"), VersionHeader),
    responses((status = 200, body = Member), WriteProblems))]
#[post("/members/{id}/erasure")]
async fn member_erasure_create(
    write: Write<AccessEdit>,
    id: IdPath<MembershipId>,
    command: Command<MemberErasure>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| erasing::member_erase(tx, id.0, version, command)).await
}

/// Give a member a first password again
#[utoipa::path(tag = "access", operation_id = "password_reset", request_body = PasswordReset,
    params(("id" = MembershipId, Path, description = "Member")),
    responses((status = 204), WriteProblems))]
#[put("/members/{id}/password")]
async fn password_reset(
    write: Write<AccessEdit>,
    id: IdPath<MembershipId>,
    command: Command<PasswordReset>,
) -> Result<HttpResponse, HttpProblem> {
    write.act(command, move |tx, command| members::password_reset(tx, id.0, command)).await
}

/// Roles
#[utoipa::path(tag = "access", operation_id = "role_list", params(ListQuery),
    responses((status = 200, content((Page<Role> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/roles")]
async fn role_list(read: Read<AccessView>, query: Params<ListQuery>) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_CODE, BY_ID];
    read.list::<Role>("roles", query.0, List::over("role_view", SORTS)).await
}

/// Make a role
#[utoipa::path(tag = "access", operation_id = "role_create", request_body = RoleWrite,
    responses((status = 201, body = Role), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/roles")]
async fn role_create(write: Write<AccessEdit>, command: Command<RoleWrite>) -> Result<HttpResponse, HttpProblem> {
    let change = |command: &RoleWrite| Change::RoleCreate { command: command.clone() };
    write.answer(command, move |tx, command| changes::propose(tx, 201, &change(command))).await
}

/// One role
#[utoipa::path(tag = "access", operation_id = "role_read", params(("id" = RoleId, Path, description = "Role")),
    responses((status = 200, body = Role), ReadProblems))]
#[get("/roles/{id}")]
async fn role_read(read: Read<AccessView>, id: IdPath<RoleId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| members::role_read(reader, id.0)).await
}

/// Change a role
#[utoipa::path(tag = "access", operation_id = "role_update", request_body = RoleWrite,
    params(("id" = RoleId, Path, description = "Role"), VersionHeader),
    responses((status = 200, body = Role), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/roles/{id}")]
async fn role_update(
    write: Write<AccessEdit>,
    id: IdPath<RoleId>,
    command: Command<RoleWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &RoleWrite| Change::RoleUpdate { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| changes::propose(tx, 200, &change(command))).await
}
