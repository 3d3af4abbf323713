//! The system account that PostgreSQL runs as: it refuses to run as root.

use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

/// Accounts that PostgreSQL runs as when Lotline is root, by preference.
const ACCOUNT_NAMES: &[&str] = &["postgres", "_postgres", "nobody"];

/// Who runs the PostgreSQL programs and owns their files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// The account that Lotline runs as.
    Current,
    /// Lotline is root and steps down.
    Other { user_id: u32, group_id: u32 },
}

impl Account {
    /// The account for a new cluster.
    ///
    /// # Errors
    /// When Lotline is root and the system has no account to step down to.
    pub fn choose() -> anyhow::Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Current);
        }
        let known = ACCOUNT_NAMES
            .iter()
            .find_map(|name| Some(Self::Other { user_id: ask_id(&["-u", name])?, group_id: ask_id(&["-g", name])? }));
        known.context("PostgreSQL does not run as root, and there is no account `postgres` to run it; start Lotline as another user")
    }

    /// The account that owns an existing cluster.
    ///
    /// # Errors
    /// When it is not the current one and Lotline may not act as another.
    pub fn owner_of(directory: &Path) -> anyhow::Result<Self> {
        let metadata = std::fs::metadata(directory).with_context(|| directory.display().to_string())?;
        let current = rustix::process::geteuid();
        match metadata.uid() {
            0 if current.is_root() => Self::choose(),
            owner if owner == current.as_raw() => Ok(Self::Current),
            user_id if current.is_root() => Ok(Self::Other { user_id, group_id: metadata.gid() }),
            user_id => anyhow::bail!(
                "{} belongs to user {user_id}; start Lotline as that user, or choose another data directory",
                directory.display()
            ),
        }
    }

    /// A command that runs as this account, away from our terminal and its own folder.
    pub fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null());
        for name in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGSERVICE", "LANG", "LANGUAGE"]
        {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C");
        if let Self::Other { user_id, group_id } = self {
            command.uid(user_id).gid(group_id);
        }
        command
    }

    /// Whether this account may enter a directory: asked from the system, for it alone knows all the rules.
    pub fn can_enter(self, directory: &Path) -> bool {
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", "cd -- \"$1\"", "sh"]).arg(directory).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// Makes a directory that only this account can enter, or checks that it is one: another user
    /// of the machine may have made it first.
    ///
    /// # Errors
    /// When it cannot be made or belongs to somebody else.
    pub fn make_private_directory(self, directory: &Path) -> anyhow::Result<()> {
        let named = || format!("the directory {}", directory.display());
        match std::fs::DirBuilder::new().mode(0o700).create(directory) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(named),
        }
        let metadata = std::fs::symlink_metadata(directory).with_context(named)?;
        let maker = rustix::process::geteuid().as_raw();
        let own = match self {
            Self::Current => metadata.uid() == maker,
            Self::Other { user_id, .. } => metadata.uid() == maker || metadata.uid() == user_id,
        };
        anyhow::ensure!(
            metadata.is_dir() && own && metadata.mode() & 0o077 == 0,
            "{} is not a private directory of the account that runs PostgreSQL",
            directory.display()
        );
        self.take_over(directory).with_context(named)
    }

    /// Gives this account a file or directory that we made.
    ///
    /// # Errors
    /// When it cannot be given.
    pub fn take_over(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Current => Ok(()),
            Self::Other { user_id, group_id } => chown(path, Some(user_id), Some(group_id)),
        }
    }
}

fn ask_id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    std::str::from_utf8(&output.stdout).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_directory_that_others_can_read_is_refused() {
        let directory = std::env::temp_dir().join(format!("lotline-private-{}", std::process::id()));
        Account::Current.make_private_directory(&directory).unwrap();
        Account::Current.make_private_directory(&directory).unwrap();
        std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(Account::Current.make_private_directory(&directory).is_err());
        std::fs::remove_dir(&directory).unwrap();
    }
}
