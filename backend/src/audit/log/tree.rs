//! The tree as it is stored: leaves, and the roots of perfect trees in steps of eight levels.

use diesel::pg::PgConnection;
use lotline_common::merkle::proof::PerfectTrees;
use lotline_common::merkle::range::CompactRange;
use lotline_common::merkle::{Hash, node_hash};
use lotline_common::record::RecordTrouble;

use super::store;
use crate::error::{Error, Result};

/// Levels from one kept node to the next.
pub const STEP: u32 = 8;

/// The stored tree of the organisation that the connection is in.
pub struct StoredTree<'a>(pub &'a mut PgConnection);

impl StoredTree<'_> {
    /// The right edge of the tree of this size.
    pub fn range(&mut self, size: u64) -> Result<CompactRange> {
        let places = CompactRange::places(size).map(|(level, index)| self.root(level, index));
        let edge = places.collect::<Result<Vec<_>>>()?;
        CompactRange::of(size, edge).ok_or_else(|| RecordTrouble::LogAltered.into())
    }
}

impl PerfectTrees for StoredTree<'_> {
    type Error = Error;

    /// Computed from the kept hashes below; `log_altered` where one of them is gone.
    fn root(&mut self, level: u32, index: u64) -> Result<Hash> {
        let above = level % STEP;
        let number = |index: u64| i64::try_from(index << above).map_err(anyhow::Error::from);
        let span = (number(index)?, number(index + 1)?);
        let below = store::hashes(self.0, level - above, span)?;
        let below = below.iter().map(|hash| hash.as_slice().try_into()).collect::<Result<Vec<Hash>, _>>();
        let mut hashes = below.map_err(anyhow::Error::from)?;
        if hashes.len() != 1 << above {
            return Err(RecordTrouble::LogAltered.into());
        }
        for _ in 0..above {
            let (pairs, _) = hashes.as_chunks::<2>();
            hashes = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
        }
        hashes.first().copied().ok_or_else(|| RecordTrouble::LogAltered.into())
    }
}
