//! Where the lots of a picture stand: folding and layers, without knowing what is shown of them.

use std::collections::{BTreeMap, BTreeSet};

use lotline_common::ledger::Certainty;
use lotline_common::trace::{FOLDED_BEYOND, PictureEdge};
use rust_sugiyama::configure::{Config, RankingType};
use rust_sugiyama::from_vertices_and_edges;
use uuid::Uuid;

/// From the left edge of one layer to that of the next.
const LAYER: i32 = 170;
/// From the upper edge of one node to that of the one under it, at least.
const ROW: f64 = 64.0;
/// Room for one node: wide and high.
pub const NODE: (i32, i32) = (126, 50);

/// A lot to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Lot {
    /// The lot.
    pub id: Uuid,
    /// Its item: lots of one item can be folded into one node.
    pub item: Uuid,
    /// It is after the lot asked for, not before.
    pub after: bool,
    /// How certain it is.
    pub certainty: Certainty,
}

/// Which items are not folded.
#[derive(Debug, Clone, Default)]
pub struct Unfolded {
    /// None is.
    pub all: bool,
    /// These are not.
    pub items: BTreeSet<Uuid>,
}

/// The lots of each node. Up to 200 lots stand alone; of more, those of one item on one side of the lot asked for, which is
/// the first and stands alone, stand together unless somebody unfolded them.
#[must_use]
pub fn folded(lots: &[Lot], unfolded: &Unfolded) -> Vec<Vec<Lot>> {
    let fold = lots.len() > FOLDED_BEYOND && !unfolded.all;
    let mut nodes: Vec<Vec<Lot>> = Vec::new();
    let mut folds: BTreeMap<(Uuid, bool), usize> = BTreeMap::new();
    for (place, lot) in lots.iter().enumerate() {
        if place == 0 || !fold || unfolded.items.contains(&lot.item) {
            nodes.push(vec![*lot]);
            continue;
        }
        let next = nodes.len();
        let node = *folds.entry((lot.item, lot.after)).or_insert(next);
        match nodes.get_mut(node) {
            Some(node) => node.push(*lot),
            None => nodes.push(vec![*lot]),
        }
    }
    nodes
}

/// The lines between nodes: the links between two of them are one line, as certain as the best.
#[must_use]
pub fn lines(nodes: &[Vec<Lot>], links: &[(Uuid, Uuid, Certainty)]) -> Vec<PictureEdge> {
    let places = nodes.iter().enumerate().flat_map(|(place, lots)| lots.iter().map(move |lot| (lot.id, place)));
    let places: BTreeMap<Uuid, usize> = places.collect();
    let mut lines: BTreeMap<(usize, usize), (Certainty, usize)> = BTreeMap::new();
    for (parent, child, certainty) in links {
        let (Some(from), Some(to)) = (places.get(parent), places.get(child)) else { continue };
        if from != to {
            let line = lines.entry((*from, *to)).or_insert((*certainty, 0));
            *line = (line.0.min(*certainty), line.1 + 1);
        }
    }
    let edge = |((from, to), (certainty, count))| PictureEdge { from, to, certainty, count };
    lines.into_iter().map(edge).collect()
}

/// Upper left corner of each node: layer by layer from left to right, few lines crossing.
#[must_use]
pub fn corners(nodes: usize, edges: &[PictureEdge]) -> Vec<(i32, i32)> {
    let number = |place: usize| u32::try_from(place).unwrap_or_default();
    let vertices: Vec<_> = (0..nodes).map(|place| (number(place), (ROW, 1.0))).collect();
    let lines: Vec<_> = edges.iter().map(|edge| (number(edge.from), number(edge.to))).collect();
    // Ranks by the longest way from raw material, and no swaps beyond the barycentre in large pictures: together they place
    // ten thousand nodes in a fifth of a second, where the more thorough ways take minutes.
    let config = Config {
        vertex_spacing: 1.0,
        ranking_type: RankingType::Up,
        transpose: nodes <= FOLDED_BEYOND,
        ..Config::default()
    };
    let mut corners = vec![(0, 0); nodes];
    let mut lowest = 0;
    for (places, ..) in from_vertices_and_edges(&vertices, &lines, &config) {
        let layers: BTreeSet<i32> = places.iter().map(|(_, (_, layer))| whole(*layer)).collect();
        let top = places.iter().map(|(_, (across, _))| whole(*across)).min().unwrap_or_default();
        let begins = lowest;
        for (place, (across, layer)) in places {
            let column = layers.iter().position(|known| *known == whole(layer)).unwrap_or_default();
            let y = begins + whole(across) - top;
            lowest = lowest.max(y + whole(ROW));
            if let Some(corner) = corners.get_mut(place) {
                *corner = (i32::try_from(column).unwrap_or_default() * LAYER, y);
            }
        }
    }
    corners
}

