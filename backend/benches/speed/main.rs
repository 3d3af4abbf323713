//! How fast Lotline is, beside the bare writes on the same machine in the same minutes. `make bench` runs it;
//! `LOTLINE_BENCH=quick` is a try in two minutes, `LOTLINE_BENCH=million` leaves ten million movements out.

mod bare;
mod cluster;
mod load;
mod report;
mod tracing;
mod verifying;
mod world;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bare::Bare;
use cluster::{Cluster, Server};
use load::{Client, Run};
use report::{Posting, Reading, Report, Sealing};
use world::World;

/// Movements in the ledger, from size to size.
const SIZES: &[u64] = &[100_000, 1_000_000, 10_000_000];
/// Families of the genealogy, each of about ten thousand lots and thirty thousand links, from size to size.
const FAMILIES: &[i64] = &[10, 100];
/// Events of the record that is verified.
const EVENTS: u64 = 400_000;
/// Events of all kinds, as many of each as the demonstration organisation has of half a year.
const ALL_KINDS: &str = "all kinds of events, as in the demonstration data";
const DEMO: &str = "org_id = (SELECT home_organisation_id FROM person WHERE login = 'admin')";
/// What the last issue note and the last pick recorded.
const ISSUES: &str = "id IN (SELECT DISTINCT ON (aggregate_kind) id FROM audit_event
    WHERE aggregate_kind IN ('issue', 'pick') AND action = 'posted' AND length(canonical_bytes) > 21
    ORDER BY aggregate_kind, id DESC)";
