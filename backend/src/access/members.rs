//! Members, roles and the organisation's settings.

use diesel::prelude::*;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use lotline_common::access::{
    Member, MemberCreate, MemberUpdate, Organisation, OrganisationUpdate, PasswordReset, Role, RoleWrite,
};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{MembershipId, PartnerId, PersonId, RoleId};
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use uuid::Uuid;

use super::rules::KnownLogin;
use super::{founding, password, rules, store};
use crate::audit::{self, Event};
use crate::db::constraints::name_taken;
use crate::db::list::Count;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::masterdata::items::change_action;
use crate::masterdata::lookup;
use crate::masterdata::rules::name_fields;
use crate::schema::{membership, membership_role, organisation, person, role, role_permission};

/// One member.
///
/// # Errors
/// `not_found`.
pub fn member_read(reader: &mut Reader, id: MembershipId) -> Result<Member> {
    list::one(reader, "member_view", id)
}

/// One role.
///
/// # Errors
/// `not_found`.
pub fn role_read(reader: &mut Reader, id: RoleId) -> Result<Role> {
    list::one(reader, "role_view", id)
}

/// The organisation's settings.
///
/// # Errors
/// Those of the database.
pub fn organisation_read(reader: &mut Reader) -> Result<Organisation> {
    let id = reader.org();
    list::one(reader, "organisation_view", id)
}

/// Adds a person. A subcontractor's person who serves another maker joins as who they are, with their
/// own name and password.
///
/// # Errors
/// `fields_invalid`, `reference_unknown`, `role_unfit`, `code_taken`.
pub fn member_create(tx: &mut Tx, command: &MemberCreate) -> Result<Member> {
    let login = command.login.trim().to_lowercase();
    rules::check_member(&login, command)?;
    if let Some(partner) = command.partner_id {
        lookup::subcontractor(tx, partner)?;
    }
    check_roles(tx, &command.role_ids, command.partner_id.is_some())?;
    let person = match store::person_by_login(tx.conn, &login)? {
        Some(known) => join_person(tx, &login, known.id.into(), command)?,
        None => make_person(tx, &login, command)?,
    };
    let id = insert_membership(tx, person, command.partner_id)?;
    write_roles(tx, id, &command.role_ids)?;
    let made = member_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Member, id, AuditAction::Created).after(&made)?)?;
    Ok(made)
}

fn join_person(tx: &mut Tx, login: &str, person: PersonId, command: &MemberCreate) -> Result<PersonId> {
    let here =
        membership::table.filter(membership::org_id.eq(tx.org())).filter(membership::person_id.eq(person.uuid()));
    let member_here = diesel::select(diesel::dsl::exists(here)).get_result(tx.conn)?;
    let asker = tx.ctx.person;
    let portal_only = store::is_portal_only(tx.conn, person, asker)?;
    rules::check_joining(login, KnownLogin { member_here, portal_only }, command.partner_id.is_some())?;
    Ok(person)
}

fn make_person(tx: &mut Tx, login: &str, command: &MemberCreate) -> Result<PersonId> {
    let id = PersonId::new();
    let hash = password::hash(&command.password)?;
    founding::insert_person(tx, (id, login, command.display_name.trim()), &hash)?;
    diesel::update(person::table.find(id.uuid()))
        .set((person::locale.eq(command.locale.as_str()), person::must_change_password.eq(true)))
        .execute(tx.conn)?;
    Ok(id)
}

