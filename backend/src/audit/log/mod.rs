//! The log of the record: gives every event its place in a Merkle tree of its organisation, signs the tree, and lays what
//! was signed down outside the database. Keeps: no event is skipped, and no head is signed that does not go on from every
//! head signed before.
//!
//! An event waits in `audit_unsealed` from the moment it is written. Whoever seals takes what is committed, in order of
//! writing, in the same transaction that appends it to the log: what is not committed yet comes later, and a failure
//! leaves everything waiting.

pub mod anchor;
pub mod export;
pub mod keeper;
pub mod keys;
pub mod proofs;
pub mod reviews;
mod seal;
pub mod status;
mod store;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use lotline_common::id::OrganisationId;
use lotline_common::merkle::range::CompactRange;
use lotline_common::record::RecordTrouble;

use self::anchor::Anchors;
use self::keys::KeyFolder;

/// How the record is kept.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// Name of this installation, with which the names of its logs begin.
    pub host: String,
    /// Folder of the secret keys.
    pub key_dir: PathBuf,
    /// Folder in which signed heads are laid down; best on storage that only grows.
    pub anchor_dir: PathBuf,
    /// How often they are.
    pub anchor_interval: TimeDelta,
}

/// The log of every organisation, as this server keeps it.
pub struct RecordLog {
    host: String,
    keys: KeyFolder,
    anchors: Anchors,
    /// The heads that this server signed or found right. What the database says must go on from them.
    heads: Mutex<BTreeMap<OrganisationId, CompactRange>>,
    troubles: Mutex<BTreeMap<OrganisationId, RecordTrouble>>,
}

impl RecordLog {
    /// The logs kept as the settings say.
    #[must_use]
    pub fn new(settings: LogSettings) -> Self {
        Self {
            host: settings.host,
            keys: KeyFolder::new(settings.key_dir),
            anchors: Anchors::new(settings.anchor_dir, settings.anchor_interval),
            heads: Mutex::default(),
            troubles: Mutex::default(),
        }
    }

    fn heads(&self) -> MutexGuard<'_, BTreeMap<OrganisationId, CompactRange>> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn troubles(&self) -> MutexGuard<'_, BTreeMap<OrganisationId, RecordTrouble>> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What keeps this server from sealing, over all organisations.
    #[must_use]
    pub fn all_troubles(&self) -> BTreeSet<RecordTrouble> {
        self.troubles().values().copied().collect()
    }
}

/// A trouble leaves a transaction as an error, which rolls it back.
impl From<RecordTrouble> for crate::error::Error {
    fn from(trouble: RecordTrouble) -> Self {
        Self::Internal(trouble.into())
    }
}

/// The trouble behind an error, if it is one.
fn trouble_of(error: &crate::error::Error) -> Option<RecordTrouble> {
    match error {
        crate::error::Error::Internal(cause) => cause.downcast_ref::<RecordTrouble>().copied(),
        _ => None,
    }
}