/// Clients at once.
const CLIENTS: &[usize] = &[1, 8, 32];
/// Clients with which sizes are compared.
const USUAL_CLIENTS: usize = 8;
/// Posting before it counts: connections open, statements are prepared.
const WARM_UP: Duration = Duration::from_secs(2);
/// More issue notes than a second will see; so many picked tasks are prepared for each second.
const TASKS_PER_SECOND: u64 = 800;
/// PostgreSQL's settings that the report names.
const SETTINGS: &[&str] =
    &["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "commit_delay"];

/// How much is measured.
struct Scale {
    sizes: &'static [u64],
    /// Server and bare writes take turns so many times.
    rounds: u32,
    /// How long each turn is.
    turn: Duration,
    /// Requests of each query.
    reads: usize,
    /// Families of the genealogy, from size to size.
    families: &'static [i64],
    /// Traces each way.
    traces: i64,
    /// Events that are verified.
    events: u64,
}

/// What is measured, with what.
struct Bench {
    scale: Scale,
    world: World,
    server: Server,
    clients: Vec<Client>,
    bare: Bare,
    report: Report,
}

fn main() -> Result<()> {
    // `cargo test --benches` runs it too, and only wants to know that it is there.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let began = Instant::now();
    let mode = std::env::var("LOTLINE_BENCH").unwrap_or_default();
    let folder =
        PathBuf::from(std::env::var_os("LOTLINE_BENCH_DATA_DIR").context("LOTLINE_BENCH_DATA_DIR: run `make bench`")?);
    let output =
        PathBuf::from(std::env::var_os("LOTLINE_BENCH_OUTPUT").context("LOTLINE_BENCH_OUTPUT: run `make bench`")?);
    let cluster = Cluster::start(&folder)?;
    let mut bench = Bench::prepare(&cluster, &folder, scale(&mode))?;
    bench.report.quick = mode == "quick";
    let whole = bench.run(&cluster, &folder);
    bench.report.seconds = began.elapsed().as_secs();
    // What was measured before something went wrong is told all the same.
    bench.report.publish(&output)?;
    whole
}

fn scale(mode: &str) -> Scale {
    let all = Scale {
        sizes: SIZES,
        rounds: 3,
        turn: Duration::from_secs(5),
        reads: 400,
        families: FAMILIES,
        traces: 200,
        events: EVENTS,
    };
    match mode {
        "quick" => {}
        "million" => return Scale { sizes: SIZES.split_at(2).0, ..all },
        _ => return all,
    }
    let (sizes, families) = (SIZES.split_at(1).0, FAMILIES.split_at(1).0);
    Scale { sizes, rounds: 2, turn: Duration::from_secs(3), reads: 100, families, traces: 50, events: EVENTS / 4 }
}

fn say(what: &str) {
    println!("{} {what}", chrono::Utc::now().format("%H:%M:%S"));
}

impl Bench {
    fn prepare(cluster: &Cluster, folder: &std::path::Path, scale: Scale) -> Result<Self> {
        say("making the maker: 1,000 components, 3,000 lots on the shelf, 50 subcontractors with contracts");
        let mut world = World::found(cluster)?;
        let server = cluster.serve()?;
        let most = CLIENTS.iter().copied().max().unwrap_or(1);
        let clients = (1..=most).map(|number| Client::sign_in(&server.address, number)).collect::<Result<Vec<_>>>()?;
        let mut report =
            Report { timed: report::INSIDE.to_owned(), bare: report::BARE.to_owned(), ..Report::default() };
        report.settings = cluster.settings(SETTINGS)?;
        report.memory_idle_bytes = server.memory()?;
        let first = world.tasks(50)?;
        for pick in first {
            clients.first().context("no client")?.issue(pick)?;
        }
        let bare = Bare::prepare(cluster, folder, world.org)?;
        Ok(Self { scale, world, server, clients, bare, report })
    }

    fn run(&mut self, cluster: &Cluster, folder: &std::path::Path) -> Result<()> {
        self.measure()?;
        self.world.check()?;
        self.verify(cluster, folder)?;
        self.trace(cluster)
    }

    fn measure(&mut self) -> Result<()> {
        for size in self.scale.sizes {
            say(&format!("making the history of {size} movements"));
            self.world.grow(*size)?;
            let movements = self.world.movements()?;
            let (heap, indexes) = self.world.bytes_per_movement()?;
            self.report.movement_bytes.push((movements, heap, indexes));
            self.read(movements)?;
            let smallest = self.scale.sizes.first() == Some(size);
            for clients in CLIENTS.iter().filter(|clients| smallest || **clients == USUAL_CLIENTS) {
                self.post(*clients, movements)?;
            }
            if smallest {
                self.world.check()?;
                self.seal()?;
            }
        }
        self.compare_sizes();
        Ok(())
    }

    /// Server and bare writes in turns.
    fn post(&mut self, clients: usize, movements: i64) -> Result<()> {
        let seconds = self.scale.turn.as_secs() * u64::from(self.scale.rounds) + WARM_UP.as_secs();
        let tasks = self.world.tasks(seconds * TASKS_PER_SECOND)?;
        say(&format!("{clients} clients post"));
        let tasks = Mutex::new(tasks.into_iter().collect());
        let (working, _) = self.clients.split_at(clients.min(self.clients.len()));
        load::post_issues(working, &tasks, WARM_UP)?;
        self.bare.run(clients, Duration::from_secs(1))?;
        let (mut server, mut bare) = (Run::default(), Run::default());
        for _ in 0..self.scale.rounds {
            server.add(load::post_issues(working, &tasks, self.scale.turn)?);
            bare.add(self.bare.run(clients, self.scale.turn)?);
        }
        self.report.memory_loaded_bytes = self.report.memory_loaded_bytes.max(self.server.memory()?);
        let (server, bare) = (server.figures(), bare.figures());
        let ratio = server.per_second / bare.per_second.max(f64::EPSILON);
        say(&format!("{:.0} issue notes a second, {:.0} bare, ratio {ratio:.2}", server.per_second, bare.per_second));
        self.report.posting.push(Posting { movements, clients, server, bare, ratio });
        Ok(())
    }

    /// Posting with and without the sealing of the record, in turns, and how long an event waits to be sealed.
    fn seal(&mut self) -> Result<()> {
        let seconds = self.scale.turn.as_secs() * u64::from(self.scale.rounds) * 2 + WARM_UP.as_secs();
        let tasks = Mutex::new(self.world.tasks(seconds * TASKS_PER_SECOND)?.into_iter().collect());
        say(&format!("{USUAL_CLIENTS} clients post, with sealing and without"));
        let (working, _) = self.clients.split_at(USUAL_CLIENTS.min(self.clients.len()));
        load::post_issues(working, &tasks, WARM_UP)?;
        let (within_before, sealed_before) = self.server.sealed()?;
        let (mut on, mut off) = (Run::default(), Run::default());
        for _ in 0..self.scale.rounds {
            on.add(load::post_issues(working, &tasks, self.scale.turn)?);
            self.world.seal_events(false)?;
            off.add(load::post_issues(working, &tasks, self.scale.turn)?);
            self.world.seal_events(true)?;
        }
        let (on, off) = (on.figures(), off.figures());
        let ratio = on.per_second / off.per_second.max(f64::EPSILON);
        let (within, sealed) = self.server.sealed()?;
        let within_a_second = (within - within_before) / (sealed - sealed_before).max(1.0);
        say(&format!("{:.0} a second sealed, {:.0} not, ratio {ratio:.2}", on.per_second, off.per_second));
        self.report.sealing = Some(Sealing { on, off, ratio, within_a_second });
        Ok(())
    }

    /// Lists of stock as the app asks for them, and what can be promised.
    fn read(&mut self, movements: i64) -> Result<()> {
        say("one client reads");
        let item = |number: u32| format!("/item-stock?item_id=00000003-0000-7000-8000-{number:012x}");
        let lots = |number: u32| format!("/stock?item_id=00000003-0000-7000-8000-{number:012x}");
        let every: Vec<u32> = (0..1000).map(|place| place * 387 % 1000 + 1).collect();
        let queries: Vec<(&str, Vec<String>)> = vec![
            ("stock list, first page of 50", vec!["/stock".to_owned()]),
            ("stock of one of 1,000 items, by lot", every.iter().map(|number| lots(*number)).collect()),
            ("ATP of one of 1,000 items", every.iter().map(|number| item(*number)).collect()),
            ("ATP list of 1,000 items, first page of 50", vec!["/item-stock?kind=component".to_owned()]),
            ("movements, newest 50", vec!["/movements".to_owned()]),
        ];
        let client = self.clients.first().context("no client")?;
        for (query, paths) in queries {
            let figures = load::read(client, &paths, self.scale.reads)?.figures();
            say(&format!("{query}: p50 {:.2} ms", figures.p50_ms));
            self.report.reading.push(Reading { movements, query: query.to_owned(), figures });
        }
        Ok(())
    }

    /// Records, verified without the database: one of all that a maker does in half a year, and one of nothing but what an
    /// issue note of five lines writes, which is among the longest.
    fn verify(&mut self, cluster: &Cluster, folder: &std::path::Path) -> Result<()> {
        say("verifying records");
        let issues = self.world.recorded(ISSUES)?;
        cluster.load_demo()?;
        for (what, recorded) in [(ALL_KINDS, self.world.recorded(DEMO)?), ("issue notes of five lines", issues)] {
            let found = verifying::measure((what, &recorded), self.scale.events, (folder, self.scale.rounds))?;
            say(&format!("{what}: {} events, {:.0} a second", found.events, found.per_second));
            self.report.verifying.push(found);
        }
        Ok(())
    }

    /// The scope of a recall of ten thousand lots, in genealogies of growing size.
    fn trace(&mut self, cluster: &Cluster) -> Result<()> {
        for families in self.scale.families {
            say(&format!("making the genealogy of {families} families"));
            self.world.grow_families(*families)?;
            let client = self.clients.first().context("no client")?;
            let found = tracing::measure(cluster, (&self.world.founder, client), *families, self.scale.traces)?;
            self.report.tracing.extend(found);
        }
        Ok(())
    }

    fn compare_sizes(&mut self) {
        let usual = self.report.posting.iter().filter(|posting| posting.clients == USUAL_CLIENTS);
        let rates: Vec<_> = usual.map(|posting| (posting.movements, posting.server.per_second)).collect();
        let Some((_, smallest)) = rates.first().copied() else { return };
        self.report.rate_by_size = rates.into_iter().skip(1).map(|(size, rate)| (size, rate / smallest)).collect();
    }
}
