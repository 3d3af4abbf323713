//! Threads that come by every few seconds, until they are dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often a thread looks whether to stop.
const POLL: Duration = Duration::from_millis(100);

/// What comes after a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next one, at once: there may be more to do.
    AtOnce,
    /// The next one after a pause.
    Later,
}

/// A thread that does the same thing again and again.
pub struct Worker {
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    patience: Option<Duration>,
}

impl Worker {
    /// Begins, with a pause between turns. A stop waits for the turn that goes on.
    #[must_use]
    pub fn start(pause: Duration, mut turn: impl FnMut() -> Next + Send + 'static) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = stopped.clone();
        let thread = std::thread::spawn(move || {
            while !flag.load(Ordering::Relaxed) {
                if turn() == Next::AtOnce {
                    continue;
                }
                let began = Instant::now();
                while !flag.load(Ordering::Relaxed) && began.elapsed() < pause {
                    std::thread::sleep(POLL);
                }
            }
        });
        Self { stopped, thread: Some(thread), patience: None }
    }

    /// The same; but a stop waits so long for the turn that goes on, and then leaves it alone.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else { return };
        let began = Instant::now();
        let waits = || self.patience.is_none_or(|patience| began.elapsed() < patience);
        while !thread.is_finished() && waits() {
            std::thread::sleep(POLL);
        }
        if thread.is_finished() {
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn turns_follow_one_another_until_it_is_dropped() {
        let (tell, told) = mpsc::channel();
        let worker =
            Worker::start(Duration::ZERO, move || if tell.send(()).is_ok() { Next::AtOnce } else { Next::Later });
        assert!(told.recv().is_ok() && told.recv().is_ok());
        drop(worker);
        while told.try_recv().is_ok() {}
        assert_eq!(told.recv(), Err(mpsc::RecvError), "the thread is gone, and its turn with it");
    }

    #[test]
    fn a_turn_that_never_ends_is_left_alone_after_a_while() {
        let (_kept, never) = mpsc::channel::<()>();
        let worker = Worker::start(Duration::ZERO, move || {
            assert!(never.recv().is_err(), "nothing is ever told");
            Next::Later
        });
        drop(worker.with_patience(Duration::ZERO));
    }
}
