//! Sealing: what waits is appended to the log, and its new head is signed.

use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use lotline_common::id::OrganisationId;
use lotline_common::merkle::checkpoint::Checkpoint;
use lotline_common::merkle::leaf_hash;
use lotline_common::merkle::proof::{Tree, consistency, root, verify_consistency};
use lotline_common::merkle::range::CompactRange;
use lotline_common::record::RecordTrouble;

use super::keys::LogKey;
use super::store::{self, CheckpointRow, Node, UnsealedRow};
use super::tree::{STEP, Trees, computed};
use super::{RecordLog, trouble_of};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::system::metrics;

/// Events sealed at once at most.
const BATCH: i64 = 5_000;

/// What one transaction sealed.
struct Sealed {
    range: CompactRange,
    written_at: Vec<DateTime<Utc>>,
}

impl RecordLog {
    /// Seals whatever waits, of all organisations; true when there was something. What goes wrong with one organisation
    /// is noted and keeps no other waiting. As long as the clock is off, everything waits.
    ///
    /// # Errors
    /// When the database cannot say what waits.
    pub fn seal_all(&self, db: &Db) -> Result<bool> {
        if !self.watch.may_date() {
            metrics::set_troubles(self.all_troubles().len());
            return Ok(false);
        }
        let waiting = db.global(|connection, _| Ok(store::waiting(connection)?))?;
        for org in &waiting {
            match self.seal(db, *org) {
                Ok(()) => drop(self.troubles().remove(org)),
                Err(error) => self.note_trouble(*org, &error),
            }
        }
        metrics::set_troubles(self.all_troubles().len());
        Ok(!waiting.is_empty())
    }

    fn note_trouble(&self, org: OrganisationId, error: &Error) {
        let Some(trouble) = trouble_of(error) else {
            tracing::warn!(%org, %error, "the record was not sealed; it is tried again");
            return;
        };
        if self.troubles().insert(org, trouble) != Some(trouble) {
            tracing::error!(%org, %trouble, "the record is not sealed any more");
        }
    }

    fn seal(&self, db: &Db, org: OrganisationId) -> Result<()> {
        let sealed = db.global(|connection, now| {
            store::enter(connection, org)?;
            if store::lead(connection)? { self.seal_next(connection, org, now) } else { Ok(None) }
        })?;
        // Only what is committed was signed.
        if let Some(sealed) = sealed {
            let now = db.now();
            metrics::observe_sealing(sealed.written_at.iter().map(|at| now - at));
            self.heads().insert(org, sealed.range);
        }
        Ok(())
    }

    fn seal_next(
        &self,
        connection: &mut PgConnection,
        org: OrganisationId,
        now: DateTime<Utc>,
    ) -> Result<Option<Sealed>> {
        let keys = self.keys_of(connection, org, now)?;
        let newest = store::newest_checkpoint(connection)?;
        let mut range = self.head(connection, (org, &keys), newest.as_ref())?;
        let signed_at = self.date(newest.as_ref(), now)?;
        let before = Tree { size: range.size(), root: range.root() };
        let rows = store::take_unsealed(connection, BATCH)?;
        if rows.is_empty() {
            return Ok(None);
        }
        append(connection, &mut range, &rows)?;
        let tree = Tree { size: range.size(), root: range.root() };
        let stored = |trees: &mut Trees| Ok((consistency(trees, before.size, tree.size)?, root(trees, tree.size)?));
        let (proof, stored) = computed(connection, stored)?;
        if stored != tree.root || !verify_consistency(&before, &tree, &proof) {
            return Err(RecordTrouble::LogAltered.into());
        }
        let key = keys.iter().rev().find(|key| key.signs_after(before.size)).ok_or(RecordTrouble::KeyMissing)?;
        let note = key.signer.sign(&Checkpoint { origin: key.signer.key().name().to_owned(), tree }.text());
        store::insert_checkpoint(connection, (number(tree.size)?, &tree.root), (&note, key.number), signed_at)?;
        Ok(Some(Sealed { range, written_at: rows.iter().filter_map(|row| row.at).collect() }))
    }

