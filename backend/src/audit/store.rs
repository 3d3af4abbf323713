//! `audit_event`: read the ends of the chains, write the next links, and beside them what is personal.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bytea, Text, Uuid as SqlUuid};
use lotline_common::id::AuditEventId;
use lotline_common::merkle::leaf_hash;
use serde_json::Value;
use uuid::Uuid;

use super::Event;
use super::canonical::{Position, canonical_bytes};
use super::personal::{self, Taken};
use crate::db::Tx;
use crate::db::cached::PreparedOnce as _;
use crate::error::Result;
use crate::schema::audit_event;

/// The end of an aggregate's chain.
#[derive(QueryableByName)]
struct End {
    #[diesel(sql_type = Text)]
    aggregate_kind: String,
    #[diesel(sql_type = SqlUuid)]
    aggregate_id: Uuid,
    #[diesel(sql_type = BigInt)]
    aggregate_seq: i64,
    #[diesel(sql_type = Bytea)]
    leaf_hash: Vec<u8>,
}

impl End {
    fn is_of(&self, event: &Event) -> bool {
        self.aggregate_kind == event.aggregate_kind.as_str() && self.aggregate_id == event.aggregate_id
    }
}

fn ends(tx: &mut Tx, events: &[Event]) -> Result<Vec<End>> {
    let ends = diesel::sql_query(
        "SELECT e.aggregate_kind, e.aggregate_id, e.aggregate_seq, e.leaf_hash
         FROM unnest($1, $2) AS a (kind, id)
         CROSS JOIN LATERAL (SELECT aggregate_kind, aggregate_id, aggregate_seq, leaf_hash FROM audit_event
            WHERE org_id = current_org() AND aggregate_kind = a.kind AND aggregate_id = a.id
            ORDER BY aggregate_seq DESC LIMIT 1) e",
    )
    .bind::<Array<Text>, _>(events.iter().map(|event| event.aggregate_kind.as_str()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(events.iter().map(|event| event.aggregate_id).collect::<Vec<_>>())
    .cached();
    Ok(ends.load(tx.conn)?)
}

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

/// An event at a place in its chain, and the personal values that are kept beside it.
fn row(tx: &Tx, mut event: Event, seq: i64, previous_hash: Option<Vec<u8>>) -> Result<(NewEvent, Kept)> {
    let id = AuditEventId::new().uuid();
    let taken = personal::take_out(event.aggregate_kind, &mut event.details);
    let position = Position { id, seq, previous_hash: previous_hash.as_deref(), at: tx.now };
    let bytes = canonical_bytes(tx.ctx, &event, &position)?;
    let row = NewEvent {
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
    };
    Ok((row, taken.into_iter().map(|taken| (id, taken)).collect()))
}

/// Personal values, each with its event.
type Kept = Vec<(Uuid, Taken)>;

/// Appends events, each of another aggregate, in this order. A subcontractor's act goes on from events that it may not read,
/// and makes some that it may not read either.
pub fn append(tx: &mut Tx, events: Vec<Event>) -> Result<()> {
    tx.with_makers_sight(|tx| {
        let ends = ends(tx, &events)?;
        let (mut rows, mut kept) = (Vec::with_capacity(events.len()), Vec::new());
        for event in events {
            let end = ends.iter().find(|end| end.is_of(&event));
            let (seq, previous_hash) =
                end.map_or((1, None), |end| (end.aggregate_seq + 1, Some(end.leaf_hash.clone())));
            let (row, taken) = row(tx, event, seq, previous_hash)?;
            rows.push(row);
            kept.extend(taken);
        }
        let many = rows.len();
        let insert = diesel::insert_into(audit_event::table).values(rows).returning(audit_event::id);
        insert.cached_for(many).load::<Uuid>(tx.conn)?;
        personal::keep(tx, &kept)
    })
}

pub fn begin(tx: &mut Tx, events: Vec<Event>) -> Result<()> {
    let made: Vec<_> = events.into_iter().map(|event| row(tx, event, 1, None)).collect::<Result<_>>()?;
    let (rows, kept): (Vec<NewEvent>, Vec<Kept>) = made.into_iter().unzip();
    for part in rows.chunks(ROWS) {
        diesel::insert_into(audit_event::table).values(part).execute(tx.conn)?;
    }
    personal::keep(tx, &kept.into_iter().flatten().collect::<Vec<_>>())
}
