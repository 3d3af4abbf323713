//! The PostgreSQL that Lotline runs itself when nobody names another one.
//!
//! Owned here: one database cluster below the data directory, made from the installed PostgreSQL
//! programs and reachable only through a private unix socket. Kept: one owner process a cluster (a
//! lock), nothing is ever written with `fsync` off unless a test asks for it, and a cluster that
//! outlived a killed server is taken over, not started twice.

mod account;
mod home;
mod pid_file;
mod postmaster;
mod probe;
mod programs;
mod settings;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use home::{Home, Lock};
use postmaster::Postmaster;
use programs::Programs;
pub use settings::Durability;

/// How often something awaited is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// How long a command waits for the server that holds the cluster to have it ready.
const JOIN_LIMIT: Duration = Duration::from_secs(60);

/// A running PostgreSQL cluster with the database `lotline`. The owner of the cluster stops it when
/// this is dropped; a command that joined a server's cluster leaves it running.
pub struct ManagedCluster {
    site: Site,
    role: Role,
}

/// Where a cluster is and how safely it writes.
struct Site {
    home: Home,
    durability: Durability,
}

/// What this process is to the cluster.
enum Role {
    /// It holds the lock and answers for the process.
    Owner { postmaster: Postmaster, _lock: File },
    /// Another process is the owner.
    Guest { socket_directory: PathBuf },
}

impl ManagedCluster {
    /// Makes the cluster at the first call, starts it, or takes over one that a killed server left
    /// running; returns when it answers.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, another Lotline process holds the cluster, or it does not
    /// start; each in words for an operator.
    pub fn start(data_dir: &Path) -> anyhow::Result<Self> {
        Self::start_with(data_dir, Durability::Full)
    }

    /// As [`Self::start`], with the durability that a test may give up.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(data_dir: &Path, durability: Durability) -> anyhow::Result<Self> {
        let site = Site { home: home::open(data_dir)?, durability };
        match site.home.lock()? {
            Lock::Mine(lock) => Self::own(site, lock),
            Lock::HeldBy(holder) => anyhow::bail!(
                "the data directory {} is in use by another Lotline process{}; stop it, or choose another data directory",
                data_dir.display(),
                holder.map(|pid| format!(" (process {pid})")).unwrap_or_default(),
            ),
        }
    }

    /// For a command that works beside a running server: uses the server's cluster if there is one,
    /// otherwise starts it for as long as the command runs.
    ///
    /// # Errors
    /// As [`Self::start`], and when the other process does not get the cluster ready in a minute.
    pub fn join_or_start(data_dir: &Path) -> anyhow::Result<Self> {
        let site = Site { home: home::open(data_dir)?, durability: Durability::Full };
        let deadline = Instant::now() + JOIN_LIMIT;
        loop {
            if let Lock::Mine(lock) = site.home.lock()? {
                return Self::own(site, lock);
            }
            if let Some(socket_directory) = postmaster::reachable_socket(&site.home) {
                return Ok(Self { site, role: Role::Guest { socket_directory } });
            }
            anyhow::ensure!(
                Instant::now() < deadline,
                "another Lotline process holds {}, but its database does not answer",
                data_dir.display()
            );
            std::thread::sleep(POLL_INTERVAL);
        }
    }

    /// URL of the database `lotline` as the role that owns it: for migrations only.
    pub fn owner_url(&self) -> String {
        settings::url(self.socket_directory(), settings::OWNER_ROLE, settings::DATABASE)
    }

    /// URL of the database `lotline` as the role of the server, that row-level security binds.
    pub fn app_url(&self) -> String {
        settings::url(self.socket_directory(), settings::APP_ROLE, settings::DATABASE)
    }

    /// Starts PostgreSQL again if it has ended by itself; true when it had.
    ///
    /// # Errors
    /// When it does not start.
    pub fn revive(&mut self) -> anyhow::Result<bool> {
        let Role::Owner { postmaster, .. } = &mut self.role else { return Ok(false) };
        if !postmaster.has_ended(&self.site.home) {
            return Ok(false);
        }
        tracing::error!("PostgreSQL has ended by itself; starting it again");
        let programs = Programs::find(self.site.home.major_version()?)?;
        *postmaster = postmaster::start(&self.site, &programs)?;
        Ok(true)
    }

    /// Stops the cluster, if this process owns it, after its running statements were rolled back.
    ///
    /// # Errors
    /// When it does not end.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.shut_down()
    }

    fn own(site: Site, lock: File) -> anyhow::Result<Self> {
        let started = Instant::now();
        let made_by = site.home.major_version()?;
        let programs = Programs::find(made_by)?;
        if made_by.is_none() {
            tracing::info!(directory = %site.home.data().display(), version = %programs.version(), "making the database");
            settings::make_cluster(&site, &programs)?;
        }
        let postmaster = postmaster::start(&site, &programs)?;
        let cluster = Self { site, role: Role::Owner { postmaster, _lock: lock } };
        probe::prepare_database(cluster.socket_directory()).context("preparing the database lotline")?;
        tracing::info!(
            directory = %cluster.site.home.data().display(),
            version = %programs.version(),
            elapsed_ms = %started.elapsed().as_millis(),
            "PostgreSQL is ready"
        );
        Ok(cluster)
    }

    fn socket_directory(&self) -> &Path {
        match &self.role {
            Role::Owner { postmaster, .. } => postmaster.socket_directory(),
            Role::Guest { socket_directory } => socket_directory,
        }
    }

    fn shut_down(&mut self) -> anyhow::Result<()> {
        match &mut self.role {
            Role::Owner { postmaster, .. } => postmaster.stop(&self.site.home),
            Role::Guest { .. } => Ok(()),
        }
    }
}

impl Drop for ManagedCluster {
    fn drop(&mut self) {
        if let Err(error) = self.shut_down() {
            tracing::error!("PostgreSQL was not stopped: {error:#}");
        }
    }
}
