//! Units (计量单位).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::UnitId;
use lotline_common::masterdata::{Unit, UnitWrite};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::items::change_action;
use super::{rules, uses};
use crate::audit::{self, Event};
use crate::db::constraints::name_taken;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::schema::{item, unit};

/// The row as written.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = unit)]
struct Row {
    code: String,
    name_zh: String,
    name_en: String,
    decimal_places: i16,
    active: bool,
}

impl Row {
    fn of(command: &UnitWrite) -> Self {
        Self {
            code: command.code.clone(),
            name_zh: command.name.zh.trim().to_owned(),
            name_en: command.name.en.trim().to_owned(),
            decimal_places: i16::try_from(command.decimal_places).unwrap_or_default(),
            active: command.active,
        }
    }
}

/// One unit.
///
/// # Errors
/// `not_found`.
pub fn unit_read(reader: &mut Reader, id: UnitId) -> Result<Unit> {
    list::one(reader, "unit_view", id)
}

/// Makes one.
///
/// # Errors
/// `fields_invalid`, `code_taken`.
pub fn unit_create(tx: &mut Tx, command: &UnitWrite) -> Result<Unit> {
    rules::check_unit(command)?;
    let id = UnitId::new();
    diesel::insert_into(unit::table)
        .values((unit::org_id.eq(tx.org()), unit::id.eq(id.uuid()), Row::of(command)))
        .execute(tx.conn)
        .map_err(name_taken(&[("unit_code_key", &command.code)]))?;
    let made = unit_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Unit, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

/// Changes one.
///
/// # Errors
/// `version_stale`, `fields_invalid`, `code_taken`, `field_fixed`, `in_use`.
pub fn unit_update(tx: &mut Tx, id: UnitId, version: i64, command: &UnitWrite) -> Result<Unit> {
    unit::table.find((tx.org(), id.uuid())).select(unit::id).for_update().first::<Uuid>(tx.conn)?;
    let before = unit_read(tx, id)?;
    check_version(before.version, version)?;
    rules::check_unit(command)?;
    if command.decimal_places != before.decimal_places && is_used(tx, id)? {
        return Err(uses::fixed("decimal_places").into());
    }
    if before.active && !command.active {
        uses::check_free(tx, &uses::UNIT, id.uuid(), &before.code)?;
    }
    diesel::update(unit::table.find((tx.org(), id.uuid())))
        .set((Row::of(command), unit::version.eq(unit::version + 1)))
        .execute(tx.conn)
        .map_err(name_taken(&[("unit_code_key", &command.code)]))?;
    let after = unit_read(tx, id)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, Event::new(AggregateKind::Unit, id, action).change(&before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(after)
}

/// Whether any item, active or not, is counted in it: past quantities keep their precision.
fn is_used(tx: &mut Tx, id: UnitId) -> Result<bool> {
    let items = item::table.filter(item::org_id.eq(tx.org())).filter(item::unit_id.eq(id.uuid()));
    Ok(diesel::select(diesel::dsl::exists(items)).get_result(tx.conn)?)
}
