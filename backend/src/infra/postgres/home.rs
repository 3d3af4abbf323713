//! Where the cluster lives.
//!
//! `<data directory>/postgres` holds `data` (the cluster), `log`, `run` (the socket), `lock` and
//! `start.log`. When the account that runs PostgreSQL cannot enter the data directory, the same
//! folder stands under `/var/lib/lotline`, and `<data directory>/postgres.location` names it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use super::account::Account;

/// How many lines of a log an error shows.
const LAST_LINES: usize = 10;
/// Where clusters stand that cannot stand in their data directory.
const SHARED_PARENT: &str = "/var/lib/lotline";
/// Name of the file in the data directory that says where its cluster is.
const LOCATION_FILE: &str = "postgres.location";
/// The shortest limit for a socket's path among the systems that PostgreSQL runs on (macOS, 104
/// with the closing zero; Linux has 108), less the name that PostgreSQL adds.
const SOCKET_DIRECTORY_LIMIT_BYTES: usize = 103 - "/".len() - SOCKET_NAME.len();
/// Names that PostgreSQL gives a socket and the lock beside it.
const SOCKET_NAME: &str = ".s.PGSQL.5432";
const SOCKET_LOCK_NAME: &str = ".s.PGSQL.5432.lock";

/// The folder of one cluster.
#[derive(Debug, Clone)]
pub struct Home {
    directory: PathBuf,
    account: Account,
}

/// Who holds a cluster.
pub enum Lock {
    /// This process, until the file is closed.
    Mine(File),
    /// Another process, whose id is known unless it is just starting.
    HeldBy(Option<u32>),
}

/// Finds the cluster's folder or makes it.
///
/// # Errors
/// When it cannot be made, or belongs to another user.
pub fn open(data_dir: &Path) -> anyhow::Result<Home> {
    let named = || format!("the data directory {}", data_dir.display());
    std::fs::create_dir_all(data_dir).with_context(named)?;
    let data_dir = data_dir.canonicalize().with_context(named)?;
    if let Some(directory) = existing_home(&data_dir)? {
        let account = Account::owner_of(&directory)?;
        anyhow::ensure!(
            account.can_enter(&directory),
            "the account that runs PostgreSQL can no longer enter {}; allow it to enter the directories above",
            directory.display()
        );
        account.make_private_directory(&directory)?;
        return Ok(Home { directory, account });
    }
    let account = Account::choose()?;
    let directory = if account.can_enter(&data_dir) { data_dir.join("postgres") } else { move_out(&data_dir)? };
    account.make_private_directory(&directory)?;
    Ok(Home { directory, account })
}

fn existing_home(data_dir: &Path) -> anyhow::Result<Option<PathBuf>> {
    let file = data_dir.join(LOCATION_FILE);
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            let directory = PathBuf::from(text.trim_end());
            anyhow::ensure!(directory.is_dir(), "{} names {}, which is not there", file.display(), directory.display());
            Ok(Some(directory))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(Some(data_dir.join("postgres")).filter(|directory| directory.is_dir()))
        }
        Err(error) => Err(error).with_context(|| file.display().to_string()),
    }
}

/// A folder outside the data directory. Its name is new each time: a data directory that was
/// deleted and made again must not find the old data.
fn move_out(data_dir: &Path) -> anyhow::Result<PathBuf> {
    let directory = Path::new(SHARED_PARENT).join(uuid::Uuid::now_v7().to_string());
    let named = || format!("the directory {}", directory.display());
    DirBuilder::new().recursive(true).mode(0o755).create(SHARED_PARENT).with_context(named)?;
    DirBuilder::new().mode(0o700).create(&directory).with_context(named)?;
    let text = directory.to_str().context("a path that is not UTF-8")?;
    std::fs::write(data_dir.join(LOCATION_FILE), format!("{text}\n")).with_context(|| LOCATION_FILE.to_owned())?;
    tracing::warn!(
        data_directory = %data_dir.display(),
        cluster = %directory.display(),
        "the account that runs PostgreSQL cannot enter the data directory, so the database stands elsewhere"
    );
    Ok(directory)
}

impl Home {
    /// The folder itself.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The account that it belongs to.
    pub const fn account(&self) -> Account {
        self.account
    }

