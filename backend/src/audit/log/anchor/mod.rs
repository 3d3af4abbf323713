//! Anchors: what was signed is laid down where the database's owner cannot rewrite it. The folder takes every head; other
//! places are asked over the network to vouch for the newest one. None of them keeps another, or sealing, waiting for it.

pub mod folder;
pub mod timestamp;
pub mod token;
pub mod witness;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::id::OrganisationId;
use lotline_common::merkle::Hash;
use lotline_common::merkle::proof::consistency;
use lotline_common::record::{AnchorFailure, AnchorTrouble};

use self::folder::Folder;
use super::RecordLog;
use super::evidence;
use super::store::{self, CheckpointRow};
use super::tree::computed;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::system::metrics;

/// The folder as a place of anchors.
pub const FOLDER: &str = "folder";

/// A place beside the folder that vouches for signed heads.
pub(super) trait Place: Send + Sync {
    /// What it is called: `tsa`, `witness:…`.
    fn name(&self) -> &str;

    /// Asks it.
    fn vouch(&self, question: &Question) -> Result<Vouched, Failure>;
}

/// What a place is asked.
pub(super) struct Question<'a> {
    /// The head.
    pub head: &'a CheckpointRow,
    /// Size of the log when it vouched last, as far as we know; 0 when it never did.
    pub vouched: i64,
    /// Proves that the head's tree begins with that of a size.
    pub grown_from: &'a dyn Fn(u64) -> Result<Vec<Hash>>,
    /// Server time.
    pub now: DateTime<Utc>,
}

/// What a place gave.
pub(super) enum Vouched {
    /// An answer as in RFC 3161.
    Token(Vec<u8>),
    /// A line to stand under the head's note, with the name of the witness.
    Cosignature { witness: String, line: String },
}

/// Why a place gave nothing.
#[derive(Debug)]
pub(super) struct Failure {
    /// What kind of trouble.
    pub trouble: AnchorTrouble,
    /// In words for an operator.
    pub cause: anyhow::Error,
}

impl Failure {
    pub fn new(trouble: AnchorTrouble, cause: impl Into<anyhow::Error>) -> Self {
        Self { trouble, cause: cause.into() }
    }
}

/// A trouble that needs no further words.
impl From<AnchorTrouble> for Failure {
    fn from(trouble: AnchorTrouble) -> Self {
        Self::new(trouble, trouble)
    }
}

/// When something was done last that is done at intervals.
#[derive(Default)]
struct LastRun(Mutex<Option<DateTime<Utc>>>);

impl LastRun {
    /// Whether it is time again; from then on it counts as done.
    fn is_due(&self, interval: TimeDelta, now: DateTime<Utc>) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| now >= last + interval);
        if due {
            *last = Some(now);
        }
        due
    }
}

/// Where and how often heads are laid down.
pub(super) struct Anchors {
    /// The folder.
    pub folder: Folder,
    places: Vec<Box<dyn Place>>,
    /// How often.
    pub interval: TimeDelta,
    folder_run: LastRun,
    places_run: LastRun,
    failures: Mutex<BTreeMap<(OrganisationId, String), AnchorFailure>>,
}

impl Anchors {
    pub fn new(folder: Folder, places: Vec<Box<dyn Place>>, interval: TimeDelta) -> Self {
        Self {
            folder,
            places,
            interval,
            folder_run: LastRun::default(),
            places_run: LastRun::default(),
            failures: Mutex::default(),
        }
    }

    /// All places, the folder first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(FOLDER).chain(self.places.iter().map(|place| place.name()))
    }

    fn failures(&self) -> MutexGuard<'_, BTreeMap<(OrganisationId, String), AnchorFailure>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The places that did not take an organisation's newest head when they were asked last.
    pub fn failures_of(&self, org: OrganisationId) -> Vec<AnchorFailure> {
        let failures = self.failures();
        failures.iter().filter(|((of, _), _)| *of == org).map(|(_, failure)| failure.clone()).collect()
    }

    /// Notes how a place took a head.
    fn note(&self, (org, place): (OrganisationId, &str), trouble: Option<AnchorTrouble>, now: DateTime<Utc>) {
        let (mut failures, key) = (self.failures(), (org, place.to_owned()));
        match trouble {
            Some(trouble) => {
                let failure = AnchorFailure { place: place.to_owned(), trouble, tried_at: now };
                drop(failures.insert(key, failure));
            }
            None => drop(failures.remove(&key)),
        }
        metrics::set_anchor_failures(failures.len());
    }
}

