//! Secret keys of the logs: files that only the server's user can read, outside the database.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::OrganisationId;
use lotline_common::merkle::note::{NoteKey, NoteSigner};
use lotline_common::record::RecordTrouble;
use serde_json::json;

use super::store::{self, KeyRow};
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::error::Result;
use crate::infra::secret;

/// The folder of the keys.
#[derive(Debug, Clone)]
pub struct KeyFolder(PathBuf);

/// A key of a log.
pub(super) struct LogKey {
    /// First, second … key.
    pub number: i32,
    /// Signs.
    pub signer: NoteSigner,
    /// Index of the event that made it the log's. The first has none; one that waits to be sealed has none yet.
    pub since: Option<u64>,
}

impl LogKey {
    /// Whether it signs what comes after a log of this size.
    pub fn signs_after(&self, size: u64) -> bool {
        self.number == 1 || self.since.is_some_and(|since| since < size)
    }
}

impl KeyFolder {
    /// A folder, which is made when the first key is.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn file(&self, org: OrganisationId, number: i32) -> PathBuf {
        self.0.join(format!("{org}.{number}.key"))
    }

    /// Organisations whose log this server can sign.
    pub(super) fn organisations(&self) -> Vec<OrganisationId> {
        let files = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        names.filter_map(|name| name.strip_suffix(".1.key")?.parse().ok()).collect()
    }

    /// Makes the key of a number, or reads it where it is there already.
    ///
    /// # Errors
    /// When the file cannot be written or read.
    pub fn make(&self, (org, number): (OrganisationId, i32), name: &str) -> anyhow::Result<NoteSigner> {
        std::fs::create_dir_all(&self.0).with_context(|| format!("the folder of keys {}", self.0.display()))?;
        signer(name, &secret::read_or_make(&self.file(org, number))?)
    }

    /// The secret key of a row.
    pub(super) fn read(&self, org: OrganisationId, row: &KeyRow) -> Result<LogKey> {
        let file = self.file(org, row.number);
        if !file.is_file() {
            return Err(RecordTrouble::KeyMissing.into());
        }
        let known = NoteKey::parse(&row.verifier_key).ok_or(RecordTrouble::KeyUnfit)?;
        if !only_ours(&file) {
            return Err(RecordTrouble::KeyUnfit.into());
        }
        let signer = signer(known.name(), &secret::read_or_make(&file)?)?;
        if signer.key() != known {
            return Err(RecordTrouble::KeyUnfit.into());
        }
        Ok(LogKey { number: row.number, signer, since: row.since.and_then(|index| u64::try_from(index).ok()) })
    }
}

fn signer(name: &str, secret: &[u8]) -> anyhow::Result<NoteSigner> {
    let secret = secret.first_chunk::<32>().context("a key of less than 32 bytes")?;
    Ok(NoteSigner::new(name, secret))
}

/// Whether nobody but the server's user can read a file.
#[cfg(unix)]
fn only_ours(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn only_ours(_: &Path) -> bool {
    true
}

/// Replaces the key of the asker's organisation. The event that says so is signed with the old key; what comes after it,
/// with the new one.
///
/// # Errors
/// Those of the database and of the folder; `log_missing` as an internal error before the log's first event is sealed.
pub fn rotate(tx: &mut Tx, folder: &KeyFolder, reason: &str) -> Result<String> {
    let rows = store::keys(tx.conn)?;
    let newest =
        rows.last().context("nothing of this organisation is sealed yet: its first key is still to be made")?;
    let old = folder.read(tx.ctx.org, newest)?;
    let number = newest.number + 1;
    let new = folder.make((tx.ctx.org, number), old.signer.key().name())?.key().to_string();
    let details = json!({ "number": number, "old_key": newest.verifier_key, "new_key": new });
    let event = Event::new(AggregateKind::Organisation, tx.ctx.org, AuditAction::KeyRotated).reason(reason);
    audit::append(tx, event.details(details))?;
    let now = tx.now;
    store::insert_key(tx.conn, (number, &new), now)?;
    Ok(new)
}
