//! Anchors: what was signed is laid down where the database's owner cannot rewrite it.
//!
//! The folder takes one file for each organisation and day, to which signed heads are appended. On storage that only grows
//! (append-only attribute, WORM share) nobody can take one back.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::id::OrganisationId;
use lotline_common::merkle::checkpoint::{Checkpoint, split_notes};
use lotline_common::merkle::proof::Tree;

use super::RecordLog;
use super::store::{self, CheckpointRow};
use crate::db::Db;
use crate::error::Result;

/// The folder as a place of anchors.
pub const FOLDER: &str = "folder";
/// What the names of the files end with.
const ENDING: &str = ".checkpoints";

/// Where and how often heads are laid down.
pub(super) struct Anchors {
    folder: PathBuf,
    /// How often.
    pub interval: TimeDelta,
    last_run: Mutex<Option<DateTime<Utc>>>,
}

impl Anchors {
    pub const fn new(folder: PathBuf, interval: TimeDelta) -> Self {
        Self { folder, interval, last_run: Mutex::new(None) }
    }

    fn folder_of(&self, org: OrganisationId) -> PathBuf {
        self.folder.join(org.to_string())
    }

    /// Whether it is time again; from then on it counts as done.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let mut last = self.last_run.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let due = last.is_none_or(|last| now >= last + self.interval);
        if due {
            *last = Some(now);
        }
        due
    }

    /// The last head of an organisation that was laid down in the folder.
    pub fn last(&self, org: OrganisationId) -> Option<Tree> {
        let files = std::fs::read_dir(self.folder_of(org)).ok()?.flatten().map(|file| file.path());
        let mut files: Vec<_> = files.filter(|file| file.to_string_lossy().ends_with(ENDING)).collect();
        files.sort();
        files.iter().rev().find_map(|file| {
            let text = std::fs::read_to_string(file).ok()?;
            split_notes(&text).filter_map(Checkpoint::of_note).last().map(|(checkpoint, _)| checkpoint.tree)
        })
    }

    /// Appends a head, and says in which file.
    fn lay_down(&self, org: OrganisationId, head: &CheckpointRow, now: DateTime<Utc>) -> anyhow::Result<String> {
        let folder = self.folder_of(org);
        let name = format!("{}{ENDING}", now.format("%Y-%m-%d"));
        append(&folder, &name, &head.note).with_context(|| format!("anchoring in {}", folder.display()))?;
        Ok(format!("{org}/{name}"))
    }
}

fn append(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new().append(true).create(true).open(folder.join(name))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()
}

impl RecordLog {
    /// Lays down the heads that are not yet, when it is time.
    ///
    /// # Errors
    /// Those of the database and of the folder; what was not laid down is tried again.
    pub fn anchor_when_due(&self, db: &Db) -> Result<()> {
        if self.anchors.is_due(db.now()) { self.anchor_all(db) } else { Ok(()) }
    }

    /// Lays down the heads that are not yet.
    ///
    /// # Errors
    /// As [`RecordLog::anchor_when_due`].
    pub fn anchor_all(&self, db: &Db) -> Result<()> {
        let outcomes = self.keys.organisations().into_iter().map(|org| self.anchor(db, org));
        // One that fails keeps no other waiting; the first failure is told.
        outcomes.fold(Ok(()), Result::and)
    }

    fn anchor(&self, db: &Db, org: OrganisationId) -> Result<()> {
        db.global(|connection, now| {
            store::enter(connection, org)?;
            let Some(head) = store::newest_checkpoint(connection)? else { return Ok(()) };
            let laid_down = self.anchors.last(org).and_then(|tree| i64::try_from(tree.size).ok());
            let evidence = match laid_down {
                // A head that goes back is not laid down over a later one.
                Some(size) if size > head.size => return Ok(()),
                // It is there; perhaps it was not noted.
                Some(size) if size == head.size => org.to_string(),
                _ => self.anchors.lay_down(org, &head, now)?,
            };
            Ok(store::insert_anchor(connection, (FOLDER, head.size), &evidence, now)?)
        })
    }
}
