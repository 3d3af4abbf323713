//! The server's clock. Time is handed in, never taken, so that tests can set it (R04: the client's
//! clock is never asked).

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// Now, to the microsecond that PostgreSQL keeps.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// The clock of a server.
#[must_use]
pub fn of_server() -> Arc<dyn Clock> {
    #[cfg(debug_assertions)]
    if let Some(file) = std::env::var_os("LOTLINE_CLOCK_AHEAD") {
        return Arc::new(ClockAhead(file.into()));
    }
    Arc::new(SystemClock)
}

/// A clock that is ahead by as many seconds as a file says, for stories in which days pass. There is none in a release build.
#[cfg(debug_assertions)]
struct ClockAhead(std::path::PathBuf);

#[cfg(debug_assertions)]
impl Clock for ClockAhead {
    fn now(&self) -> DateTime<Utc> {
        let ahead = std::fs::read_to_string(&self.0).ok().and_then(|text| text.trim().parse().ok());
        SystemClock.now() + chrono::TimeDelta::seconds(ahead.unwrap_or(0))
    }
}
