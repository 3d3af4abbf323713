//! `postmaster.pid`, the file in which PostgreSQL says who runs a cluster.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use rustix::process::Pid;

const FILE_NAME: &str = "postmaster.pid";
/// Lines of the file, from zero (PostgreSQL, `miscadmin.h`).
const DATA_DIRECTORY_LINE: usize = 1;
const SOCKET_DIRECTORY_LINE: usize = 4;
const STATUS_LINE: usize = 7;

/// What the file says.
#[derive(Debug, PartialEq, Eq)]
pub struct PidFile {
    /// The cluster's first process.
    pub pid: Pid,
    /// Where its socket is; none while it starts.
    pub socket_directory: Option<PathBuf>,
    /// Whether it says that it takes connections.
    pub is_ready: bool,
    data_directory: String,
    text: String,
}

impl PidFile {
    /// The cluster's file, if there is one with a process in it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(data: &Path) -> anyhow::Result<Option<Self>> {
        let path = data.join(FILE_NAME);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    fn parse(text: String) -> Option<Self> {
        let line = |number| text.lines().nth(number).map(str::trim).filter(|line| !line.is_empty());
        // A negative number is a single-user session of an administrator, which PostgreSQL itself refuses.
        let pid = Pid::from_raw(line(0)?.parse().ok().filter(|&pid| pid > 0)?)?;
        let data_directory = line(DATA_DIRECTORY_LINE)?.to_owned();
        let socket_directory = line(SOCKET_DIRECTORY_LINE).map(PathBuf::from);
        let is_ready = line(STATUS_LINE) == Some("ready");
        Some(Self { pid, socket_directory, is_ready, data_directory, text })
    }

    /// Whether the process is PostgreSQL on this cluster and not another one that got its number
    /// after a restart of the machine. Yes when the system does not say.
    pub fn names_a_postgres(&self) -> bool {
        command_line(self.pid).is_none_or(|line| line.contains("postgres") && line.contains(&self.data_directory))
    }

    /// Takes a process out of the file that is not PostgreSQL. Our own number stands in for it:
    /// PostgreSQL knows its parent's as stale and goes on to check, from the rest of the file, that
    /// no process uses the cluster's shared memory.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn disown(&self, data: &Path) -> anyhow::Result<()> {
        let path = data.join(FILE_NAME);
        let text = replace_pid(&self.text, std::process::id());
        std::fs::write(&path, text).with_context(|| path.display().to_string())
    }
}

fn replace_pid(text: &str, pid: u32) -> String {
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    format!("{pid}\n{rest}")
}

/// Command line of a process, from Linux's process directory or else from `ps`. Empty for one that
/// has ended but was not collected by its parent.
fn command_line(pid: Pid) -> Option<String> {
    if Path::new("/proc/self/cmdline").exists() {
        let bytes = std::fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).ok()?;
        return Some(String::from_utf8_lossy(&bytes).replace('\0', " "));
    }
    let number = pid.as_raw_nonzero().to_string();
    let output = Command::new("ps").args(["-ww", "-o", "command=", "-p", &number]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING: &str =
        "4711\n/srv/data/postgres/data\n1763890000\n5432\n/srv/data/postgres/run\n\n  1234   56\nready   \n";

    #[test]
    fn the_file_of_a_running_cluster_is_read() {
        let file = PidFile::parse(RUNNING.to_owned()).unwrap();
        assert_eq!(file.pid.as_raw_nonzero().get(), 4711);
        assert_eq!(file.socket_directory.as_deref(), Some(Path::new("/srv/data/postgres/run")));
        assert!(file.is_ready);
    }

    #[test]
    fn a_file_without_a_process_is_none() {
        assert_eq!(PidFile::parse(String::new()), None);
        assert_eq!(PidFile::parse("0\n/srv\n".to_owned()), None);
        assert_eq!(PidFile::parse("-4711\n".to_owned()), None);
    }

    #[test]
    fn the_shared_memory_stays_named_when_the_process_is_replaced() {
        assert_eq!(replace_pid(RUNNING, 1), RUNNING.replacen("4711", "1", 1));
    }

    #[test]
    fn this_test_is_not_a_postgres() {
        let text = RUNNING.replacen("4711", &std::process::id().to_string(), 1);
        assert!(!PidFile::parse(text).unwrap().names_a_postgres());
    }
}
