//! Operations (委外工序).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::OperationId;
use lotline_common::masterdata::{Operation, OperationWrite};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::items::change_action;
use super::{rules, uses};
use crate::audit::{self, Event};
use crate::db::constraints::name_taken;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::schema::operation;

/// The row as written.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = operation)]
struct Row {
    code: String,
    name_zh: String,
    name_en: String,
    active: bool,
}

impl Row {
    fn of(command: &OperationWrite) -> Self {
        Self {
            code: command.code.clone(),
            name_zh: command.name.zh.trim().to_owned(),
            name_en: command.name.en.trim().to_owned(),
            active: command.active,
        }
    }
}

/// One operation.
///
/// # Errors
/// `not_found`.
pub fn operation_read(reader: &mut Reader, id: OperationId) -> Result<Operation> {
    list::one(reader, "operation_view", id)
}

/// Makes one.
///
/// # Errors
/// `fields_invalid`, `code_taken`.
pub fn operation_create(tx: &mut Tx, command: &OperationWrite) -> Result<Operation> {
    rules::check_operation(command)?;
    let id = OperationId::new();
    diesel::insert_into(operation::table)
        .values((operation::org_id.eq(tx.org()), operation::id.eq(id.uuid()), Row::of(command)))
        .execute(tx.conn)
        .map_err(name_taken(&[("operation_code_key", &command.code)]))?;
    let made = operation_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Operation, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

/// Changes one.
///
/// # Errors
/// `version_stale`, `fields_invalid`, `code_taken`, `field_fixed`, `in_use`.
pub fn operation_update(tx: &mut Tx, id: OperationId, version: i64, command: &OperationWrite) -> Result<Operation> {
    operation::table.find((tx.org(), id.uuid())).select(operation::id).for_update().first::<Uuid>(tx.conn)?;
    let before = operation_read(tx, id)?;
    check_version(before.version, version)?;
    rules::check_operation(command)?;
    if before.active && !command.active {
        uses::check_free(tx, &uses::OPERATION, id.uuid(), &before.code)?;
    }
    diesel::update(operation::table.find((tx.org(), id.uuid())))
        .set((Row::of(command), operation::version.eq(operation::version + 1)))
        .execute(tx.conn)
        .map_err(name_taken(&[("operation_code_key", &command.code)]))?;
    let after = operation_read(tx, id)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, Event::new(AggregateKind::Operation, id, action).change(&before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(after)
}
