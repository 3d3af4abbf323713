//! The lots that a trace reaches: the bare walk, as fast as it can be. What a recall asks for.

use diesel::prelude::*;
use lotline_common::id::LotId;
use lotline_common::ledger::Certainty;
use lotline_common::trace::TraceDirection;
use uuid::Uuid;

use super::rules::{Reached, Step, Walk};
use crate::db::Reader;
use crate::error::Result;
use crate::schema::lot_link;

/// What a walk through the genealogy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The lots, nearest first; those it began at are the first of them.
    pub lots: Vec<Reached>,
    /// The links between them.
    pub links: Vec<ScopeLink>,
    /// Nothing was left out.
    pub complete: bool,
}

/// A live link of the genealogy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeLink {
    /// What was used.
    pub parent: LotId,
    /// What was made of it.
    pub child: LotId,
    /// How certain it is.
    pub certainty: Certainty,
}

/// The lots that `seeds` were made of, or that were made of them, through any number of hops. With a limit the walk ends
/// with the hop that passes it.
///
/// Hop by hop: each one reads all links of the lots it came to from the index alone, and no lot's links are read twice.
///
/// # Errors
/// Those of the database.
pub fn scope(reader: &mut Reader, seeds: &[LotId], direction: TraceDirection, limit: Option<usize>) -> Result<Scope> {
    let seeds: Vec<Uuid> = seeds.iter().map(|seed| seed.uuid()).collect();
    let mut walk = Walk::from(&seeds);
    while !walk.front().is_empty() && limit.is_none_or(|limit| walk.count() <= limit) {
        let rows = hop(reader, walk.front(), direction)?;
        walk.advance(rows.into_iter().map(|(from, to, strength)| Step {
            from,
            to,
            certainty: Certainty::of_strength(strength.unwrap_or_default()),
        }));
    }
    let link = |step: Step| {
        let (parent, child) = match direction {
            TraceDirection::Forward => (step.from, step.to),
            TraceDirection::Backward => (step.to, step.from),
        };
        ScopeLink { parent: parent.into(), child: child.into(), certainty: step.certainty }
    };
    Ok(Scope { lots: walk.reached(), links: walk.steps().map(link).collect(), complete: walk.front().is_empty() })
}

/// Where a link comes from, where it leads, and how strong it is.
type Row = (Uuid, Uuid, Option<i16>);

fn hop(reader: &mut Reader, front: &[Uuid], direction: TraceDirection) -> Result<Vec<Row>> {
    let org = reader.org();
    let live = lot_link::table.filter(lot_link::org_id.eq(org)).filter(lot_link::strength.is_not_null());
    let rows = match direction {
        TraceDirection::Forward => live
            .filter(lot_link::parent_lot_id.eq_any(front))
            .select((lot_link::parent_lot_id, lot_link::child_lot_id, lot_link::strength))
            .load(reader.conn)?,
        TraceDirection::Backward => live
            .filter(lot_link::child_lot_id.eq_any(front))
            .select((lot_link::child_lot_id, lot_link::parent_lot_id, lot_link::strength))
            .load(reader.conn)?,
    };
    Ok(rows)
}
