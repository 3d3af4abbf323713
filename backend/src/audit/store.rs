//! `audit_event`: read the end of the chain, write the next link.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use lotline_common::id::AuditEventId;
use serde_json::Value;
use uuid::Uuid;

use super::Event;
use super::canonical::{Position, canonical_bytes, leaf_hash};
use crate::db::Tx;
use crate::error::Result;
use crate::schema::audit_event;

/// Rows in one statement at most: PostgreSQL takes 65,535 values.
const ROWS: usize = 2_000;

#[derive(Insertable)]
#[diesel(table_name = audit_event)]
struct NewEvent {
    org_id: Uuid,
    id: Uuid,
    aggregate_kind: &'static str,
    aggregate_id: Uuid,
    aggregate_seq: i64,
    action: &'static str,
    actor_id: Uuid,
    partner_id: Option<Uuid>,
    reason: Option<String>,
    at: DateTime<Utc>,
    request_id: Uuid,
    details: Value,
    canonical_bytes: Vec<u8>,
    leaf_hash: Vec<u8>,
    previous_hash: Option<Vec<u8>>,
}

fn row(tx: &Tx, event: Event, seq: i64, previous_hash: Option<Vec<u8>>) -> Result<NewEvent> {
    let id = AuditEventId::new().uuid();
    let position = Position { id, seq, previous_hash: previous_hash.as_deref(), at: tx.now };
    let bytes = canonical_bytes(tx.ctx, &event, &position)?;
    Ok(NewEvent {
        org_id: tx.org(),
        id,
        aggregate_kind: event.aggregate_kind.as_str(),
        aggregate_id: event.aggregate_id,
        aggregate_seq: seq,
        action: event.action.as_str(),
        actor_id: tx.ctx.person.uuid(),
        partner_id: event.partner.map(lotline_common::id::PartnerId::uuid),
        reason: event.reason,
        at: tx.now,
        request_id: tx.ctx.request.uuid(),
        details: event.details,
        leaf_hash: leaf_hash(&bytes).to_vec(),
        canonical_bytes: bytes,
        previous_hash,
    })
}

pub fn append(tx: &mut Tx, event: Event) -> Result<()> {
    let last: Option<(i64, Vec<u8>)> = audit_event::table
        .filter(audit_event::org_id.eq(tx.org()))
        .filter(audit_event::aggregate_kind.eq(event.aggregate_kind.as_str()))
        .filter(audit_event::aggregate_id.eq(event.aggregate_id))
        .order(audit_event::aggregate_seq.desc())
        .select((audit_event::aggregate_seq, audit_event::leaf_hash))
        .first(tx.conn)
        .optional()?;
    let (seq, previous_hash) = last.map_or((1, None), |(seq, hash)| (seq + 1, Some(hash)));
    let row = row(tx, event, seq, previous_hash)?;
    diesel::insert_into(audit_event::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn begin(tx: &mut Tx, events: Vec<Event>) -> Result<()> {
    let rows: Vec<NewEvent> = events.into_iter().map(|event| row(tx, event, 1, None)).collect::<Result<_>>()?;
    for part in rows.chunks(ROWS) {
        diesel::insert_into(audit_event::table).values(part).execute(tx.conn)?;
    }
    Ok(())
}
