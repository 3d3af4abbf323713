//! What was measured, for people and for programs.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::load::Figures;

/// What one request of the first part is, told with every result.
pub const INSIDE: &str = "timed: POST /api/v1/issue-notes of a picked task of five lines, from the first byte sent to the last byte \
    read, on an open connection with a bearer token and an idempotency key of its own: session and rights, contract clauses, lots, \
    period, balances, movements, reservations, states, number, two audit events, stored answer, live events, commit. Not timed: \
    signing in, and preparing orders and picked tasks. Closed loop: a client sends its next request when the answer is there.";
/// What stands beside it.
pub const BARE: &str = "bare: pgbench --protocol=prepared on the same cluster and tables, above the walls of row-level security: ten \
    UPDATEs of balances, five INSERTs of movements, one INSERT of an audit event of the same length, COMMIT; a statement each.";

/// Server and bare writes with the same number of clients, measured in turns.
#[derive(Debug, Serialize)]
pub struct Posting {
    /// Movements in the ledger before.
    pub movements: i64,
    /// Clients at once.
    pub clients: usize,
    /// The server.
    pub server: Figures,
    /// pgbench.
    pub bare: Figures,
    /// Documents of the server for each transaction of pgbench.
    pub ratio: f64,
}

/// Posting with and without the sealing of the record.
#[derive(Debug, Serialize)]
pub struct Sealing {
    /// With it.
    pub on: Figures,
    /// Without.
    pub off: Figures,
    /// The first for the second.
    pub ratio: f64,
    /// Share of all events of the run that were sealed within a second.
    pub within_a_second: f64,
}

/// `lotline verify` on an export of the record.
#[derive(Debug, Serialize)]
pub struct Verifying {
    /// What was recorded.
    pub what: String,
    /// Events in it.
    pub events: u64,
    /// Bytes of their lines.
    pub bytes: u64,
    /// Events in a second: from the start of the program to its verdict, mean of all turns.
    pub per_second: f64,
}

/// One query over HTTP.
#[derive(Debug, Serialize)]
pub struct Reading {
    /// Movements in the ledger.
    pub movements: i64,
    /// What was asked.
    pub query: String,
    /// One client.
    pub figures: Figures,
}

/// The scope of a recall of 9,992 lots over twenty hops.
#[derive(Debug, Serialize)]
pub struct Tracing {
    /// Lots in the genealogy, with about three links each.
    pub lots: i64,
    /// Which way.
    pub direction: String,
    /// The walk in the server: lots, certainty, distance and links, behind the walls.
    pub server: Figures,
    /// The plain recursive query, as in psql: the lots alone, above the walls.
    pub plain: Figures,
    /// Over HTTP, with everything that is told of lots and links.
    pub http: Figures,
}

/// Everything.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Only a try: small and short.
    pub quick: bool,
    /// PostgreSQL's settings that matter.
    pub settings: Vec<(String, String)>,
    /// What is in a timed request.
    pub timed: String,
    /// What the bare writes are.
    pub bare: String,
    /// (a) and (c).
    pub posting: Vec<Posting>,
    /// What the record costs, and how fast it is sealed.
    pub sealing: Option<Sealing>,
    /// How fast the record is verified.
    pub verifying: Vec<Verifying>,
    /// (b).
    pub reading: Vec<Reading>,
    /// The scope of a recall.
    pub tracing: Vec<Tracing>,
    /// (c): the rate at each size for that at the smallest.
    pub rate_by_size: Vec<(i64, f64)>,
    /// (d): bytes of the server's process.
    pub memory_idle_bytes: u64,
    /// The same, at most, while 32 clients posted.
    pub memory_loaded_bytes: u64,
    /// Bytes of a movement in its table, and in the indexes.
    pub movement_bytes: Vec<(i64, i64, i64)>,
    /// Seconds that the run took.
    pub seconds: u64,
}

impl Report {
    /// Writes it where a program finds it, and says it.
    pub fn publish(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let text = serde_json::to_string_pretty(self)?;
        let time = chrono::Utc::now().format("%Y-%m-%dT%H%M%SZ");
        std::fs::write(folder.join(format!("speed-{time}.json")), &text)?;
        let place = folder.join("speed-latest.json");
        std::fs::write(&place, &text)?;
        println!("{}\n{}\n", self.timed, self.bare);
        self.print_posting();
        self.print_sealing();
        for Verifying { what, events, bytes, per_second } in &self.verifying {
            println!(
                "lotline verify, {what}: {events} events, {} MB, {per_second:.0} events/s (aim >= 500,000)",
                mega(*bytes)
            );
        }
        self.print_reading();
        self.print_tracing();
        println!(
            "\nmemory of the server: {} MB idle, {} MB under load",
            mega(self.memory_idle_bytes),
            mega(self.memory_loaded_bytes)
        );
        for (movements, heap, indexes) in &self.movement_bytes {
            println!("a movement on disk at {movements}: {heap} bytes, and {indexes} in indexes");
        }
        println!("\n{} s; figures for programs: {}", self.seconds, place.display());
        Ok(())
    }

    fn print_posting(&self) {
        println!(
            "{:>10} {:>7} | {:>8} {:>8} {:>8} | {:>8} {:>8} {:>8} | {:>5}  aim",
            "movements", "clients", "issues/s", "p50 ms", "p99 ms", "bare/s", "p50 ms", "p99 ms", "ratio"
        );
        for Posting { movements, clients, server, bare, ratio } in &self.posting {
            println!(
                "{movements:>10} {clients:>7} | {:>8.1} {:>8.2} {:>8.2} | {:>8.1} {:>8.2} {:>8.2} | {ratio:>5.2}  >= 0.70",
                server.per_second, server.p50_ms, server.p99_ms, bare.per_second, bare.p50_ms, bare.p99_ms
            );
        }
        for (movements, ratio) in &self.rate_by_size {
            println!("issues/s at {movements} movements for those at the smallest size: {ratio:.2} (aim >= 0.90)");
        }
    }

    fn print_sealing(&self) {
        if let Some(Sealing { on, off, ratio, within_a_second }) = &self.sealing {
            println!(
                "issues/s with sealing {:.1}, without {:.1}: ratio {ratio:.2} (aim >= 0.90); {:.2} % of events sealed \
                 within a second (aim >= 99 %)",
                on.per_second,
                off.per_second,
                within_a_second * 100.0
            );
        }
    }

    fn print_reading(&self) {
        println!("\n{:>10} {:>8} {:>8}  query (aim: p50 <= 5 ms)", "movements", "p50 ms", "p99 ms");
        for Reading { movements, query, figures } in &self.reading {
            println!("{movements:>10} {:>8.2} {:>8.2}  {query}", figures.p50_ms, figures.p99_ms);
        }
    }
}

impl Report {
    fn print_tracing(&self) {
        println!(
            "\n{:>10} {:>9} | {:>8} {:>8} | {:>8} {:>8} | {:>8}  scope of up to 9,992 lots in 20 hops (aim: p50 <= 50 ms)",
            "lots", "direction", "p50 ms", "p99 ms", "plain", "p99 ms", "http"
        );
        for Tracing { lots, direction, server, plain, http } in &self.tracing {
            println!(
                "{lots:>10} {direction:>9} | {:>8.1} {:>8.1} | {:>8.1} {:>8.1} | {:>8.1}",
                server.p50_ms, server.p99_ms, plain.p50_ms, plain.p99_ms, http.p50_ms
            );
        }
    }
}

fn mega(bytes: u64) -> u64 {
    bytes / 1_048_576
}