#[expect(clippy::as_conversions, reason = "a place in a picture; beyond its range it stands at the edge")]
fn whole(place: f64) -> i32 {
    place.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lot(id: u128, item: u128, after: bool) -> Lot {
        Lot { id: Uuid::from_u128(id), item: Uuid::from_u128(item), after, certainty: Certainty::Declared }
    }

    #[test]
    fn many_lots_are_folded_by_item_and_side_and_unfold_one_item_at_a_time() {
        let lots: Vec<_> = (0..300).map(|number| lot(number, number % 3, number % 2 == 0)).collect();
        assert_eq!(folded(&lots[..200], &Unfolded::default()).len(), 200);
        let nodes = folded(&lots, &Unfolded::default());
        assert_eq!(nodes.iter().map(Vec::len).collect::<Vec<_>>(), [1, 50, 50, 50, 50, 50, 49]);
        let items = [Uuid::from_u128(1)].into();
        let nodes = folded(&lots, &Unfolded { all: false, items });
        assert_eq!(nodes.len(), 1 + 100 + 4);
        assert_eq!(folded(&lots, &Unfolded { all: true, ..Unfolded::default() }).len(), 300);
    }

    #[test]
    fn links_between_two_nodes_are_one_line_as_certain_as_the_best() {
        let nodes = [vec![lot(1, 1, false)], vec![lot(2, 2, true), lot(3, 2, true)]];
        let link = |from, to, certainty| (Uuid::from_u128(from), Uuid::from_u128(to), certainty);
        let links = [link(1, 2, Certainty::Default), link(1, 3, Certainty::Declared), link(2, 3, Certainty::Scanned)];
        let line = PictureEdge { from: 0, to: 1, certainty: Certainty::Declared, count: 2 };
        assert_eq!(lines(&nodes, &links), [line]);
    }

    fn edges(pairs: impl IntoIterator<Item = (usize, usize)>) -> Vec<PictureEdge> {
        let edge = |(from, to)| PictureEdge { from, to, certainty: Certainty::Declared, count: 1 };
        pairs.into_iter().filter(|(from, to)| from != to).map(edge).collect()
    }

    #[test]
    fn a_chain_of_any_length_is_drawn() {
        let corners = corners(10_000, &edges((1..10_000).map(|place| (place - 1, place))));
        assert_eq!(corners.last(), Some(&(9_999 * LAYER, 0)));
    }

    proptest! {
        // Folding can turn a genealogy into a graph with cycles, and into several parts.
        #[test]
        fn no_two_nodes_stand_on_each_other(pairs in proptest::collection::vec((0usize..40, 0usize..40), 0..90)) {
            let corners = corners(40, &edges(pairs));
            for (place, (x, y)) in corners.iter().enumerate() {
                prop_assert!(*x >= 0 && *y >= 0);
                for (other_x, other_y) in corners.iter().skip(place + 1) {
                    prop_assert!(x != other_x || (y - other_y).abs() >= NODE.1, "{x} {y} {other_y}");
                }
            }
        }

        #[test]
        fn lines_of_a_genealogy_run_from_left_to_right(pairs in proptest::collection::vec((0usize..30, 0usize..30), 1..60)) {
            let edges = edges(pairs.into_iter().map(|(one, other)| (one.min(other), one.max(other))));
            let corners = corners(30, &edges);
            for edge in edges {
                prop_assert!(corners[edge.from].0 < corners[edge.to].0);
            }
        }
    }
}
