//! The log of the record: gives every event its place in a Merkle tree of its organisation, signs the tree, and lays what
//! was signed down outside the database. Keeps: no event is skipped, and no head is signed that does not go on from every
//! head signed before.
//!
//! An event waits in `audit_unsealed` from the moment it is written. Whoever seals takes what is committed, in order of
//! writing, in the same transaction that appends it to the log: what is not committed yet comes later, and a failure
//! leaves everything waiting.

pub mod anchor;
pub mod clock;
mod evidence;
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

use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::id::OrganisationId;
use lotline_common::merkle::range::CompactRange;
use lotline_common::record::RecordTrouble;

use self::anchor::folder::Folder;
use self::anchor::timestamp::{Authority, AuthoritySettings};
use self::anchor::witness::{Witness, WitnessSettings};
use self::anchor::{Anchors, Place};
use self::clock::{ClockSettings, Watch};
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
    /// How often they are, and how often the places below are asked to vouch for them.
    pub anchor_interval: TimeDelta,
    /// A time-stamping authority.
    pub authority: Option<AuthoritySettings>,
    /// Witnesses.
    pub witnesses: Vec<WitnessSettings>,
    /// What the clock is compared with.
    pub clock: ClockSettings,
}

impl LogSettings {
    fn places(&self) -> Vec<Box<dyn Place>> {
        let mut places: Vec<Box<dyn Place>> = Vec::new();
        if let Some(authority) = &self.authority {
            places.push(Box::new(Authority::new(authority.clone())));
        }
        for witness in &self.witnesses {
            places.push(Box::new(Witness::new(witness.clone())));
        }
        places
    }
}

/// The log of every organisation, as this server keeps it.
pub struct RecordLog {
    host: String,
    keys: KeyFolder,
    anchors: Anchors,
    watch: Watch,
    /// The heads that this server signed or found right. What the database says must go on from them.
    heads: Mutex<BTreeMap<OrganisationId, CompactRange>>,
    troubles: Mutex<BTreeMap<OrganisationId, RecordTrouble>>,
}

impl RecordLog {
    /// The logs kept as the settings say.
    #[must_use]
    pub fn new(settings: LogSettings) -> Self {
        let places = settings.places();
        Self {
            host: settings.host,
            keys: KeyFolder::new(settings.key_dir),
            anchors: Anchors::new(Folder::new(settings.anchor_dir), places, settings.anchor_interval),
            watch: Watch::new(settings.clock),
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
        let clock = self.watch.is_off().then_some(RecordTrouble::ClockOff);
        self.troubles().values().copied().chain(clock).collect()
    }

    /// What is wrong with an organisation's record as far as this server knows.
    fn troubles_of(&self, org: OrganisationId, now: DateTime<Utc>) -> BTreeSet<RecordTrouble> {
        self.troubles().get(&org).copied().into_iter().chain(self.watch.trouble(now)).collect()
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
