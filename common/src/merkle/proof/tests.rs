//! Every pair of sizes up to 64, large trees at random, and proofs that are wrong in every way that a proof can be.

use std::convert::Infallible;

use proptest::prelude::*;

use super::super::leaf_hash;
use super::super::range::CompactRange;
use super::*;

/// A tree that is computed anew, straight from the definition in RFC 6962.
fn by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(half);
            node_hash(&by_definition(left), &by_definition(right))
        }
    }
}

/// Roots of perfect trees, level by level.
struct Levels(Vec<Vec<Hash>>);

impl Levels {
    fn of(leaves: &[Hash]) -> Self {
        let mut levels = vec![leaves.to_vec()];
        while let Some(below) = levels.last().filter(|below| below.len() > 1) {
            let above = below.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
            levels.push(above);
        }
        Self(levels)
    }
}

impl PerfectTrees for Levels {
    type Error = Infallible;

    fn root(&mut self, level: u32, index: u64) -> Result<Hash, Infallible> {
        let (level, index) = (usize::try_from(level).unwrap(), usize::try_from(index).unwrap());
        Ok(self.0[level][index])
    }
}

fn leaves(many: u64) -> Vec<Hash> {
    (0..many).map(|leaf| leaf_hash(&leaf.to_be_bytes())).collect()
}

fn tree(source: &mut Levels, size: u64) -> Tree {
    let Ok(root) = root(source, size);
    Tree { size, root }
}

fn len(hashes: &[Hash]) -> u64 {
    u64::try_from(hashes.len()).unwrap()
}

#[test]
fn every_leaf_of_every_tree_up_to_64_is_proved_to_be_where_it_is_and_nowhere_else() {
    let leaves = leaves(64);
    let mut source = Levels::of(&leaves);
    for size in 0..=64 {
        let tree = tree(&mut source, size);
        assert_eq!(tree.root, by_definition(&leaves[..usize::try_from(size).unwrap()]), "{size}");
        for (index, leaf) in (0..size).zip(&leaves) {
            let Ok(proof) = inclusion(&mut source, index, size);
            assert!(verify_inclusion(leaf, index, &proof, &tree), "{index} of {size}");
            assert!((0..=64).all(|other| other == index || !verify_inclusion(leaf, other, &proof, &tree)));
            for wrong in spoiled(&proof, &tree.root) {
                assert!(!verify_inclusion(leaf, index, &wrong, &tree), "{index} of {size}: {wrong:?}");
            }
            for other in (0..=65).filter(|other| *other != size) {
                let other = Tree { size: other, ..tree };
                // A leaf stands on the same way up in trees of several sizes; the root tells them apart.
                let Ok(root) = root(&mut source, other.size.min(64));
                assert!(other.size > 64 || !verify_inclusion(leaf, index, &proof, &Tree { root, ..other }));
            }
            assert!(!verify_inclusion(leaf, index, &proof, &Tree { root: [7; 32], ..tree }));
            assert!(!verify_inclusion(&[7; 32], index, &proof, &tree));
        }
    }
}

#[test]
fn every_pair_of_trees_up_to_64_is_proved_consistent_and_no_other_pair() {
    let mut source = Levels::of(&leaves(64));
    for second in 0..=64 {
        for first in 0..=second {
            let (old, new) = (tree(&mut source, first), tree(&mut source, second));
            let Ok(proof) = consistency(&mut source, first, second);
            assert!(verify_consistency(&old, &new, &proof), "{first} to {second}");
            for wrong in spoiled(&proof, &new.root) {
                assert!(!verify_consistency(&old, &new, &wrong), "{first} to {second}: {wrong:?}");
            }
            assert!(!verify_consistency(&Tree { root: [7; 32], ..old }, &new, &proof));
            let any_grows_out_of_nothing = first == 0 && second > 0;
            let other = Tree { root: [7; 32], ..new };
            assert_eq!(verify_consistency(&old, &other, &proof), any_grows_out_of_nothing);
            if first != second {
                assert!(!verify_consistency(&new, &old, &proof), "a log does not shrink");
            }
            for other in (0..=64).filter(|other| *other != first) {
                let other = Tree { size: other, ..old };
                assert!(!verify_consistency(&other, &new, &proof), "{first} as {} to {second}", other.size);
            }
        }
    }
}

/// Proofs that differ from a right one: shorter, longer, in another order, of other hashes.
fn spoiled(proof: &[Hash], root: &Hash) -> Vec<Vec<Hash>> {
    let mut spoiled = Vec::new();
    for extra in [[0; 32], *root] {
        spoiled.push([proof, &[extra]].concat());
        spoiled.push([&[extra], proof].concat());
    }
    if let [first, .., last] = proof {
        spoiled.push(proof[1..].to_vec());
        spoiled.push(proof[..proof.len() - 1].to_vec());
        spoiled.push(vec![]);
        if first != last {
            let mut reversed = proof.to_vec();
            reversed.reverse();
            spoiled.push(reversed);
        }
    } else if !proof.is_empty() {
        spoiled.push(vec![]);
    }
    for at in 0..proof.len() {
        let mut flipped = proof.to_vec();
        flipped[at][31] ^= 1;
        spoiled.push(flipped);
        let mut doubled = proof.to_vec();
        doubled.insert(at, proof[at]);
        spoiled.push(doubled);
    }
    spoiled
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn large_trees_are_proved_as_well(size in 1_u64..6_000, index in any::<u64>(), first in any::<u64>()) {
        let leaves = leaves(size);
        let (index, first) = (index % size, first % (size + 1));
        let mut source = Levels::of(&leaves);
        let whole = tree(&mut source, size);
        let Ok(way) = inclusion(&mut source, index, size);
        prop_assert!(verify_inclusion(&leaves[usize::try_from(index).unwrap()], index, &way, &whole));
        prop_assert!(len(&way) <= u64::from(u64::BITS - size.leading_zeros()));
        let begun = tree(&mut source, first);
        let Ok(grown) = consistency(&mut source, first, size);
        prop_assert!(verify_consistency(&begun, &whole, &grown));
        for wrong in spoiled(&grown, &whole.root) {
            prop_assert!(!verify_consistency(&begun, &whole, &wrong));
        }
    }

    #[test]
    fn a_growing_edge_has_the_root_and_the_trees_of_the_definition(size in 0_u64..700) {
        let leaves = leaves(size);
        let (mut range, mut told) = (CompactRange::default(), Vec::new());
        for leaf in &leaves {
            range.append(*leaf, |level, index, hash| told.push((level, index, *hash)));
        }
        prop_assert_eq!(range.root(), by_definition(&leaves));
        let mut source = Levels::of(&leaves);
        for (level, index, hash) in told {
            let Ok(kept) = source.root(level, index);
            prop_assert_eq!(kept, hash);
        }
        for ((level, index), hash) in CompactRange::places(size).zip(range.edge()) {
            let Ok(kept) = source.root(level, index);
            prop_assert_eq!(&kept, hash);
        }
    }

    #[test]
    fn no_proof_of_rubbish_passes(
        proof in proptest::collection::vec(any::<Hash>(), 0..70),
        sizes in any::<(u64, u64)>(),
        index in any::<u64>(),
    ) {
        let (first, second) = (Tree { size: sizes.0, root: [1; 32] }, Tree { size: sizes.1, root: [2; 32] });
        prop_assert!(!verify_consistency(&first, &second, &proof));
        prop_assert!(!verify_inclusion(&[3; 32], index, &proof, &second));
    }
}
