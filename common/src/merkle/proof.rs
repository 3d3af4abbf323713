//! Proofs that a leaf is in a tree, and that one tree grew out of another: made from the roots of perfect trees, checked
//! with nothing but hashes (RFC 6962 section 2.1, RFC 9162 section 2.1.3.2 and 2.1.4.2).

use super::{Hash, empty_root, node_hash};

/// Where the roots of perfect trees are kept.
pub trait PerfectTrees {
    /// What can go wrong when one is read.
    type Error;

    /// Root of the perfect tree over the 2^level leaves from `index` · 2^level.
    ///
    /// # Errors
    /// When it cannot be read.
    fn root(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Size of the left half of a tree of more than one leaf: the largest power of two that is smaller.
const fn left_half(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// Root of the tree over the leaves from `start` to `end`, which begins where a perfect tree may.
fn root_of<S: PerfectTrees>(source: &mut S, start: u64, end: u64) -> Result<Hash, S::Error> {
    let size = end - start;
    if size.is_power_of_two() {
        return source.root(size.trailing_zeros(), start / size);
    }
    let middle = start + left_half(size);
    let left = root_of(source, start, middle)?;
    Ok(node_hash(&left, &root_of(source, middle, end)?))
}

/// Root of the tree of this size.
///
/// # Errors
/// Those of the source.
pub fn root<S: PerfectTrees>(source: &mut S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(empty_root()) } else { root_of(source, 0, size) }
}

/// Proves that the leaf at `index` is in the tree of this size: the hashes beside its way to the root, from the leaf up.
/// Nothing for an index outside the tree.
///
/// # Errors
/// Those of the source.
pub fn inclusion<S: PerfectTrees>(source: &mut S, index: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    let (mut start, mut end, mut proof) = (0, size, Vec::new());
    if index >= size {
        return Ok(proof);
    }
    while end - start > 1 {
        let middle = start + left_half(end - start);
        if index < middle {
            proof.push(root_of(source, middle, end)?);
            end = middle;
        } else {
            proof.push(root_of(source, start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proves that the tree of size `second` begins with the tree of size `first`. Nothing is needed for equal sizes and for
/// the empty tree.
///
/// # Errors
/// Those of the source.
pub fn consistency<S: PerfectTrees>(source: &mut S, first: u64, second: u64) -> Result<Vec<Hash>, S::Error> {
    let (mut start, mut end, mut proof) = (0, second, Vec::new());
    if first == 0 || first >= second {
        return Ok(proof);
    }
    while first != end {
        let middle = start + left_half(end - start);
        if first <= middle {
            proof.push(root_of(source, middle, end)?);
            end = middle;
        } else {
            proof.push(root_of(source, start, middle)?);
            start = middle;
        }
    }
    if start > 0 {
        proof.push(root_of(source, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// A tree: its size and its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tree {
    /// Leaves.
    pub size: u64,
    /// Root.
    pub root: Hash,
}

/// The way from a node up, as a proof goes along it.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Whether the next hash of the proof stands left of the node.
    const fn comes_from_left(&self) -> bool {
        self.node & 1 == 1 || self.node == self.last
    }

    const fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    /// Goes up past the levels at which the node has no neighbour.
    const fn step(&mut self, from_left: bool) {
        if from_left {
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
        }
        self.up();
    }
}

/// Whether the proof shows that the leaf is at `index` of the tree.
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, proof: &[Hash], tree: &Tree) -> bool {
    if index >= tree.size {
        return false;
    }
    let (mut climb, mut hash) = (Climb { node: index, last: tree.size - 1 }, *leaf);
    for beside in proof {
        if climb.last == 0 {
            return false;
        }
        let from_left = climb.comes_from_left();
        hash = if from_left { node_hash(beside, &hash) } else { node_hash(&hash, beside) };
        climb.step(from_left);
    }
    climb.last == 0 && hash == tree.root
}

/// Whether the proof shows that the second tree begins with the first.
#[must_use]
pub fn verify_consistency(first: &Tree, second: &Tree, proof: &[Hash]) -> bool {
    if first.size > second.size {
        return false;
    }
    if first.size == second.size {
        return proof.is_empty() && first.root == second.root;
    }
    if first.size == 0 {
        return proof.is_empty() && first.root == empty_root();
    }
    let mut climb = Climb { node: first.size - 1, last: second.size - 1 };
    while climb.node & 1 == 1 {
        climb.up();
    }
    let mut proof = proof.iter();
    let begins = if first.size.is_power_of_two() { Some(&first.root) } else { proof.next() };
    let Some(begins) = begins else { return false };
    let (mut old, mut new) = (*begins, *begins);
    for beside in proof {
        if climb.last == 0 {
            return false;
        }
        let from_left = climb.comes_from_left();
        if from_left {
            old = node_hash(beside, &old);
            new = node_hash(beside, &new);
        } else {
            new = node_hash(&new, beside);
        }
        climb.step(from_left);
    }
    climb.last == 0 && old == first.root && new == second.root
}

#[cfg(test)]
mod tests;
