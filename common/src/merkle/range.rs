//! The right edge of a growing tree: all that is needed to append leaves and to say the root.

use super::{Hash, empty_root, node_hash};

/// The roots of the perfect trees that a tree of this size consists of, from left to right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompactRange {
    size: u64,
    edge: Vec<Hash>,
}

impl CompactRange {
    /// The edge of a tree of this size; none when the number of hashes is not that of such a tree.
    #[must_use]
    pub fn of(size: u64, edge: Vec<Hash>) -> Option<Self> {
        (u32::try_from(edge.len()) == Ok(size.count_ones())).then_some(Self { size, edge })
    }

    /// Leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its perfect trees, from left to right.
    #[must_use]
    pub fn edge(&self) -> &[Hash] {
        &self.edge
    }

    /// Level and index of each perfect tree that a tree of this size consists of, from left to right.
    pub fn places(size: u64) -> impl Iterator<Item = (u32, u64)> {
        let levels = (0..u64::BITS).rev().filter(move |level| size >> level & 1 == 1);
        levels.map(move |level| (level, (size >> level) - 1))
    }

    /// Appends a leaf, and tells of each perfect tree above it that is complete now: its level (from 1), its index at that
    /// level, and its root.
    pub fn append(&mut self, leaf: Hash, mut complete: impl FnMut(u32, u64, &Hash)) {
        let mut hash = leaf;
        for level in 0..self.size.trailing_ones() {
            let Some(left) = self.edge.pop() else { break };
            hash = node_hash(&left, &hash);
            complete(level + 1, self.size >> (level + 1), &hash);
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// Root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut hashes = self.edge.iter().rev();
        let Some(last) = hashes.next() else { return empty_root() };
        hashes.fold(*last, |right, left| node_hash(left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{hex, leaf_hash};
    use super::*;

    /// Leaves and roots of sizes 1 to 8 that every implementation of RFC 6962 agrees on.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    const ROOTS: [(&str, &str); 8] = [
        ("6e340b9c", "afa01d"),
        ("fac54203", "e3c125"),
        ("aeb6bcfe", "29e06e77"),
        ("d37ee418", "209614b7"),
        ("4e3bbb1f", "a86264d4"),
        ("76e67dad", "7f2087ef"),
        ("ddb89be4", "94a74c8c"),
        ("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328", ""),
    ];

    #[test]
    fn roots_are_those_of_rfc_6962() {
        let mut range = CompactRange::default();
        assert_eq!(range.root(), empty_root());
        for (leaf, (begins, ends)) in LEAVES.iter().zip(ROOTS) {
            range.append(leaf_hash(leaf), |_, _, _| ());
            let root = hex::encode(&range.root());
            assert!(root.starts_with(begins) && root.ends_with(ends), "{}: {root}", range.size());
        }
    }

    #[test]
    fn an_edge_belongs_to_sizes_of_its_length_only() {
        assert_eq!(CompactRange::of(0, vec![]), Some(CompactRange::default()));
        assert!(CompactRange::of(5, vec![[1; 32], [2; 32]]).is_some());
        assert_eq!(CompactRange::of(5, vec![[1; 32]]), None);
        assert_eq!(CompactRange::of(4, vec![[1; 32], [2; 32]]), None);
        assert_eq!(CompactRange::places(13).collect::<Vec<_>>(), [(3, 0), (2, 2), (0, 12)]);
    }

    #[test]
    fn every_perfect_tree_is_told_once() {
        let (mut range, mut told) = (CompactRange::default(), Vec::new());
        for leaf in 0..8_u8 {
            range.append(leaf_hash(&[leaf]), |level, index, _| told.push((level, index)));
        }
        assert_eq!(told, [(1, 0), (1, 1), (2, 0), (1, 2), (1, 3), (2, 1), (3, 0)]);
    }
}