fn insert_membership(tx: &mut Tx, person: PersonId, partner: Option<PartnerId>) -> Result<MembershipId> {
    let id = MembershipId::new();
    diesel::insert_into(membership::table)
        .values((
            membership::org_id.eq(tx.org()),
            membership::id.eq(id.uuid()),
            membership::person_id.eq(person.uuid()),
            membership::partner_id.eq(partner.map(PartnerId::uuid)),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

fn check_roles(tx: &mut Tx, ids: &[RoleId], portal: bool) -> Result<()> {
    for id in ids {
        let role = role_read(tx, *id).map_err(|error| match error.refusal() {
            Some(refusal) if refusal.code == ProblemCode::NotFound => {
                Error::from(Refusal::new(ProblemCode::ReferenceUnknown).with("what", "role_ids"))
            }
            _ => error,
        })?;
        rules::check_role_fits(&role.code, &role.permissions, portal)?;
    }
    Ok(())
}

fn write_roles(tx: &mut Tx, id: MembershipId, ids: &[RoleId]) -> Result<()> {
    let old = membership_role::table.filter(membership_role::org_id.eq(tx.org()));
    diesel::delete(old.filter(membership_role::membership_id.eq(id.uuid()))).execute(tx.conn)?;
    diesel::sql_query(
        "INSERT INTO membership_role (org_id, membership_id, role_id)
         SELECT current_org(), $1, role FROM (SELECT DISTINCT unnest($2::uuid[]) AS role) roles",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.uuid()).collect::<Vec<Uuid>>())
    .execute(tx.conn)?;
    Ok(())
}

/// Changes a member's roles, or takes the membership away; rights follow at once.
///
/// # Errors
/// `version_stale`, `own_membership`, `person_erased`, `reference_unknown` (a role, or a manager who is not there), `role_unfit`, `last_administrator`.
pub fn member_update(tx: &mut Tx, id: MembershipId, version: i64, command: &MemberUpdate) -> Result<Member> {
    let row = membership::table.find((tx.org(), id.uuid())).select(membership::person_id).for_update();
    let person: Uuid = row.first(tx.conn)?;
    let before = member_read(tx, id)?;
    check_version(before.version, version)?;
    if !command.active && before.person.id == tx.ctx.person {
        return Err(Error::refused(ProblemCode::OwnMembership));
    }
    if command.active && before.erased_at.is_some() {
        return Err(Refusal::new(ProblemCode::PersonErased).with("person", &before.person.display_name).into());
    }
    check_roles(tx, &command.role_ids, before.partner.is_some())?;
    check_manager(tx, command, &before)?;
    write_roles(tx, id, &command.role_ids)?;
    diesel::update(membership::table.find((tx.org(), id.uuid())))
        .set((
            membership::active.eq(command.active),
            membership::manager_id.eq(command.manager_id.map(PersonId::uuid)),
            membership::version.eq(membership::version + 1),
        ))
        .execute(tx.conn)?;
    check_administrator_left(tx)?;
    if before.active && !command.active {
        let org = tx.org();
        store::revoke_all(tx.conn, person.into(), Some(org), None)?;
    }
    let after = member_read(tx, id)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, Event::new(AggregateKind::Member, id, action).change(&before, &after)?)?;
    Ok(after)
}

fn check_manager(tx: &mut Tx, command: &MemberUpdate, before: &Member) -> Result<()> {
    let Some(manager) = command.manager_id else { return Ok(()) };
    if manager == before.person.id {
        return Err(Refusal::new(ProblemCode::ReferenceUnknown).with("what", "manager_id").into());
    }
    let unchanged = before.manager.as_ref().is_some_and(|known| known.id == manager);
    if unchanged { Ok(()) } else { lookup::own_person(tx, manager, "manager_id") }
}

/// Somebody must be able to manage people. Changes that could leave nobody wait for each other at the
/// organisation's row, so that two administrators cannot remove each other at once.
fn check_administrator_left(tx: &mut Tx) -> Result<()> {
    let organisation = organisation::table.find(tx.org()).select(organisation::id);
    organisation.for_no_key_update().first::<Uuid>(tx.conn)?;
    let left: Count = diesel::sql_query(
        "SELECT count(DISTINCT m.id) AS count FROM membership m
         JOIN person ON person.id = m.person_id AND person.active
         JOIN membership_role r ON (r.org_id, r.membership_id) = (m.org_id, m.id)
         JOIN role_permission p ON (p.org_id, p.role_id) = (r.org_id, r.role_id)
         WHERE m.org_id = current_org() AND m.active AND p.permission = $1",
    )
    .bind::<Text, _>(Permission::AccessEdit.as_str())
    .get_result(tx.conn)?;
    if left.count == 0 { Err(Error::refused(ProblemCode::LastAdministrator)) } else { Ok(()) }
}

/// Gives a member a first password again. The owner has to change it (21 CFR 11.200(a)(3)), and their
/// sessions end.
///
/// # Errors
/// `not_found`, `person_of_other`, `password_weak`.
pub fn password_reset(tx: &mut Tx, id: MembershipId, command: &PasswordReset) -> Result<()> {
    let row = membership::table.find((tx.org(), id.uuid())).select(membership::person_id).for_update();
    let person: PersonId = row.first::<Uuid>(tx.conn)?.into();
    let home = person::table.find(person.uuid()).select((person::home_organisation_id, person::login));
    let (home, login): (Uuid, String) = home.first(tx.conn)?;
    if home != tx.org() {
        return Err(Refusal::new(ProblemCode::PersonOfOther).with("login", login).into());
    }
    rules::check_password(&command.password)?;
    let hash = password::hash(&command.password)?;
    store::set_password(tx.conn, person, &hash, true)?;
    // The owner is told of it (21 CFR 11.300(c)).
    diesel::update(person::table.find(person.uuid())).set(person::password_reset_at.eq(tx.now)).execute(tx.conn)?;
    store::revoke_all(tx.conn, person, None, None)?;
    audit::append(tx, Event::new(AggregateKind::Member, id, AuditAction::PasswordReset))
}

/// Makes a role.
///
/// # Errors
/// `fields_invalid`, `code_taken`.
pub fn role_create(tx: &mut Tx, command: &RoleWrite) -> Result<Role> {
    rules::check_role(command)?;
    let id = RoleId::new();
    diesel::insert_into(role::table)
        .values((
            role::org_id.eq(tx.org()),
            role::id.eq(id.uuid()),
            role::code.eq(&command.code),
            role::name_zh.eq(command.name.zh.trim()),
            role::name_en.eq(command.name.en.trim()),
        ))
        .execute(tx.conn)
        .map_err(name_taken(&[("role_code_key", &command.code)]))?;
    write_permissions(tx, id, &command.permissions)?;
    let made = role_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Role, id, AuditAction::Created).after(&made)?)?;
    Ok(made)
}

/// Changes a role; those who hold it have the new rights at once.
///
/// # Errors
/// `version_stale`, `fields_invalid`, `code_taken`, `role_unfit`, `last_administrator`.
pub fn role_update(tx: &mut Tx, id: RoleId, version: i64, command: &RoleWrite) -> Result<Role> {
    role::table.find((tx.org(), id.uuid())).select(role::id).for_update().first::<Uuid>(tx.conn)?;
    let before = role_read(tx, id)?;
    check_version(before.version, version)?;
    rules::check_role(command)?;
    check_holders(tx, id, command)?;
    diesel::update(role::table.find((tx.org(), id.uuid())))
        .set((
            role::code.eq(&command.code),
            role::name_zh.eq(command.name.zh.trim()),
            role::name_en.eq(command.name.en.trim()),
            role::version.eq(role::version + 1),
        ))
        .execute(tx.conn)
        .map_err(name_taken(&[("role_code_key", &command.code)]))?;
    write_permissions(tx, id, &command.permissions)?;
    check_administrator_left(tx)?;
    let after = role_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Role, id, AuditAction::Updated).change(&before, &after)?)?;
    Ok(after)
}

