//! The benchmark's own PostgreSQL and the server that is measured.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use lotline::db::list::{Count, TextRow};
use lotline::infra::postgres::ManagedCluster;

/// A cluster as `lotline serve` makes it, and beside it the address of its owner.
pub struct Cluster {
    managed: ManagedCluster,
    folder: PathBuf,
}

impl Cluster {
    /// Makes and starts it in a folder, at the program's schema, and refuses to measure one that does not write safely.
    pub fn start(folder: &Path) -> Result<Self> {
        let managed = ManagedCluster::start(folder)?;
        lotline::db::migrate::migrate(&managed.owner_url())?;
        let cluster = Self { managed, folder: folder.to_owned() };
        let settings = cluster.settings(&["fsync", "synchronous_commit", "full_page_writes"])?;
        anyhow::ensure!(settings.iter().all(|(_, value)| value == "on"), "this cluster does not write safely");
        Ok(cluster)
    }

    /// Address of the owner, who stands above the walls.
    pub fn owner_url(&self) -> String {
        self.managed.owner_url()
    }

    /// Address of the role that the server works as.
    pub fn app_url(&self) -> String {
        self.managed.app_url()
    }

    /// A connection of the owner.
    pub fn owner(&self) -> Result<PgConnection> {
        Ok(PgConnection::establish(&self.owner_url())?)
    }

    /// What PostgreSQL's settings are.
    pub fn settings(&self, names: &[&str]) -> Result<Vec<(String, String)>> {
        let mut owner = self.owner()?;
        names.iter().map(|name| Ok(((*name).to_owned(), setting(&mut owner, name)?))).collect()
    }

    /// Loads the demonstration organisation beside what is measured.
    pub fn load_demo(&self) -> Result<()> {
        let ended = self.program("demo").stdout(Stdio::null()).status()?;
        anyhow::ensure!(ended.success(), "the demonstration data cannot be loaded");
        Ok(())
    }

    /// The program of this build, on this cluster.
    fn program(&self, command: &str) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_lotline"));
        program
            .arg(command)
            .env("DATABASE_URL", self.app_url())
            .env("LOTLINE_OWNER_DATABASE_URL", self.owner_url())
            .env("LOTLINE_DATA_DIR", &self.folder);
        program
    }

    /// Starts the server of this build, without rate limits: the clients are meant to press it.
    pub fn serve(&self) -> Result<Server> {
        let mut process = self
            .program("serve")
            .args(["--listen", "127.0.0.1:0", "--rate-limit", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let output = process.stdout.take().context("the server's output")?;
        let lines = BufReader::new(output).lines();
        let address = lines.map_while(Result::ok).find_map(|line| line.split("listens on ").nth(1).map(str::to_owned));
        Ok(Server { process, address: address.context("the server ended instead of listening")? })
    }
}

fn setting(owner: &mut PgConnection, name: &str) -> Result<String> {
    let row: TextRow = diesel::sql_query(format!("SELECT current_setting('{name}') AS text")).get_result(owner)?;
    Ok(row.text.unwrap_or_default())
}

/// The number that `SELECT … AS count` gives.
pub fn count(owner: &mut PgConnection, statement: &str) -> Result<i64> {
    Ok(diesel::sql_query(statement).get_result::<Count>(owner)?.count)
}

/// The server that is measured.
pub struct Server {
    process: Child,
    /// Where it listens.
    pub address: String,
}

impl Server {
    /// Events that were sealed within a second of their writing since the server began, and all that were.
    pub fn sealed(&self) -> Result<(f64, f64)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
        let text = agent.get(format!("{}/metrics", self.address)).call()?.body_mut().read_to_string()?;
        let figure = |name: &str| -> Result<f64> {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| name.to_owned())?;
            Ok(line.trim().parse()?)
        };
        let within = figure("lotline_record_sealing_seconds_bucket{le=\"1\"}")?;
        Ok((within, figure("lotline_record_sealing_seconds_count")?))
    }

    /// Memory that the process holds, in bytes.
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
