//! The thread that keeps the record sealed and anchored while the server runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::broadcast::error::TryRecvError;

use super::RecordLog;
use crate::db::Db;
use crate::live::LiveHub;

/// Time between two passes at least, so that what is written meanwhile is signed at once.
const PAUSE: Duration = Duration::from_millis(150);
/// How often it is looked whether somebody wrote something.
const POLL: Duration = Duration::from_millis(50);
/// How long to wait for word of a write: not every write tells.
const TICK: Duration = Duration::from_millis(500);

/// Keeps the record until it is dropped.
pub struct Keeper {
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Begins.
    #[must_use]
    pub fn start(log: Arc<RecordLog>, db: Db, live: &LiveHub) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let (flag, mut heard) = (stopped.clone(), live.subscribe());
        let thread = std::thread::spawn(move || {
            while !flag.load(Ordering::Relaxed) {
                pass(&log, &db);
                std::thread::sleep(PAUSE);
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
        Self { stopped, thread: Some(thread) }
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
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the keeper of the record ended badly");
        }
    }
}
