//! Rows behind a trace, read through views.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use lotline_common::id::ItemId;
use lotline_common::ledger::LotRef;
use lotline_common::trace::{TraceDirection, TraceLink, TracePlace};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::Reader;
use crate::db::cached::PreparedOnce as _;
use crate::db::list::Body;
use crate::error::Result;

/// The bodies that a statement about some things gives.
pub fn bodies<T: DeserializeOwned + 'static>(
    reader: &mut Reader,
    statement: &'static str,
    ids: &[Uuid],
) -> Result<Vec<T>> {
    let rows: Vec<Body<T>> = diesel::sql_query(statement).bind::<Array<SqlUuid>, _>(ids).cached().load(reader.conn)?;
    Ok(Body::all(rows))
}

/// A lot as it is called.
#[derive(Debug, Deserialize)]
pub struct NamedLot {
    /// The lot.
    pub reference: LotRef,
    /// Its item.
    pub item_id: ItemId,
}

/// What lots are called.
pub fn lots(reader: &mut Reader, ids: &[Uuid]) -> Result<Vec<NamedLot>> {
    let lots = "SELECT json_build_object('reference', t.reference, 'item_id', t.item_id) AS body FROM lot_reference t
        WHERE t.org_id = current_org() AND t.id = ANY($1)";
    bodies(reader, lots, ids)
}

/// The links between lots, the oldest first. Found from one side, and held against all lots at once: a plan that serves
/// every list of lots would compare each link with each of them.
pub fn links(reader: &mut Reader, ids: &[Uuid], direction: TraceDirection) -> Result<Vec<TraceLink>> {
    let links = match direction {
        TraceDirection::Forward => {
            "SELECT to_json(t) AS body FROM trace_link_view t WHERE t.org_id = current_org()
                AND t.parent_id = ANY($1) AND (t.child_id IN (SELECT unnest($1))) IS TRUE ORDER BY t.id"
        }
        TraceDirection::Backward => {
            "SELECT to_json(t) AS body FROM trace_link_view t WHERE t.org_id = current_org()
                AND t.child_id = ANY($1) AND (t.parent_id IN (SELECT unnest($1))) IS TRUE ORDER BY t.id"
        }
    };
    bodies(reader, links, ids)
}

/// How much of a lot is where.
#[derive(Debug, Deserialize)]
pub struct Held {
    /// The lot.
    pub lot_id: Uuid,
    /// How much, where.
    #[serde(flatten)]
    pub place: TracePlace,
}

/// Where lots are, kind of place by kind of place.
pub fn held(reader: &mut Reader, ids: &[Uuid]) -> Result<Vec<Held>> {
    let held = "SELECT json_build_object('lot_id', t.lot_id, 'kind', t.kind, 'partner_id', t.holder_id,
            'quantity', decimal_text(sum(t.quantity))) AS body
        FROM lot_holding t WHERE t.org_id = current_org() AND t.lot_id = ANY($1)
        GROUP BY t.lot_id, t.kind, t.holder_id ORDER BY t.lot_id, t.kind, t.holder_id";
    bodies(reader, held, ids)
}

/// Facts of lots: how many there must be, and how many there are.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Facts {
    /// Must be.
    #[diesel(sql_type = BigInt)]
    pub required: i64,
    /// Are.
    #[diesel(sql_type = BigInt)]
    pub present: i64,
}

/// Counts the facts of lots. That the first of them was released is none: it is what is asked for.
pub fn facts(reader: &mut Reader, ids: &[Uuid]) -> Result<Facts> {
    let facts = "SELECT count(*) AS required, count(*) FILTER (WHERE f.present) AS present FROM lot_fact f
        WHERE f.org_id = current_org() AND f.lot_id = ANY($1) AND (f.fact <> 'release' OR f.lot_id <> ($1)[1])";
    Ok(diesel::sql_query(facts).bind::<Array<SqlUuid>, _>(ids).cached().get_result(reader.conn)?)
}
