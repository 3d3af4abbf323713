//! `audit_event`: read the end of the chain, write the next link.

use diesel::prelude::*;
use lotline_common::id::AuditEventId;

use super::Event;
use super::canonical::{Position, canonical_bytes, leaf_hash};
use crate::db::Tx;
use crate::error::Result;
use crate::schema::audit_event;

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
    let id = AuditEventId::new().uuid();
    let position = Position { id, seq, previous_hash: previous_hash.as_deref(), at: tx.now };
    let bytes = canonical_bytes(tx.ctx, &event, &position)?;
    let hash = leaf_hash(&bytes);
    diesel::insert_into(audit_event::table)
        .values((
            audit_event::org_id.eq(tx.org()),
            audit_event::id.eq(id),
            audit_event::aggregate_kind.eq(event.aggregate_kind.as_str()),
            audit_event::aggregate_id.eq(event.aggregate_id),
            audit_event::aggregate_seq.eq(seq),
            audit_event::action.eq(event.action.as_str()),
            audit_event::actor_id.eq(tx.ctx.person.uuid()),
            audit_event::partner_id.eq(event.partner.map(lotline_common::id::PartnerId::uuid)),
            audit_event::reason.eq(event.reason),
            audit_event::at.eq(tx.now),
            audit_event::request_id.eq(tx.ctx.request.uuid()),
            audit_event::details.eq(event.details),
            audit_event::canonical_bytes.eq(bytes),
            audit_event::leaf_hash.eq(hash.as_slice()),
            audit_event::previous_hash.eq(previous_hash),
        ))
        .execute(tx.conn)?;
    Ok(())
}
