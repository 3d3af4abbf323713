//! The PostgreSQL process: started as our child, or taken over from a server that was killed.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::home::Home;
use super::pid_file::PidFile;
use super::programs::Programs;
use super::{POLL_INTERVAL, Site, probe, settings};

/// How long a start may take: recovery after a crash replays the log first.
const START_LIMIT: Duration = Duration::from_secs(600);
/// How often a long start says that it is still going on.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long processes of a cluster whose first process was killed may take to notice.
const LEFTOVER_LIMIT: Duration = Duration::from_secs(10);
/// How long a process that says it is ready may not be reached, its socket being gone, before it is stopped.
const UNREACHABLE_LIMIT: Duration = Duration::from_secs(5);
/// How long a stop may take before it is made an immediate one.
const STOP_LIMIT: Duration = Duration::from_secs(30);
/// What PostgreSQL says when such processes are still there.
const LEFTOVER_MESSAGE: &str = "is still in use";

/// The first process of a running cluster.
#[derive(Debug)]
pub struct Postmaster {
    process: Process,
    socket_directory: PathBuf,
}

#[derive(Debug)]
enum Process {
    Child(Child),
    /// Started by a server that is gone.
    Orphan(Pid),
    Ended,
}

/// Takes over the running cluster or starts it; returns when it answers.
///
/// # Errors
/// When it does not start, with what it printed.
pub fn start(site: &Site, programs: &Programs) -> anyhow::Result<Postmaster> {
    if let Some(running) = adopt(&site.home)? {
        return Ok(running);
    }
    let deadline = Instant::now() + LEFTOVER_LIMIT;
    loop {
        let socket_directory = site.home.make_socket_directory()?;
        let child = launch(site, programs, &socket_directory)?;
        let mut postmaster = Postmaster { process: Process::Child(child), socket_directory };
        let Some(status) = postmaster.wait_until_ready(&site.home)? else { return Ok(postmaster) };
        let printed = site.home.last_words();
        anyhow::ensure!(
            printed.contains(LEFTOVER_MESSAGE) && Instant::now() < deadline,
            "PostgreSQL did not start ({status}). It printed, in {}:\n{printed}",
            site.home.directory().display(),
        );
        std::thread::sleep(POLL_INTERVAL);
    }
}

/// The socket of a cluster that answers now and is the one of this home.
pub fn reachable_socket(home: &Home) -> Option<PathBuf> {
    let file = PidFile::read(&home.data()).ok()??;
    let socket_directory = file.socket_directory.filter(|_| file.is_ready)?;
    let answer = probe::ask_data_directory(&socket_directory);
    answer.is_ok_and(|directory| directory == home.data()).then_some(socket_directory)
}

impl Postmaster {
    /// Directory of its socket.
    pub fn socket_directory(&self) -> &Path {
        &self.socket_directory
    }

    /// Whether the process is gone.
    pub fn has_ended(&mut self, home: &Home) -> bool {
        match &mut self.process {
            Process::Child(child) => !matches!(child.try_wait(), Ok(None)),
            Process::Orphan(pid) => !is_running(home, *pid),
            Process::Ended => true,
        }
    }

    /// Stops the cluster: running transactions are rolled back, the rest is written.
    ///
    /// # Errors
    /// When the process does not end.
    pub fn stop(&mut self, home: &Home) -> anyhow::Result<()> {
        if self.signal_and_wait(home, Signal::INT, STOP_LIMIT)? {
            return Ok(());
        }
        tracing::warn!("PostgreSQL takes long to stop; it will recover from its log at the next start");
        anyhow::ensure!(self.signal_and_wait(home, Signal::QUIT, STOP_LIMIT)?, "PostgreSQL does not end");
        Ok(())
    }

