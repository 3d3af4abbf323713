//! Locations (库位).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::LocationId;
use lotline_common::masterdata::{Location, LocationWrite};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::items::change_action;
use super::{rules, uses};
use crate::audit::{self, Event};
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

/// Makes one.
///
/// # Errors
/// `fields_invalid`, `code_taken`.
pub fn location_create(tx: &mut Tx, command: &LocationWrite) -> Result<Location> {
    rules::check_location(command)?;
    let id = LocationId::new();
    diesel::insert_into(location::table)
        .values((location::org_id.eq(tx.org()), location::id.eq(id.uuid()), Row::of(command)))
        .execute(tx.conn)?;
    let made = location_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Location, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

/// Changes one.
///
/// # Errors
/// `version_stale`, `fields_invalid`, `code_taken`, `field_fixed`, `in_use`.
pub fn location_update(tx: &mut Tx, id: LocationId, version: i64, command: &LocationWrite) -> Result<Location> {
    location::table.find((tx.org(), id.uuid())).select(location::id).for_update().first::<Uuid>(tx.conn)?;
    let before = location_read(tx, id)?;
    check_version(before.version, version)?;
    rules::check_location(command)?;
    if before.system_made {
        return Err(Refusal::new(ProblemCode::SystemMade).with("code", before.code).into());
    }
    if command.kind != before.kind {
        return Err(uses::fixed("kind").into());
    }
    if before.active && !command.active {
        uses::check_free(tx, &uses::LOCATION, id.uuid(), &before.code)?;
    }
    diesel::update(location::table.find((tx.org(), id.uuid())))
        .set((Row::of(command), location::version.eq(location::version + 1)))
        .execute(tx.conn)?;
    let after = location_read(tx, id)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, Event::new(AggregateKind::Location, id, action).change(&before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(after)
}
