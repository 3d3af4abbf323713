//! A trace with all that is told of its lots and links.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lotline_common::id::LotId;
use lotline_common::ledger::Certainty;
use lotline_common::masterdata::{ItemRef, PartnerRef};
use lotline_common::trace::{
    MAXIMUM_LISTED, MAXIMUM_TRACE_LOTS, Trace, TraceDirection, TraceDoubt, TraceLink, TraceLot, TracePlace,
};
use uuid::Uuid;

use super::rules::{self, Reached, Step};
use super::scope::{Scope, scope};
use super::store::{self, NamedLot};
use crate::db::Reader;
use crate::error::Result;
use crate::ledger::lots;

/// One side of a lot: what a walk of at most so many lots came to, and the links between them.
pub struct Side {
    /// Which side.
    pub direction: TraceDirection,
    /// The lots.
    pub reached: Scope,
    /// Everything about the links between them.
    pub links: Vec<TraceLink>,
}

/// Walks one side.
///
/// # Errors
/// Those of the database.
pub fn side(reader: &mut Reader, id: LotId, direction: TraceDirection, limit: usize) -> Result<Side> {
    let limit = limit.clamp(1, MAXIMUM_TRACE_LOTS);
    let mut reached = scope(reader, &[id], direction, Some(limit))?;
    reached.complete &= reached.lots.len() <= limit;
    reached.lots.truncate(limit);
    let ids: Vec<Uuid> = reached.lots.iter().map(|lot| lot.lot).collect();
    let links = store::links(reader, &ids, direction)?;
    Ok(Side { direction, reached, links })
}

/// Where a lot comes from, or where it went: the nearest lots, at most so many.
///
/// # Errors
/// `not_found`.
pub fn lot_trace(reader: &mut Reader, id: LotId, direction: TraceDirection, limit: usize) -> Result<Trace> {
    lots::lot_read(reader, id)?;
    let side = side(reader, id, direction, limit)?;
    let doubts = doubts(&side);
    let Side { reached, links, .. } = side;
    let lots = told(reader, &reached.lots)?;
    let items = lots.iter().map(|lot| lot.item_id.uuid()).collect();
    let held = lots.iter().flat_map(|lot| &lot.places).filter_map(|place| place.partner_id);
    let partners = held.chain(links.iter().filter_map(|link| link.partner_id)).map(Into::into).collect();
    let (items, partners) = named(reader, &items, &partners)?;
    let certain = reached.lots.iter().filter(|lot| lot.certainty.is_certain()).count();
    Ok(Trace {
        direction,
        certain_count: certain.saturating_sub(1),
        possible_count: reached.lots.len() - certain,
        complete: reached.complete,
        doubts,
        lots,
        links,
        items,
        partners,
    })
}

/// What is told of each lot.
fn told(reader: &mut Reader, reached: &[Reached]) -> Result<Vec<TraceLot>> {
    let ids: Vec<Uuid> = reached.iter().map(|lot| lot.lot).collect();
    let mut places: HashMap<Uuid, Vec<TracePlace>> = HashMap::new();
    for held in store::held(reader, &ids)? {
        places.entry(held.lot_id).or_default().push(held.place);
    }
    let lots = store::lots(reader, &ids)?;
    let mut lots: HashMap<Uuid, NamedLot> = lots.into_iter().map(|lot| (lot.reference.id.uuid(), lot)).collect();
    let told = reached.iter().filter_map(|reached| {
        let named = lots.remove(&reached.lot)?;
        Some(TraceLot {
            lot: named.reference,
            item_id: named.item_id,
            certainty: reached.certainty,
            distance: reached.distance,
            places: places.remove(&reached.lot).unwrap_or_default(),
        })
    });
    Ok(told.collect())
}

/// The items and companies that are named.
///
/// # Errors
/// Those of the database.
pub fn named(
    reader: &mut Reader,
    items: &BTreeSet<Uuid>,
    partners: &BTreeSet<Uuid>,
) -> Result<(Vec<ItemRef>, Vec<PartnerRef>)> {
    let item =
        "SELECT t.reference::json AS body FROM item_reference t WHERE t.org_id = current_org() AND t.id = ANY($1)
        ORDER BY t.code";
    let partner =
        "SELECT t.reference::json AS body FROM partner_reference t WHERE t.org_id = current_org() AND t.id = ANY($1)
        ORDER BY t.code";
    let ids = |ids: &BTreeSet<Uuid>| ids.iter().copied().collect::<Vec<_>>();
    Ok((store::bodies(reader, item, &ids(items))?, store::bodies(reader, partner, &ids(partners))?))
}

/// What a link says for certain: of a link without a quantity, nothing.
#[must_use]
pub fn certainty(link: &TraceLink) -> Certainty {
    if link.quantity.is_zero() { Certainty::Default } else { link.certainty }
}

/// Where doubt begins on one side.
#[must_use]
pub fn doubts(side: &Side) -> Vec<TraceDoubt> {
    let step = |link: &TraceLink| {
        let (parent, child) = (link.parent_id.uuid(), link.child_id.uuid());
        let (from, to) = match side.direction {
            TraceDirection::Forward => (parent, child),
            TraceDirection::Backward => (child, parent),
        };
        (Step { from, to, certainty: certainty(link) }, (link.document.id, link.line))
    };
    let steps: Vec<_> = side.links.iter().map(step).collect();
    let documents: BTreeMap<_, _> = side.links.iter().map(|link| ((link.document.id, link.line), link)).collect();
    let doubts = rules::doubts(&side.reached.lots, &steps, MAXIMUM_LISTED).into_iter().filter_map(|doubt| {
        let link = documents.get(&doubt.line)?;
        Some(TraceDoubt {
            document: link.document.clone(),
            line: link.line,
            partner_id: link.partner_id,
            lot_ids: doubt.lots.into_iter().map(LotId::from).collect(),
            at_stake: doubt.at_stake,
        })
    });
    doubts.collect()
}
