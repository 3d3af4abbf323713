//! The folder: one file for each organisation and day, to which signed heads are appended, and one for each answer of a
//! time-stamping authority. On storage that only grows (append-only attribute, WORM share) nobody can take one back.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use lotline_common::id::OrganisationId;
use lotline_common::merkle::checkpoint::{Checkpoint, split_notes};
use lotline_common::merkle::proof::Tree;

use crate::audit::log::store::CheckpointRow;

/// What the names of the files of heads end with.
const ENDING: &str = ".checkpoints";

/// Where heads are laid down.
pub struct Folder(PathBuf);

impl Folder {
    /// A folder, which is made when the first head is laid down.
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn of(&self, org: OrganisationId) -> PathBuf {
        self.0.join(org.to_string())
    }

    /// The last head of an organisation that was laid down.
    pub fn last(&self, org: OrganisationId) -> Option<Tree> {
        let files = std::fs::read_dir(self.of(org)).ok()?.flatten().map(|file| file.path());
        let mut files: Vec<_> = files.filter(|file| file.to_string_lossy().ends_with(ENDING)).collect();
        files.sort();
        files.iter().rev().find_map(|file| {
            let text = std::fs::read_to_string(file).ok()?;
            split_notes(&text).filter_map(Checkpoint::of_note).last().map(|(checkpoint, _)| checkpoint.tree)
        })
    }

    /// Appends a head, and says in which file.
    pub fn lay_down(&self, org: OrganisationId, head: &CheckpointRow, now: DateTime<Utc>) -> anyhow::Result<String> {
        let folder = self.of(org);
        let name = format!("{}{ENDING}", now.format("%Y-%m-%d"));
        append(&folder, &name, &head.note).with_context(|| format!("anchoring in {}", folder.display()))?;
        Ok(format!("{org}/{name}"))
    }

    /// Lays an authority's answer down beside the text that it is over, each in a file of its own. What is there already
    /// stays.
    pub fn keep_token(&self, org: OrganisationId, head: &CheckpointRow, answer: &[u8]) -> anyhow::Result<()> {
        let folder = self.of(org);
        let keep = |name: &str, content: &[u8]| {
            make(&folder, name, content).with_context(|| format!("keeping {name} in {}", folder.display()))
        };
        keep(&format!("{}.checkpoint", head.size), head.note.as_bytes())?;
        keep(&format!("{}.tsr", head.size), answer)
    }
}

fn append(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = OpenOptions::new().append(true).create(true).open(folder.join(name))?;
    finish(folder, file, text.as_bytes())
}

fn make(folder: &Path, name: &str, content: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    match File::create_new(folder.join(name)) {
        Ok(file) => finish(folder, file, content),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn finish(folder: &Path, mut file: File, content: &[u8]) -> std::io::Result<()> {
    file.write_all(content)?;
    file.sync_all()?;
    File::open(folder)?.sync_all()
}
