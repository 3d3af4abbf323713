//! The lots that a trace reaches: the bare walk, as fast as it can be. What a recall asks for.

use diesel::prelude::*;
use diesel::sql_types::{Array, SmallInt, Uuid as SqlUuid};
use lotline_common::id::LotId;
use lotline_common::ledger::Certainty;
use lotline_common::trace::TraceDirection;
use uuid::Uuid;

use super::rules::{Reached, Step, Walk};
use crate::db::Reader;
use crate::db::cached::PreparedOnce as _;
use crate::error::Result;

/// What a walk through the genealogy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The lots, nearest first; those it began at are the first of them.
    pub lots: Vec<Reached>,
    /// Nothing was left out.
    pub complete: bool,
}

/// The lots that `seeds` were made of, or that were made of them, through any number of hops. With a limit the walk ends
/// with the hop that passes it.
///
/// # Errors
/// Those of the database.
pub fn scope(reader: &mut Reader, seeds: &[LotId], direction: TraceDirection, limit: Option<usize>) -> Result<Scope> {
    let walk = walk(reader, seeds, direction, limit)?;
    Ok(Scope { lots: walk.reached(), complete: walk.front().is_empty() })
}

/// The walk to those lots, with the links it went along.
///
/// Hop by hop: each one reads all links of the lots it came to from the index alone, and no lot's links are read twice.
///
/// # Errors
/// Those of the database.
pub fn walk(reader: &mut Reader, seeds: &[LotId], direction: TraceDirection, limit: Option<usize>) -> Result<Walk> {
    let seeds: Vec<Uuid> = seeds.iter().map(|seed| seed.uuid()).collect();
    let mut walk = Walk::from(&seeds);
    while !walk.front().is_empty() && limit.is_none_or(|limit| walk.count() <= limit) {
        let hop = hop(reader, walk.front(), direction)?;
        walk.advance(hop.into_steps());
    }
    Ok(walk)
}

/// The links of one hop, in three lists of one length.
#[derive(QueryableByName)]
struct Hop {
    /// Where each comes from.
    #[diesel(sql_type = Array<SqlUuid>)]
    from_lots: Vec<Uuid>,
    /// Where it leads.
    #[diesel(sql_type = Array<SqlUuid>)]
    to_lots: Vec<Uuid>,
    /// How strong it is.
    #[diesel(sql_type = Array<SmallInt>)]
    strengths: Vec<i16>,
}

impl Hop {
    fn into_steps(self) -> impl Iterator<Item = Step> {
        let ends = self.from_lots.into_iter().zip(self.to_lots);
        let step = |((from, to), strength)| Step { from, to, certainty: Certainty::of_strength(strength) };
        ends.zip(self.strengths).map(step)
    }
}

/// What leads on from lots. The organisation is handed in: `current_org()` would be asked anew for each link.
fn hop(reader: &mut Reader, front: &[Uuid], direction: TraceDirection) -> Result<Hop> {
    let (from, to) = match direction {
        TraceDirection::Forward => ("parent_lot_id", "child_lot_id"),
        TraceDirection::Backward => ("child_lot_id", "parent_lot_id"),
    };
    let links = format!(
        "SELECT coalesce(array_agg(l.{from}), '{{}}') AS from_lots, coalesce(array_agg(l.{to}), '{{}}') AS to_lots,
            coalesce(array_agg(l.strength), '{{}}') AS strengths
         FROM lot_link l WHERE l.org_id = $1 AND l.strength IS NOT NULL AND l.{from} = ANY($2)"
    );
    let links = diesel::sql_query(links).bind::<SqlUuid, _>(reader.org()).bind::<Array<SqlUuid>, _>(front);
    Ok(links.cached().get_result(reader.conn)?)
}