/// Checks that new permissions fit everybody who holds the role, active or not.
fn check_holders(tx: &mut Tx, id: RoleId, command: &RoleWrite) -> Result<()> {
    let holders = membership::table.inner_join(
        membership_role::table
            .on(membership_role::org_id.eq(membership::org_id).and(membership_role::membership_id.eq(membership::id))),
    );
    let portal: Vec<bool> = holders
        .filter(membership_role::org_id.eq(tx.org()))
        .filter(membership_role::role_id.eq(id.uuid()))
        .select(membership::partner_id.is_not_null())
        .distinct()
        .load(tx.conn)?;
    for portal in portal {
        rules::check_role_fits(&command.code, &command.permissions, portal)?;
    }
    Ok(())
}

fn write_permissions(tx: &mut Tx, id: RoleId, permissions: &[Permission]) -> Result<()> {
    let org = tx.org();
    let old = role_permission::table.filter(role_permission::org_id.eq(org));
    diesel::delete(old.filter(role_permission::role_id.eq(id.uuid()))).execute(tx.conn)?;
    let unique: std::collections::BTreeSet<_> = permissions.iter().collect();
    let rows = unique.into_iter().map(|permission| {
        (
            role_permission::org_id.eq(org),
            role_permission::role_id.eq(id.uuid()),
            role_permission::permission.eq(permission.as_str()),
        )
    });
    diesel::insert_into(role_permission::table).values(rows.collect::<Vec<_>>()).execute(tx.conn)?;
    Ok(())
}

/// Changes the organisation's settings.
///
/// # Errors
/// `version_stale`, `fields_invalid`.
pub fn organisation_update(tx: &mut Tx, version: i64, command: &OrganisationUpdate) -> Result<Organisation> {
    let org = tx.org();
    organisation::table.find(org).select(organisation::id).for_update().first::<Uuid>(tx.conn)?;
    let before = organisation_read(tx)?;
    check_version(before.version, version)?;
    check_settings(tx, command)?;
    diesel::update(organisation::table.find(org))
        .set((
            organisation::name_zh.eq(command.name.zh.trim()),
            organisation::name_en.eq(command.name.en.trim()),
            organisation::time_zone.eq(&command.time_zone),
            organisation::blind_count.eq(command.blind_count),
            organisation::trace_threshold_percent.eq(command.trace_threshold_percent),
            organisation::second_factor_to_sign.eq(command.second_factor_to_sign),
            organisation::version.eq(organisation::version + 1),
        ))
        .execute(tx.conn)?;
    let after = organisation_read(tx)?;
    audit::append(tx, Event::new(AggregateKind::Organisation, org, AuditAction::Updated).change(&before, &after)?)?;
    Ok(after)
}

/// Both this program and the database count days in the zone, so both must know it.
fn check_settings(tx: &mut Tx, command: &OrganisationUpdate) -> Result<()> {
    let mut check = FieldCheck::new();
    name_fields(&mut check, &command.name);
    if command.trace_threshold_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
        let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", 1).with("maximum", 100);
        check.refuse("/trace_threshold_percent", refusal);
    }
    let known: Count = diesel::sql_query("SELECT count(*) AS count FROM pg_timezone_names WHERE name = $1")
        .bind::<Text, _>(&command.time_zone)
        .get_result(tx.conn)?;
    if command.time_zone.parse::<chrono_tz::Tz>().is_err() || known.count == 0 {
        check.refuse("/time_zone", Refusal::new(ProblemCode::FieldFormat).with("expected", "IANA, e.g. Asia/Shanghai"));
    }
    Ok(check.finish()?)
}