    /// The time of the next head: now, but never before that of the newest. A clock that is far behind that is off.
    fn date(&self, newest: Option<&CheckpointRow>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let last = newest.map_or(now, |newest| newest.signed_at);
        if last - now > self.watch.limit() {
            return Err(RecordTrouble::ClockOff.into());
        }
        Ok(now.max(last))
    }

    /// The organisation's keys, oldest first; the first is made when there is none.
    fn keys_of(&self, connection: &mut PgConnection, org: OrganisationId, now: DateTime<Utc>) -> Result<Vec<LogKey>> {
        let mut rows = store::keys(connection)?;
        if rows.is_empty() {
            let origin = format!("{}/{}/audit", self.host, store::organisation_code(connection)?);
            let first = self.keys.make((org, 1), &origin)?.key().to_string();
            store::insert_key(connection, (1, &first), now)?;
            rows = store::keys(connection)?;
        }
        rows.iter().map(|row| self.keys.read(org, row)).collect()
    }

    /// The head of the log as it is stored. It must be the one that was signed, and go on from the one that this server
    /// signed last, or, after a start, from the last that it laid down outside.
    fn head(
        &self,
        connection: &mut PgConnection,
        (org, keys): (OrganisationId, &[LogKey]),
        stored: Option<&CheckpointRow>,
    ) -> Result<CompactRange> {
        let known = self.heads().get(&org).cloned();
        let tree = stored.and_then(CheckpointRow::tree);
        if let (Some(known), Some(tree)) = (&known, tree)
            && known.size() == tree.size
            && known.root() == tree.root
        {
            return Ok(known.clone());
        }
        let range = match (stored, tree) {
            (None, _) if store::leaf_count(connection)? == 0 => CompactRange::default(),
            (Some(row), Some(tree)) if is_signed(row, &tree, keys) => {
                let range = computed(connection, |trees| trees.range(tree.size))?;
                let is_whole = range.root() == tree.root && store::leaf_count(connection)? == row.size;
                is_whole.then_some(range).ok_or(RecordTrouble::LogAltered)?
            }
            _ => return Err(RecordTrouble::LogAltered.into()),
        };
        let known = known.map(|range| Tree { size: range.size(), root: range.root() });
        if let Some(known) = known.or_else(|| self.anchors.folder.last(org))
            && (known.size > range.size() || computed(connection, |trees| root(trees, known.size))? != known.root)
        {
            return Err(RecordTrouble::LogRewound.into());
        }
        Ok(range)
    }
}

/// Whether one of our keys signed this very head.
fn is_signed(row: &CheckpointRow, tree: &Tree, keys: &[LogKey]) -> bool {
    let Some((checkpoint, note)) = Checkpoint::of_note(&row.note) else { return false };
    checkpoint.tree == *tree && keys.iter().any(|key| note.is_signed_by(&key.signer.key()))
}

fn number(index: u64) -> Result<i64> {
    Ok(i64::try_from(index).map_err(anyhow::Error::from)?)
}

/// Appends events to the stored tree. Each is hashed anew: what was altered while it waited does not come into the log.
fn append(connection: &mut PgConnection, range: &mut CompactRange, rows: &[UnsealedRow]) -> Result<()> {
    let first = number(range.size())?;
    let (mut leaves, mut nodes) = (Vec::with_capacity(rows.len()), Vec::<Node>::new());
    for row in rows {
        let bytes = row.canonical_bytes.as_ref().ok_or(RecordTrouble::EventMissing)?;
        let leaf = leaf_hash(bytes);
        if row.leaf_hash.as_deref() != Some(&leaf) {
            return Err(RecordTrouble::EventAltered.into());
        }
        range.append(leaf, |level, index, hash| {
            if level % STEP == 0
                && let (Ok(level), Ok(index)) = (i16::try_from(level), i64::try_from(index))
            {
                nodes.push((level, index, *hash));
            }
        });
        leaves.push((row.event_id, leaf));
    }
    store::insert_leaves(connection, first, &leaves)?;
    store::insert_nodes(connection, &nodes)?;
    Ok(())
}
