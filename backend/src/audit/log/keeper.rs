//! The threads that keep the record sealed and anchored while the server runs: one works with the database and the folder,
//! the other asks others over the network, which may take its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::broadcast::error::TryRecvError;

use super::RecordLog;
use crate::db::Db;
use crate::live::LiveHub;

/// Time from pass to pass at least, so that what is written meanwhile is signed at once: a pass takes from those who write.
const BEAT: Duration = Duration::from_millis(300);
/// How often it is looked whether somebody wrote something.
const POLL: Duration = Duration::from_millis(50);
/// How long to wait for word of a write: not every write tells.
const TICK: Duration = Duration::from_millis(500);

/// Keeps the record until it is dropped.
pub struct Keeper {
    stopped: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Keeper {
    /// Begins.
    #[must_use]
    pub fn start(log: Arc<RecordLog>, db: Db, live: &LiveHub) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let asking = {
            let (flag, log, db) = (stopped.clone(), log.clone(), db.clone());
            std::thread::spawn(move || ask(&log, &db, &flag))
        };
        let (flag, mut heard) = (stopped.clone(), live.subscribe());
        let sealing = std::thread::spawn(move || {
            while !flag.load(Ordering::Relaxed) {
                let began = Instant::now();
                pass(&log, &db);
                std::thread::sleep(BEAT.saturating_sub(began.elapsed()));
                let waited = Instant::now();
                while !flag.load(Ordering::Relaxed) && waited.elapsed() < TICK {
                    if !matches!(heard.try_recv(), Err(TryRecvError::Empty)) {
                        break;
                    }
                    std::thread::sleep(POLL);
                }
                while matches!(heard.try_recv(), Ok(_) | Err(TryRecvError::Lagged(_))) {}
            }
            pass(&log, &db);
            if let Err(error) = log.anchor_all(&db) {
                tracing::error!(%error, "the record was not anchored at the end");
            }
        });
        Self { stopped, threads: vec![sealing, asking] }
    }
}

/// Asks time server and places outside for what is due until it is stopped.
fn ask(log: &RecordLog, db: &Db, stopped: &AtomicBool) {
    let goes_on = || !stopped.load(Ordering::Relaxed);
    while goes_on() {
        log.check_clock_when_due(db);
        log.ask_when_due(db, &goes_on);
        let waited = Instant::now();
        while goes_on() && waited.elapsed() < TICK {
            std::thread::sleep(POLL);
        }
    }
}

fn pass(log: &RecordLog, db: &Db) {
    if let Err(error) = log.seal_all(db) {
        tracing::warn!(%error, "the record was not sealed; it is tried again");
    }
    if let Err(error) = log.anchor_when_due(db) {
        tracing::error!(%error, "the record was not anchored; it is tried again");
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("the keeper of the record ended badly");
            }
        }
    }
}