    fn signal_and_wait(&mut self, home: &Home, signal: Signal, limit: Duration) -> anyhow::Result<bool> {
        let deadline = Instant::now() + limit;
        if let Some(pid) = self.pid().filter(|_| !self.has_ended(home)) {
            kill_process(pid, signal).context("signalling PostgreSQL")?;
        }
        while !self.has_ended(home) {
            if Instant::now() > deadline {
                return Ok(false);
            }
            std::thread::sleep(POLL_INTERVAL);
        }
        self.process = Process::Ended;
        Ok(true)
    }

    fn pid(&self) -> Option<Pid> {
        match &self.process {
            Process::Child(child) => Some(Pid::from_child(child)),
            Process::Orphan(pid) => Some(*pid),
            Process::Ended => None,
        }
    }

    /// None when it answers, its status when it ended instead.
    fn wait_until_ready(&mut self, home: &Home) -> anyhow::Result<Option<ExitStatus>> {
        let started = Instant::now();
        let mut next_message = started + PATIENCE;
        while reachable_socket(home).as_ref() != Some(&self.socket_directory) {
            if let Process::Child(child) = &mut self.process
                && let Some(status) = child.try_wait()?
            {
                return Ok(Some(status));
            }
            if started.elapsed() > START_LIMIT {
                self.stop(home)?;
                anyhow::bail!("PostgreSQL did not answer within {} s", START_LIMIT.as_secs());
            }
            if Instant::now() > next_message {
                tracing::info!("PostgreSQL is still starting; after a crash it first replays its log");
                next_message += PATIENCE;
            }
            std::thread::sleep(POLL_INTERVAL);
        }
        Ok(None)
    }
}

fn launch(site: &Site, programs: &Programs, socket_directory: &Path) -> anyhow::Result<Child> {
    let start_log = site.home.start_log();
    let output = File::create(&start_log).with_context(|| start_log.display().to_string())?;
    site.home.account().take_over(&start_log)?;
    let mut command = site.home.account().command(&programs.path("postgres"));
    command.arg("-D").arg(site.home.data());
    for setting in settings::fixed_settings(site, socket_directory)? {
        command.arg("-c").arg(setting);
    }
    // A group of its own: Ctrl-C in the terminal is for the server, which stops PostgreSQL when its
    // own work is done.
    command.process_group(0).stdout(output.try_clone()?).stderr(output);
    command.spawn().context("starting postgres")
}

/// Takes over the cluster's process when one is running; readies a leftover pid file for a start
/// when none is.
fn adopt(home: &Home) -> anyhow::Result<Option<Postmaster>> {
    let started = Instant::now();
    let mut stopping = false;
    while let Some(file) = PidFile::read(&home.data())? {
        if !is_alive(file.pid) {
            return Ok(None);
        }
        if !file.names_a_postgres() {
            file.disown(&home.data())?;
            return Ok(None);
        }
        if let Some(socket_directory) = reachable_socket(home) {
            tracing::info!(process = %file.pid.as_raw_nonzero(), "taking over the PostgreSQL that is still running");
            return Ok(Some(Postmaster { process: Process::Orphan(file.pid), socket_directory }));
        }
        if !stopping && file.is_ready && started.elapsed() > UNREACHABLE_LIMIT {
            tracing::warn!("a PostgreSQL of this cluster is running but cannot be reached; stopping it");
            kill_process(file.pid, Signal::INT).context("signalling PostgreSQL")?;
            stopping = true;
        }
        anyhow::ensure!(
            started.elapsed() < START_LIMIT,
            "process {} of the cluster does not answer; stop it",
            file.pid.as_raw_nonzero()
        );
        std::thread::sleep(POLL_INTERVAL);
    }
    Ok(None)
}

/// Whether an orphan is still there. Its file goes first in an orderly end; where nobody collects
/// orphans, a killed one stays listed without a command line.
fn is_running(home: &Home, pid: Pid) -> bool {
    let file = PidFile::read(&home.data()).ok().flatten();
    is_alive(pid) && file.is_some_and(|file| file.pid == pid && file.names_a_postgres())
}

fn is_alive(pid: Pid) -> bool {
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}