    /// The cluster.
    pub fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// The cluster while it is being made.
    pub fn unfinished_data(&self) -> PathBuf {
        self.directory.join("data.unfinished")
    }

    /// What PostgreSQL prints before it writes its log.
    pub fn start_log(&self) -> PathBuf {
        self.directory.join("start.log")
    }

    /// PostgreSQL's log, one file a day of the week.
    pub fn log(&self) -> PathBuf {
        self.directory.join("log")
    }

    /// The end of what PostgreSQL last printed: to its start log, until that says where it goes on.
    pub fn last_words(&self) -> String {
        let started = end_of(&self.start_log());
        if !started.contains("log output") {
            return started;
        }
        let logs = std::fs::read_dir(self.log()).into_iter().flatten().flatten();
        let newest = logs.max_by_key(|entry| entry.metadata().and_then(|metadata| metadata.modified()).ok());
        newest.map(|entry| end_of(&entry.path())).unwrap_or(started)
    }

    /// The major version that made the cluster; none before it is made.
    ///
    /// # Errors
    /// When the cluster says nothing readable.
    pub fn major_version(&self) -> anyhow::Result<Option<u32>> {
        let file = self.data().join("PG_VERSION");
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Some(text.trim().parse().with_context(|| file.display().to_string())?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| file.display().to_string()),
        }
    }

    /// Takes the cluster for this process, unless another has it. A killed process loses it at once.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let path = self.directory.join("lock");
        let named = || format!("the lock {}", path.display());
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(&path).with_context(named)?;
        self.account.take_over(&path).with_context(named)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0).and_then(|()| file.rewind()).with_context(named)?;
                write!(file, "{}", std::process::id()).with_context(named)?;
                Ok(Lock::Mine(file))
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).with_context(named)?;
                Ok(Lock::HeldBy(holder.trim().parse().ok()))
            }
            Err(TryLockError::Error(error)) => Err(error).with_context(named),
        }
    }

    /// Makes the private directory of the socket: in the cluster's folder, or where paths are short.
    /// Nothing of an earlier process is left in it.
    ///
    /// # Errors
    /// When it cannot be made, or somebody else made it.
    pub fn make_socket_directory(&self) -> anyhow::Result<PathBuf> {
        let directory = socket_directory(&self.directory, short_parent(self.account));
        self.account.make_private_directory(&directory)?;
        for name in [SOCKET_NAME, SOCKET_LOCK_NAME] {
            let file = directory.join(name);
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error).with_context(|| file.display().to_string());
                }
                _ => {}
            }
        }
        Ok(directory)
    }
}

fn end_of(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().rev().take(LAST_LINES).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

fn short_parent(account: Account) -> PathBuf {
    let own = match account {
        Account::Current => std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from),
        Account::Other { .. } => None,
    };
    own.filter(|directory| directory.is_dir()).unwrap_or_else(|| PathBuf::from("/tmp"))
}

fn socket_directory(home: &Path, short_parent: PathBuf) -> PathBuf {
    let inside = home.join("run");
    let bytes = inside.as_os_str().as_encoded_bytes();
    // To PostgreSQL and its clients a comma separates several directories.
    if bytes.len() <= SOCKET_DIRECTORY_LIMIT_BYTES && !bytes.contains(&b',') && !bytes.contains(&b'"') {
        return inside;
    }
    let mut name = hex::encode(Sha256::digest(home.as_os_str().as_encoded_bytes()));
    name.truncate(16);
    short_parent.join(format!("lotline-{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_stands_in_the_cluster_unless_its_path_would_not_work() {
        let short = socket_directory(Path::new("/srv/lotline/data/postgres"), PathBuf::from("/tmp"));
        assert_eq!(short, Path::new("/srv/lotline/data/postgres/run"));
        let deep = PathBuf::from(format!("/srv/{}", "数据".repeat(20)));
        let long = socket_directory(&deep, PathBuf::from("/tmp"));
        assert!(long.starts_with("/tmp") && long.as_os_str().len() <= SOCKET_DIRECTORY_LIMIT_BYTES);
        assert!(socket_directory(Path::new("/srv/a,b"), PathBuf::from("/tmp")).starts_with("/tmp"));
        assert_ne!(long, socket_directory(&deep.join("other"), PathBuf::from("/tmp")));
    }
}
