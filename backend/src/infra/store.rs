//! Where the data is: the PostgreSQL that Lotline manages, or one that somebody else runs.

use std::path::Path;

use anyhow::Context as _;

use super::postgres::ManagedCluster;
use crate::config::StoreArgs;
use crate::db::migrate;

/// A database that is ready, at this program's schema.
pub struct Store {
    /// Keeps the managed PostgreSQL running.
    managed: Option<ManagedCluster>,
    app_url: String,
}

impl Store {
    /// Finds or starts the database and brings it to this program's schema.
    ///
    /// # Errors
    /// When it cannot be reached, or is behind and there is no owner's login.
    pub fn open(args: &StoreArgs) -> anyhow::Result<Self> {
        Self::open_with(args, ManagedCluster::start)
    }

    /// The same for a short task, which may work beside a running server.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub fn join(args: &StoreArgs) -> anyhow::Result<Self> {
        Self::open_with(args, ManagedCluster::join_or_start)
    }

    /// Starts a managed PostgreSQL again if it has ended by itself; true when it had.
    ///
    /// # Errors
    /// When it does not start.
    pub fn revive(&mut self) -> anyhow::Result<bool> {
        self.managed.as_mut().map_or(Ok(false), ManagedCluster::revive)
    }

    fn open_with(args: &StoreArgs, start: fn(&Path) -> anyhow::Result<ManagedCluster>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&args.data_dir)
            .with_context(|| format!("the data directory {}", args.data_dir.display()))?;
        match &args.database_url {
            Some(url) => Self::open_foreign(url, args.owner_database_url.as_deref()),
            None => Self::open_managed(start(&args.data_dir)?),
        }
    }

    fn open_managed(cluster: ManagedCluster) -> anyhow::Result<Self> {
        migrate::migrate(&cluster.owner_url())?;
        let app_url = cluster.app_url();
        Ok(Self { managed: Some(cluster), app_url })
    }

    fn open_foreign(url: &str, owner_url: Option<&str>) -> anyhow::Result<Self> {
        if let Some(owner_url) = owner_url {
            migrate::migrate(owner_url)?;
        } else if !migrate::is_current(url).context("the database at DATABASE_URL")? {
            migrate::migrate(url).context(
                "the database is behind this program and its login may not change it: \
                 run `lotline migrate` with LOTLINE_OWNER_DATABASE_URL set to its owner's login",
            )?;
        }
        Ok(Self { managed: None, app_url: url.to_owned() })
    }

    /// Address for the app's role.
    #[must_use]
    pub fn app_url(&self) -> &str {
        &self.app_url
    }

    /// Stops the managed PostgreSQL, if there is one.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn close(self) -> anyhow::Result<()> {
        match self.managed {
            Some(cluster) => cluster.stop(),
            None => Ok(()),
        }
    }
}
