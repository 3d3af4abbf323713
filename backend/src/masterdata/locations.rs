//! Locations (库位).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LocationId, PartnerId};
use lotline_common::masterdata::{Location, LocationWrite, Partner};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::items::change_action;
use super::{rules, uses};
use crate::audit::{self, Event};
use crate::db::constraints::name_taken;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::schema::location;

/// The row as written.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = location)]
struct Row {
    code: String,
    name_zh: String,
    name_en: String,
    kind: String,
    active: bool,
}

impl Row {
    fn of(command: &LocationWrite) -> Self {
        Self {
            code: command.code.clone(),
            name_zh: command.name.zh.trim().to_owned(),
            name_en: command.name.en.trim().to_owned(),
            kind: command.kind.into(),
            active: command.active,
        }
    }
}

/// One location.
///
/// # Errors
/// `not_found`.
pub fn location_read(reader: &mut Reader, id: LocationId) -> Result<Location> {
    list::one(reader, "location_view", id)
}

/// Makes an own location.
///
/// # Errors
/// `fields_invalid`, `code_taken`.
pub fn location_create(tx: &mut Tx, command: &LocationWrite) -> Result<Location> {
    rules::check_location(command)?;
    insert(tx, command, None)
}

/// Changes an own location.
///
/// # Errors
/// `version_stale`, `system_made`, `fields_invalid`, `code_taken`, `field_fixed`, `in_use`.
pub fn location_update(tx: &mut Tx, id: LocationId, version: i64, command: &LocationWrite) -> Result<Location> {
    let before = lock(tx, id)?;
    check_version(before.version, version)?;
    if before.system_made {
        return Err(Refusal::new(ProblemCode::SystemMade).with("code", before.code).into());
    }
    rules::check_location(command)?;
    if command.kind != before.kind {
        return Err(uses::fixed("kind").into());
    }
    if before.active && !command.active {
        uses::check_free(tx, &uses::LOCATION, id.uuid(), &before.code)?;
    }
    change(tx, &before, command)
}

/// Keeps the places that come with a subcontractor: made once, renamed and taken out of use with it,
/// never edited by hand (domain.md A1 2). What stands there is the caller's to check.
///
/// # Errors
/// `code_taken`.
pub fn partner_places_keep(tx: &mut Tx, partner: &Partner) -> Result<()> {
    for wanted in rules::partner_places(partner) {
        let kept: Option<Uuid> = location::table
            .filter(location::org_id.eq(tx.org()))
            .filter(location::partner_id.eq(partner.id.uuid()))
            .filter(location::kind.eq(wanted.kind.as_str()))
            .select(location::id)
            .first(tx.conn)
            .optional()?;
        match kept {
            Some(id) => {
                let before = lock(tx, id.into())?;
                if (&before.name, before.active) != (&wanted.name, wanted.active) {
                    change(tx, &before, &wanted)?;
                }
            }
            None if partner.subcontractor => drop(insert(tx, &wanted, Some(partner.id))?),
            None => {}
        }
    }
    Ok(())
}

fn lock(tx: &mut Tx, id: LocationId) -> Result<Location> {
    location::table.find((tx.org(), id.uuid())).select(location::id).for_update().first::<Uuid>(tx.conn)?;
    location_read(tx, id)
}

fn insert(tx: &mut Tx, command: &LocationWrite, partner: Option<PartnerId>) -> Result<Location> {
    let id = LocationId::new();
    diesel::insert_into(location::table)
        .values((
            location::org_id.eq(tx.org()),
            location::id.eq(id.uuid()),
            location::partner_id.eq(partner.map(PartnerId::uuid)),
            location::system_made.eq(partner.is_some()),
            Row::of(command),
        ))
        .execute(tx.conn)
        .map_err(name_taken(&[("location_code_key", &command.code)]))?;
    let made = location_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Location, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

fn change(tx: &mut Tx, before: &Location, command: &LocationWrite) -> Result<Location> {
    diesel::update(location::table.find((tx.org(), before.id.uuid())))
        .set((Row::of(command), location::version.eq(location::version + 1)))
        .execute(tx.conn)
        .map_err(name_taken(&[("location_code_key", &command.code)]))?;
    let after = location_read(tx, before.id)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, Event::new(AggregateKind::Location, before.id, action).change(before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(before.id.uuid()), None);
    Ok(after)
}
