//! Times in which somebody is away and another is asked.

use chrono::Duration;
use diesel::prelude::*;
use lotline_common::approvals::flow::{AbsenceCreate, PersonAbsence};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{AbsenceId, PersonId};
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use uuid::Uuid;

use super::store;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, list};
use crate::error::{Error, Result};
use crate::schema::absence;

/// Days that a time of being away has at most.
const MAXIMUM_DAYS: i64 = 366;

/// One time of being away.
///
/// # Errors
/// `not_found`.
pub fn absence_read(reader: &mut Reader, id: AbsenceId) -> Result<PersonAbsence> {
    list::one(reader, "absence_view", id)
}

/// Says that somebody is away: the asker, or, by whoever may change people, another.
///
/// # Errors
/// `permission_missing`, `date_order_wrong`, `absence_too_long`, `stand_in_unfit`, `reference_unknown`, `fields_invalid`.
pub fn absence_create(tx: &mut Tx, command: &AbsenceCreate) -> Result<PersonAbsence> {
    let person = command.person_id.unwrap_or(tx.ctx.person);
    if person != tx.ctx.person && !tx.ctx.may(Permission::AccessEdit) {
        return Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", Permission::AccessEdit).into());
    }
    let mut check = FieldCheck::new();
    check.optional_text("/reason", &command.reason, 200);
    check.finish()?;
    if command.ends_at <= command.starts_at.max(tx.now) {
        let refusal = Refusal::new(ProblemCode::DateOrderWrong).with("later", command.ends_at.to_rfc3339());
        return Err(refusal.with("earlier", command.starts_at.max(tx.now).to_rfc3339()).into());
    }
    if command.ends_at - command.starts_at > Duration::days(MAXIMUM_DAYS) {
        return Err(Refusal::new(ProblemCode::AbsenceTooLong).with("days", MAXIMUM_DAYS).into());
    }
    let side = store::side_of(tx, person)?;
    let side =
        side.ok_or_else(|| Error::from(Refusal::new(ProblemCode::ReferenceUnknown).with("what", "person_id")))?;
    if let Some(stand_in) = command.stand_in_id
        && (stand_in == person || store::side_of(tx, stand_in)? != Some(side))
    {
        return Err(Error::refused(ProblemCode::StandInUnfit));
    }
    let id = AbsenceId::new();
    diesel::insert_into(absence::table)
        .values((
            absence::org_id.eq(tx.org()),
            absence::id.eq(id.uuid()),
            absence::person_id.eq(person.uuid()),
            absence::starts_at.eq(command.starts_at),
            absence::ends_at.eq(command.ends_at),
            absence::stand_in_id.eq(command.stand_in_id.map(PersonId::uuid)),
            absence::reason.eq(command.reason.trim()),
            absence::created_by.eq(tx.ctx.person.uuid()),
            absence::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    let made = absence_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Absence, id, AuditAction::Created).after(&made)?)?;
    Ok(made)
}

/// Takes a time of being away back, or ends it early.
///
/// # Errors
/// `not_found`, also for another's without the right to change people; `state_forbids` when it is over or was taken back.
pub fn absence_cancel(tx: &mut Tx, id: AbsenceId) -> Result<PersonAbsence> {
    absence::table.find((tx.org(), id.uuid())).select(absence::id).for_update().first::<Uuid>(tx.conn)?;
    let before = absence_read(tx, id)?;
    if before.person.id != tx.ctx.person && !tx.ctx.may(Permission::AccessEdit) {
        return Err(Error::refused(ProblemCode::NotFound));
    }
    if before.cancelled || before.ends_at <= tx.now {
        let refusal = Refusal::new(ProblemCode::StateForbids).with("number", &before.person.display_name);
        return Err(refusal.with("state", "cancelled").into());
    }
    diesel::update(absence::table.find((tx.org(), id.uuid())))
        .set(absence::cancelled_at.eq(tx.now))
        .execute(tx.conn)?;
    let after = absence_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Absence, id, AuditAction::Cancelled).change(&before, &after)?)?;
    Ok(after)
}
