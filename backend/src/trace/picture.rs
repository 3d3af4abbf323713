//! A genealogy as a picture: both sides of a lot, folded and placed.

use std::collections::{BTreeSet, HashMap};

use lotline_common::id::{ItemId, LotId, PartnerId};
use lotline_common::ledger::{Certainty, LotRef};
use lotline_common::trace::{PictureNode, TraceDirection, TraceLink, TracePicture};
use uuid::Uuid;

use super::drawing::{self, Lot, NODE, Unfolded};
use super::store;
use super::tracing::{Side, certainty, doubts, named, side};
use crate::db::Reader;
use crate::error::Result;
use crate::ledger::lots;

/// What is asked of a picture.
#[derive(Debug, Clone)]
pub struct Question {
    /// One way only.
    pub direction: Option<TraceDirection>,
    /// Lots at most, each way.
    pub limit: usize,
    /// What is not folded.
    pub unfolded: Unfolded,
}

/// A genealogy as a picture.
///
/// # Errors
/// `not_found`.
pub fn trace_picture(reader: &mut Reader, id: LotId, question: &Question) -> Result<TracePicture> {
    lots::lot_read(reader, id)?;
    let ways = TraceDirection::ALL.iter().filter(|way| question.direction.is_none_or(|asked| asked == **way));
    let (mut sides, mut all_doubts): (Vec<Side>, Vec<_>) = (Vec::new(), Vec::new());
    for way in ways {
        let side = side(reader, id, *way, question.limit)?;
        all_doubts.extend(doubts(&side));
        sides.push(side);
    }
    let reached = sides.iter().flat_map(|side| &side.reached.lots).filter(|lot| lot.lot != id.uuid());
    let certain_count = reached.clone().filter(|lot| lot.certainty.is_certain()).count();
    let possible_count = reached.count() - certain_count;
    let complete = sides.iter().all(|side| side.reached.complete);
    let links: Vec<TraceLink> = sides.iter_mut().flat_map(|side| std::mem::take(&mut side.links)).collect();
    let known = names(reader, &sides)?;
    let drawn = drawn(id, &sides, &known);
    let said = links.iter().map(|link| (link.parent_id.uuid(), link.child_id.uuid(), certainty(link)));
    let nodes = drawing::folded(&drawn, &question.unfolded);
    let edges = drawing::lines(&nodes, &said.collect::<Vec<_>>());
    let corners = drawing::corners(nodes.len(), &edges);
    let nodes = nodes_of(&nodes, &corners, (&known, &links));
    let items: BTreeSet<Uuid> = nodes.iter().map(|node| node.item_id.uuid()).collect();
    let worked = nodes.iter().filter_map(|node| node.partner_id);
    let partners = worked.chain(all_doubts.iter().filter_map(|doubt| doubt.partner_id)).map(PartnerId::uuid);
    let (items, partners) = named(reader, &items, &partners.collect())?;
    let edge = |place: fn(&(i32, i32)) -> i32| corners.iter().map(place).max().unwrap_or_default();
    Ok(TracePicture {
        certain_count,
        possible_count,
        complete,
        width: edge(|corner| corner.0) + NODE.0,
        height: edge(|corner| corner.1) + NODE.1,
        nodes,
        edges,
        doubts: all_doubts,
        items,
        partners,
    })
}

/// What the lots of both sides are called.
type Names = HashMap<Uuid, (LotRef, ItemId)>;

fn names(reader: &mut Reader, sides: &[Side]) -> Result<Names> {
    let ids: BTreeSet<Uuid> = sides.iter().flat_map(|side| &side.reached.lots).map(|lot| lot.lot).collect();
    let named = store::lots(reader, &ids.into_iter().collect::<Vec<_>>())?;
    Ok(named.into_iter().map(|lot| (lot.reference.id.uuid(), (lot.reference, lot.item_id))).collect())
}

/// The lots to be drawn, the one asked for first and once.
fn drawn(id: LotId, sides: &[Side], names: &Names) -> Vec<Lot> {
    let mut seen: BTreeSet<Uuid> = BTreeSet::new();
    let each = sides.iter().flat_map(|side| side.reached.lots.iter().map(|lot| (side.direction, lot)));
    let (asked, others): (Vec<_>, Vec<_>) = each.partition(|(_, lot)| lot.lot == id.uuid());
    let mut lots = Vec::with_capacity(others.len() + 1);
    for (direction, reached) in asked.into_iter().chain(others) {
        let Some((_, item)) = names.get(&reached.lot).filter(|_| seen.insert(reached.lot)) else { continue };
        let after = direction == TraceDirection::Forward;
        lots.push(Lot { id: reached.lot, item: item.uuid(), after, certainty: reached.certainty });
    }
    lots
}

fn nodes_of(nodes: &[Vec<Lot>], corners: &[(i32, i32)], (names, links): (&Names, &[TraceLink])) -> Vec<PictureNode> {
    let made_by: HashMap<Uuid, Option<PartnerId>> =
        links.iter().map(|link| (link.child_id.uuid(), link.partner_id)).collect();
    let node = |(lots, corner): (&Vec<Lot>, &(i32, i32))| {
        let first = lots.first()?;
        let (lot, item_id) = names.get(&first.id)?;
        Some(PictureNode {
            x: corner.0,
            y: corner.1,
            lot: Some(lot.clone()).filter(|_| lots.len() == 1),
            count: lots.len(),
            item_id: *item_id,
            certainty: lots.iter().map(|lot| lot.certainty).min().unwrap_or(Certainty::Default),
            partner_id: made_by.get(&first.id).copied().flatten(),
        })
    };
    nodes.iter().zip(corners).filter_map(node).collect()
}
