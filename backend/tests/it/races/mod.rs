//! Many at once at the same stock, with every kind of movement. In the usual run a few rounds; `make test-long` lets it
//! go on for `LOTLINE_STRESS_SECONDS`.

mod acts;
mod desk;
mod waiting;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use self::desk::{Desk, World};
use super::support::app::{Setup, TestApp};
use super::support::books::contradictions;
use super::support::db::count;
use super::support::material::Crew;

const WORKERS: usize = 32;
/// What each worker does in the usual run.
const ROUNDS: usize = 6;

/// What was done, and what was refused, by code.
#[derive(Default)]
pub struct Tally {
    done: Mutex<BTreeMap<String, usize>>,
    refused: Mutex<BTreeMap<String, usize>>,
}

impl Tally {
    /// The answer's body, or none after a refusal in words. A server error ends the test: a conflict with somebody else is
    /// never what a person is told.
    pub fn taken(&self, what: &str, answer: super::support::app::Answer) -> Option<Value> {
        if answer.status < 300 {
            *self.done.lock().unwrap().entry(what.to_owned()).or_default() += 1;
            return Some(answer.body);
        }
        assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text);
        let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
        *self.refused.lock().unwrap().entry(code).or_default() += 1;
        None
    }
}

/// Every kind of movement that the workers do.
const KINDS: [&str; 27] = [
    "receipt",
    "release",
    "block",
    "unblock",
    "issue",
    "supplement",
    "confirmation",
    "discrepancy",
    "claim_settlement",
    "consumption",
    "subcontract_receipt",
    "return",
    "return_receipt",
    "transfer",
    "subcontractor_scrap",
    "rework_out",
    "rework_in",
    "count_adjustment",
    "move",
    "line_issue",
    "line_return",
    "scrap",
    "production_use",
    "production_output",
    "dispatch",
    "reversal",
    "consumption_adjustment",
];

#[test]
fn thirty_two_people_who_do_everything_with_the_same_lots_leave_sound_books() {
    let app = TestApp::start_with(&Setup { connections: 16, ..Setup::default() });
    let crew = Crew::of(&app, &app.acme);
    let world = World::make(&app, &crew);
    let tally = Tally::default();
    let seconds = std::env::var("LOTLINE_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let mut desk = Desk::of(&app, (&world, &tally), worker);
            scope.spawn(move || {
                for turn in 0.. {
                    match seconds {
                        Some(seconds) if began.elapsed() >= Duration::from_secs(seconds) => break,
                        None if turn >= ROUNDS => break,
                        _ => desk.act(),
                    }
                }
            });
        }
    });
    let mut owner = app.database.owner();
    let kinds = "SELECT kind || ' ' || count(*) AS text FROM stock_movement GROUP BY kind ORDER BY kind";
    let moved = super::support::db::texts(&mut owner, kinds);
    println!(
        "in {:.0} s done {:?}; refused {:?}; movements {moved:?}; {} deadlocks, none of them told",
        began.elapsed().as_secs_f64(),
        tally.done.lock().unwrap(),
        tally.refused.lock().unwrap(),
        count(&mut owner, "SELECT deadlocks AS count FROM pg_stat_database WHERE datname = current_database()"),
    );
    assert_eq!(contradictions(&mut owner), Vec::<String>::new());
    assert!(tally.done.lock().unwrap().len() > 10, "hardly anything was done");
    if seconds.is_some_and(|seconds| seconds >= 60) {
        let never: Vec<_> =
            KINDS.iter().filter(|kind| !moved.iter().any(|row| row.split(' ').next() == Some(kind))).collect();
        assert!(never.is_empty(), "no movement of kinds {never:?}");
    }
}
