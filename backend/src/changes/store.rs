//! Statements over change requests.

use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use lotline_common::changes::{Change, ChangeState};
use lotline_common::id::ChangeRequestId;
use serde_json::Value;
use uuid::Uuid;

use super::rules;
use crate::db::Tx;
use crate::error::Result;
use crate::schema::change_request;

/// A request to be written.
pub struct New<'a> {
    /// Identifier.
    pub id: ChangeRequestId,
    /// Number.
    pub number: &'a str,
    /// The act.
    pub change: &'a Change,
    /// The act as it is signed.
    pub signed: &'a Value,
    /// What people call its thing.
    pub subject: &'a str,
    /// What a signer has to know besides.
    pub about: &'a Value,
    /// What would be different.
    pub changes: &'a Value,
}

/// Writes a request.
pub fn insert(tx: &mut Tx, new: &New) -> Result<()> {
    diesel::insert_into(change_request::table)
        .values((
            change_request::org_id.eq(tx.org()),
            change_request::id.eq(new.id.uuid()),
            change_request::number.eq(new.number),
            change_request::kind.eq(new.change.act().kind().as_str()),
            change_request::act.eq(new.change.act().as_str()),
            change_request::target_id.eq(new.change.target()),
            change_request::subject.eq(new.subject),
            change_request::about.eq(new.about),
            change_request::command.eq(serde_json::to_value(new.change)?),
            change_request::signed.eq(new.signed),
            change_request::changes.eq(new.changes),
            change_request::reason.eq(new.change.reason().trim()),
            change_request::requested_by.eq(tx.ctx.person.uuid()),
            change_request::requested_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Locks a request, and reads its act as long as it waits.
pub fn lock(tx: &mut Tx, id: ChangeRequestId) -> Result<Option<Change>> {
    let row = change_request::table.find((tx.org(), id.uuid())).select(change_request::command).for_update();
    let command: Option<Value> = row.first(tx.conn)?;
    Ok(command.map(serde_json::from_value).transpose()?)
}

/// Ends a request. What it told of human beings goes with its act.
pub fn end(tx: &mut Tx, id: ChangeRequestId, state: ChangeState, result: Option<Uuid>) -> Result<()> {
    diesel::sql_query(
        "UPDATE change_request SET state = $2, result_id = $3, ended_at = current_instant(), command = NULL,
            changes = changes - $4, version = version + 1
         WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Text, _>(state.as_str())
    .bind::<Nullable<SqlUuid>, _>(result)
    .bind::<Array<Text>, _>(rules::PERSONAL.to_vec())
    .execute(tx.conn)?;
    Ok(())
}