impl RecordLog {
    /// Lays down the heads that are not yet in the folder, when it is time.
    ///
    /// # Errors
    /// Those of the database and of the folder; what was not laid down is tried again.
    pub fn anchor_when_due(&self, db: &Db) -> Result<()> {
        if self.anchors.folder_run.is_due(self.anchors.interval, db.now()) { self.anchor_all(db) } else { Ok(()) }
    }

    /// Lays down the heads that are not yet in the folder.
    ///
    /// # Errors
    /// As [`RecordLog::anchor_when_due`].
    pub fn anchor_all(&self, db: &Db) -> Result<()> {
        let outcomes = self.keys.organisations().into_iter().map(|org| {
            let outcome = self.anchor(db, org);
            let trouble = outcome.as_ref().err().map(|_| AnchorTrouble::Unreachable);
            self.anchors.note((org, FOLDER), trouble, db.now());
            outcome
        });
        // One that fails keeps no other waiting; the first failure is told.
        outcomes.fold(Ok(()), Result::and)
    }

    fn anchor(&self, db: &Db, org: OrganisationId) -> Result<()> {
        db.global(|connection, now| {
            store::enter(connection, org)?;
            let Some(head) = store::newest_checkpoint(connection)? else { return Ok(()) };
            let laid_down = self.anchors.folder.last(org).and_then(|tree| i64::try_from(tree.size).ok());
            let kept_in = match laid_down {
                // A head that goes back is not laid down over a later one.
                Some(size) if size > head.size => return Ok(()),
                // It is there; perhaps it was not noted.
                Some(size) if size == head.size => org.to_string(),
                _ => self.anchors.folder.lay_down(org, &head, now)?,
            };
            Ok(evidence::insert_anchor(connection, (FOLDER, head.size), &kept_in, now)?)
        })
    }

    /// Asks the other places to vouch for the newest heads, when it is time, as long as it goes on.
    pub fn ask_when_due(&self, db: &Db, goes_on: &dyn Fn() -> bool) {
        if self.anchors.places_run.is_due(self.anchors.interval, db.now()) {
            self.ask_all(db, goes_on);
        }
    }

    /// Asks the other places to vouch for the newest heads, as long as it goes on. What one of them does not do is noted,
    /// and tried again the next time.
    pub fn ask_all(&self, db: &Db, goes_on: &dyn Fn() -> bool) {
        for org in self.keys.organisations() {
            for place in self.anchors.places.iter().take_while(|_| goes_on()) {
                let outcome = self.ask(db, org, &**place);
                if let Err(failure) = &outcome {
                    let (place, trouble) = (place.name(), failure.trouble);
                    tracing::warn!(%org, place, %trouble, "the record was not anchored: {:#}", failure.cause);
                }
                self.anchors.note((org, place.name()), outcome.err().map(|failure| failure.trouble), db.now());
            }
        }
    }

    /// Asks one place, with no transaction open meanwhile.
    fn ask(&self, db: &Db, org: OrganisationId, place: &dyn Place) -> Result<(), Failure> {
        let newest = db.global(|connection, _| {
            store::enter(connection, org)?;
            Ok((store::newest_checkpoint(connection)?, evidence::anchored_size(connection, place.name())?))
        });
        let (head, vouched) = newest.map_err(internal)?;
        let Some(head) = head.filter(|head| head.size > vouched) else { return Ok(()) };
        let size = u64::try_from(head.size).map_err(|error| Failure::new(AnchorTrouble::HistoryDiffers, error))?;
        let grown_from = |old| {
            db.global(|connection, _| {
                store::enter(connection, org)?;
                computed(connection, |trees| consistency(trees, old, size))
            })
        };
        let given = place.vouch(&Question { head: &head, vouched, grown_from: &grown_from, now: db.now() })?;
        if let Vouched::Token(answer) = &given {
            let kept = self.anchors.folder.keep_token(org, &head, answer);
            kept.map_err(|error| Failure::new(AnchorTrouble::Unreachable, error))?;
        }
        let noted = db.global(|connection, now| {
            store::enter(connection, org)?;
            Ok(match &given {
                Vouched::Token(answer) => {
                    evidence::insert_anchor(connection, (place.name(), head.size), &STANDARD.encode(answer), now)
                }
                Vouched::Cosignature { witness, line } => {
                    evidence::insert_cosignature(connection, (witness, head.size), line, now)
                }
            }?)
        });
        noted.map_err(internal)
    }
}

/// A failure on our own side: the database does not answer.
pub(super) fn internal(error: Error) -> Failure {
    Failure::new(AnchorTrouble::Unreachable, anyhow::anyhow!("{error}"))
}
