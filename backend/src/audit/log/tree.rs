//! The tree as it is stored: leaves, and the roots of perfect trees in steps of eight levels.

use std::collections::{BTreeMap, BTreeSet};

use diesel::pg::PgConnection;
use lotline_common::merkle::proof::PerfectTrees;
use lotline_common::merkle::range::CompactRange;
use lotline_common::merkle::{Hash, node_hash};
use lotline_common::record::RecordTrouble;

use super::store;
use crate::error::{Error, Result};

/// Levels from one kept node to the next.
pub const STEP: u32 = 8;

/// Level and index of a perfect tree.
type Place = (u32, u64);

/// Perfect trees of the stored tree, as a computation asks for them.
#[derive(Default)]
pub struct Trees {
    known: BTreeMap<Place, Hash>,
    asked: BTreeSet<Place>,
}

impl PerfectTrees for Trees {
    type Error = Error;

    /// One that is not known yet is noted.
    fn root(&mut self, level: u32, index: u64) -> Result<Hash> {
        let place = (level, index);
        let known = self.known.get(&place).copied();
        if known.is_none() {
            self.asked.insert(place);
        }
        Ok(known.unwrap_or_default())
    }
}

impl Trees {
    /// The right edge of the tree of this size.
    ///
    /// # Errors
    /// `log_altered`.
    pub fn range(&mut self, size: u64) -> Result<CompactRange> {
        let places = CompactRange::places(size).map(|(level, index)| self.root(level, index));
        let edge = places.collect::<Result<Vec<_>>>()?;
        CompactRange::of(size, edge).ok_or_else(|| RecordTrouble::LogAltered.into())
    }

    /// Reads all that was asked for with one statement, from the kept hashes below.
    fn read(&mut self, connection: &mut PgConnection) -> Result<()> {
        let places: Vec<Place> = std::mem::take(&mut self.asked).into_iter().collect();
        let spans = places.iter().map(|place| span(*place)).collect::<Result<Vec<_>>>()?;
        let mut hashes = store::hashes(connection, &spans)?;
        for (place, (level, index)) in (1_i64..).zip(places) {
            let below = hashes.remove(&place).unwrap_or_default();
            self.known.insert((level, index), fold(below, level % STEP)?);
        }
        Ok(())
    }
}

/// The kept hashes below a perfect tree: their level, the first of them, and the first behind them.
fn span((level, index): Place) -> Result<(i16, i64, i64)> {
    let above = level % STEP;
    let number = |index: u64| i64::try_from(index << above).map_err(anyhow::Error::from);
    Ok((i16::try_from(level - above).map_err(anyhow::Error::from)?, number(index)?, number(index + 1)?))
}

/// The root so many levels above hashes; `log_altered` where one of them is gone.
fn fold(mut hashes: Vec<Hash>, above: u32) -> Result<Hash> {
    if hashes.len() != 1 << above {
        return Err(RecordTrouble::LogAltered.into());
    }
    for _ in 0..above {
        let (pairs, _) = hashes.as_chunks::<2>();
        hashes = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    hashes.first().copied().ok_or_else(|| RecordTrouble::LogAltered.into())
}

/// Computes over the stored tree of the organisation that the connection is in. Which perfect trees that takes depends on
/// sizes alone: computing once without them tells, and then they are read at once.
///
/// # Errors
/// `log_altered` where a kept hash is gone.
pub fn computed<T>(connection: &mut PgConnection, compute: impl Fn(&mut Trees) -> Result<T>) -> Result<T> {
    let mut trees = Trees::default();
    let found = compute(&mut trees)?;
    if trees.asked.is_empty() {
        return Ok(found);
    }
    trees.read(connection)?;
    compute(&mut trees)
}
