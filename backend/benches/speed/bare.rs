//! The same writes without anything around them: pgbench on the same cluster and tables.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use diesel::RunQueryDsl as _;
use diesel::pg::PgConnection;
use lotline::db::list::TextRow;

use super::cluster::Cluster;
use super::load::Run;

/// A pgbench script and how it is run.
pub struct Bare {
    program: PathBuf,
    url: String,
    script: PathBuf,
    folder: PathBuf,
    /// Identifiers that the script names.
    defines: [(&'static str, String); 3],
}

impl Bare {
    /// Writes the script: five balances less and five more, five movements, one audit event as long as the server's, commit.
    pub fn prepare(cluster: &Cluster, folder: &Path, org: uuid::Uuid) -> Result<Self> {
        let mut script = include_str!("bare.sql").to_owned();
        for slot in ["a", "b", "c", "d", "e"] {
            script.push_str(&movement(slot));
        }
        let mut owner = cluster.owner()?;
        script.push_str(&audit_event(&mut owner)?);
        script.push_str("COMMIT;\n");
        let folder = folder.join("pgbench");
        std::fs::create_dir_all(&folder)?;
        let place = folder.join("bare.sql");
        std::fs::write(&place, script)?;
        let program = std::env::var_os("LOTLINE_PGBENCH").context("LOTLINE_PGBENCH: run `make bench`")?.into();
        let unit = text(&mut owner, "SELECT unit_id::text AS text FROM item WHERE id = bench.id(3, 1)")?;
        let store = text(&mut owner, "SELECT bench.place('STORE')::text AS text")?;
        let defines = [("org", org.to_string()), ("unit", unit), ("store", store)];
        Ok(Self { program, url: cluster.owner_url(), script: place, folder, defines })
    }

    /// Runs it with some clients for a time.
    pub fn run(&self, clients: usize, time: Duration) -> Result<Run> {
        let log = self.folder.join("log");
        let output = Command::new(&self.program)
            .args(["--no-vacuum", "--protocol=prepared", "--log", "--log-prefix"])
            .arg(&log)
            .arg(format!("--client={clients}"))
            .arg(format!("--jobs={}", clients.min(2)))
            .arg(format!("--time={}", time.as_secs()))
            .args(self.defines.iter().map(|(name, value)| format!("--define={name}={value}")))
            .arg("--file")
            .arg(&self.script)
            .arg(&self.url)
            .output()?;
        anyhow::ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
        Ok(Run { times: self.take_times()?, elapsed: time })
    }

    /// Times of the transactions from pgbench's logs, which are then deleted.
    fn take_times(&self) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path == self.script {
                continue;
            }
            let log = std::fs::read_to_string(&path)?;
            let micros = log.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok());
            times.extend(micros.map(Duration::from_micros));
            std::fs::remove_file(&path)?;
        }
        Ok(times)
    }
}

fn text(owner: &mut PgConnection, statement: &str) -> Result<String> {
    let row: TextRow = diesel::sql_query(statement).get_result(owner)?;
    row.text.context("the data lacks what the bare writes refer to")
}

/// A movement of one of the lots from the shelf to the subcontractor that has no other orders.
fn movement(slot: &str) -> String {
    format!(
        "INSERT INTO stock_movement (org_id, id, kind, item_id, lot_id, quantity, unit_id, from_location_id, from_status, \
         to_location_id, to_status, to_order_id, occurred_at, recorded_at, document_kind, document_id, document_line, actor_id, \
         capture, scan_id) VALUES (:org, bench.new_id(), 'issue', bench.id(3, (:{slot} - 1) / 3 + 1), bench.id(10, :{slot}), 1, \
         :unit, :store, 'available', bench.id(8, 205), 'available', bench.id(14, 0), now(), now(), 'lot', bench.id(10, :{slot}), 1, \
         bench.person(), 'wedge', bench.id(19, :{slot} + 5));\n"
    )
}

/// An audit event with the content of the last one that the server wrote for an issue note.
fn audit_event(owner: &mut PgConnection) -> Result<String> {
    let content = text(
        owner,
        "SELECT concat_ws(', ', quote_literal(details::text) || '::jsonb', quote_literal(canonical_bytes::text) || '::bytea',
            quote_literal(leaf_hash::text) || '::bytea') AS text
         FROM audit_event WHERE aggregate_kind = 'issue' ORDER BY id DESC LIMIT 1",
    )?;
    // pgbench takes a colon before a letter for a variable; in JSON none stands there without a space.
    Ok(format!(
        "INSERT INTO audit_event (org_id, id, aggregate_kind, aggregate_id, aggregate_seq, action, actor_id, at, request_id, \
         details, canonical_bytes, leaf_hash) VALUES (:org, bench.new_id(), 'issue', gen_random_uuid(), 1, 'posted', \
         bench.person(), now(), gen_random_uuid(), {content});\n"
    ))
}
